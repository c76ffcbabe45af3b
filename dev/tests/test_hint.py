"""`python3 -m workshop hint`: one hint after the other, from the notebooks, as text that a terminal can show."""
import argparse
import os
import subprocess
import sys

import pytest

from dev import PROJECT
from dev.sandbox import Sandbox
from workshop.course import notebook_hints, notebooks
from workshop.course.project import Project
from workshop.files import replacing
from workshop.machine.trouble import Trouble
from workshop.pages.hint_lines import plain
from workshop.verbs import hint

LAST = PROJECT.chapters[-1].number
HINTS = notebook_hints.hints_for(PROJECT.step("2.3"))


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return Sandbox(tmp_path_factory.mktemp("hint") / "my workshop, 你好 ü").root


@pytest.fixture
def memory(place, tmp_path):
    """Where it is remembered how many hints were shown: in a folder that is not there yet."""
    if (place / ".workshop").exists():
        os.replace(place / ".workshop", tmp_path / "of the test before")
    return place / ".workshop" / notebook_hints.SHOWN


@pytest.fixture(autouse=True)
def columns(monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")


@pytest.fixture
def said(capsys, place, memory):
    """A function that runs `hint` with some words and returns what it prints."""
    def say(*words):
        parser = argparse.ArgumentParser()
        hint.add_arguments(parser)
        assert hint.run(parser.parse_args(words), Project(place)) == 0
        return capsys.readouterr().out

    return say


def test_each_call_shows_the_next_hint_and_the_last_one_comes_again(said):
    shown = [said("2.3") for _ in range(len(HINTS) + 1)]
    titles = [line for text in shown for line in text.splitlines() if line.startswith("Hint ")]
    assert titles == ["Hint 1 of 3", "Hint 2 of 3", "Hint 3 of 3", "Hint 3 of 3, again"]
    assert "The next: " in shown[1] and "That was the last" in shown[2] and shown[2] == shown[3].replace(", again", "")


def test_each_step_has_its_own_count(said):
    said("2.3")
    assert "Hint 1 of 3" in said("2.4") and "Hint 2 of 3" in said("2.3")


def test_all_hints_can_be_had_at_once(said):
    text = " ".join(said("2.3", "--all").split())
    assert all(" ".join(one.split()) in text for one in HINTS)
    assert "again" in said("2.3")


def test_the_task_is_the_steps_docstring_and_no_hint_is_used_up(said):
    heading, _, task = PROJECT.steps["2.3"].task.partition("\n")
    shown = said("2.3", "--task")
    assert heading.startswith("Step 2.3 ") and shown.startswith("Step 2.3 · parse_fields\nchapters/ch02_request.py:")
    assert " ".join(task.split()) in " ".join(shown.split())
    assert "Hint 1 of 3" in said("2.3")


def test_the_place_is_where_an_editor_finds_the_function(said, place):
    path, line = said("2.3").splitlines()[1].split(":")
    assert (place / path).read_text(encoding="utf-8").splitlines()[int(line) - 1].startswith("def parse_fields(")


@pytest.mark.parametrize("number, those", [
    ("2.99", r"no step 2\.99: those of chapter 2 go from 2\.1 to 2\.12\."),
    ("2", r"no step 2: .* from 2\.1 to 2\.12\."),
    ("2.3.4", r"no step 2\.3\.4: a step is two numbers"), ("9.1", f"no chapter 9: they go from 1 to {LAST}"),
    ("x", f"no chapter x: they go from 1 to {LAST}"), ("", f"from 1 to {LAST}"),
    ("²³.1", r"no step ²³\.1: a step is two numbers"),
])
def test_a_step_that_is_not_there_is_told_with_those_that_are(number, those, said):
    with pytest.raises(Trouble, match=f"There is {those}" if number else those):
        said(number)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"2.3": "two"}', '{"2.3": -7}', '{"2.3": 99}', "\udcff"])
