"""Messages name the command as it was typed, so that they can be copied into the same terminal."""
import os
import subprocess
import sys

import pytest

from dev.sandbox import Sandbox
from workshop.machine import invocation
from workshop.machine.invocation import USUAL, VARIABLE, as_typed, command, for_shell, python_as_typed


@pytest.mark.parametrize("words, typed", [
    (["python3", "-m", "workshop", "check"], "python3 -m workshop"),
    (["python3.12", "-m", "workshop"], "python3.12 -m workshop"),
    ([".venv/bin/python", "-m", "workshop"], ".venv/bin/python -m workshop"),
    (["my pythons/python", "-m", "workshop"], '"my pythons/python" -m workshop'),
    (["/home/ada/.pyenv/versions/3.12.1/bin/python3", "-m", "workshop"], "python3 -m workshop"),
    (["/opt/odd/python-of-ada", "-m", "workshop"], "python3 -m workshop"),
    ([], "python3 -m workshop"), (["", "-m", "workshop"], "python3 -m workshop"),
])
def test_it_begins_with_the_python_that_was_named(words, typed, monkeypatch):
    monkeypatch.setattr("shutil.which", lambda name: name if name == "python3" else None)
    assert as_typed(words, "linux") == typed


@pytest.mark.parametrize("program, typed", [
    ("/opt/.venv/bin/python", "/opt/.venv/bin/python -m workshop"),
    ("/my pythons/python", '"/my pythons/python" -m workshop'),
    ("", "python3 -m workshop"),
])
def test_where_no_name_is_found_it_begins_with_the_whole_path(program, typed, monkeypatch):
    monkeypatch.setattr("shutil.which", lambda name: None)
    assert as_typed([program, "-m", "workshop"], "linux") == typed


@pytest.mark.parametrize("program, typed", [
    (r"C:\Python312\python.exe", "py -m workshop"),  # the launcher, py, has found it
    (r"C:\workshop\.venv\Scripts\python.exe", "py -m workshop"),  # which takes an environment that is active
    (r".venv\Scripts\python.exe", r".venv\Scripts\python.exe -m workshop"),
    ("python", "python -m workshop"), ("", "py -m workshop"),
])
def test_on_windows_nobody_has_typed_a_whole_path(program, typed):
    assert as_typed([program, "-m", "workshop"], "win32") == typed


def test_words_follow(monkeypatch):
    monkeypatch.setenv(VARIABLE, "py -m workshop")
    assert command("undo", "3") == "py -m workshop undo 3" and command() == "py -m workshop"
    monkeypatch.delenv(VARIABLE)
    assert command("undo") == f"{USUAL} undo"


def test_what_a_process_above_has_noted_counts(monkeypatch):
    monkeypatch.setenv(VARIABLE, "py -m workshop")
    invocation.remember_as_typed()
    assert os.environ[VARIABLE] == "py -m workshop"


@pytest.mark.parametrize("line, windows", [
    ("curl -i 'http://127.0.0.1:8000/?a=b'", 'curl.exe -i "http://127.0.0.1:8000/?a=b"'),
    ("printf 'a\\r\\n' | nc 127.0.0.1 8000", 'printf "a\\r\\n" | nc 127.0.0.1 8000'),
])
def test_a_line_for_a_shell_is_for_the_shells_of_this_system(line, windows):
    assert for_shell(line, "win32") == windows and for_shell(line, "linux") == for_shell(line, "darwin") == line


@pytest.mark.parametrize("python, typed", [
    ("{root}/.venv/bin/python", os.path.join(".venv", "bin", "python")), ("/usr/bin/python3", "py"),
])
def test_the_python_of_the_checks_is_named_by_its_place_in_the_tutorial_if_it_is_there(
        python, typed, tmp_path, monkeypatch):
    """Whoever has not activated .venv can copy the line, and it finds Flask."""
    monkeypatch.setenv(VARIABLE, "py -m workshop")
    assert python_as_typed(python.format(root=tmp_path), tmp_path) == typed


def test_messages_and_diagnoses_name_the_python_that_was_typed(tmp_path):
    repository = Sandbox(tmp_path / "mine")
    repository.solve("ch01_socket", build_response="return body")
    environment = repository.environment()
    del environment[VARIABLE]
    typed = as_typed([sys.executable, "-m", "workshop"])

    def said(*words):
        ended = subprocess.run([sys.executable, "-m", "workshop", *words], cwd=repository.root, env=environment,
                               capture_output=True, text=True, encoding="utf-8")
        return " ".join((ended.stdout + ended.stderr).split())

    assert f"hint {typed} hint 1.1" in said("check", "1.1"), "the checks are another process"
    assert f"To see them: {typed}" in said("check", "9")
    assert f"usage: {typed} check" in said("check", "--help")
    assert "python3 -m workshop" not in said("status") + said("reset", "1.1") + said("undo") + said("diff", "1.2")
