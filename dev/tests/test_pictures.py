"""The pictures can be read by everyone, and they say what the solutions do."""
import ast
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from itertools import product

import pytest

from dev import PROJECT
from dev.pictures import all_pictures, message_parts, mounts, origins
from workshop.drawing.style import COLOURS, KINDS, SIZES
from workshop.machine.containment import contained_environment

PICTURES = all_pictures()
WIDEST, LARGEST, SMALLEST = 760, 12_000, 12  # px, bytes, px
SVG = "{http://www.w3.org/2000/svg}"
EACH = pytest.mark.parametrize("name", PICTURES)


def words_in(text):
    return set(re.findall(r"\w+", text))


# The files.


@EACH
def test_a_file_is_small_and_needs_nothing_from_elsewhere(name):
    text = PICTURES[name].svg()
    assert PICTURES[name].width <= WIDEST and len(text.encode()) <= LARGEST
    assert not re.search(r"<script|href|@import|url\(|@font-face", text)


def test_the_pictures_can_stand_in_one_page():
    ids = [name for picture in PICTURES.values() for name in re.findall(r'\bid="([^"]+)"', picture.svg())]
    assert len(ids) == len(set(ids)) == 2 * len(PICTURES)


# The reader.


@EACH
def test_a_picture_says_in_words_all_that_it_shows(name):
    picture = ElementTree.fromstring(PICTURES[name].svg())
    title, description = picture.find(f"{SVG}title"), picture.find(f"{SVG}desc")
    assert picture.get("role") == "img"
    assert picture.get("aria-labelledby").split() == [title.get("id"), description.get("id")]
    shown = " ".join(label.text for label in PICTURES[name].labels)
    assert title.text and words_in(shown) <= words_in(f"{title.text} {description.text}")


@EACH
def test_a_label_fits_its_room_and_the_picture(name):
    for label in PICTURES[name].labels:
        assert label.width <= label.room, label
        assert 0 <= label.left and label.left + label.width <= PICTURES[name].width, label


def test_no_label_is_small():
    assert min(SIZES.values()) >= SMALLEST


def luminance(colour):
    """Return the relative luminance of a colour, as WCAG 2 defines it."""
    parts = [int(colour[start:start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    darker, lighter = sorted(map(luminance, (one, other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_colours_have_the_contrast_that_wcag_aa_asks_for(scheme):
    fills, strokes = zip(*(pair[scheme] for pair in KINDS.values()), strict=True)
    colour = {name: pair[scheme] for name, pair in COLOURS.items()}
    for text, ground in product([colour["ink"], colour["quiet"], colour["mark"]], [colour["paper"], *fills]):
        assert contrast(text, ground) >= 4.5, f"text {text} on {ground}"
    for stroke in [colour["line"], colour["life"], *strokes]:
        assert contrast(stroke, colour["paper"]) >= 3, f"line {stroke}"


# The facts. The solutions run in a process of their own: here `ch01_socket` may be the learner's.


def lines_of(rows):
    return [line for _, _, lines in rows for line in lines]


def request_head():
    request_line = " ".join(text for text, _ in message_parts.REQUEST_LINE)
    return "\r\n".join([request_line, *lines_of(message_parts.REQUEST)[:-1]]).encode()


def leaves():
    return [(app, *leaf) for app, _, rows in mounts.MOUNTS for leaf in rows]


SHOWN = {
    "text": message_parts.RESPONSE_TEXT,
    "head": request_head(),
    "body": message_parts.REQUEST_TEXT.encode(),
    "requests": [(method, path) for _, method, path, *_ in leaves()],
}
SCRIPT = """
import ast, sys
from werkzeug.test import create_environ, run_wsgi_app
from ch01_socket import build_response
from ch02_request import parse_head
from ch03_environ import build_environ
from ch05_middleware import DispatcherMiddleware, make_admin, make_shop

def ask(method, path):
    stock, called = {"tea": 4}, []
    apps = {"shop": make_shop(stock), "admin": make_admin(stock)}
    def noting(name):
        def app(environ, start_response):
            called.extend([name, method, path, environ["SCRIPT_NAME"], environ["PATH_INFO"]])
            return apps[name](environ, start_response)
        return app
    site = DispatcherMiddleware(noting("shop"), {"/admin": noting("admin")})
    form = {"item": "tea", "price": "5"} if method == "POST" else None
    status = run_wsgi_app(site, create_environ(path, method=method, data=form))[1]
    return (*called, status)

shown = ast.literal_eval(sys.argv[1])
request = parse_head(shown["head"])
parsed = dict(vars(request))
request.body = shown["body"]
environ = build_environ(request, ("127.0.0.1", 8000), ("127.0.0.1", 50000))
print(ascii({
    "response": build_response(shown["text"]),
    "request": parsed,
    "environ": {name: repr(value) for name, value in environ.items()},
    "mounts": [ask(*pair) for pair in shown["requests"]],
}))
"""


@pytest.fixture(scope="module")
def solved():
    """What the solutions make of what is shown."""
    run = subprocess.run([sys.executable, "-c", SCRIPT, ascii(SHOWN)], capture_output=True, text=True,
                         env=contained_environment(PYTHONPATH=str(PROJECT.root / "solutions")))
    assert run.returncode == 0, run.stderr
    return ast.literal_eval(run.stdout)


def test_the_response_is_that_of_build_response(solved):
    dated = re.sub(r"Date: .*? GMT", "Date: Fri, 20 Nov 2026 10:09:08 GMT", solved["response"].decode())
    assert dated == "\r\n".join([*lines_of(message_parts.RESPONSE), message_parts.RESPONSE_TEXT])


def test_the_request_is_taken_apart_as_parse_head_does(solved):
    request, ((path, _, decoded), (query, _, _)) = solved["request"], message_parts.TARGET
    assert [(request[name], name) for _, name in message_parts.REQUEST_LINE] == list(message_parts.REQUEST_LINE)
    assert (request["target"], request["query"]) == (f"{path}?{query}", query)
    assert request["path"] == ast.literal_eval(decoded.split("`")[1])
    assert ("content-length", str(len(SHOWN["body"]))) in request["fields"]


def test_the_environ_is_that_of_build_environ(solved):
    shown = {name: value for _, _, rows in origins.SOURCES for _, name, value in rows}
    assert solved["environ"].keys() == shown.keys()
    for name, value in shown.items():
        assert value.startswith("a stream") or value == solved["environ"][name]


def test_the_mounts_are_those_of_the_finished_stack(solved):
    assert solved["mounts"] == leaves()
