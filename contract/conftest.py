"""Settings of pytest for the contract: which server is checked, and how what it does is told.

    pytest contract                                 your own server, chapter 4's
    pytest contract --server gunicorn               one of the table in workshop/machine/servers.py
    pytest contract --server 'gunicorn --bind 127.0.0.1:{port} {app}'      any command
    pytest contract/test_middleware.py --middleware MODULE:CLASS           a middleware of yours
    pytest contract/test_application.py --application MODULE:APP           an application of yours
"""
import json
from dataclasses import asdict
from pathlib import Path

import pytest

from contract import subjects
from contract.clauses import CLAUSES
from contract.client import Client
from contract.outcomes import DEPARTS, KEPT, LACKS, NotInstalled, NotOffered, Outcome
from contract.records import record_of, surprise, write_record
from contract.served import Served, commanded, known, yours
from contract.told import closing_lines, steps_in_words, told
from contract.wire import BRIEFLY, Departure
from workshop.checking.diagnosis import Diagnosis, shown_bytes
from workshop.checking.plugins.outcomes import NotStarted, claim
from workshop.checking.tree import path_of
from workshop.machine.servers import SERVERS

TOLD = Diagnosis | NotOffered | NotStarted | NotInstalled  # what a check may end with
IN_FULL = 3  # checks that say something new; the others do so in a line each
WORDS = {  # state: category in pytest's closing line, letter, word
    DEPARTS: ("known departures", "d", ("DEPARTS", {"yellow": True})),
    LACKS: ("not offered", "-", ("NOT OFFERED", {"yellow": True})),
    "new": ("failed", "F", "FAILED"),
    "also new": ("also wrong", "F", "FAILED"),
    "not started": ("not started", "○", ("NOT STARTED", {"yellow": True})),
    "not checked": ("not checked", "-", ("NOT CHECKED", {"yellow": True})),
}


def pytest_addoption(parser):
    group = parser.getgroup("contract")
    group.addoption("--server", default="yours", metavar="NAME|COMMAND", help=(
        f"the server to check: {', '.join(SERVERS)}; or a command that serves the probe application, in which {{port}} "
        "stands for the port of 127.0.0.1 to listen on, {app} for probe:application (which PYTHONPATH lets Python "
        "find) and {file} for the file that it is in, such as 'gunicorn --bind 127.0.0.1:{port} {app}'"))
    group.addoption("--clause", metavar="N,…", help="run the checks of these clauses only")
    group.addoption("--contract-report", metavar="FILE", help="write the outcome of each check as JSON")
    subjects.add_options(group)
    group.addoption("--record", action="store_true", help="write what the server does into contract/records")


class Run:
    """One run of the contract: its server, and what has become of the checks so far."""

    def __init__(self, config):
        self.server = config.getoption("server")
        self.is_known = self.server in SERVERS
        self.is_real = self.is_known and SERVERS[self.server].package is not None
        self.version = SERVERS[self.server].version if self.is_known and SERVERS[self.server].is_installed else ""
        self.record = record_of(self.server, self.version)
        self.recording = config.getoption("record")
        self.checks = {}  # claim of a check -> what it is about: its clauses, its rule, whether it is disputed
        self.outcomes = {}  # claim of a check -> Outcome
        self.told = 0  # checks that were told in full
        self.others = []  # what else is new, in a line each
        self.missing = None  # why no check could run: the sentence of a step, or of a server that is not installed
        self.note = None  # what else is to be said of the server
        self.served = Served(self.starter(config))

    def starter(self, config):
        """Return the function that starts the server."""
        if self.server == "yours":
            return lambda: yours(path_of("ch04_response").parent, self)
        if self.is_known:
            return lambda: known(self.server, path_of("ch04_response").parent)
        return lambda: commanded(self.server, config.invocation_params.dir)


RUN = pytest.StashKey()


def pytest_configure(config):
    config.addinivalue_line("markers", "http(rule): the rule of HTTP that a check holds: RFC 9110 section 9.3.2")
    config.addinivalue_line("markers", "disputed(why): a check that counts nowhere, because the PEP can be read so")
    refuse_unknown(config.getoption("server"))
    config.stash[RUN] = Run(config)
    config.pluginmanager.register(subjects)


def refuse_unknown(server):
    """Raise UsageError unless a server is in the table or a command with a place for the port."""
    if server not in SERVERS and "{port}" not in server:
        raise pytest.UsageError(f"--server {server!r} is none of {', '.join(SERVERS)}, and no command: in a command, "
                                "{port} stands for the port of 127.0.0.1 to listen on")


def pytest_unconfigure(config):
    if RUN in config.stash:
        config.stash[RUN].served.close()


def is_black_box(item):
    """Tell whether a check is one of a running server."""
    return "client" in getattr(item, "fixturenames", ())


def pytest_collection_modifyitems(config, items):
    """Refuse checks of a server without a mark, and leave out those of clauses that were not asked for."""
    refuse_unmarked(items)
    if asked := config.getoption("clause"):
        left_out = [item for item in items if not set(map(str, clauses_of(item))) & set(asked.split(","))]
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=left_out)


