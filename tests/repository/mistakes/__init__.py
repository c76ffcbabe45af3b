"""The bank of mistakes: wrong versions of each step, such as people really write, and what each must be told.

Each module here holds the mistakes of one chapter and has its stem as its name. A mistake is a function: its name
says what is wrong, its docstring is the misconception behind it, its body takes the place of the step's body (so it
uses the parameters of the step, and whatever its chapter's file defines). `told` is what the learner must read: the
problem line of the first diagnosis, or the beginning of it.

    python -m tests.repository.mistakes              run them all, and show what a learner would read
    python -m tests.repository.mistakes 2.3          those of one step
"""
import importlib
import inspect
import shutil
from dataclasses import dataclass
from pathlib import Path

from workshop.bodies import body_of, replace_bodies
from workshop.steps import ROOT, all_steps

bank = []


@dataclass(frozen=True)
class Mistake:
    """One wrong version of a step."""

    number: str  # of the step
    name: str
    misconception: str
    told: str
    body: str

    @property
    def step(self):
        return all_steps()[self.number]


def mistake(number, told):
    """Put the function that follows into the bank as a mistake in the step with this number."""
    def add(function):
        body = body_of(Path(inspect.getsourcefile(function)).read_text(encoding="utf-8"), function.__name__)
        bank.append(Mistake(number, function.__name__, inspect.getdoc(function), told, body))
        return function

    return add


def all_mistakes():
    """Return the bank, with the mistakes of all chapters in it."""
    for path in sorted(Path(__file__).parent.glob("ch[0-9][0-9]_*.py")):
        importlib.import_module(f"{__name__}.{path.stem}")
    return bank


def tree_with(wrong, folder):
    """Copy the reference to folder, with a mistake in it, and return the folder."""
    for path in (ROOT / "solutions").glob("*.py"):
        shutil.copy(path, folder)
    path = Path(folder, wrong.step.path.name)
    path.write_text(replace_bodies(path.read_text(encoding="utf-8"), {wrong.step.name: wrong.body}), encoding="utf-8")
    return folder
