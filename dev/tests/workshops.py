"""Whole workshops in folders of their own, with odd names, for tests that change the learner's files."""
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from workshop.course.steps import ROOT

PARTS = ("workshop", "solutions", "chapters", "tests", "notebooks", "pyproject.toml", "README.md", "requirements.txt",
         "requirements-dev.txt", "constraints.txt", "contract")
LEFT_OUT = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")


@dataclass(frozen=True)
class Workshop:
    """A copy of the repository, without git."""

    root: Path

    def path(self, stem):
        return self.root / "chapters" / f"{stem}.py"

    def text(self, stem):
        return self.path(stem).read_text(encoding="utf-8")

    def write(self, stem, text):
        self.path(stem).write_text(text, encoding="utf-8", newline="")

    def solve(self, *stems):
        """Let chapters be the reference."""
        for stem in stems:
            shutil.copy(self.root / "solutions" / f"{stem}.py", self.path(stem))

    def change(self, stem, old, new):
        """Replace something that is in a chapter once."""
        text = self.text(stem)
        assert text.count(old) == 1, f"{old!r} is there {text.count(old)} times"
        self.write(stem, text.replace(old, new))

    def say(self, *words, **settings):
        """Run a command of the workshop and return the finished process; settings are environment variables."""
        return subprocess.run([sys.executable, "-m", "workshop", *words], cwd=self.root, capture_output=True, text=True,
                              encoding="utf-8", errors="replace", stdin=subprocess.DEVNULL, timeout=100,
                              env=surroundings(**settings))

    def saved(self):
        """Return the contents of all saved copies (bytes)."""
        return [path.read_bytes() for path in sorted(self.root.glob(".workshop/saved/*/ch*.py"))]


def surroundings(**settings):
    """Return environment variables in which no bytecode is written and output is UTF-8 without colour."""
    return os.environ | {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONIOENCODING": "utf-8", "NO_COLOR": "1",
                         "COLUMNS": "100"} | settings


def make(folder):
    """Make a workshop in a new folder, with starters of this moment, and return it."""
    for part in PARTS:
        source = ROOT / part
        copy = shutil.copy if source.is_file() else lambda a, b: shutil.copytree(a, b, ignore=LEFT_OUT)
        folder.mkdir(parents=True, exist_ok=True)
        copy(source, folder / part)
    return Workshop(folder)
