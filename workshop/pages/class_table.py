"""The table of a class: a row for each learner, a mark for each step; as a page, as CSV, as JSON."""
import csv
import html
import io
import json
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field

from workshop.course.step_states import State
from workshop.terminal.marks import MARKS

UNCHECKED = "? not checked yet"  # a mark of the board alone, which checks nothing itself
STYLE = """
body { font: 18px/1.4 system-ui, sans-serif; margin: 1.5em; color: #1a1a1a; background: #fff; }
table { border-collapse: collapse; margin: 1em 0; }
th, td { padding: .25em .4em; border-bottom: 1px solid #ccc; text-align: left; vertical-align: top; }
th.step { font-weight: normal; font-size: 75%; } td.step { text-align: center; }
td.yours { background: #d9f2d9; } td.wrong { background: #ffd6d6; } td.borrowed { color: #777; }
td.waiting { background: #fff3cd; } td.long { font-weight: bold; }
"""


@dataclass(frozen=True)
class Row:
    """One learner."""

    name: str
    states: Mapping[str, State]  # by the numbers of the steps
    at: str = ""  # the number of the step that the learner is at, as report.current_number tells it; "" at the end
    problem: str = ""  # what is wrong with it
    notes: Sequence[str] = field(default_factory=list)  # what else is to be said
    is_long: bool = False  # whether the learner has been at that step for long
    unchecked: Container[str] = ()  # the numbers of steps that are written, and of which no check is known

    @property
    def first_wrong(self) -> str:
        """The number of the first step that is wrong; "" if none is."""
        return self.at if self.at and self.states[self.at] == State.WRONG else ""


def page(title: str, rows: Sequence[Row], numbers: Sequence[str], above: Sequence[str] = (), renew: int = 0) -> str:
    """Return the page of a class, with lines above the table; one with renew is read again every so many seconds."""
    again = f'<meta http-equiv="refresh" content="{renew}">' if renew else ""
    lines = "".join(f"<p>{html.escape(line)}</p>\n" for line in above)
    head = "".join(f'<th class="step">{number}</th>' for number in numbers)
    legend = " · ".join([*(f"{MARKS[state]} {state}" for state in State), *([UNCHECKED] if any(
        number in row.unchecked for row in rows for number in numbers) else [])])
    return (f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8">{again}<title>{html.escape(title)}</title>\n'
            f"<style>{STYLE}</style></head><body>\n<h1>{html.escape(title)}</h1>\n{lines}<table>\n<tr><th>learner</th>"
            f"{head}<th>at</th><th>what is wrong</th></tr>\n{''.join(row_of(row, numbers) for row in rows)}</table>\n"
            f"<p>{legend}</p>\n</body></html>\n")


def row_of(row: Row, numbers: Sequence[str]) -> str:
    """Return one learner as a row of the page."""
    cells = "".join(cell_of(row, number) for number in numbers)
    said = html.escape("; ".join(filter(None, [row.problem, *row.notes])))
    long = ' class="long"' if row.is_long else ""
    return f"<tr><td>{html.escape(row.name)}</td>{cells}<td{long}>{row.at}</td><td>{said}</td></tr>\n"


def cell_of(row: Row, number: str) -> str:
    """Return the cell of one step of a learner."""
    state = row.states[number]
    mark, _, words = (UNCHECKED if number in row.unchecked else f"{MARKS[state]} {state}").partition(" ")
    return f'<td class="step {words.replace(" ", "-")}" title="{number} {words}">{mark}</td>'


def counted(row: Row) -> dict[str, int]:
    """Return how many steps of a learner are in each state."""
    found = list(row.states.values())
    return {str(state): found.count(state) for state in State}


def as_csv(rows: Sequence[Row], numbers: Sequence[str]) -> str:
    """Return the table as CSV: the counts, what is wrong first, and the state of each of some steps."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["learner", *map(str, State), "first wrong", "problem", "notes", *numbers])
    for row in rows:
        said = [row.first_wrong, plain(row.problem), plain("; ".join(row.notes))]
        states = [str(row.states[number]) for number in numbers]
        writer.writerow([plain(row.name), *counted(row).values(), *said, *states])
    return text.getvalue()


def plain(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in tuple("=+-@\t\r") and text else text


def as_json(rows: Sequence[Row]) -> str:
    """Return the table as JSON."""
    found = [{"learner": row.name, "counts": counted(row), "first_wrong": row.first_wrong, "problem": row.problem,
              "notes": list(row.notes), "steps": {number: str(state) for number, state in row.states.items()}}
             for row in rows]
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"
