"""Checking the copies of a class: each learner's chapters alone, with the tests of this copy, some side by side."""
import os
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from workshop.checking.current_verdicts import verdicts_by_text
from workshop.checking.runs import check_steps
from workshop.checking.verdict import Verdicts
from workshop.course.classroom import Copy
from workshop.course.project import Project
from workshop.course.step_states import State
from workshop.machine.interpreter import python_for_checks
from workshop.machine.trouble import Trouble

SECONDS = 120.0  # for one learner, after which what is not checked yet counts as not checked


@dataclass
class Grade:
    """What the checks say of one learner."""

    copy: Copy
    verdicts: Verdicts
    note: str = ""  # what went wrong with the checking itself

    def states(self, numbers: Sequence[str]) -> dict[str, State]:
        """Return the state of some steps; one that was not checked is not known to be started."""
        return {number: self.verdicts[number].state if number in self.verdicts else State.NOT_STARTED
                for number in numbers}


def grades(project: Project, found: Sequence[Copy], numbers: Sequence[str],
           seconds: float = SECONDS) -> Iterator[Grade]:
    """Check some steps of copies and yield the Grade of each, in their order, as soon as it is there.

    Raises Trouble if this copy cannot check.
    """
    python = python_for_checks(project.root)
    stops: list[threading.Event] = []
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        try:
            futures = [pool.submit(grade, project, copy, numbers, python, seconds, stops) for copy in found]
            for future in futures:
                yield future.result()
        finally:
            for stop in stops:
                stop.set()
            pool.shutdown(cancel_futures=True)


def grade(project: Project, copy: Copy, numbers: Sequence[str], python: str, seconds: float,
          stops: list[threading.Event]) -> Grade:
    """Check one copy, for some seconds at the most. What is borrowed, or not started, is known without a check."""
    known = verdicts_by_text(project, copy.chapters)
    stop = threading.Event()
    stops.append(stop)
    timer = threading.Timer(seconds, stop.set)
    timer.start()
    try:
        asked = [number for number in numbers if number not in known]
        verdicts = known | check_steps(project, asked, copy.chapters, python=python, stop=stop) if asked else known
    except Trouble as trouble:
        return Grade(copy, {}, str(trouble))
    finally:
        timer.cancel()
    missing = len(set(numbers) - verdicts.keys())
    return Grade(copy, verdicts, f"{missing} steps were not checked within {seconds:.0f} seconds" if missing else "")
