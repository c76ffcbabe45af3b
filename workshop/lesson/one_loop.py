"""The server of chapter 6 in a cell: it does nothing until a cell calls one of its methods."""
import contextlib
import importlib
import socket
import sys
from collections.abc import Callable, Iterator
from typing import Any

from workshop.lesson.connections import two_ends

CHAPTER = "ch06_concurrency"


@contextlib.contextmanager
def loop_for(app: Callable[..., Any]) -> Iterator[Any]:
    """Give a Server that listens on a free port, and print what it logs. It has no threads: its call is its answer."""
    with socket.create_server(("127.0.0.1", 0)) as listener, contextlib.redirect_stderr(sys.stdout):
        server = importlib.import_module(CHAPTER).Server(app, listener)
        server.call = server.answer
        try:
            yield server
        finally:
            for connection in [client.connection for client in server.clients]:
                connection.close()
            for closable in (server.selector, server.bell, server.rung):
                closable.close()


@contextlib.contextmanager
def one_client(server: Any) -> Iterator[tuple[socket.socket, Any]]:
    """Give a client that the loop of a Server listens to: its own socket, and the Client that the server has of it."""
    with two_ends() as (client, connection):
        connection.setblocking(False)
        someone = importlib.import_module(CHAPTER).Client(connection, client.getsockname())
        server.keep(someone)
        try:
            yield client, someone
        finally:
            server.drop(someone)
