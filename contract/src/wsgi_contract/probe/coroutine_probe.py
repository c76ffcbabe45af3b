"""The probe for ASGI: an application that shows what the server under it does. It needs wsgi_probe.py beside it.

    uvicorn wsgi_contract.probe.coroutine_probe:application

The path is as in wsgi_probe.py: `/to-PORT.TOKEN`, where the suite listens, and then a page in PAGES. What the
application does before its first request and after its last, the variable ASGI_PROBE says: one of LIFESPANS, and after
a space the place where that is reported.
"""
import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

try:
    from wsgi_contract.probe.wsgi_probe import Report, parts_of
except ImportError:  # these two files are all there is
    from wsgi_probe import Report, parts_of  # type: ignore[no-redef]

Scope = dict[str, Any]
Message = dict[str, Any]
NAMES = ("receive", "send")  # what an application is called with, beside the scope
VARIABLE = "ASGI_PROBE"
BRIEFLY = 0.1  # seconds that the start takes: who serves before its end is seen to do so
HELD = 0.5  # seconds without progress, after which a send counts as held up
SECONDS = 15  # that the probe waits for an event, at the most
PART = b"x" * 262_144
PARTS = 256  # of PART: 64 MB, more than all buffers between two programs take
LENGTH = (b"content-length", b"5")
PLAIN = {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]}
HELLO = {"type": "http.response.body", "body": b"hello"}
MORE = {**HELLO, "more_body": True}
PAGES: dict[str, Callable[["Call"], Awaitable[None]]] = {}  # by the name in the path
seen: dict[str, Any] = {"calls": 0, "begun": 0, "ready": False, "early": 0, "scope": None, "loop": None}  # of lifespan
shared = object()  # is left in the state


def start(**more: Any) -> Message:
    """Return PLAIN with other values."""
    return {**PLAIN, **more}


def each_header() -> Iterator[Iterator[bytes]]:
    """Yield headers as iterables that are neither lists nor tuples."""
    yield iter([b"content-length", b"5"])
    yield iter([b"x-probe", b"one"])


def without(message: Message, key: str) -> Message:
    """Return a message without a key."""
    return {name: value for name, value in message.items() if name != key}


RESPONSES: dict[str, Callable[[], list[Message]]] = {
    "plain": lambda: [start(headers=[LENGTH]), HELLO],
    "teapot": lambda: [start(status=418, headers=[LENGTH]), HELLO],
    "order": lambda: [start(headers=[LENGTH, (b"x-b", b"1"), (b"set-cookie", b"a=1"), (b"x-a", b"2"),
                                     (b"set-cookie", b"b=2"), (b"x-b", b"3")]), HELLO],
    "latin": lambda: [start(headers=[LENGTH, (b"x-probe", b"caf\xe9")]), HELLO],
    "no-headers": lambda: [without(PLAIN, "headers"), HELLO],
    "iterators": lambda: [start(headers=each_header()), HELLO],
    "no-body": lambda: [start(headers=[(b"x-probe", b"one")]), {"type": "http.response.body"}],
    "parts": lambda: [PLAIN, {**MORE, "body": b"one "}, {**MORE, "body": b""}, {**MORE, "body": b"two "},
                      {**HELLO, "body": b"three"}],
    "no-length": lambda: [PLAIN, MORE, HELLO],
    "coding": lambda: [start(headers=[(b"transfer-encoding", b"chunked"), LENGTH]), HELLO],
    "coding-alone": lambda: [start(headers=[(b"transfer-encoding", b"chunked")]), HELLO],
    "204": lambda: [start(status=204, headers=[]), {"type": "http.response.body"}],
    "304": lambda: [start(status=304, headers=[]), {"type": "http.response.body"}],
    "more-keys": lambda: [start(headers=[LENGTH], probe=1), {**HELLO, "probe": 1}],
    "after-the-end": lambda: [start(headers=[LENGTH]), HELLO, {**HELLO, "body": b"too late"}],
}  # messages that are sent one after the other
WRONG: dict[str, list[Message]] = {
    "unknown-type": [{"type": "http.response.probe"}],
    "no-type": [{"status": 200, "headers": []}],
    "no-status": [without(PLAIN, "status")],
    "text-header": [start(headers=[("x-probe", "one")])],
    "text-body": [start(headers=[LENGTH]), {**HELLO, "body": "hello"}],
    "text-status": [start(status="200 OK")],
    "body-first": [HELLO],
    "start-twice": [start(headers=[LENGTH]), MORE, PLAIN],
}  # messages, the last of which is wrong


