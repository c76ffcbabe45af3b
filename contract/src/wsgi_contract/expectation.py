"""What is known of a server, a middleware or an application: where it departs, and how.

It is a file of JSON: the records of real servers are such files, and --expected takes one. `--record` writes it.
"""
import functools
import json
import operator
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from wsgi_contract.scoring import CRASHED, DEPARTS, KEPT, LACKS, UNSEEN, CheckOutcome


@dataclass(frozen=True)
class Expectation:
    """What is known of one version; without a file nothing is known."""

    version: str = ""
    departs: dict[str, str] = field(default_factory=dict)  # id of a check: what is done there; "" for anything
    lacks: list[str] = field(default_factory=list)  # ids of checks of what is not offered
    unseen: dict[str, str] = field(default_factory=dict)  # id of a check: what is in its way; "" for all
    since_python: dict[str, dict[str, str]] = field(default_factory=dict)  # "3.14": what departs since then

    @classmethod
    def read(cls, path: Path) -> "Expectation":
        """Return what is in a file. Raises OSError, and ValueError if it is none of these files."""
        try:
            return cls(**json.loads(path.read_text(encoding="utf-8")))
        except TypeError as error:
            name = error.args[0].rpartition(" ")[2]
            raise ValueError(f"it has {name}, and may have version, departs, lacks, unseen and since_python")

    def with_python(self, version: tuple[int, int]) -> "Expectation":
        """Return what is known of the server with a version of Python, such as (3, 14)."""
        newer = [departs for since, departs in self.since_python.items()
                 if tuple(map(int, since.split("."))) <= version]
        return replace(self, departs=functools.reduce(operator.or_, newer, self.departs))

    @classmethod
    def of(cls, version: str, outcomes: Iterable[CheckOutcome]) -> "Expectation":
        """Return what the outcomes of a run make known."""
        by_id = sorted((one.check.id, one) for one in outcomes)
        departs, unseen = ({id: one.fact or "" for id, one in by_id if one.state == state}
                           for state in (DEPARTS, UNSEEN))
        return cls(version, departs, [id for id, one in by_id if one.state == LACKS], unseen)

    def with_what_is_known(self, known: "Expectation", checked: Collection[str]) -> "Expectation":
        """Return this with what is known of other checks than those that were run, by their ids."""
        departs, unseen = (dict(sorted((others(old, checked) | new).items()))
                           for old, new in ((known.departs, self.departs), (known.unseen, self.unseen)))
        lacks = sorted({*(id for id in known.lacks if id not in checked), *self.lacks})
        departs = others(departs, {id for newer in known.since_python.values() for id in newer})
        return Expectation(self.version, departs, lacks, unseen, known.since_python)

    def write(self, path: Path) -> None:
        """Write it into a file."""
        parts = {name: part for name, part in asdict(self).items() if part or name != "since_python"}
        text = json.dumps(parts, ensure_ascii=False, indent=1)
        path.write_text(text + "\n", encoding="utf-8", newline="\n")

    @property
    def ids(self) -> set[str]:
        """The ids of all checks that it names."""
        return {*self.departs, *self.lacks, *self.unseen, *(id for newer in self.since_python.values() for id in newer)}

    def state_in(self, id: str) -> str:
        """Return the state of a check."""
        known = {DEPARTS: self.departs, LACKS: self.lacks, UNSEEN: self.unseen}
        return next((state for state, ids in known.items() if id in ids), KEPT)

    def surprise(self, outcome: CheckOutcome) -> str | None:
        """Return what is new in an outcome, a sentence, or None if it is as expected."""
        return SURPRISES[outcome.state](self, outcome)

    def new_departure(self, outcome: CheckOutcome) -> str | None:
        """Return what is new in a departure."""
        known = self.departs.get(outcome.check.id)
        if known is None:
            return "this departure is not known"
        return f"it is known to depart otherwise: {known}" if known not in ("", outcome.fact) else None

    def newly_unseen(self, outcome: CheckOutcome) -> str | None:
        """Return what is new in a check that could not look."""
        known = self.unseen.get(outcome.check.id)
        if known is None:
            return "this could be looked at, as far as is known"
        return f"what is known to be in the way is something else: {known}" if known not in ("", outcome.fact) else None

    def mended(self, outcome: CheckOutcome) -> str | None:
        """Return what is new in a check that is kept."""
        is_known = self.state_in(outcome.check.id) == KEPT
        return None if is_known else "it is known as not kept: look what has changed, and record it (--record)"

    def newly_lacking(self, outcome: CheckOutcome) -> str | None:
        """Return what is new in a check of something that is not offered."""
        return None if outcome.check.id in self.lacks else "what this check needs is known to be offered"


def others(known: Mapping[str, str], checked: Collection[str]) -> dict[str, str]:
    """Return the entries of what is known that are about none of some checks, which are given by their ids."""
    return {id: fact for id, fact in known.items() if id not in checked}


def crash(expectation: Expectation, outcome: CheckOutcome) -> str:
    """Return what is new where a check has crashed: nobody expects that."""
    return "the check itself has crashed: that is a mistake of the suite, and there is no score"


SURPRISES = {DEPARTS: Expectation.new_departure, KEPT: Expectation.mended, LACKS: Expectation.newly_lacking,
             UNSEEN: Expectation.newly_unseen, CRASHED: crash}
