"""Step 3.1 · cgi_variables: PATH_INFO and QUERY_STRING are what the client sent, all of it"""
import pytest

from tests.ch03_environ.common import ALL_BYTES, any_bytes, cgi_variable
from tests.expect import expect_value
from workshop.checking.diagnosis import shown_bytes

ALL_OF_IT = "An application decides itself what it makes of a path: it gets all of it (PEP 3333, section \"environ " \
            'Variables").'
WHOLE_URL = {"target": "http://shop.example/a/b?page=2", "path": b"/a/b", "query": "page=2"}


@pytest.mark.step("3.1")
class TestCgiVariables:
    @pytest.mark.clause(132)
    def test_the_path_may_hold_any_byte(self):
        why = 'A path need not be UTF-8, and no byte of it may be lost (PEP 3333, section "Unicode Issues").'
        with any_bytes("a path that is not UTF-8 can't be decoded", why, path=shown_bytes(ALL_BYTES)):
            came_back = cgi_variable("PATH_INFO", path=b"/" + ALL_BYTES)
        expect_value(came_back, "/" + ALL_BYTES.decode("latin-1"), why, problem="PATH_INFO has lost bytes of the path")

    @pytest.mark.clause(40)
    def test_the_path_is_not_percent_decoded_again(self):
        came_back = cgi_variable("PATH_INFO", path=b"/100%25", target="/100%2525")
        expect_value(came_back, "/100%25", likely={"the path is percent-decoded a second time": "/100%"},
                     problem="PATH_INFO is another one",
                     why="request.path is decoded already: a % that is left in it stands for itself "
                         "(RFC 3986 section 2.4).")

    @pytest.mark.clause(40)
    @pytest.mark.parametrize("path", ["/a/", "//a//b", "/a/./../b/.", r"/a\n"])
    def test_no_slash_and_no_dot_of_the_path_is_lost(self, path):
        came_back = cgi_variable("PATH_INFO", path=path.encode())
        signs = {"slash": "/", "dot": "."}
        lost = [name for name, sign in signs.items() if str(came_back).count(sign) < path.count(sign)]
        problem = f"a {' and a '.join(lost)} of the path is lost" if lost else "PATH_INFO is not the path as it is"
        expect_value(came_back, path, ALL_OF_IT, problem=problem,
                     likely={"a backslash in the path is taken for an escape of Python's": "/a\n"})

    @pytest.mark.clause(40)
    @pytest.mark.parametrize("path", [b"/a ", b"/ ", b"/\xa0", b"/a\r\n"], ids=repr)
    def test_white_space_at_the_ends_of_the_path_stays(self, path):
        came_back = cgi_variable("PATH_INFO", path=path)
        expect_value(came_back, path.decode("latin-1"), ALL_OF_IT, likely={
            "white space at the ends of the path is lost": path.decode("latin-1").strip(),
        }, problem="PATH_INFO is not the path as it is")

    @pytest.mark.clause(40)
    def test_the_path_is_that_of_the_request_where_the_target_is_a_whole_url(self):
        expect_value(cgi_variable("PATH_INFO", **WHOLE_URL), "/a/b", likely={
            "PATH_INFO comes from the target, which may be a whole URL": "http://shop.example/a/b",
        }, problem="PATH_INFO is another one", why="Proxies send such targets; step 2.4 has taken them apart, and "
                                                   "request.path is the path (RFC 9112 section 3.2.2).")

    @pytest.mark.clause(40)
    @pytest.mark.parametrize("path", ["", "*", "a"], ids=["empty", "a star", "a letter"])
    def test_no_slash_is_added_to_the_path(self, path):
        expect_value(cgi_variable("PATH_INFO", path=path.encode(), target="*"), path, likely={
            "PATH_INFO begins with a slash that is not in the path": "/" + path,
        }, problem="PATH_INFO is another one where the path has no slash",
            why="request.path is decoded, and nothing else is done to it: that of `OPTIONS *` has no slash (RFC 9112 "
                "section 3.2.4).")

    @pytest.mark.clause(41)
    @pytest.mark.parametrize("query", ["", "next=/a?b=c", "?a", " a=1 "],
                             ids=["no query", "a query with a question mark", "a query that begins with one",
                                  "a query with spaces at its ends"])
    def test_the_query_is_what_follows_the_first_question_mark(self, query):
        expect_value(cgi_variable("QUERY_STRING", query=query), query, likely={
            "QUERY_STRING is the target where there is no query": "/",
            "QUERY_STRING is what follows the last question mark": "b=c",
            "QUERY_STRING ends at its own question mark": "next=/a",
            "QUERY_STRING has lost the question mark that it begins with": "a",
        }, problem="QUERY_STRING is another one",
            why="request.query has it; a query may hold question marks itself (RFC 3986 section 3.4).")
