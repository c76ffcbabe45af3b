"""Step 1.3 · handle"""
import contextlib
import errno

import pytest

from tests.ch01_socket.common import ADDRESS, REQUEST, TOO_LARGE, ch01
from tests.expect import expect_silence
from workshop.checking.diagnosis import Diagnosis, expect_same, expect_that, shown_bytes
from workshop.checking.transport import Connection
from workshop.checking.tree import deepest_place, load
from wsgi_contract.answer import BLANK_LINE, read_answer

TRY = "python chapters/ch01_socket.py, then: curl -i http://127.0.0.1:8000"
LEFT = "Clients leave all the time, and that is no error of yours: return as if all were well, and print nothing."
PLENTY = 1_000_000  # bytes that `send` takes, where its taking few is not the subject


def handled(client, why="Clients leave all the time, on purpose or not; there is nobody left to tell."):
    """Have the learner's handle answer client and return the client. Raises Diagnosis if ConnectionError gets out."""
    try:
        ch01.handle(client, ADDRESS)
    except ConnectionError as error:
        raise Diagnosis(f"handle raises {type(error).__name__}: the client has left, and that is no error of yours",
                        place=deepest_place(error.__traceback__), why=why)
    return client


def printed_anyway(blocks, capsys):
    """Return what is printed where these blocks are read, and where handle answers a client that stays."""
    with contextlib.suppress(ConnectionError):
        ch01.read_head(Connection(list(blocks)))
    with contextlib.suppress(Exception):  # that it fails is reported by the checks of it
        ch01.handle(Connection(REQUEST, takes=PLENTY), ADDRESS)
    return capsys.readouterr()


