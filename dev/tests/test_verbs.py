"""`python3 -m workshop`: its verbs, and what it says to whoever mistypes one."""
import argparse
import ast
import errno
import importlib
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from dev import PROJECT
from dev.sandbox import Sandbox
from dev.tests.conftest import LONGEST
from workshop import __main__ as command
from workshop.checking.catching_up import numbers_before
from workshop.course.project import Project
from workshop.machine.trouble import Trouble
from workshop.verbs import lab, prove

LAST = PROJECT.chapters[-1].number
NOTHING = argparse.Namespace(wheels=None)  # what `test` is told, if nothing follows it


@pytest.mark.parametrize("name", command.VERBS)
def test_each_verb_is_a_module_that_declares_its_arguments_and_runs(name):
    module = importlib.import_module(command.VERBS[name][0])
    module.add_arguments(argparse.ArgumentParser())
    assert callable(module.run)


@pytest.mark.parametrize("name, modules", [
    ("__main__", {"argparse", "importlib", "os", "signal", "sys"}), ("__init__", {"os", "sys"})])
def test_the_entry_can_be_read_by_old_pythons(name, modules):
    text = (PROJECT.root / "workshop" / f"{name}.py").read_text(encoding="ascii")
    tree = ast.parse(text, feature_version=(3, 4))
    assert not [node for node in ast.walk(tree) if isinstance(node, (ast.JoinedStr, ast.AnnAssign))]
    imported = {alias.name for node in tree.body if isinstance(node, ast.Import) for alias in node.names}
    assert imported == modules
    assert not [node for node in tree.body if isinstance(node, ast.ImportFrom)]


@pytest.mark.parametrize("version", [(2, 7, 18, "final", 0), (3, 6, 15, "final", 0), (3, 9, 99, "final", 0)])
def test_a_python_that_is_too_old_is_told_what_to_do(version, monkeypatch, capsys):
    monkeypatch.setattr(sys, "version_info", version)
    assert command.main(["no-such-verb"]) == 1
    said = capsys.readouterr().err
    assert f"this is Python {version[0]}.{version[1]}:" in said and said.count("\n") == 1


@pytest.mark.parametrize("words, said", [
    (["lab", "--port", "abc"], "'abc' is not a port: give a number from 0 to 65535"),
    (["lab", "--port", "65536"], "'65536' is not a port"),
    (["lab", "--port", "-1"], "argument --port"),
    (["lab", "--port", "9" * 5000], "is not a port"),
    (["lba"], "invalid choice: 'lba'"),
    (["test", "everything"], "unrecognized arguments: everything"),
])
def test_a_slip_in_the_command_is_answered_in_one_sentence(words, said, capsys):
    with pytest.raises(SystemExit) as ended:
        command.build_parser(words[0]).parse_args(words)
    complaint = capsys.readouterr().err
    assert ended.value.code == 2 and said in complaint and complaint.count("\n") == 1
    assert "--help" in complaint


@pytest.mark.parametrize("words, said", [
    (["lba"], "There is no verb lba. Did you mean: python3 -m workshop lab"),
    (["Check", "2"], "There is no verb Check. Did you mean: python3 -m workshop check"),
    (["catchup", "4"], "Did you mean: python3 -m workshop catch-up"),
    (["1.1"], "There is no verb 1.1. Did you mean: python3 -m workshop check 1.1"),
    (["2"], "Did you mean: python3 -m workshop check 2"), (["all"], "Did you mean: python3 -m workshop check all"),
    (["xyzzy"], "There is no verb xyzzy."),
])
def test_a_verb_that_there_is_not_is_answered_with_the_one_that_may_be_meant(words, said, capsys):
    assert command.run_verb(words) == 2
    printed = capsys.readouterr()
    assert printed.out == "" and said in printed.err and printed.err.startswith(f"There is no verb {words[0]}.")
    assert ("Did you mean" in said) == ("Did you mean" in printed.err)
    assert printed.err.endswith("To see all verbs: python3 -m workshop --help\n")


@pytest.mark.parametrize("words, said", [
    (["check", "2", ".3"], "There is no step .3: a step is two numbers with a point between them and no space"),
    (["check", "2."], "There is no step 2.: "), (["check", "2.3.4"], "There is no step 2.3.4: "),
    (["check", "build_response"], "build_response is the name of step 1.1: say the number."),
    (["hint", "Reader.read_exactly"], "Reader.read_exactly is the name of step 2.7: say the number."),
    (["check", "read_exactly"], "read_exactly is the name of step 2.7: say the number."),
    (["reset", "handle"], "handle is the name of step 1.3 and of step 2.12: say the number."),
    (["reset", "all"], f"`all` cannot be said here: name chapters, from 1 to {LAST}, or steps."),
    (["diff", "ALL"], f"`ALL` cannot be said here: name chapters, from 1 to {LAST}, or steps."),
])
def test_a_word_for_no_step_is_answered_with_what_can_be_said(words, said, capsys):
    assert command.run_verb(words) == 1
    printed = capsys.readouterr()
    assert printed.out == "" and " ".join(printed.err.split()).startswith(said)


