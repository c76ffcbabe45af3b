"""The learner's file of a chapter, as it is on the disk and as text.

Its form stays as the learner's editor made it: with CRLF or LF at the ends of lines, with a byte order mark or without.
"""
import codecs
from dataclasses import dataclass
from pathlib import Path

from workshop.course.definitions import line_that_is_no_python
from workshop.course.project import Chapter
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

    def text(self) -> str:
        """Return the text, with LF at the ends of lines. Raises Trouble if there is no file, or no Python in it."""
        if self.data is None:
            raise Trouble(f"There is no file {self.place}. {self.remedy()}")
        try:
            text = self.data.decode("utf-8-sig").replace("\r\n", "\n")
        except UnicodeDecodeError as error:
            line = self.data.count(b"\n", 0, error.start) + 1
            raise Trouble(f"{self.place}:{line} is not UTF-8, so Python cannot read it. {self.remedy()}")
        if wrong := line_that_is_no_python(text):
            raise Trouble(f"{self.place}:{wrong[0]} is not Python: {wrong[1]}. Put that line right, or: "
                          f"{self.remedy()}")
        return text

    def remedy(self) -> str:
        return (f"`{command('reset', self.chapter.number)}` makes the whole file a fresh starter, and saves what is "
                "there first.")

    def encoded(self, text: str) -> bytes:
        """Return a text in the form that this file has."""
        data = self.data or b""
        mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
        windows = data.count(b"\r\n") * 2 > data.count(b"\n")
        return mark + text.replace("\n", "\r\n" if windows else "\n").encode("utf-8")


def read_exercise(chapter: Chapter) -> Exercise:
    """Return the Exercise of a chapter. Raises Trouble if it cannot be read."""
    return Exercise(chapter, attempt(chapter.project.root, chapter.path, replacing.read, chapter.path))
