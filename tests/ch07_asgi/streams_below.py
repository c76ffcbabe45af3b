"""What the checks of Streams and Exchange share: connections that note what is done with them, and exchanges."""
import asyncio
import inspect
import time

import pytest

from tests.ch07_asgi.loops import Reader, Writer, finished
from workshop.checking.diagnosis import NOTHING_OUT, Diagnosis
from workshop.checking.endless_loops import report_trouble
from workshop.checking.transport import afresh
from workshop.checking.tree import LearnersChapter, calls, deepest_place

ch02 = LearnersChapter("ch02_request")
ch07 = LearnersChapter("ch07_asgi")
DISCONNECT = {"type": "http.disconnect"}
START = {"type": "http.response.start", "status": 200, "headers": []}
END = {"type": "http.response.body", "body": b"all"}
PATIENCE = 20  # reads after the end, or pauses without an end, after which it counts as endless


class NotedReader(Reader):
    """A Reader that notes each read in events, those of the Writer beside it."""

    def __init__(self, events, *blocks, ends=True):
        super().__init__(*blocks, ends=ends)
        self.events = events
        self.over = 0  # reads after the end
        self.waiting = False  # whether somebody reads

    async def read(self, size=-1):
        if self.waiting:
            raise RuntimeError("read() called while another coroutine is already waiting for incoming data")
        self.waiting = True
        try:
            return await self.noted_read(size)
        finally:
            self.waiting = False

    async def noted_read(self, size):
        self.events.append("read")
        self.over += self.ends and not self.blocks
        if self.over > PATIENCE:
            report_trouble(Diagnosis("the client has hung up, and is read from again and again",
                                     came_back=f"read has given b'' {PATIENCE} times", expected="one b'' is enough",
                                     why="b'' says that the client has hung up: nothing will come any more."))
        if size >= 0:
            return await super().read(size)
        blocks = []
        while block := await super().read(size):
            blocks.append(block)
        return b"".join(blocks)


class NotedWriter(Writer):
    """A Writer that notes when it was closed. fails maps names of its methods to what they raise."""

    def __init__(self, drains=0, fails=None):
        super().__init__(drains)
        self.closed_at = None  # seconds of the loop's clock
        self.fails = fails or {}

    def write_eof(self):
        super().write_eof()
        self.fail("write_eof")

    def close(self):
        super().close()
        self.closed_at = seconds_passed()

    async def wait_closed(self):
        self.fail("wait_closed")
        await super().wait_closed()

    def fail(self, name):
        if name in self.fails:
            raise afresh(self.fails[name])


def wire_to(*blocks, ends=True, drains=0, fails=None, received=b""):
    """Return a Streams to a client that sends blocks (see Reader); received came before them."""
    writer = NotedWriter(drains, fails)
    streams = ch07.Streams(NotedReader(writer.events, *blocks, ends=ends), writer)
    streams.received += received
    return streams


def request(length=None, *fields):
    """Return a Request for a body of so many bytes, or for none."""
    sized = [] if length is None else [("content-length", str(length))]
    return ch02.Request("GET" if length is None else "POST", "/", "HTTP/1.1", [("host", "a"), *sized, *fields], b"/",
                        "")


def exchange_over(streams, length=None, *fields):
    """Return an Exchange for a request whose body, of so many bytes, comes over a Streams.

    The body is not taken with chapter 6: a mistake there must not show here.
    """
    exchange = ch07.Exchange(streams, request(length, *fields), True)
    exchange.taking = moving(streams.received, length or 0, exchange.part)
    return exchange


def moving(received, count, file):
    """Move count bytes from the front of received to a file, and pause while some are missing."""
    while True:
        moved = file.write(bytes(received[:count]))
        del received[:moved]
        count -= moved
        if not count:
            return
        yield


def once_each(events):
    """Return events without those that are as the one before."""
    return [event for event, before in zip(events, [None, *events], strict=False) if event != before]


def state_of(exchange):
    """Return in words whether an Exchange is disconnected."""
    parts = {"self.gone": exchange.gone, "self.ended is set": exchange.ended.is_set(),
             "self.taking is None": exchange.taking is None}
    return ", ".join(f"{name}: {value}" for name, value in parts.items())


