"""The pages of the contract, made from the clauses, the marks of the checks and the records.

PAGES has them, by the names of their files.
"""
import itertools
import re
from collections.abc import Iterable, Mapping

from wsgi_contract.asgi.servers_page import asgi_page
from wsgi_contract.clause_effects import EFFECTS, PublicReport, linked
from wsgi_contract.clause_marks import MarkedCheck, checks_by_clause, checks_in
from wsgi_contract.clauses import CLAUSES, Clause, group_of
from wsgi_contract.duties import duties_page
from wsgi_contract.markdown_table import cell, table
from wsgi_contract.real_servers import REAL_SERVERS
from wsgi_contract.scoring import (
    DEPARTS,
    KEPT,
    LACKS,
    SIGNS,
    UNSEEN,
    CheckOutcome,
    ContractCheck,
    scores,
    state_of_clauses,
    together,
)
from wsgi_contract.server_records import record_of, recorded_outcomes
from wsgi_contract.wording import written

Outcomes = Mapping[str, CheckOutcome]  # by the ids of the checks

CLAUSES_INTRODUCTION = """\
# PEP 3333, clause by clause

What [PEP 3333](https://peps.python.org/pep-3333/) asks for, in our own words: {all} clauses, {black_box} of which a
running server shows to a client on a raw socket. Each has checks, or a reason why it has none. Below each table stands,
for each clause with checks, how it is looked at, what a departure does to an application or to its users, and a public
report of one, as far as we know any; many of the reports are closed, and what they report is mended.

The probe is the application that a server is checked with. This page is made from the clauses and the checks.
"""
SERVERS_INTRODUCTION = """\
# What servers make of PEP 3333

Each server runs the same probe application, and a client on a raw socket looks at what it does:
`wsgi-contract check NAME`. The first table has the versions; wsgiref comes with Python. Each is started as it
starts without options, on Linux, gunicorn with one worker, gevent and eventlet with the standard library made
cooperative, uWSGI with its router of HTTP.

All of these servers run real sites or tests every day, and most departures are of no matter to most applications; some
are old decisions with reasons. They are listed so that you know what to expect, and what a server of your own can do
better.

The score counts the clauses that a server owes and that show from outside, MUST and SHOULD alike; what a server need
not offer, and does not, is left out, and so is what could not be looked at, because something else is wrong that the
check presupposes. HTTP's own rules are counted apart: PEP 3333 does not repeat them. A check that
can be disputed counts nowhere.
"""
BY_NAME = """\
Of each clause: how many servers keep it, of those that offer it and with which it could be looked at; which of them
depart; and the others, {signs}.
Below the clauses there is a list for each server, with what it does where it departs.
"""
BY_STATE = ["kept by", "departs", "others"]


def grouped(numbers: Iterable[int]) -> list[tuple[str, list[int]]]:
    """Return [(name of a group, the numbers of clauses in it)]."""
    return [(group, list(members)) for group, members in itertools.groupby(numbers, group_of)]


# The clauses.


def clauses_page() -> str:
    """Return the page of clauses."""
    black_box = sum(clause.why_not is None for clause in CLAUSES.values())
    heading = ["", "level", "who", "what", "section", "why no running server shows it"]
    parts = [CLAUSES_INTRODUCTION.format(all=len(CLAUSES), black_box=black_box)]
    for group, numbers in grouped(CLAUSES):
        parts += [f"## {group}\n", table(heading, *(row_of(CLAUSES[number]) for number in numbers))]
        parts += [entry_of(CLAUSES[number]) for number in numbers if number in EFFECTS]
    return "\n".join([*parts, rules_section()])


def row_of(clause: Clause) -> list[str]:
    """Return the cells of a clause: what it asks for, and why it has no check of a running server."""
    return [linked(clause.number), clause.level, clause.who, cell(clause.text), "; ".join(clause.sections),
            clause.why_not or ""]


def entry_of(clause: Clause) -> str:
    """Return the entry of a clause that has checks."""
    effect, checks = EFFECTS[clause.number], checks_by_clause()[clause.number]
    points = [f"**Looked at:** {effect.looked_at}", f"**A departure:** {effect.effect}"]
    points += [f"**Reported:** {in_a_sentence(effect.report)}"] if effect.report else []
    points += [f"**Checks of {whom}:** {titles}." for whom, titles in titles_of(checks).items() if titles]
    asked = f"*{clause.who}, {clause.level}* · {clause.text}"
    return f"### Clause {clause.number}\n\n{asked}\n\n" + "".join(f"- {point}\n" for point in points)


def in_a_sentence(report: PublicReport) -> str:
    """Return what was reported, with a link to the thread."""
    return f"{report.text.removesuffix('.')}: [{report.label}]({report.address})."


def titles_of(checks: Iterable[MarkedCheck]) -> dict[str, str]:
    """Return {who is checked: the titles of the checks}."""
    found = {"a server": "", "middleware and applications": ""}
    for whom, is_black_box in zip(found, (True, False), strict=True):
        found[whom] = "; ".join(written(check.claim) for check in checks if check.is_black_box == is_black_box)
    return found


