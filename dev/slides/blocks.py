"""The cells of a notebook as blocks: headings, paragraphs, lists, quotations, pictures, folded texts, code to run."""
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from dev.glossary import TERM, without_links
from workshop.course.notebooks import Cell, text_of

HEADING, PROSE, ITEMS, TABLE, LISTING, PICTURE, FOLD, RUN = (
    "heading", "prose", "items", "table", "listing", "picture", "fold", "run")  # the kinds of blocks
PATTERNS = {
    LISTING: re.compile(r"<!-- quote (?P<path>\S+).*? -->\n"
                        r"```(?P<tongue>\w+)\n(?P<text>.*?)\n```\n<!-- end of quote -->"
                        r"|```(?P<other_tongue>\w*)\n(?P<other>.*?)\n```", re.DOTALL),
    FOLD: re.compile(r"<details><summary>(?P<head>.*?)</summary>\s*(?P<text>.*?)\s*</details>", re.DOTALL),
    PICTURE: re.compile(r"!\[(?P<text>[^\]]*)\]\((?P<path>[^)]*)\)"),
    HEADING: re.compile(r"#+ (?P<text>.*)"),
    TABLE: re.compile(r"(?P<text>(\|.*(\n|$))+)"),
    ITEMS: re.compile(r"(?P<text>[-*] .*(\n(?!\n).*)*(\n\n?(?=[-*] ).*(\n(?!\n).*)*)*)"),
    PROSE: re.compile(r"(?P<text>.+(\n(?!\n|```|<!-- quote|<details|!\[).+)*)"),
}
LINK = re.compile(r"(?<!!)\[([^\]]+)\]\([^)]+\)")
ITEM = re.compile(r"(?m)^[-*] ")
QUOTE_CALL = re.compile(r'(?m)^quote\("(\w+)", "([\w.]+)"(?:, "solutions")?\)')


@dataclass(frozen=True)
class Block:
    """Some lines of a notebook that belong together."""

    kind: str
    text: str  # of a fold, what is folded; of a picture, what it shows
    head: str = ""  # of a fold: its summary
    path: str = ""  # of a quotation or a picture
    tongue: str = "python"  # of code: what it is written in
    cell: str = ""  # the id of the notebook's cell that it stands in


def blocks_of(cells: Iterable[Cell]) -> list[Block]:
    """Return the blocks of cells, in order."""
    return [replace(block, cell=cell["id"]) for cell in cells for block in (
        blocks_in(text_of(cell)) if cell["cell_type"] == "markdown" else [Block(RUN, text_of(cell))])]


def blocks_in(text: str) -> Iterator[Block]:
    """Yield the blocks of a text in Markdown."""
    while text := text.strip("\n"):
        kind, match = next((kind, match) for kind, pattern in PATTERNS.items() if (match := pattern.match(text)))
        found = match.groupdict()
        yield Block(kind, (found.get("other") if found["text"] is None else found["text"]) or "",
                    found.get("head", ""), found.get("path") or "",
                    found.get("tongue") or found.get("other_tongue") or "text")
        text = text[match.end():]


def plain(text: str) -> str:
    """Return a text in Markdown in one line, without links and marks of terms: both lead away from a slide."""
    return " ".join(LINK.sub(r"\1", without_links(TERM.sub(r"\1", text))).split())


def terms_in(text: str) -> list[str]:
    """Return the sentences of a text that explain a term."""
    return [plain(sentence) for sentence in TERM.findall(text)]


def items_in(text: str) -> list[str]:
    """Return the items of a list."""
    return [plain(item) for item in ITEM.split(text) if item.strip()]


def first_sentence(text: str) -> str:
    """Return the first sentence of a text, in one line."""
    return re.split(r"(?<=[.:]) (?=[A-Z])", " ".join(text.split()))[0].rstrip(".:") + "."
