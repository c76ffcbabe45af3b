"""The standard streams: whether one is a terminal, and whether somebody still reads what is printed."""
import contextlib
import errno
import os
from collections.abc import Callable
from typing import Any, TextIO


class ReaderGone(Exception):
    """Whoever read standard output, such as `head`, has had enough of it."""


def is_terminal(stream: TextIO | None) -> bool:
    """Tell whether a stream is a terminal. One that is closed is none; without a console a standard stream is None."""
    with contextlib.suppress(ValueError):
        return stream is not None and stream.isatty()
    return False


def notice_reader(stream: TextIO | None) -> None:
    """Have a stream raise ReaderGone where nobody reads any more what is written to it."""
    if stream is not None:
        for name in ("write", "flush"):
            setattr(stream, name, telling(getattr(stream, name)))


def telling(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that does the same, and raises ReaderGone in place of the system's error."""
    def call(*arguments: Any) -> Any:
        try:
            return function(*arguments)
        except OSError as error:
            if isinstance(error, BrokenPipeError) or os.name == "nt" and error.errno == errno.EINVAL:
                raise ReaderGone
            raise

    return call
