"""The verb `doctor`: whether this machine and this folder have what the workshop needs, and how to put it right."""
import functools
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass

from workshop.course import definitions
from workshop.course.steps import ROOT, relative, stems, steps_of
from workshop.machine import ports
from workshop.machine.environment import CONSTRAINTS, FOLDER, LEARNER, PACKAGES, PROGRAM, is_current, plain_environment
from workshop.machine.trouble import python_version
from workshop.terminal.writing import MARKS, fitted, has_colour, mark, painted

SECONDS = 15  # for a program that is asked something
ANEW = "Delete the folder .venv, and run: python3 -m workshop lab"
FINE, NOTE, WRONG = "done", "not started", "wrong"  # by the marks of steps: NOTE is good to know, and no fault
NARROW = 60  # columns; with fewer, lines break in the middle of words


@dataclass(frozen=True)
class Finding:
    """What one look has found, and what to do about it ("" for nothing)."""

    state: str
    what: str
    remedy: str = ""


def add_arguments(parser):
    """Declare what may follow the verb: nothing."""


def run(arguments):
    """Look at everything, print what is found, and return 0 if there is nothing to put right, else 1."""
    found = []
    for look in LOOKS:
        for finding in looked(look):
            print(f"{mark(finding.state)} {fitted(finding.what, '  ')}", flush=True)
            if finding.remedy:
                print(painted(fitted(f"    {finding.remedy}"), "strong" if finding.state == WRONG else "faint"))
            found.append(finding.state)
    wrong = found.count(WRONG)
    print("\nAll is well." if not wrong else f"\n{wrong} {'thing' if wrong == 1 else 'things'} to put right.")
    return 1 if wrong else 0


def looked(look):
    """Return the Findings of one look; one that fails itself is a finding too, and does not stop the others."""
    try:
        return list(look())
    except Exception as error:
        return [Finding(NOTE, f"could not look at: {look.__name__} ({type(error).__name__}: {error})")]


def answer_of(*command):
    """Return (exit status, output) of a program, or (None, "") if it can't be run or does not answer in time."""
    try:
        ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", errors="replace",
                               stdin=subprocess.DEVNULL, timeout=SECONDS, env=plain_environment(GIT_OPTIONAL_LOCKS="0"))
    except (OSError, subprocess.TimeoutExpired):
        return None, ""
    return ended.returncode, ended.stdout.strip()


# The looks, in the order in which one thing rests on another.


def python():
    yield Finding(FINE, f"Python {sys.version.split()[0]}")


def environment():
    program = ROOT / FOLDER / PROGRAM
    if not program.exists():
        yield Finding(WRONG, f"{FOLDER}, the workshop's own Python, is not there.", "Run: python3 -m workshop lab")
        return
    version = answer_of(str(program), "-c", "import sys; print('{}.{}'.format(*sys.version_info))")[1]
    if version != python_version():
        how = f"has Python {version}" if version else "does not run; was the folder moved?"
        yield Finding(WRONG, f"{FOLDER} {how}, and this is Python {python_version()}.", ANEW)
    elif not all(is_current(name, ROOT) for name in LEARNER):
        yield Finding(WRONG, f"{FOLDER} does not have all that is required now.", "Run: python3 -m workshop lab")
    else:
        yield Finding(FINE, f"{FOLDER} has Python {version} and all that is required")


def versions():
    """Compare the packages in .venv with constraints.txt."""
    found = installed()
    if not found:
        return
    lines = (ROOT / CONSTRAINTS).read_text(encoding="utf-8").splitlines()
    locked = dict(line.partition(" ")[0].split("==") for line in lines if "==" in line)
    others = [f"{name} {version}, not {locked[name]}" for name, version in found.items()
              if locked.get(name, version) != version]
    lacking = [name for name in required() if name not in found]
    if others or lacking:
        complaints = others + [f"{name} is missing" for name in lacking]
        yield Finding(WRONG, f"packages are not those of {CONSTRAINTS}: {'; '.join(complaints)}", ANEW)
    else:
        yield Finding(FINE, f"the packages have the versions of {CONSTRAINTS}")


def installed():
    """Return {package: version} of .venv, by the names of the folders in which pip keeps its records."""
    records = (ROOT / FOLDER).glob(PACKAGES + "/*.dist-info")
    pairs = (record.name.removesuffix(".dist-info").split("-", 1) for record in records)
    return {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in pairs}


