"""Step 3.12 · make_handle: errors that nobody expects are let out"""
import errno

import pytest

from tests.ch03_environ.applications import Trouble
from tests.ch03_environ.common import CLIENT
from tests.ch03_environ.serving import GET, expect_closed, handle_of, page, raised_by_reading
from workshop.checking.diagnosis import Diagnosis
from workshop.checking.transport import Connection

ERRORS = [Trouble, TimeoutError, OSError, KeyError, AttributeError, ValueError, SystemExit]
WHY = ("Only what you expect is handled here, BadRequest and ConnectionError: an error that nobody sees is a bug that "
       "nobody finds.")


class Failing(Connection):
    """A connection with a method that raises an error."""

    def __init__(self, *blocks, **raising):
        super().__init__(blocks)
        for name, error in raising.items():
            setattr(self, name, self.raiser(error))

    def raiser(self, error):
        def fail(*arguments):
            raise error

        return fail


def expect_let_out(connection, error, by):
    """Fail unless handle lets out the error that a method of the connection raises, and closes the connection."""
    handle = handle_of(page)
    try:
        handle(connection, CLIENT)
    except BaseException as raised:
        if raised is not error:
            raise
    else:
        raise Diagnosis("handle swallows an unexpected error", raised=f"{error!r}, by {by}", why=WHY)
    expect_closed(connection)


@pytest.mark.usefixtures("stubs_before_make_handle")
@pytest.mark.step("3.12")
class TestMakeHandle:
    @pytest.mark.parametrize("kind", ERRORS)
    def test_an_error_while_the_response_is_sent_is_let_out(self, kind):
        error = kind("a bug of the server")
        expect_let_out(Failing(GET, sendall=error, send=error), error, "sendall")

    @pytest.mark.parametrize("kind", ERRORS)
    def test_an_error_while_the_request_is_read_is_let_out(self, kind):
        error = kind("a bug of the server")
        blocks = [b"GET / HT", error]
        if raised_by_reading(blocks) is error:
            expect_let_out(Connection(blocks), error, "recv")

    def test_the_connection_is_closed_where_it_has_no_address(self):
        error = OSError(errno.EBADF, "Bad file descriptor")
        expect_let_out(Failing(GET, getsockname=error), error, "getsockname")
