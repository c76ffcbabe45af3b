"""A process that is ready to check: it has everything imported and collected, and waits for a job on standard input.

    python -m workshop.checking.job FOLDER SECONDS PLACE…

FOLDER has the chapters, SECONDS is the limit of a check, the PLACEs are files and folders of checks: those of other
steps need not be collected. The job is a line of JSON, `{"steps": ["2.3", …], "journal": path, …}`: steps in the order
in which they are wanted, and paths of the journal, of the folder that is the current one of the learner's code, of
FOLDER (copy), and of the folder that is shown in its place (original). It does that one job and ends, so that no code
of the learner's can get in the way of the next one.
"""
import contextlib
import faulthandler
import os
import shlex
import sys
from typing import IO

from workshop.course.project import Project
from workshop.machine.containment import ASK_WHERE, EXIT_CALLED, exit_now
from workshop.machine.interpreter import refuse_without_packages
from workshop.machine.resource_limits import limit_resources

# Checks are imported from the end of Python's path, so that files beside the README hide no modules of Python's.
OPTIONS = ("-o", "addopts=--strict-markers", "--import-mode=append", "-s", "--assert=plain")
# Parts of pytest that no check needs: to import them takes a while.
LEFT_OUT = ("cacheprovider", "doctest", "faulthandler", "junitxml", "legacypath", "logging", "pastebin", "setuponly",
            "setupplan", "stepwise", "terminal", "unittest")


def tell_where(last_words: IO[str], status: int) -> None:
    """End the process as os._exit does, and print first that it was called, and where."""
    with contextlib.suppress(OSError, ValueError):
        print(EXIT_CALLED, file=last_words, flush=True)
    faulthandler.dump_traceback(last_words)
    exit_now(status)


def main(folder: str, seconds: str, *places: str) -> None:
    """Prepare everything, and run the job that comes."""
    last_words = os.fdopen(os.dup(2), "w")  # where nothing that the learner's code closes is in the way
    faulthandler.enable(last_words)
    if ASK_WHERE:
        faulthandler.register(ASK_WHERE, last_words, chain=True)  # type: ignore[attr-defined,unused-ignore]
    refuse_without_packages(Project.here().root)
    import pytest

    from workshop.checking.plugins import deadline
    from workshop.checking.plugins.one_job import OneJob

    setattr(os, "_exit", lambda status: tell_where(last_words, status))  # noqa: B010
    limit_resources()
    deadline.PATIENCE = 3600  # whoever started us gives up
    deadline.last_words = last_words
    settings = ["-o", f"pythonpath={shlex.quote(folder)}", f"--check-seconds={seconds}",
                *(f"-pno:{name}" for name in LEFT_OUT)]
    status = pytest.main([*OPTIONS, *settings, *places], [OneJob()])
    exit_now(int(status))


if __name__ == "__main__":
    main(*sys.argv[1:])
