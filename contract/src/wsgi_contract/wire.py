"""The checks' end of the wire: a client on a raw socket, which also looks at what the probe reports of the request.

Every wait has an end, and is ended by what it waits for: bytes that arrive, a connection that closes, an event of the
probe. An exchange that comes to nothing is shown with what was sent and what came back.
"""
import contextlib
import itertools
import os
import re
import select
import socket
import struct
import time
from collections.abc import Callable, Mapping
from typing import Any

from wsgi_contract.answer import BLANK_LINE, Answer, read_answer
from wsgi_contract.problem import Departure, Diagnosis, Held, NotOffered, NotSeen, shown_bytes
from wsgi_contract.report_lines import ReportListener
from wsgi_contract.time_limits import LIMITS

BRIEFLY = 0.05  # seconds to look for what should not come, where a right server's verdict does not depend on it
LINGER = "hh" if os.name == "nt" else "ii"  # how the system has the struct of SO_LINGER
ENDS = {"open": ", and the connection stays open", "reset": ", and the connection is reset"}
BLANK = re.compile(rb"\r?\n\r?\n")  # the line that ends a head, as it should be or with bare LFs
LAST_CHUNK = b"0\r\n\r\n"
NOT_OFFERED = (411, 501)  # statuses of a server that does not do what it need not do
TOO_MUCH = 16_000_000  # bytes, more than any answer of the probe that is read to its end
tokens = itertools.count(1)


