"""Step 5.5 · GuardedBody.error_page"""
import re
import traceback

import pytest

from tests.ch05_middleware.common import CLOSE, START, environ
from tests.ch05_middleware.sides import NoTeaLeft, Server, caught, guarded, out_of_tea
from tests.expect import blaming, kind_of
from workshop.checking.diagnosis import expect_same, expect_that

PAGE_HEADERS = ("Content-Type", "text/html; charset=utf-8")


def text_of(page):
    """Return an error page as a str. Raises Diagnosis if it is not UTF-8."""
    expect_that(isinstance(page, bytes), f"the page must be bytes, not {kind_of(page)}", came_back=repr(page)[:100],
                why=f"It is a block of the body ({CLOSE}).")
    with blaming("the page is not UTF-8", "The Content-Type says charset=utf-8, and the browser goes by that.",
                 expected="text.encode(), which is UTF-8"):
        return page.decode()


def shown_of(page):
    """Return text_of a page with its letters beyond ASCII, also those that stand there by their numbers: &#33590;."""
    def letter(reference):
        number = int(reference[1] or reference[2], 10 if reference[1] else 16)
        return chr(number) if 127 < number < 0x110000 else reference[0]

    return re.sub(r"&#(?:(\d+)|[xX]([0-9a-fA-F]+));", letter, text_of(page))


def lines_with(word, page):
    """Return the lines of a page that have a word in them, or its last two where none has."""
    lines = page.rstrip().splitlines()
    return "\n".join([line for line in lines if word in line] or lines[-2:])


def tag_around(text, page):
    """Return in which element of a page a text stands first: " in <title>"; "" if that is not known."""
    tags = re.findall(r"<(\w+)[^>]*>", page.partition(text)[0])
    return f" in <{tags[-1]}>" if tags else ""