def rules_section() -> str:
    """Return the part of the page about the rules of HTTP."""
    rules = [[rule, cell(written(check.claim))] for check in checks_in() for rule in check.rules]
    return "## HTTP's own rules\n\nThese are no clauses of PEP 3333.\n\n" + table(["rule", "check"], *sorted(rules))


# The servers.


def servers_page() -> str:
    """Return the page of servers."""
    outcomes = {server: recorded_outcomes(server) for server in REAL_SERVERS}
    signs = ", ".join(f"{SIGNS[state]} {state}" for state in (LACKS, UNSEEN))
    parts = [SERVERS_INTRODUCTION, scores_table(outcomes), "## Departures by groups of clauses\n",
             groups_table(outcomes), "## Clause by clause\n", BY_NAME.format(signs=signs), clauses_table(outcomes),
             "## HTTP's own rules, check by check\n", rules_table(outcomes),
             *(departures_of(server, own) for server, own in outcomes.items())]
    return "\n".join(filter(None, parts))


def scores_table(outcomes: Mapping[str, Outcomes]) -> str:
    """Return the table of scores; outcomes are by server."""
    rows = []
    for server, own in outcomes.items():
        score = scores(own.values())
        rows.append([f"`{server}`", record_of(server).version, *map(str, score.values())])
    return table(["server", "version", "clauses", "MUST", "SHOULD and MAY", "rules of HTTP"], *rows)


def groups_table(outcomes: Mapping[str, Outcomes]) -> str:
    """Return the table of servers by groups of clauses: from how many clauses each departs."""
    states = {server: state_of_clauses(own.values()) for server, own in outcomes.items()}
    groups = grouped(next(iter(states.values())))
    rows = [[f"`{server}`", *(str(sum(own[number] == DEPARTS for number in numbers) or "") for _, numbers in groups)]
            for server, own in states.items()]
    return table(["server", *(f"{group} ({len(numbers)})" for group, numbers in groups)], *rows)


def clauses_table(outcomes: Mapping[str, Outcomes]) -> str:
    """Return the tables of clauses, one for each group, with the servers that do not keep them."""
    states = {server: state_of_clauses(own.values()) for server, own in outcomes.items()}
    parts = []
    for group, numbers in grouped(next(iter(states.values()))):
        rows = [[linked(number, "clauses.md"), CLAUSES[number].level, cell(CLAUSES[number].text),
                 *by_state({server: own[number] for server, own in states.items()})] for number in numbers]
        parts += [f"### {group}\n", table(["", "level", "clause", *BY_STATE], *rows)]
    return "\n".join(parts)


def by_state(states: Mapping[str, str]) -> list[str]:
    """Return the cells that say what servers do: how many keep it, the names of those that depart, and of the others.
    """
    kept, seen = (sum(state in those for state in states.values()) for those in ([KEPT], [KEPT, DEPARTS]))
    others = [f"{SIGNS[state]} {server}" for server, state in states.items() if state in (LACKS, UNSEEN)]
    return [f"{kept} of {seen}", ", ".join(server for server, state in states.items() if state == DEPARTS),
            ", ".join(others)]


def rules_table(outcomes: Mapping[str, Outcomes]) -> str:
    """Return the table of HTTP's rules, with the servers that do not keep them: a check with several inputs is kept if
    all of them are.
    """
    states: dict[tuple[str, str], dict[str, set[str]]] = {}  # (rule, claim without inputs) -> {server: states}
    for server, own in outcomes.items():
        for outcome in own.values():
            if outcome.check.rule:
                row = states.setdefault((outcome.check.rule, outcome.check.claim.partition(" [")[0]), {})
                row.setdefault(server, set()).add(outcome.state)
    rows = [[rule, cell(written(claim)), *by_state({server: together(found[server]) for server in outcomes})]
            for (rule, claim), found in sorted(states.items())]
    return table(["rule", "check", *BY_STATE], *rows)


def departures_of(server: str, outcomes: Outcomes) -> str:
    """Return the part of the page about one server: what it does where it departs, or "" where it does not."""
    rows = [[source(outcome.check), cell(written(outcome.check.claim)), f"`{cell(outcome.fact or '')}`"]
            for outcome in outcomes.values() if outcome.state == DEPARTS]
    heading = f"## {REAL_SERVERS[server].title} {record_of(server).version}\n\n"
    return heading + table(["clause or rule", "check", "what it does"], *sorted(rows, key=place)) if rows else ""


def source(check: ContractCheck) -> str:
    """Return the clauses or the rule of a check, and whether it is disputed."""
    numbers = ", ".join(linked(number, "clauses.md") for number in check.clauses)
    return (check.rule or numbers) + (" (disputed)" if check.disputed else "")


def place(row: list[str]) -> tuple[int, list[str]]:
    """Return the key that sorts rows: clauses by number, then rules."""
    number = re.match(r"\[?(\d+)", row[0])
    return (int(number[1]) if number else 1000, row)


PAGES = {"clauses.md": clauses_page, "servers.md": servers_page, "duties.md": duties_page, "asgi_servers.md": asgi_page}
