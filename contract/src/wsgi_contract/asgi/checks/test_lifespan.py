"""What happens before the first request and after the last."""
import os
import signal

import pytest

from wsgi_contract.asgi.asgi_questions import Life, anew, optional, require, require_lifespan, told
from wsgi_contract.problem import NotOffered, NotSeen
from wsgi_contract.raw_client import RawClient

AWHILE = 0.3  # seconds to look for what a right server does not do


@pytest.mark.asgi("A59")
def test_the_lifespan_has_a_scope(asgi_client: RawClient) -> None:
    require_lifespan(asgi_client)
    exchange = asgi_client.ask("/lifespan-facts")
    facts = told(exchange)
    scope = facts["scope"]
    asgi = scope.get("asgi")
    exchange.require(scope["type"] == "lifespan" and isinstance(asgi, dict) and isinstance(asgi.get("version"), str)
                     and facts["begun"] == 1, "the scope is not as it should be, or there are several",
                     fact=f"type {scope['type']!r}, asgi {asgi!r}, {facts['begun']} begun",
                     why="It has its type and the version of ASGI (Lifespan, Scope).")


@pytest.mark.asgi("A60")
def test_no_request_comes_before_the_application_is_ready(asgi_client: RawClient) -> None:
    require_lifespan(asgi_client)
    with anew(asgi_client, "complete") as life:
        exchange = life.client.ask("/lifespan-facts")
        early, startup = told(exchange)["early"], life.event("startup")
    exchange.presume(startup, "the application is not told of its start")
    exchange.require(startup and startup["type"] == "lifespan.startup" and startup["exact"] and not early,
                     "a request comes before the application is ready",
                     fact=f"{startup and startup['type']}, {early} requests before",
                     why="The server waits for lifespan.startup.complete (Lifespan, Startup Complete).")


@pytest.mark.asgi("A61")
def test_requests_run_on_the_loop_of_the_lifespan(asgi_client: RawClient) -> None:
    require_lifespan(asgi_client)
    exchange = asgi_client.ask("/lifespan-facts")
    exchange.require(told(exchange)["loop"], "the lifespan has another loop", fact="another loop",
                     why="What is made at the start is used by requests (Lifespan).")


@pytest.mark.asgi("A62")
def test_each_request_has_a_shallow_copy_of_the_state(asgi_client: RawClient) -> None:
    require_lifespan(asgi_client)
    empty = optional(told(asgi_client.ask("/lifespan-facts"))["scope"], "state")
    asgi_client.ask("/state")
    exchange = asgi_client.ask("/state")
    facts = told(exchange)
    found = [words for words, is_so in (
        ("it is not empty at the start", empty), ("requests have none", not facts["is dict"]),
        ("what the lifespan has left is missing", not facts.get("shared")),
        ("what a request has left is seen", facts.get("changed"))) if is_so]
    exchange.require(not found, "the state is not as it should be", fact=", ".join(found),
                     why="Each request has a shallow copy (Lifespan, Lifespan State).")


@pytest.mark.asgi("A63")
@pytest.mark.parametrize("how", ["raises-at-once", "raises-at-startup"])
def test_an_application_without_lifespan_is_served(asgi_client: RawClient, how: str) -> None:
    require_lifespan(asgi_client)
    with anew(asgi_client, how) as life:
        require(life, serves(life), "the application is not served", "not served",
                "The server must continue, without lifespan (Lifespan, Scope).")


def serves(life: Life) -> bool:
    """Tell whether the server answers requests."""
    try:
        return life.client.still_serves()
    except NotSeen:
        return False


def require_words_and_end(life: Life, message: str, section: str) -> None:
    """Fail unless the server says what the application has said, and ends."""
    ends, says = life.ends(), life.prints(message)
    fact = " and ".join(words for words, is_so in (("the message is not shown", not says), ("it goes on", not ends))
                        if is_so)
    require(life, ends and says, "the server does not do what it should", fact,
            f"It should print the message, and end (Lifespan, {section}).")


@pytest.mark.asgi("A64")
def test_after_startup_failed_the_server_ends(asgi_client: RawClient) -> None:
    require_lifespan(asgi_client)
    with anew(asgi_client, "startup-fails") as life:
        require_words_and_end(life, "the-probe-can-not-start", "Startup Failed")


# The end.


def stopping(life: Life) -> None:
    """Ask the server to end while a request waits, and let that go on. Raises NotSeen, NotOffered."""
    if os.name == "nt":
        raise NotOffered("Windows ends a program without asking")
    if not life.event("startup"):
        raise NotSeen("the application is not told of its start")
    exchange = life.client.begin("/waits")
    exchange.reported("waits")
    life.program.process.send_signal(signal.SIGTERM)
    life.event("shutdown", AWHILE)  # too early, if it comes now
    exchange.go_on()


@pytest.mark.asgi("A65")
def test_shutdown_comes_when_all_requests_are_done(asgi_client: RawClient) -> None:
    require_lifespan(asgi_client)
    with anew(asgi_client, "complete") as life:
        stopping(life)
        event = life.event("shutdown")
        fact = f"{event['type']}, {event['calls']} requests are not done" if event else "nothing comes"
        require(life, event and event["type"] == "lifespan.shutdown" and event["exact"] and not event["calls"],
                "lifespan.shutdown does not come, or too early", fact,
                "It is sent when all active connections are closed (Lifespan, Shutdown).")


@pytest.mark.asgi("A66")
def test_the_server_waits_until_the_shutdown_is_complete(asgi_client: RawClient) -> None:
    require_lifespan(asgi_client)
    with anew(asgi_client, "complete") as life:
        stopping(life)
        if not life.event("shutdown"):
            raise NotSeen("lifespan.shutdown does not come")
        early = life.ends(AWHILE)
        life.go_on()
        completed = life.event("completed")
        require(life, completed and not early, "the server ends too early", "it does not wait",
                "The server must wait for lifespan.shutdown.complete (Lifespan, Shutdown Complete).")
        require(life, life.ends(), "the server does not end", "it goes on",
                "Then it terminates (Lifespan, Shutdown Complete).")


@pytest.mark.asgi("A67")
def test_after_shutdown_failed_the_server_ends(asgi_client: RawClient) -> None:
    require_lifespan(asgi_client)
    with anew(asgi_client, "shutdown-fails") as life:
        stopping(life)
        require_words_and_end(life, "the-probe-can-not-stop", "Shutdown Failed")
