"""Step 7.2 · build_scope"""
import copy

import pytest

from tests.ch07_asgi.adapting import ch07, pairs_in, request_with
from tests.ch07_asgi.loops import CLIENT, SERVER
from tests.expect import difference, expect_value, kind_of
from workshop.checking.diagnosis import expect_same, expect_that, expect_unchanged

TARGET, TARGET_PATH = "/caf%C3%A9%2Fa?page=2", "/café/a"
WANTED = {  # of a scope for TARGET: each key -> its value, and why it is so
    "type": ("http", "It tells a request from what is none: a lifespan, a WebSocket."),
    "asgi": ({"version": "3.0", "spec_version": "2.4"}, "An application can ask what its server knows: VERSIONS."),
    "http_version": ("1.1", "ASGI has the number alone: \"1.0\", \"1.1\" or \"2\"."),
    "method": ("GET", "It is a str, as in the request."),
    "scheme": ("http", "Links that the application makes begin with it. There is no TLS here."),
    "path": (TARGET_PATH, "ASGI has the path as text, decoded. In WSGI each character stands for a byte; no more."),
    "raw_path": (b"/caf%C3%A9%2Fa", "It is the path as it was sent, still percent-encoded, as bytes, and without the "
                                    "query: only there can %2F be told from a slash. `raw_path(request.target)`."),
    "query_string": (b"page=2", "It is the query, as bytes and not decoded: whoever splits it at & decodes it then."),
    "root_path": ("", "It is the SCRIPT_NAME of ASGI: where the application is mounted, and here that is nowhere."),
    "headers": ([(b"host", b"127.0.0.1:8000")], "Names and values are bytes in ASGI."),
    "server": (SERVER, "It is the server's own address; links are made with it where no Host was sent."),
    "client": (CLIENT, "It is the address of who asks."),
}

LIKELY = {  # of a key: what a wrong value shows
    "path": {"the path is decoded as latin-1, which WSGI does": TARGET_PATH.encode().decode("latin-1"),
             "the path is still percent-encoded": "/caf%C3%A9%2Fa", "the path is bytes": TARGET_PATH.encode()},
    "raw_path": {"raw_path is decoded": TARGET_PATH.encode(), "raw_path has the query, too": TARGET.encode()},
    "http_version": {"http_version has `HTTP/` in front": "HTTP/1.1"},
    "server": {"the server is the address of the client": CLIENT},
    "client": {"the client is the address of the server": SERVER},
}


def scope_of(request=None):
    """Return the scope that build_scope makes of a request. Raises Diagnosis if it is no dict."""
    scope = ch07.build_scope(request or request_with(TARGET), SERVER, CLIENT)
    expect_that(isinstance(scope, dict), f"build_scope returns {kind_of(scope)}, not a dict", came_back=repr(scope),
                why="An application may copy a scope and change it: a dict.")
    return scope


def value_of(name, request):
    """Return what the scope of a request has under a key."""
    scope = scope_of(request)
    expect_that(name in scope, f"the scope has no {name}", came_back=", ".join(scope), why=WANTED[name][1])
    return scope[name]


