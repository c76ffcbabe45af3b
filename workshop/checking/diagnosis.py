"""What a learner reads when a check fails, and the few ways in which a check can fail.

A diagnosis says what is wrong in one line, and below it what was sent, what was called, what came back, what was
expected, why it matters and where that is written down. Nothing in it is a traceback.
"""
import re
import shutil
from typing import Any

from wsgi_contract.problem import Diagnosis, expect_that, shown_bytes

__all__ = ["Diagnosis", "expect_same", "expect_that", "expect_unchanged", "shown_bytes"]

INDENT = 13  # columns of a row before its text
COLUMNS = max(shutil.get_terminal_size((103, 0)).columns, 40)  # of the terminal; this many where there is none
WIDTH = min(76, COLUMNS - INDENT - 4)  # characters of a value in one row
LEAF = 32  # characters of a value within another one
DEEPEST = 5  # values within values that are looked into
LINES = 4  # of what was printed, from its beginning and from its end each
LONGEST = 600  # characters of a row in which a check shows a value itself
NOTHING_OUT = "nothing: the call returns"  # "came out", where an exception should
VALUES = {  # rows that show values
    "called", "sent", "came back", "came out", "expected", "with head", "fields", "body", "before", "afterwards",
}


def expect_same(came_back: object, expected: object, why: str, *, problem: str = "the result is another one",
                of: str = "", **rows: Any) -> None:
    """Fail unless came_back equals expected and has its type. Where they are alike, a caret shows how far.

    of names what is looked at, such as "self.received", where that is not what the learner's function has returned.
    """
    if not same(came_back, expected):
        came, wanted, caret = compared(came_back, expected, of)
        raise Diagnosis(problem, **rows | {"afterwards" if of else "came back": came, "expected": wanted, "": caret},
                        why=why)


def expect_unchanged(of: str, afterwards: object, before: object, why: str, *, problem: str, **rows: Any) -> None:
    """As expect_same, of something that the learner's code is given, and leaves as it was before."""
    if not same(afterwards, before):
        now, then, caret = compared(afterwards, before, of)
        raise Diagnosis(problem, **rows | {"before": then, "afterwards": now, "": caret}, why=why)


def same(one: object, other: object) -> bool:
    """Tell whether two values are equal and of one type."""
    return type(one) is type(other) and one == other


def compared(one: object, other: object, of: str) -> tuple[str, str, str | None]:
    """Return two values as texts, after what they are of, and a caret where they differ, None if they have no parts."""
    texts = told_apart(one, other)
    first, second, caret = windows(*texts, first_difference(*texts))
    lead = f"{of}: " if of else ""
    has_parts = type(one) is type(other) and not isinstance(one, (int, float))
    return lead + first, lead + second, " " * len(lead) + caret if has_parts else None


def told_apart(came_back: object, expected: object) -> tuple[str, str]:
    """Return two values that are not the same as texts that are not the same."""
    came, wanted = map(without_addresses, (repr(came_back), repr(expected)))
    if max(len(came), len(wanted)) > WIDTH:
        came, wanted = map(without_addresses, abridged(came_back, expected))
    if came == wanted and type(came_back) is not type(expected):
        return f"{came}, of type {type(came_back).__name__}", f"{wanted}, of type {type(expected).__name__}"
    return (f"{came}, another one that looks the same", wanted) if came == wanted else (came, wanted)


def without_addresses(text: str) -> str:
    """Return a text without addresses in memory, which tell nobody anything."""
    return re.sub(r" at 0x[0-9a-fA-F]+", "", text)


def without_insides(text: str) -> str:
    """Return the text of an exception without the places of functions in the checks: `TestX.test_y.<locals>.`."""
    text = re.sub(r"(?:\w+\.)*\w+\.<locals>\.(?:[\w.]+\.<locals>\.)*", "", text)
    return re.sub(r"(?:\w+\.)*<lambda>\(\)", "the function that it is given", text)


