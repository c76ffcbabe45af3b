"""Step 3.13 · make_handle: errors that nobody expects are let out"""
import errno

import pytest

from tests.ch03_environ.applications import Trouble
from tests.ch03_environ.common import CLIENT
from tests.ch03_environ.serving import GET, handle_of, page, raised_by_reading
from tests.expect import expect_hung_up, expect_out_of_handle, families, raising
from workshop.checking.transport import Connection

EXPECTED = (ConnectionResetError, KeyboardInterrupt, "ClientGone", "BadRequest")
ERRORS = [*families(*EXPECTED, ours="ch03_environ"), Trouble]
WHY = ("Only what you expect is handled here, BadRequest and ConnectionError: an error that nobody sees is a bug that "
       "nobody finds.")


class End(BaseException):
    """What nobody has heard of, and what is no Exception."""


def expect_error_out(connection, error, by):
    """Fail unless handle lets out the error that a method of the connection raises, and closes the connection."""
    handle = handle_of(page)
    expect_out_of_handle(error, lambda: handle(connection, CLIENT), connection, f"by {by}", WHY)
    expect_hung_up(connection, f"after {type(error).__name__}, raised by {by}")


@pytest.mark.usefixtures("stubs_before_make_handle")
@pytest.mark.step("3.13")
class TestMakeHandle:
    @pytest.mark.parametrize("kind", ERRORS)
    def test_an_error_while_the_response_is_sent_is_let_out(self, kind):
        error = kind("a bug of the server")
        expect_error_out(Connection([GET], fails=error), error, "sendall")

    @pytest.mark.parametrize("kind", [*families(*EXPECTED), Trouble])
    def test_an_error_while_the_request_is_read_is_let_out(self, kind):
        error = kind("a bug of the server")
        blocks = [b"GET / HT", error]
        if raised_by_reading(blocks) is error:
            expect_error_out(Connection(blocks), error, "recv")

    @pytest.mark.parametrize("kind", [KeyboardInterrupt, End])
    def test_what_is_no_exception_is_let_out_too(self, kind):
        error = kind()
        expect_error_out(Connection([GET], fails=error), error, "sendall")

    def test_the_connection_is_closed_where_it_has_no_address(self):
        error = OSError(errno.EBADF, "Bad file descriptor")
        connection = Connection([GET])
        connection.getsockname = raising(error)
        expect_error_out(connection, error, "getsockname")

    @pytest.mark.parametrize("client", [
        pytest.param(lambda: Connection([]), id="at once"),
        pytest.param(lambda: Connection([b"GET / HT", ConnectionResetError("reset"), b"more"]), id="with a reset"),
        pytest.param(lambda: Connection([GET, b"more"], breaks=10), id="during the answer"),
        pytest.param(lambda: Connection([b"GET / HTTP/2.0\r\n\r\n", b"more"], breaks=10), id="during a refusal"),
    ])
    def test_hang_up_closes_the_connection_of_a_client_that_has_left_too(self, client):
        connection = client()
        handle_of(page)(connection, CLIENT)
        expect_hung_up(connection, "after a client has left")
