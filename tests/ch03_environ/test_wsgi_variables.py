"""Step 3.3 · wsgi_variables"""
import sys

import pytest

from tests.ch03_environ.common import (
    ALL_BYTES,
    any_bytes,
    ch03,
    environ_from_outside,
    input_with,
    show_to_wsgiref,
    wsgi_variable,
)
from tests.expect import blaming, expect_type, expect_value
from workshop.checking.diagnosis import expect_same, expect_that, shown_bytes
from workshop.checking.tree import shown

SEVEN = {"wsgi.version", "wsgi.url_scheme", "wsgi.input", "wsgi.errors", "wsgi.multithread", "wsgi.multiprocess",
         "wsgi.run_once"}


@pytest.mark.step("3.3")
class TestWsgiVariables:
    @pytest.mark.clause(53, 54, 55, 56, 58, 59, 60)
    @pytest.mark.parametrize("name", sorted(SEVEN))
    def test_the_variable_is_there(self, name):
        wsgi_variable(name)

    @pytest.mark.parametrize("body", [b"", b"hello"], ids=["no body", "a body"])
    def test_there_is_no_other_variable(self, body):
        wsgi_variable("wsgi.version", body)
        more = sorted(map(str, ch03.wsgi_variables(body).keys() - SEVEN))
        expect_that(not more, f"there are more than the seven variables: {', '.join(more)}", came_back=shown(more),
                    expected=f"no other than {', '.join(sorted(SEVEN))}",
                    why="The step asks for exactly seven. What else is in an environ is a promise too: an application "
                        'may go by it (PEP 3333, section "environ Variables").')

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

    def test_two_requests_have_nothing_in_common(self):
        wsgi_variable("wsgi.input")
        first, second = ch03.wsgi_variables(b"first"), ch03.wsgi_variables(b"second")
        expect_that(first is not second, "two requests share one dict",
                    "Each request has a dict of its own: a server with threads would give one client the body of "
                    "another.")

    @pytest.mark.clause(55)
    @pytest.mark.parametrize("body", [b"same", b""], ids=["a body", "no body"])
    def test_two_requests_do_not_share_an_input(self, body):
        expect_that(input_with(body) is not input_with(body), "two requests share one wsgi.input",
                    body=shown_bytes(body), why=
                    "Each is read to its end: the next request would find nothing, or the body of another client.")

    @pytest.mark.clause(55, 66, 134)
    @pytest.mark.parametrize("body", [b"hello", ALL_BYTES, b" a\r\n ", b""],
                             ids=["text", "all 256 bytes", "white space", "no body"])
    def test_reading_gives_the_body(self, body):
        why = 'wsgi.input holds the body, byte for byte (PEP 3333, section "Input and Error Streams").'
        with any_bytes("wsgi.input can't hold every body", why, body=shown_bytes(body)):
            stream = input_with(body)
        with blaming("wsgi.input can't be read with read()", why):
            came_back = stream.read()
        expect_type(came_back, bytes, "wsgi.input gives", why)
        expect_value(came_back, body, why, body=shown_bytes(body), likely={
            "wsgi.input gives nothing: does the stream stand at its end?": b"",
        }, problem="wsgi.input gives something else than the body")

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
        expect_that(err or errors is sys.stderr, "wsgi.errors is another stream than sys.stderr is when you are called",
                    came_back=shown(errors), expected="sys.stderr, as it is at the time of the call",
                    **{"sys.stderr": "was replaced before, as contextlib.redirect_stderr does"},
                    why="sys.stderr may be another stream by now than it was first, as in a "
                        "contextlib.redirect_stderr: ask for it in the call. (sys.__stderr__, for example, is still "
                        "the first one.)")
        expect_same(err, "你好\na\nb\n", why, problem="what is written to wsgi.errors does not come out on sys.stderr")

    @pytest.mark.clause(58, 59, 60)
    @pytest.mark.parametrize(("name", "claim"), [
        ("multithread", "another thread may call the application at the same time"),
        ("multiprocess", "another process may call the application at the same time"),
        ("run_once", "the application is called only once in the life of this process"),
    ], ids=["multithread", "multiprocess", "run_once"])
    def test_the_server_serves_one_request_at_a_time(self, name, claim):
        value = wsgi_variable(f"wsgi.{name}")
        why = f"It says that {claim}; here that is not so"
        if value == "False":
            why = "A str that is not empty counts as true, 'False' too: write it without quotes"
        expect_that(not value, f"wsgi.{name} is true", came_back=repr(value), expected="False",
                    why=f'{why} (PEP 3333, section "environ Variables").')

    @pytest.mark.clause(36, 37)
    @pytest.mark.parametrize("method", ["GET", "POST"])
    def test_wsgiref_accepts_the_whole_environ(self, method):
        wsgi_variable("wsgi.version")
        form = {"REQUEST_METHOD": method, "CONTENT_TYPE": "text/plain", "CONTENT_LENGTH": "5", "HTTP_COOKIE": "a=1"}
        show_to_wsgiref(environ_from_outside(**form) | ch03.wsgi_variables(b"hello"))
