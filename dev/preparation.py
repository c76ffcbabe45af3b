"""How long a teacher prepares a short road: what is to be read, counted, as the guide's table has it.

Words and lines of code are read at the pace of the notebooks. What stands in two places is read once, and so not
counted on the slides if the run-sheet has it.
"""
import math
import re
from collections.abc import Iterable, Sequence

from dev import PROJECT, run_sheets
from dev.road_notebooks import short_roads
from dev.slides.deck import EXERCISE, WORDS, Slide, deck
from dev.slides.fitting import ASKED, Text
from workshop.course.notebooks import FENCED, LINES_A_MINUTE, NO_WORDS, WORDS_A_MINUTE
from workshop.course.roads import Road

GUIDE = PROJECT.root / "teaching" / "README.md"
FIRST_PART = "## The day before"  # the heading in the guide that ends what is read first
RUNNING = 8  # minutes for the commands, and for looking at what the cells show
TIMES = re.compile(r"At \d\d:\d\d, |Likely mistakes: ")  # beginnings of notes that are read in the room


def words_in(text: str) -> int:
    """Return how many words a text in Markdown has: what has no letter and no digit is none."""
    return sum(any(map(str.isalnum, word)) for word in NO_WORDS.sub("", text).split())


def minutes_for(texts: Iterable[str]) -> int:
    """Return how long texts in Markdown are read, with the code in them, in minutes that are begun."""
    whole = "\n\n".join(texts)
    lines = sum(bool(line.strip()) for code in FENCED.findall(whole) for line in code.splitlines())
    return math.ceil(words_in(whole) / WORDS_A_MINUTE + lines / LINES_A_MINUTE)


def on_slides(road: Road, sheet: str) -> list[str]:
    """Return the texts and notes of the slides of a road that are to be read, and do not stand in its run-sheet."""
    sheet = " ".join(sheet.split())
    texts = [text for slide in deck(road) if is_read(slide)
             for text in [*(piece.words for piece in slide.pieces if isinstance(piece, Text) and piece.look != ASKED),
                          *(note for note in slide.notes if not TIMES.match(note))]]
    return [text for text in texts if text.removeprefix("Ask: ") not in sheet]


def is_read(slide: Slide) -> bool:
    """Tell whether a slide is read when one prepares: the terms are known, and exercises stand in the run-sheet."""
    return not slide.spare and slide.kind != EXERCISE and not (slide.kind == WORDS and slide.title == "Words")


def minutes_of(road: Road) -> list[int]:
    """Return the minutes for the guide's first part, the run-sheet, the slides, and the notebook that runs."""
    guide, sheet = GUIDE.read_text(encoding="utf-8").partition(FIRST_PART)[0], run_sheets.page(road)
    return [minutes_for([guide]), minutes_for([sheet]), minutes_for(on_slides(road, sheet)), RUNNING]


def rows() -> Sequence[Sequence[str]]:
    """Return the rows of the guide's table: what one does, and the minutes that it takes for each road."""
    roads = short_roads()
    what = ["read this page as far as *The day before*",
            "read the run-sheet of your road: the table, and what you say and ask in each part",
            "turn the slides, with their notes (key `n`): what the run-sheet does not have, but no code, no slides "
            "*Words*, and nothing that is for when there is time",
            "run the notebook of the road, all filled in (below), and look at the cells of the votes"]
    columns = [minutes_of(road) for road in roads]
    minutes = [[str(column[count]) for column in columns] for count in range(len(what))]
    return [["", *(road.name for road in roads)], *([text, *each] for text, each in zip(what, minutes, strict=True)),
            ["**together**", *(f"**{sum(column)}**" for column in columns)]]
