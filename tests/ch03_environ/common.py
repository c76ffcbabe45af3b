"""What the checks of several steps of this chapter share."""
import contextlib
import io
import os
import re
import warnings
from wsgiref.handlers import SimpleHandler
from wsgiref.validate import WSGIWarning, validator

import flask
import pytest
import requests

from workshop.checking.answer import read_answer
from workshop.checking.diagnosis import Diagnosis, expect_same, expect_that, shown_bytes
from workshop.checking.transport import Connection
from workshop.checking.tree import LearnersChapter, calls, deepest_place, load, noted, shown

ch02 = LearnersChapter("ch02_request")
ch03 = LearnersChapter("ch03_environ")
SERVER = ("127.0.0.1", 8000)
CLIENT = ("192.0.2.9", 50_000)
ALL_BYTES = bytes(range(256))
TEXT = [("Content-Type", "text/plain")]
NI_HAO = "你好".encode()


def request(method="GET", fields=(), *, path=b"/", query="", body=b"", version="HTTP/1.1", target="/"):
    """Return a Request of chapter 2. Its texts are new ones, as they are when they come over a connection."""
    return ch02.Request("".join(method), target, version, [("host", "example.org:81"), *fields], path, query, body)


def environ_from_outside(**variables):
    """Return an environ as some other server might make it."""
    variables = {
        "REQUEST_METHOD": "GET", "SCRIPT_NAME": "", "PATH_INFO": "/", "QUERY_STRING": "", "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000", "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.version": (1, 0), "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(), "wsgi.errors": io.StringIO(), "wsgi.multithread": False,
        "wsgi.multiprocess": False, "wsgi.run_once": False,
    } | variables
    return {name: "".join(value) if isinstance(value, str) else value for name, value in variables.items()}


def expect_kind(value, kind, what, why):
    """Return value if its type is exactly kind; else fail: what (such as "cgi_variables returns") begins the line."""
    name = "None" if value is None else type(value).__name__
    expect_that(type(value) is kind, f"{what} {name}, not {kind.__name__}", why, came_back=shown(value))
    return value


def expect_value(came_back, expected, why, *, problem, likely=(), **rows):
    """As expect_same. likely maps sentences to the wrong values that they tell of; problem is for all others."""
    told = [sentence for sentence, wrong in dict(likely).items() if wrong == came_back]
    expect_same(came_back, expected, why, problem=(told or [problem])[0], **rows)


@contextlib.contextmanager
def blaming(problem, why, **rows):
    """Turn an error that comes out of the with statement into a Diagnosis with this problem."""
    try:
        yield
    except (Diagnosis, NotImplementedError):
        raise
    except Exception as error:
        raise Diagnosis(problem, **rows, **{"came back": f"{type(error).__name__}: {error}"},
                        place=deepest_place(error.__traceback__), why=why)


@contextlib.contextmanager
def called(text):
    """Have a diagnosis show text as the last call: an environ is too long to be read."""
    try:
        yield
    finally:
        calls.append(text)


def name_of(app):
    """Return the name of an application, or of its class."""
    return getattr(app, "__name__", type(app).__name__)


def show_to_wsgiref(environ):
    """Give environ to an application behind wsgiref's validator, and tell what the validator objects to."""
    def application(environ, start_response):
        start_response("200 OK", TEXT)
        return [environ["wsgi.input"].read(1)]

    why = "Any application may be called with it, and each goes by PEP 3333, section \"environ Variables\"."
    with blaming("wsgiref's validator objects to the environ", why), warnings.catch_warnings():
        warnings.simplefilter("error", WSGIWarning)
        with contextlib.closing(validator(application)(environ, lambda *head: lambda block: None)) as blocks:
            list(blocks)


def http(fields):
    """Return what http_variables makes of fields. Their names are new texts, as they are when they are parsed."""
    fields = [("".join(name), value) for name, value in fields]
    return expect_kind(ch03.http_variables(fields), dict, "http_variables returns",
                       "The environ is a builtin dict, no subclass, and build_environ puts yours into it "
                       '(PEP 3333, section "Specification Details").')


BYTES = 'What goes through a socket is bytes (PEP 3333, section "A Note On String Types").'


