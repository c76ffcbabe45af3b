"""Opening the steps of a road: they are there to be written, and all others are the learner's or borrowed.

What the learner has written stays, right or wrong, in the steps of the road; a step off the road that does not pass is
filled in as catch-up does it, for the road's programs need it.
"""
from collections.abc import Collection
from dataclasses import dataclass

from workshop.checking.catching_up import Filling, filled_in
from workshop.course import definitions
from workshop.course.borrowed_steps import borrowed_in, lent, surely_borrowed_in
from workshop.course.exercise import Exercise, read_exercise
from workshop.course.project import Chapter, Project, Step
from workshop.course.roads import Road
from workshop.course.source import nodes_of
from workshop.course.starters import is_stub


@dataclass(frozen=True)
class Opening:
    """One chapter, as it is on a road."""

    own: Exercise
    text: str
    notes: list[str]  # what else was done, in a sentence each

    @property
    def chapter(self) -> Chapter:
        return self.own.chapter

    def changes(self) -> bool:
        """Tell whether the chapter is another one then."""
        return self.text != self.own.text()

    def borrowed(self) -> list[str]:
        """Return the numbers of the steps that are the reference's."""
        return borrowed_in(self.chapter, self.text, lent(self.own.path.parent))

    def open(self) -> list[str]:
        """Return the numbers of the steps that are still to be written."""
        nodes = nodes_of(self.text)
        return [step.number for step in self.chapter.steps if step.name in nodes and is_stub(nodes[step.name])]


def opened(project: Project, road: Road) -> list[Opening]:
    """Return all chapters as they are on a road; an encore is on none, and is opened with the whole. Raises Trouble."""
    if set(project.course) <= set(road.steps):
        return [with_steps_open(own, own.text(), [], project.steps) for own in map(read_exercise, project.chapters)]
    return [with_steps_open(filling.own, filling.filled(), notes_of(filling), road.steps)
            for filling in filled_in(project, project.course)]


def notes_of(filling: Filling) -> list[str]:
    """Return what was done to a chapter besides borrowing steps."""
    return [f"{filling.own.place}: {note}" for note in filling.notes]


def with_steps_open(own: Exercise, text: str, notes: list[str], numbers: Collection[str]) -> Opening:
    """Return a chapter with some steps as the learner has written them, and with starters for those not written."""
    mine = written(own)
    fresh = {step.name: mine.get(step.name) or definitions.text_of(own.chapter.starter, step.name)
             for step in own.chapter.steps if step.number in numbers and is_to_be_opened(step, text, mine)}
    return Opening(own, definitions.replace(text, fresh), notes)


def is_to_be_opened(step: Step, text: str, mine: dict[str, str]) -> bool:
    """Tell whether a step in a text is not what the learner has of it."""
    return step.name not in mine or definitions.text_of(text, step.name) != mine[step.name]


def written(own: Exercise) -> dict[str, str]:
    """Return {name: text} of the steps that the learner has written, as far as the file can be parsed.

    Those are all that no command has filled in: who types what the reference has, loses nothing.
    """
    try:
        text = own.decoded() if own.data is not None else ""
        nodes = nodes_of(text)
    except (SyntaxError, ValueError):
        return {}
    taken = surely_borrowed_in(own.chapter, text, lent(own.path.parent))
    return {step.name: definitions.text_of(text, step.name) for step in own.chapter.steps
            if step.name in nodes and not is_stub(nodes[step.name]) and step.number not in taken}
