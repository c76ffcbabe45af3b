"""What each server keeps of PEP 3333: a column for each, with a notch where it departs, drawn from their records."""
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from workshop.drawing.canvas import LINE, MARGIN, Canvas
from workshop.machine.servers import REAL
from wsgi_contract.clauses import CLAUSES, Clause
from wsgi_contract.documents import Outcomes, grouped
from wsgi_contract.scoring import DEPARTS, KEPT, scores, state_of_clauses
from wsgi_contract.server_records import record_of, recorded_outcomes

NAMES = 212  # the width of the column of groups
COLUMN, BAR = 76, 52  # the width of a server's column, and of the bar in it
CLAUSE = 7  # the height of a clause in a bar
LEAST = 22  # the least height of a group
HEAD = 66  # the height of the heading
SOLID = {"error": "w-tip", "application": "w-tip"}  # kinds that are filled with the colour of their line
LEGEND = (("bytes", "kept"), ("error", "departs from a MUST"), ("application", "departs from a SHOULD or MAY"))


def what_is_known() -> dict[str, Outcomes]:
    """Return {server: its outcomes}; of the reference nothing is recorded, for it keeps every clause."""
    return {server: recorded_outcomes(server) for server in ("reference", *REAL)}


def groups_of(outcomes: dict[str, Outcomes]) -> dict[str, list[list[str]]]:
    """Return {group: the kinds of box (see kind_of) of each clause in it, server by server}."""
    states = [state_of_clauses(own.values()) for own in outcomes.values()]
    return {group: [[kind_of(CLAUSES[number], own[number]) for own in states] for number in numbers]
            for group, numbers in grouped(states[0])}


def kind_of(clause: Clause, state: str) -> str:
    """Return the kind of box for a clause, or "" for none."""
    return {KEPT: "bytes", DEPARTS: "error" if clause.is_strict else "application"}.get(state, "")


def bars(x: float, y: float, clauses: list[list[str]], position: int) -> Iterator[tuple[str, tuple[float, ...]]]:
    """Yield (kind, place) for the clauses of one group in one server's column; what is alike is one box."""
    top = 0
    for kind, run in groupby(kinds[position] for kinds in clauses):
        height = CLAUSE * len(list(run))
        inset = 0 if kind == "bytes" else 12
        if kind:
            yield kind, (x + inset, y + top, BAR - 2 * inset, height - 2)
        top += height


def heading(canvas: Canvas, servers: Iterable[str]) -> None:
    """Draw the names and the versions of the servers."""
    for position, server in enumerate(servers):
        version = record_of(server).version
        lines = [*server.split("-"), version] if version else [server]
        top = MARGIN + LINE * (3 - len(lines))
        canvas.labels_in(NAMES + COLUMN * position, top, COLUMN, lines, "small")


def columns(canvas: Canvas, groups: dict[str, list[list[str]]], count: int) -> float:
    """Draw the groups and, for each server, its bars; return where they end."""
    y = MARGIN + HEAD
    places: dict[str, list[Any]] = {kind: [] for kind, _ in LEGEND}
    for name, clauses in groups.items():
        canvas.label(NAMES - 14, y + 14, name, NAMES - MARGIN - 14, "small", "end")
        for position in range(count):
            x = NAMES + COLUMN * position + (COLUMN - BAR) / 2
            for kind, place in bars(x, y + 3, clauses, position):
                places[kind].append(place)
        y += max(LEAST, CLAUSE * len(clauses) + 8)
    for kind, boxes in places.items():
        canvas.boxes(boxes, kind, SOLID.get(kind, ""))
    return y


def totals(canvas: Canvas, kept: Iterable[str], y: float) -> None:
    """Draw how many clauses each server keeps."""
    canvas.label(NAMES - 14, y + 15, "clauses kept", NAMES - MARGIN - 14, "small", "end")
    for position, score in enumerate(kept):
        canvas.labels_in(NAMES + COLUMN * position, y, COLUMN, [score], "small")


def legend(canvas: Canvas, y: float) -> None:
    """Draw what the colours and shapes mean."""
    x = 130
    for kind, text in LEGEND:
        inset = 0 if kind == "bytes" else 6
        canvas.boxes([(x + inset, y + 4, 26 - 2 * inset, 10)], kind, SOLID.get(kind, ""))
        canvas.label(x + 34, y + 14, text, 260, "small")
        x += {"kept": 90, "departs from a MUST": 190}.get(text, 0)


def kept_clauses() -> Canvas:
    """The clauses by groups and servers."""
    outcomes = what_is_known()
    groups = groups_of(outcomes)
    kept = {server: str(scores(own.values())["clauses"]) for server, own in outcomes.items()}
    words = "; ".join(f"{server} {record_of(server).version} keeps {score}" for server, score in kept.items())
    sizes = "; ".join(f"{name}: {len(clauses)}" for name, clauses in groups.items())
    canvas = Canvas(
        "kept_clauses", "What servers keep of PEP 3333",
        f"A column for each server, a stripe for each clause that shows from outside, in groups ({sizes}). A clause"
        f" that is kept is as wide as the column; where the server departs from a MUST, SHOULD or MAY the stripe is"
        f" narrower and has another colour; what it need not offer, and does not, is left out. {words} clauses. The"
        f" contract's page servers says which: {' '.join(' '.join(server.split('-')) for server in kept)}.",
        NAMES + COLUMN * len(kept) + MARGIN)
    heading(canvas, kept)
    end = columns(canvas, groups, len(kept))
    totals(canvas, kept.values(), end + 4)
    legend(canvas, end + 34)
    canvas.height = end + 62 + MARGIN - 8
    return canvas


PICTURES = (kept_clauses,)
