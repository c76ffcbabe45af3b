"""The pictures on slides: the drawings of the notebooks, whole, and enlarged piece by piece where they are tall."""
import math
import re
from dataclasses import dataclass
from pathlib import Path

from dev import PROJECT

STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
DARK = re.compile(r"@media \(prefers-color-scheme:dark\)\{.*?\}\s*\}", re.DOTALL)
SHAPE = re.compile(r'<svg [^>]*?viewBox="0 0 (\d+) (\d+)"[^>]*>')
TALL, OVERLAP = 400, 24  # of a picture: the height that can be read from the back of a room, and what is shown twice


@dataclass(frozen=True)
class Drawing:
    """A picture as SVG."""

    name: str
    width: int
    height: int
    shapes: str  # what it consists of, with its title and description
    style: str

    @property
    def whole(self) -> str:
        """The picture, as one part of a page that others can refer to."""
        return (f'<svg class="wsgi-picture" viewBox="0 0 {self.width} {self.height}" role="img" '
                f'aria-labelledby="{self.name}-title {self.name}-description">\n'
                f'<g class="wsgi-picture" id="{self.name}">{self.shapes}</g></svg>')

    @property
    def again(self) -> str:
        """The picture once more, on a page that has it already."""
        return self.window(0, self.height)

    @property
    def windows(self) -> list[str]:
        """The picture from top to bottom, enlarged; nothing if it can be read as it is."""
        count = math.ceil(self.height / TALL)
        edges = [round(self.height * part / count) for part in range(count + 1)]
        pairs = zip(edges, edges[1:], strict=False)
        return [self.window(max(0, top - OVERLAP), min(self.height, bottom + OVERLAP)) for top, bottom in pairs
                if count > 1]

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
