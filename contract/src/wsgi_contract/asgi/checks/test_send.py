"""What the application sends, as it reaches the client."""
import pytest

from wsgi_contract.problem import NotSeen
from wsgi_contract.raw_client import RawClient
from wsgi_contract.time_limits import LIMITS
from wsgi_contract.wire import BRIEFLY, LAST_CHUNK, Exchange

START, BODY = "(HTTP, Response Start)", "(HTTP, Response Body)"


def sent(client: RawClient, name: str, **options: object) -> Exchange:
    """Return an exchange with a response, all of whose messages the server has taken. Raises NotSeen."""
    exchange = client.ask(f"/sends/{name}", **options).called()
    exchange.event("done")
    return exchange


def require_body(exchange: Exchange, body: bytes, why: str) -> None:
    """Fail unless a whole answer has come, with this body."""
    exchange.require(exchange.status == 200 and exchange.answer().body == body, "the response is another one",
                     expected=f"body {body!r}", why=f"{why}.")


@pytest.mark.asgi("A34")
def test_the_status_arrives(asgi_client: RawClient) -> None:
    exchange = sent(asgi_client, "teapot")
    exchange.require(exchange.status == 418, "the status is another one", why=f"status is the status code {START}.")


@pytest.mark.asgi("A35")
def test_headers_arrive_in_their_order(asgi_client: RawClient) -> None:
    exchange = sent(asgi_client, "order").answered()
    own = ("x-a", "x-b", "set-cookie")
    pairs = [(name.lower(), value.strip()) for name, _, value in (line.partition(":") for line in exchange.head[1:])
             if name.lower() in own]
    expected = [("x-b", "1"), ("set-cookie", "a=1"), ("x-a", "2"), ("set-cookie", "b=2"), ("x-b", "3")]
    exchange.require(pairs == expected, "the headers are not as they were given", fact=f"{pairs}",
                     expected=f"{expected}", why=f"The order of headers is preserved {START}.")


@pytest.mark.asgi("A36")
def test_the_value_of_a_header_arrives_as_it_is(asgi_client: RawClient) -> None:
    exchange = sent(asgi_client, "latin")
    exchange.require(exchange.status == 200 and exchange.values("X-Probe") == ["caf\xe9"], "the value is another one",
                     fact=f"X-Probe: {exchange.values('X-Probe')}" if exchange.status == 200 else None,
                     why="Headers are the exact bytes to be sent (HTTP, WSGI encoding differences).")


@pytest.mark.asgi("A37")
def test_headers_may_be_missing(asgi_client: RawClient) -> None:
    require_body(sent(asgi_client, "no-headers"), b"hello", f"headers is optional {START}")


@pytest.mark.asgi("A38")
def test_headers_are_any_iterable(asgi_client: RawClient) -> None:
    exchange = sent(asgi_client, "iterators")
    require_body(exchange, b"hello", f"headers is an iterable of iterables {START}")
    exchange.require(exchange.values("X-Probe") == ["one"], "a header is missing",
                     fact=f"X-Probe: {exchange.values('X-Probe')}", why=f"headers is an iterable of iterables {START}.")


@pytest.mark.asgi("A39")
def test_the_body_is_empty_and_the_last_where_nothing_else_is_said(asgi_client: RawClient) -> None:
    exchange = asgi_client.begin("/sends/no-body", keep=True).read_answer().called()
    exchange.require(exchange.status == 200 and exchange.is_answered and not exchange.body,
                     "the response does not end, or has a body",
                     why=f"body and more_body are optional: b'' and False {BODY}.")


@pytest.mark.asgi("A40")
def test_bodies_are_put_together(asgi_client: RawClient) -> None:
    require_body(sent(asgi_client, "parts"), b"one two three", f"body is put behind the bodies before {BODY}")


