"""A hostile transport: stands in for sockets wherever bytes are enough. No ports, no waiting, the same every time.

A Connection delivers its bytes as awkwardly as a network may, and takes as few as a socket may. What a socket would
answer with an endless wait or an endless loop, it answers with a diagnosis.
"""
from __future__ import annotations

import errno
import re
import socket
from collections.abc import Callable, Collection, Sequence
from typing import Any

from workshop.checking.diagnosis import Diagnosis
from workshop.checking.endless_loops import report_trouble

PATIENCE = 20  # calls after the end that are allowed before they count as an endless loop

DELIVERIES: dict[str, Callable[[bytes], list[bytes]]] = {
    "whole": lambda data: [data],
    "one byte at a time": lambda data: [data[i:i + 1] for i in range(len(data))],
    "split inside each CRLF": lambda data: re.split(rb"(?<=\r)(?=\n)", data),
    "the body later": lambda data: [part for part in re.split(rb"(?<=\r\n\r\n)", data, maxsplit=1) if part],
    "the last byte later": lambda data: [data[:-1], data[-1:]],
}  # name -> the blocks in which data arrives, one for each recv


def afresh(error: Any) -> Any:
    """Return an exception, or its class, as it is to be raised: without the places where it was raised before.

    Many checks share one exception, and its traceback would lead to code that an earlier one has run.
    """
    return error.with_traceback(None) if isinstance(error, BaseException) else error


OF_SOCKETS = frozenset(name for name in dir(socket.socket) if not name.startswith("_"))


class Narrow:
    """What comes before a stand-in in the bases of a class: of what a socket has, learners may use some names alone.

    allowed    these names
    refuse     called with another name that is used, or with "`with`"; it reports it
    """

    allowed: Collection[str] = ()
    refuse: Callable[[str], None]

    def __getattribute__(self, name: str) -> Any:
        if name in OF_SOCKETS and name not in type(self).allowed:
            type(self).refuse(name)
        return super().__getattribute__(name)

    def __enter__(self) -> None:
        type(self).refuse("`with`")


