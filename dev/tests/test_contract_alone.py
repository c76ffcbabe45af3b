"""The contract is a tool of its own: it imports nothing of the tutorial, and works when its folder is copied alone."""
import ast
import re
import shlex
import shutil
import subprocess
import sys

import pytest

from contract.launching import environment
from contract.server_records import HERE

FILES = sorted(HERE.glob("*.py"))
OTHERS = {"contract", "pytest", "flask", "tomli"}  # beside the standard library; flask is imported where it is used
README = (HERE / "README.md").read_text(encoding="utf-8")
BLOCKS = ["\n".join(line[4:] for line in block.splitlines()) for block in re.findall(r"(?:^ {4}.*\n)+", README, re.M)]
COMMANDS = [line for block in BLOCKS for line in block.splitlines() if line.startswith("pytest ")]
MY_SERVER = """
import importlib, sys
from wsgiref.simple_server import make_server
module, _, name = sys.argv[2].partition(":")
make_server("127.0.0.1", int(sys.argv[1]), getattr(importlib.import_module(module), name)).serve_forever()
"""
MY_PACKAGE = """
class Middleware:
    def __init__(self, app):
        self.app = app

    def __call__(self, environ, start_response):
        return self.app(environ, start_response)

def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"hello"]
"""


def imported(path):
    """Return the first parts of the names of all modules that a file imports, wherever in it."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += ["." * node.level + (node.module or "") for node in nodes if isinstance(node, ast.ImportFrom)]
    return {name.partition(".")[0] for name in names}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_nothing_of_the_tutorial_is_imported(path):
    assert not imported(path) - OTHERS - sys.stdlib_module_names


@pytest.mark.parametrize("path", [*FILES, *sorted(HERE.glob("*.md"))], ids=lambda path: path.name)
def test_nothing_of_the_tutorial_is_named(path):
    words = re.findall(r"(?i)workshop|tutorial|chapter|learner|solutions/|\bsteps?\b", path.read_text(encoding="utf-8"))
    assert not words


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with a copy of contract/ and the modules that its README speaks of, and nothing else."""
    folder = tmp_path_factory.mktemp("alone")
    shutil.copytree(HERE, folder / "contract", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "my_server.py").write_text(MY_SERVER, encoding="utf-8")
    (folder / "my_package.py").write_text(MY_PACKAGE, encoding="utf-8")
    return folder


def run(folder, command):
    """Run a command line that begins with pytest in a folder; return what it prints, and its exit status."""
    words = [word.replace("python3", shlex.quote(sys.executable)) for word in shlex.split(command)[1:]]
    run = subprocess.run([sys.executable, "-c", "import sys, pytest; sys.exit(pytest.main())", *words], cwd=folder,
                         capture_output=True, text=True, encoding="utf-8",
                         env=environment(PYTEST_DISABLE_PLUGIN_AUTOLOAD="1", PYTHONSAFEPATH="1"))
    return run.stdout + run.stderr, run.returncode


def test_waitress_is_checked(folder):
    text, status = run(folder, COMMANDS[0])
    assert status == 0, text[-3000:]
    assert re.search(r"waitress [\d.]+\nconformance: \d+ of \d+ clauses", text) and "known departures" in text


def test_without_a_server_a_sentence_says_how_to_name_one(folder):
    text, status = run(folder, "pytest contract")
    assert status == 4 and "Name one: pytest contract --server NAME, where NAME is gunicorn, " in text
    assert "Traceback" not in text and "passed" not in text


def test_a_server_of_ones_own_is_told_what_to_keep_next(folder):
    text, status = run(folder, "pytest contract --server 'python3 my_server.py {port} {app}' --clause 13,42,64")
    assert status == 1 and "conformance: 1 of 3 clauses" in text
    assert "next: clause 42, MUST (environ Variables): CONTENT_TYPE" in text
    assert re.search(r"pytest contract --server '.*my_server.py \{port} \{app}' --clause 42 shows what is wrong", text)


@pytest.mark.parametrize("command", [line for line in COMMANDS[1:] if line != "pytest contract"])
def test_a_command_of_the_readme_does_what_it_says(folder, command):
    text, status = run(folder, command)
    assert status == ("my_server" in command), text[-3000:]
    assert "conformance: " in text or " passed" in text


def test_what_the_readme_says_of_plugins_is_so(folder):
    settings, plugin = BLOCKS[-3:-1]
    (folder / "pyproject.toml").write_text(settings + "\n[tool.pytest.ini_options]\n", encoding="utf-8")
    (folder / "my_plugin.py").write_text(plugin, encoding="utf-8")
    try:
        text, status = run(folder, f"{BLOCKS[-1]} --clause 13")
    finally:
        (folder / "pyproject.toml").unlink()
    assert status == 0 and "waitress" in text and "conformance: 1 of 1 clauses" in text


def test_the_readme_names_what_is_there():
    for name in re.findall(r"`([a-z_]+\.py|[a-z]+/)`|\]\(([\w/]+\.md)\)", README):
        assert "".join(name) in ("my_plugin.py",) or (HERE / "".join(name)).exists(), name
