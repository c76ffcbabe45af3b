"""Step 2.4 · parse_target"""
import pytest

from tests.ch02_request.common import ch02, each, expect_parts, expect_refused, expect_type, expect_value
from workshop.checking.diagnosis import expect_same, expect_that


@pytest.mark.step("2.4")
class TestParseTarget:
    def test_authority_path_and_query_come_back(self):
        authority, path, query = expect_parts(ch02.parse_target("/a?b=c"), "authority, path, query")
        expect_that(authority is None, "the authority of a path is not None", came_back=repr(authority),
                    expected="None", why="Only a whole URL names a host (RFC 9112 section 3.2.1).")
        expect_type(path, bytes, "the path", "Decoded bytes may be in any encoding: they stay bytes.")
        expect_type(query, str, "the query", "It is still encoded, and so it is ASCII.")
        expect_same((path, query), (b"/a", "b=c"), problem="path and query are not those of the target",
                    why="The first `?` stands between path and query (RFC 9112 section 3.2.1).")

    def expect_target(self, target, expected, problem, why):
        expect_value(lambda: tuple(ch02.parse_target(target)), expected, problem, why)

    @each("what, target", {"no question mark": "/a", "nothing behind it": "/a?"})
    def test_a_target_without_a_query_has_an_empty_one(self, what, target):
        self.expect_target(target, (None, b"/a", ""), f"a target without a query is not read: {what}",
                           "QUERY_STRING may be empty, and is never None (PEP 3333, section environ Variables).")

    @each("what, query", {
        "a second question mark": "b?c", "a slash": "b=/c", "a whole URL": "u=http://b/c",
        "percent and plus": "b=%2F+%20",
    })
    def test_the_query_is_all_behind_the_first_question_mark_as_it_was_sent(self, what, query):
        self.expect_target(f"/a?{query}", (None, b"/a", query), f"the query is not what was sent: {what}",
                           "The application decodes the query: only it knows where `&` and `=` mean something "
                           "(RFC 3986 section 3.4).")

    @each("what, target_and_path", {
        "a space": ("/a%20b", b"/a b"), "UTF-8": ("/%E4%BD%A0", "/你".encode()), "small letters": ("/%e4", b"/\xe4"),
        "an encoded slash": ("/a%2Fb", b"/a/b"), "an encoded question mark": ("/a%3Fb", b"/a?b"),
        "no UTF-8": ("/%FF%FE", b"/\xff\xfe"),
    })
    def test_the_path_is_percent_decoded_to_bytes(self, what, target_and_path):
        target, path = target_and_path
        self.expect_target(target, (None, path, ""), f"the path is not decoded as it should be: {what}",
                           "PATH_INFO is the decoded path, and a byte is a byte in whatever encoding "
                           "(RFC 3986 section 2.1).")

    def test_the_query_is_split_off_before_the_path_is_decoded(self):
        self.expect_target("/a%3Fb?c%3Fd", (None, b"/a?b", "c%3Fd"), "the path was decoded before it was split off",
                           "An encoded question mark is a character of the path (RFC 3986 section 2.2).")

    @each("what, target_and_path", {
        "an encoded percent sign": ("/%2541", b"/%41"), "an encoded slash": ("/%252F", b"/%2F"),
    })
    def test_the_path_is_decoded_once(self, what, target_and_path):
        target, path = target_and_path
        self.expect_target(target, (None, path, ""), f"the path is not decoded exactly once: {what}",
                           "Who decodes twice opens what a check on the first result has closed "
                           "(RFC 3986 section 2.4).")

    @each("what, target", {
        "at the end": "/100%", "before no hex digits": "/%zz", "before one digit": "/%4", "doubled": "/%%",
    })
    def test_a_stray_percent_sign_stays(self, what, target):
        self.expect_target(target, (None, target.encode(), ""), f"a stray percent sign is not left alone: {what}",
                           "It is no URL by the book, but people type it, and it can be read in one way only.")

    @each("what, target", {
        "plus": "/a+b", "semicolon": "/a;b=c", "colon": "/a:b", "dots": "/a/../b", "a URL": "/http://a/b",
    })
    def test_other_characters_of_the_path_stay(self, what, target):
        self.expect_target(target, (None, target.encode(), ""), f"the path has been changed: {what}",
                           "In a path they stand for themselves: `+` means a space in forms only "
                           "(RFC 3986 section 3.3).")

    @each("what, target_and_path", {
        "two slashes": ("//a/b", b"//a/b"), "two slashes and a query": ("//a?b", b"//a"),
        "three slashes": ("///a", b"///a"), "slashes only": ("//", b"//"),
    })
    def test_a_target_that_begins_with_two_slashes_is_all_path(self, what, target_and_path):
        target, path = target_and_path
        query = target.partition("?")[2]
        self.expect_target(target, (None, path, query), f"what follows the slashes was taken for a host: {what}",
                           "In a page `//a/b` names the host a, in a request it does not: urlsplit does not know which "
                           "it reads (RFC 9112 section 3.2.1).")

    @each("what, scheme", {"http": "http", "https": "https", "capitals": "HTTP", "both cases": "hTTpS"})
    def test_a_whole_url_has_an_authority(self, what, scheme):
        self.expect_target(f"{scheme}://example.org:81/a%20b?page=2", ("example.org:81", b"/a b", "page=2"),
                           f"a whole URL is not read: {what}",
                           "A server accepts what clients send to proxies, and schemes have no case "
                           "(RFC 9112 section 3.2.2; RFC 3986 section 3.1).")

    @each("what, rest_and_parts", {
        "nothing behind the host": ("", (b"/", "")), "a query behind the host": ("?a=/b", (b"/", "a=/b")),
        "two slashes": ("//a/b", (b"//a/b", "")), "a colon in the path": ("/a:b", (b"/a:b", "")),
        "a URL in the query": ("/?u=http://a/", (b"/", "u=http://a/")),
    })
    def test_the_authority_ends_where_path_or_query_begins(self, what, rest_and_parts):
        rest, parts = rest_and_parts
        self.expect_target(f"http://example.org{rest}", ("example.org", *parts),
                           f"the parts of a whole URL are not told apart: {what}",
                           "A host ends at `/`, at `?` or with the target; a path that is missing is `/` "
                           "(RFC 9112 section 3.2.1; RFC 3986 section 3.2).")

    @each("what, target", {
        "the target of OPTIONS *": "*", "the target of CONNECT": "example.org:443", "no slash at the beginning": "a/b",
        "a query only": "?a", "an empty target": "", "another scheme": "ftp://example.org/a",
        "one slash behind the scheme": "http:/a", "no slash behind the scheme": "http:a",
    })
    def test_every_other_target_is_refused(self, what, target):
        expect_refused(lambda: ch02.parse_target(target), 400, f"accepted: {what}",
                       "This server has pages at paths, and nothing else to address (RFC 9112 section 3.2).")

    @each("what, authority", {
        "a name": "example.org", "an underscore in a name": "my_app", "an IPv4 address": "127.0.0.1:8000",
        "an IPv6 address": "[::1]:8000", "a port without digits": "a:", "capitals": "Example.ORG",
    })
    def test_the_authority_is_handed_on_as_it_was_sent(self, what, authority):
        self.expect_target(f"http://{authority}/a", (authority, b"/a", ""), f"a whole URL is not read: {what}",
                           "It takes the place of Host, as it is (RFC 9112 section 3.2.2).")

    @each("what, target", {
        "a URL without a host": "http:///a", "a scheme only": "http://", "a scheme and a query": "https://?a",
        "a port without a host": "http://:81/", "a port without a host, and no path": "http://:81",
    })
    def test_a_url_that_names_no_host_is_refused(self, what, target):
        expect_refused(lambda: ch02.parse_target(target), 400, f"accepted: {what}",
                       "An http URL without a host is invalid, and nobody can tell which site is meant "
                       "(RFC 9110 section 4.2.1).")

    @each("what, target", {
        "a user before the host": "http://me@a/", "a user and a password": "http://a:80@b/", "no host": "http://me@/",
    })
    def test_a_url_with_a_user_is_refused(self, what, target):
        expect_refused(lambda: ch02.parse_target(target), 400, f"accepted: {what}",
                       "What stands before `@` is no host, and is most often there to deceive: it is to be treated as "
                       "an error (RFC 9110 section 4.2.4).")

    @each("what, target", {
        "half an IPv6 address": "http://[/", "no number for a port": "http://a:b/", "two ports": "http://a:1:2/",
        "a backslash": "http://a\\b/",
    })
    def test_a_strange_host_is_refused(self, what, target):
        expect_refused(lambda: ch02.parse_target(target), 400, f"accepted: {what}",
                       "It is no host and no port, and each program would find something else in it "
                       "(RFC 3986 section 3.2).")

    @each("what, target", {
        "in a path": "/a#b", "at the end": "/a#", "in a query": "/a?b#c", "in a whole URL": "http://a/b#c",
        "behind a host": "http://a#b", "in the query of a whole URL": "http://a/?b#c",
    })
    def test_a_number_sign_is_refused(self, what, target):
        expect_refused(lambda: ch02.parse_target(target), 400, f"accepted: a `#` {what}",
                       "A client keeps what stands behind `#`. Of one that sends it, some programs drop it and others "
                       "look for a page with that name (RFC 9112 section 3.2).")

    def test_an_encoded_number_sign_is_a_character_of_the_path(self):
        self.expect_target("/a%23b?c%23", (None, b"/a#b", "c%23"), "an encoded `#` is not read",
                           "`%23` is how a name with this sign in it is asked for (RFC 3986 section 2.2).")
