"""Step 7.8 · Exchange.add"""
import contextlib

import pytest

from tests.ch07_asgi.exchanges import add, add_message, begun, body_of, exchange_for, sent_by
from tests.expect import blaming, each_family, expect_let_out, expect_raised, raising
from workshop.checking.diagnosis import expect_same, expect_that, expect_unchanged, shown_bytes
from wsgi_contract.answer import read_answer

CHUNKED = [("Content-Length", []), ("Transfer-Encoding", ["chunked"])]
LAST_CHUNK = b"0\r\n\r\n"
BODY = "(ASGI, Response Body)."
SHORT = ("Content-Length", "3")
STEPS = ("head_once", "send", "write", "close")  # of the response


def added(*messages, refused=None, **parts):
    """Return an Exchange whose response has begun as parts say, and which has added messages of these parts.

    refused is the problem if something is raised.
    """
    exchange = begun(*parts.pop("headers", ()), **parts)
    for number, message in enumerate(messages, 1):
        lacks = " and without ".join(name for name in ("body", "more_body") if name not in message)
        problem = refused or f"message {number} of a response{f', without {lacks},' if lacks else ''} is refused"
        with blaming(problem, f"It is a right message {BODY} Look at what your code does on that line."):
            add(exchange, **message)
        expect_that(not message.get("more_body") or exchange.response.known_length is None,
                    "self.response.known_length is set, though more is to follow",
                    came_back=f"self.response.known_length: {exchange.response.known_length}", expected="None",
                    why="The head announces it as the length of the whole body, and the next part is beyond it: set it "
                        "only where nothing follows.")
    return exchange


def framing_of(exchange):
    """Return what the head that was sent says of the body's end."""
    head = read_answer(head_in(sent_by(exchange)), head_only=True)
    return [(name, head.values(name)) for name in ("Content-Length", "Transfer-Encoding")]


def head_in(data):
    """Return the head at the beginning of what was sent."""
    return b"".join(data.partition(b"\r\n\r\n")[:2])


def with_length(number):
    """Return what framing_of gives for a head with this Content-Length."""
    return [("Content-Length", [str(number)]), ("Transfer-Encoding", [])]


def expect_ended(exchange, expected, when):
    """Fail unless self.ended is set, or not, as expected."""
    what = "is not" if expected else "is"
    expect_that(exchange.ended.is_set() is expected, f"self.ended {what} set {when}",
                why="It is set when the response is whole, and not before: the server waits for it, and takes the next "
                    "request then.")


def note_ended(exchange, step, seen):
    """Have each call of a method of the response put into seen whether self.ended is set."""
    does = getattr(exchange.response, step)

    def watched(*arguments, **named):
        seen.append(exchange.ended.is_set())
        return does(*arguments, **named)

    setattr(exchange.response, step, watched)


