"""The checks' end of the wire: a client on a raw socket, and the line on which the probe tells what it sees.

Every wait has an end, and is ended by what it waits for: bytes that arrive, a connection that closes, an event of the
probe. An exchange that comes to nothing is told with what was sent and what came back.
"""
import contextlib
import itertools
import json
import os
import re
import socket
import struct
import time
from collections import defaultdict

from workshop.checking.answer import read_answer
from workshop.checking.diagnosis import Diagnosis, shown_bytes

SECONDS = 5  # for anything to happen
HELD = 2  # for a block to arrive that was sent
BRIEFLY = 0.05  # seconds to look for what should not come, where a right server's verdict does not depend on it
LINGER = "hh" if os.name == "nt" else "ii"  # how the system has the struct of SO_LINGER
BLANK_LINE = b"\r\n\r\n"
TOO_MUCH = 16_000_000  # bytes, more than any answer of the probe that is read to its end
tokens = itertools.count(1)


class Departure(Diagnosis):
    """A server departs from a clause or a rule; fact (str) is what it did, the same each time."""

    def __init__(self, problem, fact, why, **rows):
        super().__init__(problem, why=why, **rows)
        self.fact = fact


class Witness:
    """Takes the lines of the probe's reports, each from a request with a token of its own."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=100)
        self.port = self.listener.getsockname()[1]
        self.arrived = defaultdict(list)  # token -> [Line], one for each call of the application

    def lines_of(self, token, seconds, count=1):
        """Return the Lines of the request with this token, as soon as there are so many, or time is up."""
        end = time.monotonic() + seconds
        while len(self.arrived[token]) < count and (line := self.accept(end)):
            self.arrived[line.token()].append(line)
        return self.arrived[token]

    def accept(self, end):
        """Return the next Line, or None if none comes until end."""
        self.listener.settimeout(max(end - time.monotonic(), 0.001))
        try:
            return Line(self.listener.accept()[0])
        except TimeoutError:
            return None

    def forget(self):
        """Hang up on all reports."""
        for line in itertools.chain(*self.arrived.values()):
            line.connection.close()
        self.arrived.clear()

    def close(self):
        self.forget()
        self.listener.close()


class Line:
    """The report of one request: its events, in order."""

    def __init__(self, connection):
        self.connection = connection
        self.received = b""
        self.events = []
        self.ended = False

    def token(self):
        """Return the token of the request."""
        found = self.event("called", SECONDS)
        return found and found["token"]

    def event(self, name, seconds):
        """Return the first event with this name (a dict), or None if the report ends, or time, before it comes."""
        end = time.monotonic() + seconds
        while not (found := self.seen(name)) and self.receive(end):
            pass
        return found or self.seen(name)

    def seen(self, name):
        return next((event for event in self.events if event["event"] == name), None)

    def receive(self, end):
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

    def go_on(self):
        """Let a page that waits go on."""
        with contextlib.suppress(OSError):
            self.connection.sendall(b"\n")


class Exchange:
    """One connection to the server, what was sent over it and what came back."""

    def __init__(self, port, witness, patience=SECONDS):
        self.witness, self.token = witness, str(next(tokens))
        self.patience = patience
        self.connection = socket.create_connection(("127.0.0.1", port), SECONDS)
        self.sent, self.received = b"", b""
        self.ended = None  # "closed", "reset" or "open" (still), once all was read

    def target(self, path, query=""):
        """Return path with the query that makes the probe report to this exchange."""
        return f"{path}?report={self.witness.port}.{self.token}{query}"

    def send(self, data):
        """Send data (bytes). A server that has hung up is no error yet: what came back will tell."""
        self.sent += data
        with contextlib.suppress(ConnectionError):
            self.connection.sendall(data)
        return self

    def hang_up(self):
        """Say that nothing more will be sent."""
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_WR)
        return self

    def leave(self):
        """Leave at once, as a client does that has crashed: the server's next send fails."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack(LINGER, 1, 0))
        self.connection.close()

    def receive(self, end):
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

    def read_until(self, found, seconds=None):
        """Receive until found(received bytes) is true; tell whether it is."""
        end = time.monotonic() + (seconds or self.patience)
        while not found(self.received) and self.receive(end):
            pass
        return found(self.received)

    def read_while_it_waits(self, found):
        """Receive until found(received bytes) is true, while the application waits; tell whether it is.

        The block was given to the server before the application waits, so it has been sent, or is just being sent.
        """
        self.event("waits", BRIEFLY)  # a large block is taken only as fast as it is received
        return self.read_until(found, HELD)

    def read_all(self):
        """Receive until the server closes, or for some seconds."""
        self.read_until(lambda received: False)
        if self.ended != "open":
            self.connection.close()
        return self

    # What came back. Nothing here complains: the checks do.

    @property
    def final(self):
        """What came back, without interim responses."""
        return re.sub(rb"\A(HTTP/1\.1 1\d\d .*?\r\n\r\n)+", b"", self.received, flags=re.DOTALL)

    @property
    def status(self):
        """The status (int) of the final response, or None if there is none."""
        found = re.match(rb"HTTP/\d\.\d (\d{3})", self.final)
        return int(found[1]) if found else None

    @property
    def head(self):
        """The lines of the final head (a list of str)."""
        return self.final.partition(BLANK_LINE)[0].decode("latin-1").split("\r\n")

    def values(self, name):
        """Return the values of all fields with this name."""
        pairs = (line.partition(":") for line in self.head[1:])
        return [value.strip() for key, _, value in pairs if key.strip().lower() == name.lower()]

    @property
    def answers(self):
        """How many final responses came back."""
        return len(re.findall(rb"HTTP/1\.\d [2-5]\d\d ", self.received))

    @property
    def body(self):
        """The body, without chunks where there are any."""
        body = self.final.partition(BLANK_LINE)[2]
        return unchunked(body) if self.values("Transfer-Encoding") else body

    def answer(self, *, head_only=False):
        """Return the Answer, read strictly. Raises Departure where it is no response by RFC 9112."""
        try:
            return read_answer(self.final, head_only=head_only)
        except Diagnosis as error:
            raise Departure(error.problem, self.summary(), error.rows["why"], **self.rows(error.rows))

    # What the probe told.

    def event(self, name, seconds=None):
        """Return an event of the probe in this exchange (a dict), or None if there was none."""
        lines = self.witness.lines_of(self.token, seconds or self.patience)
        return lines[0].event(name, seconds or self.patience) if lines else None

    def count(self, name):
        """Return how often an event has come; a second one would follow the first at once."""
        self.event(name)
        lines = self.witness.lines_of(self.token, BRIEFLY, count=2)
        for line in lines:
            line.event(None, BRIEFLY)
        return sum(event["event"] == name for line in lines for event in line.events)

    def go_on(self):
        """Let the page that waits go on."""
        for line in self.witness.lines_of(self.token, self.patience):
            line.go_on()
        return self

    # Telling.

    def summary(self):
        """Return in short what came back, without anything that differs from time to time."""
        if not self.received:
            return "nothing came back" + (", and the connection stays open" if self.ended == "open" else "")
        line = repr(self.head[0])[1:-1]
        return f"{line}, a long body" if len(self.body) > 60 else f"{line}, body {self.body!r}"

    def rows(self, more=()):
        """Return the rows of a diagnosis: what was sent, what came back, and more."""
        came_back = shown_bytes(self.received) + {"open": ", and the connection stays open",
                                                  "reset": ", and the connection is reset"}.get(self.ended, "")
        return {"sent": shown_bytes(self.sent, 300), "came back": came_back,
                **{name: text for name, text in dict(more).items() if name != "why"}}

    def require(self, condition, problem, why, *, fact=None, expected=None):
        """Fail unless condition holds. fact is what the server did, in short; else it is what came back."""
        if not condition:
            found = {"found": fact} if fact else {}
            raise Departure(problem, fact or self.summary(), why, **self.rows({"expected": expected} | found))

    def close(self):
        self.connection.close()


def unchunked(data):
    """Return what chunked data stands for, as far as it can be read."""
    body = b""
    while found := re.match(rb"([0-9A-Fa-f]+)[^\r\n]*\r\n", data):
        size = int(found[1], 16)
        body += data[found.end():found.end() + size]
        data = data[found.end() + size + 2:]
    return body
