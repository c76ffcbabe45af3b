"""Chapter 1 · What does a web server actually send?"""
import contextlib
import errno
import gc
import os
import re
import signal
import socket
import time
import warnings
from datetime import datetime
from email.utils import formatdate, parsedate_to_datetime

import pytest

from tests.harness.answer import BLANK_LINE, read_answer, read_field
from tests.harness.client import SECONDS, exchange
from tests.harness.diagnosis import Diagnosis, expect_same, expect_that, shown_bytes
from tests.harness.endless import report_trouble
from tests.harness.outcomes import NotStarted
from tests.harness.program import chapter_program
from tests.harness.transport import DELIVERIES, Connection, Listener
from tests.harness.tree import Chapter, deepest_place

TRY = "python chapters/ch01_socket.py, then: curl -i http://127.0.0.1:8000"
ch01 = Chapter("ch01_socket")


def kind(value):
    """Return how one says what type a value has: `None`, `bytes`, `a str`."""
    name = type(value).__name__
    return "None" if value is None else name if name == "bytes" else f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def expect_error(wanted, call, problem, why, **rows):
    """Fail with problem unless call() raises wanted, a class of exceptions; tell it if another one is raised."""
    try:
        came_back = call()
    except wanted:
        return
    except (NotImplementedError, Diagnosis):
        raise
    except Exception as error:
        raise Diagnosis(f"{type(error).__name__} is raised, not {wanted.__name__}", **rows,
                        **{"came back": repr(error), "expected": wanted.__name__}, why=why)
    raise Diagnosis(problem, **rows, **{"came back": repr(came_back), "expected": wanted.__name__}, why=why)


# What build_response returns, read line by line: each check names what is wrong with one of them.


def build(body="hello", **arguments):
    """Return the learner's response. Raises Diagnosis if it is not bytes."""
    response = ch01.build_response(body, **arguments)
    expect_that(isinstance(response, bytes), f"build_response returns {kind(response)}, not bytes",
                came_back=repr(response), why="A socket sends bytes and nothing else: a str has to be encoded, and a "
                "function without `return` returns None.")
    return response


def lines_of(response):
    """Return the lines (bytes) of the head of a response."""
    return response.partition(BLANK_LINE)[0].split(b"\r\n")


def fields_of(response):
    """Return the header fields of a response: a list of (name in lower case, value)."""
    return [(name.lower(), value) for name, value in map(read_field, lines_of(response)[1:])]


def field_of(response, name, why):
    """Return the value of the field with this name, of which there must be one."""
    values = [value for key, value in fields_of(response) if key == name.lower()]
    expect_that(values, f"there is no {name} field", why, came_back=shown_bytes(response, 400))
    expect_that(len(values) == 1, f"there are {len(values)} {name} fields", why, came_back=values)
    return values[0]


DAY, MONTH = "(Mon|Tue|Wed|Thu|Fri|Sat|Sun)", "(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
IMF_FIXDATE = re.compile(rf"{DAY}, \d\d {MONTH} \d{{4}} \d\d:\d\d:\d\d GMT")


def date_of(response):
    """Return the value of Date, which must have the form that servers write."""
    why = "There is one form in which servers write dates, and it ends in GMT (RFC 9110 section 5.6.7)."
    date = field_of(response, "Date", why)
    problem = "the Date has another form" if date.endswith(" GMT") else "the Date does not end in GMT"
    expect_that(IMF_FIXDATE.fullmatch(date), problem, why, came_back=repr(date),
                expected="such as 'Fri, 20 Nov 2026 10:09:08 GMT'")
    return date


def expect_now(date):
    """Fail unless a date tells the time of now, give or take five seconds."""
    ahead = parsedate_to_datetime(date).timestamp() - time.time()
    zone = datetime.now().astimezone().utcoffset().total_seconds()
    problem = "the Date is local time, and says GMT" if zone and abs(ahead - zone) < 5 else "the Date is not now"
    expect_that(abs(ahead) < 5, problem, came_back=date, expected=formatdate(usegmt=True),
                why="Caches work out from Date how old a page is: with a wrong one they keep it for too long, or not "
                    "at all (RFC 9110 section 6.6.1).")


@pytest.fixture
def eight_hours_ahead(monkeypatch):
    """Local time in a zone eight hours ahead of GMT, on systems where that can be set."""
    if not hasattr(time, "tzset"):
        yield
        return
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "AHEAD-8")
        time.tzset()
        yield
    time.tzset()


BODIES = {"ascii letters": "hello", "nothing": "", "two Chinese characters": "你好", "an emoji": "\N{SNAKE}",
          "lines and an empty line": "one\ntwo\r\n\r\nthree\n"}
bodies = pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)


