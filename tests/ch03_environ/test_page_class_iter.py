"""Step 3.7 · PageClass.__iter__"""
import pytest

from tests.ch03_environ.common import ch03
from tests.ch03_environ.every_application import EveryPage, accepted_by_wsgiref
from tests.ch03_environ.visiting import expect_yielded_one_by_one, seen


@pytest.mark.step("3.7")
class TestPageClassIter(EveryPage):
    EMPTY = "What `__iter__` yields is the body; where there is a `yield`, nobody gets what stands after a `return`."

    def app(self):
        return seen(ch03.PageClass, "PageClass")

    def test_the_blocks_come_one_by_one(self):
        expect_yielded_one_by_one(self.app())

    test_wsgiref_accepts_it = accepted_by_wsgiref
