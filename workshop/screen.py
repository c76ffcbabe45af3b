"""Where `watch` shows what it has found: a terminal, whose screen it redraws, or anything else, which gets lines."""
import os
import shutil
import sys
import time

from workshop.terminal import painted

CLEAR = "\x1b[2J\x1b[H"  # of ECMA-48: erase the screen, go to its upper left corner


class Screen:
    """A terminal. A page takes the place of the one before."""

    lasting = True  # what is shown stays until a key is pressed

    def __init__(self, stream=None):
        self.stream = stream or sys.stdout
        self.clear = "\n" * 3 if os.name == "nt" or os.environ.get("TERM") == "dumb" else CLEAR

    def show(self, lines, legend):
        """Show lines, as many as fit, and below them a legend."""
        lines = "\n".join(lines).splitlines()
        room = max(shutil.get_terminal_size().lines - 3, 5)
        if len(lines) > room:
            lines = [*lines[:room - 1], painted("…", "faint")]
        self.stream.write(self.clear + "\n".join([*lines, "", painted(legend, "faint")]))
        self.stream.flush()


class Lines:
    """A pipe or a file. What is the same as before is not printed again."""

    lasting = False

    def __init__(self, stream=None):
        self.stream = stream or sys.stdout
        self.before = None

    def show(self, lines, legend):
        """Print lines, with the time."""
        if lines != self.before:
            self.before = lines
            self.stream.write("\n".join([time.strftime("-- %H:%M:%S"), *lines, ""]))
            self.stream.flush()
