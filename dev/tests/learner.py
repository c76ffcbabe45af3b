"""A learner's copy of the repository, and their command in it."""
import dataclasses
import shutil
import subprocess
import sys

from workshop.checking import memory
from workshop.course.bodies import replace_bodies
from workshop.course.selection import chapter_of
from workshop.course.starters import starter_of
from workshop.course.steps import ROOT, stems
from workshop.machine.containment import FINDERS, contained_environment

PARTS = ("workshop", "tests", "contract", "solutions", "notebooks", "pyproject.toml", "requirements.txt",
         "constraints.txt")
NAME = "LEARNER"  # a variable with the folder of the copy
SKIPPED = shutil.ignore_patterns("__pycache__")


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

    def environment(self, **more):
        """Return the environment (a dict) in which the learner's commands run; processes() finds them by it."""
        return contained_environment(**{NAME: str(self.folder)}, COLUMNS="80", **more)

    def processes(self):
        """Return the ids of the processes that a command has started here and that still run, where that can be seen.
        """
        return FINDERS.get(sys.platform, lambda setting: [])(f"{NAME}={self.folder}")

    def run(self, *words, **variables):
        """Run the command with words and return (exit status, what it printed as bytes)."""
        run = subprocess.run([sys.executable, "-m", "workshop", *words], cwd=self.folder, timeout=60,
                             env={**self.environment(), **variables}, stdin=subprocess.DEVNULL,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return run.returncode, run.stdout

    def say(self, *words, **variables):
        """Run the command with words and return (exit status, text)."""
        status, printed = self.run(*words, **variables)
        return status, printed.decode("utf-8")
