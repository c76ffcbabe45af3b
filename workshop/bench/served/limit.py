"""The limit: a loop that reads until a blank line and answers the same bytes, without a look at what it was sent.

It knows no HTTP, no WSGI and no application. What a server in Python costs beyond this is what it does for you.
"""
import socket

from hello import BODY, HEADERS

END = b"\r\n\r\n"
FIELDS = "".join(f"{name}: {value}\r\n" for name, value in HEADERS)
ANSWER = f"HTTP/1.1 200 OK\r\n{FIELDS}\r\n".encode() + BODY


def answer(connection: socket.socket) -> None:
    """Answer one client until it closes, or has asked for the connection to be closed."""
    received = b""
    while block := connection.recv(65_536):
        received += block
        if received.endswith(END):
            connection.sendall(ANSWER)
            if b"Connection: close" in received:
                break
            received = b""


def serve() -> None:
    """Print the URL, and answer one client after the other."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        print("http://{}:{}".format(*listener.getsockname()), flush=True)
        while True:
            connection, _ = listener.accept()
            try:
                answer(connection)
            except ConnectionError:
                pass
            finally:
                connection.close()


if __name__ == "__main__":
    serve()
