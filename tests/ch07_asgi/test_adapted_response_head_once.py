"""Step 7.14 · AdaptedResponse.head_once"""
import http

import pytest

from tests.ch07_asgi.adapting import as_now, ch01, ch07, pairs_in, request_with
from tests.expect import difference, expect_let_out, expect_raised, expect_type, expect_value, raising
from workshop.checking.diagnosis import expect_same, expect_that, expect_unchanged
from workshop.checking.tree import calls, shown

HEADERS = [("X-Shop", "books"), ("Set-Cookie", "a=1"), ("ETag", '"Ab"'), ("Set-Cookie", "b=2"), ("X-Empty", ""),
           ("X-Name", "caf\xe9"), ("Set-Cookie", "a=1")]
BODILESS = [("HEAD", "200 OK"), ("GET", "204 No Content"), ("GET", "304 Not Modified")]
ONCE = "A response has one head. `super().head_once()` returns bytes when it is due, and b\"\" ever after."


def response_with(status="200 OK", headers=(), known_length=None, emit=None, **request):
    """Return an AdaptedResponse as it is when start_response has accepted status and headers, and what it emits."""
    emitted = []
    response = ch07.AdaptedResponse(request_with(**request), emit or (lambda message: emitted.append(as_now(message))))
    response.started, response.status, response.headers = True, status, list(headers)
    response.known_length = known_length
    return response, emitted


def asked(response):
    """Return what head_once of a response returns; the call is noted for the diagnosis."""
    calls.append(f"response.head_once()\n# self.status={response.status!r}\n"
                 f"# self.headers={shown(response.headers, 100)}\n"
                 f"# self.known_length={response.known_length!r}; the request is {response.method} {response.version}")
    return response.head_once()


def start_of(*arguments, **named):
    """Return the message that head_once emits when it is first called. Raises Diagnosis if it is not this one."""
    response, emitted = response_with(*arguments, **named)
    asked(response)
    expect_that(emitted, "head_once emits no message", expected="an http.response.start message",
                why="The server of ASGI sends the head, and knows of it by this message alone.")
    expect_same(len(emitted), 1, of="number of messages", problem="more than one message is emitted",
                emitted=repr(emitted), why=ONCE)
    message = expect_type(emitted[0], dict, "the message is", "A server looks its parts up by their names.")
    expect_same(message.get("type"), "http.response.start", problem="the type of the message is another one",
                why="With it an ASGI server begins a response.")
    return message


def headers_of(*arguments, **named):
    """Return the headers of that message, as a list of pairs."""
    message = start_of(*arguments, **named)
    expect_that("headers" in message, "the message has no headers", came_back=repr(message),
                why="What the application has given to start_response is sent.")
    return pairs_in(message["headers"], "the message")


def lengths_in(headers):
    """Return the values of all content-length fields, in whatever case their names came."""
    return [value for name, value in headers if name.lower() == b"content-length"]


