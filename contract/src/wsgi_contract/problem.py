"""How a check ends that does not simply pass: with a problem that a person can read, or with a reason why not at all.

A problem is one line, and rows below it: what was sent, what was called, what came back, what was expected, why it
matters and where that is written down. Nothing in it is a traceback.
"""
from typing import Any, TypeVar

Held = TypeVar("Held")


class Diagnosis(AssertionError):
    """A check has failed, and this is what a person reads. rows are shown in order, None ones left out."""

    def __init__(self, problem: str, *, why: str, **rows: Any) -> None:
        super().__init__(problem)
        self.problem = problem
        self.rows = {name.replace("_", " "): value for name, value in rows.items()} | {"why": why}


class Departure(Diagnosis):
    """A server departs from a clause or a rule; fact is what it did, the same each time."""

    def __init__(self, problem: str, fact: str, why: str, **rows: Any) -> None:
        super().__init__(problem, why=why, **rows)
        self.fact = fact


class NoMoreAnswers(Departure):
    """A server answers nobody any more, because of something that must not have this effect."""

    def __init__(self, problem: str, why: str, **rows: Any) -> None:
        super().__init__(problem, "no more answers", why, **rows)


class NotSeen(Exception):
    """What a check is about could not be looked at, because something that it presupposes does not hold.

    That is neither kept nor broken. Whatever does not hold is the matter of another check.
    """

    def __init__(self, reason: str, **rows: Any) -> None:
        super().__init__(reason)
        self.fact = reason  # the same each time
        self.rows = rows


class NotOffered(Exception):
    """The server does not have what a check is about, and need not have it."""


class NotInstalled(Exception):
    """The server that is to be checked is not there."""


class NotWritten(Exception):
    """The server that is to be checked is still to be written: the text says what is missing."""


def expect_that(condition: Held | None, problem: str, why: str, **rows: Any) -> Held:
    """Return condition if it holds; else fail with problem. Rows such as came_back=… are shown as they are."""
    if not condition:
        raise Diagnosis(problem, **rows, why=why)
    return condition


def shown_bytes(data: bytes, limit: int = 200) -> str:
    """Return repr(data), without its middle where it is long."""
    return repr(data) if len(data) <= limit else f"{data[:limit // 2]!r} … {data[-limit // 2:]!r}, {len(data)} bytes"
