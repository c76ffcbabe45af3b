"""Random streams of requests, right ones and mutated ones, put to the server of chapter 6 whole and cut into pieces.

How a stream is cut must make no difference: TCP cuts it anywhere. Neither socket nor thread is there: the connection
is one in memory, and so thousands of streams take seconds.
"""
import importlib
import random
import re
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from types import ModuleType
from typing import Any, cast

from dev import PROJECT

LAST = "ch06_concurrency"
WORDS = [b"\r\n", b"\n", b"\r", b"\0", b" ", b"\t", b":", b",", b";", b"%", b"\xff", b"\r\n\r\n", b"0\r\n\r\n", b"-1",
         b"Content-Length: 5\r\n", b"Content-Length: 99999999999999999999\r\n", b"Transfer-Encoding: chunked\r\n",
         b"Connection: close\r\n", b"Expect: 100-continue\r\n", b"Host: b\r\n", b"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
         b"a" * 9_000, b"x: y\r\n" * 150, b"a" * 70_000, b"9" * 5_000, b"fffffffff\r\n"]  # what a mutation puts in
# What may differ: the time, and whether a client that has not waited with its body is told to go on.
UNEQUAL = re.compile(rb"\r\nDate: [^\r]*|HTTP/1\.1 100 Continue\r\n\r\n")


def reference() -> ModuleType:
    """Return the module of the reference."""
    folder = str(PROJECT.root / "solutions")
    if folder not in sys.path:
        sys.path.insert(0, folder)
    return importlib.import_module(LAST)


def app(environ: dict[str, Any], start_response: Callable) -> Iterable[bytes]:
    """An application that says what it was asked, reads or not, announces a length or not, and sometimes fails."""
    path, body = environ["PATH_INFO"], environ["wsgi.input"]
    if path == "/fail":
        raise ValueError("as it is meant to")
    text = repr((environ["REQUEST_METHOD"], path, environ["QUERY_STRING"], environ.get("CONTENT_LENGTH"))).encode()
    if path != "/unread":
        text += b" %d" % zlib.crc32(b"".join(iter(lambda: body.read(65_536), b"")))
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [text] if path != "/chunks" else iter([text[:9], b"", text[9:]])


# Streams.


def stream(chance: random.Random) -> bytes:
    """Return a few requests, one after the other; in most streams something is wrong."""
    requests = b"".join(request(chance) for _ in range(chance.randint(1, 4)))
    for _ in range(chance.choice([0, 0, 1, 1, 2, 5])):
        requests = mutated(requests, chance)
    return requests


def request(chance: random.Random) -> bytes:
    """Return a request that is right."""
    body = chance.randbytes(chance.choice([0, 1, 5, 300, 5_000]))
    method = chance.choice([b"GET", b"HEAD", b"POST", b"PUT"])
    target = chance.choice([b"/", b"/unread", b"/chunks", b"/fail", b"/%e4?a=b", b"http://here/x"])
    fields = [b"Host: here", *chance.sample([b"Connection: close", b"connection: keep-alive, x", b"Accept: */*",
                                             b"Expect: 100-continue", b"X-Long: " + b"y" * 300], chance.randint(0, 2))]
    if chance.random() < 0.4:
        fields, body = [*fields, b"Transfer-Encoding: chunked"], chunked(body, chance)
    elif body:
        fields.append(b"Content-Length: %d" % len(body))
    version = chance.choice([b"HTTP/1.1", b"HTTP/1.1", b"HTTP/1.0"])
    return b"\r\n".join([b"%b %b %b" % (method, target, version), *fields, b"", body])


def chunked(body: bytes, chance: random.Random) -> bytes:
    """Return a body in chunks, with extensions and trailers here and there."""
    chunks = []
    while body:
        size = chance.randint(1, len(body))
        chunks.append(b"%x%b\r\n%b\r\n" % (size, chance.choice([b"", b"", b";a=b"]), body[:size]))
        body = body[size:]
    return b"".join([*chunks, b"0\r\n", chance.choice([b"", b"", b"X-Trailer: y\r\n"]), b"\r\n"])


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Return data with one place changed."""
    begin = chance.randrange(len(data) + 1)
    end = min(begin + chance.choice([0, 1, 2, 30]), len(data))
    old = data[begin:end]
    new = chance.choice([b"", chance.randbytes(1), chance.choice(WORDS), old * 2, old.swapcase()])
    return data[:begin] + new + data[end:]


def pieces(data: bytes, chance: random.Random) -> list[bytes]:
    """Return data cut at random places, or, if it is short, after each byte."""
    if len(data) < 400 and chance.random() < 0.2:
        return [data[place:place + 1] for place in range(len(data))]
    places = sorted(chance.randrange(len(data) + 1) for _ in range(chance.choice([1, 1, 3, 10, 50])))
    cuts = [data[begin:end] for begin, end in zip([0, *places], [*places, len(data)], strict=True)]
    return [cut for cut in cuts if cut]


# The server.


class PiecedConnection:
    """A connection in memory: its client sends pieces, and takes all it is sent."""

    def __init__(self, sent: list[bytes]) -> None:
        self.pieces = iter(sent)
        self.answers = bytearray()
        self.waits = self.is_closed = False

    def recv(self, size: int) -> bytes:
        """Give the next piece, of any size. After the last, the client has ended its side, if that is waited for."""
        piece = next(self.pieces, b"")
        if not piece and not self.waits:
            raise BlockingIOError
        return piece

    def settimeout(self, seconds: float) -> None:
        """Note that recv waits from now on."""
        self.waits = True

    def setblocking(self, blocking: bool) -> None:
        """Note whether recv waits from now on."""
        self.waits = blocking

    def sendall(self, data: bytes) -> None:
        """Take data."""
        self.answers += data

    send = sendall

    def getsockname(self) -> tuple[str, int]:
        """Return the address of the server."""
        return "127.0.0.1", 8_000

    def shutdown(self, how: int) -> None:
        """Do nothing: it is seen from client.leaving."""

    def close(self) -> None:
        """Note that it is closed."""
        self.is_closed = True


class NoSelector:
    """A selector for a loop that does not run."""

    def register(self, file: Any, events: int, data: Any) -> None:
        """Do nothing."""

    def unregister(self, file: Any) -> None:
        """Do nothing."""


Outcome = tuple[bytes, bytes, bool, bool, bool]


def outcome(server: Any, make_client: Callable, sent: list[bytes]) -> Outcome:
    """Return what the server answers to pieces of a stream, what is left of that, and what has become of the client."""
    connection = PiecedConnection(sent)
    client = make_client(connection, ("127.0.0.1", 50_000))
    server.keep(client)
    for _ in sent:
        if not (client.leaving or connection.is_closed):
            server.hear(client)
    left = b"" if client.leaving else bytes(client.received)
    found = UNEQUAL.sub(b"", connection.answers), left, client.leaving, connection.is_closed, client.idle
    server.drop(client)
    return found


def compared(count: int, chance: random.Random) -> Iterator[tuple[bytes, Outcome, Outcome]]:
    """Yield so many streams, and what comes of each when it is whole and when it is cut."""
    chapter = reference()
    with chapter.socket.create_server(("127.0.0.1", 0)) as listener:
        server = chapter.Server(app, listener)
        server.selector.close()
        server.selector = cast(Any, NoSelector())
        for _ in range(count):
            data = stream(chance)
            whole = outcome(server, chapter.Client, [data])
            yield data, whole, outcome(server, chapter.Client, pieces(data, chance))
        server.bell.close()
        server.rung.close()
