"""The client of one check: each request goes over a connection of its own, and all are closed in the end."""
from collections.abc import Sequence
from typing import Any

from wsgi_contract.answer import BLANK_LINE
from wsgi_contract.problem import NoMoreAnswers, NotSeen, shown_bytes
from wsgi_contract.time_limits import LIMITS
from wsgi_contract.under_test import ServerUnderTest
from wsgi_contract.wire import Exchange


class RawClient:
    """Asks the server under test, and can send any bytes."""

    def __init__(self, server: ServerUnderTest) -> None:
        self.server = server
        self.exchanges: list[Exchange] = []
        self.is_refused = False  # whether the server took no connection

    def connect(self) -> Exchange:
        """Return an Exchange over which nothing was sent yet. Raises NotSeen if the server takes no connection."""
        try:
            self.exchanges.append(self.server.begin())
        except OSError:
            self.is_refused = True
            raise NotSeen("the server takes no connection")
        return self.exchanges[-1]

    def request(self, exchange: Exchange, path: str, *, method: str = "GET", query: str | None = None,
                version: str = "1.1", fields: Sequence[str] = (), body: bytes | None = None,
                keep: bool = False) -> bytes:
        """Return a request for an Exchange. Without keep, the server is asked to close the connection.

        A body is announced with its length, unless fields say otherwise.
        """
        target = exchange.target(path) + ("" if query is None else f"?{query}")
        lines = [f"{method} {target} HTTP/{version}", f"Host: {self.host}", *fields]
        lines += [] if keep else ["Connection: close"]
        announced = any(line.lower().startswith(("content-length:", "transfer-encoding:")) for line in fields)
        lines += [f"Content-Length: {len(body)}"] if body is not None and not announced else []
        return "\r\n".join(lines).encode("latin-1") + BLANK_LINE + (body or b"")

    def begin(self, path: str, **options: Any) -> Exchange:
        """Send a request (see there) and return its Exchange."""
        exchange = self.connect()
        return exchange.send(self.request(exchange, path, **options))

    def ask(self, path: str, **options: Any) -> Exchange:
        """Send a request and return its Exchange once all has come back."""
        return self.begin(path, **options).read_all()

    def say(self, lines: Sequence[str], body: bytes = b"", *, path: str = "/ignore",
            seconds: float | None = None) -> Exchange:
        """Send the lines of a head as they are, and a body; return the Exchange once all has come back.

        {target} and {host} are filled in. Where a server may wait for more, give the seconds after which it is all.
        """
        exchange = self.connect()
        head = "\r\n".join(lines).replace("{target}", exchange.target(path)).replace("{host}", self.host)
        exchange.send(head.encode("latin-1") + BLANK_LINE + body).read_until(lambda received: False, seconds)
        return exchange

    def still_serves(self, seconds: float | None = None) -> bool:
        """Tell whether the server answers one more request, within some seconds."""
        try:
            exchange = self.begin("/ignore").read_answer(seconds)
        except NotSeen:
            return False
        exchange.close()  # some take the next only then
        return exchange.body == b"ignored"

    def require_service(self, problem: str, why: str, **rows: Any) -> None:
        """Return if the server answers one more request. Raises NoMoreAnswers."""
        if not self.still_serves():
            sent = shown_bytes(b"".join(exchange.sent for exchange in self.exchanges[:-1]))
            raise NoMoreAnswers(problem, why, sent=sent, **rows)

    @property
    def host(self) -> str:
        """The value of the Host field."""
        return self.server.place.authority

    def is_in_trouble(self) -> bool:
        """Tell whether the server takes no connection, or was silent in an exchange and is so in another one too."""
        is_silent = any(exchange.is_silent for exchange in self.exchanges)
        self.server.silences += is_silent
        for exchange in self.exchanges:
            exchange.close()  # a server that takes one after the other is free for the next
        return self.is_refused or is_silent and not self.still_serves(LIMITS.pause)

    def finish(self) -> None:
        """Close all connections, and end a server that may no longer serve: the next check has a fresh one."""
        is_in_trouble = self.is_in_trouble()
        self.close()
        if is_in_trouble or self.server.has_ended():
            self.server.end()

    def close(self) -> None:
        """Close all connections."""
        for exchange in self.exchanges:
            exchange.close()
        self.server.reports.forget()
