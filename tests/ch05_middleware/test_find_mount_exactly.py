"""Step 5.7 · find_mount: paths and mounts are taken exactly as they are"""
import collections

import pytest

from tests.ch05_middleware.common import ch05
from tests.ch05_middleware.mounts import expect_split
from tests.ch05_middleware.sides import App
from workshop.checking.diagnosis import expect_same, expect_that, expect_unchanged

QUERY = "The server has cut off the query: a ? or # that is in PATH_INFO is a character like any other."
DECODED = "The server has decoded the path, once: a % that is in PATH_INFO now is a character like any other."
LINE_FEED = ("Only the slash has a meaning: any other character may stand in a path, a line feed too (which `.` in a "
             "regular expression, for example, does not match).")
RESTS = {
    "/tea?cup": QUERY, "/tea#cup": QUERY, "/100%25": DECODED, "/%2e": DECODED,
    "/a b ": "Only the slash has a meaning: blanks stay, within a path and at its end.",
    "/tea\n": LINE_FEED, "/tea\ncup": LINE_FEED,
}  # what stands behind a mount -> why it stays as it is


@pytest.mark.step("5.7")
class TestFindMount:
    @pytest.mark.parametrize("path", ["/API", "/Api/tea"])
    def test_upper_and_lower_case_differ(self, path):
        expect_split(path, ["/api"], ("", path), "upper case is taken for lower case",
                          "Paths are compared byte by byte (RFC 3986 section 6.2.2.1).")

    @pytest.mark.parametrize("path, expected", [
        pytest.param("//api", ("", "//api"), id="in front"),
        pytest.param("/api//tea", ("/api", "//tea"), id="behind"),
        pytest.param("/api//", ("/api", "//"), id="at the end"),
    ])
    def test_two_slashes_are_not_one(self, path, expected):
        expect_split(path, ["/api"], expected, "two slashes are taken for one",
                          "Between them is a segment, an empty one: what it means is for the application to say.")

    def test_dots_are_left_to_the_application(self):
        expect_split("/api/../tea", ["/api"], ("/api", "/../tea"), "the path is changed",
                          "Browsers resolve dots before they ask; what arrives is taken as it is.")

    @pytest.mark.parametrize("mount, path, expected", [
        pytest.param("/api/", "/api/", ("/api/", ""), id="exactly so"),
        pytest.param("/api/", "/api/tea", ("", "/api/tea"), id="nothing below"),
        pytest.param("/api/", "/api", ("", "/api"), id="not without it"),
        pytest.param("/", "/", ("/", ""), id="the slash alone"),
        pytest.param("/", "/tea", ("", "/tea"), id="nothing below the slash alone"),
    ])
    def test_a_mount_that_ends_in_a_slash_is_found_for_exactly_that_path_only(self, mount, path, expected):
        found = "found" if path != mount else "not found"
        expect_split(path, [mount], expected, f"the mount {mount} is {found} in {path}",
                          "A path is cut before a slash, so a prefix ends in one only where the path itself ends, or "
                          "where another slash follows. werkzeug does the same.")

    @pytest.mark.parametrize("mount, path, expected", [
        pytest.param("/api/", "/api//v2", ("/api/", "/v2"), id="before the second of two"),
        pytest.param("/api/", "/api//", ("/api/", "/"), id="before the last, at the end"),
        pytest.param("/api/", "/api///v2", ("/api/", "//v2"), id="before the second of three"),
        pytest.param("/api//", "/api///v2", ("/api//", "/v2"), id="before the third of three"),
        pytest.param("/", "//tea", ("/", "/tea"), id="before the second, in front"),
        pytest.param("//", "//", ("//", ""), id="behind both"),
    ])
    def test_of_several_slashes_in_a_row_the_path_is_cut_before_each(self, mount, path, expected):
        expect_split(path, [mount], expected, f"the mount {mount} is not found in {path}",
                     "A path can be cut before each of its slashes, of several in a row too, and at its end. werkzeug "
                     "does the same.")

    def test_a_mount_without_a_slash_is_never_found(self):
        expect_split("/api/tea", ["api"], ("", "/api/tea"), "the mount api is found in /api/tea",
                          "A prefix of the path begins as the path does, with a slash. werkzeug does the same.")

    def test_a_mount_that_is_empty_leaves_the_longer_ones_their_paths(self):
        expect_split("/api/tea", ["", "/api"], ("/api", "/tea"), "the empty mount is found before a longer one",
                          "The empty prefix fits every path, and is the shortest.")
        expect_split("/tea", ["", "/api"], ("", "/tea"), "the path is cut where nothing is to be cut off",
                          "The empty prefix takes nothing from the path.")

    @pytest.mark.parametrize("mount, path", [
        pytest.param("/v1.0", "/v1x0/tea", id="a dot"), pytest.param("/te+a", "/teea/cup", id="a plus"),
        pytest.param("/t*", "/tea/cup", id="a star"), pytest.param("/[ab]", "/a/cup", id="brackets"),
    ])
    def test_a_mount_is_no_pattern(self, mount, path):
        expect_split(path, [mount], ("", path), f"{mount} is taken for a pattern, which fits {path}",
                     "Only the slash has a meaning: all other characters stand for themselves.")
        expect_split(f"{mount}/cup", [mount], (mount, "/cup"), f"the mount {mount} is not found",
                     "Only the slash has a meaning: all other characters stand for themselves.")

    @pytest.mark.parametrize("path, mount, expected", [
        pytest.param("*", "*", ("*", ""), id="a star"), pytest.param("tea", "tea", ("tea", ""), id="a word"),
        pytest.param("tea/cup", "tea", ("tea", "/cup"), id="a word, and a slash behind it"),
    ])
    def test_a_path_that_does_not_begin_with_a_slash_is_cut_like_any_other(self, path, mount, expected):
        expect_split(path, [mount], expected, f"the mount {mount} is not found in the path {path}",
                     "A path can be cut at its end, and before each of its slashes, whatever it begins with: `OPTIONS "
                     "*` has the path `*`. werkzeug does the same.")

    @pytest.mark.parametrize("rest", RESTS)
    def test_the_characters_of_a_path_stay_as_they_are(self, rest):
        path = f"/api{rest}"
        expect_split(path, ["/api"], ("/api", rest), "the path is changed", RESTS[rest],
                     {f"the mount /api is not found in {path!r}": ("", path)})

    def test_a_line_feed_is_no_end_of_the_path(self):
        expect_split("/api\n", ["/api"], ("", "/api\n"), "the path is changed",
                     "A line feed is a character of the path like any other, so /api\\n is a neighbour of /api. "
                     "(In a regular expression, for example, `$` matches also before a line feed at the end.)",
                     {"the mount /api is found in '/api\\n'": ("/api", "\n"),
                      "the mount /api is found in '/api\\n', and the line feed is lost": ("/api", "")})

    def test_an_application_counts_as_mounted_whatever_it_is(self):
        class Empty(App):
            def __len__(self):
                return 0

        expect_same(ch05.find_mount("/api/tea", {"/api": Empty()}), ("/api", "/tea"),
                    problem="a mount is not found, because its application counts as false",
                    why="Whether a prefix is a key is asked with `in`; a value may count as false: a callable whose "
                        "len is 0 does.")

    def test_mounts_stays_as_it_is(self):
        mounts = {"": App(), "/api": App()}
        before = dict(mounts)
        for path in ("/api/tea", "/tea", "/api"):
            ch05.find_mount(path, mounts)
        expect_unchanged("mounts", mounts, before, problem="mounts itself has changed",
                         why="It is the dispatcher's, and the next request looks into it too.")

    @pytest.mark.parametrize("app", [None, 0, "", [], False], ids=repr)
    def test_a_key_counts_whatever_its_value_is(self, app):
        came_back = ch05.find_mount("/api/tea", {"/api": app, "/api/tea/green": print})
        expect_that(came_back == ("/api", "/tea"), f"a mount whose value is {app!r} is not found",
                    came_back=repr(came_back), expected="('/api', '/tea')",
                    why="The prefix is a key of mounts or is not: `in` tells, and the value is nobody's business here. "
                        "An application may count as false.")

    @pytest.mark.parametrize("path", ["/api/tea", "/tea", ""])
    def test_mounts_that_make_what_they_are_asked_for_stay_as_they_are(self, path):
        mounts = collections.defaultdict(list, {"/api": print})
        came_back = ch05.find_mount(path, mounts)
        expect_that([*mounts] == ["/api"], "mounts itself has changed", mounts="defaultdict(list, {'/api': app})",
                    came_back=repr(came_back), afterwards=f"mounts has {[*mounts]}", expected="mounts has ['/api']",
                    why="A defaultdict makes what `mounts[prefix]` does not find: `in` only looks.")
