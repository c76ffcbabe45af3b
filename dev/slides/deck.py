"""The slides of a road, in order: made from its legs, the sections of the notebooks that it reads, and its steps."""
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from dev import PROJECT, road_notebooks
from dev.bank.versions import Version, all_versions
from dev.quotations import block as quotation
from dev.run_sheets import LIKELY
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
    blocks_of,
    items_in,
    plain,
    terms_in,
)
from dev.slides.fitting import (
    ASKED,
    ITEM,
    Listing,
    Piece,
    Sizes,
    Text,
    parts_of_code,
    parts_of_texts,
    portions,
    sizes_for,
)
from dev.slides.questions import BUG, Question, with_questions
from workshop.course import notebooks
from workshop.course.notebook_hints import hints_for
from workshop.course.project import Step
from workshop.course.roads import Leg, Road, begun_with
from workshop.course.schedule import Slot, clock, schedule
from workshop.pages.report import hours

TITLE, LEG, BREAK, EXERCISE, CODE, WORDS, QUESTION, ANSWER, DRAWING = (
    "title", "leg", "break", "exercise", "listing", "words", "question", "answer", "picture")  # the kinds of slides
STEP = re.compile(r"Step (\d+\.\d+)\b")
NUMBERED = re.compile(r" *(\d+)(?:  (.*))?$")
NAMED_LINES = re.compile(r"\b[Ll]ines? (\d+)(?:(?: and |, )(\d+)|[-–](\d+))?")
AROUND = 3  # lines that are shown before and after a wrong one


@dataclass(frozen=True)
class Slide:
    """One slide. What is said with it stands in the notes, in Markdown."""

    kind: str
    title: str  # in Markdown
    pieces: tuple[Piece, ...] = ()
    notes: tuple[str, ...] = ()
    sizes: Sizes = Sizes()
    small: str = ""  # above the title
    picture: str = ""  # the path of one, from notebooks/
    step: Step | None = None  # of an exercise
    minutes: int = 0


def deck(road: Road) -> list[Slide]:
    """Return the slides of a road. Raises Trouble."""
    slots = iter(schedule(road, PROJECT))
    found = [first(road)]
    count = 0
    for leg in road.legs:
        count += bool(leg.notebook)
        slack = leg is road.legs[-1] and leg.who == BREAK  # at the end, which nobody needs a slide for
        found += [noted(slide, slots) for slide in slides_of(leg, count) if not slack]
    return [*found, last()]


def noted(slide: Slide, slots: Iterator[Slot]) -> Slide:
    """Return a slide with the time at which its turn comes, where it begins something in the schedule."""
    if slide.kind not in (LEG, BREAK, EXERCISE) or not slide.minutes:
        return slide
    slot = next(slots)
    return replace(slide, notes=(f"At {clock(0, slot.at)}, {slot.minutes} minutes, {slot.who}.", *slide.notes))


def first(road: Road) -> Slide:
    """Return the title slide."""
    pieces = (Text(f"For {road.whom}: {hours(road.minutes)}, {len(road.steps)} functions to write."),
              Listing(((None, begun_with(road)),), "text"))
    return Slide(TITLE, road.title, pieces, ("Everybody begins the road in a terminal, in the tutorial's folder.",),
                 small="From a raw socket to two Flask apps")


def last() -> Slide:
    """Return the last slide: where there is more."""
    titles = tuple(Text(chapter.title, look=ITEM) for chapter in PROJECT.chapters)
    return Slide(WORDS, "The long chapters", titles, sizes=sizes_for(titles) or Sizes(), small="Where there is more")


def slides_of(leg: Leg, count: int) -> Iterator[Slide]:
    """Yield the slides of a leg. Raises Trouble."""
    kind = BREAK if leg.who == BREAK else LEG
    late = (f"If it is late: {leg.late}",) if leg.late else ()
    bridge = parts_of_texts([Text(plain(leg.bridge))]) if leg.bridge else [[]]
    yield Slide(kind, leg.title, tuple(bridge[0]), tuple(filter(None, [leg.say, *late])),
                sizes_for(bridge[0]) or Sizes(), f"Part {count}" if leg.notebook else "", minutes=leg.minutes)
    yield from (Slide(WORDS, leg.title, tuple(texts), sizes=sizes_for(texts) or Sizes()) for texts in bridge[1:])
    if leg.notebook:
        cells = road_notebooks.cells_of(leg, count, notebooks.read(PROJECT, leg.notebook)["cells"])
        yield from slides_from(with_questions(blocks_of(list(cells)[1:])), leg)


