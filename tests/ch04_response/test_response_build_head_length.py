"""Step 4.6 · Response.build_head: what it tells of the body's length"""
import re

import pytest

from tests.ch04_response.common import BODILESS, head_of, request_for
from workshop.checking.diagnosis import expect_same
from wsgi_contract.answer import read_answer


@pytest.mark.step("4.6")
class TestBuildHead:
    def answer(self, *framing, **parts):
        """Return the head that build_head makes, as an Answer."""
        return read_answer(head_of(*framing, **parts), head_only=True)

    @pytest.mark.parametrize("length", [5, 0])
    def test_a_length_that_the_server_knows_is_sent(self, length):
        expect_same(self.answer("LENGTH", known_length=length).values("Content-Length"), [str(length)],
                    problem="Content-Length does not tell self.length",
                    why="The framing is LENGTH: without the field the client can't know where the body ends.")

    @pytest.mark.parametrize("name", ["Content-Length", "content-length", "cONTENT-lENGTH"])
    @pytest.mark.clause(20)
    def test_the_application_s_length_is_sent_once(self, name):
        head = head_of("LENGTH", headers=[(name, "5")], known_length=7)
        lengths = re.findall(rb"(?i)content-length: *(.*)\r\n", head)
        problem = "the application's Content-Length is lost" if not lengths else "Content-Length is another one"
        expect_same(lengths, [b"5"], problem="there are two Content-Length fields" if lengths[1:] else problem,
                    why="Two lengths can be read in two ways, and clients refuse them (RFC 9112 section 6.3).")

    def test_chunks_are_announced(self):
        answer = self.answer("CHUNKED")
        expect_same(answer.values("Transfer-Encoding"), ["chunked"], problem="the chunks are not announced",
                    why="Otherwise the client takes their sizes for part of the page (RFC 9112 section 6.1).")
        expect_same(answer.values("Content-Length"), [], problem="there is a Content-Length beside chunks",
                    why="Nobody knows the length of this body (RFC 9112 section 6.2).")

    @pytest.mark.parametrize("framing", ["LENGTH", "UNTIL_CLOSE", "NO_BODY"])
    def test_nothing_else_is_announced_as_chunks(self, framing):
        known_length = 5 if framing == "LENGTH" else None
        expect_same(self.answer(framing, known_length=known_length).values("Transfer-Encoding"), [],
                    problem=f"a body that is not chunked is announced as chunked (self.framing is {framing})",
                    why="A client would look for the size of the first chunk (RFC 9112 section 6.1).")

    def test_a_body_until_the_end_has_no_length(self):
        expect_same(self.answer("UNTIL_CLOSE", request=request_for(version="HTTP/1.0")).values("Content-Length"), [],
                    problem="there is a Content-Length where nobody knows the length",
                    why="The end of the connection is the end of this body (RFC 9112 section 6.3).")

    @pytest.mark.parametrize("request_method, status", BODILESS)
    @pytest.mark.parametrize("known_length", [5, 0])
    def test_where_no_body_may_be_the_server_s_own_length_is_not_told(self, request_method, status, known_length):
        answer = self.answer("NO_BODY", request=request_for(request_method), status=status, known_length=known_length)
        expect_same(answer.values("Content-Length"), [],
                    problem="self.known_length is told although self.framing is NO_BODY",
                    why="What the server knows of a body that is not sent need not be the length that GET would have, "
                        "and a 204 may not have one at all (RFC 9110 section 8.6).")

    @pytest.mark.parametrize("request_method, status", [("HEAD", "200 OK"), ("GET", "304 Not Modified")])
    def test_head_and_304_keep_the_application_s_length(self, request_method, status):
        answer = self.answer("NO_BODY", request=request_for(request_method), status=status,
                             headers=[("Content-Length", "5")])
        expect_same(answer.values("Content-Length"), ["5"], problem="the application's Content-Length is lost",
                    why="Here it tells how long the body would be in the response to GET (RFC 9110 section 8.6).")

    @pytest.mark.parametrize("status", ["200 as good as 204", "201 Created", "410 Gone", "500 204", "200 No Content"])
    def test_all_other_statuses_keep_the_application_s_length(self, status):
        answer = self.answer("LENGTH", status=status, headers=[("Content-Length", "5")])
        expect_same(answer.values("Content-Length"), ["5"],
                    problem=f"the application's Content-Length is lost in a response with status {status}",
                    why="Only 1xx and 204 must not have one: a status begins with its code (RFC 9110 section 8.6).")

    @pytest.mark.parametrize("name", ["content-length", "Content-Length", "CONTENT-LENGTH", "Content-length"])
    @pytest.mark.parametrize("status", ["204 No Content", "100 Continue", "204 Deleted", "103 Early Hints"])
    @pytest.mark.parametrize("method, version", [("GET", "HTTP/1.1"), ("HEAD", "HTTP/1.1"), ("DELETE", "HTTP/1.0")])
    def test_1xx_and_204_have_no_length(self, method, version, status, name):
        headers, request = [("Allow", "GET"), (name, "5"), ("X-A", "1")], request_for(method, version)
        answer = self.answer("NO_BODY", request=request, status=status, headers=headers)
        expect_same(answer.values("Content-Length"), [],
                    problem=f"there is a Content-Length in a response with status {status}",
                    given=f"{name}: 5", request=f"{method} in {version}",
                    why="These responses must not have one, whatever the method, and in whatever case its name is "
                        "written: compare `name.lower()` (RFC 9110 section 8.6).")
        expect_same(answer.values("Allow") + answer.values("X-A"), ["GET", "1"],
                    problem="other headers are lost with Content-Length", why="Only the length is left out.")

    @pytest.mark.parametrize("name", ["X-Content-Length", "Content-Length-Was", "My-Content-Length-1"])
    @pytest.mark.parametrize("status", ["204 No Content", "100 Continue"])
    def test_1xx_and_204_keep_headers_whose_names_are_longer(self, status, name):
        answer = self.answer("NO_BODY", status=status, headers=[(name, "5")])
        expect_same(answer.values(name), ["5"],
                    problem=f"{name} is left out of a response with status {status}, and it is no Content-Length",
                    why="Only the header whose whole name is Content-Length is left out.")

    def test_chunks_have_no_length_whatever_is_known_of_it(self):
        head = head_of("CHUNKED", known_length=5)
        expect_same(re.findall(rb"(?i)content-length: *(.*)\r\n", head), [], known="self.known_length is 5",
                    problem="there is a Content-Length beside chunks",
                    why="self.framing was chosen, and it alone says how the body is sent: two framings in one head can "
                        "be read in two ways (RFC 9112 section 6.2).")
