"""What respond and handle are asked, in steps 3.12 and 3.13, for which applications."""
import pytest
from werkzeug.exceptions import NotFound

from tests.ch03_environ.applications import Trouble, name_of, source_of
from tests.ch03_environ.common import BYTES, CLIENT, SERVER, TEXT, called, ch02, ch03, request
from tests.expect import blaming, expect_type, kind_of
from workshop.checking.diagnosis import expect_same, expect_that, shown_bytes
from workshop.checking.transport import Connection
from workshop.checking.tree import noted
from wsgi_contract.answer import BLANK_LINE, read_answer

GET = b"GET / HTTP/1.1\r\nHost: 127.0.0.1:8000\r\n\r\n"


def page(environ, start_response):
    """An application with a page of six bytes."""
    start_response("200 OK", [*TEXT, ("X-App", "page")])
    return [b"Hello\n"]


def fails_at_once(environ, start_response):
    raise Trouble("the password of the database is 1234")


def fails_after_start_response(environ, start_response):
    start_response("200 OK", [*TEXT])
    raise Trouble("the password of the database is 1234")


def fails_in_the_body(environ, start_response):
    start_response("200 OK", [*TEXT])
    yield b"one"
    raise Trouble("the password of the database is 1234")


def speaks_latin_only(environ, start_response):
    start_response("200 OK", [*TEXT, ("X-Name", "你好")])
    return [b"hello"]


def loses_its_database(environ, start_response):
    raise ConnectionRefusedError("the password of the database is 1234")


def refuses_as_the_server_does(environ, start_response):
    raise ch02.BadRequest(404, "the password of the database is 1234")


def finds_a_client_gone(environ, start_response):
    raise ch02.ClientGone("the password of the database is 1234")


def finds_a_head_too_large(environ, start_response):
    raise ch02.HeadTooLarge("the password of the database is 1234")


def never_calls_start_response(environ, start_response):
    return [b"hello"]


def looks_for_a_page(environ, start_response):
    raise NotFound("the password of the database is 1234")


FAILING = [
    pytest.param(fails_at_once, id="at once"),
    pytest.param(fails_after_start_response, id="after start_response"),
    pytest.param(fails_in_the_body, id="in the body"),
    pytest.param(never_calls_start_response, id="no start_response"),
    pytest.param(speaks_latin_only, id="a head that can't be sent"),
    pytest.param(loses_its_database, id="a ConnectionError of its own"),
    pytest.param(refuses_as_the_server_does, id="a BadRequest of its own"),
    pytest.param(finds_a_client_gone, id="a ClientGone of its own"),
    pytest.param(finds_a_head_too_large, id="a HeadTooLarge of its own"),
    pytest.param(looks_for_a_page, id="an exception that has a code"),
]


def answer_of(data, method="GET"):
    """Return the Answer that data is; fail if it is not bytes, or has a body and answers HEAD."""
    expect_type(data, bytes, "the response is", BYTES)
    if method == "HEAD":
        expect_no_body(data)
    return read_answer(data, head_only=method == "HEAD")


def expect_no_body(data):
    """Fail if the response to a HEAD request has a body."""
    head, _, body = data.partition(BLANK_LINE)
    what, why = "response", "HEAD is answered as GET is, but for the body, which without_body takes off"
    if head.split()[1:2] == [b"500"]:
        what, why = "500", "without_body is for errors too: after HEAD a client expects no body, whatever the status"
    expect_that(not body, f"the {what} to a HEAD request has a body", f"{why} (RFC 9110 section 9.3.2).",
                came_back=shown_bytes(body))


def expect_served(answer, body, why):
    """Fail unless an Answer is 200 with this body."""
    expect_that(answer.status == 200, f"the answer is {answer.status}, not 200", why,
                came_back=f"{answer.status} {answer.reason}, {shown_bytes(answer.body)}")
    expect_same(answer.body, body, why, problem="the body is not that of the application")


def sent_by(app, asked):
    """Return what respond returns."""
    with called(f"respond({name_of(app)}, {asked.method} {asked.target}, {SERVER}, {CLIENT}){source_of(app)}"):
        return ch03.respond(app, asked, SERVER, CLIENT)


def respond(app, asked=None):
    """Return the Answer of respond."""
    asked = asked or request()
    method = asked.method  # before the learner's code can change it
    return answer_of(sent_by(app, asked), method)


def handle_of(app):
    """Return the handler that make_handle makes for app."""
    why = "serve of chapter 1 calls what it returns for each client: handle(connection, client_address)."
    with blaming("make_handle fails before there is a client", why, expected="a function, which is not called yet"):
        handle = ch03.make_handle(app)
    expect_that(callable(handle), f"make_handle returns {kind_of(handle)}, not a function", why)
    expect_that(handle is not app, "make_handle returns the application itself, not a handler for it", why)
    return noted(handle, "handle")


def raised_by_reading(blocks):
    """Return what read_request, by itself, raises for these blocks, or None.

    If it is not what it should be, that is the fault of an earlier step, and not of handle.
    """
    try:
        ch02.read_request(Connection(blocks))
    except (NotImplementedError, KeyboardInterrupt):
        raise
    except BaseException as raised:
        return raised


def expect_closed(connection, when="after the answer"):
    """Fail unless the connection was closed."""
    expect_that(connection.closed, f"the connection is not closed {when}", sent=connection,
                why="The client waits for the end of the connection, and open sockets add up until there are no more: "
                    "`finally` runs in every case (RFC 9112 section 9.6).")


def served(app, data, **options):
    """Return the Answer that a client gets from app, through the handler of make_handle."""
    connection = Connection(data, **options)
    handle_of(app)(connection, CLIENT)
    expect_closed(connection)
    expect_that(len(connection.sent) != 3, "only the first 3 bytes of the response were sent",
                "send may take only some of the bytes and returns their number; sendall goes on until all are sent.",
                came_back=connection.sent)
    return answer_of(connection.sent, data.partition(b" ")[0].decode("latin-1"))
