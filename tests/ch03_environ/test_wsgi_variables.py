"""Step 3.3 · wsgi_variables"""
import pytest

from tests.ch03_environ.common import ALL_BYTES, ch03, environ_from_outside, show_to_wsgiref
from tests.expect import blaming, expect_type, expect_value
from workshop.checking.diagnosis import expect_same, expect_that, shown_bytes
from workshop.checking.tree import shown


def wsgi_variable(name, body=b""):
    """Return one of the wsgi. variables for a request with this body; fail if it is not there."""
    variables = expect_type(ch03.wsgi_variables(body), dict, "wsgi_variables returns",
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
        expect_type(came_back, bytes, "wsgi.input gives", why)
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
    def test_the_server_serves_one_request_at_a_time(self, name, claim):
        value = wsgi_variable(f"wsgi.{name}")
        expect_that(not value, f"wsgi.{name} is true", came_back=repr(value), expected="False",
                    why=f'It says that {claim}; here that is not so (PEP 3333, section "environ Variables").')

    @pytest.mark.clause(36, 37)
    @pytest.mark.parametrize("method", ["GET", "POST"])
    def test_wsgiref_accepts_the_whole_environ(self, method):
        wsgi_variable("wsgi.version")
        form = {"REQUEST_METHOD": method, "CONTENT_TYPE": "text/plain", "CONTENT_LENGTH": "5", "HTTP_COOKIE": "a=1"}
        show_to_wsgiref(environ_from_outside(**form) | ch03.wsgi_variables(b"hello"))
