"""A first server, as many introductions show it: it sends one page to every client.

It has seven bugs. Chapter 1 finds them one by one.

    python notebooks/examples/first_server.py [PAGE]
"""
import socket
import sys

PAGE = "<html>Hello, world!<html>"


def response_for(page: str) -> str:
    return "\r\n".join([
        "HTTP/1.0 200 OK",
        "Date: Sat, 27 Jun 2028 13:00:00 GMT",
        "Content-Type: text/html; charset=utf-8",
        f"Content-Length: {len(page)}",
        "",
        page,
    ])


EOL1 = b"\n\n"
EOL2 = b"\n\r\n"


def handle_connection(conn: socket.socket, page: str) -> None:
    request = b""
    while EOL1 not in request and EOL2 not in request:
        request += conn.recv(1024)
    conn.send(response_for(page).encode())
    conn.close()


if __name__ == "__main__":
    page = sys.argv[1] if len(sys.argv) > 1 else PAGE
    server = socket.create_server(("127.0.0.1", 0))
    print(f"http://127.0.0.1:{server.getsockname()[1]}")
    while True:
        conn, address = server.accept()
        handle_connection(conn, page)
