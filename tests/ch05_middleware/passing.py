"""What must pass through middleware: exceptions of every family, and other requests at the same time."""
import contextlib
import sys
from pathlib import Path

import pytest

from workshop.checking.diagnosis import Diagnosis
from workshop.checking.tree import deepest_place

FAMILIES = [
    ConnectionResetError, TimeoutError, OSError, KeyError, AttributeError, TypeError, ValueError, RuntimeError,
    SystemExit, KeyboardInterrupt,
]  # one of each family that some code catches for reasons of its own
EXCEPTIONS = [family for family in FAMILIES if issubclass(family, Exception)]
each_family = pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.__name__)
each_exception = pytest.mark.parametrize("family", EXCEPTIONS, ids=lambda family: family.__name__)


def expect_let_out(error, call, problem, why):
    """Fail unless call() raises error, this very exception. problem is for a call that returns."""
    expected = f"{error!r}, as it was raised"
    try:
        call()
    except (NotImplementedError, Diagnosis):
        raise
    except BaseException as raised:
        if raised is error:
            return
        if not isinstance(raised, Exception):
            raise
        raise Diagnosis(f"{type(raised).__name__} comes out in the place of {type(error).__name__}",
                        came_back=repr(raised), expected=expected, place=deepest_place(raised.__traceback__), why=why)
    raise Diagnosis(problem, came_back="nothing is raised", expected=expected, why=why)


@contextlib.contextmanager
def interrupted_by(other):
    """Call other() before each line of the learner's that runs in the with statement, as another thread might."""
    def trace(frame, event, argument):
        if event == "line":
            sys.settrace(None)
            other()
            sys.settrace(trace)
        return trace if Path(frame.f_code.co_filename).stem == "ch05_middleware" else None

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        yield
    finally:
        sys.settrace(before)
