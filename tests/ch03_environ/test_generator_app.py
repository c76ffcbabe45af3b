"""Step 3.5 · generator_app"""
import pytest

from tests.ch03_environ.common import ch03, environ_from_outside
from tests.ch03_environ.every_application import EveryPage, accepted_by_wsgiref
from tests.ch03_environ.visiting import StartResponse, blocks_of, expect_yielded_one_by_one, seen
from tests.expect import blaming
from workshop.checking.diagnosis import expect_that
from workshop.checking.tree import load


@pytest.mark.step("3.5")
class TestGeneratorApp(EveryPage):
    EMPTY = "What a generator function yields is the body; what stands after its `return`, nobody gets."

    def app(self):
        return seen(ch03.generator_app, "generator_app")

    @pytest.mark.clause(5, 77)
    def test_start_response_is_called_with_the_first_block_and_not_before(self):
        heads = []
        why = ("Calling a generator function runs nothing of it; all of it runs when the server asks for blocks. Let "
               'generator_app itself be one, with a `yield` of its own (PEP 3333, section "Specification Details").')
        iterable = self.app()(environ_from_outside(), lambda *head: heads.append(head))
        expect_that(not heads, "start_response is called before the server asks for a block", why)
        next(blocks_of(iterable), None)
        expect_that(heads, "start_response is not called when the server asks for the first block", why)

    @pytest.mark.clause(78)
    def test_a_server_may_stop_half_way(self):
        blocks = blocks_of(self.app()(environ_from_outside(), StartResponse()))
        next(blocks, None)
        why = "A server closes the generator if the client leaves: nothing may keep it from ending there (PEP 342)."
        with blaming("the generator can't be closed half way", why):
            getattr(blocks, "close", lambda: None)()

    @pytest.mark.clause(16)
    @pytest.mark.parametrize("page", [None, [b"one", b"", b"one"]], ids=["PAGE", "another page"])
    def test_the_blocks_come_one_by_one(self, page, monkeypatch):
        page = page or list(ch03.PAGE)
        monkeypatch.setattr(load("ch03_environ"), "PAGE", list(page))
        expect_yielded_one_by_one(self.app(), page)

    test_wsgiref_accepts_it = accepted_by_wsgiref
