"""Step 4.10 · Response.write_file: no more than the head announces"""
import traceback

import pytest

from tests.ch04_response.common import BODILESS, body_in, ch04, lengthy, request_for, response_to
from tests.ch04_response.files import ON_DISK, TEXT, FileConnection, received, response_with
from tests.expect import blaming, shown_error
from workshop.checking.diagnosis import Diagnosis, expect_same, expect_that
from workshop.checking.tree import deepest_place
from wsgi_contract.answer import read_answer

COUNTED = ("self.sent counts all bytes of the body, and what write has sent before is a part of it. `self.send_file` "
           "and `self.write_blocks` add what they send: set nothing yourself.")


def longer_than_announced():
    """Tell a learner, of an error in the with statement, that a file may be longer than announced."""
    return blaming("a file that is longer than announced is an error", expected="nothing is raised",
                   why="The application may want the first bytes only: what is left over is not sent (PEP 3333, "
                       "Optional Platform-Specific File Handling). write_blocks, for example, would raise ValueError "
                       "for it.")


def refused_for(error):
    """Return what a ValueError for an announced length of 0 means, and why, by the method that was called too much."""
    running = {frame.f_code.co_name for frame, _ in traceback.walk_tb(error.__traceback__)}
    if "write_blocks" in running:
        return ("begin_file has returned 0, and write_blocks is called all the same", "0 says that nothing more is to "
                "be sent, None alone that write_blocks is to do it: 0 counts as false like None, so ask `is None`.")
    if "sendfile" in running:
        return ("begin_file has returned 0, and sendfile is called all the same", "0 says that nothing more is to be "
                "sent, and sendfile refuses a count of 0.")
    return "a file of which no byte may be sent is an error", "The head is the whole response."


@pytest.mark.step("4.10")
class TestWriteFile:
    @pytest.mark.clause(109, 129)
    def test_no_more_is_sent_than_was_announced(self, pair, file):
        with longer_than_announced():
            sent = received(pair, file, headers=lengthy(8))
        expect_same(body_in(sent), TEXT[:8], problem="the file is not sent up to the announced length", file=ON_DISK,
                    why="The application may want the first bytes only (PEP 3333, Optional Platform-Specific File "
                        "Handling).")

    def test_an_announced_length_of_0_sends_no_byte(self, file):
        rows = {"file": ON_DISK}
        why = "A file may be longer than announced: that is no error, what is left over is not sent."
        try:
            sent = response_with(file, headers=lengthy(0)).connection.sent
        except ValueError as error:
            problem, reason = refused_for(error)
            raise Diagnosis(problem, **rows, came_out=shown_error(error), expected="nothing is raised",
                            place=deepest_place(error.__traceback__), why=f"{reason} {why}")
        expect_that(sent, "nothing is sent, not even the head", **rows, why="The body is empty, and the head is the "
                    "whole response: without it the client gets nothing, and the log says 200 all the same.")
        expect_same(body_in(sent), b"", problem="bytes of the file are sent", **rows, why=why)

    def test_a_file_shorter_than_announced_is_sent_to_its_end(self, file, capsys):
        with blaming("a file that is shorter than announced is an error", expected="nothing is raised",
                     why="All that is there is sent. What is missing, close() tells the log."):
            response = response_with(file, headers=lengthy(100))
        expect_same(capsys.readouterr().err, "", problem="write_file ends the response too",
                    why="answer_with calls close() after it: what is missing would be in the log twice.")
        expect_same(body_in(response.connection.sent), TEXT, problem="the body is not the file", file=ON_DISK,
                    why="All that is there is sent.")

    @pytest.mark.clause(109)
    def test_what_was_written_before_takes_up_room(self, file):
        response = response_to(connection=FileConnection(), headers=lengthy(8))
        response.write(b"abc")
        with longer_than_announced():
            response.write_file(ch04.FileWrapper(file))
        body = body_in(response.connection.sent)
        expect_same(body, b"abc" + TEXT[:5], problem="what was written and the file go beyond the announced length" if
                    body[8:] else "the file is not sent up to the announced length",
                    before="response.write(b'abc')", file=ON_DISK,
                    why="3 of 8 bytes have been sent: 5 are left, and self.room() tells it.")
        expect_same(response.sent, 8, of="self.sent", problem="self.sent does not go on from what was written before",
                    before="response.write(b'abc')", file=ON_DISK, why=COUNTED)

    def test_in_a_response_with_chunks_the_file_is_chunks(self, file):
        response = response_to(connection=FileConnection())
        response.write(b"abc")
        response.write_file(ch04.FileWrapper(file))
        expect_same(body_in(response.connection.sent), b"3\r\nabc\r\n28\r\n" + TEXT + b"\r\n",
                    problem="the file is not sent as a chunk", before="response.write(b'abc')", file=ON_DISK,
                    why="The head has announced chunks when write() sent it: the client looks for a size now (RFC "
                        "9112 section 7.1).")
        expect_same(response.sent, 3 + len(TEXT), of="self.sent", before="response.write(b'abc')", file=ON_DISK,
                    problem="self.sent does not go on from what was written before", why=COUNTED)

    @pytest.mark.parametrize("method, status", BODILESS)
    def test_where_no_body_may_be_no_file_is_sent(self, pair, file, method, status):
        sent = received(pair, file, request_for(method), status=status)
        expect_that(sent, "nothing is sent, not even the head",
                    why="The head is the whole response here.")
        expect_same(body_in(sent), b"", problem="the file is sent where no body may be",
                    why="Such a response ends with its head (RFC 9112 section 6.3).")
        read_answer(sent, head_only=True)

    def test_for_head_the_file_is_not_read_to_its_end(self, file):
        response = response_to(request_for("HEAD"), connection=FileConnection())
        response.write_file(ch04.FileWrapper(file, 4))
        expect_that(not file.closed, "for HEAD write_file closes the file", file=ON_DISK,
                    why="answer_with closes it with the wrapper, in every case.")
        expect_that(file.tell() <= 4, "for HEAD the whole file is read", came_back=f"{file.tell()} bytes were read",
                    expected="one block of 4 at the most",
                    why="None of it is sent, and the file may be large: `self.write_blocks` stops when the response is "
                        "complete.")
