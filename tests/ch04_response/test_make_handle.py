"""Step 4.15 · make_handle"""
import contextlib
import errno

import pytest

from tests.ch04_response.applications import Page, app_noting, app_raising, app_returning, named
from tests.ch04_response.common import CLIENT, GET, body_in, ch02, ch04
from tests.expect import each_family, expect_let_out, expect_silence, raising
from workshop.checking.diagnosis import Diagnosis, expect_same, expect_that
from workshop.checking.transport import DELIVERIES, Connection
from workshop.checking.tree import as_argument, calls, deepest_place
from wsgi_contract.answer import read_answer

NO_REQUESTS = {
    "nothing": [],
    "half a request": [b"GET / HT"],
    "a reset": [b"GET", ConnectionResetError(errno.ECONNRESET, "Connection reset by peer")],
}
SLOW = [b"GET", TimeoutError("timed out")]
# What receive_request lets out.
UNEXPECTED = (KeyboardInterrupt, OSError, SystemExit, GeneratorExit, RuntimeError, ValueError)


def note(app, connection, client=CLIENT):
    """Note the call of a handle as the last one, with the app that it was made for."""
    calls.append(f"make_handle({as_argument(app)})({connection!r}, {client})")


@pytest.mark.step("4.15")
class TestMakeHandle:
    def handle(self, app, connection):
        """Have the function that make_handle returns answer a client, and return the connection."""
        handle = ch04.make_handle(app)
        expect_that(callable(handle), "make_handle does not return a function", came_back=repr(handle),
                    expected="handle(connection, client_address)",
                    why="`serve` of chapter 1 calls it for each client: return the function, without calling it.")
        note(app, connection)
        try:
            handle(connection, CLIENT)
        except ch02.BadRequest as error:
            raise Diagnosis("BadRequest is let out", came_out=repr(error),
                            place=deepest_place(error.__traceback__),
                            why="`receive_request(connection)` answers a bad request itself, and returns None then. "
                                "read_request does not.")
        return connection

    @pytest.mark.parametrize("delivery", DELIVERIES)
    def test_a_client_is_answered(self, delivery):
        connection = self.handle(app_returning([b"hello"]), Connection(GET, delivery=delivery))
        expect_same(read_answer(connection.sent).body, b"hello", problem="the application's page is not sent",
                    why="The request is handled as soon as it is whole, however its bytes arrive.")

    @pytest.mark.parametrize("blocks", [[GET], [b"bad\r\n\r\n"], SLOW, *NO_REQUESTS.values()],
                             ids=["an answer", "a bad request", "a slow client", *NO_REQUESTS])
    def test_the_connection_is_closed_after(self, blocks):
        connection = self.handle(app_returning([b"hello"]), Connection(blocks))
        expect_that(connection.closed, "the connection is not closed",
                    why="It is closed in every case, also where there is no request: each open connection costs the "
                        "server one of its files.")

    @pytest.mark.parametrize("kind", UNEXPECTED)
    def test_the_connection_is_closed_whatever_comes_while_the_request_is_received(self, kind):
        error = kind("no route to host")
        connection = Connection([b"GET", error])
        expect_let_out(error, lambda: self.handle(app_returning([b"hello"]), connection),
                       f"{kind.__name__} is swallowed",
                       why="receive_request lets out what is not the client's doing, for serve to deal with: catch "
                           "nothing.")
        expect_that(connection.closed, f"the connection is not closed after {kind.__name__}",
                    why="It is closed in every case: by `finally`, and receive_request belongs into its `try` too.")

    @each_family(ours="ch04_response")
    def test_what_handle_request_raises_reaches_the_caller(self, kind):
        page, error = Page([]), kind("close fails")
        page.close = raising(error)
        expect_let_out(error, lambda: ch04.make_handle(app_returning(page))(Connection(GET), CLIENT),
                       f"{kind.__name__} is swallowed",
                       why="handle_request lets out what the iterable's close raises, for serve to deal with: catch "
                           "nothing.")

    @pytest.mark.parametrize("blocks", [[GET], [b"bad\r\n\r\n"], SLOW, *NO_REQUESTS.values()],
                             ids=["an answer", "a bad request", "a slow client", *NO_REQUESTS])
    def test_hang_up_does_the_closing(self, blocks):
        events = [event[0] for event in self.handle(app_returning([b"hello"]), Connection(blocks)).events]
        expect_that("shutdown" in events and events[-1] == "close", "the connection is closed at once, without hang_up",
                    came_back=" → ".join(events), expected="… → shutdown → … → close, which is what hang_up does",
                    why="If bytes of the client lie unread, closing sends a reset that can overtake the response "
                        "(RFC 9112 section 9.6).")

    @pytest.mark.parametrize("data", [GET, b"bad\r\n\r\n"], ids=["an answer", "a bad request"])
    def test_the_client_can_finish_before_the_connection_is_closed(self, data):
        connection = self.handle(app_returning([b"hello"]), Connection([data, b"a body ", b"that nobody reads"]))
        unread = b"".join(connection.blocks)
        expect_that(not unread, "the connection is closed while bytes of the client lie unread", unread=repr(unread),
                    expected="hang_up(connection)", sent=repr(data),
                    why="Then the system sends a reset, which can overtake the response; hang_up reads what is left "
                        "before it closes (RFC 9112 section 9.6).")

    @pytest.mark.parametrize("kind", [RuntimeError, SystemExit, KeyboardInterrupt, GeneratorExit])
    def test_hang_up_does_the_closing_after_an_error_too(self, kind):
        page, connection = Page([]), Connection([GET, b"a body ", b"that nobody reads"])
        page.close = raising(kind("close fails"))
        with contextlib.suppress(kind):
            self.handle(app_returning(page), connection)
        unread, events = b"".join(connection.blocks), " → ".join(event[0] for event in connection.events)
        expect_that("shutdown" in events and not unread, f"after {kind.__name__} the connection is closed at once, "
                    "without hang_up", raised=f"{kind.__name__}, by the close of the page", events=events,
                    unread=repr(unread), why="The page has been sent, and its client is to receive it, whatever has "
                        "failed then: a `finally` is run in every case (RFC 9112 section 9.6).")

    @pytest.mark.parametrize("kind", UNEXPECTED)
    def test_hang_up_does_the_closing_after_an_error_while_the_request_is_received(self, kind):
        error = kind("no route to host")
        connection = Connection([b"GET", error])
        with contextlib.suppress(kind):
            self.handle(app_returning([b"hello"]), connection)
        events = [event[0] for event in connection.events]
        expect_that("shutdown" in events, f"after {kind.__name__}, while the request is received, the connection is "
                    "closed at once, without hang_up", came_back=" → ".join(events),
                    expected="… → shutdown → … → close, which is what hang_up does",
                    why="hang_up does the closing in every case: one `finally` around all of it is enough (RFC 9112 "
                        "section 9.6).")

    @pytest.mark.parametrize("case", NO_REQUESTS)
    def test_without_a_request_nothing_is_answered(self, case, capsys):
        called = []
        ch04.receive_request(Connection(NO_REQUESTS[case]))
        with contextlib.suppress(Exception):  # that it fails is reported by the checks of it
            self.handle(app_returning([b"hello"]), Connection(GET))
        usual = capsys.readouterr()
        connection = self.handle(app_noting(called), Connection(NO_REQUESTS[case]))
        expect_that(not called, "the application is called without a request",
                    why="receive_request returns None when there is none: then there is nothing left to do.")
        expect_same(connection.sent, b"", of="sent to the client", problem="something is answered to no request",
                    why="Nobody is there to read it.")
        expect_silence(capsys.readouterr(), usual, "for a client without a request",
                       "receive_request returns None when there is none: then there is nothing left to do, and nothing "
                       "to tell of it.")

    def test_a_bad_request_is_refused_and_never_reaches_the_application(self):
        called = []
        connection = self.handle(app_noting(called), Connection(b"GET /\r\n\r\n"))
        expect_that(not called, "the application is called for a bad request",
                    why="receive_request has told the client what is wrong.")
        expect_same(read_answer(connection.sent).status, 400, problem="a bad request is not answered with 400",
                    why="receive_request answers it; nothing else is sent.")

    def test_a_client_that_is_too_slow_is_refused_and_that_is_in_the_log(self, capsys):
        connection = self.handle(app_returning([b"hello"]), Connection(SLOW))
        expect_that(connection.sent, "a client that is too slow is told nothing",
                    why="receive_request tells it (RFC 9110 section 15.5.9).")
        expect_same(read_answer(connection.sent).status, 408,
                    problem="a client that is too slow is not answered with 408",
                    why="receive_request answers it; nothing else is sent.")
        expect_that("408 Request Timeout" in capsys.readouterr().err, "the refusal is not in the log",
                    why="receive_request prints it.")

    def test_the_time_limit_is_that_for_sending_when_the_application_is_called(self):
        limits, connection = [], Connection(GET)
        app = named("an app that returns [b'hello']", lambda *arguments: (
            limits.append(connection.timeout) or app_returning([b"hello"])(*arguments)))
        self.handle(app, connection)
        limit = limits[0] if limits else "none: the application was not called"
        expect_that(limit == ch04.SEND_SECONDS,
                    "the connection's time limit is not SEND_SECONDS while the request is handled",
                    came_back=f"the limit when the application was called: {limit}",
                    expected=f"the limit when the application is called: {ch04.SEND_SECONDS}",
                    why="Set it when the request has been read: receive_request leaves there what was left for the "
                        "request. Without a limit, a client that does not read its response stops the server; with a "
                        "shorter one, a client that reads slowly is cut off.")

    def test_the_application_learns_the_client_s_address(self):
        environs = []
        app = app_noting(environs)
        handle = ch04.make_handle(app)
        for host in ("192.0.2.7", "192.0.2.8"):
            handle(Connection(GET), (host, 1234))
            note(app, Connection(GET), (host, 1234))
        expect_same([environ["REMOTE_ADDR"] for environ in environs], ["192.0.2.7", "192.0.2.8"],
                    problem="REMOTE_ADDR is not the client's address",
                    why="serve gives each client's address to handle.")

    def test_one_handle_serves_one_client_after_the_other(self):
        app = app_returning([b"hello"])
        handle = ch04.make_handle(app)
        connections = [Connection(GET), Connection(b"GET / HT"), Connection(GET)]
        for connection in connections:
            note(app, connection)
            handle(connection, CLIENT)
        expect_same([body_in(connection.sent) for connection in connections], [b"hello", b"", b"hello"],
                    problem="the second client finds what the first has left behind",
                    why="serve calls the same handle for all clients.")

    def test_a_client_that_leaves_is_no_error(self, capsys):
        self.handle(app_returning([b"hello"]), Connection(GET, breaks=20))
        expect_that("Traceback" not in capsys.readouterr().err, "a client that leaves is reported as an error",
                    why="People close their browsers.")

    def test_ctrl_c_reaches_the_caller_and_the_connection_is_closed(self):
        connection, error = Connection(GET), KeyboardInterrupt()
        expect_let_out(error, lambda: self.handle(app_raising(error), connection), "Ctrl-C is swallowed",
                       "It ends the server.")
        expect_that(connection.closed, "the connection is not closed after Ctrl-C",
                    why="It is closed in every case: `finally`.")
