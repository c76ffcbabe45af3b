"""The verb `grade`: what the checks say of the copies of a class."""
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path

from workshop.checking.grading import Grade, grades
from workshop.course.classroom import alike, copies
from workshop.course.project import Project
from workshop.course.roads import WHOLE, Road, road_named
from workshop.course.step_states import counts
from workshop.files import replacing
from workshop.machine.trouble import Trouble
from workshop.pages.class_table import Row, as_csv, as_json, page
from workshop.pages.report import standing
from workshop.terminal.line_width import fitted


def add_arguments(parser: ArgumentParser) -> None:
    """Declare whose copies, and where the table goes."""
    parser.add_argument("folders", metavar="FOLDER", nargs="+",
                        help="a learner's copy of the tutorial, or the folder with its chapters")
    parser.add_argument("--road", help="look at the steps of this road alone; else at all")
    parser.add_argument("--out", type=Path, metavar="DIR",
                        help="write grades.csv, grades.json and grades.html into this folder")


def run(arguments: Namespace, project: Project) -> int:
    """Check all copies with the tests of this one, print a line for each by name, and return 0. Raises Trouble."""
    road = road_named(project, arguments.road or WHOLE)
    found = sorted(copies(project, arguments.folders), key=lambda copy: copy.name)
    same = alike(project, found)
    rows: list[Row] = []
    for grade in grades(project, found, road.steps):
        rows.append(row_of(grade, same[grade.copy.name], road))
        print(fitted(f"{len(rows):>3} of {len(found)}  {line_of(rows[-1])}", 11), flush=True)
    if arguments.out:
        write(arguments.out, rows, road.steps)
    return 0


def row_of(grade: Grade, same_as: list[str], road: Road) -> Row:
    """Return a learner's row, with the steps of a road."""
    states = grade.states(road.steps)
    at, problem = standing(road, states, grade.verdicts)
    notes = [grade.note] if grade.note else []
    notes += [f"the same code as {', '.join(same_as)} in several steps"] if same_as else []
    return Row(grade.copy.name, states, at, problem, notes)


def line_of(row: Row) -> str:
    """Return a learner's row as a line."""
    wrong = f"; {row.first_wrong}: {row.problem}" if row.first_wrong else ""
    return f"{row.name}: {counts(row.states.values())}{wrong}{''.join(f'; {note}' for note in row.notes)}"


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
