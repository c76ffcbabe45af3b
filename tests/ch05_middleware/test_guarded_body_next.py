"""Step 5.6 · GuardedBody.__next__"""
import io

import pytest
from flask import Flask

from tests.ch05_middleware.common import BLOCKS, CLOSE, ERRORS, MANY, ch05, environ, taken
from tests.ch05_middleware.shops import client_of
from tests.ch05_middleware.sides import App, Body, NoTeaLeft, Server, judged, out_of_tea
from tests.expect import expect_raised
from workshop.checking.diagnosis import Diagnosis, expect_same, expect_that, shown_bytes
from workshop.checking.tree import calls, deepest_place


@pytest.mark.step("5.6")
class TestGuardedBodyNext:
    def guarded(self, source, server=None):
        """Return the body of an application that starts a response and returns source (an iterable)."""
        calls.append("next(ErrorPage(app)(environ, start_response))")
        return ch05.ErrorPage(App(source))(environ(), (server or Server()).start_response)

    def expect_page(self, block):
        expect_that(isinstance(block, bytes), f"in the place of the failing block comes {block!r:.60}",
                    expected="the page, as bytes", why=f"It is a block like any other ({ERRORS}).")
        expect_that(b"NoTeaLeft" in block, "in the place of the failing block comes no error page",
                    came_back=shown_bytes(block), expected="self.error_page()",
                    why=f"Nothing was sent yet: the client can have the page instead ({ERRORS}).")

    @pytest.mark.clause(25, 28)
    def test_blocks_pass_as_they_are(self):
        came_back = taken(self.guarded(Body(b"a", b"", b"b")))
        expect_that(None not in came_back, "a block must be bytes, and what comes back is None",
                    why=f"A body is made of bytes ({CLOSE}).")
        expect_that(len(came_back) < MANY, "the body never ends", came_back=f"{came_back[:4]!r:.80} … and so on",
                    expected="[b'a', b'', b'b'], then StopIteration", why="StopIteration is no failure: it is the end.")
        expect_same(came_back, [b"a", b"", b"b"], problem="the blocks are not those of the application",
                    why=f"Where nothing fails, nothing changes ({BLOCKS}).")

    def test_the_end_of_the_body_is_no_failure(self):
        server = Server()
        taken(self.guarded(Body(b"a"), server))
        expect_that(len(server.heads) == 1, "the end of the body is answered with an error page",
                    came_back=repr([status for status, _ in server.heads]), expected="['200 OK']",
                    why="StopIteration says that the body has ended as it should.")

    @pytest.mark.clause(26, 32)
    def test_no_block_is_asked_for_before_the_server_wants_it(self):
        source = Body(b"a", b"b", b"c")
        next(self.guarded(source))
        expect_that(source.given == 1, f"{source.given} blocks were asked for, to give one",
                    why=f"The second block may take a minute; the client is to have the first one now ({BLOCKS}).")

    @pytest.mark.parametrize("blocks", [pytest.param([], id="at once"), pytest.param([b""], id="after an empty block")])
    @pytest.mark.clause(10, 28)
    def test_a_failing_block_becomes_the_error_page(self, blocks):
        server = Server()
        body = self.guarded(Body(*blocks, NoTeaLeft("no tea left")), server)
        try:
            came_back = taken(body)
        except NoTeaLeft as error:
            raise Diagnosis("the failure of a block is not caught", place=deepest_place(error.__traceback__),
                            came_back=repr(error), expected="the page, and then StopIteration",
                            why=f"Applications fail while they make their body, too ({ERRORS}).")
        expect_that(len(came_back) == len(blocks) + 1, "after the failure there must be one block, the page",
                    came_back=f"{len(came_back)} blocks: {came_back!r:.60}",
                    expected=f"{len(blocks) + 1}, the page last",
                    why=f"The page is the whole body ({ERRORS}).")
        self.expect_page(came_back[-1])
        expect_same(server.head()[0], "500 Internal Server Error", problem="the status is another one",
                    why=f"Nothing was sent yet: the client can have the right status ({ERRORS}).")

    def test_the_application_may_fail_before_it_calls_start_response(self):
        def app(environ, start_response):
            raise NoTeaLeft("no tea left")
            yield

        server = Server()
        came_back = taken(ch05.ErrorPage(app)(environ(), server.start_response))
        self.expect_page(came_back[0] if came_back else b"")
        expect_same(server.head()[0], "500 Internal Server Error", problem="the status is another one",
                    why=f"A generator runs, and fails, only when it is asked for a block ({CLOSE}).")

    def test_the_page_is_the_last_block(self):
        source = Body(NoTeaLeft("no tea left"), b"more", b"and more")
        came_back = taken(self.guarded(source))
        expect_that(len(came_back) == 1, "the application is asked for more after it has failed",
                    came_back=f"the page, and then {came_back[1:]}", expected="the page, and then StopIteration",
                    why="Its head announces the length of the page: whatever follows is too much.")

    @pytest.mark.clause(98, 100)
    def test_after_the_head_has_gone_the_exception_reaches_the_server(self):
        server = Server()
        body = self.guarded(Body(b"half a page, ", NoTeaLeft("no tea left")), server)
        server.write(next(body))
        expect_raised(NoTeaLeft, lambda: next(body, "the end"), "after the head has gone, the failure is swallowed",
                      f"The client has half a page: only the end of the connection can tell it ({ERRORS}).",
                      expected="NoTeaLeft, which goes on to the server")

    @pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, GeneratorExit])
    def test_what_is_no_exception_of_the_application_passes_through(self, error):
        body = self.guarded(Body(error()))
        expect_raised(error, lambda: next(body, "the end"), f"{error.__name__} is caught",
                      "It is no Exception: it ends programs and generators, and must get out.")

    @pytest.mark.clause(25, 35)
    def test_wsgiref_has_no_objection_on_either_side(self):
        source = Body(b"", NoTeaLeft("no tea left"))
        server, blocks = judged(ch05.ErrorPage, App(source))
        self.expect_page(blocks[-1])
        expect_that(source.closed < 2, "the failing application's iterable is closed twice",
                    came_back=f"{source.closed} calls of its close", expected="1 call",
                    why="The server calls your close in any case, after a failure too: leave it to the server "
                        f"({CLOSE}).")
        expect_that(source.closed == 1, "the failing application's iterable is not closed",
                    came_back=f"{source.closed} calls of its close", why=f"close is called on every path ({CLOSE}).")

    def test_a_failing_flask_app_is_answered_with_the_page(self):
        shop = Flask("shop")
        shop.config["PROPAGATE_EXCEPTIONS"] = True
        shop.add_url_rule("/", view_func=out_of_tea)
        self.expect_page(client_of(ch05.ErrorPage(shop)).get("/", errors_stream=io.StringIO()).data)
