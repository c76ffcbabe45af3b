"""The verb `grade`: what the checks say of the copies of a class."""
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from workshop.checking.grading import Grade, grades
from workshop.course.classroom import alike, copies
from workshop.course.project import Project
from workshop.course.roads import WHOLE, Road, road_named
from workshop.files import replacing
from workshop.machine.trouble import Trouble
from workshop.pages.class_table import Row, as_csv, as_json, page
from workshop.pages.report import standing, total
from workshop.terminal.line_width import fitted


def add_arguments(parser: ArgumentParser) -> None:
    """Declare whose copies, and where the table goes."""
    parser.add_argument("folders", metavar="FOLDER", nargs="+",
                        help="a learner's copy of the tutorial, or the folder with its chapters")
    parser.add_argument("--road", help="look at the steps of this road alone; else at all, those of an encore too")
    parser.add_argument("--out", type=Path, metavar="DIR",
                        help="write grades.csv, grades.json and grades.html into this folder")


def run(arguments: Namespace, project: Project) -> int:
    """Check all copies with the tests of this one, print a line for each by name, and return 0. Raises Trouble."""
    road = road_named(project, arguments.road or WHOLE)
    found = sorted(copies(project, arguments.folders), key=lambda copy: copy.name)
    same = alike(project, found)
    numbers = [*road.steps, *(road.encore if not arguments.road else ())]
    rows: list[Row] = []
    for grade in grades(project, found, numbers):
        rows.append(row_of(grade, same[grade.copy.name], road, numbers))
        print(fitted(f"{len(rows):>3} of {len(found)}  {line_of(rows[-1], road)}", 11), flush=True)
    if arguments.out:
        shown = [number for number in numbers if any(number in road.due(row.states) for row in rows)]
        write(arguments.out, [with_states_of(row, shown) for row in rows], shown)
    return 0


def row_of(grade: Grade, same_as: list[str], road: Road, numbers: Sequence[str]) -> Row:
    """Return a learner's row, with some steps; where they are and what is wrong is told of those of a road."""
    states = grade.states(numbers)
    at, problem = standing(road, states, grade.verdicts)
    notes = [grade.note] if grade.note else []
    notes += [f"the same code as {', '.join(same_as)} in several steps"] if same_as else []
    return Row(grade.copy.name, states, at, problem, notes)


def with_states_of(row: Row, numbers: Sequence[str]) -> Row:
    """Return a row with the states of some of its steps."""
    return replace(row, states={number: row.states[number] for number in numbers})


def line_of(row: Row, road: Road) -> str:
    """Return a learner's row as a line."""
    wrong = f"; {row.first_wrong}: {row.problem}" if row.first_wrong else ""
    counted = total(road, road.due(row.states)).removesuffix(".")
    return f"{row.name}: {counted}{wrong}{''.join(f'; {note}' for note in row.notes)}"


def write(folder: Path, rows: list[Row], numbers: Sequence[str]) -> None:
    """Write the table in its three forms. Raises Trouble if it cannot be written."""
    forms = {"grades.csv": as_csv(rows, numbers), "grades.json": as_json(rows),
             "grades.html": page("Grades", rows, numbers)}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in forms.items():
            replacing.replace(folder / name, text.encode())
    except OSError as error:
        raise Trouble(f"{folder} cannot be written: {error.strerror}. Name another folder after --out.")
    print("", *(str(folder / name) for name in forms), sep="\n")
