"""The slides of a road, in order: made from its legs, the sections of the notebooks that it reads, and its steps."""
import functools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations

from dev import PROJECT
from dev.debriefs import debrief
from dev.glossary import BOLD, TERM
from dev.quotations import block as quotation
from dev.road_notebooks import STEP, cells_named, numbered_legs, numbers_of, printed, short_roads
from dev.slides.blocks import (
    HEADING,
    ITEMS,
    LISTING,
    PICTURE,
    PROSE,
    QUOTE_CALL,
    RUN,
    TABLE,
    Block,
    blocks_in,
    first_sentence,
    items_in,
    plain,
    terms_in,
)
from dev.slides.first_step import HALF_WAY, how_to_work, opening
from dev.slides.fitting import (
    ASKED,
    ITEM,
    SMALLEST,
    Line,
    Listing,
    Piece,
    Sizes,
    Text,
    parts_of_code,
    parts_of_texts,
    portions,
    sentences,
    sizes_for,
)
from dev.slides.introductions import introduced
from dev.slides.last_slides import added
from dev.slides.pointing import points
from dev.slides.questions import BUG, PREDICTION, Question
from dev.slides.road_votes import Vote, blocks_on, votes_of
from dev.slides.slide import (
    ANSWER,
    ASK,
    BREAK,
    CODE,
    DRAWING,
    EXERCISE,
    FOR_THE_ROOM,
    LEG,
    QUESTION,
    SAID,
    SOLVED,
    TERMS,
    TITLE,
    TO_RUN,
    WORDS,
    Slide,
    SlideNote,
    text_slides,
)
from dev.slides.vote_choices import Ballot
from workshop.course.notebook_hints import hints_for
from workshop.course.project import Step
from workshop.course.roads import Leg, Road, begun_with
from workshop.course.schedule import Slot, clock, schedule
from workshop.pages.report import hours

SHOWS_SOURCE = "inspect.getsource("  # in a cell that prints code of a library
NUMBERED = re.compile(r" *(\d+)(?:  (.*))?$")
NAMED_LINES = re.compile(r"\b[Ll]ines? (\d+)(?:(?: and |, )(\d+)|[-–](\d+))?")
BELOW_TITLE = 380  # pixels below the large title of a part
AFTERWARDS = "`python3 -m workshop begin whole` opens what was borrowed, and keeps all else."
Named = tuple[Listing, str]  # code, with the words above it: where it comes from
AROUND = 3  # lines that are shown before and after a wrong one


@functools.cache
def decks() -> dict[str, list[Slide]]:
    """Return the slides of all short roads, by the roads' names. They are made once, for that takes seconds."""
    return {road.name: deck(road) for road in short_roads()}


def deck(road: Road) -> list[Slide]:
    """Return the slides of a road. Raises Trouble."""
    slots = iter(schedule(road, PROJECT))
    votes, numbers = votes_of(road), numbers_of(road)
    begin = next((PROJECT.steps[number] for leg in road.legs for number in leg.write), None)
    found = [first(road)]
    for part, leg in numbered_legs(road):
        slack = leg is road.legs[-1] and leg.who == BREAK  # at the end, which nobody needs a slide for
        own = [] if slack else slides_of(leg, part, votes[leg.title], numbers, begin)
        found += [noted(slide, slots) for slide in [*own, *(one for name in leg.adds for one in added(name, road))]]
    return introduced([*found, last()])


def noted(slide: Slide, slots: Iterator[Slot]) -> Slide:
    """Return a slide with the time at which its turn comes, where it begins something in the schedule."""
    if not slide.minutes:
        return slide
    slot = next(slots)
    when = SlideNote(f"At {clock(0, slot.at)}, {slot.minutes} minutes, {slot.who}.", FOR_THE_ROOM)
    return replace(slide, notes=(when, *slide.notes))


def first(road: Road) -> Slide:
    """Return the title slide."""
    pieces = (Text(f"For {road.whom}: {hours(road.minutes)}, {len(road.steps)} functions to write."),
              Listing(((None, begun_with(road)),), "text"), Text(f"{opening(road)}."))
    notes = ("Everybody says this in a terminal, in the tutorial's folder. `lab` opens start_here, not the road:",
             f"{opening(road)}.")
    return Slide(TITLE, road.title, pieces, tuple(map(SlideNote, notes)), small="From a raw socket to two Flask apps")


def last() -> Slide:
    """Return the last slide: where there is more."""
    titles = tuple(Text(chapter.title) for chapter in PROJECT.chapters if not chapter.is_encore)
    return Slide(WORDS, "The long chapters", titles, (SlideNote(AFTERWARDS),), sizes_for(titles) or Sizes(),
                 "Where there is more")


