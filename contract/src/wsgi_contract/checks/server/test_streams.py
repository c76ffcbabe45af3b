"""wsgi.input and wsgi.errors. What the application reads is reported from inside, whatever becomes of its answer."""
from collections.abc import Sequence

import pytest

from wsgi_contract.preconditions import bears_two_at_once, keeps_two_apart
from wsgi_contract.problem import NotSeen
from wsgi_contract.raw_client import RawClient
from wsgi_contract.wire import BRIEFLY, Exchange

BODY = b"one\ntwo\nthree"
# Behind the body: another request, long enough that no read has to wait for more of it.
NEXT = b"GET /next HTTP/1.1\r\nHost: a\r\nX-Long: " + b"." * 3_000 + b"\r\nConnection: close\r\n\r\n"
WHY = "PEP 3333, Input and Error Streams"


def read_body(client: RawClient, how: str, *, body: bytes = BODY, fields: Sequence[str] = (),
              behind: bytes = b"") -> Exchange:
    """Return the Exchange in which the application reads a body in one of the probe's ways; behind it comes more."""
    behind = behind if behind and keeps_two_apart(client) else b""
    exchange = client.connect()
    request = client.request(exchange, f"/read/{how}", method="POST", body=body, fields=fields, keep=bool(behind))
    return exchange.send(request + behind)


def require_read(exchange: Exchange, expected: list[bytes], problem: str, why: str) -> None:
    """Fail unless the application has read this (a list)."""
    found = what_was_read(exchange)
    exchange.require(found == repr(expected), problem, fact=found, expected=repr(expected), why=f"{why} ({WHY}).")


def what_was_read(exchange: Exchange) -> str:
    """Return what the application has read, as Python writes it, or what happened in place of that."""
    exchange.reported("reads")
    read = exchange.event("read")
    exchange.close()
    if not read:
        exchange.ended = "open"  # the server may hang
        return "the application is kept waiting"
    return read["given"] or f"{read['raised']} is raised"


READS = {
    "sizes": ("sizes", [b"one", b"\ntwo"]),
    "line": ("line", [b"one\n", b"two\n"]),
    "lines": ("lines-with-a-hint", [b"one\n"]),
    "loop": ("begin-of-a-loop", [b"one\n"]),
}  # id -> how the probe reads, and what it gets; none comes to the end of the body
TO_THE_END = {
    "past-the-end": ("past-the-end", [BODY, b""]),
    "line": ("four-lines", [b"one\n", b"two\n", b"three", b""]),
    "lines": ("lines", [b"one\n", b"two\n", b"three"]),
    "loop": ("loop", [b"one\n", b"two\n", b"three"]),
}


@pytest.mark.clause(55)
def test_what_is_read_is_the_bytes_of_the_body(client: RawClient) -> None:
    require_read(read_body(client, "five"), [BODY[:5]], "read() does not give the bytes of the body",
                 "A picture is bytes, and no text")


@pytest.mark.clause(62)
@pytest.mark.parametrize("how", READS)
def test_the_body_can_be_read_in_each_way(client: RawClient, how: str) -> None:
    name, expected = READS[how]
    exchange = read_body(client, name)
    found, text = what_was_read(exchange), repr(expected)
    is_right = found.startswith(text[:-1]) if how == "lines" else found == text  # a hint may be ignored
    exchange.require(is_right, "the application does not read the body that was sent", fact=found, expected=text,
                     why=f"An application, or a library of its, uses any of the four methods ({WHY}).")


def ends(client: RawClient) -> bool:
    """Tell whether the stream ends for read(size), as was tried once."""
    def look() -> bool:
        return what_was_read(read_body(client, "past-the-end", behind=NEXT)) == repr([BODY, b""])

    return client.server.remembered("end of stream", look)


def require_end(client: RawClient) -> None:
    """Return if the stream ends for read(size). Raises NotSeen: each further read would come to the same."""
    if not ends(client):
        raise NotSeen("the stream does not end where the body ends (clause 64)")


