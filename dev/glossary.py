"""The glossary: each term is explained where the notebooks first need it, and gathered on a page.

A notebook marks the sentence that explains a term, and the page takes it from there:

    <span class="term">The **status line** is the first line of a response: …</span>

The term is what is printed in bold. In each later notebook, the first use of the term becomes a link to the page.
"""
import re
from dataclasses import dataclass
from pathlib import Path

from dev import PROJECT
from workshop.course import notebooks
from workshop.course.notebooks import Notebook, title_of

PAGE = PROJECT.root / "notebooks" / "glossary.md"
TERM = re.compile(r'<span class="term">(.+?)</span>', re.DOTALL)
BOLD = re.compile(r"\*\*`?(.+?)`?\*\*")
LINK = re.compile(r"\[([^\]]+)\]\(glossary\.md#[^)]+\)")
NOT_PROSE = re.compile(  # no link is put into hints, code, links, pictures, comments, tags, headings, tables
    r"<details><summary>Hint.*?</details>|"
    r'```.*?```|`[^`]*`|!?\[[^\]]*\]\([^)]*\)|<span class="term">.*?</span>|<!--.*?-->|<summary>.*?</summary>|<[^>]+>'
    r"|^#.*?$|^\|.*?$", re.DOTALL | re.MULTILINE)
ALSO_PLAIN = {  # words that mean other things, too, or that the roads use in passing
    "block", "method", "reset", "step", "stream", "target", "deadline", "lead", "task", "thread",
}
BEGINNING = """\
# Glossary

The words of this tutorial, each with the sentence that explains it and the chapter where it stands.
"""


@dataclass(frozen=True)
class Term:
    """A term, and where it is explained."""

    name: str
    sentence: str
    notebook: str

    @property
    def anchor(self) -> str:
        """The term's place on the page, as editors and hosts name it."""
        return f"{PAGE.name}#{self.name.replace(' ', '-')}"

    @property
    def is_code(self) -> bool:
        """Whether the term is a name in code: `write` is one, and the verb is another word."""
        return f"**`{self.name}`**" in self.sentence

    @property
    def pattern(self) -> re.Pattern[str]:
        """What finds the term in prose, in the singular and in the plural; a name in code, as code."""
        if self.is_code:
            return re.compile(f"`{re.escape(self.name)}`")
        return re.compile(rf"(?<![\w-]){re.escape(self.name)}(?:s|es)?(?![\w-])", re.IGNORECASE)


def terms() -> list[Term]:
    """Return all terms, in the order in which a reader meets them."""
    return [Term(name_of(sentence), " ".join(without_links(sentence).split()), notebook)
            for notebook in notebooks.names(PROJECT) for cell in notebooks.read(PROJECT, notebook)["cells"]
            for sentence in TERM.findall(notebooks.text_of(cell))]


def name_of(sentence: str) -> str:
    """Return the term that a sentence explains; a capital at the beginning of a sentence is none of the term's."""
    found = BOLD.search(sentence)
    assert found, f"no term is printed in bold: {sentence}"
    return found[1] if found[1][1:2].isupper() else found[1][0].lower() + found[1][1:]


def files() -> dict[Path, str]:
    """Return the page."""
    entries = [f"\n## {term.name}\n\n{term.sentence} ([{title_of(PROJECT, term.notebook)}]({term.notebook}.ipynb))\n"
               for term in sorted(terms(), key=lambda term: term.name.lower())]
    return {PAGE: "".join([BEGINNING, *entries])}


def without_links(text: str) -> str:
    """Return a text without links to the glossary."""
    return LINK.sub(r"\1", text)


def with_links(name: str, notebook: Notebook) -> Notebook:
    """Return a notebook in which the first use of each term that an earlier one explains is a link to the page."""
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "markdown"]
    texts = [without_links(notebooks.text_of(cell)) for cell in cells]
    found = explained_before(name, texts)
    for term in sorted(found, key=lambda term: -len(term.name)):  # "status line" comes before "line"
        link_first(term, texts)
    for cell, text in zip(cells, texts, strict=True):
        cell["source"] = text.splitlines(keepends=True)
    return notebook


def explained_before(name: str, texts: list[str]) -> list[Term]:
    """Return the terms that a notebook needs and does not explain: a chapter has those of the chapters before it."""
    order = notebooks.names(PROJECT)
    if name in order:
        return [term for term in terms() if order.index(term.notebook) < order.index(name)]
    own = {name_of(sentence) for text in texts for sentence in TERM.findall(text)}
    return [term for term in terms() if term.name not in own]


def link_first(term: Term, texts: list[str]) -> None:
    """Make the first use of a term in prose a link."""
    if term.name in ALSO_PLAIN:
        return
    for index, text in enumerate(texts):
        taken = [match.span() for match in NOT_PROSE.finditer(text)
                 if not (term.is_code and match[0] == f"`{term.name}`")]
        for match in term.pattern.finditer(text):
            if not any(begin < match.end() and match.start() < end for begin, end in taken):
                texts[index] = f"{text[:match.start()]}[{match[0]}]({term.anchor}){text[match.end():]}"
                return
