"""The figures as a picture: what a request costs each server, and how many it answers."""
from collections.abc import Sequence
from typing import NamedTuple

from workshop.bench.facts import Facts, results_of
from workshop.bench.figures import Results, Spread
from workshop.bench.modes import CLOSE, CLOSE_SLOW, SLOW_CLIENTS
from workshop.drawing.canvas import MARGIN, Canvas
from workshop.machine.servers import YOURS

WIDTH = 620
NAMES = 158  # the width of the column with names
NUMBERS = 76  # the width of the column with figures, behind the bars
BARS = WIDTH - 2 * MARGIN - NAMES - NUMBERS
BAR, GAP = 14, 8  # the height of a bar, and what is between two servers
OURS = (*YOURS, "reference", "reference-6", "reference-7")  # the others are drawn as their kind asks
KINDS = dict.fromkeys(OURS, "server") | {"limit": "bytes"}


class Panel(NamedTuple):
    """One part of the picture: a figure of all servers, as bars."""

    title: str
    subtitle: str
    figure: str  # a field of Result
    modes: Sequence[str]  # a bar for each


PANELS = (
    Panel("CPU for a request, in µs", "median, with lowest and highest; less is better", "cost", (CLOSE.name,)),
    Panel("requests per second", f"below each: beside {SLOW_CLIENTS} clients that send a byte per second", "rate",
          (CLOSE.name, CLOSE_SLOW.name)),
)

def chart(facts: Facts) -> Canvas:
    """Return the picture of facts."""
    results = results_of(facts)
    canvas = Canvas("benchmark", "What a request costs",
                    " ".join(sentence(results, panel) for panel in PANELS) + f" {facts['machine']}.", WIDTH)
    y: float = MARGIN
    for panel in PANELS:
        y = draw_panel(canvas, y, results, panel) + 10
    canvas.labels_in(MARGIN, y - 12, WIDTH - 2 * MARGIN, [facts["machine"]], "small", "start")
    canvas.height = y + 16 + MARGIN
    return canvas


def sentence(results: Results, panel: Panel) -> str:
    """Return what a panel shows, as a sentence."""
    rows = [f"{name} {' and '.join(f'{spread.median:.0f}' for spread in row)}"
            for name, row in spreads_of(results, panel)]
    return f"{panel.title} ({panel.subtitle}): {', '.join(rows)}."


def spreads_of(results: Results, panel: Panel) -> list[tuple[str, list[Spread]]]:
    """Return [(name of a server, [its Spread in each mode])] for those that have the figure in the first mode."""
    names = [name for mode, name in results if mode == panel.modes[0] and getattr(results[mode, name], panel.figure)]
    return [(name, [getattr(results[mode, name], panel.figure) for mode in panel.modes if (mode, name) in results])
            for name in names]


def draw_panel(canvas: Canvas, y: float, results: Results, panel: Panel) -> float:
    """Draw the bars of a panel below its title; return where they end."""
    canvas.labels_in(MARGIN, y, WIDTH - 2 * MARGIN, [panel.title], "name", "start")
    canvas.labels_in(MARGIN, y + 20, WIDTH - 2 * MARGIN, [panel.subtitle], "small", "start")
    y += 50
    spreads = spreads_of(results, panel)
    largest = max((spread.high for _, row in spreads for spread in row), default=1) or 1
    for name, row in spreads:
        canvas.label(MARGIN, y + 12, name, NAMES - 8, "text")
        for number, spread in enumerate(row):
            draw_bar(canvas, y, spread, largest, KINDS.get(name, "middleware") if number == 0 else "error")
            y += BAR + 2
        y += GAP
    return y


def draw_bar(canvas: Canvas, y: float, spread: Spread, largest: float, kind: str) -> None:
    """Draw a bar for a Spread with its number, its upper edge at y; largest is what takes the whole width."""
    x, scale = MARGIN + NAMES, BARS / largest
    if spread.median > 0:
        canvas.box(x, y, max(spread.median * scale, 1), BAR, kind, radius=2)
        canvas.line([(x + spread.low * scale, y + BAR / 2), (x + spread.high * scale, y + BAR / 2)])
    canvas.label(WIDTH - MARGIN, y + 12, f"{spread.median:.0f}", NUMBERS - 8, "small", "end")
