"""Calls that may be refused: a notebook shows what comes of them, and goes on."""
from collections.abc import Callable

REFUSALS = (AssertionError, OSError, TypeError, ValueError)
WIDTH = 72  # characters of what an error says


def attempt(function: Callable[..., object], *arguments: object) -> None:
    """Print what a call returns, or the error by which it refuses: its class, its status if it has one, its text."""
    try:
        print(repr(function(*arguments)))
    except REFUSALS as error:
        status = f" {error.status}" if hasattr(error, "status") else ""
        print(f"{type(error).__name__}{status}: {cut(str(error))}")


def cut(text: str) -> str:
    """Return a text, or its beginning and an ellipsis if it has more than WIDTH characters."""
    return text if len(text) <= WIDTH else text[:WIDTH - 1] + "…"
