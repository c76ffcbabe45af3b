"""What middleware and applications make of the duties that PEP 3333 gives them, as far as they are not a plugin's.

A departure is a fact of a version, tried by hand: the check is expected to fail, and to succeed is news.
"""
from collections.abc import Mapping
from pathlib import Path

from wsgi_contract.applications import APPLICATIONS
from wsgi_contract.clause_effects import linked
from wsgi_contract.clause_marks import MarkedCheck, checks_of
from wsgi_contract.markdown_table import table
from wsgi_contract.middlewares import MIDDLEWARES
from wsgi_contract.scoring import DEPARTS, KEPT, SIGNS
from wsgi_contract.subjects import Subject

PROFILER = "werkzeug 3.1.9 takes all blocks and joins them before it returns anything: it measures how long that takes"
KNOWN: Mapping[tuple[str, str], str] = {
    ("werkzeug ProfilerMiddleware", "an-iterable-comes-back-before-a-block-is-asked-for/identity"): PROFILER,
    ("werkzeug ProfilerMiddleware", "an-iterable-comes-back-before-a-block-is-asked-for/gzip"): PROFILER,
    ("werkzeug ProfilerMiddleware", "no-block-waits-for-a-later-one/identity"): PROFILER,
    ("werkzeug ProfilerMiddleware", "no-block-waits-for-a-later-one/gzip"): PROFILER,
    ("werkzeug ProfilerMiddleware", "there-is-a-block-for-each-block/identity"): PROFILER,
    ("werkzeug ProfilerMiddleware", "there-is-a-block-for-each-block/gzip"): PROFILER,
    ("werkzeug ProfilerMiddleware", "what-comes-in-is-not-held-back-until-the-end"): PROFILER,
    ("werkzeug ProfilerMiddleware", "the-iterable-is-closed-once/error"):
        "werkzeug 3.1.9 does not call close() when the iteration fails",
    ("werkzeug LintMiddleware", "wsgiref-validate-has-no-objection-on-either-side"):
        "the wsgi.input that werkzeug 3.1.9 hands on has no readlines()",
    ("a Flask application", "streams-are-used-for-what-they-are"):
        "werkzeug 3.1.9 looks whether wsgi.input has readinto(), and would use it",
}  # (name of a subject, id of a check) -> what it does, tried by hand
NOT_REACHED = {"what-start-response-raises-reaches-the-server"}  # by any request to the subjects here

CHECKS = Path(__file__).parent / "checks" / "duties"
SUBJECTS: dict[str, Mapping[str, Subject]] = {"middleware": MIDDLEWARES, "application": APPLICATIONS}  # by their kind
TITLES = {"middleware": "Middleware", "application": "Applications"}
UNTRIED = "no request gives occasion to it"
INTRODUCTION = f"""\
# What middleware and applications make of PEP 3333

A server is not alone in owing something: an application has duties, and middleware has those of both sides. Each check
calls one of them as a server calls it, with an observer above it and, for middleware, an application below it that
notes what is done to it. One of your own is checked by its name, which is looked up from the current folder:

    wsgi-contract middleware MODULE:NAME        NAME(app) makes it
    wsgi-contract application MODULE:NAME

{SIGNS[KEPT]} kept · {SIGNS[DEPARTS]} departs, as is said below · – {UNTRIED}
"""


def duties_page() -> str:
    """Return the page of duties."""
    parts = [part for kind in SUBJECTS for part in (f"## {TITLES[kind]}\n", table(*rows_of(kind)))]
    facts = [f"- {name}, *{in_words(id)}*: {fact}." for (name, id), fact in KNOWN.items()]
    return "\n".join([INTRODUCTION, *parts, "## What departs\n", *facts]) + "\n"


def rows_of(kind: str) -> list[list[str]]:
    """Return the rows of a kind of subject: checks by subjects."""
    checks = checks_of(CHECKS / f"test_{kind}.py")
    rows = [[", ".join([linked(number, "clauses.md") for number in check.clauses] or check.rules), check.claim,
             *(sign_of(name, check) for name in SUBJECTS[kind])] for check in checks]
    return [["clauses or rule", "check", *SUBJECTS[kind]], *rows]


def sign_of(name: str, check: MarkedCheck) -> str:
    """Return the sign of whether a subject keeps what a check is about, departs, or was never brought to it."""
    if check.id in NOT_REACHED:
        return "–"
    return SIGNS[DEPARTS if any(known == (name, check.id) for known in known_checks()) else KEPT]


def known_checks() -> set[tuple[str, str]]:
    """Return the (name of a subject, id of a check without its input) of all that is known to depart."""
    return {(name, id.partition("/")[0]) for name, id in KNOWN}


def in_words(id: str) -> str:
    """Return an id as a sentence, with its input."""
    name, slash, given = id.partition("/")
    return name.replace("-", " ") + (f" ({given})" if slash else "")