class Connection:
    """The server's end of a connection to a client that sends some blocks and then hangs up.

    blocks    what recv gives: bytes, or an exception to raise; or bytes alone, which arrive as delivery says
    takes     how many bytes `send` accepts at a time
    breaks    how many bytes are accepted in all before the client is gone (None: any number)
    fails     what sending raises (None: nothing)
    """

    def __init__(self, blocks: bytes | Sequence[bytes | BaseException] = (), *, delivery: str = "whole", takes: int = 3,
                 breaks: int | None = None, fails: BaseException | None = None) -> None:
        self.blocks: list[bytes | BaseException] = []
        self.blocks += DELIVERIES[delivery](blocks) if isinstance(blocks, bytes) else list(blocks)
        self.script = f"{blocks!r} ({delivery})" if isinstance(blocks, bytes) else ", then ".join(map(repr, blocks))
        self.script = self.script if blocks else ""
        self.takes = takes
        self.breaks = breaks
        self.fails = fails
        self.sent = b""
        self.events: list[tuple[Any, ...]] = []  # ("recv", size), ("send", bytes), ("shutdown",), ("close",) in order
        self.closed = False
        self.timeout: float | None = None
        self.after_end = 0

    def __repr__(self) -> str:
        return f"<a client that sends {self.script or 'nothing'}>"

    # Receiving.

    def recv(self, size: int, flags: int = 0, /) -> bytes:
        self.must_be_open("recv")
        self.events.append(("recv", size))
        if not isinstance(size, int) or size < 1:
            raise ValueError(f"recv takes the largest number of bytes you want, not {size!r}")
        if not self.blocks:
            return self.end_of_file()
        block = self.blocks.pop(0)
        if isinstance(block, BaseException):
            raise afresh(block)
        if len(block) > size:
            self.blocks.insert(0, block[size:])
        return block[:size]

    def recv_into(self, buffer: Any, size: int = 0, flags: int = 0) -> int:
        block = self.recv(size or len(buffer))
        buffer[:len(block)] = block
        return len(block)

    def end_of_file(self) -> bytes:
        """Return b"", as a socket does for ever once the client has hung up, but not for ever."""
        self.after_end += 1
        if self.after_end > PATIENCE:
            report_trouble(Diagnosis(
                f"recv was called {self.after_end} times after it had returned b''", sent=self.script or "nothing",
                why="b'' means that the client has hung up and nothing more will come: a loop that does not look at "
                    "it never ends, and nobody else is served."))
        return b""

    # Sending.

    def send(self, data: bytes, flags: int = 0, /) -> int:
        return self.accept(bytes(memoryview(data)[:self.takes]))

    def sendall(self, data: bytes, flags: int = 0, /) -> None:
        self.accept(bytes(memoryview(data)))

    def accept(self, data: bytes) -> int:
        """Take data as sent; raise BrokenPipeError where the client is gone."""
        self.must_be_open("send")
        if self.fails:
            raise afresh(self.fails)
        room = len(data) if self.breaks is None else max(self.breaks - len(self.sent), 0)
        self.sent += data[:room]
        self.events.append(("send", data[:room]))
        if room < len(data):
            raise BrokenPipeError(errno.EPIPE, "Broken pipe")
        return len(data)

    # All else.

    def must_be_open(self, what: str) -> None:
        if self.closed:
            raise OSError(errno.EBADF, f"{what} on a connection that is closed")

    def shutdown(self, how: int) -> None:
        self.must_be_open("shutdown")
        self.events.append(("shutdown",))

    def close(self) -> None:
        if not self.closed:
            self.events.append(("close",))
        self.closed = True

    def settimeout(self, seconds: float | None, /) -> None:
        self.timeout = seconds

    def gettimeout(self) -> float | None:
        return self.timeout

    def setblocking(self, blocking: bool) -> None:
        self.timeout = None if blocking else 0.0

    def getsockname(self) -> tuple[str, int]:
        return ("127.0.0.1", 8000)

    def getpeername(self) -> tuple[str, int]:
        return ("127.0.0.1", 50_000)

    def setsockopt(self, *option: Any) -> None:
        pass

    def fileno(self) -> int:
        return -1 if self.closed else 0x7FFF

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, *exc_info: Any) -> None:
        self.close()


class Listener:
    """A listening socket: accept gives what clients holds, in order, and then Ctrl-C is pressed.

    clients   Connections, or exceptions that accept raises
    """

    family = socket.AF_INET

    def __init__(self, *clients: Any) -> None:
        self.clients: list[Connection | BaseException] = [*clients, KeyboardInterrupt()]
        self.closed = False
        self.after_end = 0

    def __repr__(self) -> str:
        return f"<a listener: {', '.join(map(repr, self.clients[:-1]))}>"

    def accept(self) -> tuple[Connection, tuple[str, int]]:
        self.after_end += self.closed or not self.clients
        if self.after_end > PATIENCE:
            report_trouble(Diagnosis(
                f"accept is called again and again {'on a listener that is closed' if self.closed else 'after Ctrl-C'}",
                why="KeyboardInterrupt is how a person ends a server: it must get out, and end the loop."))
        if self.closed:
            raise OSError(errno.EBADF, "accept on a listener that is closed")
        if not self.clients:
            raise KeyboardInterrupt
        client = self.clients.pop(0)
        if isinstance(client, BaseException):
            raise afresh(client)
        return client, ("127.0.0.1", 50_000)

    def close(self) -> None:
        self.closed = True

    def getsockname(self) -> tuple[str, int]:
        return ("127.0.0.1", 8000)

    def settimeout(self, seconds: float | None, /) -> None:
        pass

    def fileno(self) -> int:
        return -1 if self.closed else 0x7FFE

    def __enter__(self) -> Listener:
        return self

    def __exit__(self, *exc_info: Any) -> None:
        self.close()