class Exchange:
    """One connection to the server, what was sent over it and what came back."""

    def __init__(self, address: tuple[str, int], reports: ReportListener, patience: float) -> None:
        self.reports, self.token, self.patience = reports, str(next(tokens)), patience
        self.connection = socket.create_connection(address, LIMITS.wait)
        self.client_host: str = self.connection.getsockname()[0]
        self.sent, self.received = b"", b""
        self.ended: str | None = None  # "closed", "reset" or "open" (still), once all was read

    def target(self, path: str) -> str:
        """Return a path of the probe below the part that makes it report to this exchange."""
        return f"/to-{self.reports.at(self.client_host)}.{self.token}{path}"

    def send(self, data: bytes) -> "Exchange":
        """Send data, and return this. A server that has hung up is no error yet: what came back will show it."""
        self.sent += data
        with contextlib.suppress(ConnectionError):
            self.connection.sendall(data)
        return self

    def leave(self) -> None:
        """Leave at once, as a client does that has crashed: the server's next send fails."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack(LINGER, 1, 0))
        self.connection.close()

    def receive(self, end: float) -> bool:
        """Receive once; tell whether more may come."""
        self.connection.settimeout(max(end - time.monotonic(), 0.001))
        try:
            block = self.connection.recv(262_144)
        except TimeoutError:
            self.ended = "open"
            return False
        except OSError:
            self.ended = "reset"
            return False
        self.received += block
        self.ended = "open" if len(self.received) > TOO_MUCH else None if block else "closed"
        return self.ended is None

    def read_until(self, found: Callable[[bytes], bool], seconds: float | None = None) -> bool:
        """Receive until found(received bytes) is true; tell whether it is."""
        end = time.monotonic() + (self.patience if seconds is None else seconds)
        while not found(self.received) and self.receive(end):
            pass
        return found(self.received)

    def read_while_it_waits(self, found: Callable[[bytes], bool]) -> bool:
        """Receive until found(received bytes) is true, while the application waits; tell whether it is.

        The block was given to the server before the application waits, so it has been sent, or is just being sent.
        """
        self.event("waits", BRIEFLY)  # a large block is taken only as fast as it is received
        return self.read_until(found)

    def read_all(self) -> "Exchange":
        """Receive until the server closes, or for some seconds, and return this; fewer, once an answer is there."""
        self.read_until(lambda received: False, LIMITS.pause)
        if self.ended == "open":
            self.read_until(lambda received: False, LIMITS.pause if self.is_answered else self.patience - LIMITS.pause)
        if self.ended != "open":
            self.connection.close()
        return self

    def read_answer(self, seconds: float | None = None) -> "Exchange":
        """Receive until an answer is there, or the connection ends, or for some seconds, and return this.

        The connection may stay open. An answer that has no length ends with it.
        """
        self.read_until(lambda received: self.is_answered, seconds)
        return self

    @property
    def is_answered(self) -> bool:
        """Whether an answer has come, from its beginning to its end."""
        return is_complete(self.final, self.sent.startswith(b"HEAD "))

    @property
    def is_silent(self) -> bool:
        """Whether an answer was waited for that did not come, and the connection is still there."""
        return self.ended == "open" and not self.is_answered

    # What a check presupposes. Where it does not hold, the check can't look at what it is about.

    def presume(self, condition: Held | None, reason: str) -> Held:
        """Return condition if it holds. Raises NotSeen, for a reason that is the same each time."""
        if not condition:
            raise NotSeen(self.steady(reason), **self.rows({}))
        return condition

    def called(self) -> "Exchange":
        """Return this if the application was called. Raises NotSeen, or NotOffered where the server says so.

        Of a request whose target does not make the probe report, nothing is known but what comes back.
        """
        if self.target("").encode() in self.sent and not self.is_called():
            if self.status in NOT_OFFERED:
                raise NotOffered(f"the server does not take such a request: {self.status}")
            self.presume(None, f"the application is not called: {self.in_short()}")
        return self

    def is_called(self) -> bool:
        """Tell whether the application is called, as soon as the probe has reported it, or an answer is there."""
        end = time.monotonic() + LIMITS.wait
        while not (event := self.event("called", BRIEFLY)) and self.may_still_come() and time.monotonic() < end:
            pass
        return event is not None

    def may_still_come(self) -> bool:
        """Tell whether an answer is still to come; what has come is received, and nothing is waited for."""
        if self.ended is None and select.select([self.connection], [], [], 0)[0]:
            self.receive(time.monotonic())
        return self.ended is None and not self.is_answered

    def answered(self, status: int = 200) -> "Exchange":
        """Return this if the application was called, and its answer has arrived with the status that it set."""
        self.called().presume(self.status == status, f"the answer of the application does not arrive: "
                                                     f"{self.in_short()}")
        return self

    def reported(self, name: str) -> dict[str, Any]:
        """Return an event of the probe. Raises NotSeen if the application did not come so far."""
        event = self.called().event_unless_failed(name)
        if not event and self.ended is None:
            self.read_answer(LIMITS.pause)  # it tells why
        return self.presume(event, f"the application did not come so far: {self.in_short()}")

    # What came back. Nothing here complains: the checks do.

    @property
    def final(self) -> bytes:
        """What came back, without interim responses."""
        return re.sub(rb"\A(HTTP/1\.1 1\d\d .*?\r\n\r\n)+", b"", self.received, flags=re.DOTALL)

    @property
    def status(self) -> int | None:
        """The status of the final response, or None if there is none."""
        found = re.match(rb"HTTP/\d\.\d (\d{3})", self.final)
        return int(found[1]) if found else None

    @property
    def head(self) -> list[str]:
        """The lines of the final head."""
        return self.final.partition(BLANK_LINE)[0].decode("latin-1").split("\r\n")

    def values(self, name: str) -> list[str]:
        """Return the values of all fields with this name."""
        pairs = (line.partition(":") for line in self.head[1:])
        return [value.strip() for key, _, value in pairs if key.strip().lower() == name.lower()]

    def options(self, name: str) -> list[str]:
        """Return what all fields with this name list, in lower case."""
        return [option.strip().lower() for value in self.values(name) for option in value.split(",")]

    @property
    def answers(self) -> int:
        """How many final responses came back."""
        return len(re.findall(rb"HTTP/1\.\d [2-5]\d\d ", self.received))

    @property
    def body(self) -> bytes:
        """The body, without chunks where there are any."""
        body = self.final.partition(BLANK_LINE)[2]
        return unchunked(body) if self.values("Transfer-Encoding") else body

    def answer(self) -> Answer:
        """Return the Answer, read strictly. Raises Departure where it is no response by RFC 9112."""
        try:
            return read_answer(self.final)
        except Diagnosis as error:
            raise Departure(error.problem, self.steady(self.summary()), error.rows["why"], **self.rows(error.rows))

    # What the probe has reported.

    def event(self, name: str, seconds: float | None = None) -> dict[str, Any] | None:
        """Return an event of the probe in this exchange, or None if there was none."""
        seconds = self.patience if seconds is None else seconds
        lines = self.reports.lines_of(self.token, seconds)
        return lines[0].event(name, seconds) if lines else None

    def event_unless_failed(self, name: str) -> dict[str, Any] | None:
        """Return an event of the probe, or None; it is not waited for as long where an error has come back."""
        end = time.monotonic() + self.patience
        while not (event := self.event(name, BRIEFLY)) and not self.is_over() and time.monotonic() < end:
            pass
        return event or self.event(name, LIMITS.pause if self.is_over() else 0)

    def is_over(self) -> bool:
        """Tell whether the report has ended, or an error has come back; what has come is received."""
        lines = self.reports.lines_of(self.token, 0)
        return bool(lines) and lines[0].ended or not self.may_still_come() and (self.status or 0) >= 500

    def count(self, name: str) -> int:
        """Return how often an event has come; a second one would follow the first at once."""
        self.event(name)
        lines = self.reports.lines_of(self.token, BRIEFLY, count=2)
        for line in lines:
            line.event(None, BRIEFLY)
        return sum(event["event"] == name for line in lines for event in line.events)

    def go_on(self) -> "Exchange":
        """Let the page that waits go on, and return this."""
        for line in self.reports.lines_of(self.token, LIMITS.wait):
            line.go_on()
        return self

    # How it is shown.

    def in_short(self) -> str:
        """Return the status that came back, or what came in place of one."""
        return f"status {self.status}" if self.status else self.summary()

    def summary(self) -> str:
        """Return in short what came back, without anything that differs from time to time."""
        if not self.received:
            return "nothing came back" + (", and the connection stays open" if self.ended == "open" else "")
        line = repr(self.head[0])[1:-1]
        rest = b"".join(BLANK.split(self.received, maxsplit=1)[1:])  # gunicorn's 500 on 3.14 has a bare LF there
        return f"{line}, a long body" if len(rest) > 60 else f"{line}, body {self.body!r}"

    def rows(self, more: Mapping[str, Any]) -> dict[str, Any]:
        """Return the rows of a diagnosis: what was sent, what came back, and more."""
        came_back = shown_bytes(self.received) + ENDS.get(self.ended or "", "")
        return {"sent": shown_bytes(self.sent, 300), "came back": came_back,
                **{name: text for name, text in more.items() if name != "why"}}

    def steady(self, text: str) -> str:
        """Return a text without what differs from time to time: the place that the probe reports to."""
        return text.replace(self.target(""), "")

    def require(self, condition: Held | None, problem: str, why: str, *, fact: str | None = None,
                expected: object = None) -> Held:
        """Return condition if it holds, else fail. fact is what the server did, in short; else it is what came back."""
        if not condition:
            found = {"found": fact} if fact else {}
            raise Departure(problem, self.steady(fact or self.summary()), why,
                            **self.rows({"expected": expected} | found))
        return condition

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()


def is_complete(data: bytes, head_only: bool) -> bool:
    """Tell whether data is an answer from its beginning to its end, as its head says where that is."""
    head, blank, body = data.partition(BLANK_LINE)
    fields = head.lower()
    if not blank or head_only or re.match(rb"http/1\.\d (1..|204|304)", fields):
        return bool(blank)
    if b"\r\ntransfer-encoding:" in fields:
        return body.endswith(LAST_CHUNK)
    length = re.search(rb"\r\ncontent-length:[ \t]*(\d+)", fields)
    return bool(length) and len(body) >= int(length[1])  # type: ignore[index]


def unchunked(data: bytes) -> bytes:
    """Return what chunked data stands for, as far as it can be read."""
    body = b""
    while found := re.match(rb"([0-9A-Fa-f]+)[^\r\n]*\r\n", data):
        size = int(found[1], 16)
        body += data[found.end():found.end() + size]
        data = data[found.end() + size + 2:]
    return body
