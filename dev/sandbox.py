"""Places to try things in: trees of chapters with other versions in them, and copies of the whole repository.

The sources of a tree are a dict from stem to text. `reference()`, `starters()` and `own()` return whole trees, and
`with_bodies()` puts other bodies into the functions of a chapter.
"""
import functools
import io
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from unittest import mock

import psutil

from dev import PROJECT
from workshop.__main__ import USUAL, build_parser
from workshop.checking import memory
from workshop.checking.verdict import Verdict
from workshop.course.borrowed_steps import with_note
from workshop.course.definitions import replace, text_of
from workshop.course.project import Project
from workshop.course.source import body_of, replace_bodies
from workshop.course.starters import starter_of
from workshop.machine.containment import contained_environment
from workshop.machine.trouble import Trouble
from workshop.terminal.line_width import fitted

PARTS = ("contract", "notebooks", "solutions", "teaching", "tests", "workshop", "README.md", "constraints.txt",
         "pyproject.toml", "requirements-dev.txt", "requirements.txt")
SKIPPED = shutil.ignore_patterns(".ipynb_checkpoints")  # compiled modules save each command from compiling its own
NAME = "SANDBOX"  # a variable of the processes in a sandbox: its folder
SECONDS = 300  # for a command: where Python starts slowly, a check alone may take 90

Sources = dict[str, str]


# Trees.


def reference() -> Sources:
    """Return the sources of the reference."""
    return {chapter.stem: chapter.reference for chapter in PROJECT.chapters}


def starters() -> Sources:
    """Return the sources of all starters."""
    return {stem: starter(source) for stem, source in reference().items()}


starter = functools.cache(starter_of)


@functools.cache
def own() -> Sources:
    """Return the sources of a learner who has written all steps: the reference, with a statement more in each body."""
    return {chapter.stem: replace_bodies(chapter.reference, {
        step.name: f"{body_of(chapter.reference, step.name)}pass" for step in chapter.steps})
        for chapter in PROJECT.chapters}


def with_bodies(sources: Sources, stem: str, bodies: Mapping[str, str]) -> Sources:
    """Return sources with other bodies ({function's name: text}) in a chapter."""
    return sources | {stem: replace_bodies(sources[stem], bodies)}


def fill(folder: str | Path, sources: Sources) -> None:
    """Write the files of a tree into a folder."""
    for stem, source in sources.items():
        Path(folder, f"{stem}.py").write_text(source, encoding="utf-8", newline="")


# The whole repository.


def noted(stem: str) -> str:
    """Return the reference of a chapter as commands fill it in: a comment in each step says that it is borrowed."""
    steps, text = PROJECT.by_stem[stem].steps, reference()[stem]
    return replace(text, {step.name: with_note(text_of(text, step.name), step.number) for step in steps})


