"""Quotations and terms: what is quoted is what the file has, and each term is explained once and linked after that."""
import re

import pytest

from dev import PROJECT
from dev.glossary import ALSO_PLAIN, LINK, NOT_PROSE, TERM, link_first, name_of, terms, with_links
from dev.quotations import block, with_quotations
from workshop.course import notebooks
from workshop.machine.trouble import Trouble

NAMES = notebooks.names(PROJECT)
EXAMPLE = "notebooks/examples/first_server.py"


def texts(name):
    """Return the texts of a notebook's cells without code."""
    return [notebooks.text_of(cell) for cell in notebooks.read(PROJECT, name)["cells"]
            if cell["cell_type"] == "markdown"]


def test_a_quotation_has_the_lines_of_its_file_with_their_numbers():
    lines = (PROJECT.root / EXAMPLE).read_text(encoding="utf-8").splitlines()
    assert block(EXAMPLE, "2-3") == f"```python\n2  {lines[1]}".rstrip() + f"\n3  {lines[2]}".rstrip() + "\n```\n"
    assert "def handle_connection" in block(EXAMPLE, "handle_connection")


def test_a_quotation_is_put_between_its_comments_again_and_again():
    text = f"Before\n\n<!-- quote {EXAMPLE} 1-2 -->\nold\n<!-- end of quote -->\n\nAfter"
    once = with_quotations(text)
    assert "old" not in once and with_quotations(once) == once
    assert once.startswith("Before") and once.endswith("After")


@pytest.mark.parametrize("what, said", [("nothing", "has no nothing"), ("5-900", "cannot be quoted")])
def test_what_is_not_there_cannot_be_quoted(what, said):
    with pytest.raises(Trouble, match=said):
        block(EXAMPLE, what)


def test_each_term_is_explained_once():
    names = [term.name.lower() for term in terms()]
    assert len(names) > 40 and len(set(names)) == len(names)


@pytest.mark.parametrize("term", terms(), ids=lambda term: term.name)
def test_the_sentence_of_a_term_stands_alone(term):
    assert re.match(r"[A-Z*`]", term.sentence) and term.sentence.endswith("."), term.sentence
    assert len(term.sentence.split()) <= 40, term.sentence


@pytest.mark.parametrize("name", NAMES)
def test_no_line_begins_with_a_comment_before_its_text(name):
    """Such a line counts as HTML as a whole: its bold type is lost."""
    assert not [line for text in texts(name) for line in text.splitlines() if re.match(r"<!--.*-->.*\w", line)]


@pytest.mark.parametrize("name", NAMES)
def test_the_first_use_of_a_term_in_a_later_notebook_is_a_link(name):
    """The page is made by with_links: here its result is looked at, term by term."""
    plain = [LINK.sub(lambda match: f"@@{match[1]}@@", text) for text in texts(name)]
    for term in terms():
        if NAMES.index(term.notebook) >= NAMES.index(name) or term.name in ALSO_PLAIN or term.is_code:
            continue
        found = next((match for text in plain for match in term.pattern.finditer(without_no_prose(text))), None)
        linked = any(term.anchor in text for text in texts(name))
        assert linked or found is None, (term.name, found)


def without_no_prose(text):
    """Return a text with what is no prose, and what is a link, taken out."""
    return re.sub(r"@@.*?@@", "", NOT_PROSE.sub("", text))


def test_links_are_put_into_prose_alone_and_not_twice():
    term = next(term for term in terms() if term.name == "blank line")
    found = ["`blank line`\n# blank line\n![blank line](x.svg)", "A blank line, and two blank lines."]
    link_first(term, found)
    assert found[0] == "`blank line`\n# blank line\n![blank line](x.svg)"
    assert found[1] == "A [blank line](glossary.md#blank-line), and two blank lines."
    notebook = notebooks.read(PROJECT, "ch02_request")
    assert with_links("ch02_request", notebook) == notebooks.read(PROJECT, "ch02_request")


def test_a_name_in_code_is_linked_as_code_and_the_verb_is_not():
    term = next(term for term in terms() if term.name == "write")
    found = ["You write it.", "Call `write`, and `write(b)`."]
    link_first(term, found)
    assert found == ["You write it.", "Call [`write`](glossary.md#write), and `write(b)`."]


def test_a_term_is_what_is_printed_in_bold():
    assert name_of("**Framing** is how") == "framing" and name_of("**CRLF** is two") == "CRLF"
    assert TERM.findall('A <span class="term">**x** is y.</span>') == ["**x** is y."]
