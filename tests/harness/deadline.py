"""A plugin for pytest: a check of the learner's code that does not end, is ended, and told as what it is.

A thread watches the time. When a check has used its seconds, the main thread is interrupted as Ctrl-C would do it,
and the line at which it was is the diagnosis. Code that catches even that is given up: the whole run ends, with a
sentence, because Python can't stop a thread from outside.
"""
import _thread
import contextlib
import os
import signal
import sys
import threading

import pytest

from tests.harness.diagnosis import Diagnosis
from tests.harness.tree import deepest_place

SECONDS = 10  # for one check; --check-seconds sets another limit for those that start no program


def pytest_addoption(parser):
    group = parser.getgroup("workshop")
    group.addoption("--check-seconds", type=float, default=SECONDS, help="how long one check may take")


class Watch:
    """The watch over one check."""

    def __init__(self, item):
        self.item = item
        self.seconds = SECONDS if item.get_closest_marker("program") else item.config.getoption("check_seconds")
        self.over = threading.Event()
        self.fired = False

    def run(self):
        """Interrupt the main thread after its seconds, and give the run up after as many again."""
        if self.over.wait(self.seconds):
            return
        self.fired = True
        interrupt_main_thread()
        if not self.over.wait(self.seconds):
            sys.__stderr__.write(f"\n{self.item.nodeid} does not end, and can't be interrupted: the run ends here.\n"
                                 "Does your code catch everything, with `except:` or `except BaseException:`?\n")
            sys.__stderr__.flush()
            os._exit(1)


def interrupt_main_thread():
    """Raise KeyboardInterrupt in the main thread, also while it waits for the system, where a signal can do that."""
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)
    else:
        _thread.interrupt_main()


def endless(place, seconds):
    """Return the Diagnosis for code that had to be interrupted at place, a line of the learner's, or None."""
    return Diagnosis(f"your code does not end: it was stopped after {seconds:g} seconds", place=place,
                     why="Look at the loop on this line: what would make it end, and does that ever happen?")


@contextlib.contextmanager
def watched(item):
    """Watch what happens in the with statement. Raises Diagnosis if it had to be interrupted."""
    watch = Watch(item)
    thread = threading.Thread(target=watch.run, daemon=True)
    thread.start()
    try:
        yield
        if watch.fired:  # and the learner's code took the KeyboardInterrupt for Ctrl-C, as `serve` should
            raise endless(None, watch.seconds)
    except KeyboardInterrupt as error:
        if not watch.fired:
            raise
        raise endless(deepest_place(error.__traceback__), watch.seconds)
    finally:
        watch.over.set()
        thread.join()


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_call(item):
    with watched(item) if item.get_closest_marker("step") else contextlib.nullcontext():
        return (yield)
