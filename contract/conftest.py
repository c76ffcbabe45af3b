"""Settings of pytest for the contract: which server is checked, and how what it does is shown.

    pytest contract --server gunicorn               one of the table in contract/real_servers.py, or a plugin's
    pytest contract --server 'gunicorn --bind 127.0.0.1:{port} {app}'      any command
    pytest contract/test_middleware.py --middleware MODULE:CLASS           a middleware of yours
    pytest contract/test_application.py --application MODULE:APP           an application of yours
"""
import json
import sys
from collections.abc import Generator, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from contract import duty_fixtures, hooks
from contract.clauses import CLAUSES
from contract.contract_run import ContractRun
from contract.problem import Departure, Diagnosis, NotInstalled, NotOffered, NotWritten, shown_bytes
from contract.raw_client import RawClient
from contract.real_servers import REAL_SERVERS
from contract.scoring import DEPARTS, KEPT, LACKS, CheckOutcome
from contract.server_records import write_record
from contract.wire import BRIEFLY
from contract.wording import claim, clauses_of, in_full

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib  # pytest needs it there too

REPORTED = Diagnosis | NotOffered | NotWritten | NotInstalled  # what a check may end with
IN_FULL = 3  # checks that say something new; the others do so in a line each
WORDS = {  # state: category in pytest's closing line, letter, word
    DEPARTS: ("known departures", "d", ("DEPARTS", {"yellow": True})),
    LACKS: ("not offered", "-", ("NOT OFFERED", {"yellow": True})),
    "new": ("failed", "F", "FAILED"),
    "also new": ("also wrong", "F", "FAILED"),
    "not started": ("not started", "○", ("NOT STARTED", {"yellow": True})),
    "not checked": ("not checked", "-", ("NOT CHECKED", {"yellow": True})),
}
MARKERS = (
    "clause(*numbers): the clauses of PEP 3333 that a check holds, by their numbers in contract/clauses.py",
    "http(rule): the rule of HTTP that a check holds: RFC 9110 section 9.3.2",
    "disputed(why): a check that counts nowhere, because the PEP can be read so",
)
RUN = pytest.StashKey[ContractRun]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the server, and what is checked of it."""
    group = parser.getgroup("contract")
    group.addoption("--server", metavar="NAME|COMMAND", help=(
        f"the server to check: {', '.join(REAL_SERVERS)}, or what a plugin adds; or a command that serves the probe "
        "application, in which {port} stands for the port of 127.0.0.1 to listen on, {app} for wsgi_probe:application "
        "(which PYTHONPATH lets Python find) and {file} for the file that it is in, such as "
        "'gunicorn --bind 127.0.0.1:{port} {app}'"))
    group.addoption("--clause", metavar="N,…", help="run the checks of these clauses only")
    group.addoption("--contract-report", metavar="FILE", help="write the outcome of each check as JSON")
    duty_fixtures.add_options(group)
    group.addoption("--record", action="store_true", help="write what the server does into contract/records")


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """Declare what plugins may add."""
    pluginmanager.add_hookspecs(hooks)


def pytest_configure(config: pytest.Config) -> None:
    """Load the plugins that the settings name, and prepare the run."""
    for marker in MARKERS:
        config.addinivalue_line("markers", marker)
    for name in plugins_in(config.inipath):
        config.pluginmanager.import_plugin(name)
    config.stash[RUN] = ContractRun(config)
    config.pluginmanager.register(duty_fixtures)


def plugins_in(settings: Path | None) -> list[str]:
    """Return the plugins that a file of settings names in its table tool.contract; none if there is no such table."""
    if settings is None or settings.suffix != ".toml":
        return []
    return tomllib.loads(settings.read_text(encoding="utf-8")).get("tool", {}).get("contract", {}).get("plugins", [])


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the server."""
    if RUN in config.stash:
        config.stash[RUN].under_test.close()


def is_black_box(item: pytest.Item) -> bool:
    """Tell whether a check is one of a running server."""
    return "client" in getattr(item, "fixturenames", ())


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Refuse checks of a server without a mark, and leave out those of clauses that were not asked for."""
    refuse_unmarked(items)
    if asked := config.getoption("clause"):
        left_out = [item for item in items if not set(map(str, clauses_of(item))) & set(asked.split(","))]
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=left_out)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Note what the checks are about. Raises UsageError if they need a server, and none is named."""
    run = session.config.stash[RUN]
    run.checks = {claim(item): about(item) for item in session.items if is_black_box(item)}
    if run.checks:
        run.refuse_none()


def about(item: pytest.Item) -> tuple[tuple[int, ...], str | None, bool]:
    """Return what a check is about, as CheckOutcome has it: its clauses, its rule of HTTP, whether it is disputed."""
    rule = item.get_closest_marker("http")
    return clauses_of(item), rule.args[0] if rule else None, item.get_closest_marker("disputed") is not None


