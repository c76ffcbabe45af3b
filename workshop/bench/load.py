"""The load: clients that ask as fast as they are answered, and clients that are as slow as can be.

All of them use plain sockets. While the bench reads one answer, the server already has the requests of the other
quick clients. So it need not wait, as long as the bench is the faster side.
"""
import contextlib
import itertools
import select
import socket
import threading
import time
from collections.abc import Iterator

from workshop.bench.modes import CLOSE, CONNECTIONS, KEEP_ALIVE, SLOW_CLIENTS, Mode
from workshop.bench.served.hello import BODY

HOST = "127.0.0.1"
PATIENCE = 5  # seconds in which a server that has nothing else to do must answer
BRIEFLY = 0.05  # seconds for a slow client to be let in: some servers keep only a few waiting
RIGHT = (b"HTTP/1.1 200 ", b"HTTP/1.0 200 ")
RECV_SIZE = 65_536


class QuickClient:
    """One quick client. Like curl it hangs up as soon as it has the whole body, unless it keeps the connection."""

    def __init__(self, port: int, mode: Mode, end: float) -> None:
        self.port, self.keep_alive, self.end = port, mode.keep_alive, end
        self.request = mode.request
        self.connection: socket.socket | None = None

    def fileno(self) -> int:
        """Return the number by which select knows the connection."""
        return self.connected().fileno()

    def connected(self) -> socket.socket:
        """Return the connection, a new one if there is none. Raises OSError."""
        if self.connection is None:
            self.connection = socket.socket()
            self.connection.settimeout(max(self.end - time.monotonic(), 0.001))
            self.connection.connect((HOST, self.port))
        return self.connection

    def ask(self) -> None:
        """Send a request, over a new connection if there is none. Raises OSError."""
        self.received = b""
        self.connected().sendall(self.request)

    def hear(self) -> bool | None:
        """Receive once; return None if more must come, else whether the answer was right. Raises OSError."""
        block = self.connected().recv(RECV_SIZE)
        self.received += block
        if block and not self.received.endswith(BODY):
            return None
        if not (block and self.keep_alive):
            self.close()
        return self.received.startswith(RIGHT) and self.received.endswith(BODY)

    def close(self) -> None:
        """Hang up, if there is a connection."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None


def answered(port: int, seconds: float, mode: Mode) -> tuple[int, float]:
    """Ask the server at a port for so many seconds; return how many requests were answered, and the seconds it took."""
    begin = time.monotonic()
    end = begin + seconds
    clients = [QuickClient(port, mode, end) for _ in range(CONNECTIONS)]
    count = 0
    with contextlib.suppress(OSError), contextlib.ExitStack() as stack:
        for client in clients:
            stack.callback(client.close)
            client.ask()
        while (left := end - time.monotonic()) > 0:
            for client in select.select(clients, [], [], left)[0]:
                count += hear_and_ask(client)
    return count, time.monotonic() - begin


def hear_and_ask(client: QuickClient) -> bool:
    """Read what has come for a client, and let it ask again; tell whether it had a whole right answer."""
    success: bool | None = False
    try:
        success = client.hear()
        if success is not None:
            client.ask()
    except ConnectionError:  # the server has closed it, perhaps while we asked: once more, over another one
        client.close()
        client.ask()
    return bool(success)


def asks_well(port: int, mode: Mode = CLOSE, requests: int = 1) -> bool:
    """Tell whether the server answers so many requests of one client, over one connection if the mode keeps it."""
    client = QuickClient(port, mode, time.monotonic() + PATIENCE)
    try:
        with contextlib.closing(client):
            for _ in range(requests):
                client.ask()
                connection = client.connection
                while (success := client.hear()) is None:
                    pass
                if not success or mode.keep_alive and client.connection is not connection:
                    return False
    except OSError:
        return False
    return True


def keeps_alive(port: int) -> bool:
    """Tell whether the server answers a second request over the same connection."""
    return asks_well(port, KEEP_ALIVE, requests=2)


class SlowClient:
    """A client that never comes to the end of its request."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.connection: socket.socket | None = None
        self.left: Iterator[int] = iter(())  # the bytes to send

    def send_a_byte(self) -> None:
        """Send one byte more; begin anew where the server has closed the connection, or has not accepted it yet."""
        try:
            if self.connection is None:
                self.left = itertools.chain(CLOSE.request[:-2] + b"X-Slow: ", itertools.repeat(ord("a")))
                self.connection = socket.create_connection((HOST, self.port), BRIEFLY)
                self.connection.setblocking(False)
            self.connection.send(bytes([next(self.left)]))
        except BlockingIOError:
            pass
        except OSError:
            self.close()

    def close(self) -> None:
        """Hang up."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None


@contextlib.contextmanager
def slow_clients(port: int, count: int = SLOW_CLIENTS) -> Iterator[None]:
    """Have so many slow clients at a port while the block runs; all have begun when it begins."""
    clients, stop = [SlowClient(port) for _ in range(count)], threading.Event()
    for client in clients:
        client.send_a_byte()

    def send_on() -> None:
        for client in itertools.cycle(clients):
            if stop.wait(1 / count):
                return
            client.send_a_byte()

    thread = threading.Thread(target=send_on, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
        for client in clients:
            client.close()
