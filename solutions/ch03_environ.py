"""Chapter 3 · How does a server talk to an app it has never seen?

Through one call: `application(environ, start_response)`. PEP 3333 calls this the Web Server Gateway Interface. In
this chapter you write both of its sides, and your server runs a Flask app without knowing what Flask is.

    python chapters/ch03_environ.py         a Flask app that shows the environ which you built

Left out: everything about sending a response bit by bit, file wrappers, and the checks of what an app hands over.
Chapter 4 takes them up; here a response is collected whole before it is sent. A client that sends nothing, such as a
browser with a connection to spare, still keeps all others waiting.
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
})  # fields between a client and the server it is connected to: not for the application (RFC 9110 section 7.6.1)

DEFAULT_PORTS = {"http": "80", "https": "443"}

# The environ: what the server tells the application.


def cgi_variables(request: Request, server_address: Address, client_address: Address) -> dict[str, str]:
    """Step 3.1 · about 15 minutes

    Return the variables that WSGI has from CGI, a new plain dict, for a request, which stays as it is.

        REQUEST_METHOD   the method, as it was sent
        SCRIPT_NAME      "": this application is not mounted below anything
        PATH_INFO        request.path, decoded as latin-1: each byte becomes the character of the same number
        QUERY_STRING     request.query
        SERVER_NAME      the host of server_address
        SERVER_PORT      its port, as a str
        SERVER_PROTOCOL  the version that the client used
        REMOTE_ADDR      the host of client_address
        CONTENT_TYPE     the value of the first Content-Type field, if there is one (an empty one may be left out too)
        CONTENT_LENGTH   the length of request.body, as a str, if there is a Content-Length or Transfer-Encoding field

    The last two are left out where the client sent none. `request.values("content-type")` gives a field's values.
    PEP 3333, sections "environ Variables" and "Unicode Issues".
    """
    variables = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": request.path.decode("latin-1"),
        "QUERY_STRING": request.query,
        "SERVER_NAME": server_address[0],
        "SERVER_PORT": str(server_address[1]),
        "SERVER_PROTOCOL": request.version,
        "REMOTE_ADDR": client_address[0],
    }
    if request.values("content-type"):
        variables["CONTENT_TYPE"] = request.values("content-type")[0]
    if request.values("content-length") or request.values("transfer-encoding"):
        variables["CONTENT_LENGTH"] = str(len(request.body))
    return variables


def http_variables(fields: list[tuple[str, str]]) -> dict[str, str]:
    """Step 3.2 · about 15 minutes

    Return the HTTP_ variables, a new plain dict, for fields: a list of pairs (lower-case name, value), in order. The
    list stays as it is.

    The field `user-agent` becomes HTTP_USER_AGENT: upper case, `-` turned into `_`; the value stays as it is, empty
    ones too. Fields that are repeated become one variable, their values, also equal ones, joined with ", " in the
    order they came, those of `cookie` with "; ".
    Left out are `content-type` and `content-length` (they have variables of their own), the fields in HOP_BY_HOP,
    and every name with an underscore: `x_user` would be taken for `x-user`, which a proxy in front may vouch for. All
    other fields are there, also those that `connection` names.
    PEP 3333, section "environ Variables"; RFC 9110 section 5.3 (joining); RFC 6265 section 5.4 (cookies).
    """
    variables: dict[str, str] = {}
    for name, value in fields:
        if name in HOP_BY_HOP or name in ("content-type", "content-length") or "_" in name:
            continue
        key = "HTTP_" + name.upper().replace("-", "_")
        separator = "; " if name == "cookie" else ", "
        variables[key] = variables[key] + separator + value if key in variables else value
    return variables


def wsgi_variables(body: bytes) -> dict[str, Any]:
    """Step 3.3 · about 10 minutes

    Return the seven `wsgi.` variables and no other, a new plain dict, for a request with this body.

        wsgi.version       the version of WSGI (not of your server): the tuple (1, 0)
        wsgi.url_scheme    "http"
        wsgi.input         a stream of its own of the body's bytes, which ends where the body ends; io.BytesIO has
                           all of read, readline, readlines and iteration
        wsgi.errors        a text stream for the log: sys.stderr
        wsgi.multithread   True if another thread may call the application at the same time
        wsgi.multiprocess  True if another process may
        wsgi.run_once      True if the application is called only once in the life of this process

    This server answers one request after the other, in one process, until it is stopped.
    PEP 3333, sections "environ Variables" and "Input and Error Streams".
    """
    return {
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }


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

    An application that is a function: in the call itself, call start_response with the two things that page_head
    returns, by position, and return PAGE. Every request gets this page, whatever environ says: that HEAD gets no body
    is the server's affair. Call page_head each time, and leave PAGE as it is. The third argument is for errors only.
    PEP 3333, section "The Application/Framework Side".
    """
    start_response(*page_head())
    return PAGE


