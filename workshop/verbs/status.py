"""The verb `status`, which is what no verb means: where you are, what is next, and what to type."""
from argparse import ArgumentParser, Namespace

from workshop.checking.current_verdicts import CurrentVerdicts
from workshop.checking.verdict import Verdict
from workshop.course.project import Project
from workshop.course.step_states import State
from workshop.machine.invocation import command
from workshop.pages.report import current_number, ending, in_a_line, next_step, row_of, total
from workshop.terminal.line_width import fitted
from workshop.terminal.marks import painted
from workshop.terminal.screen import with_a_word

VERBS = (  # that one will want next, and what for
    (("watch", "{step}"), "checks it each time you save"),
    (("hint", "{step}"), "a hint, and each time one more"),
    (("check", "{chapter}"), "the verdict on the chapter"),
)


def add_arguments(parser: ArgumentParser) -> None:
    """Declare what may follow the verb: nothing."""


def run(arguments: Namespace, project: Project) -> int:
    """Print a line for each chapter, as its verdicts are known, and what to do next; return 0. Raises Trouble."""
    print(painted("A WSGI server, from a raw socket to two Flask apps", "strong") + "\n", flush=True)
    standing = CurrentVerdicts(project)
    unknown = standing.unknown()
    checks = standing.check_one_by_one(unknown)
    for chapter in project.chapters:
        if set(chapter.numbers) & set(unknown):
            with_a_word(lambda: next(checks), f"{chapter.number}  checking what has changed")
        known = {number: standing.known.get(number) or Verdict(number) for number in chapter.numbers}
        print(row_of(chapter, known), flush=True)
    print("", *closing(standing), sep="\n")
    return 0


def closing(standing: CurrentVerdicts) -> list[str]:
    """Return lines: how many steps are in which state, what is next, what is wrong with it, and what to type."""
    project, states = standing.project, standing.road.due(standing.states())
    number = current_number(standing.road, states)
    if not number:
        return [total(standing.road, states), ending(project, standing.road, states)]
    wrong = [in_a_line(project, standing.known[number])] if states[number] == State.WRONG else []
    chapter = project.chapter_of(number).number
    words = [(command(*(word.format(step=number, chapter=chapter) for word in verb)), what) for verb, what in VERBS]
    column = max(len(said) for said, _ in words) + 2
    lines = [fitted(f"  {said:<{column}}{what}", column) for said, what in words]
    return [total(standing.road, states), next_step(project, standing.road, states), *wrong, "", *lines]
