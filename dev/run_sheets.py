"""The run-sheets, in teaching/: what comes when on a short road, and what a teacher needs for each part of it."""
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from dev import PROJECT
from dev.debriefs import debrief
from dev.mistake_pages import cell
from dev.road_notebooks import STEP, cells_named, cells_on, heading_in, numbered_legs, numbers_of, short_roads
from dev.slides.deck import decks
from dev.slides.first_step import HALF_WAY, opening
from dev.slides.page import first_pages
from dev.slides.road_votes import Vote, votes_of
from dev.slides.slide import SOLVED, Slide
from workshop.course.notebook_hints import hints_for
from workshop.course.project import Step
from workshop.course.roads import Leg, Road, begun_with
from workshop.course.schedule import Slot, clock, items_of, schedule
from workshop.pages.report import hours

COLUMNS = ("at", "minutes", "who", "what", "slides", "in the notebook", "votes")
BEGINNING = """\
# Run-sheet: {title}

{hours}, for {whom}. The learners' notebook is [{name}.ipynb](../notebooks/{name}.ipynb); the slides are
[{name}.html](slides/{name}.html). Each learner begins with `{begin}`.

The class votes on the questions of the last column; the first one stays when it is late. They are numbered as on the
slides and in the [poll](polls/{name}.md). The other questions, and cells in parentheses, are for when there is time.

"""
LATE = """\
## When it is late

Look at the clock whenever a step begins: after the time in its row, do not let them write it. A step that has begun
ends on time, or earlier when most have ✔.

To show a step, turn to its slide *solved*. Then everybody says `python3 -m workshop catch-up 3.4`, with the number of
the next step. In the last part, drop the cell behind the vote first; in *Your site*, their questions. The card stays.

| step | after | instead | wins minutes |
| --- | --- | --- | --- |"""


@dataclass
class Turn:
    """A row of the table: something that is done, and where that stands."""

    slot: Slot
    part: int = 0  # the number of the part that it begins
    sections: dict[str, list[int]] = field(default_factory=dict)  # the numbers of the cells, by their heading
    votes: list[Vote] = field(default_factory=list)
    slides: str = ""
    spare: set[int] = field(default_factory=set)  # the numbers of the cells that are for when there is time


def files() -> dict[Path, str]:
    """Return the run-sheets of all short roads."""
    return {PROJECT.root / "teaching" / f"{road.name}.md": page(road, decks()[road.name]) for road in short_roads()}


def page(road: Road, slides: Sequence[Slide]) -> str:
    """Return the run-sheet of a road, whose slides take long to make."""
    length = hours(road.minutes)
    beginning = BEGINNING.format(title=road.title, hours=length[0].upper() + length[1:], whom=road.whom, name=road.name,
                                 begin=begun_with(road))
    return "\n".join([beginning + table(road, slides), *late(road), *parts(road, slides)])


# The table.


def table(road: Road, slides: Sequence[Slide]) -> str:
    """Return what comes when, as a table, with the numbers of the slides."""
    first, *others = (texts_of(row) for row in rows(road, slides))
    first[COLUMNS.index("in the notebook")] = opening(road)
    lines = [COLUMNS, ["---"] * len(COLUMNS), first, *others]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def texts_of(row: Turn) -> list[str]:
    """Return the cells of a row, as Markdown."""
    slot = row.slot
    what = f"Part {row.part} · {slot.what}" if row.part else slot.what
    cells = {heading: cells_in_a_row(numbers, row.spare) for heading, numbers in row.sections.items()}
    where = "; ".join(heading if not named else named if slot.step else f"{heading}: {named}"
                      for heading, named in cells.items())
    numbers = [str(vote.number) for vote in sorted(row.votes, key=lambda vote: vote.rank) if vote.kept]
    return [clock(0, slot.at), str(slot.minutes), slot.who, cell(what), row.slides, cell(where), ", ".join(numbers)]