@pytest.mark.step("1.3")
class TestHandle:
    def test_a_client_is_answered(self):
        client = handled(Connection(REQUEST, takes=PLENTY))
        expect_that(client.sent, "nothing is sent to the client", try_it=TRY,
                    why="A response that is built or returned, but not sent, reaches nobody.")
        expect_that(client.sent.startswith(b"HTTP/"), "what is sent does not begin with a status line", try_it=TRY,
                    came_back=shown_bytes(client.sent), why="A client looks for version and status first, then for "
                    "fields; build_response makes them all (RFC 9112 section 4).")
        answer = read_answer(client.sent)
        expect_that(answer.status == 200, f"the status is {answer.status}, not 200", "The request is a good one.")

    def test_the_answer_holds_the_page(self):
        answer = read_answer(handled(Connection(REQUEST, takes=PLENTY)).sent)
        expect_same(answer.body, ch01.PAGE.encode(), problem="the body is not PAGE", try_it=TRY,
                    why="build_response(PAGE) makes the response.")

    def test_a_head_with_nothing_in_it_is_a_head(self):
        answer = handled(Connection(BLANK_LINE, takes=PLENTY)).sent.partition(b"\r\n")[0]
        expect_same(answer, b"HTTP/1.1 200 OK", problem="an empty head is not answered with the page",
                    why="read_head returns b'' for a client that sends a blank line first, and raises ClientGone for "
                        "one that has left: a head is not asked whether it is empty. What is in a head decides from "
                        "chapter 2 on.")

    def test_all_of_the_answer_is_sent_where_send_takes_a_few_bytes(self):
        client = handled(Connection(REQUEST, takes=3))
        sent, sends = client.sent, [event[0] for event in client.events].count("send")
        expect_that(len(sent) >= len(ch01.PAGE), "only the first bytes of what is given to send are sent",
                    came_back=f"{sends} times send, which took {sent!r}", expected="sendall, or a loop around send",
                    why="send takes what fits into the system's buffer and returns how much that was: long pages are "
                        "cut, and short ones work by luck.")
        expect_that(sent[:3] != sent[3:6], "the same bytes are sent again and again", came_back=shown_bytes(sent),
                    why="send returns how many bytes it took: what it is given next begins after them.")
        answer = read_answer(sent)
        expect_same(answer.body, ch01.PAGE.encode(), problem="the body is not PAGE", why="All bytes are sent, once.")

    def test_the_head_is_read_before_it_is_answered(self):
        client = handled(Connection(REQUEST, delivery="one byte at a time", takes=PLENTY))
        kinds = [event[0] for event in client.events]
        expect_that("send" in kinds, "nothing is sent to the client", "A client waits for its answer.")
        received = kinds.index("send")
        expect_that(received >= len(REQUEST), "the answer is sent before the head has been read",
                    came_back=f"{received} of {len(REQUEST)} bytes were received before the first was sent",
                    why="read_head comes first: what to answer depends on it, from chapter 2 on.")
        expect_that(received == len(REQUEST), "more than the head is asked for before the answer is sent",
                    why="A browser sends its head and waits for you; one recv too many waits for the browser.")

    def test_the_connection_is_closed(self):
        client = handled(Connection(REQUEST))
        expect_that(client.closed, "the connection is still open", try_it=TRY,
                    why="The client waits, and an open connection is a file descriptor that is never given back "
                        "(RFC 9112 section 9.6).")

    def test_the_client_can_finish_before_the_connection_is_closed(self):
        self.expect_all_read(handled(Connection([REQUEST, b"a body ", b"that nobody reads"])))

    def expect_all_read(self, client):
        """Fail unless all that the client has sent was received before its connection was closed."""
        unread, answer = b"".join(client.blocks), client.sent.partition(b"\r\n")[0]
        expect_that(not unread, "the connection is closed while bytes of the client lie unread",
                    answered=answer.decode("latin-1"), unread=shown_bytes(unread, 40),
                    expected="hang_up(connection), whatever was answered",
                    why="Then the system sends a reset, which can overtake the response; hang_up closes without that "
                        "(RFC 9112 section 9.6).")

    @pytest.mark.parametrize("blocks", [
        pytest.param([], id="without a byte"),
        pytest.param([b"GET / HT"], id="in the first line"),
        pytest.param([b"GET / HT", ConnectionResetError(errno.ECONNRESET, "reset")], id="with a reset"),
        pytest.param([ConnectionAbortedError(errno.ECONNABORTED, "aborted")], id="with an abort"),
    ])
    def test_a_client_that_has_left_is_no_error_and_gets_no_answer(self, blocks, capsys):
        usual = printed_anyway(blocks, capsys)
        client = handled(Connection(blocks))
        expect_silence(capsys.readouterr(), usual, "for a client that has left", LEFT)
        expect_same(client.sent, b"", of="sent to the client", problem="something is sent to a client that has left",
                    why="Its request never became whole (RFC 9112 section 8).")
        expect_that(client.closed, "the connection of a client that has left is still open",
                    why="Your side of it stays open until you close it: after enough of them, accept fails.")

    def test_a_head_that_is_too_large_is_answered_with_431(self):
        client = Connection(TOO_LARGE, takes=PLENTY)
        try:
            line = handled(client).sent.partition(b"\r\n")[0]
            expect_that(line != b"HTTP/1.1 431", "the status has no reason phrase", came_back=repr(line),
                        expected=repr(b"HTTP/1.1 431 Request Header Fields Too Large"),
                        why="build_response takes the whole status as a str, as it stands in the status line.")
            answer = read_answer(client.sent)
        except ch01.HeadTooLarge:
            raise Diagnosis("handle raises HeadTooLarge: the client is told nothing",
                            why="It can't know what it did wrong unless you say so (RFC 6585 section 5).")
        expect_same(answer.status, 431, problem="the status is another one than 431",
                    why="It tells what was wrong (RFC 6585 section 5).")
        expect_same(answer.reason, "Request Header Fields Too Large", problem="431 has another reason phrase",
                    why="The status is `431 Request Header Fields Too Large`, code and words (RFC 6585 section 5).")
        expect_that(answer.body.strip(), "the body of the 431 has no text", came_back=repr(answer.body),
                    expected="a sentence, such as b'the head is too large'",
                    why="A person reads the body, a program the status. (str() of an exception is the text it "
                        "was raised with.)")
        expect_that(answer.body != ch01.PAGE.encode(), "the body of the 431 is PAGE", came_back=repr(answer.body),
                    expected="a sentence, such as b'the head is too large'",
                    why="A person reads the body: it says that the head is too large.")
        expect_that(client.closed, "the connection is still open after a 431", why="What follows on it is no request.")

    def test_all_of_the_431_is_sent_where_send_takes_a_few_bytes(self):
        client = handled(Connection(TOO_LARGE, takes=3))
        sent, sends = client.sent, [event[0] for event in client.events].count("send")
        expect_that(BLANK_LINE in sent, "only the first bytes of the 431 are sent",
                    came_back=f"{sends} times send, which took {sent!r}", expected="sendall, as for the page",
                    why="send takes what fits into the system's buffer, on this path too. Give what is sent to one "
                        "sendall, behind the two ways in which it is made.")
        expect_same(read_answer(sent).status, 431, problem="the 431 is not sent whole", why="All bytes are sent, once.")

    def test_a_client_whose_head_is_too_large_can_finish_too(self):
        self.expect_all_read(handled(Connection([TOO_LARGE, b"a body ", b"that nobody reads"])))

    def test_a_long_head_that_is_not_too_large_is_answered_with_the_page(self):
        head = b"GET / HTTP/1.1\r\nX: ".ljust(ch01.MAX_HEAD, b"a")
        answer = read_answer(handled(Connection(head + BLANK_LINE, takes=PLENTY)).sent)
        expect_same(answer.status, 200, problem="a head of MAX_HEAD bytes is refused",
                    why="read_head has a limit of its own, MAX_HEAD: call it with the connection alone, and set "
                        "no other limit.")

    @pytest.mark.parametrize(("data", "why"), [
        pytest.param(REQUEST, "A client may leave while it is read from, and while it is sent to: sendall raises "
                     "ConnectionError then, too.", id="the page"),
        pytest.param(TOO_LARGE, "A client may leave while the 431 is sent, too: what sends it stands in a `try` as "
                     "well (an `except` does not catch what is raised in another `except` of the same "
                     "`try`).", id="status 431"),
    ])
    def test_a_client_that_leaves_while_it_is_answered_is_no_error(self, data, why, capsys):
        handled(Connection(data, takes=PLENTY))
        usual = capsys.readouterr()
        client = handled(Connection(data, breaks=10), why)
        expect_silence(capsys.readouterr(), usual, "for a client that has left", LEFT)
        expect_that(client.closed, "the connection of a client that has left is still open",
                    why="Your side of it stays open until you close it: after enough of them, accept fails.")

    @pytest.mark.parametrize("data", [REQUEST, TOO_LARGE], ids=["the page", "status 431"])
    @pytest.mark.parametrize("kind", [ConnectionResetError, ConnectionAbortedError])
    def test_sending_fails_in_several_ways_when_a_client_has_left(self, kind, data):
        client = handled(Connection(data, fails=kind("raised by sendall")), "BrokenPipeError is one ConnectionError "
                         "that sendall raises for a client that has left; catch them all, by their common name.")
        expect_that(client.closed, "the connection of a client that has left is still open",
                    why="Your side of it stays open until you close it: after enough of them, accept fails.")

    def test_each_client_gets_a_response_of_its_own(self, monkeypatch):
        handled(Connection(REQUEST))
        monkeypatch.setattr(load("ch01_socket"), "PAGE", "<p>another page</p>")
        answer = read_answer(handled(Connection(REQUEST)).sent)
        expect_same(answer.body, b"<p>another page</p>", problem="the response is not made anew for each client",
                    called="handle, for one client; then PAGE is another one, and handle is called again",
                    why="A response has a Date, the moment in which it was made: build it when a client asks "
                        "(RFC 9110 section 6.6.1).")
