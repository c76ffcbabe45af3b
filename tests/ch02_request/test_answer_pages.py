"""Step 2.11 · answer: the functions of the pages, and HEAD"""
import pytest

from tests.ch02_request.common import ch02, each, expect_result
from tests.expect import each_family, expect_let_out, shown_value
from workshop.checking.diagnosis import expect_same, expect_that, shown_bytes
from wsgi_contract.answer import BLANK_LINE


def request_of(method, path):
    """Return a Request without a body."""
    return ch02.Request(method, path.decode(), "HTTP/1.1", [("host", "a")], path, "")


@pytest.mark.step("2.11")
class TestAnswer:
    @pytest.mark.parametrize("methods", [None, ("GET",)], ids=["ANY", "GET"])
    @each_family(ours="ch02_request")
    def test_what_a_page_raises_comes_out(self, monkeypatch, methods, kind):
        error, calls = kind("a bug in the page"), []

        def show(request):
            calls.append(request)
            raise error

        monkeypatch.setitem(ch02.PAGES, b"/broken", (methods, show))
        rows = {"raised": f"{error!r}, by the function of the page"}
        expect_let_out(error, lambda: ch02.answer(request_of("GET", b"/broken")),
                       f"{kind.__name__}, raised by a page, does not come out",
                       "Nothing around the page's function may catch what it raises: its bugs would be taken for "
                       "something else, such as a page that is not there. Look the page up first, and then call it "
                       "outside of any `try`.", **rows)
        expect_same(len(calls), 1, problem="a page that fails is called again", **rows,
                    why="The first call may have done half of its work already.")

    @pytest.mark.parametrize("came_back", [b"", None], ids=repr)
    def test_what_a_page_returns_comes_back_as_it_is(self, monkeypatch, came_back):
        monkeypatch.setitem(ch02.PAGES, b"/new", (("GET",), lambda request: came_back))
        response = ch02.answer(request_of("GET", b"/new"))
        expect_that(response is came_back, f"a page returns {came_back!r}, and something else comes back",
                    came_back=shown_value(response), expected=repr(came_back),
                    PAGES=f"{{…, b'/new': (('GET',), a function that returns {came_back!r})}}",
                    why="The page makes the response, whatever that is: where it is in PAGES and has the method, "
                        "nothing else is an answer, and its mistake is not taken for another one.")

    @each("what, path", {"a page": b"/", "any method": b"/echo", "no such page": b"/nowhere"})
    def test_the_answer_to_head_has_its_body_here(self, what, path):
        response = ch02.answer(request_of("HEAD", path))
        expect_result(response, bytes, "the response")
        expect_that(response.partition(BLANK_LINE)[2], f"the answer to HEAD has no body: {what}",
                    came_back=shown_bytes(response), expected="the response with its body",
                    why="HEAD is a method like any other here: handle takes the body off, once, for all answers.")

    def test_head_is_no_other_word_for_get(self, monkeypatch):
        monkeypatch.setitem(ch02.PAGES, b"/new", (("GET",), lambda request: b"its answer"))
        response = ch02.answer(request_of("HEAD", b"/new"))
        expect_that(response.startswith(b"HTTP/1.1 405 "), "HEAD is taken for GET", came_back=shown_bytes(response),
                    expected="HTTP/1.1 405 Method Not Allowed", PAGES="{…, b'/new': (('GET',), a function)}",
                    why="PAGES says which methods a page has: / has HEAD because it stands there, beside GET.")

    @pytest.mark.parametrize("any_method", [False, True], ids=["its method", "ANY method"])
    @pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "get"])
    def test_each_page_is_given_the_request_itself_whatever_its_method(self, monkeypatch, method, any_method):
        asked, methods = [], ch02.ANY if any_method else (method,)
        monkeypatch.setitem(ch02.PAGES, b"/new", (methods, lambda request: asked.append(request) or b"its answer"))
        request = request_of(method, b"/new")
        request.body = b"hello"
        before = repr(request)
        ch02.answer(request)
        pages = f"{{…, b'/new': ({'ANY' if any_method else methods}, a function)}}"
        rows = {"PAGES": pages, "expected": "show(request)"}
        why = "The page makes the answer from what the client said: one that wants to know of HEAD asks request.method."
        expect_that(len(asked) == 1, f"the page's function is called {len(asked)} times for {method}", why, **rows)
        expect_that(asked[0] is request, f"the page's function is given another request than the one for {method}", why,
                    **rows, came_back=f"show({asked[0]})")
        expect_that(repr(request) == before, f"answer changes the request for {method}", why, **rows, before=before,
                    afterwards=repr(request))