DISCONNECTED = "self.gone: True, self.ended is set: True, self.taking is None: True"


def each_of_streams(*kinds):
    """Return the mark that runs a check once for each of some classes of exceptions (see each_family), as kind."""
    return pytest.mark.parametrize("kind", kinds, ids=[kind.__name__ for kind in kinds])


def seconds_passed():
    """Return how many seconds of the loop's clock have passed since `run` began."""
    return round(asyncio.get_running_loop().time() - 1_000, 6)


def let_pass(seconds):
    """Have seconds of the loop's clock pass at once, as they do where a call takes so long."""
    asyncio.get_running_loop().jumping.now += seconds


async def awaited(coroutine, called):
    """Await what a call of the learner's gives; called is the call, as a text, for the diagnosis."""
    calls.append(called)
    if not inspect.iscoroutine(coroutine):
        raise Diagnosis(f"{called.partition('(')[0]} gives no coroutine", came_back=repr(coroutine),
                        expected="a coroutine, which `async def` makes",
                        why="Whoever calls it awaits what it returns: begin its definition with `async def`.")
    try:
        result = await coroutine
    except RuntimeError as error:
        if not isinstance(error.__cause__, StopIteration):
            raise
        raise Diagnosis("StopIteration comes out of the coroutine", came_out=f"RuntimeError: {error}",
                        place=deepest_place(error.__cause__.__traceback__),
                        why="StopIteration ends coroutines too, so Python makes a RuntimeError of one that comes out "
                            "of them: catch it where next raises it.") from None
    if inspect.iscoroutine(result):
        name = result.__qualname__
        result.close()
        raise Diagnosis(f"coroutine '{name}' was never awaited", came_back="the coroutine itself",
                        expected="`await` before its call",
                        why="Calling a coroutine runs nothing of it: `await` does, and gives what it returns.")
    return result


def run(coroutine, called=""):
    """Return what a coroutine returns, or let out what it raises; time.sleep is refused meanwhile (see finished)."""
    if called:
        calls.append(called)
    kept, time.sleep = time.sleep, blocks_all
    try:
        return finished(coroutine, called=called)
    finally:
        time.sleep = kept


def blocks_all(seconds):
    """Tell the learner what time.sleep does to the others."""
    report_trouble(Diagnosis("time.sleep is called in a coroutine", came_back=f"time.sleep({seconds!r})",
                             expected="`await` where something is waited for",
                             why="All clients share one thread: while it sleeps, it serves none of them."))


async def begun(coroutine):
    """Return a task for a coroutine that has come to where it waits, or to its end."""
    task = asyncio.ensure_future(coroutine)
    await asyncio.sleep(0.001)
    return task


async def cancelled(coroutine):
    """Cancel a coroutine of the learner's where it waits; return what it returns then, or let out what it raises."""
    task = await begun(coroutine)
    if task.done():
        return await task
    task.cancel()
    return await task


def expect_cancelled(coroutine, problem, why, **rows):
    """Fail with problem unless asyncio.CancelledError comes out of a coroutine, such as `cancelled` is."""
    came_out = NOTHING_OUT
    try:
        run(coroutine)
    except asyncio.CancelledError:
        return
    except (NotImplementedError, Diagnosis):
        raise
    except BaseException as error:
        came_out = repr(error)
    raise Diagnosis(problem, **rows, came_out=came_out, expected="CancelledError comes out", why=why)


def noting(events, name, error=None, *, waits=0):
    """Return a coroutine function that puts (name, *arguments) into events, waits, and raises error if there is one."""
    async def coroutine(*arguments, **named):
        events.append((name, *arguments, *named.values()))
        if waits:
            await asyncio.sleep(waits)
        if error:
            raise afresh(error)

    coroutine.__qualname__ = name
    return coroutine


def working(events, name, error=None):
    """As noting, a function that is no coroutine function."""
    def function(*arguments, **named):
        events.append((name, *arguments, *named.values()))
        if error:
            raise afresh(error)

    return function


async def raised_in(coroutine):
    """Return what a coroutine of the learner's raises, but for Diagnosis and what is not written; None if it returns.
    """
    try:
        await coroutine
    except (NotImplementedError, Diagnosis):
        raise
    except Exception as error:
        return error
    return None
