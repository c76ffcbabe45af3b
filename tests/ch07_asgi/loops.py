"""What the checks of this chapter run coroutines with: an event loop whose clock jumps, and a connection in memory.

Nothing waits in it: where all coroutines wait for a moment, that moment has come; where they wait for what nobody will
ever do, a Diagnosis says so.
"""
import asyncio
import contextlib
import gc
import inspect
import selectors
import time
import warnings
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from workshop.checking.diagnosis import Diagnosis
from workshop.checking.transport import afresh
from workshop.checking.tree import chapter_folders, deepest_place, is_learners, load, place

SERVER, CLIENT = ("127.0.0.1", 8_000), ("127.0.0.1", 50_000)
ROUNDS = 10_000  # of the loop, after which it counts as endless


class Stuck(BaseException):
    """All coroutines wait, and nothing will ever wake one."""


class Jumping(selectors.SelectSelector):
    """A selector that does not wait: the clock jumps to the moment until which it would have."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 1_000.0  # seconds
        self.rounds = 0

    def select(self, timeout: float | None = None) -> list:
        self.rounds += 1
        if self.rounds > ROUNDS:
            raise Stuck("it goes round and round")
        if found := super().select(0):
            return found
        if timeout is None:
            raise Stuck("nothing will ever wake it")
        self.now += max(timeout, 0)
        return []


class JumpingLoop(asyncio.SelectorEventLoop):
    """An event loop in whose time nothing takes any, but what is waited for."""

    def __init__(self) -> None:
        self.jumping = Jumping()
        super().__init__(self.jumping)
        self._clock_resolution = 1e-9  # before Python 3.13 Windows has 16 ms: who is due within them is early

    def time(self) -> float:
        return self.jumping.now


def finished(coroutine: Any, *, called: str = "") -> Any:
    """Return what a coroutine of the learner's returns, or let out what it raises. called is its call, as a text.

    time.monotonic is the loop's clock meanwhile. Raises Diagnosis if it is no coroutine, if it waits for what never
    comes, and if a coroutine was called and never awaited.
    """
    if not inspect.iscoroutine(coroutine):
        raise Diagnosis(f"{called or 'the call'} gives no coroutine", came_back=repr(coroutine),
                        expected="a coroutine, which `async def` makes",
                        why="Whoever calls it awaits what it returns: begin its definition with `async def`.")
    loop, endless = JumpingLoop(), None
    with warnings.catch_warnings(record=True) as told, clock_of(loop):
        warnings.simplefilter("always", RuntimeWarning)
        try:
            came_back = loop.run_until_complete(coroutine)
        except Stuck as stuck:
            endless = Diagnosis(f"{called or 'your coroutine'} never ends: {stuck}", place=waiting_at(coroutine),
                                why="It awaits what nobody will do any more, or goes on without an end. Look at what "
                                    "each `await` waits for, and who is to bring it.")
        finally:
            end(loop)
        gc.collect(0)
    expect_awaited(told)
    if endless:
        raise endless
    return came_back


@contextlib.contextmanager
def clock_of(loop: JumpingLoop) -> Iterator[None]:
    """Have time.monotonic give the time of loop in the with statement, however the learner's file imports it."""
    with pytest.MonkeyPatch.context() as patch:
        learners = load("ch07_asgi")
        for name, value in list(vars(learners).items()):
            if value is time.monotonic:
                patch.setattr(learners, name, loop.time)
        patch.setattr(time, "monotonic", loop.time)
        yield


def end(loop: JumpingLoop) -> None:
    """End what still runs in a loop, and close it."""
    loop.jumping.rounds = 0
    with contextlib.suppress(BaseException):
        left = asyncio.all_tasks(loop)
        for task in left:
            task.cancel()
        if left:
            loop.run_until_complete(asyncio.wait(left, timeout=1))
    loop.close()


def expect_awaited(told: Sequence[warnings.WarningMessage]) -> None:
    """Fail if a warning says that a coroutine was never awaited."""
    for warning in told:
        if "was never awaited" in str(warning.message):
            raise Diagnosis(str(warning.message), expected="`await` before its call",
                            why="Calling a coroutine runs nothing of it: `await` does, or a task.")


def expect_event_waited(error: TypeError) -> None:
    """Raise a Diagnosis if error says that an Event was awaited itself."""
    if "Event" in str(error) and "await" in str(error):
        raise Diagnosis("an asyncio.Event is awaited itself", came_out=f"TypeError: {error}",
                        place=deepest_place(error.__traceback__), expected="`await` of its wait(): `.wait()` behind it",
                        why="An Event is no coroutine: its method wait() makes one, which ends when the Event is "
                            "set.") from None


def waiting_at(coroutine: Any) -> str | None:
    """Return the line of the learner's at which a coroutine waits, the outermost one; None where that is not known."""
    while frame := getattr(coroutine, "cr_frame", None):
        if is_learners(frame.f_code.co_filename, chapter_folders()):
            return place(frame.f_code.co_filename, frame.f_lineno)
        coroutine = coroutine.cr_await
    return None


class Reader:
    """What a client sends, as an asyncio.StreamReader gives it: blocks, exceptions, seconds, and then the end.

    A number among blocks stands for so many seconds in which nothing comes. With ends=False the client stays in the
    end, and says nothing more.
    """

    def __init__(self, *blocks: bytes | BaseException | float, ends: bool = True) -> None:
        self.blocks = list(blocks)
        self.ends = ends
        self.asked: list[int] = []  # sizes that read was asked for

    async def read(self, size: int = -1) -> bytes:
        self.asked.append(size)
        while self.blocks and isinstance(self.blocks[0], (int, float)):
            await asyncio.sleep(self.blocks.pop(0))
        if not self.blocks:
            if not self.ends:
                await asyncio.get_running_loop().create_future()
            return b""
        block = self.blocks.pop(0)
        if isinstance(block, BaseException):
            raise afresh(block)
        if 0 <= size < len(block):
            self.blocks.insert(0, block[size:])
            block = block[:size]
        return block


class Writer:
    """What is sent to a client, as an asyncio.StreamWriter takes it.

    drains    what drain does: an exception that it raises, a number of seconds that it takes
    """

    def __init__(self, drains: BaseException | float = 0) -> None:
        self.sent = b""
        self.events: list[str] = []  # "write", "drain", "write_eof", "close", "abort"
        self.drains = drains
        self.lost: asyncio.Future | None = None
        self.transport = self

    def write(self, data: bytes) -> None:
        self.events.append("write")
        self.sent += bytes(data)

    async def drain(self) -> None:
        self.events.append("drain")
        if isinstance(self.drains, BaseException):
            raise afresh(self.drains)
        if self.drains:
            await asyncio.sleep(self.drains)

    def can_write_eof(self) -> bool:
        return True

    def write_eof(self) -> None:
        self.events.append("write_eof")

    def close(self) -> None:
        self.events.append("close")
        self.lose()

    def abort(self) -> None:
        self.events.append("abort")
        self.lose()

    def get_write_buffer_size(self) -> int:
        return 0

    def is_closing(self) -> bool:
        return "close" in self.events or "abort" in self.events

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return {"sockname": SERVER, "peername": CLIENT}.get(name, default)

    def lose(self) -> None:
        """End the connection, as it ends where the client has gone."""
        if self.lost is not None and not self.lost.done():
            self.lost.set_result(None)

    async def wait_closed(self) -> None:
        if self.is_closing():
            return
        self.lost = self.lost or asyncio.get_running_loop().create_future()
        await asyncio.shield(self.lost)
