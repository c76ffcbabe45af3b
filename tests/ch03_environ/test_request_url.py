"""Step 3.11 · request_url"""
import pytest

from tests.ch03_environ.common import url
from tests.expect import a_value, expect_value


@pytest.mark.step("3.11")
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
            "SERVER_PORT is put after the Host field": "http://shop.example:8000/",
        }, problem="the host is not the Host that the client sent",
            why="A Host without a port means the default port; the server behind a proxy listens on another "
                + self.SECTION)

    @pytest.mark.parametrize("host", ["Shop.example:80", "[::1]:80", "[::1]", "shop.example:443", "shop.example:"])
    def test_the_host_field_stays_as_it_came(self, host):
        expect_value(url(HTTP_HOST=host), f"http://{host}/", likely={
            "the port of the Host field is left out": f"http://{host.removesuffix(':80')}/",
            "the Host field is put into lower case": f"http://{host.lower()}/",
        }, problem="the host is not the Host that the client sent",
            why=f"DEFAULT_PORTS is for SERVER_PORT; a Host is taken whole {self.SECTION}")

    def test_no_other_field_is_believed(self):
        expect_value(url(HTTP_HOST="shop.example", HTTP_X_FORWARDED_HOST="evil.example"), "http://shop.example/",
                     likely={"the host comes from X-Forwarded-Host": "http://evil.example/"},
                     problem="the host is not the Host that the client sent",
                     why="Any client can send X-Forwarded-Host, and links would lead to where it likes: only who knows "
                         f"his proxy may believe it {self.SECTION}")

    @pytest.mark.parametrize(("name", "value", "wrong"), [
        ("HTTP_X_FORWARDED_PROTO", "https", "https://shop.example/tea?page=2"),
        ("HTTP_X_FORWARDED_PORT", "8443", "http://shop.example:8443/tea?page=2"),
        ("HTTPS", "on", "https://shop.example/tea?page=2"),
        ("REQUEST_URI", "/other", "http://shop.example/other"),
        ("REQUEST_METHOD", "POST", "http://shop.example/tea"),
    ], ids=["X-Forwarded-Proto", "X-Forwarded-Port", "HTTPS", "REQUEST_URI", "the method"])
    def test_no_other_variable_counts(self, name, value, wrong):
        variables = {"HTTP_HOST": "shop.example", "PATH_INFO": "/tea", "QUERY_STRING": "page=2"}
        without = url(**variables)
        expect_value(url(**variables, **{name: value}), without, likely={
            f"{name} has a part in the URL": wrong,
        }, problem=f"the URL is another one if {name} is {value}",
            why="The task names the variables that make the URL. A field such as X-Forwarded-Proto can come from any "
                f"client, and the others may be missing or say something else {self.SECTION}")

    @pytest.mark.parametrize("host", [None, ""], ids=["missing", "empty"])
    def test_without_a_host_field_the_server_s_name_is_used(self, host):
        why = "An HTTP/1.0 client need not send a Host" if host is None else "An empty HTTP_HOST is the same as none"
        why = f"{why}: SERVER_NAME takes its place {self.SECTION}"
        with a_value("'http://Server.example:8000/'", why, refused="HTTP_HOST is missing or empty"):
            came_back = url(HTTP_HOST=host, SERVER_NAME="Server.example")
        expect_value(came_back, "http://Server.example:8000/", why, likely={
            "SERVER_NAME is put into lower case": "http://server.example:8000/",
            "the host is fixed, not SERVER_NAME": "http://127.0.0.1:8000/",
        }, problem="the host is not SERVER_NAME and SERVER_PORT")

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
