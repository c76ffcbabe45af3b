"""The slides that a leg of a road adds to its title: whose the site is at the end, and what is asked on the way out."""
from collections.abc import Callable, Iterator

from dev import PROJECT
from dev.slides.blocks import ITEMS, blocks_in, items_in
from dev.slides.fitting import ITEM, Text
from dev.slides.slide import Slide, text_slides
from workshop.course.project import Chapter
from workshop.course.roads import Road
from workshop.course.step_states import State
from workshop.machine.trouble import Trouble
from workshop.terminal.marks import MARKS

GUIDE = PROJECT.root / "teaching" / "README.md"
BEFORE_YOU_GO = "Three lines before you go"
CARD = "## Afterwards\n"  # the heading in the guide below which the card's lines stand


def added(name: str, road: Road) -> Iterator[Slide]:
    """Return the slides of a name that a leg adds. Raises Trouble if there are none of that name."""
    if name not in ADDED:
        raise Trouble(f"A leg of {road.name} adds {name}: there is only {', '.join(ADDED)}.")
    return ADDED[name](road)


def owners(road: Road) -> Iterator[Slide]:
    """Yield the slide that says which functions the class has written, and which are borrowed."""
    counts = f"{len(road.steps)} functions are yours, {len(PROJECT.course) - len(road.steps)} are borrowed:"
    items = [Text(owners_in(chapter, road), ITEM) for chapter in PROJECT.chapters
             if chapter.steps and not chapter.is_encore]
    yield from text_slides("Yours, and borrowed", [Text(counts), *items])


def owners_in(chapter: Chapter, road: Road) -> str:
    """Return the names of the functions of a chapter that are written on a road, and how many are borrowed."""
    names = ", ".join(f"`{step.name}`" for step in chapter.steps if step.number in road.steps)
    borrowed = sum(step.number not in road.steps for step in chapter.steps)
    yours = f"{MARKS[State.YOURS]} {names}; " if names else ""
    return f"Chapter {chapter.number}: {yours}{MARKS[State.BORROWED]} {borrowed} {'more' if names else 'functions'}"


def card(road: Road) -> Iterator[Slide]:
    """Yield the slide with the lines of the feedback card."""
    yield from text_slides(BEFORE_YOU_GO, [Text(line, ITEM) for line in card_lines()], "On your card")


def card_lines() -> list[str]:
    """Return the lines of the feedback card, as the guide has them."""
    text = GUIDE.read_text(encoding="utf-8").partition(CARD)[2].partition("\n## ")[0]
    return items_in(next(block.text for block in blocks_in(text) if block.kind == ITEMS))


ADDED: dict[str, Callable[[Road], Iterator[Slide]]] = {"owners": owners, "card": card}
