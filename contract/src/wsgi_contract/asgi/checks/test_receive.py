"""What the application receives: the body, and that the client has gone."""
import socket
from typing import Any

import pytest

from wsgi_contract.asgi.asgi_questions import told
from wsgi_contract.preconditions import CHUNKED
from wsgi_contract.problem import NotSeen
from wsgi_contract.raw_client import RawClient
from wsgi_contract.time_limits import LIMITS
from wsgi_contract.wire import BRIEFLY, Exchange

REQUEST, DISCONNECT = "(HTTP, Request)", "(HTTP, Disconnect)"
LONG = bytes(range(256)) * 1_200  # 300 kB


@pytest.mark.asgi("A24")
@pytest.mark.parametrize("what", ["request", "disconnect"])
def test_an_event_is_a_dict_of_the_types_of_asgi(asgi_client: RawClient, what: str) -> None:
    if what == "request":
        exchange = asgi_client.ask("/events", method="POST", body=b"hello")
        facts = told(exchange)
        right = facts["exact"] and facts["is bytes"] and facts["flags"] == ["bool"]
        fact = f"types of ASGI: {facts['exact']}, body in bytes: {facts['is bytes']}, more_body: {facts['flags']}"
    else:
        exchange = asgi_client.ask("/asks-afterwards")
        right, fact = exchange.reported("event")["exact"], "other types than those of ASGI"
    exchange.require(right, "an event is not as it should be", fact=fact,
                     why="Events are dicts of bytes, str, numbers, lists, dicts, booleans and None (ASGI 3.0, Events).")


@pytest.mark.asgi("A25")
def test_a_request_without_a_body_gives_one_event(asgi_client: RawClient) -> None:
    exchange = asgi_client.ask("/first-part").called()
    part = exchange.event("part") or {}
    exchange.require(part.get("type") == "http.request" and not part["length"] and not part["more"],
                     "the event is missing, or not the last", fact=f"event: {part}" if part else "no event",
                     why=f"The event says that the body is complete, and lets the application begin {REQUEST}.")


BODIES = {"short": b"hello", "long": LONG}


@pytest.mark.asgi("A26")
@pytest.mark.parametrize("name", BODIES)
def test_the_parts_of_a_body_are_the_body(asgi_client: RawClient, name: str) -> None:
    exchange = asgi_client.ask("/events", method="POST", body=BODIES[name]).called()
    require_body(exchange, BODIES[name])


@pytest.mark.asgi("A27")
def test_a_body_in_chunks_is_decoded(asgi_client: RawClient) -> None:
    chunks = b"3\r\nhel\r\n2;x=1\r\nlo\r\n0\r\n\r\n"
    exchange = asgi_client.ask("/events", method="POST", body=chunks, fields=list(CHUNKED)).called()
    require_body(exchange, b"hello")


def require_body(exchange: Exchange, body: bytes) -> None:
    """Fail unless the application has received a body."""
    facts: dict[str, Any] = told(exchange) if exchange.status == 200 else {}
    right = facts and (facts["types"], facts["length"], facts["body"], facts["last"]) == (
        ["http.request"], len(body), body[:100], False)
    exchange.require(right, "the body is another one, or its end does not come",
                     fact=f"{facts['length']} bytes, {facts['types']}" if facts else exchange.in_short(),
                     expected=f"{len(body)} bytes",
                     why=f"The bodies of the events, put together, are the body {REQUEST}.")


@pytest.mark.asgi("A28")
def test_a_part_comes_while_the_client_still_sends(asgi_client: RawClient) -> None:
    exchange = asgi_client.connect()
    fields = [f"Content-Length: {2 * len(LONG)}"]
    exchange.send(asgi_client.request(exchange, "/first-part", method="POST", body=LONG, fields=fields))
    part = exchange.event("part", LIMITS.pause)
    exchange.send(LONG).read_all().answered()
    exchange.require(part and part["length"] and part["more"], "nothing comes before all of the body is there",
                     fact="the body is kept back", why=f"The events stream a large body {REQUEST}.")


