"""Chapter 3 · How does a server talk to an app it has never seen?

Through one call: `application(environ, start_response)`. PEP 3333 calls this the Web Server Gateway Interface. In
this chapter you write both of its sides, and your server runs a Flask app without knowing what Flask is.

    python chapters/ch03_environ.py         a Flask app that shows the environ which you built

Left out: everything about sending a response bit by bit, file wrappers, and the checks of what an app hands over.
Chapter 4 takes them up; here a response is collected whole before it is sent. A client that sends nothing, such as a
browser with a spare connection, still keeps all others waiting.
"""
import io
import re
import socket
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from email.utils import formatdate
from typing import Any
from urllib.parse import quote

from ch01_socket import BLANK_LINE, Address, hang_up, main, refuse_unwritten
from ch02_request import BadRequest, Request, error_response, read_request, without_body

# The types of PEP 3333.
WSGIEnvironment = dict[str, Any]  # what the server tells the application about a request
StartResponse = Callable[..., Callable[[bytes], None]]  # takes status, headers and perhaps exc_info; returns write
WSGIApplication = Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]  # returns the body, in blocks

HOP_BY_HOP = frozenset({
    "connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade",
})  # between a client and the server it is connected to, not for the application (RFC 9110 sections 6.6.2 and 7.6.1)

DEFAULT_PORTS = {"http": "80", "https": "443"}

# The environ: what the server tells the application.


def cgi_variables(request: Request, server_address: Address, client_address: Address) -> dict[str, str]:
    """Step 3.1 · about 20 minutes

    Return the variables that WSGI has from CGI, in a new, plain dict. The request stays as it is, and os.environ has no
    part in them.

    >>> request = Request("GET", "/a?b=1", "HTTP/1.1", [("content-type", "text/plain")], b"/a", "b=1", b"")
    >>> variables = cgi_variables(request, ("127.0.0.1", 8000), ("192.0.2.9", 50000))
    >>> variables["PATH_INFO"], variables["SERVER_PORT"], variables["CONTENT_TYPE"]
    ('/a', '8000', 'text/plain')

        REQUEST_METHOD   the method, as it was sent
        SCRIPT_NAME      ""
        PATH_INFO        request.path, decoded as latin-1
        QUERY_STRING     request.query
        SERVER_NAME      the host of server_address
        SERVER_PORT      its port, as a str
        SERVER_PROTOCOL  the version that the client used
        REMOTE_ADDR      the host of client_address
        CONTENT_TYPE     the value of the first Content-Type field, even if it is empty; left out if there is none
        CONTENT_LENGTH   the length of request.body, as a str; left out if there is no Content-Length and no
                         Transfer-Encoding field

    `request.values("content-type")` gives a field's values.
    PEP 3333, sections "environ Variables" and "Unicode Issues".
    """
    raise NotImplementedError("step 3.1: write cgi_variables")


def http_variables(fields: list[tuple[str, str]]) -> dict[str, str]:
    """Step 3.2 · about 20 minutes

    Return a new, plain dict with the HTTP_ variables for fields, a list of pairs (lower-case name, value) that stays as
    it is.

    >>> http_variables([("user-agent", "curl"), ("cookie", "a=1"), ("te", "trailers"), ("cookie", "b=2")])
    {'HTTP_USER_AGENT': 'curl', 'HTTP_COOKIE': 'a=1; b=2'}

    The name is HTTP_ and the field's name in upper case, each `-` turned into `_`. The value stays as it is, empty ones
    too. Repeated fields become one variable: all values, equal ones too, in order, joined with ", ", those of `cookie`
    with "; ".

    Left out:
        content-type, content-length    they have variables of their own
        the names in HOP_BY_HOP         only these, whatever the value of `connection` is
        names with an underscore        `x_user` would be taken for `x-user`
    PEP 3333, section "environ Variables"; RFC 9110 section 5.3 (joining); RFC 6265 section 5.4 (cookies).
    """
    raise NotImplementedError("step 3.2: write http_variables")


