"""Step 7.7 · Exchange.start"""
import copy

import pytest

from tests.ch07_asgi.exchanges import exchange_for, sent_by, start, start_with
from tests.expect import blaming, each_family, expect_let_out, expect_raised, expect_type, expect_value, raising
from workshop.checking.diagnosis import expect_same, expect_that, expect_unchanged

PAIRS = [(b"content-type", b"text/plain"), (b"set-cookie", b"a=1"), (b"set-cookie", b"b=2"), (b"x-empty", b""),
         (b"content-length", b"5"), (b"date", b"Fri, 20 Nov 2026 10:09:08 GMT")]
HEADERS = [(name.decode(), value.decode()) for name, value in PAIRS]
THEIRS = ("connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade")
PHRASES = {200: "200 OK", 404: "404 Not Found", 299: "299 Unknown", 599: "599 Unknown"}
ASGI = "(ASGI, Response Start)."


class Told:
    """What start_response of a response was told: it stands in for it."""

    def __init__(self, exchange):
        self.calls = []
        exchange.response.start_response = self.start_response

    def start_response(self, status, headers, exc_info=None):
        expect_that(exc_info is None, "start_response is given an exc_info", came_back=repr(exc_info),
                    why="With it, a second start replaces what the first has begun. ASGI has one start alone.")
        self.calls.append((status, headers))
        return lambda block: None


def told(refused="a message that is right is refused", **parts):
    """Return (status, headers) that start_response is called with for a message of these parts, status 200 if none.

    refused is the problem if something is raised.
    """
    exchange = exchange_for()
    noted = Told(exchange)
    with blaming(refused, f"It is a right message {ASGI} Look at what your code does on that line."):
        start(exchange, **{"status": 200} | parts)
    expect_same(len(noted.calls), 1, "One message begins one response, and start_response keeps what it says.",
                problem="start_response is not called once")
    return noted.calls[0]


def headers_told(*pairs, refused="headers that are right are refused"):
    """Return the headers that start_response is called with for these pairs."""
    return told(refused, headers=list(pairs))[1]


