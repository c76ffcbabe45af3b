"""The table of chapters in README.md, made from the files.

    python -m dev regenerate              write it anew (for who maintains the tutorial)
"""
import re
import sys

from workshop.course import notebooks
from workshop.course.steps import ROOT, question_of, stems, steps_of

README = ROOT / "README.md"
TABLE = re.compile(r"(<!-- chapters -->\n).*?(<!-- end of chapters -->)", re.DOTALL)
COLUMNS = {
    "notebook": "notebooks/{}.ipynb",
    "exercise": "chapters/{}.py",
    "checks": "tests/test_{}.py",
}


def row(stem):
    """Return the cells of a chapter's row: question, links to what exists, number of steps, minutes of both kinds."""
    paths = [pattern.format(stem) for pattern in COLUMNS.values()]
    links = [f"[{path.rpartition('/')[2]}]({path})" if (ROOT / path).exists() else "" for path in paths]
    minutes = map(str, notebooks.minutes_of(stem, notebooks.read(stem))) if stem in notebooks.names() else ["", ""]
    return [f"{int(stem[2:4])}. {question_of(stem)}", *links, str(len(steps_of(stem))), *minutes]


def table():
    """Return the table as Markdown; a column with nothing in it is left out."""
    rows = [["chapter", *COLUMNS, "steps", "reading", "exercises"], *map(row, stems())]
    columns = [column for column in zip(*rows, strict=True) if any(column[1:])]
    rows = [f"| {' | '.join(cells)} |" for cells in zip(*columns, strict=True)]
    return "\n".join([rows[0], "| --- " * len(columns) + "|", *rows[1:]]) + "\n"


def with_table(text):
    """Return the text of README.md with the table as it should be."""
    return TABLE.sub(lambda match: match[1] + table() + match[2], text)


def main():
    """Write the table into README.md."""
    README.write_text(with_table(README.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    sys.exit(main())
