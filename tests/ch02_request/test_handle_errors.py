"""Step 2.12 · handle: errors that are let out"""
import pytest

from tests.ch02_request.common import ADDRESS, GET, ch02, each, post
from tests.expect import each_family, expect_hung_up, expect_out_of_handle
from workshop.checking.transport import Connection

WHY = ("Only BadRequest and ConnectionError are handled here. All else is for serve: an error that nobody sees is a "
       "bug that nobody finds, and Ctrl-C and sys.exit are there to end the server.")


@pytest.mark.step("2.12")
class TestHandle:
    def expect_error_out(self, error, client, when):
        expect_out_of_handle(error, lambda: ch02.handle(client, ADDRESS), client, when, WHY, sent=client)
        expect_hung_up(client, f"after {type(error).__name__}, raised {when}", sent=client)

    @each_family(ConnectionResetError)
    @pytest.mark.parametrize("blocks", [[b"GET / HT"], [post(b"Content-Length: 5")]], ids=["the head", "the body"])
    def test_an_error_while_the_request_is_read_comes_out_after_the_connection_is_closed(self, blocks, kind):
        error = kind("raised by recv")
        self.expect_error_out(error, Connection([*blocks, error]), "while the request is read")

    @each_family(ConnectionResetError, "ClientGone", "BadRequest", ours="ch02_request")
    def test_an_error_in_a_page_comes_out_after_the_connection_is_closed(self, monkeypatch, kind):
        error = kind("a bug in the page")

        def show(request):
            raise error

        monkeypatch.setitem(ch02.PAGES, b"/", (ch02.ANY, show))
        self.expect_error_out(error, Connection(GET), "by a page")

    @each_family(ConnectionResetError, "ClientGone", "BadRequest", ours="ch02_request")
    @pytest.mark.parametrize("data", [GET, b"hello\r\n\r\n"], ids=["a page", "a refusal"])
    def test_an_error_while_the_answer_is_sent_comes_out_after_the_connection_is_closed(self, data, kind):
        error = kind("raised by sendall")
        self.expect_error_out(error, Connection(data, fails=error), "while the answer is sent")

    @each("what, client", {
        "at once": lambda: Connection([]),
        "within the body": lambda: Connection([post(b"Content-Length: 5", body=b"hel")]),
        "with a reset": lambda: Connection([b"GET /", ConnectionResetError("reset"), b"more"]),
        "during the page": lambda: Connection([GET, b"more"], breaks=20),
        "during a refusal": lambda: Connection([b"GET / HTTP/2.0\r\n\r\n", b"more"], breaks=20),
    })
    def test_hang_up_closes_the_connection_of_a_client_that_has_left_too(self, what, client):
        client = client()
        ch02.handle(client, ADDRESS)
        expect_hung_up(client, f"after a client has left {what}", sent=client)
