"""Requests as the network brings them: in pieces, several at a time, not always whole; and how a connection ends."""
import pytest

from wsgi_contract.answer import BLANK_LINE
from wsgi_contract.preconditions import require_bodies, require_chunks
from wsgi_contract.problem import NotOffered
from wsgi_contract.raw_client import RawClient
from wsgi_contract.shown_environ import environ_of
from wsgi_contract.wire import BRIEFLY, Exchange

http = pytest.mark.http
PATIENCE = 0.3  # seconds to see how a connection ends
TRIES = 8  # of what comes out so or so, where a server races with the client


def in_pieces(client: RawClient, path: str, at: bytes) -> Exchange:
    """Return the Exchange of a request that comes in two segments, the first of which ends with some bytes.

    Between the two the client looks for an answer, which must not come; a server has received the first by then.
    """
    exchange = client.connect()
    first, found, rest = client.request(exchange, path, fields=["X-Probe: a"]).partition(at)
    exchange.send(first + found).read_until(bool, BRIEFLY)
    exchange.require(not exchange.received, "an answer comes before the head is whole",
                     why="A segment is what the network makes of bytes, and no unit of HTTP (RFC 9112 section 2.2).")
    return exchange.send(rest).read_all()


@http("RFC 9112 section 2.2")
@pytest.mark.parametrize("at", [b"GE", b"HTTP/1.1\r", b"X-Pro", b"close\r\n", b"close\r\n\r"],
                         ids=["in-the-method", "in-a-line-end", "in-a-name", "before-the-blank-line",
                              "in-the-blank-line"])
def test_a_head_may_come_in_several_segments(client: RawClient, at: bytes) -> None:
    exchange = in_pieces(client, "/environ", at)
    exchange.require(exchange.status == 200, "a head in two segments is refused", expected="status 200",
                     why="Bytes arrive as the network has them (RFC 9112 section 2.2).")
    value = environ_of(exchange).value("HTTP_X_PROBE")
    exchange.require(value == "a", "a head in two segments is not read whole", fact=f"HTTP_X_PROBE is {value!r}",
                     expected="'a'", why="Bytes arrive as the network has them (RFC 9112 section 2.2).")


@http("RFC 9110 section 5.4")
@pytest.mark.parametrize("size", [600, 5_000])
def test_a_field_may_be_long(client: RawClient, size: int) -> None:
    exchange = client.ask("/environ", fields=[f"X-Probe: {'a' * size}", "X-Last: b"])
    if exchange.status in (413, 431):
        raise NotOffered(f"such a field is too long for the server: {exchange.status}")
    environ = environ_of(exchange)
    lengths = len(environ.value("HTTP_X_PROBE")), len(environ.value("HTTP_X_LAST"))
    exchange.require(lengths == (size, 1), "a long field, or what follows it, is cut",
                     fact=f"{lengths[0]} of {size} characters, {lengths[1]} of 1 behind",
                     why="A server takes a field whole, or answers that it is too long (RFC 9110 section 5.4).")


@http("RFC 9112 section 3")
def test_a_target_may_be_long(client: RawClient) -> None:
    exchange = client.ask("/environ/" + "a" * 5_000)
    exchange.require(exchange.status == 200, "a target of 5000 characters is refused", expected="status 200",
                     why="A request line may have 8000 bytes, at least (RFC 9112 section 3).")
    length = environ_of(exchange).value("PATH_INFO").count("a", len(exchange.target("/environ/")))
    exchange.require(length == 5_000, "a long target is cut", fact=f"{length} of 5000 characters",
                     why="A request line may have 8000 bytes, at least (RFC 9112 section 3).")


@http("RFC 9112 section 9.3.2")
def test_requests_in_one_segment_are_all_answered(client: RawClient) -> None:
    exchange = client.connect()
    first, last = client.request(exchange, "/environ/first", keep=True), client.request(exchange, "/environ/last")
    exchange.send(first + last).read_all()
    client.require_service("two requests in one segment end the server",
                           "Clients may send several at once (RFC 9112 section 9.3.2).")
    exchange.presume(b"/environ/first" in exchange.received, "the first of two requests is not answered")
    exchange.require(exchange.ended != "open" and (exchange.answers == 1 or b"/environ/last" in exchange.received),
                     "a request is lost that came along with the one before", fact="the second is not answered",
                     expected="two answers, or the end of the connection after the first",
                     why="Clients may send several at once, and wait for as many answers (RFC 9112 section 9.3.2).")


