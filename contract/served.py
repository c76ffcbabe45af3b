"""The server under test: started with the probe, asked, and started anew when it has died or hangs."""
import contextlib
import os
import shlex
import socket
import subprocess
import sys
import time
from pathlib import Path

from contract.outcomes import NotInstalled
from contract.wire import SECONDS, Exchange, Witness
from workshop.checking.diagnosis import Diagnosis
from workshop.checking.plugins.outcomes import NotStarted
from workshop.checking.programs import running
from workshop.checking.serving import serving
from workshop.machine.servers import POSIX, SERVERS

APPLICATION = "probe:application"
FOLDER = Path(__file__).parent
START_SECONDS = 20  # for a command to listen
PAUSE = 0.02  # seconds between two tries to connect to a command that says nothing
STARTS = 20  # of a server that ends or hangs again and again


class Served:
    """A running server with the probe."""

    def __init__(self, start):
        self.start = start  # () -> a context manager that gives (Program, port)
        self.witness = Witness()
        self.stack = contextlib.ExitStack()
        self.program = self.port = None
        self.starts = 0
        self.trouble = None  # why it can't be started: tried once, told to every check

    def ready(self):
        """Start the server unless it runs. Raises Diagnosis, NotStarted or NotInstalled if it can't be."""
        if self.trouble:
            raise self.trouble.with_traceback(None)  # or it would grow with each check
        if self.program is None:
            try:
                self.program, self.port = self.started()
            except (Diagnosis, NotStarted, NotInstalled) as trouble:
                self.trouble = trouble
                raise
        return self

    def started(self):
        """Start the server and return its Program and its port. Raises Diagnosis, or NotStarted."""
        self.starts += 1
        if self.starts > STARTS:
            raise Diagnosis(f"the server had to be started {STARTS} times", why="It ends or hangs too often.")
        return self.stack.enter_context(self.start())

    def begin(self):
        """Return a new Exchange with the server."""
        return Exchange(self.port, self.witness)

    def has_ended(self, seconds=0):
        """Tell whether the server's process is gone, or goes within some seconds."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self.program is not None and self.program.process.wait(seconds) is not None
        return False

    def has_logged(self, text):
        """Tell whether a text is in what the server has printed, or comes there soon."""
        program = self.program
        return program.wait_for(lambda: text in "".join([*program.output, *program.errors]), SECONDS)

    def end(self):
        """End the server; the next check starts it anew."""
        self.witness.forget()
        self.program = None
        self.stack.close()

    def close(self):
        self.end()
        self.witness.close()


@contextlib.contextmanager
def known(name, tree):
    """Run a server of the table with the probe, and give (Program, port). Raises NotInstalled."""
    server = SERVERS[name]
    if not server.is_installed:
        raise NotInstalled(f"{server.title} is not installed: python3 -m pip install {server.package}")
    with serving(name, APPLICATION, tree, path=[str(FOLDER)]) as program:
        yield program, program.port()


@contextlib.contextmanager
def commanded(command, cwd):
    """Run a command, in which {port}, {app} and {file} are filled in, and give (Program, port)."""
    port = free_port()
    values = {"port": port, "app": APPLICATION, "file": FOLDER / "probe.py"}
    words = [filled_in(word, **values) for word in shlex.split(command, posix=POSIX)]
    path = os.pathsep.join(filter(None, [str(FOLDER), os.environ.get("PYTHONPATH")]))
    with contextlib.ExitStack() as stack:
        try:
            program = stack.enter_context(running(words, cwd=cwd, PYTHONPATH=path))
        except OSError as error:
            raise Diagnosis(f"the command can't be started: {error}", called=shlex.join(words),
                            why="It is run without a shell, in the folder that you are in.")
        wait_until_it_listens(program, port)
        yield program, port


def filled_in(word, **values):
    """Return a word of a command with {name} replaced by its value; other braces stay."""
    for name, value in values.items():
        word = word.replace(f"{{{name}}}", str(value))
    return word


def free_port():
    """Return a port of 127.0.0.1 that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def wait_until_it_listens(program, port):
    """Return when the port can be connected to. Raises Diagnosis if the program ends, or does not listen."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), SECONDS).close()
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            program.process.wait(PAUSE)
            break
    raise Diagnosis(f"the command does not listen on port {port}", called=shlex.join(program.command),
                    output=program.last_lines(), why="{port} in the command stands for the port to listen on.")


EARLIER = """
from ch01_socket import refuse_unwritten, run
from ch03_environ import make_handle
refuse_unwritten(make_handle)
from probe import application
run(make_handle(application), ("127.0.0.1", 0))
"""  # the server of chapter 3


@contextlib.contextmanager
def yours(tree, run):
    """Run the learner's server: chapter 4's, or chapter 3's as long as a step of chapter 4 is missing."""
    try:
        with known("yours", tree) as started:
            yield started
            return
    except NotStarted as error:
        missing = error
    path = os.pathsep.join([str(FOLDER), str(tree)])
    with running([sys.executable, "-c", EARLIER], PYTHONPATH=path) as program:
        port = program.port()
        run.note = f"This is your server of chapter 3. Not started in chapter 4: {missing}"
        yield program, port
