"""Chapter 2 · What did the client say?

A request is text with sharp edges. In this chapter you write the parser that every web server has: bytes in, a
Request out, and a clear refusal for everything that two programs could read in two ways. That is where attacks on
web servers begin: one program in front of yours reads a request as one, your server reads it as two.

    python3 chapters/ch02_request.py
    curl -d 'who=你好' 'http://127.0.0.1:8000/echo?page=2'

The functions on lines and fields know nothing of sockets.

Left out: `OPTIONS *` and `CONNECT`, and what chapter 6 takes up: bodies too large for memory, and a second request on
the same connection. A client that never finishes its request, such as a browser with a spare connection, keeps all
others waiting; chapter 4 drops it.
"""
import base64
import json
import re
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from ch01_socket import (
    BLANK_LINE,
    MAX_HEAD,
    RECV_SIZE,
    Address,
    ClientGone,
    HeadTooLarge,
    build_response,
    hang_up,
    main,
    read_head,
)

MAX_LINE = 8_190  # bytes in the request line, in one field line or in the line before a chunk
MAX_METHOD = 20  # bytes
MAX_FIELDS = 100
MAX_BODY = 1_048_576  # bytes
CHUNKED = "chunked"  # the one transfer coding that this server knows, and the framing of a body that comes in chunks

TOKEN = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110 section 5.6.2
VISIBLE = re.compile(rb"[\x21-\x7e]+")  # printable ASCII without the space
CONTROL = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")  # every control character but the tab
HOST = re.compile(r"([A-Za-z0-9._~!$&'()*+,;=%-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]*)?")  # RFC 3986 sections 3.2.2 and 3.2.3

REASONS = {
    400: "Bad Request",
    404: "Not Found",
    405: "Method Not Allowed",
    408: "Request Timeout",
    413: "Content Too Large",
    414: "URI Too Long",
    417: "Expectation Failed",
    431: "Request Header Fields Too Large",
    500: "Internal Server Error",
    501: "Not Implemented",
    505: "HTTP Version Not Supported",
}  # RFC 9110 section 15, RFC 6585 section 5


