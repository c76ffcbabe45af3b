"""The questions of a notebook: predictions, bugs to spot, and those for testing oneself, each with its answer.

A question is what stands before a folded answer. Where the reader runs a cell between the two, it stands before that.
"""
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile

from dev.glossary import TERM
from dev.slides.blocks import FOLD, HEADING, ITEMS, LISTING, PROSE, RUN, TABLE, Block, blocks_in, plain

NO_ANSWER = re.compile(r"Hint \d|More: |The code of ")  # beginnings of summaries
BUG, TEST, PREDICTION = "Spot the bug", "Test yourself", "Predict"
ASKS = re.compile(r"\?|\bpredict\b|\bSpot the bug\b|\bMend\b|\bName\b", re.IGNORECASE)
SHORT, LONG = 75, 330  # letters of a question
LABEL = re.compile(r"^\d+\. |\*\*Spot the bugs?\b[^*]*\.\*\* ?|(\*\*)(?=Spot the bug)|(?<=Spot the bug)\*\*")


@dataclass(frozen=True)
class Question:
    """A question, with what one needs to answer it."""

    kind: str  # BUG, TEST or PREDICTION
    before: tuple[Block, ...]  # what stands before it
    text: str  # the question, as plain Markdown
    code: tuple[Block, ...]  # the code that it is about
    runs: tuple[Block, ...]  # the cells that show it, if there are any
    answer: tuple[Block, ...]
    name: str  # the id of the notebook's cell in which it is asked
    also: tuple[Block, ...] = ()  # the code that its cells use, and that does not stand in them (see code_beside.py)


class Reading:
    """What one has read so far, while one does not know yet what the next question is about."""

    def __init__(self) -> None:
        self.section = ""
        self.asked: list[Block] = []  # what stands before the last cell that was run
        self.ran: Block | None = None
        self.pending: list[Block] = []  # what stands after it
        self.used: list[Block] = []  # cells that belong to a question

    def let_go(self) -> Iterator[Block]:
        """Yield what belongs to no question, and forget it."""
        yield from self.asked
        if self.ran and self.ran not in self.used:
            yield self.ran
        self.asked, self.ran = [], None

    def ask(self, fold: Block, following: tuple[Block, ...]) -> Iterator[Block | Question]:
        """Yield the question that a folded text answers, after what belongs to no question.

        following are the cells to run that come at once after the folded text.
        """
        if any(block.kind in (PROSE, LISTING) for block in self.pending) or not self.asked:
            yield from self.let_go()
            blocks, runs = self.pending, following
        else:
            blocks, runs = [*self.asked, *self.pending], (self.ran,) if self.ran else ()
        self.used += runs
        self.asked, self.ran, self.pending = [], None, []
        yield question_of(blocks, self.section, fold, runs)


def with_questions(blocks: list[Block]) -> Iterator[Block | Question]:
    """Yield blocks, and in the place of each folded answer the question with all that belongs to it."""
    reading = Reading()
    for count, block in enumerate(blocks, 1):
        if block.kind == FOLD and not NO_ANSWER.match(block.head):
            yield from reading.ask(block, tuple(takewhile(lambda one: one.kind == RUN, blocks[count:])))
        elif block.kind == RUN:
            yield from reading.let_go()
            reading.asked, reading.ran, reading.pending = reading.pending, block, []
        elif block.kind in (HEADING, FOLD):
            yield from [*reading.let_go(), *reading.pending, block]
            reading.pending = []
            reading.section = block.text if block.kind == HEADING else reading.section
        else:
            reading.pending.append(block)
    yield from [*reading.let_go(), *reading.pending]


def question_of(blocks: list[Block], section: str, fold: Block, runs: tuple[Block, ...]) -> Question:
    """Return the question that stands at the end of some blocks."""
    prose = [block for block in blocks if block.kind == PROSE]
    asking = [block for block in prose if BUG in block.text] or [block for block in prose if ASKS.search(block.text)]
    asked = blocks.index((asking or prose)[-1]) if prose else 0
    first = with_what_it_refers_to(blocks, asked)
    words = " ".join(block.text for block in blocks[first:] if block.kind == PROSE)
    terms = tuple(Block(PROSE, found[0]) for found in TERM.finditer(words))
    kind = TEST if section == TEST else BUG if BUG in words or "wrong" in fold.head else PREDICTION
    return Question(kind, (*(block for block in blocks[:first] if block.kind != LISTING), *terms),
                    LABEL.sub("", plain(TERM.sub("", words))) or fold.head,
                    tuple(block for block in blocks if block.kind == LISTING), runs, tuple(blocks_in(fold.text)),
                    (blocks[asked] if blocks else fold).cell)


def with_what_it_refers_to(blocks: list[Block], first: int) -> int:
    """Return where a question begins, which would begin at first: a short one needs the paragraph before it."""
    long = [len(plain(TERM.sub("", block.text))) if block.kind == PROSE else 0 for block in blocks]
    before = [index for index, count in enumerate(long[:first]) if count and not announces_list(blocks, index)]
    asked = sum(long[first:])
    return before[-1] if before and asked < SHORT and asked + long[before[-1]] < LONG else first


def announces_list(blocks: list[Block], index: int) -> bool:
    """Tell whether a block is the words above a list, from which nobody may take them away."""
    return index + 1 < len(blocks) and blocks[index + 1].kind in (ITEMS, TABLE)
