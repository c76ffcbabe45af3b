"""What is printed can be printed anywhere: without UTF-8, without colour, in few columns."""
import io

import pytest

from workshop.terminal import marks as terminal


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
    ("utf-8", "✔ ✘ ○ · … 你 \udcff".encode("utf-8", "backslashreplace")),
    ("ascii", rb"+ x o - ... \u4f60 \udcff"),
    ("cp1252", b"+ x o \xb7 \x85 \\u4f60 \\udcff"),
])
def test_every_text_can_be_printed_in_every_encoding(encoding, said):
    screen = EncodedStream(encoding)
    terminal.prepare(screen)
    screen.write("✔ ✘ ○ · … 你 \udcff")
    assert screen.shown() == said


def test_every_mark_has_a_plain_one_of_its_own():
    plain = [terminal.PLAIN[mark] for mark in terminal.MARKS.values()]
    assert len(set(plain)) == len(plain) and "".join(plain).isascii()


def test_colour_is_for_terminals_whose_owner_wants_it(monkeypatch):
    assert terminal.mark("done", EncodedStream()) == "\x1b[32m✔\x1b[0m"
    assert terminal.mark("done", EncodedStream(tty=False)) == "✔"
    monkeypatch.setenv("NO_COLOR", "1")
    assert terminal.mark("done", EncodedStream()) == "✔"
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "dumb")
    assert terminal.mark("done", EncodedStream()) == "✔"


@pytest.mark.parametrize("columns, width", [("60", 60), ("300", 100)])
def test_prose_is_no_wider_than_the_terminal_and_never_too_wide_to_read(columns, width, monkeypatch):
    monkeypatch.setenv("COLUMNS", columns)
    assert terminal.width() == width


def test_long_lines_are_broken_but_for_the_commands_in_them(monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    text = "  To see what there is, type: python3 -m workshop undo --list\nshort"
    assert terminal.fitted(text) == "  To see what there is, type:\n  python3 -m workshop undo --list\nshort"
    assert terminal.fitted("`python3 -m workshop reset 2` makes the whole file new.") == (
        "`python3 -m workshop reset 2` makes the\nwhole file new.")
    assert terminal.fitted("a" * 50 + " b", "> ") == "a" * 50 + "\n> b"
