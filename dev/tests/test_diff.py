"""`diff`: both versions of a step, in columns or one below the other; what does not pass is shown only on purpose."""
import argparse
import io
import re
import sys

import pytest

from dev import PROJECT
from dev.sandbox import reference, with_bodies
from workshop.checking.current_verdicts import CurrentVerdicts
from workshop.checking.verdict import Verdict
from workshop.course.borrowed_steps import with_note
from workshop.course.project import Project
from workshop.course.step_states import State
from workshop.machine.trouble import Trouble
from workshop.verbs import diff

STEM = "ch01_socket"
REFERENCE = PROJECT.by_stem[STEM].reference
MINE = REFERENCE.replace("    listener = socket.socket(", "    # 你好\n    listener = socket.socket(").replace(
    "        listener.close()\n        raise\n", "        raise\n")


@pytest.fixture
def sandbox(fresh_sandbox):
    return fresh_sandbox("mine")


@pytest.fixture
def mine(monkeypatch, sandbox):
    """A workshop in which all steps of chapter 1 but 1.2 pass; a function sets the text of a chapter."""
    monkeypatch.setenv("COLUMNS", "200")

    def write(text, stem=STEM):
        sandbox.write(stem, text)
        sandbox.remember({number: Verdict(number, ["failed" if number == "1.2" else "passed"])
                          for number in PROJECT.steps})

    write(MINE)
    return write


@pytest.fixture
def said(capsys, mine, sandbox):
    def say(*words, status=0):
        parser = argparse.ArgumentParser()
        diff.add_arguments(parser)
        assert diff.run(parser.parse_args(words), Project(sandbox.root)) == status
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


SHORT = PROJECT.step("3.6")  # one may write its body as the reference has it


def test_what_is_the_same_is_said_in_a_word(said, mine):
    mine(SHORT.chapter.reference, SHORT.chapter.stem)
    assert "3.6 Site.page  as the reference has it\nchapters/ch03_environ.py:" in said("3.6")


def test_what_is_borrowed_is_said_to_be(said, mine):
    from workshop.course import definitions

    assert "1.5 serve  borrowed, so it is the reference\nchapters/ch01_socket.py:" in said("1.5")
    text = with_note(definitions.text_of(SHORT.chapter.reference, SHORT.name), SHORT.number)
    mine(definitions.replace(SHORT.chapter.reference, {SHORT.name: text}), SHORT.chapter.stem)
    assert "borrowed, so it is the reference" in said("3.6") and "# borrowed" not in said("3.6")


AT_THE_MARGIN = '''return f"""<pre>
at the margin: {self}
    {"indented"}
</pre>""".encode()
'''


@pytest.mark.parametrize("columns", ["80", "200"])
def test_a_text_that_begins_at_the_margin_is_shown_to_the_letter(columns, said, mine, monkeypatch):
    step = PROJECT.step("5.5")
    mine(with_bodies(reference(), step.chapter.stem, {step.name: AT_THE_MARGIN})[step.chapter.stem], step.chapter.stem)
    monkeypatch.setenv("COLUMNS", columns)
    shown = said("5.5", "--anyway").splitlines()
    for line in AT_THE_MARGIN.splitlines()[1:]:
        assert any(re.fullmatch(re.escape(f"-{line}") if columns == "80" else re.escape(line) + "( +[<|] .*| +<)", one)
                   for one in shown), line


def test_a_chapter_is_all_its_steps(said):
    assert [step.number in said("1", "--anyway") for step in PROJECT.by_stem[STEM].steps] == [True] * 5


def test_what_is_missing_is_said_with_its_remedy(said, mine):
    mine(MINE.replace("def serve(", "def sreve("))
    assert "There is no serve in your file: python3 -m workshop reset 1.5" in said("1.5")


@pytest.mark.parametrize("what", ["1.2", "1"])
def test_what_does_not_pass_is_shown_only_on_purpose(what, said):
    with pytest.raises(Trouble, match=rf"Not passed yet: 1\.2\..*diff {re.escape(what)} --anyway"):
        said(what)
    assert "read_head" in said(what, "--anyway")


def test_what_was_never_checked_is_checked_first(said, sandbox):
    (Project(sandbox.root).kept / "verdicts.json").unlink()
    assert "so it is the reference" in said("1.5")
    assert CurrentVerdicts(Project(sandbox.root)).state("1.5") == State.BORROWED
    with pytest.raises(Trouble, match="Not passed yet: 1.4."):  # its listener stays open after an error
        said("1.4")


@pytest.mark.parametrize("answer, status", [("y\n", 0), ("Yes\n", 0), ("\n", 1), ("n\n", 1), ("what?\n", 1), ("", 1)])
def test_in_a_terminal_you_are_asked(answer, status, said, monkeypatch):
    terminal = io.StringIO(answer)
    terminal.isatty = lambda: True
    monkeypatch.setattr(sys, "stdin", terminal)
    shown = said("1.2", status=status)
    assert "Show it all the same?" in shown and ("so it is the reference" in shown) == (status == 0)


def test_a_file_that_is_no_python_is_told_with_its_line(said, mine):
    mine("x = 1\ndef f(:\n")
    with pytest.raises(Trouble, match=r"ch01_socket.py:2 is not Python"):
        said("1.5")


def test_colours_tell_yours_from_the_reference(said, monkeypatch):
    monkeypatch.setattr("workshop.terminal.marks.has_colour", lambda stream: True)
    text = said("1.4")
    assert "\x1b[33m    # 你好\x1b[0m" in text and "\x1b[36m        listener.close()\x1b[0m" in text
