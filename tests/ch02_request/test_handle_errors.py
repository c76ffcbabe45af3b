"""Step 2.12 · handle: errors that are let out"""
import pytest

from tests.ch02_request.common import ADDRESS, GET, ch02, post
from tests.expect import each_family, expect_let_out
from workshop.checking.diagnosis import expect_that
from workshop.checking.transport import Connection

WHY = ("Only BadRequest and ConnectionError are handled here. All else is for serve: an error that nobody sees is a "
       "bug that nobody finds, and Ctrl-C and sys.exit are there to end the server.")


class Failing(Connection):
    """A client whose connection fails with an error as soon as something is sent."""

    def __init__(self, data, error):
        super().__init__(data)
        self.error = error

    def accept(self, data):
        raise self.error


@pytest.mark.step("2.12")
class TestHandle:
    def expect_let_out_and_closed(self, error, client, when):
        name = type(error).__name__
        expect_let_out(error, lambda: ch02.handle(client, ADDRESS), f"handle does not let {name} out, raised {when}",
                       WHY, sent=client)
        expect_that(client.closed, f"the connection is still open after {name}, raised {when}", sent=client,
                    why="`finally` closes on every path.")

    @each_family(ConnectionResetError)
    @pytest.mark.parametrize("blocks", [[b"GET / HT"], [post(b"Content-Length: 5")]], ids=["the head", "the body"])
    def test_an_error_while_the_request_is_read_comes_out_after_the_connection_is_closed(self, blocks, kind):
        error = kind("raised by recv")
        self.expect_let_out_and_closed(error, Connection([*blocks, error]), "while the request is read")

    @each_family(ConnectionResetError)
    def test_an_error_in_a_page_comes_out_after_the_connection_is_closed(self, monkeypatch, kind):
        error = kind("a bug in the page")

        def show(request):
            raise error

        monkeypatch.setitem(ch02.PAGES, b"/", (ch02.ANY, show))
        self.expect_let_out_and_closed(error, Connection(GET), "by a page")

    @each_family(ConnectionResetError)
    @pytest.mark.parametrize("data", [GET, b"hello\r\n\r\n"], ids=["a page", "a refusal"])
    def test_an_error_while_the_answer_is_sent_comes_out_after_the_connection_is_closed(self, data, kind):
        error = kind("raised by sendall")
        self.expect_let_out_and_closed(error, Failing(data, error), "while the answer is sent")
