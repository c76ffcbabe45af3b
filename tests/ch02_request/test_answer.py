"""Step 2.11 · answer"""
import base64
import json
from urllib.parse import quote

import pytest

from tests.ch02_request.common import ch02, each, expect_result, expect_status, trying
from tests.expect import a_value, expect_returned
from workshop.checking.diagnosis import expect_same, expect_that
from wsgi_contract.answer import read_answer


def request_of(method="GET", path=b"/", **more):
    """Return a Request without a body, unless more has one."""
    return ch02.Request(method, more.pop("target", quote(path)), "HTTP/1.1", [("host", "a")], path, "", **more)


def answer_to(request, problem="a response should come back", why="A client gets a whole response, whatever it asks "
              "for: error_response makes one for what is wrong, and that is returned, not raised."):
    """Return the learner's answer to a request, read strictly. Fail with problem if an exception comes out instead."""
    with a_value("a response, as error_response and the pages' functions make it", why, refused=problem):
        response = ch02.answer(request)
    expect_result(response, bytes, "the response", why)
    return read_answer(response)


@pytest.mark.step("2.11")
class TestAnswer:
    def test_the_page_at_the_root_comes_back_as_a_response(self):
        response = answer_to(request_of())
        expect_status(response, 200, "there is a page at /, and it is not the answer", "PAGES says so.")
        expect_same(response.body, ch02.HOME.encode(), problem="the body is not the page that stands in PAGES",
                    why="The page's function makes the answer.")

    def test_the_function_of_the_page_is_called_with_the_request(self, monkeypatch):
        asked = []
        monkeypatch.setitem(ch02.PAGES, b"/new", (("PUT",), lambda *request: asked.append(request) or b"its answer"))
        request = request_of("PUT", b"/new")
        expect_returned(lambda: ch02.answer(request), b"its answer", "a page that was put into PAGES does not answer",
                        "A table grows by a line; code that names each path has to be written anew.",
                        refused="a page that was put into PAGES does not answer",
                        PAGES="{…, b'/new': (('PUT',), a function)}")
        problem = "the page's function is given something else than the request"
        problem = problem if len(asked) == 1 else f"the page's function is called {len(asked)} times, not once"
        expect_that(asked == [(request,)], problem, came_back=asked, expected=[(request,)],
                    why="It makes the answer from what the client said.")
        expect_that(asked[0][0] is request, "the page's function was called with a copy of the request",
                    expected="show(request)", why="There is one Request for each client: what a page notes on it "
                    "is to be there for whoever looks afterwards.")
        expect_same(repr(request), repr(request_of("PUT", b"/new")), problem="answer changes the request",
                    why="The page is told what the client said.")

    @pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "OPTIONS", "BREW", "get"])
    def test_any_stands_for_all_methods(self, method):
        problem = f"/echo has ANY method, and refuses {method}"
        why = "ANY is None: where PAGES says ANY, each method is right, and there is nothing to look for it in."
        expect_status(answer_to(request_of(method, b"/echo"), problem, why), 200, problem, why,
                      **trying(f"curl -i -X {method} http://127.0.0.1:8000/echo"))

    @each("what, target", {
        "a letter is percent-encoded": "/%65cho", "a whole URL": "http://a/echo", "a query": "/echo?page=2",
    })
    def test_the_page_is_looked_up_by_the_path_and_not_by_the_target(self, what, target):
        problem = f"request.path is b'/echo', the target {target}, and the page of /echo is not the answer"
        why = "Look up request.path: parse_target has made it of the target, decoded and without host and query."
        rows = trying(f"curl -i 'http://127.0.0.1:8000{target}'") if target.startswith("/") else {}
        expect_status(answer_to(request_of(path=b"/echo", target=target), problem, why), 200, problem, why, **rows)

    def test_echo_says_what_was_parsed(self):
        said = json.loads(answer_to(request_of("POST", b"/echo", body=b"\xff")).body)
        expect_same((said["method"], base64.b64decode(said["body_base64"])), ("POST", b"\xff"),
                    problem="the echo is not of this request", why="show_echo shows the request that it is given.")

    @each("what, path", {
        "no such page": b"/nowhere", "a page's path and a slash": b"/echo/", "a path below a page": b"/echo/a",
        "a page's path in capitals": b"/ECHO", "a path that begins like a page's": b"/echoes", "two slashes": b"//",
        "bytes that are no UTF-8": b"/\xff",
    })
    def test_a_path_that_is_not_there_gets_404(self, what, path):
        problem = f"a path that is not in PAGES does not get 404: {what}"
        expect_status(answer_to(request_of(path=path), problem), 404, problem,
                      "404 says that there is nothing at this path. A path is looked up as it is: another text is "
                      "another path (RFC 9110 section 15.5.5).",
                      **trying(f"curl -i http://127.0.0.1:8000{quote(path)}"))

    def test_a_path_that_is_not_there_gets_404_with_any_method(self):
        problem = "a path that is not in PAGES does not get 404: with POST"
        expect_status(answer_to(request_of("POST", b"/nowhere"), problem), 404, problem,
                      "Where nothing is, no method is wrong: the path is looked at first (RFC 9110 section 15.5.5).",
                      **trying("curl -i -X POST http://127.0.0.1:8000/nowhere"))

    @pytest.mark.parametrize("method", ["POST", "DELETE", "get", "GE", "G", "HEADS", "OPTIONS", "TRACE", "BREW"])
    def test_a_method_that_the_page_does_not_have_gets_405(self, method):
        problem = f"/ has GET and HEAD only, and {method} does not get 405"
        why = ("405 comes as a response, which error_response makes: error_response(405, a message, [(\"Allow\", the "
               "methods)]).")
        expect_status(answer_to(request_of(method), problem, why), 405, problem,
                      "405 says: the page is there, and can't do that. A method is one of those in PAGES only if it is "
                      "the same text, whole and in the same case (RFC 9110 section 15.5.6).",
                      **trying(f"curl -i -X {method} http://127.0.0.1:8000/"))

    def test_405_names_the_methods_that_the_page_has(self):
        allow = answer_to(request_of("POST")).values("Allow")
        why = "405 comes with an Allow field, and a client looks there for what it may do (RFC 9110 section 10.2.1)."
        expect_that(allow, "405 comes without an Allow field", expected="Allow: GET, HEAD", why=why)
        named = sorted(method.strip() for method in ",".join(allow).split(","))
        expect_that(named == ["GET", "HEAD"], "Allow does not name the methods that the page has",
                    came_back=f"Allow: {', '.join(allow)}", expected="Allow: GET, HEAD", why=why)

    def test_allow_belongs_to_the_page(self, monkeypatch):
        monkeypatch.setitem(ch02.PAGES, b"/new", (("PUT",), lambda request: b""))
        allow = answer_to(request_of("GET", b"/new")).values("Allow")
        expect_same(allow, ["PUT"], problem="Allow names other methods than the page has", why="Each page has its own.",
                    PAGES="{…, b'/new': (('PUT',), a function)}")

    @pytest.mark.parametrize("method, path", [("GET", b"/nowhere"), ("POST", b"/")], ids=["404", "405"])
    def test_an_error_says_in_words_what_is_wrong(self, method, path):
        response = answer_to(request_of(method, path))
        for what, came_back in {"text": response.body.strip(), "reason phrase": response.reason}.items():
            expect_that(came_back, f"the error has no {what}", came_back=repr(came_back),
                        why="A person reads it: error_response writes a text, and the status with its phrase.")
        expect_same(response.values("Content-Type"), ["text/plain; charset=utf-8"],
                    problem="the error is no plain text",
                    why="As HTML, a text from a request could bring a script along.")

    def test_a_page_without_any_method_refuses_all(self, monkeypatch):
        monkeypatch.setitem(ch02.PAGES, b"/new", ((), lambda request: b"its answer"))
        problem = "a page that has no method at all is asked"
        why = ("ANY, which is None, stands for all methods, and an empty tuple for none: both are false, and only `is` "
               "tells them apart.")
        rows = {"PAGES": "{…, b'/new': ((), a function)}"}
        response = ch02.answer(request_of("GET", b"/new"))
        expect_that(response != b"its answer", problem, why, **rows, expected="405")
        expect_status(read_answer(response), 405, problem, why, **rows)
        expect_same(read_answer(response).values("Allow"), [""], **rows,
                    problem="405 has no empty Allow field where the page has no method",
                    why="405 always comes with an Allow field: an empty one says that there is no method at all (RFC "
                        "9110 section 10.2.1).")
