"""Step 5.7 · find_mount"""
import pytest

from tests.ch05_middleware.common import VARIABLES, ch05
from tests.ch05_middleware.mounts import Mounts
from tests.ch05_middleware.sides import App
from workshop.checking.diagnosis import expect_same, expect_that


@pytest.mark.step("5.7")
class TestFindMount:
    def expect_split(self, path, mounts, expected, problem, why):
        came_back = ch05.find_mount(path, Mounts.fromkeys(mounts, App()))
        expect_that(came_back is not None, "find_mount returns None", expected=repr(expected),
                    why="A path can always be split: where no mount fits, into \"\" and all of it.")
        expect_that(isinstance(came_back, tuple) and [*map(type, came_back)] == [str, str],
                    "find_mount must return a pair of str, (prefix, rest)", came_back=repr(came_back),
                    expected=repr(expected), why="The next step puts them into SCRIPT_NAME and PATH_INFO.")
        expect_same(came_back, expected, why, problem=problem)

    def expect_whole(self, path, expected):
        """Fail if the two parts of a path, with a mount at /api, are not all of it."""
        came_back = ch05.find_mount(path, Mounts.fromkeys(["/api"], App()))
        if isinstance(came_back, tuple) and [*map(type, came_back)] == [str, str]:
            expect_that("".join(came_back) == path, f"prefix and rest together are {''.join(came_back)}",
                        came_back=repr(came_back), expected=repr(expected),
                        why="A path is split: each of its characters is in one of the two parts, slashes too.")

    @pytest.mark.parametrize("path, expected", [
        pytest.param("/api/tea", ("/api", "/tea"), id="below it"),
        pytest.param("/api", ("/api", ""), id="the mount itself"),
        pytest.param("/api/", ("/api", "/"), id="with a slash behind it"),
    ])
    @pytest.mark.clause(39, 40)
    def test_a_mount_takes_its_own_path_and_all_below(self, path, expected):
        self.expect_whole(path, expected)
        self.expect_split(path, ["/api"], expected, "the path is cut at another place",
                          f"The prefix is where the application is, the rest is what it is asked for ({VARIABLES}).")

    @pytest.mark.parametrize("path", ["/", "/tea", "/tea/api", ""])
    def test_a_path_that_no_mount_fits_stays_whole(self, path):
        self.expect_split(path, ["/api"], ("", path), "a mount is found where none is",
                          "Such a path belongs to the application at the root, all of it.")

    def test_there_may_be_no_mounts_at_all(self):
        self.expect_split("/api", [], ("", "/api"), "a mount is found where none is", "Then every path is the root's.")

    @pytest.mark.parametrize("path", ["/apix", "/api.txt", "/apis/tea"])
    def test_a_mount_ends_where_a_segment_ends(self, path):
        self.expect_split(path, ["/api"], ("", path), f"{path} is taken for something below /api",
                          "A path is made of segments, between slashes: /apix is a neighbour of /api.")

    @pytest.mark.parametrize("mounts", [["/api", "/api/v2"], ["/api/v2", "/api"]], ids=["short first", "long first"])
    @pytest.mark.parametrize("path, expected", [
        pytest.param("/api/v2/tea", ("/api/v2", "/tea"), id="below the longer"),
        pytest.param("/api/v2", ("/api/v2", ""), id="the longer itself"),
        pytest.param("/api/v2x", ("/api", "/v2x"), id="a neighbour of the longer"),
        pytest.param("/api/tea", ("/api", "/tea"), id="below the shorter"),
    ])
    def test_the_longest_mount_wins(self, path, expected, mounts):
        self.expect_split(path, mounts, expected, "another mount is found than the longest that fits",
                          "The longer one is meant to stand out from the shorter, in whatever order they were written.")

    def test_a_mount_may_be_many_segments_deep(self):
        self.expect_split("/a/b/c/d", ["/a/b/c"], ("/a/b/c", "/d"), "a mount of three segments is not found",
                          "A path can be cut before each of its slashes.")

    def test_a_path_may_go_on_for_many_segments(self):
        self.expect_split("/api/2026/11/20", ["/api"], ("/api", "/2026/11/20"), "/api is not found in a longer path",
                          "A path can be cut before each of its slashes.")

    @pytest.mark.parametrize("path", ["/api/v1/api", "/api/api", "/api/v1/api/tea", "/api/apis"])
    @pytest.mark.clause(39, 40)
    def test_the_prefix_may_come_again_in_the_rest(self, path):
        expected = "/api", path[len("/api"):]
        self.expect_whole(path, expected)
        self.expect_split(path, ["/api"], expected, "the path is cut at another place",
                          "What stands behind the cut is the application's own, even if it looks like its prefix.")

    @pytest.mark.parametrize("path", ["/API", "/Api/tea"])
    def test_upper_and_lower_case_differ(self, path):
        self.expect_split(path, ["/api"], ("", path), "upper case is taken for lower case",
                          "Paths are compared byte by byte (RFC 3986 section 6.2.2.1).")

    @pytest.mark.parametrize("path, expected", [
        pytest.param("//api", ("", "//api"), id="in front"),
        pytest.param("/api//tea", ("/api", "//tea"), id="behind"),
        pytest.param("/api//", ("/api", "//"), id="at the end"),
    ])
    def test_two_slashes_are_not_one(self, path, expected):
        self.expect_split(path, ["/api"], expected, "two slashes are taken for one",
                          "Between them is a segment, an empty one: what it means is for the application to say.")

    def test_dots_are_left_to_the_application(self):
        self.expect_split("/api/../tea", ["/api"], ("/api", "/../tea"), "the path is changed",
                          "Browsers resolve dots before they ask; what arrives is taken as it is.")

    @pytest.mark.parametrize("mount, path, expected", [
        pytest.param("/api/", "/api/", ("/api/", ""), id="exactly so"),
        pytest.param("/api/", "/api/tea", ("", "/api/tea"), id="nothing below"),
        pytest.param("/api/", "/api", ("", "/api"), id="not without it"),
        pytest.param("/", "/", ("/", ""), id="the slash alone"),
        pytest.param("/", "/tea", ("", "/tea"), id="nothing below the slash alone"),
    ])
    def test_a_mount_that_ends_in_a_slash_is_found_for_exactly_that_path_only(self, mount, path, expected):
        self.expect_split(path, [mount], expected, f"the mount {mount} is taken for another one",
                          "A path is cut before a slash, so no prefix ends in one, except where the path itself ends. "
                          "werkzeug does the same.")

    def test_a_mount_without_a_slash_is_never_found(self):
        self.expect_split("/api/tea", ["api"], ("", "/api/tea"), "the mount api is found in /api/tea",
                          "A prefix of the path begins as the path does, with a slash. werkzeug does the same.")

    def test_a_mount_that_is_empty_leaves_the_longer_ones_their_paths(self):
        self.expect_split("/api/tea", ["", "/api"], ("/api", "/tea"), "the empty mount is found before a longer one",
                          "The empty prefix fits every path, and is the shortest.")
        self.expect_split("/tea", ["", "/api"], ("", "/tea"), "the path is cut where nothing is to be cut off",
                          "The empty prefix takes nothing from the path.")
