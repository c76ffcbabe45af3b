"""`doctor`: what is wrong is found and reported with its remedy; nothing hangs; all is well only if it is."""
import io
import json
import os
import shutil
import subprocess
import sys
import time

import pytest

from dev import PROJECT
from dev.sandbox import Sandbox
from workshop.course.project import Project
from workshop.machine import ports
from workshop.machine.virtual_environment import LEARNER, PACKAGES, PROGRAM, fingerprint, required, stamp
from workshop.verbs import doctor
from workshop.verbs.doctor import FINE, NOTE, WRONG


@pytest.fixture
def root(fresh_sandbox, monkeypatch):
    """The folder of a workshop with an environment that is as it should be, as far as files can tell."""
    place = fresh_sandbox("my workshop, 你好 ü").root
    program = place / ".venv" / PROGRAM
    program.parent.mkdir(parents=True)
    if os.name == "nt":
        shutil.copy(sys.executable, program)
    else:
        program.symlink_to(os.path.realpath(sys.executable))
    for name in LEARNER:
        stamp(name, place).write_text(fingerprint(name, place), encoding="ascii")
    kernel = place / ".venv" / "share" / "jupyter" / "kernels" / "python3"
    kernel.mkdir(parents=True)
    (kernel / "kernel.json").write_text('{"argv": ["python", "-m", "ipykernel_launcher"]}', encoding="utf-8")
    locked = dict(line.partition(" ")[0].split("==") for line in
                  (place / "constraints.txt").read_text(encoding="utf-8").splitlines())
    for name in required(place):
        record(place, name, locked[name])
    monkeypatch.setattr(ports, "is_free", lambda port: True)
    return place


def packages_of(place):
    return place / ".venv" / PACKAGES.replace("*", "3.11")


def record(place, name, version):
    folder = packages_of(place) / f"{name.replace('-', '_')}-{version}.dist-info"
    folder.mkdir(parents=True)


def found(look, root):
    """Return (states, everything said) of a look at the workshop in a folder."""
    findings = doctor.looked(look, Project(root))
    return [one.state for one in findings], " ".join(f"{one.what} {one.remedy}" for one in findings)


def test_where_all_is_well_it_says_so_and_returns_0(root, capsys):
    assert doctor.run(None, Project(root)) == 0
    said = capsys.readouterr().out
    assert said.endswith("All is well.\n") and "✘" not in said


def test_each_fault_is_counted_and_the_status_is_1(root, capsys):
    (root / "chapters" / "ch01_socket.py").unlink()
    (root / ".venv" / "share" / "jupyter" / "kernels" / "python3" / "kernel.json").unlink()
    assert doctor.run(None, Project(root)) == 1
    assert "2 things to put right." in capsys.readouterr().out


def test_an_environment_that_is_missing_moved_old_or_incomplete_is_told_from_one_another(root):
    assert found(doctor.environment, root)[0] == [FINE]
    stamp(LEARNER[0], root).unlink()
    shutil.rmtree(next(packages_of(root).glob("waitress-*")))
    assert "all that is required now" in found(doctor.environment, root)[1]
    (root / ".venv" / PROGRAM).unlink()
    assert "is not there" in found(doctor.environment, root)[1]


def test_a_complete_environment_that_somebody_has_made_by_hand_is_accepted(root):
    """No stamps are there; pip or uv has left its records."""
    for name in LEARNER:
        stamp(name, root).unlink()
    assert found(doctor.environment, root)[0] == [FINE]


@pytest.mark.parametrize("answer, said", [((0, "2.7"), "has Python 2.7"), ((1, ""), "does not run"),
                                          ((None, ""), "was the folder moved?")])
def test_a_python_in_the_environment_that_is_another_one_is_told(answer, said, root, monkeypatch):
    monkeypatch.setattr(doctor, "answer_of", lambda project, *command: answer)
    states, text = found(doctor.environment, root)
    assert states == [WRONG] and said in text and "Delete the folder .venv" in text


def test_packages_in_other_versions_and_missing_ones_are_named(root):
    assert found(doctor.versions, root)[0] == [FINE]
    record(root, "h11", "0.0.1")
    shutil.rmtree(next(packages_of(root).glob("flask-*")))
    states, text = found(doctor.versions, root)
    assert states == [WRONG] and "h11 0.0.1, not " in text and "flask is missing" in text


