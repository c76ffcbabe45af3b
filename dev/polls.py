"""The polls, in teaching/polls: the questions of each short road's notebook, numbered, and the answers at the end."""
from collections.abc import Iterator
from pathlib import Path

from dev import PROJECT, road_notebooks
from dev.road_notebooks import short_roads
from dev.slides.blocks import LISTING, RUN, Block, blocks_of, plain
from dev.slides.questions import BUG, PREDICTION, TEST, Question, with_questions
from workshop.course import notebooks
from workshop.course.roads import Leg, Road

FOLDER = PROJECT.root / "teaching" / "polls"
NAMES = {PREDICTION: "Prediction", BUG: "Spot the bug", TEST: "Test yourself"}
BEGINNING = """\
# Poll: {title}

The questions of the notebook [{name}.ipynb](../../notebooks/{name}.ipynb) in their order. Let everybody write
down an answer, or show hands, before the cell runs. The answers are [at the end](#answers).
"""


def files() -> dict[Path, str]:
    """Return the sheets of all short roads."""
    return {FOLDER / f"{road.name}.md": sheet(road) for road in short_roads()}


def questions_of(leg: Leg) -> list[Question]:
    """Return the questions of a leg, in order. Raises Trouble."""
    if not leg.notebook:
        return []
    cells = road_notebooks.cells_of(leg, 1, notebooks.read(PROJECT, leg.notebook)["cells"])
    return [one for one in with_questions(blocks_of(cells)) if isinstance(one, Question)]


def sheet(road: Road) -> str:
    """Return the sheet of a road: questions by leg, and then the answers."""
    asked: list[Question] = []
    parts = [BEGINNING.format(title=road.title, name=road.name)]
    for leg in road.legs:
        found = questions_of(leg)
        parts += [f"## {leg.title}\n"] if found else []
        parts += [text for count, question in enumerate(found, len(asked) + 1)
                  for text in shown(question, count)]
        asked += found
    answers = [f"**{count}.** {answer(question)}\n" for count, question in enumerate(asked, 1)]
    return "\n".join([*parts, "## Answers\n", *answers])


def shown(question: Question, count: int) -> Iterator[str]:
    """Yield a question, and the code that it is about."""
    yield f"**{count}. {NAMES[question.kind]}.** {question.text}\n"
    yield from (code(block) for block in [*question.code, *([question.run] if question.run else [])])


def code(block: Block) -> str:
    """Return code as Markdown has it."""
    return f"```{block.tongue}\n{block.text}\n```\n"


def answer(question: Question) -> str:
    """Return the answer to a question."""
    return "\n\n".join(code(block).rstrip() if block.kind in (LISTING, RUN) else plain(block.text)
                       for block in question.answer)
