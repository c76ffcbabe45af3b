"""Step 3.13 · make_handle"""
import pytest

from tests.ch03_environ.applications import Positional
from tests.ch03_environ.common import CLIENT, TEXT
from tests.ch03_environ.serving import GET, expect_served, handle_of, page, raised_by_reading, served
from tests.expect import blaming, expect_value, which_differ
from workshop.checking.diagnosis import expect_that, shown_bytes
from workshop.checking.transport import DELIVERIES, Connection


@pytest.mark.usefixtures("stubs_before_make_handle")
@pytest.mark.step("3.13")
class TestMakeHandle:
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
            start_response("200 OK", [*TEXT])
            return [environ["wsgi.input"].read()]

        data = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody"
        expect_served(served(echo, data, delivery=delivery), b"body", "A network delivers in pieces of its own choice.")

    @pytest.mark.clause(44)
    def test_the_environ_has_the_addresses_of_both_sides(self):
        environs = []

        def application(environ, start_response):
            environs.append(environ)
            return page(environ, start_response)

        handle, connection, other = handle_of(application), Connection(GET), Connection(GET)
        connection.getsockname = lambda: ("198.51.100.3", 4711)
        handle(connection, CLIENT)
        handle(other, ("192.0.2.7", 7))
        why = ("The server may listen on any address and port; this connection knows on which, and serve says who the "
               "client is.")
        expect_that(environs, "the application is not called", why, came_back=shown_bytes(connection.sent))
        names = ("SERVER_NAME", "SERVER_PORT", "REMOTE_ADDR")
        wanted = ["198.51.100.3", "4711", CLIENT[0]], ["127.0.0.1", "8000", "192.0.2.7"]
        first, second = ([environ.get(name) for name in names] for environ in (environs[0], environs[-1]))
        expect_value(first, wanted[0], likely={
            "the server's address is fixed, not that of the connection": ["127.0.0.1", "8000", CLIENT[0]],
            "the addresses of server and client have changed places": [CLIENT[0], "50000", "198.51.100.3"],
            "the client's address is given as the server's": [CLIENT[0], "50000", CLIENT[0]],
        }, why=why, problem=f"{which_differ(first, wanted[0], names)} is not that of the connection")
        expect_value(second, wanted[1], likely={
            "the addresses of the first connection are kept for the second":
                ["198.51.100.3", "4711", CLIENT[0]],
            "the server's address of the first connection is kept for the second":
                ["198.51.100.3", "4711", "192.0.2.7"],
        }, why=why, problem=f"{which_differ(second, wanted[1], names)} is not that of the second connection")

    @pytest.mark.parametrize(("data", "status"), [
        pytest.param(b"GET / HTTP/1.1\r\n\r\n", 400, id="no Host"),
        pytest.param(b"GET / HTTP/9.9\r\nHost: a\r\n\r\n", 505, id="another version"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: a\r\nExpect: tea\r\n\r\n", 417, id="another expectation"),
    ])
    def test_a_bad_request_is_answered_with_its_status(self, data, status):
        app, refused = Positional(), raised_by_reading(data)
        if getattr(refused, "status", None) != status:
            return
        why = "BadRequest carries the status that tells the client what to do better (RFC 9110 section 15.5)."
        with blaming("a bad request makes handle fail", why):
            answer = served(app, data)
        expect_that(answer.status == status, f"a bad request is answered with {answer.status}, not {status}", why)
        expect_that(not app.calls, "the application is called with a bad request",
                    "What can't be understood can't be handed on.")
        expect_value(answer.body.decode("utf-8", "replace").strip(), str(refused), likely={
            "a bad request is not told what is wrong with it": "",
        }, problem="the refusal has another text than the message of BadRequest",
            why="The message says what the client can do better; it speaks of the request, not of the server.")

    def test_head_gets_no_body(self):
        answer = served(page, b"HEAD / HTTP/1.1\r\nHost: a\r\n\r\n")
        expect_value((answer.status, answer.values("Content-Length")), (200, ["6"]),
                     problem="HEAD is answered in another way",
                     why="respond leaves out the body (RFC 9110 section 9.3.2).")
