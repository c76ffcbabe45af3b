"""Step 3.10 · request_url"""
from wsgiref.util import request_uri

import pytest

from tests.ch03_environ.common import NI_HAO, called, ch03, environ_from_outside
from tests.expect import blaming, expect_type, expect_value


def url(**variables):
    """Return what request_url makes of an environ with these variables; None leaves a variable out."""
    variables = {name.replace("__", "."): value for name, value in variables.items()}
    environ = {name: value for name, value in environ_from_outside(**variables).items() if value is not None}
    shown = ", ".join(f"{name}={environ.get(name, 'missing')!r}" for name in variables)
    with called(f"request_url(environ), {shown}"):
        came_back = ch03.request_url(environ)
    return expect_type(came_back, str, "request_url returns", "A URL is text; it goes into links and redirects.")


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

    def test_the_host_field_comes_before_the_server_s_name(self):
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
    def test_without_a_host_field_the_server_s_name_is_used(self, host):
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
