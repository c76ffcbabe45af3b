"""The verb `catch-up`: everything before a chapter that is not done is filled in from the reference.

The filling goes chapter by chapter, in folders of their own, and is checked there: what is written at last passes all
checks. Only as much is borrowed as it takes. First what is not written at all; then steps that fail and use no other
step that fails, for what fails may do so only because of another; then, where the program around the steps is to
blame, that; and a file in which nothing can be told apart is taken as a whole.
"""
import ast
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from workshop.checking.standing import states_in
from workshop.course import borrowed, definitions, exercise
from workshop.course.starters import derive
from workshop.course.steps import ROOT, find_chapter, is_stub, relative, stems, steps_of
from workshop.files import change
from workshop.machine.trouble import Trouble
from workshop.terminal.writing import fitted, mark, painted

AS_IT_IS, GIVEN_RESTORED, WHOLE = range(3)  # what is taken of the reference besides steps
STRAY = (ast.Expr, ast.For, ast.While, ast.With, ast.Assert, ast.Raise, ast.Delete)  # what runs on import
NOT_EVEN_THE_REFERENCE = ("Not even the reference passes the checks of chapter {} here: python3 -m workshop doctor "
                          "says what may be amiss. Nothing has been changed.")


@dataclass
class Filling:
    """One chapter on its way from what the learner has to what passes all checks."""

    own: exercise.Exercise
    reference: str
    text: str | None = None  # None while nothing of the learner's can be kept
    numbers: set = field(default_factory=set)  # of the steps that are borrowed now
    level: int = AS_IT_IS
    notes: list = field(default_factory=list)  # what else was done, in a sentence each

    def __post_init__(self):
        try:
            text = self.with_right_names(self.own.text())
            lacking = definitions.missing(text, derive(self.reference))
            self.text = definitions.restore(text, derive(self.reference))
            self.numbers |= {step.number for step in self.steps if self.is_unwritten(step.name)}
            self.notes += [f"put back what was missing: {', '.join(lacking)}"] if lacking else []
        except (Trouble, SyntaxError) as error:
            self.take_whole(str(error).partition(". ")[0])

    @property
    def steps(self):
        return steps_of(self.own.stem)

    def with_right_names(self, text):
        """Return a text in which steps that were renamed have their names back."""
        for step in self.steps:
            for name in [] if step.name in definitions.places(text) else definitions.renamed(text, step)[:1]:
                text = definitions.rename(text, name, step.name)
                self.notes.append(f"{name} has its name back, {step.name}")
        return text

    def is_unwritten(self, name):
        node = definitions.places(self.text)[name][-1].node
        return isinstance(node, ast.FunctionDef) and is_stub(node)

    def take_whole(self, why):
        """Give up the learner's text."""
        self.text, self.level = None, WHOLE
        self.notes.append(f"the whole file is the reference's ({why})")

    def take_given(self):
        """Restore the program around the steps, and take out what runs when the file is imported."""
        self.level = GIVEN_RESTORED
        starter = derive(self.reference)
        names = {step.name for step in self.steps}
        changed = [name for name in differing(self.text, starter) if name not in names]
        fresh = {name: definitions.text_of(starter, name) for name in changed}
        self.text, lines = without_strays(definitions.replace(self.text, fresh))
        self.notes += [f"put back as it was given: {', '.join(changed)}"] if changed else []
        self.notes += [f"taken out, for it ran on import: {', '.join(lines)}"] if lines else []

    def filled(self):
        """Return the text with what is borrowed; None of it is the learner's at the level WHOLE."""
        base = self.reference if self.text is None else self.text
        chosen = [step for step in self.steps if step.number in self.numbers or self.text is None]
        return definitions.replace(base, {step.name: borrowed.with_note(
            definitions.text_of(self.reference, step.name), step.number) for step in chosen})

    def borrow_for(self, failing):
        """Borrow more, so that fewer steps fail than those in failing (numbers). Raises Trouble if no more can be."""
        own = [number for number in failing if number not in self.numbers]
        if self.level == WHOLE:
            raise Trouble(NOT_EVEN_THE_REFERENCE.format(self.own.chapter))
        if self.level == AS_IT_IS and (not own or len(failing) == len(self.steps)):
            self.take_given()
        elif own:
            self.numbers |= set(first_to_blame([step for step in self.steps if step.number in own], self.filled()))
        else:
            self.take_whole("with all steps borrowed it failed, too")


def first_to_blame(steps, text):
    """Return the numbers of those failing steps that use no other failing one in a text; of the first if all do."""
    uses = users_of_names(text)
    names = {step.name for step in steps}
    found = [step.number for step in steps if not reached(step.name, uses) & names - {step.name}]
    return found or [steps[0].number]


def users_of_names(text):
    """Return {function: the functions that it may use}, by qualified names.

    It may use what it names, whatever object it takes it from; naming a class is using what Python calls by itself.
    """
    functions = {name: found[-1].node for name, found in definitions.places(text).items()
                 if isinstance(found[-1].node, definitions.FUNCTIONS)}
    return {name: {other for other in functions if {handle_of(other)} & words_in(node)}
            for name, node in functions.items()}


