"""The figures as text: a table for each mode, in Markdown that also reads well in a terminal."""
import textwrap

from workshop.bench.measuring import YARDSTICK
from workshop.bench.modes import CONNECTIONS, MODES

NONE = "–"
MARK = "*"  # behind a rate that is the client's
LOADS = {"python": "a client in Python", "wrk": "wrk", "ab": "ab"}
HEADINGS = ("server", "requests/s", "CPU µs/request", f"of {YARDSTICK}'s")


def rows_of(mode, results):
    """Return the rows (lists of str) of a mode: server, rate, cost, and cost as a share of the yardstick's."""
    mine = {name: result for (of, name), result in results.items() if of == mode.name}
    return [[name, str(result.rate) + MARK * result.is_the_clients, str(result.cost or NONE),
             NONE if result.share is None else f"{result.share:.2f}"] for name, result in mine.items()]


def table(headings, rows):
    """Return a table in Markdown: the first column to the left, the others to the right, all as wide as needed."""
    widths = [max(map(len, column)) for column in zip(headings, *rows, strict=True)]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    return "\n".join("| " + " | ".join(aligned(cells, widths)) + " |" for cells in (headings, rule, *rows))


def aligned(cells, widths):
    first, *others = zip(cells, widths, strict=True)
    return [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]


def fitting(rows, width):
    """Return a table of rows with as many of the columns in HEADINGS as fit into so many characters, at least three."""
    whole = table(HEADINGS, rows)
    if len(whole.partition("\n")[0]) <= width:
        return whole
    return table(HEADINGS[:3], [row[:3] for row in rows])


def tables(results, width):
    """Return the tables (str) of all modes that have results, each below its title."""
    found = [(mode, rows_of(mode, results)) for mode in MODES]
    return "\n\n".join(f"{textwrap.fill(mode.title, width)}\n\n{fitting(rows, width)}" for mode, rows in found if rows)


def conditions(facts):
    """Return the sentences that say how the figures came about (facts: what Record.facts returns)."""
    versions = ", ".join(f"{name} {version}" for name, version in facts["versions"].items())
    count = f"{facts['rounds']} rounds" if facts["rounds"] != 1 else "one round"
    return (f"Median (lowest–highest) of {count}, {facts['seconds']:g} s for each figure, the servers in turn, all on "
            f"one machine: {facts['machine']}. Asked over {CONNECTIONS} connections at a time by "
            f"{LOADS[facts['load']]}. Versions: {versions or 'none'}.")


def legend(facts):
    """Return the lines that explain the tables: what is marked, and which servers are not in them, and why."""
    lines = [f"{name} is left out: {why}" for name, why in facts["left_out"].items()]
    if facts["without_keep_alive"]:
        lines.append(f"Without keep-alive: {', '.join(facts['without_keep_alive'])}.")
    results = [result for servers in facts["results"].values() for result in servers.values()]
    if any(result["is_the_clients"] for result in results):
        lines.append(f"{MARK} Here the client had no time to spare and the server had: the rate is the client's.")
    if any(result["cost"] is None for result in results):
        lines.append(f"{NONE} No request was answered, or nobody tells the processor time.")
    return "\n".join(lines)


def report(record, width):
    """Return all that there is to say about a Record, as text of at most so many columns."""
    facts = record.facts()
    paragraphs = [*conditions(facts).split("\n"), *legend(facts).split("\n")]
    wrapped = [textwrap.fill(paragraph, width) for paragraph in paragraphs if paragraph]
    return "\n\n".join(filter(None, [tables(record.measurements.results(), width), *wrapped]))
