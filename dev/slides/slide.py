"""One slide: what stands on it, and what is said with it."""
from collections.abc import Iterator
from dataclasses import dataclass

from dev.slides.fitting import Piece, Sizes, Text, parts_of_texts, sizes_for
from workshop.course.project import Step

TITLE, LEG, BREAK, EXERCISE, SOLVED, CODE, WORDS, QUESTION, ANSWER, DRAWING = (  # the kinds of slides
    "title", "leg", "break", "exercise", "solved", "listing", "words", "question", "answer", "picture")
TERMS = "Words"  # the title of a slide that explains terms
SAID, ASK, TO_RUN, FOR_THE_ROOM = "said", "ask", "run", "for the room"  # the kinds of notes


@dataclass(frozen=True)
class SlideNote:
    """What a teacher reads beside a slide."""

    words: str  # in Markdown
    kind: str = SAID


@dataclass(frozen=True)
class Slide:
    """One slide. What is said and done with it stands in the notes."""

    kind: str
    title: str  # in Markdown
    pieces: tuple[Piece, ...] = ()
    notes: tuple[SlideNote, ...] = ()
    sizes: Sizes = Sizes()
    small: str = ""  # above the title
    picture: str = ""  # the path of one, from notebooks/
    points: tuple[str, ...] = ()  # what to point at, on each page of a picture
    later: tuple[SlideNote, ...] = ()  # notes for when a picture has been seen, of which a tall one takes several pages
    step: Step | None = None  # of an exercise
    minutes: int = 0
    spare: bool = False  # whether it is for when there is time

    @property
    def all_notes(self) -> tuple[SlideNote, ...]:
        """Its notes, with what to point at, and with those for later."""
        return (*self.notes, *map(SlideNote, self.points), *self.later)

    @property
    def said(self) -> tuple[str, ...]:
        """The words of all its notes."""
        return tuple(note.words for note in self.all_notes)

    @property
    def texts(self) -> list[str]:
        """The texts that stand on it."""
        return [piece.words for piece in self.pieces if isinstance(piece, Text)]


def text_slides(title: str, texts: list[Text], small: str = "", notes: tuple[SlideNote, ...] = ()) -> Iterator[Slide]:
    """Yield slides with texts; the last has the notes."""
    parts = parts_of_texts(texts) if texts else []
    for count, part in enumerate(parts, 1):
        yield Slide(WORDS, title, tuple(part), notes if count == len(parts) else (), sizes_for(part) or Sizes(), small)
