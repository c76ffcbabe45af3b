"""Step 3.7 · PageClass.__iter__"""
import pytest

from tests.ch03_environ.common import ch03, environ_from_outside
from tests.ch03_environ.every_application import EveryPage, accepted_by_wsgiref
from tests.ch03_environ.visiting import blocks_of, expect_yielded_one_by_one, seen
from tests.expect import expect_value
from workshop.checking.tree import load


@pytest.mark.step("3.7")
class TestPageClassIter(EveryPage):
    EMPTY = ("What `__iter__` yields is the body. Where there is a `yield`, nobody gets what stands after a `return`; "
             "an iterator that is kept, and handed out again, has nothing left after the first request.")

    def app(self):
        return seen(ch03.PageClass, "PageClass")

    @pytest.mark.parametrize("page", [None, [b"one", b"", b"one"]], ids=["PAGE", "another page"])
    def test_the_blocks_come_one_by_one(self, page, monkeypatch):
        page = page or list(ch03.PAGE)
        monkeypatch.setattr(load("ch03_environ"), "PAGE", list(page))
        expect_yielded_one_by_one(self.app(), page)

    def test_each_loop_over_an_instance_gets_all_blocks(self):
        iterable = self.app()(environ_from_outside(), lambda *head: None)
        blocks = [list(blocks_of(iterable)), list(blocks_of(iterable))]
        expect_value(blocks[1], blocks[0], problem="a second loop over one instance gets other blocks than the first",
                     called="page = PageClass(environ, start_response); list(page), and list(page) once more",
                     why="Each `for` calls `__iter__`, which yields all blocks of PAGE, or returns a new iterator over "
                         "them: one that is kept is used up after the first loop.")

    test_wsgiref_accepts_it = accepted_by_wsgiref
