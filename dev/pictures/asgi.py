"""Chapter 7: an application of ASGI, receive and send in time, and beside it what WSGI has."""
from functools import partial

from dev.pictures.sequence import Sequence, sequence, spoken
from workshop.drawing.canvas import MARGIN, Canvas

# A request with a body in two parts, as `Exchange` of chapter 7 has it.
CALLS = (
    "asgi_calls", "One call of an ASGI application",
    "The application is a coroutine. It asks for each part of the body with receive, and says each part of the response"
    " with send; where it awaits, the server does other things.",
    {"client": "client", "server": "server", "application": "application"}, (
        ("client", "sends", "server", "head, and a part", "of the body"),
        ("server", "calls", "application", "`app(scope,`", "`receive, send)`"),
        ("application", "calls", "server", "`await receive()`"),
        ("server", "returns", "application", "`http.request`,", "more will follow"),
        ("application", "calls", "server", "`await receive()`"),
        ("server", "does", "has no more yet:", "serves others"),
        ("client", "sends", "server", "the rest"),
        ("server", "returns", "application", "`http.request`,", "the last part"),
        ("application", "calls", "server", "`await send(`", "`…response.start)`"),
        ("server", "does", "keeps it,", "sends nothing"),
        ("application", "calls", "server", "`await send(`", "`…response.body)`,", "more will follow"),
        ("server", "sends", "client", "head and block"),
        ("server", "returns", "application", "once the client", "takes it"),
        ("application", "calls", "server", "`await send(`", "`…response.body)`,", "the last"),
        ("server", "sends", "client", "block, the end"),
        ("server", "does", "access log"),
        ("application", "does", "may still work"),
        ("application", "returns", "server", "the call ends"),
    ),
)

ACTORS = {"server": "server", "application": "application"}
SIDES = {  # what happens, in the same order on both sides, in as many lines
    "WSGI": (
        ("server", "calls", "application", "`app(environ,`", "`start_response)`"),
        ("application", "calls", "server", "`wsgi.input.read()`"),
        ("server", "returns", "application", "the whole body"),
        ("application", "calls", "server", "`start_response(`", "`status, headers)`"),
        ("application", "returns", "server", "an iterable"),
        ("server", "calls", "application", "next block?"),
        ("application", "returns", "server", "a block"),
        ("server", "calls", "application", "`close()`"),
        ("application", "does", "where it waits, its", "thread waits with it"),
    ),
    "ASGI": (
        ("server", "calls", "application", "`app(scope,`", "`receive, send)`"),
        ("application", "calls", "server", "`await receive()`"),
        ("server", "returns", "application", "a part of the body"),
        ("application", "calls", "server", "`await send(start)`:", "status, headers"),
        ("application", "calls", "server", "`await send(body)`"),
        ("server", "returns", "application", "a block has gone"),
        ("application", "calls", "server", "`await send(body)`"),
        ("application", "returns", "server", "the call ends"),
        ("application", "does", "where it waits,", "the thread runs others"),
    ),
}
WIDTH, GAP, HEAD = 724, 216, 118


def side_by_side() -> Canvas:
    """A call of WSGI and a call of ASGI, one beside the other."""
    told = " ".join(f"{name}: {' '.join(spoken(*row) for row in rows)}" for name, rows in SIDES.items())
    canvas = Canvas("wsgi_and_asgi", "A call of WSGI, and a call of ASGI",
                    f"Two calls side by side, each between a server and an application. {told}", WIDTH)
    for position, (name, rows) in enumerate(SIDES.items()):
        left = MARGIN + HEAD / 2 + position * (WIDTH - 2 * MARGIN - HEAD - GAP)
        canvas.height = max(canvas.height, drawn(canvas, name, rows, left))
    return canvas


def drawn(canvas: Canvas, name: str, rows: tuple[tuple[str, ...], ...], left: float) -> float:
    """Draw one side, whose server's lifeline is at left; return where it ends."""
    diagram, before = Sequence(canvas, ACTORS, GAP), len(canvas.parts)
    diagram.places = {"server": left, "application": left + GAP}
    for row in rows:
        diagram.row(*row)
    canvas.parts[before:before] = diagram.lifelines()
    diagram.heads(HEAD)
    canvas.label(left + GAP / 2, MARGIN + 23, name, GAP - HEAD - 8, "name", "middle")
    return diagram.y + MARGIN


PICTURES = (partial(sequence, *CALLS), side_by_side)