@pytest.mark.asgi("A29")
def test_receive_waits_while_the_client_waits(asgi_client: RawClient) -> None:
    exchange = asgi_client.begin("/listens", keep=True)
    exchange.reported("waits")
    exchange.read_until(lambda received: bool(received), BRIEFLY)  # an event that comes too early comes meanwhile
    exchange.go_on()
    early = exchange.reported("early")["type"]
    exchange.require(early is None, "an event comes too early", fact=f"{early}",
                     why=f"http.disconnect comes after the response, or if the connection is closed {DISCONNECT}.")


@pytest.mark.asgi("A30")
@pytest.mark.parametrize("when", ["asked-before", "asked-after"])
def test_after_the_response_comes_disconnect(asgi_client: RawClient, when: str) -> None:
    if when == "asked-before":
        exchange = asgi_client.begin("/listens", keep=True)
        exchange.reported("waits")
        exchange.go_on().read_answer().answered()
        found = exchange.event("later")
    else:
        exchange = asgi_client.begin("/asks-afterwards", keep=True).read_answer().answered()
        found = exchange.event("event")
    require_disconnect(exchange, found, "after the response")


def require_disconnect(exchange: Exchange, found: dict[str, Any] | None, when: str) -> None:
    """Fail unless an event is http.disconnect."""
    exchange.require(found and found["type"] == "http.disconnect", "http.disconnect does not come",
                     fact=f"{found['type']}" if found else "nothing comes",
                     why=f"It is sent when receive is called {when} {DISCONNECT}.")


def left(client: RawClient, path: str, how: str = "reset") -> Exchange:
    """Return an exchange in which the client has left while the application waits."""
    exchange = client.begin(path, keep=True)
    exchange.reported("begun")
    if how == "reset":
        exchange.leave()
    else:
        exchange.close()
    return exchange


@pytest.mark.asgi("A31")
@pytest.mark.parametrize("how", ["reset", "closed"])
def test_when_the_client_leaves_comes_disconnect(asgi_client: RawClient, how: str) -> None:
    exchange = left(asgi_client, "/leaves", how)
    require_disconnect(exchange, exchange.event("event"), "after the connection has been closed")


@pytest.mark.asgi("A33")
@pytest.mark.parametrize("when", ["answered", "left"])
def test_asked_again_disconnect_comes_again(asgi_client: RawClient, when: str) -> None:
    if when == "answered":
        exchange = asgi_client.begin("/asks-afterwards", keep=True).read_answer().answered()
    else:
        exchange = left(asgi_client, "/asks-again")
    first = exchange.event("event")
    if not first or first["type"] != "http.disconnect":
        raise NotSeen("http.disconnect does not come the first time")
    require_disconnect(exchange, exchange.event("again", LIMITS.pause), "after that, as often as that is")


@pytest.mark.asgi("A32")
@pytest.mark.parametrize("how", ["length", "chunks"])
def test_a_client_that_leaves_within_its_body_gives_disconnect(asgi_client: RawClient, how: str) -> None:
    exchange = asgi_client.connect()
    fields, body = (["Content-Length: 10"], b"hello") if how == "length" else (list(CHUNKED), b"5\r\nhello\r\n")
    exchange.send(asgi_client.request(exchange, "/events", method="POST", body=body, fields=fields))
    if not exchange.event("called", LIMITS.pause):
        raise NotSeen("the application is called only when the body is there")
    exchange.close()
    found = exchange.event("events")
    exchange.require(found and found["types"][:1] == ["http.disconnect"], "half a body is taken for a whole one",
                     fact=f"{found['types']}, {found['length']} bytes" if found else "nothing comes",
                     why=f"The connection was closed, and the body is not complete {DISCONNECT}.")


@pytest.mark.asgi("A31")
@pytest.mark.disputed("ASGI says nothing of a client that closes one half of its connection; most take it for gone")
def test_a_client_that_has_closed_its_sending_half_gets_its_answer(asgi_client: RawClient) -> None:
    exchange = asgi_client.begin("/streams", keep=True)
    exchange.reported("waits")
    exchange.connection.shutdown(socket.SHUT_WR)
    exchange.read_until(lambda received: False, BRIEFLY)
    exchange.ended = None
    exchange.go_on().read_answer()
    exchange.require(b"second" in exchange.received, "the answer does not come",
                     why="It has sent all that it had to send, and still reads (RFC 9293 section 3.6).")
