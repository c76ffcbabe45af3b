"""A plugin for pytest: the checks of duties get their applications and middleware, and say what departs."""
import sys
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest

from contract.duties import KNOWN, SUBJECTS
from contract.observer import WSGIApplication
from contract.problem import Diagnosis
from contract.scoring import DEPARTS, CheckOutcome
from contract.subjects import Subject, loaded
from contract.wording import claim, clauses_of, in_full


def add_options(group: pytest.OptionGroup) -> None:
    """Declare whom else to check."""
    group.addoption("--middleware", metavar="MODULE:CLASS", help="check this middleware, CLASS(app), and no other")
    group.addoption("--application", metavar="MODULE:APP", help="check this application, and no other")


def pytest_configure(config: pytest.Config) -> None:
    """Refuse what can't be found, before anything is run. Modules are looked for in the current folder too."""
    if any(map(config.getoption, SUBJECTS)):
        sys.path.insert(0, str(config.invocation_params.dir))
    for kind in SUBJECTS:
        if asked := config.getoption(kind):
            asked_for(kind, asked)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave these checks to those who ask for their file: they are not about a server."""
    is_ours = collection_path.name in [f"test_{kind}.py" for kind in SUBJECTS]
    named = any(collection_path.name in argument for argument in config.args)
    return True if is_ours and not named else None


def subjects_of(kind: str, config: pytest.Config) -> dict[str, Subject]:
    """Return all subjects of a kind, those of plugins first."""
    added = config.hook.pytest_contract_subjects(kind=kind)
    return {name: subject for subjects in [*added, SUBJECTS[kind]] for name, subject in subjects.items()}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give each check that takes a middleware or an application all of them, or the one that was asked for."""
    for kind in SUBJECTS:
        if kind in metafunc.fixturenames:
            asked = metafunc.config.getoption(kind)
            metafunc.parametrize(kind, [asked] if asked else list(subjects_of(kind, metafunc.config)), indirect=True)


def asked_for(kind: str, name: str) -> Subject:
    """Return the Subject for MODULE:NAME. Raises UsageError."""
    try:
        thing = loaded(name)
    except (ImportError, AttributeError, ValueError) as error:
        sentence = f"--{kind} {name}: {error}; it is looked up as MODULE:NAME from the current folder"
        raise pytest.UsageError(sentence) from None
    return Subject(thing if kind == "middleware" else lambda: thing)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    """Show a departure as one of a server is shown."""
    report = yield
    error = call.excinfo and call.excinfo.value
    if report.failed and isinstance(error, Diagnosis) and SUBJECTS.keys() & set(getattr(item, "fixturenames", ())):
        rule = item.get_closest_marker("http")
        outcome = CheckOutcome(DEPARTS, None, clauses_of(item), rule.args[0] if rule else None)
        report.longrepr = in_full(error, claim(item), outcome)
    return report


@pytest.fixture
def middleware(request: pytest.FixtureRequest) -> Callable[[WSGIApplication], WSGIApplication]:
    """A function from an application to the application with the middleware around it."""
    return prepared("middleware", request).make


@pytest.fixture
def application(request: pytest.FixtureRequest) -> Subject:
    """The Subject of an application."""
    return prepared("application", request)


def prepared(kind: str, request: pytest.FixtureRequest) -> Subject:
    """Return the Subject of a check. One that can't be checked is skipped, with the reason."""
    name = request.param
    subject = subjects_of(kind, request.config).get(name) or asked_for(kind, name)
    if missing := subject.missing():
        pytest.skip(missing)
    others = [value for parameter, value in request.node.callspec.params.items() if parameter != kind]
    if fact := KNOWN.get((name, request.node.originalname, *others)):
        request.applymarker(pytest.mark.xfail(strict=True, raises=Diagnosis, reason=fact))
    return subject
