"""Step 5.1 · AddHeader.__call__"""
import pytest

from tests.ch05_middleware.common import (
    BOTH_SIDES,
    CLOSE,
    COOKIES,
    GREEN,
    PAIRS,
    PNG,
    START,
    TEXT,
    VARIABLES,
    ch05,
    environ,
)
from tests.ch05_middleware.sides import App, Body, Server, added_to, expect_header_added
from tests.ch05_middleware.told import note
from workshop.checking.diagnosis import expect_same, expect_that, expect_unchanged


@pytest.mark.step("5.1")
class TestAddHeader:
    @pytest.mark.parametrize("blocks", [[b"Hello"], []], ids=["a block", "no blocks"])
    @pytest.mark.clause(25, 29, 35)
    def test_the_body_that_the_application_returns_comes_back(self, blocks):
        body = Body(*blocks) if blocks else []
        came_back = added_to(App(body))(environ(), Server().start_response)
        expect_that(came_back is not None, "nothing comes back: the application's body is lost", came_back="None",
                    expected="what self.app returns", why=f"An application returns an iterable ({CLOSE}).")
        expect_that(came_back is body, "what comes back is not the very thing that the application returned",
                    came_back=repr(came_back), expected="the same object",
                    why=f"The server looks for its close method, and for a file wrapper of its own ({CLOSE}).")

    @pytest.mark.clause(3, 15, 25)
    def test_the_server_gets_one_header_more(self):
        server = Server()
        added_to(App())(environ(), server.start_response)
        status, headers = server.head()
        expect_same(status, "200 OK", problem="the status is another one",
                    why=f"Only a header is added ({BOTH_SIDES}).")
        expect_header_added(headers, GREEN, f"A header more, and nothing else, is what it is for ({START}).")

    @pytest.mark.clause(25)
    @pytest.mark.parametrize(("method", "status"), [
        ("HEAD", "200 OK"), ("POST", "200 OK"), ("GET", "204 No Content"), ("GET", "304 Not Modified"),
        ("GET", "404 Not Found"),
    ])
    def test_neither_method_nor_status_decides(self, method, status):
        server = Server()
        added_to(App(status=status))(environ(REQUEST_METHOD=method), server.start_response)
        expect_same(server.head()[1], [TEXT, GREEN], problem=f"in a {status} to {method}, the headers are other ones",
                    why="Every response gets the header: this middleware does not know what it is good for "
                        f"({BOTH_SIDES}).")

    @pytest.mark.clause(25)
    def test_two_headers_of_one_name_stay_two(self):
        server = Server()
        added_to(App(headers=[TEXT, *COOKIES]))(environ(), server.start_response)
        expect_same(server.head()[1], [TEXT, *COOKIES, GREEN], PAIRS,
                    problem="of two headers with one name, one is lost")

    @pytest.mark.clause(25)
    def test_a_header_with_an_empty_value_is_added_too(self):
        app, server = App(), Server()
        note("AddHeader(app, 'X-Colour', '')(environ, start_response)", app)
        ch05.AddHeader(app, "X-Colour", "")(environ(), server.start_response)
        expect_same(server.head()[1], [TEXT, ("X-Colour", "")], problem="a header with an empty value is not added",
                    why="An empty value is a value, though it counts as false: add the header without asking what its "
                        "value is (RFC 9110 section 5.5).")

    @pytest.mark.clause(25)
    def test_a_header_of_the_same_name_stays(self):
        red, server = ("X-Colour", "red"), Server()
        added_to(App(headers=[TEXT, red]))(environ(), server.start_response)
        expect_same(server.head()[1], [TEXT, red, GREEN], problem="the application's own X-Colour is not as it was",
                    why="The header is added to what is there, also behind one of its name: with Set-Cookie or Vary, "
                        f"each counts ({BOTH_SIDES}).")

    @pytest.mark.clause(25)
    def test_the_application_sees_the_request(self):
        app = App()
        added_to(app)(environ("/tea"), Server().start_response)
        expect_that(len(app.environs) == 1, f"the application was called {len(app.environs)} times",
                    why=f"A server calls its application once for each request ({BOTH_SIDES}).")
        expect_same(app.environs[0].get("PATH_INFO"), "/tea", problem="the application is given another environ",
                    why=f"The application needs what the server says of the request ({VARIABLES}).")

    def test_the_application_s_headers_stay_as_they_are(self):
        headers, server = [("x-SHOP", "Tea & Cups"), ("ETag", '"a"'), ("Content-Length", "0")], Server()
        added_to(App(headers=headers))(environ(), server.start_response)
        expect_same(server.head()[1], [*headers, GREEN], problem="the application's own headers are not as they were",
                    why="Only one is added; the others are as the application wrote them, capitals and order too.")

    @pytest.mark.parametrize("name, value", [("ETag", '"a"'), ("x-shop", "Tea & Cups"), ("WWW-Authenticate", "Basic"),
                                             ("X-Blanks", " a ")])
    def test_name_and_value_are_added_as_they_are(self, name, value):
        app, server = App(), Server()
        note(f"AddHeader(app, {name!r}, {value!r})(environ, start_response)", app)
        ch05.AddHeader(app, name, value)(environ(), server.start_response)
        expect_same(server.head()[1], [TEXT, (name, value)], problem="the header that is added is not as it was given",
                    why="self.name and self.value go out as they are, capitals and blanks too: whoever has made the "
                        "AddHeader has chosen them.")

    def test_the_application_s_own_list_stays_as_it_is(self):
        app = App()
        added_to(app)(environ(), Server().start_response)
        expect_unchanged("its list", app.headers, [TEXT], problem="the application's own list has changed",
                         why="It may be a constant of the application: with each request there would be one header "
                             "more.")

    @pytest.mark.parametrize("headers, problem", [
        pytest.param([], "where the application gives no header, none is added", id="no header"),
        pytest.param([GREEN], "where the application gives the very header, none is added", id="the same header"),
        pytest.param([PNG, PNG], "of two equal headers, one is lost", id="two equal headers"),
    ])
    @pytest.mark.clause(25)
    def test_the_header_is_added_to_any_headers(self, headers, problem):
        app, server = App(headers=headers), Server()
        added_to(app)(environ(), server.start_response)
        expect_same(server.head()[1], [*headers, GREEN], problem=problem,
                    why="All of the application's headers, none or many, equal or not, and one more behind them "
                        f"({BOTH_SIDES}).")
        expect_unchanged("its list", app.headers, headers, problem="the application's own list has changed",
                         why="It may be a constant of the application: with each request there would be one header "
                             "more.")
