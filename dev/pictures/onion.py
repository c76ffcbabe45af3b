"""Chapter 5: the layers around the two Flask apps, as an onion."""
from workshop.drawing.canvas import LINE, MARGIN, Canvas

WIDTH = 520
TEXT = 100  # where the texts of the onion begin: left of it the request goes in, right of it the response comes out
TOP = MARGIN + 58  # where the outermost layer begins
SHELL = 32  # the height of the text on a layer, but for its lines that are not the name
STEP = 12  # from the edge of a layer to the edge of the one inside it

# From the outside to the inside: each layer and what it does.
ONION = (
    ("AddHeader", "to every response: one header more"),
    ("ErrorPage", "where the app fails: an error page"),
    ("ReplaceText", "to every text: `$` becomes `€`"),
    ("DispatcherMiddleware", "to the environ: `/admin` moves", "from PATH_INFO to SCRIPT_NAME"),
)
REQUEST, RESPONSE = "GET /admin/", "200 OK"
CORE = (
    ("application", "admin", "`SCRIPT_NAME: '/admin'`", "`PATH_INFO: '/'`"),
    ("card", "shop", "not called this time"),
)


def shell(canvas: Canvas, depth: int, y: float, name: str, *lines: str) -> float:
    """Draw a layer of the onion with its text on top; return where the layer inside it begins."""
    x = MARGIN + STEP * depth
    canvas.box(x, y, WIDTH - 2 * x, canvas.height - x - y, "middleware", radius=14)
    canvas.labels_in(TEXT, y + 5, WIDTH - 2 * TEXT, [name], "name")
    canvas.labels_in(TEXT, y + 25, WIDTH - 2 * TEXT, lines, "small")
    return y + SHELL + LINE * len(lines)


def core(canvas: Canvas, y: float) -> None:
    """Draw the two apps in the middle of the onion."""
    x = MARGIN + STEP * (len(ONION) + 1)
    for kind, name, *lines in CORE:
        canvas.box(x, y, WIDTH - 2 * x, SHELL + LINE * len(lines), kind)
        canvas.labels_in(TEXT, y + 5, WIDTH - 2 * TEXT, [name], "name")
        canvas.labels_in(TEXT, y + 25, WIDTH - 2 * TEXT, lines, "small")
        y += SHELL + STEP + LINE * len(lines)


def height() -> float:
    """Return the height of the picture: all texts one below the other, and the lower edges of all layers."""
    texts = sum(SHELL + LINE * len(lines) for _, *lines in [*ONION, *(row[1:] for row in CORE)])
    return TOP + texts + STEP * (len(ONION) - 1 + len(CORE)) + 8 + MARGIN


def passing(canvas: Canvas, y: float) -> None:
    """Draw the request on its way in, and the response on its way out."""
    canvas.labels_in(MARGIN, MARGIN, 200, ["request", f"`{REQUEST}`"], anchor="start")
    canvas.arrow([(87, MARGIN + 44), (87, y)], "bytes")
    canvas.labels_in(WIDTH - MARGIN - 200, MARGIN, 200, ["response", f"`{RESPONSE}`"], anchor="end")
    canvas.arrow([(WIDTH - 87, y), (WIDTH - 87, MARGIN + 44)], "bytes")


def onion() -> Canvas:
    """What `build_application` of chapter 5 returns, with a request on its way through it."""
    words = "; ".join(f"{name}, {' '.join(lines)}" for name, *lines in ONION)
    apps = "; ".join(f"{name}, {', '.join(lines)}" for _, name, *lines in CORE)
    canvas = Canvas(
        "ch05_onion", "The onion",
        f"Four layers of middleware, each inside the one before: {words}. Inside are two Flask apps: {apps}. A request,"
        f" {REQUEST}, goes in through all layers to admin; the response, {RESPONSE}, comes out through all of them.",
        WIDTH, height())
    y: float = TOP
    for depth, row in enumerate(ONION):
        y = shell(canvas, depth, y, *row)
    core(canvas, y + 8)
    passing(canvas, y + 8)
    return canvas


PICTURES = (onion,)
