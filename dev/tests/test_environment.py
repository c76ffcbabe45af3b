"""The workshop's .venv: made once, completed when it was interrupted, and a plain sentence when it cannot be made."""
import errno
import importlib.metadata
import io
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dev import PROJECT
from workshop.machine import install_remedies, virtual_environment
from workshop.machine.install_remedies import REMEDIES, remedy_for
from workshop.machine.processes import GRACE, LiveLine, run_behind_live_line, stay_with
from workshop.machine.trouble import Trouble
from workshop.machine.virtual_environment import LEARNER, PROGRAM, REPOSITORY, make_ready, news

WITH_UV = ["venv", "uv"]
WITH_UV_FROM_PIP = ["venv", "pip for uv", "uv"]
UV = "/somewhere/bin/uv"


class FakeRun:
    """Stands in for starting programs: notes the commands, and fails at those that it is told to fail at."""

    def __init__(self, root, fail_at=(), output="", error=None):
        self.root, self.fail_at, self.output, self.error = root, fail_at, output, error
        self.commands = []
        self.settings = []

    def __call__(self, command, shorten, live_line, **settings):
        self.commands.append(command)
        self.settings.append(settings)
        program = self.root / ".venv" / PROGRAM
        program.parent.mkdir(parents=True, exist_ok=True)
        program.touch()
        if self.error:
            raise self.error
        return (1, self.output) if self.kinds[-1] in self.fail_at else (0, "")

    @property
    def kinds(self):
        """What each command does, in a word or two."""
        return ["uv" if Path(command[0]).name == "uv" else "pip for uv" if command[-1] == "uv" else command[2]
                for command in self.commands]


@pytest.fixture
def root(tmp_path, monkeypatch):
    """The folder of a workshop, on a machine with uv."""
    there_is_uv(monkeypatch, UV)
    folder = tmp_path / "my 你 folder"
    folder.mkdir()
    for name in ("constraints.txt", *REPOSITORY):
        (folder / name).write_text("flask\n", encoding="utf-8")
    return folder


def there_is_uv(monkeypatch, path):
    """Let uv be at a path, or nowhere (None)."""
    monkeypatch.setattr(virtual_environment.shutil, "which", lambda name: path if name == "uv" else None)


def prepare(root, requirements=LEARNER, **settings):
    """Make .venv ready with a fake run; return that run."""
    run = FakeRun(root, **settings)
    make_ready(requirements, root, io.StringIO(), run)
    return run


def test_an_empty_folder_gets_an_environment_then_the_packages_and_pip_by_uv(root):
    run = prepare(root)
    assert run.kinds == WITH_UV
    python = str(root / ".venv" / PROGRAM)
    assert run.commands[-1][:5] == [UV, "pip", "install", "--python", python]
    assert run.commands[-1][-3:] == ["pip", "-r", "requirements.txt"]
    assert "-c constraints.txt" in " ".join(run.commands[-1])
    assert all(settings["cwd"] == root for settings in run.settings)


OURS, ITS_OWN = [sys.executable, "-m", "pip", "--python", "PYTHON", "install"], ["PYTHON", "-m", "pip", "install"]


@pytest.mark.parametrize("version, beginning", [
    ("22.3", OURS), ("26.0.1", OURS), ("22.2.2", ITS_OWN), (None, ITS_OWN), ("odd", ITS_OWN)])
def test_where_there_is_no_uv_pip_brings_it_into_the_environment(version, beginning, root, monkeypatch):
    def own_version(name):
        if version is None:
            raise importlib.metadata.PackageNotFoundError(name)
        return version

    there_is_uv(monkeypatch, None)
    monkeypatch.setattr(importlib.metadata, "version", own_version)
    run = prepare(root)
    python = str(root / ".venv" / PROGRAM)
    assert run.kinds == WITH_UV_FROM_PIP
    assert [word.replace(python, "PYTHON") for word in run.commands[1]][:len(beginning)] == beginning
    assert "-c constraints.txt" in " ".join(run.commands[1])
    assert run.commands[2][0] == str(Path(python).with_name("uv"))


