"""Runs the checks on many trees, quickly: a few worker processes, each of which runs the same checks again and again.

Starting Python and pytest, importing Flask and collecting the checks take far longer than running those of a step. So a
worker does all this once. It takes jobs from its standard input, a line of JSON each, and answers with a line each. A
worker that ends, because the code under test ended it, is replaced, and its job has no report.

Most chapters of a tree are those of the tree before it. All trees of a worker stand in the same place, so that it
compiles each text of a chapter once.
"""
import argparse
import contextlib
import functools
import gc
import json
import linecache
import os
import queue
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.machinery import SourceFileLoader
from typing import IO, Any, Protocol

import pytest

from dev import PROJECT, command
from dev.sandbox import Sources, fill, temporary_files
from tests.expect import copied
from workshop.checking import plugins
from workshop.checking.plugins.outcomes import step_number
from workshop.checking.plugins.progress import KEY, Progress, as_json
from workshop.checking.plugins.unattended import Unattended
from workshop.checking.tree import on_path
from workshop.machine.containment import contained_environment, own_group

SECONDS = 300  # for one job, after which its worker is ended: the longest takes 15 on a quiet machine
CHECK_SECONDS = 5  # for one check of a job: wrong versions may go round and round, and a machine may be busy
COLUMNS = "103"  # of a diagnosis, whatever the terminal
OPTIONS = ("-o", "addopts=--strict-markers", "--import-mode=append", "-s", "--assert=plain", "-o", "pythonpath=",
           "-o", "tmp_path_retention_policy=failed", f"--check-seconds={CHECK_SECONDS}",
           *(f"-pno:{name}" for name in ("cacheprovider", "faulthandler", "logging", "terminal", "threadexception",
                                         "unraisableexception")))

PARAMS = pytest.StashKey[dict[str, Any]]()  # a check's parameters as they were collected

Report = dict[str, Any]  # what became of each step, by number: see workshop/checking/plugins/progress.py
LAST = "last"  # a key of a report whose worker does no further job


class Order(Protocol):
    """What a worker is given: a tree, and a line that says what to do with it."""

    @property
    def sources(self) -> Callable[[], Sources]:
        """A function that returns the sources of the tree."""

    def order(self, folder: str) -> str:
        """Return what a worker needs to know, once the tree is in folder, as a line of JSON."""


@dataclass(frozen=True)
class Job:
    """Some checks, and the tree that they are to be run on."""

    sources: Callable[[], Sources]  # of the tree's chapters
    steps: list[str]  # the numbers of the steps whose checks are run
    programs: bool = True  # whether checks that start a program are among them
    only_first: bool = False  # whether to stop after the first check that fails
    run_starters: bool = False  # whether checks of steps that are not started are run too
    checks: Sequence[str] = ()  # the ids of the only checks that are run, if it is not all of the steps

    def order(self, folder: str) -> str:
        """Return what a worker needs to know, once the tree is in folder, as a line of JSON."""
        return json.dumps({name: value for name, value in vars(self).items() if name != "sources"} | {"tree": folder})


class Runner:
    """One worker process; the verb of `python -m dev` says which."""

    def __init__(self, verb: str) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="tree-", ignore_cleanup_errors=True)
        environment = contained_environment(COLUMNS=COLUMNS, **temporary_files(self.folder.name))
        self.process = subprocess.Popen(
            command(verb), cwd=PROJECT.root, text=True, encoding="utf-8", stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, **own_group())
        assert self.process.stdin and self.process.stdout
        self.orders, self.answers = self.process.stdin, self.process.stdout

    def report_of(self, job: Order) -> Report:
        """Return the report of a job; {} if the worker ended."""
        tree = os.path.join(self.folder.name, "tree")
        shutil.rmtree(tree, ignore_errors=True)  # with whatever the last job's code has left in it
        os.mkdir(tree)
        fill(tree, job.sources())
        timer = threading.Timer(SECONDS, self.process.kill)
        timer.start()
        with contextlib.suppress(BrokenPipeError):
            self.orders.write(job.order(tree) + "\n")
            self.orders.flush()
        line = self.answers.readline()
        timer.cancel()
        return json.loads(line) if line else {}

    def end(self) -> None:
        """End the process and close its pipes."""
        self.process.kill()
        self.process.wait()
        with contextlib.suppress(BrokenPipeError):
            self.orders.close()
        self.answers.close()
        self.folder.cleanup()


