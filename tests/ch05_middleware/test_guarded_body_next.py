"""Step 5.6 · GuardedBody.__next__"""
import io

import pytest
from flask import Flask

from tests.ch05_middleware.common import BLOCKS, CLOSE, ERRORS, MANY, environ, taken
from tests.ch05_middleware.shops import client_of
from tests.ch05_middleware.sides import (
    NEVER_CLOSED,
    App,
    Body,
    NoTeaLeft,
    Server,
    expect_closed_once,
    guarded,
    judged,
    out_of_tea,
)
from workshop.checking.diagnosis import Diagnosis, expect_same, expect_that, shown_bytes
from workshop.checking.tree import deepest_place

LET_OUT = {  # whether a block came before the failure -> what is wrong if the failure is let out, and why
    False: ("the failure of a block is not caught", "Applications fail while they make their body, too"),
    True: ("the failure of a block is let out where another block came before it",
           "Every Exception gets what `self.error_page()` returns, whatever came before it. You need not know whether "
           "the head has gone: if it has, the server's start_response raises the exception again, by itself, and "
           "error_page lets it out. Here it has not: nothing was sent but an empty block"),
}


@pytest.mark.step("5.6")
class TestGuardedBodyNext:
    def body_of(self, source, server=None):
        """Return the body of an application that starts a response and returns source (an iterable)."""
        return guarded(App(source))(environ(), (server or Server()).start_response)

    def expect_page(self, block):
        expect_that(isinstance(block, bytes), f"in the place of the failing block comes {block!r:.60}",
                    expected="the page, as bytes", why=f"It is a block like any other ({ERRORS}).")
        expect_that(b"NoTeaLeft" in block, "in the place of the failing block comes no error page",
                    came_back=shown_bytes(block), expected="self.error_page()",
                    why=f"Nothing was sent yet: the client can have the page instead ({ERRORS}).")

    def expect_iterator(self, server):
        """Fail if what the server was told last is that self.blocks is no iterator any more."""
        told = str(server.exc_info and server.exc_info[1])
        expect_that(not told.endswith("is not an iterator"), "after a failure, self.blocks is no iterator any more",
                    came_back=f"TypeError: {told}", expected="an iterator that is at its end, such as iter(())",
                    why="A tuple, a list or None can't be asked by next; what iter makes of them can.")

    @pytest.mark.clause(25, 28)
    def test_blocks_pass_as_they_are(self):
        came_back = taken(self.body_of(Body(b"a", b"", b"b")))
        expect_that(None not in came_back, "a block must be bytes, and what comes back is None",
                    why=f"A body is made of bytes ({CLOSE}).")
        expect_that(len(came_back) < MANY, "the body never ends", came_back=f"{came_back[:4]!r:.80} … and so on",
                    expected="[b'a', b'', b'b'], then StopIteration", why="StopIteration is no failure: it is the end.")
        expect_that(came_back[:-1] != [b"a", b"", b"b"], "after the end of the body comes one more block",
                    came_back=shown_bytes(came_back[-1]), expected="StopIteration",
                    why="StopIteration is no failure: it is the end. It is an Exception too, so let it out first.")
        expect_same(came_back, [b"a", b"", b"b"], problem="the blocks are not those of the application",
                    why=f"Where nothing fails, nothing changes ({BLOCKS}).")

    def test_the_end_of_the_body_is_no_failure(self):
        server = Server()
        taken(self.body_of(Body(b"a"), server))
        expect_that(len(server.heads) == 1, "the end of the body is answered with an error page",
                    came_back=repr([status for status, _ in server.heads]), expected="['200 OK']",
                    why="StopIteration says that the body has ended as it should.")

    @pytest.mark.clause(26, 32)
    def test_no_block_is_asked_for_before_the_server_wants_it(self):
        source = Body(b"a", b"b", b"c")
        next(self.body_of(source))
        expect_that(source.given == 1, f"{source.given} blocks were asked for, to give one",
                    why=f"The second block may take a minute; the client is to have the first one now ({BLOCKS}).")

    @pytest.mark.parametrize("blocks", [pytest.param([], id="at once"), pytest.param([b""], id="after an empty block")])
    @pytest.mark.clause(10, 28)
    def test_a_failing_block_becomes_the_error_page(self, blocks):
        server = Server()
        body = self.body_of(Body(*blocks, NoTeaLeft("no tea left")), server)
        try:
            came_back = taken(body)
        except NoTeaLeft as error:
            problem, why = LET_OUT[bool(blocks)]
            raise Diagnosis(problem, place=deepest_place(error.__traceback__), came_out=repr(error),
                            expected="the page, and then StopIteration", why=f"{why} ({ERRORS}).")
        self.expect_iterator(server)
        expect_that(len(came_back) == len(blocks) + 1, "after the failure there must be one block, the page",
                    came_back=f"{len(came_back)} blocks: {came_back!r:.60} …",
                    expected=f"{len(blocks) + 1}, the page last",
                    why=f"The page is the whole body ({ERRORS}).")
        self.expect_page(came_back[-1])
        status, headers = server.head()
        expect_same(status, "500 Internal Server Error", problem="the status is another one",
                    why=f"Nothing was sent yet: the client can have the right status ({ERRORS}).")
        lengths = [value for name, value in headers if name.lower() == "content-length"]
        expect_same(lengths, [str(len(came_back[-1]))], problem="the page is not as long as its head says",
                    why="Return what self.error_page() returns, as it is: its Content-Length counts these bytes.")

    def test_the_application_may_fail_before_it_calls_start_response(self):
        def app(environ, start_response):
            raise NoTeaLeft("no tea left")
            yield

        server = Server()
        came_back = taken(guarded(app)(environ(), server.start_response))
        self.expect_page(came_back[0] if came_back else b"")
        expect_same(server.head()[0], "500 Internal Server Error", problem="the status is another one",
                    why=f"A generator runs, and fails, only when it is asked for a block ({CLOSE}).")

    @pytest.mark.clause(25, 35)
    def test_wsgiref_has_no_objection_on_either_side(self):
        source = Body(b"", NoTeaLeft("no tea left"))
        server, blocks = judged(guarded, App(source))
        self.expect_page(blocks[-1])
        expect_closed_once(server, source, "the failing application's iterable", "`__next__` closes nothing, neither "
                           f"after a failure nor at the end: the server calls your close in any case ({CLOSE}).",
                           if_never=NEVER_CLOSED)

    def test_a_failing_flask_app_is_answered_with_the_page(self):
        shop = Flask("shop")
        shop.config["PROPAGATE_EXCEPTIONS"] = True
        shop.add_url_rule("/", view_func=out_of_tea)
        self.expect_page(client_of(guarded(shop)).get("/", errors_stream=io.StringIO()).data)
