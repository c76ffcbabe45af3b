"""What the pages for learners, teachers and contributors say is so: each command is proved, each path exists."""
import argparse
import importlib
import os
import re
import shlex
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from dev import PROJECT, page_tables
from dev.learner_run import copied
from workshop import __main__ as workshop
from workshop.course import notebooks
from workshop.course.notebooks import words_in
from workshop.course.roads import roads
from workshop.machine.containment import contained_environment, end_group, own_group
from workshop.verbs import prove
from wsgi_contract import command_line
from wsgi_contract.server_records import path_of_record

TEXTS = {page: (PROJECT.root / page).read_text(encoding="utf-8") for page in page_tables.PAGES}
TOP_FOLDERS = {path.name for path in PROJECT.root.iterdir() if path.is_dir()}
WORDS_A_PAGE = 820  # with headings and tables, on A4 with margins of 20 mm: in a serif of 11 points there is room left
PROGRAMS = ("python3 ", "python ", "py ", "pytest ", "pip ", "uv ", "ruff ", "mypy ", "git ", "source ", ".venv\\")


def commands_of(text):
    """Return the commands on a page: the lines of its blocks of code, and what is quoted within sentences."""
    blocks = "\n".join(re.findall(r"(?m)^    (.+)", text)).replace("\\\n", "")
    lines = [re.split(r" +# ", line)[0].strip() for line in blocks.splitlines()]
    quoted = [words for words in re.findall(r"`([^`\n]+)`", text) if words.startswith(PROGRAMS)]
    return [" ".join(line.split()) for line in [*lines, *quoted]]


COMMANDS = sorted({command for text in TEXTS.values() for command in commands_of(text)})


# How commands are proved. Each is a function that gets the command and a folder for a copy of the repository.


def runs(shows, solved=(), before=""):
    """The command does what it says in a copy of the repository, in which some chapters are solved."""
    def proof(command, folder):
        for stem in solved:
            shutil.copy(folder / "solutions" / f"{stem}.py", folder / "chapters")
        printed = [said_by(words, folder) for words in filter(None, [before, command])]
        assert shows in printed[-1], printed[-1]

    return proof


