"""What middleware and applications make of the duties that PEP 3333 gives them, as far as they are not a plugin's.

A departure is a fact of a version, tried by hand: the check is expected to fail, and to succeed is news.
"""
from collections.abc import Mapping
from pathlib import Path

from contract.applications import APPLICATIONS
from contract.clause_marks import MarkedCheck, checks_of
from contract.markdown_table import table
from contract.middlewares import MIDDLEWARES
from contract.scoring import DEPARTS, KEPT, SIGNS
from contract.subjects import Subject

PROFILER = "werkzeug 3.1.9 takes all blocks and joins them before it returns anything: it measures how long that takes"
KNOWN: Mapping[tuple[str, ...], str] = {
    ("werkzeug ProfilerMiddleware", "test_an_iterable_comes_back_before_a_block_is_asked_for"): PROFILER,
    ("werkzeug ProfilerMiddleware", "test_no_block_waits_for_a_later_one"): PROFILER,
    ("werkzeug ProfilerMiddleware", "test_there_is_a_block_for_each_block"): PROFILER,
    ("werkzeug ProfilerMiddleware", "test_what_comes_in_is_not_held_back_until_the_end"): PROFILER,
    ("werkzeug ProfilerMiddleware", "test_the_iterable_is_closed_once", "error"):
        "werkzeug 3.1.9 does not call close() when the iteration fails",
    ("werkzeug LintMiddleware", "test_wsgiref_validate_has_no_objection_on_either_side"):
        "the wsgi.input that werkzeug 3.1.9 hands on has no readlines()",
    ("a Flask application", "test_streams_are_used_for_what_they_are"):
        "werkzeug 3.1.9 looks whether wsgi.input has readinto(), and would use it",
}  # (name of a subject, name of a check, what else it is given) -> what it does, tried by hand
NOT_REACHED = {"test_what_start_response_raises_reaches_the_server"}  # by any request to the subjects here

SUBJECTS: dict[str, Mapping[str, Subject]] = {"middleware": MIDDLEWARES, "application": APPLICATIONS}  # by their kind
TITLES = {"middleware": "Middleware", "application": "Applications"}
UNTRIED = "no request gives occasion to it"
INTRODUCTION = f"""\
# What middleware and applications make of PEP 3333

A server is not alone in owing something: an application has duties, and middleware has those of both sides. Each check
calls one of them as a server calls it, with an observer above it and, for middleware, an application below it that
notes what is done to it. One of your own is checked by its name, which is looked up from the current folder:

    pytest contract/test_middleware.py --middleware MODULE:CLASS      CLASS(app) makes it
    pytest contract/test_application.py --application MODULE:APP

{SIGNS[KEPT]} kept · {SIGNS[DEPARTS]} departs, as is said below · – {UNTRIED}
"""


def duties_page() -> str:
    """Return the page of duties."""
    parts = [part for kind in SUBJECTS for part in (f"## {TITLES[kind]}\n", table(*rows_of(kind)))]
    facts = [f"- {name}, *{claim_of(check, others)}*: {fact}." for (name, check, *others), fact in KNOWN.items()]
    return "\n".join([INTRODUCTION, *parts, "## What departs\n", *facts]) + "\n"


def rows_of(kind: str) -> list[list[str]]:
    """Return the rows of a kind of subject: checks by subjects."""
    checks = checks_of(Path(__file__).with_name(f"test_{kind}.py"))
    rows = [[", ".join(map(str, check.clauses or check.rules)), check.claim,
             *(sign_of(name, check) for name in SUBJECTS[kind])] for check in checks]
    return [["clauses or rule", "check", *SUBJECTS[kind]], *rows]


def sign_of(name: str, check: MarkedCheck) -> str:
    """Return the sign of whether a subject keeps what a check is about, departs, or was never brought to it."""
    if check.name in NOT_REACHED:
        return "–"
    return SIGNS[DEPARTS if any(known[:2] == (name, check.name) for known in KNOWN) else KEPT]


def claim_of(check: str, others: list[str]) -> str:
    """Return a check's name as a sentence, with what else it was given."""
    return check.removeprefix("test_").replace("_", " ") + (f" ({', '.join(others)})" if others else "")
