"""The call of a WSGI application, by hand: an environ, a start_response that prints, and the library's judge."""
import contextlib
from collections.abc import Callable
from textwrap import fill
from typing import Any
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

WIDTH = 64  # of what the judge says


def sample_environ(**changes: Any) -> dict[str, Any]:
    """Return the environ of a GET request that nobody has sent, with changes."""
    environ: dict[str, Any] = {"QUERY_STRING": ""}
    setup_testing_defaults(environ)
    return environ | changes


def say(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
    """A start_response that only prints."""
    print("start_response:", status, headers)


def ignore(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], None]:
    """A start_response that keeps nothing. It returns a write that keeps nothing."""
    return lambda data: None


def referee(app: Any, environ: dict[str, Any] | None = None) -> None:
    """Call app under wsgiref.validate, which judges both sides of the call, and print the verdict."""
    try:
        blocks: Any = validator(app)(environ or sample_environ(), ignore)
        with contextlib.closing(blocks):
            list(blocks)
        print("no objection")
    except Exception as error:
        print(fill(f"{type(error).__name__}: {error}", WIDTH, subsequent_indent="    "))
