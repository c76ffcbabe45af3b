"""wsgi.input and wsgi.errors."""
from collections.abc import Sequence

import pytest

from wsgi_contract.raw_client import RawClient
from wsgi_contract.wire import BRIEFLY, Exchange

BODY = b"one\ntwo\nthree"
NEXT = b"GET /next HTTP/1.1\r\nHost: a\r\n\r\n"  # behind the body: another request, which is not the application's
WHY = "PEP 3333, Input and Error Streams"


def read_body(client: RawClient, how: str, *, body: bytes = BODY, fields: Sequence[str] = (),
              behind: bytes = b"") -> Exchange:
    """Return the Exchange in which the application reads a body in one of the probe's ways; behind is sent after it.

    The client hangs up its own side then, so that a stream that has no end of its own ends there, and nothing hangs.
    """
    exchange = client.begin(f"/read/{how}", method="POST", body=body, fields=fields)
    return exchange.send(behind).hang_up().read_all()


def require_read(exchange: Exchange, expected: list[bytes], problem: str, why: str) -> None:
    """Fail unless the application has read this (a list)."""
    exchange.require(exchange.status == 200 and exchange.body == repr(expected).encode(), problem,
                     expected=repr(expected), why=f"{why} ({WHY}).")


READS = {
    "sizes": [b"one", b"\ntwo"],
    "line": [b"one\n", b"two\n", b"three", b""],
    "lines": [b"one\n", b"two\n", b"three"],
    "loop": [b"one\n", b"two\n", b"three"],
}


@pytest.mark.clause(55, 134)
def test_what_is_read_is_the_bytes_of_the_body(client: RawClient) -> None:
    exchange = read_body(client, "five")
    require_read(exchange, [BODY[:5]], "read() does not give the bytes of the body", "A picture is bytes, and no text")


@pytest.mark.clause(62)
@pytest.mark.parametrize("how", READS)
def test_the_body_can_be_read_in_each_way(client: RawClient, how: str) -> None:
    require_read(read_body(client, how), READS[how], "the application does not read the body that was sent",
                 "An application, or a library of its, uses any of the four methods")


@pytest.mark.clause(62)
def test_readlines_takes_a_hint(client: RawClient) -> None:
    exchange = read_body(client, "lines-with-a-hint")
    exchange.require(exchange.status == 200 and exchange.body.startswith(b"[b'one\\n'"),
                     "readlines(hint) does not work",
                     why=f"The hint may be ignored, but not refused ({WHY}).")


@pytest.mark.clause(64)
@pytest.mark.parametrize("how, expected", [("past-the-end", [BODY, b""]), *list(READS.items())[1:]],
                         ids=["past-the-end", *list(READS)[1:]])
def test_the_stream_ends_where_the_body_ends(client: RawClient, how: str, expected: list[bytes]) -> None:
    require_read(read_body(client, how, behind=NEXT), expected, "the stream goes on after the end of the body",
                 "The server knows where the body ends, the application need not")


@pytest.mark.clause(66)
def test_read_without_a_size_gives_the_rest(client: RawClient) -> None:
    require_read(read_body(client, "all", behind=NEXT), [BODY], "read() does not give the body and nothing else",
                 "Applications that want all of it call read()")


@pytest.mark.clause(67)
def test_an_empty_stream_gives_nothing(client: RawClient) -> None:
    exchange = client.begin("/read/empty").send(NEXT).hang_up().read_all()
    require_read(exchange, [b"", b"", b""], "a request without a body has one", "There is nothing to be read")


@pytest.mark.clause(67)
def test_a_stream_that_is_used_up_gives_nothing(client: RawClient) -> None:
    require_read(read_body(client, "used-up", behind=NEXT), [BODY, b"", b"", b""],
                 "a stream that is used up gives more", "The end stays the end")


@pytest.mark.clause(68)
def test_readline_takes_a_size(client: RawClient) -> None:
    require_read(read_body(client, "part-of-a-line"), [b"on", b"e\n"], "readline(size) gives something else",
                 "A line may be longer than the application wants to hold")


@pytest.mark.clause(119)
@pytest.mark.parametrize("how, expected", [("all", [BODY]), ("line", READS["line"])], ids=["all", "line"])
def test_a_chunked_body_is_decoded(client: RawClient, how: str, expected: list[bytes]) -> None:
    exchange = read_body(client, how, body=b"4\r\none\n\r\n9\r\ntwo\nthree\r\n0\r\n\r\n",
                         fields=["Transfer-Encoding: chunked"])
    exchange.require(exchange.status == 200 and exchange.body == repr(expected).encode(),
                     "the application does not get the body that the chunks are",
                     expected=repr(expected),
                     why="Transfer codings are between client and server (PEP 3333, Other HTTP Features).")


@pytest.mark.clause(55)
def test_a_body_that_arrives_late_is_read_whole(client: RawClient) -> None:
    exchange = client.begin("/read/all", method="POST", fields=["Content-Length: 13"], body=b"one")
    exchange.event("reads", BRIEFLY)  # by now a server has read what is there
    exchange.send(b"\ntwo").send(b"\nthree").hang_up().read_all()
    require_read(exchange, [BODY], "a body in several parts is not read whole", "Bytes arrive as the network has them")


@pytest.mark.clause(56, 63)
@pytest.mark.parametrize("how", ["write", "writelines", "flush"])
def test_errors_takes_text(client: RawClient, how: str) -> None:
    exchange = client.ask(f"/errors/{how}")
    raised = (exchange.event("wrote") or {"raised": "nothing came back"})["raised"]
    exchange.require(raised is None, f"wsgi.errors has no {how}, or it fails", fact=f"{raised} is raised",
                     why=f"An application's log goes there ({WHY}).")


@pytest.mark.clause(57)
def test_errors_takes_any_characters(client: RawClient) -> None:
    exchange = client.ask("/errors/unicode")
    raised = (exchange.event("wrote") or {"raised": "nothing came back"})["raised"]
    exchange.require(raised is None, "wsgi.errors refuses characters", fact=f"{raised} is raised",
                     why="A message about 你好 must not become an error of its own (PEP 3333, environ Variables).")
