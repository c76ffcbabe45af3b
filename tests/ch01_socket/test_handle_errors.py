"""Step 1.3 · handle: errors that are let out"""
import pytest

from tests.ch01_socket.common import ADDRESS, REQUEST, ch01
from tests.expect import each_family, expect_let_out
from workshop.checking.diagnosis import expect_that
from workshop.checking.transport import Connection

WHY = ("Only HeadTooLarge and ConnectionError are handled here. All else is for serve: an error that nobody sees is a "
       "bug that nobody finds, and Ctrl-C and sys.exit are there to end the server.")


class Failing(Connection):
    """A client whose connection fails with an error as soon as something is sent."""

    def __init__(self, data, error):
        super().__init__(data)
        self.error = error

    def accept(self, data):
        raise self.error


@pytest.mark.step("1.3")
class TestHandle:
    def expect_let_out_and_closed(self, error, client, when):
        name = type(error).__name__
        expect_let_out(error, lambda: ch01.handle(client, ADDRESS), f"handle does not let {name} out, raised {when}",
                       WHY)
        expect_that(client.closed, f"the connection is still open after {name}, raised {when}",
                    why="`finally` closes on every path; after enough connections left open, accept fails.")

    @each_family(ConnectionResetError)
    def test_an_error_while_the_head_is_read_comes_out_after_the_connection_is_closed(self, kind):
        error = kind("raised by recv")
        self.expect_let_out_and_closed(error, Connection([b"GET / HT", error]), "while the head is read")

    @each_family(ConnectionResetError)
    def test_an_error_while_the_answer_is_sent_comes_out_after_the_connection_is_closed(self, kind):
        error = kind("raised by sendall")
        self.expect_let_out_and_closed(error, Failing(REQUEST, error), "while the answer is sent")
