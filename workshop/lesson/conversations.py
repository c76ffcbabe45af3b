"""Clients without a library, and a listener for those of others: all bytes are shown as they come."""
import contextlib
import socket
import threading
import time
from collections.abc import Callable

SECONDS = 8  # that anything here waits at the most


def exchange(port: int, data: bytes, piece_size: int | None = None, pause: float = 0.01) -> bytes:
    """Send data to 127.0.0.1:port, in pieces of so many bytes, and return all that comes back."""
    with socket.create_connection(("127.0.0.1", port), SECONDS) as connection:
        size = piece_size or len(data) or 1
        for begin in range(0, len(data), size):
            connection.sendall(data[begin:begin + size])
            time.sleep(pause if piece_size else 0)
        return b"".join(iter(lambda: connection.recv(65_536), b""))


def overhear(client: Callable[[str], object], *interim: bytes) -> bytes:
    """Listen on a free port, call client(url) beside it, and return all that it sends. The answer is 204.

    interim are responses to send before that one, each after the client has fallen silent.
    """
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(SECONDS)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread = threading.Thread(target=client, args=[url], daemon=True)
        thread.start()
        connection, _ = listener.accept()
        with connection:
            data = all_until_silence(connection)
            for response in interim:
                connection.sendall(response)
                data += all_until_silence(connection)
            connection.sendall(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
        thread.join(SECONDS)
    return data


def all_until_silence(connection: socket.socket, seconds: float = 0.5) -> bytes:
    """Return what arrives until nothing has come for some seconds."""
    connection.settimeout(seconds)
    data = b""
    with contextlib.suppress(TimeoutError):
        while block := connection.recv(65_536):
            data += block
    return data
