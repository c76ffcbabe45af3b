"""Step 3.9 · call_application: what a call of start_response leaves as it is, and blocks that come before it"""
import contextlib

import pytest

from tests.ch03_environ.applications import Blocks, Trouble, call, call_anyhow, exc_info_of, function
from tests.ch03_environ.common import TEXT
from tests.expect import expect_raised, expect_value
from workshop.checking.diagnosis import Diagnosis, expect_same


def goes_on_after_a_refusal(environ, start_response):
    """An application that catches what its second call of start_response raises, and carries on."""
    write = start_response("200 OK", [*TEXT])
    write(b"one ")
    with contextlib.suppress(AssertionError):
        start_response("404 Not Found", [])
    write(b"two ")
    return [b"three"]


@pytest.mark.step("3.9")
class TestCallApplication:
    @pytest.mark.clause(93)
    def test_a_second_start_response_that_is_refused_changes_nothing(self):
        why = "An application may catch the error and carry on with what it said first."
        try:
            came_back = call_anyhow(goes_on_after_a_refusal)
        except AssertionError as error:
            if isinstance(error, Diagnosis):
                raise
            raise Diagnosis("the refusal of a second start_response comes out after the call, not in it", why=why,
                            came_back=f"AssertionError: {error}", expected="start_response itself raises it")
        expect_value(came_back[:2], ("200 OK", TEXT), why,
                     problem="a second start_response that is refused replaces what was kept")
        expect_same(came_back[2], b"one two three", why,
                    problem="a second start_response that is refused throws away the body so far")

    @pytest.mark.clause(81, 103)
    def test_the_write_of_the_first_call_still_adds_to_the_body_after_exc_info(self):
        def application(environ, start_response):
            write = start_response("200 OK", [*TEXT])
            write(b"half a page")
            start_response("500 Internal Server Error", [*TEXT], exc_info_of(Trouble()))
            write(b"sorry, ")
            return [b"bye"]

        body = call(application)[2]
        expect_value(body, b"sorry, bye", likely={
            "what is written by the write of the first call is lost after exc_info": b"bye",
        }, problem="after exc_info, write does not add to the body of the error page",
            why="There is one body, and an application may have kept the write that it was given first "
                '(PEP 3333, section "The write() Callable").')

    @pytest.mark.clause(77)
    @pytest.mark.parametrize("before", [[b""], [b"", b"", b""]], ids=["one", "several"])
    @pytest.mark.parametrize("after", [[b"hello"], [b"", b"hello"], []], ids=["a block", "two blocks", "no block"])
    def test_empty_blocks_may_come_before_start_response(self, before, after):
        def application(environ, start_response):
            yield from before
            start_response("200 OK", [*TEXT])
            yield from after

        why = ("An empty block says `not yet`, as middleware does that waits for more; nothing of it is sent, so it "
               'needs no head (PEP 3333, section "Middleware Handling of Block Boundaries").')
        came_back = call(application, problem="an empty block before start_response is refused", why=why,
                         sent=f"the blocks {before}, then start_response, then the blocks {after}")
        expect_value(came_back, ("200 OK", TEXT, b"".join(after)), why,
                     problem="with an empty block before start_response, the response is another one")

    @pytest.mark.clause(77)
    def test_start_response_may_come_late_from_an_iterable_that_counts_as_empty(self):
        class Late(Blocks):
            def __iter__(self):
                self.start_response("204 No Content", [])
                return super().__iter__()

            def __len__(self):
                return 0

        def application(environ, start_response):
            late.start_response = start_response
            return late

        late, why = Late(), ("What counts as empty may be late too: only going through it calls start_response "
                             '(PEP 3333, section "Specification Details").')
        came_back = call(application, problem="an iterable whose len is 0 is not gone through", why=why)
        expect_value(came_back, ("204 No Content", [], b""), why, problem="a response without a block is another one")

    @pytest.mark.clause(77)
    @pytest.mark.parametrize("blocks", [[b"half a page"], [b"", b"half a page"]], ids=["at once", "after an empty one"])
    def test_a_block_before_start_response_is_refused(self, blocks):
        def application(environ, start_response):
            yield from blocks
            start_response("200 OK", [*TEXT])
            yield b"hello"

        expect_raised(AssertionError, lambda: call_anyhow(application),
                      problem="a block that comes before start_response is accepted",
                      why="Status and headers go out ahead of the body, so they must be there with its first block at "
                          'the latest (PEP 3333, section "Specification Details").')

    def test_a_call_within_a_call_has_nothing_in_common_with_it(self):
        def outer(environ, start_response):
            write = start_response("404 Not Found", [*TEXT])
            write(b"outer, ")
            return [call(function)[2], b", outer"]

        why = "An application may call another one in the same way: that is how chapter 5 stacks them."
        came_back = call(outer, problem="an application can't call another one", why=why)
        expect_value(came_back, ("404 Not Found", TEXT, b"outer, one two, outer"), why,
                     problem="a call within a call changes the outer one")