def slides_of(leg: Leg, part: int, votes: list[Vote], numbers: dict[str, int], begin: Step | None) -> list[Slide]:
    """Return the slides of a leg, which is a part of the road if part is not 0. Raises Trouble.

    begin is the step that the road writes first.
    """
    kind = BREAK if leg.who == BREAK else LEG
    bridge = parts_of_texts([Text(plain(leg.bridge))]) if leg.bridge else [[]]
    small = f"Part {part}" if part else ""
    slides = [Slide(kind, leg.title, tuple(bridge[0]), (SlideNote(leg.say),) if leg.say else (),
                    sizes_for(bridge[0], BELOW_TITLE) or SMALLEST, small, minutes=leg.minutes)]
    slides += [Slide(WORDS, leg.title, tuple(texts), sizes=sizes_for(texts) or Sizes()) for texts in bridge[1:]]
    slides += [picture_slide(leg.title, leg.picture)] if leg.picture else []
    telling = Telling(leg, slides, votes, numbers, begin)
    for one in blocks_on(leg):
        telling.go_on_with(one)
    telling.say_what_waits()
    return telling.slides


class Telling:
    """The slides of a leg so far, and what waits to be said.

    What stands before a question, a picture or a piece of code is said with its slide. What stands before a cell that
    runs without a question is said, and the cell run, while the slide before is shown: nobody is to think about a
    question while something else runs. A slide that is for when there is time has only what stands in the cell of its
    question: all else is said with one that is always shown.
    """

    def __init__(self, leg: Leg, slides: list[Slide], votes: list[Vote], numbers: dict[str, int],
                 begin: Step | None = None) -> None:
        self.leg, self.slides, self.numbers, self.begins_with = leg, slides, numbers, begin
        self.votes = {vote.question.name: vote for vote in votes}
        self.title = leg.title
        self.said: list[SlideNote] = []
        self.terms: list[Text] = []
        self.shown: Step | None = None  # whose reference comes next, to be read
        self.open: Step | None = None  # which is written, until its check has come

    def go_on_with(self, one: Block | Question) -> None:
        """Add the slides of what comes next in the notebook."""
        if isinstance(one, Question):
            self.ask(one, self.votes[one.name])
        elif one.kind == HEADING:
            self.begin(one)
        elif self.open:
            self.write(self.open, one)
        elif one.kind == RUN:
            self.run(one)
        else:
            self.tell(one, self.shown)

    def tell(self, one: Block, shown: Step | None) -> None:
        """Add the slides of a block, a list below the words that announce it."""
        words = self.announced() if one.kind in (ITEMS, TABLE) else []
        self.show(slides_of_block(one, self.title, shown, words), [one])

    def announced(self) -> list[Text]:
        """Return the words that announce a list, and say them no more: they stand above it."""
        waits = bool(self.said) and self.said[-1].kind == SAID and self.said[-1].words.endswith(":")
        return [Text(self.said.pop().words)] if waits else []

    def ask(self, question: Question, vote: Vote) -> None:
        """Add the slides of a question. When it is left out, so is what stands in its own cell, but for its terms."""
        for block in question.before:
            if block.cell != question.name:
                self.tell(block, None)
        if not vote.kept:
            self.say_what_waits()
        for block in question.before:
            if block.cell == question.name:
                found = slides_of_block(block, self.title, None)
                self.show((replace(slide, spare=not vote.kept) for slide in found), [block])
        self.show(slides_of_question(vote, self.title, self.numbers), [])

    def begin(self, heading: Block) -> None:
        """Begin a section, or a step: what is to be said before a step is said before its exercise is shown."""
        self.say_what_waits()
        step = STEP.match(heading.text)
        self.title = self.leg.title if step else plain(heading.text)
        self.shown = PROJECT.steps[step[1]] if step and step[1] in self.leg.shown else None
        self.open = PROJECT.steps[step[1]] if step and step[1] in self.leg.write else None
        if self.open:
            self.slides += how_to_work() if self.open is self.begins_with else []
            self.slides.append(exercise(self.open, self.leg))

    def write(self, step: Step, one: Block) -> None:
        """Go on while a step is written: its text is the learners' to read, and its check ends it."""
        if one.kind == RUN:
            self.say([SlideNote(f"Check: cell {self.numbers[one.cell]}.", FOR_THE_ROOM)])
            self.slides += solved(step)
            self.open = None

    def run(self, cell: Block) -> None:
        """Run a cell that no question is about; one that quotes code has a slide of its own."""
        self.said.append(SlideNote(f"Run cell {self.numbers[cell.cell]}.", TO_RUN))
        self.show(slides_of_block(cell, self.title, self.shown), [])
        self.say_what_waits(cell)

    def show(self, slides: Iterable[Slide], before: Iterable[Block]) -> None:
        """Add slides, behind one with the terms that are explained before; the first says what waits."""
        prose = [block.text for block in before if block.kind == PROSE]
        self.terms += [Text(term) for text in prose for term in terms_in(text)]
        self.said += [SlideNote(words) for text in prose if (words := plain(TERM.sub("", text)))]
        found = list(slides)
        if found:
            self.explain()
            self.slides += [replace(found[0], notes=(*self.said, *found[0].notes)), *found[1:]]
            self.said = []

    def explain(self) -> None:
        """Add the slides with the terms that wait."""
        self.slides += text_slides(TERMS, self.terms, self.title)
        self.terms = []

    def say_what_waits(self, cell: Block | None = None) -> None:
        """Say what waits with the slide before; if that may be left out, with one of its own, which shows the cell."""
        self.explain()
        if self.slides[-1].spare and self.said:
            texts = [Text(note.words) for note in self.said if note.kind != TO_RUN]
            runs = tuple(note for note in self.said if note.kind == TO_RUN)
            code = [code_of(cell)] if cell and runs else []
            if sizes := sizes_for([*texts, *code]):
                self.slides.append(Slide(WORDS, self.title, (*texts, *code), runs, sizes))
            else:
                self.slides += text_slides(self.title, texts, notes=runs)
        else:
            self.say(self.said)
        self.said = []

    def say(self, notes: Iterable[SlideNote]) -> None:
        """Add notes to the last slide."""
        last = self.slides[-1]
        if last.kind == DRAWING:
            self.slides[-1] = replace(last, later=(*last.later, *notes))
        else:
            self.slides[-1] = replace(last, notes=(*last.notes, *notes))


