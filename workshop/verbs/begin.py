"""The verb `begin`: the steps of a road are open, and the rest is borrowed. What was there is saved first."""
from argparse import ArgumentParser, Namespace

from workshop.checking.road_steps import Opening, opened
from workshop.course.borrowed_steps import lent_after
from workshop.course.project import Project
from workshop.course.roads import Road, begun, file_of_begun, road_named, roads
from workshop.course.step_states import State
from workshop.files import change, replacing
from workshop.files.copies import Copies
from workshop.machine.invocation import command
from workshop.pages.report import hours
from workshop.terminal.line_width import fitted
from workshop.terminal.marks import mark, painted


def add_arguments(parser: ArgumentParser) -> None:
    """Declare which road."""
    parser.add_argument("road", metavar="ROAD", nargs="?",
                        help="the road that you want to go; without it, all roads are shown")


def run(arguments: Namespace, project: Project) -> int:
    """Open the steps of a road, borrow what else it needs, and return 0. Raises Trouble; then nothing has changed."""
    if not arguments.road:
        print(*all_roads(project), sep="\n")
        return 0
    road = road_named(project, arguments.road)
    print("Looking at what you have.", flush=True)
    openings = opened(project, road)
    kept = file_of_begun(project)
    with change.alone(project.root):
        files: dict = {one.own.path: (one.own.data, one.own.encoded(one.text)) for one in openings}
        kept.parent.mkdir(exist_ok=True)
        files |= lent_after(project, [number for one in openings for number in one.borrowed()],
                            [number for one in openings for number in one.open()])
        files[kept] = change.attempt(project.root, kept, replacing.read, kept), f"{road.name}\n".encode()
        saved = change.make(project.root, f"begin {road.name}", files)
    print(*result(project, road, openings, saved), sep="\n")
    return 0


def all_roads(project: Project) -> list[str]:
    """Return lines with all roads, and which of them was begun."""
    now = begun(project).name
    lines = [f"{'>' if road.name == now else ' '} {road.name:<10} {hours(road.alone):<10} {road.whom}"
             for road in roads(project).values()]
    return [*map(fitted, lines), "", f"To begin one: {command('begin', 'afternoon')}"]


def result(project: Project, road: Road, openings: list[Opening], saved: Copies | None) -> list[str]:
    """Return lines: what is open, yours and borrowed, what to do now, and where what was there is saved."""
    told = [opening for opening in openings if opening.changes() or not opening.chapter.is_encore]
    open_steps = [number for opening in told for number in opening.open()]
    taken = [number for opening in told for number in opening.borrowed()]
    yours = [number for opening in told for number in opening.chapter.numbers if number not in {*open_steps, *taken}]
    lines = [f"Written by you, right or wrong: {', '.join(yours)}"] if yours else []
    lines += [f"{mark(State.NOT_STARTED)} to write: {', '.join(open_steps)}"] if open_steps else []
    lines += [f"{mark(State.BORROWED)} borrowed from the reference: {len(taken)} steps"] if taken else []
    lines += [note for opening in openings for note in opening.notes]
    return ["", painted(f"{road.title}: {hours(road.alone)}", "strong"), *map(fitted, lines), "",
            *map(fitted, after(project, road, saved))]


def after(project: Project, road: Road, saved: Copies | None) -> list[str]:
    """Return lines: the notebook to open, and how to take all back."""
    notebook = project.root / "notebooks" / f"{road.name}.ipynb"
    lines = [f"Your notebook is {project.relative(notebook)}: {command('lab')}"] if notebook.exists() else []
    if saved is None:
        return [*lines, "You were on this road already: nothing has changed."]
    copies = [f"{saved.place}{copy}" for name, copy in saved.names.items() if copy and name.startswith("chapters/")]
    return [*lines, *([f"What you had is saved: {', '.join(copies)}"] if copies else []),
            f"To have all as it was: {command('undo')}"]
