"""The call: its arguments, its scope as a dict, and several calls at once."""
import pytest

from wsgi_contract.asgi.asgi_questions import optional, scope_of, told
from wsgi_contract.problem import NotSeen
from wsgi_contract.raw_client import RawClient

VERSIONS = ("2.0", "2.1", "2.2", "2.3", "2.4", "2.5")  # that the part for HTTP has had


@pytest.mark.asgi("A1")
def test_the_arguments_come_by_position(asgi_client: RawClient) -> None:
    exchange = asgi_client.ask("/how-called")
    facts = told(exchange)
    exchange.require(facts["positional"] == 3 and all(facts["callable"]), "the application is called otherwise",
                     fact=f"receive and send by position: {facts['positional'] == 3}, callable: {facts['callable']}",
                     why="An application gives its arguments any names (ASGI 3.0, Applications).")


@pytest.mark.asgi("A2")
def test_the_scope_is_a_dict_of_type_http(asgi_client: RawClient) -> None:
    exchange, scope = scope_of(asgi_client)
    facts = told(asgi_client.ask("/how-called"))
    exchange.require(scope.get("type") == "http" and facts["is dict"] and facts["keys"] == ["str"],
                     "the scope is not as it should be",
                     fact=f"type {scope.get('type')!r}, a dict: {facts['is dict']}, keys: {facts['keys']}",
                     why="scope must be a dict, and its type says what is asked (ASGI 3.0, Applications).")


@pytest.mark.asgi("A3")
def test_the_scope_has_the_version_of_asgi(asgi_client: RawClient) -> None:
    exchange, scope = scope_of(asgi_client)
    asgi = scope.get("asgi")
    exchange.require(isinstance(asgi, dict) and isinstance(asgi.get("version"), str),
                     "the version is missing", fact=f"asgi: {asgi!r}",
                     why="scope['asgi']['version'] is the version that the server implements; without it, 2.0 is "
                         "meant (ASGI 3.0, Applications).")


@pytest.mark.asgi("A4")
def test_the_spec_version_is_one_that_there_was(asgi_client: RawClient) -> None:
    exchange, scope = scope_of(asgi_client)
    version = optional(optional(scope, "asgi"), "spec_version")
    exchange.require(version in VERSIONS, "there was no such version", fact=f"spec_version {version!r}",
                     why=f"The part for HTTP has had {', '.join(VERSIONS)} (HTTP, Spec Versions).")


@pytest.mark.asgi("A5")
def test_the_next_request_of_a_connection_has_a_scope_of_its_own(asgi_client: RawClient) -> None:
    exchange = asgi_client.connect()
    exchange.send(asgi_client.request(exchange, "/changes-scope", keep=True)).read_answer()
    exchange.presume(exchange.body == b"changed", "the first request is not answered")
    if exchange.ended or "close" in exchange.options("Connection"):
        raise NotSeen("the connection is not kept")
    exchange.received = b""
    exchange.send(asgi_client.request(exchange, "/scope")).read_all()
    scope = told(exchange)
    changed = [name for name in ("path", "method") if scope.get(name) == "changed"]
    changed += ["asgi"] * (scope.get("asgi", {}).get("version") == "changed") + ["probe"] * ("probe" in scope)
    exchange.require(not changed, "the scope of the request before is seen", fact=f"changed: {', '.join(changed)}",
                     why="A scope is of a single request (HTTP, HTTP Connection Scope).")


@pytest.mark.asgi("A6")
def test_two_requests_wait_at_the_same_time(asgi_client: RawClient) -> None:
    first = asgi_client.begin("/waits")
    first.reported("waits")
    second = asgi_client.begin("/waits")
    both = second.event("waits") is not None
    for exchange in (second, first):
        exchange.go_on().read_all()
    first.answered().require(both, "the second request is not begun while the first waits", fact="one after the other",
                             why="Each connection has a call, and all run on one loop (ASGI 3.0, Overview).")


@pytest.mark.asgi("A7")
def test_asyncio_runs_the_application(asgi_client: RawClient) -> None:
    exchange = asgi_client.ask("/how-called").called()
    exchange.require(exchange.status == 200 and told(exchange)["task"], "the application is no task of asyncio",
                     why="Applications run as coroutines of asyncio (ASGI 3.0, Overview).")


@pytest.mark.asgi("A8")
def test_the_call_lasts_longer_than_the_response(asgi_client: RawClient) -> None:
    exchange = asgi_client.begin("/goes-on", keep=True).read_answer()
    exchange.presume(exchange.body == b"answered", "the response does not come while the call goes on")
    exchange.event("waits")
    asgi_client.ask("/ignore")
    goes_on = exchange.go_on().event("went on")
    exchange.require(goes_on, "the call is ended with its response", fact="ended",
                     why="A call lasts a little longer than its connection, to tidy up (ASGI 3.0, Overview).")
