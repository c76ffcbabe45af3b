"""The server of chapter 7 in a thread of this process, made from the sources of a tree, for the checks of ASGI."""
import asyncio
import contextlib
import io
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, cast

from dev.sandbox import Sources
from dev.thread_server import CheckCall, ThreadProgram, function_of, modules_of, params_of, probe
from wsgi_contract.asgi import checks as asgi_checks
from wsgi_contract.asgi.asgi_run import AsgiRun
from wsgi_contract.clause_marks import checks_of
from wsgi_contract.launching import Program
from wsgi_contract.scoring import DEPARTS
from wsgi_contract.under_test import ServerUnderTest, Started

CHAPTER = "ch07_asgi"
SECONDS = 2  # for a server to end that is told to


class AsgiThreadProgram(ThreadProgram):
    """What stands for a program and its process: the thread in which the loop runs."""

    def __init__(self, chapter: ModuleType, app: Callable) -> None:
        self.chapter = chapter
        self.loop: asyncio.AbstractEventLoop | None = None
        super().__init__(self.serve, app)

    def serve(self, listener: Any, _: Any) -> None:
        """Serve until the end, and print what serve_asgi prints of a failure."""
        try:
            asyncio.run(self.until_stopped(listener))
        except self.chapter.LifespanFailed as error:
            self.printed.write(f"the application says that it failed: {error}\n")

    async def until_stopped(self, listener: Any) -> None:
        """Run the server of the chapter, as a task that can be cancelled."""
        self.loop, self.stop = asyncio.get_running_loop(), asyncio.Event()
        self.loop.set_exception_handler(lambda loop, context: None)
        self.task = asyncio.current_task()
        await self.chapter.AsyncServer(self.handle).run(listener, self.stop)

    def call(self, function: Callable[[], object]) -> None:
        """Have a function called in the loop, if that still runs."""
        if self.loop:
            with contextlib.suppress(RuntimeError):
                self.loop.call_soon_threadsafe(function)

    def shown(self) -> str:
        """Return what it is called."""
        return "a thread"

    def send_signal(self, number: int) -> None:
        """Stop the server, as SIGTERM does."""
        self.call(self.stop.set)

    def end(self) -> None:
        """End the server at once."""
        if self.thread.is_alive():
            self.call(lambda: self.task and self.task.cancel())
            self.thread.join(SECONDS)


@contextlib.contextmanager
def served(sources: Sources) -> Iterator[Started]:
    """Run the server of a tree with the probe."""
    with modules_of(sources, CHAPTER) as modules, probe(AsgiRun.application) as application:
        program = AsgiThreadProgram(modules[CHAPTER], application)
        with contextlib.redirect_stderr(cast(io.TextIOBase, program.printed)):
            try:
                yield Started(cast(Program, program), program.port)  # it does what is asked of a Program
            finally:
                program.end()


def asgi_cases() -> list[tuple[str, CheckCall]]:
    """Return the checks of ASGI with their inputs, and what they are called: the claim, and the input behind it."""
    paths = Path(asgi_checks.__file__).parent.glob("test_*.py")
    return [(" ".join([check.claim, *map(str, params.values())]), CheckCall(check, function, params))
            for path in sorted(paths) for check in checks_of(path) for function in [function_of(check)]
            for params in params_of(function)]


def departures(sources: Sources, names: Iterable[str] | None = None, mounted: Sources | None = None,
               ) -> dict[str, str]:
    """Return {name of a check: fact} of the checks that find a departure in the server of a tree.

    mounted has the sources of the same server, mounted at MOUNT.
    """
    server, chosen = ServerUnderTest(lambda: served(sources)), None if names is None else set(names)
    if mounted:
        server.start_mounted = lambda: served(mounted)
    try:
        found = {name: case.outcome_on(server) for name, case in asgi_cases() if chosen is None or name in chosen}
    finally:
        server.close()
    return {name: fact for name, (state, fact) in found.items() if state == DEPARTS}