def said_by(command, folder):
    """Run a command in a folder, with the Python that runs the tests, and return what it prints."""
    ended = subprocess.run(with_this_python(command), cwd=folder, env=contained_environment(COLUMNS="100"), timeout=120,
                           stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return ended.stdout.decode("utf-8")


def with_this_python(command):
    """Return the words of a command, which name this Python in place of `python3` or of a program that it has."""
    program, *words = shlex.split(command)
    return [sys.executable, *(() if program.startswith("python") else ("-m", program)), *words]


def serves(command, folder):
    """The server of the solutions starts, and says where; on a free port, for 8000 may be taken."""
    for path in (folder / "solutions").glob("ch*.py"):
        shutil.copy(path, folder / "chapters")
    process = subprocess.Popen([*with_this_python(command), "--port", "0"], cwd=folder, stdin=subprocess.DEVNULL,
                               env=contained_environment(), stdout=subprocess.PIPE, encoding="utf-8", **own_group())
    try:
        assert any(line.startswith("http://127.0.0.1:") for line in process.stdout)
    finally:
        end_group(process)
        process.stdout.close()


def parses(command, folder):
    """The command has this verb, with these options; what it does then is tested where the verb is."""
    words = shlex.split(command.partition("-m ")[2])
    if words[0] == "workshop":
        assert callable(workshop.build_parser(words[1]).parse_args(words[1:]).run)
    else:
        module_name, summary = importlib.import_module("dev.__main__").COMMANDS[words[1]]
        parser = argparse.ArgumentParser()
        importlib.import_module(module_name).add_arguments(parser)
        assert summary and parser.parse_args(words[2:])


def is_what_ci_runs(command, folder):
    """`.ci/run` runs the same, on each change."""
    assert (PROJECT.root / ".ci" / "run").read_text(encoding="utf-8").rstrip().endswith(f"&& exec {command}")


def is_part_of_the_whole_test(command, folder):
    """`python3 -m workshop test` runs the same words, among others."""
    assert any(set(shlex.split(command)) <= set(words) for _, _, words in prove.PARTS)


def stands_in(name):
    """The same command is in another file, which is about it; spaces and line ends aside."""
    def proof(command, folder):
        text = re.sub(r"[\\#\s]+", " ", (PROJECT.root / name).read_text(encoding="utf-8"))
        assert command in text

    return proof


def names_a_server(command, folder):
    """The contract knows the options, and has a record of the server."""
    arguments = command_line.parsed(shlex.split(command.partition(" contract ")[2]))
    assert arguments.record and path_of_record(arguments.name).exists()


def names_a_file(command, folder):
    """What pytest is asked to run exists."""
    assert (PROJECT.root / command.split()[1]).is_file()


def activates(command, folder):
    """An environment that venv makes has this file, and a shell that reads it has the environment's Python."""
    venv.create(folder / ".venv", symlinks=os.name != "nt")
    line = f". {command.split()[1]} && printenv VIRTUAL_ENV"
    said = subprocess.run(["sh", "-c", line], cwd=folder, capture_output=True, text=True).stdout
    assert Path(said.strip()).samefile(folder / ".venv")


def is_made_on_windows(command, folder):
    """venv has a script with this name for PowerShell, which it copies on Windows."""
    names = {path.name.lower() for path in Path(venv.__file__).parent.rglob("*")}
    assert f"{command.rpartition(chr(92))[2]}.ps1" in names


def locks(command, folder):
    """uv takes the command, with files that require nothing, and writes a file of versions."""
    for name in ("requirements.txt", "requirements-dev.txt"):
        (folder / name).touch()
    subprocess.run(with_this_python(command), cwd=folder, check=True, capture_output=True)
    assert (folder / "constraints.txt").exists()


PROVED = {
    "python3 -m workshop": runs("Next: 1.1"),
    "python3 -m workshop bench --save": parses,
    "python3 -m workshop begin afternoon": runs("to write: 1.1"),
    "python3 -m workshop begin day": parses,
    "python3 -m workshop begin taste": parses,
    "python3 -m workshop begin whole": parses,
    "python3 -m workshop board .": parses,
    "python3 -m workshop board /mnt/class/* --road afternoon": parses,
    "python3 -m workshop catch-up 3.9": parses,
    "python3 -m workshop catch-up all": runs("borrowed from the reference: 5.1"),
    "python3 -m workshop check 2.3": runs("1 borrowed of 1 step", solved=["ch01_socket", "ch02_request"]),
    "python3 -m workshop contract": runs("○ step 1.1 build_response, "),
    "python3 -m workshop contract gunicorn --record": names_a_server,
    "python3 -m workshop doctor": runs("Python 3."),
    "python3 -m workshop grade /mnt/class/* --road afternoon --out grades": parses,
    "python3 -m workshop hint 2.3": runs("hint 2.3"),
    "python3 -m workshop lab": parses,
    "python3 -m workshop reset 2.3": runs(".workshop/saved/0001/ch02_request.py", solved=["ch02_request"]),
    "python3 -m workshop serve": serves,
    "python3 -m workshop serve --port 0": parses,
    "python3 -m workshop serve --tree solutions": parses,
    "python3 -m workshop share /mnt/class --name Ada": parses,
    "python3 -m workshop teach afternoon --start 13:30": runs("13:33"),
    "python3 -m workshop test": is_what_ci_runs,
    "python3 -m workshop undo": runs("as it was before `reset 2.3`", solved=["ch02_request"],
                                     before="python3 -m workshop reset 2.3"),
    "python3 -m workshop watch": parses,
    "python3 -m workshop lab --wheels packages": parses,
    "python3 -m workshop wheels packages": parses,
    "pytest -o pythonpath=solutions tests": is_part_of_the_whole_test,
    "pytest dev/tests/test_broken_servers.py": names_a_file,
    "pytest dev/tests/test_readme.py": names_a_file,
    "pytest tests/ch02_request": runs("12 not started of 12 steps"),
    "python -m dev": runs("regenerate"),
    "python -m dev latency": parses,
    "python -m dev learner": parses,
    "python -m dev mutants": stands_in("dev/mutants.py"),
    "python -m dev paper": parses,
    "python -m dev regenerate": parses,
    "python -m dev regenerate --check": parses,
    "python -m dev rehearsal ch01_socket": parses,
    "python -m dev soak": parses,
    "python -m dev unfailed": parses,
    'python -m dev unfailed "a path is decoded twice"': parses,
    "python -m dev versions": parses,
    "python -m dev wire": stands_in("dev/wire_mutants.py"),
    "python -m dev versions answers 2.2": parses,
    "python -m dev versions mistakes 2.2": parses,
    "python3 -m venv ../mutants": stands_in("dev/mutants.py"),
    "../mutants/bin/pip install -r requirements.txt -r requirements-dev.txt -c constraints.txt cosmic-ray":
        stands_in("dev/mutants.py"),
    "../mutants/bin/python -m dev mutants": stands_in("dev/mutants.py"),
    "mypy workshop contract dev": is_part_of_the_whole_test,
    "ruff check .": is_part_of_the_whole_test,
    "source .venv/bin/activate": activates,
    ".venv\\Scripts\\activate": is_made_on_windows,
    "uv pip compile --universal --python-version 3.10 --upgrade --no-header --no-annotate --no-emit-index-url "
    "--output-file constraints.txt requirements.txt requirements-dev.txt": locks,
}
POSIX_ONLY = {"source .venv/bin/activate"}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_does_what_the_page_says(command, tmp_path):
    assert command in PROVED, "no proof of this command is in the table PROVED"
    if os.name == "nt" and command in POSIX_ONLY:
        pytest.skip("Windows has no such shell")
    needs_a_copy = PROVED[command] is serves or PROVED[command].__qualname__.startswith("runs.")
    PROVED[command](command, copied(PROJECT, tmp_path / "copy") if needs_a_copy else tmp_path)


def test_no_proof_is_left_over():
    assert PROVED.keys() <= set(COMMANDS)


def links_of(page):
    """Return what a page links to, and what it names below a folder of the repository."""
    folder = (PROJECT.root / page).parent
    linked = re.findall(r"\]\((?!http|#)([^)#]+)\)", TEXTS[page])
    named = re.findall(r"`((?:\.?[a-z]+/[\w./-]*|requirements[\w.-]*|constraints\.txt))`", TEXTS[page])
    in_blocks = "\n".join(re.findall(r"(?m)^    (.+)", TEXTS[page]))
    named += [word for word in re.findall(r"(?<![\w./-])[a-z]+/[\w./-]*\b", in_blocks)
              if word.partition("/")[0] in TOP_FOLDERS]
    return [*(folder / path for path in linked), *(PROJECT.root / path for path in named)]


@pytest.mark.parametrize("page", TEXTS)
def test_what_a_page_names_exists(page):
    assert links_of(page)
    assert not [path for path in links_of(page) if not path.exists()]


@pytest.mark.parametrize("page", TEXTS)
def test_steps_that_are_named_exist(page):
    assert set(re.findall(r"(?:check|hint|diff|reset|mistakes|answers|steps=|,|[Ss]tep)[ (\"]*(\d+\.\d+)", TEXTS[page])
               ) <= PROJECT.steps.keys()


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_each_folder_has_a_line(page):
    folders = {f"{path.name}/" for path in PROJECT.root.iterdir() if path.is_dir() and path.name[0] not in "._"}
    assert set(re.findall(r"(?m)^\| `(\w+/)` \|", TEXTS[page])) == folders


def test_the_readme_is_short():
    assert len(TEXTS["README.md"].splitlines()) <= 80


def test_the_guide_for_teachers_has_two_pages():
    assert words_in(TEXTS["teaching/README.md"]) <= 2 * WORDS_A_PAGE


def test_the_hours_of_the_whole_are_those_of_the_chapters_without_an_encore():
    encores = [chapter.stem for chapter in PROJECT.chapters if chapter.is_encore]
    minutes = [sum(notebooks.minutes_of(PROJECT, name, notebooks.read(PROJECT, name)))
               for name in notebooks.names(PROJECT) if name not in encores]
    assert abs(roads(PROJECT)["whole"].minutes - sum(minutes)) <= 30


@pytest.mark.parametrize("page", [*TEXTS, "contract/README.md"])
def test_lines_fit(page):
    text = (PROJECT.root / page).read_text(encoding="utf-8")
    long = [line for line in text.splitlines() if len(line) > 120 and not line.startswith("|")]
    assert not long