class StartResponse:
    """A start_response that takes down what it is given."""

    def __init__(self):
        self.heads = []  # the arguments of each call
        self.written = []

    def __call__(self, *arguments, **named):
        expect_that(not named, "start_response is called with keywords", came_back=", ".join(named),
                    why="Each server names the parameters as it likes; so they are passed by position "
                        '(PEP 3333, section "Specification Details").')
        self.heads.append(arguments)
        return lambda block: self.written.append(expect_kind(block, bytes, "what is written is", BYTES))


def visit(app):
    """Call an application as a server does: return what it gave to start_response, in a tuple, and its blocks."""
    start_response, blocks, early = StartResponse(), [], []
    for block in blocks_of(app(environ_from_outside(), start_response)):
        expect_kind(block, bytes, "a block of the body is", BYTES)
        early += [] if start_response.heads else [block]
        blocks.append(block)
    heads, section = start_response.heads, '(PEP 3333, section "The start_response() Callable").'
    expect_that(heads, "start_response is never called", f"Without it there is no status and no header {section}")
    expect_that(not early, "start_response is not called before the first block",
                f"Status and headers go out ahead of the body {section}")
    expect_that(len(heads) == 1, f"start_response is called {len(heads)} times",
                f"A second call is allowed after an error only {section}")
    return heads[0], start_response.written + blocks


def blocks_of(iterable):
    """Return an iterator over what an application returned; fail with a sentence if that can't be."""
    name = "None" if iterable is None else type(iterable).__name__
    why = ("A server goes through what it gets, block by block: an iterable of bytes (PEP 3333, section \"The "
           'Application/Framework Side").')
    expect_that(iterable is not None, "the application returns None", why, expected="an iterable of bytes")
    expect_that(not isinstance(iterable, (str, bytes)), f"the application returns {name}, not a list of blocks",
                "Going through bytes gives numbers, and through str, characters: put one block into a list "
                '(PEP 3333, section "The Application/Framework Side").', came_back=shown(iterable))
    try:
        return iter(iterable)
    except TypeError as error:
        if deepest_place(error.__traceback__):
            raise
        if hasattr(iterable, "__iter__"):
            why = "`__iter__` must return an iterator, and an iterable such as a list is none: write `yield`, or " \
                  "`return iter(…)` (the documentation of iterator.__iter__)."
        raise Diagnosis(f"the application can't be iterated over: {error}", why=why)


def expect_head(arguments):
    """Return status and headers from the arguments of start_response; fail if they are not what they must be."""
    section = '(PEP 3333, section "The start_response() Callable").'
    expect_that(len(arguments) in (2, 3), f"start_response is called with {len(arguments)} of its arguments",
                f"It takes status and headers, and after an error also exc_info {section}", came_back=shown(arguments))
    status, headers = arguments[:2]
    expect_kind(status, str, "the status is", f"It is a str such as '200 OK' {section}")
    expect_kind(headers, list, "headers is", f"It is a list, which a server may add to {section}")
    for pair in headers:
        expect_kind(pair, tuple, "a header is", f"Each header is a tuple of name and value {section}")
        expect_that(len(pair) == 2, f"a header is a tuple of {len(pair)}", f"It is name and value {section}")
        expect_kind(pair[0], str, "a header's name is", f"Names are str {section}")
        expect_kind(pair[1], str, f"the value of {pair[0]} is", f"Header values are str, numbers too {section}")
    expect_that(re.fullmatch(r"[1-5]\d\d [ -~]+", status), "the status is not a number, a space and a reason phrase",
                f"It goes out as it is, behind `HTTP/1.1 ` {section}", came_back=repr(status), expected=repr("200 OK"))
    return status, headers


class Referee(SimpleHandler):
    """The server of the standard library, on bytes in place of a socket. What goes wrong, comes out of `run`."""

    os_environ = {}

    def handle_error(self):
        raise  # the error that is being handled


def serve_by_wsgiref(app):
    """Return the Answer of an application behind wsgiref's validator, served by wsgiref."""
    output, errors = io.BytesIO(), io.StringIO()
    with blaming("wsgiref's validator objects to the application",
                 'Any server may call it, and each goes by PEP 3333, section "The Application/Framework Side".'):
        Referee(io.BytesIO(), output, errors, environ_from_outside()).run(validator(app))
    return read_answer(output.getvalue())


