"""Step 3.13 · make_handle: clients that leave, errors, and who comes next"""
import contextlib

import pytest

from tests.ch03_environ.applications import function
from tests.ch03_environ.common import CLIENT, TEXT
from tests.ch03_environ.serving import (
    FAILING,
    GET,
    answer_of,
    expect_closed,
    expect_served,
    fails_at_once,
    handle_of,
    page,
    raised_by_reading,
    served,
)
from tests.expect import blaming, expect_silence, expect_value
from workshop.checking.diagnosis import Diagnosis, expect_that, shown_bytes
from workshop.checking.transport import Connection


@pytest.mark.usefixtures("stubs_before_make_handle")
@pytest.mark.step("3.13")
class TestMakeHandle:
    @pytest.mark.parametrize("blocks", [
        pytest.param([], id="at once"),
        pytest.param([b"GET / HT"], id="within the head"),
        pytest.param([b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe"], id="within the body"),
        pytest.param([b"GET / HT", ConnectionResetError("reset by peer")], id="with a reset"),
        pytest.param([b"GET / HT", ConnectionAbortedError("aborted")], id="with an abort, as on Windows"),
        pytest.param([b"GET / HT", BrokenPipeError("broken pipe")], id="with a broken pipe"),
    ])
    def test_a_client_that_leaves_is_no_error(self, blocks, capsys):
        if not isinstance(raised_by_reading(blocks), ConnectionError):
            return
        before = capsys.readouterr()
        connection = Connection(list(blocks))
        why = "Clients leave all the time; the log is for what you can do something about."
        with blaming("a client that leaves makes handle fail", why):
            handle_of(page)(connection, CLIENT)
        expect_that(not connection.sent, "something is sent to a client that has left", why,
                    came_back=shown_bytes(connection.sent))
        expect_silence(capsys.readouterr(), before, "for a client that leaves", why)
        expect_closed(connection, "after a client has left")

    @pytest.mark.parametrize("gone", [BrokenPipeError, ConnectionResetError, ConnectionAbortedError, ConnectionError])
    @pytest.mark.parametrize("sent", [GET, b"GET / HTTP/2.0\r\n\r\n"], ids=["a page", "a refusal"])
    def test_a_client_that_leaves_during_the_answer_is_no_error(self, sent, gone, capsys):
        served(page, sent)
        before = capsys.readouterr()
        connection = Connection(sent, breaks=10) if gone is BrokenPipeError else Connection(sent, fails=gone("gone"))
        why = "Clients leave all the time: sendall raises ConnectionError then, or one of its subclasses, such as " \
              f"{BrokenPipeError.__name__ if gone is ConnectionError else gone.__name__}."
        if sent != GET:
            why += " What sends a refusal stands in a `try` as well (an `except` does not catch what is raised in " \
                   "another `except` of the same `try`)."
        with blaming("a client that leaves during the answer makes handle fail", why,
                     expected="handle returns as if all were well"):
            handle_of(page)(connection, CLIENT)
        expect_silence(capsys.readouterr(), before, "for a client that leaves", why)
        expect_closed(connection, "after a client has left during the answer")

    @pytest.mark.parametrize(("app", "data"), [
        pytest.param(page, GET, id="a page"),
        pytest.param(page, GET.replace(b"GET", b"HEAD"), id="HEAD"),
        pytest.param(fails_at_once, GET, id="an application that fails"),
        pytest.param(page, b"GET / HTTP/9.9\r\nHost: a\r\n\r\n", id="a bad request"),
        pytest.param(page, b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 70_000, id="a head that is too large"),
    ])
    def test_the_client_can_finish_before_the_connection_is_closed(self, app, data):
        connection = Connection([data, b"a body ", b"that nobody reads"])
        handle_of(app)(connection, CLIENT)
        unread = b"".join(connection.blocks)
        expect_that(not unread, "the connection is closed while bytes of the client lie unread",
                    sent=shown_bytes(data), came_back=shown_bytes(connection.sent), unread=shown_bytes(unread, 40),
                    expected="hang_up(connection), whatever was answered",
                    why="Then the system sends a reset, which can overtake the response; hang_up closes without that "
                        "(RFC 9112 section 9.6).")

    @pytest.mark.parametrize("app", FAILING[:3])
    def test_a_client_of_an_application_that_fails_is_answered(self, app):
        with blaming("an error of the application comes out of handle", "The client waits for respond's answer."):
            answer = served(app, GET)
        expect_that(answer.status == 500, f"an application that fails is answered with {answer.status}",
                    "respond answers it with 500 (RFC 9110 section 15.6.1).")

    def test_the_connection_is_closed_after_ctrl_c_too(self):
        def application(environ, start_response):
            raise KeyboardInterrupt

        connection = Connection(GET)
        with contextlib.suppress(KeyboardInterrupt):
            handle_of(application)(connection, CLIENT)
            raise Diagnosis("Ctrl-C is swallowed by handle",
                            why="Ctrl-C may come while the application runs, and must end the server all the same.")
        expect_closed(connection, "after Ctrl-C")

    def test_one_handler_serves_one_client_after_the_other(self):
        def application(environ, start_response):
            start_response("200 OK", [*TEXT])
            return [b"this is ", environ["PATH_INFO"].encode()]

        handle = handle_of(application)
        clients = [Connection(GET.replace(b"/ ", b"/one ")), Connection(b"GET / HT"), Connection(GET)]
        for client in clients:
            handle(client, CLIENT)
        expect_that(clients[0].sent and clients[2].sent, "not every client gets an answer",
                    "One handler serves all clients of the server.", came_back=[client.sent for client in clients])
        expect_that(not clients[1].sent, "a client that has left gets the response of the one before",
                    "Each client gets its own response, and no other.", came_back=shown_bytes(clients[1].sent))
        expect_served(answer_of(clients[2].sent), b"this is /", "Each client gets the response to its own request.")

    def test_two_handlers_have_nothing_in_common(self):
        first, second = handle_of(page), handle_of(function)
        clients = [Connection(GET), Connection(GET)]
        first(clients[0], CLIENT)
        second(clients[1], CLIENT)
        bodies = [client.sent.partition(b"\r\n\r\n")[2] for client in clients]
        expect_value(bodies, [b"Hello\n", b"one two"], problem="two handlers serve the same application",
                     why="Two servers in one program, each with its application, is what make_handle is for.")
