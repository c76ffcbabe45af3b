"""What is shown of verdicts: marks, the first diagnosis in full, the others in a line each, and what to do next."""
import itertools
import textwrap

from workshop.checking.verdict import counts
from workshop.course.selection import chapter_of, reference
from workshop.course.steps import order, question_of, stems
from workshop.terminal.writing import mark, painted, width
from workshop.verbs.hint import place_of

WIDEST = 17  # columns for the marks of a chapter in a line: 15 steps in groups of 5
OTHERS = 5  # lines for what else is wrong with the first wrong step


def chapters_of(numbers):
    """Return {chapter ("2"): its numbers} of step numbers, in order."""
    chapters = {}
    for number in sorted(numbers, key=order):
        chapters.setdefault(chapter_of(number), []).append(number)
    return chapters


def stem_of(chapter):
    """Return the stem of a chapter, "ch02_request" for "2"."""
    return next(stem for stem in stems() if int(stem[2:4]) == int(chapter))


def title(chapter):
    return painted(f"{chapter}. {question_of(stem_of(chapter))}", "strong")


def row_of(chapter, verdicts):
    """Return a chapter in a line: its number, a mark for each step, and as much of its question as fits."""
    shown = "".join((" " if place and place % 5 == 0 else "") + mark(verdict.state)
                    for place, verdict in enumerate(verdicts.values()))
    size = len(verdicts) + (len(verdicts) - 1) // 5
    room = width() - WIDEST - 5
    question = question_of(stem_of(chapter))
    question = question if len(question) <= room else question[:room - 1].rstrip() + "…"
    return f"{chapter}  {shown}{' ' * (WIDEST - size)}  {question}".rstrip()


def marks(verdicts):
    """Return lines with a mark and the number of each step."""
    lines, used = ["  "], 0
    for number, verdict in verdicts.items():
        size = len(number) + 4
        if used + size > width() - 2:
            lines, used = [*lines, "  "], 0
        lines[-1] += f" {mark(verdict.state)} {number} "
        used += size
    return [line.rstrip() for line in lines]


def fitted(line, indent):
    """Return a line of prose, broken where the terminal ends; all lines but the first have an indent."""
    return textwrap.fill(line, width(), subsequent_indent=" " * indent, break_on_hyphens=False)


def reflowed(text):
    """Return the lines of a docstring for this terminal: prose is filled; what is indented stays in lines of its own.
    """
    lines = []
    for indented, group in itertools.groupby(text.splitlines(), lambda line: line[:1].isspace() or not line):
        group = list(group) if indented else [" ".join(group)]
        lines += [fitted(line, len(line) - len(line.lstrip()) + 2 * indented) for line in group]
    return lines


def first_wrong(verdicts):
    """Return the number of the step to mend first, or None."""
    wrong = [number for number, verdict in verdicts.items() if verdict.state == "wrong"]
    return min(wrong, key=order, default=None)


def diagnosis(verdicts):
    """Return lines: the first wrong step's diagnosis in full, then all else that is wrong in a line each."""
    first = first_wrong(verdicts)
    if not first:
        return []
    rest = [verdict for number, verdict in verdicts.items() if verdict.state == "wrong" and number != first]
    same = [verdict.number for verdict in rest if verdict.problem == verdicts[first].problem]
    lines = [in_a_line(verdict) for verdict in rest if verdict.number not in same]
    follow = {verdicts[number].because for number in same} == {first}
    why = f" (perhaps only because {first} is wrong)" if follow else ""
    lines += [fitted(f"  {mark('wrong')} {', '.join(same)}: the same{why}", 4)] if same else []
    return [verdicts[first].text, *also(verdicts[first]), *perhaps(verdicts[first]),
            *(["", "Also wrong:", *lines] if lines else [])]


def also(verdict):
    """Return lines for what else is wrong with a step."""
    lines = [line for line in verdict.others if not line.endswith(": the same")][:OTHERS]
    more = verdict.failed - 1 - len(lines)
    lines += [f"{more} more checks"] if more > 0 else []
    return [fitted(f"  also       {line}", 13) for line in lines]


def perhaps(verdict):
    """Return lines that name the step before this one that may be all that is wrong with it."""
    if not verdict.because:
        return []
    name = reference()[verdict.because].name
    return ["", fitted(f"Perhaps that is only because step {verdict.because} {name} is wrong: begin there.", 2)]


def in_a_line(verdict):
    """Return a wrong step in a line."""
    why = f" (perhaps only because {verdict.because} is wrong)" if verdict.because else ""
    name = reference()[verdict.number].name
    return fitted(f"  {mark('wrong')} {verdict.number} {name}: {verdict.problem}{why}", 4)


def waits(verdict):
    """Tell whether a step is written, but uses one that is not."""
    own = f"step {verdict.number} "
    return verdict.state == "not started" and bool(verdict.text) and not verdict.text.startswith(own)


def waiting(verdicts):
    """Return a line for each step that waits for another one to be written."""
    return [fitted(f"{mark('not started')} {number} {reference()[number].name} waits for {verdict.text}", 2)
            for number, verdict in verdicts.items() if waits(verdict)]


def broken(numbers, verdicts):
    """Return lines that tell of steps that were done when last checked and are no more."""
    found = [f"{number} {reference()[number].name}" for number in numbers]
    return [fitted(f"Done when last checked, and not now: {', '.join(found)}.", 2)]


def current_number(states):
    """Return the number of the step to go on with, by {number: state} in order; None if all are done.

    It is the first that is wrong; where none is, the first that is not done.
    """
    unfinished = [number for number in states if states[number] != "done"]
    wrong = [number for number in unfinished if states[number] == "wrong"]
    return next(iter(wrong + unfinished), None)


def next_step(states):
    """Return the line that says which step comes next, by {number: state} of the steps; "" if all are done."""
    number = current_number(states)
    if not number:
        return ""
    step = reference()[number]
    return fitted(f"Next: {number} {step.name}, {place_of(step)} (about {step.minutes} minutes)", 2)


def total(verdicts):
    """Return how many steps are in each state, as a sentence."""
    return f"{counts(verdict.state for verdict in verdicts.values())} of {len(verdicts)} steps."


