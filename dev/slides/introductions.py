"""What is introduced before it is needed: the terms of the glossary, and the names that the task of a step mentions.

A slide that is for when there is time introduces nothing, for a class may never see it. So what nothing else has
introduced gets a slide of its own: a term at the beginning of the part that uses it, a name before the exercise.
"""
import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from dev.glossary import ALSO_PLAIN, BOLD, Term, terms
from dev.slides.blocks import first_sentence, plain
from dev.slides.fitting import ITEM, Listing, Text
from dev.slides.slide import BREAK, LEG, TERMS, WORDS, Slide, text_slides
from workshop.course.project import Chapter, Step

NAME = re.compile(r"[A-Za-z]\w*_\w+|[A-Z]\w+")  # of a class, a constant, or a function with a name of several words
NO_TASK = re.compile(r"(?m)^ *(>>>|\.\.\.).*$|^(PEP|RFC|The `\w+` module).*(\n.+)*")  # examples, and what to read


def introduced(slides: Iterable[Slide]) -> list[Slide]:
    """Return slides with those that introduce what is needed among them."""
    found: list[Slide] = []
    glossary, known = terms(), set[str]()
    for part in parts_of(slides):
        first, *others = with_names(found, part)
        words = [Text(plain(term.sentence)) for term in all_missing(known, [first, *others], glossary)]
        more = [first, *text_slides(TERMS, words, first.title), *others]
        known = known.union(*map(bold_on, more))
        found += more
    return found


def parts_of(slides: Iterable[Slide]) -> list[list[Slide]]:
    """Return slides by part: what stands before the first, then each with its title slide."""
    found: list[list[Slide]] = []
    for slide in slides:
        if not found or slide.kind in (LEG, BREAK):
            found.append([])
        found[-1].append(slide)
    return found


# Terms.


def all_missing(known: set[str], part: Sequence[Slide], glossary: Sequence[Term]) -> list[Term]:
    """Return the terms that a part needs and nothing explains, with those that their explanations need."""
    found: list[Term] = []
    while True:
        words = Slide(WORDS, TERMS, tuple(Text(plain(term.sentence)) for term in found))
        more = missing_terms(known, [words, *part], glossary)
        if not more:
            return found
        found = [term for term in glossary if term in [*found, *more]]


def missing_terms(known: set[str], part: Sequence[Slide], glossary: Sequence[Term]) -> list[Term]:
    """Return the terms of the glossary that a part needs and that neither it nor what comes before it explains.

    A part may name what it has shown first; but what a step needs is explained before the step.
    """
    bold = [bold_on(slide) for slide in part]
    here = known.union(*bold)
    told = [known.union(*bold[:count]) if slide.step else here for count, slide in enumerate(part)]
    return [term for term in glossary if any(
        term.name.lower() not in words and needs(slide, term) for slide, words in zip(part, told, strict=True))]


def bold_on(slide: Slide) -> set[str]:
    """Return what is printed in bold on a slide that is always shown, or in its notes: so terms are explained."""
    texts = [] if slide.spare else [*slide.texts, *slide.said]
    return {name.lower() for text in texts for name in BOLD.findall(text)}


def needs(slide: Slide, term: Term) -> bool:
    """Tell whether a slide that is always shown uses a term, or the task of its step does."""
    task = [without_examples(slide.step)] if slide.step else []
    return not slide.spare and term.name not in ALSO_PLAIN and any(
        term.pattern.search(text) for text in [slide.title, *slide.texts, *slide.said, *task])


# Names.


def with_names(before: Sequence[Slide], part: Iterable[Slide]) -> list[Slide]:
    """Return a part with the slides of names before its exercises."""
    found: list[Slide] = []
    for slide in part:
        found += [*(names_for(slide.step, [*before, *found]) if slide.step else ()), slide]
    return found


def names_for(step: Step, before: Iterable[Slide]) -> Iterator[Slide]:
    """Yield the slide with the names that a step's task mentions and no slide before has shown."""
    seen = {name for slide in before if not slide.spare for name in names_on(slide)} | set(step.name.split("."))
    missing = [name for name in dict.fromkeys(NAME.findall(without_examples(step))) if name not in seen]
    texts = [Text(text, ITEM) for name in missing if (text := described(name, step.chapter))]
    yield from text_slides(f"`{step.name}`", texts, f"Step {step.number}, what is there already")


def without_examples(step: Step) -> str:
    """Return the task of a step without its examples, and without what one may read about it."""
    return NO_TASK.sub("", step.task)


def names_on(slide: Slide) -> set[str]:
    """Return the names that are seen on a slide or said with it."""
    code = [line for piece in slide.pieces if isinstance(piece, Listing) for _, line in piece.lines]
    return set(re.findall(r"\w+", " ".join([slide.title, *slide.texts, *slide.said, *code])))


def described(name: str, chapter: Chapter) -> str:
    """Return what a name of a chapter, or of one before it, stands for; "" if it is none of theirs."""
    return next((found[name] for one in [chapter, *reversed(chapter.earlier)]
                 if name in (found := descriptions(one.reference))), "")


@cache
def descriptions(source: str) -> dict[str, str]:
    """Return what the names of a chapter's source stand for, by name."""
    lines = source.splitlines()
    found = {}
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found[node.name] = f"`{node.name}`: {first_sentence(summary(ast.get_docstring(node) or ''))}"
        elif isinstance(node, ast.Assign):
            code, _, comment = lines[node.lineno - 1].partition("  # ")
            found[ast.unparse(node.targets[0])] = f"`{code}`{f': {comment}' if comment else ''}"
    return found


def summary(docstring: str) -> str:
    """Return the paragraph of a docstring that says what it is about: that of a step has its number before it."""
    first, *others = docstring.split("\n\n")
    return others[0] if first.startswith("Step ") else first
