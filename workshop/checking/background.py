"""A run of checks beside what goes on in the foreground, and the process that stands ready for the next one."""
import queue
import threading
import time

from workshop.checking.runs import CHAPTERS, Run, Worker
from workshop.course.selection import chapter_of
from workshop.machine.trouble import Trouble
from workshop.pages.report import stem_of

SLOW = 0.3  # seconds, from which on one wonders whether anything is going on


class Spares:
    """Keeps a process ready that has everything imported and waits for one job."""

    def __init__(self, python, folder=CHAPTERS):
        self.python, self.folder = python, folder
        self.worker = None

    def prepare(self, stem):
        """Have one made ready for a chapter, unless there is one."""
        if not self.has(stem):
            self.end()
            self.worker = Worker(self.python, self.folder, [stem])

    def has(self, stem):
        return self.worker and self.worker.stems == [stem] and self.worker.contained.is_running()

    def take(self, stem):
        """Return the one that is ready for a chapter, or None."""
        if not self.has(stem):
            self.end()
        worker, self.worker = self.worker, None
        return worker

    def end(self):
        """End the one that stands ready, if there is one."""
        if self.worker:
            self.worker.end()
        self.worker = None


class Background:
    """The checks of some steps, in a thread: verdicts come as they are complete, until it has ended.

    The first of the numbers is the step that somebody waits for.
    """

    def __init__(self, numbers, spares):
        self.stopped = threading.Event()
        self.queue = queue.SimpleQueue()
        self.trouble = None
        self.begun, self.announced = time.monotonic(), False
        self.run = Run(numbers, spares.folder, python=spares.python, stop=self.stopped,
                       spare=spares.take(stem_of(chapter_of(numbers[0]))))
        self.thread = threading.Thread(target=self.work)
        self.thread.start()

    def work(self):
        try:
            for verdict in self.run.results():
                self.queue.put(verdict)
        except (Trouble, OSError) as trouble:
            self.trouble = trouble

    def is_slow(self):
        """Tell, once, that it takes long enough to say so."""
        slow = not self.announced and time.monotonic() - self.begun > SLOW
        self.announced |= slow
        return slow

    def new(self):
        """Return the verdicts (a list) that have come since this was last asked."""
        return [self.queue.get() for _ in range(self.queue.qsize())]

    def is_over(self):
        return not self.thread.is_alive() and self.queue.empty()

    def stop(self):
        """End the run, wherever it is."""
        self.stopped.set()
        self.thread.join()
