"""The application that every server is measured with: one short page, by itself or by way of Flask."""
import functools
from collections.abc import Callable
from typing import Any

BODY = b"Hello from the other side of the socket\n"
HEADERS = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(BODY)))]


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
    """Answer 200 with BODY. For the path /flask, Flask does it."""
    if environ["PATH_INFO"] == "/flask":
        return flask_app()(environ, start_response)
    start_response("200 OK", list(HEADERS))
    return [BODY]


@functools.cache
def flask_app() -> Callable[..., Any]:
    """Return the app of Flask, which is made when it is first asked for: others do not carry it along."""
    import flask

    app = flask.Flask("hello")
    app.add_url_rule("/flask", "hello", lambda: (BODY, dict(HEADERS)))
    return app
