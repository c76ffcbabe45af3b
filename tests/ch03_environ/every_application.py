"""What is checked of every application, in steps 3.4 to 3.8."""
import contextlib
import itertools

import pytest

from tests.ch03_environ.common import ch03, environ_from_outside
from tests.ch03_environ.visiting import StartResponse, blocks_of, expect_head, serve_by_wsgiref, visit
from tests.expect import expect_value
from workshop.checking.diagnosis import Diagnosis, expect_that, expect_unchanged
from workshop.checking.tree import load, shown

# The parameters are what a request is called, and what its environ has in it.
other_requests = pytest.mark.parametrize(("name", "variables"), [
    pytest.param("a HEAD request", {"REQUEST_METHOD": "HEAD"}, id="HEAD"),
    pytest.param("a POST request", {"REQUEST_METHOD": "POST", "CONTENT_TYPE": "text/plain"}, id="POST"),
    pytest.param("a request for another path", {"PATH_INFO": "/tea", "QUERY_STRING": "page=2"}, id="another path"),
    pytest.param("a request for /favicon.ico", {"PATH_INFO": "/favicon.ico"}, id="favicon"),
    pytest.param("a request for *", {"REQUEST_METHOD": "OPTIONS", "PATH_INFO": "*"}, id="a star"),
    pytest.param("a request with an unknown method", {"REQUEST_METHOD": "BREW", "PATH_INFO": ""}, id="BREW"),
    pytest.param("a request for what a browser fetches ahead", {
        "PATH_INFO": "/robots.txt", "HTTP_PURPOSE": "prefetch", "HTTP_DNT": "1", "HTTP_X_MOZ": "prefetch",
    }, id="ahead"),
    pytest.param("a request with fields of its own", {
        "HTTP_ACCEPT": "image/png", "HTTP_RANGE": "bytes=0-1", "HTTP_IF_NONE_MATCH": "*", "HTTP_USER_AGENT": "bot",
    }, id="fields"),
])

# By what one might know a client again.
CLIENT_SEEN = {"REMOTE_ADDR": "192.0.2.9", "REMOTE_PORT": "50000", "REMOTE_USER": "ann", "HTTP_COOKIE": "id=1",
               "HTTP_USER_AGENT": "curl/8.5.0", "HTTP_REFERER": "http://127.0.0.1:8000/"}


@pytest.mark.clause(1, 2, 3, 4, 5, 82, 84, 86, 87, 134)
def accepted_by_wsgiref(self):
    """The last check of each kind of application: the other checks say better what is wrong."""
    body = b"".join(visit(self.app())[1])
    expect_value(serve_by_wsgiref(self.app()).body, body, problem="wsgiref serves another body",
                 why="wsgiref is a server that knows nothing of yours.")


