"""A plugin for pytest: a journal of the run, written as it goes, that is whole whatever becomes of the process.

Each entry is a line of JSON. The file is opened for each of them, with functions kept from before the learner's code
ran: code that closes everything it finds, or takes Python's own functions apart, still has its journal. Each has a
number, 1 for the first, so that it is known if the learner's code removes some.

    {"checks": {"2.3": 21, …}}                  what will run: how many checks of each step
    {"begin": id, "step": "2.3", "claim": …, "place": …, "limit": seconds}
    {"limit": seconds}                          the check that runs may take longer
    {"step": "2.3", "program": …, "outcome": …, "text": …, "brief": …, "printed": …}
    {"end": exit status}
"""
import io
import json
import os
import sys
from collections import Counter
from collections.abc import Generator
from typing import Any

import pytest

from workshop.checking.diagnosis import Diagnosis
from workshop.checking.ended_processes import CHANGED
from workshop.checking.plugins.deadline import limit_of
from workshop.checking.plugins.outcomes import claim, learner_step, place_of, report_text, stem_of, step_number
from workshop.checking.tree import reference_steps
from workshop.machine.containment import exit_now

SHOWN = 300  # characters of what a check prints, from its beginning and from its end each
open_file, write, close, own_id, dumps = os.open, os.write, os.close, os.getpid, json.dumps


class Journal:
    """Writes the entries of one run."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.owner = own_id()
        self.count = 0
        self.steps: dict[str, tuple[str, bool]] = {}  # check's id -> (step number, whether the check starts a program)
        self.printed: tuple[Printed, ...] = ()  # what the running check has printed on stdout and stderr

    def note(self, **entry: Any) -> None:
        """Append an entry. A process that the learner's code has forked ends here: the checks are not its business."""
        if own_id() != self.owner:
            exit_now(0)
        self.count += 1
        descriptor = open_file(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        try:
            write(descriptor, dumps({"number": self.count, **entry}).encode() + b"\n")
        finally:
            close(descriptor)

    def start(self, items: list[pytest.Item]) -> None:
        """Note which checks will run."""
        self.steps = {item.nodeid: (step_number(item), bool(item.get_closest_marker("program"))) for item in items}
        self.note(checks=Counter(number for number, _ in self.steps.values()))

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, Any, Any]:
        number = step_number(item)
        step = learner_step(item) or reference_steps(stem_of(item))[number]
        self.note(begin=item.nodeid, step=number, name=step.name, claim=claim(item), place=place_of(step, item),
                  limit=limit_of(item))
        usual, new = (sys.stdout, sys.stderr), (Printed(), Printed())
        self.printed = sys.stdout, sys.stderr = new
        try:
            return (yield)
        finally:
            sys.stdout, sys.stderr = usual

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
        report = yield
        if report.outcome == "failed" and call.excinfo and not getattr(report, "diagnosis", None):
            report.diagnosis = report_text(item, Diagnosis(
                f"the check itself breaks: {call.excinfo.exconly(True)[:500]}",
                why=CHANGED))
        return report

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.when == "call" or not report.passed:
            text = getattr(report, "diagnosis", None) or ""
            number, program = self.steps[report.nodeid]
            self.note(step=number, program=program, outcome=getattr(report, "kind", report.outcome), text=text,
                      brief=getattr(report, "brief", ""), printed="".join(one.text() for one in self.printed))


class Printed(io.TextIOBase):
    """A text stream that keeps the beginning and the end of what is printed."""

    encoding = "utf-8"

    def __init__(self) -> None:
        self.first = self.last = ""
        self.buffer = Bytes(self)

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        room = SHOWN - len(self.first)
        self.first += text[:room]
        self.last = (self.last + text[room:])[-SHOWN:] if text[room:] else self.last
        return len(text)

    def text(self) -> str:
        return self.first + self.last if len(self.last) < SHOWN else f"{self.first}\n…\n{self.last}"


class Bytes(io.RawIOBase):
    """The stream of bytes below a Printed."""

    def __init__(self, above: Printed) -> None:
        self.above = above

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        data = bytes(data)
        self.above.write(data.decode("utf-8", "replace"))
        return len(data)
