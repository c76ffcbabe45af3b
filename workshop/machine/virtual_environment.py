"""The folder .venv beside the README: a Python of the workshop's own, with what requirements files name.

A stamp in .venv for each requirements file says what it was installed from. It is written last: an installation that
was interrupted leaves none, and the next run completes it. A comparison of stamps tells whether everything is there,
and starts no program.
"""
import contextlib
import errno
import functools
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TextIO

from workshop.machine.install_remedies import python_version, remedy_for
from workshop.machine.processes import LiveLine, run_behind_live_line
from workshop.machine.trouble import Trouble

FOLDER = ".venv"
COMPILED = "compiled"  # a file in it, once all packages are
CONSTRAINTS = "constraints.txt"
LEARNER = ("requirements.txt",)
REPOSITORY = ("requirements.txt", "requirements-dev.txt")
INSTALLERS = ("pip", "uv")  # what installs the rest, and pip is what people expect in an environment
Runner = Callable[..., tuple[int | None, str]]  # as run_behind_live_line
PIP_FOR_OTHERS = (22, 3)  # the first version of pip that installs for another Python
UV_OPTIONS = ("--no-progress", "-c", CONSTRAINTS)
PIP_OPTIONS = ("--no-compile", "--no-input", "--disable-pip-version-check", "--progress-bar", "off", "-c", CONSTRAINTS)

# Where an interpreter and its packages are within a virtual environment.
PROGRAM = {"nt": "Scripts/python.exe"}.get(os.name, "bin/python")
PACKAGES = {"nt": "Lib/site-packages"}.get(os.name, "lib/python*/site-packages")

# Variables that would change what is installed or proved.
DISTURBING = ("PYTHONHOME", "PYTHONPATH", "PYTEST_ADDOPTS")

# How a line of pip's or uv's output begins, and what to show of it; None shows the line itself.
NEWS = (
    ("Collecting ", None),
    ("Downloading ", None),
    ("Downloaded ", None),
    ("Building ", None),
    ("Resolved ", "Choosing the versions"),
    ("Prepared ", "Unpacking everything into .venv"),
    ("Installed ", "Finishing"),
    ("Installing ", "Unpacking everything into .venv"),
    ("WARNING: Retrying ", "The internet does not answer; trying again"),
)

LONGEST = 160  # characters of the longest path in .venv, with the folder's own name; Windows may allow 260 in all
DEEP = (
    "The path of this folder has {letters} characters. That is too long: files in .venv need {longest} more, and this "
    "system does not allow so many. Move the workshop to a folder with a short path, and run the same command there."
)

LINKED = (
    ".venv is a link to a folder elsewhere, and that holds no environment for Python {version}; what is in it stays as "
    "it is. Remove the link and run the same command again, or use the Python that the folder was made with."
)


def make_ready(requirements: Sequence[str], root: Path, stream: TextIO | None = None,
               run: Runner = run_behind_live_line, wheels: Path | None = None) -> Path:
    """Make .venv hold what requirements files (their names) ask for and return its Python's path.

    Starts no program when everything is there. What is said goes to stderr, or to a stream: stdout may be for other
    programs. With a folder of wheels, no network is used. Raises Trouble when it cannot be done.
    """
    outdated = [name for name in requirements if not is_current(name, root)]
    if outdated:
        stream = stream or sys.stderr
        print("Preparing .venv, a Python for this workshop alone: some seconds to two minutes, once.", file=stream,
              flush=True)
        try:
            install(outdated, root, functools.partial(from_wheels(run, wheels), live_line=LiveLine(stream)))
        except OSError as error:
            raise Trouble(remedy_for(str(error)))
        except KeyboardInterrupt:
            raise Trouble("Stopped. What is installed so far is kept: the same command carries on from there.")
    return root / FOLDER / PROGRAM