def reports(jobs: Sequence[Order], verb: str = "worker") -> list[Report]:
    """Return the reports of jobs, in their order."""
    waiting: queue.SimpleQueue[tuple[int, Order]] = queue.SimpleQueue()
    done: list[Report] = [{} for _ in jobs]
    for place, job in enumerate(jobs):
        waiting.put((place, job))
    threads = [threading.Thread(target=work, args=(waiting, done, verb))
               for _ in range(min(len(jobs), os.cpu_count() or 1))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return done


def work(waiting: queue.SimpleQueue[tuple[int, Order]], done: list[Report], verb: str) -> None:
    """Have one worker after the other do the jobs that are waiting, until none is left."""
    worker = Runner(verb)
    with contextlib.suppress(queue.Empty):
        while True:
            place, job = waiting.get_nowait()
            done[place] = worker.report_of(job)
            if LAST in done[place] or not done[place]:  # it has ended, or is about to
                worker.end()
                worker = Runner(verb)
    worker.end()


class JobLoop:
    """A plugin for pytest: instead of running what was collected once, it does jobs with it until there are no more."""

    def __init__(self, orders: IO[str], answers: IO[str]) -> None:
        self.orders = orders
        self.answers = answers

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Do the jobs that come, in place of what pytest would run."""
        session.config.pluginmanager.register(Unattended())
        for line in self.orders:
            report = report_of(session, **json.loads(line))
            gc.collect()
            gc.freeze()  # what is kept of a job: some checks search for garbage, and would search in all of it
            self.answers.write(json.dumps(report) + "\n")
            self.answers.flush()
        return True


def report_of(session: pytest.Session, tree: str, steps: list[str], programs: bool, only_first: bool,
              run_starters: bool, checks: list[str]) -> Report:
    """Run what a job asks for in a session of pytest, and return the report."""
    items = [item for number, program, item in marked(session) if number in steps and (programs or not program)
             and (not checks or item.nodeid in checks)]
    session.config.option.run_starters = run_starters
    try:
        with on_path(tree):
            progress = begin(session.config, items)
            run_items(session, items, only_first)
            return as_json(progress)
    finally:
        linecache.clearcache()


@functools.lru_cache(1)
def marked(session: pytest.Session) -> list[tuple[str, bool, pytest.Item]]:
    """Return the checks of a session, each with its step's number and whether it starts a program."""
    return [(step_number(item), bool(item.get_closest_marker("program")), item) for item in session.items]


def begin(config: pytest.Config, items: list[pytest.Item]) -> Progress:
    """Have the plugins begin anew; return the new Progress, which items are counted in."""
    for name in plugins.NAMES:
        plugin: Any = config.pluginmanager.get_plugin(name)
        if hasattr(plugin, "pytest_sessionstart"):
            plugin.pytest_sessionstart()
    reporter: Any = config.pluginmanager.get_plugin("workshop-progress")
    config.stash[KEY] = reporter.progress = Progress()
    reporter.pytest_collection_modifyitems(items)
    return reporter.progress


def run_items(session: pytest.Session, items: list[pytest.Item], only_first: bool) -> None:
    """Run checks as pytest's own loop does, all or up to the first that fails."""
    failed = session.testsfailed
    for item, following in zip(items, [*items[1:], None], strict=True):
        give_own_parameters(item)
        session.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if only_first and session.testsfailed > failed:
            session.config.hook.pytest_runtest_teardown(item=item, nextitem=None)  # of its class and module
            return


def give_own_parameters(item: pytest.Item) -> None:
    """Let a check have lists and dicts as it was collected with: the code of an earlier job may have changed them."""
    params: dict[str, Any] = item.callspec.params if hasattr(item, "callspec") else {}
    params |= copied(item.stash.setdefault(PARAMS, copied(params)))


def compile_once() -> None:
    """Have Python keep what it has compiled, by the text and the place of its file."""
    kept = functools.lru_cache(100)(SourceFileLoader.source_to_code)
    setattr(SourceFileLoader, "source_to_code", kept)  # noqa: B010


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what may follow: nothing."""


def run(arguments: argparse.Namespace) -> int:
    """Be a worker: do a job for each line of standard input, and print the report as one line; return 0."""
    orders = os.fdopen(os.dup(0), encoding="utf-8")
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what pytest and the code under test print is of no interest
    compile_once()
    with tempfile.TemporaryDirectory(prefix="worker-") as folder:
        files = [f"tests/{stem}" for stem in PROJECT.by_stem]
        pytest.main([*files, *OPTIONS, f"--basetemp={folder}"], plugins=[JobLoop(orders, answers)])
    return 0
