"""Step 3.12 · make_handle"""
import contextlib

import pytest

from tests.ch03_environ.common import (
    ALL_BYTES,
    CLIENT,
    FAILING,
    FLASK,
    GET,
    SERVER,
    TEXT,
    Positional,
    Trouble,
    answer_of,
    blaming,
    body_of,
    ch02,
    ch03,
    expect_closed,
    expect_served,
    expect_value,
    function,
    handle_of,
    let_stubs_be_heard,
    only_stubs_heard,
    page,
    prepared,
    request,
    served,
    shop,
)
from workshop.checking.diagnosis import Diagnosis, expect_that, shown_bytes
from workshop.checking.transport import DELIVERIES, Connection


def as_bytes(prepared):
    """Return the bytes that `requests` would send."""
    fields = {"Host": "127.0.0.1:8000", **prepared.headers}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"{prepared.method} {prepared.path_url} HTTP/1.1\r\n{head}\r\n".encode("latin-1") + body_of(prepared)


@pytest.mark.step("3.12")
class TestMakeHandle:
    @pytest.fixture(autouse=True)
    def steps_before(self):
        let_stubs_be_heard()
        with only_stubs_heard():
            ch03.respond(page, request(), SERVER, CLIENT)
        with only_stubs_heard():
            ch02.read_request(Connection(GET))

    def test_it_returns_a_function(self):
        handle_of(page)

    @pytest.mark.clause(14)
    def test_the_application_is_not_called_before_a_client_comes(self):
        app = Positional()
        handle_of(app)
        expect_that(not app.calls, "make_handle calls the application itself",
                    "There is no request yet; handle is called when there is one.")

    def test_a_client_is_answered(self):
        expect_served(served(page, GET), b"Hello\n", "What the application says is what the client gets.")

    @pytest.mark.parametrize("delivery", DELIVERIES)
    def test_the_request_is_read_however_its_bytes_arrive(self, delivery):
        def echo(environ, start_response):
            start_response("200 OK", TEXT)
            return [environ["wsgi.input"].read()]

        data = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody"
        expect_served(served(echo, data, delivery=delivery), b"body", "A network delivers in pieces of its own choice.")

    @pytest.mark.clause(44)
    def test_the_environ_has_the_addresses_of_both_sides(self):
        environs = []

        def application(environ, start_response):
            environs.append(environ)
            return page(environ, start_response)

        connection = Connection(GET)
        connection.getsockname = lambda: ("198.51.100.3", 4711)
        handle_of(application)(connection, CLIENT)
        why = ("The server may listen on any address and port; this connection knows on which, and serve says who the "
               "client is.")
        expect_that(environs, "the application is not called", why, came_back=shown_bytes(connection.sent))
        names = ("SERVER_NAME", "SERVER_PORT", "REMOTE_ADDR")
        expect_value([environs[0].get(name) for name in names], ["198.51.100.3", "4711", CLIENT[0]], likely={
            "the server's address is fixed, not that of the connection": ["127.0.0.1", "8000", CLIENT[0]],
            "the addresses of server and client have changed places": [CLIENT[0], "50000", "198.51.100.3"],
            "the client's address is given as the server's": [CLIENT[0], "50000", CLIENT[0]],
        }, why=why, problem="SERVER_NAME, SERVER_PORT and REMOTE_ADDR are not those of the connection")

    @pytest.mark.parametrize(("data", "status"), [
        pytest.param(b"GET / HTTP/1.1\r\n\r\n", 400, id="no Host"),
        pytest.param(b"GET / HTTP/9.9\r\nHost: a\r\n\r\n", 505, id="another version"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: a\r\nExpect: tea\r\n\r\n", 417, id="another expectation"),
    ])
    def test_a_bad_request_is_answered_with_its_status(self, data, status):
        app = Positional()
        why = "BadRequest carries the status that tells the client what to do better (RFC 9110 section 15.5)."
        with blaming("a bad request makes handle fail", why):
            answer = served(app, data)
        expect_that(answer.status == status, f"a bad request is answered with {answer.status}, not {status}", why)
        expect_that(not app.calls, "the application is called with a bad request",
                    "What can't be understood can't be handed on.")

    @pytest.mark.parametrize("blocks", [
        pytest.param([], id="at once"),
        pytest.param([b"GET / HT"], id="within the head"),
        pytest.param([b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe"], id="within the body"),
        pytest.param([b"GET / HT", ConnectionResetError("reset by peer")], id="with a reset"),
    ])
    def test_a_client_that_leaves_is_no_error(self, blocks):
        connection = Connection(blocks)
        why = "Clients leave all the time; the log is for what you can do something about."
        with blaming("a client that leaves makes handle fail", why):
            handle_of(page)(connection, CLIENT)
        expect_that(not connection.sent, "something is sent to a client that has left", why,
                    came_back=shown_bytes(connection.sent))
        expect_closed(connection)

    @pytest.mark.parametrize("sent", [GET, b"GET / HTTP/2.0\r\n\r\n"], ids=["a page", "a refusal"])
    def test_a_client_that_leaves_during_the_answer_is_no_error(self, sent):
        connection = Connection(sent, breaks=10)
        with blaming("a client that leaves during the answer makes handle fail", "Clients leave all the time."):
            handle_of(page)(connection, CLIENT)
        expect_closed(connection)

    def test_the_client_can_finish_before_the_connection_is_closed(self):
        connection = Connection([GET, b"a body ", b"that nobody reads"])
        handle_of(page)(connection, CLIENT)
        unread = b"".join(connection.blocks)
        expect_that(not unread, "the connection is closed while bytes of the client lie unread", came_back=repr(unread),
                    why="Then the system sends a reset, which can overtake the response; hang_up closes without that "
                        "(RFC 9112 section 9.6).")

    @pytest.mark.parametrize("app", FAILING[:3])
    def test_a_client_of_an_application_that_fails_is_answered(self, app):
        with blaming("an error of the application comes out of handle", "The client waits for respond's answer."):
            answer = served(app, GET)
        expect_that(answer.status == 500, f"an application that fails is answered with {answer.status}",
                    "respond answers it with 500 (RFC 9110 section 15.6.1).")

    def test_the_connection_is_closed_even_at_ctrl_c(self):
        def application(environ, start_response):
            raise KeyboardInterrupt

        connection = Connection(GET)
        with contextlib.suppress(KeyboardInterrupt):
            handle_of(application)(connection, CLIENT)
            raise Diagnosis("Ctrl-C is swallowed by handle",
                            why="Ctrl-C may come while the application runs, and must end the server all the same.")
        expect_closed(connection)

    @pytest.mark.parametrize("error", [Trouble("a bug of the server"), OSError(9, "Bad file descriptor")],
                             ids=lambda error: type(error).__name__)
    def test_a_bug_is_let_out_after_the_connection_is_closed(self, error):
        connection = Connection([b"GET / HT", error])
        try:
            handle_of(page)(connection, CLIENT)
        except type(error):
            expect_closed(connection)
        else:
            raise Diagnosis("handle swallows an unexpected error", raised=f"{error!r}, by recv",
                            why="Only what you expect is handled here: an error that nobody sees is a bug that nobody "
                                "finds.")

    def test_one_handler_serves_one_client_after_the_other(self):
        handle, clients = handle_of(page), [Connection(GET), Connection(b"GET / HT"), Connection(GET)]
        for client in clients:
            handle(client, CLIENT)
        expect_that(clients[0].sent, "nothing was sent to the first client", "Each client gets an answer.")
        expect_that(clients[2].sent, "nothing was sent to the third client", "Each client gets an answer.")
        expect_served(answer_of(clients[2].sent), b"Hello\n", "The third client gets what the first one got.")

    def test_two_handlers_have_nothing_in_common(self):
        first, second = handle_of(page), handle_of(function)
        clients = [Connection(GET), Connection(GET)]
        first(clients[0], CLIENT)
        second(clients[1], CLIENT)
        bodies = [client.sent.partition(b"\r\n\r\n")[2] for client in clients]
        expect_value(bodies, [b"Hello\n", b"one two"], problem="two handlers serve the same application",
                     why="Two servers in one program, each with its application, is what make_handle is for.")

    def test_head_gets_no_body(self):
        answer = served(page, b"HEAD / HTTP/1.1\r\nHost: a\r\n\r\n")
        expect_value((answer.status, answer.values("Content-Length")), (200, ["6"]),
                     problem="HEAD is answered otherwise", why="respond leaves the body away (RFC 9110 section 9.3.2).")

    def test_flask_reads_a_form(self):
        answer = served(shop(), as_bytes(prepared("POST", "/form", data={"who": "你好"})), delivery="the body later")
        expect_served(answer, "你好 from 192.0.2.9".encode(), FLASK)

    def test_flask_finds_a_page_whose_name_is_not_ascii(self):
        expect_served(served(shop(), as_bytes(prepared("GET", "/hello/你好"))), "Hello, 你好".encode(), FLASK)

    def test_flask_answers_head(self):
        answer = served(shop(), as_bytes(prepared("HEAD", "/hello/you")))
        expect_value((answer.status, answer.values("Content-Length")), (200, ["10"]),
                     problem="HEAD on a page of Flask is answered otherwise", why=FLASK)

    def test_flask_receives_a_file_with_all_256_bytes(self):
        answer = served(shop(), as_bytes(prepared("POST", "/upload", files={"picture": ALL_BYTES})))
        expect_served(answer, ALL_BYTES, FLASK)

    def test_flask_receives_a_file_that_comes_in_chunks(self):
        def blocks():
            yield from (b"who=", b"you")

        form = {"Content-Type": "application/x-www-form-urlencoded"}
        asked = prepared("POST", "/form", data=blocks(), headers=form)
        asked.body = b"4\r\nwho=\r\n3\r\nyou\r\n0\r\n\r\n"
        expect_served(served(shop(), as_bytes(asked)), b"you from 192.0.2.9", FLASK)