def wsgi_variables(body: bytes) -> dict[str, Any]:
    """Step 3.3 · about 15 minutes

    Return the seven `wsgi.` variables, and no other, of a request with this body, in a new, plain dict.

    >>> variables = wsgi_variables(b"hello")
    >>> variables["wsgi.version"], variables["wsgi.input"].read()
    ((1, 0), b'hello')

        wsgi.version       the version of WSGI: the tuple (1, 0)
        wsgi.url_scheme    "http"
        wsgi.input         a new stream that ends where body ends, with read, readline, readlines, iteration: io.BytesIO
        wsgi.errors        a text stream for the log: sys.stderr
        wsgi.multithread   True if another thread may call the application at the same time
        wsgi.multiprocess  True if another process may
        wsgi.run_once      True if it is called once in the life of this process

    This server answers one request after the other, in one process, until it is stopped.
    PEP 3333, sections "environ Variables" and "Input and Error Streams".
    """
    raise NotImplementedError("step 3.3: write wsgi_variables")


def build_environ(request: Request, server_address: Address, client_address: Address) -> WSGIEnvironment:
    """Return the environ, a new dict, of a Request that came over a connection between the two addresses."""
    return (
        cgi_variables(request, server_address, client_address)
        | http_variables(request.fields)
        | wsgi_variables(request.body)
    )


# The other side: applications. A server only calls them; it cannot tell one kind from another, and need not.

PAGE = [b"<!doctype html>\n<h1>Hello, ", "你好".encode(), b"</h1>\n"]  # the blocks of the body


def page_head() -> tuple[str, list[tuple[str, str]]]:
    """Return (status, headers) of PAGE. The list is new each time: a server may change the list that it is given."""
    length = sum(len(block) for block in PAGE)
    return "200 OK", [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(length))]


def function_app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Step 3.4 · about 5 minutes

    Answer with PAGE, from a function: call start_response and return PAGE.

    >>> blocks = function_app({}, print)
    200 OK [('Content-Type', 'text/html; charset=utf-8'), ('Content-Length', '39')]
    >>> b"".join(blocks) == b"".join(PAGE)
    True

    Before function_app returns, call start_response by position, with the two things that page_head returns; a third,
    None, is allowed. Call page_head each time, and leave PAGE as it is. An iterable of other blocks with the same bytes
    is as good as PAGE. Every request gets this page, HEAD too.
    PEP 3333, section "The Application/Framework Side".
    """
    raise NotImplementedError("step 3.4: write function_app")


def generator_app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Step 3.5 · about 5 minutes

    Answer with PAGE, from a generator function: call start_response and yield all blocks of PAGE, one by one.

    >>> blocks = generator_app({}, print)
    >>> next(blocks)
    200 OK [('Content-Type', 'text/html; charset=utf-8'), ('Content-Length', '39')]
    b'<!doctype html>...'

    start_response is called when the first block is asked for, not before. The rest is as in step 3.4, but the
    blocks are those of PAGE itself.
    PEP 3333, section "Specification Details".
    """
    raise NotImplementedError("step 3.5: write generator_app")


