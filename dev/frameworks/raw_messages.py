"""What an application of ASGI may send for a request, and what it may not: lists of messages, by a name for each."""
from typing import Any

Message = dict[str, Any]


def start(status: int = 200, *headers: tuple[bytes, bytes]) -> Message:
    return {"type": "http.response.start", "status": status, "headers": headers}


def body(data: bytes, more: bool = False) -> Message:
    return {"type": "http.response.body", "body": data, "more_body": more}


FIVE, HELLO = (b"content-length", b"5"), body(b"hello")
PARTS = [body(b"hel", True), body(b"lo")]
OWN = [(b"date", b"Thu, 01 Jan 1970 00:00:00 GMT"), (b"server", b"mine")]
MESSAGES = {
    "length": [start(200, FIVE), *PARTS],
    "no-length": [start(), HELLO],
    "no-length-in-parts": [start(), *PARTS],
    "empty-parts": [start(), body(b"", True), body(b"hel", True), body(b"", True), body(b"lo", True), body(b"")],
    "only-types": [start(), {"type": "http.response.body"}],
    "no-headers": [{"type": "http.response.start", "status": 200}, HELLO],
    "headers-in-order": [start(200, (b"x-b", b"1"), (b"X-A", b"2"), (b"x-b", b"3"), (b"x-empty", b""), FIVE), HELLO],
    "latin-1": [start(200, (b"x-name", b"caf\xe9"), FIVE), HELLO],
    "no-phrase": [start(299, FIVE), HELLO],
    "status-599": [start(599, FIVE), HELLO],
    "no-content": [start(204), body(b"")],
    "not-modified": [start(304, (b"etag", b'"a"')), body(b"")],
    "body-of-204": [start(204), HELLO],
    "body-of-304": [start(304), HELLO],
    "too-long": [start(200, FIVE), body(b"hello, you")],
    "too-short": [start(200, FIVE), body(b"hel")],
    "closes": [start(200, (b"connection", b"close"), FIVE), HELLO],
    "chunked-by-hand": [start(200, (b"transfer-encoding", b"chunked")), HELLO],
    "own-date": [start(200, *OWN, FIVE), HELLO],
    "line-end": [start(200, (b"x-name", b"a\r\nx-injected: b"), FIVE), HELLO],
    "nothing": [],
    "no-end": [start(200), body(b"hel", True)],
    "body-first": [HELLO],
    "starts-twice": [start(200, FIVE), start(201, FIVE), HELLO],
    "after-the-end": [start(200, FIVE), HELLO, body(b"more")],
    "odd-type": [start(200, FIVE), {"type": "http.response.odd"}, HELLO],
}
