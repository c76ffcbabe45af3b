"""Chapter 3: where each variable of the environ comes from."""

from workshop.drawing.canvas import MARGIN, Canvas

WIDTH = 548
ROW = 25
VARIABLES = 276  # where the column of variables begins

# Each source: its kind, its name, and rows of what is in it, and of the variable and its value (as Python writes it).
SOURCES: tuple[tuple[str, str, tuple[tuple[str, str, str], ...]], ...] = (
    ("client", "the request line", (
        ("`POST`", "REQUEST_METHOD", "'POST'"),
        ("`/a%20b`", "PATH_INFO", "'/a b'"),
        ("`page=2`", "QUERY_STRING", "'page=2'"),
        ("`HTTP/1.1`", "SERVER_PROTOCOL", "'HTTP/1.1'"),
    )),
    ("client", "the header fields", (
        ("`Host: 127.0.0.1:8000`", "HTTP_HOST", "'127.0.0.1:8000'"),
        ("`Accept: */*`", "HTTP_ACCEPT", "'*/*'"),
        ("`Content-Type: text/plain`", "CONTENT_TYPE", "'text/plain'"),
        ("`Content-Length: 10`", "CONTENT_LENGTH", "'10'"),
    )),
    ("client", "the body", (("`who=你好`", "wsgi.input", "a stream of bytes"),)),
    ("bytes", "the connection", (
        ("the server's address", "SERVER_NAME", "'127.0.0.1'"),
        ("its port", "SERVER_PORT", "'8000'"),
        ("the client's address", "REMOTE_ADDR", "'127.0.0.1'"),
    )),
    ("server", "the server itself", (
        ("at the root", "SCRIPT_NAME", "''"),
        ("the version of WSGI", "wsgi.version", "(1, 0)"),
        ("no https", "wsgi.url_scheme", "'http'"),
        ("its log", "wsgi.errors", "a stream of text"),
        ("one thread", "wsgi.multithread", "False"),
        ("one process", "wsgi.multiprocess", "False"),
        ("more than one call", "wsgi.run_once", "False"),
    )),
)


def variable(canvas: Canvas, y: float, origin: str, name: str, value: str) -> None:
    """Draw one row: an origin, an arrow, and the variable."""
    canvas.label(MARGIN + 10, y, origin, VARIABLES - MARGIN - 48)
    canvas.arrow([(VARIABLES - 34, y - 5), (VARIABLES - 8, y - 5)])
    text = f"`{name}`: {value}" if value.startswith("a ") else f"`{name}: {value}`"
    canvas.label(VARIABLES, y, text, WIDTH - MARGIN - VARIABLES - 6)


def environ() -> Canvas:
    """The variables by where they come from."""
    words = " ".join(
        f"From {source}: {', '.join(f'{origin} gives {name} {value}' for origin, name, value in rows)}."
        for _, source, rows in SOURCES
    )
    canvas = Canvas("ch03_environ", "Where the variables of the environ come from", words, WIDTH)
    y = MARGIN
    for kind, source, rows in SOURCES:
        canvas.box(MARGIN, y, WIDTH - 2 * MARGIN, 34 + ROW * len(rows), kind)
        canvas.label(MARGIN + 10, y + 22, source, WIDTH - 2 * MARGIN - 20, "name")
        for position, row in enumerate(rows):
            variable(canvas, y + 47 + ROW * position, *row)
        y += 34 + ROW * len(rows) + 8
    canvas.height = y + MARGIN - 8
    return canvas


PICTURES = (environ,)