class BadRequest(ValueError):
    """A request that cannot be served; status is what to answer, message says why, and is never empty."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass
class Request:
    """What the client said."""

    method: str  # "GET", as it was sent
    target: str  # "/a%20b?page=2", as it was sent
    version: str  # "HTTP/1.1"
    fields: list[tuple[str, str]]  # [("host", "127.0.0.1:8000"), …]: names in lower case, in the order they came
    path: bytes  # b"/a b": percent-decoded
    query: str  # "page=2": not decoded
    body: bytes = b""

    def values(self, name: str) -> list[str]:
        """Return the values of all fields with this lower-case name."""
        return [value for field, value in self.fields if field == name]


# The head: lines in, values out.


def parse_request_line(line: bytes) -> tuple[str, str, str]:
    """Step 2.1 · about 20 minutes

    Take a request line apart: its method, its target and its version.

    >>> parse_request_line(b"GET /a?b HTTP/1.1")
    ('GET', '/a?b', 'HTTP/1.1')

    Exactly one space stands between two parts. They come back as they were sent: a method keeps its case.

    Raises BadRequest; the first row that fits counts:
        414  it is longer than MAX_LINE bytes
        400  there are not three parts
        400  the method is no token: `TOKEN.fullmatch(method)`
        400  the target is not all VISIBLE: `VISIBLE.fullmatch(target)`
        400  the version is not `HTTP/`, digit, dot, digit
        501  the method is longer than MAX_METHOD bytes
        505  the digit before the dot is not 1
    RFC 9112 sections 2.3 and 3; RFC 9110 sections 9.1, 15.5.15, 15.6.2 and 15.6.6.
    """
    raise NotImplementedError("step 2.1: write parse_request_line")


def parse_field(line: bytes) -> tuple[str, str]:
    """Step 2.2 · about 20 minutes

    Take a field line apart: name and value.

    >>> parse_field(b"Host: 127.0.0.1:8000")
    ('host', '127.0.0.1:8000')

    The name ends before the first colon, and comes back in lower case. The value is what follows the colon, without the
    spaces and tabs around it. It may be empty. Decode it as latin-1: every byte is a character.

    Raises BadRequest; the first row that fits counts:
        431  it is longer than MAX_LINE bytes
        400  it begins with a space or a tab (a folded line)
        400  it has no colon
        400  the name is no token, as with a space before the colon: `TOKEN.fullmatch(name)`
        400  the value has a control character, other than a tab: `CONTROL.search(value)`
    RFC 9112 sections 5, 5.1 and 5.2; RFC 9110 sections 5.1 and 5.5.
    """
    raise NotImplementedError("step 2.2: write parse_field")


def parse_fields(lines: list[bytes], version: str) -> list[tuple[str, str]]:
    """Step 2.3 · about 15 minutes

    Return the fields of a head: what parse_field returns for each line, in the order of lines.

    >>> parse_fields([b"Host: a", b"Cookie: b=1", b"Cookie: c=2"], "HTTP/1.1")
    [('host', 'a'), ('cookie', 'b=1'), ('cookie', 'c=2')]

    Fields that are repeated stay separate. Do not change lines. version comes from parse_request_line.

    Raises BadRequest; the first row that fits counts:
        431  there are more than MAX_FIELDS lines
             whatever parse_field raises for a line
        400  there is more than one Host field
        400  there is no Host field, and version is not HTTP/1.0
        400  the value of Host is not empty, and `HOST.fullmatch(value)` finds nothing
    RFC 9110 sections 5.2 and 7.2 (Host); RFC 9112 section 3.2; RFC 6585 section 5.
    """
    raise NotImplementedError("step 2.3: write parse_fields")


def parse_target(target: str) -> tuple[str | None, bytes, str]:
    """Step 2.4 · about 35 minutes

    Take a target apart: its authority (a host, perhaps with a port), its path and its query.

    >>> parse_target("/a%20b?page=2")
    (None, b'/a b', 'page=2')
    >>> parse_target("http://example.org:81?page=2")
    ('example.org:81', b'/', 'page=2')

    A target that begins with `/` is path and query, also one that begins with `//`. In a URL (`http` or `https`, in
    capitals or not) the authority ends at the next `/` or `?`, or with the target; a missing path is b"/".

    The query begins after the first `?`, or is "", and is not decoded. The path is percent-decoded, once:
    `unquote_to_bytes` does it, and leaves a `%` without two hex digits as it is.

    Raises BadRequest:
        400  the target is neither a path nor such a URL
        400  it has a `#`
        400  `HOST.fullmatch(authority)` finds nothing: it is empty, or `:81`, or `me@a`
    RFC 9112 section 3.2; RFC 9110 sections 4.2.1 and 4.2.4; RFC 3986 section 2.1 (percent-encoding).
    """
    raise NotImplementedError("step 2.4: write parse_target")


def parse_head(head: bytes) -> Request:
    """Return the Request (without its body) of a head, as read_head returns it. Raises BadRequest.

    A CRLF before the request line is ignored (RFC 9112 section 2.2). The authority of an absolute-form
    target takes the place of the Host field (RFC 9112 section 3.2.2).
    """
    request_line, *field_lines = head.removeprefix(b"\r\n").split(b"\r\n")
    method, target, version = parse_request_line(request_line)
    fields = parse_fields(field_lines, version)
    authority, path, query = parse_target(target)
    if authority is not None:
        fields = [("host", authority), *(field for field in fields if field[0] != "host")]
    return Request(method, target, version, fields, path, query)


# The body: how long it is, and how to get all of it.


def body_length(values: list[str], limit: int = MAX_BODY) -> int:
    """Step 2.5 · about 15 minutes

    Return how many bytes the body has, from the values of all Content-Length fields.

    >>> body_length(["007"])
    7
    >>> body_length([])
    0

    Zeros in front change nothing, not even thousands of them. But int() alone refuses more than 4300 digits.

    Raises BadRequest; the first row that fits counts:
        400  there is more than one value
        400  the value is not one or more ASCII digits: `+5`, `5, 5`, `5_0`, `²`, or nothing
        413  the number is larger than limit, however many digits it has
    RFC 9110 section 8.6; RFC 9112 section 6.3.
    """
    raise NotImplementedError("step 2.5: write body_length")


class Reader:
    """What the client sends after the head: first what was received along with it, then what is still to come."""

    def __init__(self, connection: socket.socket, received: bytes = b"", continue_expected: bool = False) -> None:
        """`received` came with the head; `continue_expected` says that the client waits for a 100 Continue."""
        self.connection = connection
        self.received = bytearray(received)  # bytes that have come, and are not read yet
        self.continue_expected = continue_expected

    def receive_more(self) -> None:
        """Step 2.6 · about 20 minutes

        Receive once, and put the bytes at the end of self.received.

        >>> client, connection = socket.socketpair()
        >>> client.sendall(b"llo")
        >>> reader = Reader(connection, b"he")
        >>> reader.receive_more()
        >>> reader.received
        bytearray(b'hello')

        Use only recv and sendall of the connection. Ask recv for RECV_SIZE bytes. If self.continue_expected is true,
        the client holds back its body until you say go on: send b"HTTP/1.1 100 Continue\\r\\n\\r\\n" first, whole
        (sendall), and only once. Set continue_expected to False before you call recv, which may raise.

        Raises ClientGone if the client has hung up. Whatever sendall and recv raise is let out.
        RFC 9110 section 10.1.1 (Expect); PEP 3333, section "HTTP 1.1 Expect/Continue".
        """
        raise NotImplementedError("step 2.6: write Reader.receive_more")

    def read_exactly(self, count: int) -> bytes:
        """Step 2.7 · about 20 minutes

        Return the next count bytes, as bytes.

        >>> reader = Reader(None, b"hello world")  # no connection: all bytes are there
        >>> reader.read_exactly(5)
        b'hello'
        >>> reader.received
        bytearray(b' world')

        What was received after those bytes stays in self.received, which stays a bytearray.

        Call self.receive_more() while there are too few bytes, and not once more. What it raises is let out.
        RFC 9112 sections 6.2 and 8.
        """
        raise NotImplementedError("step 2.7: write Reader.read_exactly")

    def read_line(self) -> bytes:
        """Return the next line without its CRLF. Raises BadRequest (400) if it is longer than MAX_LINE."""
        while (end := self.received.find(b"\r\n")) < 0 and len(self.received) < MAX_LINE + 2:
            self.receive_more()
        if not 0 <= end <= MAX_LINE:
            raise BadRequest(400, f"a line in the body is longer than {MAX_LINE} bytes")
        return self.read_exactly(end + 2)[:-2]


def parse_chunk_size(line: bytes) -> int:
    """Step 2.8 · about 15 minutes

    Return the size in the line before a chunk.

    >>> parse_chunk_size(b"1a")
    26
    >>> parse_chunk_size(b"1A ;name=value")
    26

    The size is 1 to 16 hexadecimal digits. An extension may follow, which you ignore: a semicolon, and anything without
    a CONTROL character. Spaces and tabs may stand after the size only if a semicolon follows.

    Raises BadRequest with status 400 for everything else. Mind what int(…, 16) lets through: signs, `_`, `0x`.
    RFC 9112 sections 7.1 and 7.1.1.
    """
    raise NotImplementedError("step 2.8: write parse_chunk_size")


def read_chunked(reader: Reader) -> bytes:
    """Step 2.9 · about 25 minutes

    Return the body that comes in chunks: their bytes, joined.

    >>> read_chunked(Reader(None, b"5\\r\\nhello\\r\\n1\\r\\n!\\r\\n0\\r\\n\\r\\n"))
    b'hello!'

    A chunk is a line with its size, that many bytes, and CRLF. A size of 0 ends the chunks. Then come trailer lines, if
    any, which you ignore, and a line with nothing in it.

    `reader.read_line()` returns a line without its CRLF, `reader.read_exactly(count)` that many bytes. What they and
    parse_chunk_size raise is let out.

    Raises BadRequest, as soon as it is certain:
        400  the two bytes after a chunk are not CRLF
        413  with the next chunk the body is longer than MAX_BODY bytes: do not read that chunk
        431  there are more than MAX_FIELDS trailer lines
    RFC 9112 sections 7.1 to 7.1.3.
    """
    raise NotImplementedError("step 2.9: write read_chunked")


def body_framing(request: Request, limit: int = MAX_BODY) -> int | str:
    """Step 2.10 · about 25 minutes

    Tell from the head how to read the body: the number of its bytes, or CHUNKED.

    >>> head = b"POST / HTTP/1.1\\r\\nHost: here\\r\\n"
    >>> body_framing(parse_head(head + b"Content-Length: 12"))
    12
    >>> body_framing(parse_head(head + b"Transfer-Encoding: Chunked"))
    'chunked'

    Without a Transfer-Encoding field, return what body_length returns: give it limit too. Any method may have a body.
    request stays as it is. The codings are one list, with commas between them, perhaps over several fields. Ignore
    their case, and spaces and tabs around them.

    Raises whatever body_length raises, and BadRequest; the first row that fits counts:
        400  there is a Transfer-Encoding, and a Content-Length too
        400  there is a Transfer-Encoding in HTTP/1.0
        400  the last coding is not `chunked`, but `gzip`, say, or nothing
        501  there is another coding before it: `gzip, chunked`, a second `chunked`, or an empty one (`, chunked`)
    RFC 9112 sections 6.1 and 6.3; RFC 9110 section 5.6.1 (lists; it wants empty ones ignored).
    """
    raise NotImplementedError("step 2.10: write body_framing")


def read_body(reader: Reader, request: Request) -> bytes:
    """Return the body of request, read from reader. Raises what body_framing and the reader raise."""
    framing = body_framing(request)
    if isinstance(framing, int):
        return reader.read_exactly(framing)
    return read_chunked(reader)


def expects_continue(request: Request) -> bool:
    """Tell whether the client waits for `100 Continue`. Raises BadRequest (417) if it expects something else.

    An HTTP/1.0 client cannot expect anything (RFC 9110 section 10.1.1).
    """
    expectations = [value.lower() for value in request.values("expect") if request.version != "HTTP/1.0"]
    if expectations not in ([], ["100-continue"]):
        raise BadRequest(417, "the only expectation that this server knows is 100-continue")
    return bool(expectations)


@dataclass
class Recorder:
    """The recv of a connection, and the first bytes that it gave: they tell whether the request line has an end."""

    connection: socket.socket
    first: bytes = b""

    def recv(self, size: int) -> bytes:
        """Receive as the connection itself does."""
        block = self.connection.recv(size)
        self.first += block if len(self.first) < MAX_LINE + 4 else b""
        return block


def head_too_large(first: bytes) -> BadRequest:
    """Return the refusal of a head longer than MAX_HEAD, by its first bytes: at least MAX_LINE + 4."""
    if b"\r\n" not in first.removeprefix(b"\r\n")[:MAX_LINE + 2]:
        return BadRequest(414, f"the request line is longer than {MAX_LINE} bytes")
    return BadRequest(431, f"the header fields are longer than {MAX_HEAD} bytes in all")


def read_request(connection: socket.socket) -> Request:
    """Return the whole Request that a client sends. Raises BadRequest, or ClientGone and other ConnectionErrors."""
    recorder = Recorder(connection)
    try:
        head, rest = read_head(recorder)  # type: ignore[arg-type]  # it calls recv, and nothing else
    except HeadTooLarge as error:
        raise head_too_large(recorder.first) from error
    request = parse_head(head)
    request.body = read_body(Reader(connection, rest, expects_continue(request)), request)
    return request


# The answer.

HOME = """<!doctype html>
<title>Chapter 2</title>
<h1>What did the client say?</h1>
<form method="post" action="/echo?from=form"><input name="who" value="你好"> <button>Say it</button></form>
"""


def show_home(request: Request) -> bytes:
    """Return a response with the page at `/`."""
    return build_response(HOME)


def show_echo(request: Request) -> bytes:
    """Return a response with what was parsed, as JSON. `body_base64` has the exact bytes, `body` a readable text."""
    parsed = vars(request) | {
        "path": request.path.decode("utf-8", "replace"),
        "body": request.body.decode("utf-8", "replace"),
        "body_base64": base64.b64encode(request.body).decode("ascii"),
    }
    return build_response(json.dumps(parsed, ensure_ascii=False, indent=2) + "\n", content_type="application/json")


ANY = None
PAGES: dict[bytes, tuple[tuple[str, ...] | None, Callable[[Request], bytes]]] = {
    b"/": (("GET", "HEAD"), show_home),
    b"/echo": (ANY, show_echo),
}  # path -> (the methods that it has, the function that answers)


def error_response(status: int, message: str, extra_fields: Iterable[tuple[str, str]] = ()) -> bytes:
    """Return a response with an error status and the message as its text.

    extra_fields are more fields for its head: (name, value) pairs.
    """
    return build_response(f"{message}\n", f"{status} {REASONS[status]}", "text/plain", extra_fields)


def without_body(response: bytes) -> bytes:
    """Return the head of a response, as HEAD wants it: Content-Length and all, but no body."""
    return response.partition(BLANK_LINE)[0] + BLANK_LINE


def answer(request: Request) -> bytes:
    """Step 2.11 · about 15 minutes

    Return the response to request. `PAGES[request.path]`, if there, has the function that makes the response.

    >>> answer(Request("POST", "/", "HTTP/1.1", [("host", "a")], b"/", ""))[:31]
    b'HTTP/1.1 405 Method Not Allowed'

    Call the page's function with request itself, outside of any `try`: what it raises is let out. ANY stands for all
    methods, an empty tuple for no method. HEAD is a method like any other here; step 2.12 cuts its body.

    These are answered with error_response; the first row that fits counts:
        404  there is no page at this path
        405  the page does not have this method; in extra_fields an Allow field names those that it has: `GET, HEAD`
    RFC 9110 sections 10.2.1 (Allow), 15.5.5 and 15.5.6.
    """
    raise NotImplementedError("step 2.11: write answer")


def handle(connection: socket.socket, client_address: Address) -> None:
    """Step 2.12 · about 20 minutes

    Answer one client: read its request, send the answer whole (sendall), and close the connection.

    >>> client, connection = socket.socketpair()
    >>> client.sendall(b"GET /nowhere HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n")
    >>> handle(connection, ("127.0.0.1", 50_000))
    >>> client.recv(22)
    b'HTTP/1.1 404 Not Found'

    A response to HEAD is sent `without_body`, also where a page raises BadRequest. Where read_request raises it, handle
    does not know the method, and the refusal keeps its body. Whatever happens, `hang_up` closes the connection.

    What to do when an error comes from reading, a page or sending:
        BadRequest       answer with error_response, with its status and its message
        ConnectionError  the client has left: send and print nothing more, and return
        all else         let it out: serve deals with it
    RFC 9110 section 9.3.2 (HEAD); RFC 9112 section 9.6 (closing).
    """
    raise NotImplementedError("step 2.12: write handle")


if __name__ == "__main__":
    main(handle, "A server that says what it was asked.")