def pytest_collection_finish(session):
    run = session.config.stash[RUN]
    run.checks = {claim(item): about(item) for item in session.items if is_black_box(item)}


def about(item):
    """Return what a check is about, as arguments of Outcome: its clauses, its rule of HTTP, whether it is disputed."""
    rule = item.get_closest_marker("http")
    return clauses_of(item), rule and rule.args[0], item.get_closest_marker("disputed") is not None


def refuse_unmarked(items):
    """Raise UsageError for checks of a server that name neither a clause nor a rule, or both, or none that exists."""
    for item in filter(is_black_box, items):
        clauses, rule = clauses_of(item), item.get_closest_marker("http")
        if bool(clauses) == bool(rule) or not set(clauses) <= CLAUSES.keys():
            raise pytest.UsageError(f"{item.nodeid} needs pytest.mark.clause(numbers) or pytest.mark.http(rule)")


def clauses_of(item):
    """Return the numbers of the clauses that a check names."""
    return tuple(sorted({number for mark in item.iter_markers("clause") for number in mark.args}))


@pytest.fixture
def client(pytestconfig):
    """A Client of the server under test, which is started when the check begins."""
    served = pytestconfig.stash[RUN].served
    client = Client(served)
    yield client
    hangs = client.still_waits()
    client.close()
    if hangs or served.has_ended():
        served.end()  # whatever it does now, the next check has a fresh one


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    client = item.funcargs.get("client")
    if client is None:
        return (yield)
    client.served.ready()
    try:
        result = yield
    except Diagnosis:
        notice_end(client, BRIEFLY)  # it may be about to
        raise
    notice_end(client)
    return result


def notice_end(client, seconds=0):
    """Raise Departure if the server has ended during a check."""
    if client.served.has_ended(seconds):
        program = client.served.program
        raise Departure("the server has ended: it was there before this check", "the server ends",
                        "A server keeps running, whatever an application or a client does.",
                        sent=shown_bytes(b"".join(exchange.sent for exchange in client.exchanges[-1:])),
                        status=program.process.returncode, output=program.last_lines())


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(item, call):
    error = call.excinfo and call.excinfo.value
    if not is_black_box(item) or call.when != "call" or not isinstance(error, TOLD | type(None)):
        return (yield)
    item.repr_failure = lambda excinfo: ""  # the check tells: a traceback would take longer to draw than it to run
    report = yield
    run = item.config.stash[RUN]
    return no_server(run, report, error) if error and error is run.served.trouble else judge(item, run, report, error)


def no_server(run, report, error):
    """Return the report of a check for which there is no server."""
    first, run.missing = run.missing is None, run.missing or str(error)
    if isinstance(error, Diagnosis):
        return judged(report, "failed" if first else "skipped", "new" if first else "not checked", told(error))
    return judged(report, "skipped", "not started" if isinstance(error, NotStarted) else "skipped", str(error))


def judge(item, run, report, error):
    """Return the report of a check that has run."""
    state = KEPT if error is None else LACKS if isinstance(error, NotOffered) else DEPARTS
    fact = getattr(error, "fact", str(error)) if state == DEPARTS else None
    outcome = Outcome(state, fact, *about(item))
    run.outcomes[claim(item)] = outcome
    news = None if run.recording else surprise(run.record, claim(item), outcome)
    if news and (run.is_real or state == DEPARTS and not outcome.disputed):
        more = {"news": news} if run.is_real else {"steps": steps_in_words(outcome) if run.server == "yours" else None}
        return new(run, report, told(error, claim(item), outcome, **more))
    return judged(report, "passed" if state != LACKS else "skipped", state, None)


def new(run, report, text):
    """Return the report of a check that says something new: the first ones in full, the others in a line each."""
    run.told += 1
    if run.told <= IN_FULL:
        return judged(report, "failed", "new", text)
    run.others.append(text.partition("\n")[0])
    return judged(report, "failed", "also new", text)


def judged(report, outcome, state, text):
    """Return report with another outcome, a state and a text."""
    report.outcome, report.state = outcome, state
    report.longrepr = (str(report.fspath), 0, text or "") if outcome == "skipped" else text
    return report


@pytest.hookimpl(tryfirst=True)
def pytest_report_teststatus(report):
    return WORDS.get(getattr(report, "state", None))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session, exitstatus):
    run = session.config.stash[RUN]
    if run.recording and run.outcomes:
        write_record(run.server, run.version, run.outcomes)
    if path := session.config.getoption("contract_report"):
        outcomes = {check: asdict(outcome) for check, outcome in run.outcomes.items()}
        report = {"server": run.server, "version": run.version, "missing": run.missing, "checks": run.checks,
                  "outcomes": outcomes}
        Path(path).write_text(json.dumps(report, ensure_ascii=False, indent=1), encoding="utf-8")
    if run.missing and not run.outcomes and run.server == "yours" and exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter, config):
    run = config.stash[RUN]
    if run.outcomes or run.missing:
        terminalreporter.section("contract")
        for line in closing_lines(run):
            terminalreporter.write_line(line)
