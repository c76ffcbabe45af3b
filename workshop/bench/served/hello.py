"""The application that every server is measured with: one short page, whatever is asked."""
from collections.abc import Callable
from typing import Any

BODY = b"Hello from the other side of the socket\n"
HEADERS = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(BODY)))]


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    """Answer 200 with BODY."""
    start_response("200 OK", list(HEADERS))
    return [BODY]