def refuse_unmarked(items: list[pytest.Item]) -> None:
    """Raise UsageError for checks of a server that name neither a clause nor a rule, or both, or none that exists."""
    for item in filter(is_black_box, items):
        clauses, rule = clauses_of(item), item.get_closest_marker("http")
        if bool(clauses) == bool(rule) or not set(clauses) <= CLAUSES.keys():
            raise pytest.UsageError(f"{item.nodeid} needs pytest.mark.clause(numbers) or pytest.mark.http(rule)")


@pytest.fixture
def client(pytestconfig: pytest.Config) -> Iterator[RawClient]:
    """A client of the server under test, which is started when the check begins."""
    server = pytestconfig.stash[RUN].under_test
    client = RawClient(server)
    yield client
    hangs = client.still_waits()
    client.close()
    if hangs or server.has_ended():
        server.end()  # whatever it does now, the next check has a fresh one


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """Start the server before a check, and look afterwards whether it still runs."""
    client = getattr(item, "funcargs", {}).get("client")
    if client is None:
        return (yield)
    client.server.make_ready()
    try:
        result = yield
    except Diagnosis:
        notice_end(client, BRIEFLY)  # it may be about to
        raise
    notice_end(client)
    return result


def notice_end(client: RawClient, seconds: float = 0) -> None:
    """Raise Departure if the server has ended during a check."""
    if client.server.has_ended(seconds):
        program = client.server.program
        raise Departure("the server has ended: it was there before this check", "the server ends",
                        "A server keeps running, whatever an application or a client does.",
                        sent=shown_bytes(b"".join(exchange.sent for exchange in client.exchanges[-1:])),
                        status=program.process.returncode, output=program.last_lines())


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    """Make the report of a check say what is new in it, and nothing else."""
    error = call.excinfo.value if call.excinfo else None
    if not is_black_box(item) or call.when != "call" or error and not isinstance(error, REPORTED):
        return (yield)
    item.repr_failure = no_traceback  # type: ignore[method-assign]
    report = yield
    run = item.config.stash[RUN]
    trouble = run.under_test.trouble
    if trouble is not None and error is trouble:
        return no_server(run, report, trouble)
    return judge(item, run, report, error)


def no_traceback(excinfo: Any, style: Any = None) -> str:
    """Return nothing: the report says what is wrong, and a traceback takes longer to draw than the check to run."""
    return ""


def no_server(run: ContractRun, report: Any, error: BaseException) -> Any:
    """Return the report of a check for which there is no server."""
    first, run.missing = run.missing is None, run.missing or str(error)
    if isinstance(error, Diagnosis):
        return judged(report, "failed" if first else "skipped", "new" if first else "not checked", in_full(error))
    return judged(report, "skipped", "not started" if isinstance(error, NotWritten) else "skipped", str(error))


def judge(item: pytest.Item, run: ContractRun, report: Any, error: BaseException | None) -> Any:
    """Return the report of a check that has run."""
    state = KEPT if error is None else LACKS if isinstance(error, NotOffered) else DEPARTS
    fact = getattr(error, "fact", str(error)) if state == DEPARTS else None
    outcome = CheckOutcome(state, fact, *about(item))
    if news := run.note_outcome(claim(item), outcome):
        return new(run, report, in_full(error, claim(item), outcome, **run.more_rows(news, outcome)))
    return judged(report, "passed" if state != LACKS else "skipped", state, None)


def new(run: ContractRun, report: Any, text: str) -> Any:
    """Return the report of a check that says something new: the first ones in full, the others in a line each."""
    run.shown_in_full += 1
    if run.shown_in_full <= IN_FULL:
        return judged(report, "failed", "new", text)
    run.others.append(text.partition("\n")[0])
    return judged(report, "failed", "also new", text)


def judged(report: Any, outcome: str, state: str, text: str | None) -> Any:
    """Return report with another outcome, a state and a text."""
    report.outcome, report.state = outcome, state
    report.longrepr = (str(report.fspath), 0, text or "") if outcome == "skipped" else text
    return report


@pytest.hookimpl(tryfirst=True)
def pytest_report_teststatus(report: Any) -> Any:
    """Return the words for a state of the contract's own."""
    return WORDS.get(getattr(report, "state", ""))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Write the record and the report that were asked for. A server that is still to be written has not passed."""
    run = session.config.stash[RUN]
    if run.recording and run.outcomes:
        write_record(run.server, run.version, run.outcomes)
    if path := session.config.getoption("contract_report"):
        outcomes = {check: asdict(outcome) for check, outcome in run.outcomes.items()}
        report = {"server": run.server, "version": run.version, "missing": run.missing, "checks": run.checks,
                  "outcomes": outcomes}
        Path(path).write_text(json.dumps(report, ensure_ascii=False, indent=1), encoding="utf-8")
    if run.is_unwritten and exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Print the score."""
    run = config.stash[RUN]
    if run.outcomes or run.missing:
        terminalreporter.section("contract")
        for line in run.closing_lines():
            terminalreporter.write_line(line)
