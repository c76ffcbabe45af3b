"""What public hosts and editors read: the workflow, the issue forms, line ends, and settings of editors."""
import argparse
import configparser
import json
import os
import re
import runpy
import shlex
import shutil
import subprocess
import sys
from types import SimpleNamespace
from unittest.mock import MagicMock

import pytest
import yaml

from dev import PROJECT, learner_run
from dev.tests.test_readme import parses
from workshop import __main__ as workshop

ROOT = PROJECT.root
WORKFLOW = ROOT / ".github" / "workflows" / "test.yml"
JOBS = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))["jobs"]
RUN = [(name, step["run"]) for name, job in JOBS.items() for step in job["steps"] if "run" in step]
needs_git = pytest.mark.skipif(not shutil.which("git"), reason="there is no git here")


def is_a_learner(command, folder):
    """`python -m dev learner` knows these options."""
    parser = argparse.ArgumentParser()
    learner_run.add_arguments(parser)
    parser.parse_args(shlex.split(command)[4:])


def is_a_setting_of_git(command, folder):
    """git takes the setting."""
    variables = {**os.environ, "GIT_CONFIG_GLOBAL": str(folder / "config")}
    subprocess.run(shlex.split(command), env=variables, check=True)
    *_, name, text = command.split()
    assert subprocess.check_output(["git", "config", "--global", name], env=variables, text=True).strip() == text


PROVED = {
    "python3 -m workshop test": parses,
    "python -m dev learner": is_a_learner,
    "python -m dev learner --two-drives": is_a_learner,
    "git config --global core.autocrlf true": is_a_setting_of_git,
}


@pytest.mark.parametrize("job, command", RUN)
def test_a_command_of_the_workflow_is_one_that_there_is(job, command, tmp_path):
    if command.startswith("git ") and not shutil.which("git"):
        pytest.skip("there is no git here")
    PROVED[command](command, tmp_path)


def test_all_pythons_that_are_supported_are_tried():
    pythons = JOBS["everything"]["strategy"]["matrix"]["python"]
    assert pythons[0] == ".".join(map(str, workshop.OLDEST))
    assert pythons == [f"3.{minor}" for minor in range(10, 16)]
    assert pythons[-1] in JOBS["everything"]["continue-on-error"]


def test_a_learner_is_tried_on_the_other_systems_with_the_oldest_and_the_newest_released_python():
    matrix = JOBS["learner"]["strategy"]["matrix"]
    assert {name.partition("-")[0] for name in matrix["os"]} == {"macos", "windows"}
    assert matrix["python"] == [JOBS["everything"]["strategy"]["matrix"]["python"][place] for place in (0, -2)]


def test_git_is_told_of_line_ends_before_it_writes_files():
    first, second, *_ = JOBS["line-ends"]["steps"]
    assert "autocrlf" in first["run"] and second["uses"].startswith("actions/checkout@")


def test_the_odd_folder_is_the_one_in_which_commands_run():
    checkout = JOBS["odd-folder"]["steps"][0]["with"]["path"]
    assert checkout == JOBS["odd-folder"]["defaults"]["run"]["working-directory"] == "你好 ü"


def test_no_job_can_hang_for_hours_or_needs_more_than_the_hosts_own_actions():
    for name, job in JOBS.items():
        assert job["timeout-minutes"] <= 60, name
        assert all(re.fullmatch(r"actions/[a-z-]+@v\d+", step["uses"]) for step in job["steps"] if "uses" in step)


FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_a_form_asks_for_what_is_needed_to_try_it(path):
    form = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert form["name"] and form["description"]
    asked = {field["id"]: field for field in form["body"]}
    assert {"step", "code", "message", "doctor", "system"} <= asked.keys() and len(asked) == len(form["body"])
    assert all(field["type"] in ("input", "textarea") and field["attributes"]["label"] for field in asked.values())
    assert all(field["validations"] == {"required": True} for field in asked.values())


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_commands_in_a_form_exist(path):
    commands = re.findall(r"`python3 -m workshop ([^`]+)`", path.read_text(encoding="utf-8"))
    assert "doctor" in commands
    for words in map(str.split, commands):
        workshop.build_parser(words[0]).parse_args(words)


