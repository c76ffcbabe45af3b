"""What the checks of several files of this chapter share."""
import contextlib
import io
import warnings
from wsgiref.validate import WSGIWarning, validator

from tests.expect import blaming, expect_type
from workshop.checking.diagnosis import expect_that
from workshop.checking.tree import LearnersChapter, calls, shown

ch02 = LearnersChapter("ch02_request")
ch03 = LearnersChapter("ch03_environ")
SERVER = ("127.0.0.1", 8000)
CLIENT = ("192.0.2.9", 50_000)
ALL_BYTES = bytes(range(256))
TEXT = [("Content-Type", "text/plain")]
NI_HAO = "你好".encode()
BYTES = 'What goes through a socket is bytes (PEP 3333, section "A Note On String Types").'


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


@contextlib.contextmanager
def called(text):
    """Have a diagnosis show text as the last call: an environ is too long to be read."""
    try:
        yield
    finally:
        calls.append(text)


def show_to_wsgiref(environ):
    """Give environ to an application behind wsgiref's validator. Fail if the validator objects to it."""
    def application(environ, start_response):
        start_response("200 OK", TEXT)
        return [environ["wsgi.input"].read(1)]

    why = "Any application may be called with it, and each goes by PEP 3333, section \"environ Variables\"."
    with blaming("wsgiref's validator objects to the environ", why), warnings.catch_warnings():
        warnings.simplefilter("error", WSGIWarning)
        with contextlib.closing(validator(application)(environ, lambda *head: lambda block: None)) as blocks:
            list(blocks)


def cgi(server=SERVER, client=CLIENT, **parts):
    """Return what cgi_variables makes of a request with these parts."""
    return expect_type(ch03.cgi_variables(request(**parts), server, client), dict, "cgi_variables returns",
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