def seen(app, name):
    """Return an application that does as app, and that a diagnosis shows by its name."""
    def application(environ, start_response):
        with called(f"{name}(environ, start_response)"):
            return app(environ, start_response)

    return application


@pytest.mark.clause(1, 2, 3, 4, 5, 82, 84, 86, 87, 134)
def accepted_by_wsgiref(self):
    """The last check of each kind of application; what it finds, the others tell better."""
    body = b"".join(visit(self.app())[1])
    expect_value(serve_by_wsgiref(self.app()).body, body, problem="wsgiref serves another body",
                 why="wsgiref is a server that knows nothing of yours.")


class EveryApplication:
    """What is asked of every application: a server can't tell one kind from another."""

    @pytest.fixture(autouse=True)
    def fresh_page(self, monkeypatch):
        """Let each check have a PAGE of its own, in case that the application changes it."""
        with contextlib.suppress(Diagnosis):  # the check itself will meet it
            monkeypatch.setattr(load("ch03_environ"), "PAGE", list(ch03.PAGE))

    @pytest.mark.clause(1, 3, 4, 5, 134)
    def test_a_server_can_call_it(self):
        before = list(ch03.PAGE)
        visit(self.app())
        expect_value(ch03.PAGE, before, problem="the application changes PAGE",
                     why="The next visitor would get another page.")

    @pytest.mark.clause(82, 84)
    def test_status_and_headers_are_what_a_server_expects(self):
        expect_head(visit(self.app())[0])

    def test_status_and_headers_are_those_of_the_page(self):
        status, headers = expect_head(visit(self.app())[0])
        expect_value(status, "200 OK", problem="the status is not that of page_head",
                     why="The page is there, and 200 says so (RFC 9110 section 15.3.1).")
        expect_value(sorted(headers), sorted(ch03.page_head()[1]), problem="the headers are not those of page_head",
                     why="They say what the body is and how long.")

    def test_the_body_is_the_page(self):
        expect_value(b"".join(visit(self.app())[1]), b"".join(ch03.PAGE), problem="the body is not PAGE",
                     likely={"the body is empty": b""},
                     why="What the blocks hold, one after the other, is the body; page_head counts on PAGE.")

    def test_the_content_length_counts_the_bytes_of_all_blocks(self):
        head, blocks = visit(self.app())
        length = dict(expect_head(head)[1]).get("Content-Length")
        expect_value(length, str(len(b"".join(blocks))), problem="the Content-Length is not that of the blocks",
                     why="The client reads exactly so many bytes (RFC 9110 section 8.6).")

    @pytest.mark.clause(2)
    def test_it_can_be_called_again(self):
        app = self.app()
        first, second = visit(app), visit(app)
        expect_value(second, first, problem="the second call gives another response",
                     why='A server calls it for each request (PEP 3333, section "The Application/Framework Side").')


class Trouble(Exception):
    """What goes wrong in an application."""


def call_anyhow(app, environ=None):
    """Return what call_application returns, whatever it is."""
    with called(f"call_application({name_of(app)}, environ)"):
        return ch03.call_application(app, environ or environ_from_outside())


def call(app, environ=None):
    """Return the (status, headers, body) of call_application; fail if it returns something else."""
    came_back = call_anyhow(app, environ)
    why = "Who calls it needs all three, to send them in this order."
    expect_kind(came_back, tuple, "call_application returns", why)
    expect_that(len(came_back) == 3, f"call_application returns {len(came_back)} things, not three", why,
                came_back=shown(came_back))
    status, headers, body = came_back
    expect_kind(status, str, "the status that comes back is", why)
    expect_kind(headers, list, "what comes back as headers is", why)
    expect_kind(body, bytes, "what comes back as body is", why)
    return came_back


def function(environ, start_response):
    start_response("200 OK", TEXT)
    return [b"one ", b"two"]


class Positional:
    """An application whose parameters have no names, and that counts its calls."""

    def __init__(self):
        self.calls = []

    def __call__(self, *arguments, **named):
        self.calls.append((arguments, named))
        start_response = arguments[1] if len(arguments) > 1 else named["start_response"]
        start_response("200 OK", TEXT)
        return [b"hello"]


