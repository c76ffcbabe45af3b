"""The finished stack, for the README."""
from workshop.drawing.canvas import LINE, MARGIN, Canvas

STACK = (
    ("1 · socket", "accept, receive, send, close"),
    ("2 · request", "method, target, fields, body"),
    ("3 · environ", "`app(environ, start_response)`"),
    ("4 · response", "head, blocks, `close()`"),
    ("5 · middleware", "AddHeader, ErrorPage, ReplaceText,", "DispatcherMiddleware"),
)
APPS = (("shop", "Flask, at `/`"), ("admin", "Flask, at `/admin`"))
ELSEWHERE = ("The same application runs, unchanged, on gunicorn,", "waitress and wsgiref:",
             "`gunicorn --chdir solutions ch05_middleware:application`")


def layer(canvas: Canvas, x: float, y: float, width: float, name: str, *lines: str) -> float:
    """Draw a layer of the stack; return where the next one begins."""
    height = 30 + LINE * len(lines)
    canvas.box(x, y, width, height, "card")
    canvas.label(x + 12, y + 21, name, width - 24, "name")
    canvas.labels_in(x + 12, y + 25, width - 24, lines, "small", "start")
    return y + height + 8


def browser(canvas: Canvas) -> None:
    """Draw the browser, and the bytes that go to and fro between it and the server."""
    canvas.box(165, MARGIN, 160, 54, "client")
    canvas.labels_in(165, MARGIN + 6, 160, ["browser"], "name")
    canvas.labels_in(165, MARGIN + 26, 160, ["curl, requests"], "small")
    canvas.arrow([(215, 68), (215, 106)], "bytes")
    canvas.arrow([(275, 106), (275, 68)], "bytes")
    canvas.label(245, 92, "bytes", 52, "small", "middle")


def server(canvas: Canvas) -> float:
    """Draw the layers that the learner writes; return where they end."""
    canvas.box(80, 106, 330, 356, "server")
    canvas.label(92, 129, "what you write", 300, "name")
    y: float = 140
    for row in STACK:
        y = layer(canvas, 92, y, 306, *row)
    return y - 8


def apps(canvas: Canvas, y: float) -> None:
    """Draw the two apps, and the ways to them from the layers that end at y."""
    for x, (name, where) in zip((80, 255), APPS, strict=True):
        canvas.arrow([(x + 77, y), (x + 77, y + 44)])
        canvas.box(x, y + 44, 155, 54, "application")
        canvas.labels_in(x, y + 50, 155, [name], "name")
        canvas.labels_in(x, y + 70, 155, [where], "small")


def stack() -> Canvas:
    """What a learner has built in the end."""
    canvas = Canvas(
        "stack", "The finished stack",
        f"A browser (or curl, or requests) sends bytes to your server and receives bytes: what you write has five"
        f" layers, one for each chapter: {'; '.join(' '.join(row) for row in STACK)}. The innermost calls one of two"
        f" apps: {'; '.join(': '.join(app) for app in APPS)}. {' '.join(ELSEWHERE)}", 490)
    browser(canvas)
    end = server(canvas)
    apps(canvas, end)
    canvas.labels_in(MARGIN, end + 108, canvas.width - 2 * MARGIN, ELSEWHERE, "small")
    canvas.height = end + 108 + LINE * len(ELSEWHERE) + MARGIN
    return canvas


PICTURES = (stack,)
