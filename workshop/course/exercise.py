"""The learner's file of a chapter, as it is on the disk and as text.

Its form stays as the learner's editor made it: with CRLF or LF at the end of each line, with a byte order mark or
without.
"""
import codecs
import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from workshop.course.broken_steps import mended, step_to_blame
from workshop.course.definitions import line_that_is_no_python
from workshop.course.project import Chapter, Step
from workshop.files import replacing
from workshop.files.change import attempt
from workshop.machine.invocation import command
from workshop.machine.trouble import Trouble


@dataclass(frozen=True)
class Exercise:
    """A chapter's file at the moment when it was read."""

    chapter: Chapter
    data: bytes | None  # None if there is no file

    @property
    def path(self) -> Path:
        return self.chapter.path

    @property
    def place(self) -> str:
        """The path as it is shown."""
        return self.chapter.project.relative(self.path)

    def text(self, given_up: Sequence[Step] = ()) -> str:
        """Return the text, with LF at the ends of lines. Raises Trouble if there is no file, or no Python in it.

        Where it is no Python because of steps that are given_up, their lines are those of the starter.
        """
        text = self.decoded()
        wrong = line_that_is_no_python(text)
        if not wrong:
            return text
        if given_up and (whole := mended(text, given_up)):
            return whole
        step = step_to_blame(text, self.chapter)
        raise Trouble(f"{self.place}:{wrong[0]} is not Python: {wrong[1]}. Put that line right, or: "
                      f"{remedy_for_step(step) if step else self.remedy()}")

    def decoded(self) -> str:
        """Return the text, with LF at the ends of lines, whatever it is. Raises Trouble if it cannot be read."""
        if self.data is None:
            raise Trouble(f"There is no file {self.place}. {self.remedy()}")
        try:
            return self.data.decode("utf-8-sig").replace("\r\n", "\n")
        except UnicodeDecodeError as error:
            line = self.data.count(b"\n", 0, error.start) + 1
            raise Trouble(f"{self.place}:{line} is not UTF-8, so Python cannot read it. {self.remedy()}")

    def remedy(self) -> str:
        return (f"`{command('reset', self.chapter.number)}` makes the whole file a fresh starter, and saves what is "
                "there first.")

    def encoded(self, text: str) -> bytes:
        """Return a text in the form that this file has: a line that stays keeps its end, a new one has the usual."""
        data = self.data or b""
        mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
        return mark + with_ends_of(data.removeprefix(mark), text.encode("utf-8"))


def remedy_for_step(step: Step) -> str:
    return (f"`{command('reset', step.number)}` puts this one step, {step.name}, back to its start, and saves what is "
            "there first.")


def with_ends_of(old: bytes, new: bytes) -> bytes:
    """Return new, whose lines end with LF, with the ends that its lines have in old; lines that it lacks get the usual.
    """
    had, count = old.split(b"\n"), old.count(b"\r\n")
    *lines, last = new.split(b"\n")
    ended = [line + b"\r" * (count * 2 > len(had) - 1) for line in lines]
    if 0 < count < len(had) - 1:
        same = difflib.SequenceMatcher(None, [line.removesuffix(b"\r") for line in had], lines, autojunk=False)
        for here, there, size in same.get_matching_blocks():
            ended[there:there + size] = had[here:here + size]
    return b"\n".join([*ended, last])


def read_exercise(chapter: Chapter) -> Exercise:
    """Return the Exercise of a chapter. Raises Trouble if it cannot be read."""
    return Exercise(chapter, attempt(chapter.project.root, chapter.path, replacing.read, chapter.path))
