"""The tutorial as objects: a project has chapters, a chapter has steps. All of it is read from the files.

Nothing here is a list kept by hand. A chapter is a file `chNN_name.py`; a step is a function or method in it whose
docstring opens with `Step N.M · about K minutes`. The files are parsed, never imported, so a chapter that is broken or
half-written can still be described.
"""
from __future__ import annotations

import ast
import functools
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from workshop.course.source import heading_of, line_of, nodes_of, question_of, read_source
from workshop.course.starters import is_stub, starter_of
from workshop.files.paths import relative
from workshop.machine.invocation import command
from workshop.machine.trouble import Trouble

CHAPTER = re.compile(r"ch(\d\d)_\w+")
STEP = re.compile(r"\d+\.\d+", re.ASCII)
MARK = re.compile(r'mark\.step\("(.*?)"\)')  # in a file of checks: all of a file are of one step
KEPT = ".workshop"  # the folder of what the workshop keeps, beside that of the chapters
ALL = "all"  # the word for the steps of all chapters
ENCORE = "Encore: "  # how the question of an encore begins: a chapter without which the course is done


@dataclass(frozen=True)
class Step:
    """One function that the learner writes, as a file has it."""

    chapter: Chapter
    number: str  # "2.3"
    name: str  # "parse_fields" or "Response.write"
    minutes: int
    path: Path
    line: int  # of the `def`
    task: str  # the docstring
    started: bool  # False while the body is the starter's `raise NotImplementedError`

    @property
    def place(self) -> str:
        """Where the step stands, as editors and terminals make it clickable: `chapters/ch02_request.py:41`."""
        return f"{self.chapter.project.relative(self.path)}:{self.line}"

    @property
    def learners_place(self) -> str:
        """Where the learner's version stands: its line, or its file where the step is not in it."""
        path = self.chapter.path
        try:
            line = line_of(read_source(path, errors="replace"), self.name, self.number)
        except OSError:
            line = None
        shown = self.chapter.project.relative(path)
        return f"{shown}:{line}" if line else shown


@dataclass(frozen=True)
class Chapter:
    """One chapter: the files that share its stem."""

    project: Project
    number: str  # "2"
    stem: str  # "ch02_request"

    @property
    def path(self) -> Path:
        """The learner's file."""
        return self.project.learners / f"{self.stem}.py"

    @functools.cached_property
    def reference(self) -> str:
        """The text of the solution."""
        return read_source(self.path_in(self.project.solutions))

    @functools.cached_property
    def starter(self) -> str:
        """The text of the starter."""
        return starter_of(self.reference)

    @functools.cached_property
    def question(self) -> str:
        return question_of(self.reference)

    @property
    def title(self) -> str:
        """How the chapter is listed: `2. What did the client say?`."""
        return f"{self.number}. {self.question}"

    @property
    def is_encore(self) -> bool:
        """Whether the course is done without this chapter."""
        return self.question.startswith(ENCORE)

    @functools.cached_property
    def steps(self) -> list[Step]:
        """The steps as the reference has them, by their numbers."""
        return in_order(with_headings(self, self.reference, self.path_in(self.project.solutions)))

    @property
    def numbers(self) -> list[str]:
        return [step.number for step in self.steps]

    @property
    def earlier(self) -> list[Chapter]:
        """The chapters before this one."""
        return [chapter for chapter in self.project.chapters if order(chapter.number) < order(self.number)]

    @functools.cached_property
    def used(self) -> list[Chapter]:
        """The earlier chapters that this one is made of: those that its file imports, and what these import."""
        named = [chapter for chapter in self.earlier if f"\nfrom {chapter.stem} import " in self.reference]
        stems = {one.stem for chapter in named for one in [chapter, *chapter.used]}
        return [chapter for chapter in self.earlier if chapter.stem in stems]

    @property
    def checks(self) -> Path:
        """The folder of the chapter's checks."""
        return self.project.root / "tests" / self.stem

    def checks_of(self, numbers: Collection[str]) -> list[Path]:
        """Return the files that have the checks of some of the chapter's steps.

        It is the folder instead if it is all steps, or if no file has the mark of one.
        """
        wanted = {*numbers}
        found = {path: set(MARK.findall(read_source(path, errors="replace"))) for path in self.checks.glob("test_*.py")}
        if wanted >= {*self.numbers} or not wanted <= set().union(*found.values()):
            return [self.checks]
        return sorted(path for path, marks in found.items() if marks & wanted)

    def path_in(self, tree: Path) -> Path:
        """Return the chapter's file in a tree, a folder with chapters."""
        return tree / f"{self.stem}.py"

    def steps_in(self, source: str, path: Path) -> list[Step]:
        """Return the steps that a text has, which stands in a file. Raises SyntaxError or ValueError for no Python.

        A step is known by the heading in its docstring; where that was deleted, by its function's name.
        """
        nodes, found = nodes_of(source), with_headings(self, source, path)
        others = [step for step in self.steps if step.name in nodes
                  and step.number not in {one.number for one in found}]
        return in_order([*found, *(replace(step, path=path, line=nodes[step.name].lineno,
                                           started=not is_stub(nodes[step.name])) for step in others)])

    def steps_at(self, path: Path) -> list[Step]:
        """Return the steps of a file. Raises OSError, SyntaxError or ValueError."""
        return self.steps_in(read_source(path), path)


