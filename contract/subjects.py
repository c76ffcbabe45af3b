"""A plugin for pytest: whose duties are checked, and what is known of those that depart.

A departure is a fact of a version, tried by hand: the check is expected to fail, and to succeed is news.
"""
import importlib

import pytest

from contract.outcomes import DEPARTS, Outcome
from contract.told import told
from workshop.checking.diagnosis import Diagnosis
from workshop.checking.plugins.outcomes import claim

PROFILER = "werkzeug 3.1.9 takes all blocks and joins them before it returns anything: it measures how long that takes"
KNOWN = {
    ("werkzeug ProfilerMiddleware", "test_an_iterable_comes_back_before_a_block_is_asked_for"): PROFILER,
    ("werkzeug ProfilerMiddleware", "test_no_block_waits_for_a_later_one"): PROFILER,
    ("werkzeug ProfilerMiddleware", "test_there_is_a_block_for_each_block"): PROFILER,
    ("werkzeug ProfilerMiddleware", "test_what_comes_in_is_not_held_back_until_the_end"): PROFILER,
    ("werkzeug ProfilerMiddleware", "test_the_iterable_is_closed_once", "error"):
        "werkzeug 3.1.9 does not call close() when the iteration fails",
    ("werkzeug LintMiddleware", "test_wsgiref_validate_has_no_objection_on_either_side"):
        "the wsgi.input that werkzeug 3.1.9 hands on has no readlines()",
    ("a Flask application", "test_streams_are_used_for_what_they_are"):
        "werkzeug 3.1.9 looks whether wsgi.input has readinto(), and would use it",
}  # (name of a subject, name of a check, what else it is given) -> what it does, tried by hand
REACHED = {"test_what_start_response_raises_is_let_out": ("ch05 application",)}  # by no request of the others
KINDS = {"middleware": "contract.middlewares", "application": "contract.applications"}


def add_options(group):
    """Declare whom else to check."""
    group.addoption("--middleware", metavar="MODULE:CLASS", help="check this middleware, CLASS(app), and no other")
    group.addoption("--application", metavar="MODULE:APP", help="check this application, and no other")


def pytest_configure(config):
    """Refuse what can't be found, before anything is run."""
    for kind in KINDS:
        if asked := config.getoption(kind):
            asked_for(kind, asked)


def pytest_ignore_collect(collection_path, config):
    """Leave these checks to those who ask for their file: they are not about a server."""
    is_ours = collection_path.name in [f"test_{kind}.py" for kind in KINDS]
    named = any(collection_path.name in str(argument) for argument in config.args)
    return True if is_ours and not named else None


def subjects_of(kind):
    """Return {name: Subject} of all that are checked; Flask and werkzeug are imported for it."""
    return importlib.import_module(KINDS[kind]).SUBJECTS


def pytest_generate_tests(metafunc):
    """Give each check that takes a middleware or an application all of them, or the one that was asked for."""
    for kind in KINDS:
        if kind in metafunc.fixturenames:
            asked = metafunc.config.getoption(kind)
            metafunc.parametrize(kind, [asked] if asked else list(subjects_of(kind)), indirect=True)


def asked_for(kind, name):
    """Return the Subject for MODULE:NAME. Raises UsageError."""
    from contract.applications import Subject, loaded

    try:
        thing = loaded(name)
    except (ImportError, AttributeError, ValueError) as error:
        sentence = f"--{kind} {name}: {error}; it is looked up as MODULE:NAME from the current folder"
        raise pytest.UsageError(sentence) from None
    return Subject(thing if kind == "middleware" else lambda: thing)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Tell a departure as one of a server is told."""
    report = yield
    error = call.excinfo and call.excinfo.value
    if report.failed and isinstance(error, Diagnosis) and KINDS.keys() & set(getattr(item, "fixturenames", ())):
        clauses = tuple(sorted({number for mark in item.iter_markers("clause") for number in mark.args}))
        report.longrepr = told(error, claim(item), Outcome(DEPARTS, None, clauses, None))
    return report


@pytest.fixture
def middleware(request):
    """A function from an application to the application with the middleware around it."""
    return prepared("middleware", request).make


@pytest.fixture
def application(request):
    """The Subject of an application."""
    return prepared("application", request)


def prepared(kind, request):
    """Return the Subject of a check. One that waits for a step is skipped, with the step."""
    name = request.param
    subject = subjects_of(kind).get(name) or asked_for(kind, name)
    if missing := subject.missing():
        pytest.skip(missing)
    others = [value for parameter, value in request.node.callspec.params.items() if parameter != kind]
    if fact := KNOWN.get((name, request.node.originalname, *others)):
        request.applymarker(pytest.mark.xfail(strict=True, raises=Diagnosis, reason=fact))
    return subject
