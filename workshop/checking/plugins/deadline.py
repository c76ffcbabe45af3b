"""A plugin for pytest: a check whose code does not end is ended, and reported as that.

Once is enough: the other checks of the step, and those of steps that use it, would not end either, and are not run.

A thread watches the time. When a check has used its seconds, the main thread is interrupted as Ctrl-C would do it,
and the line at which it was is the diagnosis. Code that catches even that is given up: the whole run ends, with a
sentence, because Python cannot stop a thread from outside.
"""
import contextlib
import faulthandler
import os
import signal
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Generator, Iterator
from types import TracebackType
from typing import IO, Any

import pytest

from workshop.checking.diagnosis import Diagnosis
from workshop.checking.endless_loops import does_not_end
from workshop.checking.plugins.outcomes import NotChecked, learner_step, stem_of, step_number
from workshop.checking.tree import current_steps, deepest_place, learner_frames, path_of, project, reference_steps
from workshop.course.step_uses import needed_by, sources_of
from workshop.machine.containment import ASK_WHERE
from wsgi_contract.launching import machine_is_slow, python_is_slow

SECONDS = 10  # for one check that starts no program; --check-seconds sets another limit
PROGRAM = 10  # for one that does
SLOW_PROGRAM = 90  # for one that does, where programs take long
SLOWER = 4  # times as long for one that starts none, where even a Python that only imports takes long
PATIENCE = 0  # seconds to wait at least, before a run with a check that cannot be interrupted is given up
CHECKS = 4  # that may take so long, one after the other: the checks of a step have this many times the seconds of one
TELL = 1.0  # seconds after the interruption, after which the place is printed where nobody can ask for it
CAN_BE_ASKED = ASK_WHERE is not None  # by a signal, with which faulthandler prints where each thread is
last_words: IO[str] | None = None  # where it is printed
announce: Callable[..., None] = lambda **entry: None  # notes in a journal that a check may take longer
TICK = 0.05  # seconds between two looks at the time
monotonic, sleep = time.monotonic, time.sleep  # as they are before the learner's code and checks change them
endless_steps: set[str] = set()  # numbers of steps whose code did not end in this run
used: dict[str, float] = defaultdict(float)  # step number -> seconds that its checks have taken


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("workshop")
    group.addoption("--check-seconds", type=float, default=SECONDS, help="how long one check may take")


def limit_of(item: pytest.Item) -> float:
    """Return how many seconds a check may take, unless the machine proves slow."""
    return PROGRAM if item.get_closest_marker("program") else item.config.getoption("check_seconds")


class Deadline:
    """The time that one check may take, and what happens when it is over."""

    def __init__(self, item: pytest.Item) -> None:
        self.item = item
        self.seconds = limit_of(item)
        self.starts_program = item.get_closest_marker("program") is not None
        self.slow_seconds = SLOW_PROGRAM if self.starts_program else SLOWER * self.seconds
        self.begun = monotonic()
        self.may_extend = True
        self.fired = self.printed = False

    def look(self) -> None:
        """Interrupt the main thread after its seconds, and give the run up after as many again."""
        used = monotonic() - self.begun
        if used > self.seconds and self.may_extend:
            self.extend()
        elif used > self.seconds and not self.fired:
            self.fired = True
            interrupt_main_thread()
        elif used > self.seconds + TELL and not self.printed:
            self.printed = True
            if not CAN_BE_ASKED:
                faulthandler.dump_traceback(last_words or sys.stderr)
        elif used > self.seconds + max(self.seconds, PATIENCE):
            alert = sys.__stderr__ or sys.stderr
            alert.write(f"\n{self.item.nodeid} does not end, and cannot be interrupted: the run ends here.\n"
                        "Does your code catch everything, with `except:` or `except BaseException:`?\n")
            alert.flush()
            os._exit(1)

    def extend(self) -> None:
        """Give the check more time, once, if it is the machine that is slow; say so to whoever waits for the run."""
        self.may_extend = False
        announce(limit=self.slow_seconds)  # to find it out takes time, too
        with contextlib.suppress(Exception):  # the learner's code may have changed whatever this uses
            if machine_is_slow() if self.starts_program else python_is_slow():
                self.seconds = self.slow_seconds
                return
        announce(limit=0)


