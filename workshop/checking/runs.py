"""Checking steps: the code runs in contained processes, and what becomes of its checks is read from a journal.

A process that ends before its time (killed, os._exit, a loop that nothing interrupts) spoils one step, not the others:
it is told as the diagnosis of the check that was running, and a new process checks the steps that are left, but for
those that use the step whose code ended the first.
"""
import contextlib
import functools
import json
import os
import re
import shutil
import signal
import tempfile
import textwrap
import threading
import time
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

from workshop.checking.verdict import Verdict
from workshop.course.selection import chapter_of, reference
from workshop.course.steps import ROOT, relative, stems
from workshop.course.uses import because, needed_by, sources_of
from workshop.machine.containment import EXIT_CALLED, Contained
from workshop.machine.interpreter import python_for_checks
from workshop.machine.trouble import Trouble
from workshop.terminal.writing import width

CHAPTERS = ROOT / "chapters"
SECONDS = 2  # for a check that starts no program; the others have theirs from the harness
GRACE = 2  # seconds that a check may take beyond its limit before its process is ended
START = 60  # seconds for a process to get ready, on a busy machine
AT_A_TIME = 2  # chapters that are checked side by side
NOT_COPIED = ("__pycache__", ".git", ".ipynb_checkpoints")
POLL = 0.004  # seconds between two looks at the journal


class Worker:
    """A process that is ready for one job (see workshop/checking/job.py).

    It works on a copy of the chapters, made when the job begins: code that deletes or rewrites its own file does so
    there, and what you save meanwhile is the next job's.
    """

    def __init__(self, python, chapters, chosen, seconds=SECONDS, columns=None):
        self.stems = list(chosen)
        self.chapters = {str(int(stem[2:4])) for stem in chosen}
        self.folder = tempfile.TemporaryDirectory(prefix="workshop-", ignore_cleanup_errors=True)
        self.journal = Path(self.folder.name, "journal")
        self.source, self.copy = Path(chapters), Path(self.folder.name).resolve() / "chapters"
        self.copy.mkdir()
        command = [python, "-m", "workshop.checking.job", str(self.copy), str(seconds), *chosen]
        self.contained = Contained(command, COLUMNS=str(columns or width()))
        self.silent_since, self.limit = time.monotonic(), START

    def entries(self, numbers, grace, stop):
        """Check steps and yield the journal's entries as they come, until the run is over, or is to stop (an Event)."""
        copy_chapters(self.source, self.copy)
        self.contained.say(json.dumps({"steps": numbers, "journal": str(self.journal)}))
        self.silent_since, place = time.monotonic(), 0
        while True:
            running = self.contained.is_running()  # asked before reading, so that its last words are read
            found, place = self.read_from(place)
            for entry in found:
                self.note(entry, grace)
                yield {name: self.shown(value) for name, value in entry.items()}
                if "end" in entry:
                    return
            if not running or stop.is_set():
                return
            if time.monotonic() - self.silent_since > self.limit:
                return self.contained.ask_where()
            time.sleep(0 if found else POLL)

    def shown(self, value):
        """Return a value of an entry with the places in the copy as those in the learner's files."""
        if not isinstance(value, str):
            return value
        own = f"{relative(self.source)}/" if self.source.is_relative_to(ROOT) else ""
        return value.replace(f"{self.copy}{os.sep}", own).replace(str(self.copy), relative(self.source))

    def where(self):
        """Return `path:line  text` of the learner's line in a traceback that the process has left, or None."""
        for path, line in re.findall(r'File "(.*?)", line (\d+) in ', self.contained.printed.text()):
            if Path(path).parent == self.copy:
                lines = (self.source / Path(path).name).read_text(encoding="utf-8", errors="replace").splitlines()
                text = lines[int(line) - 1].strip() if int(line) <= len(lines) else ""
                return f"{self.shown(path)}:{line}  {text}"
        return None

    def read_from(self, place):
        """Return the entries in the journal from a place (in bytes) on, and the place behind them."""
        try:
            with open(self.journal, "rb") as file:
                file.seek(place)
                whole = file.read().rpartition(b"\n")[0]
        except OSError:
            return [], place
        lines = whole.splitlines()
        return [json.loads(line) for line in lines], place + len(whole) + bool(lines)

    def note(self, entry, grace):
        """Take down that the process is alive, and how long it may be silent now."""
        self.silent_since = time.monotonic()
        self.limit = entry.get("limit", self.limit if "begin" in entry else START) + grace

    def timed_out(self):
        return time.monotonic() - self.silent_since > self.limit

    def end(self):
        """End the process and whatever it has started; return its exit status."""
        status = self.contained.end()
        self.folder.cleanup()
        return status


