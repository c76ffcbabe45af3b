"""A process that is ready to check: it has everything imported and collected, and waits for a job on standard input.

    python -m workshop.checking.job FOLDER SECONDS STEM…

FOLDER has the chapters, SECONDS is the limit of a check, the STEMs name the chapters whose checks are to be had. The
job is a line of JSON: `{"steps": ["2.3", …], "journal": path}`, steps in the order in which they are wanted. It does
that one job and ends, so that no code of the learner's can get in the way of the next one.
"""
import contextlib
import faulthandler
import gc
import json
import os
import shlex
import sys

import pytest

from workshop.checking import tree
from workshop.checking.plugins import deadline
from workshop.checking.plugins.journal import Journal, exit_now
from workshop.checking.plugins.outcomes import step_number
from workshop.machine.containment import EXIT_CALLED

LIMITS = {  # of the process and each that it starts, by their names in the module resource
    "RLIMIT_DATA": 900 << 20,  # bytes of memory, stacks of threads included
    "RLIMIT_AS": 4 << 30,  # bytes of addresses: much is set aside and never used
    "RLIMIT_FSIZE": 100 << 20,  # bytes of a file that it writes
    "RLIMIT_CORE": 0,
}
OPTIONS = ("-o", "addopts=--strict-markers", "-s", "--assert=plain", "-p", "no:cacheprovider", "-p", "no:terminal",
           "-p", "no:logging", "-p", "no:faulthandler")


class Spare:
    """A plugin that holds the run until a job comes, and then runs its checks and no others."""

    note = staticmethod(lambda **entry: None)

    def pytest_configure(self, config):
        config.option.tbstyle = "native"  # for what is no diagnosis: pytest's own tracebacks take it long to draw

    def pytest_runtestloop(self, session):
        numbers = {item.nodeid: step_number(item) for item in session.items}
        gc.collect()
        gc.freeze()
        job = json.loads(sys.stdin.readline() or "{}")
        if not job:
            exit_now(0)
        leave_keyboard()
        os.chdir(os.path.dirname(job["journal"]))  # what the learner's code makes or deletes, it does there
        tree.forget()
        order = {number: place for place, number in enumerate(job["steps"])}
        session.items[:] = sorted((item for item in session.items if numbers[item.nodeid] in order),
                                  key=lambda item: order[numbers[item.nodeid]])
        journal = Journal(job["journal"])
        journal.start(session.items)
        session.config.pluginmanager.register(journal)
        self.note = journal.note

    def pytest_sessionfinish(self, exitstatus):
        """Note that the run is over, and end: threads of the learner's, and what is to be done at exit, may not."""
        self.note(end=int(exitstatus))
        exit_now(0)


def leave_keyboard():
    """Make standard input empty, for the learner's code too."""
    empty = os.open(os.devnull, os.O_RDONLY)
    os.dup2(empty, 0)
    os.close(empty)
    sys.stdin = open(0, encoding="utf-8", closefd=False)


def limit_resources():
    """Limit what this process and those that it starts may take, where the system can."""
    with contextlib.suppress(ImportError):
        import resource

        for name, limit in LIMITS.items():
            with contextlib.suppress(AttributeError, ValueError, OSError):
                resource.setrlimit(getattr(resource, name), (limit, resource.getrlimit(getattr(resource, name))[1]))


def tell_where(status):
    """End the process as os._exit does, and print first that it was called, and where."""
    with contextlib.suppress(OSError, ValueError):
        print(EXIT_CALLED, file=LAST_WORDS, flush=True)
    faulthandler.dump_traceback(LAST_WORDS)
    exit_now(status)


def main(folder, seconds, *stems):
    """Prepare everything, and run the job that comes."""
    faulthandler.enable(LAST_WORDS)
    os._exit = tell_where
    limit_resources()
    deadline.PATIENCE = 3600  # it is who started us that gives up
    import requests  # noqa: F401  checks import it when they need it

    files = [f"tests/{stem}" for stem in stems]
    settings = ["-o", f"pythonpath={shlex.quote(folder)}", f"--check-seconds={seconds}"]
    status = pytest.main([*OPTIONS, *settings, *files], [Spare()])
    exit_now(int(status))


if __name__ == "__main__":
    LAST_WORDS = os.fdopen(os.dup(2), "w")  # where nothing that the learner's code closes is in the way
    main(*sys.argv[1:])
