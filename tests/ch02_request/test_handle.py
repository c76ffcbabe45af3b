"""Step 2.12 · handle"""
import base64
import contextlib
import json
import os
import signal
import socket

import pytest

from contract.answer import BLANK_LINE, read_answer
from tests.ch02_request.common import (
    CONTINUE,
    GET,
    body_in_chunks,
    ch02,
    each,
    expect_status,
    outcome_of,
    told,
    trying,
    value_of,
)
from workshop.checking.diagnosis import Diagnosis, expect_same, expect_that, shown_bytes
from workshop.checking.exchange import exchange
from workshop.checking.programs import chapter_program
from workshop.checking.transport import DELIVERIES, Connection


def post(*lines, body=b"", target=b"/echo", version=b"HTTP/1.1", method=b"POST"):
    """Return a request (bytes) with these field lines behind Host."""
    head = [method + b" " + target + b" " + version, b"Host: a", *lines]
    return b"\r\n".join(head) + BLANK_LINE + body


def sent_to(client):
    """Let the learner's handle answer a client (a Connection), and return the bytes that it sends."""
    value_of(lambda: ch02.handle(client, ("127.0.0.1", 50_000)),
             "an exception comes out of handle, and the client gets no answer",
             "The server survives it, and the client is left with an empty reply.", sent=client)
    return client.sent


