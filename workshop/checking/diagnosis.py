"""What a learner reads when a check fails, and the few ways in which a check can fail.

A diagnosis says what is wrong in one line, and below it what was sent, what was called, what came back, what was
expected, why it matters and where that is written down. Nothing in it is a traceback.
"""
import shutil
from typing import Any

INDENT = 13  # columns of a row before its text
COLUMNS = max(shutil.get_terminal_size((103, 0)).columns, 40)  # of the terminal; this many where there is none
WIDTH = min(76, COLUMNS - INDENT - 4)  # characters of a value in one row


class Diagnosis(AssertionError):
    """A check has failed, and this is what the learner reads. rows are shown in order, None ones left out."""

    def __init__(self, problem: str, *, why: str, **rows: Any) -> None:
        super().__init__(problem)
        self.problem = problem
        self.rows = {name.replace("_", " "): value for name, value in rows.items()} | {"why": why}


def expect_same(came_back: object, expected: object, why: str, *, problem: str = "the result is another one",
                **rows: Any) -> None:
    """Fail unless came_back equals expected and has its type; bytes and str get a caret under the first difference."""
    if type(came_back) is type(expected) and came_back == expected:
        return
    came, wanted = repr(came_back), repr(expected)
    difference = first_difference(came, wanted)
    came, wanted, caret = windows(came, wanted, difference)
    compared = isinstance(expected, (bytes, str)) and type(came_back) is type(expected)
    rows |= {"came back": came, "expected": wanted, "": caret if compared else None}
    raise Diagnosis(problem, **rows, why=why)


def first_difference(one: str, other: str) -> int:
    """Return the position of the first character that differs."""
    pairs = zip(one, other, strict=False)
    return next((position for position, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def windows(one: str, other: str, position: int) -> tuple[str, str, str]:
    """Return both texts, cut alike around position, and a line with a caret under it."""
    begin = max(0, position - WIDTH // 2) if max(len(one), len(other)) > WIDTH else 0
    lead = "… " if begin else ""
    first, second = (lead + text[begin:begin + WIDTH] + (" …" if len(text) > begin + WIDTH else "")
                     for text in (one, other))
    return first, second, " " * (len(lead) + position - begin) + "^"


def expect_that(condition: object, problem: str, why: str, **rows: Any) -> None:
    """Fail with problem unless condition holds. Rows such as came_back=… and expected=… are shown as they are."""
    if not condition:
        raise Diagnosis(problem, **rows, why=why)


def shown_bytes(data: bytes, limit: int = 200) -> str:
    """Return repr(data), without its middle where it is long."""
    return repr(data) if len(data) <= limit else f"{data[:limit // 2]!r} … {data[-limit // 2:]!r}, {len(data)} bytes"
