"""Responses of servers, as clients read them."""
import contextlib
import socket
from http.client import HTTPException, HTTPResponse

import requests

from workshop.lesson.conversations import exchange
from workshop.lesson.local_servers import LocalServer, program, real_server
from workshop.machine.servers import YOURS

GET = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
KEPT = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"  # the connection may stay open after it
PATIENCE = 10  # seconds that a client waits


def serving(name: str, application: str) -> contextlib.AbstractContextManager[LocalServer]:
    """Serve an application, such as examples.bodies:one_block, with one of YOURS or with a real server."""
    return program(YOURS[name], application) if name in YOURS else real_server(name, application)


def ask(name: str, application: str, request: bytes = GET) -> None:
    """Print, line by line, what a server sends for an application."""
    with serving(name, application) as server:
        for line in exchange(server.port, request).splitlines(keepends=True):
            if not line.startswith(b"Server: WSGIServer"):  # it names the version of Python
                print(line)


def visit(server: LocalServer, *pages: str) -> None:
    """Print what requests makes of each page: a status, or the name of an exception."""
    for page in pages:
        try:
            print(page, requests.get(server.url + page, timeout=PATIENCE).status_code)
        except requests.exceptions.RequestException as error:
            print(page, type(error).__name__)


def client_reads(data: bytes) -> bytes | str:
    """Return the body that Python's own client finds in a whole response, or the name of what it raises."""
    client, server = socket.socketpair()
    with client:
        with server:
            server.sendall(data)
        response = HTTPResponse(client)
        try:
            response.begin()
            return response.read()
        except HTTPException as error:
            return type(error).__name__
