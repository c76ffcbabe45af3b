"""Step 1.3 · handle: errors that are let out"""
import pytest

from tests.ch01_socket.common import ADDRESS, REQUEST, TOO_LARGE, ch01
from tests.expect import each_family, expect_hung_up, expect_out_of_handle
from workshop.checking.transport import Connection

WHY = ("Only HeadTooLarge and ConnectionError are handled here. All else is for serve: an error that nobody sees is a "
       "bug that nobody finds, and Ctrl-C and sys.exit are there to end the server.")


@pytest.mark.step("1.3")
class TestHandle:
    def expect_error_out(self, error, client, when):
        expect_out_of_handle(error, lambda: ch01.handle(client, ADDRESS), client, when, WHY)
        expect_hung_up(client, f"after {type(error).__name__}, raised {when}")

    @each_family(ConnectionResetError)
    def test_an_error_while_the_head_is_read_comes_out_after_the_connection_is_closed(self, kind):
        error = kind("raised by recv")
        self.expect_error_out(error, Connection([b"GET / HT", error]), "while the head is read")

    @each_family(ConnectionResetError)
    def test_an_error_while_the_answer_is_sent_comes_out_after_the_connection_is_closed(self, kind):
        error = kind("raised by sendall")
        self.expect_error_out(error, Connection(REQUEST, fails=error), "while the answer is sent")

    @pytest.mark.parametrize("kind", [TimeoutError, ValueError, SystemExit, GeneratorExit])  # a few: the head is long
    def test_an_error_while_the_431_is_sent_comes_out_after_the_connection_is_closed(self, kind):
        error = kind("raised by sendall")
        self.expect_error_out(error, Connection(TOO_LARGE, fails=error), "while the 431 is sent")

    @pytest.mark.parametrize("client", [
        pytest.param(lambda: Connection([]), id="without a byte"),
        pytest.param(lambda: Connection([b"GET / HT", ConnectionResetError("reset"), b"more"]), id="with a reset"),
        pytest.param(lambda: Connection([REQUEST, b"more"], breaks=10), id="during the page"),
        pytest.param(lambda: Connection([TOO_LARGE, b"more"], breaks=10), id="during the 431"),
    ])
    def test_hang_up_closes_the_connection_of_a_client_that_has_left_too(self, client):
        client = client()
        ch01.handle(client, ADDRESS)
        expect_hung_up(client, "after a client has left")
