"""Step 4.9 · Response.begin_file"""
import contextlib
import gzip

import pytest

from tests.ch04_response.common import (
    BODILESS,
    body_in,
    ch04,
    each_framing,
    expect_left_open,
    framed_response,
    fresh_response,
    head_in,
    lengthy,
    request_for,
    response_to,
)
from tests.ch04_response.files import ON_DISK, TEXT, FileConnection, MemoryFile, OnlyRead, Patience
from tests.expect import blaming, each_family, expect_let_out, expect_raised, raising
from workshop.checking.diagnosis import Diagnosis, expect_same, expect_that, expect_unchanged, shown_bytes
from workshop.checking.transport import Connection
from workshop.checking.tree import deepest_place
from wsgi_contract.answer import read_answer


class PackedFile(Patience, gzip.GzipFile):
    """A gzip file."""


def begun(file, request=None, written=b"", **parts):
    """Return what begin_file returns for file, and the response, to which something was written before."""
    response = response_to(request, connection=FileConnection(), **parts)
    if written:
        response.connection.sendall(response.head_once() + response.framed(written))
        response.sent = len(written)
    try:
        return response.begin_file(ch04.FileWrapper(file)), response
    except TypeError as error:
        limited = response.framing == ch04.LENGTH or not response.head_sent
        if limited or "NoneType" not in str(error) or ch04.FileWrapper(file).remaining() is None:
            raise
        raise Diagnosis(f"TypeError is raised where the framing is {response.framing!r}: {error}",
                        place=deepest_place(error.__traceback__), expected="None",
                        why="self.room() is None where no length limits the body. Ask first whether self.framing is "
                            "LENGTH: if it is not, whatever the method, None is returned, and write_blocks does the "
                            "rest.")


def expect_block_by_block(count, problem, why, **rows):
    """Fail with problem unless None was returned."""
    expect_same(count, None, problem="0 is returned" + problem.removeprefix("a number is returned") if count == 0 and
                type(count) is int else problem, why=why, **rows)


def longer_than_announced():
    """Tell a learner, of an error in the with statement, that a file may be longer than announced."""
    return blaming("a file that is longer than announced is an error", expected="nothing is raised",
                   why="The application may want the first bytes only: what is left over is not sent (PEP 3333, "
                       "Optional Platform-Specific File Handling).")