@pytest.mark.step("1.1")
class TestBuildResponse:
    def test_a_response_is_bytes(self):
        build()

    def test_each_line_of_the_head_ends_with_carriage_return_and_line_feed(self):
        response = build()
        expect_that(b"\n" in response, "the response is a single line", came_back=shown_bytes(response),
                    why="Status line and fields are a line each (RFC 9112 section 2.1).")
        expect_that(not re.search(rb"(?<!\r)\n|\r(?!\n)", response), "a line of the head does not end with CRLF",
                    came_back=shown_bytes(response), expected=r"b'…\r\n…\r\n…'",
                    why="A line of HTTP ends with the two bytes \\r\\n, on every system (RFC 9112 section 2.1).")

    def test_an_empty_line_ends_the_head(self):
        response = build()
        expect_that(BLANK_LINE in response, "there is no empty line between head and body",
                    came_back=shown_bytes(response, 400), expected=r"b'…\r\n\r\nhello'",
                    why="Only the empty line tells a client where the body begins (RFC 9112 section 2.1).")

    @pytest.mark.parametrize("named, status", [
        pytest.param({}, "200 OK", id="not given"),
        pytest.param({"status": "404 Not Found"}, "404 Not Found", id="404"),
    ])
    def test_the_first_line_is_the_status_line(self, named, status):
        expect_same(lines_of(build(**named))[0], f"HTTP/1.1 {status}".encode(),
                    problem="the first line is not the status line",
                    why="A client reads version, code and reason phrase, one space between them (RFC 9112 section 4).")

    def test_all_other_lines_of_the_head_are_fields(self):
        response = build()
        expect_that(fields_of(response), "there are no header fields", came_back=shown_bytes(response),
                    why="Without Content-Type and Content-Length a client has to guess (RFC 9112 section 5).")

    @bodies
    def test_the_body_follows_the_empty_line_unchanged(self, body):
        content = build(body).partition(BLANK_LINE)[2]
        problem = "what follows the empty line is not the body in UTF-8"
        if content == b"\r\n" + body.encode():
            problem = "there is more than one empty line before the body"
        elif content in (body.encode() + b"\r\n", body.encode() + BLANK_LINE):
            problem = "there is a line end behind the body"
        expect_same(content, body.encode(), problem=problem,
                    why="All bytes behind the empty line are the body: line ends in it are the page's own, and nothing "
                        "stands before or behind it (RFC 9112 section 6).")

    @bodies
    def test_content_length_counts_bytes(self, body):
        why = ("A client reads exactly so many bytes: with too few it cuts the page, with too many it waits for the "
               "rest (RFC 9110 section 8.6).")
        value = field_of(build(body), "Content-Length", why)
        counts_characters = len(body) != len(body.encode()) and value == str(len(body))
        problem = "Content-Length counts characters, not bytes" if counts_characters else "Content-Length is wrong"
        expect_same(value, str(len(body.encode())), why, problem=problem, body=repr(body.encode()))

    @pytest.mark.parametrize("content_type", ["text/html", "text/plain"])
    def test_content_type_tells_the_charset(self, content_type):
        why = "Without its charset a browser guesses, and `你好` turns into `ä½ å¥½` (RFC 9110 section 8.3)."
        value = field_of(build(content_type=content_type), "Content-Type", why)
        problem = "Content-Type is wrong" if "charset" in value.lower() else "Content-Type does not tell the charset"
        expect_that(value.lower().replace(" ", "") == f"{content_type};charset=utf-8", problem, why, came_back=value,
                    expected=f"{content_type}; charset=utf-8")

    def test_the_connection_is_said_to_close(self):
        why = ("Without it a client of HTTP/1.1 takes the connection for one that it can use again "
               "(RFC 9112 section 9.3).")
        value = field_of(build(), "Connection", why)
        expect_same(value.lower(), "close", why, problem="Connection says something else than close")

    def test_the_date_is_written_as_http_writes_dates(self):
        date_of(build())

    def test_the_date_is_now(self):
        expect_now(date_of(build()))

    def test_the_date_is_greenwich_time_wherever_the_server_stands(self, eight_hours_ahead):
        expect_now(date_of(build()))

    @pytest.mark.parametrize("extra", [
        pytest.param([("Allow", "GET, HEAD")], id="one"),
        pytest.param((("Allow", "GET"), ("X-Colour", "blue")), id="two"),
        pytest.param([("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")], id="two with the same name"),
    ])
    def test_extra_fields_are_sent(self, extra):
        expected = [(name.lower(), value) for name, value in extra]
        fields = fields_of(build(extra_fields=type(extra)(extra)))  # a copy: another check sees to changes
        came_back = [(name, value) for name, value in fields if name in dict(expected)]
        expect_same(came_back, expected, problem="the extra fields are not all there, once and in order",
                    why="Each pair becomes a line. A name may come twice, as with two cookies (RFC 9110 section 5.3).")

    def test_the_list_of_extra_fields_is_left_as_it_is(self):
        extra = [("Allow", "GET")]
        build(extra_fields=extra)
        expect_same(extra, [("Allow", "GET")], problem="build_response changes the list that it is given",
                    why="The list belongs to the caller, whose next response would have the fields of this one, too.")

    def test_a_client_can_read_all_of_it(self):
        answer = read_answer(ch01.build_response("你好", "404 Not Found", "text/plain", [("Allow", "GET")]))
        expect_same((answer.status, answer.body), (404, "你好".encode()), problem="a client reads something else",
                    why="Here the arguments come all together and by position (RFC 9112 section 2.1).")


