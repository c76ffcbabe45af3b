"""Step 6.7 · Server.answer"""
import socket

import flask
import pytest

from tests.ch06_concurrency.serving_parts import (
    CLIENT,
    LoopConnection,
    app_of,
    call_for,
    ch06,
    client_with,
    done,
    each_of,
    server_with,
)
from tests.expect import Own, more_lines
from workshop.checking.diagnosis import Diagnosis, expect_same, expect_that, shown_bytes
from workshop.checking.exchange import receive_all
from workshop.checking.programs import SECONDS
from workshop.checking.tree import deepest_place
from wsgi_contract.answer import read_answer

KEEPING = [("connection", "keep-alive")]
FIVE = [("Content-Length", "5")]
HELLO = [b"hello"]
KEPT = {  # what is answered -> parts of the request, the application
    "a page with its length": ({}, app_of(HELLO, headers=FIVE)),
    "a page in chunks": ({}, app_of([b"hello, ", b"world"])),
    "a page without a body": ({}, app_of([])),
    "HEAD": ({"method": "HEAD"}, app_of(HELLO, headers=FIVE)),
    "an error page of the application's own": ({}, app_of(HELLO, "500 Oh Dear")),
    "HTTP/1.0 with keep-alive": ({"version": "HTTP/1.0", "fields": KEEPING}, app_of(HELLO, headers=FIVE)),
}
CLOSED = "The head has said `Connection: close`. Whether it did, response.keep_alive knows."
NOT_WHOLE = "The client waits for the rest, and would take the next answer for it: response.whole is False then."
FAILED = "Something was raised. Nobody knows what the client has received: nothing can follow on this connection."
NOT_KEPT = {  # what is answered -> parts of the request, the application, and why the client is not kept
    "the client says Connection: close": ({"fields": [("connection", "close")]}, app_of(HELLO), CLOSED),
    "the client speaks HTTP/1.0": ({"version": "HTTP/1.0"}, app_of(HELLO, headers=FIVE), CLOSED),
    "a page for HTTP/1.0 has no length": (
        {"version": "HTTP/1.0", "fields": KEEPING}, app_of([b"hello, ", b"world"]),
        "Only the end of the connection says where this body ends: build_head has set response.keep_alive to False."),
    "the page is shorter than its Content-Length": ({}, app_of(HELLO, headers=[("Content-Length", "9")]), NOT_WHOLE),
    "the page is longer than its Content-Length": ({}, app_of([b"hello, world"], headers=FIVE), FAILED),
    "the call fails": ({}, app_of(call=RuntimeError), FAILED),
    "the page fails after its first block": ({}, app_of([b"hello, ", b"world"], end=RuntimeError), FAILED),
    "Ctrl-C is pressed": ({}, app_of(call=KeyboardInterrupt), FAILED),
}


class Answered:
    """A Call that was answered: whether the client is kept, and what it was sent."""

    def __init__(self, app, parts=(), *, connection=None, address=CLIENT, server=None, **state):
        self.connection = connection or LoopConnection()
        self.client = client_with(connection=self.connection, address=address)
        self.client.server_address = ("127.0.0.1", 8000)
        self.call = call_for(**dict(parts))(self.client)
        self.server = server or server_with(**{"stopping": False} | state)
        self.server.app = app
        request = self.call.request
        fields = "".join(f", {name}: {value}" for name, value in request.fields if name != "host")
        self.rows = {"request": f"{request.method} {request.target} {request.version}{fields}",
                     "app": app.__name__}
        self.rows |= {"server": "server.stopping is True"} if self.server.stopping else {}
        self.kept = self.returned()

    def returned(self):
        """Return what answer returns. Raises Diagnosis if something is raised."""
        try:
            return done(self.server, "answer", self.call, "call")
        except (NotImplementedError, Diagnosis):
            raise
        except (Exception, SystemExit, KeyboardInterrupt, GeneratorExit) as error:
            raise Diagnosis(f"{type(error).__name__} is let out", **self.rows, came_out=repr(error),
                            place=deepest_place(error.__traceback__), expected="a traceback on stderr, and False",
                            why="Whatever an application does must not end the loop, with all the clients in it: catch "
                                "BaseException. SystemExit and KeyboardInterrupt are no Exception.")

    def answer(self):
        """Return the one response that was sent, taken apart."""
        return read_answer(self.connection.sent, head_only=self.call.request.method == "HEAD")


