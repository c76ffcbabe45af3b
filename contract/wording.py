"""How a check and what is wrong are put into words."""
import re
import textwrap

import pytest

from contract.problem import Diagnosis
from contract.scoring import DEPARTS, SIGNS, CheckOutcome


def claim(item: pytest.Item) -> str:
    """Return what a check claims, as a sentence made from its name."""
    name, bracket, given = item.name.removeprefix("test_").partition("[")
    return name.replace("_", " ") + (f" [{given}" if bracket else "")


def clauses_of(item: pytest.Item) -> tuple[int, ...]:
    """Return the numbers of the clauses that a check names."""
    return tuple(sorted({number for mark in item.iter_markers("clause") for number in mark.args}))


def in_full(error: BaseException | None, claim: str = "", outcome: CheckOutcome | None = None,
            **more: str | None) -> str:
    """Return the text of a check that says something new: whose it is, what is wrong, and the rows below, and more."""
    lines = [f"{sources(outcome)}: {claim}"] if outcome else []
    rows = more
    if isinstance(error, Diagnosis):
        lines, rows = [*lines, f"{SIGNS[DEPARTS]} {error.problem}"], {**error.rows, **more}
    else:
        lines += [f"{SIGNS[DEPARTS]} it is kept now"]
    return "\n".join([*lines, "", *(row(name, str(text)) for name, text in rows.items() if text is not None)])


def sources(outcome: CheckOutcome) -> str:
    """Return where a check comes from: the clauses of the PEP that it names, or its rule of HTTP."""
    return outcome.rule or f"clause{'s' * (len(outcome.clauses) > 1)} {', '.join(map(str, outcome.clauses))}"


def row(name: str, text: str) -> str:
    """Return one row: prose is wrapped, values are not, and addresses in memory are left out: nobody needs them."""
    text = re.sub(r" at 0x[0-9a-fA-F]+", "", text)
    if name in ("why", "news"):
        text = textwrap.fill(text, 90)
    return f"  {name:<10} " + text.replace("\n", "\n" + " " * 13)