class Guard:
    """The thread that looks now and then at the watch over the running check. One serves all: starting one takes time.
    """

    def __init__(self) -> None:
        self.lock = threading.Lock()  # who holds it may end a check, or the watch over it
        self.deadline: Deadline | None = None
        self.thread: threading.Thread | None = None

    def run(self) -> None:
        while True:
            sleep(TICK)
            with self.lock:
                if self.deadline:
                    self.deadline.look()

    @contextlib.contextmanager
    def over(self, deadline: Deadline) -> Iterator[None]:
        """Have a Deadline looked at during the with statement."""
        if not (self.thread and self.thread.is_alive()):
            self.thread = threading.Thread(target=self.run, daemon=True)
            self.thread.start()
        self.deadline = deadline
        try:
            yield
        finally:
            with self.lock:
                self.deadline = None


GUARD = Guard()


def interrupt_main_thread() -> None:
    """Raise KeyboardInterrupt in the main thread, also while it waits for the system, where a signal can do that."""
    if sys.platform != "win32":
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
    else:  # in any thread: Python's main thread gets it, and a sleep there ends; waiting for a socket does not
        signal.raise_signal(signal.SIGINT)


def endless(item: pytest.Item, trace: TracebackType | None, seconds: float) -> Diagnosis:
    """Note which steps do not end, and return the Diagnosis for a check that had to be interrupted."""
    frames = learner_frames(trace)
    names = {(path.stem, name) for path, _, name in frames}
    endless_steps.add(step_number(item))
    endless_steps.update(step.number for stem, name in names for step in current_steps(stem).values()
                         if name in ("<module>", step.name.rpartition(".")[2]))  # or the file's import does not end
    return does_not_end(seconds, deepest_place(trace))


@contextlib.contextmanager
def watched(item: pytest.Item) -> Iterator[None]:
    """Watch what happens in the with statement. Raises Diagnosis if it had to be interrupted."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.default_int_handler)  # whatever an earlier check has made of it
    deadline = Deadline(item)
    try:
        with GUARD.over(deadline):
            yield
        if deadline.fired:  # and the learner's code took the KeyboardInterrupt for Ctrl-C, as `serve` should
            raise endless(item, None, deadline.seconds)
    except KeyboardInterrupt as error:
        if not deadline.fired:
            raise
        raise endless(item, error.__traceback__, deadline.seconds)
    finally:
        used[step_number(item)] += monotonic() - deadline.begun


def refuse_more(item: pytest.Item) -> None:
    """Raise NotChecked, or a Diagnosis, for a check that would take as long as others of its step have."""
    number = step_number(item)
    uses = needed_by(number, sources_of(project(), path_of(stem_of(item)).parent)) if endless_steps else set()
    if blamed := sorted(endless_steps & {number, *uses}):
        step = reference_steps(stem_of(item)).get(number) or learner_step(item)
        why = "does not end" if number in blamed else f"uses step {blamed[0]}, which does not end"
        raise NotChecked(f"step {number} {step.name if step else ''} {why}")
    if used[number] > CHECKS * limit_of(item) and machine_is_slow():
        used[number] = 0
    if used[number] > CHECKS * limit_of(item):
        endless_steps.add(number)
        raise Diagnosis(f"your code is slow: the checks of this step have taken {used[number]:.0f} seconds so far",
                        why="Each of them takes thousandths of a second where nothing waits: what does yours wait for?")


def pytest_sessionstart() -> None:
    endless_steps.clear()
    used.clear()


@pytest.hookimpl(trylast=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    if step_number(item):
        refuse_more(item)


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    with watched(item) if step_number(item) else contextlib.nullcontext():
        return (yield)
