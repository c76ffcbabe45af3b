"""The handout, teaching/handout.html: one page A4 with what one looks up, and then the feedback card.

Its facts are those of the repository.
"""
import ast
from collections.abc import Sequence
from html import escape
from pathlib import Path

from dev import PROJECT
from dev.pictures import message_parts, mounts, origins
from dev.quotations import block as quotation
from dev.slides.blocks import LISTING, Block
from dev.slides.deck import code_of, without_docstring
from dev.slides.fitting import Listing
from dev.slides.last_slides import BEFORE_YOU_GO, card_lines
from dev.slides.page import code, inline
from wsgi_contract.clauses import CLAUSES

PAGE = PROJECT.root / "teaching" / "handout.html"
STYLE = Path(__file__).parent / "handout.css"
METHODS = (
    ("GET", "give me the page"), ("HEAD", "its head only: the same fields, no body"), ("POST", "take this body"),
    ("PUT", "keep this body here"), ("DELETE", "remove what is here"), ("OPTIONS", "which methods are allowed?"),
)
START_RULES = (80, 81, 82, 84, 88, 91, 92, 93, 97, 98, 99)  # clauses of PEP 3333
CLOSE_RULES = (74, 75, 76, 77, 16)
DOCUMENT = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="generator" content="python -m dev regenerate handout">
<title>WSGI on one page</title>
<style>
{style}</style>
</head>
<body>
<main>
<h1>WSGI on one page</h1>
{boxes}
</main>
{card}
</body>
</html>
"""


def files() -> dict[Path, str]:
    """Return the handout."""
    boxes = [messages(), rules("start_response: who owes what", START_RULES),
             rules("The iterable, and its close()", CLOSE_RULES), environ(), loop(), mount()]
    return {PAGE: DOCUMENT.format(style=STYLE.read_text(encoding="utf-8"), boxes="\n".join(boxes), card=card())}


def card() -> str:
    """Return the feedback card, which is a page of its own: each line, and room to write below it."""
    lines = "\n".join(f"<p>{inline(line)}</p>" for line in card_lines())
    return f'<article class="card">\n<h1>{BEFORE_YOU_GO}</h1>\n{lines}\n</article>'


def box(title: str, *parts: str) -> str:
    """Return a part of the page."""
    return "\n".join([f"<section>\n<h2>{inline(title)}</h2>", *parts, "</section>"])


def table(rows: Sequence[tuple[str, ...]]) -> str:
    """Return rows, the first of which is a heading, as a table; each cell is a line of Markdown."""
    marks = ["th", *["td"] * (len(rows) - 1)]
    return "\n".join(["<table>", *("<tr>" + "".join(f"<{mark}>{inline(cell)}</{mark}>" for cell in row) + "</tr>"
                                   for mark, row in zip(marks, rows, strict=True)), "</table>"])


def lines(*texts: str) -> str:
    """Return lines of a message as they go over the wire."""
    return f"<pre>{escape(chr(10).join(texts))}</pre>"


# The boxes.


def messages() -> str:
    """Return what a request and a response consist of, with methods and statuses."""
    end = "\\r\\n"
    request = [" ".join(part for part, _ in message_parts.REQUEST_LINE), *message_parts.REQUEST[0][2], ""]
    response = [*message_parts.RESPONSE[0][2], *message_parts.RESPONSE[1][2], ""]
    names = " · ".join(name for _, name in message_parts.REQUEST_LINE)
    return box(
        "A request and a response",
        f"<p>Request line ({names}), header fields, blank line, body:</p>",
        lines(*(line + end for line in request), message_parts.REQUEST_TEXT),
        table([("method", "asks"), *((f"`{name}`", words) for name, words in METHODS)]),
        "<p>Status line (version, status, reason), header fields, blank line, body:</p>",
        lines(*(line + end for line in response), message_parts.RESPONSE_TEXT),
        f"<p>Your server refuses with {statuses()}.</p>")


def statuses() -> str:
    """Return the statuses of errors in the reference, with their reasons."""
    tree = ast.parse((PROJECT.solutions / "ch02_request.py").read_text(encoding="utf-8"))
    used = {node.args[0].value for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args
            and ast.unparse(node.func) == "BadRequest" and isinstance(node.args[0], ast.Constant)}
    reasons = next(ast.literal_eval(node.value) for node in tree.body if isinstance(node, ast.Assign)
                   and ast.unparse(node.targets[0]) == "REASONS")
    return ", ".join(f"{status} {escape(reason)}" for status, reason in sorted(reasons.items()) if status in used)


def environ() -> str:
    """Return the variables of the environ, with where each comes from."""
    rows = [("variable", "value", "comes from")]
    for _, source, variables in origins.SOURCES:
        rows += [(f"**{source}**", "", "")]
        rows += [(f"`{name}`", value if value.startswith("a ") else f"`{value}`", origin)
                 for origin, name, value in variables]
    return box("Where the environ comes from", table(rows))


def rules(title: str, numbers: tuple[int, ...]) -> str:
    """Return clauses of PEP 3333 in the words of the contract."""
    items = (f"<li><b>{CLAUSES[number].who}, {CLAUSES[number].level}:</b> {inline(CLAUSES[number].text)}</li>"
             for number in numbers)
    return box(title, f"<ul>{''.join(items)}</ul>")


def loop() -> str:
    """Return the loop of a server: how the reference answers one request."""
    return box("The loop of a server: one request", listing("4.13"))


def mount() -> str:
    """Return the rule of mounts, with examples."""
    rows = [(f"`{path}`", app, f"`{script_name!r}`", f"`{path_info!r}`")
            for app, _, leaves in mounts.MOUNTS for _, path, script_name, path_info, _ in leaves]
    return box("Mounts: SCRIPT_NAME and PATH_INFO",
               "<p>The prefix moves from the front of <code>PATH_INFO</code> to the end of <code>SCRIPT_NAME</code>; "
               "together they stay the whole path. The longest prefix wins, and it ends before a slash or at the end "
               "of the path.</p>",
               listing("5.8"),
               table([("path", "app", "SCRIPT_NAME", "PATH_INFO"), *rows]))


def listing(number: str) -> str:
    """Return the reference of a step without its docstring, with the numbers of its lines."""
    step = PROJECT.steps[number]
    path = PROJECT.relative(step.path)
    text = quotation(path, step.name).removeprefix("```python\n").removesuffix("```\n").rstrip()
    shown: Listing = without_docstring(code_of(Block(LISTING, text)))
    return f"<p><code>{path}</code></p>\n{code(shown)}"
