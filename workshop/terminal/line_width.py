"""Prose that fits the terminal's lines."""
import shutil

from workshop.machine.invocation import command


def width() -> int:
    """Return the number of columns, never more than prose is pleasant to read in."""
    return min(shutil.get_terminal_size().columns, 100)


def fitted(text: str, indent: int = 0) -> str:
    """Return text with the lines that are too long for the terminal broken; what follows is indented as they begin.

    indent is how much more (columns). Commands stay in one piece, so that they can be copied, where a line has room.
    """
    import re
    import textwrap

    words = re.escape(command()) + r"( [a-z-]+( (--?[a-z-]+|[\dN]+(\.[\dM]+)?))*)?"  # a verb, options, a step
    kept = re.sub(words, lambda match: match[0].replace(" ", "\xa0"), text)
    lines = [line if len(line) <= width() else
             textwrap.fill(line, width(), subsequent_indent=line[:len(line) - len(line.lstrip())] + " " * indent,
                           break_on_hyphens=False, break_long_words=False) for line in kept.split("\n")]
    return "\n".join(lines).replace("\xa0", " ")
