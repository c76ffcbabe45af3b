"""The scope of a request, key by key."""
from typing import Any

import pytest

from wsgi_contract.asgi.asgi_programs import MOUNT
from wsgi_contract.asgi.asgi_questions import mounted, optional, scope_of, told
from wsgi_contract.problem import Departure, NotOffered
from wsgi_contract.raw_client import RawClient
from wsgi_contract.wire import Exchange

WHERE = "(HTTP, HTTP Connection Scope)"


def require_value(exchange: Exchange, key: str, given: Any, expected: Any, why: str) -> None:
    """Fail unless a value of the scope is what it should be, its type too."""
    exchange.require(given == expected and type(given) is type(expected), f"{key} is {given!r}",
                     fact=f"{key}: {given!r}", expected=repr(expected), why=f"{why} {WHERE}.")


@pytest.mark.asgi("A9")
@pytest.mark.parametrize("version", ["1.0", "1.1"], ids=["1-0", "1-1"])
def test_http_version_is_the_requests(asgi_client: RawClient, version: str) -> None:
    exchange, scope = scope_of(asgi_client, version=version)
    require_value(exchange, "http_version", scope.get("http_version"), version, "It is one of 1.0, 1.1 and 2")


@pytest.mark.asgi("A10")
@pytest.mark.parametrize("method", ["PUT", "put"], ids=["capitals", "small"])
def test_the_method_is_in_capitals(asgi_client: RawClient, method: str) -> None:
    exchange, scope = scope_of(asgi_client, method=method, body=b"")
    require_value(exchange, "method", scope.get("method"), "PUT", "It is the name of the method, in capitals")


@pytest.mark.asgi("A11")
def test_the_scheme_is_http(asgi_client: RawClient) -> None:
    exchange, scope = scope_of(asgi_client)
    require_value(exchange, "scheme", optional(scope, "scheme"), "http", "It is the scheme of the URL")


PATHS = {"letters": ("/caf%C3%A9/%2F~", "/café//~"), "once": ("/%2541", "/%41"), "plus": ("/a+b", "/a+b"),
         "slashes": ("//a//b/", "//a//b/"), "query": ("/a?b", "/a")}  # what is sent, what the path is


@pytest.mark.asgi("A12")
@pytest.mark.parametrize("name", PATHS)
def test_the_path_is_decoded_once(asgi_client: RawClient, name: str) -> None:
    sent, path = PATHS[name]
    exchange, scope = scope_of(asgi_client, f"/scope{sent}")
    given = scope.get("path")
    require_value(exchange, "path", exchange.steady(given) if isinstance(given, str) else given, f"/scope{path}",
                  "It is the target without the query, its %-sequences and UTF-8 decoded")


@pytest.mark.asgi("A13")
@pytest.mark.parametrize("query", [None, "a=1"], ids=["alone", "query"])
def test_the_raw_path_is_as_it_was_sent(asgi_client: RawClient, query: str | None) -> None:
    exchange, scope = scope_of(asgi_client, "/scope/caf%C3%A9%2f", query=query)
    given = optional(scope, "raw_path")
    steady = exchange.steady(given.decode("latin-1")).encode("latin-1") if isinstance(given, bytes) else given
    require_value(exchange, "raw_path", steady, b"/scope/caf%C3%A9%2f", "It is the path's bytes, unchanged")


QUERIES = {"encoded": "a=%2F&b=%C3%A9+x", "two-marks": "a=?&b=/?", "empty": ""}


@pytest.mark.asgi("A14")
@pytest.mark.parametrize("name", [*QUERIES, "none"])
def test_the_query_string_is_as_it_was_sent(asgi_client: RawClient, name: str) -> None:
    exchange, scope = scope_of(asgi_client, query=QUERIES.get(name))
    require_value(exchange, "query_string", scope.get("query_string"), QUERIES.get(name, "").encode(),
                  "It is what follows the question mark, in bytes, and percent-encoded")


@pytest.mark.asgi("A15")
def test_root_path_is_empty_at_the_root(asgi_client: RawClient) -> None:
    exchange, scope = scope_of(asgi_client)
    require_value(exchange, "root_path", optional(scope, "root_path"), "", "It is where the application is mounted")


@pytest.mark.asgi("A16")
def test_the_path_begins_with_root_path(asgi_client: RawClient) -> None:
    with mounted(asgi_client) as client:
        found = [scope_at(client, prefix) for prefix in ("", MOUNT)]
    facts = "; ".join(f"{prefix or '/'}…: {fact}" for prefix, (_, fact) in zip(("", MOUNT), found, strict=True))
    if not any(is_right for is_right, _ in found):
        raise Departure("the path does not begin with root_path", facts, found=facts,
                        why="What WSGI calls PATH_INFO is the path without root_path (HTTP, WSGI Compatibility).")