@pytest.mark.parametrize("uv, fails, kinds", [
    (UV, "uv", ["venv", "uv", "ensurepip", "pip"]),
    (None, "uv", ["venv", "pip for uv", "uv", "ensurepip", "pip"]),
    (None, "pip for uv", ["venv", "pip for uv", "ensurepip", "pip"]),
])
def test_what_uv_cannot_do_pip_does(uv, fails, kinds, root, monkeypatch):
    there_is_uv(monkeypatch, uv)
    run = prepare(root, fail_at=[fails])
    assert run.kinds == kinds
    assert run.commands[-1][0] == str(root / ".venv" / PROGRAM) and "-c constraints.txt" in " ".join(run.commands[-1])
    assert run.commands[-1][-3:] == ["pip", "-r", "requirements.txt"]
    assert prepare(root).commands == []


def test_the_environments_own_python_is_returned(root):
    assert make_ready(LEARNER, root, io.StringIO(), FakeRun(root)) == root / ".venv" / PROGRAM


def test_the_second_time_no_program_is_started_and_nothing_is_said(root):
    prepare(root)
    stream, run = io.StringIO(), FakeRun(root)
    make_ready(LEARNER, root, stream, run)
    assert run.commands == [] and stream.getvalue() == ""


def test_what_is_said_meanwhile_is_no_part_of_the_commands_answer(root, capsys):
    make_ready(LEARNER, root, run=FakeRun(root))
    printed = capsys.readouterr()
    assert printed.out == "" and printed.err.startswith("Preparing .venv")


