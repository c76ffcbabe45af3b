"""What all pages of the probe are made with: how a page is registered, and a plain answer."""
from collections.abc import Callable, Iterable
from typing import Any

Environ = dict[str, Any]
StartResponse = Callable[..., Callable[[bytes], object]]
PLAIN = ("Content-Type", "text/plain")
PAGES: dict[str, Callable[..., Iterable[bytes]]] = {}  # by the name in the path; called as show_environ is


def page(function: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """Make a function a page; its name says where: late_start is /late-start."""
    PAGES[function.__name__.replace("_", "-")] = function
    return function


def second_part(environ: Environ) -> str:
    """Return the second part of the path."""
    return (environ.get("PATH_INFO", "").split("/") + ["", ""])[2]


def answer(start_response: StartResponse, text: str) -> list[bytes]:
    """Answer with a text."""
    body = text.encode()
    start_response("200 OK", [PLAIN, ("Content-Length", str(len(body)))])
    return [body]
