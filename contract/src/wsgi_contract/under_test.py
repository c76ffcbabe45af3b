"""The server under test: started with the probe, asked, and started anew after it has ended or hangs."""
import contextlib
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from wsgi_contract.launching import Program, environment
from wsgi_contract.problem import Diagnosis, NotInstalled, NotOffered, NotWritten
from wsgi_contract.real_servers import ServerProgram
from wsgi_contract.report_lines import LOOPBACK, ReportListener
from wsgi_contract.shell_words import as_command
from wsgi_contract.smoke_test import try_it_out
from wsgi_contract.time_limits import LIMITS
from wsgi_contract.wire import Exchange

APPLICATION = "wsgi_probe:application"
FOLDER = Path(__file__).parent / "probe"  # that it is in
PROBE_FILE = FOLDER / "wsgi_probe.py"
Found = TypeVar("Found")
STARTS = 60  # of a server that ends or hangs again and again


@dataclass(frozen=True)
class Started:
    """A server that has been started, or was running already: then there is no program."""

    program: Program | None
    port: int
    note: str | None = None  # a sentence for the end of the run: that it is another one than was asked for, and why
    host: str = LOOPBACK

    @property
    def authority(self) -> str:
        """Host and port, as a URL and the Host field have them: an address of IPv6 in brackets."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True)
class OwnServer:
    """A server that a plugin adds: how it is called in a sentence, and how it is started.

    start(application, folder) returns a context manager that runs the server with an application, MODULE:APP, which is
    found in a folder, and gives a Started. It raises Diagnosis if the server can't be started, and NotWritten if that
    is no wonder.
    """

    title: str
    start: Callable[[str, Path], AbstractContextManager[Started]]


class ServerUnderTest:
    """A running server with the probe."""

    def __init__(self, start: Callable[[], AbstractContextManager[Started]]) -> None:
        self.start = start
        self.start_mounted: Callable[[], AbstractContextManager[Started]] | None = None  # below a path, where known
        self.reports = ReportListener()
        self.stack = contextlib.ExitStack()
        self.running: Started | None = None
        self.note: str | None = None  # of the last start
        self.starts = 0
        self.silences = 0  # checks in which it has left a client waiting
        self.facts: dict[str, Any] = {}  # what was tried of it and is remembered, by name
        self.trouble: Exception | None = None  # why it can't be started: tried once, raised in every check

    def make_ready(self) -> None:
        """Start the server unless it runs, and see that it serves the probe at all.

        Raises Diagnosis, NotWritten or NotInstalled if it can't be, the same each time.
        """
        if self.trouble:
            raise self.trouble.with_traceback(None)  # or it would grow with each check
        if self.has_ended():
            self.end()
        if self.running is None:
            try:
                self.running = self.started()
                self.note = self.running.note
                try_it_out(self)
            except (Diagnosis, NotWritten, NotInstalled) as trouble:
                self.trouble = trouble
                raise

    def started(self) -> Started:
        """Start the server. Raises what make_ready raises."""
        self.starts += 1
        if self.starts > STARTS:
            raise Diagnosis(f"the server had to be started {STARTS} times", why="It ends or hangs too often.")
        return self.stack.enter_context(self.start())

    @property
    def place(self) -> Started:
        """The server that runs."""
        assert self.running, "the server is not started"
        return self.running

    @property
    def port(self) -> int:
        """The port on which the server listens."""
        return self.place.port

    def begin(self) -> Exchange:
        """Return a new Exchange with the server."""
        return Exchange((self.place.host, self.port), self.reports, self.patience)

    @property
    def patience(self) -> float:
        """How long to wait for an answer, in seconds: half as long each time that none has come."""
        return max(LIMITS.wait / 2 ** self.silences, LIMITS.pause)

    def has_ended(self, seconds: float = 0) -> bool:
        """Tell whether the server's process is gone, or goes within some seconds."""
        if self.running is None or self.running.program is None:
            return False
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self.running.program.process.wait(seconds) is not None
        return False

    def has_logged(self, text: str) -> bool:
        """Tell whether a text is in what the server has printed, or comes there soon. Raises NotOffered."""
        program = self.place.program
        if program is None:
            raise NotOffered("nobody can see the log of a server that ran already")
        return program.wait_for(lambda: text in program.printed_so_far(), LIMITS.wait)

    def remembered(self, name: str, look: Callable[[], Found]) -> Found:
        """Return what look() has returned when it was first asked for by a name."""
        if name not in self.facts:
            self.facts[name] = look()
        return self.facts[name]

    def end(self) -> None:
        """End the server; the next check starts it anew."""
        self.reports.forget()
        self.running = None
        self.stack.close()

    def close(self) -> None:
        """End the server for good."""
        self.end()
        self.reports.close()


@contextlib.contextmanager
def installed(server: ServerProgram, application: str = APPLICATION) -> Iterator[Started]:
    """Run a real server with a probe. Raises NotInstalled."""
    if not server.is_installed:
        raise NotInstalled(f"{server.title} is not installed: python3 -m pip install {' '.join(server.packages)}")
    command = [sys.executable, *server.words(application, FOLDER)]
    with Program(command, FOLDER, environment(PYTHONPATH=path_with_probe())) as program:
        yield Started(program, program.port())


@contextlib.contextmanager
def commanded(command: Sequence[str], cwd: Path, application: str = APPLICATION) -> Iterator[Started]:
    """Run the words of a command, in which {port}, {app} and {file} are filled in, with a probe."""
    port = free_port()
    file = FOLDER / f"{application.partition(':')[0]}.py"
    values = {"port": str(port), "app": application, "file": str(file)}
    words = [filled_in(word, values) for word in command]
    with contextlib.ExitStack() as stack:
        try:
            program = stack.enter_context(Program(words, cwd, environment(PYTHONPATH=path_with_probe())))
        except OSError as error:
            raise Diagnosis(f"the command can't be started: {error}", called=as_command(words),
                            why="It is run without a shell, in the folder that you are in.")
        yield Started(program, port)


@contextlib.contextmanager
def listening(host: str, port: int) -> Iterator[Started]:
    """Give a server that runs already."""
    yield Started(None, port, host=host)


def path_with_probe() -> str:
    """Return a PYTHONPATH on which the probe is found."""
    return os.pathsep.join(filter(None, [str(FOLDER), os.environ.get("PYTHONPATH")]))


def filled_in(word: str, values: dict[str, str]) -> str:
    """Return a word of a command with {name} replaced by its value; other braces stay."""
    for name, value in values.items():
        word = word.replace(f"{{{name}}}", value)
    return word


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on."""
    with socket.create_server((LOOPBACK, 0)) as listener:
        return listener.getsockname()[1]
