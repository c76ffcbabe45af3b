"""Ending code that goes round and round, without waiting for it.

What stands in for a socket notices that it is asked again and again, notes a Diagnosis in troubles and raises
EndlessLoop. That is no Exception, so `except Exception` does not keep it. A bare `except` does, and asks again: then
the next line of the learner's that runs raises it, as a debugger could, and that line is in the `except` itself.

What is said of code that was waited for in vain is here too; who waits is plugins/deadline.py.
"""
import sys
from types import FrameType
from typing import Any, NoReturn

from workshop.checking.diagnosis import Diagnosis

troubles: list[Diagnosis] = []  # Diagnoses of the running check that the learner's own code might have swallowed


def does_not_end(seconds: float, place: str | None) -> Diagnosis:
    """Return the Diagnosis for code that was stopped at this place because its time was over."""
    return Diagnosis(f"your code does not end: it was stopped after {seconds:g} seconds", place=place,
                     why="Look at the loop on this line: what would make it end, and does that ever happen?")


class EndlessLoop(BaseException):
    """Ends code that goes round and round."""


def report_trouble(diagnosis: Diagnosis) -> NoReturn:
    """Note a Diagnosis that is reported even if the learner's code catches everything, and end that code."""
    swallowed = bool(troubles)
    troubles.append(diagnosis)
    if swallowed:
        stop_at_next_line(calling_frame())
    raise EndlessLoop(diagnosis.problem)


def calling_frame() -> FrameType | None:
    """Return the nearest frame that runs code from outside of the harness."""
    frame: FrameType | None = sys._getframe()
    while frame and frame.f_globals["__name__"].startswith(__package__ or __name__):
        frame = frame.f_back
    return frame


def stop_at_next_line(frame: FrameType | None) -> None:
    """Raise EndlessLoop at the next line that runs in frame, or in one of the same file that called it."""
    def stop(frame: FrameType, event: str, argument: Any) -> Any:
        if event != "line":
            return stop
        sys.settrace(None)
        raise EndlessLoop("a loop that swallows everything")

    path = frame and frame.f_code.co_filename
    sys.settrace(lambda *event: None)
    while frame and frame.f_code.co_filename == path:
        frame.f_trace = stop
        frame = frame.f_back
