"""Step 3.7 · PageClass.__iter__"""
import pytest

from tests.ch03_environ.common import ch03, environ_from_outside
from tests.ch03_environ.every_application import EveryApplication, accepted_by_wsgiref, blocks_of, seen, visit
from tests.expect import expect_value


@pytest.mark.step("3.7")
class TestPageClassIter(EveryApplication):
    def app(self):
        return seen(ch03.PageClass, "PageClass")

    def test_the_blocks_come_one_by_one(self):
        expect_value(visit(self.app())[1], ch03.PAGE, problem="the blocks are not those of PAGE",
                     why="A server sends each block before it asks for the next, so that a large page need not be in "
                         'memory at once (PEP 3333, section "Buffering and Streaming").')

    def test_two_requests_do_not_mix(self):
        first, second = [], []
        one = self.app()(environ_from_outside(), lambda *head: first.append(head))
        other = self.app()(environ_from_outside(), lambda *head: second.append(head))
        blocks = [*blocks_of(other)]
        expect_value((len(first), len(second)), (0, 1), problem="the start_response of another request is called",
                     why="Each request has an instance of its own, and each instance its own start_response.")
        expect_value([*blocks_of(one)], blocks, problem="the second request changes the first",
                     why="Each request has an instance of its own.")

    test_wsgiref_accepts_it = accepted_by_wsgiref
