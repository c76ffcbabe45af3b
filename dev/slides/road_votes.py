"""The questions of a short road, numbered: those that its class votes on, and those for when there is time."""
from collections.abc import Iterator
from dataclasses import dataclass

from dev.road_notebooks import cells_on, id_on_road
from dev.slides.blocks import Block, blocks_of
from dev.slides.code_beside import with_definitions
from dev.slides.questions import Question, with_questions
from dev.slides.vote_choices import NO_VOTE, Ballot, ballot_for
from workshop.course.roads import Leg, Road
from workshop.machine.trouble import Trouble

SPARE = "if there is time"


@dataclass(frozen=True)
class Vote:
    """A question of a road, with the number that it has on the slides and in the poll."""

    number: int
    question: Question
    rank: int  # among those of its part that the class always votes on, from 1; 0 if it is for when there is time
    ballot: Ballot = NO_VOTE

    @property
    def kept(self) -> bool:
        """Whether the class always votes on it."""
        return self.rank > 0

    @property
    def name(self) -> str:
        """What it is called in a room."""
        return f"Vote {self.number}" if self.kept else f"Question {self.number}, {SPARE}"

    @property
    def answer_name(self) -> str:
        """What its answer is called: with the letter of the right choice, if there are choices."""
        return " · ".join(filter(None, [f"Answer {self.number}", self.ballot.right]))


def blocks_on(leg: Leg) -> list[Block | Question]:
    """Return the blocks and questions of a leg, behind its title; none of a break. Raises Trouble."""
    return list(with_definitions(with_questions(blocks_of(cells_on(leg)[1:]))))


def votes_of(road: Road) -> dict[str, list[Vote]]:
    """Return the questions of a road by the titles of its legs, in order. Raises Trouble."""
    found: dict[str, list[Vote]] = {}
    count = 0
    for leg in road.legs:
        found[leg.title] = list(votes_on(leg, count))
        count += len(found[leg.title])
    return found


def votes_on(leg: Leg, before: int) -> Iterator[Vote]:
    """Yield the questions of a leg, numbered behind those before. Raises Trouble if it keeps one that there is not."""
    questions = [one for one in blocks_on(leg) if isinstance(one, Question)]
    ranks = {id_on_road(leg.notebook, {"id": name}): rank for rank, name in enumerate(leg.votes, 1)}
    if others := ranks.keys() - {question.name for question in questions}:
        raise Trouble(f"{leg.title} has no question in the cell {min(others)}, which a road votes on.")
    for number, question in enumerate(questions, before + 1):
        rank = ranks.get(question.name, 0)
        yield Vote(number, question, rank, ballot_for(question.name) if rank else NO_VOTE)
