"""A client that sends exactly the bytes it is given, and waits no longer than it says."""
import socket
from collections.abc import Callable
from typing import TypeVar

from workshop.checking.diagnosis import Diagnosis, shown_bytes
from wsgi_contract.launching import PATIENCE, machine_is_slow

SECONDS = 8
Answer = TypeVar("Answer")


def patiently(ask: Callable[[float], Answer]) -> Answer:
    """Return what ask(seconds) returns. Where the machine is slow, a second time, longer, follows one that was over.

    ask raises TimeoutError or requests.Timeout when its seconds are over; what it raises is let out.
    """
    try:
        return ask(SECONDS)
    except OSError as error:  # known by its name: to import requests takes long, and few checks need it
        if "Timeout" not in type(error).__name__ or not machine_is_slow():
            raise
        return ask(PATIENCE)


def exchange(port: int, data: bytes, *, end: bool = False) -> bytes:
    """Send data to 127.0.0.1:port and return all bytes that come back until the server closes.

    end tells whether to hang up one's own side after sending. Raises Diagnosis if the server does not close.
    """
    with socket.create_connection(("127.0.0.1", port), SECONDS) as connection:
        connection.sendall(data)
        if end:
            connection.shutdown(socket.SHUT_WR)
        return receive_all(connection)


def receive_all(connection: socket.socket) -> bytes:
    """Return all bytes that a connected socket gives until its other side closes. Raises Diagnosis."""
    received = b""
    try:
        while block := receive(connection):
            received += block
    except TimeoutError:
        raise Diagnosis(f"the connection is still open after {SECONDS} seconds", **{"came back": shown_bytes(received)},
                        why="A response that says `Connection: close` ends with the end of the connection.")
    except ConnectionError as error:
        raise Diagnosis(f"the connection broke ({type(error).__name__})", **{"came back": shown_bytes(received)},
                        why="A socket that is closed while bytes of the client lie unread sends a reset, and the reset "
                            "can overtake the response (RFC 9112 section 9.6).")
    return received


def receive(connection: socket.socket) -> bytes:
    """Return what recv() gives; where the machine is slow, more time is given once. Raises OSError."""
    def ask(seconds: float) -> bytes:
        if seconds > SECONDS:
            connection.settimeout(seconds)
        return connection.recv(65_536)

    return patiently(ask)
