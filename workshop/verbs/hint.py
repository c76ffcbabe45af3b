"""The verb `hint`: the next hint for a step; or all of them, or the task itself.

The hints stand in the notebook of the step's chapter, folded beside the exercise. How many of them you have been
shown is kept in .workshop; where that can't be written, each call begins with the first.
"""
import contextlib
import json
import re
import textwrap

from workshop.course.notebooks import hints_of
from workshop.course.steps import ROOT, find_step, line_in, relative
from workshop.terminal.writing import fitted, painted, width

SHOWN = ROOT / ".workshop" / "hints.json"  # {"2.3": how many hints of the step were shown}
COMMAND = "python3 -m workshop hint"

LINK = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")
EMPHASIS = re.compile(r"(?<![\w*])\*+([^*\s][^*]*)\*+(?![\w*])")
CODE = re.compile(r"(`+[^`]+`+)")


def add_arguments(parser):
    """Declare the step's number, and what to show of it."""
    parser.add_argument("step", metavar="N.M", help="the number of a step, such as 2.3")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--all", action="store_true", help="show all hints at once")
    what.add_argument("--task", action="store_true", help="show the task: what the step's docstring says")


def run(arguments):
    """Print the next hint of a step, or what else was asked for; return 0. Raises Trouble for no step."""
    step = find_step(arguments.step)
    print(painted(f"Step {step.number} · {step.name}", "strong"), f"\n{place_of(step)}\n", sep="")
    if arguments.task:
        print(fitted(step.task))
    else:
        show_hints(step, hints_of(step.path.stem).get(step.number, []), arguments.all)
    return 0


def place_of(step):
    """Return where the learner's version of a step stands: its line, or its file where the step isn't in it."""
    path = ROOT / "chapters" / step.path.name
    line = line_in(path, step)
    return f"{relative(path)}:{line}" if line else relative(path)


def show_hints(step, hints, everything):
    """Print hints (a list of str): all, or the one that is next. The last one comes again and again."""
    shown = shown_before()
    before = min(shown.get(step.number, 0), len(hints))
    upto = len(hints) if everything else min(before + 1, len(hints))
    for count in range(1 if everything else max(upto, 1), upto + 1):
        again = ", again" if before == count == len(hints) and not everything else ""
        print(painted(f"Hint {count} of {len(hints)}{again}", "strong"), f"\n{plain(hints[count - 1])}\n", sep="")
    print(fitted(what_next(step, upto, len(hints))))
    remember(shown | {step.number: upto})


def what_next(step, shown, count):
    """Return the line that says what to do after so many of count hints."""
    if not count:
        return f"There are no hints for this step. Its task: {COMMAND} {step.number} --task"
    if shown < count:
        return f"Try it with this one. The next: {COMMAND} {step.number}"
    return f"That was the last. The reference beside yours: python3 -m workshop diff {step.number} --anyway"


def shown_before():
    """Return how many hints of each step were shown; nothing where that can't be read."""
    with contextlib.suppress(OSError, ValueError):
        shown = json.loads(SHOWN.read_text(encoding="utf-8"))
        if isinstance(shown, dict) and all(type(count) is int and count >= 0 for count in shown.values()):
            return shown
    return {}


def remember(shown):
    """Keep how many hints were shown, where it can be kept."""
    with contextlib.suppress(OSError):
        SHOWN.parent.mkdir(exist_ok=True)
        SHOWN.write_text(json.dumps(shown), encoding="utf-8")


def plain(markdown):
    """Return a hint as text for the terminal: links and emphasis as words, code not broken where it fits a line."""
    paragraphs = re.split(r"\n\s*\n", markdown.strip())
    return "\n\n".join(wrapped(paragraph) for paragraph in paragraphs)


def wrapped(paragraph):
    """Return one paragraph, filled, or an indented or fenced block as it is; both are indented by two columns."""
    if paragraph.startswith(("    ", "```")):
        return textwrap.indent(textwrap.dedent(paragraph.strip("`\n")), "  ")
    parts = CODE.split(paragraph)
    parts[::2] = [EMPHASIS.sub(r"\1", LINK.sub(r"\1 (\2)", words)) for words in parts[::2]]
    parts[1::2] = [kept_together(code) for code in parts[1::2]]
    return textwrap.fill("".join(parts), width(), initial_indent="  ", subsequent_indent="  ",
                         break_on_hyphens=False).replace("\xa0", " ")


def kept_together(code):
    """Return a piece of code with spaces that are no place to break a line at, if it fits into one."""
    return code.replace(" ", "\xa0") if len(code) < width() - 2 else code
