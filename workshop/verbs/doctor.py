"""The verb `doctor`: whether this machine and this folder have what the workshop needs, and how to put it right."""
import functools
import json
import os
import shutil
import subprocess
import sys
import tempfile
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from workshop.course import definitions
from workshop.course.hidden_modules import sentences
from workshop.course.project import Chapter, Project
from workshop.course.source import read_source
from workshop.course.step_states import State
from workshop.machine import ports
from workshop.machine.install_remedies import python_version
from workshop.machine.invocation import command
from workshop.machine.virtual_environment import (
    CONSTRAINTS,
    FOLDER,
    LEARNER,
    PROGRAM,
    installed,
    is_complete,
    is_current,
    plain_environment,
    required,
)
from workshop.terminal.line_width import fitted
from workshop.terminal.marks import MARKS, has_colour, mark, painted

SECONDS = 15  # for a program that is asked something
FINE, NOTE, WRONG = State.YOURS, State.NOT_STARTED, State.WRONG  # by the marks of steps: NOTE is good to know
NARROW = 60  # columns; with fewer, lines break in the middle of words


@dataclass(frozen=True)
class Finding:
    """What one look has found, and what to do about it ("" for nothing)."""

    state: State
    what: str
    remedy: str = ""


Look = Callable[[Project], Iterator[Finding]]


def add_arguments(parser: ArgumentParser) -> None:
    """Declare what may follow the verb: nothing."""


def run(arguments: Namespace, project: Project) -> int:
    """Look at everything, print what is found, and return 0 if there is nothing to put right, else 1."""
    found = []
    for look in LOOKS:
        for finding in looked(look, project):
            print(f"{mark(finding.state)} {fitted(finding.what, 2)}", flush=True)
            if finding.remedy:
                print(painted(fitted(f"    {finding.remedy}"), "strong" if finding.state == WRONG else "faint"))
            found.append(finding.state)
    wrong = found.count(WRONG)
    print("\nAll is well." if not wrong else f"\n{wrong} {'thing' if wrong == 1 else 'things'} to put right.")
    return 1 if wrong else 0


def looked(look: Look, project: Project) -> list[Finding]:
    """Return the Findings of one look; one that fails itself is a finding too, and does not stop the others."""
    try:
        return list(look(project))
    except Exception as error:
        return [Finding(NOTE, f"could not look at: {look.__name__} ({type(error).__name__}: {error})")]


def answer_of(project: Project, *words: str) -> tuple[int | None, str]:
    """Return (exit status, output) of a program, or (None, "") if it cannot be run or does not answer in time."""
    try:
        ended = subprocess.run(words, cwd=project.root, capture_output=True, text=True, encoding="utf-8",
                               errors="replace", stdin=subprocess.DEVNULL, timeout=SECONDS,
                               env=plain_environment(GIT_OPTIONAL_LOCKS="0"))
    except (OSError, subprocess.TimeoutExpired):
        return None, ""
    return ended.returncode, ended.stdout.strip()


def to_make_it_again() -> str:
    """Return what to do where .venv has to be made again."""
    return f"Delete the folder {FOLDER}, and run: {command('lab')}"


# The looks, in the order in which one thing rests on another.


def python(project: Project) -> Iterator[Finding]:
    yield Finding(FINE, f"Python {sys.version.split()[0]}")


def environment(project: Project) -> Iterator[Finding]:
    program = project.root / FOLDER / PROGRAM
    if not program.exists():
        yield Finding(WRONG, f"{FOLDER}, the workshop's own Python, is not there.", f"Run: {command('lab')}")
        return
    version = answer_of(project, str(program), "-c", "import sys; print('{}.{}'.format(*sys.version_info))")[1]
    if version != python_version():
        how = f"has Python {version}" if version else "does not run; was the folder moved?"
        yield Finding(WRONG, f"{FOLDER} {how}, and this is Python {python_version()}.", to_make_it_again())
    elif not (is_complete(project.root) or all(is_current(name, project.root) for name in LEARNER)):
        yield Finding(WRONG, f"{FOLDER} does not have all that is required now.", f"Run: {command('lab')}")
    else:
        yield Finding(FINE, f"{FOLDER} has Python {version} and all that is required")


def versions(project: Project) -> Iterator[Finding]:
    """Compare the packages in .venv with constraints.txt."""
    found = installed(project.root)
    if not found:
        return
    locked = locked_versions(project)
    others = [f"{name} {version}, not {' or '.join(locked[name])}" for name, version in found.items()
              if version not in locked.get(name, [version])]
    lacking = [name for name in required(project.root) if name not in found]
    if others or lacking:
        complaints = others + [f"{name} is missing" for name in lacking]
        yield Finding(WRONG, f"packages are not those of {CONSTRAINTS}: {'; '.join(complaints)}", to_make_it_again())
    else:
        yield Finding(FINE, f"the packages have the versions of {CONSTRAINTS}")


def locked_versions(project: Project) -> dict[str, list[str]]:
    """Return {package: its versions in constraints.txt}: some have one for old Pythons and one for new."""
    locked: dict[str, list[str]] = {}
    for line in (project.root / CONSTRAINTS).read_text(encoding="utf-8").splitlines():
        name, equal, version = line.partition(" ")[0].partition("==")
        if equal:
            locked.setdefault(name, []).append(version)
    return locked


