"""The verb `catch-up`: everything before a chapter or a step that does not pass is filled in from the reference."""
from argparse import ArgumentParser, Namespace
from pathlib import Path

from workshop.checking.catching_up import Filling, filled_in, numbers_before
from workshop.course.borrowed_steps import lent_after
from workshop.course.project import Project
from workshop.course.step_states import State
from workshop.files import change
from workshop.files.copies import Copies
from workshop.machine.invocation import command
from workshop.machine.trouble import Trouble
from workshop.terminal.line_width import fitted
from workshop.terminal.marks import mark, painted


def add_arguments(parser: ArgumentParser) -> None:
    """Declare what one wants to begin with."""
    parser.add_argument("what", metavar="4 | 3.9 | all",
                        help="the chapter or the step that you want to begin, or all to have the course filled in")


def run(arguments: Namespace, project: Project) -> int:
    """Fill in what does not pass before a chapter or step; return 0. Raises Trouble, and then nothing has changed."""
    numbers = numbers_before(project, arguments.what)
    if not numbers:
        what = "step" if "." in arguments.what else "chapter"
        raise Trouble(f"Before {what} {arguments.what} there is nothing to fill in.")
    print(f"Checking what you have from {numbers[0]} to {numbers[-1]}.", flush=True)
    fillings = filled_in(project, numbers)
    files: dict[Path, change.Change] = {
        one.own.path: (one.own.data, one.own.encoded(one.filled())) for one in fillings if one.changes()}
    if files:
        files |= lent_after(project, [number for one in fillings for number in one.numbers])
    with change.alone(project.root):
        saved = change.make(project.root, f"catch-up {arguments.what}", files)
    print(*result(fillings, saved), sep="\n")
    return 0


def result(fillings: list[Filling], saved: Copies | None) -> list[str]:
    """Return lines: which steps are borrowed, which the learner's, and where the files as they were are saved."""
    lines = [line for filling in fillings
             for line in ("", painted(filling.own.place, "strong"), *map(fitted, banner(filling)))]
    if saved is None:
        return [*lines, "", "All of that passes: nothing is filled in."]
    copies = [f"{saved.place}{copy}" for name, copy in saved.names.items()
              if copy and name.startswith("chapters/")]
    return [*lines, "", *map(fitted, [
        f"What you had is saved: {', '.join(copies)}" if copies else "There was nothing to save.",
        f"A comment in each function that is borrowed says so. To write one yourself: {command('reset N.M')}",
        f"To have all as it was: {command('undo')}"])]


def banner(filling: Filling) -> list[str]:
    """Return lines that say which steps of a chapter are the learner's and which are borrowed."""
    taken = filling.borrowed()
    yours = [step.number for step in filling.steps if step.number not in taken]
    lines = [f"{mark(State.YOURS)} yours: {', '.join(yours)}"] if yours else []
    lines += [f"{mark(State.BORROWED)} borrowed from the reference: {', '.join(taken)}"] if taken else []
    return lines + [f"- {note}" for note in filling.notes]
