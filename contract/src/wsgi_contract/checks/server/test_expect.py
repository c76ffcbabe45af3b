"""Expect: 100-continue. The client keeps its body back until it is asked to go on, or is tired of waiting."""
import pytest

from wsgi_contract.preconditions import require_bodies
from wsgi_contract.raw_client import RawClient
from wsgi_contract.wire import BRIEFLY, Exchange

WHY = "PEP 3333, HTTP 1.1 Expect/Continue"
PATIENCE = 0.5  # seconds; a server may leave the client waiting until it sends on its own: the verdict is the same


def expecting(client: RawClient, expectation: str = "100-continue") -> Exchange:
    """Return the Exchange in which a client sends its head, and waits for 100 Continue."""
    require_bodies(client)
    fields = [f"Expect: {expectation}", "Content-Length: 5"]
    exchange = client.begin("/read/five", method="POST", fields=fields)
    exchange.read_until(lambda received: b"\r\n\r\n" in received, PATIENCE)
    return exchange


def is_known(client: RawClient) -> bool:
    """Tell whether a client that expects 100 Continue is served, where it is spelt as usual."""
    return client.server.remembered("expect", lambda: expecting(client).send(b"hello").read_all().status == 200)


@pytest.mark.clause(115)
def test_a_client_that_expects_100_continue_is_served(client: RawClient) -> None:
    exchange = expecting(client)
    exchange.require(exchange.received[:12] in (b"", b"HTTP/1.1 100"), "the expectation is refused",
                     expected="100 Continue, or silence until the body comes", why=f"Applications can't do it ({WHY}).")
    exchange.send(b"hello").read_all()
    exchange.require(exchange.status == 200, "the request is not served", expected="status 200",
                     why=f"Applications can't do it ({WHY}).")


@pytest.mark.http("RFC 9110 section 10.1.1")
def test_an_expectation_is_known_in_any_case(client: RawClient) -> None:
    usual = is_known(client)
    exchange = expecting(client, "100-Continue").send(b"hello").read_all()
    exchange.presume(usual, "no client is served that expects 100 Continue (clause 115)")
    exchange.require(exchange.status == 200, "an expectation is not known in capitals", expected="status 200",
                     why="It is the same in any case (RFC 9110 section 10.1.1).")


@pytest.mark.http("RFC 9110 section 15.2")
def test_an_http_1_0_client_whose_body_is_late_gets_no_100(client: RawClient) -> None:
    require_bodies(client)
    exchange = client.begin("/read/five", method="POST", version="1.0", fields=["Content-Length: 5"])
    exchange.read_until(bool, BRIEFLY)
    exchange.send(b"hello").read_all()
    exchange.require(exchange.received[9:12] != b"100", "a client that speaks HTTP/1.0 gets a 100",
                     fact="HTTP/1.1 100 Continue", why="It would take it for the response (RFC 9110 section 15.2).")


@pytest.mark.clause(116)
def test_a_read_waits_for_the_body_that_was_asked_for(client: RawClient) -> None:
    exchange = expecting(client).send(b"he")
    exchange.read_until(lambda received: exchange.status is not None, BRIEFLY)  # by now a server has read what is there
    exchange.send(b"llo").read_all().answered()
    exchange.require(exchange.body == b"[b'hello']", "the application reads before the body has come",
                     expected="body [b'hello']", why=f"The client sends only after it has seen the 100 ({WHY}).")


def in_http_1_0(client: RawClient) -> Exchange:
    """Return the Exchange of a client that speaks HTTP/1.0, and has an expectation all the same."""
    require_bodies(client)
    return client.ask("/read/five", method="POST", version="1.0", fields=["Expect: 100-continue"], body=b"hello")


@pytest.mark.clause(117)
def test_an_http_1_0_client_is_served_without(client: RawClient) -> None:
    exchange = in_http_1_0(client)
    exchange.require(exchange.status == 200, "an HTTP/1.0 client is not served", expected="status 200",
                     why=f"HTTP/1.0 knows no expectations ({WHY}).")


@pytest.mark.http("RFC 9110 section 10.1.1")
def test_an_http_1_0_client_gets_no_100(client: RawClient) -> None:
    exchange = in_http_1_0(client)
    exchange.require(b" 100 " not in exchange.received[:20], "a client that speaks HTTP/1.0 gets a 100",
                     fact="HTTP/1.1 100 Continue", why="It would take it for the response (RFC 9110 section 10.1.1).")
