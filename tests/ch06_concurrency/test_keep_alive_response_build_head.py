"""Step 6.5 · KeepAliveResponse.build_head"""
import re

import pytest

from tests.ch04_response.common import BODILESS, Noted, lengthy
from tests.ch06_concurrency.arrivals import asking, ch04, ch06
from tests.expect import expect_type, expect_value
from workshop.checking.diagnosis import expect_same, expect_that, expect_unchanged, shown_bytes
from workshop.checking.transport import Connection
from workshop.checking.tree import shown

CLOSE, KEEP = b"\r\nConnection: close\r\n", b"\r\nConnection: keep-alive\r\n"
DATE = [("Date", "Fri, 20 Nov 2026 10:09:08 GMT")]  # given, so that two heads are the same a second later too
FRAMINGS = {
    "chunks": ("CHUNKED", {}, "200 OK", []),
    "a length": ("LENGTH", {}, "200 OK", lengthy(10)),
    "a length, for HTTP/1.0": ("LENGTH", {"version": "HTTP/1.0"}, "200 OK", lengthy(10)),
    **{f"no body, for {method} and {status}": ("NO_BODY", {"method": method}, status, [])
       for method, status in BODILESS},
    "no body, for HEAD in HTTP/1.0": ("NO_BODY", {"method": "HEAD", "version": "HTTP/1.0"}, "200 OK", []),
}  # how the body ends -> the framing, parts of the request, the status, the headers
UNTIL_CLOSE = ("UNTIL_CLOSE", {"version": "HTTP/1.0"}, "200 OK", [])
each_framing = pytest.mark.parametrize("framing", FRAMINGS)
TO_THE_LETTER = ("Only the line of the server's own, which begins behind CRLF with `Connection:`, says what becomes of "
                 "the connection. All else is the application's, and goes out as it was given.")
ANNOUNCED = ("The client goes by what the head says: after keep-alive it sends its next request over this connection, "
             "after close it does not (RFC 9112 sections 9.3 and 9.6).")


def told(response):
    """Return what a KeepAliveResponse knows when its build_head is called."""
    return (f"a KeepAliveResponse with keep_alive={response.keep_alive}, framing={response.framing!r}, "
            f"status={response.status!r}, headers={shown(response.headers, 90)}")


def responding(framing="CHUNKED", parts=None, status="200 OK", headers=(), *, keep_alive=True, date=DATE):
    """Return a KeepAliveResponse as it is when its framing is chosen, with a Date among its headers."""
    response = ch06.KeepAliveResponse(Connection(), asking(**parts or {}), keep_alive)
    response.started, response.status, response.headers = True, status, [*headers, *date]
    response.framing = getattr(ch04, framing)
    return response


def head_of(response):
    """Return the head that build_head of a KeepAliveResponse returns."""
    return expect_type(Noted(response, "response", told).build_head(), bytes, "build_head returns",
                       "head_once hands it on, and send gives it to the socket, which takes bytes.")


def heads(response):
    """Return the heads of a response that say close, as chapter 4 builds it, and keep-alive."""
    head = ch04.Response.build_head(response)
    return head, head.replace(CLOSE, KEEP)


def expect_built_head(response, kept, why, letter=TO_THE_LETTER,
                      problem="the head is not that of chapter 4, but for the line `Connection`"):
    """Fail unless build_head returns the head of chapter 4, which says that the connection is kept, or that it is not.
    """
    close, keep = heads(response)
    expected, other = (keep, close) if kept else (close, keep)
    likely = {f"the head says `Connection: {'close' if kept else 'keep-alive'}`": other,
              "the head says nothing of the connection": close.replace(CLOSE, b"\r\n"),
              "the head says both, close and keep-alive": close.replace(CLOSE, CLOSE + KEEP[2:]),
              "the words `Connection: close` are changed elsewhere too": close.replace(CLOSE[2:-2], KEEP[2:-2])}
    expect_value(head_of(response), expected, why, problem=problem, likely=likely, whys={problem: letter})


def expect_keep_alive(response, keep_alive):
    """Fail unless self.keep_alive of a response, whose framing is not UNTIL_CLOSE, is still keep_alive."""
    expect_same(response.keep_alive, keep_alive, of="self.keep_alive",
                problem=f"build_head changes self.keep_alive, and the framing is not UNTIL_CLOSE: {response.framing}",
                why="Where the head tells the end of the body, or there is no body, the connection can be kept; and "
                    "whoever has said that it is not kept, has a reason.")


def state_of(response, names=None):
    """Return what a response knows by these names, or all but keep_alive and its connection."""
    names = names or vars(response).keys() - {"keep_alive", "connection"}
    return {name: list(value) if type(value) is list else value for name, value in vars(response).items()
            if name in names}