def generator_app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Step 3.5 · about 5 minutes

    The same page, for every request, from a generator function: call start_response and yield the blocks of PAGE, one
    by one.

    Calling a generator function runs nothing of it. So this application calls start_response late: when the server
    asks for the first block. A server must accept that.
    PEP 3333, section "Specification Details".
    """
    start_response(*page_head())
    yield from PAGE


class Site:
    """An object that keeps count; its bound method `page` is an application."""

    def __init__(self) -> None:
        self.visits = 0

    def page(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Step 3.6 · about 5 minutes

        The same page, for every request, from a bound method. Add one to self.visits in each call: the call is the
        visit, whatever its method, and even if nobody begins to read the page.
        PEP 3333, section "The Application/Framework Side".
        """
        self.visits += 1
        start_response(*page_head())
        return PAGE


class PageClass:
    """A class that is itself the application: calling it makes an instance, and the instance is the iterable."""

    def __init__(self, environ: WSGIEnvironment, start_response: StartResponse) -> None:
        self.environ = environ
        self.start_response = start_response

    def __iter__(self) -> Iterator[bytes]:
        """Step 3.7 · about 5 minutes

        Call self.start_response, and yield the blocks of PAGE, one by one (or return an iterator over them). Every
        request gets this page, whatever self.environ says.
        PEP 3333, section "The Application/Framework Side".
        """
        self.start_response(*page_head())
        yield from PAGE


class Greeting:
    """A class whose instances are applications, each with its own blocks."""

    def __init__(self, blocks: list[bytes]) -> None:
        self.blocks = blocks

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Step 3.8 · about 5 minutes

        Answer every request with `200 OK` and self.blocks as the body, as text: a Content-Type of
        `text/plain; charset=utf-8`, and a Content-Length that is right. Header values are str, numbers too. The list of
        headers is a new one each time; self.blocks stays as it is. Flask objects are applications of this kind.
        PEP 3333, sections "The Application/Framework Side" and "The start_response() Callable".
        """
        length = sum(len(block) for block in self.blocks)
        start_response("200 OK", [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(length))])
        return self.blocks


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

        Keep status and headers, as they are (the list or a copy of it), in self.status and self.headers. Return
        `write`: a function that adds a block of the body to self.blocks.

            >>> collected = Collected()
            >>> write = collected.start_response("200 OK", [("X-Shop", "books")])
            >>> write(b"one ")
            >>> collected.status, collected.headers, collected.blocks
            ('200 OK', [('X-Shop', 'books')], [b'one '])

        A later call with exc_info (what `sys.exc_info()` returns) replaces status and headers, and empties
        self.blocks; every `write`, old or new, adds to them as before. The first call may have exc_info too.

            AssertionError      a later call without exc_info, or with None; what was kept stays

        PEP 3333, sections "The start_response() Callable" and "The write() Callable".
        """
        if self.status is not None and not exc_info:
            raise AssertionError("start_response was called a second time without exc_info")
        self.status, self.headers = status, headers
        self.blocks.clear()
        return self.blocks.append


def call_application(app: WSGIApplication, environ: WSGIEnvironment) -> tuple[str, list[tuple[str, str]], bytes]:
    """Step 3.10 · about 25 minutes

    Call app once, by position, with environ and the start_response of a new Collected; return what it has collected:
    (status, headers, body).

    Go through what app returned, its iterable, and add each block to the blocks: what app wrote comes first. The body
    comes back whole, also for HEAD. start_response may be called late, also after empty blocks, but before any other.
    If the iterable itself (not its iterator) has a `close`, call it once, at the end, on every path.

        AssertionError      a block that is not empty comes before start_response is called; or nobody ever calls it
        what app raises     is let out, whatever it is

    PEP 3333, sections "Specification Details" and "The write() Callable".
    """
    collected = Collected()
    iterable = app(environ, collected.start_response)
    try:
        for block in iterable:
            if block and collected.status is None:
                raise AssertionError("a block came before start_response was called")
            collected.blocks.append(block)
    finally:
        if hasattr(iterable, "close"):
            iterable.close()
    if collected.status is None:
        raise AssertionError("the application did not call start_response")
    return collected.status, collected.headers, b"".join(collected.blocks)


