"""The pictures on slides: the drawings of the notebooks, whole where all their letters can be read, else in pieces.

A picture is cut where no line of text stands, and where few of its boxes are cut.
"""
import math
import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from dev import PROJECT

STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
DARK = re.compile(r"@media \(prefers-color-scheme:dark\)\{.*?\}\s*\}", re.DOTALL)
SHAPE = re.compile(r'<svg [^>]*?viewBox="0 0 (\d+) (\d+)"[^>]*>')
TEXT = re.compile(r'<text [^>]*?\by="([\d.]+)"')
BOX = re.compile(r'<rect [^>]*?\by="([\d.]+)"[^>]*? height="([\d.]+)"')
SIZE = re.compile(r"font-size:(\d+)px")
ROOM = 672  # pixels of a slide that a picture is high at the most
READABLE = 22  # pixels of the smallest letters, as on a slide with code
ABOVE, BELOW = 15, 6  # what letters take above and below their line
CUT_BOX, FARTHEST = 20, 40  # how much farther a cut may be to go through one box less; and at the most


@dataclass(frozen=True)
class Drawing:
    """A picture as SVG."""

    name: str
    width: int
    height: int
    shapes: str  # what it consists of, with its title and description
    style: str

    @property
    def with_shapes(self) -> str:
        """The first piece, with all shapes of the picture, to which the others refer."""
        return (f'<svg class="wsgi-picture" viewBox="0 0 {self.width} {self.edges[1]}" role="img" '
                f'aria-labelledby="{self.name}-title {self.name}-description">\n'
                f'<g class="wsgi-picture" id="{self.name}">{self.shapes}</g></svg>')

    def pages(self, is_new: bool) -> list[str]:
        """Return the picture from top to bottom, in as many pieces as it takes to read it.

        On a page that does not have it yet, the first has all its shapes.
        """
        found = [self.window(top, bottom) for top, bottom in pairwise(self.edges)]
        return [self.with_shapes, *found[1:]] if is_new else found

    @property
    def edges(self) -> list[int]:
        """The heights between which its pieces stand, from 0 on."""
        smallest = min(map(int, SIZE.findall(self.style)))
        count = math.ceil(self.height * READABLE / (smallest * ROOM))
        return [0, *(self.cut_near(round(self.height * part / count)) for part in range(1, count)), self.height]

    def cut_near(self, ideal: int) -> int:
        """Return the height where a cut goes through no text, and through as few boxes as there may be, near to one."""
        texts = [(float(line) - ABOVE, float(line) + BELOW) for line in TEXT.findall(self.shapes)]
        boxes = [(float(top), float(top) + float(height)) for top, height in BOX.findall(self.shapes)]

        def cost(height: int) -> float:
            return abs(height - ideal) + CUT_BOX * sum(top < height < bottom for top, bottom in boxes)

        near = range(ideal - FARTHEST, ideal + FARTHEST)
        free = [height for height in near if not any(top < height < bottom for top, bottom in texts)]
        return min(free, key=cost)

    def window(self, top: int, bottom: int) -> str:
        """Return the picture from one height to another."""
        return (f'<svg class="wsgi-picture" viewBox="0 {top} {self.width} {bottom - top}" aria-hidden="true">'
                f'<use href="#{self.name}"/></svg>')


def drawing(path: str) -> Drawing:
    """Return a picture by its path from notebooks/."""
    file = PROJECT.root / "notebooks" / path
    text = file.read_text(encoding="utf-8")
    shape, style = SHAPE.search(text), STYLE.search(text)
    assert shape and style, f"{path} is not drawn like the others"
    shapes = STYLE.sub("", text[shape.end():]).strip().removesuffix("</svg>")
    return Drawing(Path(path).stem, int(shape[1]), int(shape[2]), shapes, DARK.sub("", style[1]).strip())
