"""Runs the checks on many trees, quickly: a few worker processes, each of which runs pytest again and again.

Starting Python and importing pytest, Flask and the checks takes far longer than running the checks of a chapter. So a
worker does it once. It takes jobs from its standard input, a line of JSON each, and answers with a line each. A worker
that ends, because the code under test ended it, is replaced, and its job has no report.
"""
import contextlib
import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from tests.harness.program import environment
from workshop.containment import own_group
from workshop.steps import ROOT

SECONDS = 100  # for one job, after which its worker is ended
CHECK_SECONDS = 2  # for one check of a job: wrong versions may go round and round


class Worker:
    """One worker process."""

    def __init__(self):
        self.process = subprocess.Popen([sys.executable, "-m", "tests.repository.runner"], cwd=ROOT, text=True,
                                        encoding="utf-8", stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, env=environment(NO_COLOR="1"), **own_group())

    def report_of(self, arguments):
        """Return the report (see tests/harness/progress.py) of pytest with these arguments; {} if the worker ended."""
        timer = threading.Timer(SECONDS, self.process.kill)
        timer.start()
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.write(json.dumps(arguments) + "\n")
            self.process.stdin.flush()
        line = self.process.stdout.readline()
        timer.cancel()
        return json.loads(line) if line else {}

    def is_running(self):
        return self.process.poll() is None

    def end(self):
        """End the process and close its pipes."""
        self.process.kill()
        self.process.wait()
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        self.process.stdout.close()


def reports(jobs):
    """Return the reports of jobs (a list of functions from a new folder to pytest's arguments), in their order."""
    waiting, done = queue.SimpleQueue(), [None] * len(jobs)
    for place, job in enumerate(jobs):
        waiting.put((place, job))
    threads = [threading.Thread(target=work, args=(waiting, done)) for _ in range(os.cpu_count() or 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return done


def work(waiting, done):
    """Have one worker after the other do the jobs that are waiting, until none is left."""
    worker = Worker()
    with contextlib.suppress(queue.Empty):
        while True:
            place, job = waiting.get_nowait()
            with tempfile.TemporaryDirectory(prefix="tree-") as folder:
                done[place] = worker.report_of(job(folder))
            if not worker.is_running():
                worker.end()
                worker = Worker()
    worker.end()


def serve_jobs():
    """Be a worker: run pytest for each line of standard input, and print the report it leaves as one line."""
    import pytest

    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what pytest and the code under test print is of no interest
    for line in sys.stdin:
        with tempfile.TemporaryDirectory(prefix="report-") as folder:
            report = Path(folder, "report.json")
            pytest.main([*json.loads(line), "-q", "-p", "no:cacheprovider", f"--steps-report={report}",
                         f"--check-seconds={CHECK_SECONDS}"])
            answers.write(json.dumps(json.loads(report.read_text("utf-8")) if report.exists() else {}) + "\n")
            answers.flush()


if __name__ == "__main__":
    serve_jobs()
