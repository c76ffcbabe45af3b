"""The verb `check`: the verdict on a step, a chapter, or all of them."""
import dataclasses
import json
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable

from workshop.checking.current_verdicts import CurrentVerdicts
from workshop.checking.verdict import Verdicts
from workshop.course.project import Project, order
from workshop.course.step_states import State
from workshop.course.syntax_warnings import error_in, warnings_in
from workshop.machine.invocation import command
from workshop.pages.report import (
    States,
    broken,
    current_number,
    diagnosis,
    ending,
    marks,
    next_step,
    total,
    waiting,
)
from workshop.terminal.line_width import fitted
from workshop.terminal.marks import painted
from workshop.terminal.screen import with_a_word


def add_arguments(parser: ArgumentParser) -> None:
    """Declare which steps, and the form of the answer."""
    parser.add_argument("steps", metavar="2 | 2.3 | all", nargs="*",
                        help="a chapter, a step, or all; without it, the chapter that you are in")
    parser.add_argument("--json", action="store_true", help="answer in JSON, for other programs")


def run(arguments: Namespace, project: Project) -> int:
    """Check what is asked for, and what has changed and matters for it; return 0 only if all asked for passes."""
    standing = CurrentVerdicts(project)
    asked = project.numbers_for(arguments.steps or [current_chapter(standing)])
    numbers = sorted({*asked, *to_check_again(asked, standing)}, key=order)
    verdicts = with_a_word(lambda: standing.check(numbers), "checking …")
    shown = {number: verdict for number, verdict in verdicts.items() if number in asked or number in standing.lost}
    print(as_json(project, asked, shown, standing.lost) if arguments.json else as_text(asked, shown, standing))
    return 0 if all_pass(asked, shown) else 1


def current_chapter(standing: CurrentVerdicts) -> str:
    """Return the number of the chapter in which the learner is: that of the first step that is not known to pass."""
    number = current_number(standing.road, standing.road.due(standing.states()))
    return standing.project.chapter_of(number or standing.project.course[-1]).number


def to_check_again(asked: list[str], standing: CurrentVerdicts) -> list[str]:
    """Return the numbers of other steps whose old verdicts count: those before, which passed, and all that did not."""
    memory = standing.memory
    return [number for number in standing.unknown() if number not in asked and (state := memory.state(number))
            and (not state.passes or order(number) < order(asked[-1]))]


def all_pass(asked: list[str], verdicts: Verdicts) -> bool:
    return all(number in verdicts and verdicts[number].state.passes for number in asked)


def as_text(asked: list[str], verdicts: Verdicts, standing: CurrentVerdicts) -> str:
    """Return the verdicts as a learner reads them."""
    project, lines = standing.project, []
    of_asked = {number: verdicts[number] for number in asked if number in verdicts}
    for chapter, numbers in project.by_chapter(of_asked).items():
        title = painted(project.chapter(chapter).title, "strong")
        lines += [title, *marks(of_asked[number] for number in numbers), ""]
    lines += [broken(project, standing.lost), ""] if standing.lost else []
    for part in (diagnosis(project, verdicts), waiting(project, verdicts.values()),
                 unreadable(project, asked, verdicts)):
        lines += [*part, ""] if part else []
    lines += [*warned, ""] if (warned := odd_lines(project, of_asked)) else []
    states = standing.road.due(standing.states(), asked)
    wanted = {verdict.first_needed for verdict in verdicts.values()}
    following = (next_step(project, standing.road, without_unasked(states, wanted, asked[0]))
                 or next_step(project, standing.road, states))
    return "\n".join([*lines, total(standing.road, {number: verdict.state for number, verdict in of_asked.items()}),
                      following or last_words(standing)])


def last_words(standing: CurrentVerdicts) -> str:
    """Return what is said where no step is known to be open: the end of the road, if all of it is known to pass."""
    if standing.unknown(list(standing.road.steps)):
        return fitted(f"Other steps have changed since they were checked. To check all: {command('check', 'all')}")
    return ending(standing.project, standing.road, standing.states())


def unreadable(project: Project, asked: list[str], verdicts: Verdicts) -> list[str]:
    """Return a line for each chapter before those asked for that cannot be imported, unless a verdict tells it."""
    before = [chapter for chapter in project.chapters if order(chapter.number) < order(asked[-1])]
    told = " ".join(verdict.problem for verdict in verdicts.values())
    return [fitted(f"{sentence}. What imports this file cannot be checked until that is put right.", 2)
            for sentence in map(error_in, before) if sentence and sentence not in told]


def odd_lines(project: Project, numbers: Iterable[str]) -> list[str]:
    """Return lines with what Python warns of in the chapters of some steps."""
    chapters = map(project.chapter, project.by_chapter(numbers))
    return [fitted(sentence, 2) for chapter in chapters for sentence in warnings_in(chapter)]


def without_unasked(states: States, wanted: set[str], first: str) -> States:
    """Return states without those steps before the first that are not begun and not wanted: nobody asked for them."""
    return {number: state for number, state in states.items()
            if state != State.NOT_STARTED or number in wanted or order(number) >= order(first)}


def as_json(project: Project, asked: list[str], verdicts: Verdicts, lost: list[str]) -> str:
    """Return the verdicts as JSON: whether all asked for pass, the steps, and those that passed before."""
    steps = {number: {"name": project.steps[number].name, "place": project.steps[number].learners_place,
                      "state": verdict.state, "checks": len(verdict.outcomes), "failed": verdict.failed,
                      **{name: value for name, value in dataclasses.asdict(verdict).items() if name != "outcomes"}}
             for number, verdict in verdicts.items()}
    return json.dumps({"all_pass": all_pass(asked, verdicts), "asked": asked, "broken": lost, "steps": steps},
                      ensure_ascii=True, indent=1)
