"""A plugin for pytest that holds the run until a job comes, and then runs its checks and no others (see job.py)."""
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from workshop.checking import tree
from workshop.checking.plugins import deadline
from workshop.checking.plugins.journal import Journal
from workshop.checking.plugins.outcomes import step_number
from workshop.checking.plugins.unattended import Unattended
from workshop.machine.containment import exit_now


class OneJob:
    """The plugin: it does one job and ends the process."""

    def __init__(self) -> None:
        self.note: Callable[..., None] = lambda **entry: None

    def pytest_runtestloop(self, session: pytest.Session) -> None:
        numbers = {item.nodeid: step_number(item) for item in session.items}
        job: dict[str, Any] = json.loads(sys.stdin.readline() or "{}")
        if not job:
            exit_now(0)
        leave_keyboard()
        os.chdir(job["current"])  # what the learner's code makes or deletes, it does there
        tree.originals[Path(job["copy"])] = Path(job["original"])
        tree.forget()
        places = {number: place for place, number in enumerate(job["steps"])}
        session.items[:] = sorted((item for item in session.items if numbers[item.nodeid] in places),
                                  key=lambda item: places[numbers[item.nodeid]])
        journal = Journal(job["journal"])
        journal.start(session.items)
        session.config.pluginmanager.register(journal)
        session.config.pluginmanager.register(Unattended())
        self.note = deadline.announce = journal.note

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> None:
        if item.get_closest_marker("program"):
            import requests  # noqa: F401  it takes a while: not within a check's seconds, and no other check waits

    def pytest_sessionfinish(self, exitstatus: int) -> None:
        """Note that the run is over, and end: threads of the learner's, and what is to be done at exit, may not."""
        self.note(end=int(exitstatus))
        exit_now(0)


def leave_keyboard() -> None:
    """Make standard input empty, for the learner's code too."""
    empty = os.open(os.devnull, os.O_RDONLY)
    os.dup2(empty, 0)
    os.close(empty)
    sys.stdin = open(0, encoding="utf-8", closefd=False)