@pytest.mark.step("7.14")
class TestAdaptedResponseHeadOnce:
    @pytest.mark.parametrize("request_method, known_length", [("GET", None), ("HEAD", 5)])
    def test_it_returns_no_bytes_at_any_time(self, request_method, known_length):
        response, _ = response_with(known_length=known_length, method=request_method)
        came_back = [asked(response) for _ in range(3)]
        expect_same(came_back, [b"", b"", b""], problem="head_once returns something else than b\"\"",
                    why="write sends what head_once returns in front of the block, as part of the body: there the "
                        "head is a message of its own.")

    def test_the_head_is_emitted_when_it_is_first_asked_for(self):
        start_of()

    def test_the_head_is_emitted_once(self):
        response, emitted = response_with("404 Not Found", [("X-A", "1")])
        for _ in range(3):
            asked(response)
        expect_same(len(emitted), 1, of="messages", problem="the head is emitted more than once", why=ONCE)

    @pytest.mark.parametrize("status, code", [("200 OK", 200), ("404 Not Found", 404), ("299 200 Times", 299)])
    def test_the_status_is_the_code_alone(self, status, code):
        came_back = start_of(status).get("status")
        expect_value(int(came_back) if isinstance(came_back, http.HTTPStatus) else came_back, code, kept=status,
                     problem="the status of the message is another one", likely={
                         "the status has its phrase": status, "the status is a str": str(code),
                         "the message has no status": None, "the status is bytes": b"%d" % code},
                     why="In ASGI a status is an int, the first three characters of what WSGI has.")

    def test_the_application_s_headers_are_pairs_of_bytes_in_their_order(self):
        headers = headers_of(headers=HEADERS)
        expected = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in HEADERS]
        given = [pair for pair in headers if pair[0].lower() in dict(expected)]
        if [name.lower() for name, _ in given] == [name for name, _ in expected]:
            expect_same([name for name, _ in given], [name for name, _ in expected],
                        problem="a name is not in lower case", why="ASGI wants it so (\"Response Start\"), for HTTP/2.")
        expect_same(given, expected, problem=f"of the application's headers, {difference(given, expected)}",
                    why="Values stay as they are, each character is a byte (latin-1), and a name may come twice: each "
                        "cookie has a field of its own.")

    @pytest.mark.parametrize("parts", [{}, {"version": "HTTP/1.0"}, {"known_length": 5}, {"method": "HEAD"}],
                             ids=["chunked", "HTTP/1.0", "a length", "HEAD"])
    def test_the_server_s_own_headers_are_not_added(self, parts):
        names = [name for name, _ in headers_of(headers=[("X-A", "1")], **parts)]
        more = [name for name in names if name not in (b"x-a", b"content-length")]
        expect_same(more, [], of="added", problem="there are headers that the application has not given",
                    why="Date, Server, Connection and Transfer-Encoding belong to the server that sends the head; here "
                        "a message is made for it.")

    @pytest.mark.parametrize("known_length", [5, 0])
    def test_a_length_that_is_known_is_told(self, known_length):
        expect_value(lengths_in(headers_of(headers=[("X-A", "1")], known_length=known_length)), [b"%d" % known_length],
                     known=known_length, problem="content-length is not self.length",
                     likely={"there is no content-length, though self.framing is LENGTH": []},
                     why="With it the server need not send chunks. 0 is a length, too: b\"0\".")

    @pytest.mark.parametrize("name, known_length", [
        ("Content-Length", None), ("content-length", 7), ("CONTENT-LENGTH", 5)])
    def test_a_length_that_the_application_gave_is_not_added_again(self, name, known_length):
        headers = headers_of(headers=[("X-A", "1"), (name, "5")], known_length=known_length)
        expect_value(lengths_in(headers), [b"5"], problem="content-length is another one", likely={
            "content-length comes twice": [b"5", b"5"]},
            why="What the application says counts, in whatever case the name is: `self.header(\"content-length\")` "
                "finds it.")

    @pytest.mark.parametrize("request_method, status", BODILESS)
    def test_without_a_body_no_length_is_added(self, request_method, status):
        headers = headers_of(status, known_length=5, method=request_method)
        expect_same(lengths_in(headers), [], problem=f"a content-length is added to a {status} for {request_method}",
                    why="self.framing is not LENGTH there: no body follows, whose bytes the server could have counted.")

    def test_after_head_the_application_s_length_is_told(self):
        headers = headers_of(headers=[("Content-Length", "5")], method="HEAD")
        expect_same(lengths_in(headers), [b"5"], problem="the application's Content-Length is not in the message",
                    why="After HEAD it says how long the body of a GET would be: all of self.headers goes out.")

    @pytest.mark.parametrize("version", ["HTTP/1.1", "HTTP/1.0"])
    def test_without_a_known_length_there_is_none(self, version):
        expect_same(lengths_in(headers_of(version=version)), [], problem="a content-length is made up",
                    why="Nobody knows how long the body is. How its end is told is the server's affair.")

    @pytest.mark.parametrize("headers", [[("Content-Length", "5")], HEADERS],
                             ids=["a length", "many"])
    def test_the_headers_that_are_kept_stay_as_they_are(self, headers):
        response, emitted = response_with(headers=headers, known_length=5)
        asked(response)
        expect_unchanged("self.headers", response.headers, headers, problem="head_once changes self.headers",
                         why="They are the application's, as it has given them. What is added is in the message alone.")

    def test_the_status_is_that_of_the_moment(self):
        response, emitted = response_with("200 OK", [("X-Old", "1")])
        response.status, response.headers = "500 Oh Dear", [("X-New", "1")]  # a second start_response, with exc_info
        asked(response)
        came_back = [(message.get("status"), message.get("headers")) for message in emitted]
        expect_same([(status, pairs_in(headers, "the message")) for status, headers in came_back],
                    [(500, [(b"x-new", b"1")])], problem="the message is not what self.status and self.headers say",
                    why="An application may replace both until the head is sent, when it has found an error.")

    def test_framing_and_limit_are_those_of_chapter_4(self):
        response, _ = response_with(headers=[("Content-Length", "5")])
        asked(response)
        came_back = response.framing, response.head_sent, response.room()
        expect_same(came_back, (ch07.LENGTH, True, 5), of="self.framing, self.head_sent, self.room()",
                    problem="the response does not know what was announced",
                    why="write counts the body with it: call `super().head_once()`, which chooses the framing.")

    def test_two_responses_have_a_head_each(self):
        (first, of_first), (second, of_second) = response_with("200 OK"), response_with("404 Not Found")
        for response in (first, second, first, second):
            asked(response)
        came_back = [[message.get("status") for message in emitted] for emitted in (of_first, of_second)]
        expect_same(came_back, [[200], [404]], problem="the heads of two responses get mixed up", of="statuses emitted",
                    why="Two threads answer at the same time: all that is kept belongs to self, and so does emit.")

    def test_without_start_response_there_is_no_head(self):
        emitted = []
        response = ch07.AdaptedResponse(request_with(), emitted.append)
        for _ in range(2):
            expect_raised(AssertionError, lambda: asked(response), problem="a head is made up where there is none",
                          expected="AssertionError, from super().head_once()",
                          why="An application that never calls start_response has made a mistake, and is told so.")
        expect_same(emitted, [], of="emitted", problem="something is emitted before the error is found",
                    why="The server can answer 500 only as long as nothing has been sent: ask `super()` first.")

    @pytest.mark.parametrize("kind", [ValueError, KeyboardInterrupt])
    def test_what_super_raises_is_let_out(self, kind):
        (response, emitted), error = response_with(), kind("no framing")
        response.choose_framing = raising(error)
        expect_let_out(error, lambda: asked(response), f"what super().head_once() raises is lost ({kind.__name__})",
                       raised="in choose_framing", why="Whoever calls knows what to do with it.")
        expect_same(emitted, [], of="emitted", problem="something is emitted before the error is found",
                    why="Nothing may be sent of a head that cannot be made.")

    @pytest.mark.parametrize("kind", ["ClientGone", "ValueError"])
    def test_what_emit_raises_is_let_out(self, kind):
        error = (ch01.ClientGone if kind == "ClientGone" else ValueError)("emit fails")
        response, _ = response_with(emit=raising(error))
        expect_let_out(error, lambda: asked(response), f"what emit raises is lost ({kind})", raised="by emit",
                       why="If the client has left, the application is to stop: write lets it out, too.")
