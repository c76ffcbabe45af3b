"""What the checks of several files of this chapter share."""
import contextlib
import io
import sys
import warnings
from urllib.parse import quote
from wsgiref.validate import WSGIWarning, validator

from tests.expect import blaming, expect_type, expect_value, shown_error
from workshop.checking.diagnosis import Diagnosis, expect_that
from workshop.checking.tree import LearnersChapter, calls, deepest_place, shown

ch02 = LearnersChapter("ch02_request")
ch03 = LearnersChapter("ch03_environ")
SERVER = ("127.0.0.1", 8000)
CLIENT = ("192.0.2.9", 50_000)
ALL_BYTES = bytes(range(256))
TEXT = [("Content-Type", "text/plain")]  # applications hand out copies: a wrong version may change the list
NI_HAO = "你好".encode()
BYTES = 'What goes through a socket is bytes (PEP 3333, section "A Note On String Types").'


def request(method="GET", fields=(), *, path=b"/", query="", body=b"", version="HTTP/1.1", target=None):
    """Return a Request of chapter 2. Its texts are new ones, as they are when they come over a connection."""
    target = target or quote(path) + (query and f"?{query}")
    return ch02.Request("".join(method), target, version, [("host", "example.org:81"), *fields], path, query, body)


def typed(request):
    """Return a Request as one types it, without the middle of what is long."""
    first = ", ".join(map(shown, (request.method, request.target, request.version, request.fields)))
    return f"Request({first},\n        path={shown(request.path)}, query={request.query!r}, body={shown(request.body)})"


def environ_from_outside(**variables):
    """Return an environ as some other server might make it."""
    variables = {
        "REQUEST_METHOD": "GET", "SCRIPT_NAME": "", "PATH_INFO": "/", "QUERY_STRING": "", "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000", "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.version": (1, 0), "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(), "wsgi.errors": io.StringIO(), "wsgi.multithread": False,
        "wsgi.multiprocess": False, "wsgi.run_once": False,
    } | variables
    return {name: "".join(value) if isinstance(value, str) else value for name, value in variables.items()}


@contextlib.contextmanager
def called(text):
    """Have a diagnosis show text as the last call: an environ is too long to be read."""
    try:
        yield
    finally:
        calls.append(text)


@contextlib.contextmanager
def any_bytes(problem, why, **rows):
    """Make a Diagnosis with this problem of a UnicodeError that comes out of the with statement, and of no other."""
    try:
        yield
    except UnicodeError as error:
        raise Diagnosis(problem, **rows, came_out=shown_error(error), place=deepest_place(error.__traceback__),
                        why=why)


def show_to_wsgiref(environ):
    """Give environ to an application behind wsgiref's validator. Fail if the validator objects to it."""
    def application(environ, start_response):
        start_response("200 OK", [*TEXT])
        return [environ["wsgi.input"].read(1)]

    why = "Any application may be called with it, and each goes by PEP 3333, section \"environ Variables\"."
    with blaming("wsgiref's validator objects to the environ", why), warnings.catch_warnings():
        warnings.simplefilter("error", WSGIWarning)
        with contextlib.closing(validator(application)(environ, lambda *head: lambda block: None)) as blocks:
            list(blocks)


def cgi(server=SERVER, client=CLIENT, **parts):
    """Return what cgi_variables makes of a request with these parts."""
    asked = request(**parts)
    with called(f"cgi_variables(request, {server}, {client}), and request is\n{typed(asked)}"):
        came_back = ch03.cgi_variables(asked, server, client)
    return expect_type(came_back, dict, "cgi_variables returns",
                       'The environ is a builtin dict, no subclass (PEP 3333, section "Specification Details").')


def cgi_variable(name, **parts):
    """Return one of the CGI variables of a request with these parts; fail if it is not there."""
    variables = cgi(**parts)
    sent = ", ".join(f"{part} {value!r}" for part, value in parts.items()) or None
    expect_that(name in variables, f"{name} is missing", sent=sent, came_back=shown(sorted(variables)),
                **{"try it": None},
                why="An application finds out by this name, and by no other, what the client or the server has to "
                    'say (PEP 3333, section "environ Variables").')
    return variables[name]


