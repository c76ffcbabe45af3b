"""Chapters 1 and 2: the bytes of a response and of a request, part by part.

Each part is a band: its kind (which gives the colour), what it is called, and its lines. The text of the body is drawn
byte by byte.
"""
from workshop.drawing.canvas import MARGIN, Canvas, width_of

WIDTH = 520
ROW, CELL = 24, 30  # the height of a line in a band, the width of a byte of the body
NAMES = 104  # the width of the column of names, on the right

Row = tuple[str, tuple[str, ...], tuple[str, ...]]  # the kind of a band, its name, and its lines

RESPONSE_TEXT = "你好"
RESPONSE: tuple[Row, ...] = (  # what build_response(RESPONSE_TEXT) gives at some moment
    ("server", ("status line",), ("HTTP/1.1 200 OK",)),
    ("client", ("header", "fields"), (
        "Date: Fri, 20 Nov 2026 10:09:08 GMT", "Content-Type: text/html; charset=utf-8", "Content-Length: 6",
        "Connection: close",
    )),
    ("bytes", ("end of the", "blank line"), ("",)),
)
REQUEST_TEXT = "who=你好"
REQUEST_LINE = (("POST", "method"), ("/a%20b?page=2", "target"), ("HTTP/1.1", "version"))
SPACE, LINE_END = ("␣", ""), ("\\r\\n", "")
TARGET = (("/a%20b", "path", 'decoded: `b"/a b"`'), ("page=2", "query", "kept as it is"))
REQUEST: tuple[Row, ...] = (
    ("client", ("header", "fields"), (
        "Host: 127.0.0.1:8000", "Accept: */*", "Content-Type: text/plain", "Content-Length: 10",
    )),
    ("bytes", ("end of the", "blank line"), ("",)),
)


def ground(canvas: Canvas, y: float, kind: str, names: tuple[str, ...], height: float) -> None:
    """Draw the ground of a band and its name, in one or two lines."""
    canvas.box(MARGIN, y, WIDTH - 2 * MARGIN, height, kind)
    top = y + height / 2 - 10 * len(names)
    canvas.labels_in(WIDTH - MARGIN - NAMES, top, NAMES - 8, names, anchor="end")


def band(canvas: Canvas, y: float, kind: str, names: tuple[str, ...], lines: tuple[str, ...]) -> float:
    """Draw a band with lines of the head; return where the next one begins."""
    height = ROW * len(lines) + 10
    ground(canvas, y, kind, names, height)
    room = WIDTH - 2 * MARGIN - NAMES - 10
    for position, line in enumerate(lines):
        canvas.label(MARGIN + 10, y + 21 + ROW * position, f"`{line}\\r\\n`", room)
    return y + height + 6


def bands(canvas: Canvas, y: float, rows: tuple[Row, ...]) -> float:
    """Draw bands one below the other; return where the next one begins."""
    for row in rows:
        y = band(canvas, y, *row)
    return y


def cells(canvas: Canvas, x: float, y: float, text: str) -> None:
    """Draw a text in UTF-8: below each character its bytes, each in a box of its own, in hexadecimal digits."""
    for character in text:
        content = character.encode()
        canvas.label(x + CELL * len(content) / 2, y + 16, f"`{character}`", CELL, anchor="middle")
        for byte in content:
            canvas.box(x, y + 24, CELL, 26, "card", "", 0)
            canvas.label(x + CELL / 2, y + 42, f"`{byte:02x}`", CELL, anchor="middle")
            x += CELL
        x += 4


def body(canvas: Canvas, y: float, text: str) -> float:
    """Draw the band of the body; return where the next one begins."""
    ground(canvas, y, "application", ("body", f"{len(text.encode())} bytes"), 64)
    cells(canvas, MARGIN + 10, y + 6, text)
    return y + 70


