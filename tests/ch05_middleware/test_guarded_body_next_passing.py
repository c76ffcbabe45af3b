"""Step 5.6 · GuardedBody.__next__: every kind of failure, and what comes after it"""
import pytest

from tests.ch05_middleware.common import CLOSE, ERRORS, environ, taken
from tests.ch05_middleware.sides import ODD, App, Body, NoTeaLeft, Server, guarded
from tests.expect import each_family, expect_let_out, expect_raised, raising
from workshop.checking.diagnosis import Diagnosis, expect_same, expect_that
from workshop.checking.tree import deepest_place

ENDS = (SystemExit, KeyboardInterrupt, GeneratorExit)  # no Exceptions


@pytest.mark.step("5.6")
class TestGuardedBodyNext:
    def body_of(self, source, server=None, variables=None):
        """Return the body of an application that starts a response and returns source (an iterable)."""
        return guarded(App(source))(variables or environ(), (server or Server()).start_response)

    @each_family(*ENDS, ours="ch04_response")
    def test_every_exception_is_a_failure(self, kind):
        error = kind("no tea left")
        body = self.body_of(Body(error))
        try:
            page = next(body, b"the end")
        except type(error) as raised:
            if raised is not error:  # such as a stub's
                raise
            raise Diagnosis(f"{kind.__name__} is not caught", came_out=repr(raised), expected="the page",
                            place=deepest_place(raised.__traceback__),
                            why=f"Whatever Exception an application raises, the client can have the page ({ERRORS}).")
        expect_that(isinstance(page, bytes) and kind.__name__.encode() in page, f"{kind.__name__} has no page",
                    came_back=f"{page!r:.80}", expected="the page",
                    why=f"Whatever Exception an application raises, the client can have the page ({ERRORS}).")

    @pytest.mark.clause(98, 100)
    @each_family(*ENDS, ours="ch04_response")
    def test_after_the_head_has_gone_the_exception_reaches_the_server(self, kind):
        server, error = Server(), kind("no tea left")
        source = Body(b"half a page, ", error)
        body = self.body_of(source, server)
        server.write(next(body))
        expect_let_out(error, lambda: next(body, "the end"), "after the head has gone, the failure is swallowed",
                       f"The client has half a page: only the end of the connection can tell it ({ERRORS}).")
        expect_that(source.closed == 0, f"after the head has gone, the body is closed for {kind.__name__}",
                    came_back=f"{source.closed} calls of its close", expected="none yet",
                    why=f"The server calls your close in any case; then it would be the second time ({CLOSE}).")

    @each_family(ours="ch04_response")
    def test_what_error_page_raises_reaches_the_server(self, kind):
        body, error = self.body_of(Body(NoTeaLeft("no tea left"))), kind("raised by error_page")
        body.error_page = raising(error)
        expect_let_out(error, lambda: next(body, "the end"), "what error_page raises is swallowed",
                       "There is no page then, and the server is to hear why: another exception than the "
                       f"application's may have come up, from its log say. Let it out, whatever it is ({ERRORS}).",
                       raised=f"NoTeaLeft by the application, and {error!r} by self.error_page")

    def test_each_block_comes_out_as_it_is_whatever_it_is(self):
        body = self.body_of([*ODD, b"tea"])
        came_back = [next(body, "the end") for _ in range(len(ODD) + 2)]
        for number, block in enumerate([*ODD, b"tea", "the end"]):
            expect_that(came_back[number] is block, f"the block {block!r} does not come out as it is" if block !=
                        "the end" else "after the last block there is no StopIteration", came_back=repr(came_back),
                        expected=repr([*ODD, b"tea", "the end"]),
                        why="None and what else is no block are the application's mistakes: the server finds them, and "
                            f"only StopIteration is the end. Nothing has failed here ({ERRORS}).")

    def test_the_page_is_the_last_block(self):
        source = Body(NoTeaLeft("no tea left"), b"more", b"and more")
        came_back = taken(self.body_of(source))
        expect_that(len(came_back) == 1, "the application is asked for more after it has failed",
                    came_back=f"the page, and then {came_back[1:]}", expected="the page, and then StopIteration",
                    why="An iterator may go on after it has raised. But the head announces the length of the page: "
                        "whatever follows is too much.")

    @pytest.mark.parametrize("error", ENDS)
    def test_what_is_no_exception_of_the_application_passes_through(self, error):
        body = self.body_of(Body(error()))
        expect_raised(error, lambda: next(body, "the end"), f"{error.__name__} is caught",
                      "It is no Exception: it ends programs and generators, and must get out.")

    def test_a_failure_has_one_page(self):
        server, variables = Server(), environ()
        taken(self.body_of(Body(NoTeaLeft("no tea left")), server, variables))
        times = len(server.heads) - 1, variables["wsgi.errors"].getvalue().count("Traceback")
        expect_same(times, (1, 1), problem="one failure is answered and logged more than once",
                    why="self.error_page() starts the response and writes the log: call it once, and keep the page.")

    @pytest.mark.parametrize("method", ["HEAD", "POST"])
    def test_the_method_decides_nothing(self, method):
        came_back = taken(self.body_of(Body(b"a", b"b"), variables=environ(REQUEST_METHOD=method)))
        expect_same(came_back, [b"a", b"b"], problem=f"for {method}, the blocks are not those of the application",
                    why="Where nothing fails, nothing changes: what HEAD leaves out is the server's affair "
                        "(RFC 9110 section 9.3.2).")

    def test_after_its_end_the_body_stays_at_its_end(self):
        body = self.body_of([b"a"])
        expect_same([taken(body), taken(body)], [[b"a"], []], problem="after its end the body begins anew",
                    why="An iterator that has raised StopIteration does so each time it is asked again.")

    @pytest.mark.clause(35)
    @pytest.mark.parametrize("blocks", [[b"a"], [NoTeaLeft("no tea left")]], ids=["its end", "a failure"])
    def test_nothing_is_closed_before_the_server_closes(self, blocks):
        source = Body(*blocks)
        taken(self.body_of(source))
        expect_that(source.closed == 0, "the body is closed before the server has called close",
                    came_back=f"{source.closed} calls of its close", expected="none yet",
                    why=f"The server calls your close in any case; then it would be the second time ({CLOSE}).")
