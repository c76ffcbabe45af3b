"""Reading what a server sent, strictly: what is not a response by RFC 9112 is a diagnosis."""
import re
from dataclasses import dataclass

from wsgi_contract.problem import Diagnosis, expect_that, shown_bytes

BLANK_LINE = b"\r\n\r\n"
DATE = re.compile(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT")  # the value of Date
FIELD = rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\x00-\x08\x0a-\x1f\x7f]*?)[ \t]*"


@dataclass
class Answer:
    """One response."""

    status: int
    reason: str
    fields: list[tuple[str, str]]  # (name as it was sent, value)
    raw_body: bytes  # as it came over the wire
    body: bytes  # without chunks

    def values(self, name: str) -> list[str]:
        """Return the values of all fields with this name, in any case."""
        return [value for key, value in self.fields if key.lower() == name.lower()]


def read_answer(data: bytes, *, head_only: bool = False) -> Answer:
    """Return the Answer that data, all that the server sent, is. Raises Diagnosis at the first thing wrong.

    head_only tells that the request was HEAD: then the response has no body, whatever its fields say.
    """
    head, blank, raw_body = data.partition(BLANK_LINE)
    expect_that(data, "nothing was sent", "A client that gets no bytes can only report an empty reply.")
    expect_that(blank, "the head never ends: there is no blank line, CRLF CRLF", came_back=shown_bytes(data),
                why="A client knows only by the empty line where the head ends (RFC 9112 section 2.1).")
    status_line, *lines = head.split(b"\r\n")
    match = expect_that(re.fullmatch(rb"HTTP/1\.[01] ([1-5]\d\d) ([\t \x21-\x7e\x80-\xff]*)", status_line),
                        "the first line is no status line", came_back=repr(status_line),
                        expected=repr(b"HTTP/1.1 200 OK"),
                        why="A client reads version, status code and reason phrase, one space between them "
                            "(RFC 9112 section 4).")
    fields = [read_field(line) for line in lines]
    answer = Answer(int(match[1]), match[2].decode("latin-1"), fields, raw_body, raw_body)
    check_body(answer, no_body=head_only or answer.status in (204, 304) or answer.status < 200)
    return answer


def read_field(line: bytes) -> tuple[str, str]:
    """Return (name, value) of a field line."""
    match = expect_that(re.fullmatch(FIELD, line), "a line of the head is no header field",
                        came_back=repr(line), expected="b'Name: value'",
                        why="Each field is a line of its own, a name, a colon and a value, ended by CRLF (RFC 9112 "
                            "section 5).")
    return match[1].decode("ascii"), match[2].decode("latin-1")


def check_body(answer: Answer, no_body: bool) -> None:
    """Set answer.body by the framing that the fields announce; raise Diagnosis where bytes and fields disagree."""
    lengths, codings = answer.values("Content-Length"), answer.values("Transfer-Encoding")
    expect_that(not (lengths and codings) and len(lengths) < 2, "the length of the body is told twice",
                came_back=f"Content-Length {lengths}, Transfer-Encoding {codings}",
                why="Two lengths can be read in two ways (RFC 9112 section 6.3).")
    expect_that([coding.lower() for coding in codings] in ([], ["chunked"]),
                "the response has a transfer coding that the client did not ask for", expected="chunked, or none",
                came_back=f"Transfer-Encoding {codings}",
                why="Every client knows chunked, and no other without being asked (RFC 9112 section 7).")
    if no_body:
        expect_that(not answer.raw_body, "there is a body where none may be", came_back=shown_bytes(answer.raw_body),
                    why="Responses to HEAD, and those with status 1xx, 204 or 304, end with the blank line: a client "
                        "takes what follows for the next response (RFC 9112 section 6.3).")
    elif codings:
        answer.body = decode_chunks(answer.raw_body)
    elif lengths:
        expect_that(not begins_another(answer.raw_body, lengths[0]), "a second response follows the first",
                    came_back=shown_bytes(answer.raw_body),
                    why="One request gets one response: what is sent behind its body is taken for part of it, or for "
                        "the answer to something else (RFC 9112 section 9.2).")
        expect_that(lengths[0] == str(len(answer.raw_body)), "Content-Length is not the number of bytes in the body",
                    came_back=f"Content-Length: {lengths[0]}", expected=f"Content-Length: {len(answer.raw_body)}",
                    body=shown_bytes(answer.raw_body),
                    why="Content-Length counts bytes, not characters; a client reads exactly so many "
                        "(RFC 9110 section 8.6).")


def begins_another(data: bytes, length: str) -> bool:
    """Tell whether another response begins in data behind as many bytes as Content-Length announces."""
    return length.isdecimal() and data[int(length):].startswith(b"HTTP/1.")


def decode_chunks(data: bytes) -> bytes:
    """Return the body that chunked data stands for. Raises Diagnosis."""
    body, left = b"", data
    while True:
        match = re.match(rb"([0-9A-Fa-f]+)\r\n", left)
        size = int(match[1], 16) if match else 0
        if not match or left[match.end() + size:][:2] != b"\r\n":
            raise Diagnosis("the body does not end as chunks do", **{"came back": shown_bytes(data)},
                            why="A chunk is its size in hex, CRLF, that many bytes and CRLF; the last one has size 0 "
                                "(RFC 9112 section 7.1).")
        body += left[match.end():match.end() + size]
        left = left[match.end() + size + 2:]
        if not size:
            expect_that(not left, "there are bytes behind the last chunk", came_back=shown_bytes(left),
                        why="The chunk of size 0 ends the response (RFC 9112 section 7.1).")
            return body