# Clients that keep their side open, as browsers do: one recv too many, and both sides wait for ever.


class Waiting(Connection):
    """A client that has sent its request and waits for the answer."""

    problem = "after the blank line more bytes are asked for"
    why = ("A browser sends its head and waits for you; a recv too many waits for the browser. The blank line may come "
           "in two halves: look for it in all that you have (RFC 9112 section 2.1).")

    def end_of_file(self):
        report_trouble(Diagnosis(self.problem, why=self.why))


class SendingForEver(Waiting):
    """A client whose head has no end."""

    problem = "more bytes are asked for although the head is too long already"
    why = "A head without end fills the memory, unless reading ends at the limit (RFC 6585 section 5)."


HEAD = b"GET / HTTP/1.1\r\nHost: a"
LIMIT = 44
each_delivery = pytest.mark.parametrize("delivery", DELIVERIES)


def head_with(size):
    """Return a head that is size bytes long, without its blank line."""
    return b"GET / HTTP/1.1\r\nX: ".ljust(size, b"a")


def expect_pair(result):
    """Return head and rest from what read_head returned. Raises Diagnosis if that is no pair of bytes."""
    pair = isinstance(result, (tuple, list)) and len(result) == 2
    expect_that(pair, f"read_head returns {kind(result)}, not a pair", came_back=repr(result),
                expected=repr((HEAD, b"")), why="What was received behind the blank line is the beginning of the body, "
                "which only the caller can use.")
    for name, value in zip(("head", "rest"), result, strict=True):
        expect_that(isinstance(value, bytes), f"the {name} is {kind(value)}, not bytes", came_back=repr(value),
                    why="A head is taken apart as bytes, and a body may be a picture: nothing is decoded here.")
    return result


def read(data, *, limit=None, **delivery):
    """Call read_head with a client that sends data and waits; return head, rest, and the blocks not received."""
    client = Waiting(data, **delivery)
    head, rest = expect_pair(ch01.read_head(client) if limit is None else ch01.read_head(client, limit))
    return head, rest, b"".join(client.blocks)


