"""`python -m dev learner`: what it tries is tried, and what is wrong is reported."""
import argparse
import json
import shutil
import subprocess
import sys

import pytest

from dev import PROJECT, learner_run
from dev.learner_run import ADDRESS, Failed, Learner
from workshop.course.project import Project


@pytest.fixture
def learner(tmp_path):
    """Somebody who has not begun, and is to do chapter 1."""
    return Learner(learner_run.copied(PROJECT, tmp_path / "你好 ü"), ["1"])


def test_starters_pass_until_a_step_is_begun(learner):
    learner_run.starters(learner)
    shutil.copy(learner.folder / "solutions" / "ch01_socket.py", learner.folder / "chapters")
    with pytest.raises(Failed, match="5 steps"):
        learner_run.starters(learner)


def test_solutions_pass_until_one_is_wrong(learner):
    learner_run.solutions(learner)
    solution = learner.folder / "solutions" / "ch01_socket.py"
    text = solution.read_text(encoding="utf-8")
    solution.write_text(text.replace("usegmt=True", ""), encoding="utf-8")
    with pytest.raises(Failed, match="1.1 build_response: wrong"):
        learner_run.solutions(learner)


def test_no_steps_are_no_success():
    with pytest.raises(Failed, match="0 steps"):
        learner_run.expect_all([], lambda step: True)


def test_an_answer_that_is_no_json_is_shown():
    learner = Learner(PROJECT.root, ["9"])
    with pytest.raises(Failed, match="exit status 1"):
        learner.verdicts()


def test_a_cell_that_raises_fails_the_notebook(tmp_path):
    cell = {"cell_type": "code", "id": "one", "metadata": {}, "source": "1 / 0", "outputs": [], "execution_count": None}
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    text = json.dumps({"cells": [cell], "metadata": kernel, "nbformat": 4, "nbformat_minor": 5})
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "ch01_tiny.ipynb").write_text(text, encoding="utf-8")
    learner = Learner(tmp_path)
    learner.python = sys.executable
    with pytest.raises(Failed, match="ZeroDivisionError"):
        learner_run.notebook(learner)


LAB = """
import time
print("To stop it, press Ctrl-C here.\\n    http://127.0.0.1:1/lab?token=a", flush=True)
time.sleep(60)
"""


def test_set_up_asks_for_the_page_that_lab_names(tmp_path, monkeypatch):
    (tmp_path / "workshop").mkdir()
    (tmp_path / "workshop" / "__main__.py").write_text(LAB, encoding="utf-8")
    asked = []
    monkeypatch.setattr(learner_run, "look_at", asked.append)
    learner_run.set_up(Learner(tmp_path))
    assert asked == ["http://127.0.0.1:1/lab?token=a"]


def test_set_up_shows_what_lab_says_if_it_ends(tmp_path):
    (tmp_path / "workshop").mkdir()
    (tmp_path / "workshop" / "__main__.py").write_text("print('The disk is full.')", encoding="utf-8")
    with pytest.raises(Failed, match="The disk is full."):
        learner_run.set_up(Learner(tmp_path))


def test_the_address_is_the_one_that_jupyterlab_prints():
    line = "        http://127.0.0.1:42779/lab/tree/notebooks?token=5fd85b\n"
    assert ADDRESS.search(line).group() == line.strip()
    assert not ADDRESS.search("        http://localhost:42779/lab/tree/notebooks?token=5fd85b\n")


def test_a_page_that_does_not_answer_is_reported():
    with pytest.raises(Failed, match="does not answer"):
        learner_run.look_at("http://127.0.0.1:1/lab")  # nobody listens on port 1


@pytest.fixture
def repository(tmp_path):
    """A repository with one file, in which the command works."""
    (tmp_path / "chapters").mkdir()
    (tmp_path / "chapters" / "ch01_socket.py").touch()
    return Project(tmp_path)


def run(repository, parts, *words):
    """Run `python -m dev learner` with words, and with other parts than its own; return the exit status."""
    parser = argparse.ArgumentParser()
    learner_run.add_arguments(parser)
    return learner_run.run(parser.parse_args(words), repository, parts)


def works(learner):
    """A part that passes."""
    assert (learner.folder / "chapters" / "ch01_socket.py").exists()


def fails(learner):
    """A part that fails."""
    raise Failed("what is wrong")


@pytest.mark.parametrize("parts, status", [([works, works], 0), ([fails, works], 1), ([works, fails], 1)])
def test_all_parts_are_done_and_one_that_fails_fails_the_run(parts, status, repository, capsys):
    assert run(repository, parts) == status
    lines = capsys.readouterr().out.splitlines()
    assert ("what is wrong" in lines) == bool(status)
    assert [line.split()[1] for line in lines[-2:]] == ["FAILED" if part is fails else "passed" for part in parts]


def test_the_copy_is_kept_only_if_something_fails(repository):
    run(repository, [works])
    assert not (repository.kept / "learner").exists()
    run(repository, [fails])
    assert (repository.kept / "learner").exists()


@pytest.mark.parametrize("temporary, status", [("C:\\temp", 1), ("D:\\temp", 0)])
def test_two_drives_are_demanded_where_so_wanted(temporary, status, repository, monkeypatch, capsys):
    monkeypatch.setattr(learner_run, "drive", lambda path: str(path)[:2] if str(path)[1] == ":" else "C:")
    monkeypatch.setattr(learner_run.tempfile, "gettempdir", lambda: temporary)
    assert run(repository, [works], "--two-drives") == status
    assert ("set TEMP" in capsys.readouterr().out) == bool(status)


def test_it_needs_nothing_but_the_standard_library():
    code = "import sys\nimport dev.learner_run\nprint(*{name.partition('.')[0] " \
           "for name, module in sys.modules.items() if module})"
    run = subprocess.run([sys.executable, "-S", "-c", code], cwd=PROJECT.root, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert set(run.stdout.split()) - {"wsgi_contract", "dev", "workshop", "__main__"} <= sys.stdlib_module_names
