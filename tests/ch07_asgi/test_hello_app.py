"""Step 7.1 · hello_app"""
import asyncio

import pytest

from tests.ch07_asgi.adapting import OTHER_TYPES, ch07, pairs_in, scope_for
from tests.ch07_asgi.loops import finished
from tests.expect import expect_raised, expect_type, expect_value
from workshop.checking.diagnosis import Diagnosis, expect_same, expect_that

START, BODY = "http.response.start", "http.response.body"
PATHS = {"the root": "/", "a name": "/a", "a long one": "/a/b/c.html", "Chinese": "/你", "French": "/café",
         "percent and braces": "/100%/{0}/%s", "a replacement character": "/\ufffd", "empty": ""}


async def receive():
    raise Diagnosis("hello awaits receive", expected="hello sends its answer, and receives nothing",
                    why="All that it needs is in the scope; the example in the task gives it no receive at all.")


def sent_for(scope):
    """Return the messages that hello sends for a scope, those that it has awaited."""
    messages = []

    async def send(message):
        messages.append(message)

    finished(ch07.hello_app(scope, receive, send), called=f"hello_app({scope!r}, receive, send)")
    return messages


def start_and_body(scope=None):
    """Return the two messages of hello. Raises Diagnosis if there are not these two, and in this order."""
    messages = sent_for(scope or {"type": "http", "path": "/a"})
    for message in messages:
        expect_type(message, dict, "a message is", "A server looks its parts up by their names: message['type'].")
    came_back = [message.get("type") for message in messages]
    expect_value(came_back, [START, BODY], problem="the types of the messages are others", likely={
        "nothing is sent": [], "the body is not sent": [START], "the response is not started": [BODY],
        "the body is sent before the start": [BODY, START],
        "one dict is sent twice, changed in between": [BODY, BODY]},
        why="A response is a start, and then its body. Whoever keeps the messages finds each as it was: two dicts.")
    return messages


def headers_for(scope=None):
    """Return the headers of hello's answer as a list of pairs."""
    start, _ = start_and_body(scope)
    expect_that("headers" in start, "the start message has no headers", came_back=repr(start),
                why="Without them a browser has to guess what the body is.")
    return pairs_in(start["headers"], "the start message")


def values_of(name, headers):
    """Return the values of all headers with this lower-case name, in whatever case it came."""
    return [value for key, value in headers if key.lower() == name]


@pytest.mark.step("7.1")
class TestHello:
    @pytest.mark.parametrize("path", PATHS.values(), ids=PATHS)
    def test_the_body_has_the_path_and_a_line_end(self, path):
        _, body = start_and_body({"type": "http", "path": path})
        text = f"hello from {path}"
        expect_value(body.get("body"), f"{text}\n".encode(), problem="the body is another one", likely={
            "the line end is missing": text.encode(), "the line ends with CRLF": f"{text}\r\n".encode(),
            "the body is a str": f"{text}\n", "the body message has no body": None,
            "the characters are not encoded as UTF-8": f"{text}\n".encode("latin-1", "replace")},
            why="What is sent are bytes, encoded as the content-type says.")

    @pytest.mark.parametrize("path", ["/", "/你", "/café"], ids=["the root", "Chinese", "French"])
    def test_the_content_length_counts_the_bytes(self, path):
        headers = headers_for({"type": "http", "path": path})
        size, characters = len(f"hello from {path}\n".encode()), len(f"hello from {path}\n")
        expect_value(values_of(b"content-length", headers), [b"%d" % size], headers=headers,
                     problem="content-length is not how many bytes the body has", likely={
                         "there is no content-length": [],
                         "content-length counts characters, not bytes": [b"%d" % characters],
                         "content-length counts all but the line end": [b"%d" % (size - 1)]},
                     why="The client reads so many bytes and no more, and one character may be several: encode the "
                         "text first, and then take the len of that.")

    def test_the_status_is_200(self):
        status = start_and_body()[0].get("status")
        expect_that(isinstance(status, int), "the status is no int", came_back=repr(status), expected="200",
                    why="In ASGI a status is a number alone; the server adds the phrase.")
        expect_same(int(status), 200, problem="the status is another one", why="All has gone well.")

    def test_the_content_type_says_how_the_text_is_encoded(self):
        came_back = values_of(b"content-type", headers_for())
        expect_value(came_back, [b"text/plain; charset=utf-8"], problem="the content-type is another one",
                     likely={"there is no content-type": [], "the content-type has no charset": [b"text/plain"]},
                     why="Without a charset, the client has to guess how the bytes become characters.")

    def test_the_names_of_the_headers_are_in_lower_case(self):
        names = [name for name, _ in headers_for()]
        expect_same(names, [name.lower() for name in names], problem="a name of a header is not in lower case",
                    why="ASGI wants it so: HTTP/2 sends no others, and whoever looks for a name compares once "
                        "(\"Response Start\").")

    def test_nothing_follows_the_body(self):
        _, body = start_and_body()
        expect_that(not body.get("more_body"), "the body message says that more follows", came_back=repr(body),
                    expected="no more_body, or False", why="The server would wait for the rest for ever.")

    def test_the_body_is_sent_when_the_start_has_been_sent(self):
        events = []

        async def send(message):
            kind = message["type"].rpartition(".")[2]
            events.append(f"{kind} begins")
            await asyncio.sleep(1)
            events.append(f"{kind} is sent")

        finished(ch07.hello_app({"type": "http", "path": "/a"}, receive, send),
                 called="hello_app(scope, receive, send)")
        expect_same(events, ["start begins", "start is sent", "body begins", "body is sent"], of="what happens",
                    problem="send is not awaited for one message after the other", send="takes a second for each",
                    why="send returns when the client has taken the message, or most of it: `await` each before you go "
                        "on. So a slow client holds up its own answer, and nothing piles up.")

    def test_only_type_and_path_of_the_scope_count(self):
        scope = scope_for("/shop/a b", root_path="/shop", query_string=b"page=2", raw_path=b"/shop/a%20b",
                          method="POST", headers=[(b"x-path", b"/other")])
        expect_same(start_and_body(scope)[1].get("body"), b"hello from /shop/a b\n", problem="the body is another one",
                    why="PATH is scope['path'], which is decoded, and has root_path at its beginning.")

    def test_a_second_answer_has_headers_of_its_own(self):
        headers_for({"type": "http", "path": "/the/first/of/them"})
        names = sorted(name for name, _ in headers_for({"type": "http", "path": "/b"}))
        expect_same(names, [b"content-length", b"content-type"], problem="the second answer has other headers",
                    why="Each answer begins with a new list: one that is kept between calls has the headers of all.")

    @pytest.mark.parametrize("kind", OTHER_TYPES)
    @pytest.mark.parametrize("more", [{}, {"path": "/a", "headers": []}], ids=["no path", "a path"])
    def test_what_is_no_request_is_refused(self, kind, more):
        messages, scope = [], {"type": kind, **more}

        async def send(message):
            messages.append(message)

        expect_raised(ValueError, lambda: finished(ch07.hello_app(scope, receive, send), called="hello_app(scope, …)"),
                      problem=f"hello has an answer for a scope of the type {kind!r}",
                      why="A server asks so whether there is something for its beginning and end, or for WebSocket. "
                          "Look at scope['type'] first: it is \"http\" for a request, and only then is there a path.")
        expect_same(messages, [], problem=f"something is sent for a scope of the type {kind!r}", of="what was sent",
                    why="A response to what is no request means nothing: raise before anything is sent.")