@pytest.mark.step("1.2")
class TestReadHead:
    def test_head_and_rest_come_back_as_a_pair(self):
        read(HEAD + BLANK_LINE)

    def test_the_head_comes_without_the_blank_line(self):
        head, _, _ = read(HEAD + BLANK_LINE)
        problem = "the head still has line ends behind it" if head.startswith(HEAD) else "the head is another one"
        expect_same(head, HEAD, problem=problem,
                    why="The blank line is the end of the last line and an empty one, four bytes in all "
                        "(RFC 9112 section 2.1).")

    @each_delivery
    def test_the_head_is_whole_however_its_bytes_arrive(self, delivery):
        head, _, _ = read(HEAD + BLANK_LINE + b"body", delivery=delivery)
        shorter = HEAD.startswith(head) and head != HEAD
        expect_same(head, HEAD, problem="the head ends before the blank line" if shorter else "the head is another one",
                    why="A network cuts bytes into blocks where it likes: one recv is not one "
                    "request, and the blank line may come in two halves (RFC 9112 section 2.1).")

    @each_delivery
    def test_what_came_behind_the_blank_line_is_not_lost(self, delivery):
        _, rest, not_received = read(HEAD + BLANK_LINE + b"body", delivery=delivery)
        lost = len(rest + not_received) < len(b"body")
        expect_same(rest + not_received, b"body",
                    problem="bytes behind the blank line are lost" if lost else "the rest is another one",
                    why="They are the beginning of the body, and can't be received a second time "
                        "(RFC 9112 section 6).")

    @each_delivery
    def test_the_first_blank_line_counts_and_later_ones_belong_to_the_body(self, delivery):
        body = b"\r\n\r\na\r\n\r\nb"
        head, rest, not_received = read(HEAD + BLANK_LINE + body, delivery=delivery)
        expect_same((head, rest + not_received), (HEAD, body),
                    problem="a blank line in the body is taken for the end of the head",
                    why="A body may hold any bytes (RFC 9112 section 6).")

    def test_a_line_feed_alone_does_not_end_the_head(self):
        head, rest, _ = read(b"GET / HTTP/1.1\r\nX: a\n\nb\r\n\r\n")
        expect_same((head, rest), (b"GET / HTTP/1.1\r\nX: a\n\nb", b""),
                    problem="the head ends at a blank line of another kind",
                    why="Where two programs disagree about the end of a head, requests can be smuggled past one of "
                        "them (RFC 9112 section 11.2).")

    @pytest.mark.parametrize("data", [
        pytest.param(b"", id="at once"),
        pytest.param(b"GET / HT", id="in the first line"),
        pytest.param(HEAD + b"\r\n\r", id="one byte before the end"),
    ])
    @pytest.mark.parametrize("delivery", ["whole", "one byte at a time"])
    def test_a_client_that_hangs_up_early_is_gone(self, data, delivery):
        client = Connection(data, delivery=delivery) if data else Connection()
        expect_error(ch01.ClientGone, lambda: ch01.read_head(client),
                     problem="the client hung up before the blank line, and read_head returns all the same",
                     why="Half a request must not be answered as if it were whole (RFC 9112 section 8).")

    def test_a_reset_is_let_out(self):
        client = Connection([b"GET / HT", ConnectionResetError(errno.ECONNRESET, "Connection reset by peer")])
        expect_error(ConnectionError, lambda: ch01.read_head(client),
                     problem="the connection was reset, and read_head returns all the same",
                     why="A reset is how the system tells that a client is gone: the caller has to hear of it.")

    def test_the_connection_stays_open_for_the_answer(self):
        client = Waiting(HEAD + BLANK_LINE)
        ch01.read_head(client)
        expect_that(not client.closed, "read_head closes the connection", why="The answer goes out over it.")

    @each_delivery
    def test_a_head_as_long_as_the_limit_is_read(self, delivery):
        try:
            head, _, _ = read(head_with(LIMIT) + BLANK_LINE, limit=LIMIT, delivery=delivery)
        except ch01.HeadTooLarge as error:
            raise Diagnosis(f"limit is {LIMIT}, and a head of {LIMIT} bytes is refused",
                            received=f"{LIMIT + 4} bytes, the blank line is the last four of them",
                            place=deepest_place(error.__traceback__),
                            why="limit counts the head without the four bytes of the blank line. Look for the blank "
                                "line first; only where it has not come does the number of all bytes decide.")
        expect_same(head, head_with(LIMIT), "A head within the limit is a good one.", problem="the head is another one")

    @each_delivery
    def test_a_head_one_byte_longer_is_refused(self, delivery):
        client = Waiting(head_with(LIMIT + 1) + BLANK_LINE, delivery=delivery)
        expect_error(ch01.HeadTooLarge, lambda: ch01.read_head(client, LIMIT),
                     problem=f"limit is {LIMIT}, and a head of {LIMIT + 1} bytes is read",
                     why="Without a limit that holds, a client decides how much of your memory it takes "
                         "(RFC 6585 section 5).")

    def test_a_long_body_in_the_same_block_is_no_long_head(self):
        try:
            head, rest, not_received = read(HEAD + BLANK_LINE + b"b" * 100, limit=LIMIT)
        except ch01.HeadTooLarge as error:
            raise Diagnosis("bytes of the body are counted as bytes of the head",
                            place=deepest_place(error.__traceback__),
                            why="What stands behind the blank line may come in the same block; it is not limited here.")
        expect_same((head, rest + not_received), (HEAD, b"b" * 100), "Only the head is limited.",
                    problem="head or rest is another one")

    @pytest.mark.parametrize("size, delivery", [
        pytest.param(LIMIT + 4, "whole", id="whole"),
        pytest.param(LIMIT + 4, "one byte at a time", id="one byte at a time"),
        pytest.param(LIMIT + 100, "whole", id="a block that is far too long"),
    ])
    def test_a_head_without_end_is_refused_as_soon_as_it_is_too_long(self, size, delivery):
        client = SendingForEver(head_with(size), delivery=delivery)
        expect_error(ch01.HeadTooLarge, lambda: ch01.read_head(client, LIMIT),
                     problem=f"limit is {LIMIT}, and {size} bytes without a blank line are read",
                     why="A head without end fills the memory, unless reading ends at the limit (RFC 6585 section 5).")

    def test_the_limit_is_MAX_HEAD_unless_another_is_given(self):
        head, _, _ = read(head_with(ch01.MAX_HEAD) + BLANK_LINE)
        expect_same(len(head), ch01.MAX_HEAD, "It comes in many blocks.", problem="the head has another length")
        client = SendingForEver(head_with(ch01.MAX_HEAD + 4))
        expect_error(ch01.HeadTooLarge, lambda: ch01.read_head(client), problem="a head over MAX_HEAD is read",
                     why="Whoever calls without a limit still wants one (RFC 6585 section 5).")