@pytest.mark.clause(64)
@pytest.mark.parametrize("how", TO_THE_END)
def test_the_stream_ends_where_the_body_ends(client: RawClient, how: str) -> None:
    if how != "past-the-end":
        require_end(client)
    name, expected = TO_THE_END[how]
    require_read(read_body(client, name, behind=NEXT), expected, "the stream does not end where the body ends",
                 "The server knows where the body ends, the application need not")


@pytest.mark.clause(66)
def test_read_without_a_size_gives_the_rest(client: RawClient) -> None:
    require_end(client)
    require_read(read_body(client, "all", behind=NEXT), [BODY], "read() does not give the body and nothing else",
                 "Applications that want all of it call read()")


@pytest.mark.clause(67)
def test_an_empty_stream_gives_nothing(client: RawClient) -> None:
    require_end(client)
    exchange = client.begin("/read/empty")
    require_read(exchange, [b"", b"", b""], "a request without a body has one", "There is nothing to be read")


@pytest.mark.clause(67)
def test_what_comes_along_with_a_request_is_not_its_body(client: RawClient) -> None:
    require_end(client)
    is_borne = bears_two_at_once(client)
    exchange = client.connect()
    exchange.presume(is_borne, "two requests in one segment end the server")
    exchange.send(client.request(exchange, "/read/empty", keep=True) + client.request(exchange, "/environ/next"))
    require_read(exchange, [b"", b"", b""], "a request without a body is given what comes behind it",
                 "It is another request")


@pytest.mark.clause(67)
def test_a_stream_that_is_used_up_gives_nothing(client: RawClient) -> None:
    require_end(client)
    require_read(read_body(client, "used-up", behind=NEXT), [BODY, b"", b"", b""],
                 "a stream that is used up gives more", "The end stays the end")


@pytest.mark.clause(68)
def test_readline_takes_a_size(client: RawClient) -> None:
    require_read(read_body(client, "part-of-a-line"), [b"on", b"e\n"], "readline(size) gives something else",
                 "A line may be longer than the application wants to hold")


@pytest.mark.clause(119)
@pytest.mark.parametrize("how, expected", [("thirteen", [BODY]), READS["line"]], ids=["all", "line"])
def test_a_chunked_body_is_decoded(client: RawClient, how: str, expected: list[bytes]) -> None:
    exchange = read_body(client, how, body=b"4\r\none\n\r\n9\r\ntwo\nthree\r\n0\r\n\r\n",
                         fields=["Transfer-Encoding: chunked"])
    require_read(exchange, expected, "the application does not get the body that the chunks are",
                 "Transfer codings are between client and server: PEP 3333, Other HTTP Features")


@pytest.mark.clause(55)
def test_a_body_that_arrives_late_is_read_whole(client: RawClient) -> None:
    exchange = client.begin("/read/thirteen", method="POST", fields=["Content-Length: 13"], body=b"one")
    exchange.event("reads", BRIEFLY)  # by now a server has read what is there
    exchange.send(b"\ntwo").send(b"\nthree")
    require_read(exchange, [BODY], "a body in several parts is not read whole", "Bytes arrive as the network has them")


@pytest.mark.clause(63)
@pytest.mark.parametrize("how", ["write", "writelines", "flush"])
def test_errors_takes_text(client: RawClient, how: str) -> None:
    exchange = client.ask(f"/errors/{how}")
    raised = exchange.reported("wrote")["raised"]
    exchange.require(raised is None, f"wsgi.errors has no {how}, or it fails", fact=f"{raised} is raised",
                     why=f"An application's log goes there ({WHY}).")


@pytest.mark.clause(57)
def test_errors_takes_any_characters(client: RawClient) -> None:
    exchange = client.ask("/errors/unicode")
    raised = exchange.reported("wrote")["raised"]
    exchange.require(raised is None, "wsgi.errors refuses characters", fact=f"{raised} is raised",
                     why="A message about 你好 must not become an error of its own (PEP 3333, environ Variables).")
