"""Chapter 7 in a cell: a connection for coroutines, applications of ASGI without a server, and many clients at once."""
import asyncio
import contextlib
import importlib
import socket
import time
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

from workshop.lesson.connections import two_ends
from workshop.lesson.conversations import SECONDS
from workshop.lesson.local_servers import LocalServer
from workshop.lesson.responses import GET, KEPT, visit
from workshop.lesson.stand_ins import Wire, sample_request

Message = dict[str, Any]


@contextlib.asynccontextmanager
async def two_streams() -> AsyncIterator[tuple[socket.socket, asyncio.StreamReader, asyncio.StreamWriter]]:
    """Give both ends of a connection: the client's socket, and what a server of asyncio has, a reader and a writer."""
    with two_ends() as (client, connection):
        reader, writer = await asyncio.open_connection(sock=connection)
        try:
            yield client, reader, writer
        finally:
            writer.transport.abort()
            with contextlib.suppress(OSError):
                await writer.wait_closed()


async def talk(app: Any, *messages: Message, **more: Any) -> None:
    """Call an application of ASGI as a server does, and print after an arrow what it sends.

    `messages` are what it receives, `more` are entries of its scope.
    """
    coming = iter(messages or [{"type": "http.request", "body": b"", "more_body": False}])

    async def receive() -> Message:
        return next(coming, {"type": "http.disconnect"})

    async def send(message: Message) -> None:
        print("→", message)

    await app(sample_scope(**more), receive, send)


def sample_scope(**more: Any) -> dict[str, Any]:
    """Return the scope of a GET that nobody has sent; more are its entries."""
    addresses = {"server": ("127.0.0.1", 8000), "client": ("127.0.0.1", 50000)}
    return {"type": "http", "http_version": "1.1", "method": "GET", "path": "/", "raw_path": b"/", "query_string": b"",
            "root_path": "", "headers": [], **addresses, **more}


class PrintedStreams(Wire):
    """Stands in for Streams of chapter 7: has received some blocks, and prints what it should send, after an arrow."""

    def __init__(self, *blocks: bytes) -> None:
        self.blocks = list(blocks)
        self.received = bytearray()
        self.server_address, self.client_address = ("127.0.0.1", 8000), ("127.0.0.1", 50000)

    async def receive_more(self, seconds: float) -> None:
        if not self.blocks:
            raise importlib.import_module("ch01_socket").ClientGone("the client hung up")
        self.received += self.blocks.pop(0)

    async def drained(self) -> None:
        """Await nothing: what is printed has gone."""


def fresh_exchange(*blocks: bytes, method: str = "GET", version: str = "HTTP/1.1", **fields: str) -> Any:
    """Return a new Exchange of chapter 7 over a PrintedStreams, whose client sends some blocks after its head.

    fields are those of the head: content_length="3".
    """
    request = sample_request(method, version)
    request.fields = [(name.replace("_", "-"), value) for name, value in fields.items()]
    return importlib.import_module("ch07_asgi").Exchange(PrintedStreams(*blocks), request, True)


async def visit_and_stop(server: Any, *pages: str) -> None:
    """Have a server of chapter 7 run in this event loop, visit some pages, and stop it. Raises what its run raises."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        stop = asyncio.Event()
        address: Any = SimpleNamespace(url=f"http://127.0.0.1:{listener.getsockname()[1]}")
        running = asyncio.create_task(server.run(listener, stop))
        await asyncio.sleep(0)
        if not running.done():
            await asyncio.to_thread(visit, address, *pages)
        stop.set()
        await asyncio.wait_for(running, SECONDS)


def visit_together(server: LocalServer, clients: int) -> None:
    """Have so many clients ask at the same time, and print how long it takes until all have their answers."""
    begin = time.monotonic()
    with contextlib.ExitStack() as connections:
        asking = [connections.enter_context(connected(server)) for _ in range(clients)]
        for client in asking:
            client.sendall(GET)
        answers = [rest_of(client) for client in asking]
    good = sum(b" 200 OK\r\n" in answer for answer in answers)
    print(f"{good} answers in {time.monotonic() - begin:.1f} seconds")


def visit_meanwhile(server: LocalServer, first: str, second: str = "/") -> None:
    """Have a client ask for the page first, and then another one for the page second. Print the body of the second."""
    with connected(server) as one, connected(server) as other:
        one.sendall(GET.replace(b"/", first.encode(), 1))
        time.sleep(0.05)  # the call has begun
        other.sendall(GET.replace(b"/", second.encode(), 1))
        print(rest_of(other).partition(b"\r\n\r\n")[2].decode())
        rest_of(one)


def visit_again_and_again(server: LocalServer, times: int) -> None:
    """Ask so many times over one connection, and print how long that takes."""
    begin = time.monotonic()
    with connected(server) as client, client.makefile("rb") as answers:
        for _ in range(times):
            client.sendall(KEPT)
            length = 0
            while (line := answers.readline().lower()) not in (b"\r\n", b""):
                length = int(line.partition(b":")[2]) if line.startswith(b"content-length:") else length
            answers.read(length)
    print(f"{times} answers in {time.monotonic() - begin:.1f} seconds")


def connected(server: LocalServer) -> socket.socket:
    """Return a new client of a server."""
    return socket.create_connection(("127.0.0.1", server.port), SECONDS)


def rest_of(client: socket.socket) -> bytes:
    """Return all that a client receives until the server hangs up."""
    return b"".join(iter(lambda: client.recv(65_536), b""))