@pytest.fixture
def uncompiled(root):
    """The folder of a workshop whose .venv has one module, which is not compiled."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", root / ".venv"], check=True)
    packages, = (root / ".venv").glob(virtual_environment.PACKAGES)
    (packages / "shop.py").write_text("PRICE = 3\n", encoding="utf-8")
    return root


def compiled_in(root):
    """Return the names of the modules of .venv that are compiled."""
    files = (root / ".venv").glob(f"{virtual_environment.PACKAGES}/__pycache__/*")
    return [path.name.partition(".")[0] for path in files]


def test_packages_are_compiled_once_which_is_said(uncompiled, capsys):
    virtual_environment.compile_packages(uncompiled)
    assert compiled_in(uncompiled) == ["shop"] and "start faster" in capsys.readouterr().err
    with virtual_environment.compiling(uncompiled) as process:
        assert process is None
    virtual_environment.compile_packages(uncompiled)
    assert capsys.readouterr() == ("", "")


def test_what_is_not_compiled_at_the_end_is_compiled_the_next_time(uncompiled):
    with virtual_environment.compiling(uncompiled) as process:
        process.kill()
    virtual_environment.compile_packages(uncompiled)
    assert compiled_in(uncompiled) == ["shop"]


def test_where_no_mark_can_be_made_it_is_compiled_all_the_same(uncompiled, monkeypatch):
    monkeypatch.setattr(virtual_environment, "COMPILED", "no such folder/compiled")
    virtual_environment.compile_packages(uncompiled)
    assert compiled_in(uncompiled) == ["shop"]


def test_what_is_installed_later_is_compiled_too(uncompiled):
    virtual_environment.compile_packages(uncompiled)
    make_ready(LEARNER, uncompiled, io.StringIO(), FakeRun(uncompiled))
    with virtual_environment.compiling(uncompiled) as process:
        assert process


@pytest.mark.parametrize("name", ["requirements.txt", "constraints.txt"])
def test_a_changed_file_installs_again(root, name):
    prepare(root)
    (root / name).write_text("flask>=3\n", encoding="utf-8")
    assert prepare(root).kinds == WITH_UV


def test_another_version_of_python_installs_again(root, monkeypatch):
    prepare(root)
    monkeypatch.setattr(virtual_environment, "python_version", lambda: "3.99")
    assert prepare(root).kinds == WITH_UV


def test_an_environment_whose_python_is_gone_is_made_again(root):
    prepare(root)
    (root / ".venv" / PROGRAM).unlink()
    assert "--clear" in prepare(root).commands[0]


def test_an_environment_whose_python_runs_is_kept(root, monkeypatch):
    monkeypatch.setattr(virtual_environment, "is_usable", lambda python: True)
    assert "--clear" not in prepare(root).commands[0]


def test_what_a_linked_environment_holds_is_never_cleared(root, tmp_path):
    (tmp_path / "shared").mkdir()
    (root / ".venv").symlink_to(tmp_path / "shared", target_is_directory=True)
    with pytest.raises(Trouble, match="a link"):
        prepare(root)
    assert not any((tmp_path / "shared").iterdir())


def test_a_python_is_usable_when_it_runs_and_has_our_version(tmp_path, monkeypatch):
    assert virtual_environment.is_usable(sys.executable)
    assert not virtual_environment.is_usable(str(tmp_path / "python"))
    monkeypatch.setattr(virtual_environment, "python_version", lambda: "3.99")
    assert not virtual_environment.is_usable(sys.executable)


@pytest.mark.parametrize("fails", [["venv"], ["uv", "ensurepip"], ["uv", "pip"]])
def test_an_installation_that_failed_is_completed_by_the_next_run(root, fails):
    with pytest.raises(Trouble, match="disk is full"):
        prepare(root, fail_at=fails, output="OSError: [Errno 28] No space left on device")
    assert prepare(root).kinds == WITH_UV


def test_an_installation_that_was_interrupted_says_so_and_is_completed_by_the_next_run(root):
    with pytest.raises(Trouble, match="the same command carries on"):
        prepare(root, error=KeyboardInterrupt())
    assert prepare(root).kinds == WITH_UV


def test_a_program_that_cannot_be_started_is_told_in_a_sentence(root):
    with pytest.raises(Trouble, match="move the workshop"):
        prepare(root, error=PermissionError(13, "Permission denied"))


def test_a_notebooks_first_import_is_found_from_any_folder_also_after_a_move(root, tmp_path):
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", ".venv"], cwd=root, check=True)
    (root / "notebooks").mkdir()
    (root / "notebooks" / "workbench.py").write_text("print('found')", encoding="utf-8")
    virtual_environment.open_notebooks(root)
    moved = root.rename(tmp_path / "elsewhere")
    command = [moved / ".venv" / PROGRAM, "-c", "import workbench"]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, text=True).stdout == "found\n"


def test_the_tests_add_what_only_they_need_to_the_same_environment(root):
    prepare(root)
    added = prepare(root, REPOSITORY).commands[-1]
    assert "requirements-dev.txt" in added and "requirements.txt" not in added
    assert prepare(root).commands == []


def test_after_the_tests_a_learner_needs_no_installation(root):
    assert "requirements.txt" in prepare(root, REPOSITORY).commands[-1]
    assert prepare(root).commands == []


def test_packages_that_were_interrupted_are_unpacked_anew(root):
    packages = root / ".venv" / virtual_environment.PACKAGES.replace("*", "3.12")
    for name, last in {"whole-1.dist-info": "INSTALLER", "half-1.dist-info": "RECORD"}.items():
        (packages / name).mkdir(parents=True)
        (packages / name / last).touch()
    virtual_environment.forget_half_installed(root)
    assert [path.name for path in packages.iterdir()] == ["whole-1.dist-info"]


def test_what_your_shell_sets_for_python_does_not_change_what_is_installed(root, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", "chapters")
    monkeypatch.setenv("PIP_USER", "1")
    settings = prepare(root).settings[-1]["env"]
    assert "PYTHONPATH" not in settings and settings["PIP_USER"] == "0" and settings["UV_PYTHON_DOWNLOADS"] == "never"


@pytest.mark.parametrize("line, shown", [
    ("Collecting flask\n", "Collecting flask"),
    ("  Downloading flask-3.1.3-py3-none-any.whl (103 kB)\n", "Downloading flask-3.1.3-py3-none-any.whl (103 kB)"),
    ("Installing collected packages: webencodings, wcwidth\n", "Unpacking everything into .venv"),
    ("Resolved 98 packages in 310ms\n", "Choosing the versions"),
    ("Downloading jupyterlab (11.9MiB)\n", "Downloading jupyterlab (11.9MiB)"),
    ("Prepared 98 packages in 2.1s\n", "Unpacking everything into .venv"),
    ("Installed 98 packages in 140ms\n", "Finishing"),
    (" + flask==3.1.3\n", ""),
    ("WARNING: Retrying (Retry(total=4, connect=None))\n", "The internet does not answer; trying again"),
    ("Requirement already satisfied: pip\n", ""),
    ("\n", ""),
])
def test_of_the_output_of_pip_and_uv_only_the_news_is_shown(line, shown):
    assert news(line) == shown


OUTPUTS = {
    "check your connection": """
        WARNING: Retrying (Retry(total=0, connect=None)) after connection broken by 'NewConnectionError(': Failed
        to establish a new connection: [Errno -3] Temporary failure in name resolution')'
        ERROR: Could not find a version that satisfies the requirement jupyter (from versions: none)
        ERROR: No matching distribution found for jupyter""",
    "PIP_CERT": """
        WARNING: Retrying (Retry(total=0)) after connection broken by 'SSLError(SSLCertVerificationError(1, '[SSL:
        CERTIFICATE_VERIFY_FAILED] certificate verify failed'))': /simple/jupyter/
        ERROR: No matching distribution found for jupyter""",
    "The disk is full": "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
    "is in use": "ERROR: Could not install packages due to an OSError: [WinError 32] The process cannot access it",
    "on the computer's own disk": "Error: [Errno 1] Operation not permitted: '/bin/python3' -> '/media/stick/.venv'",
    "move the workshop to a folder of your own": "Error: [Errno 30] Read-only file system: '/media/cd/.venv'",
    "sudo apt install python3.": "/media/.venv/bin/python: No module named ensurepip",
    " -m workshop lab (pip said": "ERROR: Failed to build 'pyyaml' when getting requirements to build wheel",
}


@pytest.mark.parametrize("words, output", OUTPUTS.items())
def test_what_goes_wrong_is_told_with_its_remedy(words, output):
    assert words in remedy_for(output)


@pytest.mark.parametrize("error", [FileNotFoundError(2, "[WinError 206]"), OSError(errno.ENAMETOOLONG, "too long")])
def test_a_folder_whose_path_is_too_long_is_refused_before_anything_is_installed(error, root, monkeypatch):
    def touch(path):
        raise error

    monkeypatch.setattr(Path, "touch", touch)
    with pytest.raises(Trouble, match=f"has {len(str(root))} characters. That is too long"):
        prepare(root)
    assert not (root / ".venv").exists() and not list(root.glob("x*"))


def test_a_folder_that_is_not_too_deep_is_left_as_it_was(root):
    before = sorted(root.iterdir())
    virtual_environment.refuse_deep_folder(root)
    assert sorted(root.iterdir()) == before


def test_each_remedy_has_an_example_here():
    assert len(OUTPUTS) == len(REMEDIES)


def test_the_package_to_install_is_named_for_this_version_of_python():
    assert f"python3.{sys.version_info[1]}-venv" in remedy_for("No module named ensurepip")


@pytest.mark.parametrize("running, platform, other", [
    ("3.14", "linux", "python3.12"), ("3.12", "linux", "python3.13"), ("3.12", "win32", "py -3.13")])
def test_another_python_is_none_of_the_version_that_runs(running, platform, other, monkeypatch):
    monkeypatch.setattr(install_remedies, "python_version", lambda: running)
    assert install_remedies.another_python(platform) == other


def test_what_we_do_not_know_is_quoted():
    assert "ERROR: {odd}" in remedy_for("first\nERROR: {odd}\n\n")
    assert "no message" in remedy_for("")


class NotedLine:
    """A live line that notes what it was asked to show; `seen(text)` is told at once."""

    pause = 0.02

    def __init__(self, seen=lambda text: None):
        self.seen = seen
        self.shown = []

    def show(self, text):
        self.shown.append(text)
        self.seen(text)

    def clear(self):
        self.shown.append("clear")


WAITING = """
import pathlib, sys, time
print("Collecting flask\\n你好", flush=True)
deadline = time.monotonic() + 20
while not pathlib.Path(sys.argv[1]).exists() and time.monotonic() < deadline:
    time.sleep(0.01)
