"""`check("1.2")` in a notebook: the checks of steps run, and their verdicts are shown as a table."""
import html
import sys
from collections.abc import Iterator
from pathlib import Path

from IPython.display import Markdown, display

from workshop.checking.memory import Memory
from workshop.checking.runs import check_steps
from workshop.checking.verdict import Verdicts
from workshop.course.hidden_modules import sentences
from workshop.lesson.places import PROJECT, tree
from workshop.machine.trouble import Trouble
from workshop.pages.report import perhaps, wrong_in
from workshop.terminal.marks import MARKS

COLUMNS = 103  # of a diagnosis in a notebook, which has no width of its own
CELL = '<td style="text-align:left">{}</td>'
TEXT = '<pre style="margin:0;white-space:pre-wrap">{}</pre>'


def check(*numbers: str | int, folder: str | Path | None = None) -> None:
    """Check steps, such as "1.2", of your files (or those in folder) in a process of their own, and show the result."""
    folder, memory = Path(folder or tree()).resolve(), Memory(PROJECT)
    try:
        words = [as_word(number) for number in numbers]
        verdicts = check_steps(PROJECT, PROJECT.numbers_for(words), folder, python=sys.executable, columns=COLUMNS)
    except Trouble as trouble:
        display(Markdown(f"```\n{trouble}\n```"))
        return
    if folder == PROJECT.learners:  # `python3 -m workshop` knows then, too
        memory.keep(verdicts)
    display(CheckTable(verdicts))


def as_word(number: object) -> str:
    """Return what stands for a step or a chapter as a word. Raises Trouble for a number with a point."""
    if isinstance(number, float):
        raise Trouble(f'Write a step in quotes, check("{number}"): without them, 2.1 and 2.10 are the same to Python.')
    return str(number)


class CheckTable:
    """Verdicts on steps: a table in a notebook, lines elsewhere."""

    def __init__(self, verdicts: Verdicts) -> None:
        self.verdicts = verdicts

    def rows(self) -> Iterator[tuple[str, str, str]]:
        """Yield (mark, step, text) for each step."""
        wrong = wrong_in(self.verdicts)
        hiding = [*sentences(PROJECT), ""] if wrong and sentences(PROJECT) else []
        for number, verdict in self.verdicts.items():
            first = hiding if wrong and verdict is wrong[0] else []
            yield MARKS[verdict.state], number, "\n".join([*first, verdict.text, *perhaps(PROJECT, verdict)])

    def __repr__(self) -> str:
        return "\n".join(f"{mark} {number}  {reason}".rstrip() for mark, number, reason in self.rows())

    def _repr_html_(self) -> str:
        rows = "".join(
            f'<tr style="vertical-align:top">{CELL.format(f"{mark} {number}")}'
            f"{CELL.format(TEXT.format(html.escape(reason)))}</tr>"
            for mark, number, reason in self.rows())
        return f"<table>{rows}</table>"
