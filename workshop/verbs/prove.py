"""The verb `test`: what proves this repository, part by part.

The last part takes longest, and not all of the others can use two processors: it runs beside them, and its output
follows theirs.
"""
import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from workshop.checking.current_verdicts import verdicts_by_text
from workshop.course.project import Project
from workshop.course.step_states import State
from workshop.machine.processes import GRACE, stay_with
from workshop.machine.streams import is_terminal
from workshop.machine.virtual_environment import REPOSITORY, compile_packages, make_ready, plain_environment

JUPYTER_FOLDERS = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")

PATIENT = "--check-seconds=60"  # A busy machine is no endless loop.

# What stops pytest so that it tidies up; Windows has no such signal for one process alone.
REQUEST = signal.SIGTERM if os.name == "nt" else signal.SIGINT

SOURCES = ("workshop", "contract/src", "tests", "dev")  # without the chapters

NOT_FRESH = """\
Some steps in chapters/ are written. Two parts, "derived" and "repository", prove the starters, so they fail here.
For a proof of all parts, run this in a fresh copy of the tutorial."""

WORKERS = max(4, os.cpu_count() or 1)  # of the part "repository": many of its tests wait, for servers and time limits

Part = tuple[str, str, list[str]]
Proved = tuple[str, str, int, float]  # name, claim, exit status, seconds

# Each part: its name, what it proves, and what follows `python` in its command.
PARTS: tuple[Part, ...] = (
    (
        "reference",
        "the solutions pass every check, with none skipped",
        ["-m", "pytest", "-o", "pythonpath=solutions", "--strict-steps", PATIENT, "--assert=plain", "tests"],
    ),
    (
        "style",
        "ruff finds nothing",
        ["-m", "ruff", "check", "--no-cache", "."],
    ),
    (
        "types",
        "mypy finds nothing in the command, the contract and the tools",
        ["-m", "mypy", "workshop", "contract", "dev"],
    ),
    (
        "solutions",
        "mypy finds nothing in the solutions",  # in a chapter, what one step sets is None before
        ["-m", "mypy", "--no-strict-optional", "solutions"],
    ),
    (
        "derived",
        "starters, tables, pages, pictures, golden texts and notebooks are as they are made",
        ["-m", "dev", "regenerate", "--check"],
    ),
    (
        "repository",
        "the checks, the notebooks and this command are as they should be",
        ["-m", "pytest", "-p", "xdist", "-n", str(WORKERS), "--dist", "loadfile", "--no-loadscope-reorder", "dev/tests",
         "-m", "not derived"],
    ),
)


def prepared(requirements: Sequence[str], root: Path, wheels: Path | None) -> Path:
    """Return the Python of .venv, once that is ready, and has compiled what the parts import. Raises Trouble.

    They start some thousand processes, and none of those keeps what it compiles: of a chapter that would hide an edit
    of the same length within the same second.
    """
    python = make_ready(requirements, root, wheels=wheels)
    compile_packages(root)
    subprocess.run([python, "-m", "compileall", "-q", *SOURCES], cwd=root, stdout=subprocess.DEVNULL)
    return python


def add_arguments(parser: ArgumentParser) -> None:
    """Declare what may follow the verb."""
    parser.add_argument("--wheels", type=Path, metavar="DIR", help="install from this folder, without a network")


def run(arguments: Namespace, project: Project, parts: Sequence[Part] = PARTS,
        prepare: Callable[..., Path] = prepared) -> int:
    """Run every part, show its output as it comes, and sum up; return 0 only if all passed. Raises Trouble."""
    as_given = [verdict.state == State.NOT_STARTED for verdict in verdicts_by_text(project).values()]
    if not all(as_given) or len(as_given) < len(project.steps):
        print(NOT_FRESH, flush=True)
    python = prepare(REPOSITORY, project.root, wheels=arguments.wheels)
    with tempfile.TemporaryDirectory(prefix="workshop-", ignore_cleanup_errors=True) as folder:
        where = str(python), variables(folder), project.root
        with begun(parts[-1], *where, Path(folder, "log")) as finish:
            results = [prove(part, *where) for part in parts[:-1]] + [finish()]
    print(summary(results), flush=True)
    return 0 if all(status == 0 for _, _, status, _ in results) else 1


def prove(part: Part, python: str, environment: dict[str, str], root: Path) -> Proved:
    """Run one part of PARTS and return its name, what it proves, its exit status and the seconds it took."""
    name, claim, words = part
    print_heading(part)
    started = time.monotonic()
    status = stay_with(subprocess.Popen([python, *words], cwd=root, env=environment), REQUEST)
    return name, claim, status, time.monotonic() - started


def print_heading(part: Part) -> None:
    """Print the line that stands above what a part prints."""
    name, claim, _ = part
    print(f"\n== {name}: {claim}", flush=True)


@contextlib.contextmanager
def begun(part: Part, python: str, environment: dict[str, str], root: Path,
          log: Path) -> Iterator[Callable[[], Proved]]:
    """Run one part of PARTS beside what is done in the with statement; its output goes into a file, log.

    Give a function that shows it, to its end, and returns what prove() does. The part ends with the with statement.
    """
    name, claim, words = part
    started = time.monotonic()
    with log.open("wb") as output:
        process = subprocess.Popen([python, *words], cwd=root, env=environment, stdout=output,
                                   stderr=subprocess.STDOUT)

    def finish() -> Proved:
        print_heading(part)
        show_until_end(process, log)
        return name, claim, process.returncode, time.monotonic() - started

    try:
        yield finish
    finally:
        stop(process)


def show_until_end(process: subprocess.Popen[bytes], log: Path) -> None:
    """Print what a process has written into a file, and what it writes, until it has ended."""
    with log.open(encoding="utf-8", errors="replace") as lines:
        ended = False
        while not ended:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(0.1)
            ended = process.returncode is not None
            sys.stdout.write(lines.read())
            sys.stdout.flush()


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a process that still runs, as stay_with() does: Ctrl-C in a terminal has asked it already."""
    asked = [lambda: None] if is_terminal(sys.stdin) else []
    for way in [*asked, lambda: process.send_signal(REQUEST), process.kill]:
        if process.poll() is None:
            way()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(GRACE)


def summary(results: Sequence[Proved]) -> str:
    """Return the lines that sum up what prove() returned for each part."""
    lines = [
        f"  {name:12} {'passed' if status == 0 else 'FAILED'} {seconds:7.1f} s   {claim}"
        for name, claim, status, seconds in results
    ]
    return "\n".join(["", "Summary", *lines])


def variables(folder: str) -> dict[str, str]:
    """Return the environment variables of every part; what Jupyter and IPython write goes into a folder."""
    return plain_environment(
        PYTHONDONTWRITEBYTECODE="1",
        PYTEST_DISABLE_PLUGIN_AUTOLOAD="1",
        **{name: os.path.join(folder, name.lower()) for name in JUPYTER_FOLDERS},
    )