def test_the_word_for_all_may_have_capitals():
    assert PROJECT.numbers_for(["ALL"]) == list(PROJECT.steps) and numbers_before(PROJECT, "All") == PROJECT.course


def test_the_verbs_are_listed_for_who_asks(capsys):
    with pytest.raises(SystemExit):
        command.run_verb(["--help"])
    said = capsys.readouterr().out
    assert all(name in said for name in command.VERBS)


@pytest.fixture
def verb(monkeypatch):
    """A verb `fake`, whose module's run is yours to set."""
    module = SimpleNamespace(add_arguments=lambda parser: None)
    monkeypatch.setitem(sys.modules, "workshop.fake", module)
    monkeypatch.setitem(command.VERBS, "fake", ("workshop.fake", "do nothing"))
    return module


def test_a_verbs_exit_status_is_the_commands(verb):
    verb.run = lambda arguments, project: 7 if project == PROJECT else 0
    assert command.run_verb(["fake"]) == 7


@pytest.mark.parametrize("error, status, said", [
    (Trouble("The disk is full."), 1, "\nThe disk is full.\n"),
    (KeyboardInterrupt(), 130, "\nStopped.\n"),
])
def test_trouble_and_ctrl_c_end_in_a_sentence(verb, error, status, said, capsys):
    def run(arguments, project):
        raise error

    verb.run = run
    assert command.run_verb(["fake"]) == status
    assert capsys.readouterr().err == said


@pytest.mark.parametrize("what, said", [
    ("9", f"There is no chapter 9: they go from 1 to {LAST}. To see them: python3 -m workshop"),
    ("9.1", f"There is no chapter 9: they go from 1 to {LAST}. To see them: python3 -m workshop"),
    ("2.99", "There is no step 2.99: those of chapter 2 go from 2.1 to 2.12. To see them: python3 -m workshop check 2"),
    ("two", f"There is no chapter two: they go from 1 to {LAST}. To see them: python3 -m workshop"),
])
@pytest.mark.parametrize("verb", ["check", "watch", "hint", "diff", "reset", "catch-up"])
def test_what_there_is_not_is_told_in_the_same_words_by_all_verbs(verb, what, said, capsys):
    assert command.run_verb([verb, what]) == 1
    printed = capsys.readouterr()
    assert printed.out == "" and " ".join(printed.err.split()) == said


