"""What becomes of a check, and what that makes of the clauses."""
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from wsgi_contract.asgi.asgi_clauses import CLAUSES as ASGI_CLAUSES
from wsgi_contract.clauses import CLAUSES, SERVER, Clause, ClauseNumber

KEPT, DEPARTS, LACKS = "kept", "departs", "not offered"
UNSEEN = "could not be looked at"  # what the check presupposes does not hold
CRASHED = "has crashed"  # the check itself: then there is no score
SIGNS = {KEPT: "✔", DEPARTS: "✘", LACKS: "–", UNSEEN: "?"}
WEIGHTS = (CRASHED, DEPARTS, UNSEEN, KEPT, LACKS)  # the first of them among the states of its checks is a clause's
ALL_CLAUSES: dict[ClauseNumber, Clause] = {**CLAUSES, **ASGI_CLAUSES}


@dataclass(frozen=True)
class ContractCheck:
    """What one check is about."""

    id: str  # stays for ever: see check_ids.py
    claim: str  # as a sentence
    clauses: tuple[ClauseNumber, ...]  # empty for a rule of HTTP
    rule: str | None = None  # the section of an RFC, for a rule of HTTP
    disputed: bool = False  # then it counts nowhere
    kind: str = "server"  # what is checked: one of KINDS

    @property
    def source(self) -> str:
        """Where it comes from: the clauses of the PEP that it names, or its rule of HTTP."""
        return self.rule or f"clause{'s' * (len(self.clauses) > 1)} {', '.join(map(str, self.clauses))}"

    @property
    def is_strict(self) -> bool:
        """Tell whether it holds a clause that says MUST; HTTP's rules count as such."""
        return bool(self.rule) or any(ALL_CLAUSES[number].is_strict for number in self.clauses)


@dataclass(frozen=True)
class CheckOutcome:
    """The outcome of one check."""

    check: ContractCheck
    state: str  # one of WEIGHTS
    fact: str | None = None  # what was done, where it departs, or what was in the way; the same each time
    problem: str | None = None  # what is wrong, a sentence
    text: str | None = None  # the diagnosis in full
    subject: str = ""  # the middleware or application, where several are checked in one run

    @property
    def key(self) -> str:
        """What it is known by in a run."""
        return f"{self.subject}: {self.check.id}" if self.subject else self.check.id


def state_of_clauses(outcomes: Iterable[CheckOutcome]) -> dict[ClauseNumber, str]:
    """Return {clause number: state} of the server's clauses that outcomes are about, in order."""
    states = defaultdict(set)
    for outcome in outcomes:
        for number in outcome.check.clauses if not outcome.check.disputed else ():
            states[number].add(outcome.state)
    return {number: together(states[number]) for number, clause in ALL_CLAUSES.items()
            if number in states and SERVER in clause.who}


def together(states: Collection[str]) -> str:
    """Return the state of a clause from those of its checks: kept by all of them, or not."""
    return next(state for state in WEIGHTS if state in states)


@dataclass(frozen=True)
class Score:
    """How many clauses are kept, of those that could be looked at."""

    kept: int
    all: int

    @classmethod
    def of(cls, states: Iterable[str]) -> "Score":
        """Return the Score of states: what need not be offered, and is not, is left out, and what was not seen."""
        seen = [state for state in states if state in (KEPT, DEPARTS)]
        return cls(seen.count(KEPT), len(seen))

    def __str__(self) -> str:
        return f"{self.kept} of {self.all}"


def scores(outcomes: Collection[CheckOutcome]) -> dict[str, Score]:
    """Return the Scores by name: all clauses, those with MUST, those with SHOULD or MAY, and HTTP's rules."""
    states = state_of_clauses(outcomes)
    strict = [state for number, state in states.items() if ALL_CLAUSES[number].is_strict]
    lenient = [state for number, state in states.items() if not ALL_CLAUSES[number].is_strict]
    rules = [outcome.state for outcome in outcomes if outcome.check.rule and not outcome.check.disputed]
    return {"clauses": Score.of(states.values()), "MUST": Score.of(strict), "SHOULD": Score.of(lenient),
            "HTTP": Score.of(rules)}
