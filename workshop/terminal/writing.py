"""What a terminal can show: marks where it has the characters, colour where it is wanted, and its width.

A character that the terminal's encoding lacks is replaced by one of PLAIN, or by its escape: nothing we print fails.
"""
import codecs
import os
import shutil
import sys

MARKS = {"done": "✔", "wrong": "✘", "not started": "○"}  # of a step, by its state
PLAIN = {
    "✔": "+", "✘": "x", "○": "o", "·": "-", "…": "...", "→": "->", "←": "<-", "—": "-", "–": "-", "─": "-", "│": "|",
}
COLOURS = {  # of ECMA-48, as SGR numbers
    "done": "32", "wrong": "31", "not started": "33", "strong": "1", "faint": "2", "yours": "33", "reference": "36",
}


def plain(error):
    """Return what stands for the characters of a UnicodeEncodeError, and where to go on, as codecs wants it."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    characters = error.object[error.start:error.end]
    escaped = (PLAIN.get(one) or one.encode("ascii", "backslashreplace").decode("ascii") for one in characters)
    return "".join(escaped), error.end


codecs.register_error("workshop-plain", plain)


def prepare(*streams):
    """Let text streams print every str, whatever their encoding."""
    for stream in streams:
        stream.reconfigure(errors="workshop-plain")


def has_colour(stream):
    """Tell whether a stream is a terminal that shows colours, and its owner wants them (https://no-color.org)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb" and os.name != "nt"


def painted(text, style, stream=None):
    """Return text in a style of COLOURS, where the stream (standard output) shows colours, else as it is."""
    return f"\x1b[{COLOURS[style]}m{text}\x1b[0m" if has_colour(stream or sys.stdout) else text


def mark(state, stream=None):
    """Return the mark of a state of a step, in its colour."""
    return painted(MARKS[state], state, stream)


def width():
    """Return the number of columns, never more than prose is pleasant to read in."""
    return min(shutil.get_terminal_size().columns, 100)


COMMAND = r"python3 -m workshop( [a-z-]+( (--?[a-z-]+|[\dN]+(\.[\dM]+)?))*)?"  # as we write them in sentences


def fitted(text, indent=""):
    """Return text with the lines that are too long for the terminal broken, and indented as they begin and by indent.

    Commands stay in one piece, so that they can be copied, where a line has room for them.
    """
    import re
    import textwrap

    lines, columns = re.sub(COMMAND, lambda match: match[0].replace(" ", "\xa0"), text).split("\n"), width()
    filled = (line if len(line) <= columns else
              textwrap.fill(line, columns, subsequent_indent=line[:len(line) - len(line.lstrip())] + indent,
                            break_on_hyphens=False, break_long_words=False) for line in lines)
    return "\n".join(filled).replace("\xa0", " ")