def cells_in_a_row(numbers: Sequence[int], spare: Container[int]) -> str:
    """Return how cells are named: those that always run, and in parentheses those for when there is time."""
    kept, others = ([number for number in numbers if (number in spare) is left] for left in (False, True))
    return " ".join([*([cells_named(kept)] if kept else []), *([f"({cells_named(others)})"] if others else [])])


def rows(road: Road, slides: Sequence[Slide]) -> list[Turn]:
    """Return the rows of the table of a road, in order. Raises Trouble."""
    slots = iter(schedule(road, PROJECT))
    numbers, votes = numbers_of(road), votes_of(road)
    found: list[Turn] = []
    for part, leg in numbered_legs(road):
        some = [Turn(next(slots)) for _ in items_of(leg, PROJECT)]
        if part:
            some[0].part = part
            place(some, leg, numbers, votes[leg.title])
        found += some
    number_slides(found, slides)
    return found


def place(some: list[Turn], leg: Leg, numbers: dict[str, int], votes: list[Vote]) -> None:
    """Note in the rows of a leg which cells and votes belong to each."""
    by_step = {row.slot.step: row for row in some}
    by_name = {vote.question.name: vote for vote in votes}
    row, heading = some[0], leg.title
    for one in cells_on(leg):
        if title := heading_in(one):
            step = STEP.match(title[2])
            written = step if step and step[1] in by_step else None
            row, heading = (by_step[written[1]], written[0]) if written else (row, title[2])
        row.sections.setdefault(heading, [])
        row.sections[heading] += [numbers[one["id"]]] if one["id"] in numbers else []
        if vote := by_name.get(one["id"]):
            row.votes.append(vote)
            row.spare |= set() if vote.kept else {numbers[block.cell] for block in vote.question.runs}
    first = some[0].sections
    if len(first) > 1 and not first[leg.title]:
        del first[leg.title]  # the title of the part, below which nothing is run


def number_slides(some: list[Turn], slides: Sequence[Slide]) -> None:
    """Note in rows which slides belong to each: they begin in the order of the rows."""
    pages = first_pages(slides)
    begins = [page for page, slide in zip(pages, slides, strict=False) if slide.minutes]
    for row, (begin, after) in zip(some, pairwise([*begins, pages[-1]]), strict=False):
        row.slides = str(begin) if after == begin + 1 else f"{begin} to {after - 1}"


# What stands below the table.


def late(road: Road) -> Iterator[str]:
    """Yield lines: what to leave out, and where those who are behind catch up."""
    yield LATE
    for slot in schedule(road, PROJECT):
        if slot.cut:
            yield f"| {slot.what} | {clock(0, slot.latest)} | {slot.cut.what} | {slot.cut.minutes} |"
    yield ""


def parts(road: Road, slides: Sequence[Slide]) -> Iterator[str]:
    """Yield the parts of the page that are about a leg each: what to say, and its steps."""
    solved = solved_pages(slides)
    for part, leg in numbered_legs(road):
        if leg.say:
            yield f"## Part {part} · {leg.title}\n" if part else f"## {leg.title}\n"
            yield f"{leg.say}\n"
        yield from (section(PROJECT.steps[number], solved[number]) for number in leg.write)


def solved_pages(slides: Sequence[Slide]) -> dict[str, int]:
    """Return the numbers of the slides on which steps are solved, by the steps' numbers."""
    pages = dict(zip(slides, first_pages(slides), strict=False))
    return {one.step.number: pages[after] for one, after in pairwise(slides) if one.step and after.kind == SOLVED}


def section(step: Step, page: int) -> str:
    """Return what a teacher needs for one step: what to ask, what to say in the end, and what goes wrong."""
    found = debrief(step)
    rows = [(wrong.words, cell(f"{wrong.told} …"), cell(question)) for wrong, question in found.mistakes]
    return "\n".join([
        f"### {step.number} `{step.name}`\n",
        *(f"{HALF_WAY}: {' '.join(hint.split())}\n" for hint in hints_for(step)[:1]),
        f"Solved, slide {page}: {found.say}\n",
        "| mistake | what the learner reads first | ask |", "| --- | --- | --- |",
        *(f"| {' | '.join(row)} |" for row in rows), ""])
