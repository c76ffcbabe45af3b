"""What fits on a slide: the heights of texts and of code at sizes that are read from the back of a room.

All is counted in pixels of a slide of 1280 × 720. The widths of letters are those of common fonts, rounded up, so that
what fits here fits with other fonts too.
"""
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import TypeVar

WIDTH, HEIGHT = 1160, 530  # of what stands below the title
TEXT_SIZES, CODE_SIZES, SMALL = (44, 40, 36, 32, 30), (28, 26, 24, 22), 26  # of letters: the largest that fits is taken
TEXT_LEADING, CODE_LEADING = 1.35, 1.3
TEXT_LETTER, CODE_LETTER = 0.53, 0.61  # the width of a letter, in sizes
GAP, PADDING = 22, 24  # between two pieces; above and below code, together
BESIDE, INDENT = 8, 4  # letters beside code, for its numbers; and of a line that goes on
LESS = 4  # pixels that letters of code are made smaller so that no line is broken
MARKS = re.compile(r"\*\*|\*(?=\w)|(?<=\w)\*")
ITEM, ASKED = "item", "asked"  # the looks of a text: an item of a list; a question from before, in small letters
Line = tuple[int | None, str]  # the number of a line of code, and the line
Any = TypeVar("Any")


@dataclass(frozen=True)
class Text:
    """A paragraph in Markdown, or an item of a list."""

    words: str
    look: str = ""  # ITEM or ASKED


@dataclass(frozen=True)
class Listing:
    """Some lines of code, each with its number; None where it has none."""

    lines: tuple[Line, ...]
    tongue: str = "python"
    marked: frozenset[int] = frozenset()  # the numbers of lines that stand out


Piece = Text | Listing


@dataclass(frozen=True)
class Sizes:
    """The sizes of letters on a slide."""

    text: int = TEXT_SIZES[0]
    code: int = CODE_SIZES[0]


SMALLEST = Sizes(TEXT_SIZES[-1], CODE_SIZES[-1])


@cache
def width(text: str) -> float:
    """Return how many letters of code a text is wide: Chinese ones count as two."""
    return sum(1 + (unicodedata.east_asian_width(letter) in "WF") for letter in text)


def filled_lines(words: Iterable[float], room: float, begin: float = 0, indent: float = 0) -> int:
    """Return how many lines words of these widths take, with a space between two.

    The first line begins so many letters from the left, the later ones at indent.
    """
    lines, filled = 1, begin
    for long in words:
        if filled > begin and filled + 1 + long > room:
            lines, filled, begin = lines + 1, indent, indent
        filled += long + (1 if filled > begin else 0)
    return lines


def text_lines(words: str, size: int) -> int:
    """Return how many lines a paragraph takes."""
    widths = (width(word.replace("`", "")) * (CODE_LETTER / TEXT_LETTER if "`" in word else 1)
              for word in MARKS.sub("", words).split(" "))
    return filled_lines(widths, WIDTH / (size * TEXT_LETTER))


def code_lines(code: Listing, size: int) -> int:
    """Return how many lines code takes, long ones broken."""
    room = WIDTH / (size * CODE_LETTER) - BESIDE
    return sum(filled_lines(map(width, line.split()), room, indent_of(line) - INDENT, indent_of(line))
               for _, line in code.lines)


def indent_of(line: str) -> int:
    """Return where a long line of code goes on in the next one: how many letters from the left."""
    return len(line) - len(line.lstrip()) + INDENT


@cache
def height(piece: Piece, sizes: Sizes) -> float:
    """Return the height of a piece."""
    if isinstance(piece, Text):
        size = SMALL if piece.look == ASKED else sizes.text
        return text_lines(piece.words, size) * size * TEXT_LEADING
    return code_lines(piece, sizes.code) * sizes.code * CODE_LEADING + PADDING


def whole_height(pieces: Sequence[Piece], sizes: Sizes) -> float:
    """Return the height of pieces, one below the other."""
    return sum(height(piece, sizes) for piece in pieces) + GAP * (len(pieces) - 1)


def sizes_for(pieces: Sequence[Piece], room: int = HEIGHT) -> Sizes | None:
    """Return the largest sizes at which pieces fit on one slide, or None; a little less keeps lines of code whole."""
    pairs = sorted(product(TEXT_SIZES, CODE_SIZES), key=lambda pair: pair[0] + 3 * pair[1], reverse=True)
    found = [sizes for pair in pairs if whole_height(pieces, sizes := Sizes(*pair)) <= room]
    whole = (sizes for sizes in found if sizes.code >= found[0].code - LESS and not breaks(pieces, sizes.code))
    return next(whole, found[0] if found else None)


def breaks(pieces: Sequence[Piece], size: int) -> bool:
    """Tell whether a line of code is broken at a size."""
    return any(code_lines(piece, size) > len(piece.lines) for piece in pieces if isinstance(piece, Listing))


def portions(things: Sequence[Any], fit: Callable[[Sequence[Any]], bool]) -> list[list[Any]]:
    """Return things as few lists that fit, in order, about equally long; one thing alone is taken as it is."""
    for count in range(1, len(things) + 1):
        edges = [round(len(things) * edge / count) for edge in range(count + 1)]
        found = [list(things[begin:end]) for begin, end in zip(edges, edges[1:], strict=False)]
        if all(map(fit, found)):
            return found
    return [[thing] for thing in things]


def parts_of_code(code: Listing) -> list[Listing]:
    """Return code as pieces that fit on a slide each."""
    cut: list[list[Line]] = portions(
        code.lines, lambda lines: sizes_for([Listing(tuple(lines))]) is not None)
    return [Listing(tuple(without_blank_edges(lines)), code.tongue, code.marked) for lines in cut]


def without_blank_edges(lines: list[Line]) -> list[Line]:
    """Return lines without the blank ones at their beginning and end."""
    filled = [index for index, (_, line) in enumerate(lines) if line.strip()]
    return lines[filled[0]:filled[-1] + 1] if filled else lines


def parts_of_texts(texts: Sequence[Text]) -> list[list[Text]]:
    """Return texts as lists that fit on a slide each; a text that is too long is cut between its sentences."""
    pieces = [part for text in texts for part in (
        [text] if sizes_for([text]) else [Text(words, text.look) for words in sentences(text.words)])]
    return portions(pieces, lambda found: sizes_for(found) is not None)


def sentences(words: str) -> list[str]:
    """Return the sentences of a paragraph."""
    return re.split(r"(?<=[.?:!]) (?=[A-Z`*])", words)
