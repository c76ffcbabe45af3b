"""The verdict on a step, put together from the outcomes of its checks."""
import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from workshop.course.step_states import State
from workshop.course.step_uses import Sources, because
from workshop.terminal.marks import MARKS

OTHERS = 5  # lines for what else is wrong with a step
FAILED = {"failed", "also wrong", "not checked"}  # outcomes of a check that make its step wrong


@dataclass
class Verdict:
    """What the checks say of one step."""

    number: str
    outcomes: list[str] = field(default_factory=list)  # of its checks, in the order in which they ran
    text: str = ""  # the first diagnosis in full; of a step that is not started, where it or what it waits for is
    others: list[str] = field(default_factory=list)  # what else is wrong with it, in a line each, nothing twice
    only_programs: bool = True  # whether all that failed are checks that start a program
    because: str = ""  # the number of a wrong step before it that may be all that is wrong
    borrowed: bool = False  # whether the code is the reference's

    @property
    def state(self) -> State:
        found = state_of(self.outcomes, self.borrowed)
        return State.WAITING if found == State.NOT_STARTED and self.first_needed else found

    @property
    def first_needed(self) -> str:
        """The number of another step that is not written and that a check of this one has met; "" if there is none."""
        met = re.match(r"step (\d+\.\d+) ", self.text)
        return met[1] if met and met[1] != self.number else ""

    @property
    def failed(self) -> int:
        """The number of checks that did not pass."""
        return sum(outcome != "passed" for outcome in self.outcomes)

    @property
    def problem(self) -> str:
        """What is wrong, in one line; in the text it may take several, up to an empty one."""
        lines = self.text.splitlines()
        begin = next((place for place, line in enumerate(lines) if line.startswith(MARKS["wrong"])), None)
        if begin is None:
            return (lines + [""])[0]
        marked = itertools.takewhile(str.strip, lines[begin:])
        return " ".join(line.strip() for line in marked).removeprefix(MARKS["wrong"]).strip()

    @property
    def also(self) -> list[str]:
        """What else is wrong, in a few lines: of the checks that are not in `others`, how many there are."""
        alike = self.outcomes.count("also wrong") - len(self.others)
        idle = self.outcomes.count("not checked") if "failed" in self.outcomes else 0  # else all were not run
        rest = [(len(self.others) - OTHERS, "fails in another way", "fail in other ways"),
                (alike, "ends the same way", "end the same way"), (idle, "was not run", "were not run")]
        return self.others[:OTHERS] + [f"{count} more check{'' if count == 1 else 's'} {one if count == 1 else many}"
                                       for count, one, many in rest if count > 0]

    def add(self, outcome: str, text: str = "", brief: str = "", program: bool = False) -> None:
        """Take down the outcome of one check, its diagnosis, the same in a line, and whether it starts a program."""
        self.only_programs &= program or outcome == "passed"
        if outcome == "failed" and "failed" not in self.outcomes:
            self.text = text
        self.text = self.text or text or ""
        if outcome == "also wrong" and brief:
            self.others.append(brief)
        self.outcomes.append(outcome)


Verdicts = dict[str, Verdict]  # by the numbers of the steps


def blame(verdicts: Verdicts, read_sources: Callable[[], Sources]) -> None:
    """Note in each wrong verdict which wrong step before it may be the reason, by the sources that read_sources gives.
    """
    wrong = [number for number, verdict in verdicts.items() if verdict.state == State.WRONG]
    for number in wrong if len(wrong) > 1 else []:
        verdicts[number].because = because(number, wrong, read_sources(), verdicts[number].only_programs)


def state_of(outcomes: list[str], borrowed: bool = False) -> State:
    """Return what a step is by the outcomes of its checks: wrong if one failed, passed if all did, else not started.
    """
    found = set(outcomes)
    if found & FAILED:
        return State.WRONG
    if found == {"passed"}:
        return State.BORROWED if borrowed else State.YOURS
    return State.NOT_STARTED