def copy_chapters(source, copy):
    """Copy what is in a folder to another; what vanishes meanwhile, as an editor's own files do, is not missed."""
    with contextlib.suppress(OSError):
        for path in source.iterdir():
            with contextlib.suppress(OSError):
                if path.is_dir() and path.name not in NOT_COPIED:
                    shutil.copytree(path, copy / path.name)
                elif path.is_file():
                    shutil.copyfile(path, copy / path.name)


class Run:
    """The checks of some steps, in as many processes as it takes. verdicts is {step number: Verdict}, as it grows."""

    def __init__(self, numbers, folder=CHAPTERS, *, python=None, seconds=SECONDS, grace=GRACE, columns=None,
                 spare=None, stop=None):
        self.left = list(numbers)
        self.folder, self.seconds, self.grace, self.columns = Path(folder), seconds, grace, columns
        self.python = python or python_for_checks()
        self.verdicts = {}
        self.expected = {}  # step number -> how many checks it has
        self.last = None  # the entry of the check that began last
        self.ended = False  # whether the process has come to its end
        self.broke = False  # whether pytest itself has failed
        self.worker = spare
        self.stop = stop or threading.Event()

    def results(self):
        """Check all steps and yield the Verdict of each as soon as it is complete. Raises Trouble if nothing runs."""
        try:
            while self.left and not self.stop.is_set():
                self.worker = self.worker or self.new_worker()
                yield from self.results_of_one_process()
                yield from self.explain_end()
        finally:
            if self.worker:
                self.worker.end()

    @functools.cached_property
    def sources(self):
        return sources_of(self.folder)

    def new_worker(self):
        """Return a Worker for the chapters that are left to check."""
        chapters = {int(chapter_of(number)) for number in self.left}
        chosen = [stem for stem in stems() if int(stem[2:4]) in chapters]
        return Worker(self.python, self.folder, chosen, self.seconds, self.columns)

    def results_of_one_process(self):
        self.last, self.expected, self.ended, self.broke = None, {}, False, False
        part = [number for number in self.left if chapter_of(number) in self.worker.chapters]
        for entry in self.worker.entries(part, self.grace, self.stop):
            self.expected = entry.get("checks", self.expected)
            self.last = entry if "begin" in entry else self.last
            if "outcome" in entry:
                yield from self.noted(entry)
            elif "end" in entry:
                self.broke = entry["end"] not in RAN
                self.ended = bool(self.expected) and not self.broke
                yield from self.finished(part if self.ended else [])

    def noted(self, entry):
        """Take down the outcome of a check; yield the verdict on its step if it was the last one."""
        verdict = self.verdicts.setdefault(entry["step"], Verdict(entry["step"]))
        verdict.add(entry["outcome"], with_output(entry["text"], entry["printed"]), entry["brief"], entry["program"])
        if len(verdict.outcomes) >= self.expected[verdict.number]:
            yield from self.finished([verdict.number])

    def finished(self, numbers):
        """Yield the verdicts on steps of which nothing more is to come."""
        for number in [number for number in numbers if number in self.left]:
            self.left.remove(number)
            self.verdicts.setdefault(number, Verdict(number))
            blame(self.verdicts, lambda: self.sources)
            yield self.verdicts[number]

    def explain_end(self):
        """End the process; if it did not come to its end, yield verdicts on the step that it ended at and its users."""
        worker, self.worker = self.worker, None
        timed_out, status = worker.timed_out(), worker.contained.process.poll()
        worker.end()
        if self.ended or self.stop.is_set():
            return
        if not self.last:
            raise Trouble("The checks could not run. Python said:\n" + worker.contained.printed.text()[-3000:])
        broke = self.broke or status == 1 and EXIT_CALLED not in worker.contained.printed.text()
        how = BROKEN if broke and not timed_out else how_it_ended(timed_out, status)
        yield from self.spoiled(self.last["step"], crash_text(self.last, how, worker.where(), self.columns or width()))

    def spoiled(self, number, diagnosis):
        """Take down that the checks of a step ended their process, leave its users out, and yield the verdicts."""
        self.verdicts.setdefault(number, Verdict(number)).add("failed", diagnosis)
        users = self.users_of(number)
        for user in users:
            self.verdicts.setdefault(user, Verdict(user)).add(
                "not checked", f"step {user} {reference()[user].name} uses step {number}, which ends all checks")
        yield from self.finished([number, *users])

    def users_of(self, number):
        """Return those of the steps left that use a step."""
        return [user for user in self.left if number in needed_by(user, self.sources)]


