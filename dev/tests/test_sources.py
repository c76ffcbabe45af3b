"""A chapter's file is read in one way by all: without a byte order mark, and with the lines that Python counts."""
import codecs
import subprocess
import sys

import pytest

from dev import PROJECT
from dev.latency import Watching
from workshop.checking import tree
from workshop.course.project import Project
from workshop.course.source import line_at, line_of, read_source
from workshop.course.step_uses import sources_of
from workshop.lesson import quoting
from workshop.verbs import serve, watch

STEM = "ch01_socket"


@pytest.fixture
def repository(fresh_sandbox):
    """A workshop whose first chapter is solved, and saved by an editor that begins each file with a mark."""
    found = fresh_sandbox("mine")
    found.solve(STEM)
    mark(found, STEM)
    return found


def mark(repository, *stems):
    for stem in stems:
        repository.path(stem).write_bytes(codecs.BOM_UTF8 + repository.path(stem).read_bytes())


def test_a_mark_at_the_beginning_of_a_file_changes_no_verdict(repository):
    status, said = repository.say("check", "1")
    assert status == 0 and "5 yours of 5 steps." in said
    ended = subprocess.run([sys.executable, "-m", "pytest", "tests/ch01_socket"], cwd=repository.root,
                           env=repository.environment(), capture_output=True, text=True, encoding="utf-8")
    assert ended.returncode == 0 and "5 yours of 5 steps" in ended.stdout


def test_below_a_mark_what_is_borrowed_is_known_and_so_is_what_uses_what(repository):
    repository.borrow(STEM)
    mark(repository, STEM)
    assert "1 yours, 4 borrowed of 5 steps." in repository.say("check", "1")[1]
    assert dict(sources_of(Project(repository.root), repository.root / "chapters")).keys() == PROJECT.by_stem.keys()


def test_serve_takes_chapters_with_a_mark(repository):
    project, stems = Project(repository.root), list(PROJECT.by_stem)
    repository.solve(*stems)
    mark(repository, *stems)
    serve.refuse_broken(project.learners, project.chapter(serve.SERVER))
    assert serve.default_app(project.learners, project) == "ch05_middleware:application"


def test_watch_sees_which_step_was_edited_below_a_mark(repository):
    assert watch.bodies_in(Project(repository.root), [repository.path(STEM)]).keys() == {
        step.number for step in PROJECT.by_stem[STEM].steps}
    watching = Watching(repository, "1.1")
    try:
        watching.wait_for("✔ 1.1 ")
    finally:
        watching.end()


def test_a_notebook_quotes_a_file_with_a_mark(repository, monkeypatch):
    monkeypatch.setattr(quoting, "tree", lambda: repository.root / "chapters")
    assert "def read_head(" in quoting.quote(STEM, "read_head").data


ODD = "first = '\x0c'\n# \u2028 \x1c\r\ndef f():\n    return 1\n"  # other characters that end a line for str.splitlines


def test_lines_are_counted_as_python_counts_them(tmp_path):
    path = tmp_path / "odd.py"
    path.write_bytes(codecs.BOM_UTF8 + ODD.encode())
    assert line_of(read_source(path), "f", "1.1") == 3 and line_at(path, 4) == "return 1"
    assert tree.place(path, 3) == f"{path}:3  def f():"


@pytest.mark.parametrize("number", [0, 5, 99])
def test_a_line_that_is_not_there_is_empty(number, tmp_path):
    (tmp_path / "odd.py").write_text(ODD, encoding="utf-8")
    assert line_at(tmp_path / "odd.py", number) == "" == line_at(tmp_path / "gone.py", 1)


def test_a_step_that_removes_its_own_file_is_told_what_it_raises(repository):
    repository.solve(STEM, build_response="os.unlink(__file__)\nraise ValueError('mine')")
    said = repository.say("check", "1.1")[1]
    assert "✘ your code raises ValueError: mine" in said and "  your code  chapters/ch01_socket.py:" in said
