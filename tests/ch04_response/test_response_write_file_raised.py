"""Step 4.10 · Response.write_file: what is raised on the way, and the file that stays open on every path"""
import contextlib

import pytest

from tests.ch04_response.common import ch04, lengthy, response_to
from tests.ch04_response.files import ON_DISK, TEXT, FileConnection, MemoryFile
from tests.expect import each_family, expect_let_out, raising
from workshop.checking.diagnosis import expect_that


@pytest.mark.step("4.10")
class TestWriteFile:
    @pytest.mark.parametrize("headers, made", [
        pytest.param(lengthy(0), lambda file: file, id="nothing is to be sent"),
        pytest.param([], lambda file: MemoryFile(TEXT), id="it is sent block by block"),
    ])
    def test_any_file_stays_open_and_the_response_goes_on(self, file, headers, made, request):
        response, sent = response_to(connection=FileConnection(), headers=headers), made(file)
        response.write_file(ch04.FileWrapper(sent))
        expect_that(not sent.closed, f"write_file closes the file where {request.node.callspec.id}",
                    file=ON_DISK if sent is file else "40 bytes, in memory",
                    why="answer_with closes it with the wrapper, on every path.")

    @pytest.mark.parametrize("made", [lambda file: file, lambda file: MemoryFile(TEXT)], ids=["on disk", "in memory"])
    def test_the_file_stays_open_when_the_client_has_left(self, file, made):
        response, sent = response_to(connection=FileConnection(leaves=True, breaks=20)), made(file)
        with contextlib.suppress(ch04.ClientGone):
            response.write_file(ch04.FileWrapper(sent))
        expect_that(not sent.closed, "write_file closes the file of a client that has left",
                    file=ON_DISK if sent is file else "40 bytes, in memory",
                    why="answer_with closes it with the wrapper, on every path: a second close would be one too many.")

    def expect_out(self, response, what, error, file):
        """Fail unless error, which is raised by what, comes out of write_file."""
        kind = type(error).__name__
        expect_let_out(error, lambda: response.write_file(ch04.FileWrapper(file)),
                       f"{kind}, raised by {what}, does not come out", file=ON_DISK, why=
                       "The file is not sent, or not whole, and what to do about it is for answer_with to decide, who "
                       "has to know why.")

    @each_family()
    @pytest.mark.parametrize("method", ["begin_file", "write"])
    def test_what_begin_file_and_write_raise_reaches_the_caller(self, file, method, kind):
        response, error = response_to(connection=FileConnection()), kind(f"raised by self.{method}")
        response.begin_file = lambda wrapper: None
        setattr(response, method, raising(error))
        self.expect_out(response, f"self.{method}", error, file)

    @each_family(ConnectionResetError, TimeoutError, OSError)
    def test_what_sendfile_raises_reaches_the_caller(self, file, kind):
        response, error = response_to(connection=FileConnection()), kind("raised by sendfile")
        response.connection.sendfile = raising(error)
        self.expect_out(response, "self.connection.sendfile", error, file)
