"""The page duties.md: what middleware and applications make of the duties that PEP 3333 gives them."""
from pathlib import Path

from contract.marks import checks_of
from contract.outcomes import DEPARTS, KEPT
from contract.subjects import KNOWN, REACHED, subjects_of
from workshop.terminal.writing import MARKS

UNTRIED = "no request gives occasion to it"
SIGNS = {KEPT: MARKS["done"], DEPARTS: MARKS["wrong"], UNTRIED: "–"}
INTRODUCTION = f"""\
# What middleware and applications make of PEP 3333

A server is not alone in owing something: an application has duties, and middleware has those of both sides. Each check
calls one of them as a server calls it, with an observer above it and, for middleware, an application below it that
notes what is done to it. One of your own is checked by its name, which is looked up from the current folder:

    pytest contract/test_middleware.py --middleware MODULE:CLASS      CLASS(app) makes it
    pytest contract/test_application.py --application MODULE:APP

{SIGNS[KEPT]} kept · {SIGNS[DEPARTS]} departs, as is told below · {SIGNS[UNTRIED]} {UNTRIED}. The columns of the
chapters are those of the reference.
"""
TITLES = {"middleware": "Middleware", "application": "Applications"}


def page(table):
    """Return the page (str); table makes a Markdown table of rows."""
    parts = [part for kind in TITLES for part in (f"## {TITLES[kind]}\n", table(*rows_of(kind)))]
    facts = [f"- {name}, *{claim_of(check, others)}*: {fact}." for (name, check, *others), fact in KNOWN.items()]
    return "\n".join([INTRODUCTION, *parts, "## What departs\n", *facts]) + "\n"


def rows_of(kind):
    """Return the rows of a kind of subject: checks by subjects."""
    names = list(subjects_of(kind))
    checks = checks_of(Path(__file__).with_name(f"test_{kind}.py"))
    return [["clauses", "check", *names], *([", ".join(map(str, check.clauses)), check.claim,
                                             *(SIGNS[state_of(name, check)] for name in names)] for check in checks)]


def state_of(name, check):
    """Return whether a subject keeps what a check is about, is known to depart, or was never brought to it."""
    if name not in REACHED.get(check.name, [name]):
        return UNTRIED
    return DEPARTS if any(known[:2] == (name, check.name) for known in KNOWN) else KEPT


def claim_of(check, others):
    """Return a check's name as a sentence, with what else it was given."""
    return check.removeprefix("test_").replace("_", " ") + (f" ({', '.join(others)})" if others else "")