def check_steps(numbers, folder=CHAPTERS, **options):
    """Check steps and return {step number: Verdict}. options are those of Run. Raises Trouble."""
    run = Run(numbers, folder, **options)
    for _ in run.results():
        pass
    return {number: run.verdicts[number] for number in numbers if number in run.verdicts}


def check_by_chapter(numbers, folder=CHAPTERS, **options):
    """Check steps as check_steps does, a few chapters at a time, and yield the verdicts of one after the other."""
    chapters = {}
    for number in numbers:
        chapters.setdefault(chapter_of(number), []).append(number)
    if chapters:
        options.setdefault("python", python_for_checks())
    stop = threading.Event()
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        try:
            futures = [pool.submit(check_steps, part, folder, stop=stop, **options) for part in chapters.values()]
            for future in futures:
                while not future.done():  # a Ctrl-C that comes just before a wait is heard only after it
                    wait([future], timeout=0.1)
                yield future.result()
        finally:
            stop.set()


def check_all(numbers, folder=CHAPTERS, **options):
    """Check steps of any chapters and return {step number: Verdict}. Raises Trouble."""
    verdicts = {}
    for part in check_by_chapter(numbers, folder, **options):
        verdicts |= part
    blame(verdicts, lambda: sources_of(folder))
    return verdicts


def blame(verdicts, read_sources):
    """Note in each wrong verdict which wrong step before it may be the reason, by the sources that read_sources gives.
    """
    wrong = [number for number, verdict in verdicts.items() if verdict.state == "wrong"]
    for number in wrong if len(wrong) > 1 else []:
        verdicts[number].because = because(number, wrong, read_sources(), verdicts[number].only_programs)


# What is told of a process that ended before its time.

CATCHES_ALL = ("Not even Ctrl-C would stop it: does something catch everything (`except:`, `except BaseException:`), "
               "or compute something endless in one go?")
BROKEN = ("the checks themselves break while your code runs",
          "Does your code change something of Python's own, such as a built-in function or another module?")
RAN = (0, 1)  # how pytest ends when all checks have run
NOTHING_ENDS = "A server keeps running, whatever one client sends: nothing in it may end Python itself."


def how_it_ended(timed_out, status):
    """Return (problem, why) for a process that did not come to its end; status is None while it runs."""
    if timed_out:
        return "your code does not end, and can't be interrupted", CATCHES_ALL
    if status is not None and status < 0:
        return f"Python was killed by {signal_name(-status)} while this check ran", NOTHING_ENDS
    return f"your code ends Python itself, with exit status {status}", NOTHING_ENDS


def signal_name(number):
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def crash_text(begun, how, place, columns):
    """Return the diagnosis of the check that was running when its process ended, in the form of all diagnoses."""
    problem, why = how
    rows = {"why": textwrap.fill(why, columns - 13).replace("\n", "\n" + " " * 13),
            "your code": place or f"{begun['place']}  {begun['name']}",
            "hint": f"python3 -m workshop hint {begun['step']}"}
    lines = [f"step {begun['step']} {begun['name']}: {begun['claim']}", f"✘ {problem}"]
    lines = [textwrap.fill(line, columns, subsequent_indent="  ", break_on_hyphens=False) for line in lines]
    return "\n".join([*lines, "", *(f"  {name:<10} {text}" for name, text in rows.items())])


def with_output(text, printed):
    """Return a diagnosis with what the check printed, if anything."""
    if not (text and printed.strip()):
        return text
    shown = printed.rstrip("\n").replace("\n", "\n" + " " * 13)
    return f"{text}\n  {'printed':<10} {shown}"
