"""The verb `diff`: your version of a step, or of each step of a chapter, beside the reference."""
import ast
import difflib
import shutil
import sys
import unicodedata
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator

from workshop.checking.current_verdicts import CurrentVerdicts
from workshop.course import borrowed_steps, definitions
from workshop.course.exercise import read_exercise
from workshop.course.project import Project, Step
from workshop.course.source import lines_of
from workshop.machine.invocation import command
from workshop.machine.streams import is_terminal
from workshop.machine.trouble import Trouble
from workshop.terminal.line_width import fitted
from workshop.terminal.marks import painted

SIGNS = {"equal": " ", "replace": "|", "delete": "<", "insert": ">"}  # between the columns


def add_arguments(parser: ArgumentParser) -> None:
    """Declare what to compare."""
    parser.add_argument("what", metavar="2.3 | 2", help="a step, or a whole chapter")
    parser.add_argument("--anyway", action="store_true", help="also what does not pass yet, without asking")


def run(arguments: Namespace, project: Project) -> int:
    """Show steps beside the reference and return 0. Raises Trouble if they do not pass and you do not mean it."""
    what = arguments.what
    steps = [project.step(what)] if "." in what else project.chapter(what).steps
    text = read_exercise(steps[0].chapter).text()
    if not arguments.anyway and not is_meant(steps, what):
        return 1
    print("\n\n".join(compared(step, text) for step in steps))
    return 0


def is_meant(steps: list[Step], what: str) -> bool:
    """Tell whether to show steps: if all pass, or you say so. Raises Trouble where nobody can be asked."""
    standing, numbers = CurrentVerdicts(steps[0].chapter.project), [step.number for step in steps]
    standing.check(standing.unknown(numbers))
    others = [number for number in numbers if not standing.state(number).passes]
    if not others:
        return True
    sentence = f"Not passed yet: {', '.join(others)}. The reference gives it away, and only your own try teaches it."
    if not is_terminal(sys.stdin):
        raise Trouble(f"{sentence} If you mean it: {command('diff', what, '--anyway')}")
    print(fitted(sentence))
    try:
        return input("Show it all the same? [y/N] ").strip().lower() in ("y", "yes")
    except EOFError:
        return False


def compared(step: Step, text: str) -> str:
    """Return what is to be shown of a step: the learner's version, in a text, and the reference's."""
    heading = painted(f"{step.number} {step.name}", "strong")
    found = definitions.places(text).get(step.name)
    if not found:
        return f"{heading}\nThere is no {step.name} in your file: {command('reset', step.number)}"
    yours, theirs = (lines_to_show(source, step.name) for source in (text, step.chapter.reference))
    places = [f"{step.chapter.project.relative(step.chapter.path)}:{found[-1].node.lineno}", step.place]
    if yours == theirs:
        lent = borrowed_steps.lent(step.chapter.path.parent)
        taken = step.number in borrowed_steps.borrowed_in(step.chapter, text, lent)
        how = "borrowed, so it is the reference" if taken else "as the reference has it"
        return f"{heading}  {how}\n{places[0]}"
    beside = side_by_side(yours, theirs, places)
    return "\n".join([heading, *(beside or one_below_the_other(yours, theirs, places))])


def lines_to_show(source: str, name: str) -> list[str]:
    """Return the lines of a function without its docstring, which is the task, and without a note that it is borrowed.
    """
    text = borrowed_steps.without_notes(definitions.text_of(source, name))
    node, lines = ast.parse(text).body[0], lines_of(text)
    body = getattr(node, "body", [])
    if len(body) > 1 and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
        del lines[body[0].lineno - 1:body[0].end_lineno]
    return [line.rstrip("\r\n").expandtabs() for line in lines]


def columns(text: str) -> int:
    """Return the number of columns that a text takes in a terminal."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def side_by_side(yours: list[str], theirs: list[str], places: list[str]) -> list[str] | None:
    """Return lines with both versions side by side; None if the terminal has not the width for it."""
    left, right = (max(map(columns, [place, *lines])) for place, lines in zip(places, (yours, theirs), strict=True))
    if left + 3 + right > shutil.get_terminal_size().columns:
        return None
    rows = [f"{padded(painted_if('faint', places[0]), places[0], left)}   {painted(places[1], 'faint')}"]
    for sign, one, other in paired(yours, theirs):
        styles = ("left", "right") if sign.strip() else ("", "")
        one_painted = padded(painted_if(styles[0], one), one, left)
        rows.append(f"{one_painted} {sign} {painted_if(styles[1], other)}".rstrip())
    return rows


def padded(shown: str, text: str, size: int) -> str:
    """Return what shows a text, with spaces up to a size in columns."""
    return shown + " " * (size - columns(text))


def painted_if(style: str, text: str) -> str:
    return painted(text, style) if style and text else text


def paired(yours: list[str], theirs: list[str]) -> Iterator[tuple[str, str, str]]:
    """Yield (sign, line of yours, line of theirs) for each row; an empty line stands where there is none."""
    for what, begin, end, other_begin, other_end in difflib.SequenceMatcher(None, yours, theirs, False).get_opcodes():
        for row in range(max(end - begin, other_end - other_begin)):
            one, other = yours[begin:end][row:row + 1], theirs[other_begin:other_end][row:row + 1]
            sign = SIGNS[what] if one and other else SIGNS["delete" if one else "insert"]
            yield sign, "".join(one), "".join(other)


def one_below_the_other(yours: list[str], theirs: list[str], places: list[str]) -> list[str]:
    """Return lines with both versions in one column, as diff -u has them."""
    lines = difflib.unified_diff(yours, theirs, places[0], places[1], n=len(yours) + len(theirs), lineterm="")
    styles = {"-": "left", "+": "right"}
    return [painted_if(styles.get(line[:1], ""), line) for line in lines if not line.startswith("@@")]
