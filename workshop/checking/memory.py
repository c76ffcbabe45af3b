"""What the last checks said, kept in .workshop/verdicts.json, so that nothing is checked again that has not changed.

A verdict belongs to a fingerprint of all that it depends on: the chapter's file, those of the chapters before it, its
checks, what checks share, and the reference's list of steps. A memory that can't be read is an empty one, and one that
can't be written is none: the price is time.
"""
import contextlib
import dataclasses
import hashlib
import json
import os
from pathlib import Path

from workshop.checking.verdict import Verdict
from workshop.course.selection import chapter_of, reference
from workshop.course.steps import ROOT, stems

FILE = ".workshop/verdicts.json"


class Memory:
    """The verdicts that are remembered of a repository's chapters, and which of them still hold."""

    def __init__(self, root=ROOT):
        self.root = root
        self.remembered = read(root / FILE)
        self.fingerprints = fingerprints(root)

    def state(self, number):
        """Return what a step was when it was last checked, or None if it never was."""
        return self.remembered[number][1].state if number in self.remembered else None

    def verdict(self, number):
        """Return the Verdict on a step if nothing has changed since, else None."""
        if number in self.remembered and self.remembered[number][0] == self.fingerprints[chapter_of(number)]:
            return self.remembered[number][1]
        return None

    def broken_by(self, verdicts):
        """Return the numbers of the steps that were done when last checked and, by these verdicts, are no more."""
        return [number for number, verdict in verdicts.items()
                if self.state(number) == "done" and verdict.state != "done"]

    def keep(self, verdicts):
        """Remember verdicts ({number: Verdict}) on files that are as they were when this Memory was made."""
        now = fingerprints(self.root)
        same = [chapter for chapter, mark in self.fingerprints.items() if now[chapter] == mark]
        self.remembered |= {number: (now[chapter_of(number)], verdict)
                            for number, verdict in verdicts.items() if chapter_of(number) in same}
        write(self.root / FILE, {number: [mark, dataclasses.asdict(verdict)]
                                 for number, (mark, verdict) in self.remembered.items()})


def read(path):
    """Return {number: (fingerprint, Verdict)} from a memory file; nothing from one that is none."""
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
        found = {number: (str(mark), Verdict(**fields)) for number, (mark, fields) in entries.items()}
        return {number: pair for number, pair in found.items() if is_sound(number, pair[1])}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def is_sound(number, verdict):
    """Tell whether a Verdict that was read is one on the step with this number."""
    parts = [verdict.text, *verdict.outcomes, *verdict.others]
    return number in reference() and verdict.number == number and all(isinstance(part, str) for part in parts)


def write(path, entries):
    """Write a memory file in one go, so that there is always a whole one; leave it where that can't be done."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    with contextlib.suppress(OSError):
        path.parent.mkdir(exist_ok=True)
        fresh.write_text(json.dumps(entries, ensure_ascii=True), encoding="utf-8")
        os.replace(fresh, path)


def fingerprints(root=ROOT):
    """Return {chapter: the fingerprint (str) of what verdicts on its steps depend on}."""
    digest = hashlib.sha256()
    machinery = [*Path(root, "workshop", "checking").rglob("*.py"), *Path(root, "contract").glob("*.py")]
    for path in sorted([*machinery, *Path(root, "tests").glob("*.py")]):
        digest.update(content(path))
    found = {}
    for stem in stems():
        for tree in ("chapters", "solutions"):  # and so are those of the chapters before
            digest.update(content(root / tree / f"{stem}.py"))
        own = digest.copy()
        for path in sorted((root / "tests" / stem).glob("*.py")):
            own.update(content(path))
        found[str(int(stem[2:4]))] = own.hexdigest()[:16]
    return found


def content(path):
    """Return what stands for a file's content, all of the same size."""
    try:
        return hashlib.sha256(path.read_bytes()).digest()
    except OSError:
        return bytes(hashlib.sha256().digest_size)
