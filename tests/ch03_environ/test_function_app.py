"""Step 3.4 · function_app"""
import pytest

from tests.ch03_environ.common import ch03, environ_from_outside
from tests.ch03_environ.every_application import EveryPage, accepted_by_wsgiref
from tests.ch03_environ.visiting import StartResponse, blocks_of, seen
from workshop.checking.diagnosis import expect_that
from workshop.checking.tree import shown


@pytest.mark.step("3.4")
class TestFunctionApp(EveryPage):
    def app(self):
        return seen(ch03.function_app, "function_app")

    def test_start_response_is_called_in_the_call(self):
        start_response = StartResponse()
        self.app()(environ_from_outside(), start_response)
        expect_that(start_response.heads, "start_response is not called when the application is called",
                    "start_response is called in the call itself, before it returns. (With `yield` in it, for "
                    "example, a function runs only when its first block is asked for: that is step 3.5.) "
                    'Here `return` gives the page (PEP 3333, section "Specification Details").')

    def test_the_blocks_are_returned_and_not_written(self):
        start_response = StartResponse()
        blocks = list(blocks_of(self.app()(environ_from_outside(), start_response)))
        expect_that(not start_response.written, "the blocks are given to write, and not returned",
                    written=shown(start_response.written), came_back=shown(blocks), expected=shown(ch03.PAGE),
                    why="Return PAGE: write is for old frameworks alone, and new applications don't use it "
                        '(PEP 3333, section "The write() Callable").')

    test_wsgiref_accepts_it = accepted_by_wsgiref
