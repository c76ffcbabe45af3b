"""What the checks of a running server have in common: the server, a client of it, and what becomes of their reports."""
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

from wsgi_contract.check_marks import check_of
from wsgi_contract.clauses import CLAUSES
from wsgi_contract.contract_run import ServerRun
from wsgi_contract.current_run import RUN
from wsgi_contract.judging import choose, judge, judged, no_traceback, outcome_of
from wsgi_contract.problem import Diagnosis, NotWritten
from wsgi_contract.raw_client import RawClient
from wsgi_contract.watched_check import watched
from wsgi_contract.wording import in_full

HERE = Path(__file__).parent
NOT_OURS = pytest.skip.Exception | pytest.exit.Exception | KeyboardInterrupt  # what has another meaning than a crash


def is_ours(item: pytest.Item) -> bool:
    """Tell whether a check is one of a running server."""
    return item.path.parent == HERE


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Refuse checks without a mark, and leave out those that were not asked for."""
    own = list(filter(is_ours, items))
    refuse_unmarked(own)
    if own and not config.option.collectonly:
        run = config.stash[RUN] = ServerRun(config)
        choose(run, config, items, own)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Raise UsageError if the checks need a server, and none is named."""
    run = session.config.stash.get(RUN, None)
    if isinstance(run, ServerRun) and run.checks and not session.config.option.collectonly:
        run.refuse_none()


def refuse_unmarked(items: list[pytest.Item]) -> None:
    """Raise UsageError for checks that name neither a clause nor a rule, or both, or none that exists."""
    for item, check in ((item, check_of(item)) for item in items):
        if bool(check.clauses) == bool(check.rule) or not set(check.clauses) <= CLAUSES.keys():
            raise pytest.UsageError(f"{item.nodeid} needs pytest.mark.clause(numbers) or pytest.mark.http(rule)")


@pytest.fixture
def client(pytestconfig: pytest.Config) -> Iterator[RawClient]:
    """A client of the server under test, which is started when the check begins."""
    run = pytestconfig.stash[RUN]
    assert isinstance(run, ServerRun)
    client = RawClient(run.under_test)
    yield client
    client.finish()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """Start the server before a check, and look afterwards whether it still runs."""
    client = getattr(item, "funcargs", {}).get("client")
    if client is None:
        return (yield)
    with watched(client):
        return (yield)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    """Make the report of a check say what is new in it, and nothing else."""
    error = call.excinfo.value if call.excinfo else None
    if call.when != "call" or isinstance(error, NOT_OURS):
        return (yield)
    item.repr_failure = no_traceback  # type: ignore[method-assign]
    report = yield
    run = item.config.stash[RUN]
    assert isinstance(run, ServerRun)
    trouble = run.under_test.trouble
    if trouble is not None and error is trouble:
        return no_server(run, report, trouble)
    return judge(run, report, error, outcome_of(item, error))


def no_server(run: ServerRun, report: Any, error: BaseException) -> Any:
    """Return the report of a check for which there is no server."""
    first, run.missing = run.missing is None, run.missing or str(error)
    report.location = (*report.location[:2], "the server")  # no check is to blame, and none has run
    if isinstance(error, Diagnosis):
        return judged(report, "failed" if first else "skipped", "new" if first else "not checked", in_full(error))
    return judged(report, "skipped", "not started" if isinstance(error, NotWritten) else "skipped", str(error))
