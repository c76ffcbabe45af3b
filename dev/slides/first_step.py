"""How a class begins, and how a learner works on a step: said before the first one."""
from collections.abc import Iterator

from dev.slides.fitting import ITEM, Text
from dev.slides.slide import Slide, text_slides
from workshop.course.roads import Road
from workshop.course.step_states import State
from workshop.terminal.marks import MARKS

HALF_WAY = "Half-way, ask"  # before a hint: the first half of a step's minutes is silent
WORK = (
    "Find the function. The text below its name is the task.",
    "Replace the line that begins with `raise`. Save.",
    "Run the check: its cell, or the command. Change, save, check again.",
)


def opening(road: Road) -> str:
    """Return what everybody does first in the notebooks, without a stop."""
    return f"Open `notebooks/{road.name}.ipynb`, and run cell 1"


def how_to_work() -> Iterator[Slide]:
    """Yield the slide that says how one works, and what the marks of steps mean."""
    marks = " · ".join(f"{MARKS[state]} {state}" for state in State)
    texts = [*(Text(line, ITEM) for line in WORK), Text(f"The marks: {marks}."),
             Text(f"What `catch-up` fills in is {MARKS[State.BORROWED]}.")]
    yield from text_slides("How you work", texts, "Before the first step")