@pytest.mark.step("5.5")
class TestGuardedBodyErrorPage:
    def page_of(self, server=None, variables=None, raiser=out_of_tea):
        """Return the error page for what raiser raises, in an application that has not failed otherwise."""
        body = guarded(lambda environ, start_response: [])(variables or environ(), (server or Server()).start_response)
        return caught(raiser, body)

    def header(self, server, name):
        return [value for key, value in server.head()[1] if key.lower() == name]

    def test_the_page_is_bytes(self):
        page = self.page_of()
        expect_that(isinstance(page, bytes), f"the page must be bytes, and what comes back is of type "
                    f"{type(page).__name__}", came_back=repr(page)[:100], why=f"It is a block of the body ({CLOSE}).")

    @pytest.mark.clause(10, 82)
    def test_the_status_is_500(self):
        server = Server()
        self.page_of(server)
        expect_same(server.head()[0], "500 Internal Server Error", problem="the status is another one",
                    why="It is the server's side that has failed, not the client (RFC 9110 section 15.6.1).")

    @pytest.mark.clause(3, 95, 96)
    def test_exc_info_is_given(self):
        server = Server()
        self.page_of(server)
        expect_that(server.exc_info, "start_response is not given exc_info", came_back=repr(server.exc_info),
                    expected="sys.exc_info()",
                    why=f"The application may have called start_response already; a second call needs it ({START}).")
        expect_that(isinstance(server.exc_info[1], NoTeaLeft), "exc_info tells of another exception",
                    came_back=repr(server.exc_info[1]), why=f"It is the one that is being handled ({START}).")
        functions = [frame.f_code.co_name for frame, _ in traceback.walk_tb(server.exc_info[2])]
        expect_that(server.exc_info[0] is NoTeaLeft and "out_of_tea" in functions,
                    "exc_info is not what sys.exc_info() returns", came_back=repr(server.exc_info),
                    expected="(NoTeaLeft, the exception, and its traceback, which leads to the line that failed)",
                    why="If the head has gone, the server raises the exception again, with this traceback: without "
                        f"it, its log does not show the application's line ({START}).")

    def test_the_page_is_html(self):
        server = Server()
        self.page_of(server)
        values = [value.lower() for value in self.header(server, "content-type")]
        expect_same(values, [PAGE_HEADERS[1]], problem="the Content-Type is another one",
                    why="A browser shows the page by it, and reads it as UTF-8 (RFC 9110 section 8.3).")

    def test_the_length_counts_bytes(self):
        server = Server()
        page = self.page_of(server)
        sent = f"the page is sent through write{', and returned' * bool(page)}"
        expect_that(not server.written, sent, came_back=repr(page)[:100],
                    written=f"{len(b''.join(server.written))} bytes, with the server's write", expected="the page",
                    why=f"Return the page, and send nothing: your caller goes on with it as a block ({CLOSE}).")
        values = self.header(server, "content-length")
        expect_that(len(values) == 1, "there is no Content-Length" if not values else "Content-Length is there twice",
                    came_back=repr(server.head()[1]), why="With it the client knows that it has the whole page.")
        expect_that(isinstance(values[0], str), f"Content-Length must be a str, not {values[0]!r}",
                    why=f"Header values are str, numbers too ({START}).")
        characters = len(text_of(page))
        expect_that(characters == len(page) or values[0] != str(characters), "Content-Length counts characters",
                    came_back=values[0], expected=str(len(page)),
                    why="The client reads so many bytes; 茶 has three (RFC 9110 section 8.6).")
        expect_same(values[0], str(len(page)), problem="Content-Length is not the number of bytes in the page",
                    why="The client reads exactly so many bytes (RFC 9110 section 8.6).")

    @pytest.mark.clause(10)
    def test_the_page_shows_what_happened_and_where(self):
        page = text_of(self.page_of())
        expect_that("NoTeaLeft" in page, "the page does not name the exception", came_back=page,
                    expected="NoTeaLeft",
                    why="It is for you, while you write the application.")
        expect_that("Traceback" in page and "out_of_tea" in page, "the page shows no traceback", came_back=page,
                    expected="traceback.format_exc(), escaped",
                    why="It tells in which line the application has failed.")

    @pytest.mark.parametrize("method", ["HEAD", "POST"])
    def test_the_method_decides_nothing(self, method):
        server = Server()
        page = self.page_of(server, environ(REQUEST_METHOD=method))
        expect_that("NoTeaLeft" in text_of(page), f"for {method}, the page is another one", came_back=repr(page),
                    expected="the page that GET gets",
                    why="That the response to HEAD has no body is the server's affair: it leaves the page out, and "
                        "sends its length (RFC 9110 section 9.3.2).")
        expect_same((server.head()[0], self.header(server, "content-length")),
                    ("500 Internal Server Error", [str(len(page))]), problem=f"for {method}, the head is another one",
                    why="The head for HEAD is that for GET (RFC 9110 section 9.3.2).")

    def test_the_page_is_escaped(self):
        page = shown_of(self.page_of())
        where = tag_around("<b>tea", page) if "&lt;b&gt;tea" in page else ""  # it is escaped in another one
        expect_that("<b>tea" not in page, f"what the exception says is not escaped{where}",
                    came_back=lines_with("<b>tea", page), expected="… no &lt;b&gt;tea&lt;/b&gt; &amp; no 茶 left, "
                    "wherever it stands",
                    why="A message may hold what a stranger has sent: as HTML, it would run in your browser.")
        expect_that("茶" in page, "the page has lost the letters beyond ASCII", came_back=lines_with("tea", page),
                    expected="… no 茶 left",
                    why="The page is UTF-8, in which each character has its bytes: text.encode().")
        expect_that("<" in page, "the whole page is escaped, its own tags too", came_back=page,
                    expected="tags such as <h1> and <pre>, and between them the escaped text",
                    why="html.escape is for the text alone: what is escaped is shown, and no tag any more.")
        became = "escaped twice" if "&amp;lt;" in page else "changed"
        expect_that("no &lt;b&gt;tea&lt;/b&gt; &amp; no 茶 left" in page, f"what the exception says is {became}",
                    came_back=lines_with("tea", page), expected="… no &lt;b&gt;tea&lt;/b&gt; &amp; no 茶 left",
                    why="html.escape once, over the whole text.")
