"""Step 5.7 · find_mount"""
import pytest

from tests.ch05_middleware.common import VARIABLES
from tests.ch05_middleware.mounts import expect_split, expect_whole


@pytest.mark.step("5.7")
class TestFindMount:
    @pytest.mark.parametrize("path, expected", [
        pytest.param("/api/tea", ("/api", "/tea"), id="below it"),
        pytest.param("/api", ("/api", ""), id="the mount itself"),
        pytest.param("/api/", ("/api", "/"), id="with a slash behind it"),
    ])
    @pytest.mark.clause(39, 40)
    def test_a_mount_takes_its_own_path_and_all_below(self, path, expected):
        expect_whole(path, expected)
        expect_split(path, ["/api"], expected, "the path is cut at another place",
                          f"The prefix is where the application is, the rest is what it is asked for ({VARIABLES}).")

    @pytest.mark.parametrize("path", ["/", "/tea", "/tea/api", "", "*", "tea"])
    def test_a_path_that_no_mount_fits_stays_whole(self, path):
        expect_split(path, ["/api"], ("", path), "a mount is found where none is",
                     "Such a path belongs to the application at the root, all of it.",
                     {"no mount is found, and the rest is not the whole path": ("", "")})

    def test_there_may_be_no_mounts_at_all(self):
        expect_split("/api", [], ("", "/api"), "a mount is found where none is", "Then every path is the root's.")

    @pytest.mark.parametrize("path", ["/apix", "/api.txt", "/apis/tea"])
    def test_a_mount_ends_where_a_segment_ends(self, path):
        expect_split(path, ["/api"], ("", path), f"{path} is taken for something below /api",
                          "A path is made of segments, between slashes: /apix is a neighbour of /api.")

    @pytest.mark.parametrize("mounts", [["/api", "/api/v2"], ["/api/v2", "/api"]], ids=["short first", "long first"])
    @pytest.mark.parametrize("path, expected", [
        pytest.param("/api/v2/tea", ("/api/v2", "/tea"), id="below the longer"),
        pytest.param("/api/v2", ("/api/v2", ""), id="the longer itself"),
        pytest.param("/api/v2x", ("/api", "/v2x"), id="a neighbour of the longer"),
        pytest.param("/api/tea", ("/api", "/tea"), id="below the shorter"),
    ])
    def test_the_longest_mount_wins(self, path, expected, mounts):
        expect_split(path, mounts, expected, "another mount is found than the longest that fits",
                          "The longer one is meant to stand out from the shorter, in whatever order they were written.")

    def test_a_mount_may_be_many_segments_deep(self):
        expect_split("/a/b/c/d", ["/a/b/c"], ("/a/b/c", "/d"), "a mount of three segments is not found",
                          "A path can be cut before each of its slashes.")

    def test_a_path_may_go_on_for_many_segments(self):
        expect_split("/api/2026/11/20", ["/api"], ("/api", "/2026/11/20"), "/api is not found in a longer path",
                          "A path can be cut before each of its slashes.")

    @pytest.mark.parametrize("path", ["/api/v1/api", "/api/api", "/api/v1/api/tea", "/api/apis"])
    @pytest.mark.clause(39, 40)
    def test_the_prefix_may_come_again_in_the_rest(self, path):
        expected = "/api", path[len("/api"):]
        expect_whole(path, expected)
        expect_split(path, ["/api"], expected, "the path is cut at another place",
                          "What stands behind the cut is the application's own, even if it looks like its prefix.")
