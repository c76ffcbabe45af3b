"""What becomes of a check of a running server, and what that makes of the clauses."""
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from contract.clauses import CLAUSES, SERVER

KEPT, DEPARTS, LACKS = "kept", "departs", "not offered"
SIGNS = {KEPT: "✔", DEPARTS: "✘", LACKS: "–"}


@dataclass(frozen=True)
class CheckOutcome:
    """The outcome of one check."""

    state: str  # KEPT, DEPARTS or LACKS
    fact: str | None  # what the server did, where it departs
    clauses: tuple[int, ...]  # empty for a rule of HTTP
    rule: str | None  # the section of an RFC, for a rule of HTTP
    disputed: bool = False  # then it counts nowhere


def state_of_clauses(outcomes: Iterable[CheckOutcome]) -> dict[int, str]:
    """Return {clause number: state} of the server's clauses that outcomes are about, in order."""
    states = defaultdict(set)
    for outcome in outcomes:
        for number in outcome.clauses if not outcome.disputed else ():
            states[number].add(outcome.state)
    return {number: together(states[number]) for number in sorted(states) if SERVER in CLAUSES[number].who}


def together(states: Collection[str]) -> str:
    """Return the state of a clause from those of its checks: kept by all of them, or not."""
    return DEPARTS if DEPARTS in states else KEPT if KEPT in states else LACKS


@dataclass(frozen=True)
class Score:
    """How many clauses are kept, of those that could be."""

    kept: int
    all: int

    @classmethod
    def of(cls, states: Iterable[str]) -> "Score":
        """Return the Score of states; what a server need not offer, and does not, is left out."""
        offered = [state for state in states if state != LACKS]
        return cls(offered.count(KEPT), len(offered))

    def __str__(self) -> str:
        return f"{self.kept} of {self.all}"


def scores(outcomes: Collection[CheckOutcome]) -> dict[str, Score]:
    """Return the Scores by name: all clauses, those with MUST, those with SHOULD or MAY, and HTTP's rules."""
    states = state_of_clauses(outcomes)
    strict = [state for number, state in states.items() if CLAUSES[number].is_strict]
    lenient = [state for number, state in states.items() if not CLAUSES[number].is_strict]
    rules = [outcome.state for outcome in outcomes if outcome.rule and not outcome.disputed]
    return {"clauses": Score.of(states.values()), "MUST": Score.of(strict), "SHOULD": Score.of(lenient),
            "HTTP": Score.of(rules)}