@pytest.mark.step("6.5")
class TestBuildHead:
    @each_framing
    def test_the_head_of_a_connection_that_is_kept_says_keep_alive(self, framing):
        response = responding(*FRAMINGS[framing])
        expect_built_head(response, True, ANNOUNCED)
        expect_keep_alive(response, True)

    @each_framing
    def test_the_head_of_a_connection_that_is_not_kept_is_that_of_chapter_4(self, framing):
        response = responding(*FRAMINGS[framing], keep_alive=False)
        expect_built_head(response, False, ANNOUNCED)
        expect_keep_alive(response, False)

    @pytest.mark.parametrize("keep_alive", [True, False])
    def test_a_body_until_the_end_closes_the_connection(self, keep_alive):
        response = responding(*UNTIL_CLOSE, keep_alive=keep_alive)
        expect_built_head(response, False, "The end of this body is the end of the connection: set self.keep_alive to "
                                           "False before you look at it (RFC 9112 section 6.3).")
        expect_same(response.keep_alive, False, of="self.keep_alive",
                    problem="self.keep_alive is not False after a head with UNTIL_CLOSE",
                    why="The server asks self.keep_alive whether to close: the client waits for the end of the "
                        "connection, and would wait for ever.")

    @pytest.mark.parametrize("header", [
        ("X-Note", "Connection: close"), ("X-Note", "say Connection: close"), ("X-Connection", "close"),
        ("X-Note", "close"), ("Server", "Connection: close"), ("X-Note", "Connection: keep-alive"),
    ], ids=": ".join)
    def test_what_the_application_says_stays_to_the_letter(self, header):
        headers = [header, ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), header]
        for keep_alive in (True, False):
            expect_built_head(responding("CHUNKED", headers=headers, keep_alive=keep_alive), keep_alive, TO_THE_LETTER)

    def test_the_words_may_be_in_the_status_too(self):
        expect_built_head(responding("CHUNKED", status="200 Connection: close"), True, TO_THE_LETTER)

    @pytest.mark.parametrize("value", ["é", "one\x85two", "one\xa0", "a\tb", ""], ids=repr)
    def test_every_value_stays_as_chapter_4_sends_it(self, value):
        expect_built_head(responding("CHUNKED", headers=[("X-Name", value)]), True, ANNOUNCED,
                          "The head is bytes already: change those. Who takes it apart and joins it again must know "
                          "that latin-1 has characters at which str.splitlines splits, and str.strip strips.",
                          "a value is changed")

    def test_what_the_server_adds_is_added_too(self):
        response = responding("LENGTH", date=[])
        response.known_length = 7
        head, (_, expected) = head_of(response), heads(response)
        same = [re.sub(rb"\r\nDate: [^\r]+", b"\r\nDate: now", one) for one in (head, expected)]
        expect_same(*same, problem="the head lacks what chapter 4 adds to it, or has more",
                    why="super().build_head() adds Date, Server and the length: all of that stays.")

    @pytest.mark.parametrize("keep_alive", [True, False])
    def test_what_counts_is_keep_alive_as_it_is_now(self, keep_alive):
        response = responding("CHUNKED", keep_alive=not keep_alive)
        response.keep_alive = keep_alive
        expect_built_head(response, keep_alive, "send_error sets self.keep_alive to False when something went wrong: "
                                                "look at it when the head is built, and not before.")

    def test_two_responses_have_nothing_in_common(self):
        kept, closed = responding("CHUNKED"), responding(*UNTIL_CLOSE)
        head_of(closed)
        expect_built_head(kept, True, "keep_alive belongs to one response: another client's is not changed with it.")
        expect_keep_alive(kept, True)

    @pytest.mark.parametrize("ending", [("CHUNKED",), UNTIL_CLOSE], ids=["chunks", "until close"])
    def test_all_else_of_the_response_stays_as_it_is(self, ending):
        response = responding(*ending)
        response.headers.insert(0, ("X-Note", "Connection: close"))
        before = state_of(response)
        head_of(response)
        expect_unchanged("response", state_of(response, before), before,
                         problem="build_head changes more than self.keep_alive",
                         why="self.headers are the application's, and what was sent is counted elsewhere: the line is "
                             "changed in the bytes that are returned, and in nothing else.")

    def test_nothing_is_sent(self):
        response = responding("CHUNKED")
        head = head_of(response)
        expect_that(not response.connection.events, "build_head does something to the connection",
                    came_back=repr(response.connection.events), expected="nothing is sent: the head is returned",
                    head=shown_bytes(head), why="Whoever has asked for the head sends it, with the first block.")
