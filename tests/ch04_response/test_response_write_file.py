"""Step 4.9 · Response.write_file"""
import gzip
import io

import pytest

from contract.answer import read_answer
from tests.ch04_response.common import (
    BODILESS,
    TEXT,
    FileConnection,
    Patience,
    body_in,
    ch04,
    expect_refused,
    head_in,
    lengthy,
    request_for,
    response_to,
)
from workshop.checking.diagnosis import Diagnosis, expect_same, expect_that, shown_bytes
from workshop.checking.exchange import receive_all
from workshop.checking.tree import deepest_place


class MemoryFile(Patience, io.BytesIO):
    """A file in memory."""


class PackedFile(Patience, gzip.GzipFile):
    """A gzip file."""


@pytest.mark.step("4.9")
class TestWriteFile:
    def received(self, pair, file, request=None, **parts):
        """Return all bytes that a client receives through real sockets when file is written."""
        server, client = pair
        response = response_to(request, connection=server, **parts)
        response.write_file(ch04.FileWrapper(file))
        server.close()
        return receive_all(client)

    def response_with(self, file, request=None, connection=None, **parts):
        """Return the Response to which file was written."""
        response = response_to(request, connection=connection or FileConnection(), **parts)
        response.write_file(ch04.FileWrapper(file))
        return response

    @pytest.mark.clause(130)
    def test_a_file_is_sent_with_its_length(self, pair, file):
        received = self.received(pair, file)
        head = read_answer(head_in(received), head_only=True)
        expect_same(head.values("Content-Length"), [str(len(TEXT))], fields=head.fields,
                    problem="the head does not tell the length of the file",
                    why="A file on disk has a length: browsers show how much is left of a download.")
        expect_same(body_in(received), TEXT, problem="the body is not the file",
                    why="The bytes of the file are sent as they are.")

    @pytest.mark.clause(129)
    def test_a_file_is_sent_from_where_it_stands(self, pair, file):
        file.read(9)
        expect_same(body_in(self.received(pair, file)), TEXT[9:], problem="the file is not sent from where it stands",
                    before="file.read(9)",
                    why="What the application has read is not part of the response (PEP 3333, Optional "
                        "Platform-Specific File Handling).")

    def test_the_system_does_the_copying(self, file):
        connection = self.response_with(file).connection
        expect_that(connection.copied, "the file does not go through the connection's sendfile",
                    sent=shown_bytes(connection.sent),
                    why="os.sendfile copies from the disk to the network without Python seeing a byte.")
        expect_same(body_in(connection.sent), TEXT, problem="the body is not the file", copied=connection.copied,
                    why="Each byte is sent once.")

    def test_sent_counts_the_bytes_of_the_file(self, file):
        expect_same(self.response_with(file).sent, len(TEXT),
                    problem="self.sent is not the number of bytes of the file",
                    why="The access log tells it, and close compares it with Content-Length.")

    @pytest.mark.clause(109, 129)
    def test_no_more_is_sent_than_was_announced(self, pair, file):
        received = self.received(pair, file, headers=lengthy(8))
        expect_same(body_in(received), TEXT[:8], problem="the file is not sent up to the announced length",
                    announced="Content-Length: 8",
                    why="The application may want the first bytes only (PEP 3333, Optional Platform-Specific File "
                        "Handling).")

    def test_an_announced_length_of_0_sends_no_byte(self, file):
        rows = {"announced": "Content-Length: 0", "file": f"{len(TEXT)} bytes"}
        why = ("A file may be longer than announced: that is no error, what is left over is not sent. sendfile refuses "
               "a count of 0, so there is nothing to call then.")
        try:
            sent = self.response_with(file, headers=lengthy(0)).connection.sent
        except ValueError as error:
            raise Diagnosis(f"a file of which no byte may be sent is an error: {error}", **rows, why=why,
                            place=deepest_place(error.__traceback__))
        expect_same(body_in(sent), b"", problem="bytes of the file are sent", **rows, why=why)

    def test_a_file_shorter_than_announced_is_sent_to_its_end(self, file):
        response = self.response_with(file, headers=lengthy(100))
        expect_same(body_in(response.connection.sent), TEXT, problem="the body is not the file",
                    why="What is there, is sent.")
        expect_same(response.header("content-length"), "100", problem="the announced length is changed",
                    why="What the application announces comes first; close says what is missing.")

    @pytest.mark.clause(109)
    def test_what_was_written_before_takes_up_room(self, file):
        response = response_to(connection=FileConnection(), headers=lengthy(8))
        response.write(b"abc")
        response.write_file(ch04.FileWrapper(file))
        expect_same(body_in(response.connection.sent), b"abc" + TEXT[:5],
                    problem="body and file together go beyond the length",
                    why="`self.room()` tells what is left after write().")

    def test_in_a_response_with_chunks_the_file_is_chunks(self, file):
        response = response_to(connection=FileConnection())
        response.write(b"abc")
        response.write_file(ch04.FileWrapper(file))
        expect_same(body_in(response.connection.sent), b"3\r\nabc\r\n28\r\n" + TEXT + b"\r\n",
                    problem="the file is not sent as a chunk",
                    why="The head has announced chunks when write() sent it: the client looks for a size now (RFC "
                        "9112 section 7.1).")

    @pytest.mark.parametrize("method, status", BODILESS)
    def test_where_no_body_may_be_no_file_is_sent(self, pair, file, method, status):
        received = self.received(pair, file, request_for(method), status=status)
        expect_same(body_in(received), b"", problem="the file is sent where no body may be", request=method,
                    status=status, why="Such a response ends with its head (RFC 9112 section 6.3).")
        read_answer(received, head_only=True)

    def test_what_is_no_file_on_disk_is_sent_block_by_block(self, pair):
        memory = MemoryFile(TEXT)
        memory.read(9)
        received = self.received(pair, memory, request_for(version="HTTP/1.0"))
        expect_same(read_answer(received).body, TEXT[9:], problem="the body is not what the object's read gives",
                    why="Anything with a read method is a file to an application (PEP 3333, Optional "
                        "Platform-Specific File Handling).")

    @pytest.mark.clause(124, 128)
    def test_a_gzip_file_is_sent_as_it_reads(self, tmp_path):
        (tmp_path / "page.gz").write_bytes(gzip.compress(TEXT))
        with PackedFile(tmp_path / "page.gz", "rb") as unpacked:
            connection = self.response_with(unpacked, request_for(version="HTTP/1.0")).connection
        expect_that(not connection.copied, "a gzip file goes through sendfile, and is sent packed",
                    why="The file behind its number holds other bytes than its read gives: `wrapper.remaining()` is "
                        "None for it.")
        expect_same(read_answer(connection.sent).body, TEXT, problem="the body is not what the object's read gives",
                    why="Anything with a read method is a file to an application (PEP 3333, Optional "
                        "Platform-Specific File Handling).")

    @pytest.mark.clause(92)
    def test_an_empty_file_sends_nothing_yet(self, file):
        file.read()
        expect_same(self.response_with(file).connection.sent, b"", problem="something is sent for a file without bytes",
                    why="It is like any empty body: close sends its head.")

    def test_the_file_stays_open(self, file):
        self.response_with(file)
        expect_that(not file.closed, "write_file closes the file",
                    why="handle_request closes it with the wrapper, on every path.")

    def test_a_client_that_has_left_is_told_as_client_gone(self, file):
        connection = FileConnection(leaves=True)
        expect_refused(ch04.ClientGone, lambda: self.response_with(file, connection=connection),
                       problem="that the client has left is not told",
                       why="handle_request has to tell a client that left from an error of the application.")
