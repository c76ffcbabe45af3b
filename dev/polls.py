"""The polls, in teaching/polls: the questions of each short road's notebook, numbered, and the answers at the end."""
from collections.abc import Iterator
from pathlib import Path

from dev import PROJECT
from dev.road_notebooks import cells_named, numbers_of, short_roads
from dev.slides.blocks import ITEMS, LISTING, RUN, Block, items_in, plain
from dev.slides.road_votes import SPARE, Vote, votes_of
from workshop.course.roads import Road

FOLDER = PROJECT.root / "teaching" / "polls"
BEGINNING = """\
# Poll: {title}

The questions of the notebook [{name}.ipynb](../../notebooks/{name}.ipynb) in their order, with the numbers that they
have on the slides; those of the votes stand in the run-sheet too. A class votes on those that are called so, before the
cell runs, in the way that stands below the question. The others are for when there is time. The answers are
[at the end](#answers).
"""


def files() -> dict[Path, str]:
    """Return the sheets of all short roads."""
    return {FOLDER / f"{road.name}.md": sheet(road) for road in short_roads()}


def sheet(road: Road) -> str:
    """Return the sheet of a road: questions by leg, and then the answers."""
    votes, numbers = votes_of(road), numbers_of(road)
    parts = [BEGINNING.format(title=road.title, name=road.name)]
    for title, some in votes.items():
        parts += [f"## {title}\n"] if some else []
        parts += [text for vote in some for text in shown(vote, numbers)]
    answers = [f"**{vote.number}.** {letter(vote)}{answer(vote)}\n" for some in votes.values() for vote in some]
    return "\n".join([*parts, "## Answers\n", *answers])


def shown(vote: Vote, numbers: dict[str, int]) -> Iterator[str]:
    """Yield a question, and the code that it is about."""
    question = vote.question
    cells = [numbers[block.cell] for block in question.runs]
    marks = ["Vote" if vote.kept else SPARE.capitalize(), question.kind, *([cells_named(cells)] if cells else [])]
    yield f"**{vote.number}. {' · '.join(marks)}.** {question.text}\n"
    yield from [f"*{vote.ballot.how}*\n"] if vote.kept else []
    yield from (code(block) for block in [*question.code, *question.also, *question.runs])


def code(block: Block) -> str:
    """Return code as Markdown has it."""
    return f"```{block.tongue}\n{block.text}\n```\n"


def answer(vote: Vote) -> str:
    """Return the answer to a question."""
    return "\n\n".join(words(block) for block in vote.question.answer)


def letter(vote: Vote) -> str:
    """Return the right choice, as it stands before the answer to a question."""
    return f"**{vote.ballot.right}.** " if vote.ballot.right else ""


def words(block: Block) -> str:
    """Return a block of an answer as Markdown has it: code, a list, or a paragraph."""
    if block.kind in (LISTING, RUN):
        return code(block).rstrip()
    return "\n".join(f"- {item}" for item in items_in(block.text)) if block.kind == ITEMS else plain(block.text)
