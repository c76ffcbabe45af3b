"""How the learner's steps stand: what is remembered and still holds, and the one way to check the rest."""
import contextlib
from collections.abc import Iterator
from pathlib import Path

from workshop.checking.memory import Memory
from workshop.checking.runs import check_by_chapter
from workshop.checking.verdict import Verdict, Verdicts, blame
from workshop.course.borrowed_steps import lent, surely_borrowed_in
from workshop.course.project import Project
from workshop.course.roads import begun
from workshop.course.source import read_source
from workshop.course.step_states import State
from workshop.course.step_uses import sources_of

NOT_KNOWN = State.NOT_STARTED  # what a step counts as that was never checked


class CurrentVerdicts:
    """The verdicts on the learner's steps. What has changed is checked once, and remembered."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.memory = Memory(project)
        self.road = begun(project)
        by_text = verdicts_by_text(project)
        kept = {number: self.memory.verdict(number) or by_text.get(number) for number in project.steps}
        self.known: Verdicts = {number: verdict for number, verdict in kept.items() if verdict}
        self.lost: list[str] = []  # the numbers of steps that passed when last checked, and do not any more

    def unknown(self, numbers: list[str] | None = None) -> list[str]:
        """Return those of some steps, or of all, that have to be checked before they are known."""
        return [number for number in numbers or self.project.steps if number not in self.known]

    def state(self, number: str) -> State:
        """Return what a step is, as far as is known: what it was last where it was not checked since it changed."""
        verdict = self.known.get(number)
        return verdict.state if verdict else self.memory.state(number) or NOT_KNOWN

    def states(self) -> dict[str, State]:
        return {number: self.state(number) for number in self.project.steps}

    def check_one_by_one(self, numbers: list[str]) -> Iterator[Verdicts]:
        """Check steps and yield the verdicts of one chapter after the other. Raises Trouble."""
        for verdicts in check_by_chapter(self.project, numbers):
            self.take(verdicts)
            yield verdicts

    def check(self, numbers: list[str]) -> Verdicts:
        """Check steps and return their verdicts, each with the wrong step that may be the reason. Raises Trouble."""
        for _ in self.check_one_by_one(numbers):
            pass
        return {number: self.known[number] for number in numbers if number in self.known}

    def take(self, verdicts: Verdicts) -> None:
        """Take in what checks have found, and remember it."""
        self.known |= verdicts
        blame(self.known, lambda: sources_of(self.project, self.project.learners))
        self.lost += self.memory.broken_by(verdicts)
        self.memory.keep(verdicts)


def verdicts_by_text(project: Project, folder: Path | None = None) -> Verdicts:
    """Return the verdicts that the files of a folder, usually the learner's, tell without a check.

    As far as they can be parsed, these are those on steps that are still the starter's, or known to be filled in and
    the reference's.
    """
    found: Verdicts = {}
    folder = folder or project.learners
    for chapter in project.chapters:
        with contextlib.suppress(OSError, SyntaxError, ValueError):
            path = chapter.path_in(folder)
            text = read_source(path)
            found |= {number: Verdict(number, ["passed"], borrowed=True)
                      for number in surely_borrowed_in(chapter, text, lent(folder))}
            found |= {step.number: Verdict(step.number, ["not started"])
                      for step in chapter.steps_in(text, path) if not step.started}
    return found