def test_a_memory_that_is_damaged_is_no_error(content, said, memory):
    memory.parent.mkdir()
    memory.write_bytes(content.encode("utf-8", "surrogateescape"))
    assert "Hint " in said("2.3")


def test_a_memory_that_cannot_be_written_is_no_error(said, memory):
    memory.parent.write_text("a file where the folder should be", encoding="utf-8")
    assert "Hint 1 of 3" in said("2.3") and "Hint 1 of 3" in said("2.3")


def test_what_is_remembered_is_replaced_whole_or_stays_as_it_was(said, memory, monkeypatch):
    said("2.3")
    before = memory.read_bytes()

    def fail(*arguments):
        raise OSError("the disk is full")

    monkeypatch.setattr(replacing, "put", fail)
    assert "Hint 2 of 3" in said("2.3") and memory.read_bytes() == before
    assert [path.name for path in memory.parent.iterdir()] == [memory.name]


@pytest.mark.parametrize("number", PROJECT.steps)
def test_every_hint_fits_into_sixty_columns_and_is_all_there(number, said):
    text = said(number, "--all")
    assert not [line for line in text.splitlines() if len(line) > 60]
    printed = "".join(text.replace("*", "").split())
    hints = notebook_hints.hints_for(PROJECT.step(number))
    assert all("".join(one.replace("*", "").split()) in printed for one in hints)


@pytest.mark.parametrize("markdown, text", [
    ("Look at [RFC 9112](https://x.org/y_z) *first*.", "  Look at RFC 9112 (https://x.org/y_z) first."),
    ("`a * b` and `c * d` stay", "  `a * b` and `c * d` stay"),
    ("2 * 3 * 4", "  2 * 3 * 4"),
    ("one\n\ntwo\nlines", "  one\n\n  two lines"),
    ("see:\n\n    x = 1\n    y = 2", "  see:\n\n  x = 1\n  y = 2"),
    ("x" * 40 + " `the code is kept together`", "  " + "x" * 40 + "\n  `the code is kept together`"),
])
def test_markdown_becomes_plain_text(markdown, text):
    assert plain(markdown) == text


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b'{"cells": 3}', b"\xff"])
def test_a_notebook_that_is_damaged_is_named_with_its_remedy(content, tmp_path):
    place = Sandbox(tmp_path)
    (place.root / "notebooks" / "ch02_request.ipynb").write_bytes(content)
    status, text = place.say("hint", "2.3")
    assert status == 1 and "notebooks/ch02_request.ipynb cannot be read as a notebook" in text and "anew" in text
    assert place.say("hint", "1.1")[0] == 0


def test_only_the_notebook_of_the_chapter_is_read(said, monkeypatch):
    read = []
    monkeypatch.setattr(notebooks, "read", lambda project, name: read.append(name) or {"cells": []})
    assert "no hints" in said("2.3")
    assert read == ["ch02_request"]


def test_a_hint_waits_for_no_module_that_takes_long_to_import():
    """How long it takes is measured by `python -m dev latency`, where nothing else runs."""
    code = ("import atexit, sys\nfrom workshop.__main__ import main\n"
            "atexit.register(lambda: print(*sys.modules))\nmain(['hint', '1.1', '--task'])")
    said = subprocess.run([sys.executable, "-c", code], cwd=PROJECT.root, capture_output=True, text=True).stdout
    imported = set(said.splitlines()[-1].split())
    assert "workshop.verbs.hint" in imported
    assert not imported & {"asyncio", "email", "hashlib", "importlib.metadata", "pytest", "secrets", "socket",
                           "subprocess", "tempfile", "threading", "workshop.checking", "workshop.machine.containment"}


def test_what_the_hints_command_says_of_itself_in_the_first_notebook_is_so():
    cells = {cell["id"]: notebooks.text_of(cell) for cell in notebooks.read(PROJECT, "start_here")["cells"]}
    assert "hint 1.2` shows the next hint" in cells["hints"]
