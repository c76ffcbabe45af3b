"""The page of ASGI: its clauses, and what servers make of them, from the records."""
from collections.abc import Mapping

from wsgi_contract.asgi.asgi_clauses import CLAUSES, ROWS
from wsgi_contract.asgi.asgi_programs import ASGI_SERVERS
from wsgi_contract.asgi.asgi_run import ASGI_RECORDS
from wsgi_contract.clauses import ClauseNumber
from wsgi_contract.markdown_table import cell, table
from wsgi_contract.scoring import DEPARTS, KEPT, LACKS, SIGNS, UNSEEN, CheckOutcome, scores, state_of_clauses, together
from wsgi_contract.server_records import record_of, recorded_outcomes
from wsgi_contract.wording import written

Outcomes = Mapping[str, CheckOutcome]  # by the ids of the checks

INTRODUCTION = """\
# What servers make of ASGI

What [ASGI 3.0](https://asgi.readthedocs.io/en/latest/specs/main.html) asks of a server, with its parts for
[HTTP](https://asgi.readthedocs.io/en/latest/specs/www.html) (2.5) and for the
[lifespan](https://asgi.readthedocs.io/en/latest/specs/lifespan.html) (2.0), in our own words: {count} clauses, as far
as they show from outside. Each has checks: a probe application reports what it sees, and a client on a raw socket looks
at what comes back: `wsgi-contract asgi NAME`.

MUST is what the specification demands or states as a fact, SHOULD what it recommends, or says by the way. Left out are
WebSocket, HTTP/2, extensions, applications of ASGI 2, and what is only permitted. HTTP's own rules are counted apart:
of them there are those here that ASGI changes something about. The lifespan is a specification of its own: a server
that has none is not charged. A check that can be disputed counts nowhere.

All of these servers run real sites every day, each as it starts without options, on Linux; uvicorn with h11, whatever
else is installed. `reference-7` is a server for teaching, and has not the age of the others.
"""
SIGNS_EXPLAINED = "{signs}.\n"
DISPUTED = """\
## What can be disputed

These checks count nowhere. Of a client that closes only its sending half, ASGI says nothing: the connection is not
closed, but most servers take it so. Of an event after the end of a response, ASGI says that it is ignored; and
elsewhere, that send should raise an exception for an event that is not valid.
"""


def asgi_page() -> str:
    """Return the page."""
    names = [*ASGI_SERVERS, *sorted({path.stem for path in ASGI_RECORDS.glob("*.json")} - ASGI_SERVERS.keys())]
    outcomes = {name: recorded_outcomes(name, ASGI_RECORDS, "--asgi") for name in names}
    signs = ", ".join(f"{sign} {state}" for state, sign in SIGNS.items())
    parts = [INTRODUCTION.format(count=len(CLAUSES)), scores_table(outcomes), SIGNS_EXPLAINED.format(signs=signs)]
    states = {name: state_of_clauses(own.values()) for name, own in outcomes.items()}
    for group, rows in ROWS.items():
        parts += [f"## {group}\n", clauses_table(states, [row[0] for row in rows])]
    parts += ["## HTTP's own rules\n", checks_table(outcomes, disputed=False),
              DISPUTED, checks_table(outcomes, disputed=True)]
    return "\n".join([*parts, *(departures_of(name, own) for name, own in outcomes.items())])


def scores_table(outcomes: Mapping[str, Outcomes]) -> str:
    """Return the table of scores; outcomes are by server."""
    rows = [[f"`{name}`", record_of(name, folder=ASGI_RECORDS).version, *map(str, scores(own.values()).values())]
            for name, own in outcomes.items()]
    return table(["server", "version", "clauses", "MUST", "SHOULD", "rules of HTTP"], *rows)


def clauses_table(states: Mapping[str, Mapping[ClauseNumber, str]], numbers: list[str]) -> str:
    """Return the table of some clauses, with a column for each server."""
    rows = [[number, clause.level, cell(clause.text), *(SIGNS[own[number]] for own in states.values()),
             cell(clause.effect), clause.sections[0]] for number, clause in CLAUSES.items() if number in numbers]
    return table(["", "level", "what", *states, "a departure", "section"], *rows)


def checks_table(outcomes: Mapping[str, Outcomes], disputed: bool) -> str:
    """Return the table of HTTP's rules, or of what is disputed: a check with several inputs is kept if all are."""
    found: dict[tuple[str, str], dict[str, set[str]]] = {}  # (source, claim without inputs) -> {server: states}
    for name, own in outcomes.items():
        for outcome in own.values():
            check = outcome.check
            if check.disputed if disputed else check.rule:
                row = found.setdefault((check.source.removeprefix("clause "), check.claim.partition(" [")[0]), {})
                row.setdefault(name, set()).add(outcome.state)
    rows = [[source, cell(written(claim)), *(SIGNS[together(states[name])] for name in outcomes)]
            for (source, claim), states in sorted(found.items())]
    return table(["clause" if disputed else "rule", "check", *outcomes], *rows)


def departures_of(name: str, outcomes: Outcomes) -> str:
    """Return the part of the page about one server: what it does where it departs, and what could not be looked at."""
    heading = f"## {name} {record_of(name, folder=ASGI_RECORDS).version}".rstrip()
    rows = [[outcome.check.source.removeprefix("clause ") + (" (disputed)" if outcome.check.disputed else ""),
             SIGNS[outcome.state], cell(written(outcome.check.claim)), f"`{cell(outcome.fact or '')}`"]
            for outcome in outcomes.values() if outcome.state in (DEPARTS, UNSEEN)]
    lacking = sum(outcome.state == LACKS for outcome in outcomes.values())
    kept = sum(outcome.state == KEPT for outcome in outcomes.values())
    words = f"Of {len(outcomes)} checks, {kept} are kept; {lacking} are about what is not offered.\n"
    ordered = sorted(rows, key=lambda row: (not row[0].startswith("A"), int(row[0][1:].split()[0])
                                            if row[0].startswith("A") else 0, row))
    return "\n".join([heading, "", words, table(["clause or rule", "", "check", "what it does"], *ordered)])
