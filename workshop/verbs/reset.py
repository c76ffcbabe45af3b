"""The verb `reset`: a step, or a whole chapter, back to its starter. What was there is saved first."""
from argparse import ArgumentParser, Namespace
from pathlib import Path

from workshop.course import definitions
from workshop.course.borrowed_steps import lent_after
from workshop.course.exercise import Exercise, read_exercise
from workshop.course.project import Project, Step
from workshop.files import change
from workshop.files.copies import Copies
from workshop.machine.invocation import command
from workshop.machine.trouble import Trouble
from workshop.terminal.line_width import fitted


def add_arguments(parser: ArgumentParser) -> None:
    """Declare what to reset."""
    parser.add_argument("what", metavar="2.3 | 2", nargs="+", help="a step, or a whole chapter")


def run(arguments: Namespace, project: Project) -> int:
    """Put steps and chapters back to their starters and return 0. Raises Trouble, and then nothing has changed."""
    with change.alone(project.root):
        files: dict[Path, change.Change] = {}
        lines = []
        for chapter, steps in by_chapter(project, arguments.what).items():
            own = read_exercise(project.chapter(chapter))
            text, said = with_starters(own, steps) if steps else (own.chapter.starter, [])
            files[own.path] = own.data, own.encoded(text)
            lines += said
        files |= lent_after(project, [], project.numbers_for(arguments.what))
        saved = change.make(project.root, f"reset {' '.join(arguments.what)}", files)
    print(*result(lines, saved), sep="\n")
    return 0


def by_chapter(project: Project, words: list[str]) -> dict[str, list[Step]]:
    """Return the Steps that words name by the numbers of their chapters; none stand for the whole chapter."""
    found: dict[str, list[Step]] = {}
    whole = {project.chapter(word).number for word in words if "." not in word}
    for step in (project.step(word) for word in words if "." in word):
        found.setdefault(step.chapter.number, []).append(step)
    return found | {chapter: [] for chapter in whole}


def with_starters(own: Exercise, steps: list[Step]) -> tuple[str, list[str]]:
    """Return the text of an Exercise with the starters of some Steps in it, and lines that say what was done."""
    text, said = own.text(given_up=steps), []
    for step in steps:
        text, how = with_starter(text, own.chapter.starter, step)
        said += [f"{own.place}: {how}"] if how else []
    if wrong := definitions.line_that_is_no_python(text):
        raise Trouble(f"{own.place}: the starter does not fit in at line {wrong[0]}. Nothing has been "
                      f"changed. {own.remedy()}")
    return text, said


def with_starter(text: str, starter: str, step: Step) -> tuple[str, str]:
    """Return a text with one step at its starter, wherever it has got to, and what is to be said of it."""
    owner = step.name.rpartition(".")[0]
    if owner in definitions.missing_classes(text, starter):
        return definitions.restore(text, starter, [owner]), how_it_is_back(text, owner)
    fresh = definitions.text_of(starter, step.name)
    found = [place for place in definitions.places(text).get(step.name, [])
             if not isinstance(place.node, definitions.IMPORTS)]
    names = definitions.renamed(text, step.number) if not found else [step.name]
    if names:
        return definitions.replace(text, {names[0]: fresh}), how_it_was(len(found), names[0], step)
    return definitions.restore(text, starter, [step.name]), how_it_is_back(text, step.name)


def how_it_is_back(text: str, name: str) -> str:
    """Return the note on a definition that a text lacks, or has no room for methods in."""
    was = "was not whole" if definitions.is_taken(text, name) else "was missing"
    return f"{name} {was} and is back, as in the starter"


def how_it_was(count: int, name: str, step: Step) -> str:
    """Return a note on what was odd about a step: its name, or how often it was there; "" for nothing."""
    if name != step.name:
        return f"{name} has its name back, {step.name}"
    return f"{name} was there {count} times, and is once now" if count > 1 else ""


def result(lines: list[str], saved: Copies | None) -> list[str]:
    """Return lines: what was done and where the files as they were are saved (None if nothing has changed)."""
    if saved is None:
        return ["Nothing to do: it is at its starter already."]
    places = [f"{name} is written; " + (f"what was there is saved: {saved.place}{copy}" if copy else
                                        "there was none before")
              for name, copy in saved.names.items() if name.startswith("chapters/")]
    purpose = "have it back" if any(saved.names.values()) else "take that back"
    return [*map(fitted, [*places, *lines]), f"To {purpose}: {command('undo')}"]