@pytest.mark.step("7.7")
class TestStart:
    def test_the_headers_are_pairs_of_str_in_their_order(self):
        headers = told(headers=list(PAIRS))[1]
        expect_type(headers, list, "the headers are", "start_response takes a list, and no other iterable (step 4.4).")
        expect_that(all(type(pair) is tuple and list(map(type, pair)) == [str, str] for pair in headers),
                    "the headers are no tuples of two str", came_back=repr(headers), expected=repr(HEADERS),
                    why="WSGI has tuples of str where ASGI has pairs of bytes; start_response refuses all else.")
        expect_same(headers, HEADERS, f"All of them are sent, in their order; a name may be there twice {ASGI}",
                    problem="the headers are not those of the message")

    @pytest.mark.parametrize("status", PHRASES)
    def test_the_status_gets_its_phrase(self, status):
        came_back = told(f"a status is refused: {status}", status=status, headers=[])[0]
        expect_type(came_back, str, "the status is", "start_response takes a str such as '200 OK' (step 4.1).")
        expect_same(came_back, PHRASES[status], "ASGI has the code alone, and the status line of HTTP/1.1 has a phrase "
                    "too. `phrase(status)` knows it, and has a word for codes that nobody has named.",
                    problem="the status is not the code, a space and its phrase")

    @pytest.mark.parametrize("status", ["200", 200.0], ids=repr)
    def test_a_status_that_is_no_int_is_refused(self, status):
        exchange = exchange_for()
        Told(exchange)
        expect_raised(TypeError, lambda: start(exchange, status=status, headers=[]),
                      f"a status that is no int is accepted: {status!r}",
                      "phrase raises TypeError for it, which is let out, so that whoever has written the application "
                      f"learns of the mistake: give it the status as it is {ASGI}")

    def test_a_message_may_have_no_headers(self):
        came_back = told("a message without headers is refused")
        expect_same(came_back, ("200 OK", []), f"headers may be missing: there are none then {ASGI}",
                    problem="a message without headers does not begin a response without headers")

    def test_an_empty_list_of_headers_is_none(self):
        expect_same(headers_told(), [], "The server adds what it must; the application has nothing to say.",
                    problem="where the message has no headers, some are there")

    def test_the_pairs_may_be_lists_and_their_list_a_tuple(self):
        came_back = told("headers that come as a tuple of lists are refused", headers=tuple(map(list, PAIRS)))[1]
        expect_same(came_back, HEADERS, "ASGI asks for an iterable of pairs, and start_response for a list of tuples: "
                    "make new ones.", problem="headers that come as a tuple of lists are not those of the message")

    def test_the_pairs_may_come_from_a_generator(self):
        came_back = told("headers that a generator gives are refused", headers=(pair for pair in PAIRS))[1]
        expect_same(came_back, HEADERS, "ASGI asks for an iterable of pairs, and some can be gone through once only: "
                    "the second time nothing is left. Take name and value of each pair together.",
                    problem="headers that a generator gives are not those of the message")

    @pytest.mark.parametrize("spelling", [str.lower, str.upper, str.title], ids=["lower", "upper", "title"])
    def test_what_is_the_servers_is_left_out(self, spelling):
        for name in map(spelling, THEIRS):
            came_back = headers_told(PAIRS[0], (name.encode(), b"close"), PAIRS[1])
            expect_same(came_back, HEADERS[:2], problem=f"the header {name} is not left out, alone", why="It tells of "
                        "the connection, which is the server's, and start_response refuses it. Names are compared in "
                        "lower case (RFC 9110 sections 5.1 and 7.6.1).")

    @pytest.mark.parametrize("pairs", [
        [(b"date", b"Fri, 20 Nov 2026 10:09:08 GMT"), (b"content-length", b"0"), (b"server", b"mine")],
        [(b"x-connection", b"close"), (b"connection-id", b"7"), (b"upgrade-insecure-requests", b"1")],
        [(b"vary", b"te"), (b"x-next", b"Upgrade"), (b"access-control-allow-headers", b"connection")],
    ], ids=["what the server may know too", "names with such a name in them", "values"])
    def test_all_else_stays(self, pairs):
        expect_same(headers_told(*pairs), [(name.decode(), value.decode()) for name, value in pairs],
                    problem="a header of the application's is left out or changed",
                    why="Whole names are compared with HOP_BY_HOP: no parts of them, and no values.")

    @pytest.mark.parametrize("value", [b"caf\xe9", b"\xff\x80", b"caf\xc3\xa9"], ids=["latin-1", "high bytes", "UTF-8"])
    def test_a_value_is_decoded_as_latin_1(self, value):
        came_back = headers_told((b"x-name", value), refused="a value with a byte above 127 is refused")
        expect_value(came_back, [("x-name", value.decode("latin-1"))], "A byte becomes a character, and the head is "
                     "encoded with latin-1 again: so the same bytes are sent.", problem="a value is not decoded as "
                     "latin-1", likely={"a value is decoded as UTF-8": [("x-name", value.decode("utf-8", "replace"))]})

    def test_a_name_is_decoded_as_latin_1(self):
        came_back = headers_told((b"x-\xe9", b"1"), refused="start itself refuses a name with a byte above 127")
        expect_same(came_back, [("x-\xe9", "1")], "Names and values are decoded alike.",
                    problem="a name is not decoded as latin-1")

    def test_a_name_keeps_its_capitals(self):
        expect_same(headers_told((b"X-Shop", b"Books")), [("X-Shop", "Books")], "Lower case is for the comparison "
                    "only: what the application says goes on as it is.", problem="a header is written in another case")

    @pytest.mark.parametrize("parts", [{"headers": [*PAIRS, (b"Connection", b"close")], "trailers": False}, {}],
                             ids=["with headers", "without headers"])
    def test_the_message_stays_as_it_is(self, parts):
        exchange, message = exchange_for(), {"type": "http.response.start", "status": 200} | parts
        Told(exchange)
        before = copy.deepcopy(message)
        start_with(exchange, message)
        expect_unchanged("message", message, before, "It is the application's, which may keep its headers for the next "
                         "answer: choose into a new list.", problem="the message is changed")

    def test_nothing_is_sent_and_nothing_has_ended(self):
        exchange = exchange_for()
        start(exchange, status=200, headers=list(PAIRS))
        expect_same(sent_by(exchange), b"", of="sent to the client", problem="start sends something",
                    why="The head waits for the first http.response.body message: only that tells whether the server "
                        "knows the length, and until then an error can still be answered with 500.")
        expect_that(not exchange.response.head_sent and not exchange.ended.is_set(), "start says that the head has "
                    "gone, or that the response has ended", why="It has begun, and that is all.")

    def test_the_response_keeps_status_and_headers(self):
        exchange = exchange_for()
        start(exchange, status=404, headers=list(PAIRS))
        expect_same((exchange.response.status, exchange.response.headers), ("404 Not Found", HEADERS),
                    "self.response.start_response checks them, and keeps them for the head.",
                    of="self.response.status, .headers", problem="the response has not begun as the message says")

    def test_a_second_start_is_refused(self):
        exchange = exchange_for()
        start(exchange, status=200, headers=PAIRS[:1])
        expect_raised(AssertionError, lambda: start(exchange, status=404), "a second start is no error",
                      "start_response raises AssertionError for it: let that out, so that the application learns of "
                      f"its mistake {ASGI}")
        expect_same((exchange.response.status, exchange.response.headers), ("200 OK", HEADERS[:1]),
                    "The first one counts.", of="self.response.status, .headers",
                    problem="a second start changes what the first has begun")

    @each_family(ours="ch07_asgi", more=(AssertionError,))
    def test_what_start_response_raises_is_let_out(self, kind):
        exchange, error = exchange_for(), kind("a header that cannot be sent")
        exchange.response.start_response = raising(error)
        expect_let_out(error, lambda: start(exchange, status=200, headers=PAIRS[:1]),
                       f"{kind.__name__} of start_response is not let out",
                       "Who has called send with what cannot be sent is to learn of it.")

    def test_what_is_refused_is_not_tried_again(self):
        exchange, calls = exchange_for(), []

        def start_response(status, headers, exc_info=None):
            calls.append(headers)
            if len(calls) == 1:
                raise ValueError("a header that cannot be sent")

        exchange.response.start_response = start_response
        expect_raised(ValueError, lambda: start(exchange, status=200, headers=PAIRS[:1]),
                      "what start_response refuses is tried again, with something else",
                      "The client would get another answer than the application has made, and nobody learns of the "
                      "mistake: let the error out.")

    def test_each_exchange_has_its_own_response(self):
        one, other = exchange_for(), exchange_for()
        start(one, status=200, headers=PAIRS[:1])
        start(other, status=404, headers=PAIRS[1:2])
        expect_same([(each.response.status, each.response.headers) for each in (one, other)],
                    [("200 OK", HEADERS[:1]), ("404 Not Found", HEADERS[1:2])], "Many run at once: what is kept "
                    "belongs to self.", problem="one exchange has what was meant for another")
