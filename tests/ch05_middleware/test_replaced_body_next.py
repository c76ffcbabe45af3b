"""Step 5.4 · ReplacedBody.__next__"""
import sys

import pytest
from flask import Flask

from tests.ch05_middleware.common import BLOCKS, BOTH_SIDES, CLOSE, MANY, PNG, TEXT, environ, length, taken
from tests.ch05_middleware.shops import client_of
from tests.ch05_middleware.sides import NEVER_CLOSED, App, Body, NoTeaLeft, Server, euros, expect_closed_once, judged
from tests.expect import blaming, expect_value, kind_of
from workshop.checking.diagnosis import expect_same, expect_that


@pytest.mark.step("5.4")
class TestReplacedBodyNext:
    def body_of(self, blocks, headers=(TEXT,)):
        return euros(App(blocks, headers=headers))(environ(), Server().start_response)

    @pytest.mark.clause(4, 25)
    def test_a_block_of_text_comes_out_changed(self):
        came_back = next(self.body_of([b"tea: $4"]))
        expect_that(isinstance(came_back, bytes), f"a block must be bytes, and what comes back is {kind_of(came_back)}",
                    came_back=repr(came_back), why=f"A body is made of bytes ({CLOSE}).")
        expect_same(came_back, "tea: €4".encode(), problem="the text is not replaced" if b"$" in came_back else
                    "the block is another one", why="self.replaced(block) is how the client is to have it.")

    def test_what_is_no_text_comes_out_as_it_is(self):
        expect_same(next(self.body_of([b"\x89PNG$"], [PNG])), b"\x89PNG$", problem="the bytes of an image have changed",
                    why="In an image, 0x24 is no dollar sign: self.replaced(block) leaves it alone.")

    @pytest.mark.clause(25)
    def test_the_body_ends_where_the_application_s_ends(self):
        body, end = self.body_of([b"$1"]), "A for loop learns by StopIteration that the body has ended: let it pass."
        with blaming("the end of the body comes out as another exception", end, expected="StopIteration"):
            came_back = taken(body)
        expect_that(len(came_back) < MANY, "the body never ends", came_back=f"{came_back[:3]} and so on",
                    expected="one block, then StopIteration",
                    why=end)
        expect_same(came_back, ["€1".encode()], problem="the body does not end where the application's ends",
                    why=end)

    @pytest.mark.clause(26, 28, 32)
    def test_one_block_goes_out_for_each_that_comes_in(self):
        came_back = taken(self.body_of([b"$1", b"", b"$2", b"$3"]))
        expect_that(len(came_back) > 1, "the body is cut off, or joined into one block", came_back=repr(came_back),
                    expected="four blocks, one of them empty",
                    why=f"For each block that comes in, one must go out; an empty one says `not yet` ({BLOCKS}).")
        expect_that(b"" in came_back, "an empty block has got lost", came_back=repr(came_back),
                    why=f"For each block that comes in, one must go out; an empty one says `not yet` ({BLOCKS}).")
        expect_same(came_back, ["€1".encode(), b"", "€2".encode(), "€3".encode()],
                    problem="the blocks are not those of the application, one for one",
                    why=f"Nothing is joined, and nothing is held back ({BLOCKS}).")

    @pytest.mark.clause(26, 29, 107)
    def test_no_block_is_asked_for_before_the_server_wants_it(self):
        source = Body(b"$1", b"$2", b"$3")
        body = self.body_of(source)
        expect_that(source.given == 0, "a block is asked for before the server has asked",
                    why=f"Middleware returns as soon as the application does ({BLOCKS}).")
        next(body)
        expect_that(source.given == 1, f"{source.given} blocks were asked for, to give one",
                    came_back=f"{source.given} blocks", expected="1 block",
                    why=f"The second block may take a minute; the client is to have the first one now ({BLOCKS}).")

    @pytest.mark.clause(5, 77)
    def test_the_first_block_may_bring_start_response_with_it(self):
        def app(environ, start_response):
            start_response("200 OK", [TEXT])
            yield b"$1"
            yield b"$2"

        came_back = taken(euros(app)(environ(), Server().start_response))
        expect_same(came_back, ["€1".encode(), "€2".encode()],
                    problem="the first block of a late application is not replaced",
                    why=f"Whether it is a text is known only when the first block is there ({CLOSE}).")

    @pytest.mark.clause(5, 28, 77, 97)
    def test_each_block_goes_by_the_start_response_before_it(self):
        def app(environ, start_response):
            yield b""
            start_response("200 OK", [TEXT])
            yield b"$1"
            try:
                raise NoTeaLeft("no tea left")
            except NoTeaLeft:
                start_response("500 Internal Server Error", [PNG], sys.exc_info())
            yield b"$2"

        expect_value(taken(euros(app)(environ(), Server().start_response)), [b"", "€1".encode(), b"$2"], likely={
            "an empty block before start_response decides for all": [b"", b"$1", b"$2"],
            "the first start_response decides for the blocks behind the second": [b"", "€1".encode(), "€2".encode()],
        }, problem="the blocks are not those of the application, replaced where they are text",
            why="self.replaced goes by self.is_text, which start_response sets, each time it is called: ask it for "
                f"each block ({BLOCKS}).")

    @pytest.mark.clause(25, 26, 28, 35)
    def test_wsgiref_has_no_objection_on_either_side(self):
        source = Body(b"tea: $4, ", b"", b"cup: $9")
        server, blocks = judged(euros, App(source, headers=[TEXT, length(16)]))
        expect_same(b"".join(blocks), "tea: €4, cup: €9".encode(), problem="the body is another one",
                    why=f"It passes through, block by block ({BLOCKS}).")
        expect_same(server.head()[1], [TEXT], problem="the head is another one",
                    why=f"Middleware keeps both sides' promises ({BOTH_SIDES}).")
        expect_closed_once(server, source, "the application's iterable", "The server calls close once, and "
                           f"BodyWrapper.close passes it on: __next__ closes nothing ({CLOSE}).", if_never=NEVER_CLOSED)

    def test_a_flask_page_comes_out_changed(self):
        shop = Flask("shop")
        shop.add_url_rule("/", view_func=lambda: "tea: $4")
        answer = client_of(euros(shop)).get("/")
        expect_same(answer.data, "tea: €4".encode(), problem="a page of a Flask app is not replaced",
                    why="Flask's pages are text/html.")
