"""What one sees while one waits, and where `watch` shows its pages: a terminal, or anything else, which gets lines."""
import os
import re
import shutil
import sys
import time
from collections.abc import Callable
from typing import TextIO, TypeVar

from workshop.machine.streams import is_terminal
from workshop.terminal.marks import painted

Result = TypeVar("Result")
CODES = re.compile(r"\x1b\[[\d;]*m")  # colours, which take no room
CLEAR = "\x1b[2J\x1b[H"  # of ECMA-48: erase the screen, go to its upper left corner


def with_a_word(work: Callable[[], Result], word: str) -> Result:
    """Return what work() returns, and show a word meanwhile, in a terminal."""
    if not is_terminal(sys.stderr):
        return work()
    print(word, end="", flush=True, file=sys.stderr)
    try:
        return work()
    finally:
        print("\r" + " " * len(word) + "\r", end="", flush=True, file=sys.stderr)


class Screen:
    """A terminal. A page takes the place of the one before."""

    lasting = True  # what is shown stays until a key is pressed

    def __init__(self, stream: TextIO | None = None) -> None:
        self.stream = stream or sys.stdout
        self.clear = "\n" * 3 if os.name == "nt" or os.environ.get("TERM") == "dumb" else CLEAR

    def show(self, lines: list[str], legend: str) -> None:
        """Show lines, as many as fit, and below them a legend."""
        size = shutil.get_terminal_size()
        lines = fitting("\n".join(lines).splitlines(), size.columns, size.lines - 3)
        self.stream.write(self.clear + "\n".join([*lines, "", painted(legend, "faint")]))
        self.stream.flush()

    def say(self, legend: str) -> None:
        """Show another legend below what is shown."""
        self.stream.write(f"\r{painted(legend.ljust(shutil.get_terminal_size().columns - 1), 'faint')}")
        self.stream.flush()


def fitting(lines: list[str], columns: int, room: int) -> list[str]:
    """Return lines that fill no more than room rows of a terminal; the last two, which sum up, are among them."""
    lines, cut = list(lines), False
    while sum(rows(line, columns) for line in lines) + cut > room and len(lines) > 3:
        del lines[-3]
        cut = True
    return [*lines[:-2], "…", *lines[-2:]] if cut else lines


def rows(line: str, columns: int) -> int:
    """Return how many rows a line takes."""
    return max(1, -(-len(CODES.sub("", line)) // columns))


class Lines:
    """A pipe or a file. What is the same as before is not printed again."""

    lasting = False

    def __init__(self, stream: TextIO | None = None) -> None:
        self.stream = stream or sys.stdout
        self.before: list[str] | None = None

    def show(self, lines: list[str], legend: str) -> None:
        """Print lines, with the time."""
        if lines != self.before:
            self.before = lines
            self.stream.write("\n".join([time.strftime("-- %H:%M:%S"), *lines, ""]))
            self.stream.flush()

    def say(self, legend: str) -> None:
        """Print nothing: a legend is for those who press keys."""
