"""The line on which the probe reports what happens inside the application, and the place where these lines arrive.

Every wait has an end, and is ended by what it waits for: a line, an event on it, or its end.
"""
import contextlib
import itertools
import json
import socket
import time
from collections import defaultdict
from typing import Any

from wsgi_contract.time_limits import LIMITS

LOOPBACK = "127.0.0.1"


class ReportListener:
    """Takes the lines of the probe's reports, each from a request with a token of its own."""

    def __init__(self) -> None:
        self.listener: socket.socket | None = None  # made when it is known on which address
        self.arrived: dict[str, list[ReportLine]] = defaultdict(list)  # by token; one for each call of the application

    def at(self, host: str) -> str:
        """Return where lines arrive, as the probe reads it: PORT on 127.0.0.1, or PORT.HOST."""
        if self.listener is None:
            family = socket.AF_INET6 if ":" in host else socket.AF_INET
            self.listener = socket.create_server((host, 0), family=family, backlog=100)
        own, port = self.listener.getsockname()[:2]
        return str(port) if own == LOOPBACK else f"{port}.{own}"

    def lines_of(self, token: str, seconds: float, count: int = 1) -> list["ReportLine"]:
        """Return the lines of the request with this token, as soon as there are so many, or time is up."""
        end = time.monotonic() + seconds
        while len(self.arrived[token]) < count and (line := self.accept(end)):
            self.arrived[line.token()].append(line)
        return self.arrived[token]

    def accept(self, end: float) -> "ReportLine | None":
        """Return the next line, or None if none comes until end."""
        if self.listener is None:
            return None
        self.listener.settimeout(max(end - time.monotonic(), 0.001))
        try:
            return ReportLine(self.listener.accept()[0])
        except TimeoutError:
            return None

    def forget(self) -> None:
        """Hang up on all reports."""
        for line in itertools.chain(*self.arrived.values()):
            line.connection.close()
        self.arrived.clear()

    def close(self) -> None:
        """Hang up on all reports, and take no more."""
        self.forget()
        if self.listener:
            self.listener.close()


class ReportLine:
    """The report of one request: its events, in order."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.received = b""
        self.events: list[dict[str, Any]] = []
        self.ended = False

    def token(self) -> str:
        """Return the token of the request, or "" if none is reported."""
        found = self.event("called", LIMITS.wait)
        return found["token"] if found else ""

    def event(self, name: str | None, seconds: float) -> dict[str, Any] | None:
        """Return the first event with this name, or None if the report ends, or time, before it comes."""
        end = time.monotonic() + seconds
        while not (found := self.seen(name)) and self.receive(end):
            pass
        return found or self.seen(name)

    def seen(self, name: str | None) -> dict[str, Any] | None:
        """Return the first event with this name among those that have come, or None."""
        return next((event for event in self.events if event["event"] == name), None)

    def receive(self, end: float) -> bool:
        """Receive once, until end at the latest; tell whether more may come."""
        self.connection.settimeout(max(end - time.monotonic(), 0.001))
        try:
            block = self.connection.recv(65_536)
        except OSError:
            return False
        *lines, self.received = (self.received + block).split(b"\n")
        self.events += map(json.loads, lines)
        self.ended = not block
        return not self.ended

    def go_on(self) -> None:
        """Let a page that waits go on."""
        with contextlib.suppress(OSError):
            self.connection.sendall(b"\n")