class Call:
    """One call of the application for a request."""

    def __init__(self, scope: Scope, receive: Callable[[], Awaitable[Message]],
                 send: Callable[[Message], Awaitable[None]]) -> None:
        self.scope, self.receive, self.send = scope, receive, send
        path = scope.get("path")
        environ = {"PATH_INFO": path if isinstance(path, str) else ""}
        self.report = Report(environ)
        self.name, self.how, *_ = parts_of(environ)

    async def wait(self) -> None:
        """Say that the page waits, and go on when the checks say so; others run meanwhile."""
        await asyncio.get_running_loop().run_in_executor(None, self.report.wait)

    async def event(self) -> Message:
        """Return the next event. Raises TimeoutError if none comes."""
        return await asyncio.wait_for(asyncio.ensure_future(self.receive()), SECONDS)

    async def body(self) -> list[Message]:
        """Return the events up to the end of the body, or the first one that is none of it."""
        events = [await self.event()]
        while events[-1].get("type") == "http.request" and events[-1].get("more_body", False):
            events.append(await self.event())
        return events

    async def attempt(self, event: str, message: Message) -> bool:
        """Send a message, and report what that raises; tell whether it raised nothing."""
        try:
            await self.send(message)
        except Exception as error:
            self.report.tell(event, raised=type(error).__name__, is_os_error=isinstance(error, OSError))
            return False
        self.report.tell(event, raised=None, is_os_error=False)
        return True

    async def answer(self, body: bytes) -> None:
        """Answer with a body."""
        await self.send(start(headers=[(b"content-length", b"%d" % len(body))]))
        await self.send({**HELLO, "body": body})


def page(function: Callable[[Call], Awaitable[None]]) -> Callable[[Call], Awaitable[None]]:
    """Make a function a page; its name says where: first_part is /first-part."""
    PAGES[function.__name__.replace("_", "-")] = function
    return function


