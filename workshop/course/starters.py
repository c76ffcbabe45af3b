"""Starters, derived from solutions: the same file with the bodies of its steps taken out.

    python -m dev regenerate            write chapters/ anew (for who maintains the tutorial)

A starter keeps everything of its solution but what the learner is to write: imports, constants, given functions,
signatures and docstrings stay as they are.
"""
import ast
import sys

from workshop.course.bodies import replace_bodies
from workshop.course.steps import ROOT, functions_of, heading_of, relative, stems
from workshop.files import change, replacing


def derive(source):
    """Return the starter (str) of a solution's source (str)."""
    return replace_bodies(source, {
        name: f'raise NotImplementedError("step {heading["number"]}: write {name}")'
        for name, node in functions_of(ast.parse(source)) if (heading := heading_of(node))
    })


def starter_of(stem):
    """Return the text of a chapter's starter."""
    return derive((ROOT / "solutions" / f"{stem}.py").read_text(encoding="utf-8"))


def write_starter(stem):
    """Write a chapter's starter; what stood there before and differs is saved first. Return a line that says so."""
    path = ROOT / "chapters" / f"{stem}.py"
    with change.alone():
        before = replacing.read(path)
        saved = change.make("starters", {path: (before, starter_of(stem).encode("utf-8"))})
    if not saved:
        return f"{relative(path)} is a fresh starter already"
    return f"{relative(path)} is written" + (f" (before: {relative(saved.folder)}/)" if before is not None else "")


def main():
    """Write all starters."""
    for stem in stems():
        print(write_starter(stem))


if __name__ == "__main__":
    sys.exit(main())