@pytest.mark.parametrize("words", [["hint", "1.1", "--task"], []])
def test_a_reader_of_the_output_may_leave_before_its_end(words):
    process = subprocess.Popen([sys.executable, "-u", "-m", "workshop", *words], cwd=PROJECT.root, text=True,
                               encoding="utf-8", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.close()
    said = process.communicate()[1]
    assert (process.returncode, said) == (1, "")


@pytest.mark.parametrize("error", [BrokenPipeError(errno.EPIPE, "Broken pipe"), OSError(errno.EINVAL, "Invalid")])
def test_an_error_of_another_stream_is_not_taken_for_that(verb, error, monkeypatch):
    def run(arguments, project):
        raise error

    verb.run = run
    monkeypatch.setattr(command.signal, "signal", lambda *arguments: None)
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    with pytest.raises(OSError) as raised:
        command.main(["fake"])
    assert raised.value is error


def test_without_a_console_there_are_no_streams(verb, monkeypatch):
    verb.run = lambda arguments, project: print("heard by nobody") or 0
    monkeypatch.setattr(command.signal, "signal", lambda *arguments: None)
    monkeypatch.setattr(sys, "stdout", None)
    assert command.main(["fake"]) == 0


def test_the_command_imports_no_verb_that_was_not_asked_for():
    code = ("import atexit, sys\nfrom workshop.__main__ import main\n"
            "atexit.register(lambda: print(list(sys.modules)))\nmain(['--help'])")
    run = subprocess.run([sys.executable, "-c", code], cwd=PROJECT.root, capture_output=True, text=True)
    loaded = ast.literal_eval(run.stdout.splitlines()[-1])
    assert {module for module, _ in command.VERBS.values()}.isdisjoint(loaded)


def test_nothing_but_the_standard_library_is_imported_by_the_command():
    modules = ", ".join(["workshop.__main__", *(module for module, _ in command.VERBS.values())])
    code = f"import sys\nimport {modules}\nprint(sorted(sys.modules))"
    run = subprocess.run([sys.executable, "-S", "-c", code], cwd=PROJECT.root, capture_output=True, text=True)
    loaded = {name.partition(".")[0] for name in ast.literal_eval(run.stdout)}
    assert loaded - {"workshop", "wsgi_contract", "__main__"} <= sys.stdlib_module_names | set(sys.builtin_module_names)


def lab_command(*words, root=PROJECT.root):
    parser = argparse.ArgumentParser()
    lab.add_arguments(parser)
    return lab.command_line("python", parser.parse_args(words), Project(root))


def lab_variables(root, runtime="run", **outside):
    return lab.variables(Project(root), runtime, outside)


def test_jupyterlab_shows_the_whole_workshop(tmp_path):
    assert f"--ServerApp.root_dir={tmp_path}" in lab_command(root=tmp_path)


def test_no_browser_and_port_are_passed_on():
    assert {"--no-browser", "--port=0"} <= set(lab_command("--no-browser", "--port", "0"))
    assert not {word.partition("=")[0] for word in lab_command()} & {"--no-browser", "--port"}


def test_jupyterlabs_token_stays_on():
    options = " ".join(word.partition("=")[0] for word in lab_command()).lower()
    assert "token" not in options and "password" not in options


def test_it_opens_on_the_choice_of_roads_and_then_on_the_road_that_was_begun(tmp_path):
    mine = Sandbox(tmp_path / "mine")
    assert lab.start_page(Project(mine.root)) == "/lab/tree/notebooks/start_here.ipynb"
    for name, page in {"taste": "taste", "whole": "start_here"}.items():
        assert mine.run("begin", name).returncode == 0
        assert lab.start_page(Project(mine.root)) == f"/lab/tree/notebooks/{page}.ipynb"


def test_chapters_come_first_on_the_import_path_of_kernels(tmp_path):
    assert lab_variables(tmp_path)["PYTHONPATH"] == str(tmp_path / "chapters")
    both = lab_variables(tmp_path, PYTHONPATH="mine")["PYTHONPATH"]
    assert both.split(os.pathsep) == [str(tmp_path / "chapters"), "mine"]


def test_a_terminal_in_jupyterlab_has_the_environment(tmp_path):
    path = lab_variables(tmp_path, PATH="/usr/bin")["PATH"].split(os.pathsep)
    assert path == [str((tmp_path / ".venv" / lab.PROGRAM).parent), "/usr/bin"]


def test_kernels_write_no_bytecode(tmp_path):
    assert lab_variables(tmp_path, PYTHONDONTWRITEBYTECODE="")["PYTHONDONTWRITEBYTECODE"] == "1"


def test_what_jupyter_keeps_stays_out_of_your_home_folder(tmp_path):
    with lab.runtime_folder(Project(tmp_path)) as runtime:
        variables = lab_variables(tmp_path, str(runtime))
    folders = [variables[name] for name in prove.JUPYTER_FOLDERS]
    assert all(folder.startswith(str(tmp_path / ".workshop")) for folder in folders)


def test_jupyterlab_finds_its_first_settings(tmp_path):
    folder = lab_variables(PROJECT.root)["JUPYTER_CONFIG_PATH"]
    with open(os.path.join(folder, "labconfig", "default_setting_overrides.json"), encoding="utf-8") as file:
        settings = json.load(file)
    assert settings["@jupyterlab/docmanager-extension:plugin"]["defaultViewers"] == {"markdown": "Markdown Preview"}


@pytest.mark.skipif(os.name == "nt", reason="Windows has no permission bits")
def test_jupyters_secrets_lie_where_nobody_else_can_read_them(tmp_path):
    with lab.runtime_folder(Project(tmp_path)) as usual:
        assert usual.is_relative_to(tmp_path / ".workshop")
        assert usual.stat().st_mode & 0o077 == 0
    usual.chmod(0o755)
    with lab.runtime_folder(Project(tmp_path)) as folder:
        assert folder != usual and os.stat(folder).st_mode & 0o077 == 0
    assert not os.path.exists(folder)


def test_a_folder_that_cannot_be_written_to_is_told_in_a_sentence(tmp_path):
    (tmp_path / ".workshop").touch()
    with pytest.raises(Trouble), lab.runtime_folder(Project(tmp_path)):
        pass


def python_part(name, code):
    return name, f"{name} holds", ["-c", code]


def run_parts(*parts):
    return prove.run(NOTHING, PROJECT, parts, lambda requirements, root, wheels: sys.executable)


def test_the_test_passes_when_all_parts_do(capfd):
    assert run_parts(python_part("one", "print(1)"), python_part("two", "print(2)")) == 0
    said = capfd.readouterr().out
    assert [line.split()[:2] for line in said.splitlines()[-2:]] == [["one", "passed"], ["two", "passed"]]


@pytest.mark.parametrize("failing", [0, 1])
def test_one_part_that_fails_fails_the_test_and_the_others_are_run(failing, capfd):
    codes = ["pass", "pass"]
    codes[failing] = "raise SystemExit(5)"
    assert run_parts(python_part("one", codes[0]), python_part("two", codes[1])) == 1
    verdicts = [line.split()[1] for line in capfd.readouterr().out.splitlines()[-2:]]
    assert verdicts == ["FAILED" if failing == place else "passed" for place in (0, 1)]


def test_the_files_of_tests_that_begin_first_are_there():
    assert {f"test_{name}.py" for name in LONGEST} <= {path.name for path in Path(__file__).parent.iterdir()}


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signal for one process alone")
def test_the_last_part_runs_beside_the_others_and_is_ended_with_them(tmp_path):
    beside, asked = tmp_path / "beside", tmp_path / "asked"
    last = f"import pathlib, time\npathlib.Path({str(beside)!r}).touch()\n" \
           f"try: time.sleep(99)\nexcept KeyboardInterrupt: pathlib.Path({str(asked)!r}).touch()"
    code = ("import sys\nfrom argparse import Namespace\nfrom workshop.course.project import Project\n"
            "from workshop.verbs.prove import run\nrun(Namespace(wheels=None), Project.here(), "
            f"{[python_part('one', 'import time; time.sleep(99)'), python_part('last', last)]}, "
            "lambda requirements, root, wheels: sys.executable)")
    process = subprocess.Popen([sys.executable, "-E", "-c", code], cwd=PROJECT.root, stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not beside.exists() and process.poll() is None:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    assert process.wait(20) != 0 and asked.exists()


def test_it_says_first_that_chapters_with_work_in_them_cannot_be_proved_whole(tmp_path, capfd):
    sandbox = Sandbox(tmp_path)
    part = python_part("one", "pass")
    for is_written in (False, True):
        if is_written:
            sandbox.solve("ch01_socket")
        prove.run(NOTHING, Project(sandbox.root), [part], lambda requirements, root, wheels: sys.executable)
        assert capfd.readouterr().out.startswith(prove.NOT_FRESH) == is_written


def test_the_output_of_a_part_comes_under_its_heading():
    parts = [python_part("one", "print('first')"), python_part("two", "print('second')")]
    code = ("import sys\nfrom argparse import Namespace\nfrom workshop.course.project import Project\n"
            "from workshop.verbs.prove import run\nrun(Namespace(wheels=None), Project.here(), "
            f"{parts}, lambda requirements, root, wheels: sys.executable)")
    said = subprocess.run([sys.executable, "-E", "-c", code], cwd=PROJECT.root, capture_output=True, text=True).stdout
    places = [said.index(words) for words in ("== one: one holds", "first", "== two: two holds", "second", "Summary")]
    assert places == sorted(places)


def test_the_parts_run_without_what_your_shell_and_your_home_folder_add(monkeypatch):
    for name in ("PYTHONPATH", "PYTEST_ADDOPTS"):
        monkeypatch.setenv(name, "x")
    variables = prove.variables("temporary")
    assert not {"PYTHONPATH", "PYTEST_ADDOPTS"} & set(variables)
    assert variables["PYTHONDONTWRITEBYTECODE"] == variables["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] == "1"
    assert all(variables[name].startswith("temporary") for name in prove.JUPYTER_FOLDERS)


@pytest.mark.skipif(os.name == "nt", reason="there, not everybody may make links")
def test_no_chapter_is_compiled_beforehand(tmp_path, monkeypatch):
    monkeypatch.setattr(prove, "compile_packages", lambda root: None)
    for name in ("chapters", "solutions", *prove.SOURCES):
        (tmp_path / name).mkdir(parents=True, exist_ok=True)
        (tmp_path / name / "one.py").touch()
    (tmp_path / ".venv").symlink_to(Path(sys.executable).parent.parent, target_is_directory=True)
    prove.prepared([], tmp_path, None)
    found = {path.parent.parent.relative_to(tmp_path).as_posix() for path in tmp_path.glob("[a-z]*/**/*.pyc")}
    assert found == set(prove.SOURCES) - {"chapters", "solutions"} == set(prove.SOURCES)


def test_ci_calls_the_readmes_test_command_and_nothing_else():
    script = (PROJECT.root / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert len(script) == 2 and script[1].endswith("exec python3 -m workshop test")
    assert "    python3 -m workshop test " in (PROJECT.root / "README.md").read_text(encoding="utf-8")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no permission bits")
def test_ci_can_run_its_script():
    assert os.access(PROJECT.root / ".ci" / "run", os.X_OK)
