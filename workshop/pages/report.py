"""What is shown of verdicts: marks, the first diagnosis in full, the others in a line each, and what to do next."""
import itertools
from collections.abc import Iterable

from workshop.checking.verdict import Verdict, Verdicts
from workshop.course.hidden_modules import sentences
from workshop.course.project import Chapter, Project, order
from workshop.course.roads import WHOLE, Road
from workshop.course.step_states import State, counts
from workshop.machine.invocation import command
from workshop.terminal.line_width import fitted, width
from workshop.terminal.marks import mark

WIDEST = 19  # columns for the marks of a chapter in a line: 16 steps in groups of 5
States = dict[str, State]  # by the numbers of the steps


def row_of(chapter: Chapter, verdicts: Verdicts) -> str:
    """Return a chapter in a line: its number, a mark for each step, and as much of its question as fits."""
    shown = "".join((" " if place and place % 5 == 0 else "") + mark(verdicts[number].state)
                    for place, number in enumerate(chapter.numbers))
    size = len(chapter.numbers) + (len(chapter.numbers) - 1) // 5
    room = width() - WIDEST - 5
    question = chapter.question if len(chapter.question) <= room else chapter.question[:room - 1].rstrip() + "…"
    return f"{chapter.number}  {shown}{' ' * (WIDEST - size)}  {question}".rstrip()


def marks(verdicts: Iterable[Verdict]) -> list[str]:
    """Return lines with a mark and the number of each step."""
    lines, used = ["  "], 0
    for verdict in verdicts:
        size = len(verdict.number) + 4
        if used + size > width() - 2:
            lines, used = [*lines, "  "], 0
        lines[-1] += f" {mark(verdict.state)} {verdict.number} "
        used += size
    return [line.rstrip() for line in lines]


def wrong_in(verdicts: Verdicts) -> list[Verdict]:
    """Return the wrong ones of some verdicts, by the numbers of their steps."""
    return sorted((verdict for verdict in verdicts.values() if verdict.state == State.WRONG),
                  key=lambda verdict: order(verdict.number))


def diagnosis(project: Project, verdicts: Verdicts) -> list[str]:
    """Return lines: the first wrong step's diagnosis in full, then all else that is wrong in a line each."""
    if not (wrong := wrong_in(verdicts)):
        return []
    first, rest = wrong[0], wrong[1:]
    same = [verdict for verdict in rest if verdict.problem == first.problem]
    lines = [in_a_line(project, verdict) for verdict in rest if verdict not in same]
    if same:
        numbers = ", ".join(verdict.number for verdict in same)
        follow = {verdict.because for verdict in same} == {first.number}
        why = f" (perhaps only because {first.number} is wrong)" if follow else ""
        lines.append(fitted(f"  {mark(State.WRONG)} {numbers}: the same{why}", 2))
    hiding = [fitted(sentence, 2) for sentence in sentences(project)]
    return [*hiding, *([""] if hiding else []), first.text, *also(first), *perhaps(project, first),
            *(["", "Also wrong:", *lines] if lines else [])]


def also(verdict: Verdict) -> list[str]:
    """Return lines for what else is wrong with a step."""
    return [fitted(f"  also       {line}", 11) for line in verdict.also]


def perhaps(project: Project, verdict: Verdict) -> list[str]:
    """Return lines that name the step before this one that may be all that is wrong with it."""
    if not verdict.because:
        return []
    name = project.steps[verdict.because].name
    return ["", fitted(f"Perhaps that is only because step {verdict.because} {name} is wrong: begin there.", 2)]


def in_a_line(project: Project, verdict: Verdict) -> str:
    """Return a wrong step in a line."""
    why = f" (perhaps only because {verdict.because} is wrong)" if verdict.because else ""
    return fitted(f"  {mark(State.WRONG)} {verdict.number} {project.steps[verdict.number].name}: "
                  f"{verdict.problem}{why}", 2)