@pytest.mark.step("4.9")
class TestBeginFile:
    @pytest.mark.parametrize("version", ["HTTP/1.1", "HTTP/1.0"])
    @pytest.mark.clause(130)
    def test_a_file_is_announced_with_its_length(self, file, version):
        count, response = begun(file, request_for(version=version))
        expect_that(count is not None, "the file's length is known, and None is returned", file=ON_DISK,
                    sent=shown_bytes(response.connection.sent), expected=f"{len(TEXT)}, and the head is sent",
                    perhaps="known_length must be set before the head is built, and self.framing is chosen with it",
                    why="A file on disk has a length, and with it the system can do the copying.")
        sent = response.connection.sent
        expect_that(sent, "nothing is sent, not even the head", file=ON_DISK,
                    why="The head comes before the file.")
        head = read_answer(head_in(sent), head_only=True)
        expect_same(head.values("Content-Length"), [str(len(TEXT))], file=ON_DISK, fields=head.fields,
                    problem="the head does not tell the length of the file",
                    why="Browsers show how much is left of a download.")
        expect_same(body_in(sent), b"", problem="bytes of the file are sent", file=ON_DISK,
                    why="begin_file sends the head, and returns how many bytes follow it.")
        expect_same(count, len(TEXT), problem="the number of bytes is another one", file=ON_DISK,
                    why="All that remains of the file is sent.")

    @pytest.mark.clause(129)
    def test_what_was_read_of_a_file_is_not_counted(self, file):
        file.read(9)
        count, response = begun(file)
        lengths = read_answer(head_in(response.connection.sent), head_only=True).values("Content-Length")
        expect_same((count, lengths), (len(TEXT) - 9, [str(len(TEXT) - 9)]), file=ON_DISK, before="file.read(9)",
                    problem="what the application has read is counted (what came back, and the Content-Length)",
                    why="A file is sent from where it stands (PEP 3333, Optional Platform-Specific File Handling).")

    @pytest.mark.clause(124)
    def test_a_file_in_memory_is_written_block_by_block(self):
        count, response = begun(MemoryFile(TEXT))
        expect_block_by_block(count, "a number is returned for a file in memory", "`wrapper.remaining()` is None for "
                              "it: the system has nothing to copy from.")
        expect_same(response.connection.sent, b"", of="sent to the client",
                    problem="something is sent for a file without a known length",
                    why="The head goes with the first block.")

    @pytest.mark.clause(124)
    def test_an_object_that_has_only_read_is_a_file_too(self):
        with blaming("an object that has only `read` is an error", why="A file, to an application, is anything with a "
                     "read method: `wrapper.remaining()` asks for more where there is more (PEP 3333, Optional "
                     "Platform-Specific File Handling)."):
            count, _ = begun(OnlyRead())
        expect_block_by_block(count, "a number is returned for an object that has only `read`",
                              "Nobody knows how much it will give.")

    @pytest.mark.clause(124, 128)
    def test_a_gzip_file_is_written_block_by_block(self, tmp_path):
        (tmp_path / "page.gz").write_bytes(gzip.compress(TEXT))
        with PackedFile(tmp_path / "page.gz", "rb") as unpacked:
            count, _ = begun(unpacked)
        expect_block_by_block(count, "a number is returned for a gzip file",
                              "The system would copy the packed bytes, which are others than its read gives: "
                              "`wrapper.remaining()` is None for it.")

    @pytest.mark.clause(92)
    def test_an_empty_file_sends_nothing_yet(self, file):
        file.read()
        count, response = begun(file)
        rows = {"file": "on disk, and read to its end: wrapper.remaining() is 0"}
        expect_same(response.connection.sent, b"", of="sent to the client",
                    problem="something is sent for a file without bytes", **rows,
                    why="It is like any body without bytes: close sends its head.")
        expect_block_by_block(count, "a number is returned for a file without bytes", "It is like any body without "
                              "bytes: write_blocks finds no block in it.", **rows)
        expect_same(response.known_length, None, of="self.known_length",
                    problem="self.known_length is set for a file that is written block by block", **rows,
                    why="What looks empty may have bytes all the same, as the files in /proc do: a length of 0 would "
                        "cut them off. Set it where remaining() is neither None nor 0.")

    @pytest.mark.clause(109, 129)
    def test_no_more_than_was_announced(self, file):
        with longer_than_announced():
            count, _ = begun(file, headers=lengthy(8))
        expect_same(count, 8, problem="more of the file is to be sent than was announced", file=ON_DISK,
                    why="The application may want the first bytes only (PEP 3333, Optional Platform-Specific File "
                        "Handling).")

    def test_an_announced_length_of_0_is_a_head_and_no_byte(self, file):
        count, response = begun(file, headers=lengthy(0))
        expect_that(response.connection.sent, "nothing is sent, not even the head", file=ON_DISK,
                    why="The body is empty, and the head is the whole response: without it the client gets nothing, "
                        "and the log says 200 all the same.")
        expect_that(count is not None, "None is returned where a length of 0 was announced", file=ON_DISK,
                    expected="0", why="write_blocks would raise ValueError for the first block; 0 means that nothing "
                    "is left to send.")
        expect_same(count, 0, problem="more of the file is to be sent than was announced", file=ON_DISK,
                    why="A file may be longer than announced: what is left over is not sent.")

    def test_a_file_shorter_than_announced_is_sent_to_its_end(self, file):
        with blaming("a file that is shorter than announced is an error", expected="nothing is raised",
                     why="All that is there is sent. What is missing, close() tells the log."):
            count, response = begun(file, headers=lengthy(100))
        expect_unchanged("self.headers", response.headers, lengthy(100), problem="the announced length is changed",
                         why="What the application announces comes first; close says what is missing.")
        expect_same(count, len(TEXT), problem="the number of bytes is another one", file=ON_DISK,
                    why="All that is there is sent.")

    @pytest.mark.clause(109)
    def test_what_was_written_before_takes_up_room(self, file):
        with longer_than_announced():
            count, response = begun(file, written=b"abc", headers=lengthy(8))
        expect_same(body_in(response.connection.sent), b"abc", problem="the head is sent a second time",
                    before="response.write(b'abc')", why="`self.head_once()` returns b'' when the head has gone.")
        expect_same(count, 5, problem="more of the file is to be sent than the announced length leaves",
                    before="response.write(b'abc')", file=ON_DISK,
                    why="3 of 8 bytes have been sent: 5 are left, and self.room() tells it.")

    def test_in_a_response_with_chunks_the_file_is_written_block_by_block(self, file):
        count, response = begun(file, written=b"abc")
        expect_block_by_block(count, "a number is returned in a response with chunks",
                              "The head has announced chunks when write() sent it, and the system copies no chunks. "
                              "self.framing keeps what the head says: ask it, and not self.choose_framing() again, "
                              "which says something else by now if known_length has been set (RFC 9112 section 7.1).",
                              before="response.write(b'abc')", file=ON_DISK)
        expect_same(body_in(response.connection.sent), b"3\r\nabc\r\n", problem="the head is sent a second time",
                    before="response.write(b'abc')", why="`self.head_once()` returns b'' when the head has gone.")

    @pytest.mark.parametrize("headers", [[], lengthy(8)], ids=["without a length", "with a length"])
    @pytest.mark.parametrize("method, status", BODILESS)
    def test_where_no_body_may_be_nothing_is_copied(self, file, method, status, headers):
        count, response = begun(file, request_for(method), status=status, headers=headers)
        expect_that(response.connection.sent, "nothing is sent, not even the head",
                    why="The head is the whole response here.")
        expect_block_by_block(count, "a number is returned where no body may be",
                              "The framing is not LENGTH then. Such a response ends with its head (RFC 9112 section "
                              "6.3), and write_blocks stops at once.")

    def test_in_a_response_that_ends_with_the_connection_the_file_is_written_block_by_block(self, file):
        count, _ = begun(file, request_for(version="HTTP/1.0"), written=b"abc")
        expect_block_by_block(count, "a number is returned in a response that ends with the connection",
                              "The head has gone with write(), and announces no length: self.framing, which was "
                              "chosen with it and stays, is UNTIL_CLOSE, and only with LENGTH a number is returned.",
                              file=ON_DISK, before="response.write(b'abc')")

    def test_the_file_is_not_touched(self, file):
        begun(file)
        expect_that(not file.closed, "begin_file closes the file", why="answer_with closes it with the wrapper.")
        expect_same(file.tell(), 0, of="file.tell()",
                    problem="the file is read", file=ON_DISK, why="It is sent from where it stands.")

    @pytest.mark.parametrize("length", [0, 8])
    def test_the_file_stays_open_whatever_was_announced(self, file, length):
        begun(file, headers=lengthy(length))
        expect_that(not file.closed, f"begin_file closes the file: {length} bytes were announced",
                    why="answer_with closes it with the wrapper, in every case.")

    def test_a_client_that_has_left_raises_client_gone(self, file):
        response = response_to(connection=Connection(breaks=20))
        expect_raised(ch04.ClientGone, lambda: response.begin_file(ch04.FileWrapper(file)),
                      problem="it goes unnoticed that the client has left",
                      why="self.send raises it, and answer_with tells it from an error of the application.")
        expect_that(not file.closed, "begin_file closes the file of a client that has left",
                    why="answer_with closes it with the wrapper, in every case.")

    @each_family(ours="ch04_response")
    @pytest.mark.parametrize("method", ["send", "head_once"])
    def test_what_head_once_and_send_raise_reaches_the_caller(self, file, method, kind):
        response, error = response_to(), kind(f"raised by self.{method}")
        setattr(response, method, raising(error))
        expect_let_out(error, lambda: response.begin_file(ch04.FileWrapper(file)),
                       f"{kind.__name__}, raised by self.{method}, does not come out",
                       "The head has not gone, and what to do about it is for answer_with to decide, who has to know "
                       "why.")

    def test_without_start_response_an_assertion_error_is_let_out(self, file):
        response = fresh_response()
        expect_raised(AssertionError, lambda: response.begin_file(ch04.FileWrapper(file)),
                      problem="it goes unnoticed that start_response was not called",
                      why="head_once raises it: there is no status to send.")

    @each_framing
    @pytest.mark.parametrize("breaks", [None, 20], ids=["a client that stays", "a client that leaves"])
    def test_file_and_connection_stay_open(self, file, breaks, framing):
        response = framed_response(framing, FileConnection(breaks=breaks))
        with contextlib.suppress(OSError):
            response.begin_file(ch04.FileWrapper(file))
        expect_left_open(response.connection, "begin_file", f"framing: {framing}")
        expect_that(not file.closed, f"begin_file closes the file (framing: {framing})",
                    why="answer_with closes it with the wrapper, in every case.")
