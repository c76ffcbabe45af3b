"""A learner's copy of the repository, and their command in it."""
import dataclasses
import os
import shutil
import subprocess
import sys

from workshop import memory
from workshop.bodies import replace_bodies
from workshop.selection import chapter_of
from workshop.starters import starter_of
from workshop.steps import ROOT, stems

PARTS = ("workshop", "tests", "solutions", "notebooks", "pyproject.toml", "requirements.txt", "constraints.txt")
SKIPPED = shutil.ignore_patterns("__pycache__", "repository")


class Repository:
    """A copy of the repository, with the learner's chapters in a state of your choice."""

    def __init__(self, folder):
        self.folder = folder
        for name in PARTS:
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
            copy(ROOT / name, folder / name, **({"ignore": SKIPPED} if copy is shutil.copytree else {}))
        (folder / "chapters").mkdir()
        for stem in stems():
            self.write(stem, starter_of(stem))

    def write(self, stem, source):
        (self.folder / "chapters" / f"{stem}.py").write_text(source, encoding="utf-8")

    def solve(self, *chapters, **bodies):
        """Write chapters (their stems) as the reference has them, but for bodies: {function's name: text}."""
        for stem in chapters:
            self.write(stem, self.solved(stem, **bodies))

    def solved(self, stem, **bodies):
        """Return a chapter's source as the reference has it, but for bodies."""
        return replace_bodies((ROOT / "solutions" / f"{stem}.py").read_text(encoding="utf-8"), bodies)

    def remember(self, verdicts):
        """Let the memory have verdicts ({number: Verdict}) on the files as they are."""
        marks = memory.fingerprints(self.folder)
        entries = {number: [marks[chapter_of(number)], dataclasses.asdict(verdict)]
                   for number, verdict in verdicts.items()}
        memory.write(self.folder / memory.FILE, entries)

    def remember_anew(self):
        """Let the memory take what it has for verdicts on the files as they are."""
        self.remember({number: verdict for number, (_, verdict) in memory.read(self.folder / memory.FILE).items()})

    def run(self, *words, **variables):
        """Run the command with words and return (exit status, what it printed as bytes)."""
        environment = {**os.environ, "NO_COLOR": "1", "COLUMNS": "80", "PYTHONIOENCODING": "utf-8", **variables}
        run = subprocess.run([sys.executable, "-m", "workshop", *words], cwd=self.folder, env=environment,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, timeout=60)
        return run.returncode, run.stdout

    def say(self, *words, **variables):
        """Run the command with words and return (exit status, text)."""
        status, printed = self.run(*words, **variables)
        return status, printed.decode("utf-8")
