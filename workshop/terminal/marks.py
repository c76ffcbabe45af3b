"""What a terminal can show: the marks of states, and colours where they are wanted.

A character that the terminal's encoding lacks is replaced by one of PLAIN, or by its escape: nothing we print fails.
"""
import codecs
import io
import os
import sys
from typing import TextIO

from workshop.machine.streams import is_terminal

MARKS = {"yours": "✔", "borrowed": "≡", "wrong": "✘", "waiting": "◊", "not started": "○"}  # of a step, by its state
PLAIN = {
    "✔": "+", "≡": "=", "✘": "x", "◊": "~", "○": "o", "·": "-", "…": "...", "→": "->", "←": "<-", "—": "-", "–": "-",
    "─": "-", "│": "|",
}
COLOURS = {  # of ECMA-48, as SGR numbers
    "yours": "32", "borrowed": "36", "wrong": "31", "waiting": "33", "not started": "33", "strong": "1", "faint": "2",
    "left": "33", "right": "36",
}


def plain(error: UnicodeError) -> tuple[str, int]:
    """Return what stands for the characters of a UnicodeEncodeError, and where to go on, as codecs wants it."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    characters = error.object[error.start:error.end]
    escaped = (PLAIN.get(one) or one.encode("ascii", "backslashreplace").decode("ascii") for one in characters)
    return "".join(escaped), error.end


codecs.register_error("workshop-plain", plain)


def prepare(*streams: TextIO | None) -> None:
    """Let text streams print every str, whatever their encoding."""
    for stream in streams:
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="workshop-plain")


def has_colour(stream: TextIO | None) -> bool:
    """Tell whether a stream is a terminal that shows colours, and its owner wants them (https://no-color.org)."""
    wanted = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return wanted and is_terminal(stream) and os.name != "nt"


def painted(text: str, style: str, stream: TextIO | None = None) -> str:
    """Return text in a style of COLOURS, where the stream (standard output) shows colours, else as it is."""
    return f"\x1b[{COLOURS[style]}m{text}\x1b[0m" if has_colour(stream or sys.stdout) else text


def mark(state: str, stream: TextIO | None = None) -> str:
    """Return the mark of a state of a step, in its colour."""
    return painted(MARKS[state], state, stream)