class Site:
    """An object that keeps count; its bound method `page` is an application."""

    def __init__(self) -> None:
        self.visits = 0

    def page(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Step 3.6 · about 5 minutes

        Answer with PAGE, as in step 3.4, from a bound method, and count the visit.

        >>> site = Site()
        >>> page = site.page({}, print)
        200 OK [('Content-Type', 'text/html; charset=utf-8'), ('Content-Length', '39')]
        >>> site.visits
        1

        Add one to self.visits in each call, whatever the request, also if nobody reads the page or start_response
        raises.
        PEP 3333, section "The Application/Framework Side".
        """
        raise NotImplementedError("step 3.6: write Site.page")


class PageClass:
    """A class that is itself the application: calling it makes an instance, and the instance is the iterable."""

    def __init__(self, environ: WSGIEnvironment, start_response: StartResponse) -> None:
        self.environ = environ
        self.start_response = start_response

    def __iter__(self) -> Iterator[bytes]:
        """Step 3.7 · about 5 minutes

        Call self.start_response, and yield all blocks of PAGE, one by one. (Or return an iterator: `iter(PAGE)`, say.)

        >>> list(PageClass({}, print)) == PAGE
        200 OK [('Content-Type', 'text/html; charset=utf-8'), ('Content-Length', '39')]
        True

        Every request gets this page. Call start_response in this method, as in step 3.4; PAGE stays as it is.
        PEP 3333, section "The Application/Framework Side".
        """
        raise NotImplementedError("step 3.7: write PageClass.__iter__")


class Greeting:
    """A class whose instances are applications, each with its own blocks."""

    def __init__(self, blocks: list[bytes]) -> None:
        self.blocks = blocks

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Step 3.8 · about 5 minutes

        Answer every request with status 200 OK and self.blocks as the body.

        >>> Greeting([b"Hello, ", b"you"])({}, print)
        200 OK [('Content-Type', 'text/plain; charset=utf-8'), ('Content-Length', '10')]
        [b'Hello, ', b'you']

        The headers are these two, in a new list each time. A header's value is a str, also the Content-Length: the
        number of bytes in all blocks. self.blocks stays as it is.
        PEP 3333, sections "The Application/Framework Side" and "The start_response() Callable".
        """
        raise NotImplementedError("step 3.8: write Greeting.__call__")


# The server's side of the call.


class Collected:
    """What an application says: the status, the headers, and the blocks of the body."""

    def __init__(self) -> None:
        self.status: str | None = None  # until start_response is called
        self.headers: list[tuple[str, str]] = []
        self.blocks: list[bytes] = []

    def start_response(
        self, status: str, headers: list[tuple[str, str]], exc_info: tuple | None = None,
    ) -> Callable[[bytes], None]:
        """Step 3.9 · about 20 minutes

        Keep what an application says: status and headers, as they are (the list or a copy of it), in self.status and
        self.headers. Return `write`: a function that adds one block of the body to self.blocks.

        >>> collected = Collected()
        >>> write = collected.start_response("200 OK", [("X-Shop", "books")])
        >>> write(b"one")
        >>> collected.status, collected.headers, collected.blocks
        ('200 OK', [('X-Shop', 'books')], [b'one'])

        A later call with exc_info, the tuple of `sys.exc_info()`, replaces status and headers, and empties
        self.blocks. Every `write`, old or new, adds to the body as before. The first call may have exc_info too.

        Raises:
            AssertionError    a later call without exc_info, or with None; what was kept stays
        PEP 3333, sections "The start_response() Callable" and "The write() Callable".
        """
        raise NotImplementedError("step 3.9: write Collected.start_response")


def call_application(app: WSGIApplication, environ: WSGIEnvironment) -> tuple[str, list[tuple[str, str]], bytes]:
    """Step 3.10 · about 25 minutes

    Call app once, by position, with environ and the start_response of a new Collected. Return what it has collected:
    (status, headers, body).

    >>> call_application(Greeting([b"Hello, ", b"you"]), {})
    ('200 OK', [('Content-Type', 'text/plain; charset=utf-8'), ('Content-Length', '10')], b'Hello, you')

    Go through the iterable that app returns, and append each block, unchecked, to the blocks of the Collected: those
    that app has given to `write` are there already. The body comes back whole, for HEAD too. start_response may be
    called late, even after empty blocks. If the iterable (not its iterator) has a `close`, call it once, at the end,
    also when something is raised.

    Raises:
        AssertionError    a block that is not empty comes before start_response is called, or nobody calls it
        what app raises   let it out, also from the iterable and its close
    PEP 3333, sections "Specification Details" and "The write() Callable".
    """
    raise NotImplementedError("step 3.10: write call_application")


def request_url(environ: WSGIEnvironment) -> str:
    """Step 3.11 · about 15 minutes

    Return the URL that the client asked for, put together from environ, which stays as it is.

    >>> environ = {"wsgi.url_scheme": "http", "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "8000", "PATH_INFO": "/a b"}
    >>> request_url(environ)
    'http://127.0.0.1:8000/a%20b'
    >>> request_url(environ | {"HTTP_HOST": "shop.example", "QUERY_STRING": "page=2"})
    'http://shop.example/a%20b?page=2'

        scheme  wsgi.url_scheme and `://`
        host    HTTP_HOST, as it is; if it is empty, SERVER_NAME, with `:` and SERVER_PORT unless that is the scheme's
                default (DEFAULT_PORTS)
        path    SCRIPT_NAME and PATH_INFO, percent-encoded: `quote(text, encoding="latin-1")`; if both are empty,
                return `/`, or no path
        query   `?` and QUERY_STRING, as it is, unless it is empty

    HTTP_HOST, SCRIPT_NAME, PATH_INFO and QUERY_STRING may be missing: that is the same as empty. Variables
    that are not named here do not count.
    PEP 3333, section "URL Reconstruction".
    """
    raise NotImplementedError("step 3.11: write request_url")


# From the call to the bytes.


def response_bytes(status: str, headers: list[tuple[str, str]], body: bytes) -> bytes:
    """Return a whole response: what call_application returned, with Date, Connection and, if need be, a length."""
    names = {name.lower() for name, _ in headers}
    added = {"date": formatdate(usegmt=True), "content-length": str(len(body)), "connection": "close"}
    if re.match("1|204|304", status):
        del added["content-length"]
    fields = [*headers, *((name.title(), value) for name, value in added.items() if name not in names)]
    head = "\r\n".join([f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in fields)])
    return head.encode("latin-1") + BLANK_LINE + body


