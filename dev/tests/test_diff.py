"""`diff`: both versions of a step, in columns or one below the other; what is not done is shown only on purpose."""
import argparse
import io
import re
import sys

import pytest

from dev import PROJECT
from workshop.course import exercise
from workshop.course.borrowed import with_note
from workshop.machine.trouble import Trouble
from workshop.verbs import diff

STEM = "ch01_socket"
REFERENCE = (PROJECT.root / "solutions" / f"{STEM}.py").read_text(encoding="utf-8")
MINE = REFERENCE.replace("    listener = socket.socket(", "    # 你好\n    listener = socket.socket(").replace(
    "        listener.close()\n        raise\n", "        raise\n")


@pytest.fixture(autouse=True)
def mine(monkeypatch, tmp_path):
    """Chapter 1 of a learner who has done all but 1.2; a function sets the text of the file."""
    path = tmp_path / f"{STEM}.py"
    monkeypatch.setattr(exercise, "read", lambda stem: exercise.Exercise(stem, path, path.read_bytes()))
    monkeypatch.setattr(diff, "states", lambda numbers: {number: "wrong" if number == "1.2" else "done"
                                                         for number in numbers})
    monkeypatch.setenv("COLUMNS", "200")
    path.write_text(MINE, encoding="utf-8")
    return path.write_text


@pytest.fixture
def said(capsys):
    def say(*words, status=0):
        parser = argparse.ArgumentParser()
        diff.add_arguments(parser)
        assert diff.run(parser.parse_args(words)) == status
        return capsys.readouterr().out

    return say


def test_both_versions_stand_side_by_side_with_signs_between(said):
    lines = said("1.4").splitlines()
    assert lines[0] == "1.4 open_listener" and re.match(r"chapters/\S+:\d+ +solutions/\S+:\d+$", lines[1])
    signs = [(line.strip().split()[0], line) for line in lines if re.search(r" [<>|]( |$)", line)]
    assert [line.strip() for _, line in signs] == ["# 你好" + " " * (len(signs[0][1].rstrip()) - 9) + "<",
                                                   ">         listener.close()"]


def test_columns_stay_straight_where_characters_are_wide(said):
    rows = [line for line in said("1.4").splitlines()[2:] if len(line) > 60]
    places = {diff.columns(row[:row.index("    listener = ", 10)]) for row in rows if row.count("listener = ") == 2}
    assert len(places) == 1
    assert diff.columns("你好 a") == 6


@pytest.mark.parametrize("columns", ["60", "100"])
def test_in_a_narrow_terminal_they_stand_one_below_the_other(columns, said, monkeypatch):
    monkeypatch.setenv("COLUMNS", columns)
    lines = said("1.4").splitlines()
    assert lines[1].startswith("--- chapters/") and lines[2].startswith("+++ solutions/")
    assert [line for line in lines[3:] if line[0] in "+-"] == ["-    # 你好", "+        listener.close()"]


def test_the_task_is_left_out_for_it_is_the_same(said):
    assert "Step 1.4" not in said("1.4")


def test_what_is_the_same_is_said_in_a_word(said):
    assert "as the reference has it" in said("1.5")


def test_what_is_borrowed_is_said_to_be(said, mine):
    from workshop.course import definitions

    text = with_note(definitions.text_of(REFERENCE, "serve"), "1.5")
    mine(definitions.replace(MINE, {"serve": text}), encoding="utf-8")
    assert "borrowed, so it is the reference" in said("1.5")


def test_a_chapter_is_all_its_steps(said):
    assert [step.number in said("1", "--anyway") for step in PROJECT.by_stem[STEM].steps] == [True] * 5


def test_what_is_missing_is_said_with_its_remedy(said, mine):
    mine(MINE.replace("def serve(", "def sreve("), encoding="utf-8")
    assert "There is no serve in your file: python3 -m workshop reset 1.5" in said("1.5")


@pytest.mark.parametrize("what", ["1.2", "1"])
def test_what_is_not_done_is_shown_only_on_purpose(what, said):
    with pytest.raises(Trouble, match=rf"Not done yet: 1\.2\..*diff {re.escape(what)} --anyway"):
        said(what)
    assert "read_head" in said(what, "--anyway")


@pytest.mark.parametrize("answer, status", [("y\n", 0), ("Yes\n", 0), ("\n", 1), ("n\n", 1), ("what?\n", 1), ("", 1)])
def test_in_a_terminal_you_are_asked(answer, status, said, monkeypatch):
    terminal = io.StringIO(answer)
    terminal.isatty = lambda: True
    monkeypatch.setattr(sys, "stdin", terminal)
    shown = said("1.2", status=status)
    assert "Show it all the same?" in shown and ("as the reference has it" in shown) == (status == 0)


def test_a_file_that_is_no_python_is_told_with_its_line(said, mine):
    mine("x = 1\ndef f(:\n", encoding="utf-8")
    with pytest.raises(Trouble, match=r"ch01_socket.py:2 is not Python"):
        said("1.5")


def test_colours_tell_yours_from_the_reference(said, monkeypatch):
    monkeypatch.setattr("workshop.terminal.has_colour", lambda stream: True)
    text = said("1.4")
    assert "\x1b[33m    # 你好\x1b[0m" in text and "\x1b[36m        listener.close()\x1b[0m" in text
