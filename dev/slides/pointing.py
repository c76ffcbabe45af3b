"""What a teacher points at while a picture is shown: written by hand in teaching/pictures.ini, page by page."""
from functools import cache
from pathlib import Path

from dev import PROJECT
from dev.ini_files import sections_in
from dev.slides.pictures import drawing
from workshop.machine.trouble import Trouble

PATH = PROJECT.root / "teaching" / "pictures.ini"


def points(path: str) -> tuple[str, ...]:
    """Return what to point at on each page of a picture, by its path from notebooks/. Raises Trouble."""
    found = tuple(" ".join(text.split()) for text in pictures().get(Path(path).stem, {}).values())
    pages = len(drawing(path).pages(True))
    if len(found) != pages:
        raise Trouble(f"teaching/{PATH.name} has {len(found)} keys for {Path(path).stem}, which takes {pages} pages.")
    return found


@cache
def pictures() -> dict[str, dict[str, str]]:
    """Return the sections of the file. Raises Trouble if it cannot be read."""
    return sections_in(PATH)