def handle_of(name):
    """Return the word by which a function is used: its own name, or its class's if Python calls it by itself."""
    container, _, own = name.rpartition(".")
    return container if own.startswith("__") else own


def words_in(node):
    return {getattr(part, "id", getattr(part, "attr", None)) for part in ast.walk(node)}


def reached(name, uses):
    """Return what a function uses, directly or through others."""
    waiting, seen = [name], set()
    while waiting:
        new = uses.get(waiting.pop(), set()) - seen
        seen |= new
        waiting += new
    return seen


def differing(text, starter):
    """Return the names of functions and constants that a text has otherwise than the starter."""
    kinds = (*definitions.FUNCTIONS, ast.Assign, ast.AnnAssign)
    mine, given = definitions.places(text), definitions.places(starter)
    return [name for name, found in given.items() if isinstance(found[-1].node, kinds) and name in mine
            and name.rpartition(".")[2] and ast.dump(mine[name][-1].node) != ast.dump(found[-1].node)]


def without_strays(text):
    """Return a text without the statements that do something when it is imported, and their first lines."""
    strays = [place for place in definitions.places(text).get("", []) if isinstance(place.node, STRAY)
              and not (isinstance(place.node, ast.Expr) and isinstance(place.node.value, ast.Constant))]
    lines = definitions.lines_of(text)
    return (definitions.edited(lines, [(place.begin, place.end, "") for place in strays]),
            [f"`{lines[place.begin].strip()}`" for place in strays])


def add_arguments(parser):
    """Declare the chapter to begin."""
    parser.add_argument("chapter", metavar="N", help="the chapter that you want to begin, such as 4")


def run(arguments):
    """Fill in what is not done before a chapter and return 0. Raises Trouble, and then nothing has changed."""
    first = find_chapter(arguments.chapter)
    earlier = [stem for stem in stems() if stem < first]
    if not earlier:
        raise Trouble(f"Before chapter {int(arguments.chapter)} there is nothing to fill in.")
    print(f"Checking what you have before chapter {int(arguments.chapter)}.", flush=True)
    fillings = filled_in(earlier)
    files = {one.own.path: (one.own.data, one.own.encoded(one.filled())) for one in fillings if has_changed(one)}
    with change.alone():
        saved = change.make(f"catch-up {int(arguments.chapter)}", files)
    tell(fillings, saved, arguments.chapter)
    return 0


def has_changed(filling):
    return filling.own.data is None or filling.own.encoded(filling.filled()) != filling.own.data


def filled_in(earlier):
    """Return the Fillings of chapters (stems), with which all their checks pass. Raises Trouble."""
    fillings = []
    with tempfile.TemporaryDirectory(prefix="workshop-", ignore_cleanup_errors=True) as folder:
        for stem in earlier:
            reference = (ROOT / "solutions" / f"{stem}.py").read_text(encoding="utf-8")
            fillings.append(Filling(exercise.read(stem), reference))
            until_it_passes(fillings[-1], Path(folder).resolve())
    return fillings


def until_it_passes(filling, folder):
    """Write a chapter into a folder and check it there, and borrow more, until all its checks pass."""
    while True:
        text = filling.filled()
        if wrong := definitions.line_that_is_no_python(text):
            filling.take_whole(f"line {wrong[0]} is no Python after the filling")
            continue
        Path(folder, filling.own.path.name).write_text(text, encoding="utf-8", newline="")
        states = states_in(folder, [step.number for step in filling.steps])
        failing = [number for number, state in states.items() if state != "done"]
        if not failing:
            return
        filling.borrow_for(failing)


def tell(fillings, saved, chapter):
    """Print which parts are borrowed and which are the learner's, and where the files as they were are saved."""
    for filling in fillings:
        print("", painted(relative(filling.own.path), "strong"), *map(fitted, banner(filling)), sep="\n")
    if saved is None:
        print(f"\nAll is done before chapter {int(chapter)}: nothing is filled in.")
        return
    copies = [f"{relative(saved.folder)}/{copy}" for copy in saved.names.values() if copy]
    print("", *map(fitted, [
        f"What you had is saved: {', '.join(copies)}" if copies else "There was nothing to save.",
        "A comment in each function that is borrowed says so. To write one yourself: python3 -m workshop reset N.M",
        "To have all as it was: python3 -m workshop undo"]), sep="\n")


def banner(filling):
    """Return lines that say which steps of a chapter are the learner's and which are borrowed."""
    taken = set(borrowed.in_text(filling.filled()))
    yours = [step.number for step in filling.steps if step.number not in taken]
    others = [step.number for step in filling.steps if step.number in taken]
    lines = [f"{mark('done')} yours: {', '.join(yours)}"] if yours else []
    lines += [f"{mark('not started')} borrowed from the reference: {', '.join(others)}"] if others else []
    return lines + [f"- {note}" for note in filling.notes]
