"""What is introduced before it is needed: the terms of the glossary, and the names that a step mentions or uses.

A slide that is for when there is time introduces nothing, for a class may never see it. So what nothing else has
introduced gets a slide of its own: a term at the beginning of the part that uses it, a name before the exercise. What a
step calls stands there with its arguments. A term that nothing uses is not introduced.
"""
import re
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import replace

from dev.glossary import ALSO_PLAIN, BOLD, Term, terms
from dev.slides.blocks import plain
from dev.slides.fitting import ITEM, Listing, Piece, Text, sizes_for
from dev.slides.signatures import described, used_by
from dev.slides.slide import BREAK, LEG, TERMS, WORDS, Slide, text_slides
from workshop.course.project import Step

THERE_ALREADY = "what is there already"  # above the names that a step uses
NAME = re.compile(r"[A-Za-z]\w*_\w+|[A-Z]\w+")  # of a class, a constant, or a function with a name of several words
NO_TASK = re.compile(r"(?m)^ *(>>>|\.\.\.).*$|^(PEP|RFC|The `\w+` module).*(\n.+)*")  # examples, and what to read


def introduced(slides: Iterable[Slide]) -> list[Slide]:
    """Return slides with those that introduce what is needed among them."""
    found: list[Slide] = []
    glossary, known = terms(), set[str]()
    for part in parts_of(without_unused_terms(list(slides), glossary)):
        first, *others = with_names(found, part)
        words = [Text(plain(term.sentence)) for term in in_order(all_missing(known, [first, *others], glossary))]
        front = list(text_slides(TERMS, words, first.title))
        more = [first, *front, *without_known_terms(others, known.union(*map(bold_on, front)))]
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


def in_order(some: Sequence[Term]) -> list[Term]:
    """Return terms, each behind those that its own sentence uses, where that is possible."""
    found: list[Term] = []
    waiting = list(some)
    while waiting:
        ready = [term for term in waiting if not any(
            other.pattern.search(term.sentence) for other in waiting if other is not term)]
        found.append((ready or waiting)[0])
        waiting.remove(found[-1])
    return found


def without_known_terms(slides: Iterable[Slide], known: set[str]) -> Iterator[Slide]:
    """Yield slides without the sentences that explain known terms; one that has nothing else stays for its notes."""
    for slide in slides:
        left = tuple(piece for piece in slide.pieces if slide.title != TERMS or name_in(piece) not in known)
        if left == slide.pieces:
            yield slide
        elif left:
            yield replace(slide, pieces=left, sizes=sizes_for(left) or slide.sizes)
        elif slide.notes:
            yield slide


def name_in(piece: Piece) -> str:
    """Return the term that a piece of a slide explains, in lower case."""
    words = BOLD.search(piece.words) if isinstance(piece, Text) else None
    return words[1].lower() if words else ""


def without_unused_terms(slides: list[Slide], glossary: Sequence[Term]) -> list[Slide]:
    """Return slides without the terms that only their own sentences have."""
    told = [slide for slide in slides if slide.title == TERMS]
    names = set().union(*map(bold_on, told))
    unused = {term.name.lower() for term in glossary if term.name.lower() in names and not any(
        is_used(slide, term) for slide in slides)}
    return list(without_known_terms(slides, unused))


def is_used(slide: Slide, term: Term) -> bool:
    """Tell whether a slide has a term elsewhere than in the sentence that explains it."""
    others = [text for text in slide.texts if f"**{term.name}**".lower() not in text.lower().replace("`", "")]
    code = [line for piece in slide.pieces if isinstance(piece, Listing) for _, line in piece.lines]
    return needs(replace(slide, pieces=tuple(map(Text, [*others, *code]))), term) or term.name in ALSO_PLAIN


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
    early = {term.name for count, slide in enumerate(part) if slide.title == TERMS
             for term in told_too_early(slide, known.union(*bold[:count + 1]), glossary)}
    return [term for term in glossary if term.name in early or any(
        term.name.lower() not in words and needs(slide, term) for slide, words in zip(part, told, strict=True))]


def told_too_early(slide: Slide, told: Container[str], glossary: Sequence[Term]) -> Iterator[Term]:
    """Yield the terms that the explanations on a slide use, and that the notebooks have explained before them."""
    order = [term.name.lower() for term in glossary]
    for text in slide.texts:
        name = name_in(Text(text))
        before = glossary[:order.index(name)] if name in order else []
        yield from (term for term in before if term.name.lower() not in told and term.pattern.search(text))


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
    """Yield the slide with what a step calls, and the names that its task mentions and no slide before has shown."""
    seen = {name for slide in before if not slide.spare for name in names_on(slide)} | set(step.name.split("."))
    missing = [name for name in NAME.findall(without_examples(step)) if name not in seen]
    used = used_by(step)
    names = dict.fromkeys([*missing, *(name for name, text in used.items() if name not in seen or is_called(text))])
    texts = [Text(text, ITEM) for name in names if (text := used.get(name) or described(name, step.chapter))]
    yield from text_slides(f"`{step.name}`", texts, f"Step {step.number}, {THERE_ALREADY}")


def is_called(text: str) -> bool:
    """Tell whether the description of a name says what it takes."""
    return "(" in text.partition("`:")[0]


def without_examples(step: Step) -> str:
    """Return the task of a step without its examples, and without what one may read about it."""
    return NO_TASK.sub("", step.task)


def names_on(slide: Slide) -> set[str]:
    """Return the names that are seen on a slide or said with it."""
    code = [line for piece in slide.pieces if isinstance(piece, Listing) for _, line in piece.lines]
    return set(re.findall(r"\w+", " ".join([slide.title, *slide.texts, *slide.said, *code])))
