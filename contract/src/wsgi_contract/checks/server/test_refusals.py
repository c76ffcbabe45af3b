"""Requests that no client may send, and how they are refused: a refusal is a response as well."""
import pytest

from wsgi_contract.answer import BLANK_LINE, DATE
from wsgi_contract.problem import NotOffered
from wsgi_contract.raw_client import RawClient
from wsgi_contract.shown_environ import environ_of
from wsgi_contract.wire import Exchange

http = pytest.mark.http


def require_not_served(exchange: Exchange, problem: str, why: str) -> None:
    """Fail if a request is answered as if it were right; an end of the connection is a refusal too."""
    exchange.require(not exchange.status or exchange.status >= 400, problem, why=why,
                     expected="status 400, or an end of the connection")


def refused(client: RawClient) -> Exchange:
    """Return the Exchange of a request with a Content-Length that is none. Raises NotOffered if it is not refused."""
    exchange = client.begin("/ignore", fields=["Content-Length: x"], keep=True)
    exchange.read_until(lambda received: BLANK_LINE in received)
    if not exchange.status or exchange.status < 400:
        raise NotOffered("the server sends no refusal")
    return exchange.read_all()


@http("RFC 9112 section 6.3")
def test_a_refusal_can_be_read_to_its_end(client: RawClient) -> None:
    exchange = refused(client)
    exchange.answer()
    exchange.require(exchange.ended == "closed", "after a refusal the connection stays as it is",
                     fact=f"it is {exchange.ended}", expected="an end",
                     why="Where the next request begins is anybody's guess (RFC 9112 section 6.3).")


@http("RFC 9112 section 9.3")
def test_a_refusal_says_that_the_connection_ends(client: RawClient) -> None:
    exchange = refused(client)
    said = exchange.options("Connection")
    exchange.require("close" in said or exchange.received.startswith(b"HTTP/1.0") or exchange.ended == "open",
                     "the connection ends, and the refusal does not say so", fact=f"Connection: {', '.join(said)!r}",
                     expected="Connection: close",
                     why="The client sends its next request into nothing (RFC 9112 section 9.3).")


@http("RFC 9110 section 6.6.1")
def test_a_refusal_has_a_date(client: RawClient) -> None:
    exchange = refused(client)
    dates = exchange.values("Date")
    is_dated = len(dates) == 1 and DATE.fullmatch(dates[0])
    exchange.require((exchange.status or 0) >= 500 or is_dated, "a refusal has no Date",
                     fact=f"{len(dates)} Date fields", expected="one",
                     why="Every response has one but for those that say that the server fails (RFC 9110 section "
                         "6.6.1).")


LINES = {
    "a-method-that-is-none": "G@T {target} HTTP/1.1",
    "a-word-too-much": "GET {target} HTTP/1.1 more",
    "a-control-character": "GET {target}\x01 HTTP/1.1",
    "a-relative-path": "GET environ HTTP/1.1",
    "a-version-that-is-none": "GET {target} HTTP/1.x",
}


@http("RFC 9112 section 3")
@pytest.mark.parametrize("kind", LINES)
def test_a_request_line_that_none_may_send_is_refused(client: RawClient, kind: str) -> None:
    exchange = client.say([LINES[kind], "Host: {host}", "Connection: close"])
    require_not_served(exchange, f"a malformed request line is served: {kind.replace('-', ' ')}",
                       "Programs that guess guess differently (RFC 9112 section 3).")


@http("RFC 9112 section 3.2")
def test_a_fragment_is_no_part_of_a_target(client: RawClient) -> None:
    exchange = client.say(["GET {target}#x HTTP/1.1", "Host: {host}", "Connection: close"], path="/environ")
    if exchange.status and exchange.status >= 400:
        return
    environ = environ_of(exchange)
    found = [name for name in ("PATH_INFO", "QUERY_STRING") if "#" in environ.value(name)]
    exchange.require(not found, "a fragment is taken for a part of the target", fact=f"it is in {', '.join(found)}",
                     expected="status 400, or a target without it",
                     why="A client keeps it to itself: there is no # in a path (RFC 9112 section 3.2).")


@http("RFC 9110 section 4.2.1")
def test_an_absolute_target_without_a_host_is_refused(client: RawClient) -> None:
    exchange = client.say(["GET http://{target} HTTP/1.1", "Host: {host}", "Connection: close"])
    require_not_served(exchange, "a URL without a host is served",
                       "A recipient rejects it: nobody knows whom it is meant for (RFC 9110 section 4.2.1).")


@http("RFC 9112 section 3.2")
@pytest.mark.parametrize("host", ["a b", "a/b", "me@a"], ids=["space", "slash", "user"])
def test_a_host_that_is_none_is_refused(client: RawClient, host: str) -> None:
    exchange = client.say(["GET {target} HTTP/1.1", f"Host: {host}", "Connection: close"])
    require_not_served(exchange, f"a Host is accepted that is none: {host!r}",
                       "Links and redirects would be made from it (RFC 9112 section 3.2).")


@http("RFC 9112 section 3.2")
@pytest.mark.parametrize("version, hosts", [("1.1", ["Host:"]), ("1.0", [])], ids=["empty", "none-in-http-1-0"])
def test_a_request_may_have_no_host_where_there_is_none(client: RawClient, version: str, hosts: list[str]) -> None:
    exchange = client.say([f"GET {{target}} HTTP/{version}", *hosts, "Connection: close"])
    exchange.require(exchange.status == 200 and exchange.body == b"ignored", "a request without a host is refused",
                     expected="status 200",
                     why="The field is empty where the URL has no host, and HTTP/1.0 does without (RFC 9112 section "
                         "3.2).")
