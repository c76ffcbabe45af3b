"""The slides of the short roads, in teaching/slides: a page for each, made from the road and its notebook's cells."""
from pathlib import Path

from dev import PROJECT
from dev.road_notebooks import short_roads
from dev.slides.deck import decks
from dev.slides.page import page_of

FOLDER = PROJECT.root / "teaching" / "slides"


def files() -> dict[Path, str]:
    """Return the pages of all short roads."""
    return {FOLDER / f"{road.name}.html": page_of(road.title, decks()[road.name]) for road in short_roads()}