# Blocks.


def slides_of_block(block: Block, title: str, shown: Step | None, words: Sequence[Text] = ()) -> Iterator[Slide]:
    """Yield the slides of a block, a list below the words that announce it: none for what is only said."""
    if block.kind == PICTURE:
        yield picture_slide(plain(block.text), block.path)
    elif block.kind == LISTING and shown:
        code, path = without_docstring(code_of(block)), PROJECT.relative(shown.path)
        yield from code_slides(f"`{shown.name}`", code, f"{path}, to read", [Text(sentence_of(shown))])
    elif block.kind == LISTING:
        yield from code_slides(title, code_of(block), block.path)
    elif block.kind == ITEMS and terms_in(block.text) and all(map(BOLD.search, items_in(block.text))):
        yield from text_slides(TERMS, [Text(item) for item in items_in(block.text)], title)
    elif block.kind in (ITEMS, TABLE):
        rows = items_in(block.text) if block.kind == ITEMS else rows_in(block.text)
        yield from text_slides(title, [*words, *(Text(row, look=ITEM) for row in rows)])
    elif block.kind == RUN:
        yield from slides_of_cell(block, title)


def picture_slide(title: str, path: str) -> Slide:
    """Return the slide of a picture, with what to point at. Raises Trouble if that is not said."""
    return Slide(DRAWING, title, picture=path, points=points(path))


def slides_of_cell(cell: Block, title: str) -> Iterator[Slide]:
    """Yield the slides of a cell that shows code, of the reference or of a library: those with this code."""
    if call := QUOTE_CALL.search(cell.text):
        path = f"solutions/{call[1]}.py"
        yield from code_slides(f"`{call[2]}`", quoted(path, call[2]), path)
    elif SHOWS_SOURCE in cell.text:
        code = without_docstring(code_of(Block(LISTING, printed(cell.cell).rstrip())))
        yield from code_slides(title, code, "What the cell prints")


def rows_in(table: str) -> list[str]:
    """Return the rows of a table as lines, without its headings."""
    rows = [line.strip().strip("|").split(" | ") for line in table.splitlines()]
    return [": ".join(filter(None, (plain(cell) for cell in row))) for row in rows[2:]]


def code_of(block: Block) -> Listing:
    """Return a quotation as code, with the numbers of its lines where it has them."""
    lines = block.text.splitlines()
    found = [NUMBERED.match(line) for line in lines]
    numbered = [(int(match[1]), match[2] or "") for match in found if match]
    kept = numbered if all(found) else [(None, line) for line in lines]
    return Listing(tuple(with_single_blanks(kept)), block.tongue)


