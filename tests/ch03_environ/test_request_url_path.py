"""Step 3.11 · request_url: the path, the query, and what is missing"""
from urllib.parse import quote, unquote
from wsgiref.util import request_uri

import pytest

from tests.ch03_environ.common import NI_HAO, any_bytes, environ_from_outside, url
from tests.expect import a_value, expect_value

BYTES = ("The characters of SCRIPT_NAME and PATH_INFO stand for bytes, which need not be UTF-8: quote(…, "
         'encoding="latin-1") takes them as that (PEP 3333, section "Unicode Issues").')


@pytest.mark.step("3.11")
@pytest.mark.clause(131)
class TestRequestUrl:
    SECTION = '(PEP 3333, section "URL Reconstruction").'

    @pytest.mark.clause(132)
    def test_the_path_is_percent_encoded_again_byte_by_byte(self):
        expect_value(url(PATH_INFO="/" + NI_HAO.decode("latin-1")), "http://127.0.0.1:8000/%E4%BD%A0%E5%A5%BD", likely={
            "the characters of PATH_INFO are encoded as UTF-8: they stand for bytes":
                "http://127.0.0.1:8000/%C3%A4%C2%BD%C2%A0%C3%A5%C2%A5%C2%BD",
            "PATH_INFO is not percent-encoded": "http://127.0.0.1:8000/" + NI_HAO.decode("latin-1"),
        }, problem="the path is not what the client sent",
            why="你 is three bytes, which PATH_INFO has as three characters; in a URL each is a % and two digits "
                '(PEP 3333, sections "Unicode Issues" and "URL Reconstruction").')

    @pytest.mark.clause(132)
    def test_a_byte_of_the_path_that_is_no_utf_8_stays_that_byte(self):
        with any_bytes("a path that is not UTF-8 can't be put into a URL", BYTES):
            came_back = url(PATH_INFO="/caf\xe9")
        expect_value(came_back, "http://127.0.0.1:8000/caf%E9", BYTES, likely={
            "a byte of the path that is no UTF-8 becomes %EF%BF%BD": "http://127.0.0.1:8000/caf%EF%BF%BD",
        }, whys={
            "a byte of the path that is no UTF-8 becomes %EF%BF%BD":
                "That is U+FFFD, for what can't be decoded as UTF-8. Each character of PATH_INFO stands for a byte: "
                'quote(…, encoding="latin-1") (PEP 3333, section "Unicode Issues").',
        }, problem="a byte of the path that is no UTF-8 becomes another one")

    def test_spaces_question_marks_and_percent_signs_are_encoded(self):
        expect_value(url(PATH_INFO="/a b?c/100%"), "http://127.0.0.1:8000/a%20b%3Fc/100%25", likely={
            "a space in the path becomes a +": "http://127.0.0.1:8000/a+b%3Fc/100%25",
            "the slashes of the path are percent-encoded": "http://127.0.0.1:8000%2Fa%20b%3Fc%2F100%25",
            "PATH_INFO is not percent-encoded": "http://127.0.0.1:8000/a b?c/100%",
        }, whys={
            "a space in the path becomes a +":
                "A + stands for a space in forms only; in a path it is a + (RFC 3986 section 2.1).",
            "the slashes of the path are percent-encoded":
                "A slash stands between the parts of a path: quote leaves it as it is (RFC 3986 section 3.3).",
        }, problem="the path is not encoded as it must be",
            why="A ? in a path would begin the query, and a % would begin a code (RFC 3986 section 2.1).")

    @pytest.mark.clause(39, 40)
    def test_the_script_name_stands_before_the_path(self):
        why = f"An application mounted below /shop has that part of the path there {self.SECTION}"
        with any_bytes("a path that is not UTF-8 can't be put into a URL", BYTES):
            came_back = url(SCRIPT_NAME="/shop n\xb01", PATH_INFO="/cart")
        expect_value(came_back, "http://127.0.0.1:8000/shop%20n%B01/cart", why, likely={
            "SCRIPT_NAME is left out": "http://127.0.0.1:8000/cart",
            "SCRIPT_NAME is not percent-encoded": "http://127.0.0.1:8000/shop n\xb01/cart",
            "SCRIPT_NAME is encoded as UTF-8: its characters stand for bytes":
                "http://127.0.0.1:8000/shop%20n%C2%B01/cart",
            "a byte of SCRIPT_NAME that is no UTF-8 becomes %EF%BF%BD":
                "http://127.0.0.1:8000/shop%20n%EF%BF%BD1/cart",
        }, whys={
            "SCRIPT_NAME is not percent-encoded": f"It is a part of the path, and encoded as that {self.SECTION}",
            "SCRIPT_NAME is encoded as UTF-8: its characters stand for bytes": BYTES,
            "a byte of SCRIPT_NAME that is no UTF-8 becomes %EF%BF%BD": BYTES,
        }, problem="the path is not SCRIPT_NAME and PATH_INFO")

    @pytest.mark.clause(39, 40)
    @pytest.mark.parametrize(("script", "path"), [
        ("/shop", "//a//b/"), ("/shop", "///a///b///"), ("", "///a"), ("/shop", "/a/./../b"),
        ("/shop", "/shop/a"), ("/shop/", "/a"), ("/shop/", ""), ("/shop", ""), ("/shop//", "//"),
    ])
    def test_nothing_of_the_path_is_lost(self, script, path):
        added = "a slash is added after SCRIPT_NAME where PATH_INFO is empty"
        expect_value(url(SCRIPT_NAME=script, PATH_INFO=path), f"http://127.0.0.1:8000{script}{path}", likely={
            added: None if path else f"http://127.0.0.1:8000{script}/",
            "the slash at the end of SCRIPT_NAME is lost": f"http://127.0.0.1:8000/shop{path}",
        } if script == "/shop/" or not path else {
            "what PATH_INFO has in common with SCRIPT_NAME is taken away": "http://127.0.0.1:8000/shop/a",
        } if path == "/shop/a" else {}, problem="the path is not SCRIPT_NAME and PATH_INFO", whys={
            added: "The path is SCRIPT_NAME and PATH_INFO, one after the other, and nothing else. Only where both are "
                   f"empty, a `/` may stand for them {self.SECTION}",
        }, why=f"The client asked for this path, with all its slashes and dots {self.SECTION}")

    @pytest.mark.parametrize("path", ["/a;b/c=1,2", "/;", "/me@a:1", "/~a-b._c", "/!$&'()*+", "/[a]"])
    def test_the_path_is_encoded_as_quote_does_it(self, path):
        expected = "http://127.0.0.1:8000/shop" + quote(path, encoding="latin-1")
        came_back = url(SCRIPT_NAME="/shop", PATH_INFO=path)
        expect_value(came_back, expected, problem="a part of the path is lost or changed"
                     if unquote(came_back) != unquote(expected) else "the path is encoded in another way than quote's",
                     why='It is what `quote(text, encoding="latin-1")` returns: of the signs, it leaves `_.-~` and the '
                         "slash as they are. Who looks for a URL compares it as text.")

    @pytest.mark.parametrize("script, path", [("/shop", "/a "), ("/ ", "/a"), ("/ ", " "), ("/shop", "/a\xa0")])
    def test_white_space_at_the_ends_of_the_path_stays(self, script, path):
        expect_value(url(SCRIPT_NAME=script, PATH_INFO=path),
                     "http://127.0.0.1:8000" + quote(script + path, encoding="latin-1"),
                     problem="white space at an end of the path is lost",
                     why=f"It was percent-encoded in the target, and belongs to the path {self.SECTION}")

    @pytest.mark.clause(41)
    @pytest.mark.parametrize("query", ["who=%E4%BD%A0+a%26b&next=/a?b", "?a", "?", "&a=1&&", "who=J\xfcrgen <a@b>",
                                       " a=1\xa0"],
                             ids=["encoded", "a question mark first", "a question mark alone", "empty parts",
                                  "not encoded", "white space at its ends"])
    def test_the_query_stays_as_it_came(self, query):
        expect_value(url(QUERY_STRING=query), "http://127.0.0.1:8000/?" + query, likely={
            "the query is missing": "http://127.0.0.1:8000/",
            "a question mark that the query begins with is lost": "http://127.0.0.1:8000/?" + query.lstrip("?"),
            "there is no ? before the query": "http://127.0.0.1:8000/" + query,
            "the ? before the query is percent-encoded": "http://127.0.0.1:8000/%3F" + query,
        }, whys={
            "the query is missing": f"QUERY_STRING is what stands after the ? {self.SECTION}",
            "there is no ? before the query": f"QUERY_STRING comes without the ? {self.SECTION}",
            "the ? before the query is percent-encoded": f"It is no part of the path, which is encoded {self.SECTION}",
        }, problem="the query is not as it came",
            why=f"QUERY_STRING was never decoded: it goes into the URL as it is, neither encoded nor taken apart "
                f"{self.SECTION}")

    @pytest.mark.parametrize("missing", ["SCRIPT_NAME", "PATH_INFO", "QUERY_STRING"])
    def test_what_is_empty_may_be_missing(self, missing):
        why = ('A server may leave out a variable that would be empty (PEP 3333, section "environ Variables").')
        empty = {"SCRIPT_NAME": "/shop", "PATH_INFO": "/cart", "QUERY_STRING": "page=2"} | {missing: ""}
        expected = "http://127.0.0.1:8000" + empty["SCRIPT_NAME"] + empty["PATH_INFO"]
        expected += "?page=2" if empty["QUERY_STRING"] else ""
        with a_value(repr(expected), why, refused=f"{missing} is missing"):
            came_back = url(**(empty | {missing: None}))
        expect_value(came_back, expected, why, problem=f"the URL is another one if {missing} is missing")
        expect_value(url(**empty), expected, why, problem=f"the URL is another one if {missing} is empty")

    @pytest.mark.parametrize("empty", ["", None], ids=["empty", "missing"])
    def test_an_empty_path_is_empty_or_a_slash(self, empty):
        why = f"`http://host` and `http://host/` are the same URL (RFC 3986 section 6.2.3) {self.SECTION}"
        with a_value("the URL of an empty path", why, refused="SCRIPT_NAME and PATH_INFO are missing or empty"):
            came_back = url(SCRIPT_NAME=empty, PATH_INFO=empty, QUERY_STRING="page=2")
        expect_value(came_back.replace(":8000?", ":8000/?"), "http://127.0.0.1:8000/?page=2", why, likely={
            "without a path, the URL has no query": came_back if "?" not in came_back else None,
        }, whys={"without a path, the URL has no query": f"The query does not depend on the path {self.SECTION}"},
            problem="without a path, the URL is another one")

    @pytest.mark.parametrize("value", [None, ""], ids=["missing", "empty"])
    @pytest.mark.parametrize(("name", "other"), [
        pytest.param(name, other, id=name) for name, other in {
            "HTTP_X_FORWARDED_HOST": "evil.example", "HTTP_FORWARDED": "host=evil.example",
            "HTTP_X_FORWARDED_PORT": "8443", "HTTP_X_FORWARDED_PROTO": "https", "SERVER_ADDR": "192.0.2.3",
            "HTTP_X_SCRIPT_NAME": "/shop", "HTTP_X_FORWARDED_PREFIX": "/shop", "REQUEST_URI": "/other?page=2",
            "RAW_URI": "/other?page=2", "HTTP_X_ORIGINAL_URL": "/other?page=2", "HTTP_REFERER": "http://a/b?c",
        }.items()
    ])
    def test_no_other_variable_takes_the_place_of_one_that_is_empty(self, name, other, value):
        empty = dict.fromkeys(("HTTP_HOST", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING"), value)
        without = url(**empty)
        what = "missing" if value is None else "empty"
        expect_value(url(**empty, **{name: other}), without, sent=f"{name} is {other}; {', '.join(empty)} are {what}",
                     problem=f"{name} has a part in the URL where another variable is {what}",
                     why="What is missing is empty, and only for HTTP_HOST something else is taken: SERVER_NAME and "
                         f"SERVER_PORT. Of a field such as X-Forwarded-Host, any client can say what it likes "
                         f"{self.SECTION}")

    def test_wsgiref_puts_the_same_url_together(self):
        variables = {"HTTP_HOST": "shop.example", "SCRIPT_NAME": "/shop", "PATH_INFO": "/a b", "QUERY_STRING": "page=2"}
        expect_value(url(**variables), request_uri(environ_from_outside(**variables)),
                     problem="wsgiref puts another URL together",
                     why=f"Its wsgiref.util.request_uri goes by the same rule {self.SECTION}")
