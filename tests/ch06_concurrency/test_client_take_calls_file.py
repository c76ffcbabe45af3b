"""Step 6.6 · Client.take_calls: the file with the body, and what is raised"""
import pytest

from tests.ch06_concurrency.arrivals import (
    CHUNKS,
    GET,
    LET_OUT,
    POST,
    arriving,
    ch06,
    each_body,
    ending,
    expect_bad_request,
    expect_file_closed,
    expect_next_call,
    expect_no_call,
    resume,
)
from tests.expect import each_family, expect_let_out, kind_of
from workshop.checking.diagnosis import expect_same, expect_that

BAD = {
    "no Host": (400, b"GET / HTTP/1.1\r\n\r\n"),
    "HTTP/2.0": (505, b"GET / HTTP/2.0\r\nHost: a\r\n\r\n"),
    "a head that is too long": (431, b"GET / HTTP/1.1\r\nA: " + b"a" * 70_000),
    "a length that is none": (400, POST.replace(b"5\r", b"x\r")),
    "a body that is too long": (413, POST.replace(b"5\r", b"5000000000\r")),
}  # what is bad of a request -> the status, and the request


@pytest.mark.step("6.6")
class TestTakeCalls:
    @each_body
    def test_a_large_body_is_kept_on_disk(self, files, data):
        client = arriving()
        call = expect_next_call(client, data)
        expect_that(files, "the body is not in a tempfile.SpooledTemporaryFile", came_back=kind_of(call.body),
                    expected="a SpooledTemporaryFile(MAX_BODY), made for this request",
                    why="It is in memory as long as it is small, and on disk then.")
        expect_that(call.body is files[-1], "the body is not in the file that was made for the request",
                    why="self.take_call(request, file) puts the body into file, and file into the Call.")
        expect_same(files[-1].size, ch06.MAX_BODY, of="the size up to which the file stays in memory",
                    problem="the file goes to disk above another size",
                    why="SpooledTemporaryFile(MAX_BODY) goes to disk above MAX_BODY bytes. Without a size it never "
                        "does, and a few uploads fill the memory.")

    def test_each_request_has_a_new_file(self):
        client = arriving()
        bodies = [expect_next_call(client, data).body for data in (POST, CHUNKS, GET)]
        expect_that(len({id(body) for body in bodies}) == 3, "two requests have the same file",
                    why="What one request has left in it is not for the next one, which may be another user's.")

    @pytest.mark.parametrize("following", [b"", GET, GET[:5]], ids=["nothing", "a whole request", "a part of one"])
    def test_the_file_is_open_until_next_is_called_again(self, following):
        client = arriving()
        call = expect_next_call(client, POST + following)
        resume(client)
        expect_file_closed(call.body, "after next() was called again")

    def test_the_file_is_closed_when_the_next_request_is_bad(self):
        client = arriving()
        call = expect_next_call(client, POST)
        expect_bad_request(client, 400, BAD["no Host"][1])
        expect_file_closed(call.body, "after next() was called again, and has raised BadRequest")

    def test_the_file_of_a_call_is_closed_with_the_generator(self, files):
        client = arriving()
        expect_next_call(client, POST)
        with ending("while its request is answered"):
            client.calls.close()
        for file in files:
            expect_file_closed(file, "after client.calls.close(), while the request was answered")

    @each_body
    def test_the_file_of_half_a_body_is_closed_with_the_generator(self, files, data):
        client = arriving()
        expect_no_call(client, data[:-2])
        with ending("within a body"):
            client.calls.close()
        for file in files:
            expect_file_closed(file, "after client.calls.close(), within the body")

    @pytest.mark.parametrize("block", [b"", b"GET /"], ids=["nothing has come", "a part of a head"])
    def test_the_generator_can_be_closed_before_there_is_a_body(self, block):
        client = arriving()
        expect_no_call(client, block)
        with ending("before there is a body"):
            client.calls.close()

    @pytest.mark.parametrize("status, data", BAD.values(), ids=list(BAD))
    def test_a_bad_request_is_let_out(self, status, data):
        client = arriving()
        expect_next_call(client, GET)
        expect_bad_request(client, status, data)

    def test_a_bad_chunk_is_let_out_and_the_file_closed(self, files):
        client = arriving()
        expect_no_call(client, CHUNKS.removesuffix(b"\r\n0\r\n\r\n"))
        expect_bad_request(client, 400, b"XX0\r\n")
        for file in files:
            expect_file_closed(file, "after a chunk was refused")

    @each_family(ConnectionResetError, TimeoutError, OSError)  # of these take_call makes BadRequest
    def test_what_the_file_raises_is_let_out_and_the_file_closed(self, files, kind):
        client, error = arriving(), kind("the disk is full")
        expect_next_call(client, GET)
        files.write_fails, swallowed = error, f"the {kind.__name__} of the file's write is swallowed"
        expect_let_out(error, lambda: resume(client, POST, swallowed=swallowed), swallowed, LET_OUT,
                       file=f"its write raises {error!r}")
        for file in files:
            expect_file_closed(file, f"after its write has raised {kind.__name__}")

    def test_the_refusal_for_a_full_disk_is_let_out_and_the_file_closed(self, files):
        client = arriving()
        expect_next_call(client, GET)
        files.write_fails = OSError(28, "No space left on device")
        expect_bad_request(client, 500, POST)
        for file in files:
            expect_file_closed(file, "after its write has failed")
