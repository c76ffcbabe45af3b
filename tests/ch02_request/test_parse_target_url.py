"""Step 2.4 · parse_target: whole URLs, as clients send them to proxies, and the number sign"""
import pytest

from tests.ch02_request.common import ch02, each, expect_refused, expect_target


@pytest.mark.step("2.4")
class TestParseTarget:
    @each("what, scheme", {"http": "http", "https": "https", "capitals": "HTTP", "both cases": "hTTpS",
                            "one capital": "Http", "one small letter": "HTTPs"})
    def test_a_whole_url_has_an_authority(self, what, scheme):
        why = "Schemes have no case: compare them in lower case, and not with a list of spellings"
        if scheme.islower():
            why = "A server accepts what clients send to proxies: the scheme, `://`, the host, then path and query"
        expect_target(f"{scheme}://example.org:81/a%20b?page=2", ("example.org:81", b"/a b", "page=2"),
                      f"a whole URL is taken apart wrongly: {what}",
                      f"{why} (RFC 9112 section 3.2.2; RFC 3986 section 3.1).", f"a whole URL is not read: {what}")

    @each("what, case", {
        "nothing after the host": ("", (b"/", ""), "The host ends with the target; a path that is missing is `/`"),
        "a query after the host": ("?a", (b"/", "a"), "A path that is missing is `/`, before a "
                                   "query too; the host ends at the `?`"),
        "a slash in the query": ("?a=/b", (b"/", "a=/b"), "The host ends at the first `/` or `?`, whichever comes "
                                 "first: here that is the `?`, and the `/` stands in the query. A path that is missing "
                                 "is `/`"),
        "two slashes": ("//a/b", (b"//a/b", ""), "The host ends at the first `/`; the path begins with it, and stays "
                        "as it is"),
        "a colon in the path": ("/a:b", (b"/a:b", ""), "The host ends at the `/`, and what stands after it is path"),
        "a URL in the query": ("/?u=http://a/", (b"/", "u=http://a/"), "The host stands after the first `://`; all "
                               "after the `?` is query, whatever it looks like"),
        "a URL in the path": ("/http://b/c", (b"/http://b/c", ""), "The host stands after the first `://`; what looks "
                              "like another host later is path"),
        "a question mark after the host": ("?", (b"/", ""), "The host ends at the `?`; nothing stands after it, so the "
                                           "query is empty, and a path that is missing is `/`"),
        "a slash and a question mark": ("/?", (b"/", ""), "The host ends at the `/`, which is the path; nothing stands "
                                        "after the `?`"),
        "the host again, in path and query": ("/example.org?example.org", (b"/example.org", "example.org"), "The host "
                                              "stands once, before the first `/`: what looks like it later stays"),
    })
    def test_the_authority_ends_where_path_or_query_begins(self, what, case):
        rest, parts, why = case
        expect_target(f"http://example.org{rest}", ("example.org", *parts),
                      f"a whole URL is taken apart wrongly: {what}",
                      f"{why} (RFC 9112 section 3.2.1; RFC 3986 section 3.2).", f"a whole URL is not read: {what}")

    @each("what, authority", {
        "a name": "example.org", "an underscore in a name": "my_app", "an IPv4 address": "127.0.0.1:8000",
        "an IPv6 address": "[::1]:8000", "a port without digits": "a:", "capitals": "Example.ORG",
        "a dot at the end": "example.org.",
        "the usual port": "example.org:80", "a percent sign": "a%41b",
    })
    def test_the_authority_is_handed_on_as_it_was_sent(self, what, authority):
        expect_target(f"http://{authority}/a", (authority, b"/a", ""),
                      f"the authority is not handed on as it was sent: {what}",
                      "It takes the place of Host, as it is (RFC 9112 section 3.2.2).", f"a host is refused: {what}")

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
                       "an error. All of the authority is looked at, its user too: `HOST.fullmatch(authority)` tells "
                       "(RFC 9110 section 4.2.4).")

    @each("what, target", {
        "half an IPv6 address": "http://[/", "no number for a port": "http://a:b/", "two ports": "http://a:1:2/",
        "a backslash": "http://a\\b/",
    })
    def test_a_strange_host_is_refused(self, what, target):
        expect_refused(lambda: ch02.parse_target(target), 400, f"accepted: {what}",
                       "All of the authority is to be a host, and `HOST.fullmatch(authority)` tells whether it is: "
                       "each program would find something else in it (RFC 3986 section 3.2).",
                       if_another="This is raised before `HOST.fullmatch` is asked, or in its place: what a client "
                                  "sends wrong is BadRequest. Ask HOST before anything else may fail on the authority "
                                  "(urlsplit, for example, raises ValueError for half of an IPv6 address; RFC 3986 "
                                  "section 3.2).")

    @each("what, target", {
        "in a path": "/a#b", "at the end": "/a#", "in a query": "/a?b#c", "in a whole URL": "http://a/b#c",
        "after a host": "http://a#b", "in the query of a whole URL": "http://a/?b#c",
    })
    def test_a_number_sign_is_refused(self, what, target):
        expect_refused(lambda: ch02.parse_target(target), 400, f"accepted: a `#` {what}",
                       "A client keeps what stands after `#`. If one sends it, some programs drop it, and others look "
                       "for a page with that name (RFC 9112 section 3.2).")

    def test_an_encoded_number_sign_is_a_character_of_the_path(self):
        expect_target("/a%23b?c%23", (None, b"/a#b", "c%23"), "an encoded `#` is not taken as it should be",
                      "`%23` is how a name with this sign in it is asked for (RFC 3986 section 2.2).",
                      "an encoded `#` is refused")