def test_of_a_package_that_is_locked_twice_each_version_is_right(root):
    """Some have a version for old Pythons, and another one for new."""
    path = root / "constraints.txt"
    path.write_text(path.read_text(encoding="utf-8") + "twice==1.0 ; python_full_version < '3.11'\n"
                    "twice==2.0 ; python_full_version >= '3.11'\n", encoding="utf-8")
    for version in ("1.0", "2.0"):
        record(root, "twice", version)
        assert found(doctor.versions, root)[0] == [FINE]
        shutil.rmtree(next(packages_of(root).glob("twice-*")))
    record(root, "twice", "3.0")
    assert "twice 3.0, not 1.0 or 2.0" in found(doctor.versions, root)[1]


@pytest.mark.parametrize("word, state", [
    ("python", FINE), ("OWN", FINE), (sys.executable + "-elsewhere", WRONG), ("/moved/.venv/bin/python", WRONG)])
def test_the_notebooks_kernel_must_be_the_environments_own(word, state, root):
    place = root / ".venv" / "share" / "jupyter" / "kernels" / "python3" / "kernel.json"
    word = str(root / ".venv" / PROGRAM) if word == "OWN" else word
    place.write_text(json.dumps({"argv": [word]}), encoding="utf-8")
    assert found(doctor.kernel, root)[0] == [state]


def test_a_kernel_that_someone_has_put_before_the_environments_is_told_with_its_folder(root):
    other = root / ".workshop" / "jupyter" / "data" / "kernels" / "python3"
    other.mkdir(parents=True)
    (other / "kernel.json").write_text('{"argv": ["/usr/bin/python3"]}', encoding="utf-8")
    states, text = found(doctor.kernel, root)
    assert states == [WRONG] and ".workshop/jupyter/data/kernels/python3." in text


@pytest.mark.parametrize("taken, states", [([], [FINE]), ([8000], [NOTE]), ([8888], [FINE, NOTE])])
def test_ports_that_are_taken_are_a_note(taken, states, root, monkeypatch):
    monkeypatch.setattr(ports, "is_free", lambda port: port not in taken)
    assert found(doctor.usual_ports, root)[0] == states


@pytest.mark.parametrize("given, state, said", [
    ("", FINE, "port 8000 is free"), ("8123", FINE, "port 8123 is free"), ("mine", WRONG, "'mine' is not a port"),
    ("99999", WRONG, "'99999' is not a port")])
def test_the_port_of_ones_own_is_looked_at(given, state, said, monkeypatch):
    monkeypatch.setattr(ports, "is_free", lambda port: True)
    monkeypatch.setenv(ports.VARIABLE, given)
    finding, *_ = doctor.usual_ports(PROJECT)
    assert finding.state == state and said in finding.what


def test_who_has_taken_port_8000_is_left_open_and_another_port_is_offered(root, monkeypatch, capsys):
    monkeypatch.setattr(ports, "is_free", lambda port: port != 8000)
    said = found(doctor.usual_ports, root)[1]
    assert "by a server of yours that still runs, or, on a shared machine, by somebody else's program" in said
    assert "python3 -m workshop serve --port 0" in said
    assert doctor.run(None, Project(root)) == 0 and capsys.readouterr().out.endswith("All is well.\n")


@pytest.mark.parametrize("encoding, columns, states", [
    ("utf-8", "80", [FINE]), ("ascii", "80", [NOTE]), ("utf-8", "40", [NOTE]), ("cp1252", "40", [NOTE, NOTE])])
def test_what_the_terminal_cannot_show_is_a_note(encoding, columns, states, root, monkeypatch):
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding=encoding))
    monkeypatch.setenv("COLUMNS", columns)
    assert found(doctor.terminal, root)[0] == states


def test_a_folder_that_cannot_be_written_is_told(root):
    assert found(doctor.folder, root)[0] == [FINE]
    shutil.rmtree(root / ".workshop")
    (root / ".workshop").write_text("in the way", encoding="utf-8")
    assert found(doctor.folder, root)[0] == [WRONG]


