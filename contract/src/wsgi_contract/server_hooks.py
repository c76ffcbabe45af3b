"""What becomes of the checks of a running server, of WSGI or of ASGI: their conftest.py take these hooks from here."""
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

from wsgi_contract.check_marks import check_of
from wsgi_contract.contract_run import ServerRun
from wsgi_contract.current_run import RUN
from wsgi_contract.judging import choose, judge, judged, no_traceback, outcome_of
from wsgi_contract.problem import Diagnosis, NotWritten
from wsgi_contract.raw_client import RawClient
from wsgi_contract.scoring import ALL_CLAUSES
from wsgi_contract.watched_check import watched
from wsgi_contract.wording import in_full

NOT_OURS = pytest.skip.Exception | pytest.exit.Exception | KeyboardInterrupt  # what has another meaning than a crash


def begin_run(kind: type[ServerRun], folder: Path, config: pytest.Config, items: list[pytest.Item]) -> None:
    """Refuse checks in a folder that have no mark, leave out those that were not asked for, and begin their run."""
    own = [item for item in items if item.path.parent == folder]
    refuse_unmarked(own)
    if own and not config.option.collectonly:
        run = config.stash[RUN] = kind(config)
        choose(run, config, items, own)


def refuse_unmarked(items: list[pytest.Item]) -> None:
    """Raise UsageError for checks that name neither a clause nor a rule, or both, or none that exists."""
    for item, check in ((item, check_of(item)) for item in items):
        if bool(check.clauses) == bool(check.rule) or not set(check.clauses) <= ALL_CLAUSES.keys():
            raise pytest.UsageError(f"{item.nodeid} needs one mark: pytest.mark.clause(numbers), asgi(numbers) "
                                   "or http(rule)")


def client_of(config: pytest.Config) -> Iterator[RawClient]:
    """Yield a client of the server under test, which is started when the check begins."""
    run = config.stash[RUN]
    assert isinstance(run, ServerRun)
    client = RawClient(run.under_test)
    yield client
    client.finish()


def pytest_collection_finish(session: pytest.Session) -> None:
    """Raise UsageError if the checks need a server, and none is named."""
    run = session.config.stash.get(RUN, None)
    if isinstance(run, ServerRun) and run.checks and not session.config.option.collectonly:
        run.refuse_none()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """Start the server before a check, and look afterwards whether it still runs."""
    client = next((one for one in getattr(item, "funcargs", {}).values() if isinstance(one, RawClient)), None)
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
