"""The run-sheets, in teaching/: what comes when on a short road, and what a teacher needs for it."""
from collections.abc import Iterator
from pathlib import Path

from dev import PROJECT
from dev.bank.versions import Version, all_versions
from dev.mistake_pages import cell
from dev.road_notebooks import short_roads
from workshop.course.notebook_hints import hints_for
from workshop.course.project import Step
from workshop.course.roads import Road
from workshop.course.schedule import clock, schedule
from workshop.pages.report import hours

LIKELY = 3  # mistakes that are shown for a step
BEGINNING = """\
# Run-sheet: {title}

{hours}, for {whom}. The learners' notebook is [{name}.ipynb](../notebooks/{name}.ipynb). Each of them begins with

    python3 -m workshop begin {name}

For the times of your clock:

    python3 -m workshop teach {name} --start 13:30

"""


def files() -> dict[Path, str]:
    """Return the run-sheets of all short roads."""
    return {PROJECT.root / "teaching" / f"{road.name}.md": page(road) for road in short_roads()}


def page(road: Road) -> str:
    """Return the run-sheet of a road."""
    length = hours(road.minutes)
    beginning = BEGINNING.format(title=road.title, hours=length[0].upper() + length[1:], whom=road.whom, name=road.name)
    return "\n".join([beginning + table(road), *words(road), *late(road), *steps(road)])


def table(road: Road) -> str:
    """Return what comes when, as a table."""
    rows = [f"| {clock(0, item.at)} | {item.minutes} | {item.who} | {cell(item.what)} | {cell(item.where)} |\n"
            for item in schedule(road, PROJECT)]
    return "".join(["| at | minutes | who | what | where |\n| --- | --- | --- | --- | --- |\n", *rows])


def words(road: Road) -> Iterator[str]:
    """Yield lines: what to say at each turn of the story."""
    yield "## What to say\n"
    yield from (f"- **{leg.title}.** {leg.say}" for leg in road.legs if leg.say)
    yield ""


def late(road: Road) -> Iterator[str]:
    """Yield lines: what to leave out, and where those who are behind catch up."""
    yield "## When it is late\n"
    yield from (f"- {leg.title}: {leg.late}" for leg in road.legs if leg.late)
    yield ("\nMinutes are what it wins. `python3 -m workshop diff 1.1 --anyway` shows the reference of a step, beside "
           "what you have of it. After a step that was shown, everybody says `python3 -m workshop catch-up 3.4`, with "
           "the number of the next step: it fills in what does not pass before it. So does whoever is behind.\n")


def steps(road: Road) -> Iterator[str]:
    """Yield the parts of the page that are about a step each."""
    yield "## The steps, and what goes wrong in them\n"
    mistakes = [version for version in all_versions() if version.kind == "mistakes"]
    for number in road.steps:
        yield section(PROJECT.steps[number], [wrong for wrong in mistakes if wrong.step.number == number][:LIKELY])


def section(step: Step, mistakes: list[Version]) -> str:
    """Return what a teacher needs for one step: the question to ask, and the likely mistakes."""
    hints = hints_for(step)
    cells = [(wrong.name.replace("_", " "), cell(wrong.reason), cell(f"{wrong.told} …")) for wrong in mistakes]
    rows = [f"| {' | '.join(row)} |\n" for row in cells]
    return "\n".join([
        f"### {step.number} `{step.name}`\n", *([f"Ask: {' '.join(hints[0].split())}\n"] if hints else []),
        "| mistake | the thought behind it | what the learner reads first |\n| --- | --- | --- |\n" + "".join(rows)
        + f"\nMore: [all mistakes of this chapter](mistakes/{step.chapter.stem}.md)\n"])