def scope_at(client: RawClient, prefix: str) -> tuple[bool, str]:
    """Return whether path begins with root_path for a target with a prefix, and both, as a client of its own sees it.

    A server that is mounted may expect the prefix in the target, or not: behind a proxy that has taken it off.
    """
    exchange = client.connect()
    target = exchange.target("/scope")
    exchange.send(f"GET {prefix}{target} HTTP/1.1\r\nHost: {client.host}\r\nConnection: close\r\n\r\n".encode())
    exchange.read_all()
    if exchange.status != 200:
        return False, exchange.in_short()
    scope = told(exchange)
    root, path = scope.get("root_path"), scope.get("path", "")
    shown = f"root_path {root!r}, path {exchange.steady(path)!r}"
    return root == MOUNT and path.startswith(MOUNT) and path.count(MOUNT) == 1, shown


# Headers.


def headers_of(scope: dict[str, Any], name: bytes) -> list[Any]:
    """Return the values of the headers with a name."""
    return [pair[1] for pair in scope["headers"] if isinstance(pair[0], bytes) and pair[0].lower() == name]


@pytest.mark.asgi("A17")
def test_headers_are_pairs_of_bytes(asgi_client: RawClient) -> None:
    exchange, scope = scope_of(asgi_client, fields=["X-Probe: one"])
    wrong = [pair for pair in scope["headers"] if len(pair) != 2 or {type(part) for part in pair} != {bytes}]
    exchange.require(not wrong and headers_of(scope, b"x-probe") == [b"one"], "headers are no pairs of bytes",
                     fact=f"headers: {wrong or scope['headers']!r}"[:200], why=f"Name and value are bytes {WHERE}.")


@pytest.mark.asgi("A18")
def test_the_names_of_headers_are_in_lower_case(asgi_client: RawClient) -> None:
    exchange, scope = scope_of(asgi_client, fields=["X-Probe: one"])
    names = [pair[0] for pair in scope["headers"] if isinstance(pair[0], bytes) and pair[0] != pair[0].lower()]
    exchange.require(not names, "names have capitals", fact=f"names: {names!r}",
                     why=f"Names should be in lower case {WHERE}.")


@pytest.mark.asgi("A19")
@pytest.mark.parametrize("name", ["X-Probe", "Cookie"], ids=["any", "cookie"])
def test_a_header_that_comes_twice_is_there_twice(asgi_client: RawClient, name: str) -> None:
    exchange, scope = scope_of(asgi_client, fields=[f"{name}: b=2", "X-Other: 0", f"{name.lower()}: a=1"])
    values = headers_of(scope, name.lower().encode())
    exchange.require(values == [b"b=2", b"a=1"], "the values are not as they were sent", fact=f"{name}: {values!r}",
                     why=f"Duplicates and the order of values are preserved {WHERE}.")


@pytest.mark.asgi("A20")
def test_the_value_of_a_header_is_as_it_was_sent(asgi_client: RawClient) -> None:
    exchange, scope = scope_of(asgi_client, fields=["X-Probe: caf\xe9, \"A\"  b"])
    values = headers_of(scope, b"x-probe")
    exchange.require(values == [b"caf\xe9, \"A\"  b"], "the value is another one", fact=f"X-Probe: {values!r}",
                     why="Headers are the exact bytes that the client has sent (HTTP, WSGI encoding differences).")


# Addresses and the rest.


@pytest.mark.asgi("A21")
def test_client_is_the_clients_address(asgi_client: RawClient) -> None:
    exchange = asgi_client.connect()
    own = list(exchange.connection.getsockname()[:2])
    exchange.send(asgi_client.request(exchange, "/scope")).read_all()
    client = optional(told(exchange), "client")
    exchange.require(client == own, "client is not the client", why=f"It is host and port, a str and an int {WHERE}.",
                     fact=f"client: {'the address' if client[:1] == own[:1] else client[:1]}, port "
                          f"{'right' if client[1:] == own[1:] else f'of type {type(client[-1]).__name__}'}")


@pytest.mark.asgi("A22")
def test_server_is_where_the_server_listens(asgi_client: RawClient) -> None:
    exchange, scope = scope_of(asgi_client)
    server, place = optional(scope, "server"), asgi_client.server.place
    exchange.require(server == [place.host, place.port], "server is not where it listens",
                     fact=f"server: {server[:1]}, port "
                          f"{'right' if server[1:] == [place.port] else f'of type {type(server[-1]).__name__}'}",
                     why=f"It is the address and the port that it listens on {WHERE}.")


@pytest.mark.asgi("A23")
def test_extensions_are_a_dict_of_dicts(asgi_client: RawClient) -> None:
    exchange, scope = scope_of(asgi_client)
    if "extensions" not in scope:
        raise NotOffered("the scope has no extensions")
    found = scope["extensions"]
    exchange.require(isinstance(found, dict) and all(isinstance(value, dict) for value in found.values()),
                     "extensions are something else", fact=f"extensions: {found!r}",
                     why="Each extension has a name and a dict (ASGI 3.0, Extensions).")
