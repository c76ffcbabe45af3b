"""An application that waits between its two blocks until somebody opens a gate: a port that the query names."""
import socket


def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    yield b"first\n"
    address = "127.0.0.1", int(environ["QUERY_STRING"])
    with socket.create_connection(address) as gate:
        gate.recv(1)
    yield b"second\n"
