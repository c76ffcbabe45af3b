"""The verb `check`: the verdict on a step, a chapter, or all of them."""
import dataclasses
import json

from workshop.checking.memory import Memory
from workshop.checking.runs import CHAPTERS, blame, check_all
from workshop.course.selection import chapter_of, numbers_for, reference
from workshop.course.steps import order
from workshop.course.uses import sources_of
from workshop.pages.report import (
    broken,
    chapters_of,
    current_number,
    diagnosis,
    marks,
    next_step,
    title,
    total,
    waiting,
)
from workshop.terminal.screen import with_a_word
from workshop.verbs.hint import place_of
from workshop.verbs.status import unwritten


def add_arguments(parser):
    """Declare which steps, and the form of the answer."""
    parser.add_argument("steps", metavar="2 | 2.3 | all", nargs="*",
                        help="a chapter, a step, or all; without it, the chapter that you are in")
    parser.add_argument("--json", action="store_true", help="answer in JSON, for other programs")


def run(arguments):
    """Check what is asked for, and what came before and has changed; return 0 only if all asked for is done."""
    memory = Memory()
    asked = numbers_for(arguments.steps or [current_chapter(memory)])
    numbers = sorted({*asked, *to_check_again(asked, memory)}, key=order)
    verdicts = with_a_word(lambda: check_all(numbers), "checking …")
    remembered = {number: verdict for number in reference() if (verdict := memory.verdict(number))}
    blame({**remembered, **verdicts}, lambda: sources_of(CHAPTERS))
    lost = memory.broken_by(verdicts)
    memory.keep(verdicts)
    verdicts = {number: verdict for number, verdict in verdicts.items() if number in asked or number in lost}
    print(as_json(asked, verdicts, lost) if arguments.json else as_text(asked, verdicts, lost, memory))
    return 0 if is_done(asked, verdicts) else 1


def current_chapter(memory):
    """Return the chapter in which the learner is: that of the first step that is not known to be done."""
    numbers = list(reference())
    return chapter_of(current_number({number: memory.state(number) for number in numbers}) or numbers[-1])


def to_check_again(asked, memory):
    """Return the numbers of steps before those asked for that were done, and whose files have changed since."""
    return [number for number in reference() if order(number) < order(asked[-1]) and number not in asked
            and memory.state(number) == "done" and not memory.verdict(number)]


def is_done(asked, verdicts):
    return all(number in verdicts and verdicts[number].state == "done" for number in asked)


def as_text(asked, verdicts, lost, memory):
    """Return the verdicts as a learner reads them."""
    lines = []
    of_asked = {number: verdicts[number] for number in asked if number in verdicts}
    for chapter, numbers in chapters_of(of_asked).items():
        lines += [title(chapter), *marks({number: of_asked[number] for number in numbers}), ""]
    lines += [*broken(lost, verdicts), ""] if lost else []
    found = diagnosis(verdicts)
    lines += [*found, ""] if found else []
    waits = waiting(verdicts)
    lines += [*waits, ""] if waits else []
    states = {number: state_now(number, memory) for number in reference()}
    following = next_step(without_unasked(states, asked)) or next_step(states)
    return "\n".join([*lines, total(of_asked), *filter(None, [following])])


def state_now(number, memory):
    """Return what a step is, as far as is known: not started where it is the starter's, else what it was last."""
    stub = unwritten(number)
    return stub.state if stub else memory.state(number)


def without_unasked(states, asked):
    """Return states ({number: state}) without earlier steps that are not begun: nobody asked for them yet."""
    return {number: state for number, state in states.items()
            if state not in (None, "not started") or order(number) >= order(asked[0])}


def as_json(asked, verdicts, lost):
    """Return the verdicts as JSON: whether all asked for is done, the steps, and those that were done before."""
    steps = {number: {"name": reference()[number].name, "place": place_of(reference()[number]),
                      "state": verdict.state, "checks": len(verdict.outcomes), "failed": verdict.failed,
                      **{name: value for name, value in dataclasses.asdict(verdict).items() if name != "outcomes"}}
             for number, verdict in verdicts.items()}
    return json.dumps({"done": is_done(asked, verdicts), "asked": asked, "broken": lost, "steps": steps},
                      ensure_ascii=True, indent=1)
