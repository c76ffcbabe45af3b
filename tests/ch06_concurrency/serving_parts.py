"""What the checks of steps 6.7 to 6.9 share: a server whose other methods are scripted, and clients for it."""
import errno
import inspect
import io

import pytest

from tests.expect import Own
from workshop.checking.diagnosis import Diagnosis
from workshop.checking.endless_loops import report_trouble
from workshop.checking.transport import PATIENCE, Connection
from workshop.checking.tree import LearnersChapter, as_argument, calls, noted

ch02 = LearnersChapter("ch02_request")
ch06 = LearnersChapter("ch06_concurrency")
CLIENT = ("127.0.0.1", 50_000)
SCRIPTED = ("answer", "call", "drop", "forget", "hear", "keep", "leave", "refuse", "serve_client")


class LeadLost(Own):
    """LeadLost of the learner's chapter, which is looked up when an exception is made."""

    def __call__(self, text="another thread has the lead"):
        return ch06.LeadLost(text)


def each_of(*kinds):
    """Return the mark that runs a check once for each of some kinds of exceptions, as kind."""
    return pytest.mark.parametrize("kind", kinds, ids=[kind.__name__ for kind in kinds])


class LoopConnection(Connection):
    """A connection as the loop has it, non-blocking: after its blocks, nothing has come yet.

    It notes its time limit whenever it is asked to receive.
    """

    def __init__(self, *arguments, **named):
        super().__init__(*arguments, **named)
        self.timeout = 0.0
        self.limits = []

    def recv(self, size, flags=0, /):
        self.limits.append(self.timeout)
        return super().recv(size, flags)

    def end_of_file(self):
        super().end_of_file()
        raise BlockingIOError(errno.EWOULDBLOCK, "Resource temporarily unavailable")

    def settimeout(self, seconds, /):
        self.timeout = None if seconds is None else float(seconds)  # as a socket does


# Clients.


def client_with(script=(), connection=None, address=CLIENT, events=None):
    """Return a Client whose calls give what is in script, and None for ever after that.

    script    Calls, None, or exceptions to raise. A function makes a Call of the Client
    events    a list in which it is noted as ("asked",) whenever the next one is asked for
    """
    class ScriptedClient(ch06.Client):
        def __repr__(self):
            return "client"

        def take_calls(self):
            return scripted_calls(self, script, [] if events is None else events)

    return ScriptedClient(connection or LoopConnection(), address)


def scripted_calls(client, script, events):
    """Yield what is in script, as take_calls would: the body of a Call is closed when the next one is asked for."""
    for item in script:
        events.append(("asked",))
        if isinstance(item, BaseException):
            raise item
        call = item(client) if callable(item) else item
        yield call
        if call is not None:
            call.body.close()
    for _ in range(PATIENCE):
        events.append(("asked",))
        yield None
    report_trouble(Diagnosis(
        f"next(client.calls) is called again and again, and has given None {PATIENCE} times",
        why="None says that the next request is not whole: more of it comes only when the loop has heard the client "
            "again. Whoever asks on and on keeps all other clients waiting."))


class ShownCall:
    """What a Call has to be shown as in a diagnosis: its target."""

    def __repr__(self):
        return f"<Call {self.request.target}>"


def call_for(target="/page", fields=(), method="GET", version="HTTP/1.1", *, body=b"", awaited=None):
    """Return a function that makes a Call of a Client, for a request with these parts."""
    def make(client):
        kind = type("Call", (ShownCall, ch06.Call), {})
        path, _, query = target.partition("?")
        request = ch02.Request(method, target, version, [("host", "127.0.0.1:8000"), *fields], path.encode(), query)
        return kind(client, request, io.BytesIO(body), awaited)

    return make


# Applications.


class Page:
    """What an application returns: blocks, an end and a close that may raise an exception of some kind."""

    def __init__(self, blocks, end, close, note):
        self.blocks, self.end, self.close_raises, self.note = blocks, end, close, note

    def __len__(self):
        return len(self.blocks)

    def __iter__(self):
        for block in self.blocks:
            self.note("a block")
            yield block
        if self.end:
            raise self.end("the page fails")

    def close(self):
        self.note("close")
        if self.close_raises:
            raise self.close_raises("close fails")


def app_of(blocks=(), status="200 OK", headers=(), *, call=None, end=None, close=None, environs=None, note=None):
    """Return an application that answers with blocks, and may fail in one of three ways.

    call, end, close    kinds of exceptions that the call, the iteration after all blocks, and the page's close raise
    environs            a list in which it puts its environ
    note                called with "the call", "a block" and "close" when that happens
    """
    note = note or (lambda when: None)

    def app(environ, start_response):
        note("the call")
        if environs is not None:
            environs.append(environ)
        if call:
            raise call("the call fails")
        start_response(status, list(headers))
        return Page(blocks, end, close, note)

    app.__name__ = f"an app that raises {call.__name__}" if call else (
        f"an app that starts {status!r} with {list(headers)} and returns an iterable of {list(blocks)!r}"
        + (f", which then raises {end.__name__}" if end else "")
        + (f", whose close raises {close.__name__}" if close else ""))
    return app


# The server.


class Notes(list):
    """What a scripted server has been asked to do, in order: (name of the method, *arguments)."""

    def of(self, *names):
        """Return the notes of these methods alone."""
        return [note for note in self if note[0] in names]


def server_with(events=None, **named):
    """Return a Server whose methods that are in SCRIPTED note in events what they are given, and do what named has.

    named has values to return, exceptions to raise, and functions to call. A value of another name is an attribute.
    """
    events = Notes() if events is None else events

    def scripted(name, does):
        signature = inspect.signature(getattr(ch06.Server, name))

        def method(self, *arguments, **more):
            given = signature.bind(self, *arguments, **more).args[1:]
            events.append((name, *given))
            if isinstance(does, BaseException):
                raise does
            return does(*given) if callable(does) else does

        return method

    class ScriptedServer(ch06.Server):
        def __init__(self):
            self.stopping = self.ended = self.listening = False
            self.clients, self.calls = set(), []

    for name in SCRIPTED:
        if name in named:
            setattr(ScriptedServer, name, scripted(name, named.pop(name)))
    server = ScriptedServer()
    vars(server).update(named)
    return server


def done(server, method, argument, shown=None):
    """Call a method of a server with one argument, note the call for a diagnosis, and return what it returns."""
    place = len(calls)
    try:
        return noted(getattr(server, method), f"server.{method}")(argument)
    finally:
        calls[place] = f"server.{method}({shown or as_argument(argument)})"


def shown_events(events):
    """Return what a server has been asked to do as a row shows it."""
    steps = ["next(client.calls)" if name == "asked" else f"self.{name}({', '.join(map(repr, arguments))})"
             for name, *arguments in events]
    return ", ".join(steps) or "nothing"
