"""The figures of `python3 -m workshop bench`: what a request costs each server, and how many it answers."""
from dev.pictures.drawing import MARGIN, Canvas
from workshop.bench.modes import MODES, SLOW_CLIENTS
from workshop.bench.record import results_of, saved

WIDTH = 620
NAMES = 158  # the width of the column with names
NUMBERS = 76  # the width of the column with figures, behind the bars
BARS = WIDTH - 2 * MARGIN - NAMES - NUMBERS
BAR, GAP = 14, 8  # the height of a bar, and what is between two servers
CLOSE, _, SLOW, _ = (mode.name for mode in MODES)
OURS = ("yours", "reference")  # the others are drawn as their kind asks
KINDS = dict.fromkeys(OURS, "server") | {"limit": "bytes"}

PANELS = (
    ("CPU for a request, in µs", "median, with lowest and highest; less is better", "cost", (CLOSE,)),
    ("requests per second", f"below each: beside {SLOW_CLIENTS} clients that send a byte per second", "rate",
     (CLOSE, SLOW)),
)


def bar(canvas, y, spread, largest, kind):
    """Draw a bar for a Spread with its number, its upper edge at y; largest is what takes the whole width."""
    x, scale = MARGIN + NAMES, BARS / largest
    if spread.median > 0:
        canvas.box(x, y, max(spread.median * scale, 1), BAR, kind, radius=2)
        canvas.line([(x + spread.low * scale, y + BAR / 2), (x + spread.high * scale, y + BAR / 2)])
    canvas.label(WIDTH - MARGIN, y + 12, f"{spread.median:.0f}", NUMBERS - 8, "small", "end")


def panel(canvas, y, results, title, subtitle, figure, modes):
    """Draw the bars of one figure for all servers below a title; return where they end."""
    canvas.labels_in(MARGIN, y, WIDTH - 2 * MARGIN, [title], "name", "start")
    canvas.labels_in(MARGIN, y + 20, WIDTH - 2 * MARGIN, [subtitle], "small", "start")
    y += 50
    spreads = spreads_of(results, figure, modes)
    largest = max((spread.high for _, row in spreads for spread in row), default=1) or 1
    for name, row in spreads:
        canvas.label(MARGIN, y + 12, name, NAMES - 8, "text")
        for number, spread in enumerate(row):
            bar(canvas, y, spread, largest, KINDS.get(name, "middleware") if number == 0 else "error")
            y += BAR + 2
        y += GAP
    return y


def spreads_of(results, figure, modes):
    """Return [(name of a server, [its Spread in each of the modes])] for those that have the figure in the first."""
    names = [name for mode, name in results if mode == modes[0] and getattr(results[mode, name], figure)]
    return [(name, [getattr(results[mode, name], figure) for mode in modes if (mode, name) in results])
            for name in names]


def words(results, title, subtitle, figure, modes):
    """Return what a panel shows, as a sentence."""
    rows = [f"{name} {' and '.join(f'{spread.median:.0f}' for spread in row)}"
            for name, row in spreads_of(results, figure, modes)]
    return f"{title} ({subtitle}): {', '.join(rows)}."


def chart(facts):
    """Return the picture of what Record.facts returned."""
    results = results_of(facts)
    canvas = Canvas("benchmark", "What a request costs",
                    " ".join(words(results, *each) for each in PANELS) + f" {facts['machine']}.", WIDTH)
    y = MARGIN
    for each in PANELS:
        y = panel(canvas, y, results, *each) + 10
    canvas.labels_in(MARGIN, y - 12, WIDTH - 2 * MARGIN, [facts["machine"]], "small", "start")
    canvas.height = y + 16 + MARGIN
    return canvas


def benchmark():
    """What was saved last."""
    return chart(saved())


PICTURES = (benchmark,)
