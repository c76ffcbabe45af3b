"""The pages of the contract, made from the clauses, the marks of the checks and the records.

    python -m dev regenerate            write clauses.md, servers.md and duties.md anew
"""
import functools
import itertools
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from contract import duties
from contract.clauses import CLAUSES, group_of
from contract.marks import all_checks, checks_by_clause, steps_that_keep
from contract.outcomes import DEPARTS, KEPT, LACKS, Outcome, scores, state_of_clauses, together
from contract.records import FOLDER, record_of
from workshop.checking.programs import environment
from workshop.course.steps import ROOT
from workshop.machine.servers import SERVERS
from workshop.terminal.writing import MARKS

HERE = FOLDER.parent
SIGNS = {KEPT: MARKS["done"], DEPARTS: MARKS["wrong"], LACKS: "–"}

AS_WRITTEN = {
    "http 1 0": "HTTP/1.0", "latin 1": "latin-1", "exc info": "exc_info", "tuple 1 0": "tuple (1, 0)", "http": "HTTP",
    "http variable": "HTTP_ variable", "cgi": "CGI", "url": "URL", "ff": "FF", "wsgi version": "wsgi.version",
    "head has": "HEAD has", "servers own": "server's own", "applications": "application's", "clients": "client's",
    "script name": "SCRIPT_NAME", "path info": "PATH_INFO", "query string": "QUERY_STRING",
    "remote addr": "REMOTE_ADDR",
    "request method": "REQUEST_METHOD", "content type": "Content-Type", "content length": "Content-Length",
    "server port": "SERVER_PORT", "server protocol": "SERVER_PROTOCOL", "servers name": "server's name", "pep": "PEP",
    "start response": "start_response", "can not": "can't",
}  # words that the name of a function can't have

CLAUSES_INTRODUCTION = """\
# PEP 3333, clause by clause

What [PEP 3333](https://peps.python.org/pep-3333/) asks for, in our own words: {all} clauses, {black_box} of which a
running server shows to a client on a raw socket. Each has checks, or a reason why it has none. A step is the function
of the chapters that keeps a clause; the other checks are those of the steps, and of the duties that applications and
middleware have. This page is made from the clauses and the checks: `python -m dev regenerate`.
"""
SERVERS_INTRODUCTION = """\
# What servers make of PEP 3333

Each server runs the same probe application, and a client on a raw socket looks at what it does:
`pytest contract --server NAME`. The versions are those that constraints.txt names; wsgiref comes with Python.
Each is started as it starts without options, on Linux, gunicorn with one worker.

All of these servers run real sites or tests every day, and most departures are of no matter to most applications; some
are old decisions with reasons. They are listed so that you know what to expect, and what a server of your own can do
better. {signs}

![The clauses that each server keeps, as a column for each](../notebooks/pictures/contract.svg)

The score counts the clauses that a server owes and that show from outside, MUST and SHOULD alike; what a server need
not offer, and does not, is left out. HTTP's own rules are counted apart: PEP 3333 does not repeat them. A check that
can be disputed counts nowhere.
"""


def cell(text):
    """Return a text as a cell of a Markdown table."""
    return re.sub(r"\s+", " ", text.replace("|", "\\|").replace("\x00", "\\x00")).strip()


def written(claim):
    """Return the claim of a check as it is written in a sentence."""
    for spoken, word in AS_WRITTEN.items():
        claim = re.sub(rf"\b{spoken}\b", word, claim)
    return claim


def table(*rows):
    """Return rows (lists of str; the first is the heading) as a Markdown table."""
    heading, *others = rows
    lines = [heading, ["---"] * len(heading), *others]
    return "\n".join(f"| {' | '.join(row)} |" for row in lines) + "\n"


# The clauses.


def row_of(clause):
    """Return the cells of a clause."""
    steps = ", ".join(step.number for step in steps_that_keep(clause.number))
    return [str(clause.number), clause.level, clause.who, cell(clause.text), "; ".join(clause.sections), steps,
            *checks_in_words(clause)]


def checks_in_words(clause):
    """Return the cells that say how a clause is checked: on a running server, or why not, and how often elsewhere."""
    checks = checks_by_clause().get(clause.number, [])
    black_box = [written(check.claim) for check in checks if check.is_black_box]
    others = sum(not check.is_black_box for check in checks)
    return [cell("; ".join(black_box) or clause.why_not), str(others or "")]


def clauses_page():
    """Return the page of clauses."""
    black_box = sum(clause.why_not is None for clause in CLAUSES.values())
    heading = ["", "level", "who", "what", "section", "steps", "checks of a running server, or why none", "others"]
    parts = [CLAUSES_INTRODUCTION.format(all=len(CLAUSES), black_box=black_box)]
    for group, clauses in grouped(CLAUSES):
        parts += [f"## {group}\n", table(heading, *(row_of(CLAUSES[number]) for number in clauses))]
    return "\n".join([*parts, rules_section()])


