"""Chapter 3 · How does a server talk to an app it has never seen?

The judges come from outside: wsgiref's validator for what servers and applications hand over, wsgiref's own server
for the applications, Flask for the server, and `requests` for the program.
"""
import contextlib
import html
import io
import os
import re
import signal
import socket
import sys
import warnings
from urllib.parse import unquote_to_bytes
from wsgiref.handlers import SimpleHandler
from wsgiref.util import request_uri
from wsgiref.validate import WSGIWarning, validator

import flask
import pytest
import requests

from tests.harness.answer import read_answer
from tests.harness.client import exchange
from tests.harness.diagnosis import Diagnosis, expect_same, expect_that, shown_bytes
from tests.harness.outcomes import NotStarted
from tests.harness.program import chapter_program
from tests.harness.transport import DELIVERIES, Connection
from tests.harness.tree import Chapter, calls, deepest_place, load, noted, shown

ch02 = Chapter("ch02_request")
ch03 = Chapter("ch03_environ")

SERVER = ("127.0.0.1", 8000)
CLIENT = ("192.0.2.9", 50_000)
ALL_BYTES = bytes(range(256))
TEXT = [("Content-Type", "text/plain")]
NI_HAO = "你好".encode()
SEE_ENVIRON = {"try it": "python chapters/ch03_environ.py, then open http://127.0.0.1:8000/你好?page=2"}


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


def expect_out(error_class, call, problem, why):
    """Fail with problem unless call() ends with an exception of error_class."""
    with blaming(f"another exception comes out than {error_class.__name__}", why):
        try:
            came_back = call()
        except Diagnosis:  # an AssertionError of ours
            raise
        except error_class:
            return
    raise Diagnosis(problem, **{"came back": shown(came_back), "expected": error_class.__name__}, why=why)


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


# The environ.