def required():
    """Return the packages that learners need on every system."""
    lines = [line for name in LEARNER for line in (ROOT / name).read_text(encoding="utf-8").splitlines()]
    return [line.strip().lower() for line in lines if line.strip() and not re.search("[#;]", line)]


def kernel():
    """Look whether notebooks run with the Python in .venv: how Jupyter starts their kernel says it."""
    places = [ROOT / ".workshop" / "jupyter" / "data", ROOT / FOLDER / "share" / "jupyter"]
    found = [path for place in places if (path := place / "kernels" / "python3" / "kernel.json").exists()]
    if not found:
        if (ROOT / FOLDER / PROGRAM).exists():
            yield Finding(WRONG, "notebooks have no kernel in .venv.", ANEW)
        return
    word = json.loads(found[0].read_text(encoding="utf-8"))["argv"][0]
    own = {"python", "python3", "python.exe", str(ROOT / FOLDER / PROGRAM)}  # the short names mean the one it runs in
    if word in own or (os.path.exists(word) and os.path.samefile(os.path.dirname(word), own_folder())):
        yield Finding(FINE, "notebooks run with the Python in .venv")
    else:
        yield Finding(WRONG, f"notebooks run with another Python, {word}, by {relative(found[0])}.",
                      f"Delete the folder {relative(found[0].parent)}." if found[0].is_relative_to(places[0]) else ANEW)


def own_folder():
    return (ROOT / FOLDER / PROGRAM).parent


def usual_ports():
    if ports.is_free(8000):
        yield Finding(FINE, "port 8000 is free")
    else:
        yield Finding(WRONG, "port 8000 is taken; is a server of yours still running?",
                      "Stop it, or choose another port: python3 -m workshop serve --port 0")
    if not ports.is_free(8888):
        yield Finding(NOTE, "port 8888 is taken, perhaps by JupyterLab.", "Another JupyterLab takes the next free one.")


def terminal():
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


def shows_marks(encoding):
    try:
        "".join(MARKS.values()).encode(encoding)
    except (UnicodeError, LookupError):
        return False
    return True


def folder():
    """Look whether what the workshop remembers and saves can be written."""
    place = ROOT / ".workshop"
    try:
        place.mkdir(exist_ok=True)
        for written in (place, ROOT / "chapters"):
            with tempfile.TemporaryFile(dir=written):
                pass
    except OSError as error:
        yield Finding(WRONG, f"the workshop can't write into its folder: {error}",
                      "Give yourself the permission to, or move the workshop into a folder of your own.")
        return
    yield Finding(FINE, "your files, and copies of them, can be written")


def chapters():
    """Look whether the learner's files are there, can be read by Python, and have all their steps."""
    sound = True
    for stem in stems():
        for finding in chapter(stem, str(int(stem[2:4]))):
            sound = False
            yield finding
    if sound:
        yield Finding(FINE, "the files in chapters/ are all there, and can be read")


def chapter(stem, number):
    path, reset = ROOT / "chapters" / f"{stem}.py", f"python3 -m workshop reset {number}"
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        yield Finding(WRONG, f"{relative(path)} can't be read: {error}", f"To have a fresh one: {reset}")
        return
    if wrong := definitions.line_that_is_no_python(text):
        yield Finding(WRONG, f"{relative(path)}:{wrong[0]} is not Python: {wrong[1]}",
                      f"Put that line right; or, to have a fresh file: {reset}")
        return
    for step in steps_of(stem):
        if step.name not in definitions.places(text):
            yield Finding(WRONG, f"{relative(path)} has no {step.name}, step {step.number}.",
                          f"To have its starter: python3 -m workshop reset {step.number}")


def edits():
    """Look whether checks and reference are as they came; only git can tell."""
    git = functools.partial(answer_of, "git", "-C", str(ROOT))
    if git("rev-parse", "--show-prefix") != (0, "") or not git("ls-files", "tests/conftest.py")[1]:
        yield Finding(NOTE, "whether tests/ and solutions/ are as they came can't be known here, without git.",
                      "If a verdict seems odd, prove them: python3 -m workshop test")
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


LOOKS = (python, environment, versions, kernel, usual_ports, terminal, folder, chapters, edits)