def shop():
    """Return a Flask application with a form, a page whose name is not ASCII, and an upload."""
    app = flask.Flask("shop", root_path=os.getcwd())

    @app.get("/hello/<name>")
    def hello(name):
        return f"Hello, {name}"

    @app.post("/form")
    def form():
        return f"{flask.request.form['who']} from {flask.request.remote_addr}"

    @app.post("/upload")
    def upload():
        return flask.request.files["picture"].read(), {"Content-Type": "application/octet-stream"}

    return app


FLASK = "Flask knows nothing of your server: all that it has is what PEP 3333 promises."


def prepared(method, path, **options):
    """Return the request that the library `requests` would send."""
    return requests.Request(method, "http://127.0.0.1:8000" + path, **options).prepare()


def body_of(prepared):
    """Return the body (bytes) of a request of `requests`."""
    body = prepared.body or b""
    return body.encode("utf-8") if isinstance(body, str) else body


def page(environ, start_response):
    """An application with a page of six bytes."""
    start_response("200 OK", [*TEXT, ("X-App", "page")])
    return [b"Hello\n"]


def fails_at_once(environ, start_response):
    raise Trouble("the password of the database is 1234")


def fails_after_start_response(environ, start_response):
    start_response("200 OK", TEXT)
    raise Trouble("the password of the database is 1234")


def fails_in_the_body(environ, start_response):
    start_response("200 OK", TEXT)
    yield b"one"
    raise Trouble("the password of the database is 1234")


def speaks_latin_only(environ, start_response):
    start_response("200 OK", [*TEXT, ("X-Name", "你好")])
    return [b"hello"]


def loses_its_database(environ, start_response):
    raise ConnectionRefusedError("the password of the database is 1234")


FAILING = [
    pytest.param(fails_at_once, id="at once"),
    pytest.param(fails_after_start_response, id="after start_response"),
    pytest.param(fails_in_the_body, id="in the body"),
    pytest.param(lambda environ, start_response: [b"hello"], id="no start_response"),
    pytest.param(speaks_latin_only, id="a head that can't be sent"),
    pytest.param(loses_its_database, id="a ConnectionError of its own"),
]


@contextlib.contextmanager
def only_stubs_heard():
    """Let out of the with statement that a step is not written, and nothing else: the checks of that step tell it."""
    try:
        yield
    except NotImplementedError:
        raise
    except Exception:
        pass


def let_stubs_be_heard():
    """Say so if a step that respond needs is not written: respond would make a 500 of it."""
    with only_stubs_heard():
        ch03.build_environ(request(), SERVER, CLIENT)
    with only_stubs_heard():
        ch03.call_application(page, {})


def answer_of(data, method="GET"):
    """Return the Answer that data is; fail if it is not bytes."""
    expect_kind(data, bytes, "the response is", BYTES)
    return read_answer(data, head_only=method == "HEAD")


def expect_served(answer, body, why):
    """Fail unless an Answer is 200 with this body."""
    expect_that(answer.status == 200, f"the answer is {answer.status}, not 200", why,
                came_back=f"{answer.status} {answer.reason}, {shown_bytes(answer.body)}")
    expect_same(answer.body, body, why, problem="the body is not that of the application")


GET = b"GET / HTTP/1.1\r\nHost: 127.0.0.1:8000\r\n\r\n"


def handle_of(app):
    """Return the handler that make_handle makes for app."""
    handle = ch03.make_handle(app)
    name = "None" if handle is None else type(handle).__name__
    why = "serve of chapter 1 calls what it returns for each client: handle(connection, client_address)."
    expect_that(callable(handle), f"make_handle returns {name}, not a function", why)
    expect_that(handle is not app, "make_handle returns the application itself, not a handler for it", why)
    return noted(handle, "handle")


def expect_closed(connection):
    """Fail unless the connection was closed."""
    expect_that(connection.closed, "the connection is not closed", sent=connection,
                why="The client waits for the end of the connection, and open sockets add up until there are no more "
                    "(RFC 9112 section 9.6).")


def served(app, data, **options):
    """Return the Answer that a client gets from app, through the handler of make_handle."""
    connection = Connection(data, **options)
    handle_of(app)(connection, CLIENT)
    expect_closed(connection)
    expect_that(len(connection.sent) != 3, "only the first 3 bytes of the response were sent",
                "send may take only some of the bytes and returns their number; sendall goes on until all are sent.",
                came_back=connection.sent)
    return answer_of(connection.sent, data.partition(b" ")[0].decode("latin-1"))