class EveryApplication:
    """What is asked of every application: a server can't tell one kind from another."""

    KEPT = "PAGE"  # where its blocks are
    EMPTY = "What the blocks hold, one after the other, is the body; page_head counts on PAGE."  # why a body is not

    def blocks_kept(self):
        """Return the blocks that the application has, before or after a call."""
        return list(ch03.PAGE)

    @pytest.fixture(autouse=True)
    def fresh_page(self, monkeypatch):
        """Let each check have a PAGE of its own, in case that the application changes it."""
        with contextlib.suppress(Diagnosis):  # the check itself will meet it
            monkeypatch.setattr(load("ch03_environ"), "PAGE", list(ch03.PAGE))

    @pytest.mark.clause(1, 3, 4, 5, 134)
    def test_a_server_can_call_it(self):
        app = self.app()
        before = self.blocks_kept()
        visit(app)
        expect_unchanged(self.KEPT, self.blocks_kept(), before, problem=f"the application changes {self.KEPT}",
                         why="The next visitor would get another page.")
        again = StartResponse()
        list(blocks_of(app(environ_from_outside(), again)))
        expect_that(again.heads, "start_response is called for the first request, and not for the second",
                    'Each call of the application brings its own start_response (PEP 3333, section "The Application/'
                    'Framework Side").')

    @pytest.mark.clause(82, 84)
    def test_status_and_headers_are_what_a_server_expects(self):
        expect_head(visit(self.app())[0])

    def test_status_and_headers_are_those_of_the_page(self):
        wanted = sorted(ch03.page_head()[1])
        status, headers = expect_head(visit(self.app())[0])
        expect_value(status, "200 OK", problem="the status is not that of page_head",
                     why="The page is there, and 200 says so (RFC 9110 section 15.3.1).")
        expect_value(sorted(headers), wanted, problem="the headers are not those of page_head",
                     why="They say what the body is and how long: start_response gets them as page_head returns them.")

    def test_the_body_is_the_page(self):
        expect_value(b"".join(visit(self.app())[1]), b"".join(ch03.PAGE), problem="the body is not PAGE",
                     likely={"the body is empty": b""}, whys={"the body is empty": self.EMPTY},
                     why="What the blocks hold, one after the other, is the body; page_head counts on PAGE.")

    def test_the_content_length_counts_the_bytes_of_all_blocks(self):
        head, blocks = visit(self.app())
        length = dict(expect_head(head)[1]).get("Content-Length")
        expect_value(length, str(len(b"".join(blocks))), problem="the Content-Length is not that of the blocks",
                     why="The client reads exactly so many bytes (RFC 9110 section 8.6).")

    @other_requests
    def test_every_request_gets_the_same(self, name, variables):
        head, blocks = visit(self.app())
        expect_value(visit(self.app(), **variables), (head, blocks), sent=f"{name}: {variables}", likely={
            f"{name} gets no blocks": (head, []), f"{name} gets an empty body": (head, [b""]),
        }, problem=f"{name} gets another response",
            why="That the response to HEAD has no body is the server's affair, in step 3.12 (RFC 9110 section 9.3.2)."
            if "HEAD" in name else "The task names nothing of the environ that matters: each request gets the same.")

    @pytest.mark.clause(2)
    @pytest.mark.parametrize("client", [{}, CLIENT_SEEN], ids=["anybody", "a client that is known"])
    def test_it_can_be_called_again(self, client):
        app = self.app()
        first, second = visit(app, **client), visit(app, **client)
        expect_value(second, first, problem="the second call gives another response", client=client or None,
                     why='A server calls it for each request, also of a client that was there before (PEP 3333, '
                         'section "The Application/Framework Side").')

    @pytest.mark.clause(85)
    def test_the_list_of_headers_is_a_new_one_each_time(self):
        app = self.app()
        headers = expect_head(visit(app)[0])[1]
        before = list(headers)
        headers.append(("X-Server", "added"))
        again, why = expect_head(visit(app)[0])[1], ("A server may change the list that it is given, and keeps it for "
                                                     "as long as it likes (PEP 3333, section \"The start_response() "
                                                     'Callable").')
        expect_value(again, before, why, likely={
            "the second call gives the list of the first, with what the server has added": headers,
        }, problem="the second call gives other headers")
        expect_that(again is not headers, "the second call gives the list of the first, filled anew", why,
                    came_back=shown(again), expected="the same headers, in a new list")

    def test_two_requests_at_the_same_time_do_not_mix(self):
        app, responses = self.app(), [StartResponse(), StartResponse()]
        iterators = [blocks_of(app(environ_from_outside(), each)) for each in responses]
        rounds = list(itertools.zip_longest(*iterators, fillvalue=b""))
        calls = [len(each.heads) for each in responses]
        why = "Each request has a start_response and an iterable of its own, and servers with threads have two at once."
        expect_that(calls == [1, 1], "of two requests, one calls the start_response of the other", why,
                    came_back=f"that of the first is called {calls[0]} times, that of the second {calls[1]} times")
        bodies = [b"".join([*each.written, *(blocks[number] for blocks in rounds)])
                  for number, each in enumerate(responses)]
        expect_that(bodies[0] == bodies[1], "of two requests, one gets blocks of the other", why,
                    came_back=f"{bodies[0]}\n{bodies[1]}")


class EveryPage(EveryApplication):
    """What is asked of the applications that serve PAGE."""

    def test_another_page_is_served_in_the_same_way(self, monkeypatch):
        monkeypatch.setattr(load("ch03_environ"), "PAGE", [b"another ", b"page"])
        head, blocks = visit(self.app())
        expect_value(b"".join(blocks), b"another page", "The page stands in PAGE alone: it is changed in one place.",
                     problem="if PAGE is another one, the body is still the old page")
        expect_value(dict(expect_head(head)[1]).get("Content-Length"), "12",
                     problem="if PAGE is another one, the headers are still those of the old page",
                     why="page_head counts the page that is there.")

    def test_the_head_is_what_page_head_returns(self, monkeypatch):
        headers = [("Content-Type", "text/plain"), ("X-Page", "another")]
        monkeypatch.setattr(load("ch03_environ"), "page_head", lambda: ("203 Another Head", [*headers]))
        why = "The head stands in page_head alone: it is changed in one place. Call it, and pass on what it returns."
        head = visit(self.app())[0]
        expect_value(head[0], "203 Another Head", why,
                     problem="if page_head returns another status, it is not passed on")
        expect_value(head[1], headers, why, problem="if page_head returns other headers, they are not passed on")

    @pytest.mark.parametrize("page", [[b"", b"one", b"", b"two"], [b"one", b"two", b"one"], [b"", b""]],
                             ids=["empty blocks", "equal blocks", "nothing else than empty blocks"])
    def test_a_page_of_any_blocks_is_served_and_stays_as_it_is(self, page, monkeypatch):
        monkeypatch.setattr(load("ch03_environ"), "PAGE", list(page))
        blocks = visit(self.app())[1]
        expect_value(ch03.PAGE, page, "The next visitor would get another page: PAGE stays as it is, whatever blocks "
                     "it has.", problem="the application changes PAGE")
        expect_value(b"".join(blocks), b"".join(page), PAGE=str(page), likely={
            "a block that is equal to one before it is left out": b"".join(dict.fromkeys(page)),
            "the body ends at an empty block": b"".join(itertools.takewhile(len, page)),
        } if any(page) else {}, problem="the body is not PAGE",
            why="What the blocks hold, one after the other, is the body; an empty block does not end it.")
