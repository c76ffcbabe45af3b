"""What is shown of a step's hints and of its task, as lines."""
import itertools
import re
import textwrap

from workshop.course import notebook_hints
from workshop.course.project import Step
from workshop.machine.invocation import command
from workshop.terminal.line_width import fitted, width
from workshop.terminal.marks import painted

LINK = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")
EMPHASIS = re.compile(r"(?<![\w*])\*+([^*\s][^*]*)\*+(?![\w*])")
CODE = re.compile(r"(`+[^`]+`+)")


def heading(step: Step) -> list[str]:
    """Return lines that name a step and its place in the learner's file."""
    return [painted(f"Step {step.number} · {step.name}", "strong"), step.learners_place, ""]


def task(step: Step) -> list[str]:
    """Return the lines of a step's task, without its heading: prose is filled, what is indented keeps its lines.

    So do examples, which begin with `>>>`.
    """
    lines: list[str] = []
    for paragraph in step.task.partition("\n")[2].strip().split("\n\n"):
        lines += ["", *filled(paragraph)]
    return lines[1:]


def filled(paragraph: str) -> list[str]:
    """Return the lines of a paragraph as they are shown. Each of its numbered points begins a line."""
    if paragraph.startswith(">>>"):
        return [fitted(line, 2) for line in paragraph.splitlines()]
    lines = []
    for point in re.split(r"\n(?=\d\. )", re.sub(r"\n   (?=\S)", " ", paragraph)):
        for indented, group in itertools.groupby(point.splitlines(), lambda line: line[:1].isspace()):
            part = list(group)
            lines += [fitted(line, 2) for line in part] if indented else [fitted(" ".join(part))]
    return lines


def next_hint(step: Step, everything: bool = False) -> list[str]:
    """Return lines with the hint that is next, or all; the last one comes again and again. It counts as shown then."""
    found = notebook_hints.hints_for(step)
    shown = notebook_hints.shown_before(step.chapter.project)
    before = min(shown.get(step.number, 0), len(found))
    upto = len(found) if everything else min(before + 1, len(found))
    lines = heading(step)
    for count in range(1 if everything else max(upto, 1), upto + 1):
        again = ", again" if before == count == len(found) and not everything else ""
        lines += [painted(f"Hint {count} of {len(found)}{again}", "strong"), plain(found[count - 1]), ""]
    notebook_hints.remember(step.chapter.project, shown | {step.number: upto})
    return [*lines, fitted(what_next(step, upto, len(found)))]


def what_next(step: Step, shown: int, count: int) -> str:
    """Return the line that says what to do after so many of count hints."""
    if not count:
        return f"There are no hints for this step. Its task: {command('hint', step.number, '--task')}"
    if shown < count:
        return f"Try it with this one. The next: {command('hint', step.number)}"
    return f"That was the last. The reference beside yours: {command('diff', step.number, '--anyway')}"


def plain(markdown: str) -> str:
    """Return a hint as text for the terminal: links and emphasis as words, code not broken where it fits a line."""
    return "\n\n".join(map(wrapped, re.split(r"\n\s*\n", markdown.strip())))


def wrapped(paragraph: str) -> str:
    """Return one paragraph, filled, or an indented or fenced block as it is; both are indented by two columns."""
    if paragraph.startswith(("    ", "```")):
        return textwrap.indent(textwrap.dedent(paragraph.strip("`\n")), "  ")
    parts = CODE.split(paragraph)
    parts[::2] = [EMPHASIS.sub(r"\1", LINK.sub(r"\1 (\2)", words)) for words in parts[::2]]
    parts[1::2] = [code.replace(" ", "\xa0") if len(code) < width() - 2 else code for code in parts[1::2]]
    return textwrap.fill("".join(parts), width(), initial_indent="  ", subsequent_indent="  ",
                         break_on_hyphens=False).replace("\xa0", " ")