def kernel(project: Project) -> Iterator[Finding]:
    """Look whether notebooks run with the Python in .venv: how Jupyter starts their kernel says it."""
    places = [project.kept / "jupyter" / "data", project.root / FOLDER / "share" / "jupyter"]
    own = project.root / FOLDER / PROGRAM
    found = [path for place in places if (path := place / "kernels" / "python3" / "kernel.json").exists()]
    if not found:
        if own.exists():
            yield Finding(WRONG, "notebooks have no kernel in .venv.", to_make_it_again())
        return
    word = json.loads(found[0].read_text(encoding="utf-8"))["argv"][0]
    names = {"python", "python3", "python.exe", str(own)}  # the short names mean the one that it runs in
    if word in names or (os.path.exists(word) and os.path.samefile(os.path.dirname(word), own.parent)):
        yield Finding(FINE, "notebooks run with the Python in .venv")
    else:
        own_settings = found[0].is_relative_to(places[0])
        yield Finding(WRONG, f"notebooks run with another Python, {word}, by {project.relative(found[0])}.",
                      f"Delete the folder {project.relative(found[0].parent)}." if own_settings else to_make_it_again())


def usual_ports(project: Project) -> Iterator[Finding]:
    try:
        port = ports.port_number(ports.usual())
    except ArgumentTypeError as error:
        yield Finding(WRONG, f"the environment variable {ports.VARIABLE}: {error}.", "Change it, or take it out.")
        return
    if ports.is_free(port):
        yield Finding(FINE, f"port {port} is free")
    else:
        yield Finding(NOTE, f"port {port} is taken: by a server of yours that still runs, or, on a shared machine, by "
                            "somebody else's program.", f"Another port does as well: {command('serve --port 0')}")
    if not ports.is_free(8888):
        yield Finding(NOTE, "port 8888 is taken, perhaps by JupyterLab.", "Another JupyterLab takes the next free one.")


def terminal(project: Project) -> Iterator[Finding]:
    encoding = sys.stdout.encoding or "unknown"
    columns = shutil.get_terminal_size().columns
    if not shows_marks(encoding):
        yield Finding(NOTE, f"the terminal's encoding is {encoding}: characters that it lacks are replaced.",
                      "To see all of them, choose UTF-8 in its settings, or set PYTHONUTF8=1.")
    if columns < NARROW:
        yield Finding(NOTE, f"the terminal has {columns} columns.", f"With {NARROW} or more, lines need not be broken.")
    if shows_marks(encoding) and columns >= NARROW:
        colour = "with colours" if has_colour(sys.stdout) else "without colours"
        yield Finding(FINE, f"the terminal shows {encoding}, {columns} columns, {colour}")


def shows_marks(encoding: str) -> bool:
    try:
        "".join(MARKS.values()).encode(encoding)
    except (UnicodeError, LookupError):
        return False
    return True


def folder(project: Project) -> Iterator[Finding]:
    """Look whether what the workshop remembers and saves can be written."""
    try:
        project.kept.mkdir(exist_ok=True)
        for written in (project.kept, project.learners):
            with tempfile.TemporaryFile(dir=written):
                pass
    except OSError as error:
        yield Finding(WRONG, f"the workshop cannot write into its folder: {error}",
                      "Give yourself the permission to, or move the workshop into a folder of your own.")
        return
    yield Finding(FINE, "your files, and copies of them, can be written")


def chapters(project: Project) -> Iterator[Finding]:
    """Look whether the learner's files are there, can be read by Python, and have all their steps."""
    found = [finding for chapter in project.chapters for finding in file_of(chapter)]
    yield from found or [Finding(FINE, "the files in chapters/ are all there, and can be read")]


def file_of(chapter: Chapter) -> Iterator[Finding]:
    """Look at the learner's file of a chapter."""
    place, reset = chapter.project.relative(chapter.path), command("reset", chapter.number)
    try:
        text = read_source(chapter.path)
    except (OSError, UnicodeDecodeError) as error:
        yield Finding(WRONG, f"{place} cannot be read: {error}", f"To have a fresh one: {reset}")
        return
    if wrong := definitions.line_that_is_no_python(text):
        yield Finding(WRONG, f"{place}:{wrong[0]} is not Python: {wrong[1]}",
                      f"Put that line right; or, to have a fresh file: {reset}")
        return
    for step in chapter.steps:
        if step.name not in definitions.places(text):
            yield Finding(WRONG, f"{place} has no {step.name}, step {step.number}.",
                          f"To have its starter: {command('reset', step.number)}")


def hiding(project: Project) -> Iterator[Finding]:
    """Look for files of the learner's that Python finds in place of modules of its own."""
    for sentence in sentences(project):
        yield Finding(WRONG, sentence)


def edits(project: Project) -> Iterator[Finding]:
    """Look whether checks and reference are as they came; only git can tell."""
    git = functools.partial(answer_of, project, "git", "-C", str(project.root))
    if git("rev-parse", "--show-prefix") != (0, "") or not git("ls-files", "tests/conftest.py")[1]:
        yield Finding(NOTE, "without git, nobody can know here whether tests/ and solutions/ are as they came.",
                      f"If a verdict seems odd: {command('test')} proves them.")
        return
    status, changed = git("-c", "core.quotePath=false", "status", "--porcelain", "--", "tests", "solutions")
    names = ", ".join(line.split(maxsplit=1)[1] for line in changed.splitlines())
    if status is None:
        yield Finding(NOTE, "git did not say whether tests/ and solutions/ are as they came.")
    elif names:
        yield Finding(WRONG, f"changed in tests/ or solutions/: {names}",
                      "If you did not mean it: git stash push --include-untracked -- tests solutions (it keeps them)")
    else:
        yield Finding(FINE, "tests/ and solutions/ are as they came")


LOOKS: tuple[Look, ...] = (python, environment, versions, kernel, usual_ports, terminal, folder, chapters, hiding,
                           edits)
