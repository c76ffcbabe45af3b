"""The verdict on a step, put together from the outcomes of its checks."""
from dataclasses import dataclass, field

from workshop.terminal.writing import MARKS

FAILED = ("failed", "also wrong", "not checked")  # outcomes of a check that make its step wrong


@dataclass
class Verdict:
    """What the checks say of one step."""

    number: str
    outcomes: list = field(default_factory=list)  # of its checks, in the order in which they ran
    text: str = ""  # the first diagnosis in full; of a step that is not started, where it or what it waits for is
    others: list = field(default_factory=list)  # what else is wrong with it, in a line each
    only_programs: bool = True  # whether all that failed are checks that start a program
    because: str = ""  # the number of a wrong step before it that may be all that is wrong

    @property
    def state(self):
        return state_of(self.outcomes)

    @property
    def failed(self):
        """The number of checks that did not pass."""
        return sum(outcome != "passed" for outcome in self.outcomes)

    @property
    def problem(self):
        """What is wrong, in one line."""
        lines = self.text.splitlines()
        told = [line.removeprefix(MARKS["wrong"]).strip() for line in lines if line.startswith(MARKS["wrong"])]
        return (told + lines + [""])[0]

    def add(self, outcome, text="", brief="", program=False):
        """Take down the outcome of one check, its diagnosis, the same in a line, and whether it starts a program."""
        self.only_programs &= program or outcome == "passed"
        if outcome == "failed" and "failed" not in self.outcomes:
            self.text = text
        self.text = self.text or text or ""
        if outcome == "also wrong":
            self.others.append(brief)
        self.outcomes.append(outcome)


def state_of(outcomes):
    """Return what a step is: "wrong" if a check failed, "done" if all of them passed, else "not started"."""
    found = set(outcomes)
    if found.intersection(FAILED):
        return "wrong"
    return "done" if found == {"passed"} else "not started"


def counts(states):
    """Return how many steps are in each state, as text: `3 done, 1 wrong, 8 not started`."""
    states = list(states)
    return ", ".join(f"{states.count(state)} {state}" for state in MARKS)
