"""Being the server of an application, without a socket: it is called, its blocks are collected, it is closed."""
from collections.abc import Callable
from typing import Any

from workshop.lesson.calls_by_hand import sample_environ

Application = Callable[[dict[str, Any], Callable[..., Any]], Any]


def deliver(app: Application, path: str = "/", **more: object) -> tuple[str, list[tuple[str, str]], bytes]:
    """Call an application as a server does; return its (status, headers, body). Named arguments go into the environ."""
    head: list[Any] = []
    blocks: list[bytes] = []

    def start_response(status: str, headers: list, exc_info: Any = None) -> Callable[[bytes], None]:
        if head and not exc_info:
            raise AssertionError("start_response, a second time")
        if any(blocks):  # the head has gone
            raise exc_info[1]
        head[:] = status, list(headers)
        return blocks.append

    iterable = app(sample_environ(PATH_INFO=path, **more), start_response)
    try:
        for block in iterable:
            blocks.append(block)
    finally:
        if hasattr(iterable, "close"):
            iterable.close()
    status, headers = head
    return status, headers, b"".join(blocks)


def show(app: Application, path: str = "/", **more: object) -> None:
    """Print the answer of an application, or the exception that comes out of it."""
    try:
        status, _, body = deliver(app, path, **more)
        print(status, "|", body.decode(errors="replace").strip())
    except NotImplementedError:  # a step that is not written yet
        raise
    except Exception as error:
        print(f"{type(error).__name__}: {str(error)[-53:]}")