REQUEST = HEAD + BLANK_LINE
TOO_LARGE = b"GET / HTTP/1.1\r\nX: " + b"a" * 70_000 + BLANK_LINE
PLENTY = 1_000_000  # bytes that `send` takes, where its taking few is not the subject
ADDRESS = ("127.0.0.1", 50_000)


class Oops(Exception):
    """What stands for a bug."""


class CtrlC(KeyboardInterrupt):
    """Ctrl-C as these checks press it, to be told from any other."""


def handled(client):
    """Have the learner's handle answer client and return the client. Raises Diagnosis if ConnectionError gets out."""
    try:
        ch01.handle(client, ADDRESS)
    except ConnectionError as error:
        raise Diagnosis(f"handle raises {type(error).__name__}: the client has left, and that is no error of yours",
                        place=deepest_place(error.__traceback__),
                        why="Clients leave all the time, on purpose or not; there is nobody left to tell. (An except "
                            "does not catch what another except beside it raises.)")
    return client


def lets_out(error, client):
    """Tell whether handle, called with client, raises error, a class of exceptions."""
    try:
        ch01.handle(client, ADDRESS)
    except error:
        return True
    return False


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

    def test_all_of_the_answer_is_sent_where_send_takes_a_few_bytes(self):
        sent = handled(Connection(REQUEST, takes=3)).sent
        expect_that(len(sent) != 3, "only the first bytes of the response are sent", came_back=repr(sent),
                    why="send takes what fits into the system's buffer and returns how much that was: long pages are "
                        "cut, and short ones work by luck.")
        expect_that(sent[:3] != sent[3:6], "the same bytes are sent again and again", came_back=shown_bytes(sent),
                    why="send returns how many bytes it took: what it is given next begins behind them.")
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
                    why="A browser sends its head and waits for you; a recv too many waits for the browser.")

    def test_the_connection_is_closed(self):
        client = handled(Connection(REQUEST))
        expect_that(client.closed, "the connection is still open", try_it=TRY,
                    why="The client waits, and an open connection is a file descriptor that is never given back "
                        "(RFC 9112 section 9.6).")

    def test_the_client_can_finish_before_the_connection_is_closed(self):
        client = handled(Connection([REQUEST, b"a body ", b"that nobody reads"]))
        unread = b"".join(client.blocks)
        expect_that(not unread, "the connection is closed while bytes of the client lie unread", unread=repr(unread),
                    why="Then the system sends a reset, which can overtake the response; hang_up closes without that "
                        "(RFC 9112 section 9.6).")

    @pytest.mark.parametrize("blocks", [
        pytest.param([], id="without a byte"),
        pytest.param([b"GET / HT"], id="in the first line"),
        pytest.param([b"GET / HT", ConnectionResetError(errno.ECONNRESET, "reset")], id="with a reset"),
        pytest.param([ConnectionAbortedError(errno.ECONNABORTED, "aborted")], id="with an abort"),
    ])
    def test_a_client_that_has_left_is_no_error_and_gets_no_answer(self, blocks):
        client = handled(Connection(blocks))
        expect_same(client.sent, b"", problem="something is sent to a client that has left",
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
        expect_same((answer.status, answer.reason), (431, "Request Header Fields Too Large"),
                    problem="the status is another one than 431", why="It tells what was wrong (RFC 6585 section 5).")
        expect_that(answer.body, "the response has no body", why="A person reads the body, a program the status.")
        expect_that(client.closed, "the connection is still open after a 431", why="What follows on it is no request.")

    @pytest.mark.parametrize("data", [pytest.param(REQUEST, id="the page"), pytest.param(TOO_LARGE, id="status 431")])
    def test_a_client_that_leaves_while_it_is_answered_is_no_error(self, data):
        client = handled(Connection(data, breaks=10))
        expect_that(client.closed, "the connection of a client that has left is still open",
                    why="Your side of it stays open until you close it: after enough of them, accept fails.")

    def test_a_bug_is_let_out_after_the_connection_is_closed(self):
        client = Connection([b"GET / HT", Oops("a bug")])
        raised = lets_out(Oops, client)
        expect_that(client.closed, "the connection is still open after an unexpected error",
                    why="`finally` closes on every path; after enough connections left open, accept fails.")
        expect_that(raised, "handle swallows an unexpected error", came_back="None", expected="Oops('a bug')",
                    why="Only what you expect is handled here: an error that nobody sees is a bug that nobody finds.")

    def test_ctrl_c_is_let_out_after_the_connection_is_closed(self):
        client = Connection([b"GET / HT", CtrlC()])
        raised = lets_out(CtrlC, client)
        expect_that(client.closed, "the connection is still open after Ctrl-C", why="`finally` closes on every path.")
        expect_that(raised, "handle swallows Ctrl-C", why="KeyboardInterrupt is how a person ends a server.")


NOT_FREE = "port 0 does not give a free port"
WHY_FREE = "Where bind is given 0, the system chooses a port that nobody has."


@contextlib.contextmanager
def listening(port=0):
    """Give the learner's listener on a port of this machine, and close it afterwards."""
    try:
        listener = ch01.open_listener("127.0.0.1", port)
    except OSError as error:
        expect_that(port or error.errno != errno.EADDRINUSE, NOT_FREE, place=deepest_place(error.__traceback__),
                    came_back=repr(error), why=WHY_FREE)
        raise
    expect_that(isinstance(listener, socket.socket), f"open_listener returns {kind(listener)}, not a socket",
                came_back=repr(listener), why="serve calls accept() of what comes back.")
    expect_that(listener.fileno() != -1, "the socket that comes back is closed already", came_back=repr(listener),
                why="A `with` closes its socket at the end of the block, at a `return` too; here it is closed only if "
                    "something fails.")
    with listener:
        yield listener


def opened(host, port):
    """Return the address of what open_listener returns, after it has been closed, or what else comes back."""
    try:
        listener = ch01.open_listener(host, port)
    except SystemExit:
        raise Diagnosis("open_listener ends the whole program", why="Whoever called it decides what to do about an "
                        "address that can't be had: the program says it in a sentence, a test tries another port.")
    if not isinstance(listener, socket.socket) or listener.fileno() == -1:
        return listener
    with listener:
        return listener.getsockname()


def unclosed_sockets(call):
    """Return what Python says of sockets that nobody closed, while call() raised OSError or ended."""
    gc.collect()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with contextlib.suppress(OSError):
            call()
        gc.collect()
    return [str(warning.message) for warning in caught if "unclosed" in str(warning.message)]


@pytest.mark.step("1.4")
class TestOpenListener:
    def test_a_socket_comes_back(self):
        with listening():
            pass

    def test_the_socket_listens(self):
        with listening() as listener:
            client = socket.socket()
            client.settimeout(SECONDS)
            with client:
                try:
                    client.connect(listener.getsockname())
                except OSError as error:
                    raise Diagnosis("nobody can connect: the socket does not listen", **{"came back": repr(error)},
                                    why="bind gives a socket its address; listen lets clients in.")

    def test_port_0_gives_a_free_port(self):
        with listening() as one, listening() as two:
            ports = [one.getsockname()[1], two.getsockname()[1]]
        expect_that(ports[0] != ports[1], NOT_FREE, came_back=f"twice the same: {ports}", why=WHY_FREE)

    def test_it_listens_on_loopback_where_that_is_asked_for(self):
        with listening() as listener:
            expect_same(listener.getsockname()[0], "127.0.0.1", problem="it listens on another address than asked for",
                        why="On 0.0.0.0, everyone in the same network can reach a server that is still in the making.")

    def test_an_address_that_is_not_of_this_machine_is_refused(self):
        expect_error(OSError, lambda: opened("192.0.2.1", 0),
                     problem="the host is not looked at, or an OSError is swallowed",
                     why="192.0.2.1 belongs to no machine; bind says so, and your caller has to hear of it.")

    def test_the_port_can_be_had_again_at_once(self):
        with listening() as listener:
            set_ = listener.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR) != 0
            self.serve_one_client(listener)
            port = listener.getsockname()[1]
        if os.name == "nt":
            expect_that(not set_, "SO_REUSEADDR is set on Windows", why="There it lets two servers share a port.")
        else:
            expect_that(set_, "SO_REUSEADDR is not set", why="Without it a port is blocked for a while after the "
                        "server has stopped: `Address already in use`, each time you start it again.")
        try:
            with listening(port):
                pass
        except OSError as error:
            raise Diagnosis("the port can't be had again after the server has stopped", **{"came back": repr(error)},
                            why="SO_REUSEADDR counts at the moment of bind, so it is set before that.")

    def serve_one_client(self, listener):
        """Accept a client and hang up first, as servers do: its connection blocks the port for a while."""
        listener.settimeout(SECONDS)
        with socket.create_connection(listener.getsockname(), SECONDS) as client:
            listener.accept()[0].close()
            client.recv(1)

    def test_a_port_that_is_taken_raises_OSError(self):
        with listening() as listener:
            port = listener.getsockname()[1]
            expect_error(OSError, lambda: opened("127.0.0.1", port),
                         problem="a port that is taken raises no OSError",
                         why="With SO_REUSEPORT, and on Windows with SO_REUSEADDR, two servers listen on one port and "
                             "share the clients; and an OSError that you swallow is one that nobody hears of.")

    def test_the_socket_is_closed_where_the_address_cannot_be_had(self):
        with listening() as listener:
            port = listener.getsockname()[1]
            unclosed = unclosed_sockets(lambda: opened("127.0.0.1", port))
        expect_that(not unclosed, "the socket that can't be bound is not closed", came_back="\n".join(unclosed),
                    why="Whoever gets the OSError has no socket to close: only you have it.")


