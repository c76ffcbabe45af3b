"""The layout of sequence diagrams: who says what to whom, from top to bottom along lifelines.

A diagram is a table. Each row is an actor, a verb, for a message also the actor that it goes to, and lines of text:

    ("client", "sends", "server", "the request"),
    ("server", "does", "reads until", "the blank line"),
"""
import math

from workshop.drawing.canvas import LINE, MARGIN, Canvas, width_of

SPACE = 15  # below each row
HEAD = 122  # the width of an actor's box, if its name needs no more
PAD = 8  # between a label and what is beside it

MESSAGES = {  # verb -> the kind of the arrow, and whether it is dashed
    "calls": ("", ""),
    "returns": ("", "dashed"),
    "sends": ("bytes", ""),
    "raises": ("error", "dashed"),
    "closes": ("", "dashed"),
    "cuts": ("error", ""),
}
NOTES = {"does": None, "emits": "bytes", "suffers": "error"}  # verb -> the kind of the box; None: that of its actor
SCENE = "scene"  # the verb of a row that is a heading


class Sequence:
    """A diagram that grows downwards; `y` is where the next row goes."""

    def __init__(self, canvas: Canvas, actors: dict[str, str], gap: float) -> None:
        """actors are their kinds by their names, from left to right; gap is how far apart their lifelines are."""
        self.canvas, self.actors = canvas, actors
        side = (canvas.width - gap * (len(actors) - 1)) / 2
        self.places = {name: side + gap * position for position, name in enumerate(actors)}
        self.y: float = MARGIN + 34 + SPACE

    def heads(self, width: float) -> None:
        """Draw the names of the actors."""
        for name, kind in self.actors.items():
            x = self.places[name]
            self.canvas.box(x - width / 2, MARGIN, width, 34, kind)
            self.canvas.label(x, MARGIN + 23, name, width - PAD, "name", "middle")

    def message(self, sender: str, verb: str, receiver: str, *lines: str) -> None:
        """Draw an arrow from one lifeline to another below its text, which hides the lifelines between them."""
        start, end = self.places[sender], self.places[receiver]
        left, width = min(start, end) + PAD, abs(start - end) - 2 * PAD
        if any(left < place < left + width for place in self.places.values()):
            hidden = max(map(width_of, lines)) + 4
            self.canvas.box(left + (width - hidden) / 2, self.y - 1, hidden, LINE * len(lines), "paper", "w-bare", 0)
        self.canvas.labels_in(left, self.y, width, lines)
        self.y += LINE * len(lines) + 6
        toward = 1 if end > start else -1
        self.canvas.arrow([(start, self.y), (end - toward, self.y)], *MESSAGES[verb])
        self.y += SPACE

    def note(self, actor: str, verb: str, *lines: str) -> None:
        """Draw a box on an actor's lifeline, moved aside where it would leave the picture."""
        width = max(map(width_of, lines)) + 2 * PAD
        x = max(MARGIN, min(self.places[actor] - width / 2, self.canvas.width - MARGIN - width))
        height = LINE * len(lines) + 8
        self.canvas.box(x, self.y, width, height, NOTES[verb] or self.actors[actor])
        self.canvas.labels_in(x + PAD, self.y + 4, width - 2 * PAD, lines)
        self.y += height + SPACE

    def scene(self, text: str) -> None:
        """Draw a heading across all lifelines."""
        width = self.canvas.width - 2
        self.canvas.box(1, self.y, width, 34, "paper", "w-bare", 0)
        self.canvas.label(MARGIN, self.y + 23, text, width - 2 * MARGIN, "name")
        self.y += 34 + SPACE

    def row(self, actor: str, verb: str, *rest: str) -> None:
        """Draw one row of the table."""
        if verb == SCENE:
            self.scene(*rest)
        else:
            (self.message if verb in MESSAGES else self.note)(actor, verb, *rest)

    def lifelines(self) -> list[str]:
        """Return the lifelines, from the names to the lower edge."""
        lines = Canvas("", "", "", 0)
        for x in self.places.values():
            lines.line([(x, MARGIN + 34), (x, self.y)], "life")
        return lines.parts


def spoken(actor: str, verb: str, *rest: str) -> str:
    """Return a row of the table as a sentence."""
    receiver = f" to {rest[0]}" if verb in MESSAGES else ""
    text = " ".join(rest[1:] if receiver else rest)
    end = "" if text.endswith("?") else "."
    return f"{text}{end}" if verb == SCENE else f"{actor}{receiver}: {text}{end}"


def sequence(name: str, title: str, summary: str, actors: dict[str, str], rows: tuple[tuple[str, ...], ...],
             gap: float = 182) -> Canvas:
    """Return the canvas of a sequence diagram; its description is a summary and then every row."""
    description = f"{summary} From top to bottom: {' '.join(spoken(*row) for row in rows)}"
    head = math.ceil(max(HEAD, *(width_of(actor, "name") + 2 * PAD for actor in actors)))
    canvas = Canvas(name, title, description, gap * (len(actors) - 1) + head + 2 * MARGIN)
    diagram = Sequence(canvas, actors, gap)
    for row in rows:
        diagram.row(*row)
    canvas.parts[:0] = diagram.lifelines()
    diagram.heads(head)
    canvas.height = diagram.y + MARGIN
    return canvas
