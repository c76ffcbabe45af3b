"""Step 6.6 · Client.take_calls"""
import pytest

from tests.ch06_concurrency.arrivals import (
    CHUNKS,
    EXPECTING,
    GET,
    POST,
    arriving,
    expect_call_for,
    expect_next_call,
    expect_no_call,
    expect_rest,
)
from workshop.checking.diagnosis import expect_same, expect_that
from workshop.checking.transport import DELIVERIES

CASES = {**{way: (POST, way) for way in DELIVERIES}, "chunks, one byte at a time": (CHUNKS, "one byte at a time"),
         "chunks, whole": (CHUNKS, "whole"), "no body, one byte at a time": (GET, "one byte at a time")}


@pytest.mark.step("6.6")
class TestTakeCalls:
    def test_there_is_a_pause_while_nothing_has_come(self):
        client = arriving()
        for _ in range(3):
            expect_no_call(client)

    def test_a_request_that_is_whole_gives_a_call(self):
        client = arriving()
        call = expect_next_call(client, GET)
        expect_that(call.client is client, "call.client is another one", why="The answer goes to this client.")
        request = call.request
        expect_same((request.method, request.target, request.version, request.fields),
                    ("GET", "/a", "HTTP/1.1", [("host", "a")]), problem="call.request is not what the client has sent",
                    why="take_request(self.received) returns it.")
        expect_same(call.body.read(), b"", of="call.body.read()", problem="a request without a body has one",
                    why="self.take_call(…) returns the Call with the body in file: b'' here.")

    @pytest.mark.parametrize("data, delivery", CASES.values(), ids=list(CASES))
    def test_none_is_given_until_the_last_byte_is_there(self, data, delivery):
        client, (*blocks, last) = arriving(), DELIVERIES[delivery](data)
        for block in blocks:
            expect_no_call(client, block)
        call, body = expect_next_call(client, last), b"" if data == GET else b"hello"
        expect_call_for(data, call)
        expect_same(call.body.read(), body, of="call.body.read()",
                    problem="the Call has not the body, from its beginning",
                    why="The application reads wsgi.input: self.take_call(request, file) puts the body into file.")

    def test_a_pause_comes_only_where_more_bytes_are_needed(self):
        client = arriving()
        client.received += GET
        expect_next_call(client, why="All of it has come before next() is called for the first time: None would say "
                                     "that more bytes are needed, and no more come.")

    def test_there_is_no_end(self):
        client = arriving()
        for data in (GET, POST, CHUNKS, GET):
            expect_call_for(data, expect_next_call(client, data))
            expect_no_call(client)

    def test_requests_that_come_at_once_are_given_one_after_the_other(self):
        client = arriving()
        client.received += POST + GET + CHUNKS
        for data, rest in ((POST, GET + CHUNKS), (GET, CHUNKS), (CHUNKS, b"")):
            call = expect_next_call(client, why="It has come with the one before it: None would say that more bytes "
                                                "are needed, and no more come (RFC 9112 section 9.3.2).")
            expect_call_for(data, call)
            expect_rest(client, rest)
        expect_no_call(client)

    @pytest.mark.parametrize("rest", [b"G", b"GET /next HTTP/1.1\r\n", b"\r\n"], ids=repr)
    def test_nothing_of_the_next_request_is_taken(self, rest):
        for data in (GET, POST, CHUNKS):
            client = arriving()
            expect_next_call(client, data + rest)
            expect_rest(client, rest)

    def test_two_clients_have_nothing_in_common(self):
        one, other = arriving(), arriving()
        expect_no_call(one, POST[:-3])
        expect_no_call(other, CHUNKS[:-9])
        calls = expect_next_call(one, POST[-3:] + GET), expect_next_call(other, CHUNKS[-9:])
        expect_same([(call.client is one, call.request.target, call.body.read()) for call in calls],
                    [(True, "/form", b"hello"), (False, "/chunks", b"hello")],
                    problem="two clients whose requests come at the same time get into each other's",
                    why="What has come of a request belongs to one client, and stands in self.")
        expect_next_call(one)
        expect_that(not calls[1].body.closed, "with next() for one client, the file of another one is closed",
                    why="Each Call has a file of its own.")

    @pytest.mark.parametrize("field, framing", [(b"Content-Length: 5", 5), (b"Transfer-Encoding: chunked", "chunked")],
                             ids=["length", "chunks"])
    @pytest.mark.parametrize("rest", [b"", b"5\r\nhe"], ids=["it waits", "it has begun"])
    def test_a_body_that_is_awaited_is_left_to_the_application(self, field, framing, rest):
        client = arriving()
        call = expect_next_call(client, EXPECTING % field + rest,
                                why="The client sends its body when it is told to, and that is when the application "
                                    "reads: who waits for it here waits in vain (RFC 9110 section 10.1.1).")
        expect_same(call.awaited, framing, of="call.awaited", problem="the Call does not say that its body is awaited",
                    why="self.take_call(request, file) makes the Call, and says how the body will end.")
        expect_rest(client, rest, "The body is taken when the application reads it, and not before.")
