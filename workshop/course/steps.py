"""What the tutorial consists of, read from its files: chapters and their steps.

Nothing here is a list kept by hand. A chapter is a file `chNN_name.py`; a step is a function or method in it
whose docstring opens with `Step N.M · about K minutes`. The files are parsed, never imported, so a chapter
that is broken or half-written can still be described.
"""
import ast
import re
from dataclasses import dataclass
from pathlib import Path

from workshop.machine.trouble import Trouble

ROOT = Path(__file__).resolve().parent.parent.parent
STEP_HEADING = re.compile(r"Step (?P<number>\d+\.\d+) · about (?P<minutes>\d+) minutes?$")


@dataclass(frozen=True)
class Step:
    """One function that the learner writes."""

    number: str  # "2.3"
    name: str  # "parse_fields" or "Response.write"
    minutes: int
    path: Path
    line: int  # of the `def`
    task: str  # the docstring
    started: bool  # False while the body is the starter's `raise NotImplementedError`

    @property
    def place(self):
        """Where the step stands, as editors and terminals make it clickable: `chapters/ch02_request.py:41`."""
        return f"{relative(self.path)}:{self.line}"


def relative(path):
    """Return path as a str with forward slashes, relative to the repository where it lies inside it."""
    path = Path(path)
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else str(path)


def stems(tree="solutions"):
    """Return the stems of all chapters, in order: `["ch01_socket", …]`."""
    return sorted(path.stem for path in (ROOT / tree).glob("ch[0-9][0-9]_*.py"))


def functions_of(tree):
    """Yield (qualified name, node) for each function and method of a parsed module, in the file's order."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            yield from ((f"{node.name}.{name}", method) for name, method in functions_of(node))


def heading_of(node):
    """Return the match of a function's step heading, or None if the function is no step."""
    return STEP_HEADING.match((ast.get_docstring(node) or "").partition("\n")[0])


def is_stub(node):
    """Tell whether a function's body, after the docstring, is nothing but the starter's `raise`."""
    match node.body[1:]:
        case [ast.Raise(exc=ast.Call(func=ast.Name(id="NotImplementedError")))]:
            return True
    return False


def steps_of_source(source, path):
    """Return the steps of a chapter's source, ordered by number. Raises SyntaxError if it can't be parsed."""
    steps = []
    for name, node in functions_of(ast.parse(source)):
        if heading := heading_of(node):
            steps.append(Step(heading["number"], name, int(heading["minutes"]), Path(path), node.lineno,
                              ast.get_docstring(node), not is_stub(node)))
    return sorted(steps, key=lambda step: order(step.number))


def steps_of(stem, tree="solutions"):
    """Return the steps of one chapter in a tree ("chapters" or "solutions")."""
    path = ROOT / tree / f"{stem}.py"
    return steps_of_source(path.read_text(encoding="utf-8"), path)


def all_steps(tree="solutions"):
    """Return the steps of all chapters of a tree, as a dict from number to Step."""
    return {step.number: step for stem in stems(tree) for step in steps_of(stem, tree)}


def find_step(number):
    """Return the reference's Step of a number such as "2.3"; only its chapter is read. Raises Trouble if there is none.
    """
    for step in (step for stem in stems_of(number.partition(".")[0]) for step in steps_of(stem)):
        if step.number == number:
            return step
    first, last = steps_of(stems()[0])[0], steps_of(stems()[-1])[-1]
    raise Trouble(f"There is no step {number}. They go from {first.number} to {last.number}: the README lists the "
                  "chapters.")


def stems_of(chapter):
    """Return the stems of the chapter with a number (str): one of them, or none."""
    return [stem for stem in stems() if stem[2:4] == chapter.rjust(2, "0")]


def find_chapter(chapter):
    """Return the stem of the chapter with a number such as "2". Raises Trouble if there is none."""
    for stem in stems_of(chapter):
        return stem
    raise Trouble(f"There is no chapter {chapter}. They go from {int(stems()[0][2:4])} to {int(stems()[-1][2:4])}.")


def line_in(path, step):
    """Return the number of the line where a step is defined in a file, or None; a file that is broken has lines too."""
    pattern = re.compile(rf"\s*(async +)?def +{re.escape(step.name.rpartition('.')[2])}\b")
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    found = [count for count, line in enumerate(lines, 1) if pattern.match(line)]
    heading = next((count for count, line in enumerate(lines, 1) if f"Step {step.number} ·" in line), None)
    return min(found, key=lambda line: abs(line - heading)) if found and heading else next(iter(found), None)


def order(number):
    """Return the key that sorts step numbers: `(2, 10)` comes after `(2, 9)`."""
    return tuple(int(part) for part in number.split("."))


def question_of(stem, tree="solutions"):
    """Return the question that a chapter answers: what follows `Chapter N · ` in its docstring's first line."""
    docstring = ast.get_docstring(ast.parse((ROOT / tree / f"{stem}.py").read_text(encoding="utf-8")))
    return docstring.partition("\n")[0].partition(" · ")[2]