@dataclass(frozen=True)
class Project:
    """A copy of the tutorial, known by its folder."""

    root: Path

    @classmethod
    def here(cls) -> Project:
        """Return the one that this code is part of."""
        return cls(Path(__file__).resolve().parents[2])

    @property
    def learners(self) -> Path:
        """The folder of the learner's chapters."""
        return self.root / "chapters"

    @property
    def solutions(self) -> Path:
        """The folder of the reference."""
        return self.root / "solutions"

    @property
    def kept(self) -> Path:
        """The folder of what the workshop keeps for itself: copies, verdicts, JupyterLab's settings."""
        return self.root / KEPT

    @functools.cached_property
    def chapters(self) -> list[Chapter]:
        """The chapters, in order: every solution is one."""
        stems = sorted(path.stem for path in self.solutions.glob("ch*.py") if CHAPTER.fullmatch(path.stem))
        return [Chapter(self, str(int(stem[len("ch"):].partition("_")[0])), stem) for stem in stems]

    @functools.cached_property
    def by_stem(self) -> dict[str, Chapter]:
        """The chapters by their stems."""
        return {chapter.stem: chapter for chapter in self.chapters}

    @functools.cached_property
    def steps(self) -> dict[str, Step]:
        """The steps of all chapters as the reference has them, by their numbers."""
        return {step.number: step for chapter in self.chapters for step in chapter.steps}

    @property
    def encore(self) -> list[str]:
        """The numbers of the steps that the course is done without."""
        return [number for number, step in self.steps.items() if step.chapter.is_encore]

    @property
    def course(self) -> list[str]:
        """The numbers of all other steps."""
        return [number for number, step in self.steps.items() if not step.chapter.is_encore]

    def relative(self, path: Path | str) -> str:
        """Return a path as it is shown: with forward slashes, relative to the project where it lies inside it."""
        return relative(path, self.root)

    def chapter(self, number: str) -> Chapter:
        """Return the chapter with a number such as "2". Raises Trouble if there is none."""
        for chapter in self.chapters:
            if chapter.number == (number.lstrip("0") or number):
                return chapter
        those = f"from {self.chapters[0].number} to {self.chapters[-1].number}"
        if number.lower() == ALL:
            raise Trouble(f"`{number}` cannot be said here: name chapters, {those}, or steps. To see them: {command()}")
        self.refuse_name(number)
        raise Trouble(f"There is no chapter {number}: they go {those}. To see them: {command()}")

    def refuse_name(self, word: str) -> None:
        """Raise Trouble if a word is the name of a function, with the numbers of the steps that are called so."""
        found = [step.number for step in self.steps.values() if word in (step.name, step.name.rpartition(".")[2])]
        if found:
            raise Trouble(f"{word} is the name of step {' and of step '.join(found)}: say the number.")

    def chapter_of(self, number: str) -> Chapter:
        """Return the chapter of a step's number such as "2.3". Raises Trouble if there is none."""
        return self.chapter(number.partition(".")[0])

    def step(self, number: str) -> Step:
        """Return the reference's Step of a number such as "2.3"; only its chapter is read. Raises Trouble."""
        if not STEP.fullmatch(number) and "." in number:
            self.refuse_name(number)
            raise Trouble(f"There is no step {number}: a step is two numbers with a point between them and no space, "
                          "such as 2.3.")
        chapter = self.chapter_of(number)
        for step in chapter.steps:
            if step.number == number:
                return step
        raise Trouble(f"There is no step {number}: those of chapter {chapter.number} go from {chapter.numbers[0]} to "
                      f"{chapter.numbers[-1]}. To see them: {command('check', chapter.number)}")

    def numbers_for(self, words: Iterable[str]) -> list[str]:
        """Return the numbers of the steps that words mean, in order: `2.3`, `2` (a chapter) or `all`. Raises Trouble.
        """
        return sorted({number for word in words for number in self.meant_by(word)}, key=order)

    def meant_by(self, word: str) -> list[str]:
        """Return the numbers of the steps that one word means. Raises Trouble."""
        if word.lower() == ALL:
            return list(self.steps)
        return [self.step(word).number] if "." in word else self.chapter(word).numbers

    def by_chapter(self, numbers: Iterable[str]) -> dict[str, list[str]]:
        """Return step numbers by the numbers of their chapters, in order."""
        chapters: dict[str, list[str]] = {}
        for number in sorted(numbers, key=order):
            chapters.setdefault(number.partition(".")[0], []).append(number)
        return chapters


def with_headings(chapter: Chapter, source: str, path: Path) -> list[Step]:
    """Return the steps that have their headings in a text, which stands in a file."""
    return [Step(chapter, heading["number"], name, int(heading["minutes"]), path, node.lineno,
                 ast.get_docstring(node) or "", not is_stub(node))
            for name, node in nodes_of(source).items() if (heading := heading_of(node))]


def in_order(steps: list[Step]) -> list[Step]:
    """Return steps, sorted by their numbers."""
    return sorted(steps, key=lambda step: order(step.number))


def order(number: str) -> tuple[int, ...]:
    """Return the key that sorts the numbers of steps and chapters: `(2, 10)` comes after `(2, 9)`."""
    return tuple(int(part) for part in number.split("."))
