"""The slides of a road as one page: nothing is loaded from anywhere, and a browser shows it without a network."""
import html
import re
from collections.abc import Callable, Iterable
from functools import cache
from itertools import accumulate
from pathlib import Path

import mistune
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name

from dev.slides.fitting import Listing, Piece, Text, indent_of
from dev.slides.pictures import Drawing, drawing
from dev.slides.slide import DRAWING, LEG, Slide, SlideNote

FOLDER = Path(__file__).parent
PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="generator" content="python -m dev regenerate slides">
<title>{title}</title>
<style>
{style}</style>
</head>
<body>
<main>
{slides}
</main>
<script>
{script}</script>
</body>
</html>
"""
SLIDE = """\
<section class="{kind}">
<div class="slide">
{content}
<p class="count">{count}</p>
</div>
<aside class="notes">
{notes}</aside>
</section>"""


@cache
def markdown() -> Callable[[str], str]:
    """Return what turns Markdown into HTML."""
    return mistune.create_markdown(escape=True)  # type: ignore[return-value]


def inline(text: str) -> str:
    """Return a line of Markdown as HTML, without a paragraph around it."""
    return re.sub(r"^<p>|</p>$", "", markdown()(re.sub(r"^(\d+)\.(?= )", r"\1\\.", text)).strip())


def page_of(title: str, slides: Iterable[Slide]) -> str:
    """Return the page of some slides."""
    drawings: dict[str, Drawing] = {}
    found = [(slide, *page) for slide in slides for page in zip(*pages_of(slide, drawings), strict=True)]
    shown = [SLIDE.format(kind=f"{slide.kind}{' spare' if slide.spare else ''}", content=content,
                          count=f"{count} / {len(found)}", notes="".join(markdown()(note.words) for note in notes))
             for count, (slide, content, notes) in enumerate(found, 1)]
    style = "".join([read("slides.css"), *sorted({f"{one.style}\n" for one in drawings.values()})])
    return PAGE.format(title=html.escape(title), style=style, slides="\n".join(shown), script=read("slides.js"))


def first_pages(slides: Iterable[Slide]) -> list[int]:
    """Return the number that each slide has on its page, and behind them that of the first which is not there.

    A tall picture takes several.
    """
    drawings: dict[str, Drawing] = {}
    counts = (len(contents(slide, drawings)) if slide.kind == DRAWING else 1 for slide in slides)
    return [1 + count for count in accumulate(counts, initial=0)]


def read(name: str) -> str:
    """Return a file that stands beside this one."""
    return (FOLDER / name).read_text(encoding="utf-8")


def contents(slide: Slide, drawings: dict[str, Drawing]) -> list[str]:
    """Return what stands on a slide; for a tall picture, on each of several. Pictures are noted in drawings."""
    if slide.kind != DRAWING:
        return [content_of(slide)]
    picture = drawing(slide.picture)
    first = picture.name not in drawings
    drawings[picture.name] = picture
    return picture.pages(first)


def pages_of(slide: Slide, drawings: dict[str, Drawing]) -> tuple[list[str], list[tuple[SlideNote, ...]]]:
    """Return what stands on the pages of a slide, and the notes of each: what is said later stands with the last."""
    found = contents(slide, drawings)
    notes: list[tuple[SlideNote, ...]] = [(SlideNote(words),) for words in slide.points] or [()] * len(found)
    notes[0] = slide.notes + notes[0]
    notes[-1] += slide.later
    return found, notes


def content_of(slide: Slide) -> str:
    """Return what stands on a slide without a picture."""
    small = f'<p class="small">{inline(slide.small)}</p>\n' if slide.small else ""
    minutes = f'<p class="minutes">{slide.minutes} minutes</p>\n' if slide.minutes and slide.kind != LEG else ""
    body = "\n".join(shown(piece) for piece in slide.pieces)
    return (f'{small}{minutes}<h2>{inline(slide.title)}</h2>\n'
            f'<div class="body" style="--text:{slide.sizes.text}px;--code:{slide.sizes.code}px">\n{body}\n</div>')


def shown(piece: Piece) -> str:
    """Return a piece of a slide as HTML."""
    if isinstance(piece, Text):
        return f"<p{f' class={piece.look}' if piece.look else ''}>{inline(piece.words)}</p>"
    return code(piece)


def code(piece: Listing) -> str:
    """Return code as HTML: each line by itself, with its number."""
    lexer = get_lexer_by_name(piece.tongue, stripnl=False, ensurenl=False)
    text = "\n".join(line for _, line in piece.lines)
    lines = highlight(text, lexer, HtmlFormatter(nowrap=True)).split("\n")
    rows = [f'<div{" class=marked" if number in piece.marked else ""}>'
            f'{"" if number is None else f"<b>{number}</b>"}'
            f'<code style="--in:{indent_of(plain)}ch">{line or " "}</code></div>'
            for (number, plain), line in zip(piece.lines, lines, strict=False)]
    return f'<div class="code">{"".join(rows)}</div>'
