"""A server in a thread of this process, made from the sources of a tree, and the contract's checks put to it.

Nothing is started: neither a Python nor pytest. So hundreds of servers that differ by a line can be tried in a minute.
A server that goes round and round cannot be ended so: who tries such a one does it in a process that can be.
"""
import contextlib
import functools
import importlib
import io
import itertools
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Collection, Generator, Iterable, Iterator
from dataclasses import dataclass, field
from types import CodeType, ModuleType
from typing import Any, cast

from dev.sandbox import Sources
from wsgi_contract.asgi import checks as asgi_checks
from wsgi_contract.checks import server as server_checks
from wsgi_contract.clause_marks import MarkedCheck, checks_in
from wsgi_contract.judging import state_of
from wsgi_contract.launching import Program
from wsgi_contract.raw_client import RawClient
from wsgi_contract.scoring import CRASHED, DEPARTS, KEPT
from wsgi_contract.under_test import APPLICATION, FOLDER, ServerUnderTest, Started
from wsgi_contract.watched_check import watched

LAST = "ch04_response"  # the chapter that completes the server
SECONDS = 2  # for a server to end that is told to


class KeptErrors(io.TextIOBase):
    """stderr of a server: what it prints is kept, and somebody may wait for it."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.more = threading.Condition()

    def write(self, text: str) -> int:
        """Keep a text."""
        with self.more:
            self.texts.append(text)
            self.more.notify_all()
        return len(text)


class ThreadProgram:
    """What stands for a program and its process: the thread that serves."""

    def __init__(self, serve: Callable[[socket.socket, Callable], None], handle: Callable) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=100)
        self.port = self.listener.getsockname()[1]
        self.printed = KeptErrors()
        self.is_over = False
        self.returncode: int | None = None
        self.process, self.handle = self, handle
        self.thread = threading.Thread(target=self.run, args=[serve], daemon=True)
        self.thread.start()

    @property
    def errors(self) -> list[str]:
        """What was printed."""
        return self.printed.texts

    def run(self, serve: Callable[[socket.socket, Callable], None]) -> None:
        """Serve, until it is over or something ends the server."""
        with contextlib.suppress(BaseException):
            serve(self.listener, self.handle_unless_over)
        self.returncode = 0

    def handle_unless_over(self, connection: socket.socket, client_address: tuple[str, int]) -> None:
        """Handle a client; once it is over, end the server as Ctrl-C does."""
        if not self.is_over:
            self.handle(connection, client_address)
        elif threading.current_thread() is self.thread:
            raise KeyboardInterrupt

    def wait(self, seconds: float | None = None) -> int | None:
        """Return the status of a server that has ended. Raises TimeoutExpired, as a process does."""
        self.thread.join(seconds)
        if self.thread.is_alive():
            raise subprocess.TimeoutExpired("a thread", seconds or 0)
        return self.returncode

    def wait_for(self, find: Callable[[], Any], seconds: float) -> Any:
        """Return what find() returns as soon as it is true, looked at after each text that is printed."""
        with self.printed.more:
            return self.printed.more.wait_for(find, seconds)

    def printed_so_far(self) -> str:
        """Return all that was printed."""
        return "".join(self.errors)

    def last_lines(self) -> str:
        """Return the last lines that were printed."""
        return "\n".join("".join(self.errors).splitlines()[-6:]) or "(none)"

    def end(self) -> None:
        """End the server: it is woken with a client, which it ends for."""
        self.is_over = True
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", self.port), SECONDS).close()
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join(SECONDS)


@contextlib.contextmanager
def modules_of(sources: Sources, last: str = LAST) -> Iterator[dict[str, ModuleType]]:
    """Import the chapters of a tree up to the last, and give them by their stems; they are forgotten in the end."""
    own = {stem: ModuleType(stem) for stem in sources if stem <= last}
    before = {stem: sys.modules[stem] for stem in own if stem in sys.modules}
    try:
        sys.modules.update(own)
        for stem, module in own.items():
            exec(code_of(stem, sources[stem]), vars(module))
        yield own
    finally:
        for stem in own:
            del sys.modules[stem]
        sys.modules.update(before)


@functools.lru_cache(32)
def code_of(stem: str, source: str) -> CodeType:
    """Return the code of a chapter: most trees have most chapters in common."""
    return compile(source, f"{stem}.py", "exec")


@contextlib.contextmanager
def served(sources: Sources) -> Iterator[Started]:
    """Run the server of a tree with the probe."""
    with modules_of(sources) as modules, probe() as application:
        program = ThreadProgram(modules["ch01_socket"].serve, modules[LAST].make_handle(application))
        with contextlib.redirect_stderr(program.printed):
            try:
                yield Started(cast(Program, program), program.port)  # it does what is asked of a Program
            finally:
                program.end()


@contextlib.contextmanager
def probe(application: str = APPLICATION) -> Iterator[Callable]:
    """Give a probe application, imported anew: it keeps notes."""
    module, _, name = application.partition(":")
    sys.path.insert(0, str(FOLDER))
    try:
        sys.modules.pop(module, None)
        yield getattr(importlib.import_module(module), name)
    finally:
        sys.path.remove(str(FOLDER))


# The checks.


@dataclass(frozen=True)
class CheckCall:
    """A check of a running server, with all that it is given but the client."""

    check: MarkedCheck
    function: Callable[..., None]
    params: dict[str, Any] = field(default_factory=dict)

    def outcome_on(self, server: ServerUnderTest) -> tuple[str, str]:
        """Return the state of the check on a server, and what was found.

        What the check raises beside what checks raise is let out, and so is that the server can't be started.
        """
        client, error = RawClient(server), None
        try:
            with watched(client):
                self.function(client, **self.params)
        except Exception as raised:
            error = raised
        finally:
            client.finish()
        if error and (error is server.trouble or state_of(error) == CRASHED):
            raise error
        return state_of(error), getattr(error, "fact", str(error or ""))


def cases(claims: Iterable[str] | None = None) -> list[CheckCall]:
    """Return the cases of the checks of a running server with these claims, or of all."""
    chosen = None if claims is None else set(claims)
    checks = [check for check in checks_in() if check.is_black_box and (chosen is None or check.claim in chosen)]
    return [CheckCall(check, function, params) for check in checks for function in [function_of(check)]
            for params in params_of(function)]


def function_of(check: MarkedCheck) -> Callable[..., None]:
    """Return the function of a check."""
    package = (asgi_checks if check.path.parent.parent.name == "asgi" else server_checks).__name__
    return getattr(importlib.import_module(f"{package}.{check.path.stem}"), check.name)


def params_of(function: Callable[..., None]) -> Iterator[dict[str, Any]]:
    """Yield what pytest would call a check with, beside the client, once for each call."""
    marks = [mark for mark in getattr(function, "pytestmark", []) if mark.name == "parametrize"]
    choices = [[values_of(mark.args[0], value) for value in mark.args[1]] for mark in marks]
    for chosen in itertools.product(*choices):
        yield {name: value for params in chosen for name, value in params.items()}


def values_of(names: str, given: Any) -> dict[str, Any]:
    """Return {name: value} of one entry of a parametrize mark."""
    values = getattr(given, "values", given) if not isinstance(given, dict) else given
    each = [name.strip() for name in names.split(",")]
    return dict(zip(each, values if len(each) > 1 or hasattr(given, "marks") else [values], strict=True))


def findings(sources: Sources, chosen: Iterable[CheckCall], states: Collection[str] = (DEPARTS,),
             ) -> Generator[tuple[str, str], None, None]:
    """Yield (claim, fact) of the checks that find the server of a tree in one of some states, as they are run.

    Of a check that has found something, no further case is run.
    """
    server, found = ServerUnderTest(lambda: served(sources)), set()
    try:
        for case in chosen:
            state, fact = case.outcome_on(server) if case.check.claim not in found else (KEPT, "")
            if state in states:
                found.add(case.check.claim)
                yield case.check.claim, fact
    finally:
        server.close()
