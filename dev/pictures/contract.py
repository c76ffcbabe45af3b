"""What each server keeps of PEP 3333: a column for each, with a notch where it departs, drawn from their page."""
import re
from itertools import groupby

from dev import PROJECT
from workshop.drawing.canvas import LINE, MARGIN, Canvas

PAGE = PROJECT.root / "contract" / "servers.md"
NAMES = 212  # the width of the column of groups
COLUMN, BAR = 76, 52  # the width of a server's column, and of the bar in it
CLAUSE = 7  # the height of a clause in a bar
LEAST = 22  # the least height of a group
HEAD = 66  # the height of the heading
KEPT, DEPARTS = "✔", "✘"
SOLID = {"error": "w-tip", "application": "w-tip"}  # kinds that are filled with the colour of their line
LEGEND = (("bytes", "kept"), ("error", "departs from a MUST"), ("application", "departs from a SHOULD or MAY"))


def rows_of(text):
    """Yield the cells of each row of the Markdown tables in a text, headings included."""
    for line in re.findall(r"^\| (.*) \|$", text, re.MULTILINE):
        if not line.startswith("---"):
            yield [cell.strip() for cell in line.split(" | ")]


def read_page():
    """Return (servers, groups): {server: (version, score)}, and {group: [(level, the sign of each server)]}."""
    text = PAGE.read_text(encoding="utf-8")
    scores, _, rest = text.partition("## Clause by clause")
    servers = {row[0].strip("`"): (row[1], row[2]) for row in list(rows_of(scores))[1:]}
    groups = {}
    for section in re.split(r"^### ", rest.partition("\n## ")[0], flags=re.MULTILINE)[1:]:
        rows = list(rows_of(section))[1:]
        groups[section.partition("\n")[0]] = [(row[1], row[3:]) for row in rows]
    return servers, groups


def kind_of(level, sign):
    """Return the kind of box for a clause, or "" for none."""
    strict = level in ("MUST", "MUST NOT")
    return {KEPT: "bytes", DEPARTS: "error" if strict else "application"}.get(sign, "")


def bars(x, y, clauses, position):
    """Yield (kind, place) for the clauses of one group in one server's column; what is alike is one box."""
    kinds = [kind_of(level, signs[position]) for level, signs in clauses]
    top = 0
    for kind, run in groupby(kinds):
        height = CLAUSE * len(list(run))
        inset = 0 if kind == "bytes" else 12
        if kind:
            yield kind, (x + inset, y + top, BAR - 2 * inset, height - 2)
        top += height


def heading(canvas, servers):
    """Draw the names and the versions of the servers."""
    for position, (server, (version, _)) in enumerate(servers.items()):
        lines = [*server.split("-"), version] if version else [server]
        top = MARGIN + LINE * (3 - len(lines))
        canvas.labels_in(NAMES + COLUMN * position, top, COLUMN, lines, "small")


def columns(canvas, groups, count):
    """Draw the groups and, for each server, its bars; return where they end."""
    y, places = MARGIN + HEAD, {kind: [] for kind, _ in LEGEND}
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


def scores(canvas, servers, y):
    """Draw how many clauses each server keeps."""
    canvas.label(NAMES - 14, y + 15, "clauses kept", NAMES - MARGIN - 14, "small", "end")
    for position, (_, score) in enumerate(servers.values()):
        canvas.labels_in(NAMES + COLUMN * position, y, COLUMN, [score], "small")


def legend(canvas, y):
    """Draw what the colours and shapes mean."""
    x = 130
    for kind, text in LEGEND:
        inset = 0 if kind == "bytes" else 6
        canvas.boxes([(x + inset, y + 4, 26 - 2 * inset, 10)], kind, SOLID.get(kind, ""))
        canvas.label(x + 34, y + 14, text, 260, "small")
        x += {"kept": 90, "departs from a MUST": 190}.get(text, 0)


def contract():
    """The clauses by groups and servers."""
    servers, groups = read_page()
    words = "; ".join(f"{server} {version} keeps {score}" for server, (version, score) in servers.items())
    sizes = "; ".join(f"{name}: {len(clauses)}" for name, clauses in groups.items())
    canvas = Canvas(
        "contract", "What servers keep of PEP 3333",
        f"A column for each server, a stripe for each clause that shows from outside, in groups ({sizes}). A clause"
        f" that is kept is as wide as the column; where the server departs from a MUST, SHOULD or MAY the stripe is"
        f" narrower and has another colour; what it need not offer, and does not, is left out. {words} clauses. The"
        f" page with this picture says which: {' '.join(' '.join(server.split('-')) for server in servers)}.",
        NAMES + COLUMN * len(servers) + MARGIN)
    heading(canvas, servers)
    end = columns(canvas, groups, len(servers))
    scores(canvas, servers, end + 4)
    legend(canvas, end + 34)
    canvas.height = end + 62 + MARGIN - 8
    return canvas


PICTURES = (contract,)
