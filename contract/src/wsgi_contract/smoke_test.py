"""The first request to a server that was started: whether it serves the probe at all, and if not, what is missing.

Whether it listens is asked with this request too: a connection on which nothing is asked ends some simple servers.
"""
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from wsgi_contract.problem import Diagnosis
from wsgi_contract.shell_words import typed
from wsgi_contract.time_limits import LIMITS
from wsgi_contract.wire import Exchange

if TYPE_CHECKING:
    from wsgi_contract.under_test import ServerUnderTest, Started

PAUSE = 0.02  # seconds between two tries to connect to a server that says nothing
WHY = "Without it nothing can be checked: this was the first request, and a plain one."
PROBE = b'{"type": '  # how the probe's answer to a path begins that it does not know
REQUEST = "GET {target} HTTP/1.1\r\nHost: {host}\r\nAccept: */*\r\nConnection: close\r\n\r\n"


def try_it_out(server: "ServerUnderTest") -> None:
    """Ask the probe for a page. Raises Diagnosis, with what is missing, if it does not arrive."""
    exchange, place = connected(server), server.place
    exchange.send(REQUEST.format(target=exchange.target("/ignore"), host=place.authority).encode())
    exchange.read_answer()
    is_called = exchange.received != b"" and exchange.event("called", LIMITS.pause) is not None
    missing = next((sentence for is_so, sentence in FINDINGS if is_so(exchange, is_called)), None)
    exchange.close()
    server.reports.forget()
    if missing:
        raise Diagnosis(missing.format(status=exchange.status, seconds=f"{LIMITS.wait:g}", command=typed()), why=WHY,
                        **exchange.rows({}), output=place.program and place.program.last_lines())


def connected(server: "ServerUnderTest") -> Exchange:
    """Return an Exchange as soon as the server takes a connection. Raises Diagnosis."""
    place, end = server.place, time.monotonic() + LIMITS.start
    while True:
        try:
            return server.begin()
        except OSError as error:
            if place.program is None or server.has_ended(PAUSE) or time.monotonic() > end:
                raise nobody_listens(place, error)


def nobody_listens(place: "Started", error: OSError) -> Diagnosis:
    """Return what is said of a server that takes no connection."""
    if place.program is None:
        return Diagnosis(f"nothing listens on port {place.port} of {place.host}: {error}",
                         why=f"A server that is checked with --port runs already: `{typed()} probe` says with what.")
    return Diagnosis(f"the command does not listen on port {place.port}", called=place.program.shown(),
                     output=place.program.last_lines(), why="{port} in the command stands for the port to listen on.")


FINDINGS: tuple[tuple[Callable[[Exchange, bool], bool], str], ...] = (
    (lambda exchange, is_called: not exchange.received and exchange.ended == "open",
     "the server does not answer: it took the connection and a request, and was silent for {seconds} seconds"),
    (lambda exchange, is_called: not exchange.received, "the server does not answer: it ends the connection"),
    (lambda exchange, is_called: exchange.status is None,
     "what the server sends is no response of HTTP/1.0 or HTTP/1.1"),
    (lambda exchange, is_called: exchange.body.startswith(PROBE) and not is_called,
     "the application is called, but PATH_INFO does not hold the path that was asked for"),
    (lambda exchange, is_called: exchange.status == 200 and not is_called,
     "what is served is not the probe: `{command} probe` says how it is mounted"),
    (lambda exchange, is_called: not is_called,
     "the server answers with status {status}, and does not call the application"),
    (lambda exchange, is_called: exchange.status != 200,
     "the application is called, but its answer does not arrive: the status is {status}"),
    (lambda exchange, is_called: exchange.body != b"ignored",
     "the application is called, but the body of its answer does not arrive as it was given"),
)  # what may be so of the first exchange, and what is said of it; the first that is so counts