"""


def test_while_a_program_works_the_seconds_and_its_latest_news_are_shown(tmp_path):
    goal = tmp_path / "seen"
    line = NotedLine(lambda text: text == "Collecting flask" and goal.touch())
    result = run_behind_live_line([sys.executable, "-X", "utf8", "-c", WAITING, str(goal)], news, line)
    assert result == (0, "Collecting flask\n你好\n")
    assert goal.exists() and line.shown[-1] == "clear"


def test_a_program_that_fails_returns_its_status_and_all_it_said():
    command = [sys.executable, "-c", "import sys; print('first', flush=True); sys.exit('last')"]
    status, output = run_behind_live_line(command, news, NotedLine())
    assert (status, output.split()) == (1, ["first", "last"])


def test_an_interruption_ends_the_program_that_was_running():
    def interrupt(line):
        raise KeyboardInterrupt

    begin = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        run_behind_live_line([sys.executable, "-c", "import time; print(1, flush=True); time.sleep(60)"],
                             interrupt, NotedLine())
    assert time.monotonic() - begin < 10


class TtyStream(io.StringIO):
    def isatty(self):
        return True


def test_in_a_terminal_the_live_line_is_rewritten_in_place(monkeypatch):
    monkeypatch.setenv("COLUMNS", "20")
    terminal = TtyStream()
    line = LiveLine(terminal)
    line.show("a long line that does not fit into the terminal")
    line.show("short")
    line.clear()
    assert terminal.getvalue().split("\r") == ["", "    0 s  a long lin", "    0 s  short     ", 19 * " ", ""]


def test_elsewhere_the_live_line_is_a_line_now_and_then():
    stream = io.StringIO()
    line = LiveLine(stream)
    line.started -= 65
    line.show("one")
    line.clear()
    assert stream.getvalue() == "   65 s  one\n" and line.pause >= 5


class FakeProcess:
    """A process whose wait() goes as the events say: an exception is raised, a number is the exit status."""

    returncode = None
    _handle = 0  # of Windows: of no process

    def __init__(self, *events):
        self.events = list(events)
        self.log = []

    def wait(self, limit):
        self.log.append(limit)
        event = self.events.pop(0)
        if isinstance(event, BaseException):
            raise event
        self.returncode = event

    def send_signal(self, request):
        self.log.append(request)

    def kill(self):
        self.log.append("kill")


def test_we_stay_until_a_process_has_ended_and_return_its_status():
    assert stay_with(FakeProcess(3)) == 3


def test_after_ctrl_c_a_process_may_end_in_its_own_way():
    process = FakeProcess(KeyboardInterrupt(), KeyboardInterrupt(), 0)
    with pytest.raises(KeyboardInterrupt):
        stay_with(process, patience=7)
    assert process.log == [None, 7, 7]


def test_a_process_that_does_not_end_after_ctrl_c_is_told_to():
    process = FakeProcess(KeyboardInterrupt(), subprocess.TimeoutExpired("", 7), 0)
    with pytest.raises(KeyboardInterrupt):
        stay_with(process, "request", patience=7)
    assert process.log == [None, 7, "request", GRACE]


def test_a_process_that_does_not_end_even_then_is_killed():
    late = subprocess.TimeoutExpired("", 0)
    process = FakeProcess(KeyboardInterrupt(), late, late, KeyboardInterrupt(), late, 0)
    with pytest.raises(KeyboardInterrupt):
        stay_with(process, "request", patience=0)
    assert process.log == [None, 0, "request", GRACE, "kill", GRACE, 0, "kill", GRACE]


def names_in(path):
    """Return the names of the packages that a requirements file asks for, as package indexes write them."""
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    names = (re.match(r"[\w.-]+", line) for line in lines)
    return {re.sub(r"[-_.]+", "-", name.group()).lower() for name in names if name}


@pytest.mark.parametrize("name", REPOSITORY)
def test_all_that_is_required_is_locked(name):
    assert names_in(PROJECT.root / name) <= names_in(PROJECT.root / "constraints.txt")


def test_each_lock_is_one_exact_version():
    for line in (PROJECT.root / "constraints.txt").read_text(encoding="utf-8").splitlines():
        assert re.fullmatch(r"[a-z0-9-]+==[\w.]+( ; .+)?", line), line
