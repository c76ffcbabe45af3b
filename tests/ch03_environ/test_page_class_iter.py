"""Step 3.7 · PageClass.__iter__"""
import pytest

from tests.ch03_environ.common import ch03
from tests.ch03_environ.every_application import EveryPage, accepted_by_wsgiref
from tests.ch03_environ.visiting import expect_yielded_one_by_one, seen
from workshop.checking.tree import load


@pytest.mark.step("3.7")
class TestPageClassIter(EveryPage):
    EMPTY = "What `__iter__` yields is the body; where there is a `yield`, nobody gets what stands after a `return`."

    def app(self):
        return seen(ch03.PageClass, "PageClass")

    @pytest.mark.parametrize("page", [None, [b"one", b"", b"one"]], ids=["PAGE", "another page"])
    def test_the_blocks_come_one_by_one(self, page, monkeypatch):
        page = page or list(ch03.PAGE)
        monkeypatch.setattr(load("ch03_environ"), "PAGE", list(page))
        expect_yielded_one_by_one(self.app(), page)

    test_wsgiref_accepts_it = accepted_by_wsgiref
