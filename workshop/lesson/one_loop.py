"""The server of chapter 6 in a cell: it does nothing until a cell calls one of its methods."""
import contextlib
import importlib
import socket
from collections.abc import Callable, Iterator
from typing import Any


@contextlib.contextmanager
def loop_for(app: Callable[..., Any]) -> Iterator[Any]:
    """Give a Server of chapter 6 that listens on a free port. It has no other threads: its call is its answer."""
    chapter = importlib.import_module("ch06_concurrency")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = chapter.Server(app, listener)
        server.call = server.answer
        try:
            yield server
        finally:
            for connection in [client.connection for client in server.clients]:
                connection.close()
            for closable in (server.selector, server.bell, server.rung):
                closable.close()