@pytest.mark.asgi("A41")
def test_a_part_arrives_while_the_application_waits(asgi_client: RawClient) -> None:
    exchange = asgi_client.begin("/streams")
    exchange.reported("waits")
    in_time = exchange.read_while_it_waits(lambda received: b"first" in received)
    exchange.go_on().read_all()
    exchange.answered().require(in_time, "the part is kept back", fact="the part comes with the next one",
                                why=f"Data are given to the send buffer before send returns {BODY}.")


@pytest.mark.asgi("A42")
def test_an_empty_first_part_sends_the_head(asgi_client: RawClient) -> None:
    exchange = asgi_client.begin("/empty-first")
    exchange.reported("waits")
    exchange.event("waits", BRIEFLY)
    in_time = exchange.read_until(lambda received: b"x-probe: one\r\n" in received.lower(), LIMITS.pause)
    exchange.go_on().read_all()
    exchange.answered().require(in_time, "the head is kept back", fact="the head comes with the next part",
                                why="The start may be kept until the first body event, and that has come (HTTP, "
                                    "Response Start).")


@pytest.mark.asgi("A43")
def test_the_applications_content_length_is_the_framing(asgi_client: RawClient) -> None:
    exchange = sent(asgi_client, "plain").answered()
    found = exchange.values("Content-Length"), exchange.values("Transfer-Encoding")
    exchange.require(found == (["5"], []), "the response is framed otherwise",
                     fact=f"Content-Length {found[0]}, Transfer-Encoding {found[1]}",
                     why=f"Chunks are for a response without a Content-Length {START}.")


@pytest.mark.asgi("A44")
@pytest.mark.parametrize("version", ["1.0", "1.1"], ids=["1-0", "1-1"])
def test_without_a_content_length_the_end_can_be_told(asgi_client: RawClient, version: str) -> None:
    exchange = sent(asgi_client, "no-length", version=version)
    exchange.require(version == "1.1" or not exchange.values("Transfer-Encoding"), "HTTP/1.0 has no chunks",
                     why="The server takes care of chunks (HTTP, HTTP Connection Scope).")
    require_body(exchange, b"hellohello", "The server takes care of chunks (HTTP, HTTP Connection Scope)")
    exchange.require(exchange.ended == "closed" or exchange.is_answered, "the end can't be told",
                     why="The server takes care of chunks (HTTP, HTTP Connection Scope).")


@pytest.mark.asgi("A45")
@pytest.mark.parametrize("name", ["coding", "coding-alone"], ids=["with-a-length", "alone"])
def test_the_applications_transfer_encoding_is_ignored(asgi_client: RawClient, name: str) -> None:
    require_body(sent(asgi_client, name), b"hello", f"The server must ignore it {START}")


@pytest.mark.asgi("A46")
def test_nothing_is_sent_after_the_end(asgi_client: RawClient) -> None:
    exchange = asgi_client.connect()
    exchange.send(asgi_client.request(exchange, "/sends/after-the-end", keep=True)).read_answer()
    exchange.called().event("done")
    exchange.read_until(lambda received: b"late" in received, BRIEFLY)
    exchange.require(exchange.final.endswith(b"\r\n\r\nhello"), "something follows the response",
                     why=f"The response is complete, and further messages are ignored {BODY}.")


@pytest.mark.asgi("A46")
@pytest.mark.disputed("ASGI says that such an event is ignored, and elsewhere that send should raise what is invalid")
def test_an_event_after_the_end_raises_nothing(asgi_client: RawClient) -> None:
    exchange = asgi_client.begin("/sends/after-the-end").read_answer().answered()
    exchange.reported("done")
    raised = [event for line in exchange.reports.lines_of(exchange.token, 0) for event in line.events
              if event["event"] == "sent" and event["raised"] and not event["is_os_error"]]
    exchange.require(not raised, "send raises an exception", fact=f"{raised[0]['raised'] if raised else ''}",
                     why=f"Further messages are ignored {BODY}; a send after the end does nothing, or raises an "
                         "OSError (ASGI 3.0, Error Handling).")


