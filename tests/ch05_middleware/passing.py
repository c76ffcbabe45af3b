"""What must pass through middleware: other requests, at the same time."""
import contextlib
import sys
from pathlib import Path


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