def abridged(one: object, other: object, depth: int = 0) -> tuple[str, str]:
    """Return two values as texts. What is long in tuples, lists and dicts is cut, alike and where both are alike."""
    if type(one) is type(other) and depth < DEEPEST:
        if type(one) in (tuple, list):
            return abridged_sequences(list(one), list(other), type(one) is tuple, depth + 1)  # type: ignore[call-overload]
        if isinstance(one, dict) and type(one) is dict:
            return abridged_dicts(one, other, depth + 1)  # type: ignore[arg-type]
    return abridged_leaves(repr(one), repr(other)) if depth else (repr(one), repr(other))


def abridged_leaves(one: str, other: str) -> tuple[str, str]:
    """Return two texts, both cut to their middles around the first difference where one is long."""
    if max(len(one), len(other)) <= LEAF:
        return one, other
    if one == other:
        return (f"{one[:LEAF // 2]} … {one[-LEAF // 4:]}",) * 2
    return windows(one, other, first_difference(one, other), LEAF)[:2]


def abridged_sequences(one: list[Any], other: list[Any], round_ones: bool, depth: int) -> tuple[str, str]:
    """Return two tuples (round ones) or lists as texts."""
    pairs = [abridged(a, b, depth) for a, b in zip(one, other, strict=False)]
    texts = []
    for place, items in enumerate((one, other)):
        parts = [pair[place] for pair in pairs] + [abridged(item, item, depth)[0] for item in items[len(pairs):]]
        comma = "," if round_ones and len(parts) == 1 else ""
        texts.append(f"({', '.join(parts)}{comma})" if round_ones else f"[{', '.join(parts)}]")
    return texts[0], texts[1]


def abridged_dicts(one: dict[Any, Any], other: dict[Any, Any], depth: int) -> tuple[str, str]:
    """Return two dicts as texts, each with its items in its own order."""
    return items_of(one, other, depth), items_of(other, one, depth)


def items_of(one: dict[Any, Any], other: dict[Any, Any], depth: int) -> str:
    """Return a dict as text; what is long in it is cut where it is as in another dict."""
    parts = [f"{key!r}: {abridged(value, other.get(key, value), depth)[0]}" for key, value in one.items()]
    return "{" + ", ".join(parts) + "}"


def first_difference(one: str, other: str) -> int:
    """Return the position of the first character that differs."""
    pairs = zip(one, other, strict=False)
    return next((position for position, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def windows(one: str, other: str, position: int, size: int = WIDTH) -> tuple[str, str, str]:
    """Return both texts, cut alike around position, and a line with a caret under it."""
    begin = max(0, position - size // 2) if max(len(one), len(other)) > size else 0
    lead = "… " if begin else ""
    first, second = (lead + text[begin:begin + size] + (" …" if len(text) > begin + size else "")
                     for text in (one, other))
    return first, second, " " * (len(lead) + position - begin) + "^"


def fitting(rows: dict[str, Any]) -> dict[str, Any]:
    """Return the rows of a diagnosis, with long lines cut: what came back and what was expected where they differ."""
    came, wanted = str(rows.get("came back") or ""), str(rows.get("expected") or "")
    if min(len(came), len(wanted)) > LONGEST:
        came, wanted, _ = windows(came, wanted, first_difference(came, wanted), LONGEST)
        rows = rows | {"came back": came, "expected": wanted}
    return {name: cut(str(value)) if name in VALUES and value is not None else value for name, value in rows.items()}


def cut(text: str) -> str:
    """Return a text without the middle of each line that is long."""
    return "\n".join(line if len(line) <= LONGEST + 4 else f"{line[:LONGEST - 150]} … {line[-140:]}"
                     for line in text.split("\n"))


def first_and_last_lines(text: str) -> str:
    """Return a text without its middle where it has many lines, or long ones."""
    lines = cut(text).split("\n")
    return "\n".join(lines if len(lines) <= 2 * LINES + 1 else [*lines[:LINES], "…", *lines[-LINES:]])
