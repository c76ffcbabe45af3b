"""A Server at one moment: one of its methods is tried, and all around it follows a script and notes what it is asked.

Nothing here waits: no ports, no threads, and a clock that stands still.
"""
import errno
import inspect
import math
import selectors
import socket
import time
from collections import deque

from workshop.checking.diagnosis import Diagnosis
from workshop.checking.endless_loops import report_trouble
from workshop.checking.transport import PATIENCE, Connection, Listener, afresh
from workshop.checking.tree import LearnersChapter, load, noted

ch06 = LearnersChapter("ch06_concurrency")
PLAYED = ("answer", "serve_client", "refuse", "hear", "listen", "rest", "let_in", "keep", "forget", "drop", "leave",
          "drop_late", "turn", "tick", "call", "give_away", "give_back", "wake", "take_back")  # methods of a Server


class Clock:
    """A clock that stands still until it is told to go on."""

    def __init__(self):
        self.now = 50.0  # seconds, as time.monotonic has them

    def monotonic(self):
        return self.now

    def time(self):
        return 1_795_169_348.0 + self.now

    def go_on(self, seconds):
        self.now += seconds


def standing_clock(monkeypatch):
    """Return a Clock that is in the place of those of the time module, however one imports them."""
    clock = Clock()
    monkeypatch.setattr(time, "time", clock.time)
    for module in (time, load("ch06_concurrency")):
        monkeypatch.setattr(module, "monotonic", clock.monotonic, raising=False)
        monkeypatch.setattr(module, "perf_counter", clock.monotonic, raising=False)
    return clock


class Line(Connection):
    """A connection that notes how it is shut down; shutdown raises an exception if it is given one."""

    def __init__(self, *blocks, breaks_off=None):
        super().__init__(blocks)
        self.breaks_off = breaks_off

    def shutdown(self, how):
        self.must_be_open("shutdown")
        self.events.append(("shutdown", how))
        if self.breaks_off:
            raise afresh(self.breaks_off)

    def setblocking(self, blocking):
        self.must_be_open("setblocking")
        super().setblocking(blocking)

    def settimeout(self, seconds, /):
        self.must_be_open("settimeout")
        super().settimeout(seconds)

    @property
    def waits(self):
        """Whether what is called of it may wait."""
        return self.timeout != 0


class Queue(Listener):
    """A listening socket that does not wait: accept gives clients, in order, then it raises BlockingIOError."""

    def __init__(self, *clients):
        super().__init__(*clients)
        self.clients.pop()  # nobody presses Ctrl-C
        self.accepts = 0

    def accept(self):
        self.accepts += 1
        if self.accepts > PATIENCE:
            report_trouble(Diagnosis("accept is called again and again, though nobody else has connected",
                                     why="let_in lets in one client. The loop calls it again when there is another."))
        if not self.clients:
            raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")
        return super().accept()


class Sockets:
    """A selector: select calls wait, which may raise something, and returns a pair for each of functions."""

    def __init__(self, *functions, wait=lambda: None):
        self.functions = functions
        self.wait = wait
        self.timeouts = []  # that select was called with

    def select(self, timeout=None):
        self.timeouts.append(timeout)
        if len(self.timeouts) > PATIENCE:
            report_trouble(Diagnosis("select is called again and again in one turn",
                                     why="One turn is one look at all sockets: `work` calls turn again, and asks in "
                                         "between whether the server is stopped."))
        self.wait()
        keys = [selectors.SelectorKey(f"socket {number}", number, selectors.EVENT_READ, function)
                for number, function in enumerate(self.functions, 5)]
        return [(key, selectors.EVENT_READ) for key in keys]


def asked_directly(method):
    """Return a method of Sockets that tells the learner that it is called."""
    def refuse(self, *arguments):
        report_trouble(Diagnosis(f"the selector's {method} is called, and not keep or forget of the server",
                                 expected="self.keep(client), or self.forget(client)",
                                 why="They know whether the loop listens to a client already: a socket that is "
                                     "registered twice, or not at all, is an error of the selector's."))

    return refuse


for name in ("register", "unregister", "modify"):
    setattr(Sockets, name, asked_directly(name))


class Lead:
    """The lock of the lead, which the thread that is in the loop has: it notes what is asked of it."""

    def __init__(self, done):
        self.done = done

    def acquire(self, blocking=True, timeout=-1):
        self.done.append(("lead.acquire",))
        return True

    def release(self):
        self.done.append(("lead.release",))

    def locked(self):
        return True

    __enter__ = acquire

    def __exit__(self, *exc_info):
        self.release()


def server_to_try(method, *, listener=None, selector=None, **acts):
    """Return a Server of the learner's, all methods of which are played, but for one.

    Each call of a played method is noted in server.done: its name, and its arguments. acts are by their names what they
    do then, if it is more than what is due to be done for the loop.
    """
    server = object.__new__(ch06.Server)
    done, clients = [], set()
    vars(server).update(
        done=done, app=None, listener=listener or Queue(), selector=selector or Sockets(), clients=clients, calls=[],
        next_tick=math.inf, stopping=False, ended=False, lead=Lead(done), away=0, returned=deque(), listening=True,
        bell=Line(), rung=Line())
    acts = {"keep": clients.add, "forget": clients.discard, "drop": lambda client: close(server, client)} | acts
    for name in PLAYED:
        if name != method:
            setattr(server, name, played(server, name, acts.get(name)))
    return server


def close(server, client):
    """Do for the loop what drop does."""
    server.clients.discard(client)
    client.connection.close()


def played(server, name, act):
    """Return a function in place of a method of server: it notes that it is called, and does act if there is one."""
    signature = inspect.signature(getattr(ch06.Server, name))

    def play(*arguments, **named):
        given = signature.bind(server, *arguments, **named).args[1:]
        server.done.append((name, *given))
        return act(*given) if act else None

    return play


def tried(server, method, *arguments):
    """Call a method of the learner's, noted for the diagnosis, and return what it returns."""
    return noted(getattr(server, method), f"server.{method}")(*arguments)


def names(server):
    """Return the names of what was called, in order."""
    return [name for name, *_ in server.done]


def told(done):
    """Return what was called, as text: `keep, then hear`."""
    return ", then ".join(done) or "nothing"


def someone(connection=None, name="a client"):
    """Return a Client as it is when its request is being answered; name is how a diagnosis shows it."""
    kind = type("Someone", (ch06.Client,), {"__repr__": lambda client: f"<{name}>"})
    client = object.__new__(kind)
    vars(client).update(connection=connection or Line(), address=("127.0.0.1", 50_000), deadline=60.0, idle=False,
                        server_address=("127.0.0.1", 8000), received=bytearray(), leaving=False,
                        calls=(None for _ in ()))
    return client


def call_of(client, name="a call"):
    """Return a Call of a client; name is how a diagnosis shows it."""
    kind = type("Asked", (ch06.Call,), {"__repr__": lambda call: f"<{name}>"})
    return kind(client, None, None)


SHUT = {getattr(socket, name): name for name in ("SHUT_RD", "SHUT_WR", "SHUT_RDWR")}