def length_arrow(canvas: Canvas, top: float, bottom: float, field: str) -> None:
    """Draw an arrow from a field in the head to the bytes that it counts, right of all that is between them."""
    start = MARGIN + 14 + width_of(f"`{field}\\r\\n`")
    end = MARGIN + 12 + CELL * len(RESPONSE_TEXT.encode()) + 4 * len(RESPONSE_TEXT)
    x = end + 22
    canvas.arrow([(start, top), (x, top), (x, bottom), (end, bottom)], "application")
    canvas.label(x + 8, top + 5, "counts bytes,", 150, "small")
    canvas.label(x + 8, top + 5 + ROW, "not characters", 150, "small")


def words(rows: tuple[Row, ...]) -> str:
    """Return the rows of a picture as sentences, for its description."""
    return " ".join(f"{' '.join(names)}: {', '.join(lines) or 'empty'}." for _, names, lines in rows)


def in_bytes(text: str) -> str:
    """Return a sentence that says which bytes each character of a text has."""
    parts = [f"{character} is {character.encode().hex(' ')}" for character in text]
    return f"body, {len(text.encode())} bytes in UTF-8: {', '.join(parts)}."


def response() -> Canvas:
    """The anatomy of a response."""
    canvas = Canvas(
        "ch01_response", "The bytes of a response",
        f"Each line of the head ends with the two bytes CR and LF, written \\r\\n. {words(RESPONSE)}"
        f" {in_bytes(RESPONSE_TEXT)} Content-Length counts bytes, not characters.", WIDTH)
    y = bands(canvas, MARGIN, RESPONSE)
    field = MARGIN + ROW + 16 + 17 + 2 * ROW  # the middle of the line with Content-Length
    canvas.height = body(canvas, y, RESPONSE_TEXT) + MARGIN - 6
    length_arrow(canvas, field, y + 43, "Content-Length: 6")
    return canvas


def request_line(canvas: Canvas, y: float) -> float:
    """Draw the request line part by part, its spaces and its end too; return the middle of the target's box."""
    method, target, version = REQUEST_LINE
    ground(canvas, y, "server", ("request", "line"), 148)
    x, middles = MARGIN + 10.0, {}
    for text, name in (method, SPACE, target, SPACE, version, LINE_END):
        width = max(width_of(f"`{text}`"), width_of(name, "small")) + 10
        canvas.box(x, y + 8, width, 28, "card")
        canvas.label(x + width / 2, y + 27, f"`{text}`", width - 4, anchor="middle")
        canvas.labels_in(x, y + 39, width, [name] * bool(name), "small")
        middles[name] = x + width / 2
        x += width + 4
    return middles["target"]


def target(canvas: Canvas, y: float, middle: float) -> None:
    """Draw the parts of the target, with lines from its middle, and the question mark between them."""
    x = MARGIN + 10
    for text, *remarks in TARGET:
        canvas.line([(middle, y - 12), (x + 78, y)])
        canvas.box(x, y, 156, 28, "card")
        canvas.label(x + 78, y + 19, f"`{text}`", 148, anchor="middle")
        canvas.labels_in(x, y + 31, 156, remarks, "small")
        x += 180
    canvas.label(x - 192, y + 19, "`?`", 18, anchor="middle")


def request() -> Canvas:
    """The anatomy of a request."""
    line = ", ".join(f"{name} {text}" for text, name in REQUEST_LINE)
    parts = ", ".join(f"{name} {text}, {remark}" for text, name, remark in TARGET)
    canvas = Canvas(
        "ch02_request", "The bytes of a request",
        f"Each line of the head ends with the two bytes CR and LF, written \\r\\n. request line, with one space"
        f" between its parts: {line}. The target has two parts: {parts}; a question mark stands between them."
        f" {words(REQUEST)} {in_bytes(REQUEST_TEXT)}", WIDTH)
    target(canvas, MARGIN + 72, request_line(canvas, MARGIN))
    y = bands(canvas, MARGIN + 154, REQUEST)
    canvas.height = body(canvas, y, REQUEST_TEXT) + MARGIN - 6
    return canvas


PICTURES = (response, request)