def grouped(numbers):
    """Return [(name of a group, the numbers of clauses in it)]."""
    return [(group, list(members)) for group, members in itertools.groupby(numbers, group_of)]


def rules_section():
    """Return the part of the page about the rules of HTTP."""
    rules = [[rule, cell(written(check.claim))] for check in all_checks() for rule in check.rules]
    return "## HTTP's own rules\n\nThese are no clauses of PEP 3333.\n\n" + table(["rule", "check"], *sorted(rules))


# The servers.


def outcomes_by_record(server):
    """Return {claim: Outcome} of a server, as its record has it."""
    record = record_of(server)
    return {claim: Outcome(state_in(record, claim), record["departs"].get(claim), *about)
            for claim, about in collected().items()}


@functools.cache
def collected():
    """Return {claim: what the check is about (see Outcome)} of all checks of a running server, as pytest has them."""
    with tempfile.TemporaryDirectory(prefix="contract-") as folder:
        report = Path(folder, "report.json")
        subprocess.run([sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", str(HERE),
                        "--server=reference", f"--contract-report={report}"], cwd=ROOT, check=True,
                       capture_output=True, env=environment(PYTEST_DISABLE_PLUGIN_AUTOLOAD="1"))
        return json.loads(report.read_text(encoding="utf-8"))["checks"]


def state_in(record, claim):
    """Return the state of a check by a record."""
    return DEPARTS if claim in record["departs"] else LACKS if claim in record["lacks"] else KEPT


def scores_table(outcomes):
    """Return the table of scores; outcomes are {server: {claim: Outcome}}."""
    rows = []
    for server, own in outcomes.items():
        score = scores(own.values())
        rows.append([f"`{server}`", record_of(server)["version"], *map(str, score.values())])
    return table(["server", "version", "clauses", "MUST", "SHOULD and MAY", "rules of HTTP"], *rows)


def clauses_table(outcomes):
    """Return the tables of clauses by servers, one for each group."""
    states = {server: state_of_clauses(own.values()) for server, own in outcomes.items()}
    parts = []
    for group, numbers in grouped(states["reference"]):
        rows = [[str(number), CLAUSES[number].level, cell(CLAUSES[number].text),
                 *(SIGNS[own[number]] for own in states.values())] for number in numbers]
        parts += [f"### {group}\n", table(["", "level", "clause", *outcomes], *rows)]
    return "\n".join(parts)


def rules_table(outcomes):
    """Return the table of HTTP's rules by servers: a check with several inputs is kept if all of them are."""
    states = {}  # (rule, claim without inputs) -> {server: states}
    for server, own in outcomes.items():
        for claim, outcome in own.items():
            if outcome.rule:
                row = states.setdefault((outcome.rule, claim.partition(" [")[0]), {})
                row.setdefault(server, set()).add(outcome.state)
    rows = [[rule, cell(written(claim)), *(SIGNS[together(found[server])] for server in outcomes)]
            for (rule, claim), found in sorted(states.items())]
    return table(["rule", "check", *outcomes], *rows)


def departures_of(server, outcomes):
    """Return the part of the page about one server: what it does where it departs, or "" where it does not."""
    rows = [[source(outcome), cell(written(claim)), f"`{cell(outcome.fact)}`"] for claim, outcome in outcomes.items()
            if outcome.state == DEPARTS]
    heading = f"## {SERVERS[server].title} {record_of(server)['version']}\n\n"
    return heading + table(["clause or rule", "check", "what it does"], *sorted(rows, key=place)) if rows else ""


def source(outcome):
    """Return the clauses or the rule of a check, and whether it is disputed."""
    return (outcome.rule or ", ".join(map(str, outcome.clauses))) + (" (disputed)" if outcome.disputed else "")


def place(row):
    """Return the key that sorts rows: clauses by number, then rules."""
    number = re.match(r"\d+", row[0])
    return (int(number[0]) if number else 1000, row)


def servers_page():
    """Return the page of servers."""
    outcomes = {server: outcomes_by_record(server) for server in SERVERS if server != "yours"}
    signs = " · ".join(f"{SIGNS[state]} {state}" for state in SIGNS)
    parts = [SERVERS_INTRODUCTION.format(signs=signs), scores_table(outcomes), "## Clause by clause\n",
             clauses_table(outcomes), "## HTTP's own rules, check by check\n", rules_table(outcomes),
             *(departures_of(server, own) for server, own in outcomes.items())]
    return "\n".join(filter(None, parts))


PAGES = {"clauses.md": clauses_page, "servers.md": servers_page, "duties.md": lambda: duties.page(table)}


def main():
    """Write the pages."""
    for name, page in PAGES.items():
        (HERE / name).write_text(page(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    sys.exit(main())