def slides_from(found: Iterable[Block | Question], leg: Leg) -> Iterator[Slide]:
    """Yield the slides of blocks and questions; what no slide shows is said with the next one."""
    title, said, shown, terms = leg.title, [], None, []
    for one in found:
        slides: list[Slide] = []
        if isinstance(one, Block) and one.kind == HEADING:
            step = STEP.match(one.text)
            shown = PROJECT.steps[step[1]] if step and step[1] in leg.shown else None
            title = leg.title if step else plain(one.text)
            slides = [exercise(PROJECT.steps[step[1]], leg)] if step and step[1] in leg.write else []
        else:
            terms += terms_of(one)
            slides = list(slides_of_question(one, title) if isinstance(one, Question)
                          else slides_of_block(one, title, shown))
            said += notes_of(one)
        if slides:
            yield from text_slides("Words", terms, title)
            yield replace(slides[0], notes=(*slides[0].notes, *said))
            yield from slides[1:]
            said, terms = [], []
    yield from text_slides("Words", terms, title)


def terms_of(one: Block | Question) -> list[Text]:
    """Return the terms that are explained in a block, or before a question."""
    blocks = one.before if isinstance(one, Question) else (one,)
    return [Text(term) for block in blocks if block.kind == PROSE for term in terms_in(block.text)]


def notes_of(one: Block | Question) -> list[str]:
    """Return what is said of a block that is on no slide."""
    if isinstance(one, Question):
        return []
    if one.kind == RUN:
        return [f"Run the cell that begins with `{first_line(one)}`."]
    return [plain(one.text)] if one.kind == PROSE else []


def first_line(run: Block) -> str:
    """Return the first line of a cell that is no import."""
    lines = [line for line in run.text.splitlines() if line.strip() and not line.startswith(("#", "import", "from"))]
    return (lines or run.text.splitlines())[0].replace("`", "")


# Blocks.


def slides_of_block(block: Block, title: str, shown: Step | None) -> Iterator[Slide]:
    """Yield the slides of a block: none for what is only said."""
    if block.kind == PICTURE:
        yield Slide(DRAWING, plain(block.text), picture=block.path)
    elif block.kind == LISTING and shown:
        code, path = without_docstring(code_of(block)), PROJECT.relative(shown.path)
        yield from code_slides(f"`{shown.name}`", code, f"{path}, to read", [Text(sentence_of(shown))])
    elif block.kind == LISTING:
        yield from code_slides(title, code_of(block), block.path)
    elif block.kind == ITEMS:
        yield from text_slides(title, [Text(item, look=ITEM) for item in items_in(block.text)])
    elif block.kind == TABLE:
        yield from text_slides(title, [Text(row, look=ITEM) for row in rows_in(block.text)])
    elif block.kind == RUN and (call := QUOTE_CALL.match(block.text)):
        path = f"solutions/{call[1]}.py"
        text = quotation(path, call[2]).strip().removeprefix("```python\n").removesuffix("\n```")
        yield from code_slides(f"`{call[2]}`", without_docstring(code_of(Block(LISTING, text))), path)


def rows_in(table: str) -> list[str]:
    """Return the rows of a table as lines, without its headings."""
    rows = [line.strip().strip("|").split(" | ") for line in table.splitlines()]
    return [": ".join(filter(None, (plain(cell) for cell in row))) for row in rows[2:]]


def code_of(block: Block) -> Listing:
    """Return a quotation as code, with the numbers of its lines where it has them."""
    lines = block.text.splitlines()
    found = [NUMBERED.match(line) for line in lines]
    if all(found):
        return Listing(tuple((int(match[1]), match[2] or "") for match in found if match), block.tongue)
    return Listing(tuple((None, line) for line in lines), block.tongue)


def without_docstring(code: Listing) -> Listing:
    """Return the code of a function without its docstring; the numbers of its lines stay."""
    ends = [count for count, (_, line) in enumerate(code.lines) if '"""' in line]
    begins = ends and code.lines[ends[0]][1].lstrip().startswith('"""')
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
    for slide in listing_slides(title, [code], path):
        yield replace(slide, notes=tuple(text.words for text in texts))