def from_wheels(run: Runner, folder: Path | None) -> Runner:
    """Return a Runner whose pip and uv install from a folder of wheels alone. Raises Trouble if it has none.

    Without a folder it is the one that is given.
    """
    if folder is None:
        return run
    if not any(folder.glob("*.whl")):
        raise Trouble(f"{folder} has no wheels in it. Name the folder that the verb wheels has filled.")
    place = folder.resolve().as_uri()  # pip splits a path at its spaces
    alone = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": place, "PIP_CONFIG_FILE": os.devnull,
             "UV_NO_INDEX": "1", "UV_FIND_LINKS": place, "UV_NO_CONFIG": "1"}
    return lambda *words, env, **options: run(*words, env=env | alone, **options)


def refuse_deep_folder(root: Path) -> None:
    """Raise Trouble if no path can be made here that is as long as the longest in .venv."""
    outer = root / ("x" * (LONGEST // 2))
    try:
        outer.mkdir(exist_ok=True)
        (outer / outer.name).touch()
    except OSError as error:
        if isinstance(error, FileNotFoundError) or error.errno == errno.ENAMETOOLONG:
            raise Trouble(DEEP.format(letters=len(str(root)), longest=LONGEST))
        raise
    finally:
        shutil.rmtree(outer, ignore_errors=True)


def install(requirements: Sequence[str], root: Path, run: Runner) -> None:
    refuse_deep_folder(root)
    python = str(root / FOLDER / PROGRAM)
    fresh = [] if is_usable(python) else ["--clear"]
    if fresh and (root / FOLDER).is_symlink():
        raise Trouble(LINKED.format(version=python_version()))
    succeed(run, root, [sys.executable, "-m", "venv", "--without-pip", *fresh, FOLDER])
    forget_half_installed(root)
    (root / FOLDER / COMPILED).unlink(missing_ok=True)
    named = [word for name in requirements for word in ("-r", name)]
    if not install_with_uv(run, root, python, named):
        succeed(run, root, [python, "-m", "ensurepip", "--upgrade", "--default-pip"])
        succeed(run, root, [python, "-m", "pip", "install", *PIP_OPTIONS, "pip", *named])
    open_notebooks(root)
    for name in requirements:
        stamp(name, root).write_text(fingerprint(name, root), encoding="ascii")


def compile_packages(root: Path) -> None:
    """Compile what is in .venv, unless that is done: without bytecode each start of a program takes much longer."""
    with compiling(root) as process:
        if process:
            print("Making Python start faster: some seconds, once.", file=sys.stderr, flush=True)
            process.wait()


@contextlib.contextmanager
def compiling(root: Path) -> Iterator[subprocess.Popen[bytes] | None]:
    """Compile what is in .venv beside what is done in the with statement; give the process, or None if it is done.

    It takes as long as the installation itself, so people need not wait for it. What is left at the end is for the next
    time.
    """
    mark = root / FOLDER / COMPILED
    if mark.exists():
        yield None
        return
    folders = [str(folder) for folder in (root / FOLDER).glob(PACKAGES)]
    process = subprocess.Popen([root / FOLDER / PROGRAM, "-m", "compileall", "-q", *folders], env=plain_environment(),
                               stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        if process.wait() == 0:
            with contextlib.suppress(OSError):  # where many share one .venv, who may write to it has compiled it
                mark.touch()


def open_notebooks(root: Path) -> None:
    """Let .venv find what a notebook imports in its first cell, whatever folder an editor runs it in."""
    for packages in (root / FOLDER).glob(PACKAGES):
        notebooks = os.path.relpath(root / "notebooks", packages)  # a path from there, so that the folder can be moved
        (packages / "notebooks.pth").write_text(notebooks + "\n", encoding="utf-8")


def install_with_uv(run: Runner, root: Path, python: str, named: list[str]) -> bool:
    """Install with uv, which takes a quarter of pip's time; tell whether that could be done.

    It is the uv on this machine, or one that pip brings into .venv. pip tries what uv cannot do, for it may know
    another way to the packages: its settings name mirrors that uv does not read.
    """
    uv = shutil.which("uv")
    if not uv:
        if run_quietly(run, root, [*pip_for(python), "install", *PIP_OPTIONS, "uv"])[0] != 0:
            return False
        uv = str(Path(python).with_name("uv"))
    return run_quietly(run, root, [uv, "pip", "install", "--python", python, *UV_OPTIONS, "pip", *named])[0] == 0


def pip_for(python: str) -> list[str]:
    """Return how to say pip for the environment of a Python: with our own pip where it can do that."""
    import importlib.metadata  # takes longer than all else here, and few runs install anything

    with contextlib.suppress(importlib.metadata.PackageNotFoundError, ValueError):
        major, minor, *_ = importlib.metadata.version("pip").split(".")
        if (int(major), int(minor)) >= PIP_FOR_OTHERS:
            return [sys.executable, "-m", "pip", "--python", python]
    return [python, "-m", "pip"]


def run_quietly(run: Runner, root: Path, command: Sequence[str]) -> tuple[int | None, str]:
    """Run a program of an installation; return its exit status and its output."""
    variables = plain_environment(PIP_USER="0", PYTHONIOENCODING="utf-8", UV_PYTHON_DOWNLOADS="never")
    return run(command, news, cwd=root, env=variables)


def succeed(run: Runner, root: Path, command: Sequence[str]) -> None:
    status, output = run_quietly(run, root, command)
    if status != 0:
        raise Trouble(remedy_for(output))


def news(line: str) -> str:
    """Return what to show of a line of pip's or uv's output, "" for nothing."""
    for beginning, words in NEWS:
        if line.strip().startswith(beginning):
            return words or line.strip()
    return ""


def is_usable(python: str) -> bool:
    """Tell whether the interpreter at a path runs and has the version of the running one."""
    try:
        question = "import sys; print('{}.{}'.format(*sys.version_info))"
        answer = subprocess.run([python, "-c", question], capture_output=True, text=True, env=plain_environment())
    except OSError:
        return False
    return answer.stdout.strip() == python_version()


def forget_half_installed(root: Path) -> None:
    """Remove the records of packages that were interrupted while they were unpacked, so that they are unpacked again.

    pip writes INSTALLER when all other files are there, but takes a package without it for installed.
    """
    for record in (root / FOLDER).glob(PACKAGES + "/*.dist-info"):
        if not (record / "INSTALLER").exists():
            shutil.rmtree(record)


def is_current(name: str, root: Path) -> bool:
    """Tell whether what a requirements file asks for is installed in .venv, by this version of Python."""
    try:
        current = stamp(name, root).read_text(encoding="ascii") == fingerprint(name, root)
    except OSError:
        return False
    return current and (root / FOLDER / PROGRAM).exists()


def is_complete(root: Path) -> bool:
    """Tell whether .venv has the packages that learners need, whoever installed them."""
    return (root / FOLDER / PROGRAM).exists() and set(required(root)) <= installed(root).keys()


def installed(root: Path) -> dict[str, str]:
    """Return {package: version} of .venv, by the names of the folders in which pip keeps its records."""
    records = (root / FOLDER).glob(PACKAGES + "/*.dist-info")
    pairs = (record.name.removesuffix(".dist-info").split("-", 1) for record in records)
    return {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in pairs}


def required(root: Path) -> list[str]:
    """Return the packages that learners need on this system."""
    lines = [line.partition("#")[0] for name in LEARNER for line in (root / name).read_text("utf-8").splitlines()]
    wanted = [line.partition(";") for line in lines if line.strip()]
    return [name.strip().lower() for name, _, condition in wanted if not (condition and os.name == "nt")]


def stamp(name: str, root: Path) -> Path:
    return root / FOLDER / f"installed-{name}"


def fingerprint(name: str, root: Path) -> str:
    """Return what an installation depends on: the Python version, the requirements, the locked versions."""
    digest = hashlib.sha256(python_version().encode())
    for part in (name, CONSTRAINTS):
        digest.update(hashlib.sha256((root / part).read_bytes()).digest())
    return digest.hexdigest()


def plain_environment(**additions: str) -> dict[str, str]:
    """Return the environment variables but the disturbing ones, and additions."""
    return {name: text for name, text in os.environ.items() if name not in DISTURBING} | additions
