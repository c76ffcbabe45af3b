"""What the checks of ASGI ask the probe, and how they start a server anew for what comes before and after requests."""
import ast
import contextlib
import functools
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from wsgi_contract.launching import Program
from wsgi_contract.probe.coroutine_probe import VARIABLE
from wsgi_contract.problem import Departure, Diagnosis, NotOffered, NotSeen
from wsgi_contract.raw_client import RawClient
from wsgi_contract.report_lines import LOOPBACK, ReportLine
from wsgi_contract.smoke_test import connected
from wsgi_contract.time_limits import LIMITS
from wsgi_contract.under_test import ServerUnderTest, Started
from wsgi_contract.wire import Exchange, tokens


def told(exchange: Exchange) -> Any:
    """Return what the probe has answered with. Raises NotSeen if it has not."""
    text = exchange.answered().body.decode("utf-8", "replace")
    try:
        return ast.literal_eval(text)
    except (SyntaxError, ValueError):
        return exchange.presume(None, "the answer of the probe does not arrive as it was given")


def scope_of(client: RawClient, path: str = "/scope", **options: Any) -> tuple[Exchange, dict[str, Any]]:
    """Return the exchange of a request and the scope that it had. Raises NotOffered if the server refuses it."""
    exchange = client.ask(path, **options)
    if exchange.status in (400, 405) and not exchange.is_called():
        raise NotOffered(f"the server refuses such a request: {exchange.status}")
    return exchange, told(exchange)


def optional(scope: dict[str, Any], key: str) -> Any:
    """Return a value of the scope. Raises NotOffered if it is not there: then ASGI says what is meant."""
    if scope.get(key) is None:
        raise NotOffered(f"the scope has no {key}")
    return scope[key]


@dataclass
class Life:
    """A server that was started anew: its program, what has become of the start, and what the application reports."""

    server: ServerUnderTest
    token: str
    started: Started | None = None
    trouble: str = ""  # what was said of a start that has failed

    @functools.cached_property
    def client(self) -> RawClient:
        """A client of the new server, as soon as that answers; its reports arrive with those of the other. Raises
        NotSeen.
        """
        if self.started is None:
            raise NotSeen("the server does not start")
        server = ServerUnderTest(self.server.start)
        server.reports, server.running = self.server.reports, self.started
        return first_client(server)

    @property
    def program(self) -> Program:
        """The program. Raises NotSeen if it does not run."""
        if not self.started or not self.started.program:
            raise NotSeen("the server does not start")
        return self.started.program

    def event(self, name: str, seconds: float | None = None) -> dict[str, Any] | None:
        """Return what the application has reported, or None."""
        seconds = LIMITS.wait if seconds is None else seconds
        lines: list[ReportLine] = self.server.reports.lines_of(self.token, seconds)
        return lines[0].event(name, seconds) if lines else None

    def go_on(self) -> None:
        """Let the application go on."""
        for line in self.server.reports.lines_of(self.token, LIMITS.wait):
            line.go_on()

    def printed(self) -> str:
        """Return what the server has printed."""
        return self.trouble or self.program.printed_so_far()

    def prints(self, text: str) -> bool:
        """Tell whether the server prints a text."""
        return text in self.trouble or bool(self.started and self.program.wait_for(
            lambda: text in self.program.printed_so_far(), LIMITS.wait))

    def ends(self, seconds: float | None = None) -> bool:
        """Tell whether the program ends, or has not come to run."""
        if not self.started:
            return True
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self.program.process.wait(LIMITS.wait if seconds is None else seconds) is not None
        return False


def first_client(server: ServerUnderTest) -> RawClient:
    """Return a client of a server as soon as that takes a connection. Raises NotSeen."""
    try:
        exchange = connected(server)
    except Diagnosis as error:
        raise NotSeen(error.problem)
    client = RawClient(server)
    exchange.send(client.request(exchange, "/ignore")).read_answer().close()
    return client


@contextlib.contextmanager
def anew(client: RawClient, how: str) -> Iterator[Life]:
    """Start the server anew, with what the probe does with its lifespan. Raises NotOffered where that can't be."""
    if client.server.place.program is None:
        raise NotOffered("a server that ran already can't be started anew")
    life = Life(client.server, str(next(tokens)))
    os.environ[VARIABLE] = f"{how} /to-{client.server.reports.at(LOOPBACK)}.{life.token}"
    with contextlib.ExitStack() as stack:
        stack.callback(os.environ.pop, VARIABLE, None)
        try:
            life.started = stack.enter_context(client.server.start())
        except Diagnosis as error:
            life.trouble = f"{error.problem}\n{error.rows.get('output', '')}"
        except AssertionError as error:  # of a plugin's own
            life.trouble = f"{error}\n{getattr(error, 'rows', {}).get('output', '')}"
        yield life
        for exchange in life.client.exchanges if "client" in vars(life) else ():
            exchange.close()


def require_lifespan(client: RawClient) -> None:
    """Return if the server calls the application for its lifespan. Raises NotOffered."""
    def look() -> bool:
        return told(client.ask("/lifespan-facts"))["scope"] is not None

    if not client.server.remembered("lifespan", look):
        raise NotOffered("the server has no lifespan")


@contextlib.contextmanager
def mounted(client: RawClient) -> Iterator[RawClient]:
    """Run the server under test mounted at MOUNT, and give a client of it. Raises NotOffered."""
    start = client.server.start_mounted
    if start is None:
        raise NotOffered("nobody has said how it is mounted")
    server = ServerUnderTest(start)
    try:
        server.running = server.started()
        yield first_client(server)
    finally:
        server.close()


def require(life: Life, condition: Any, problem: str, fact: str, why: str) -> None:
    """Return if a condition holds. Raises Departure."""
    if not condition:
        output = life.trouble or life.program.last_lines()
        raise Departure(problem, fact, why, found=fact, output=output)

