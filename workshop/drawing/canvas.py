"""What the pictures are drawn with: a canvas for boxes, lines and labels.

A label is one line of text in which `code` stands between backticks; \\r\\n and ␣ in code get a colour of their own.
Fonts differ from machine to machine, so the width of a label is estimated by the widest that browsers fall back on, and
a label is always drawn with the room that it has: the tests compare the two.
"""
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from workshop.drawing.style import SIZES, style

LINE = 20  # from one line of text to the next
MARGIN = 14  # that a picture leaves free on each side
BOLD = 1.13  # how much wider names are, being bold
WIDTHS = {  # of a character in em, in DejaVu Sans, with a little to spare
    "ijl.,:;'|": 0.34, " frt()[]/\\-·!": 0.42, "mwMW@": 1.0, "+=%": 0.96,
}
EM = {character: width for characters, width in WIDTHS.items() for character in characters}
UPPER, OTHER, MONOSPACED, FOREIGN = 0.79, 0.65, 0.61, 1.0
BEYOND = "\u2000"  # characters from here on may come from another font
INVISIBLE = re.compile(r"(\\r\\n)+|␣")  # bytes that a label makes visible

Point = tuple[float, float]


def width_of_character(character: str) -> float:
    """Return an estimate of a character's width in em, in the widest sans-serif font to be expected."""
    if character >= BEYOND:
        return FOREIGN
    return EM.get(character, UPPER if character.isupper() else OTHER)


def width_of(text: str, style: str = "text") -> float:
    """Return an estimate of the width in px of a label."""
    width = 0.0
    for position, part in enumerate(text.split("`")):
        if position % 2:
            width += SIZES["code"] * sum(FOREIGN if character >= BEYOND else MONOSPACED for character in part)
        else:
            width += SIZES[style] * sum(map(width_of_character, part)) * (BOLD if style == "name" else 1)
    return width


def marked_up(text: str) -> str:
    """Return a label as SVG: code in tspans, and what is invisible there in tspans of its own."""
    parts = escape(text).split("`")
    for position in range(1, len(parts), 2):
        code = INVISIBLE.sub(r'<tspan class="w-mark">\g<0></tspan>', parts[position])
        parts[position] = f'<tspan class="w-code">{code}</tspan>'
    return "".join(parts)


@dataclass(frozen=True)
class Label:
    """A label as it was drawn, for the tests."""

    text: str
    left: float  # where it begins, by the estimate
    width: float  # by the estimate
    room: float


class Canvas:
    """One picture. Coordinates are px; `kind` is one of KINDS, or "" for none in particular."""

    def __init__(self, name: str, title: str, description: str, width: float, height: float = 0) -> None:
        self.name, self.title, self.description = name, title, " ".join(description.replace("`", "").split())
        self.width, self.height = width, height
        self.parts: list[str] = []
        self.labels: list[Label] = []

    def box(self, x: float, y: float, width: float, height: float, kind: str, extra: str = "", radius: int = 6) -> None:
        """Draw a rectangle with its upper left corner at x and y."""
        classes = f"w-{kind} {extra}".strip()
        self.parts.append(
            f'<rect class="{classes}" x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="{radius}"/>')

    def boxes(self, places: Iterable[tuple[float, float, float, float]], kind: str, extra: str = "") -> None:
        """Draw many rectangles of one kind, (x, y, width, height) each, with square corners, as one path."""
        classes = f"w-{kind} {extra}".strip()
        path = "".join(f"M{x:g} {y:g}h{width:g}v{height:g}h-{width:g}z" for x, y, width, height in places)
        self.parts.append(f'<path class="{classes}" d="{path}"/>')

    def label(self, x: float, y: float, text: str, room: float, style: str = "text", anchor: str = "start") -> None:
        """Draw a label with its base line at y, that has so much room; anchor says which end of it is at x."""
        width = width_of(text, style)
        left = x - width * {"start": 0, "middle": 0.5, "end": 1}[anchor]
        self.labels.append(Label(text, left, round(width, 6), round(room, 6)))  # sums differ by Python
        where = "" if anchor == "start" else f' text-anchor="{anchor}"'
        self.parts.append(f'<text class="w-{style}" x="{x:g}" y="{y:g}"{where}>{marked_up(text)}</text>')

    def labels_in(self, x: float, y: float, width: float, lines: Iterable[str], style: str = "text",
                  anchor: str = "middle") -> None:
        """Draw lines one below the other, the first one's top at y, in a column of this width that begins at x."""
        place = {"start": x, "middle": x + width / 2, "end": x + width}[anchor]
        for position, text in enumerate(lines):
            self.label(place, y + 15 + LINE * position, text, width, style, anchor)

    def line(self, points: Iterable[Point], kind: str = "", extra: str = "") -> None:
        """Draw a line through points."""
        path = " ".join(f"{x:g} {y:g}" for x, y in points)
        classes = " ".join(["w-line", *(f"w-{word}" for word in (kind, extra) if word)])
        self.parts.append(f'<path class="{classes}" d="M{path}"/>')

    def arrow(self, points: Sequence[Point], kind: str = "", extra: str = "") -> None:
        """Draw a line through points with a tip at the last; its last part is level or upright."""
        *_, (x0, y0), (x, y) = points
        dx, dy = (x > x0) - (x < x0), (y > y0) - (y < y0)
        back = (x - 9 * dx, y - 9 * dy)
        self.line([*points[:-1], back], kind, extra)
        classes = f"w-tip w-{kind}" if kind else "w-tip"
        corners = [(back[0] - 4.5 * dy, back[1] - 4.5 * dx), (x, y), (back[0] + 4.5 * dy, back[1] + 4.5 * dx)]
        tip = " ".join(f"{x:g} {y:g}" for x, y in corners)
        self.parts.append(f'<path class="{classes}" d="M{tip}z"/>')

    def svg(self) -> str:
        """Return the file."""
        name, width, height = self.name, self.width, self.height
        parts = "\n".join(self.parts)
        return f"""\
<svg xmlns="http://www.w3.org/2000/svg" class="wsgi-picture" viewBox="0 0 {width:g} {height:g}" width="{width:g}" \
height="{height:g}" role="img" aria-labelledby="{name}-title {name}-description">
<title id="{name}-title">{escape(self.title)}</title>
<desc id="{name}-description">{escape(self.description)}</desc>
<style>
{style()}
</style>
<rect class="w-paper" x=".5" y=".5" width="{width - 1:g}" height="{height - 1:g}" rx="8"/>
{parts}
</svg>
"""
