"""Checking steps: the code runs in contained processes, and what becomes of its checks is read from a journal.

A process that ends before its time (killed, os._exit, a loop that nothing interrupts) spoils one step, not the others:
the check that was running reports it, and a new process checks the steps that are left, but for those that use the
step whose code ended the first.
"""
import contextlib
import functools
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any

from workshop.checking.diagnosis import first_and_last_lines
from workshop.checking.ended_processes import BROKEN, crash_text, how_it_ended
from workshop.checking.verdict import Verdict, Verdicts, blame
from workshop.checking.workers import Entry, Worker
from workshop.course.borrowed_steps import is_borrowed
from workshop.course.hidden_modules import sentences
from workshop.course.project import Chapter, Project
from workshop.course.step_uses import Sources, needed_by, sources_of
from workshop.machine.containment import EXIT_CALLED
from workshop.machine.interpreter import python_for_checks
from workshop.machine.invocation import command
from workshop.machine.trouble import Trouble
from workshop.terminal.line_width import width

SECONDS = 2.0  # for a check that starts no program; the others have theirs from plugins/deadline.py
GRACE = 2.0  # seconds that a check may take beyond its limit before its process is ended
AT_A_TIME = 2  # chapters that are checked side by side
RAN = (0, 1)  # how pytest ends when all checks have run
TRIES = 3  # processes in all, where code spoils the journal before anything of it is read: it takes some luck