def with_single_blanks(lines: Sequence[Line]) -> Iterator[Line]:
    """Yield lines of code; where several blank ones follow each other, one: on a slide there is no room for more."""
    before = ""
    for number, line in lines:
        if line.strip() or before.strip():
            yield number, line
        before = line


def without_docstring(code: Listing) -> Listing:
    """Return the code of a function without its docstring; the numbers of its lines stay."""
    ends = [count for count, (_, line) in enumerate(code.lines) if '"""' in line]
    begins = ends and code.lines[ends[0]][1].lstrip().startswith(('"""', 'r"""'))
    if not begins or code.lines[ends[0]][1].count('"""') == 1 and len(ends) == 1:
        return code
    end = ends[0] if code.lines[ends[0]][1].count('"""') == 2 else ends[1]
    return replace(code, lines=(*code.lines[:ends[0]], *code.lines[end + 1:]))


def code_slides(title: str, code: Listing, path: str, before: Iterable[Text] = ()) -> Iterator[Slide]:
    """Yield slides with code, the first with a text before it where there is room."""
    texts = list(before)
    if sizes_for([*texts, code]):
        yield from listing_slides(title, [*texts, code], path)
        return
    with_words, *others = listing_slides(title, [code], path)
    yield from [replace(with_words, notes=tuple(SlideNote(text.words) for text in texts)), *others]


def listing_slides(title: str, pieces: Sequence[Piece], path: str) -> Iterator[Slide]:
    """Yield one slide with pieces, or several if a listing is too long for one."""
    if sizes := sizes_for(pieces):
        yield Slide(CODE, title, tuple(pieces), sizes=sizes, small=path)
        return
    for part in [part for piece in pieces if isinstance(piece, Listing) for part in parts_of_code(piece)]:
        yield Slide(CODE, title, (part,), sizes=sizes_for([part]) or Sizes(), small=path)


# Questions.


def slides_of_question(vote: Vote, title: str, numbers: dict[str, int]) -> Iterator[Slide]:
    """Yield the slides of a question, and then of its answer."""
    question = vote.question
    cells = [numbers[block.cell] for block in question.runs]
    found = [*asking_slides(vote, title, cells), *answer_slides(vote, title)]
    for slide in found:
        name = " · ".join([vote.name, question.kind, *([cells_named(cells)] if cells else [])])
        small = name if slide.kind == QUESTION else slide.small
        yield replace(slide, small=small, spare=not vote.kept)


def asking_slides(vote: Vote, title: str, cells: list[int]) -> Iterator[Slide]:
    """Yield the slide of a question, with its code where there is room; else that stands on slides before it."""
    question = vote.question
    text = Text(question.text)
    runs = () if "expression" in question.text else question.runs  # which one is to find, and the cell has
    run = [(code_of(block), f"What you run: {cells_named(cells)}") for block in runs]
    code = [(code_of(block), block.path or "From a cell before") for block in (*question.code, *question.also)]
    asked = [one for one in code if is_asked_about(one[0], question)]
    best = asked or (run if question.kind == PREDICTION else code)
    found = divided(text, [*code, *run], best)
    if not found and (found := divided(text, code, best)):  # what is run is seen in the notebook, and nothing else
        yield from listings_apart(title, run)
    beside, apart = found or ([], [*code, *run])
    yield from listings_apart(title, apart)
    whole: list[Piece] = [text, *(one for one, _ in beside)]
    notes = (SlideNote(f"Run {cells_named(cells)}.", TO_RUN),) if cells else ()
    yield with_ballot(Slide(QUESTION, title, tuple(whole), notes, sizes_for(whole) or Sizes()), vote.ballot)


def with_ballot(slide: Slide, ballot: Ballot) -> Slide:
    """Return the slide of a question with how one votes on it: below it, or in the notes where there is no room."""
    whole = (slide.pieces[0], Text(ballot.how), *slide.pieces[1:])
    if not ballot.how:
        return slide
    if sizes := sizes_for(whole):
        return replace(slide, pieces=whole, sizes=sizes)
    return replace(slide, notes=(SlideNote(ballot.how), *slide.notes))


def is_asked_about(code: Listing, question: Question) -> bool:
    """Tell whether code defines what the sentence names that asks a question."""
    asking = [sentence for sentence in sentences(question.text) if sentence.endswith("?")]
    names = re.findall(r"`(\w+)`", " ".join(asking[-1:]))
    return any(f"def {name}(" in line for name in names for _, line in code.lines)