def http(fields):
    """Return what http_variables makes of fields. Their names are new texts, as they are when they are parsed."""
    fields = [("".join(name), value) for name, value in fields]
    return expect_type(ch03.http_variables(fields), dict, "http_variables returns",
                       "The environ is a builtin dict, no subclass, and build_environ puts yours into it "
                       '(PEP 3333, section "Specification Details").')


def expect_http(fields, expected, why, *, problem, likely=(), whys=()):
    """Fail unless fields become exactly the expected variables."""
    expect_value(http(fields), expected, why, problem=problem, likely=likely, whys=whys)


def wsgi_variable(name, body=b""):
    """Return one of the wsgi. variables for a request with this body; fail if it is not there."""
    variables = expect_type(ch03.wsgi_variables(body), dict, "wsgi_variables returns",
                            'The environ is a builtin dict (PEP 3333, section "Specification Details").')
    expect_stderr_unharmed(variables.get("wsgi.errors"))
    expect_that(name in variables, f"{name} is missing", came_back=shown(sorted(variables)),
                why='An application may count on all seven (PEP 3333, section "environ Variables").')
    return variables[name]


def expect_stderr_unharmed(errors):
    """Fail if errors is a second wrapper around the buffer of stderr; take it off, so that stderr stays open."""
    stderrs = [sys.stderr, sys.__stderr__]
    buffers = [stream.buffer for stream in stderrs if hasattr(stream, "buffer")]
    if isinstance(errors, io.TextIOWrapper) and errors not in stderrs and errors.buffer in buffers:
        errors.detach()
        raise Diagnosis("wsgi.errors is a wrapper of its own around the buffer of sys.stderr", came_back=shown(errors),
                        expected="sys.stderr", why="When the wrapper is thrown away, after the request, it closes "
                        "the buffer, and with it stderr for the whole program (the documentation of io.IOBase).")


def input_with(body):
    """Return wsgi.input for a request with this body; fail if it has not the methods of one."""
    stream = wsgi_variable("wsgi.input", body)
    why = ('An application calls read, readline and readlines, and iterates (PEP 3333, section "Input and Error '
           'Streams").')
    expect_that(not isinstance(stream, (bytes, bytearray)), "wsgi.input is the body itself, not a stream of it", why)
    for method in ("read", "readline", "readlines", "__iter__"):
        expect_that(hasattr(stream, method), f"wsgi.input has no {method}", why, came_back=shown(stream))
    return stream


def settings_of(environ, names):
    """Return what an environ has for some names, and which of them it has not, as a row shows it."""
    return ", ".join(f"{name}={environ[name]!r}" if name in environ else f"without {name}" for name in names)


def expect_environ_unchanged(environ, before):
    """Fail if request_url has put something into the environ, taken it out, or changed it."""
    changed = sorted(name for name in environ | before if environ.get(name, ...) != before.get(name, ...))
    added, names = [name for name in changed if name not in before], " and ".join(changed)
    does = f"changes {names} in" if environ.keys() == before.keys() else f"takes {names} out of"
    does = f"puts {' and '.join(added)} into" if added else does
    expect_that(not changed, f"request_url {does} the environ", before=settings_of(before, changed),
                afterwards=settings_of(environ, changed),
                why="The environ stays as it is: the application reads it after you. "
                    + "What may be missing is read with `environ.get(name, \"\")`." * bool(added))


def url(**variables):
    """Return what request_url makes of an environ with these variables; None leaves a variable out."""
    variables = {name.replace("__", "."): value for name, value in variables.items()}
    environ = {name: value for name, value in environ_from_outside(**variables).items() if value is not None}
    before = dict(environ)
    with called(f"request_url(environ), {settings_of(before, variables)}"):
        came_back = ch03.request_url(environ)
    expect_environ_unchanged(environ, before)
    return expect_type(came_back, str, "request_url returns", "A URL is text; it goes into links and redirects.")