class Run:
    """The checks of some steps, in as many processes as it takes. verdicts are those that are known so far."""

    def __init__(self, project: Project, numbers: list[str], folder: Path | None = None, *, python: str | None = None,
                 seconds: float = SECONDS, grace: float = GRACE, columns: int | None = None,
                 spare: Worker | None = None, stop: threading.Event | None = None) -> None:
        self.project, self.folder = project, folder or project.learners
        self.left = list(numbers)
        self.seconds, self.grace, self.columns = seconds, grace, columns
        self.python = python or python_for_checks(project.root)
        self.verdicts: Verdicts = {}
        self.expected: dict[str, int] = {}  # step number -> how many checks it has
        self.last: Entry | None = None  # the entry of the check that began last
        self.ended = False  # whether the process has come to its end
        self.broke = False  # whether pytest itself has failed
        self.unread = 0  # processes of whose journal nothing could be read
        self.worker = spare
        self.stop = stop or threading.Event()

    def results(self) -> Iterator[Verdict]:
        """Check all steps and yield the Verdict of each as soon as it is complete. Raises Trouble if nothing runs."""
        try:
            yield from self.not_started()
            while self.left and not self.stop.is_set():
                self.worker = self.worker or self.new_worker()
                yield from self.results_of_one_process(self.worker)
                yield from self.explain_end(self.worker)
        finally:
            if self.worker:
                self.worker.end()

    @functools.cached_property
    def sources(self) -> Sources:
        return sources_of(self.project, self.folder)

    def chapters_left(self) -> list[Chapter]:
        return [self.project.chapter(chapter) for chapter in self.project.by_chapter(self.left)]

    def not_started(self) -> Iterator[Verdict]:
        """Yield the verdicts on steps that are still the starter's: their text says it, and no check has to run."""
        for chapter in self.chapters_left():
            with contextlib.suppress(OSError, SyntaxError, ValueError):
                for step in chapter.steps_at(chapter.path_in(self.folder)):
                    if not step.started and step.number in self.left:
                        verdict = Verdict(step.number, text=f"step {step.number} {step.name}, {step.place}")
                        self.verdicts[step.number] = verdict
                        self.left.remove(step.number)
                        yield verdict

    def new_worker(self) -> Worker:
        """Return a Worker for the steps that are left to check."""
        return Worker(self.project, self.python, self.folder, self.left, self.seconds, self.columns)

    def results_of_one_process(self, worker: Worker) -> Iterator[Verdict]:
        self.last, self.expected, self.ended, self.broke = None, {}, False, False
        part = [number for number in self.left if number in worker.numbers]
        for entry in worker.entries(part, self.grace, self.stop):
            self.expected = entry.get("checks", self.expected)
            self.last = entry if "begin" in entry else self.last
            if "outcome" in entry:
                yield from self.noted(entry)
            elif "end" in entry:
                self.broke = entry["end"] not in RAN
                self.ended = bool(self.expected) and not self.broke
                yield from self.finished(part if self.ended else [])

    def noted(self, entry: Entry) -> Iterator[Verdict]:
        """Take down the outcome of a check; yield the verdict on its step if it was the last one."""
        verdict = self.verdicts.setdefault(entry["step"], Verdict(entry["step"]))
        verdict.add(entry["outcome"], with_output(entry["text"], entry["printed"]), entry["brief"], entry["program"])
        if len(verdict.outcomes) >= self.expected[verdict.number]:
            yield from self.finished([verdict.number])

    def finished(self, numbers: list[str]) -> Iterator[Verdict]:
        """Yield the verdicts on steps of which nothing more is to come."""
        for number in [number for number in numbers if number in self.left]:
            self.left.remove(number)
            verdict = self.verdicts.setdefault(number, Verdict(number))
            verdict.borrowed = verdict.state.passes and is_borrowed(number, self.project, self.folder)
            blame(self.verdicts, lambda: self.sources)
            yield verdict

    def explain_end(self, worker: Worker) -> Iterator[Verdict]:
        """End a process; if it did not come to its end, yield verdicts on the step that it ended at and its users."""
        self.worker = None
        timed_out, status = worker.timed_out(), worker.contained.process.poll()
        worker.end()
        printed = worker.contained.printed.text()
        if self.ended or self.stop.is_set():
            return
        if not self.last:
            self.unread += 1
            if worker.spoilt and self.unread < TRIES:
                return
            said = f"The checks could not run. Python said:\n{printed[-3000:].strip()}"
            remedy = [] if command("doctor") in said else [f"{command('doctor')} says what may be wrong."]
            raise Trouble("\n".join([*sentences(self.project), said, *remedy]))
        broke = self.broke or worker.spoilt or status == 1 and EXIT_CALLED not in printed
        how = BROKEN if broke and not timed_out else how_it_ended(timed_out, status)
        yield from self.spoiled(self.last["step"], crash_text(self.last, how, worker.where(), self.columns or width()))

    def spoiled(self, number: str, diagnosis: str) -> Iterator[Verdict]:
        """Take down that the checks of a step ended their process, leave its users out, and yield the verdicts."""
        self.verdicts.setdefault(number, Verdict(number)).add("failed", diagnosis)
        users = [user for user in self.left if number in needed_by(user, self.sources)]
        for user in users:
            name = self.project.steps[user].name
            self.verdicts.setdefault(user, Verdict(user)).add(
                "not checked", f"step {user} {name} uses step {number}, which ends all checks")
        yield from self.finished([number, *users])


def check_steps(project: Project, numbers: list[str], folder: Path | None = None, **options: Any) -> Verdicts:
    """Check steps and return their verdicts. options are those of Run. Raises Trouble."""
    run = Run(project, numbers, folder, **options)
    for _ in run.results():
        pass
    return {number: run.verdicts[number] for number in numbers if number in run.verdicts}


def check_by_chapter(project: Project, numbers: list[str], **options: Any) -> Iterator[Verdicts]:
    """Check steps as check_steps does, a few chapters at a time, and yield the verdicts of one after the other."""
    chapters = project.by_chapter(numbers)
    if chapters:
        options.setdefault("python", python_for_checks(project.root))
    stop = threading.Event()
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        try:
            futures = [pool.submit(check_steps, project, part, stop=stop, **options) for part in chapters.values()]
            for future in futures:
                while not future.done():  # a Ctrl-C that comes just before a wait is heard only after it
                    wait([future], timeout=0.1)
                yield future.result()
        finally:
            stop.set()


def with_output(text: str, printed: str) -> str:
    """Return a diagnosis with what the check printed, if anything."""
    if not (text and printed.strip()):
        return text
    shown = first_and_last_lines(printed.rstrip("\n")).replace("\n", "\n" + " " * 13)
    return f"{text}\n  {'printed':<10} {shown}"