@pytest.mark.step("7.8")
class TestAdd:
    @pytest.mark.parametrize("message, body", [
        ({"body": b"hello"}, b"hello"), ({"body": b"hello", "more_body": False}, b"hello"), ({"body": b""}, b""),
        ({"more_body": False}, b""), ({}, b""), ({"body": b"a\r\n" * 30_000}, b"a\r\n" * 30_000),
    ], ids=["a body", "both", "an empty body", "more_body False alone", "nothing", "90 kB"])
    def test_a_single_message_has_a_length_and_no_chunks(self, message, body):
        exchange = added(message, headers=[("X-A", "1")])
        expect_same(framing_of(exchange), with_length(len(body)), "Nothing follows, so this is the whole body: with "
                    "self.response.known_length, the head has its length, and there are no chunks.",
                    problem="the head of a response that is one message does not have its length")
        expect_same(body_of(exchange), body, f"The body is what the message has {BODY}",
                    problem="the body is not that of the message")
        expect_ended(exchange, True, "after the only message")

    def test_what_comes_in_parts_comes_in_chunks(self):
        exchange = added({"body": b"one ", "more_body": True}, {"body": b"two ", "more_body": True}, {"body": b"three"})
        expect_same(framing_of(exchange), CHUNKED, "Each part goes at once: how long the body will be, nobody knows "
                    "then.", before="two parts were added, with more_body=True",
                    problem="the head of a response in parts does not say that chunks come")
        expect_same(body_of(exchange), b"4\r\none \r\n4\r\ntwo \r\n5\r\nthree\r\n" + LAST_CHUNK,
                    "self.response.write makes a chunk of each, and close the last one (RFC 9112 section 7.1).",
                    problem="the parts are not sent as chunks, each once and in order")

    def test_each_part_goes_at_once(self):
        exchange = begun()
        for body, total in [(b"one ", b"4\r\none \r\n"), (b"two ", b"4\r\none \r\n4\r\ntwo \r\n")]:
            add(exchange, body=body, more_body=True)
            expect_same(body_of(exchange), total, "The application may wait for long before it makes the next part.",
                        problem="a part is kept back")
            expect_ended(exchange, False, "while more is to follow")

    def test_an_empty_first_body_sends_the_head_and_nothing_else(self):
        exchange = added({"body": b"", "more_body": True})
        expect_that(sent_by(exchange).endswith(b"\r\n\r\n"), "an empty first body does not send the head",
                    came_back=shown_bytes(sent_by(exchange)) or "nothing was sent",
                    why="The client is to see the head while the application is still busy. self.response.write sends "
                        "nothing for an empty block: send the head before it.")
        expect_same(body_of(exchange), b"", "A chunk of size 0 is the last one: it would end the response.",
                    problem="an empty first body sends more than the head")
        expect_same(framing_of(exchange), CHUNKED, "More will follow: how much, nobody knows.",
                    problem="the head before an empty first body does not say that chunks come")
        expect_ended(exchange, False, "while more is to follow")

    def test_a_body_may_be_missing_while_more_is_to_follow(self):
        exchange = added({"more_body": True}, {"body": b"hello", "more_body": True}, {"more_body": True}, {})
        expect_same(body_of(exchange), b"5\r\nhello\r\n" + LAST_CHUNK, f"A body that is missing is empty {BODY}",
                    problem="messages without a body send something, or take something away")

    def test_the_head_goes_once(self):
        exchange = added({"more_body": True}, {"body": b"a", "more_body": True}, {"body": b"b"})
        expect_same(sent_by(exchange).count(b"HTTP/1.1 "), 1, "head_once gives it once, and b'' ever after.",
                    problem="the head is not sent once")
        expect_same(framing_of(exchange), CHUNKED, "It has gone with the first message, and says what was known then.",
                    problem="the head before an empty first body does not say that chunks come")

    @pytest.mark.parametrize("last", [{}, {"body": b""}, {"more_body": False}],
                             ids=["nothing", "an empty body", "more_body False alone"])
    def test_an_empty_last_message_ends_the_chunks(self, last):
        exchange = added({"body": b"hello", "more_body": True}, last)
        expect_same(body_of(exchange), b"5\r\nhello\r\n" + LAST_CHUNK, "self.response.close sends the last chunk: "
                    "by it the client knows that all has come (RFC 9112 section 7.1).",
                    problem="the response does not end with the last chunk")
        expect_ended(exchange, True, "after the last message")

    @pytest.mark.parametrize("messages", [[{"body": b"hello"}], [{"body": b"hel", "more_body": True}, {"body": b"lo"}]],
                             ids=["one message", "two"])
    def test_a_head_has_no_body(self, messages):
        exchange = added(*messages, method="HEAD", headers=[("Content-Length", "5")],
                         refused="the body of an answer to HEAD is refused")
        expect_same(body_of(exchange), b"", "self.response.write drops it (RFC 9110 section 9.3.2).",
                    problem="something is sent behind the head, for HEAD")
        expect_ended(exchange, True, "after the last message, for HEAD")

    @pytest.mark.parametrize("messages", [[{"body": b"hello"}], [{"body": b"hel", "more_body": True}, {"body": b"lo"}]],
                             ids=["one message", "two"])
    def test_what_is_announced_counts(self, messages):
        exchange = added(*messages, headers=[("Content-Length", "5")])
        expect_same((framing_of(exchange), body_of(exchange)), (with_length(5), b"hello"), "The application has said "
                    "how long its body is: that is in the head, once, and there are no chunks.",
                    problem="a body whose length was announced is not sent as it is")
        expect_ended(exchange, True, "after the last message")

    @pytest.mark.parametrize("messages", [[{"body": b"hello"}], [{"body": b"hel", "more_body": True}, {"body": b"lo"}]],
                             ids=["one message", "two"])
    def test_more_than_was_announced_is_refused(self, messages):
        exchange = begun(SHORT)
        *before, last = messages
        for message in before:
            add(exchange, **message)
        expect_raised(ValueError, lambda: add(exchange, **last), "a body that is too long is no error",
                      "self.response.write raises ValueError: let it out, so that somebody learns of it.")
        expect_same(body_of(exchange), b"hel", "A client takes what is beyond for the next response.",
                    problem="the body is not cut where its length ends")
        expect_ended(exchange, False, "after an error")

    def test_less_than_was_announced_is_told_and_ends(self, capsys):
        exchange = added({"body": b"h", "more_body": True}, {"body": b"e"}, headers=[SHORT],
                         refused="a body that is too short is refused")
        expect_same(body_of(exchange), b"he", "There is no more of it.", problem="the body is not what there is of it")
        expect_that("2" in (printed := capsys.readouterr().err) and "3" in printed, "nobody is told that the body is "
                    "too short", came_back=printed or "nothing on stderr", why="self.response.close says it on stderr.")
        expect_ended(exchange, True, "after the last message, where the body is too short")

    def test_a_client_of_http_1_0_gets_no_chunks(self):
        exchange = added({"body": b"one ", "more_body": True}, {"body": b"two"}, version="HTTP/1.0")
        expect_same(body_of(exchange), b"one two", "It knows no chunks: the end of the connection is that of the body.",
                    problem="the body for HTTP/1.0 is not the bytes alone")

    def test_nothing_has_ended_before_all_is_done(self):
        for step in STEPS:
            exchange, seen = begun(), []
            note_ended(exchange, step, seen)
            add(exchange, body=b"hello")
            expect_that(seen and not any(seen), f"self.ended is set before self.response.{step} is called" if seen else
                        f"self.response.{step} is not called", why="Whoever waits for it goes on then, and the next "
                        "answer must not mix with this one.")

    @each_family(ours="ch07_asgi", more=(AssertionError,))
    def test_what_the_response_raises_is_let_out(self, kind):
        for step in STEPS:
            exchange, error = begun(), kind("what the response raises")
            setattr(exchange.response, step, raising(error))
            expect_let_out(error, lambda it=exchange: add(it, body=b"hello"), f"{kind.__name__} of "
                           f"self.response.{step} is not let out", "The application is to learn that its answer does "
                           "not reach the client as it is.")
            expect_ended(exchange, False, f"where self.response.{step} raises {kind.__name__}")

    @pytest.mark.parametrize("message", [{"body": b"hello"}, {"more_body": True}], ids=["a body", "more_body alone"])
    def test_a_body_before_the_start_is_refused(self, message):
        exchange = exchange_for()
        expect_raised(AssertionError, lambda: add(exchange, **message), "a body before its start is no error",
                      "head_once raises AssertionError where nothing has begun: let it out.")
        expect_same(sent_by(exchange), b"", of="sent to the client", problem="something is sent before the start",
                    why="There is no status to send.")
        expect_ended(exchange, False, "after an error")

    def test_a_body_that_is_no_bytes_is_refused(self):
        exchange = begun()
        expect_raised(TypeError, lambda: add(exchange, body="hello"), "a body that is a str is no error",
                      "self.response.write raises TypeError: which encoding it is to have, only the application knows.")
        expect_ended(exchange, False, "after an error")

    def test_the_event_stays_the_same_one(self):
        exchange = begun()
        ended = exchange.ended
        add(exchange, body=b"hello")
        expect_that(exchange.ended is ended and ended.is_set(), "self.ended is another object than before",
                    why="The server already waits for the first one: set it, and make no new one.")

    @pytest.mark.parametrize("parts", [{"body": b"a", "more_body": True}, {"body": b"a"}, {"more_body": True}, {}],
                             ids=["both", "a body alone", "more_body alone", "neither"])
    def test_the_message_stays_as_it_is(self, parts):
        message = {"type": "http.response.body"} | parts
        before, exchange = dict(message), begun()
        add_message(exchange, message)
        expect_unchanged("message", message, before, "It is the application's, which may send the same one again.",
                         problem="the message is changed")

    def test_each_exchange_has_its_own_response(self):
        one, other = begun(), begun()
        add(one, body=b"a", more_body=True)
        add(other, body=b"bb", more_body=True)
        add(one, body=b"c")
        expect_same([body_of(one), body_of(other)], [b"1\r\na\r\n1\r\nc\r\n" + LAST_CHUNK, b"2\r\nbb\r\n"],
                    "Many run at once: what is kept belongs to self.",
                    problem="one exchange has sent what was meant for another")
        expect_ended(other, False, "by the end of another response")

    def test_a_client_that_has_left_ends_nothing(self):
        exchange = begun()
        exchange.streams.writer.write = raising(ConnectionResetError("the client has left"))
        with contextlib.suppress(OSError):
            add(exchange, body=b"hello")
        expect_ended(exchange, False, "though nothing could be sent")