def plain(value: Any) -> Any:
    """Return a value as Python can read it again; what it can't, as the name of its type in angle brackets."""
    if type(value) in (str, bytes, int, float, bool, type(None)):
        return value
    if isinstance(value, dict):
        return {plain(key): plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    return f"<{type(value).__name__}>"


def exactly(value: Any) -> bool:
    """Tell whether an event has nothing in it but the types that ASGI names."""
    if isinstance(value, dict):
        return all(type(key) is str and exactly(one) for key, one in value.items())
    return all(map(exactly, value)) if type(value) in (list, tuple) else value is None or type(value) in (
        bytes, str, int, float, bool)


def shown(scope: Scope) -> dict[str, Any]:
    """Return a scope in plain values, its headers as pairs, whatever they are in."""
    found = plain({name: value for name, value in scope.items() if name not in ("headers", "state")})
    return {**found, "headers": [[plain(part) for part in pair] for pair in scope.get("headers", ())]}


# What the server gives.


@page
async def ignore(call: Call) -> None:
    """Answer without a look at anything."""
    await call.answer(b"ignored")


@page
async def scope(call: Call) -> None:
    """Answer with the scope."""
    await call.answer(repr(shown(call.scope)).encode())


@page
async def changes_scope(call: Call) -> None:
    """Change the scope, and answer with it."""
    call.scope["probe"] = 1
    call.scope["path"] = call.scope["method"] = "changed"
    call.scope["asgi"]["version"] = "changed"
    await call.answer(b"changed")


@page
async def how_called(call: Call) -> None:
    """Answer with how the application was called, and whether asyncio runs it."""
    task = asyncio.current_task()
    facts = {"is dict": isinstance(call.scope, dict), "keys": sorted({type(key).__name__ for key in call.scope}),
             "positional": seen["arguments"], "task": task is not None, "callable": [
                 callable(call.receive), callable(call.send)]}
    await asyncio.sleep(0)
    await call.answer(repr(facts).encode())


@page
async def events(call: Call) -> None:
    """Answer with the events of the body: type, length and more_body of each, whether all are as ASGI has it."""
    found = await call.body()
    body = b"".join(event.get("body", b"") for event in found)
    facts = {"types": sorted({event.get("type", "") for event in found}), "body": plain(body[:100]),
             "length": len(body), "exact": all(map(exactly, found)), "last": found[-1].get("more_body", False),
             "flags": sorted({type(event.get("more_body", False)).__name__ for event in found}),
             "is bytes": all(type(event.get("body", b"")) is bytes for event in found)}
    call.report.tell("events", types=facts["types"], length=len(body))
    await call.answer(repr(facts).encode())


@page
async def first_part(call: Call) -> None:
    """Report the first event as it comes."""
    event = await call.event()
    call.report.tell("part", type=event.get("type"), length=len(event.get("body", b"")), more=event.get("more_body"))
    if event.get("more_body"):
        await call.body()
    await call.answer(b"read")


@page
async def listens(call: Call) -> None:
    """Wait for an event after the body, and answer before one has come."""
    await call.body()
    waiting = asyncio.ensure_future(call.receive())
    await call.wait()
    early = waiting.result().get("type") if waiting.done() else None
    call.report.tell("early", type=early)
    await call.answer(b"answered")
    call.report.tell("later", type=(await asyncio.wait_for(waiting, SECONDS)).get("type"))


async def tell_events(call: Call) -> None:
    """Report the next two events."""
    for name in ("event", "again"):
        event = await call.event()
        call.report.tell(name, type=event.get("type"), exact=exactly(event))


@page
async def asks_afterwards(call: Call) -> None:
    """Answer, and ask for events then."""
    await call.body()
    await call.answer(b"answered")
    await tell_events(call)


@page
async def leaves(call: Call) -> None:
    """Wait until the client has left, and then send."""
    await call.body()
    call.report.tell("begun")
    event = await call.event()
    call.report.tell("event", type=event.get("type"))
    alive = await call.attempt("sent", start(headers=[]))
    await call.attempt("sent body" if alive else "sent more", {**MORE, "body": PART})
    call.report.tell("went on")
    if call.how == "raises":
        await call.send({**HELLO, "body": b"nobody reads this"})


@page
async def asks_again(call: Call) -> None:
    """Wait until the client has left, and ask once more."""
    await call.body()
    call.report.tell("begun")
    await tell_events(call)


@page
async def leaves_while_it_streams(call: Call) -> None:
    """Send a part, and when the client has left, more, until that raises or there were many."""
    await call.send(start(headers=[]))
    await call.send(MORE)
    call.report.tell("begun")
    event = await call.event()
    while event.get("type") == "http.request":
        event = await call.event()
    call.report.tell("event", type=event.get("type"))
    for _ in range(20):
        if not await call.attempt("tried", {**MORE, "body": b"more"}):
            break
        await asyncio.sleep(0)
    call.report.tell("went on")


# What the application sends.


@page
async def sends(call: Call) -> None:
    """Send the messages of a response, and report what each raises."""
    for message in RESPONSES[call.how]():
        await call.attempt("sent", message)
    call.report.tell("done")


@page
async def sends_wrong(call: Call) -> None:
    """Send messages, the last of which is wrong; report what that raises."""
    *first, last = WRONG[call.how]
    for message in first:
        await call.send(message)
    await call.attempt("sent wrong", last)


@page
async def streams(call: Call) -> None:
    """Wait between two parts."""
    await call.send(PLAIN)
    await call.send({**MORE, "body": b"first"})
    await call.wait()
    await call.send({**HELLO, "body": b"second"})


@page
async def empty_first(call: Call) -> None:
    """Begin with a part that is empty, and wait."""
    await call.send(start(headers=[(b"x-probe", b"one")]))
    await call.send({**MORE, "body": b""})
    await call.wait()
    await call.send(HELLO)


@page
async def floods(call: Call) -> None:
    """Send 64 MB, as far as the server takes them."""
    await call.send(start(headers=[]))
    for count in range(PARTS):
        sending = asyncio.ensure_future(call.send({**MORE, "body": PART}))
        done, _ = await asyncio.wait({sending}, timeout=HELD)
        if not done:
            call.report.tell("held", count=count)
            await asyncio.wait({sending}, timeout=SECONDS)
            sending.cancel()
            return
    call.report.tell("taken", count=PARTS)


@page
async def raises(call: Call) -> None:
    """Raise an exception, before the response or within it."""
    if call.how != "before":
        await call.send(start(headers=[(b"content-length", b"1000")] if call.how == "within-a-length" else []))
    if call.how.startswith("within"):
        await call.send(MORE)
    call.report.tell("raises")
    raise RuntimeError("the probe fails")


@page
async def returns(call: Call) -> None:
    """Return too early."""
    if call.how == "within":
        await call.send(PLAIN)
        await call.send(MORE)
    call.report.tell("returns")


@page
async def goes_on(call: Call) -> None:
    """Do something after the response."""
    await call.answer(b"answered")
    try:
        await call.wait()
    except asyncio.CancelledError:
        call.report.tell("cancelled")
        raise
    call.report.tell("went on")


@page
async def waits(call: Call) -> None:
    """Answer when the checks say so."""
    await call.wait()
    await call.answer(b"waited")


@page
async def state(call: Call) -> None:
    """Answer with what is in the state, and change it."""
    own = call.scope.get("state")
    facts = {"offered": "state" in call.scope, "is dict": isinstance(own, dict)}
    if isinstance(own, dict):
        facts |= {"shared": own.get("probe") is shared, "changed": "request" in own, "own": "early" in own}
        own["request"] = 1
    await call.answer(repr(facts).encode())


@page
async def lifespan_facts(call: Call) -> None:
    """Answer with what the lifespan has seen."""
    facts = {**seen, "loop": seen["loop"] is asyncio.get_running_loop()}
    await call.answer(repr(facts).encode())


# The application's life.


async def complete(receive: Any, send: Any, report: Any) -> None:
    """Start slowly, stop when told to, and report both."""
    event = await receive()
    seen["begun"] += 1
    report.tell("startup", type=event.get("type"), exact=exactly(event))
    await asyncio.sleep(BRIEFLY)
    seen["ready"] = True
    await send({"type": "lifespan.startup.complete"})
    event = await receive()
    report.tell("shutdown", type=event.get("type"), exact=exactly(event), calls=seen["calls"])
    await asyncio.get_running_loop().run_in_executor(None, report.wait)
    report.tell("completed")
    await send({"type": "lifespan.shutdown.complete"})


async def startup_fails(receive: Any, send: Any, report: Any) -> None:
    """Say that it can't start."""
    await receive()
    report.tell("startup")
    await send({"type": "lifespan.startup.failed", "message": "the-probe-can-not-start"})


async def shutdown_fails(receive: Any, send: Any, report: Any) -> None:
    """Say that it could not stop."""
    await receive()
    report.tell("startup")
    await send({"type": "lifespan.startup.complete"})
    await receive()
    report.tell("shutdown")
    await send({"type": "lifespan.shutdown.failed", "message": "the-probe-can-not-stop"})


async def raises_at_once(receive: Any, send: Any, report: Any) -> None:
    """Know nothing of lifespan."""
    report.tell("startup")
    raise ValueError("there is nothing here for lifespan")


async def raises_at_startup(receive: Any, send: Any, report: Any) -> None:
    """Fail at the first event."""
    await receive()
    report.tell("startup")
    raise ValueError("there is nothing here for this event")


LIFESPANS = {function.__name__.replace("_", "-"): function for function in (
    complete, startup_fails, shutdown_fails, raises_at_once, raises_at_startup)}


async def lifespan(scope: Scope, receive: Any, send: Any) -> None:
    """Do what ASGI_PROBE says."""
    how, _, place = os.environ.get(VARIABLE, "").partition(" ")
    own = scope.get("state")
    seen.update(scope=plain(scope), loop=asyncio.get_running_loop(), ready=False)
    if isinstance(own, dict):
        own["probe"] = shared
    await LIFESPANS[how or "complete"](receive, send, Report({"PATH_INFO": place}))


async def application(scope: Scope, *given: Any, **named: Any) -> None:
    """The probe. uvicorn calls what can be called without arguments, to see whether it makes an application."""
    seen["arguments"] = 1 + len(given)
    receive, send = [*given, *(named[name] for name in NAMES[len(given):])]
    if scope["type"] == "lifespan":
        return await lifespan(scope, receive, send)
    seen["calls"] += 1
    seen["early"] += not seen["ready"]
    call = Call(scope, receive, send)
    try:
        await PAGES[call.name](call)
    finally:
        seen["calls"] -= 1
        if call.report.line:
            call.report.line.close()

