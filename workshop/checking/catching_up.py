"""Filling in from the reference what does not pass, in as few functions as it takes.

The filling goes chapter by chapter, in folders of their own, and is checked there: what is written at last passes all
checks. First what is not written at all is borrowed; then steps that fail and use no other step that fails, for what
fails may do so only because of another; then, where the program around the steps is to blame, that is put back; and a
file that cannot be parsed is taken from the reference as a whole.
"""
import ast
import enum
import tempfile
from pathlib import Path

from workshop.checking.runs import check_steps
from workshop.checking.verdict import Verdicts
from workshop.course import definitions
from workshop.course.borrowed_steps import borrowed_in, lent, with_note, without_notes
from workshop.course.exercise import Exercise, read_exercise
from workshop.course.project import ALL, Project, Step, order
from workshop.course.source import FunctionNode, lines_of
from workshop.course.starters import is_stub
from workshop.course.step_uses import sources_of, to_mend_first
from workshop.machine.invocation import command
from workshop.machine.trouble import Trouble

STRAY = (ast.Expr, ast.For, ast.While, ast.With, ast.Assert, ast.Raise, ast.Delete)  # what runs on import


class Taken(enum.Enum):
    """What is taken of the reference besides steps."""

    NOTHING = enum.auto()
    GIVEN = enum.auto()  # the program around the steps
    WHOLE = enum.auto()  # the file


class Filling:
    """One chapter on its way from what the learner has to what passes the checks of some of its steps."""

    def __init__(self, own: Exercise, steps: list[Step]) -> None:
        self.own, self.chapter, self.steps = own, own.chapter, steps
        self.text: str | None = None  # None while nothing of the learner's can be kept
        self.numbers: set[str] = set()  # of the steps that are borrowed now
        self.taken = Taken.NOTHING
        self.notes: list[str] = []  # what else was done, in a sentence each
        try:
            text = self.with_right_names(own.text())
            lacking = definitions.missing(text, self.chapter.starter)
            self.text = definitions.restore(text, self.chapter.starter)
            self.numbers |= {step.number for step in steps if self.is_unwritten(self.text, step.name)}
            self.notes += [f"put back what was missing: {', '.join(lacking)}"] if lacking else []
        except (Trouble, SyntaxError) as error:
            self.take_whole(str(error).partition(". ")[0])

    def with_right_names(self, text: str) -> str:
        """Return a text in which steps that were renamed have their names back."""
        for step in self.steps:
            for name in [] if step.name in definitions.places(text) else definitions.renamed(text, step.number)[:1]:
                text = definitions.rename(text, name, step.name)
                self.notes.append(f"{name} has its name back, {step.name}")
        return text

    def is_unwritten(self, text: str, name: str) -> bool:
        node = definitions.places(text)[name][-1].node
        return isinstance(node, FunctionNode) and is_stub(node)

    def take_whole(self, why: str) -> None:
        """Give up the learner's text."""
        self.text, self.taken = None, Taken.WHOLE
        self.numbers = {step.number for step in self.steps}
        self.notes.append(f"the whole file is the reference's ({why})")

    def take_given(self, text: str) -> None:
        """Restore the program around the steps, and take out what runs when the file is imported."""
        self.taken = Taken.GIVEN
        starter = self.chapter.starter
        names = {step.name for step in self.chapter.steps}
        changed = [name for name in differing(text, starter) if name not in names]
        fresh = {name: definitions.text_of(starter, name) for name in changed}
        self.text, lines = without_strays(definitions.replace(text, fresh))
        self.notes += [f"put back as it was given: {', '.join(changed)}"] if changed else []
        self.notes += [f"taken out, for it ran on import: {', '.join(lines)}"] if lines else []

    def filled(self) -> str:
        """Return the text with what is borrowed."""
        base = self.chapter.starter if self.text is None else self.text
        return definitions.replace(base, {
            step.name: with_note(definitions.text_of(self.chapter.reference, step.name), step.number)
            for step in self.steps if step.number in self.numbers})

    def is_reference(self) -> bool:
        """Tell whether what is filled in is the reference, which passes its checks wherever this can run."""
        return self.text is not None and dumped(without_notes(self.filled())) == dumped(self.chapter.reference)

    def changes(self) -> bool:
        """Tell whether anything is filled in."""
        return self.own.data is None or self.own.encoded(self.filled()) != self.own.data

    def borrowed(self) -> list[str]:
        """Return the numbers of the steps that are the reference's in what is filled in."""
        found = borrowed_in(self.chapter, self.filled(), lent(self.own.path.parent))
        return [step.number for step in self.steps if step.number in found]

    def borrow_for(self, failing: list[str], verdicts: Verdicts, folder: Path) -> None:
        """Borrow more, so that fewer steps fail than those in failing, which a folder has. Raises Trouble if none can.
        """
        own = [number for number in failing if number not in self.numbers]
        if self.text is None:
            raise Trouble(f"Not even the reference passes the checks of chapter {self.chapter.number} here: "
                          f"{command('doctor')} says what may be wrong. Nothing has been changed.")
        if self.taken == Taken.NOTHING and (not own or len(failing) == len(self.steps)):
            self.take_given(self.text)
        elif own:
            programs = [number for number in own if number in verdicts and verdicts[number].only_programs]
            self.numbers |= set(to_mend_first(own, sources_of(self.chapter.project, folder), programs))
        else:
            self.take_whole("with all steps borrowed it failed, too")