@pytest.mark.step("7.2")
class TestBuildScope:
    @pytest.mark.parametrize("name", WANTED)
    def test_each_key_has_its_value(self, name):
        came_back, (expected, why) = value_of(name, request_with(TARGET)), WANTED[name]
        if name == "headers":
            came_back = pairs_in(came_back, "the scope")
        if name in ("server", "client") and type(came_back) is list:
            came_back = tuple(came_back)
        expect_value(came_back, expected, why, problem=f"scope[{name!r}] is another one", likely=LIKELY.get(name, {}))

    def test_there_is_nothing_else_in_it(self):
        more = sorted(scope_of().keys() - WANTED.keys())
        expect_that(not more, f"the scope has keys that nobody looks for: {', '.join(map(str, more))}",
                    expected=", ".join(WANTED),
                    why="Names of one's own may mean something else in a later ASGI. The body is in no scope: an "
                        "application receives it.")

    @pytest.mark.parametrize("target, path", [
        ("/%E4%BD%A0", "/你"), ("/%FF", "/\ufffd"), ("/a%E9b", "/a\ufffdb"), ("/%E4%BD", "/\ufffd"),
        ("/a+b%20c", "/a+b c"), ("/%2541", "/%41")])
    def test_the_path_is_decoded_as_utf_8(self, target, path):
        expect_value(value_of("path", request_with(target)), path, target=target, problem="the path is another one",
                     likely={"the path is decoded as latin-1, which WSGI does": path.encode().decode("latin-1"),
                             "what is no UTF-8 is left out of the path": path.replace("\ufffd", "")},
                     why="request.path has bytes, percent-decoded once: all that is left is to decode them as UTF-8, "
                         "and errors=\"replace\" has a sign, \ufffd, for what is none. Any client can send that.")

    @pytest.mark.parametrize("target, raw", [
        ("/a%2Fb?c=/d", b"/a%2Fb"), ("http://here/a%2Fb?x=://y", b"/a%2Fb"), ("HTTP://here:80?x", b"/"),
        ("//a", b"//a")])
    def test_raw_path_is_the_path_as_it_was_sent(self, target, raw):
        expect_same(value_of("raw_path", request_with(target)), raw, target=target, problem="raw_path is another one",
                    why="A target may be a URL, and its path begins after the host: `raw_path(request.target)` knows.")

    @pytest.mark.parametrize("query", ["", "a=1?b=2&q=caf%C3%A9+%26&q=2"])
    def test_the_query_is_not_decoded(self, query):
        expect_same(value_of("query_string", request_with(f"/?{query}")), query.encode(), query=query,
                    problem="query_string is another one",
                    why="It begins after the first `?`, and is b\"\" where there is none. Nothing in it is decoded: "
                        "an & that was sent as %26 separates nothing.")

    def test_http_version_is_that_of_the_client(self):
        came_back = value_of("http_version", request_with(version="HTTP/1.0"))
        expect_same(came_back, "1.0", problem="http_version is another one", request="HTTP/1.0",
                    why="The server adapts its answer to the client, and an application may, too.")

    @pytest.mark.parametrize("method", ["get", "m-Search"])
    def test_the_method_is_in_capitals(self, method):
        expect_same(value_of("method", request_with(method=method)), method.upper(), sent=method,
                    problem="the method is not in capitals",
                    why="ASGI promises that to applications (\"HTTP Connection Scope\"): they compare with \"GET\".")

    @pytest.mark.parametrize("fields", [
        [("cookie", "a=1"), ("x-a", "1"), ("cookie", "b=2")], [("x-a", "1"), ("x-a", "1")],
        [("x-empty", ""), ("x-name", "caf\xe9 \xff"), ("x_y", "1")],
        [("connection", "keep-alive"), ("content-length", "0"), ("transfer-encoding", "chunked")], []],
        ids=["a name twice", "a field twice", "odd values", "of the connection", "none"])
    def test_all_headers_come_in_their_order(self, fields):
        came_back = pairs_in(value_of("headers", request_with(fields=fields)), "the scope")
        expected = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in fields]
        expect_same(came_back, expected, fields=fields, problem=f"of the headers, {difference(came_back, expected)}",
                    why="The scope has what the client sent: nothing is joined or left out, as in an environ, and "
                        "each character of the fields stands for a byte (latin-1).")

    def test_each_scope_is_a_new_one(self):
        request = request_with(TARGET)
        first, second = scope_of(request), scope_of(request)
        kept = copy.deepcopy(second)
        expect_that(first is not second, "two calls return the same dict",
                    why="An application may change its scope, and a frame around it does.")
        first["headers"].append((b"x-late", b"1"))
        first["asgi"]["version"] = first["path"] = "changed"
        expect_unchanged("the second scope", second, kept, problem="a change in one scope is in another one, too",
                         why="Each has a list and dicts of its own: asgi is a copy, `dict(VERSIONS)`.")
        expect_same(scope_of(request)["asgi"], WANTED["asgi"][0], problem="VERSIONS has been changed through a scope",
                    of="the next scope's asgi", why="asgi is a copy, `dict(VERSIONS)`: else an application changes it "
                                                    "for all.")

    def test_the_request_stays_as_it_is(self):
        request = request_with("/a%20b?c", "get", "HTTP/1.0", [("x-a", "1"), ("cookie", "a=1")])
        kept = copy.deepcopy(request)
        scope_of(request)
        expect_unchanged("request", vars(request), vars(kept), problem="build_scope changes the request",
                         why="The server uses it after that: for the framing of the body, and for the log.")
