"""The verb `diff`: your version of a step, or of each step of a chapter, beside the reference."""
import ast
import difflib
import shutil
import sys
import unicodedata

from workshop.checking.standing import states
from workshop.course import borrowed, definitions, exercise
from workshop.course.steps import ROOT, find_chapter, find_step, steps_of
from workshop.machine.trouble import Trouble
from workshop.terminal.writing import fitted, painted

SIGNS = {"equal": " ", "replace": "|", "delete": "<", "insert": ">"}  # between the columns


def add_arguments(parser):
    """Declare what to compare."""
    parser.add_argument("what", metavar="2.3 | 2", help="a step, or a whole chapter")
    parser.add_argument("--anyway", action="store_true", help="also what is not done yet, without asking")


def run(arguments):
    """Show steps beside the reference and return 0. Raises Trouble if they are not done and you do not mean it."""
    what = arguments.what
    steps = [find_step(what)] if "." in what else steps_of(find_chapter(what))
    text = exercise.read(steps[0].path.stem).text()
    if not arguments.anyway and not is_meant(steps, what):
        return 1
    reference = (ROOT / "solutions" / steps[0].path.name).read_text(encoding="utf-8")
    print("\n\n".join(compared(step, text, reference) for step in steps))
    return 0


def is_meant(steps, what):
    """Tell whether to show steps: if all are done, or you say so. Raises Trouble where nobody can be asked."""
    found = states([step.number for step in steps])
    others = [number for number, state in found.items() if state != "done"]
    if not others:
        return True
    sentence = f"Not done yet: {', '.join(others)}. The reference gives it away, and only your own try teaches it."
    if not (sys.stdin and sys.stdin.isatty()):
        raise Trouble(f"{sentence} If you mean it: python3 -m workshop diff {what} --anyway")
    print(fitted(sentence))
    try:
        return input("Show it all the same? [y/N] ").strip().lower() in ("y", "yes")
    except EOFError:
        return False


def compared(step, text, reference):
    """Return what is to be shown of a step: both versions, from a text and the reference's."""
    heading = painted(f"{step.number} {step.name}", "strong")
    found = definitions.places(text).get(step.name)
    if not found:
        return f"{heading}\nThere is no {step.name} in your file: python3 -m workshop reset {step.number}"
    yours, theirs = (lines_to_show(source, step.name) for source in (text, reference))
    places = [f"chapters/{step.path.name}:{found[-1].node.lineno}", step.place]
    if yours == theirs:
        how = "borrowed, so it is the reference" if step.number in borrowed.in_text(text) else "as the reference has it"
        return f"{heading}  {how}\n{places[0]}"
    beside = side_by_side(yours, theirs, places)
    return "\n".join([heading, *(beside or one_below_the_other(yours, theirs, places))])


def lines_to_show(source, name):
    """Return the lines of a function without its docstring, which is the task, and without a note that it is borrowed.
    """
    text = borrowed.without_notes(definitions.text_of(source, name))
    node, lines = ast.parse(text).body[0], text.splitlines()
    first = getattr(node, "body", [None])[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and len(node.body) > 1:
        del lines[first.lineno - 1:first.end_lineno]
    return [line.expandtabs() for line in lines]


def columns(text):
    """Return the number of columns that a text takes in a terminal."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def side_by_side(yours, theirs, places):
    """Return lines with both versions side by side; None if the terminal has not the width for it."""
    left, right = (max(map(columns, [place, *lines])) for place, lines in zip(places, (yours, theirs), strict=True))
    if left + 3 + right > shutil.get_terminal_size().columns:
        return None
    rows = [f"{padded(painted_if('faint', places[0]), places[0], left)}   {painted(places[1], 'faint')}"]
    for sign, one, other in paired(yours, theirs):
        styles = ("yours", "reference") if sign.strip() else ("", "")
        one_painted = padded(painted_if(styles[0], one), one, left)
        rows.append(f"{one_painted} {sign} {painted_if(styles[1], other)}".rstrip())
    return rows


def padded(shown, text, size):
    """Return what shows a text, with spaces up to a size in columns."""
    return shown + " " * (size - columns(text))


def painted_if(style, text):
    return painted(text, style) if style and text else text


def paired(yours, theirs):
    """Yield (sign, line of yours, line of theirs) for each row; an empty line stands where there is none."""
    for what, begin, end, other_begin, other_end in difflib.SequenceMatcher(None, yours, theirs, False).get_opcodes():
        for row in range(max(end - begin, other_end - other_begin)):
            one, other = yours[begin:end][row:row + 1], theirs[other_begin:other_end][row:row + 1]
            sign = SIGNS[what] if one and other else SIGNS["delete" if one else "insert"]
            yield sign, "".join(one), "".join(other)


def one_below_the_other(yours, theirs, places):
    """Return lines with both versions in one column, as diff -u has them."""
    lines = list(difflib.unified_diff(yours, theirs, *places, n=len(yours) + len(theirs), lineterm=""))
    styles = {"-": "yours", "+": "reference"}
    return [painted_if(styles.get(line[:1], ""), line) for line in lines if not line.startswith("@@")]
