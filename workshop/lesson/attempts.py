"""Calls that may be refused: a notebook shows what comes of them, and goes on."""
from collections.abc import Callable


def attempt(function: Callable[..., object], *arguments: object) -> None:
    """Print what a call returns, or the error by which it refuses: its class, its status, and how its text begins."""
    try:
        print(repr(function(*arguments)))
    except (ValueError, ConnectionError) as error:
        status = getattr(error, "status", "-")
        print(type(error).__name__, status, str(error)[:72])
