"""A run of checks beside what goes on in the foreground, and the process that stands ready for the next one."""
import queue
import threading
import time

from workshop.checking.runs import SECONDS, Run
from workshop.checking.verdict import Verdict
from workshop.checking.workers import Worker
from workshop.course.project import Chapter, Project
from workshop.machine.invocation import command
from workshop.machine.trouble import Trouble

SLOW = 0.3  # seconds, from which on one wonders whether anything is going on


class ReadyWorkers:
    """Keeps a process ready that has everything imported and waits for one job."""

    def __init__(self, project: Project, python: str) -> None:
        self.project, self.python = project, python
        self.worker: Worker | None = None

    def prepare(self, chapter: Chapter) -> None:
        """Have one made ready for a chapter, unless there is one."""
        if not self.ready(chapter):
            self.end()
            self.worker = Worker(self.project, self.python, self.project.learners, chapter.numbers, SECONDS)

    def ready(self, chapter: Chapter) -> Worker | None:
        """Return the process that stands ready for a chapter, or None."""
        fits = self.worker and self.worker.numbers == chapter.numbers and self.worker.contained.is_running()
        return self.worker if fits else None

    def take(self, chapter: Chapter) -> Worker | None:
        """Return the one that is ready for a chapter, which is the caller's from now on, or None."""
        if not self.ready(chapter):
            self.end()
        worker, self.worker = self.worker, None
        return worker

    def end(self) -> None:
        """End the one that stands ready, if there is one."""
        if self.worker:
            self.worker.end()
        self.worker = None


class Background:
    """The checks of some steps, in a thread: verdicts come as they are complete, until it has ended.

    The first of the numbers is the step that somebody waits for.
    """

    def __init__(self, numbers: list[str], spares: ReadyWorkers) -> None:
        project = spares.project
        self.stopped = threading.Event()
        self.queue: queue.SimpleQueue[Verdict] = queue.SimpleQueue()
        self.trouble: Trouble | None = None
        self.begun, self.announced = time.monotonic(), False
        self.run = Run(project, numbers, python=spares.python, stop=self.stopped,
                       spare=spares.take(project.chapter_of(numbers[0])))
        self.thread = threading.Thread(target=self.work)
        self.thread.start()

    def work(self) -> None:
        try:
            for verdict in self.run.results():
                self.queue.put(verdict)
        except Trouble as trouble:
            self.trouble = trouble
        except Exception as error:  # whatever it is, somebody waits for a verdict, and would wait in vain
            self.trouble = Trouble(f"The checks have stopped ({type(error).__name__}: {error}). Check again; if that "
                                   f"does not help: {command('doctor')}")

    def is_slow(self) -> bool:
        """Tell, once, that it takes long enough to say so."""
        slow = not self.announced and time.monotonic() - self.begun > SLOW
        self.announced |= slow
        return slow

    def new(self) -> list[Verdict]:
        """Return the verdicts that have come since this was last asked."""
        return [self.queue.get() for _ in range(self.queue.qsize())]

    def is_over(self) -> bool:
        return not self.thread.is_alive() and self.queue.empty()

    def stop(self) -> None:
        """End the run, wherever it is."""
        self.stopped.set()
        self.thread.join()
