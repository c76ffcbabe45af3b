"""Both ends of a connection in one cell, and how one of them breaks."""
import contextlib
import os
import socket
import struct
from collections.abc import Iterator


@contextlib.contextmanager
def two_ends(seconds: float = 5) -> Iterator[tuple[socket.socket, socket.socket]]:
    """Give both ends of a TCP connection: the client's, the server's. Each waits for some seconds at the most."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        client = socket.create_connection(listener.getsockname(), seconds)
        connection, _ = listener.accept()
    connection.settimeout(seconds)
    with client, connection:
        yield client, connection


def reset(client: socket.socket) -> None:
    """Close a socket so that the other end gets a reset: SO_LINGER with a wait of 0 seconds asks for that."""
    linger = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    client.close()
