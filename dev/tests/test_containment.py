"""A contained process prints as much as it likes, hears no keyboard, and ends with all that it has started."""
import os
import sys
import time

import pytest

from dev import PROJECT
from workshop.machine import containment, interpreter
from workshop.machine.containment import Contained, Ends, tagged, tagged_in_ps


def contained(code):
    return Contained([sys.executable, "-c", code], PROJECT.root)


def test_of_a_long_output_the_ends_are_kept():
    ends = Ends(kept=4)
    for part in (b"ab", b"cdef", b"ghijkl"):
        ends.add(part)
    assert ends.text() == "abcd\n… 4 bytes left out …\nijkl"


@pytest.mark.parametrize("parts, text", [([], ""), ([b"abc"], "abc"), ([b"abcd", b"ef"], "abcdef")])
def test_a_short_output_is_kept_whole(parts, text):
    ends = Ends(kept=4)
    for part in parts:
        ends.add(part)
    assert ends.text() == text


def test_what_is_printed_takes_a_bounded_room():
    process = contained("import sys\nfor _ in range(200): sys.stdout.write('x' * 100_000)\nprint('the end')")
    process.process.wait(30)
    assert process.end() == 0
    assert len(process.printed.first) + len(process.printed.last) <= 2 * containment.KEPT
    assert process.printed.size > 20_000_000 and process.printed.text().endswith("the end" + os.linesep)


def test_it_reads_the_line_that_is_said_and_no_other():
    process = contained("print(repr(input())); print(repr(input()))")
    process.say("你好")
    process.process.wait(30)
    process.end()
    assert "'你好'" in process.printed.text() and "EOFError" in process.printed.text()


def test_saying_something_to_what_has_ended_is_no_error():
    process = contained("pass")
    process.process.wait(30)
    process.say("hello")
    process.end()


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_what_it_has_started_ends_with_it_in_whichever_session_it_is():
    process = contained("import subprocess, sys, time\nfor new in (False, True):\n"
                        "    subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(99)'], "
                        "start_new_session=new)\nprint('started', flush=True)\ntime.sleep(99)")
    while b"started" not in process.printed.first:
        time.sleep(0.01)
    assert len(tagged(process.tag)) == 3
    process.end()
    assert not tagged(process.tag)


def test_the_list_of_processes_is_searched_where_there_is_no_proc():
    lines = "  12 python X=1 WORKSHOP_RUN=abc Y=2\n 345 other\n"
    lister = [sys.executable, "-c", f"print({lines!r}, end='')"]
    assert tagged_in_ps("WORKSHOP_RUN=abc", lister) == [12]
    assert tagged_in_ps("WORKSHOP_RUN=abc", ["no-such-program"]) == []


def test_the_environment_outside_does_not_disturb(monkeypatch):
    for name in ("PYTHONPATH", "PYTEST_ADDOPTS", "PYTHONDONTWRITEBYTECODE"):
        monkeypatch.setenv(name, "")
    environment = containment.contained_environment()
    assert not {"PYTHONPATH", "PYTEST_ADDOPTS"} & environment.keys()
    assert environment["PYTHONDONTWRITEBYTECODE"] == environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] == "1"


def test_it_runs_in_its_folder_with_what_is_added_to_its_environment(tmp_path):
    process = Contained([sys.executable, "-c", "import os; print(os.getcwd(), os.environ['MINE'])"], tmp_path, MINE="x")
    process.process.wait(30)
    process.end()
    assert process.printed.text().split() == [os.path.realpath(tmp_path), "x"]


@pytest.mark.parametrize("is_current, is_complete, lacking, python", [
    (True, False, ["flask"], "of .venv"), (True, True, [], "of .venv"),
    (False, True, ["flask"], "of .venv"),  # somebody has made it by hand
    (False, False, [], sys.executable), (False, False, ["flask"], "made"),
    (False, False, ["gunicorn"], "made"), (False, False, ["waitress"], "made"),
])
def test_the_checks_run_in_venv_else_here_else_venv_is_made(
        is_current, is_complete, lacking, python, monkeypatch, tmp_path):
    (tmp_path / "requirements.txt").write_bytes((PROJECT.root / "requirements.txt").read_bytes())
    monkeypatch.setattr(interpreter, "is_current", lambda name, root: is_current)
    monkeypatch.setattr(interpreter, "is_complete", lambda root: is_complete)
    monkeypatch.setattr(interpreter.importlib.util, "find_spec", lambda name: None if name in lacking else name)
    monkeypatch.setattr(interpreter, "make_ready", lambda requirements, root: "made")
    monkeypatch.setattr(interpreter, "compile_packages", lambda root: None)
    expected = str(tmp_path / interpreter.FOLDER / interpreter.PROGRAM) if python == "of .venv" else python
    assert interpreter.python_for_checks(tmp_path) == expected