@pytest.mark.asgi("A47")
def test_send_waits_for_a_client_that_does_not_read(asgi_client: RawClient) -> None:
    exchange = asgi_client.begin("/floods")
    end = LIMITS.wait
    while end > 0 and not (held := exchange.event("held", BRIEFLY)) and not exchange.event("taken", BRIEFLY):
        end -= 2 * BRIEFLY
    exchange.leave()
    if not held and not exchange.event("taken", BRIEFLY):
        raise NotSeen("the server takes its time")
    exchange.require(held, "the server takes 64 MB for a client that reads nothing", fact="64 MB are taken",
                     why="send returns once the send has been completed (ASGI 3.0, Applications).")


# HTTP's own rules.


@pytest.mark.http("RFC 9110 section 9.3.2")
def test_head_has_no_body(asgi_client: RawClient) -> None:
    exchange = sent(asgi_client, "plain", method="HEAD").answered()
    exchange.require(exchange.final.endswith(b"\r\n\r\n"), "there is a body where none may be",
                     why="The answer to HEAD ends with the head: a client takes what follows for the next answer "
                         "(RFC 9110 section 9.3.2).")


@pytest.mark.http("RFC 9112 section 6.3")
@pytest.mark.parametrize("status", ["204", "304"])
def test_204_and_304_end_with_their_head(asgi_client: RawClient, status: str) -> None:
    exchange = sent(asgi_client, status)
    exchange.presume(exchange.status == int(status), f"the answer does not arrive: {exchange.in_short()}")
    exchange.require(exchange.final.endswith(b"\r\n\r\n") and LAST_CHUNK not in exchange.final,
                     "there is a body where none may be",
                     why="These end with the head: a client takes what follows for the next answer (RFC 9112 section "
                         "6.3).")


@pytest.mark.http("RFC 9112 section 9.3.2")
def test_requests_in_one_segment_are_answered_in_their_order(asgi_client: RawClient) -> None:
    exchange = asgi_client.connect()
    first = asgi_client.request(exchange, "/sends/parts", keep=True)
    exchange.send(first + asgi_client.request(exchange, "/ignore")).read_all()
    found = [exchange.received.find(word) for word in (b"three", b"ignored")]
    exchange.require(-1 < found[0] < found[1], "the answers are not there in the order of the requests",
                     why="Answers go out in the order of the requests (RFC 9112 section 9.3.2).")


@pytest.mark.http("RFC 9110 section 10.1.1")
def test_a_client_that_waits_for_100_is_told_to_go_on(asgi_client: RawClient) -> None:
    exchange = asgi_client.connect()
    fields = ["Expect: 100-continue", "Content-Length: 5"]
    exchange.send(asgi_client.request(exchange, "/events", method="POST", fields=fields))
    told = exchange.read_until(lambda received: b"HTTP/1.1 100 " in received, LIMITS.pause)
    exchange.send(b"hello").read_all()
    exchange.require(told or (exchange.status or 0) >= 400, "the client is not told to go on", fact="no 100",
                     why="The server answers, or asks for the body with 100 (RFC 9110 section 10.1.1).")


CLOSING = {"plain": {}, "failed": {}, "unread": {"method": "POST", "body": b"x" * 1_000_000}}
PAGES = {"plain": "/ignore", "failed": "/raises/before", "unread": "/ignore"}


@pytest.mark.http("RFC 9112 section 9.6")
@pytest.mark.parametrize("name", CLOSING)
def test_a_server_that_closes_has_said_so(asgi_client: RawClient, name: str) -> None:
    exchange = asgi_client.begin(PAGES[name], keep=True, **CLOSING[name]).read_answer()
    exchange.presume(exchange.is_answered, "the answer has no end but that of the connection")
    closes = exchange.ended or not exchange.read_until(lambda received: False, BRIEFLY) and exchange.ended != "open"
    exchange.require(not closes or "close" in exchange.options("Connection"), "the connection is closed unannounced",
                     fact=f"closed after {exchange.status}",
                     why="Who closes after an answer says so, or the next request is lost (RFC 9112 section 9.6).")