def respond(app: WSGIApplication, request: Request, server_address: Address, client_address: Address) -> bytes:
    """Step 3.12 · about 15 minutes

    Return the response of app to request: build the environ, call app, and give what comes back to response_bytes.

    >>> request = Request("GET", "/", "HTTP/1.1", [("host", "here")], b"/", "", b"")
    >>> respond(Greeting([b"hi"]), request, ("127.0.0.1", 8000), ("192.0.2.9", 50000))
    b'HTTP/1.1 200 OK...hi'

    For HEAD only (`head` is another method), return the response `without_body`, also if it is a 500. Ask request for
    the method: app may change its environ, and even empty it. The request stays as it is.

    What to do when any of this raises:
        KeyboardInterrupt   let it out
        all else            SystemExit too: print the traceback to stderr (`traceback.print_exc()`); the response is
                            error_response with 500 and a message that says nothing about app
    PEP 3333, section "Error Handling"; RFC 9110 sections 9.3.2 (HEAD) and 15.6.1 (500).
    """
    raise NotImplementedError("step 3.12: write respond")


def make_handle(app: WSGIApplication) -> Callable[[socket.socket, Address], None]:
    """Step 3.13 · about 15 minutes

    Return a function `handle(connection, client_address)`, for `serve` of chapter 1, that answers one client with app.

    >>> listener = socket.create_server(("127.0.0.1", 0))
    >>> client = socket.create_connection(listener.getsockname())
    >>> client.sendall(b"GET / HTTP/1.0\\r\\n\\r\\n")
    >>> client.shutdown(socket.SHUT_WR)
    >>> handle = make_handle(Greeting([b"hi"]))
    >>> handle(*listener.accept())
    >>> client.recv(65_536)
    b'HTTP/1.1 200 OK...hi'

    handle reads the request, sends all that respond returns, and closes the connection whatever happens (`hang_up`).
    `connection.getsockname()` is the server's address. handle keeps nothing from one client to the next.

    What to do when a call in handle raises:
        BadRequest        answer with error_response, with its status and message
        ConnectionError   the client has left: no error, and nothing is printed
        all else          let it out
    PEP 3333, section "The Server/Gateway Side".
    """
    raise NotImplementedError("step 3.13: write make_handle")


def flask_app() -> WSGIApplication:
    """Return a Flask application that shows the environ of each request."""
    from flask import Flask, render_template_string, request

    app = Flask(__name__)

    @app.route("/", defaults={"path": ""}, methods=["GET", "POST"])
    @app.route("/<path:path>", methods=["GET", "POST"])
    def show(path: str) -> str:
        return render_template_string(ENVIRON_PAGE, environ=request.environ, path=path)

    return app


ENVIRON_PAGE = """<!doctype html>
<title>environ</title>
<h1>The environ of /{{ path }}</h1>
<table>
{% for key, value in environ.items() %}
<tr><th align="left">{{ key }}</th><td><code>{{ value.__repr__() }}</code></td></tr>
{% endfor %}
</table>
"""


if __name__ == "__main__":
    refuse_unwritten(make_handle)
    main(make_handle(flask_app()), "A WSGI server with a Flask app that shows its environ.")
