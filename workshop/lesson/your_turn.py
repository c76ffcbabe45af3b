"""Cells that need your steps: where one is missing, they say which, and the notebook goes on."""
import contextlib
import traceback
from collections.abc import Iterator

from workshop.checking.diagnosis import Diagnosis
from workshop.checking.plugins.outcomes import NotStarted
from workshop.lesson.places import PROJECT


@contextlib.contextmanager
def your_turn() -> Iterator[None]:
    """Run code that needs steps of yours; where one is missing, say which, and go on."""
    try:
        yield
    except (NotImplementedError, NotStarted) as error:
        print(f"○ not started: {error}" if isinstance(error, NotStarted) else not_started(error))
    except Diagnosis as error:
        print(f"✘ {error.problem}\n{error.rows.get('output', '')}")


def not_started(error: NotImplementedError) -> str:
    """Return the sentence for a stub that was called: which step it is, and where."""
    *_, (frame, _) = traceback.walk_tb(error.__traceback__)
    code = frame.f_code
    return f"○ not started: {error}, {PROJECT.relative(code.co_filename)}:{code.co_firstlineno}"