def settings(*path):
    """Return what a file of settings says."""
    return json.loads(ROOT.joinpath(*path).read_text(encoding="utf-8"))


def test_a_container_sets_itself_up_as_a_learner_does():
    container = settings(".devcontainer", "devcontainer.json")
    command, _, otherwise = container["postCreateCommand"].partition(" || ")
    words = shlex.split(command)
    assert words[:3] == ["python3", "-m", "workshop"] and otherwise == "true"  # nothing is written yet: no check passes
    assert workshop.build_parser(words[3]).parse_args(words[3:])
    assert re.fullmatch(r"python:3\.\d+", container["image"])
    extensions = settings(".vscode", "extensions.json")["recommendations"]
    assert container["customizations"]["vscode"]["extensions"] == extensions


def requirements(path):
    """Return the lines of a requirements file that are no comments."""
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]


def test_binder_installs_what_learners_need_in_the_locked_versions():
    folder = ROOT / ".binder"
    named = [line.split() for line in requirements(folder / "requirements.txt") if line.startswith("-")]
    assert [(option, (folder / name).resolve().name) for option, name in named] == [
        ("-c", "constraints.txt"), ("-r", "requirements.txt")]
    assert all((folder / name).is_file() for _, name in named)
    assert re.fullmatch(r"python-3\.\d+\n", (folder / "runtime.txt").read_text(encoding="utf-8"))


HUB = ROOT / "teaching" / "hub"


def test_on_a_hub_each_learner_has_a_port_of_ones_own(monkeypatch):
    monkeypatch.setenv("WORKSHOP_LEARNERS", "ada,bo")
    config = MagicMock()
    names = runpy.run_path(str(HUB / "jupyterhub_config.py"), {"get_config": lambda: config})
    assert config.Authenticator.allowed_users == {"ada", "bo"}
    assert config.JupyterHub.bind_url.startswith("http://127.0.0.1:")
    ports_of = [names["own_port"](SimpleNamespace(user=SimpleNamespace(id=number))) for number in (1, 2)]
    assert ports_of == ["8101", "8102"] and config.Spawner.environment["WORKSHOP_PORT"] is names["own_port"]
    assert "jupyterhub" in requirements(HUB / "requirements.txt")


def test_the_page_on_hubs_names_what_exists():
    page = (HUB / "README.md").read_text(encoding="utf-8")
    for words in re.findall(r"python3 -m workshop ([^\n`]+)", page):
        verb = shlex.split(words)
        workshop.build_parser(verb[0]).parse_args(verb)
    assert all((HUB / link).exists() for link in re.findall(r"\]\(([^)]+)\)", page))
    paths = re.findall(r"(?<![\w/])(?:teaching/hub/|\.binder/|\.devcontainer/)[\w./]*", page)
    assert paths and all((ROOT / path).exists() for path in paths)
    assert max(len(line) for line in page.splitlines() if "://" not in line) <= 120


def test_below_the_proxy_of_a_hub_the_apps_links_stay_below_it(tmp_path):
    code = ("from teaching.hub.below_a_proxy import application, PREFIX\n"
            "from werkzeug.test import Client\nprint(PREFIX)\nclient = Client(application)\n"
            "print(client.get(PREFIX + '/').text)\nprint(client.get('/elsewhere').text)")
    there = os.environ | {"PYTHONPATH": "solutions", "WORKSHOP_PORT": "8123",
                          "JUPYTERHUB_SERVICE_PREFIX": "/user/ada/"}
    said = subprocess.run([sys.executable, "-B", "-c", code], cwd=ROOT, env=there, capture_output=True, text=True,
                          encoding="utf-8").stdout
    prefix = "/user/ada/proxy/absolute/8123"
    links = re.findall(r'(?:href|action)="([^"]+)"', said)
    assert said.startswith(prefix) and links and all(link.startswith(prefix) for link in links)
    assert f"The apps are at {prefix}/" in said


