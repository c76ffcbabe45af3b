"""Chapter 6: one loop that listens to many clients, and who has the lead while a call is slow."""
from functools import partial

from dev.pictures.sequence import sequence
from workshop.drawing.canvas import LINE, MARGIN, Canvas

WIDTH = 700
CLIENT = 190  # the width of a client's box
LOOP = 236  # where the box of the loop begins
LOOP_WIDTH = 226
APP = 536  # where the box of the application begins
SPACE = 12  # between two boxes
ROOM = 2 * 8  # that a box leaves free on both sides of its text

# Each client: what it is doing, and what it has sent that is not yet taken; whether the loop hears from it just now.
CLIENTS = (
    ("says nothing", "`(nothing)`", False),
    ("is slow", "`GET /a HT`", False),
    ("has asked", "`GET /b … \\r\\n\\r\\n`", True),
    ("uploads a film", "`… 64 KB`", True),
    ("has its answer", "`(nothing)`", False),
)
TURN = (
    ("`select`: who has", "sent something?"),
    ("`hear`: take what", "has come"),
    ("`serve_client`: is a", "request whole?"),
    ("`call`: answer it"),
)
NEXT_TURN = "the next turn"
CALL = ("application", "`app(environ,`", "`start_response)`", "one call at a time")


def clients(canvas: Canvas, y: float) -> float:
    """Draw the clients, one below the other, and arrows from those that the loop hears; return where they end."""
    for name, sent, heard in CLIENTS:
        height = 2 * LINE + 14
        canvas.box(MARGIN, y, CLIENT, height, "client")
        canvas.labels_in(MARGIN + 8, y + 5, CLIENT - ROOM, [name, sent])
        middle = y + height / 2
        if heard:
            canvas.arrow([(MARGIN + CLIENT, middle), (LOOP, middle)], "bytes")
        else:
            canvas.line([(MARGIN + CLIENT, middle), (LOOP, middle)], "life", "dashed")
        y += height + SPACE
    return y - SPACE


def one_turn(canvas: Canvas, y: float, end: float) -> float:
    """Draw the loop between y and end, with what one turn does; return the middle of its last part."""
    canvas.box(LOOP, y, LOOP_WIDTH, end - y, "server")
    canvas.label(LOOP + LOOP_WIDTH / 2, y + 23, "one loop", LOOP_WIDTH - ROOM, "name", "middle")
    top, x, width = y + 36, LOOP + 14, LOOP_WIDTH - 48
    for position, lines in enumerate(TURN):
        shown = [lines] if isinstance(lines, str) else lines
        height = LINE * len(shown) + 12
        canvas.box(x, top, width, height, "card")
        canvas.labels_in(x + 4, top + 4, width - 8, shown)
        if position < len(TURN) - 1:
            canvas.arrow([(x + width / 2, top + height), (x + width / 2, top + height + SPACE + 2)])
        top += height + SPACE + 2
    last = top - SPACE - 2 - (LINE + 12) / 2
    side = LOOP + LOOP_WIDTH - 16
    canvas.arrow([(x + width / 2, last + 16), (x + width / 2, last + 32), (side, last + 32), (side, y + 62),
                  (x + width, y + 62)])
    canvas.label(x, last + 52, NEXT_TURN, width, "small")
    return last


def loop() -> Canvas:
    """One turn of the loop of chapter 6."""
    words = "; ".join(f"one {name}, its bytes: {sent}" for name, sent, _ in CLIENTS)
    heard = " and ".join(f"the one that {name}" for name, _, heard in CLIENTS if heard)
    turn = "; ".join(part if isinstance(part, str) else " ".join(part) for part in TURN)
    canvas = Canvas(
        "ch06_loop", "One loop, many connections",
        f"Five clients are connected to one loop: {words}. In this turn the loop hears from two: {heard}. A turn is:"
        f" {turn}. Then comes {NEXT_TURN}. The call goes to the application: {' '.join(CALL[1:])}.", WIDTH)
    end = clients(canvas, MARGIN)
    last = one_turn(canvas, MARGIN, end)
    width = WIDTH - MARGIN - APP
    canvas.box(APP, last - 45, width, 90, "application")
    canvas.label(APP + width / 2, last - 22, CALL[0], width - 4, "name", "middle")
    canvas.labels_in(APP + 2, last - 20, width - 4, CALL[1:3])
    canvas.labels_in(APP + 2, last + 22, width - 4, CALL[3:], "small")
    canvas.arrow([(LOOP + LOOP_WIDTH - 34, last - 6), (APP, last - 6)])
    canvas.arrow([(APP, last + 6), (LOOP + LOOP_WIDTH - 34, last + 6)], "", "dashed")
    canvas.height = end + MARGIN
    return canvas


# Two threads while a call is slow, as `call`, `give_away` and `give_back` of chapter 6 have it.
LEAD = (
    "ch06_lead", "Who has the lead while a call is slow",
    "One thread has the lead: it runs the loop, and calls the application itself. If a call is slow, the watcher gives"
    " the lead to another thread.",
    {"thread 1": "server", "application": "application", "watcher": "middleware", "thread 2": "server"}, (
        ("thread 1", "does", "has the lead:", "runs the loop"),
        ("thread 2", "does", "waits for", "the lead"),
        ("thread 1", "calls", "application", "a page that", "takes a second"),
        ("watcher", "does", "looks: a call"),
        ("watcher", "does", "5 ms later:", "the same call"),
        ("watcher", "calls", "thread 2", "`give_away`: takes", "the call out, and", "releases the lead"),
        ("thread 2", "does", "has the lead:", "serves all others"),
        ("application", "returns", "thread 1", "the last block"),
        ("thread 1", "does", "its client has", "the answer"),
        ("thread 1", "does", "the call is not", "in `self.calls`:", "the lead is lost"),
        ("thread 1", "calls", "thread 2", "`give_back`: the client, and a byte to wake the loop"),
        ("thread 1", "does", "`LeadLost`: waits", "for the lead"),
        ("thread 2", "does", "`take_back`: listens", "to the client again"),
    ),
)

PICTURES = (loop, partial(sequence, *LEAD, gap=178))