def test_chapters_that_are_missing_broken_or_incomplete_are_told_with_the_place(root):
    assert found(doctor.chapters, root)[0] == [FINE]
    (root / "chapters" / "ch01_socket.py").unlink()
    (root / "chapters" / "ch02_request.py").write_text("x = 1\ndef f(:\n", encoding="utf-8")
    path = root / "chapters" / "ch03_environ.py"
    path.write_text(path.read_text(encoding="utf-8").replace("def request_url(", "def url("), encoding="utf-8")
    (root / "chapters" / "ch04_response.py").write_bytes(b"\xff\xfe")
    states, text = found(doctor.chapters, root)
    assert states == [WRONG] * 4
    assert "reset 1" in text and "ch02_request.py:2" in text and "request_url, step 3.11" in text and "reset 4" in text


@pytest.mark.parametrize("name, module", [
    ("chapters/socket.py", "socket"), ("chapters/flask/__init__.py", "flask"), ("random.py", "random"),
    ("requests/__init__.py", "requests"), ("notebooks/random.py", "random")])
def test_a_file_that_hides_a_module_is_told_with_its_place(name, module, root):
    assert found(doctor.hiding, root) == ([], "")
    (root / name).parent.mkdir(exist_ok=True)
    (root / name).touch()
    states, text = found(doctor.hiding, root)
    place = name if module in name.rpartition("/")[2] else name.rpartition("/")[0]
    assert states == [WRONG] and text.startswith(f"{place} hides the module {module} ") and "another name" in text


@pytest.mark.parametrize("name", [
    "chapters/socket.txt", "chapters/ch06_socket.py", "chapters/helpers.py", "chapters/notes/socket.py",
    "chapters/code/mine.py"])  # a folder without __init__.py comes after all that Python has
def test_files_with_names_like_that_that_hide_nothing_are_left_alone(name, root):
    (root / name).parent.mkdir(exist_ok=True)
    (root / name).touch()
    assert found(doctor.hiding, root) == ([], "")


def git(root, *words):
    subprocess.run(["git", "-C", root, "-c", "user.name=x", "-c", "user.email=x@example.org", *words], check=True,
                   capture_output=True)


@pytest.mark.skipif(not shutil.which("git"), reason="there is no git here")
def test_git_tells_of_edits_in_tests_and_solutions_and_of_no_others(root):
    git(root, "init")
    assert found(doctor.edits, root)[0] == [NOTE], "a repository that knows nothing of these files"
    git(root, "add", "tests", "solutions", "chapters")
    git(root, "commit", "-m", "as it came")
    (root / "chapters" / "ch01_socket.py").write_text("mine", encoding="utf-8")
    assert found(doctor.edits, root)[0] == [FINE]
    (root / "solutions" / "ch01_socket.py").write_text("mine", encoding="utf-8")
    (root / "tests" / "你.py").write_text("mine", encoding="utf-8")
    states, text = found(doctor.edits, root)
    assert states == [WRONG] and "solutions/ch01_socket.py" in text and "tests/你.py" in text and "git stash" in text


def test_without_git_it_says_plainly_that_edits_cannot_be_known(root, monkeypatch):
    assert found(doctor.edits, root)[0] == [NOTE]
    monkeypatch.setenv("PATH", "")
    states, text = found(doctor.edits, root)
    assert states == [NOTE] and "nobody can know here" in text and "python3 -m workshop test" in text


def test_a_program_that_does_not_answer_is_not_waited_for(root, monkeypatch):
    monkeypatch.setattr(doctor, "SECONDS", 0.2)
    begin = time.monotonic()
    assert doctor.answer_of(Project(root), sys.executable, "-c", "import time; time.sleep(60)") == (None, "")
    assert time.monotonic() - begin < 10


def test_a_look_that_fails_does_not_stop_the_others(root):
    (root / "constraints.txt").unlink()
    assert found(doctor.versions, root)[0] == [NOTE]


def test_the_command_says_it_in_sixty_columns_and_in_ascii(tmp_path):
    place = Sandbox(tmp_path / "w")
    ended = place.run("doctor", COLUMNS="60", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert ended.returncode == 1 and not ended.stderr and "python3 -m workshop lab" in ended.stdout
    assert ended.stdout.isascii() and all(len(line) <= 60 for line in ended.stdout.splitlines())
