"""Fixtures of several files of this chapter."""
import contextlib
import logging

import pytest

from tests.ch03_environ.common import CLIENT, SERVER, ch02, ch03, request
from tests.ch03_environ.serving import GET, page
from workshop.checking.transport import Connection


@contextlib.contextmanager
def only_stubs_heard():
    """Let the exception of a stub out of the with statement, and no other: those belong to the checks of that step."""
    try:
        yield
    except NotImplementedError:
        raise
    except Exception:
        pass


@pytest.fixture
def stubs_before_respond():
    """Say so if a step that respond needs is not written: respond would make a 500 of it."""
    with only_stubs_heard():
        ch03.build_environ(request(), SERVER, CLIENT)
    with only_stubs_heard():
        ch03.call_application(page, {})


@pytest.fixture
def stubs_before_make_handle(stubs_before_respond):
    """Say so if a step that handle needs is not written: handle would close the connection as if all were well."""
    with only_stubs_heard():
        ch03.respond(page, request(), SERVER, CLIENT)
    with only_stubs_heard():
        ch02.read_request(Connection(GET))


@pytest.fixture
def no_log_of_before(monkeypatch):
    """Have `logging` begin anew: a handler that an earlier check has made writes to a stderr that is no more."""
    monkeypatch.setattr(logging.root, "handlers", [])
