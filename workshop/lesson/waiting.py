"""Clients and pages that make the other side wait."""
import contextlib
import socket
import threading
import time
from collections.abc import Iterator

import requests

from workshop.lesson.conversations import SECONDS, all_until_silence
from workshop.lesson.local_servers import LocalServer
from workshop.lesson.responses import GET

SECOND_WAITS = 4  # seconds, in line after another client
SHOWN = 17  # bytes of the end of a response


def watch_at_gate(server: LocalServer) -> None:
    """Print what a client has of the page examples/gate.py while that waits, and then the end of the rest."""
    with socket.create_server(("127.0.0.1", 0)) as gate, \
            socket.create_connection(("127.0.0.1", server.port), SECONDS) as client:
        gate.settimeout(SECONDS)
        client.sendall(GET.replace(b"/ ", b"/?%d " % gate.getsockname()[1], 1))
        waiting, _ = gate.accept()
        with waiting:
            print("before:", all_until_silence(client).partition(b"\r\n\r\n")[2])
            waiting.sendall(b"!")
        print("after:", all_until_silence(client)[-SHOWN:].removeprefix(b"\r\n\r\n"))


def second_in_line(server: LocalServer) -> None:
    """Connect two clients, of which the first sends one line and no more. Print what the second one gets."""
    address = "127.0.0.1", server.port
    with socket.create_connection(address) as slow, socket.create_connection(address, SECOND_WAITS) as second:
        slow.sendall(b"GET / HTTP/1.1\r\n")
        second.sendall(GET)
        try:
            print("the second gets", second.recv(1_024)[:15])
        except TimeoutError:
            print("the second still waits")


def visit_beside(server: LocalServer, clients: int = 0, sent: bytes = b"", seconds: float = SECOND_WAITS) -> None:
    """Print what one GET gets within some seconds, beside so many clients that have connected and sent only `sent`."""
    with contextlib.ExitStack() as others:
        for _ in range(clients):
            slow = others.enter_context(socket.create_connection(("127.0.0.1", server.port), SECONDS))
            slow.sendall(sent)
        try:
            print(requests.get(server.url, timeout=seconds).status_code)
        except requests.Timeout as error:
            print(type(error).__name__)


@contextlib.contextmanager
def waiting_call(server: LocalServer) -> Iterator[None]:
    """While the with block runs, a call waits at the gate of examples/two_speeds.py. Then print the end of its answer.
    """
    with socket.create_server(("127.0.0.1", 0)) as gate, \
            socket.create_connection(("127.0.0.1", server.port), SECONDS) as client:
        gate.settimeout(SECONDS)
        client.sendall(GET.replace(b"/ ", b"/?%d " % gate.getsockname()[1], 1))
        waiting, _ = gate.accept()
        with waiting:
            yield
            waiting.sendall(b"!")
        try:
            print("the slow call:", b"".join(iter(lambda: client.recv(1_024), b""))[-SHOWN:].removeprefix(b"\r\n\r\n"))
        except OSError as error:
            print("the slow call:", type(error).__name__)


@contextlib.contextmanager
def dripping(client: socket.socket, data: bytes, pause: float) -> Iterator[None]:
    """Send data byte by byte, with a pause of some seconds after each, while the with block runs."""
    def drip() -> None:
        for byte in data:
            client.sendall(bytes([byte]))
            time.sleep(pause)

    thread = threading.Thread(target=drip)
    thread.start()
    try:
        yield
    finally:
        thread.join()