def expect_non_blocking(connection, case, rows):
    """Fail unless a connection is non-blocking again."""
    expect_same(connection.gettimeout(), 0.0, of="connection.gettimeout()", **rows,
                problem=f"the connection is not non-blocking again afterwards ({case})",
                why="The loop asks it next, and must not wait for one client. `finally` does it in every case: "
                    "`connection.setblocking(False)`.")


@pytest.mark.step("6.7")
class TestAnswer:
    @pytest.mark.parametrize("case", KEPT)
    def test_after_a_whole_answer_the_client_is_kept(self, case):
        parts, app = KEPT[case]
        answered = Answered(app, parts)
        expect_same(answered.answer().values("Connection"), ["keep-alive"], of="Connection, in the head",
                    **answered.rows, problem=f"the client is not told that it is kept ({case})",
                    why="The response is a KeepAliveResponse, whose keep_alive is what wants_keep_alive says (RFC 9112 "
                        "section 9.3).")
        expect_same(answered.kept, True, **answered.rows, problem=f"True is not returned after a whole answer ({case})",
                    why="response.whole and response.keep_alive are true: the connection serves for the next request.")
        expect_non_blocking(answered.connection, case, answered.rows)

    @pytest.mark.parametrize("case", NOT_KEPT)
    def test_the_client_is_not_kept_where(self, case):
        parts, app, why = NOT_KEPT[case]
        answered = Answered(app, parts)
        expect_same(answered.kept, False, why, **answered.rows, problem=f"False is not returned where {case}")
        expect_non_blocking(answered.connection, case, answered.rows)
        expect_that(answered.connection.sent.count(b"HTTP/1.1 ") < 2, f"more than one response is sent where {case}",
                    **answered.rows, came_back=shown_bytes(answered.connection.sent),
                    why="One request gets one response, and answer_with sends it.")

    @pytest.mark.parametrize("case", ["the server is stopping", "the server is stopped while the application runs"])
    def test_the_client_is_told_that_it_is_not_kept_where(self, case):
        server = server_with(stopping=case == "the server is stopping")
        answered = Answered(app_of(HELLO, note=lambda when: setattr(server, "stopping", True)), server=server)
        expect_same(answered.answer().values("Connection"), ["close"], of="Connection, in the head", **answered.rows,
                    problem=f"the client is told that it is kept where {case}",
                    why="A server that is stopping takes no further request. A KeepAliveResponse asks it when its head "
                        "is due, if it knows the server: that is its fourth argument.")
        expect_same(answered.kept, False, CLOSED, **answered.rows, problem=f"False is not returned where {case}")

    @pytest.mark.parametrize("left", [20, "the last chunk"])
    def test_a_client_that_has_left_is_not_kept(self, left, capsys):
        app = app_of([b"hello, ", b"world"])
        sent = Answered(app).connection.sent
        usual = capsys.readouterr()
        answered = Answered(app, connection=LoopConnection(breaks=len(sent) - 3 if left == "the last chunk" else left))
        expect_same(answered.kept, False, **answered.rows, problem="False is not returned for a client that has left",
                    why="answer_with raises nothing for it, but response.whole stays False: ask that.")
        expect_non_blocking(answered.connection, "a client that has left", answered.rows)
        expect_that("Traceback" not in "".join(more_lines(capsys.readouterr(), usual)),
                    "a client that has left is reported as an error", **answered.rows,
                    why="answer_with says nothing of it. People close their browsers.")

    def test_while_the_application_runs_the_time_limit_is_that_for_sending(self):
        limits, connection = {}, LoopConnection()
        app = app_of([b"hello, ", b"world"], note=lambda when: limits.setdefault(when, connection.timeout))
        answered = Answered(app, connection=connection)
        limit = float(ch06.SEND_SECONDS)
        expect_same(limits, {"the call": limit, "a block": limit, "close": limit}, **answered.rows,
                    of="the time limit of the connection in", problem="the connection's time limit is not SEND_SECONDS "
                    "while the application runs",
                    why="A non-blocking connection takes what fits into a buffer and raises BlockingIOError for the "
                        "rest: large pages would be cut off. Without a limit, a client that reads nothing keeps the "
                        "thread for ever.")
        expect_non_blocking(connection, "a page", answered.rows)

    @each_of(ValueError, ConnectionResetError, Own("ClientGone"), SystemExit, KeyboardInterrupt, GeneratorExit)
    def test_what_is_raised_is_printed(self, kind, capsys):
        answered = Answered(app_of(HELLO, close=kind))
        out, printed = capsys.readouterr()
        case = f"{kind.__name__}, raised by the close of the page"
        expect_that("Traceback" in printed and kind.__name__ in printed, f"there is no traceback on stderr of {case}",
                    **answered.rows, stderr=printed or "(nothing)",
                    why="answer_with lets it out, so nobody else tells of it: `traceback.print_exc()`.")
        expect_same(out, "", of="stdout", problem="something is printed on stdout", why="The log is stderr.")
        expect_same(answered.kept, False, FAILED, **answered.rows, problem=f"False is not returned after {case}")
        expect_non_blocking(answered.connection, case, answered.rows)

    def test_an_error_that_answer_with_has_reported_is_not_reported_again(self, capsys):
        answered = Answered(app_of(call=RuntimeError))
        printed = capsys.readouterr().err
        expect_same(printed.count("Traceback"), 1, of="tracebacks on stderr", **answered.rows,
                    problem="an error of the application does not have one traceback",
                    why="answer_with prints it, and answers 500. Print what comes out of answer_with, and no more.")
        expect_same(answered.answer().status, 500, **answered.rows, problem="it is not answered with 500",
                    why="answer_with does so, if no head has gone.")

    def test_nothing_else_is_printed(self, capsys):
        answered = Answered(app_of(HELLO), address=("192.0.2.7", 1234))
        out, printed = capsys.readouterr()
        lines = printed.splitlines()
        expect_that(len(lines) == 1 and lines[0].startswith("192.0.2.7 ") and '"GET /page HTTP/1.1" 200 5' in lines[0],
                    "stderr does not have the access line of answer_with, and that alone", **answered.rows,
                    stderr=printed or "(nothing)", expected='192.0.2.7 - - […] "GET /page HTTP/1.1" 200 5 0.000',
                    why="answer_with writes it: give it call.request and call.client.address. There is nothing else to "
                        "tell of an answer.")
        expect_same(out, "", of="stdout", problem="something is printed on stdout", why="The log is stderr.")

    @pytest.mark.clause(36, 58)
    def test_the_environ_is_that_of_environ_of(self):
        environs = []
        parts = {"target": "/a?b=c", "body": b"hello", "fields": [("content-length", "5")]}
        answered = Answered(app_of(HELLO, environs=environs), parts, address=("192.0.2.7", 1234))
        expect_same(len(environs), 1, of="calls of the application", **answered.rows, why="One request is one call.",
                    problem="the application is not called once")
        expected = ch06.environ_of(answered.call, None) | {"wsgi.errors": environs[0].get("wsgi.errors")}
        wrong = [name for name in expected if environs[0].get(name, "(nothing)") != expected[name]]
        expect_that(not wrong, f"{wrong and wrong[0]} in environ is not as environ_of has it", **answered.rows,
                    called="server.answer(call)",
                    came_back="; ".join(f"{name}: {environs[0].get(name, '(nothing)')!r}" for name in wrong),
                    expected="; ".join(f"{name}: {expected[name]!r}" for name in wrong),
                    why="build_environ of chapter 3 does not know that the body is in a file, nor that there are "
                        "threads: `environ_of(call, response)` does (PEP 3333, environ Variables).")

    def test_wsgi_input_is_the_body(self):
        environs = []
        answered = Answered(app_of(HELLO, environs=environs), {"method": "POST", "body": b"hello"})
        expect_that(environs and environs[0]["wsgi.input"] is answered.call.body, "wsgi.input is not call.body",
                    **answered.rows, came_back=repr(environs and environs[0]["wsgi.input"]),
                    expected="call.body itself", why="The body has been received into a file; request.body is empty.")

    def test_a_client_whose_body_is_awaited_is_told_that_it_is_not_kept(self):
        answered = Answered(app_of(HELLO), {"method": "POST", "awaited": 5, "fields": FIVE})
        expect_same(answered.answer().values("Connection"), ["close"], of="Connection, in the head", **answered.rows,
                    problem="the client is told that it is kept where its body is awaited",
                    why="Nobody knows whether a body comes that was not asked for. environ_of(call, response) sees to "
                        "that, if it is given the response that is sent.")
        expect_same(answered.kept, False, CLOSED, **answered.rows,
                    problem="False is not returned where the body is awaited")

    def test_each_call_has_its_own_server_and_client(self):
        first = Answered(app_of([b"first"]))
        second = Answered(app_of([b"second"]))
        third = Answered(app_of([b"third"]), server=first.server)
        expect_same([one.answer().body for one in (first, second, third)], [b"first", b"second", b"third"],
                    of="bodies that the three clients have received",
                    problem="clients of two servers do not get the pages of self.app",
                    why="Each server has its app, and each Call its client: keep neither of them elsewhere.")

    def test_the_state_of_the_server_counts_for_each_call(self):
        server = server_with(stopping=False)
        before = Answered(app_of(HELLO), server=server).kept
        server.stopping = True
        after = Answered(app_of(HELLO), server=server).kept
        expect_same((before, after), (True, False), of="what answer returned before self.stopping was set, and then",
                    problem="it does not count whether the server is stopping when the request is answered",
                    why="A server is stopped while clients are connected: each is told with its next answer.")

    @pytest.mark.parametrize("case, parts, app", [
        ("Connection: close", {"fields": [("connection", "close")]}, app_of(HELLO)),
        ("an error", {}, app_of(call=RuntimeError)),
    ], ids=["close", "an error"])
    def test_the_connection_stays_open_and_what_was_received_stays_there(self, case, parts, app):
        connection = LoopConnection([b"more"])
        answered = Answered(app, parts, connection=connection)
        done_to = [event[0] for event in connection.events if event[0] != "send"]
        expect_same(done_to, [], of="done to the connection, beside sending", **answered.rows,
                    problem=f"more is done to the connection than sending ({case})",
                    why="Whoever calls answer takes leave of the client, or keeps it; the loop receives.")
        expect_that(not answered.call.body.closed, f"the body is closed ({case})", **answered.rows,
                    why="client.calls closes it, when it is asked for the next request.")

    def test_a_page_reaches_the_client_of_a_real_socket(self):
        server, client = socket.socketpair()
        with server, client:
            server.setblocking(False)
            answered = Answered(app_of([b"x" * 1_000]), connection=server)
            client.settimeout(SECONDS)
            expect_non_blocking(server, "a page, over a real socket", answered.rows)
            server.close()
            sent = receive_all(client)
        expect_same((read_answer(sent).body, answered.kept), (b"x" * 1_000, True), **answered.rows,
                    of="the body that the client has received, and what answer returned",
                    problem="over a real socket the page does not come whole, or the client is not kept",
                    why="What holds for a stand-in holds for a socket.")

    @pytest.mark.parametrize("path, status", [("/", 200), ("/broken", 500)])
    def test_a_flask_app_is_answered(self, path, status):
        app = flask.Flask("checked")
        app.add_url_rule("/", "home", lambda: "Hello, 你好")
        app.add_url_rule("/broken", "broken", lambda: 1 / 0)
        app.__name__ = "a Flask app"
        answered = Answered(app, {"target": path})
        expect_same((answered.answer().status, answered.kept), (status, True), **answered.rows,
                    of="the status of the answer, and what answer returned",
                    problem=f"a Flask app is not answered, and its client kept ({path})",
                    why="A framework is an application like any other. It makes a page of its errors itself: that is "
                        "whole, whatever its status.")
