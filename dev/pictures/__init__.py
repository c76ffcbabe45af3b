"""The pictures of the tutorial: SVG files, drawn from tables.

    python -m dev regenerate            write pictures/ anew (for who maintains the tutorial)

`drawing` has the canvas and the style, `sequence` and `anatomy` the two layouts that several pictures share. The
pictures stand in the other modules, each of which offers PICTURES: functions that return a canvas.
"""
from dev.pictures import anatomy, benchmark, calls, kept_clauses, messages, mounts, onion, origins, stack
from workshop.course.steps import ROOT

FOLDER = ROOT / "notebooks" / "pictures"


def all_pictures():
    """Return the canvases of all pictures, as a dict from file name to Canvas."""
    modules = (anatomy, benchmark, calls, kept_clauses, messages, mounts, onion, origins, stack)
    canvases = [picture() for module in modules for picture in module.PICTURES]
    return {f"{canvas.name}.svg": canvas for canvas in canvases}


def write_all():
    """Write the files of all pictures."""
    for name, canvas in all_pictures().items():
        (FOLDER / name).write_text(canvas.svg(), encoding="utf-8", newline="\n")
