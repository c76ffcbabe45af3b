"""What a learner does first, done in a copy of the repository: to try a machine, a Python or a folder with an odd name.

    python -m dev learner                 set up, check the starters and the solutions, run the first notebook
    python -m dev learner 1 2             check these chapters only
    python -m dev learner --two-drives    fail if the temporary files lie on the same drive as the repository

It needs a Python and nothing else. The copy lies in .workshop, so that it is on the repository's drive and below the
repository's name; it stays there if something fails. The exit status is 0 only if everything passes.
"""
import argparse
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from dev import PROJECT
from workshop.course.project import Project
from workshop.course.step_states import State
from workshop.machine.containment import end_group, own_group
from workshop.machine.virtual_environment import FOLDER, PROGRAM
from workshop.verbs.prove import summary, variables

LEFT_OUT = shutil.ignore_patterns(".git", ".venv", ".workshop", ".*_cache", "__pycache__", ".ipynb_checkpoints")
SECONDS = 900  # for one command: an installation over a slow line is the longest
SHOWN = 3000  # characters of what a command has printed, if it fails
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/lab\S*")
EXECUTE = "from nbclient.cli import main; main()"  # `jupyter execute`, without the program of that name


class Failed(Exception):
    """A part is not as it should be; the text says what is."""


class Learner:
    """Somebody who works in a copy of the repository."""

    def __init__(self, folder: Path, chapters: Sequence[str] = ()) -> None:
        self.folder = folder
        self.chapters = list(chapters)
        self.python = folder / FOLDER / PROGRAM
        own = folder / ".workshop"
        own.mkdir(parents=True, exist_ok=True)  # IPython takes a folder of the system where it cannot make its own
        self.environment = variables(str(own)) | {"COLUMNS": "100"}

    def run(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        """Run a command in the copy and return the finished process, with all that it has printed."""
        return subprocess.run(command, cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL,
                              capture_output=True, encoding="utf-8", errors="replace", timeout=SECONDS)

    def verdicts(self) -> list[dict[str, Any]]:
        """Check the chapters and return what is said of each step. Raises Failed."""
        ended = self.run(sys.executable, "-m", "workshop", "check", "--json", *(self.chapters or ["all"]))
        try:
            return list(json.loads(ended.stdout)["steps"].values())
        except ValueError:
            raise Failed(tail(ended))


def set_up(learner: Learner) -> None:
    """`lab` makes .venv, and JupyterLab shows the notebooks."""
    process = subprocess.Popen([sys.executable, "-m", "workshop", "lab", "--no-browser", "--port", "0"],
                               cwd=learner.folder, env=learner.environment, stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", errors="replace",
                               **own_group())
    assert process.stdout
    timer = threading.Timer(SECONDS, end_group, [process])
    timer.start()
    try:
        printed = []
        for line in process.stdout:
            printed.append(line)
            if address := ADDRESS.search(line):
                return look_at(address.group())
        raise Failed("".join(printed)[-SHOWN:])
    finally:
        timer.cancel()
        end_group(process)
        process.stdout.close()


def look_at(url: str) -> None:
    """Ask for a page of this machine, past any proxy. Raises Failed."""
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=60) as response:
            response.read()
    except OSError as error:
        raise Failed(f"{url} does not answer: {error}")


def starters(learner: Learner) -> None:
    """No step of chapters/ is begun."""
    expect_all(learner.verdicts(), lambda step: step["state"] == State.NOT_STARTED)


def solutions(learner: Learner) -> None:
    """With the solutions in chapters/, no check fails."""
    for path in (learner.folder / "solutions").glob("ch*.py"):
        shutil.copy(path, learner.folder / "chapters")
    expect_all(learner.verdicts(), lambda step: State(step["state"]).passes and step["checks"] and not step["failed"])


def expect_all(steps: list[dict[str, Any]], is_right: Callable[[dict[str, Any]], bool]) -> None:
    """Raise Failed with the steps that are not right, or if there are no steps."""
    states = Counter(step["state"] for step in steps)
    others = [step for step in steps if not is_right(step)]
    if others or not steps:
        told = [f"{step['number']} {step['name']}: {step['state']}\n{step['text']}" for step in others]
        raise Failed("\n".join([f"{len(steps)} steps: {dict(states)}", *told])[:SHOWN])


def notebook(learner: Learner) -> None:
    """The first notebook with exercises runs from top to bottom."""
    first = min((learner.folder / "notebooks").glob("ch*.ipynb"))
    ended = learner.run(learner.python, "-X", "utf8", "-c", EXECUTE, first)  # it reads as the system's locale says
    if ended.returncode != 0:
        raise Failed(tail(ended))


def tail(ended: subprocess.CompletedProcess[str]) -> str:
    """Return the end of what a finished process has printed, and its exit status."""
    return f"{(ended.stdout + ended.stderr)[-SHOWN:]}\nexit status {ended.returncode}"


PARTS = (set_up, starters, solutions, notebook)


def tried(part: Callable[[Learner], None], learner: Learner) -> tuple[str, str, int, float]:
    """Do one of PARTS, print what is wrong with it, and return a row for the summary."""
    begun = time.monotonic()
    name, claim = part.__name__.replace("_", " "), str(part.__doc__).rstrip(".")
    print(f"\n== {name}: {claim}", flush=True)
    try:
        part(learner)
        status = 0
    except (Failed, OSError, subprocess.TimeoutExpired) as error:
        print(error, flush=True)
        status = 1
    return name, claim, status, time.monotonic() - begun


def where(folder: Path, temporary: str) -> tuple[str, bool]:
    """Return a sentence on the machine and the folders, and whether temporary files lie on another drive."""
    apart = drive(folder) != drive(temporary)
    return (f"Python {platform.python_version()} on {platform.platform()}, in {folder}, temporary files "
            f"{'on another drive, ' if apart else ''}in {temporary}"), apart


def drive(path: str | Path) -> str:
    """Return the drive that a path is on: only Windows has any."""
    return os.path.splitdrive(os.path.realpath(path))[0].lower()


def copied(project: Project, folder: Path) -> Path:
    """Copy the repository, without git and what was installed, into a new folder; return the folder."""
    return Path(shutil.copytree(project.root, folder, ignore=LEFT_OUT))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the chapters, and what is demanded of the machine."""
    parser.add_argument("chapters", metavar="N", nargs="*", help="check these chapters only")
    parser.add_argument("--two-drives", action="store_true",
                        help="fail if the temporary files lie on the same drive as the repository")


def run(arguments: argparse.Namespace, project: Project = PROJECT,
        parts: Sequence[Callable[[Learner], None]] = PARTS) -> int:
    """Do all parts in a new copy, print a summary, and return 0 only if all pass."""
    said, apart = where(project.root, tempfile.gettempdir())
    print(said)
    if arguments.two_drives and not apart:
        print("The temporary files are to lie on another drive: set TEMP to a folder there.")
        return 1
    folder = project.kept / "learner"
    shutil.rmtree(folder, ignore_errors=True)
    learner = Learner(copied(project, folder), arguments.chapters)
    results = [tried(part, learner) for part in parts]
    print(summary(results), flush=True)
    failed = any(status for _, _, status, _ in results)
    if not failed:
        shutil.rmtree(folder, ignore_errors=True)
    return int(failed)
