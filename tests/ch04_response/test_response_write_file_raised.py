"""Step 4.10 · Response.write_file: what is raised on the way, and the file that stays open in every case"""
import contextlib

import pytest

from tests.ch04_response.common import ch04, expect_left_open, lengthy, response_to
from tests.ch04_response.files import ON_DISK, TEXT, FileConnection, MemoryFile, OnlyRead
from tests.expect import blaming, each_family, expect_let_out, raising
from workshop.checking.diagnosis import expect_same, expect_that

WAYS = [
    pytest.param("the system copies", [], lambda file: file, id="the system copies"),
    pytest.param("nothing is to be sent", lengthy(0), lambda file: file, id="nothing is to be sent"),
    pytest.param("block by block", [], lambda file: MemoryFile(TEXT), id="block by block"),
]  # what it is, the headers, and what makes a file of the one on disk


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
                    why="answer_with closes it with the wrapper, in every case.")

    @pytest.mark.parametrize("made", [lambda file: file, lambda file: MemoryFile(TEXT)], ids=["on disk", "in memory"])
    def test_the_file_stays_open_when_the_client_has_left(self, file, made):
        response, sent = response_to(connection=FileConnection(leaves=True, breaks=20)), made(file)
        with contextlib.suppress(ch04.ClientGone):
            response.write_file(ch04.FileWrapper(sent))
        expect_that(not sent.closed, "write_file closes the file of a client that has left",
                    file=ON_DISK if sent is file else "40 bytes, in memory",
                    why="answer_with closes it with the wrapper, in every case: a second close would be one too many.")

    @pytest.mark.parametrize("what, headers, made", WAYS)
    @pytest.mark.parametrize("leaves", [False, True], ids=["a client that stays", "a client that leaves"])
    def test_the_connection_stays_open_and_the_response_goes_on(self, file, leaves, what, headers, made):
        breaks, closings = 20 if leaves else None, []
        response = response_to(connection=FileConnection(leaves=leaves, breaks=breaks), headers=headers)
        response.close = lambda: closings.append("close")
        with contextlib.suppress(ch04.ClientGone):
            response.write_file(ch04.FileWrapper(made(file)))
        case = f"{what}; the client {'leaves' if leaves else 'stays'}"
        expect_left_open(response.connection, "write_file", case)
        expect_that(not closings, f"write_file ends the response ({case})", came_back="self.close() is called",
                    why="answer_with calls close, once, when all has been sent.")

    def test_an_object_that_has_only_read_is_sent(self):
        response = response_to(connection=FileConnection())
        with blaming("an object that has only `read` is an error", expected="its bytes are sent", why=
                     "A file, to an application, is anything with a read method: begin_file returns None for it, and "
                     "`self.write_blocks(wrapper)` sends it (PEP 3333, Optional Platform-Specific File Handling)."):
            response.write_file(ch04.FileWrapper(OnlyRead()))
        expect_same(response.sent, len(TEXT), of="self.sent", why="It is written block by block.",
                    problem="an object that has only `read` is not sent whole")

    @pytest.mark.parametrize("kind", [BrokenPipeError, LookupError])
    def test_file_and_connection_stay_open_when_the_copying_fails(self, file, kind):
        response = response_to(connection=FileConnection())
        response.connection.sendfile = raising(kind("raised by sendfile"))
        with contextlib.suppress(kind, ch04.ClientGone):
            response.write_file(ch04.FileWrapper(file))
        expect_left_open(response.connection, "write_file", f"sendfile has raised {kind.__name__}")
        expect_that(not file.closed, f"write_file closes the file where sendfile has raised {kind.__name__}",
                    file=ON_DISK, why="answer_with closes it with the wrapper, in every case.")

    def expect_out(self, response, what, error, file):
        """Fail unless error, which is raised by what, comes out of write_file."""
        kind = type(error).__name__
        expect_let_out(error, lambda: response.write_file(ch04.FileWrapper(file)),
                       f"{kind}, raised by {what}, does not come out", file=ON_DISK, why=
                       "The file is not sent, or not whole, and what to do about it is for answer_with to decide, who "
                       "has to know why.")

    @each_family(ours="ch04_response")
    @pytest.mark.parametrize("method", ["begin_file", "write"])
    def test_what_begin_file_and_write_raise_reaches_the_caller(self, file, method, kind):
        response, error = response_to(connection=FileConnection()), kind(f"raised by self.{method}")
        response.begin_file = lambda wrapper: None
        setattr(response, method, raising(error))
        self.expect_out(response, f"self.{method}", error, file)

    @each_family(ConnectionResetError, TimeoutError, OSError, "ClientGone", ours="ch04_response")
    def test_what_sendfile_raises_reaches_the_caller(self, file, kind):
        response, error = response_to(connection=FileConnection()), kind("raised by sendfile")
        response.connection.sendfile = raising(error)
        self.expect_out(response, "self.connection.sendfile", error, file)