def answer_for(data, *, delivery="whole", head_only=False):
    """Return the response to the request data (bytes), read strictly."""
    client = Connection(data, delivery=delivery)
    sent = sent_to(client)
    expect_that(sent, "nothing was sent to the client", sent=client,
                why="A client that gets no bytes can only report an empty reply.")
    expect_that(len(sent) > client.takes, f"only the first {len(sent)} bytes of the answer were sent", sent=client,
                came_back=repr(sent), expected="the whole answer: use sendall",
                why="send takes what there is room for, returns how much that was, and leaves the rest to you.")
    return read_answer(sent, head_only=head_only)


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
                    why="Chunks are for the way only (RFC 9112 section 7.1).")

    @each("what, data_and_host", {
        "a whole URL": (post(target=b"http://example.org:81/echo"), "example.org:81"),
        "an empty line in front": (b"\r\n" + post(), "a"),
    })
    def test_what_a_client_may_send_is_understood(self, what, data_and_host):
        data, host = data_and_host
        said = echo_of(data)
        expect_same([value for name, value in said["fields"] if name == "host"], [host],
                    problem=f"the host is not the one that is meant: {what}", sent=repr(data),
                    why="RFC 9112 sections 2.2 and 3.2.2.")

    @each("what, data_and_status", {
        "no request line": (b"hello\r\n\r\n", 400),
        "no Host": (b"GET / HTTP/1.1\r\n\r\n", 400),
        "no such page": (b"GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n", 404),
        "no such method": (post(target=b"/"), 405),
        "a length that is too large": (post(b"Content-Length: 99999999"), 413),
        "a target that is too long": (b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", 414),
        "an expectation that nobody knows": (post(b"Expect: a-miracle"), 417),
        "too many fields": (post(*[b"a: b"] * 200), 431),
        "a head without an end": (b"GET / HTTP/1.1\r\nHost: a\r\nb: " + b"c" * 70_000, 431),
        "a coding that nobody knows": (post(b"Transfer-Encoding: gzip, chunked"), 501),
        "another version": (b"GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505),
    })
    def test_a_bad_request_is_answered_with_its_status(self, what, data_and_status):
        data, status = data_and_status
        response = answer_for(data)
        expect_status(response, status, f"the answer has another status: {what}",
                      "BadRequest carries the status that the client is told (RFC 9110 section 15).",
                      sent=shown_bytes(data))
        expect_that(response.body.strip(), "the error has no text", sent=shown_bytes(data),
                    came_back=repr(response.body), why="The message of BadRequest says to a person what is wrong.")

    @each("what, data", {
        "Content-Length and chunks": post(b"Content-Length: 5", b"Transfer-Encoding: chunked", body=b"0\r\n\r\nGET /"),
        "two lengths": post(b"Content-Length: 5", b"Content-Length: 6", body=b"hello!"),
        "a list of lengths": post(b"Content-Length: 5, 5", body=b"hello"),
        "a signed length": post(b"Content-Length: +5", body=b"hello"),
        "a length with a space in its name": post(b"Content-Length : 5", body=b"hello"),
        "a length behind a bare LF": post(b"A: b\nContent-Length: 5", body=b"hello"),
        "a length behind a bare CR": post(b"A: b\rContent-Length: 5", body=b"hello"),
        "a folded coding": post(b"Transfer-Encoding:", b" chunked", body=b"0\r\n\r\n"),
        "a coding behind a vertical tab": post(b"Transfer-Encoding: \x0bchunked", body=b"0\r\n\r\n"),
        "a coding behind a no-break space": post(b"Transfer-Encoding: \xa0chunked", body=b"0\r\n\r\n"),
        "another coding behind chunked": post(b"Transfer-Encoding: chunked, identity", body=b"0\r\n\r\n"),
        "chunks in HTTP/1.0": post(b"Transfer-Encoding: chunked", version=b"HTTP/1.0", body=b"0\r\n\r\n"),
        "a size with 0x": post(b"Transfer-Encoding: chunked", body=b"0x5\r\nhello\r\n0\r\n\r\n"),
        "a size with a sign": post(b"Transfer-Encoding: chunked", body=b"+5\r\nhello\r\n0\r\n\r\n"),
        "a size with a space": post(b"Transfer-Encoding: chunked", body=b"5 \r\nhello\r\n0\r\n\r\n"),
        "a size with an underscore": post(b"Transfer-Encoding: chunked", body=b"0_5\r\nhello\r\n0\r\n\r\n"),
        "a size before a bare LF": post(b"Transfer-Encoding: chunked", body=b"5\nhello\r\n0\r\n\r\n"),
        "a bare LF in an extension": post(b"Transfer-Encoding: chunked", body=b"5;\nhello\r\nhello\r\n0\r\n\r\n"),
        "other bytes behind a chunk": post(b"Transfer-Encoding: chunked", body=b"5\r\nhelloXX0\r\n\r\n"),
        "two hosts": post(b"Host: b"),
        "a tab in the request line": b"POST\t/echo\tHTTP/1.1\r\nHost: a\r\n\r\n",
    })
    def test_what_two_programs_could_read_in_two_ways_is_refused(self, what, data):
        expect_status(answer_for(data), 400, f"the answer has another status: {what}",
                      "Two programs that read one request in two ways let a second request slip past the first of them "
                      "(RFC 9112 section 11.2).", sent=shown_bytes(data))

    @each("what, target", {"a page": b"/", "no such page": b"/nowhere"})
    def test_the_answer_to_head_is_that_to_get_without_the_body(self, what, target):
        get, head = (answer_for(method + b" " + target + b" HTTP/1.1\r\nHost: a\r\n\r\n", head_only=method == b"HEAD")
                     for method in (b"GET", b"HEAD"))
        expect_status(head, get.status, f"HEAD is answered with another status than GET: {what}",
                      "It asks for the same.")
        expect_same(head.values("Content-Length"), get.values("Content-Length"),
                    problem=f"HEAD tells another length than GET: {what}",
                    why="The client asks with HEAD how large the page is (RFC 9110 section 9.3.2).",
                    **trying("curl -I http://127.0.0.1:8000/"))

    def test_head_has_no_body_where_any_method_is_right(self):
        head = answer_for(post(method=b"HEAD"), head_only=True)
        expect_status(head, 200, "HEAD /echo is not answered", "/echo has ANY method.")
        expect_that(head.values("Content-Length") not in ([], ["0"]), "HEAD tells no length",
                    came_back=f"Content-Length: {head.values('Content-Length')}",
                    why="The client asks with HEAD how large the page is (RFC 9110 section 9.3.2).")

    def test_only_head_goes_without_a_body(self):
        sent = sent_to(Connection(post(method=b"head")))
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
        expect_status(answer_for(data), 200, f"100 Continue is sent, or the request refused: {what}",
                      "The client expects one response (RFC 9110 section 10.1.1).", sent=shown_bytes(data))

    @each("what, blocks", {
        "at once": [], "within the request line": [b"GET / HT"], "within the head": [b"GET / HTTP/1.1\r\nHost: a\r\n"],
        "within the body": [post(b"Content-Length: 5", body=b"hel")],
        "within a chunk": [post(b"Transfer-Encoding: chunked", body=b"5\r\nhel")],
        "with a reset": [b"GET /", ConnectionResetError("reset")],
        "with a reset in the body": [post(b"Content-Length: 5"), ConnectionResetError("reset")],
    })
    def test_a_client_that_leaves_gets_nothing_and_is_no_error(self, what, blocks):
        client = Connection(blocks)
        outcome = outcome_of(lambda: ch02.handle(client, ("127.0.0.1", 50_000)))
        expect_that(not isinstance(outcome, Exception), f"a client that leaves is an error of yours: {what}",
                    sent=client, **told(outcome), expected="handle returns as if all were well",
                    why="Clients leave all day long, and a traceback for each buries the real errors.")
        expect_same(client.sent, b"", problem=f"a client that has left is sent something: {what}", sent=repr(client),
                    why="Nobody is there to read it, and half a request has no answer (RFC 9112 section 8).")
        expect_that(client.closed, f"the connection of a client that has left stays open: {what}", sent=client,
                    why="A process has a few hundred sockets; each one forgotten is lost until it ends.")

    @pytest.mark.parametrize("request_bytes", [GET, b"GET / HTTP/2.0\r\n\r\n"], ids=["a page", "a refusal"])
    @pytest.mark.parametrize("breaks", [0, 20])
    def test_a_client_that_leaves_during_the_answer_is_no_error(self, breaks, request_bytes):
        client = Connection(request_bytes, breaks=breaks)
        outcome = outcome_of(lambda: ch02.handle(client, ("127.0.0.1", 50_000)))
        expect_that(not isinstance(outcome, Exception), "a client that leaves during the answer is an error of yours",
                    **told(outcome), expected="handle returns as if all were well", sent=client,
                    why="A person has pressed Stop: sendall raises BrokenPipeError, a ConnectionError. An `except` "
                        "does not catch what is raised in another `except` of the same `try`.")
        expect_that(client.closed, "the connection of a client that has left stays open", sent=client,
                    why="A process has a few hundred sockets; each one forgotten is lost until it ends.")

    def test_what_the_client_still_sends_is_read_before_closing(self):
        client = Connection([post(b"Content-Length: 99999999"), b"a", b"b"])
        sent_to(client)
        expect_that(client.sent, "nothing was sent to the client", sent=client,
                    why="A body that is too large is answered with 413.")
        expect_that(not client.blocks, "the connection is closed while bytes of the client lie unread", sent=client,
                    expected="hang_up(connection) in place of connection.close()",
                    why="Closing then sends a reset, and the reset can overtake the answer (RFC 9112 section 9.6).")

    @each("what, error", {"an error in a page": ZeroDivisionError(), "Ctrl-C in a page": KeyboardInterrupt()})
    def test_the_connection_is_closed_on_every_path(self, monkeypatch, what, error):
        def fail(request):
            raise error

        monkeypatch.setitem(ch02.PAGES, b"/broken", (None, fail))
        client = Connection(b"GET /broken HTTP/1.1\r\nHost: a\r\n\r\n")
        with contextlib.suppress(type(error)):
            ch02.handle(client, ("127.0.0.1", 50_000))
        expect_that(client.closed, f"the connection stays open after {what}", sent=client,
                    why="What stands behind a line that raises is not run; `finally` is.")

    @pytest.mark.parametrize("error", [KeyError("a bug"), ValueError("a bug"), FileNotFoundError("a bug")],
                             ids=lambda error: type(error).__name__)
    def test_a_bug_is_let_out_after_the_connection_is_closed(self, monkeypatch, error):
        def show(request):
            raise error

        monkeypatch.setitem(ch02.PAGES, b"/", (ch02.ANY, show))
        client = Connection(GET)
        raised = outcome_of(lambda: ch02.handle(client, ("127.0.0.1", 50_000)))
        rows = {"raised": f"{error!r}, by the function of the page", "sent": client}
        expect_that(raised is error, "handle swallows an unexpected error", **rows, came_back=shown_bytes(client.sent),
                    why="Only what you expect is handled here: an error that nobody sees is a bug that nobody finds.")
        expect_that(client.closed, "the connection is still open after an unexpected error", **rows,
                    why="`finally` closes on every path.")

    def test_ctrl_c_gets_out(self):
        client = Connection([KeyboardInterrupt()])
        with contextlib.suppress(KeyboardInterrupt):
            ch02.handle(client, ("127.0.0.1", 50_000))
            raise Diagnosis("KeyboardInterrupt is swallowed", sent=repr(client), expected="it comes out of handle",
                            why="Ctrl-C is how a person ends a server: `except Exception` leaves it alone, a bare "
                                "`except` does not.")

    @pytest.mark.program
    def test_the_program_answers_requests(self):
        import requests

        with chapter_program("ch02_request") as program, requests.Session() as session:
            session.trust_env = False  # no proxy between us
            url = f"http://127.0.0.1:{program.port()}"
            page = session.get(f"{url}/", timeout=5)
            expect_same((page.status_code, page.text), (200, ch02.HOME), problem="requests.get does not get the page",
                        why="The program serves what handle answers.")
            said = session.post(f"{url}/echo?page=2", data={"who": "你好"}, timeout=5).json()
            expect_same((said["method"], said["query"], said["body"]), ("POST", "page=2", "who=%E4%BD%A0%E5%A5%BD"),
                        problem="requests.post does not get its echo", why="The program serves what handle answers.")
            said = session.put(f"{url}/echo", data=iter([b"in ", b"chunks"]), timeout=5).json()
            expect_same(said["body"], "in chunks", problem="a chunked upload of requests is not understood",
                        why="requests sends chunks where it does not know how long a body is.")

    @pytest.mark.program
    def test_the_program_refuses_and_goes_on(self):
        with chapter_program("ch02_request") as program:
            port = program.port()
            for data, status in [(b"hello\r\n\r\n", 400), (post(b"Content-Length: 9999999", body=b"a" * 100_000), 413),
                                 (GET, 200)]:
                expect_status(read_answer(exchange(port, data, end=True)), status, "the answer has another status",
                              "A bad request ends its own connection and nothing else.", sent=shown_bytes(data))

    @pytest.mark.program
    @pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
    @pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
    def test_the_program_ends_cleanly(self, how):
        with chapter_program("ch02_request") as program:
            program.port()
            status = program.interrupt(how)
            expect_same((status, program.stderr), (0, ""), problem=f"the program does not end cleanly on {how.name}",
                        why="A server is ended this way every day: no traceback, exit status 0.")

    @pytest.mark.program
    def test_a_port_that_is_taken_is_told_in_a_sentence(self):
        with socket.create_server(("127.0.0.1", 0)) as other:
            bind = f"127.0.0.1:{other.getsockname()[1]}"
            with chapter_program("ch02_request", bind=bind) as program:
                program.wait_for(lambda: not program.running_readers())
                if "not started" in program.stderr:
                    raise program.explained()
                lines = program.stderr.strip().splitlines()
                expect_that(len(lines) == 1 and "Traceback" not in lines[0],
                            "a port that is taken is not told in a sentence", came_back=program.last_lines(),
                            expected=f"one line about {bind}",
                            why="The person who started it wants to know what to do, not where in Python it happened.")
