"""The verb `reset`: a step, or a whole chapter, back to its starter. What was there is saved first."""
from workshop.course import definitions, exercise
from workshop.course.starters import starter_of
from workshop.course.steps import find_chapter, find_step, relative
from workshop.files import change
from workshop.machine.trouble import Trouble
from workshop.terminal.writing import fitted


def add_arguments(parser):
    """Declare what to reset."""
    parser.add_argument("what", metavar="2.3 | 2", nargs="+", help="a step, or a whole chapter")


def run(arguments):
    """Put steps and chapters back to their starters and return 0. Raises Trouble, and then nothing has changed."""
    with change.alone():
        files, lines = {}, []
        for stem, words in by_chapter(arguments.what).items():
            own = exercise.read(stem)
            text, said = (starter_of(stem), []) if words is None else with_starters(own, words)
            files[own.path] = own.data, own.encoded(text)
            lines += said
        tell(lines, change.make(f"reset {' '.join(arguments.what)}", files))
    return 0


def by_chapter(words):
    """Return {stem: the Steps of it that words name, or None for the whole chapter}. Raises Trouble."""
    found = {}
    for word in words:
        if "." in word:
            step = find_step(word)
            if found.setdefault(step.path.stem, []) is not None:
                found[step.path.stem].append(step)
        else:
            found[find_chapter(word)] = None
    return found


def with_starters(own, steps):
    """Return the text of an Exercise with the starters of some Steps in it, and lines that say what was done."""
    text, starter, said = own.text(), starter_of(own.stem), []
    for step in steps:
        text, how = with_starter(text, starter, step)
        said += [f"{relative(own.path)}: {how}"] if how else []
    if wrong := definitions.line_that_is_no_python(text):
        raise Trouble(f"{relative(own.path)}: the starter does not fit in at line {wrong[0]}. Nothing has been "
                      f"changed. {own.remedy()}")
    return text, said


def with_starter(text, starter, step):
    """Return a text with one step at its starter, wherever it has got to, and what is to be said of it."""
    fresh = definitions.text_of(starter, step.name)
    found = [place for place in definitions.places(text).get(step.name, []) if not is_import(place)]
    names = definitions.renamed(text, step) if not found else [step.name]
    if names:
        text = definitions.replace(text, {names[0]: fresh})
        return text, how_it_was(len(found), names[0], step)
    owner = step.name.rpartition(".")[0]
    lost = owner if owner in definitions.missing_classes(text, starter) else step.name
    return definitions.restore(text, starter, [lost]), f"{lost} was not there, and is again, as in the starter"


def is_import(place):
    return isinstance(place.node, definitions.IMPORTS)


def how_it_was(count, name, step):
    """Return a note on what was odd about a step: its name, or how often it was there; "" for nothing."""
    if name != step.name:
        return f"{name} has its name back, {step.name}"
    return f"{name} was there {count} times, and is once now" if count > 1 else ""


def tell(lines, saved):
    """Print what was done and where the files as they were are saved (Copies, or None if nothing has changed)."""
    if saved is None:
        print("Nothing to do: it is at its starter already.")
        return
    for name, copy in saved.names.items():
        was = f"what was there is saved: {relative(saved.folder)}/{copy}" if copy else "there was none before"
        print(fitted(f"{name} is written; {was}"))
    for line in lines:
        print(fitted(line))
    print("To have it back: python3 -m workshop undo")