def test_vs_code_uses_the_workshops_environment_and_the_folder_of_a_notebook():
    code = settings(".vscode", "settings.json")
    assert code["python.defaultInterpreterPath"] == "${workspaceFolder}/.venv"
    assert code["jupyter.notebookFileRoot"] == "${fileDirname}"  # where workbench.py is
    folders = [*code["python.analysis.extraPaths"], *code["python.testing.pytestArgs"]]
    assert all((ROOT / folder).is_dir() for folder in folders)


def git(folder, *words, **more):
    """Run git in a folder, with more settings, and return what it prints."""
    options = [word for name, text in more.items() for word in ("-c", f"{name.replace('_', '.')}={text}")]
    command = ["git", "-C", folder, "-c", "user.name=x", "-c", "user.email=x@example.org", *options, *words]
    return subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8").stdout


@needs_git
def test_line_ends_stay_as_they_are_whatever_git_is_told(tmp_path):
    texts = {name: b"one\ntwo\n" for name in ("a.py", "a.ipynb", "a.md", "a.svg", "a.json", "a.txt", "LICENSE", "run")}
    git(tmp_path, "init", "-q")
    shutil.copy(ROOT / ".gitattributes", tmp_path)
    for name, text in texts.items():
        (tmp_path / name).write_bytes(text)
    git(tmp_path, "add", ".", core_autocrlf="true")
    git(tmp_path, "commit", "-qm", "as they are")
    for name in texts:
        (tmp_path / name).unlink()
    git(tmp_path, "checkout", "-q", ".", core_autocrlf="true")
    assert {name: (tmp_path / name).read_bytes() for name in texts} == texts


@needs_git
@pytest.mark.skipif(os.name == "nt", reason="links need a permission there")
def test_git_ignores_an_environment_that_is_a_folder_and_one_that_is_a_link(tmp_path):
    git(tmp_path, "init", "-q")
    shutil.copy(ROOT / ".gitignore", tmp_path)
    (tmp_path / "environment").mkdir()
    (tmp_path / ".venv").symlink_to(tmp_path / "environment", target_is_directory=True)
    (tmp_path / "below" / ".venv").mkdir(parents=True)
    assert git(tmp_path, "check-ignore", ".venv", "below/.venv").split() == [".venv", "below/.venv"]


def texts():
    """Yield (path, content) of the repository's own texts, but for the learner's chapters."""
    folders = [path for path in ROOT.iterdir() if path.is_dir() and path.name != "chapters"
               and (path.name[0] not in "._" or path.name in (".binder", ".ci", ".devcontainer", ".github", ".vscode"))]
    for path in [*ROOT.iterdir(), *(path for folder in folders for path in folder.rglob("*"))]:
        if path.is_file() and "__pycache__" not in path.parts and b"\0" not in (content := path.read_bytes()):
            yield path, content.decode("utf-8")


def test_texts_are_as_editors_are_told_to_write_them():
    parser = configparser.ConfigParser()
    parser.read_string("[top]\n" + (ROOT / ".editorconfig").read_text(encoding="utf-8"))
    assert dict(parser["*"]) == {"charset": "utf-8", "end_of_line": "lf", "indent_style": "space",
                                 "insert_final_newline": "true", "trim_trailing_whitespace": "true"}
    for path, text in texts():
        assert not text or text.endswith("\n"), path
        assert "\r" not in text and not re.search(r"(?m)[ \t]$", text), path


def test_editors_and_ruff_agree_on_the_length_of_a_line():
    length = re.search(r"max_line_length = (\d+)", (ROOT / ".editorconfig").read_text(encoding="utf-8"))[1]
    assert f"line-length = {length}\n" in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", [WORKFLOW, *FORMS], ids=lambda path: path.stem)
def test_nothing_names_a_host_or_an_owner(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"://|\b[\w-]+\.(com|org|io|net)\b|(?<![\w-])@\w", text)
