"""How long a teacher prepares a short road: what is to be read, turned and run, counted, as the guide's table has it.

Words and lines of code are read at the pace of the notebooks, and each slide takes a moment to be turned and looked at.
What stands in two places is read once, and so not counted on the slides if the run-sheet has it.
"""
import re
from collections.abc import Container, Iterable, Sequence

from dev import PROJECT, run_sheets
from dev.glossary import terms
from dev.road_notebooks import short_roads
from dev.slides.blocks import plain
from dev.slides.deck import decks
from dev.slides.fitting import ASKED, Text
from dev.slides.introductions import THERE_ALREADY
from dev.slides.page import first_pages
from dev.slides.road_votes import votes_of
from dev.slides.slide import ASK, SAID, Slide
from workshop.course.notebooks import CELLS_A_MINUTE, minutes_for
from workshop.course.roads import Road

GUIDE = PROJECT.root / "teaching" / "README.md"
LAST_TABLE = "<!-- lessons -->"  # what begins the part of the guide that is looked up, in the room or afterwards
SECONDS_A_SLIDE = 4
TRYING = 4  # minutes for the server that is shown first, the board, and the run-sheet with the times of one's clock
COMMANDS = 2  # minutes for those that fill in a copy; while its cells run, one turns slides
PAPER = 2  # minutes to print the handout and the card, and to start what proves a machine
LOOKED_UP = re.compile(r"(?m)^\| mistake \|.*\n(^\|.*\n)*")  # in the room


def read_before(sheet: str) -> str:
    """Return what is read of a run-sheet before the class."""
    return LOOKED_UP.sub("", sheet)


def on_slides(slides: Iterable[Slide], sheet: str) -> list[str]:
    """Return the texts and notes of the slides that are to be read, each once, and do not stand in the run-sheet."""
    sheet = " ".join(sheet.split())
    known = {plain(term.sentence) for term in terms()}
    texts = [text for slide in slides if is_read(slide) for text in [*new_on(slide, known), *(
        note.words for note in slide.all_notes if note.kind in (SAID, ASK))]]
    return [text for text in dict.fromkeys(texts) if text not in sheet]


def is_read(slide: Slide) -> bool:
    """Tell whether a slide is read before the class: not if it is for when there is time, or for who writes a step."""
    return not slide.spare and THERE_ALREADY not in slide.small


def new_on(slide: Slide, known: Container[str]) -> list[str]:
    """Return the texts of a slide that are new to who turns it: not those known, nor the question above its answer."""
    return [piece.words for piece in slide.pieces
            if isinstance(piece, Text) and piece.look != ASKED and piece.words not in known]


def pages_of(slides: Sequence[Slide]) -> int:
    """Return how many pages are turned of slides: all but those that are not read."""
    begins = first_pages(slides)
    return sum(end - begin for slide, begin, end in zip(slides, begins, begins[1:], strict=False) if is_read(slide))


def cells_of_votes(road: Road) -> int:
    """Return how many cells the votes of a road are about."""
    return sum(len(vote.question.runs) for some in votes_of(road).values() for vote in some if vote.kept)


def minutes_of(road: Road) -> list[int]:
    """Return the minutes for each row of the guide's table."""
    guide, slides = GUIDE.read_text(encoding="utf-8").partition(LAST_TABLE)[0], decks()[road.name]
    sheet = run_sheets.page(road, slides)
    turned = minutes_for(on_slides(slides, sheet)) + pages_of(slides) * SECONDS_A_SLIDE / 60
    found = [minutes_for([guide]), TRYING, minutes_for([read_before(sheet)]), turned,
             COMMANDS + cells_of_votes(road) / CELLS_A_MINUTE, PAPER]
    return list(map(round, found))


WHAT = (
    "read this page to *Afterwards*, with the day before and the board",
    "try what *Welcome* shows, `teach` with your time, and `board` with a copy of your own",
    "read the run-sheet, but for the tables of mistakes: these are for the room",
    "turn the slides with their notes (key `n`), but for what is for when there is time (key `s`) or *there already*",
    "run the notebook, all filled in (below), and look at the cells of the votes",
    "start `test`, print handout and card (one file)",
)


def rows() -> Sequence[Sequence[str]]:
    """Return the rows of the guide's table: what one does, and the minutes that it takes for each road."""
    roads = short_roads()
    columns = [minutes_of(road) for road in roads]
    minutes = [[str(column[count]) for column in columns] for count in range(len(WHAT))]
    return [["", *(road.name for road in roads)], *([text, *each] for text, each in zip(WHAT, minutes, strict=True)),
            ["**together**", *(f"**{sum(column)}**" for column in columns)]]
