"""Step 4.5 · Response.choose_framing"""
import pytest

from tests.ch04_response.common import BODILESS, NOTHING, ch04, request_for, response_to
from tests.expect import expect_value


@pytest.mark.step("4.5")
class TestChooseFraming:
    def expect_framing(self, name, why, *, problem, wrong=None, request=None, known_length=None, **parts):
        """Fail unless choose_framing returns the constant with this name.

        problem is that of the constant wrong, where this is given, and else of all that is not what was expected.
        """
        response = response_to(request or request_for(), **parts)
        response.known_length = known_length
        came_back = response.choose_framing()
        if wrong and came_back != getattr(ch04, wrong):
            problem = "the framing is another one"
        expect_value(came_back, getattr(ch04, name), why, likely=NOTHING, problem=problem)

    @pytest.mark.clause(112)
    def test_without_a_length_the_body_goes_out_in_chunks(self):
        self.expect_framing("CHUNKED", problem="a response without a length is not chunked",
                            why="Chunks tell the client where the body ends, and whether it is whole (RFC 9112 "
                                "section 6.3).")

    @pytest.mark.parametrize("name", ["Content-Length", "content-length", "CONTENT-LENGTH", "Content-length"])
    def test_the_announced_length_is_used(self, name):
        self.expect_framing("LENGTH", headers=[(name, "5")], problem="a Content-Length of the application is not used",
                            why="The application knows best, and the name of the field is the same in any case: "
                                "`self.length` finds it (PEP 3333, Handling the Content-Length Header).")

    def test_a_length_that_the_server_knows_is_used(self):
        self.expect_framing("LENGTH", known_length=5, problem="self.known_length is not used",
                            why="A length is what clients like best: they can show how much is left.")

    def test_an_announced_length_of_0_is_a_length(self):
        self.expect_framing("LENGTH", headers=[("Content-Length", "0")], wrong="CHUNKED",
                            problem="a length of 0 is taken for no length",
                            why="0 is false in Python, but it is a length: ask `is not None`.")

    def test_a_known_length_of_0_is_a_length(self):
        self.expect_framing("LENGTH", known_length=0, problem="a length of 0 is taken for no length", wrong="CHUNKED",
                            why="0 is false in Python, but it is a length: ask `is not None`.")

    @pytest.mark.clause(113)
    def test_http_1_0_has_no_chunks(self):
        self.expect_framing("UNTIL_CLOSE", request=request_for(version="HTTP/1.0"),
                            problem="an HTTP/1.0 client is sent chunks", wrong="CHUNKED",
                            why="It would take the sizes of the chunks for part of the page (RFC 9112 section 6.1).")

    def test_a_version_that_is_newer_has_chunks(self):
        self.expect_framing("CHUNKED", request=request_for(version="HTTP/1.2"),
                            problem="an HTTP/1.2 client is not sent chunks",
                            why="It knows all that HTTP/1.1 has: only HTTP/1.0 has no chunks (RFC 9110 section 2.5).")

    def test_http_1_0_knows_content_length(self):
        self.expect_framing("LENGTH", request=request_for(version="HTTP/1.0"), headers=[("Content-Length", "5")],
                            problem="the length is not used for an HTTP/1.0 client",
                            why="HTTP/1.0 has Content-Length, and without it a body cut short looks whole.")

    @pytest.mark.parametrize("method", ["POST", "OPTIONS", "BREW", "head", "Head", "HEADS", "AHEAD"])
    def test_the_method_does_not_matter_unless_it_is_head(self, method):
        self.expect_framing("CHUNKED", request=request_for(method),
                            problem=f"a response to {method} gets no body", wrong="NO_BODY",
                            why="Of all methods only HEAD, in capitals, means that there is none (RFC 9112 section "
                                "6.3; RFC 9110 section 9.1).")

    @pytest.mark.parametrize("headers", [[], [("Content-Length", "5")]], ids=["without a length", "with a length"])
    def test_head_has_no_body(self, headers):
        self.expect_framing("NO_BODY", request=request_for("HEAD"), headers=headers,
                            problem="a response to HEAD gets a body",
                            why="The response to HEAD ends with its head, whatever its fields say (RFC 9112 section "
                                "6.3).")

    @pytest.mark.parametrize("headers", [[], [("Content-Length", "5")]], ids=["without a length", "with a length"])
    @pytest.mark.parametrize("method", ["GET", "POST", "BREW"])
    @pytest.mark.parametrize("status", ["204 No Content", "304 Not Modified", "100 Continue", "199 Whatever",
                                        "204 Deleted", "304 Use Yours", "103 Early Hints"])
    def test_some_statuses_have_no_body(self, status, method, headers):
        to_method = f" to {method}" * (method != "GET")
        self.expect_framing("NO_BODY", status=status, headers=headers, request=request_for(method),
                            problem=f"a response with status {status}{to_method} gets a body",
                            why="1xx, 204 and 304 end with the head, whatever their phrase and fields say: a client "
                                "takes what follows for the next response (RFC 9112 section 6.3).")

    @pytest.mark.parametrize("status", ["201 Created", "404 Not Found", "410 Gone", "200 as good as 204", "500 304",
                                        "205 Reset Content", "200 No Content", "200 Not Modified"])
    def test_all_other_statuses_have_a_body(self, status):
        self.expect_framing("CHUNKED", status=status, wrong="NO_BODY",
                            problem=f"a response with status {status} gets no body",
                            why="Only the first digit 1, and the codes 204 and 304, mean that there is none (RFC "
                                "9112 section 6.3).")

    @pytest.mark.parametrize("version", ["HTTP/1.1", "HTTP/1.0"])
    @pytest.mark.parametrize("known_length", [None, 5, 0])
    @pytest.mark.parametrize("method, status", BODILESS)
    def test_where_no_body_may_be_nothing_else_decides(self, method, status, known_length, version):
        self.expect_framing("NO_BODY", request=request_for(method, version), status=status, known_length=known_length,
                            problem="where no body may be, the version or self.known_length decides before that",
                            why="The first of the four that fits counts, and NO_BODY comes first: ask for the method "
                                "and the status before you ask for a length or the version (RFC 9112 section 6.3).")
