"""Step 4.10 · Response.write_file"""
import pytest

from tests.ch04_response.common import body_in, ch04, fresh_response, request_for, response_to
from tests.ch04_response.files import ON_DISK, TEXT, FileConnection, MemoryFile, received, response_with
from tests.expect import expect_raised
from workshop.checking.diagnosis import expect_same, expect_that, shown_bytes
from wsgi_contract.answer import read_answer


@pytest.mark.step("4.10")
class TestWriteFile:
    @pytest.mark.clause(129)
    def test_a_file_is_sent_from_where_it_stands(self, pair, file):
        file.read(9)
        expect_same(body_in(received(pair, file)), TEXT[9:], problem="the file is not sent from where it stands",
                    file=ON_DISK, before="file.read(9)",
                    why="What the application has read is not part of the response (PEP 3333, Optional "
                        "Platform-Specific File Handling).")

    def test_the_system_does_the_copying(self, file):
        connection = response_with(file).connection
        expect_that(connection.copied, "the file does not go through the connection's sendfile", file=ON_DISK,
                    sent=shown_bytes(connection.sent),
                    why="os.sendfile copies from the disk to the network without Python seeing a byte.")
        expect_same(body_in(connection.sent), TEXT, problem="the body is not the file", copied=connection.copied,
                    why="Each byte is sent once.")

    def test_sent_counts_the_bytes_of_the_file(self, file):
        expect_same(response_with(file).sent, len(TEXT),
                    problem="self.sent is not the number of bytes of the file", file=ON_DISK,
                    why="`self.send_file` counts them, once. The access log tells self.sent, and close compares it "
                        "with Content-Length.")

    def test_what_is_no_file_on_disk_is_sent_block_by_block(self, pair):
        memory = MemoryFile(TEXT)
        memory.read(9)
        sent = received(pair, memory, request_for(version="HTTP/1.0"))
        expect_that(sent, "nothing is sent of a file that is not on disk", file="40 bytes, in memory",
                    why="begin_file returns None for it: `self.write_blocks(wrapper)` sends it.")
        expect_same(read_answer(sent).body, TEXT[9:], problem="the body is not what the object's read gives",
                    file="40 bytes, in memory", before="file.read(9)",
                    why="Anything with a read method is a file to an application (PEP 3333, Optional "
                        "Platform-Specific File Handling).")

    def test_a_file_in_memory_goes_out_block_by_block(self):
        response = response_to(connection=FileConnection())
        response.write_file(ch04.FileWrapper(MemoryFile(b"hello, world"), 5))
        body = body_in(response.connection.sent)
        expect_that(not body.endswith(b"0\r\n\r\n"), "write_file ends the response too", sent=shown_bytes(body),
                    why="answer_with calls close() after it, which sends the last chunk.")
        expect_same(body, b"5\r\nhello\r\n5\r\n, wor\r\n2\r\nld\r\n",
                    problem="the wrapper is not written block by block", file="12 bytes, in memory; block_size is 5",
                    why="A file may be larger than memory: `self.write_blocks(wrapper)` reads it in blocks.")

    def test_the_file_stays_open(self, file):
        response_with(file)
        expect_that(not file.closed, "write_file closes the file",
                    why="answer_with closes it with the wrapper, in every case.")

    def test_a_client_that_has_left_raises_client_gone(self, file):
        response = response_to(connection=FileConnection(leaves=True))
        expect_raised(ch04.ClientGone, lambda: response.write_file(ch04.FileWrapper(file)),
                      problem="it goes unnoticed that the client has left",
                      why="answer_with has to tell a client that left from an error of the application.")

    def test_without_start_response_an_assertion_error_is_let_out(self, file):
        response = fresh_response()
        expect_raised(AssertionError, lambda: response.write_file(ch04.FileWrapper(file)),
                      problem="AssertionError is swallowed",
                      why="begin_file lets out that there is no status to send, and so does write_file.")
