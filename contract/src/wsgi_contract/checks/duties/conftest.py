"""What the checks of duties have in common: they get their applications and middleware, and say what departs."""
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest

from wsgi_contract.check_marks import kind_of
from wsgi_contract.current_run import RUN
from wsgi_contract.duties import SUBJECTS
from wsgi_contract.duty_run import DutyRun, run_of
from wsgi_contract.judging import choose, judge, no_traceback, outcome_of
from wsgi_contract.observer import WSGIApplication
from wsgi_contract.subjects import Subject

HERE = Path(__file__).parent
REFUSAL = pytest.StashKey[pytest.UsageError]()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give each check that takes a middleware or an application all of them, or the one that was asked for."""
    if metafunc.module.__name__.startswith(__package__ or "?") and (kind := kind_of(metafunc)) in SUBJECTS:
        names = ["any"] if metafunc.config.option.collectonly else names_of(metafunc.config, kind)
        metafunc.parametrize(kind, names, indirect=True)


def names_of(config: pytest.Config, kind: str) -> list[str]:
    """Return the names of what is checked; none if it is refused: nobody may raise UsageError while files are read."""
    try:
        return list(run_of(config, kind).subjects)
    except pytest.UsageError as error:
        config.stash[REFUSAL] = error
        return []


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the checks that were not asked for. Raises UsageError if the run is refused."""
    if refusal := config.stash.get(REFUSAL, None):
        raise refusal
    own = [item for item in items if item.path.parent == HERE]
    run = config.stash.get(RUN, None)
    if own and isinstance(run, DutyRun):
        choose(run, config, items, own)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    """Show a departure as one of a server is shown."""
    error = call.excinfo.value if call.excinfo else None
    if call.when != "call" or isinstance(error, pytest.skip.Exception | KeyboardInterrupt):
        return (yield)
    item.repr_failure = no_traceback  # type: ignore[method-assign]
    report = yield
    run = item.config.stash[RUN]
    assert isinstance(run, DutyRun)
    subject = item.callspec.params[run.kind] if not run.name else ""  # type: ignore[attr-defined]
    return judge(run, report, error, outcome_of(item, error, subject))


@pytest.fixture
def middleware(request: pytest.FixtureRequest) -> Callable[[WSGIApplication], WSGIApplication]:
    """A function from an application to the application with the middleware around it."""
    return prepared(request).make


@pytest.fixture
def application(request: pytest.FixtureRequest) -> Subject:
    """The Subject of an application."""
    return prepared(request)


def prepared(request: pytest.FixtureRequest) -> Subject:
    """Return the Subject of a check. One that can't be checked is skipped, with the reason."""
    run = request.config.stash[RUN]
    assert isinstance(run, DutyRun)
    subject = run.subjects[request.param]
    if missing := subject.missing():
        pytest.skip(missing)
    return subject
