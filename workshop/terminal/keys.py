"""Single keys from the terminal, and the terminal as it was afterwards, however we end."""
import atexit
import contextlib
import os
import re
import signal
import sys
import time
from collections.abc import Iterator
from typing import Any, Protocol, TextIO

from workshop.machine.streams import is_terminal

SPECIAL = "\x1b"  # Escape, and what stands for all keys that send more than one character: arrows, Home, F2
SEQUENCE = re.compile(r"\x1b(\[\[.|\[[0-?]*[ -/]*[@-~]|[NO].|.)", re.DOTALL)  # what such a key sends (ECMA-48; Linux)
PREFIXES = ("\x00", "\xe0")  # what it begins with on Windows
TICK = 0.01  # seconds between two looks at the keyboard, where one cannot wait for it


class Keys(Protocol):
    """Where keys come from."""

    def read(self, seconds: float) -> str:
        """Return a key that is pressed within some seconds, SPECIAL for one that is not a character, "" if none is."""


class NoKeys:
    """Where there is no terminal: time passes, and no key is pressed."""

    def read(self, seconds: float) -> str:
        time.sleep(seconds)
        return ""


class WindowsKeys:
    """The keyboard of a Windows console."""

    def read(self, seconds: float) -> str:
        if sys.platform != "win32":
            return ""
        import msvcrt

        end = time.monotonic() + seconds
        while not msvcrt.kbhit():
            if time.monotonic() >= end:
                return ""
            time.sleep(min(TICK, seconds))
        key = msvcrt.getwch()
        if key in PREFIXES and msvcrt.kbhit():  # an arrow or a function key comes as two characters
            msvcrt.getwch()
            return SPECIAL
        return key


class TerminalKeys:
    """The keyboard of a terminal, which gives each key at once and does not show it."""

    def __init__(self, stream: TextIO) -> None:
        import termios

        self.descriptor = stream.fileno()
        self.typed = ""  # what was typed and is not read yet
        self.usual = termios.tcgetattr(self.descriptor)
        atexit.register(self.restore)
        self.resume()

    def resume(self, *signal_and_frame: Any) -> None:
        """Take the keys one by one, also after we were stopped and have come back."""
        import tty

        tty.setcbreak(self.descriptor)
        signal.signal(signal.SIGTSTP, self.stop)
        signal.signal(signal.SIGCONT, self.resume)

    def stop(self, *signal_and_frame: Any) -> None:
        """Let Ctrl-Z stop us with the terminal as it was."""
        self.restore()
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGTSTP)
        self.resume()  # we have come back, or nobody could stop us

    def restore(self) -> None:
        import termios

        with contextlib.suppress(termios.error, OSError):
            termios.tcsetattr(self.descriptor, termios.TCSADRAIN, self.usual)

    def end(self) -> None:
        self.restore()
        atexit.unregister(self.restore)
        for number in (signal.SIGTSTP, signal.SIGCONT):
            signal.signal(number, signal.SIG_DFL)

    def read(self, seconds: float) -> str:
        import select

        if not self.typed:
            ready, _, _ = select.select([self.descriptor], [], [], seconds)
            if not ready:
                return ""
            self.typed = os.read(self.descriptor, 100).decode("latin-1") or "q"  # nothing: the terminal is gone
        key = SEQUENCE.match(self.typed)
        first = key[0] if key else self.typed[0]
        self.typed = self.typed[len(first):]
        return SPECIAL if len(first) > 1 else first


@contextlib.contextmanager
def keyboard(wanted: bool = True) -> Iterator[Keys]:
    """Give an object with read(seconds) for the keys that are pressed in a terminal; restore its mode at the end."""
    stream = sys.stdin
    if not (wanted and is_terminal(stream)):
        yield NoKeys()
    elif os.name == "nt":
        yield WindowsKeys()
    else:
        keys = TerminalKeys(stream)
        try:
            yield keys
        finally:
            keys.end()