def cgi(server=SERVER, client=CLIENT, **parts):
    """Return what cgi_variables makes of a request with these parts."""
    return expect_kind(ch03.cgi_variables(request(**parts), server, client), dict, "cgi_variables returns",
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


@pytest.mark.step("3.1")
class TestCgiVariables:
    FORM = [("content-type", "text/plain"), ("content-length", "5")]

    @pytest.mark.clause(36)
    def test_it_returns_a_plain_dict(self):
        cgi()

    def test_the_names_are_written_with_underscores(self):
        hyphened = [name for name in cgi(fields=self.FORM, body=b"hello") if "-" in name]
        expect_that(not hyphened, f"{' and '.join(hyphened)} should be written with an underscore",
                    "An application looks for CONTENT_TYPE and CONTENT_LENGTH; what is there under another name, it "
                    'does not find (PEP 3333, section "environ Variables").')

    @pytest.mark.clause(51)
    def test_every_value_is_a_str(self):
        for name, value in cgi(fields=self.FORM, body=b"hello").items():
            expect_kind(value, str, f"{name} is",
                        'Every CGI variable is a str, numbers too (PEP 3333, section "environ Variables").')

    @pytest.mark.clause(37, 38, 44)
    @pytest.mark.parametrize("name", ["REQUEST_METHOD", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING", "SERVER_NAME",
                                      "SERVER_PORT", "SERVER_PROTOCOL", "REMOTE_ADDR"])
    def test_the_variable_is_there_whatever_the_request(self, name):
        cgi_variable(name)

    @pytest.mark.clause(38)
    def test_the_method_is_the_clients(self):
        expect_value(cgi_variable("REQUEST_METHOD", method="PUT"), "PUT", problem="REQUEST_METHOD is another one",
                     why='An application does what the method says (PEP 3333, section "environ Variables").')

    @pytest.mark.clause(39)
    def test_the_script_name_is_empty(self):
        expect_value(cgi_variable("SCRIPT_NAME", path=b"/a/b"), "", problem="SCRIPT_NAME is not empty",
                     why="SCRIPT_NAME and PATH_INFO together are the path of the URL, and this server has all of it in "
                         'PATH_INFO (PEP 3333, section "environ Variables").')

    @pytest.mark.clause(40, 132)
    def test_each_byte_of_the_path_becomes_one_character(self):
        path = b"/a b/" + NI_HAO
        target = "/a%20b/%E4%BD%A0%E5%A5%BD?page=2"
        came_back = cgi_variable("PATH_INFO", path=path, query="page=2", target=target)
        expect_value(came_back, path.decode("latin-1"), path=str(path), **SEE_ENVIRON, likely={
            "PATH_INFO is decoded as UTF-8": "/a b/你好",
            "PATH_INFO is the target, with the query in it": target,
            "PATH_INFO is still percent-encoded": target.partition("?")[0],
            "PATH_INFO is how Python shows bytes, with b'…' around": str(path),
        }, problem="PATH_INFO is another one",
            why="An application takes the bytes back with .encode('latin-1') and decodes them as it likes: so each "
                'character stands for one byte (PEP 3333, section "Unicode Issues").')

    @pytest.mark.clause(132)
    def test_the_path_may_hold_any_byte(self):
        why = 'A path need not be UTF-8, and no byte of it may be lost (PEP 3333, section "Unicode Issues").'
        with blaming("a path that is not UTF-8 can't be decoded", why, path=shown_bytes(ALL_BYTES)):
            came_back = cgi_variable("PATH_INFO", path=b"/" + ALL_BYTES)
        expect_value(came_back, "/" + ALL_BYTES.decode("latin-1"), why, problem="PATH_INFO has lost bytes of the path")

    @pytest.mark.clause(41)
    def test_the_query_is_not_decoded(self):
        query = "who=%E4%BD%A0+a%26b"
        came_back = cgi_variable("QUERY_STRING", query=query, target="/?" + query)
        expect_value(came_back, query, **SEE_ENVIRON, likely={
            "QUERY_STRING begins with the question mark": "?" + query,
            "QUERY_STRING is decoded": "who=你+a&b",
            "QUERY_STRING is decoded, and each + a space": "who=你 a&b",
            "QUERY_STRING is the whole target": "/?" + query,
        }, problem="QUERY_STRING is another one",
            why="It is what follows `?`, as it came: once it is decoded, the `&` that separates can't be told from the "
                '`%26` in a value (PEP 3333, section "environ Variables").')

    @pytest.mark.clause(44)
    def test_server_name_and_port_are_where_the_server_listens(self):
        why = ("The Host field is what the client claims, and has a variable of its own; these two say where the "
               'server is (PEP 3333, section "environ Variables").')
        address = ("127.0.0.1", 4711)
        expect_value(cgi_variable("SERVER_NAME", server=address), "127.0.0.1", why, likely={
            "SERVER_NAME comes from the Host field": "example.org",
            "SERVER_NAME is the whole Host field": "example.org:81",
            "SERVER_NAME has the port in it": "127.0.0.1:4711",
            "SERVER_NAME is the client's address": CLIENT[0],
        }, problem="SERVER_NAME is another one")
        expect_value(cgi_variable("SERVER_PORT", server=address), "4711", why, likely={
            "SERVER_PORT comes from the Host field": "81",
            "SERVER_PORT is the client's port": "50000",
        }, problem="SERVER_PORT is not the port that the server listens on")

    @pytest.mark.clause(45)
    def test_the_protocol_is_the_version_that_the_client_used(self):
        expect_value(cgi_variable("SERVER_PROTOCOL", version="HTTP/1.0"), "HTTP/1.0",
                     problem="SERVER_PROTOCOL is not the client's version",
                     why="In spite of its name it is the version of the request: an HTTP/1.0 client must not be "
                         'answered as one of HTTP/1.1 (PEP 3333, section "environ Variables").')

    @pytest.mark.clause(47)
    def test_the_remote_address_is_the_clients_host(self):
        expect_value(cgi_variable("REMOTE_ADDR"), CLIENT[0], likely={
            "REMOTE_ADDR is the server's own address": SERVER[0],
            "REMOTE_ADDR has the port in it": "192.0.2.9:50000",
        }, problem="REMOTE_ADDR is another one",
            why="Logs and limits go by it: it is the client's IP address and nothing else (RFC 3875 section 4.1.8).")

    @pytest.mark.clause(42)
    def test_the_content_type_is_the_clients(self):
        fields = [("content-type", "text/plain; charset=utf-8")]
        expect_value(cgi_variable("CONTENT_TYPE", fields=fields), "text/plain; charset=utf-8", sent=str(fields),
                     problem="CONTENT_TYPE is another one",
                     why="An application reads a form only if this says, in full, that it is one (PEP 3333, section "
                         '"environ Variables").')

    def test_the_first_of_several_content_types_counts(self):
        fields = [("content-type", "text/plain"), ("content-type", "text/html")]
        expect_value(cgi_variable("CONTENT_TYPE", fields=fields), "text/plain", sent=str(fields), likely={
            "CONTENT_TYPE is the value of the last field": "text/html",
            "CONTENT_TYPE is two values joined": "text/plain, text/html",
        }, problem="CONTENT_TYPE is not the value of the first field",
            why="A body has one type; two types with a comma are none (RFC 9110 section 8.3).")

    @pytest.mark.clause(43)
    def test_the_content_length_is_that_of_the_body(self):
        fields = [("content-length", "6")]
        expect_value(cgi_variable("CONTENT_LENGTH", fields=fields, body=NI_HAO), "6", sent=str(fields),
                     problem="CONTENT_LENGTH is not the number of bytes in the body",
                     why='An application reads that many bytes (PEP 3333, section "environ Variables").')

    @pytest.mark.clause(43, 119)
    def test_a_body_that_came_in_chunks_has_a_length_too(self):
        variables = cgi(fields=[("transfer-encoding", "chunked")], body=b"hello")
        why = ("The chunks are put together by then, and Flask takes a body without a length for empty (PEP 3333, "
               'section "Other HTTP Features").')
        expect_that("CONTENT_LENGTH" in variables, "CONTENT_LENGTH is missing for a body that came in chunks", why,
                    sent="transfer-encoding: chunked, and the body b'hello'")
        expect_value(variables["CONTENT_LENGTH"], "5", why, problem="CONTENT_LENGTH is not that of the body")

    @pytest.mark.clause(43)
    def test_a_body_announced_as_empty_has_the_length_0(self):
        variables = cgi(fields=[("content-length", "0")])
        why = "The client sent `Content-Length: 0`: that is a body, an empty one (RFC 9110 section 8.6)."
        expect_that("CONTENT_LENGTH" in variables, "CONTENT_LENGTH is missing where the client sent 0", why,
                    sent="content-length: 0, and no body")
        expect_value(variables["CONTENT_LENGTH"], "0", why, problem="CONTENT_LENGTH is not that of the body")

    @pytest.mark.clause(42, 43, 50)
    @pytest.mark.parametrize("name", ["CONTENT_TYPE", "CONTENT_LENGTH"])
    def test_what_the_client_did_not_send_is_left_out(self, name):
        variables = cgi()
        expect_that(name not in variables, f"{name} is there, and the client sent none",
                    "What is missing is left out, so that an application can tell that nothing was sent "
                    '(PEP 3333, section "environ Variables").', came_back=f"{name} is {variables.get(name)!r}")

    @pytest.mark.clause(36, 37, 51)
    def test_wsgiref_accepts_them(self):
        variables = cgi(method="POST", fields=self.FORM, body=b"hello", path=b"/" + NI_HAO)
        show_to_wsgiref({key: value for key, value in environ_from_outside().items() if "." in key} | variables)


def http(fields):
    """Return what http_variables makes of fields. Their names are new texts, as they are when they are parsed."""
    fields = [("".join(name), value) for name, value in fields]
    return expect_kind(ch03.http_variables(fields), dict, "http_variables returns",
                       "The environ is a builtin dict, no subclass, and build_environ puts yours into it "
                       '(PEP 3333, section "Specification Details").')


def expect_http(fields, expected, why, *, problem, likely=()):
    """Fail unless fields become exactly the expected variables."""
    expect_value(http(fields), expected, why, problem=problem, likely=likely)


@pytest.mark.step("3.2")
class TestHttpVariables:
    @pytest.mark.clause(36)
    def test_it_returns_a_plain_dict(self):
        expect_http([], {}, problem="there are variables where no field was sent",
                    why="Each HTTP_ variable stands for a field that the client sent.")

    @pytest.mark.clause(46)
    def test_a_field_becomes_a_variable(self):
        expect_http([("user-agent", "curl/8.5.0")], {"HTTP_USER_AGENT": "curl/8.5.0"}, likely={
            "the hyphen is still in the name": {"HTTP_USER-AGENT": "curl/8.5.0"},
            "the name does not begin with HTTP_": {"USER_AGENT": "curl/8.5.0"},
            "the name is not in upper case": {"HTTP_user_agent": "curl/8.5.0"},
            "the values are in lists": {"HTTP_USER_AGENT": ["curl/8.5.0"]},
        }, problem="user-agent does not become HTTP_USER_AGENT",
            why="The prefix keeps what the client says apart from what the server says: a client could send a field "
                '`remote-addr` (PEP 3333, section "environ Variables").')

    @pytest.mark.clause(46)
    def test_every_hyphen_is_turned(self):
        expect_http([("x-forwarded-for", "192.0.2.1")], {"HTTP_X_FORWARDED_FOR": "192.0.2.1"},
                    problem="x-forwarded-for does not become HTTP_X_FORWARDED_FOR",
                    why='Applications look for this name (PEP 3333, section "environ Variables").')

    def test_repeated_fields_are_joined_in_order(self):
        fields = [("accept", "text/html"), ("host", "a"), ("accept", "text/plain"), ("accept", "*/*")]
        expect_http(fields, {"HTTP_ACCEPT": "text/html, text/plain, */*", "HTTP_HOST": "a"}, likely={
            "only the last of the repeated fields is kept": {"HTTP_ACCEPT": "*/*", "HTTP_HOST": "a"},
            "only the first of the repeated fields is kept": {"HTTP_ACCEPT": "text/html", "HTTP_HOST": "a"},
            "the repeated fields are joined without a space":
                {"HTTP_ACCEPT": "text/html,text/plain,*/*", "HTTP_HOST": "a"},
            "the repeated fields are joined from the last to the first":
                {"HTTP_ACCEPT": "*/*, text/plain, text/html", "HTTP_HOST": "a"},
        }, problem="the repeated fields are not joined with a comma and a space, in their order",
            why="A dict has room for one value, and proxies may join fields in just this way (RFC 9110 section 5.3).")

    def test_cookies_are_joined_with_a_semicolon(self):
        expect_http([("cookie", "a=1"), ("cookie", "b=2"), ("cookie", "c=3")], {"HTTP_COOKIE": "a=1; b=2; c=3"},
                    likely={"the cookies are joined with a comma": {"HTTP_COOKIE": "a=1, b=2, c=3"}},
                    problem="the cookies are not joined with `; `",
                    why="A comma does not separate cookies: of `a=1, b=2` Flask finds no cookie, and of `a=1,b=2` one "
                        "(RFC 6265 section 5.4, RFC 9113 section 8.2.3).")

    def test_a_field_other_than_cookie_is_not_joined_with_a_semicolon(self):
        expect_http([("cookie2", "a"), ("cookie2", "b")], {"HTTP_COOKIE2": "a, b"},
                    problem="another field is joined as if it were cookie",
                    why="The semicolon is for `cookie` alone (RFC 9110 section 5.3).")

    @pytest.mark.clause(42, 43)
    @pytest.mark.parametrize("name", ["content-type", "content-length"])
    def test_fields_that_have_variables_of_their_own_are_left_out(self, name):
        variable = "HTTP_" + name.upper().replace("-", "_")
        expect_http([(name, "5")], {}, problem=f"{variable} is there: this field is CONTENT_{name[8:].upper()}",
                    why="CGI gave these two fields names without HTTP_, and WSGI keeps them: wsgiref's validator "
                        'refuses the others (PEP 3333, section "environ Variables").')

    @pytest.mark.parametrize("name", ["content-encoding", "content-language", "host", "expect", "authorization"])
    def test_other_fields_are_given_on(self, name):
        expect_http([(name, "x")], {"HTTP_" + name.upper().replace("-", "_"): "x"},
                    problem=f"the field {name} is left out",
                    why="The application may need it: only the fields that the step names are left out.")

    @pytest.mark.clause(118)
    @pytest.mark.parametrize("name", ["connection", "keep-alive", "proxy-connection", "te", "trailer",
                                      "transfer-encoding", "upgrade"])
    def test_hop_by_hop_fields_are_left_out(self, name):
        expect_http([(name, "x"), ("accept", "y")], {"HTTP_ACCEPT": "y"},
                    problem=f"the field {name} is given on to the application",
                    why="It speaks of the connection, which is the server's: a body is no longer chunked when the "
                        "application reads it (RFC 9110 section 7.6.1).")

    def test_names_with_an_underscore_are_left_out(self):
        expect_http([("x-user", "bob"), ("x_user", "admin")], {"HTTP_X_USER": "bob"}, likely={
            "x_user takes the place of x-user": {"HTTP_X_USER": "admin"},
            "x_user is joined to x-user": {"HTTP_X_USER": "bob, admin"},
            "all fields are gone, those with a hyphen too": {},
        }, problem="a field whose name has an underscore is not left out",
            why="Both names become HTTP_X_USER: a client could claim what a proxy in front vouches for. gunicorn, "
                "waitress and nginx leave such fields out too.")

    @pytest.mark.clause(46)
    def test_an_empty_value_is_a_value(self):
        expect_http([("accept-encoding", "")], {"HTTP_ACCEPT_ENCODING": ""},
                    problem="a field with an empty value is left out",
                    why="`Accept-Encoding:` with nothing behind it says: do not compress. The variable is there "
                        'exactly when the field is (PEP 3333, section "environ Variables").')

    def test_an_empty_value_before_others_is_joined_too(self):
        expect_http([("accept", ""), ("accept", "*/*")], {"HTTP_ACCEPT": ", */*"},
                    likely={"an empty value before another one is lost": {"HTTP_ACCEPT": "*/*"}},
                    problem="repeated fields, the first with an empty value, are not joined",
                    why="Each field is a member of the list, one with nothing in it too (RFC 9110 section 5.3).")

    def test_values_stay_as_they_are(self):
        expect_http([("x-name", "J\xfcrgen, \"a\"; b")], {"HTTP_X_NAME": "J\xfcrgen, \"a\"; b"},
                    problem="a value is not given on as it came", why="What a value means, the application knows.")

    @pytest.mark.clause(36, 51)
    def test_wsgiref_accepts_them(self):
        fields = [("host", "example.org"), ("cookie", "a=1"), ("cookie", "b=2"), ("content-type", "text/plain")]
        show_to_wsgiref(environ_from_outside() | http(fields))


def wsgi_variable(name, body=b""):
    """Return one of the wsgi. variables for a request with this body; fail if it is not there."""
    variables = expect_kind(ch03.wsgi_variables(body), dict, "wsgi_variables returns",
                            'The environ is a builtin dict (PEP 3333, section "Specification Details").')
    expect_that(name in variables, f"{name} is missing", came_back=shown(sorted(variables)),
                why='An application may count on all seven (PEP 3333, section "environ Variables").')
    return variables[name]


def input_with(body):
    """Return wsgi.input for a request with this body; fail if it has not the methods of one."""
    stream = wsgi_variable("wsgi.input", body)
    why = ('An application calls read, readline and readlines, and iterates (PEP 3333, section "Input and Error '
           'Streams").')
    expect_that(not isinstance(stream, (bytes, bytearray)), "wsgi.input is the body itself, not a stream of it", why)
    for method in ("read", "readline", "readlines", "__iter__"):
        expect_that(hasattr(stream, method), f"wsgi.input has no {method}", why, came_back=shown(stream))
    return stream


@pytest.mark.step("3.3")
class TestWsgiVariables:
    @pytest.mark.clause(53, 54, 55, 56, 58, 59, 60)
    @pytest.mark.parametrize("name", ["version", "url_scheme", "input", "errors", "multithread", "multiprocess",
                                      "run_once"])
    def test_the_variable_is_there(self, name):
        wsgi_variable(f"wsgi.{name}")

    @pytest.mark.clause(53)
    def test_the_version_is_that_of_wsgi(self):
        expect_value(wsgi_variable("wsgi.version"), (1, 0), likely={
            "wsgi.version is a str, not the tuple (1, 0)": "1.0",
            "wsgi.version is a list, not the tuple (1, 0)": [1, 0],
            "wsgi.version is a number, not the tuple (1, 0)": 1.0,
        }, problem="wsgi.version is not the version of WSGI",
            why="It tells by which version of PEP 3333 the two speak to each other: there is only 1.0. It says nothing "
                'about the server (PEP 3333, section "environ Variables").')

    @pytest.mark.clause(54)
    def test_the_scheme_is_http(self):
        expect_value(wsgi_variable("wsgi.url_scheme"), "http", likely={
            "wsgi.url_scheme has :// in it": "http://",
            "wsgi.url_scheme is the protocol version": "HTTP/1.1",
            "wsgi.url_scheme is in upper case": "HTTP",
        }, problem="wsgi.url_scheme is not that of a server without TLS",
            why='A URL of this server begins with it (PEP 3333, section "URL Reconstruction").')

    @pytest.mark.clause(55, 62)
    def test_the_input_is_a_stream(self):
        input_with(b"hello")

    @pytest.mark.clause(55, 66, 134)
    @pytest.mark.parametrize("body", [b"hello", ALL_BYTES, b""], ids=["text", "all 256 bytes", "no body"])
    def test_reading_gives_the_body(self, body):
        why = 'wsgi.input holds the body, byte for byte (PEP 3333, section "Input and Error Streams").'
        with blaming("wsgi.input can't hold every body", why, body=shown_bytes(body)):
            came_back = input_with(body).read()
        expect_kind(came_back, bytes, "wsgi.input gives", why)
        expect_value(came_back, body, why, body=shown_bytes(body), likely={
            "wsgi.input gives nothing: does the stream stand at its end?": b"",
        }, problem="wsgi.input gives something else than the body")

    @pytest.mark.clause(64, 67)
    def test_reading_on_gives_the_end_of_file(self):
        stream = input_with(b"hello")
        came_back = [stream.read(100), stream.read(100), stream.read(), stream.readline()]
        expect_value(came_back, [b"hello", b"", b"", b""], problem="wsgi.input does not end where the body ends",
                     why="An application that reads too much gets the end of the file; it must not wait for bytes that "
                         'never come (PEP 3333, section "Input and Error Streams").')

    @pytest.mark.clause(62)
    def test_reading_bit_by_bit_gives_the_body_once(self):
        stream = input_with(b"hello")
        came_back = [stream.read(2), stream.read(2), stream.read(2), stream.read(2)]
        expect_value(came_back, [b"he", b"ll", b"o", b""], problem="read(2) again and again does not give the body",
                     why='Large bodies are read bit by bit (PEP 3333, section "Input and Error Streams").')

    @pytest.mark.clause(62)
    @pytest.mark.parametrize("read", [
        pytest.param(lambda stream: [stream.readline(), stream.readline(), stream.readline()], id="readline"),
        pytest.param(lambda stream: [*stream.readlines(), b""], id="readlines"),
        pytest.param(lambda stream: [*stream, b""], id="iteration"),
    ])
    def test_the_body_can_be_read_by_lines(self, read):
        expect_value(read(input_with(b"one\r\ntwo")), [b"one\r\n", b"two", b""],
                     problem="wsgi.input does not give lines as a binary file does",
                     why='A line keeps its end (PEP 3333, section "Input and Error Streams").')

    @pytest.mark.clause(55)
    def test_each_request_has_an_input_of_its_own(self):
        first, second = input_with(b"first"), input_with(b"second")
        expect_value([first.read(), second.read()], [b"first", b"second"],
                     problem="two requests share one wsgi.input",
                     why="A body belongs to its request, whoever reads first.")

    @pytest.mark.clause(56, 57, 63)
    def test_what_is_written_to_errors_comes_out_on_stderr(self, capsys):
        errors = wsgi_variable("wsgi.errors")
        why = 'Applications write their log there, as text (PEP 3333, section "Input and Error Streams").'
        for method in ("write", "writelines", "flush"):
            expect_that(hasattr(errors, method), f"wsgi.errors has no {method}", why, came_back=shown(errors))
        with blaming("wsgi.errors does not take text", why):
            errors.write("你好\n")
            errors.writelines(["a\n", "b\n"])
            errors.flush()
        out, err = capsys.readouterr()
        expect_that(not out, "what is written to wsgi.errors comes out on stdout", why, came_back=shown(out))
        expect_same(err, "你好\na\nb\n", why, problem="what is written to wsgi.errors does not come out on stderr")

    @pytest.mark.clause(58, 59, 60)
    @pytest.mark.parametrize(("name", "claim"), [
        ("multithread", "another thread may call the application at the same time"),
        ("multiprocess", "another process may call the application at the same time"),
        ("run_once", "the application is called only once in the life of this process"),
    ], ids=["multithread", "multiprocess", "run_once"])
    def test_the_server_is_one_that_serves_one_after_the_other(self, name, claim):
        value = wsgi_variable(f"wsgi.{name}")
        expect_that(not value, f"wsgi.{name} is true", came_back=repr(value), expected="False",
                    why=f'It says that {claim}; here that is not so (PEP 3333, section "environ Variables").')

    @pytest.mark.clause(36, 37)
    @pytest.mark.parametrize("method", ["GET", "POST"])
    def test_wsgiref_accepts_the_whole_environ(self, method):
        wsgi_variable("wsgi.version")
        form = {"REQUEST_METHOD": method, "CONTENT_TYPE": "text/plain", "CONTENT_LENGTH": "5", "HTTP_COOKIE": "a=1"}
        show_to_wsgiref(environ_from_outside(**form) | ch03.wsgi_variables(b"hello"))


# Applications, as a server sees them.


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


@pytest.mark.step("3.4")
class TestFunctionApp(EveryApplication):
    def app(self):
        return seen(ch03.function_app, "function_app")

    test_wsgiref_accepts_it = accepted_by_wsgiref


@pytest.mark.step("3.5")
class TestGeneratorApp(EveryApplication):
    def app(self):
        return seen(ch03.generator_app, "generator_app")

    @pytest.mark.clause(5, 77)
    def test_start_response_is_called_with_the_first_block_and_not_before(self):
        heads = []
        why = ("Calling a generator function runs nothing of it; all of it runs when the server asks for blocks "
               '(PEP 3333, section "Specification Details").')
        iterable = self.app()(environ_from_outside(), lambda *head: heads.append(head))
        expect_that(not heads, "start_response is called before the server asks for a block", why)
        next(blocks_of(iterable), None)
        expect_that(heads, "start_response is not called when the server asks for the first block", why)

    @pytest.mark.clause(16)
    def test_the_blocks_come_one_by_one(self):
        expect_value(visit(self.app())[1], ch03.PAGE, problem="the blocks are not those of PAGE",
                     why="A server sends each block before it asks for the next, so that a large page need not be in "
                         'memory at once (PEP 3333, section "Buffering and Streaming").')

    test_wsgiref_accepts_it = accepted_by_wsgiref


@pytest.mark.step("3.6")
class TestSitePage(EveryApplication):
    def app(self, site=None):
        return seen((site or ch03.Site()).page, "Site().page")

    def test_each_visit_is_counted(self):
        site = ch03.Site()
        visits = [(visit(self.app(site)), site.visits)[1] for _ in range(3)]
        expect_value(visits, [1, 2, 3], likely={
            "visits stays 0": [0, 0, 0],
            "visits is set to 1 each time": [1, 1, 1],
            "a visit is counted twice": [2, 4, 6],
            f"the first visit to a new site is number {visits[0]}": [visits[0], visits[0] + 1, visits[0] + 2],
        }, problem="visits does not count the visits",
            why="A bound method brings its object along: this is how an application keeps something between requests.")

    def test_each_site_counts_for_itself(self):
        first, second = ch03.Site(), ch03.Site()
        visit(self.app(first))
        visit(self.app(first))
        visit(self.app(second))
        expect_value((first.visits, second.visits), (2, 1), problem="two sites share one count",
                     why="Two applications of one class can stand side by side in a process.")

    test_wsgiref_accepts_it = accepted_by_wsgiref


@pytest.mark.step("3.7")
class TestPageClassIter(EveryApplication):
    def app(self):
        return seen(ch03.PageClass, "PageClass")

    def test_the_blocks_come_one_by_one(self):
        expect_value(visit(self.app())[1], ch03.PAGE, problem="the blocks are not those of PAGE",
                     why="A server sends each block before it asks for the next, so that a large page need not be in "
                         'memory at once (PEP 3333, section "Buffering and Streaming").')

    def test_two_requests_do_not_mix(self):
        first, second = [], []
        one = self.app()(environ_from_outside(), lambda *head: first.append(head))
        other = self.app()(environ_from_outside(), lambda *head: second.append(head))
        blocks = [*blocks_of(other)]
        expect_value((len(first), len(second)), (0, 1), problem="the start_response of another request is called",
                     why="Each request has an instance of its own, and each instance its own start_response.")
        expect_value([*blocks_of(one)], blocks, problem="the second request changes the first",
                     why="Each request has an instance of its own.")

    test_wsgiref_accepts_it = accepted_by_wsgiref


@pytest.mark.step("3.8")
class TestGreetingCall(EveryApplication):
    BLOCKS = [b"Hello, ", NI_HAO, b"\n"]

    def app(self, blocks=tuple(BLOCKS)):
        return seen(ch03.Greeting(list(blocks)), f"Greeting({list(blocks)!r})")

    def header(self, name, blocks=tuple(BLOCKS)):
        """Return the value of a header that a Greeting with these blocks gives; fail if it gives none."""
        headers = expect_head(visit(self.app(blocks))[0])[1]
        values = [value for key, value in headers if key.lower() == name.lower()]
        expect_that(len(values) == 1, f"there are {len(values)} {name} headers, not one",
                    "A client goes by this header (RFC 9110 section 8).", came_back=shown(headers))
        return values[0]

    def test_status_and_headers_are_those_of_the_page(self):
        expect_value(visit(self.app())[0][0], "200 OK", problem="the status is not 200 OK",
                     why="All is well, and 200 says so (RFC 9110 section 15.3.1).")
        expect_value(self.header("Content-Type"), "text/plain; charset=utf-8",
                     problem="the Content-Type is not that of text",
                     why="A browser shows text/plain as it is, and by the charset it knows what the bytes stand for "
                         "(RFC 9110 section 8.3).")

    @pytest.mark.parametrize("blocks", [BLOCKS, [b"Hello"], []], ids=["three blocks", "one block", "no block"])
    def test_the_content_length_counts_the_bytes_of_all_blocks(self, blocks):
        length = sum(map(len, blocks))
        of_page = dict(ch03.page_head()[1])["Content-Length"]
        expect_value(self.header("Content-Length", blocks), str(length), blocks=str(blocks), likely={
            "Content-Length counts the blocks, not their bytes": str(len(blocks)),
            "Content-Length counts characters, not bytes": str(len(b"".join(blocks).decode())),
            "Content-Length is that of the first block": str(len(blocks[0]) if blocks else None),
            "Content-Length is that of the list's text": str(len(str(blocks))),
            "Content-Length is that of PAGE": of_page,
        } if length else {}, problem="Content-Length is not the number of bytes in the body",
            why="The client reads exactly so many bytes (RFC 9110 section 8.6).")

    def test_the_body_is_the_page(self):
        expect_value(b"".join(visit(self.app())[1]), b"".join(self.BLOCKS), problem="the body is not self.blocks",
                     why="Each instance has blocks of its own.")

    test_wsgiref_accepts_it = accepted_by_wsgiref


# The server's side of the call.


class Blocks:
    """What an application returns: an iterable that is not its own iterator, and takes down what is done with it."""

    def __init__(self, *blocks, error=None):
        self.blocks = blocks
        self.error = error  # raised behind the last block
        self.events = []

    def __iter__(self):
        return Cursor(self)

    def close(self):
        self.events.append("close")


class Cursor:
    """The iterator of Blocks. It has a close of its own, which is nobody's business."""

    def __init__(self, iterable):
        self.iterable = iterable
        self.left = list(iterable.blocks)

    def __iter__(self):
        return self

    def __next__(self):
        if self.left:
            self.iterable.events.append("block")
            return self.left.pop(0)
        raise self.iterable.error or StopIteration

    def close(self):
        self.iterable.events.append("close of the iterator")


class Trouble(Exception):
    """What goes wrong in an application."""


def returning(iterable):
    """Return an application that starts a response and returns iterable."""
    def application(environ, start_response):
        start_response("200 OK", TEXT)
        return iterable

    return application


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


# The page of this chapter in small, as every kind of callable.

def function(environ, start_response):
    start_response("200 OK", TEXT)
    return [b"one ", b"two"]


def generator(environ, start_response):
    start_response("200 OK", TEXT)
    yield from [b"one ", b"two"]


class Kinds:
    """Applications of the other kinds."""

    def __init__(self, environ=None, start_response=None):
        self.start_response = start_response

    def method(self, environ, start_response):
        return function(environ, start_response)

    __call__ = method

    def __iter__(self):
        return generator({}, self.start_response)


class Positional:
    """An application whose parameters have no names, and that counts its calls."""

    def __init__(self):
        self.calls = []

    def __call__(self, *arguments, **named):
        self.calls.append((arguments, named))
        start_response = arguments[1] if len(arguments) > 1 else named["start_response"]
        start_response("200 OK", TEXT)
        return [b"hello"]


class Written:
    """An application that gives its body to write, and more of it in its iterable."""

    def __init__(self, *, again=False):
        self.again = again  # whether to take the write of a second start_response
        self.write = None

    def __call__(self, environ, start_response):
        self.write = start_response("200 OK", TEXT)
        if self.again:
            self.write = start_response("404 Not Found", TEXT, exc_info_of(Trouble()))
        if callable(self.write):
            self.write(b"one ")
            self.write(b"two ")
        return [b"three"]


def exc_info_of(error):
    """Return what sys.exc_info() returns where error is being handled."""
    try:
        raise error
    except type(error):
        return sys.exc_info()


BEGUN = [("Content-Type", "text/html"), ("Content-Length", "1000"), ("X-First", "yes")]
SORRY = [("Content-Type", "text/plain"), ("Content-Length", "5")]


def recovers(environ, start_response):
    """An application that starts a response, and another one after an error."""
    start_response("200 OK", list(BEGUN))
    start_response("500 Internal Server Error", list(SORRY), exc_info_of(Trouble("no database")))
    return [b"sorry"]


def recovers_half_way(environ, start_response):
    """An application whose body fails after its first block."""
    start_response("200 OK", list(BEGUN))
    yield b"half a page"
    start_response("500 Internal Server Error", list(SORRY), exc_info_of(Trouble("no database")))
    yield b"sorry"


def recovers_after_writing(environ, start_response):
    """An application that has written some of its body when it fails."""
    start_response("200 OK", list(BEGUN))(b"half a page")
    start_response("500 Internal Server Error", list(SORRY), exc_info_of(Trouble("no database")))
    return [b"sorry"]


def calls_twice(*exc_info):
    """Return an application that calls start_response twice, the second time with this behind status and headers."""
    def application(environ, start_response):
        start_response("200 OK", TEXT)
        start_response("404 Not Found", TEXT, *exc_info)
        return [b"hello"]

    return application


@pytest.mark.step("3.9")
class TestCallApplication:
    def test_it_returns_status_headers_and_body(self):
        expect_value(call(function), ("200 OK", TEXT, b"one two"), likely={
            "the body is only the last block": ("200 OK", TEXT, b"two"),
            "the body is only the first block": ("200 OK", TEXT, b"one "),
            "the body is empty": ("200 OK", TEXT, b""),
        }, problem="status, headers and body are not those of the application",
            why="What the application says is what the client gets.")

    def test_two_calls_have_nothing_in_common(self):
        call(Written())
        expect_value(call(function), ("200 OK", TEXT, b"one two"),
                     problem="something of one request is left over in the next",
                     why="What was kept belongs to one request: the next visitor may be another person.")

    @pytest.mark.clause(15)
    def test_the_application_is_called_by_position(self):
        app = Positional()
        call(app)
        arguments, named = app.calls[0]
        expect_that(not named, "the application is called with keywords", came_back=", ".join(named),
                    why="The names of its two parameters are its own affair: with other ones it raises TypeError "
                        '(PEP 3333, section "Specification Details").')

    @pytest.mark.clause(14)
    def test_the_application_is_called_once(self):
        app = Positional()
        call(app)
        expect_that(len(app.calls) == 1, f"the application is called {len(app.calls)} times for one request",
                    "An application that takes an order would take it twice (PEP 3333, section \"The Server/Gateway "
                    'Side").')

    @pytest.mark.clause(36)
    def test_the_application_gets_the_environ(self):
        app = Positional()
        environ = environ_from_outside(HTTP_X_SHOP="books")
        call(app, dict(environ))
        expect_value(app.calls[0][0][0], environ, problem="the application gets another environ",
                     why="All that it knows of the request is in there.")

    @pytest.mark.clause(13)
    @pytest.mark.parametrize("app", [
        pytest.param(function, id="a function"),
        pytest.param(generator, id="a generator function"),
        pytest.param(Kinds().method, id="a bound method"),
        pytest.param(Kinds, id="a class"),
        pytest.param(Kinds(), id="an instance"),
    ])
    def test_every_kind_of_application_is_served(self, app):
        why = ("A server only calls the application, and goes through what it gets: start_response may come as late as "
               'with the first block (PEP 3333, section "Specification Details").')
        with blaming("an application that calls start_response with its first block is not served"
                     if app in (generator, Kinds) else "an application of this kind is not served", why):
            came_back = call(app)
        expect_value(came_back, ("200 OK", TEXT, b"one two"), why, problem="this kind of application is not served")

    @pytest.mark.clause(77)
    def test_start_response_may_come_late_and_without_a_block(self):
        def application(environ, start_response):
            start_response("204 No Content", [])
            yield from []

        why = ("Going through the iterable is what runs a generator, also if it gives no block (PEP 3333, section "
               '"Specification Details").')
        with blaming("a late start_response is not waited for where there is no block", why):
            came_back = call(application)
        expect_value(came_back, ("204 No Content", [], b""), why, problem="a response without a block is another one")

    @pytest.mark.clause(12)
    def test_the_application_may_empty_its_environ(self):
        def application(environ, start_response):
            environ.clear()
            return function(environ, start_response)

        why = 'The environ is the application\'s to change (PEP 3333, section "Specification Details").'
        with blaming("an application that empties its environ is not served", why):
            call(application)

    @pytest.mark.clause(81, 103, 104)
    def test_what_is_written_comes_before_the_blocks(self):
        app = Written()
        came_back = call(app)
        why = ("start_response returns `write`, for applications that push their body out piece by piece; what their "
               'iterable gives comes behind it (PEP 3333, section "The write() Callable").')
        expect_that(callable(app.write), f"start_response returns {shown(app.write)}, not write", why)
        expect_value(came_back[2], b"one two three", why, likely={
            "what is written is lost": b"three",
            "what is written comes behind the blocks": b"threeone two ",
            "of what is written only the last is kept": b"two three",
        }, problem="the body is not what was written and then the blocks")

    @pytest.mark.clause(81, 134)
    def test_all_256_bytes_come_back_as_they_are(self):
        blocks = [ALL_BYTES[:100], b"", ALL_BYTES[100:]]
        why = 'A body may be a picture: it is bytes, from end to end (PEP 3333, section "A Note On String Types").'
        with blaming("a body that is not UTF-8 is not served", why):
            came_back = call(returning(blocks))
        expect_value(came_back[2], ALL_BYTES, why, problem="bytes of the body are changed or lost")

    @pytest.mark.clause(80, 97)
    def test_start_response_with_exc_info_replaces_what_was_kept(self):
        why = ("The application has begun a page, meets an error and starts again; nothing has been sent yet, so the "
               'error page takes the place of the other, whole (PEP 3333, section "The start_response() Callable").')
        with blaming("a second start_response is refused though it has exc_info", why,
                     exc_info="(class, exception, traceback), the tuple of sys.exc_info()"):
            status, headers, body = call(recovers)
        expect_value(status, "500 Internal Server Error", why, likely={
            "a second start_response with exc_info changes nothing": "200 OK",
        }, problem="the status is neither that of the first nor of the second call")
        expect_value(headers, SORRY, why, likely={
            "the headers of the second start_response are added to those of the first": BEGUN + SORRY,
            "the second start_response replaces the status, but not the headers": BEGUN,
        }, problem="the headers of the first start_response are not replaced as a whole")
        expect_same(body, b"sorry", why, problem="the body is not that of the error page")

    @pytest.mark.clause(80)
    def test_the_first_call_may_have_exc_info_too(self):
        def application(environ, start_response):
            start_response("500 Internal Server Error", TEXT, exc_info_of(Trouble()))
            return [b"sorry"]

        why = ("An application that fails before its first call goes the same way "
               '(PEP 3333, section "The start_response() Callable").')
        with blaming("a first start_response with exc_info is refused", why):
            came_back = call(application)
        expect_value(came_back, ("500 Internal Server Error", TEXT, b"sorry"), why,
                     problem="the response is another one")

    @pytest.mark.clause(81)
    def test_the_second_call_returns_write_too(self):
        app = Written(again=True)
        came_back = call(app)
        why = 'start_response returns write, always (PEP 3333, section "The start_response() Callable").'
        expect_that(callable(app.write), f"with exc_info, start_response returns {shown(app.write)}, not write", why)
        expect_same(came_back[2], b"one two three", why, problem="what is written after the second call is lost")

    @pytest.mark.clause(93)
    @pytest.mark.parametrize("exc_info", [(), (None,)], ids=["two arguments", "exc_info None"])
    def test_a_second_start_response_without_exc_info_is_refused(self, exc_info):
        expect_out(AssertionError, lambda: call_anyhow(calls_twice(*exc_info)),
                   problem="a second start_response without exc_info is accepted",
                   why="It is a mistake in the application, which would go unnoticed: one of its two heads would be "
                       'lost (PEP 3333, section "The start_response() Callable").')

    @pytest.mark.parametrize("blocks", [[b"hello"], []], ids=["a block", "no block"])
    def test_an_application_that_never_calls_start_response_is_refused(self, blocks):
        expect_out(AssertionError, lambda: call_anyhow(lambda environ, start_response: blocks),
                   problem="an application that never calls start_response is accepted",
                   why="There would be a response without a status; gunicorn sends `HTTP/1.1 None` "
                       '(PEP 3333, section "Specification Details").')

    @pytest.mark.clause(74, 79)
    def test_the_iterable_is_closed_in_the_end(self):
        self.expect_closed(Blocks(b"one", b"two"), ["block", "block", "close"])

    @pytest.mark.clause(74)
    def test_an_empty_iterable_is_closed_too(self):
        self.expect_closed(Blocks(), ["close"])

    @pytest.mark.clause(75)
    def test_the_iterable_is_closed_if_the_iteration_fails(self):
        iterable = Blocks(b"one", error=Trouble())
        with contextlib.suppress(Trouble):
            call(returning(iterable))
        self.expect_events(iterable, ["block", "close"], "close is not called if the iteration fails")

    @pytest.mark.clause(74)
    def test_the_iterable_is_closed_if_start_response_was_never_called(self):
        iterable = Blocks(b"one")
        with contextlib.suppress(AssertionError):
            call_anyhow(lambda environ, start_response: iterable)
        expect_that("close" in iterable.events, "close is not called if start_response never was",
                    'What the application opened would stay open (PEP 3333, section "Specification Details").')

    def expect_closed(self, iterable, events):
        with blaming("an iterable with close is not served", "Any iterable may have a close."):
            call(returning(iterable))
        self.expect_events(iterable, events, "close is not called on what the application returned")

    def expect_events(self, iterable, events, missing):
        """Fail unless exactly this was done with the iterable, in this order."""
        problem = missing
        if "close of the iterator" in iterable.events:
            problem = "close is called on the iterator, not on what the application returned"
        elif iterable.events.count("close") > 1:
            problem = f"close is called {iterable.events.count('close')} times"
        elif "close" in iterable.events:
            problem = "close is called before the last block has been taken"
        expect_value(iterable.events, events, problem=problem,
                     why="By close, and by it alone, the application learns that the request is over: it gives back "
                         'files and database connections there (PEP 3333, section "Specification Details").')

    @pytest.mark.clause(74)
    def test_an_iterable_without_close_is_served(self):
        why = 'Most applications return a list, which has no close (PEP 3333, section "Specification Details").'
        with blaming("an iterable without close is not served", why):
            came_back = call(returning((b"one ", b"two")))
        expect_same(came_back[2], b"one two", why, problem="the body is another one")

    @pytest.mark.clause(21)
    def test_an_error_of_the_application_comes_out(self):
        def application(environ, start_response):
            raise Trouble("no database")

        expect_out(Trouble, lambda: call_anyhow(application),
                   problem="an error of the application is swallowed",
                   why="Who calls decides what the client is told: step 3.11 answers 500.")

    @pytest.mark.clause(21)
    def test_an_error_during_the_iteration_comes_out(self):
        iterable = Blocks(b"one", error=Trouble("no database"))
        expect_out(Trouble, lambda: call_anyhow(returning(iterable)),
                   problem="an error during the iteration is swallowed",
                   why="Half a body would be sent as if it were whole: step 3.11 answers 500 instead.")

    def test_a_call_within_a_call_has_nothing_in_common_with_it(self):
        def outer(environ, start_response):
            write = start_response("404 Not Found", TEXT)
            write(b"outer, ")
            return [call(function)[2], b", outer"]

        why = "An application may call another one in the same way: that is how chapter 5 stacks them."
        with blaming("an application can't call another one", why):
            came_back = call(outer)
        expect_value(came_back, ("404 Not Found", TEXT, b"outer, one two, outer"), why,
                     problem="a call within a call changes the outer one")

    @pytest.mark.parametrize("app", [recovers_half_way, recovers_after_writing], ids=["yielded", "written"])
    @pytest.mark.clause(97)
    def test_an_error_page_takes_the_place_of_the_body_so_far(self, app):
        body = call(app)[2]
        expect_same(body, b"sorry", problem="the error page stands behind half of the other page",
                    why="The client would take the bytes of the page that failed for a part of the error page, and "
                        "its Content-Length counts only what comes after.")

    @pytest.mark.clause(93)
    def test_a_second_start_response_that_is_refused_changes_nothing(self):
        def application(environ, start_response):
            start_response("200 OK", TEXT)
            with contextlib.suppress(AssertionError):
                start_response("404 Not Found", [])
            return [b"hello"]

        expect_value(call_anyhow(application), ("200 OK", TEXT, b"hello"),
                     problem="a second start_response that is refused replaces what was kept",
                     why="An application may catch the error and carry on with what it said first.")

    @pytest.mark.clause(77)
    def test_a_block_before_start_response_is_refused(self):
        def application(environ, start_response):
            yield b"half a page"
            start_response("200 OK", TEXT)
            yield b"hello"

        expect_out(AssertionError, lambda: call_anyhow(application),
                   problem="a block that comes before start_response is accepted",
                   why="Status and headers go out ahead of the body, so they must be there with its first block at the "
                       'latest (PEP 3333, section "Specification Details").')

    @pytest.mark.clause(21)
    def test_an_error_in_close_comes_out(self):
        class Closing(list):
            def close(self):
                raise AttributeError("a bug in close")

        expect_out(AttributeError, lambda: call_anyhow(returning(Closing([b"one"]))),
                   problem="an error in the iterable's close is swallowed",
                   why="Whether there is a close is asked before, with hasattr or getattr: `except AttributeError` "
                       "also takes those that are raised in it.")


def url(**variables):
    """Return what request_url makes of an environ with these variables; None leaves a variable out."""
    variables = {name.replace("__", "."): value for name, value in variables.items()}
    environ = {name: value for name, value in environ_from_outside(**variables).items() if value is not None}
    told = ", ".join(f"{name}={environ.get(name, 'missing')!r}" for name in variables)
    with called(f"request_url(environ), {told}"):
        came_back = ch03.request_url(environ)
    return expect_kind(came_back, str, "request_url returns", "A URL is text; it goes into links and redirects.")


@pytest.mark.step("3.10")
@pytest.mark.clause(131)
class TestRequestUrl:
    SECTION = '(PEP 3333, section "URL Reconstruction").'

    def test_it_returns_the_url(self):
        expect_value(url(PATH_INFO="/a/b"), "http://127.0.0.1:8000/a/b", likely={
            "the scheme is missing": "127.0.0.1:8000/a/b",
            "the port is missing": "http://127.0.0.1/a/b",
            "the slashes of the path are percent-encoded": "http://127.0.0.1:8000%2Fa%2Fb",
            "there is a ? though there is no query": "http://127.0.0.1:8000/a/b?",
        }, problem="the URL is another one", why=f"This is what the client asked for {self.SECTION}")

    def test_the_host_field_comes_before_the_servers_name(self):
        expect_value(url(HTTP_HOST="shop.example:8080"), "http://shop.example:8080/", likely={
            "the URL has SERVER_NAME in it though the client sent a Host": "http://127.0.0.1:8000/",
            "the port comes twice": "http://shop.example:8080:8000/",
        }, problem="the host is not the Host that the client sent",
            why="The client knows the server by the name in its Host field, perhaps that of a proxy, and no other may "
                f"work for it {self.SECTION}")

    def test_no_port_is_added_to_the_host_field(self):
        expect_value(url(HTTP_HOST="shop.example"), "http://shop.example/", likely={
            "SERVER_PORT is put behind the Host field": "http://shop.example:8000/",
        }, problem="the host is not the Host that the client sent",
            why="A Host without a port means the default port; the server behind a proxy listens on another "
                + self.SECTION)

    @pytest.mark.parametrize("host", [None, ""], ids=["missing", "empty"])
    def test_without_a_host_field_the_servers_name_is_used(self, host):
        why = f"An HTTP/1.0 client need not send a Host {self.SECTION}"
        with blaming("request_url needs HTTP_HOST", why):
            came_back = url(HTTP_HOST=host)
        expect_value(came_back, "http://127.0.0.1:8000/", why, problem="the host is not SERVER_NAME and SERVER_PORT")

    @pytest.mark.parametrize(("scheme", "port", "host"), [
        pytest.param("http", "80", "127.0.0.1", id="http on 80"),
        pytest.param("https", "443", "127.0.0.1", id="https on 443"),
        pytest.param("http", "443", "127.0.0.1:443", id="http on 443"),
        pytest.param("https", "80", "127.0.0.1:80", id="https on 80"),
    ])
    def test_the_port_is_left_out_where_it_is_the_default_of_the_scheme(self, scheme, port, host):
        added, left_out = f"{scheme}://127.0.0.1:{port}/", f"{scheme}://127.0.0.1/"
        expect_value(url(wsgi__url_scheme=scheme, SERVER_PORT=port), f"{scheme}://{host}/", likely={
            f"port {port} is written though it is the default of {scheme}": added,
            f"port {port} is left out though it is not the default of {scheme}": left_out,
            "the scheme is not wsgi.url_scheme": f"http://{host}/",
        }, problem="the port is wrong",
            why=f"http means 80 and https means 443; any other port must be in the URL {self.SECTION}")

    @pytest.mark.clause(132)
    def test_the_path_is_percent_encoded_again_byte_by_byte(self):
        expect_value(url(PATH_INFO="/" + NI_HAO.decode("latin-1")), "http://127.0.0.1:8000/%E4%BD%A0%E5%A5%BD", likely={
            "the characters of PATH_INFO are encoded as UTF-8: they stand for bytes":
                "http://127.0.0.1:8000/%C3%A4%C2%BD%C2%A0%C3%A5%C2%A5%C2%BD",
            "PATH_INFO is not percent-encoded": "http://127.0.0.1:8000/" + NI_HAO.decode("latin-1"),
        }, problem="the path is not what the client sent",
            why="你 is three bytes, which PATH_INFO has as three characters; in a URL each is a % and two digits "
                '(PEP 3333, sections "Unicode Issues" and "URL Reconstruction").')

    def test_spaces_question_marks_and_percent_signs_are_encoded(self):
        expect_value(url(PATH_INFO="/a b?c/100%"), "http://127.0.0.1:8000/a%20b%3Fc/100%25", likely={
            "a space in the path becomes a +": "http://127.0.0.1:8000/a+b%3Fc/100%25",
            "the slashes of the path are percent-encoded": "http://127.0.0.1:8000%2Fa%20b%3Fc%2F100%25",
            "PATH_INFO is not percent-encoded": "http://127.0.0.1:8000/a b?c/100%",
        }, problem="the path is not encoded as it must be",
            why="A ? in a path would begin the query, and a % would begin a code (RFC 3986 section 2.1).")

    @pytest.mark.clause(39, 40)
    def test_the_script_name_stands_before_the_path(self):
        expect_value(url(SCRIPT_NAME="/shop n\xb01", PATH_INFO="/cart"), "http://127.0.0.1:8000/shop%20n%B01/cart",
                     likely={
                         "SCRIPT_NAME is left out": "http://127.0.0.1:8000/cart",
                         "SCRIPT_NAME is not percent-encoded": "http://127.0.0.1:8000/shop n\xb01/cart",
                         "SCRIPT_NAME is encoded as UTF-8: its characters stand for bytes":
                             "http://127.0.0.1:8000/shop%20n%C2%B01/cart",
                     }, problem="the path is not SCRIPT_NAME and PATH_INFO",
                     why=f"An application mounted below /shop has that part of the path there {self.SECTION}")

    @pytest.mark.clause(41)
    def test_the_query_stays_as_it_came(self):
        query = "who=%E4%BD%A0+a%26b&next=/a?b"
        expect_value(url(QUERY_STRING=query), "http://127.0.0.1:8000/?" + query, likely={
            "the query is missing": "http://127.0.0.1:8000/",
            "there is no ? before the query": "http://127.0.0.1:8000/" + query,
            "the ? before the query is percent-encoded": "http://127.0.0.1:8000/%3F" + query,
        }, problem="the query is not as it came",
            why=f"QUERY_STRING was never decoded, so encoding it would change it {self.SECTION}")

    @pytest.mark.parametrize("missing", ["SCRIPT_NAME", "PATH_INFO", "QUERY_STRING"])
    def test_what_is_empty_may_be_missing(self, missing):
        why = ('A server may leave out a variable that would be empty (PEP 3333, section "environ Variables").')
        empty = {"SCRIPT_NAME": "/shop", "PATH_INFO": "/cart", "QUERY_STRING": "page=2"} | {missing: ""}
        expected = "http://127.0.0.1:8000" + empty["SCRIPT_NAME"] + empty["PATH_INFO"]
        expected += "?page=2" if empty["QUERY_STRING"] else ""
        with blaming(f"request_url needs {missing}", why):
            came_back = url(**(empty | {missing: None}))
        expect_value(came_back, expected, why, problem=f"the URL is another one if {missing} is missing")
        expect_value(url(**empty), expected, why, problem=f"the URL is another one if {missing} is empty")

    def test_wsgiref_puts_the_same_url_together(self):
        variables = {"HTTP_HOST": "shop.example", "SCRIPT_NAME": "/shop", "PATH_INFO": "/a b", "QUERY_STRING": "page=2"}
        expect_value(url(**variables), request_uri(environ_from_outside(**variables)),
                     problem="wsgiref puts another URL together",
                     why=f"Its wsgiref.util.request_uri goes by the same rule {self.SECTION}")


# From the call to the wire. The applications here are Flask's, or small ones that do what applications do.


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


def as_request(prepared):
    """Return the Request of chapter 2 for what `requests` would send."""
    path, _, query = prepared.path_url.partition("?")
    fields = [(name.lower(), value) for name, value in prepared.headers.items()]
    return request(prepared.method, fields, path=unquote_to_bytes(path), query=query, body=body_of(prepared),
                   target=prepared.path_url)


def as_bytes(prepared):
    """Return the bytes that `requests` would send."""
    fields = {"Host": "127.0.0.1:8000", **prepared.headers}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"{prepared.method} {prepared.path_url} HTTP/1.1\r\n{head}\r\n".encode("latin-1") + body_of(prepared)


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


@pytest.mark.step("3.11")
class TestRespond:
    @pytest.fixture(autouse=True)
    def steps_before(self):
        let_stubs_be_heard()

    def sent(self, app, asked):
        """Return what respond returns."""
        with called(f"respond({name_of(app)}, {asked.method} {asked.target}, {SERVER}, {CLIENT})"):
            return ch03.respond(app, asked, SERVER, CLIENT)

    def respond(self, app, asked=None):
        """Return the Answer of respond."""
        asked = asked or request()
        return answer_of(self.sent(app, asked), asked.method)

    def test_it_returns_the_response_of_the_application(self):
        answer = self.respond(page)
        expect_served(answer, b"Hello\n", "What the application says is what the client gets.")
        expect_value((answer.reason, answer.values("X-App")), ("OK", ["page"]),
                     problem="status and headers are not those of the application",
                     why="What the application says is what the client gets.")
        expect_that(answer.values("Date") and answer.values("Connection"), "Date or Connection is missing",
                    "response_bytes adds what HTTP asks of every response, and the application left out.",
                    came_back=shown(answer.fields))

    def test_the_application_gets_the_environ_of_the_request(self):
        environs = []

        def application(environ, start_response):
            environs.append(dict(environ))
            return page(environ, start_response)

        asked = request("POST", [("content-length", "5"), ("x-shop", "books")], path=b"/a", query="b=1", body=b"hello")
        self.respond(application, asked)
        expect_that(len(environs) == 1, f"the application is called {len(environs)} times for one request",
                    'It is called once for each request (PEP 3333, section "The Server/Gateway Side").')
        wanted = {"REQUEST_METHOD": "POST", "PATH_INFO": "/a", "QUERY_STRING": "b=1", "HTTP_X_SHOP": "books",
                  "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "8000", "REMOTE_ADDR": "192.0.2.9"}
        expect_value({name: environs[0].get(name) for name in wanted}, wanted, likely={
            "the addresses of server and client have changed places":
                wanted | {"SERVER_NAME": "192.0.2.9", "SERVER_PORT": "50000", "REMOTE_ADDR": "127.0.0.1"},
        }, problem="the environ is not that of the request",
            why="build_environ takes the request, the server's address and the client's, in this order.")

    @pytest.mark.clause(21)
    @pytest.mark.parametrize("app", FAILING)
    def test_an_application_that_fails_is_a_500(self, app):
        why = ("The client gets an answer, whatever happens, and it is the server's fault: 500 (RFC 9110 section "
               '15.6.1; PEP 3333, section "Error Handling").')
        with blaming("an error of the application comes out of respond", why):
            answer = self.respond(app)
        expect_that(answer.status == 500, f"an application that fails is answered with {answer.status}", why,
                    came_back=f"{answer.status} {answer.reason}", expected="500 Internal Server Error")

    def test_the_500_says_nothing_about_the_application(self):
        answer = self.respond(fails_at_once)
        told = answer.body.decode("utf-8", "replace")
        why = "Strangers read it: what went wrong inside is for the log (RFC 9110 section 15.6.1)."
        expect_that("Traceback" not in told, "the 500 shows the traceback to the client", why, came_back=shown(told))
        expect_that("1234" not in told and "Trouble" not in told, "the 500 tells the client what the exception says",
                    why, came_back=shown(told))

    @pytest.mark.clause(21)
    @pytest.mark.parametrize("app", FAILING[:3])
    def test_the_traceback_goes_to_stderr(self, app, capsys):
        self.respond(app)
        out, err = capsys.readouterr()
        why = 'Without it nobody ever finds the mistake (PEP 3333, section "Error Handling").'
        expect_that("Traceback" not in out, "the traceback goes to stdout, not to stderr", why)
        expect_that("Trouble" in err, "stderr says nothing of the error", why, came_back=shown(err))
        expect_that("Traceback" in err and app.__name__ in err, "stderr has the error, but not where it happened", why,
                    came_back=shown(err))

    def test_an_application_that_fails_leaves_nothing_for_the_next(self):
        self.respond(fails_in_the_body)
        expect_served(self.respond(page), b"Hello\n", "One failure must not stop the server or show up elsewhere.")

    def test_ctrl_c_is_no_error_of_the_application(self):
        def application(environ, start_response):
            raise KeyboardInterrupt

        with contextlib.suppress(KeyboardInterrupt):
            self.respond(application)
            raise Diagnosis("Ctrl-C is answered with a response, and the server goes on",
                            why="Ctrl-C may come while the application runs, and must end the server all the same.")

    @pytest.mark.parametrize(("app", "status"), [
        pytest.param(page, 200, id="a page"),
        pytest.param(fails_at_once, 500, id="an error"),
    ])
    def test_the_response_to_head_has_no_body(self, app, status):
        answer = self.respond(app, request("HEAD"))
        expect_that(answer.status == status, f"HEAD is answered with {answer.status}, not {status}",
                    "HEAD is answered as GET is, but for the body (RFC 9110 section 9.3.2).")

    def test_the_response_to_head_tells_the_length_of_the_body(self):
        lengths = self.respond(page, request("HEAD")).values("Content-Length")
        expect_value(lengths, ["6"], likely={
            "the response to HEAD has the Content-Length 0": ["0"], "the response to HEAD has no Content-Length": [],
        }, problem="the response to HEAD has another Content-Length than that to GET",
            why="HEAD asks how long the page is, without the page (RFC 9110 sections 8.6 and 9.3.2).")

    @pytest.mark.clause(12)
    @pytest.mark.parametrize("method", ["GET", "HEAD"])
    def test_the_application_may_empty_its_environ(self, method):
        def application(environ, start_response):
            environ.clear()
            return page(environ, start_response)

        why = 'The environ is the application\'s to change (PEP 3333, section "Specification Details").'
        with blaming("respond fails for an application that empties its environ", why):
            data = self.sent(application, request(method))
        expect_kind(data, bytes, "the response is", BYTES)
        expect_that(method == "GET" or data.endswith(b"\r\n\r\n"),
                    "HEAD gets a body from an application that empties its environ",
                    "The environ is the application's to change, and by then it was empty: request.method tells you "
                    "that it was a HEAD.", came_back=shown_bytes(data))
        answer = answer_of(data, method)
        expect_that(answer.status == 200, f"the answer is {answer.status} if the application empties its environ", why)

    @pytest.mark.clause(21)
    def test_an_error_while_the_environ_is_built_is_a_500(self):
        asked = request()
        asked.path = None
        why = "A client is answered, whosever fault it is: what makes the environ stands in the `try` too."
        with blaming("an error of build_environ comes out of respond", why, request="one whose path is None"):
            answer = self.respond(page, asked)
        expect_that(answer.status == 500, f"an error of build_environ is answered with {answer.status}", why)

    def test_flask_reads_a_form(self):
        answer = self.respond(shop(), as_request(prepared("POST", "/form", data={"who": "你好"})))
        expect_served(answer, "你好 from 192.0.2.9".encode(), FLASK)

    def test_flask_finds_a_page_whose_name_is_not_ascii(self):
        answer = self.respond(shop(), as_request(prepared("GET", "/hello/你好")))
        expect_served(answer, "Hello, 你好".encode(), FLASK)

    def test_flask_answers_head(self):
        answer = self.respond(shop(), as_request(prepared("HEAD", "/hello/you")))
        expect_value((answer.status, answer.values("Content-Length")), (200, ["10"]),
                     problem="HEAD on a page of Flask is answered otherwise", why=FLASK)

    def test_flask_receives_a_file_with_all_256_bytes(self):
        answer = self.respond(shop(), as_request(prepared("POST", "/upload", files={"picture": ALL_BYTES})))
        expect_served(answer, ALL_BYTES, FLASK)


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


# The program.


def start():
    """Run the chapter's program on a free port and give it as a Program, once it has printed its URL."""
    with chapter_program("ch03_environ") as program:
        program.port()
        yield program


program = pytest.fixture(start, scope="class")  # one for all that only ask it
program_to_end = pytest.fixture(start)


@pytest.fixture
def program_without_port():
    """Run the chapter's program on a port that is taken, and give it once it has ended."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        with chapter_program("ch03_environ", bind=f"127.0.0.1:{taken.getsockname()[1]}") as program:
            program.wait_for(lambda: program.stderr.endswith("\n"))
            explained = program.explained()
            if isinstance(explained, NotStarted):
                raise explained
            yield program


def ask(program, method, path, **options):
    """Return the response that `requests` gets from a Program."""
    with requests.Session() as session:
        session.trust_env = False  # no proxy between
        return session.request(method, f"http://127.0.0.1:{program.port()}{path}", timeout=8, **options)


@pytest.mark.program
@pytest.mark.step("3.12")
class TestProgram:
    WHY = "It is started as you would start it, and asked by a client that knows nothing of it."
    ROW = {"try_it": "python chapters/ch03_environ.py, then: curl -i http://127.0.0.1:8000/"}

    def test_the_program_shows_the_environ_to_requests(self, program):
        response = ask(program, "GET", "/你好?page=2")
        expect_that(response.status_code == 200, f"the program answers {response.status_code}", self.WHY, **self.ROW,
                    output=program.last_lines())
        text = html.unescape(response.text)
        for wanted in ("The environ of /你好", "QUERY_STRING", "page=2", repr("/" + NI_HAO.decode("latin-1"))):
            expect_that(wanted in text, f"the page does not show {wanted}", self.WHY, **self.ROW, came_back=shown(text))

    def test_the_program_answers_a_form_and_head(self, program):
        response = ask(program, "POST", "/", data={"who": "你好"})
        expect_that(response.status_code == 200 and "CONTENT_LENGTH" in response.text,
                    f"the program answers a form with {response.status_code}", self.WHY, came_back=shown(response.text))
        head = ask(program, "HEAD", "/")
        expect_that(head.status_code == 200 and head.content == b"" and int(head.headers["Content-Length"]) > 0,
                    "the program answers HEAD otherwise", self.WHY, came_back=shown(dict(head.headers)))

    def test_the_program_refuses_what_is_no_request_and_serves_on(self, program):
        refused = read_answer(exchange(program.port(), b"hello\r\n\r\n"))
        expect_that(refused.status == 400, f"what is no request is answered with {refused.status}", self.WHY)
        expect_that(ask(program, "GET", "/").status_code == 200, "after that the program serves no more", self.WHY)

    @pytest.mark.skipif(os.name == "nt", reason="Windows has no signals that one process can send to another")
    @pytest.mark.parametrize("how", ["SIGINT", "SIGTERM"])
    def test_the_program_ends_cleanly(self, program_to_end, how):
        status = program_to_end.interrupt(getattr(signal, how))
        expect_that(status == 0 and "Traceback" not in program_to_end.stderr,
                    f"after {how} the program ends with status {status}", output=program_to_end.last_lines(),
                    why="To be stopped is no error: nothing is printed, and the status is 0.")

    def test_a_port_that_is_taken_is_told_in_a_sentence(self, program_without_port):
        told = program_without_port.stderr
        expect_that(told.startswith("can't listen on 127.0.0.1:") and told.count("\n") == 1,
                    "a port that is taken is not told in a sentence", output=program_without_port.last_lines(),
                    why="It happens to everybody, and a traceback does not say what to do.")
