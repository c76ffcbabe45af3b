"""The rules of the house: one stem in each place, no stray files, functions that can be read aloud."""
import ast
import re
import subprocess
import sys

import pytest

from workshop.course.steps import ROOT, all_steps, functions_of, question_of, relative, stems

CODE = sorted(path for folder in ("solutions", "workshop", "tests") for path in (ROOT / folder).rglob("*.py"))
LONGEST = 20  # lines in a function, without its docstring
SOURCES = re.compile(r"PEP \d+|RFC \d+|documentation|documents|gunicorn/|Common Log Format")


def code(path):
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("folder", ["chapters", "solutions"])
def test_a_folder_holds_one_file_for_each_stem_and_no_other(folder):
    assert {path.name for path in (ROOT / folder).iterdir() if path.is_file()} == {f"{stem}.py" for stem in stems()}


def test_the_checks_are_a_folder_for_each_stem():
    found = {path.name for path in (ROOT / "tests").iterdir() if path.name != "__pycache__"}
    assert found == {*stems(), "__init__.py", "conftest.py", "expect.py"}


def checks_of(step):
    """Return the name of the file with a step's checks: `test_response_write` for `Response.write`."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", step.name.replace(".", "_")).lower()
    return "test_" + re.sub("__+", "_", words).strip("_")


def step_of_file(path, steps):
    """Return the step that a file of checks is named after, a subject perhaps behind its name; or None."""
    named = [step for step in steps if re.fullmatch(rf"{checks_of(step)}(_\w+)?", path.stem)]
    return max(named, key=lambda step: len(checks_of(step)), default=None)


@pytest.mark.parametrize("stem", stems())
def test_each_file_of_checks_is_named_after_the_function_of_its_step(stem):
    steps = [step for step in all_steps().values() if step.path.stem == stem]
    files = sorted((ROOT / "tests" / stem).glob("test_*.py"))
    missing = {checks_of(step) for step in steps} - {path.stem for path in files}
    assert not missing, f"steps without a file of checks: {missing}"
    for path in files:
        step = step_of_file(path, steps)
        assert step, f"{relative(path)} is named after no step"
        assert code(path).startswith(f'"""Step {step.number} · {step.name}'), f"{relative(path)} opens otherwise"
        assert set(re.findall(r'mark\.step\("(.*?)"\)', code(path))) == {step.number}, relative(path)


@pytest.mark.parametrize("stem", stems())
def test_what_stands_beside_the_files_of_checks_is_shared_by_them(stem):
    files = {path.stem: code(path) for path in (ROOT / "tests" / stem).glob("*.py")}
    for name in [name for name in files if not name.startswith(("test_", "__init__", "conftest"))]:
        users = [user for user, text in files.items() if f"from tests.{stem}.{name} import" in text]
        assert len(users) > 1, f"tests/{stem}/{name}.py is imported by {users}"


def test_step_numbers_run_without_a_gap():
    for position, stem in enumerate(stems(), 1):
        numbers = [number for number, step in all_steps().items() if step.path.stem == stem]
        assert numbers == [f"{position}.{count}" for count in range(1, len(numbers) + 1)], stem


@pytest.mark.parametrize("step", all_steps().values(), ids=lambda step: f"{step.number} {step.name}")
def test_a_task_is_short_and_names_its_source(step):
    assert step.minutes <= 20
    assert SOURCES.search(step.task), "no section of a specification is named"
    assert step.path.read_text(encoding="utf-8").count(f"Step {step.number} ·") == 1


@pytest.mark.parametrize("stem", stems())
def test_a_chapter_opens_with_its_question(stem):
    assert question_of(stem).endswith("?")


@pytest.mark.parametrize("path", CODE, ids=relative)
def test_functions_can_be_read_aloud(path):
    for name, node in functions_of(ast.parse(code(path))):
        begin = node.body[0].end_lineno + 1 if ast.get_docstring(node) else node.body[0].lineno
        assert node.end_lineno - begin < LONGEST, f"line {node.lineno}: {name} is longer than {LONGEST} lines"


def test_no_later_chapter_repeats_a_name_of_an_earlier_one_but_its_handle():
    given = {"handle", "main", "make_handle"}
    seen = {}
    for stem in stems("solutions"):
        tree = ast.parse(code(ROOT / "solutions" / f"{stem}.py"))
        for name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)} - given:
            assert name not in seen, f"{name} is defined in {seen[name]} and again in {stem}"
            seen[name] = stem


def test_ruff_finds_nothing():
    run = subprocess.run([sys.executable, "-m", "ruff", "check", "--no-cache", "."], cwd=ROOT, capture_output=True,
                         text=True)
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize("name", ["constraints.txt", "requirements.txt", "requirements-dev.txt"])
def test_requirements_hold_no_addresses(name):
    assert not re.search(r"://|--index|--find-links|file:", code(ROOT / name))