def request_url(environ: WSGIEnvironment) -> str:
    """Step 3.11 · about 15 minutes

    Return the URL that the client asked for, put together from environ, which stays as it is. (Which characters of the
    path the client had escaped, nobody can know any more.)

    It is the scheme (wsgi.url_scheme), `://`, the host, SCRIPT_NAME, PATH_INFO and, unless it is empty, `?` with
    QUERY_STRING. The host is HTTP_HOST, as it is, unless it is empty; else it is SERVER_NAME, followed by `:` and
    SERVER_PORT unless that is the default port of the scheme (DEFAULT_PORTS). SCRIPT_NAME and PATH_INFO are
    percent-encoded again: `quote(text, encoding="latin-1")`, because their characters stand for bytes.
    HTTP_HOST, SCRIPT_NAME, PATH_INFO and QUERY_STRING may be missing, which is the same as empty. No other variable
    counts. `wsgiref.util.request_uri(environ)` is a right answer too, though it leaves `;=,` as they are and makes `/`
    of an empty path; you learn more by writing it yourself.
    PEP 3333, section "URL Reconstruction".
    """
    scheme = environ["wsgi.url_scheme"]
    host = environ.get("HTTP_HOST") or environ["SERVER_NAME"] + (
        "" if environ["SERVER_PORT"] == DEFAULT_PORTS[scheme] else f":{environ['SERVER_PORT']}"
    )
    path = quote(environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", ""), encoding="latin-1")
    query = environ.get("QUERY_STRING")
    return f"{scheme}://{host}{path}" + (f"?{query}" if query else "")


# From the call to the wire.


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
    """Step 3.12 · about 10 minutes

    Return the response of app to a request: build the environ, call app, and give what comes back to response_bytes.

    If any of this raises an exception, print the traceback to stderr (`traceback.print_exc()`) and return
    error_response with status 500 and a message that says nothing about the app: strangers read it. SystemExit and
    other exceptions that are no Exception count as well, all but KeyboardInterrupt, which is let out: no app may end
    the server, only you. For a HEAD request, and no other (`head` is another method), return the response
    `without_body`, errors too. The app may change the environ, and even empty it: ask request for the method. The
    request stays as it is.
    PEP 3333, section "Error Handling"; RFC 9110 sections 9.3.2 (HEAD) and 15.6.1 (500).
    """
    try:
        environ = build_environ(request, server_address, client_address)
        response = response_bytes(*call_application(app, environ))
    except KeyboardInterrupt:
        raise
    except BaseException:  # SystemExit too: an application is no reason to end the server
        traceback.print_exc()
        response = error_response(500, "the server has made an error")
    return without_body(response) if request.method == "HEAD" else response


def make_handle(app: WSGIApplication) -> Callable[[socket.socket, Address], None]:
    """Step 3.13 · about 10 minutes

    Return a function `handle(connection, client_address)`, for `serve` of chapter 1, that answers one client with app.

    It reads the request and sends what respond returns; `connection.getsockname()` is the server's address. As in
    step 2.12, BadRequest is answered with its status and its message; a client that has left (ConnectionError) is no
    error, and nothing is printed; all other exceptions are let out; and on every path the connection is closed
    (`hang_up`). handle keeps nothing from one client to the next.
    PEP 3333, section "The Server/Gateway Side".
    """
    def handle(connection: socket.socket, client_address: Address) -> None:
        try:
            try:
                request = read_request(connection)
                response = respond(app, request, connection.getsockname(), client_address)
            except BadRequest as error:
                response = error_response(error.status, str(error))
            connection.sendall(response)
        except ConnectionError:
            pass
        finally:
            hang_up(connection)

    return handle


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
