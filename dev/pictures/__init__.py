"""The pictures of the tutorial, in notebooks/pictures: SVG files, drawn from tables.

The canvas and the style are in `workshop/drawing`; `sequence` and `message_parts` have the two layouts that several
pictures share. The pictures stand in the other modules, each of which offers PICTURES: functions that return a canvas.
"""
from pathlib import Path

from dev import PROJECT
from dev.pictures import (
    asgi,
    benchmark,
    calls,
    kept_clauses,
    many_clients,
    message_parts,
    mounts,
    on_the_wire,
    onion,
    origins,
    stack,
)
from workshop.drawing.canvas import Canvas

FOLDER = PROJECT.root / "notebooks" / "pictures"


def all_pictures() -> dict[str, Canvas]:
    """Return the canvases of all pictures by the names of their files."""
    modules = (
        asgi, benchmark, calls, kept_clauses, many_clients, message_parts, mounts, on_the_wire, onion, origins, stack,
    )
    canvases = [picture() for module in modules for picture in module.PICTURES]
    return {f"{canvas.name}.svg": canvas for canvas in canvases}


def files() -> dict[Path, str]:
    """Return the files of all pictures."""
    return {FOLDER / name: canvas.svg() for name, canvas in all_pictures().items()}
