"""The rules of the house: one stem in each place, no stray files, functions that can be read aloud."""
import ast
import re
import subprocess
import sys

import pytest

from dev import PROJECT
from workshop.course.source import functions_of

CODE = sorted(path for folder in ("solutions", "workshop", "tests") for path in (PROJECT.root / folder).rglob("*.py"))
LONGEST = 30  # lines in a function, without its docstring
SOURCES = re.compile(r"PEP \d+|RFC \d+|documentation|documents|gunicorn/|Common Log Format")


def code(path):
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("folder, pattern", [("chapters", "{}.py"), ("solutions", "{}.py"), ("tests", "test_{}.py")])
def test_a_folder_holds_one_file_for_each_stem_and_no_other(folder, pattern):
    package = {"__init__.py", "conftest.py"} if folder == "tests" else set()
    found = {path.name for path in (PROJECT.root / folder).iterdir() if path.is_file()}
    assert found == package | {pattern.format(stem) for stem in list(PROJECT.by_stem)}


def test_step_numbers_run_without_a_gap():
    for position, stem in enumerate(list(PROJECT.by_stem), 1):
        numbers = [number for number, step in PROJECT.steps.items() if step.path.stem == stem]
        assert numbers == [f"{position}.{count}" for count in range(1, len(numbers) + 1)], stem


@pytest.mark.parametrize("step", PROJECT.steps.values(), ids=lambda step: f"{step.number} {step.name}")
def test_a_task_is_short_and_names_its_source(step):
    assert step.minutes <= 20
    assert SOURCES.search(step.task), "no section of a specification is named"
    assert step.path.read_text(encoding="utf-8").count(f"Step {step.number} ·") == 1


@pytest.mark.parametrize("stem", list(PROJECT.by_stem))
def test_a_chapter_opens_with_its_question(stem):
    assert PROJECT.by_stem[stem].question.endswith("?")


@pytest.mark.parametrize("path", CODE, ids=PROJECT.relative)
def test_functions_can_be_read_aloud(path):
    for name, node in functions_of(ast.parse(code(path))):
        begin = node.body[0].end_lineno + 1 if ast.get_docstring(node) else node.body[0].lineno
        assert node.end_lineno - begin < LONGEST, f"line {node.lineno}: {name} is longer than {LONGEST} lines"


def test_no_later_chapter_repeats_a_name_of_an_earlier_one_but_its_handle():
    given = {"handle", "main", "make_handle"}
    seen = {}
    for stem in list(PROJECT.by_stem):
        tree = ast.parse(code(PROJECT.root / "solutions" / f"{stem}.py"))
        for name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)} - given:
            assert name not in seen, f"{name} is defined in {seen[name]} and again in {stem}"
            seen[name] = stem


def test_ruff_finds_nothing():
    run = subprocess.run([sys.executable, "-m", "ruff", "check", "--no-cache", "."], cwd=PROJECT.root,
                         capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize("name", ["constraints.txt", "requirements.txt", "requirements-dev.txt"])
def test_requirements_hold_no_addresses(name):
    assert not re.search(r"://|--index|--find-links|file:", code(PROJECT.root / name))