def differing(text: str, starter: str) -> list[str]:
    """Return the names of functions and constants that a text has otherwise than the starter."""
    kinds = (*definitions.FUNCTIONS, ast.Assign, ast.AnnAssign)
    mine, given = definitions.places(text), definitions.places(starter)
    return [name for name, found in given.items() if isinstance(found[-1].node, kinds) and name in mine
            and name.rpartition(".")[2] and ast.dump(mine[name][-1].node) != ast.dump(found[-1].node)]


def without_strays(text: str) -> tuple[str, list[str]]:
    """Return a text without the statements that do something when it is imported, and their first lines."""
    strays = [place for place in definitions.places(text).get("", []) if isinstance(place.node, STRAY)
              and not (isinstance(place.node, ast.Expr) and isinstance(place.node.value, ast.Constant))]
    lines = lines_of(text)
    return (definitions.edited(lines, [(place.begin, place.end, "") for place in strays]),
            [f"`{lines[place.begin].strip()}`" for place in strays])


def filled_in(project: Project, numbers: list[str]) -> list[Filling]:
    """Return the Fillings of the chapters of some steps, with which all checks of these pass. Raises Trouble."""
    fillings = []
    with tempfile.TemporaryDirectory(prefix="workshop-", ignore_cleanup_errors=True) as folder:
        for chapter in map(project.chapter, project.by_chapter(numbers)):
            steps = [step for step in chapter.steps if step.number in numbers]
            fillings.append(Filling(read_exercise(chapter), steps))
            until_it_passes(fillings, Path(folder).resolve())
    return fillings


def dumped(source: str) -> str:
    """Return what stands for the code of a text, whatever its layout and its comments."""
    return ast.dump(ast.parse(source))


def until_it_passes(fillings: list[Filling], folder: Path) -> None:
    """Write the last of some chapters into a folder and check it there, and borrow more, until all its checks pass.

    A chapter that is the reference needs no check: those before it pass theirs, or are the reference as well.
    """
    filling = fillings[-1]
    numbers = [step.number for step in filling.steps]
    while True:
        text = filling.filled()
        if wrong := definitions.line_that_is_no_python(text):
            filling.take_whole(f"line {wrong[0]} is no Python after the filling")
            continue
        filling.chapter.path_in(folder).write_text(text, encoding="utf-8", newline="")
        if filling.is_reference():
            return
        verdicts = check_steps(filling.chapter.project, numbers, folder)
        failing = [number for number in numbers if number not in verdicts or not verdicts[number].state.passes]
        if not failing:
            return
        filling.borrow_for(failing, verdicts, folder)


def numbers_before(project: Project, word: str) -> list[str]:
    """Return the numbers of the steps before a step ("3.9") or a chapter ("4"), or of the course, for "all".

    Raises Trouble.
    """
    if word.lower() == ALL:
        return project.course
    first = project.step(word).number if "." in word else project.chapter(word).numbers[0]
    return [number for number in project.steps if order(number) < order(first)]
