"""An application to stand below a middleware: it answers with blocks of your choice, and notes what is done to it."""
import contextlib
from collections.abc import Callable, Iterator
from typing import Any

from wsgi_contract.observer import Middleware, ObservedCall, WSGIApplication, environ

HEADERS = (("Content-Type", "text/plain; charset=utf-8"),)
BLOCKS = (b"one $\n", b"two $\n", b"", b"three $\n", b"four $\n")


class Below:
    """An application that answers with blocks; those that are exceptions it raises. It notes how it is called."""

    def __init__(self, *blocks: bytes | BaseException, late: bool = False, writes: tuple[bytes, ...] = (),
                 has_close: bool = True, headers: tuple[tuple[str, str], ...] = HEADERS) -> None:
        self.blocks, self.late, self.writes, self.headers = blocks or BLOCKS, late, writes, list(headers)
        self.has_close = has_close
        self.arguments: tuple[Any, ...] = ()  # of the call
        self.named: dict[str, Any] = {}
        self.write: Any = None  # what start_response returned
        self.bodies: list[NotedBlocks] = []  # one for each call

    def __call__(self, *arguments: Any, **named: Any) -> "NotedBlocks":
        self.arguments, self.named = arguments, named
        _, start_response = arguments
        self.started: Callable[[], Any] = lambda: start_response("200 OK", list(self.headers))
        if not self.late:
            self.write = self.started()
        for block in self.writes:
            self.write(block)
        self.bodies.append((NotedBlocksWithClose if self.has_close else NotedBlocks)(self))
        return self.bodies[-1]

    @property
    def body(self) -> "NotedBlocks":
        """What the last call returned; where there was none, an iterable of which nothing is asked."""
        return self.bodies[-1] if self.bodies else NotedBlocks(self)


class NotedBlocks:
    """The iterable of an application below. Its iterator is another object, whose close() is nobody's business."""

    def __init__(self, app: Below) -> None:
        self.app, self.given, self.closed = app, 0, 0

    def __iter__(self) -> Iterator[bytes]:
        if self.app.late:
            self.app.write = self.app.started()
        for block in self.app.blocks:
            self.given += 1
            if isinstance(block, BaseException):
                raise block
            yield block


class NotedBlocksWithClose(NotedBlocks):
    """One with close(), which counts."""

    def close(self) -> None:
        """Count the call."""
        self.closed += 1


def called(middleware: Middleware, app: WSGIApplication, **variables: str) -> ObservedCall:
    """Return the call of middleware (a Subject's make) around app, begun and not yet iterated."""
    return ObservedCall(middleware(app), environ("/", b"", **variables)).begin()


@contextlib.contextmanager
def closing(call: ObservedCall) -> Iterator[ObservedCall]:
    """Close what a call returned when the block ends."""
    try:
        yield call
    finally:
        call.close()