def divided(text: Text, code: list[Named], best: Sequence[Named] = ()) -> tuple[list[Named], list[Named]] | None:
    """Return the code that stands on the slide of a question, as much as there is room for, and that on the one before.

    The best stands beside the question, where there is a choice. None if these two do not have room for all.
    """
    order = sorted(code, key=lambda one: one not in best)
    for count in range(len(code), -1, -1):
        for some in combinations(order, count):
            beside = [one for one in code if one in some]
            apart = [one for one in code if one not in some]
            if sizes_for([text, *(one for one, _ in beside)]) and (not apart or sizes_for([one for one, _ in apart])):
                return beside, apart
    return None


def listings_apart(title: str, code: Sequence[Named]) -> Iterator[Slide]:
    """Yield slides with the code of a question that does not stand on its own."""
    for group in portions(code, lambda pairs: sizes_for([one for one, _ in pairs]) is not None) if code else []:
        paths = dict.fromkeys(path for _, path in group)
        yield from listing_slides(title, [one for one, _ in group], " · ".join(paths))


def answer_slides(vote: Vote, title: str) -> Iterator[Slide]:
    """Yield the slides with the answer: the wrong lines, if it names any, and its words."""
    question = vote.question
    words = " ".join(block.text for block in question.answer)
    code = [code_of(block) for block in question.code] if question.kind == BUG else []
    lines = [part for one in code for part in wrong_lines(one, words)]
    texts = [text for block in question.answer for text in texts_of(block)]
    listings = [code_of(block) for block in question.answer if block.kind == LISTING]
    whole: list[Piece] = [Text(question.text, ASKED), *lines, *texts, *listings]
    parts: list[Sequence[Piece]] = [*([one] for one in lines), *parts_of_texts(texts), *([one] for one in listings)]
    for part in next(([pieces] for pieces in (whole, whole[1:]) if sizes_for(pieces)), parts):
        yield Slide(ANSWER, title, tuple(part), sizes=sizes_for(part) or Sizes(), small=vote.answer_name)


def texts_of(block: Block) -> list[Text]:
    """Return the texts of a block: its words, or the items of a list; none of code."""
    if block.kind == ITEMS:
        return [Text(item, ITEM) for item in items_in(block.text)]
    return [Text(plain(block.text))] if block.kind == PROSE else []


def wrong_lines(code: Listing, answer: str) -> Iterator[Listing]:
    """Yield the lines of code that an answer names, marked, with a few around them."""
    named = [match for match in NAMED_LINES.finditer(answer)]
    numbers = {number for match in named for number in [*map(int, filter(None, match.groups()[:2])), *(
        range(int(match[1]), int(match[3]) + 1) if match[3] else [])]}
    marked = frozenset(numbers & {number for number, _ in code.lines if number})
    if marked:
        near = range(min(marked) - AROUND, max(marked) + AROUND + 1)
        yield Listing(tuple(line for line in code.lines if line[0] in near), code.tongue, marked)


# Exercises.


def exercise(step: Step, leg: Leg) -> Slide:
    """Return the slide of a step that is written."""
    mistakes = "; ".join(wrong.words for wrong, _ in debrief(step).mistakes)
    notes = [*(SlideNote(f"{HALF_WAY}: {plain(hint)}", ASK) for hint in hints_for(step)[:1]),
             SlideNote(f"Likely mistakes: {mistakes}.", FOR_THE_ROOM)]
    pieces = (Text(sentence_of(step)), Text(f"In `chapters/{step.chapter.stem}.py`; then"),
              Listing(((None, f"python3 -m workshop check {step.number}"),), "text"))
    return Slide(EXERCISE, f"`{step.name}`", pieces, tuple(notes), sizes_for(pieces, 400) or Sizes(30, 28),
                 f"Step {step.number}", step=step, minutes=leg.write[step.number])


def solved(step: Step) -> Iterator[Slide]:
    """Yield the slides of a step that is solved: what is said then, and the reference."""
    first, *others = code_slides(f"`{step.name}`", reference(step), f"Step {step.number}, solved")
    say = SlideNote(debrief(step).say)
    yield from (replace(slide, kind=SOLVED) for slide in (replace(first, notes=(say,)), *others))


def reference(step: Step) -> Listing:
    """Return the reference of a step, without its docstring."""
    return quoted(PROJECT.relative(step.path), step.name)


def quoted(path: str, name: str) -> Listing:
    """Return a function of a file, without its docstring."""
    [block] = blocks_in(f"<!-- quote {path} -->\n{quotation(path, name)}<!-- end of quote -->")
    return without_docstring(code_of(block))


def sentence_of(step: Step) -> str:
    """Return the first sentence of a step's task."""
    return first_sentence(step.task.split("\n\n")[1])
