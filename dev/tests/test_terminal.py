"""What is printed can be printed anywhere: without UTF-8, without colour, in few columns. A key is one key."""
import errno
import io
import os
import sys
from types import SimpleNamespace

import pytest

from workshop.course.step_states import State
from workshop.machine import streams
from workshop.machine.invocation import VARIABLE
from workshop.machine.streams import ReaderGone, is_terminal
from workshop.terminal import keys, line_width
from workshop.terminal import marks as terminal
from workshop.terminal.keys import SPECIAL


class EncodedStream(io.TextIOWrapper):
    """A text stream that may call itself a terminal."""

    def __init__(self, encoding="utf-8", tty=True):
        super().__init__(io.BytesIO(), encoding=encoding)
        self.isatty = lambda: tty

    def shown(self):
        self.flush()
        return self.buffer.getvalue()


@pytest.fixture(autouse=True)
def plain_surroundings(monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(terminal.os, "name", "posix")


@pytest.mark.parametrize("encoding, said", [
    ("utf-8", "✔ ≡ ✘ ◊ ○ · … 你 \udcff".encode("utf-8", "backslashreplace")),
    ("ascii", rb"+ = x ~ o - ... \u4f60 \udcff"),
    ("cp1252", b"+ = x ~ o \xb7 \x85 \\u4f60 \\udcff"),
])
def test_every_text_can_be_printed_in_every_encoding(encoding, said):
    screen = EncodedStream(encoding)
    terminal.prepare(screen)
    screen.write("✔ ≡ ✘ ◊ ○ · … 你 \udcff")
    assert screen.shown() == said


def test_what_is_no_stream_or_closed_is_no_terminal():
    assert is_terminal(EncodedStream()) and not is_terminal(EncodedStream(tty=False)) and not is_terminal(None)
    closed = io.StringIO()
    closed.close()
    assert not is_terminal(closed)


@pytest.mark.parametrize("error, system, told", [
    (BrokenPipeError(errno.EPIPE, "Broken pipe"), "posix", ReaderGone),
    (OSError(errno.EINVAL, "Invalid argument"), "nt", ReaderGone),
    (OSError(errno.EINVAL, "Invalid argument"), "posix", OSError),
    (OSError(errno.ENOSPC, "No space left on device"), "posix", OSError),
])
@pytest.mark.parametrize("what", ["write", "flush"])
def test_that_nobody_reads_any_more_is_told_from_other_errors(what, error, system, told, monkeypatch):
    def fail(*arguments):
        raise error

    monkeypatch.setattr(streams, "os", SimpleNamespace(name=system))
    stream = io.StringIO()
    setattr(stream, what, fail)
    streams.notice_reader(stream)
    streams.notice_reader(None)
    with pytest.raises(told):
        print("text", file=stream, flush=True)


def test_every_state_has_a_mark_and_a_plain_one_of_its_own():
    assert terminal.MARKS.keys() == set(State) and len(set(terminal.MARKS.values())) == 5
    plain = [terminal.PLAIN[mark] for mark in terminal.MARKS.values()]
    assert len(set(plain)) == len(plain) and "".join(plain).isascii()
    assert all(terminal.mark(state, EncodedStream(tty=False)) == terminal.MARKS[state] for state in State)


def test_colour_is_for_terminals_whose_owner_wants_it(monkeypatch):
    assert terminal.mark(State.YOURS, EncodedStream()) == "\x1b[32m✔\x1b[0m"
    assert terminal.mark(State.BORROWED, EncodedStream()) == "\x1b[36m≡\x1b[0m"
    assert terminal.mark(State.YOURS, EncodedStream(tty=False)) == "✔"
    monkeypatch.setenv("NO_COLOR", "1")
    assert terminal.mark(State.YOURS, EncodedStream()) == "✔"
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "dumb")
    assert terminal.mark(State.YOURS, EncodedStream()) == "✔"


@pytest.mark.parametrize("columns, width", [("60", 60), ("300", 100)])
def test_prose_is_no_wider_than_the_terminal_and_never_too_wide_to_read(columns, width, monkeypatch):
    monkeypatch.setenv("COLUMNS", columns)
    assert line_width.width() == width


def test_long_lines_are_broken_but_for_the_commands_in_them(monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    text = "  To see what there is, type: python3 -m workshop undo --list\nshort"
    assert line_width.fitted(text) == "  To see what there is, type:\n  python3 -m workshop undo --list\nshort"
    assert line_width.fitted("`python3 -m workshop reset 2` makes the whole file new.") == (
        "`python3 -m workshop reset 2` makes the\nwhole file new.")
    assert line_width.fitted("a" * 50 + " b", 2) == "a" * 50 + "\n  b"


@pytest.mark.parametrize("typed", ["python3 -m workshop", "py -m workshop", '"C:\\my folder\\python.exe" -m workshop'])
def test_commands_stay_in_one_piece_however_they_are_typed(typed, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setenv(VARIABLE, typed)
    text = f"The reference gives it away. If you mean it: {typed} diff 2.3 --anyway"
    assert line_width.fitted(text) == f"The reference gives it away. If you mean it:\n{typed} diff 2.3 --anyway"


# Keys.


@pytest.fixture
def keyboard(monkeypatch):
    """Keys of a terminal, and a function that types into it."""
    if os.name == "nt":
        pytest.skip("Windows has no pseudo-terminals that Python can open")
    import pty

    monkeypatch.setattr(keys.signal, "signal", lambda *arguments: None)
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, closefd=True) as stream:
        made = keys.TerminalKeys(stream)
        yield made, lambda text: os.write(ours, text.encode())
        made.end()
    os.close(ours)


ONE_KEY = {"Up": "\x1b[A", "Home": "\x1b[H", "End in another mode": "\x1bOF", "F1": "\x1bOP", "Delete": "\x1b[3~",
           "Ctrl-Right": "\x1b[1;5C", "Alt-n": "\x1bn", "Alt-q": "\x1bq", "Escape": "\x1b",
           "F1 of Linux' console": "\x1b[[A"}


@pytest.mark.parametrize("name", ONE_KEY)
def test_a_key_that_is_no_character_is_none_of_those_that_it_sends(name, keyboard):
    made, type_in = keyboard
    type_in(ONE_KEY[name])
    assert made.read(1) == SPECIAL and made.read(0.01) == ""


def test_keys_that_come_at_once_are_read_one_by_one(keyboard):
    made, type_in = keyboard
    type_in("h\x1b[H\x1bOPn")
    assert [made.read(1) for _ in range(4)] == ["h", SPECIAL, SPECIAL, "n"] and made.read(0.01) == ""


def test_on_windows_the_second_half_of_a_key_is_no_letter(monkeypatch):
    typed = list("h\xe0H\x00;q")
    console = SimpleNamespace(kbhit=lambda: bool(typed), getwch=lambda: typed.pop(0))
    monkeypatch.setitem(sys.modules, "msvcrt", console)
    monkeypatch.setattr(keys, "sys", SimpleNamespace(platform="win32"))
    made = keys.WindowsKeys()
    assert [made.read(0.01) for _ in range(5)] == ["h", SPECIAL, SPECIAL, "q", ""]
