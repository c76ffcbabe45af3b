"""Step 3.1 · cgi_variables: CONTENT_TYPE and CONTENT_LENGTH"""
import pytest

from tests.ch03_environ.common import NI_HAO, cgi, cgi_variable
from tests.expect import expect_value
from workshop.checking.diagnosis import expect_that


@pytest.mark.step("3.1")
class TestCgiVariables:
    @pytest.mark.clause(42)
    def test_the_content_type_is_the_client_s(self):
        kind = "multipart/Form-data; boundary=aBcD"
        expect_value(cgi_variable("CONTENT_TYPE", fields=[("content-type", kind)]), kind, likely={
            "CONTENT_TYPE has lost what follows the semicolon": "multipart/Form-data",
            "CONTENT_TYPE is put into lower case, and a boundary with it": kind.lower(),
        }, problem="CONTENT_TYPE is another one",
            why="An application reads a form only if this says, in full, that it is one (PEP 3333, section "
                '"environ Variables").')

    @pytest.mark.clause(42)
    def test_a_byte_that_str_takes_for_a_space_stays_in_the_content_type(self):
        kind = "text/plain; charset=\xa0"
        expect_value(cgi_variable("CONTENT_TYPE", fields=[("content-type", kind)]), kind, likely={
            "the byte A0 at the end of the value is lost: `strip` takes it for a space": kind.strip(),
        }, problem="CONTENT_TYPE is another one",
            why="parse_field has taken off the white space of HTTP; what is left is the value, as it is (RFC 9110 "
                "section 5.5).")

    def test_the_first_of_several_content_types_counts(self):
        fields = [("content-type", "text/plain"), ("content-type", "text/html")]
        expect_value(cgi_variable("CONTENT_TYPE", fields=fields), "text/plain", likely={
            "CONTENT_TYPE is the value of the last field": "text/html",
            "CONTENT_TYPE is two values joined": "text/plain, text/html",
        }, problem="CONTENT_TYPE is not the value of the first field",
            why="A body has one type; two types with a comma are none (RFC 9110 section 8.3).")

    @pytest.mark.clause(42)
    @pytest.mark.parametrize("values", [[""], ["", "text/html"]], ids=["alone", "before another"])
    def test_an_empty_content_type_is_a_content_type(self, values):
        variables = cgi(fields=[("content-type", value) for value in values])
        sent = ", then ".join(f"content-type: {value or 'with nothing after it'}" for value in values)
        expect_that("CONTENT_TYPE" in variables, "CONTENT_TYPE is left out, and the client sent an empty one",
                    "Left out is what the client did not send: ask whether there is a field, not whether its value is "
                    "true, which an empty text is not.", sent=sent, came_back="no CONTENT_TYPE", expected="''")
        expect_value(variables["CONTENT_TYPE"], "", sent=sent, likely={
            "CONTENT_TYPE is the value of the second field where the first is empty": "text/html",
        }, problem="CONTENT_TYPE is not empty, and the client's field is",
            why="The first field counts, be it empty. Only the client knows what its body is: a type that it did not "
                'send is a guess (PEP 3333, section "environ Variables").')

    @pytest.mark.clause(43)
    def test_the_content_length_is_that_of_the_body(self):
        fields = [("content-length", "0006")]
        expect_value(cgi_variable("CONTENT_LENGTH", fields=fields, body=NI_HAO), "6",
                     likely={"CONTENT_LENGTH is copied from the field": "0006"},
                     problem="CONTENT_LENGTH is not the number of bytes in the body",
                     why="An application reads that many bytes; a client may write zeros in front, as step 2.5 allows "
                         '(PEP 3333, section "environ Variables").')

    @pytest.mark.clause(43)
    def test_a_body_announced_as_empty_has_the_length_0(self):
        variables = cgi(fields=[("content-length", "0")])
        why = "The client sent `Content-Length: 0`: that is a body, an empty one (RFC 9110 section 8.6)."
        expect_that("CONTENT_LENGTH" in variables, "CONTENT_LENGTH is missing where the client sent 0", why,
                    sent="content-length: 0, and no body")
        expect_value(variables["CONTENT_LENGTH"], "0", why, problem="CONTENT_LENGTH is not that of the body")

    @pytest.mark.clause(43, 119)
    @pytest.mark.parametrize(("coding", "body", "what", "why"), [
        pytest.param("chunked", b"hello", "for a body that came in chunks",
                     "The chunks are put together by then, and Flask takes a body without a length for empty",
                     id="chunked"),
        pytest.param("Chunked", b"hello", "where Transfer-Encoding is `Chunked`",
                     "Each Transfer-Encoding field counts, whatever its value: read_body has judged it",
                     id="in another case"),
        pytest.param("gzip", b"hello", "where Transfer-Encoding is `gzip`",
                     "Each Transfer-Encoding field counts, whatever its value: read_body has judged it",
                     id="another coding"),
        pytest.param("", b"hello", "where Transfer-Encoding is there and empty",
                     "Ask whether there is a field, not whether its value is true, which an empty text is not",
                     id="no coding"),
        pytest.param("chunked", b"", "for a body that came in chunks and is empty",
                     "The field says that there is a body, and that has the length 0", id="empty"),
    ])
    def test_a_body_that_came_in_chunks_has_a_length_too(self, coding, body, what, why):
        variables = cgi(fields=[("transfer-encoding", coding)], body=body)
        why += ' (PEP 3333, section "Other HTTP Features").'
        expect_that("CONTENT_LENGTH" in variables, f"CONTENT_LENGTH is missing {what}", why,
                    sent=f"transfer-encoding: {coding}, and the body {body}")
        expect_value(variables["CONTENT_LENGTH"], str(len(body)), why, problem="CONTENT_LENGTH is not that of the body")

    @pytest.mark.clause(42, 43, 50)
    @pytest.mark.parametrize("name", ["CONTENT_TYPE", "CONTENT_LENGTH"])
    def test_what_the_client_did_not_send_is_left_out(self, name):
        variables = cgi()
        expect_that(name not in variables, f"{name} is there, and the client sent none",
                    "What is missing is left out, so that an application can tell that nothing was sent "
                    '(PEP 3333, section "environ Variables").', came_back=f"{name} is {variables.get(name)!r}")
