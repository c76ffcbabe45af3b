"""What the last checks said, kept in .workshop/verdicts.json, so that nothing is checked again that has not changed.

A verdict belongs to a fingerprint of all that it depends on: the chapter's file, those of the chapters before it, its
checks, what checks share, and the reference. A memory that cannot be read counts as empty. Where it cannot be written,
everything is checked again each time.
"""
import contextlib
import dataclasses
import hashlib
import json
from pathlib import Path

from workshop.checking.verdict import Verdict
from workshop.course.project import Project
from workshop.course.step_states import State
from workshop.files import replacing

FILE = "verdicts.json"
Remembered = dict[str, tuple[str, Verdict]]  # step number -> fingerprint, verdict


class Memory:
    """The verdicts that are remembered of a project's chapters, and which of them still hold."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.path = project.kept / FILE
        self.remembered = read(self.path, project)
        self.fingerprints = fingerprints(project)

    def state(self, number: str) -> State | None:
        """Return what a step was when it was last checked, or None if it never was."""
        return self.remembered[number][1].state if number in self.remembered else None

    def verdict(self, number: str) -> Verdict | None:
        """Return the Verdict on a step if nothing has changed since, else None."""
        if number in self.remembered and self.remembered[number][0] == self.fingerprints[chapter_number(number)]:
            return self.remembered[number][1]
        return None

    def broken_by(self, verdicts: dict[str, Verdict]) -> list[str]:
        """Return the numbers of the steps that passed when last checked and, by these verdicts, do not any more."""
        return [number for number, verdict in verdicts.items()
                if (before := self.state(number)) and before.passes and not verdict.state.passes]

    def keep(self, verdicts: dict[str, Verdict]) -> None:
        """Remember verdicts on files that are as they were when this Memory was made."""
        now = fingerprints(self.project)
        same = [chapter for chapter, mark in self.fingerprints.items() if now[chapter] == mark]
        self.remembered |= {number: (now[chapter_number(number)], verdict)
                            for number, verdict in verdicts.items() if chapter_number(number) in same}
        write(self.path, self.remembered)


def chapter_number(number: str) -> str:
    """Return the number of a step's chapter: "2" for "2.3"."""
    return number.partition(".")[0]


def read(path: Path, project: Project) -> Remembered:
    """Return what a memory file holds; nothing where it cannot be read as one."""
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
        found = {number: (str(mark), Verdict(**fields)) for number, (mark, fields) in entries.items()}
        return {number: pair for number, pair in found.items() if is_sound(number, pair[1], project)}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def is_sound(number: str, verdict: Verdict, project: Project) -> bool:
    """Tell whether a Verdict that was read is one on the step with this number."""
    parts = [verdict.text, *verdict.outcomes, *verdict.others]
    return number in project.steps and verdict.number == number and all(isinstance(part, str) for part in parts)


def write(path: Path, remembered: Remembered) -> None:
    """Write a memory file in one go, so that there is always a whole one; leave it where that cannot be done."""
    entries = {number: [mark, dataclasses.asdict(verdict)] for number, (mark, verdict) in remembered.items()}
    with contextlib.suppress(OSError):
        path.parent.mkdir(exist_ok=True)
        replacing.replace(path, json.dumps(entries, ensure_ascii=True).encode())


def fingerprints(project: Project) -> dict[str, str]:
    """Return the fingerprint of what verdicts on the steps of each chapter depend on, by the chapter's number."""
    digest = hashlib.sha256()
    for path in shared_by_all(project):
        digest.update(content(path))
    found = {}
    for chapter in project.chapters:
        for path in (chapter.path, chapter.path_in(project.solutions)):  # and so are those of the chapters before
            digest.update(content(path))
        own = digest.copy()
        for path in sorted(chapter.checks.glob("*.py")):
            own.update(content(path))
        found[chapter.number] = own.hexdigest()[:16]
    return found


def shared_by_all(project: Project) -> list[Path]:
    """Return the files that the checks of all chapters are made of."""
    own = project.root / Path(__file__).parent.relative_to(Project.here().root)
    folders = (project.root / "tests", project.root / "contract" / "src" / "wsgi_contract")
    return sorted([*own.rglob("*.py"), *(path for folder in folders for path in folder.glob("*.py"))])


def content(path: Path) -> bytes:
    """Return what stands for a file's content, all of the same size."""
    try:
        return hashlib.sha256(path.read_bytes()).digest()
    except OSError:
        return bytes(hashlib.sha256().digest_size)
