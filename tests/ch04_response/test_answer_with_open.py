"""Step 4.13 · answer_with: the connection stays open, and what is returned is given on as it is"""
import contextlib

import pytest

from tests.ch04_response.applications import Page, app_raising, app_returning, handled
from tests.ch04_response.common import FRAMINGS, ApplicationFails, ch04, each_framing, expect_left_open, request_for
from tests.ch04_response.files import FileConnection
from tests.expect import raising
from workshop.checking.diagnosis import expect_same
from wsgi_contract.answer import read_answer


@pytest.mark.step("4.13")
class TestAnswerWith:
    def expect_open_after(self, app, case, framing="chunks", connection=None):
        """Fail if the connection is closed when a request, as framing has it, was answered with app."""
        connection = connection or FileConnection()
        with contextlib.suppress(KeyboardInterrupt, ApplicationFails):
            handled(app, request_for(**FRAMINGS[framing][0]), connection)
        expect_left_open(connection, "answer_with", case)

    @each_framing
    @pytest.mark.parametrize("blocks", [[], [b"hello", b""], [b"hello", b"world"]], ids=["nothing", "a part", "all"])
    def test_the_connection_stays_open_however_the_body_ends(self, blocks, framing):
        _, status, headers = FRAMINGS[framing]
        self.expect_open_after(app_returning(blocks, status, headers),
                               f"a body of {len(b''.join(blocks))} bytes, framing: {framing}", framing)

    @each_framing
    @pytest.mark.parametrize("kind", [ApplicationFails, KeyboardInterrupt])
    @pytest.mark.parametrize("blocks", [[], [b"hello"]], ids=["before the head", "after the head"])
    def test_the_connection_stays_open_where_the_application_fails(self, blocks, kind, framing):
        _, status, headers = FRAMINGS[framing]
        page = Page([], blocks, kind("the page fails"))
        self.expect_open_after(app_returning(page, status, headers),
                               f"after {kind.__name__}, framing: {framing}", framing)

    @pytest.mark.parametrize("kind", [ApplicationFails, KeyboardInterrupt, SystemExit])
    def test_the_connection_stays_open_where_the_call_fails(self, kind):
        self.expect_open_after(app_raising(kind), f"after {kind.__name__} in the call")

    @each_framing
    def test_the_connection_stays_open_where_the_client_has_left(self, framing):
        _, status, headers = FRAMINGS[framing]
        self.expect_open_after(app_returning(Page([]), status, headers), f"the client has left, framing: {framing}",
                               framing, FileConnection(breaks=20))

    @each_framing
    def test_the_connection_stays_open_after_a_file(self, file, framing):
        _, status, headers = FRAMINGS[framing]
        self.expect_open_after(app_returning(ch04.FileWrapper(file), status, headers), f"a file, framing: {framing}",
                               framing)

    def test_the_connection_stays_open_where_close_fails(self):
        page = Page([])
        page.close = raising(ApplicationFails("close fails"))
        self.expect_open_after(app_returning(page), "the close of the iterable has failed")

    @pytest.mark.clause(112)
    def test_the_length_of_a_single_block_is_announced(self):
        answer = read_answer(handled(app_returning([b"hello"])).sent)
        expect_same(answer.values("Content-Length"), ["5"], fields=answer.fields,
                    problem="the length of a list with one block is not announced",
                    why="write_blocks asks for the len of what the application has returned: give it that, as it is. "
                        "An iterator over it, for example, has no len (PEP 3333, Handling the Content-Length Header).")
