"""Step 2.12 · handle"""
import base64
import json

import pytest

from tests.ch02_request.common import GET, answer_for, ch02, each, expect_status, post, sent_to, trying
from tests.ch02_request.readers import CONTINUE, body_in_chunks
from workshop.checking.diagnosis import expect_same, expect_that, shown_bytes
from workshop.checking.transport import DELIVERIES, Connection
from wsgi_contract.answer import BLANK_LINE, read_answer


def echo_of(data, delivery="whole"):
    """Return what /echo says of the request data (bytes): a dict."""
    response = answer_for(data, delivery=delivery)
    expect_status(response, 200, "the request is not answered by /echo", "It is a good request.",
                  sent=shown_bytes(data), text=shown_bytes(response.body))
    return json.loads(response.body)


@pytest.mark.step("2.12")
class TestHandle:
    @pytest.mark.parametrize("delivery", DELIVERIES)
    def test_a_page_is_sent_whole_however_the_request_arrives(self, delivery):
        response = answer_for(GET, delivery=delivery)
        expect_status(response, 200, "GET / is not answered with its page", "There is a page at /.", sent=repr(GET))
        expect_same(response.body, ch02.HOME.encode(), problem="the body is not the page",
                    why="What answer returns is the response.")

    def test_the_connection_is_closed_after_the_answer(self):
        client = Connection(GET)
        sent_to(client)
        expect_that(client.closed, "the connection stays open after the answer", sent=client,
                    why="The response says `Connection: close`, and the client waits for it (RFC 9112 section 9.6).")

    @pytest.mark.parametrize("delivery", DELIVERIES)
    def test_what_the_client_said_arrives_whole(self, delivery):
        body = bytes(range(256)) + b"\r\n\r\n"
        said = echo_of(post(b"Content-Length: %d" % len(body), body=body, target=b"/echo?a=%20"), delivery)
        expect_same((said["method"], said["target"], said["query"], said["version"]),
                    ("POST", "/echo?a=%20", "a=%20", "HTTP/1.1"), problem="the request is not what the client said",
                    why="All steps of this chapter are at work here.")
        expect_same(base64.b64decode(said["body_base64"]), body, problem="the body is not what the client sent",
                    why="Bodies are bytes: a picture survives only if nobody decodes it.")

    @pytest.mark.clause(119)
    @pytest.mark.parametrize("delivery", DELIVERIES)
    def test_a_chunked_body_arrives_whole(self, delivery):
        said = echo_of(post(b"Transfer-Encoding: chunked", body=body_in_chunks(b"hello", b" world")), delivery)
        expect_same(said["body"], "hello world", problem="the body is not what the client sent in chunks",
                    why="Chunks are a way to send a body, and no part of it (RFC 9112 section 7.1).")

    @each("what, data_and_host", {
        "a whole URL": (post(target=b"http://example.org:81/echo"), "example.org:81"),
        "a CRLF in front": (b"\r\n" + post(), "a"),
    })
    def test_what_a_client_may_send_is_understood(self, what, data_and_host):
        data, host = data_and_host
        said = echo_of(data)
        expect_same([value for name, value in said["fields"] if name == "host"], [host],
                    problem=f"the host is not the one that is meant: {what}", sent=repr(data),
                    why="RFC 9112 sections 2.2 and 3.2.2.")

    @each("what, target", {"a page": b"/", "no such page": b"/nowhere"})
    def test_head_is_answered_as_get_is_but_without_the_body(self, what, target):
        get, head = (answer_for(method + b" " + target + b" HTTP/1.1\r\nHost: a\r\n\r\n", head_only=method == b"HEAD")
                     for method in (b"GET", b"HEAD"))
        expect_status(head, get.status, f"HEAD is answered with another status than GET: {what}",
                      "It asks for the same.")
        expect_same(head.values("Content-Length"), get.values("Content-Length"),
                    problem=f"HEAD tells another length than GET: {what}",
                    why="The client asks with HEAD how large the page is (RFC 9110 section 9.3.2).",
                    **trying("curl -I http://127.0.0.1:8000/"))

    def test_head_has_no_body_even_where_any_method_is_right(self):
        head = answer_for(post(method=b"HEAD"), head_only=True)
        expect_status(head, 200, "HEAD /echo is not answered", "/echo has ANY method.")
        expect_that(head.values("Content-Length") not in ([], ["0"]), "HEAD tells no length",
                    came_back=f"Content-Length: {head.values('Content-Length')}",
                    why="The client asks with HEAD how large the page is (RFC 9110 section 9.3.2).")

    def test_a_client_is_not_answered_as_the_one_before(self):
        for data in (GET, b"GET /\r\n\r\n"):
            before = sent_to(Connection(data)).partition(BLANK_LINE)[2]
            sent_to(Connection(post(method=b"HEAD")))
            after = sent_to(Connection(data)).partition(BLANK_LINE)[2]
            expect_same(after, before, problem="after a HEAD the next client gets another body", sent=repr(data),
                        why="What is known of one request is no business of the next: keep it in the function.")

    @pytest.mark.parametrize("method", [b"head", b"Head", b"HEADS", b"GETHEAD"])
    def test_only_head_goes_without_a_body(self, method):
        sent = sent_to(Connection(post(method=method)))
        expect_that(sent.partition(BLANK_LINE)[2], "another request is answered as if it were HEAD",
                    came_back=shown_bytes(sent), expected="a response with a body",
                    why="Methods are case-sensitive (RFC 9110 section 9.1).")

    @pytest.mark.clause(115, 116)
    def test_a_client_that_waits_is_told_to_continue_and_then_answered(self):
        client = Connection([post(b"Content-Length: 5", b"Expect: 100-continue"), b"hel", b"lo"])
        sent = sent_to(client)
        expect_that(sent.startswith(CONTINUE), "the client waits for 100 Continue, and does not get it first",
                    came_back=shown_bytes(sent), expected=repr(CONTINUE), sent=client,
                    why="It keeps its body back until then (RFC 9110 section 10.1.1).",
                    **trying("curl -v -H 'Expect: 100-continue' -d hello http://127.0.0.1:8000/echo"))
        expect_that(sent.count(b"100 Continue") == 1, "100 Continue is sent more than once", sent=client,
                    came_back=shown_bytes(sent), why="receive_more sends it, when it is needed: handle need not.")
        said = json.loads(read_answer(sent.removeprefix(CONTINUE)).body)
        expect_same(said["body"], "hello", problem="the body is not what the client sent", sent=client,
                    why="After 100 Continue the body comes as ever.")

    @pytest.mark.clause(115, 117)
    @each("what, data", {
        "the body has come already": post(b"Content-Length: 5", b"Expect: 100-continue", body=b"hello"),
        "there is no body": post(b"Expect: 100-continue"),
        "HTTP/1.0": post(b"Content-Length: 5", b"Expect: 100-continue", version=b"HTTP/1.0", body=b"hello"),
    })
    def test_a_client_that_does_not_wait_gets_the_answer_alone(self, what, data):
        sent = sent_to(Connection(data))
        problem = f"100 Continue is sent to a client that does not wait: {what}"
        expect_that(not sent.startswith(b"HTTP/1.1 100"), problem,
                    came_back=shown_bytes(sent), sent=shown_bytes(data),
                    why="The client takes what comes first for the response (RFC 9110 section 10.1.1).")
        expect_status(answer_for(data), 200, f"a request with Expect is not answered with its page: {what}",
                      "The client expects one response (RFC 9110 section 10.1.1).", sent=shown_bytes(data))
