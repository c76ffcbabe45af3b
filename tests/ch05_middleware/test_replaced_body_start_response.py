"""Step 5.3 · ReplacedBody.start_response"""
import pytest

from tests.ch05_middleware.common import BOTH_SIDES, COOKIES, GREEN, JSON, PAIRS, PNG, START, TEXT, length
from tests.ch05_middleware.sides import App, expect_arrived, started
from workshop.checking.diagnosis import expect_same, expect_that, expect_unchanged

WRITE = 'PEP 3333, section "The write() Callable"'
LENGTH = 'PEP 3333, section "Handling the Content-Length Header"'


@pytest.mark.step("5.3")
class TestReplacedBodyStartResponse:
    @pytest.mark.clause(15, 25)
    def test_the_call_is_passed_on(self):
        _, server = started(App(status="404 Not Found", headers=[PNG]))
        status, headers = server.head()
        expect_same(status, "404 Not Found", problem="the status is another one",
                    why=f"Only the body changes ({START}).")
        expect_same(headers, [PNG], problem="the headers of an image are not as they were",
                    why=f"What is no text passes through as it is ({START}).")

    @pytest.mark.parametrize("headers, is_text", [
        pytest.param([TEXT], True, id="text"), pytest.param([PNG], False, id="an image"),
        pytest.param([TEXT, ("Content-Encoding", "gzip")], False, id="a compressed text"),
        pytest.param([("Content-Type", "text/javascript")], False, id="a script"),
        pytest.param([("Content-Type", "text/plain; charset=utf-16")], False, id="text in UTF-16"),
        pytest.param([("content-type", "TEXT/HTML; Charset=UTF-8")], True, id="in other letters"),
        pytest.param([TEXT, ("content-range", "bytes 1-1/2")], False, id="a part of a text"),
    ])
    def test_the_content_type_decides_what_is_text(self, headers, is_text):
        body, _ = started(App(headers=headers))
        expect_same(body.replaced(b"$1"), "€1".encode() if is_text else b"$1",
                    problem=f"self.is_text is {body.is_text!r} for {', '.join(value for _, value in headers)}",
                    why="is_plain_text(headers) knows: in a text for people the sign is replaced; in an image, a "
                        "script or a compressed text it is a byte like any other.")

    def test_the_application_is_asked_for_the_whole_text(self):
        app = App()
        started(app, HTTP_RANGE="bytes=5-", HTTP_ACCEPT="text/plain")
        expect_same([app.given[0].get(name) for name in ("HTTP_RANGE", "HTTP_ACCEPT")], [None, "text/plain"],
                    problem="Range reaches the application, or more than Range is missing",
                    why="ReplaceText takes it out: a part of the old text does not fit into the new one "
                        "(RFC 9110 section 14.2).")

    @pytest.mark.parametrize("status", ["404 Not Found", "500 Internal Server Error"])
    def test_the_status_does_not_decide_what_is_text(self, status):
        body, _ = started(App(status=status))
        expect_that(body.replaced(b"$1") == "€1".encode(), f"a text with the status {status} is taken for none",
                    came_back=f"self.is_text = {body.is_text!r}", expected="self.is_text = True",
                    why="Error pages are texts too: is_plain_text asks for the headers only.")

    @pytest.mark.parametrize("name, value", [
        ("Content-Length", 2), ("content-length", 2), ("CONTENT-LENGTH", 2), ("Content-Length", 0),
        ("Content-length", 2), ("cONTENT-lENGTH", 2),
    ])
    @pytest.mark.clause(20, 25)
    def test_a_text_goes_on_without_its_length(self, name, value):
        allow = ("Allow", "GET")
        _, server = started(App(headers=[allow, TEXT, length(value, name), GREEN]))
        _, headers = server.head()
        lengths = [pair for pair in headers if pair[0].lower() == "content-length"]
        expect_that(not lengths, f"a text goes on with {': '.join(sum(lengths, ()))}, and its length has yet to change",
                    came_back=repr(headers), expected=repr([allow, TEXT, GREEN]),
                    why="The client would read so many bytes, and take the rest for something else, in whatever case "
                         f"the name of the field is written ({LENGTH}).")
        expect_same(headers, [allow, TEXT, GREEN], problem="more than the length has changed",
                    why=f"All other headers are right as they are ({BOTH_SIDES}).")

    @pytest.mark.clause(20, 25)
    def test_a_text_with_two_lengths_goes_on_without_either(self):
        _, server = started(App(headers=[length(2), TEXT, length(2), length(3, "content-length")]))
        expect_same(server.head()[1], [TEXT], problem="of a text with several Content-Length headers, one goes on",
                    why="Each of them is wrong for the text that has changed: leave out all of that name, not the "
                        f"first only ({LENGTH}).")

    def test_other_headers_of_a_text_stay(self):
        others = [("X-Length", "2 pages"), ("x-content-length", "2"), ("Content-Length-Was", "2"),
                  ("ETag", '"a"'), ("Content-Language", "en")]
        _, server = started(App(headers=[TEXT, *others]))
        expect_same(server.head()[1], [TEXT, *others], problem="a header that is not Content-Length has changed",
                    why=f"All other headers are right as they are ({BOTH_SIDES}).")

    @pytest.mark.parametrize("kind", [pytest.param(TEXT, id="text"), pytest.param(PNG, id="an image")])
    @pytest.mark.clause(25)
    def test_two_headers_of_one_name_stay_two(self, kind):
        _, server = started(App(headers=[kind, *COOKIES]))
        expect_same(server.head()[1], [kind, *COOKIES], PAIRS, problem="of two headers with one name, one is lost")

    @pytest.mark.clause(25)
    def test_two_equal_headers_stay_two(self):
        headers = [TEXT, GREEN, ("Set-Cookie", "a=1"), GREEN]
        _, server = started(App(headers=headers))
        expect_same(server.head()[1], headers, problem="of two equal headers, one is lost",
                    why=f"All other headers go on as they are, one by one ({BOTH_SIDES}).")

    @pytest.mark.parametrize("headers", [
        pytest.param([PNG, length(4)], id="an image"),
        pytest.param([JSON, length(4)], id="JSON"),
        pytest.param([TEXT, ("Content-Encoding", "gzip"), length(4)], id="a compressed text"),
    ])
    @pytest.mark.clause(25)
    def test_what_is_no_plain_text_keeps_its_length(self, headers):
        _, server = started(App(headers=headers))
        expect_same(server.head()[1], headers, problem="what is not changed has lost its length",
                    why=f"With it a client can show how far a download has come ({LENGTH}).")

    @pytest.mark.clause(25)
    def test_head_gets_the_same_headers_as_get(self):
        _, server = started(App(headers=[TEXT, length(2)]), REQUEST_METHOD="HEAD")
        expect_same(server.head()[1], [TEXT], problem="HEAD gets another length than GET",
                    why="The headers for HEAD are those for GET; a length that GET does not have is wrong "
                        "(RFC 9110 section 9.3.2).")

    def test_the_application_s_own_list_stays_as_it_is(self):
        app = App(headers=[TEXT, length(2)])
        started(app)
        expect_unchanged("its list", app.headers, [TEXT, length(2)], problem="the application's own list has changed",
                         why="It may be a constant of the application, and serve the next request too.")

    @pytest.mark.clause(25, 81)
    def test_a_write_callable_comes_back(self):
        app = App()
        started(app)
        expect_that(callable(app.write), "start_response returns no write callable", came_back=repr(app.write),
                    why=f"Old applications send their body through it ({WRITE}).")

    @pytest.mark.parametrize("headers, sent", [
        pytest.param([TEXT], "€1".encode(), id="text"), pytest.param([PNG], b"$1", id="an image"),
    ])
    @pytest.mark.clause(31, 103)
    def test_what_is_written_goes_through_the_same_change(self, headers, sent):
        app = App(headers=headers, writes=[b"$1"])
        _, server = started(app)
        app.write(b"$1")
        expect_that(server.written, "what the application writes does not arrive",
                    why=f"It is to be sent at once ({WRITE}).")
        expect_arrived(server.written, [sent], problem=f"what the application writes arrives wrong in {headers[0][1]}",
                       why=f"A body is the same whether it is written or returned ({WRITE}).")
