"""Requests whose body comes in chunks: what is no body, what is no field, and where nobody can tell the end."""
from collections.abc import Sequence

import pytest

from wsgi_contract.preconditions import CHUNKED, require_chunks
from wsgi_contract.problem import NotOffered
from wsgi_contract.raw_client import RawClient
from wsgi_contract.shown_environ import environ_of
from wsgi_contract.time_limits import LIMITS
from wsgi_contract.wire import Exchange

http = pytest.mark.http
HELLO = b"5\r\nhello\r\n0\r\n\r\n"


def posted(client: RawClient, body: bytes, fields: Sequence[str] = CHUNKED, version: str = "1.1") -> Exchange:
    """Return the Exchange in which the application reads five bytes of a body, with what came back soon.

    Raises NotOffered unless the server decodes chunks that are as they should be.
    """
    require_chunks(client)
    exchange = client.begin("/read/all-of-five", method="POST", version=version, fields=fields, body=body)
    return exchange.read_answer(LIMITS.pause)  # a server may wait for the rest of such a body


def require_no_body(exchange: Exchange, problem: str, why: str) -> None:
    """Fail if the application has read a body, and its answer has arrived as if all were well."""
    is_served = exchange.status == 200 and exchange.body.startswith(b"[")
    exchange.require(not is_served, problem, expected="an error, or an end of the connection", why=why)


MALFORMED = {
    "no-size": b"\r\nhello\r\n0\r\n\r\n",
    "no-last-size": b"5\r\nhello\r\n\r\n\r\n",
    "a-size-and-a-letter": b"5g\r\nhello\r\n0\r\n\r\n",
    "a-size-and-a-word": b"5 bytes\r\nhello\r\n0\r\n\r\n",
    "two-bytes-too-many": b"5\r\nhelloXX0\r\n\r\n",
    "line-feeds-for-crlf": b"5\r\nhello\n\n0\r\n\r\n",
    "a-line-too-much": b"5\r\nhelloXX\r\n0\r\n\r\n",
    "lf-in-an-extension": b"5;a\nb\r\nhello\r\n0\r\n\r\n",
}


@http("RFC 9112 section 7.1")
@pytest.mark.parametrize("kind", MALFORMED)
def test_chunks_that_are_malformed_are_no_body(client: RawClient, kind: str) -> None:
    require_no_body(posted(client, MALFORMED[kind]), f"malformed chunks are served: {kind.replace('-', ' ')}",
                    "Another program reads them otherwise, and sees another request behind (RFC 9112 section 7.1).")


@http("RFC 9112 section 7.1")
@pytest.mark.parametrize("size", ["A", "a", "0A", "00000000a"],
                         ids=["capital", "small", "one-zero", "zeros"])
def test_chunks_of_any_spelling_are_decoded(client: RawClient, size: str) -> None:
    exchange = posted(client, f"{size}\r\n0123456789\r\n0\r\n\r\n".encode())
    exchange.require(exchange.body == b"[b'01234', b'56789']", f"a chunk of the size {size} is not read",
                     expected="[b'01234', b'56789']", why="A size is a hexadecimal number (RFC 9112 section 7.1).")


@http("RFC 9110 section 6.5.1")
def test_trailers_are_no_fields_of_the_head(client: RawClient) -> None:
    require_chunks(client)
    trailers = b"5\r\nhello\r\n0\r\nX-Probe: trailer\r\nX-Trailer: 1\r\n\r\n"
    exchange = client.ask("/after-reading", method="POST", fields=[*CHUNKED, "X-Probe: head"], body=trailers)
    if exchange.status != 200:
        raise NotOffered("the server takes no trailers")
    environ = environ_of(exchange)
    exchange.require(environ.value("HTTP_X_PROBE") == "head" and "HTTP_X_TRAILER" not in environ,
                     "a trailer becomes a variable", expected="the fields of the head, and no others",
                     fact=f"HTTP_X_PROBE {environ.value('HTTP_X_PROBE')!r}, "
                          f"HTTP_X_TRAILER {environ.value('HTTP_X_TRAILER')!r}",
                     why="Who decides by the head must be able to rely on it (RFC 9110 section 6.5.1).")


UNCERTAIN = {
    "no-break-space": "\xa0chunked",
    "an-empty-field": "",
    "gzip-first": "gzip, chunked",
    "chunked-twice": "chunked, chunked",
}


@http("RFC 9112 section 6.3")
@pytest.mark.parametrize("kind", UNCERTAIN)
def test_a_body_whose_end_is_uncertain_is_refused(client: RawClient, kind: str) -> None:
    exchange = posted(client, HELLO, [f"Transfer-Encoding: {UNCERTAIN[kind]}"])
    require_no_body(exchange, f"a request is served whose body nobody can tell: {kind.replace('-', ' ')}",
                    "Programs that guess guess differently, and one sees two requests (RFC 9112 sections 6.1 and 6.3).")


@http("RFC 9112 section 6.1")
def test_chunks_in_http_1_0_are_faulty(client: RawClient) -> None:
    exchange = posted(client, HELLO, version="1.0")
    exchange.require(b"hello" not in exchange.body, "chunks in HTTP/1.0 are decoded",
                     expected="an error, or no such body",
                     why="HTTP/1.0 has no chunks: a program in front has seen another body (RFC 9112 section 6.1).")
