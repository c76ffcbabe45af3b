"""The verb `status`, which is what no verb means: where you are, what is next, and what to type."""
import functools

from workshop.checking.memory import Memory
from workshop.checking.runs import check_by_chapter
from workshop.checking.verdict import Verdict
from workshop.course.selection import reference
from workshop.course.steps import ROOT, stems, steps_of_source
from workshop.pages.report import chapters_of, current_number, fitted, in_a_line, next_step, row_of, total
from workshop.terminal.screen import with_a_word
from workshop.terminal.writing import painted

VERBS = (  # that one will want next: with which step, and what for
    ("watch {step}", "checks it each time you save"),
    ("hint {step}", "a hint, and each time one more"),
    ("check {chapter}", "the verdict on the chapter"),
)


def add_arguments(parser):
    """Declare what may follow the verb: nothing."""


def run(arguments):
    """Print a line for each chapter, as its verdicts are known, and what to do next; return 0. Raises Trouble."""
    memory = Memory()
    print(painted("A WSGI server, from a raw socket to two Flask apps", "strong") + "\n", flush=True)
    known = {number: memory.verdict(number) or unwritten(number) for number in reference()}
    unknown = [number for number, verdict in known.items() if not verdict]
    checked = check_by_chapter(unknown)
    for chapter, numbers in chapters_of(known).items():
        if set(numbers) & set(unknown):
            known |= (found := with_a_word(lambda: next(checked), f"{chapter}  checking what has changed"))
            memory.keep(found)
        print(row_of(chapter, {number: known[number] for number in numbers}), flush=True)
    print("", *ending(known), sep="\n")
    return 0


def unwritten(number):
    """Return the Verdict on a step that is the starter's still, None on any other."""
    step = written_steps().get(number)
    return Verdict(number, ["not started"]) if step and not step.started else None


@functools.cache
def written_steps():
    """Return {number: Step} of the learner's files, as far as they can be parsed."""
    seen = {}
    for stem in stems():
        path = ROOT / "chapters" / f"{stem}.py"
        try:
            seen.update({step.number: step for step in steps_of_source(path.read_text(encoding="utf-8"), path)})
        except (OSError, SyntaxError, ValueError):
            continue
    return seen


def ending(verdicts):
    """Return lines: how much is done, what is next, what is wrong with it, and what to type."""
    states = {number: verdict.state for number, verdict in verdicts.items()}
    number = current_number(states)
    if not number:
        return [total(verdicts), "You have built it all. What now: python3 -m workshop --help"]
    wrong = [in_a_line(verdicts[number])] if verdicts[number].state == "wrong" else []
    words = [(f"python3 -m workshop {verb.format(step=number, chapter=number.partition('.')[0])}", what)
             for verb, what in VERBS]
    column = max(len(command) for command, _ in words) + 2
    lines = [fitted(f"  {command:<{column}}{what}", column + 2) for command, what in words]
    return [total(verdicts), next_step(states), *wrong, "", *lines]
