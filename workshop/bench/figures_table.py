"""The figures as text: a table for each mode, in Markdown that also reads well in a terminal."""
import textwrap
from collections.abc import Sequence

from workshop.bench.facts import Facts, results_of
from workshop.bench.figures import Results
from workshop.bench.measuring import YARDSTICK
from workshop.bench.modes import CONNECTIONS, MODES, Mode

NONE = "–"
MARK = "*"  # behind a rate that is the client's
HEADINGS = ("server", "requests/s", "CPU µs/request", f"of {YARDSTICK}'s")
SLOW_MODES = {mode.name for mode in MODES if mode.slow}


def rows_of(mode: Mode, results: Results) -> list[list[str]]:
    """Return the rows of a mode: server, rate, cost, and cost as a share of the yardstick's."""
    mine = {name: result for (of, name), result in results.items() if of == mode.name}
    return [[name, str(result.rate) + MARK * result.is_the_clients, str(result.cost or NONE),
             NONE if result.share is None else f"{result.share:.2f}"] for name, result in mine.items()]


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table in Markdown: the first column to the left, the others to the right, all as wide as needed."""
    widths = [max(map(len, column)) for column in zip(headings, *rows, strict=True)]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    return "\n".join("| " + " | ".join(aligned(cells, widths)) + " |" for cells in (headings, rule, *rows))


def aligned(cells: Sequence[str], widths: Sequence[int]) -> list[str]:
    """Return the cells of a row, each as wide as its column."""
    first, *others = zip(cells, widths, strict=True)
    return [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]


def fitting(rows: Sequence[Sequence[str]], width: int) -> str:
    """Return a table of rows with as many of the columns in HEADINGS as fit into so many characters, at least three."""
    whole = table(HEADINGS, rows)
    if len(whole.partition("\n")[0]) <= width:
        return whole
    return table(HEADINGS[:3], [row[:3] for row in rows])


def tables(facts: Facts, width: int) -> str:
    """Return the tables of all modes that have results, each below its title."""
    results = results_of(facts)
    found = [(mode, rows_of(mode, results)) for mode in MODES]
    return "\n\n".join(f"{textwrap.fill(mode.title, width)}\n\n{fitting(rows, width)}" for mode, rows in found if rows)


def conditions(facts: Facts) -> str:
    """Return the sentences that say how the figures came about."""
    versions = ", ".join(f"{name} {version}" for name, version in facts["versions"].items())
    count = f"{facts['rounds']} rounds" if facts["rounds"] != 1 else "one round"
    return (f"Median (lowest–highest) of {count}, {facts['seconds']:g} s for each figure, the servers in turn, all on "
            f"one machine: {facts['machine']}. Asked over {CONNECTIONS} connections at a time by a client in Python. "
            f"Versions: {versions or 'none'}.")


def legend(facts: Facts) -> list[str]:
    """Return the lines that explain the tables: what is marked, and what is not in them."""
    lines = [f"{name} is left out: {why}" for name, why in facts["left_out"].items()]
    lines += [f"Not measured in this run: {mode.title}." for mode in MODES if not facts["results"].get(mode.name)]
    if facts["without_keep_alive"]:
        lines.append(f"Without keep-alive: {', '.join(facts['without_keep_alive'])}.")
    results = results_of(facts)
    if any(result.rate.median == 0 for (mode, _), result in results.items() if mode in SLOW_MODES):
        lines.append("0 beside slow clients is expected: a server that serves one client at a time, or a few, waits "
                     "for the slow ones.")
    if any(result.is_the_clients for result in results.values()):
        lines.append(f"{MARK} Here the client had no time to spare and the server had: the rate is the client's.")
    if any(result.cost is None for result in results.values()):
        lines.append(f"{NONE} No request was answered, or the processor time is not known.")
    return lines


def report(facts: Facts, width: int) -> str:
    """Return all that there is to say about a run, as text of at most so many columns."""
    paragraphs = [textwrap.fill(paragraph, width) for paragraph in (conditions(facts), *legend(facts))]
    return "\n\n".join(filter(None, [tables(facts, width), *paragraphs]))
