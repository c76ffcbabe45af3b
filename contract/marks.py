"""Which checks hold which clause, collected from the marks in the tests' files, which are parsed and not imported."""
import ast
import functools
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from workshop.course.steps import ROOT, all_steps, order

TESTS = ROOT / "tests"


@dataclass(frozen=True)
class Check:
    """One function that checks something, with its marks."""

    path: Path
    name: str  # test_a_killed_reset_leaves_the_old_file_or_the_new_one
    clauses: tuple
    rules: tuple  # of HTTP
    step: str | None
    is_black_box: bool  # whether it asks a running server

    @property
    def claim(self):
        """The name as a sentence."""
        return self.name.removeprefix("test_").replace("_", " ")


@functools.cache
def checks_of(path):
    """Return the Checks in a file, in its order."""
    return list(found_in(ast.parse(path.read_text(encoding="utf-8")).body, path, []))


def found_in(nodes, path, outer):
    """Yield the Checks among the nodes of a module or class; outer are the decorators of the class."""
    for node in nodes:
        decorators = outer + getattr(node, "decorator_list", [])
        if isinstance(node, ast.ClassDef):
            yield from found_in(node.body, path, decorators)
        elif isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            marks = {name: marked(decorators, name) for name in ("clause", "http", "step")}
            client = "client" in (argument.arg for argument in node.args.args)
            yield Check(path, node.name, marks["clause"], marks["http"], *marks["step"][:1] or [None], client)


def marked(decorators, name):
    """Return the arguments of all marks with this name in decorators, those of single parameters included."""
    calls = (node for decorator in decorators for node in ast.walk(decorator) if isinstance(node, ast.Call))
    named = (call for call in calls if getattr(call.func, "attr", getattr(call.func, "id", None)) == name)
    return tuple(dict.fromkeys(argument.value for call in named for argument in call.args))


def all_checks():
    """Return the Checks of all files, those of the chapters first."""
    paths = sorted(TESTS.glob("test_*.py")) + sorted(Path(__file__).parent.glob("test_*.py"))
    return [check for path in paths for check in checks_of(path)]


@functools.cache
def checks_by_clause():
    """Return {clause number: [Check]}."""
    found = defaultdict(list)
    for check in all_checks():
        for number in check.clauses:
            found[number].append(check)
    return dict(found)


def steps_that_keep(number):
    """Return the Steps whose checks in the chapters name a clause, in order."""
    numbers = {check.step for check in checks_by_clause().get(number, []) if check.step}
    steps = all_steps()
    return [steps[step] for step in sorted(numbers, key=order)]
