"""Noticing that files have changed, by looking at them: it works on every system, disk and editor.

Most looks ask for time, size and inode alone. Some disks know the time to two seconds only, and two saves may fall into
one tick of a clock: so now and then the contents are compared.
"""
import hashlib
import os
import time
from pathlib import Path

from workshop.checking.memory import shared_by_all
from workshop.course.project import Project

PAUSE = 0.02  # seconds between two looks, at least
SETTLE = 0.01  # seconds without a further change, before a change counts as complete
PATIENCE = 0.3  # seconds that this may take: an editor may delete a file before it writes the new one
THOROUGH = 1.0  # seconds between two comparisons of contents


Mark = tuple[int, int, int]  # time, size and inode


class FileWatcher:
    """The learner's chapters, and what the checks are made of."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.compared = self.looked = 0.0
        self.paths = self.chapters() + self.support()
        self.marks = self.look()
        self.contents = self.read()

    def chapters(self) -> list[Path]:
        return [chapter.path for chapter in self.project.chapters]

    def support(self) -> list[Path]:
        """Return the files that the checks are made of, as they are found now."""
        tests = (self.project.root / "tests").glob("*/*.py")
        return sorted([*shared_by_all(self.project), *tests, *self.project.solutions.glob("ch*.py")])

    def look(self) -> dict[Path, Mark | None]:
        """Return {path: its time, size and inode, None where there is no file}."""
        self.looked = time.monotonic()
        return {path: mark_of(path) for path in self.paths}

    def read(self) -> dict[Path, bytes | None]:
        """Return {path: what stands for its content}, files that are new included."""
        self.compared = time.monotonic()
        self.paths = self.chapters() + self.support()
        return {path: digest_of(path) for path in self.paths}

    def changed(self) -> set[Path]:
        """Return the paths whose contents have changed since this was last asked, once that is complete."""
        if time.monotonic() - self.looked < PAUSE:
            return set()
        marks = self.look()
        if marks == self.marks and time.monotonic() - self.compared < THOROUGH:
            return set()
        before = self.contents
        if marks == self.marks:
            self.contents = self.read()
            self.marks = {path: marks[path] if path in marks else mark_of(path) for path in self.paths}
        else:
            marks = self.settled(marks)
            touched = {path for path in marks if marks[path] != self.marks.get(path)}
            self.marks, self.contents = marks, before | {path: digest_of(path) for path in touched}
        return {path for path in before.keys() | self.contents.keys() if before.get(path) != self.contents.get(path)}

    def settled(self, marks: dict[Path, Mark | None]) -> dict[Path, Mark | None]:
        """Return what look() gives when it gives the same twice, and no chapter is missing, or patience is at its end.
        """
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            time.sleep(SETTLE)
            before, marks = marks, self.look()
            if before == marks and all(marks[path] for path in self.chapters()):
                break
        return marks


def mark_of(path: Path) -> Mark | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def digest_of(path: Path) -> bytes | None:
    try:
        return hashlib.sha256(path.read_bytes()).digest()
    except OSError:
        return None