def listing_slides(title: str, pieces: Sequence[Piece], path: str) -> Iterator[Slide]:
    """Yield one slide with pieces, or several if a listing is too long for one."""
    if sizes := sizes_for(pieces):
        yield Slide(CODE, title, tuple(pieces), sizes=sizes, small=path)
        return
    for part in [part for piece in pieces if isinstance(piece, Listing) for part in parts_of_code(piece)]:
        yield Slide(CODE, title, (part,), sizes=sizes_for([part]) or Sizes(), small=path)


def text_slides(title: str, texts: list[Text], small: str = "") -> Iterator[Slide]:
    """Yield slides with texts."""
    for part in parts_of_texts(texts) if texts else []:
        yield Slide(WORDS, title, tuple(part), sizes=sizes_for(part) or Sizes(), small=small)


# Questions.


def slides_of_question(question: Question, title: str) -> Iterator[Slide]:
    """Yield the slides of a question: what stands before it, the question, and then the answer."""
    for block in question.before:
        yield from slides_of_block(block, title, None)
    text = Text(question.text)
    run = [code_of(block) for block in (question.run,) if block]
    code = [code_of(block) for block in question.code]
    choices: list[list[Piece]] = [[text, *code, *run], [text, *code], [text, *run]]
    whole = next((pieces for pieces in choices if len(pieces) > 1 and sizes_for(pieces)), [text])
    paths = [*(block.path for block in question.code), "What you run"]
    apart = [(one, path) for one, path in zip(code + run, paths, strict=False) if one not in whole]
    for group in portions(apart, lambda pairs: sizes_for([one for one, _ in pairs]) is not None) if apart else []:
        yield from listing_slides(title, [one for one, _ in group], group[0][1])
    notes = [*(f"{plain(block.text)}" for block in question.before if block.kind == PROSE),
             *(f"Then run the cell that begins with `{first_line(block)}`." for block in (question.run,) if block),
             f"Answer: {' '.join(plain(block.text) for block in question.answer if block.kind == PROSE)}"]
    yield Slide(QUESTION, title, tuple(whole), tuple(notes), sizes_for(whole) or Sizes(), question.kind)
    yield from answer_slides(question, title, code)


def answer_slides(question: Question, title: str, code: list[Listing]) -> Iterator[Slide]:
    """Yield the slides with the answer: the wrong lines, if it names any, and its words."""
    words = " ".join(block.text for block in question.answer)
    lines = [part for one in code for part in wrong_lines(one, words)] if question.kind == BUG else []
    texts = [Text(plain(block.text)) for block in question.answer if block.kind in (PROSE, ITEMS)]
    listings = [code_of(block) for block in question.answer if block.kind == LISTING]
    whole: list[Piece] = [Text(question.text, ASKED), *lines, *texts, *listings]
    for pieces in (whole, whole[1:]):
        if sizes := sizes_for(pieces):
            yield Slide(ANSWER, title, tuple(pieces), sizes=sizes, small="Answer")
            return
    parts: list[Sequence[Piece]] = [*([one] for one in lines), *parts_of_texts(texts), *([one] for one in listings)]
    for part in parts:
        yield Slide(ANSWER, title, tuple(part), sizes=sizes_for(part) or Sizes(), small="Answer")


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
    notes = [f"Ask: {plain(hint)}" for hint in hints_for(step)[:1]]
    notes += [f"Likely mistake: {wrong.name.replace('_', ' ')}. {plain(wrong.reason)}" for wrong in mistakes(step)]
    pieces = (Text(sentence_of(step)), Text(f"In `chapters/{step.chapter.stem}.py`; then"),
              Listing(((None, f"python3 -m workshop check {step.number}"),), "text"))
    return Slide(EXERCISE, f"`{step.name}`", pieces, tuple(notes), sizes_for(pieces, 400) or Sizes(30, 28),
                 f"Step {step.number}", step=step, minutes=leg.write[step.number])


def mistakes(step: Step) -> list[Version]:
    """Return the most likely mistakes in a step, as the run-sheets have them."""
    found = [version for version in all_versions() if version.kind == "mistakes" and version.step.number == step.number]
    return found[:LIKELY]


def sentence_of(step: Step) -> str:
    """Return the first sentence of a step's task."""
    paragraph = " ".join(step.task.split("\n\n")[1].split())
    return re.split(r"(?<=[.:]) (?=[A-Z])", paragraph)[0].rstrip(".:") + "."