class Sandbox:
    """A copy of the repository, with the learner's chapters in a state of your choice, and the command in it."""

    def __init__(self, root: Path) -> None:
        """Make the copy in a folder, which may be there already; all chapters are at their starters."""
        self.root = root
        (root / "chapters").mkdir(parents=True)
        for name in PARTS:
            if (PROJECT.root / name).is_dir():
                shutil.copytree(PROJECT.root / name, root / name, ignore=SKIPPED)
            else:
                shutil.copy(PROJECT.root / name, root / name)
        fill(root / "chapters", starters())
        self.made = self.marks()

    def marks(self) -> dict[Path, tuple[int, ...]]:
        """Return what tells whether anything here has changed, by path: of a folder, its permissions alone."""
        found = {}
        for folder, folders, files in os.walk(self.root):
            for path in map(Path(folder).joinpath, [*folders, *files]):
                seen = path.lstat()
                is_folder = stat.S_ISDIR(seen.st_mode)
                found[path] = (seen.st_mode, *(() if is_folder else (seen.st_ino, seen.st_size, seen.st_mtime_ns)))
        return found

    def renew(self) -> bool:
        """Put the starters back, and take away all that has come since; tell whether all is as it was made then."""
        try:
            shutil.rmtree(self.root / "chapters")
            (self.root / "chapters").mkdir()
            fill(self.root / "chapters", starters())
            now = self.marks()
            for path in sorted(now.keys() - self.made.keys()):
                if path.is_dir() and not path.is_symlink():
                    shutil.rmtree(path)
                elif os.path.lexists(path):
                    path.unlink()
        except OSError:
            return False
        chapters = {path for path in self.made if path.parent == self.root / "chapters"}
        return all(now.get(path) == mark for path, mark in self.made.items() if path not in chapters)

    def path(self, stem: str) -> Path:
        """Return the path of the learner's chapter."""
        return self.root / "chapters" / f"{stem}.py"

    def text(self, stem: str) -> str:
        """Return what the learner's chapter holds."""
        return self.path(stem).read_text(encoding="utf-8")

    def write(self, stem: str, text: str) -> None:
        """Let the learner's chapter hold a text."""
        self.path(stem).write_text(text, encoding="utf-8", newline="")

    def change(self, stem: str, old: str, new: str) -> None:
        """Replace something that is in a chapter once."""
        text = self.text(stem)
        assert text.count(old) == 1, f"{old!r} is there {text.count(old)} times"
        self.write(stem, text.replace(old, new))

    def solve(self, *chapters: str, **bodies: str) -> None:
        """Let chapters (their stems) be written by the learner, and right, but for bodies: {function's name: text}."""
        for stem in chapters:
            self.write(stem, self.solved(stem, **bodies))

    def solved(self, stem: str, **bodies: str) -> str:
        """Return a chapter's source as solve() writes it."""
        return with_bodies(own(), stem, bodies)[stem]

    def borrow(self, *chapters: str) -> None:
        """Let chapters be the reference's."""
        for stem in chapters:
            self.write(stem, reference()[stem])

    @property
    def memory(self) -> Path:
        """The file in which verdicts are remembered."""
        return Project(self.root).kept / memory.FILE

    def remember(self, verdicts: Mapping[str, Verdict]) -> None:
        """Let the memory have verdicts, by the steps' numbers, on the files as they are."""
        marks = memory.fingerprints(Project(self.root))
        memory.write(self.memory, {number: (marks[memory.chapter_number(number)], verdict)
                                   for number, verdict in verdicts.items()})

    def remember_anew(self) -> None:
        """Let the memory take what it has for verdicts on the files as they are."""
        remembered = memory.read(self.memory, Project(self.root))
        self.remember({number: verdict for number, (_, verdict) in remembered.items()})

    def saved(self) -> list[bytes]:
        """Return the contents of all copies that commands have saved."""
        return [path.read_bytes() for path in sorted(self.root.glob(".workshop/saved/*/ch*.py"))]

    def environment(self, **more: str) -> dict[str, str]:
        """Return the environment in which commands run here; processes() finds them by it."""
        own = {NAME: str(self.root), "COLUMNS": "100", **temporary_files(self.root.parent)}
        return contained_environment(**own | more)

    def processes(self) -> list[psutil.Process]:
        """Return the processes that were started here and still run."""
        return processes_with(NAME, str(self.root))

    def run(self, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run the command with words, and more variables in its environment; return the finished process."""
        return subprocess.run([sys.executable, "-m", "workshop", *words], cwd=self.root, capture_output=True, text=True,
                              encoding="utf-8", errors="replace", stdin=subprocess.DEVNULL, timeout=SECONDS,
                              env=self.environment(**variables))

    def call(self, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Do what run() does, but in this process: for tests of what a verb does, beside one of the command itself."""
        out, errors = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(errors), mock.patch.dict(os.environ, self.environment(**variables)):
            arguments = build_parser((words or (USUAL,))[0]).parse_args(words or (USUAL,))
            try:
                status = arguments.run(arguments, Project(self.root))
            except Trouble as trouble:
                errors.write(f"\n{fitted(str(trouble))}\n")
                status = 1
        return subprocess.CompletedProcess(list(words), status, out.getvalue(), errors.getvalue())

    def say(self, *words: str, **variables: str) -> tuple[int, str]:
        """Run the command as run() does; return its exit status and what it printed, errors at the end."""
        ended = self.run(*words, **variables)
        return ended.returncode, ended.stdout + ended.stderr


def temporary_files(folder: Path | str) -> dict[str, str]:
    """Return the environment variables that lead temporary files into a folder: what a killed process leaves is there.
    """
    return dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(folder))


@contextmanager
def temporary(*solved: str) -> Iterator[Sandbox]:
    """Give a sandbox in which some chapters are solved; its folder is removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="workshop-", ignore_cleanup_errors=True) as folder:
        sandbox = Sandbox(Path(folder))
        sandbox.solve(*solved)
        yield sandbox


def processes_with(variable: str, value: str) -> list[psutil.Process]:
    """Return the processes with this variable in their environment, as far as the system shows it."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            found += [process] if process.environ().get(variable) == value else []
    return found