def waiting(project: Project, verdicts: Iterable[Verdict]) -> list[str]:
    """Return a line for each step that waits for another one to be written."""
    return [fitted(f"{mark(State.WAITING)} {verdict.number} {project.steps[verdict.number].name} waits for "
                   f"{verdict.text}", 2) for verdict in verdicts if verdict.state == State.WAITING]


def broken(project: Project, numbers: list[str]) -> str:
    """Return a line that names steps that passed when last checked and do not any more."""
    names = ", ".join(f"{number} {project.steps[number].name}" for number in numbers)
    return fitted(f"Passed when last checked, and not now: {names}.", 2)


def current_number(road: Road, states: States) -> str | None:
    """Return the number of the step to go on with; None if all pass.

    It is the first on the road that is wrong; where none is, the first that is not written; else one off the road that
    the learner has opened; else the first that waits.
    """
    own = road.own(states)
    for some, state in itertools.product((own, states), (State.WRONG, State.NOT_STARTED)):
        if found := [number for number in some if some[number] == state]:
            return found[0]
    return next((number for number in [*own, *states] if states[number] == State.WAITING), None)


def standing(road: Road, states: States, verdicts: Verdicts) -> tuple[str, str]:
    """Return where one of a class stands on a road: the number of the step they are at, and what is wrong with it."""
    at = current_number(road, road.own(states)) or ""
    return at, verdicts[at].problem if at and states[at] == State.WRONG else ""


def next_step(project: Project, road: Road, states: States) -> str:
    """Return the line that says which step comes next; "" if all pass."""
    number = current_number(road, states)
    if not number:
        return ""
    step = project.steps[number]
    return fitted(f"Next: {number} {step.name}, {step.learners_place} (about {step.minutes} minutes)", 2)


def hours(minutes: int) -> str:
    """Return minutes as they are said: 90 minutes, 3.5 hours."""
    return f"{minutes} minutes" if minutes < 120 else f"{round(minutes / 30) / 2:g} hours"


def total(road: Road, states: States) -> str:
    """Return how many steps are in each state, as a sentence, and one more for the encore if there are some of both."""
    encore = {number: state for number, state in states.items() if number in road.encore}
    course = {number: state for number, state in states.items() if number not in encore}
    if not (encore and course):
        return f"{counts(states.values())}."
    return f"{counts(course.values())}. Encore: {counts(encore.values())}."


def encore_waiting(project: Project, road: Road, states: States) -> str:
    """Return a sentence on the first encore that is not done, "" if it is begun already, or if all are done."""
    for chapter in project.chapters:
        if chapter.is_encore and not all(states.get(number, State.NOT_STARTED).passes for number in chapter.numbers):
            begun = {*chapter.numbers} & {*road.due(states)}
            return "" if begun else f"An encore waits: notebooks/{chapter.stem}.ipynb. "
    return ""


def ending(project: Project, road: Road, states: States) -> str:
    """Return what is said when all steps of the road pass: whose the server is, and how to open what is left."""
    found = [state for number, state in states.items() if number not in road.encore]
    borrowed = found.count(State.BORROWED)
    if not borrowed:
        return fitted(f"You have built it all. {encore_waiting(project, road, states)}What now: {command('--help')}")
    whose = f"Your server: {steps_of(found.count(State.YOURS))} yours, {borrowed} borrowed from the reference."
    taken = [number for number in road.steps if states[number] == State.BORROWED]
    if taken:
        which = "" if road.name == WHOLE else f" of the road {road.name}"
        waiting = encore_waiting(project, road, states) if road.name == WHOLE else ""
        return fitted(f"All steps{which} pass. {whose} {waiting}To write one that is borrowed, such as "
                      f"{taken[0]}: {command('reset', taken[0])}")
    return fitted(f"This is the end of the road {road.name}. {whose} To open all that is left: "
                  f"{command('begin', WHOLE)}. To open one step, such as "
                  f"{next(number for number in states if states[number] == State.BORROWED)}: {command('reset N.M')}")


def steps_of(count: int) -> str:
    """Return a number of steps in words: 1 step, 2 steps."""
    return f"{count} step{'' if count == 1 else 's'}"
