"""Step 3.7 · PageClass.__iter__"""
import pytest

from tests.ch03_environ.common import ch03
from tests.ch03_environ.every_application import EveryPage, accepted_by_wsgiref
from tests.ch03_environ.visiting import seen, visit
from tests.expect import expect_value


@pytest.mark.step("3.7")
class TestPageClassIter(EveryPage):
    def app(self):
        return seen(ch03.PageClass, "PageClass")

    def test_the_blocks_come_one_by_one(self):
        expect_value(visit(self.app())[1], ch03.PAGE, problem="the blocks are not those of PAGE",
                     why="A server sends each block before it asks for the next, so that a large page need not be in "
                         'memory at once (PEP 3333, section "Buffering and Streaming").')

    test_wsgiref_accepts_it = accepted_by_wsgiref