class Client(Connection):
    """A client among others."""

    def __init__(self, name="first"):
        super().__init__(REQUEST)
        self.name = name

    def __repr__(self):
        return f"<the {self.name} client>"


class Handle:
    """A handle that notes what it is called with; its first calls raise errors, one each, unless that is None."""

    def __init__(self, *errors):
        self.errors = list(errors)
        self.seen = []

    def __repr__(self):
        return "<a handle>"

    def __call__(self, *arguments):
        self.seen.append(arguments)
        if self.errors and (error := self.errors.pop(0)):
            raise error

    @property
    def served(self):
        """The connections that it was called with."""
        return [arguments[0] for arguments in self.seen]


def served(handle, *clients):
    """Run the learner's serve with clients, then Ctrl-C. Raises Diagnosis if Ctrl-C gets out of it."""
    try:
        ch01.serve(Listener(*clients, CtrlC()), handle)
    except CtrlC:
        raise Diagnosis("KeyboardInterrupt gets out of serve", why="Ctrl-C is the ordinary end of a server: whoever "
                        "presses it wants a prompt, not a traceback.")
    except SystemExit:
        raise Diagnosis("Ctrl-C ends the whole program", why="serve returns, and whoever called it goes on from there.")


@pytest.mark.step("1.5")
class TestServe:
    def test_handle_is_called_with_connection_and_address(self):
        client, handle = Client(), Handle()
        served(handle, client)
        expect_that(handle.seen, "handle is never called", why="accept only fetches the client; handle answers it.")
        expect_that(len(handle.seen[0]) == 2, "handle is not called with two arguments",
                    came_back=handle.seen[0], expected=(client, ADDRESS),
                    why="accept returns a pair, and handle takes its two parts: `connection, client_address = …`.")
        expect_same(handle.seen[0], (client, ADDRESS), problem="handle is called with something else",
                    why="The first is the connection, the second the address of the client.")

    def test_one_client_is_served_after_the_other(self):
        clients, handle = [Client("first"), Client("second"), Client("third")], Handle()
        served(handle, *clients)
        expect_that(len(handle.served) != 1, "only the first client is served",
                    why="A server goes on: accept, handle, accept, handle, until it is stopped.")
        expect_same(handle.served, clients, problem="not every client is served once",
                    why="Each connection that accept returns is handled, once.")

    @pytest.mark.parametrize("error", [Oops("a bug"), OSError(errno.EIO, "no disk"), ConnectionResetError("reset")],
                             ids=lambda error: type(error).__name__)
    def test_a_client_that_fails_does_not_stop_the_server(self, error, capsys):
        clients, handle = [Client("first"), Client("second")], Handle(error)
        try:
            served(handle, *clients)
        except type(error):
            raise Diagnosis("one failing client stops the server", raised=f"{error!r}, by handle for the first client",
                            why="All other clients would find the door closed because of one.")
        expect_same(handle.served, clients, problem="after a client that fails the next is not served",
                    why="All other clients would find the door closed because of one.")

    @pytest.mark.parametrize("error", [Oops("a bug"), ConnectionResetError("reset")],
                             ids=lambda error: type(error).__name__)
    def test_the_traceback_of_a_client_that_fails_is_printed_to_stderr(self, error, capsys):
        with contextlib.suppress(type(error)):
            served(Handle(error), Client())
        out, err = map(str.rstrip, capsys.readouterr())
        raised = f"{error!r}, by handle"
        expect_that(err or not out, "what goes wrong is printed to stdout", came_back=out, raised=raised,
                    why="stdout is for what a program is asked for, stderr for what goes wrong.")
        expect_that(err, "a client fails, and nothing is printed", raised=raised,
                    why="What fails in silence can't be mended.")
        expect_that("Traceback" in err and type(error).__name__ in err, "what is printed is no traceback",
                    came_back=err, raised=raised, expected="Traceback (most recent call last): …",
                    why="Only the traceback tells which line failed.")

    @pytest.mark.parametrize("gone", [
        ConnectionAbortedError(errno.ECONNABORTED, "Software caused connection abort"),
        ConnectionResetError(errno.ECONNRESET, "Connection reset by peer"),
    ], ids=lambda gone: type(gone).__name__)
    def test_a_client_that_leaves_before_it_is_accepted_does_not_stop_the_server(self, gone, capsys):
        clients, handle = [Client("first"), Client("second")], Handle()
        try:
            served(handle, clients[0], gone, clients[1])
        except ConnectionError:
            raise Diagnosis("a client that left before it was accepted stops the server", raised=f"{gone!r}, by accept",
                            why="accept raises ConnectionError for it; the next client is waiting already.")
        expect_same(capsys.readouterr().err, "", problem="a client that left before it was accepted is printed",
                    why="It is no error of yours: it is passed over in silence.")
        expect_that(handle.served != [clients[0], clients[0], clients[1]], "the client before is handled twice",
                    why="accept raised an error: there is no new connection.")
        expect_same(handle.served, clients, problem="the clients around one that left are not all served",
                    why="accept raises ConnectionError for one; the next client is waiting already.")

    def test_an_error_of_the_listener_is_let_out(self):
        error = OSError(errno.EMFILE, "Too many open files")
        expect_error(OSError, lambda: served(Handle(), error), problem="an error of the listener is swallowed",
                     raised=f"{error!r}, by accept",
                     why="It would come again at once, and for ever: a loop that makes nothing but heat.")

    def test_ctrl_c_while_a_client_is_handled_ends_the_server(self):
        handle = Handle(CtrlC())
        served(handle, Client("first"), Client("second"))
        expect_that(len(handle.seen) == 1, "Ctrl-C while a client is handled does not end the server",
                    why="KeyboardInterrupt is no Exception, so that `except Exception` lets it pass.")

    @pytest.mark.parametrize("clients, error", [
        pytest.param([], None, id="Ctrl-C"),
        pytest.param([Client()], CtrlC(), id="Ctrl-C while a client is handled"),
        pytest.param([Client()], SystemExit(3), id="sys.exit in handle"),
        pytest.param([OSError(errno.EMFILE, "Too many open files")], None, id="an error of accept"),
    ])
    def test_the_listener_is_closed_however_serve_ends(self, clients, error):
        listener = Listener(*clients, CtrlC())
        with contextlib.suppress(CtrlC, SystemExit, OSError):
            ch01.serve(listener, Handle(error))
        raised = f"{error!r}, by handle" if error else None
        expect_that(listener.closed, "the listener is still open", raised=raised,
                    why="The port stays taken, and clients that connect wait for someone who will never come.")

    # The program: all steps of the chapter together, on a real port.

    @pytest.mark.program
    def test_the_program_answers_requests(self, program, session):
        answer = asked(program, lambda: session.get(f"http://127.0.0.1:{program.port()}/", timeout=SECONDS))
        expect_same((answer.status_code, answer.text), (200, ch01.PAGE), problem="requests reads another page",
                    called=program.shown(), why="requests is one of the clients that a server is written for.")

    @pytest.mark.program
    def test_the_program_answers_one_client_after_the_other(self, program):
        half = asked(program, lambda: exchange(program.port(), REQUEST[:8], end=True))
        expect_same(half, b"", "Its request never became whole.", problem="a client that hung up is answered")
        for request in REQUEST + b"b" * 300_000, REQUEST:
            answer = read_answer(asked(program, lambda request=request: exchange(program.port(), request)))
            expect_same(answer.body, ch01.PAGE.encode(), problem="a client gets another page",
                        sent=shown_bytes(request), called=program.shown(),
                        why="One client hung up half-way, one sends more than you read, one sends what it should.")

    if os.name != "nt":  # where Ctrl-C can't be sent to a program in a group of its own
        @pytest.mark.program
        @pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
        def test_the_program_ends_when_it_is_asked_to(self, program, how):
            status = program.interrupt(how)
            expect_that(status == 0 and not program.stderr, f"{how.name} does not end the program cleanly",
                        came_back=f"exit status {status}, output: {program.last_lines()}", expected="exit status 0",
                        why="Being stopped is no failure: serve returns, and the program ends.")

    @pytest.mark.program
    def test_a_port_that_is_taken_ends_the_program_with_a_sentence(self, program_without_a_port):
        program = program_without_a_port
        expect_that("can't listen on" in program.stderr and "Traceback" not in program.stderr,
                    "a port that is taken does not end the program with a sentence", came_back=program.last_lines(),
                    why="open_listener lets the OSError out; the program turns it into words.")


@pytest.fixture
def program():
    """The chapter's program, which has printed its URL."""
    with chapter_program("ch01_socket") as program:
        program.port()
        yield program


@pytest.fixture
def program_without_a_port():
    """The chapter's program, started on a port that is taken."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        with chapter_program("ch01_socket", bind=f"127.0.0.1:{taken.getsockname()[1]}") as program:
            program.wait_for(lambda: program.output or program.errors)
            explained = program.explained()
            if isinstance(explained, NotStarted):
                raise explained
            yield program


@pytest.fixture
def session():
    """A session of requests that uses no proxy."""
    import requests  # takes a while, and only one check needs it

    with requests.Session() as session:
        session.trust_env = False
        yield session


def asked(program, ask):
    """Return what ask() returns, a client's question to the program. Raises Diagnosis if nobody answers."""
    try:
        return ask()
    except OSError:
        raise program.explained()