@http("RFC 9112 section 9.5")
@pytest.mark.parametrize("head", [b"", b"GET / HTTP/1.1\r\nHost: a\r\n"], ids=["at-once", "in-the-head"])
def test_a_client_that_leaves_holds_nobody_up(client: RawClient, head: bytes) -> None:
    client.connect().send(head).close()
    client.require_service("after a client has left, nobody is answered",
                           "Clients leave all the time, and wherever they are (RFC 9112 section 9.5).")


HALVES = {"length": (["Content-Length: 10"], b"hello"), "chunks": (["Transfer-Encoding: chunked"], b"5\r\nhello\r\n")}


@http("RFC 9112 section 8")
@pytest.mark.parametrize("kind", HALVES)
def test_half_a_body_is_not_served_as_the_whole(client: RawClient, kind: str) -> None:
    require_bodies(client)
    fields, half = HALVES[kind]
    if kind == "chunks":
        require_chunks(client)
    exchange = client.begin("/reported-read", method="POST", fields=fields, body=half)
    exchange.event("reads", BRIEFLY)
    exchange.close()  # the client has left
    exchange.presume(client.still_serves(), "after a client has left, nobody is answered")  # by now it has noticed
    is_reading = exchange.event("reads", BRIEFLY)
    read = exchange.event("read", None if is_reading else BRIEFLY) or {"raised": "nothing was read"}
    knows = read["raised"] or read["announced"] == "10"
    exchange.require(knows, "half a body looks whole to the application", expected="an error, or no call",
                     fact=f"{read.get('size')} bytes, CONTENT_LENGTH {read.get('announced')!r}",
                     why="What was cut off must not be taken for what the client meant (RFC 9112 section 8).")


def with_a_body_unread(client: RawClient, fields: list[str]) -> Exchange:
    """Return the Exchange of a request whose body nobody reads, once it is known how the connection ends."""
    exchange = client.begin("/ignore", method="POST", fields=fields, body=b"." * 300_000)
    if exchange.read_until(lambda received: exchange.status is not None):
        exchange.read_until(lambda received: False, PATIENCE)  # a server may go on reading
    exchange.close()
    return exchange


@http("RFC 9112 section 9.6")
@pytest.mark.parametrize("fields", [[], ["Host: other"]], ids=["that-nobody-reads", "that-is-refused"])
def test_an_answer_is_not_lost_because_bytes_of_the_request_lie_unread(client: RawClient, fields: list[str]) -> None:
    for _ in range(TRIES):
        exchange = with_a_body_unread(client, fields)
        if exchange.ended == "open" or exchange.ended == "reset" and exchange.status:
            break
    exchange.presume(exchange.status, f"there is no answer: {exchange.in_short()}")
    exchange.require(exchange.ended != "reset", "the connection is reset behind the answer", fact="it is reset",
                     expected="the rest is read, or at least waited for",
                     why="A reset may reach the client before it has read the answer (RFC 9112 section 9.6).")


@http("RFC 9112 section 9.3")
def test_who_closes_the_connection_says_so(client: RawClient) -> None:
    exchange = client.begin("/ignore", keep=True)
    exchange.read_until(lambda received: received.partition(BLANK_LINE)[2].endswith(b"ignored"))
    exchange.answered().read_until(lambda received: False, BRIEFLY)
    said = exchange.options("Connection")
    exchange.send(client.request(exchange, "/ignore")).read_all()  # it may have been about to end
    goes_on = exchange.ended == "open" or exchange.answers > 1
    is_told = "close" in said or exchange.received.startswith(b"HTTP/1.0")
    exchange.require(goes_on or is_told, "the connection ends, and the answer does not say so",
                     fact=f"Connection: {', '.join(said)!r}", expected="Connection: close",
                     why="The client sends its next request into nothing (RFC 9112 section 9.3).")
