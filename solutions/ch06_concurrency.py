"""Chapter 6 · Encore: how does one server serve many clients at once?

The server of chapter 4 listens to one client at a time: whoever connects and says nothing keeps all others waiting. In
this chapter one loop listens to all of them. It takes what has come, from whoever has sent something, and calls the
application when a request is whole. Connections are kept alive. Only where a call is slow, another thread goes on with
the loop.

    python chapters/ch06_concurrency.py ch03_environ:function_app --bind 127.0.0.1:8000

Left out: TLS, and HTTP/2.
"""
import argparse
import contextlib
import functools
import io
import math
import os
import selectors
import signal
import socket
import sys
import tempfile
import threading
import time
import traceback
from collections import deque
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, TextIO

from ch01_socket import (
    BLANK_LINE,
    LINGER,
    MAX_HEAD,
    RECV_SIZE,
    Address,
    HeadTooLarge,
    Log,
    run,
)
from ch02_request import (
    CHUNKED,
    MAX_BODY,
    MAX_FIELDS,
    MAX_LINE,
    REASONS,
    TOKEN,
    BadRequest,
    Reader,
    Request,
    body_framing,
    error_response,
    expects_continue,
    head_too_large,
    parse_chunk_size,
    parse_head,
)
from ch03_environ import WSGIApplication, WSGIEnvironment, build_environ
from ch04_response import (
    LENGTH,
    REQUEST_SECONDS,
    SEND_SECONDS,
    UNTIL_CLOSE,
    FileWrapper,
    Response,
    answer_with,
    application_named,
    program_arguments,
)

KEEP_ALIVE_SECONDS = 15  # that a connection stays open before a request has begun
MAX_UPLOAD = 1_073_741_824  # bytes in a body; those above MAX_BODY are kept on disk
MAX_CLIENTS = 400 if os.name == "nt" else 10_000  # select() of Windows takes 512 sockets: these, and MAX_THREADS
THREADS = 32  # so many calls may be slow at once
MAX_THREADS = 100  # the most that --threads takes: so many clients may come back from slow calls, beyond MAX_CLIENTS
SLOW = 0.005  # seconds between two looks; a call that both see is slow
TICK = 1.0  # seconds between two looks for clients that are late
GRACE_SECONDS = 30  # that calls may still take when the server is stopped


# Taking: what has come, from the front of a bytearray. These functions pause where chapters 1 and 2 wait for recv.


def take_head(received: bytearray) -> Generator[None, None, bytes]:
    r"""Step 6.1 · about 25 minutes

    Take the head from the front of received, and return it without its blank line. A generator: while the blank line
    has not come, it pauses with `yield`. Whoever calls next() has put more bytes into received.

    >>> received = bytearray(b"GET / HTTP/1.1\r\nHo")
    >>> taking = take_head(received)
    >>> next(taking)
    >>> received += b"st: a\r\n\r\nnext"
    >>> try: next(taking)
    ... except StopIteration as end: end.value
    b'GET / HTTP/1.1\r\nHost: a'
    >>> received
    bytearray(b'next')

    Head and blank line are gone from received then, which is changed in place; what follows stays. Return bytes.

    Raises HeadTooLarge if the head is longer than MAX_HEAD bytes, as soon as the number of bytes shows it; received
    then stays as it is.
    RFC 9112 sections 2.1 and 9.3.2 (pipelining); "Generator-iterator methods" in Python's documentation.
    """
    while (end := received.find(BLANK_LINE)) < 0 and len(received) < MAX_HEAD + len(BLANK_LINE):
        yield
    if not 0 <= end <= MAX_HEAD:
        raise HeadTooLarge(f"no blank line within {MAX_HEAD} bytes")
    head = bytes(received[:end])
    del received[:end + len(BLANK_LINE)]
    return head


def take_bytes(received: bytearray, count: int, body: BinaryIO) -> Generator[None, None, None]:
    """Step 6.2 · about 20 minutes

    Move the next count bytes from the front of received to the file body, with `body.write`. A generator: it moves what
    has come, and pauses with `yield` while bytes are missing.

    >>> received, body = bytearray(b"hel"), io.BytesIO()
    >>> taking = take_bytes(received, 5, body)
    >>> next(taking)
    >>> received, body.getvalue()
    (bytearray(b''), b'hel')
    >>> received += b"lo!"
    >>> next(taking, "moved")
    'moved'
    >>> received, body.getvalue()
    (bytearray(b'!'), b'hello')

    Whenever it pauses, all that has come is in the file: a body of any size needs no more memory than one block. It
    does not pause when count bytes were moved, or when count is 0. What write raises is let out.
    RFC 9112 section 6.2.
    """
    while count:
        block = bytes(received[:count])
        del received[:count]
        body.write(block)
        count -= len(block)
        if count:
            yield


def take_line(received: bytearray) -> Generator[None, None, bytes]:
    """Take the next line, and return it without its CRLF. Raises BadRequest (400) if it is longer than MAX_LINE."""
    while (end := received.find(b"\r\n")) < 0 and len(received) < MAX_LINE + 2:
        yield
    if not 0 <= end <= MAX_LINE:
        raise BadRequest(400, f"a line in the body is longer than {MAX_LINE} bytes")
    line = bytes(received[:end])
    del received[:end + 2]
    return line


def take_chunks(received: bytearray, body: BinaryIO, limit: int = MAX_UPLOAD) -> Generator[None, None, None]:
    r"""Step 6.3 · about 30 minutes

    Move a body that comes in chunks from the front of received to the file body: the bytes of the chunks alone.

    >>> received, body = bytearray(b"5\r\nhello\r\n1\r\n!\r\n0\r\n\r\nnext"), io.BytesIO()
    >>> list(take_chunks(received, body))
    []
    >>> received, body.getvalue()
    (bytearray(b'next'), b'hello!')

    It is read_chunked of chapter 2, as a generator that pauses where bytes are missing. `line = yield from
    take_line(received)` gives a line without its CRLF, and `yield from take_bytes(…)` moves what a chunk has. What they
    and parse_chunk_size raise is let out. Whenever it pauses, what has come of a chunk is in the file.

    Raises BadRequest, without waiting for what comes after:
        400  the two bytes after a chunk are not CRLF
        413  with the next chunk the body is longer than limit bytes: do not move any of it
        431  there are more than MAX_FIELDS trailer lines
    RFC 9112 sections 7.1 to 7.1.3; PEP 380 (`yield from`).
    """
    total = 0
    while size := parse_chunk_size((yield from take_line(received))):
        total += size
        if total > limit:
            raise BadRequest(413, f"the body is larger than {limit} bytes")
        yield from take_bytes(received, size, body)
        yield from take_bytes(received, 2, end := io.BytesIO())
        if end.getvalue() != b"\r\n":
            raise BadRequest(400, "a chunk does not end where its size says")
    for _ in range(MAX_FIELDS + 1):
        if not (yield from take_line(received)):
            return
    raise BadRequest(431, f"more than {MAX_FIELDS} trailer fields")


def take_body(received: bytearray, framing: Any, body: Any) -> Generator[None, None, None]:
    """Move a body to the file body, and leave that at its beginning. framing tells the end: see body_framing."""
    if framing == CHUNKED:
        yield from take_chunks(received, body)
    else:
        yield from take_bytes(received, framing, body)
    body.seek(0)


# One request after the other on one connection.


def take_request(received: bytearray) -> Generator[None, None, Request]:
    """Take the head, and return its Request. Raises BadRequest.

    It raises at the first byte if no request begins like that: TLS, which https uses, has no blank line.
    """
    while not received:
        yield
    if not (TOKEN.match(received) or received.startswith(b"\r")):  # an empty line may come first, as in chapter 2
        raise BadRequest(400, "no method begins like this: is it https, spoken to a server of http?")
    try:
        return parse_head((yield from take_head(received)))
    except HeadTooLarge as error:
        raise head_too_large(bytes(received)) from error


def wants_keep_alive(request: Request) -> bool:
    """Step 6.4 · about 10 minutes

    Tell whether the client wants to keep the connection after the answer: True or False.

    >>> wants_keep_alive(Request("GET", "/", "HTTP/1.1", [("connection", "Upgrade, Close")], b"/", ""))
    False
    >>> wants_keep_alive(Request("GET", "/", "HTTP/1.0", [("connection", "keep-alive")], b"/", ""))
    True

    `request.values("connection")` gives the values of its Connection fields. They are one list of options, with commas
    between them, perhaps over several fields. Ignore their case, and spaces and tabs around them. The first row that
    fits counts:

        one of them is `close`                                 False
        the version is not HTTP/1.0                            True
        one of them is `keep-alive`                            True
        in all other cases                                     False

    request stays as it is.
    RFC 9112 section 9.3; RFC 9110 section 7.6.1 (Connection).
    """
    options = [option.strip(" \t").lower() for option in ",".join(request.values("connection")).split(",")]
    return "close" not in options and (request.version != "HTTP/1.0" or "keep-alive" in options)


class KeepAliveResponse(Response):
    """A response of chapter 4 after which the connection may be kept."""

    def __init__(
        self, connection: socket.socket, request: Request, keep_alive: bool, server: "Server | None" = None
    ) -> None:
        """keep_alive says whether the connection is kept, if nothing comes between, such as the stop of server."""
        super().__init__(connection, request)
        self.keep_alive = keep_alive
        self.server = server
        self.whole = False  # whether the client has all that the head has announced

    def build_head(self) -> bytes:
        r"""Step 6.5 · about 15 minutes

        Return the head that chapter 4 builds (`super().build_head()`), with what it says of the connection put right:
        if self.keep_alive is true, the line `Connection: close` becomes `Connection: keep-alive`.

            >>> request = Request("GET", "/", "HTTP/1.1", [], b"/", "")
            >>> response = KeepAliveResponse(None, request, keep_alive=True)
            >>> response.status, response.framing = "200 OK", CHUNKED
            >>> b"\r\nConnection: keep-alive\r\n" in response.build_head()
            True

        All else stays to the letter: a header of the application's may have the words `Connection: close` in its value.

        If self.framing is UNTIL_CLOSE, the end of the connection is the end of the body: set self.keep_alive to False
        first.
        RFC 9112 sections 6.3 and 9.3; RFC 9112 section 9.6 (close).
        """
        if self.framing == UNTIL_CLOSE:
            self.keep_alive = False
        head = super().build_head()
        if not self.keep_alive:
            return head
        return head.replace(b"\r\nConnection: close\r\n", b"\r\nConnection: keep-alive\r\n")

    def head_once(self) -> bytes:
        """Return the head, as chapter 4 does. Once the server is stopping, no connection is kept."""
        if self.server and self.server.stopping:
            self.keep_alive = False
        return super().head_once()

    def close(self) -> None:
        """End the response, and note whether it is whole."""
        super().close()
        self.whole = self.framing != LENGTH or self.sent == self.length

    def send_error(self) -> None:
        """Answer 500, if the head has not been sent, and keep no connection after it."""
        self.keep_alive = False
        super().send_error()


@dataclass(eq=False)
class Call:
    """What the application is to be called for."""

    client: "Client"
    request: Request
    body: Any  # a file
    awaited: int | str | None = None  # the framing of a body that the client holds back, until it is told to go on


class AwaitedBody:
    """The wsgi.input of a client that waits for `100 Continue`: it is asked for its body when the application reads."""

    def __init__(self, call: Call, response: KeepAliveResponse) -> None:
        """The connection is not kept: nobody knows whether a body comes that was not asked for."""
        self.call = call
        self.response = response
        self.fetched = False
        response.keep_alive = False

    def fetch(self) -> BinaryIO:
        """Return the file with the body in it, which is received at the first call. Raises BadRequest and OSError.

        After the head of the answer it is too late to tell the client to go on.
        """
        if not self.fetched:
            client, file = self.call.client, self.call.body
            reader = Reader(client.connection, continue_expected=not self.response.head_sent)
            reader.received = client.received
            try:
                for _ in take_body(reader.received, self.call.awaited, file):
                    reader.receive_more()
            except BaseException:
                file.close()  # half a body is none: a second read raises ValueError
                raise
            finally:
                self.fetched = True
        return self.call.body

    def read(self, size: int = -1) -> bytes:
        return self.fetch().read(size)

    def readline(self, size: int = -1) -> bytes:
        return self.fetch().readline(size)

    def readlines(self, hint: int = -1) -> list[bytes]:
        return self.fetch().readlines(hint)

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.fetch())


class Client:
    """One client: its connection, what it has sent, and how far it has come with its request."""

    def __init__(self, connection: socket.socket, address: Address) -> None:
        self.connection = connection
        self.address = address
        self.server_address = own_address(connection)
        self.received = bytearray()  # and not yet taken
        self.leaving = False  # whether it has got its last answer
        self.wait(KEEP_ALIVE_SECONDS, idle=True)
        self.calls = self.take_calls()  # gives None where more bytes are needed, and a Call where a request is whole

    def take_calls(self) -> Generator[Call | None, None, None]:
        r"""Step 6.6 · about 25 minutes

        Take one request after the other from self.received, without end. A generator: it yields None where more bytes
        are needed, and a Call where a request is whole.

            >>> server, client = socket.socketpair()
            >>> someone = Client(server, ("127.0.0.1", 50_000))
            >>> next(someone.calls)
            >>> someone.received += b"GET /a HTTP/1.1\r\nHost: a\r\n\r\n"
            >>> next(someone.calls).request.target
            '/a'

        For each request:

        1. `self.wait(KEEP_ALIVE_SECONDS, idle=True)` sets the deadline. Then pause while nothing has come.
        2. `self.wait(REQUEST_SECONDS)`. Then `take_request(self.received)`, a generator too, returns its Request.
        3. `self.take_call(request, file)`, another one, returns its Call, with the body in file: a new
           `tempfile.SpooledTemporaryFile(MAX_BODY)`. Yield the Call.

        Close the file when next() is called again, when something is raised, and when the generator is closed: a `with`
        does all three. What is raised is let out.
        RFC 9112 section 9.3 (persistence); `tempfile` in Python's documentation.
        """
        while True:
            self.wait(KEEP_ALIVE_SECONDS, idle=True)
            while not self.received:
                yield None
            self.wait(REQUEST_SECONDS)
            request = yield from take_request(self.received)
            with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
                yield (yield from self.take_call(request, file))

    def wait(self, seconds: float, idle: bool = False) -> None:
        """Note that the client is late in so many seconds, and whether it is idle until then: no request has begun."""
        self.deadline, self.idle = time.monotonic() + seconds, idle

    def take_call(self, request: Request, file: Any) -> Generator[None, None, Call]:
        """Take the body of request into file, and return the Call. A body may take long, as long as some of it comes.

        A client that waits for `100 Continue` has its body taken later. Raises BadRequest, also if the disk is full.
        """
        framing = body_framing(request, MAX_UPLOAD)
        if expects_continue(request):
            return Call(self, request, file, framing)
        try:
            for _ in take_body(self.received, framing, file):
                self.wait(REQUEST_SECONDS)
                yield
            return Call(self, request, file)
        except OSError as error:
            traceback.print_exc()
            close_quietly(file)
            raise BadRequest(500, "the server could not keep the body") from error


def own_address(connection: socket.socket) -> Address:
    """Return the address that the client has connected to. If the client has reset, macOS does not know it any more."""
    try:
        return connection.getsockname()
    except OSError:
        return "", 0


def close_quietly(file: Any) -> None:
    """Close a file or a generator that has one. That writes the last bytes, for which the disk may have no room."""
    with contextlib.suppress(OSError):
        file.close()


def length_of(file: Any) -> int:
    """Return how many bytes are in a file that stands at its beginning."""
    file.seek(0, io.SEEK_END)
    length = file.tell()
    file.seek(0)
    return length


# The loop.


class LeadLost(Exception):
    """A call was slow, and another thread goes on with the loop: whoever was in it leaves it."""


class Server:
    """The clients of one listener, the loop that listens to all of them, and the threads that take turns in it.

    One thread has the lead: it runs the loop, and calls the application itself. Only that thread, or
    give_away before it frees the lead, touches what belongs to the loop.
    """

    def __init__(self, app: WSGIApplication, listener: socket.socket) -> None:
        """Serve the clients of listener with app. Nothing runs before `run`, or `turn`, is called."""
        self.app = app
        self.listener = listener
        self.clients: set[Client] = set()  # that the loop listens to
        self.selector = selectors.DefaultSelector()
        self.next_tick = time.monotonic() + TICK
        self.stopping = self.ended = False
        self.lead = threading.Lock()
        self.calls: list[Call] = []  # the one that the thread with the lead is in, if it is in one
        self.away = 0  # calls whose threads have lost the lead
        self.returned: deque[tuple[Client, bool]] = deque()  # clients after such a call, and whether they are kept
        self.bell, self.rung = socket.socketpair()  # a byte sent to bell wakes the loop
        self.bell.setblocking(False)
        self.selector.register(self.rung, selectors.EVENT_READ, self.hear_bell)
        self.listening = False
        listener.setblocking(False)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # connections inherit it: no block waits
        self.listen()

    # One client.

    def answer(self, call: Call) -> bool:
        """Step 6.7 · about 30 minutes

        Answer a request with the application, as handle_request of chapter 4 does, and tell whether the client is kept.

        1. While the application runs, sending may wait: the time limit of the connection is SEND_SECONDS. After it, in
           every case, the connection is non-blocking again.
        2. The response is a KeepAliveResponse. It keeps the connection if wants_keep_alive(call.request). Give it the
           server, self, as well: when the head is due, the response looks whether the server is stopping.
        3. `answer_with(self.app, environ_of(call, response), …)` does the rest. What it raises, print as a traceback to
           stderr, whatever it is.

        Return True if nothing was raised, and response.whole and response.keep_alive are true; else False.
        RFC 9112 section 9.3; PEP 3333, section "The Server/Gateway Side".
        """
        connection, request, client = call.client.connection, call.request, call.client
        response = KeepAliveResponse(connection, request, wants_keep_alive(request), self)
        try:
            connection.settimeout(SEND_SECONDS)
            answer_with(self.app, environ_of(call, response), response, request, client.address)
            return response.whole and response.keep_alive
        except BaseException:
            traceback.print_exc()
            return False
        finally:
            connection.setblocking(False)

    def serve_client(self, client: Client) -> None:
        """Step 6.8 · about 25 minutes

        Answer, in their order, the requests of client that are whole.

        `next(client.calls)` gives a Call, or None when the next request is not whole: then there is nothing more to do.
        `self.call(call)` answers one, and tells whether the client is kept. Answer it first: asking for the next one
        closes its body. If the client is not kept, `self.leave(client)`, and ask for no further one.

        If next raises BadRequest, `self.refuse(client, error.status, str(error))`. Catch nothing else of it, and
        nothing from call, leave and refuse, not even BadRequest. call may raise LeadLost: then another thread has the
        lead (step 6.13), and nothing of the client may be touched any more.
        RFC 9112 section 9.3.2 (pipelining).
        """
        while True:
            try:
                call = next(client.calls)
            except BadRequest as error:
                return self.refuse(client, error.status, str(error))
            if call is None:
                return
            if not self.call(call):
                return self.leave(client)

    def refuse(self, client: Client, status: int, message: str) -> None:
        """Tell the log and the client what is wrong with its request, and take leave of it.

        Nothing waits here: a client that takes no answers would keep all others waiting.
        """
        print(f"a request was refused: {status} {REASONS[status]}: {message}", file=sys.stderr)
        with contextlib.suppress(OSError):
            client.connection.send(error_response(status, message))
        self.leave(client)

    def hear(self, client: Client) -> None:
        """Step 6.9 · about 20 minutes

        Receive once from client.connection, RECV_SIZE bytes at most, and do what follows from it.

            nothing has come (BlockingIOError)   nothing
            b"", or another OSError is raised    the client has hung up: `self.drop(client)`
            bytes, and client.leaving is true    nothing: they are thrown away
            other bytes                          put them at the end of client.received, and `self.serve_client(client)`

        Change client.received in place: client.calls looks into it. Leave client.deadline and client.idle as they are:
        client.calls sets them. Let out all else that recv raises, and whatever serve_client and drop raise.
        `recv` and `setblocking` in Python's documentation.
        """
        try:
            block = client.connection.recv(RECV_SIZE)
        except BlockingIOError:
            return
        except OSError:
            block = b""
        if not block:
            self.drop(client)
        elif not client.leaving:
            client.received += block
            self.serve_client(client)

    # Clients come and go.

    def listen(self) -> None:
        """Let the loop listen for new clients."""
        if not self.listening:
            self.selector.register(self.listener, selectors.EVENT_READ, self.let_in)
            self.listening = True

    def rest(self) -> None:
        """Let new clients queue until the next tick."""
        if self.listening:
            self.selector.unregister(self.listener)
            self.listening = False

    def let_in(self) -> None:
        """Step 6.10 · about 25 minutes

        Accept the next client of self.listener, and hear it at once: it has often sent its request already.

        1. Accept, and make the connection non-blocking.
        2. Make it a Client, and give that to `self.keep`.
        3. If self.clients has MAX_CLIENTS now, or more, `self.rest()`: others queue until the next tick.
        4. `self.hear(client)`.

        What to do when accept raises:
            BlockingIOError, ConnectionError  return: the client has left, or another process has it
            any other OSError                 print one line to stderr, and `self.rest()`: most likely no file
                                              descriptor is left, and accept would raise again and again

        What else accept raises, and what hear raises, is let out.
        `accept` and `setblocking` in Python's documentation; man 2 accept (EMFILE).
        """
        try:
            connection, address = self.listener.accept()
        except (BlockingIOError, ConnectionError):
            return
        except OSError as error:
            print(f"no new clients until the next tick: {error}", file=sys.stderr)
            return self.rest()
        connection.setblocking(False)
        client = Client(connection, address)
        self.keep(client)
        if len(self.clients) >= MAX_CLIENTS:
            self.rest()
        self.hear(client)

    def keep(self, client: Client) -> None:
        """Let the loop listen to client."""
        if client not in self.clients:
            self.selector.register(client.connection, selectors.EVENT_READ, functools.partial(self.hear, client))
            self.clients.add(client)

    def forget(self, client: Client) -> None:
        """Let the loop listen to client no longer."""
        if client in self.clients:
            self.selector.unregister(client.connection)
            self.clients.remove(client)

    def drop(self, client: Client) -> None:
        """Close the connection of client, and all that belongs to it."""
        self.forget(client)
        client.connection.close()
        close_quietly(client.calls)

    def leave(self, client: Client) -> None:
        """Step 6.11 · about 20 minutes

        Take leave of a client that has got its last answer, as hang_up of chapter 1 does, but without waiting for it.

        1. Say that this was all: call `shutdown(socket.SHUT_WR)` of its connection, and make that non-blocking.
        2. Set client.leaving, and client.deadline to LINGER seconds from now: `self.hear` throws away what it still
           sends, until it hangs up, and `self.drop_late` closes the connection when it is late.
        3. `self.keep(client)`: the loop listens to it until then.

        If shutdown raises OSError, the client is gone: `self.drop(client)` at once, and nothing else.
        RFC 9112 section 9.6 (closing).
        """
        try:
            client.connection.shutdown(socket.SHUT_WR)
        except OSError:
            return self.drop(client)
        client.connection.setblocking(False)
        client.leaving, client.deadline = True, time.monotonic() + LINGER
        self.keep(client)

    def drop_late(self) -> None:
        """Drop the clients whose deadline has passed; those that have begun a request are told so, with 408.

        Each is heard before: what it has sent may have come in time, and waited for the server.
        """
        now = time.monotonic()
        for client in [client for client in self.clients if client.deadline <= now]:
            self.hear(client)
            if client not in self.clients or client.deadline > now:
                continue
            if client.idle or client.leaving:
                self.drop(client)
            else:
                self.refuse(client, 408, "the request did not come in time")

    # All clients.

    def turn(self) -> None:
        """Step 6.12 · about 20 minutes

        Do one turn of the loop: listen to all sockets at once, and do what is due for each that has something.

        1. `self.selector.select(TICK)` waits until a socket has something, TICK seconds at most. It returns pairs (key,
           events); key.data is a function: call it, without arguments, for each pair, in their order.
        2. If `time.monotonic()` has reached self.next_tick, set that to TICK seconds from now, and call self.tick().

        What these functions raise is let out at once. LeadLost is one such: then the loop belongs to another thread,
        and nothing of it may be touched any more.
        `selectors` in Python's documentation.
        """
        for key, _ in self.selector.select(TICK):
            key.data()
        if time.monotonic() >= self.next_tick:
            self.next_tick = time.monotonic() + TICK
            self.tick()

    def tick(self) -> None:
        """Do what is done once in a while: drop clients that are late, and listen again after a rest."""
        self.drop_late()
        if not self.stopping and len(self.clients) < MAX_CLIENTS:
            self.listen()

    # Who has the lead.

    def call(self, call: Call) -> bool:
        """Step 6.13 · about 25 minutes

        Answer a request (`self.answer(call)`), and tell whether the client is kept. Another thread may take the lead
        in the meantime.

        1. Put call into the list self.calls; then answer.
        2. Then `self.calls.remove(call)`. If it is there, this thread still has the lead: return what answer returned.
        3. If it is not (ValueError), `self.give_away` has taken it out, and another thread has the lead. Give the
           client back to that one, with `self.give_back(client, kept)`, and raise LeadLost.

        What answer raises is let out.

        Asking first whether it is there, and removing it then, are two moments: another thread may come between.
        "Lock objects" in the documentation of `threading`.
        """
        self.calls.append(call)
        kept = self.answer(call)
        try:
            self.calls.remove(call)
        except ValueError:
            self.give_back(call.client, kept)
            raise LeadLost from None
        return kept

    def give_away(self, call: Call) -> None:
        """Take the lead from the thread that is in a slow call, unless the call has just ended."""
        try:
            self.calls.remove(call)
        except ValueError:
            return
        self.forget(call.client)
        self.away += 1
        self.lead.release()

    def give_back(self, client: Client, kept: bool) -> None:
        """Leave a client to the thread that has the lead now, and wake that."""
        self.returned.append((client, kept))
        self.wake()

    def wake(self) -> None:
        """Let the loop begin its next turn."""
        with contextlib.suppress(OSError):  # the server has ended, or the bell's buffer is full: it will be heard
            self.bell.send(b"!")

    def hear_bell(self) -> None:
        """Go on with the clients that threads without the lead have served."""
        self.rung.recv(RECV_SIZE)
        while self.returned:
            self.take_back()

    def take_back(self) -> None:
        """Go on with a client that a thread without the lead has served."""
        client, kept = self.returned.popleft()
        self.away -= 1
        if kept:
            self.keep(client)
            self.serve_client(client)
        else:
            self.leave(client)

    def work(self) -> None:
        """Run the loop whenever this thread gets the lead, until the server has ended."""
        while not self.ended:
            self.lead.acquire()
            try:
                self.catch_up()
                while not (self.ended or self.finished()):
                    self.turn()
                self.ended = True
            except LeadLost:
                continue
            except BaseException:
                traceback.print_exc()
                self.ended = True
            self.lead.release()

    def catch_up(self) -> None:
        """Do what is overdue: with a slow call in every turn, no turn reaches the bell or its tick."""
        for _ in range(len(self.returned)):
            self.take_back()
        if time.monotonic() >= self.next_tick + TICK:
            self.next_tick = time.monotonic() + TICK
            self.tick()

    def watch(self) -> None:
        """Give the lead away whenever a call is slow, until the server has ended."""
        seen: list[Call] = []
        while not self.ended:
            time.sleep(SLOW)
            now = self.calls[:]
            if now and now == seen:
                self.give_away(now[0])
            seen = now

    # Beginning and end.

    def run(self, threads: int) -> None:
        """Serve until KeyboardInterrupt; then finish what was begun, within GRACE_SECONDS.

        KeyboardInterrupt is raised in the main thread, whatever line that is at. Therefore the main thread
        only waits: in the midst of `give_away`, the exception would leave the lead to nobody.
        """
        try:
            threading.Thread(target=self.begin, args=[threads], daemon=True).start()  # serves before it is back
            self.await_end()
        except KeyboardInterrupt:
            self.stopping = True
            self.wake()
            self.await_end(time.monotonic() + GRACE_SECONDS)

    def begin(self, threads: int) -> None:
        """Start the threads that work, and watch them."""
        for _ in range(threads):
            threading.Thread(target=self.work, daemon=True).start()
        self.watch()

    def await_end(self, latest: float = math.inf) -> None:
        """Wait until the server has ended, or the moment latest has come. Sleep hears Ctrl-C on Windows too."""
        while not self.ended and time.monotonic() < latest:
            time.sleep(0.05)

    def finished(self) -> bool:
        """Tell whether the server is stopped, and all that was begun is done.

        When it is stopped, new clients are refused, and those that are idle are dropped.
        """
        if self.stopping:
            self.rest()
            self.listener.close()
            for client in [client for client in self.clients if client.idle]:
                self.hear(client)  # a request that has come is still answered
                if client.idle:
                    self.drop(client)
        return self.stopping and not self.clients and not self.away


def environ_of(call: Call, response: KeepAliveResponse) -> WSGIEnvironment:
    """Return the environ for a call, made by build_environ, with what is different in this chapter."""
    environ = build_environ(call.request, call.client.server_address, call.client.address)
    length = length_of(call.body) if call.awaited is None else call.awaited
    if length == CHUNKED:
        environ.pop("CONTENT_LENGTH", None)
    elif "CONTENT_LENGTH" in environ:
        environ["CONTENT_LENGTH"] = str(length)
    return environ | {
        "wsgi.input": call.body if call.awaited is None else AwaitedBody(call, response),
        "wsgi.input_terminated": True,
        "wsgi.multithread": True,
        "wsgi.file_wrapper": FileWrapper,
    }


class LineLog(Log):
    """stderr for several threads: a line is written whole, however many writes it comes in."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__(stream)
        self.begun = threading.local()

    def write(self, text: str) -> int:
        whole, newline, rest = (getattr(self.begun, "text", "") + text).rpartition("\n")
        self.begun.text = rest
        if newline:
            super().write(whole + newline)
        return len(text)

    def flush(self) -> None:
        """Write what there is, also of a line that is not whole."""
        super().write(self.begun.__dict__.pop("text", ""))
        super().flush()


def serve_many(listener: socket.socket, app: WSGIApplication, threads: int) -> None:
    """Serve the clients of listener with app until KeyboardInterrupt."""
    sys.stderr = LineLog(sys.stderr)
    if os.name == "nt" and threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.default_int_handler)  # await_end hears Ctrl-C, where accept is deaf
    with listener:
        Server(app, listener).run(threads)


def serve_in_workers(listener: socket.socket, app: WSGIApplication, threads: int, workers: int) -> None:
    """Serve the clients of listener with several processes, as gunicorn does, until Ctrl-C or SIGTERM.

    All of them accept from the one listener. A worker that ends is replaced. A signal is handed on to each: it finishes
    what it has begun, and with the second signal it ends. They all share what app has opened by now. If the first
    process is killed (SIGKILL), the workers go on: end them yourself.
    """
    signals = {signal.SIGCHLD, signal.SIGINT, signal.SIGTERM}
    signal.signal(signal.SIGCHLD, lambda *_: None)  # else some systems throw it away
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)  # each signal waits for sigwait, and interrupts nothing
    pids: set[int] = set()
    stopping = False
    try:
        while pids or not stopping:
            while not stopping and len(pids) < workers:
                pids.add(begin_worker(listener, for_several_processes(app), threads, signals))
            if signal.sigwait(signals) != signal.SIGCHLD:
                stopping = True
                listener.close()
                end_workers(pids)
            for pid in [pid for pid in pids if os.waitpid(pid, os.WNOHANG)[0]]:
                pids.remove(pid)
                print(f"worker {pid} has ended", file=sys.stderr)
    finally:
        end_workers(pids)  # those that are left when fork fails


def end_workers(pids: set[int]) -> None:
    """Tell the processes with these numbers to end."""
    for pid in pids:
        os.kill(pid, signal.SIGTERM)


def begin_worker(listener: socket.socket, app: WSGIApplication, threads: int, signals: set[signal.Signals]) -> int:
    """Begin a process that serves the clients of listener, and return its number.

    Ctrl-C reaches all processes of a terminal: only the first one listens to it, and tells the others.
    """
    if pid := os.fork():
        return pid
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, signals)
        serve_many(listener, app, threads)
    except Exception:
        traceback.print_exc()
        time.sleep(TICK)  # the next worker may fail as well
    finally:
        try:
            sys.stdout.flush()
        finally:
            os._exit(0)  # what the first process still has to do is not the worker's


def for_several_processes(app: WSGIApplication) -> WSGIApplication:
    """Return app, with an environ that says that other processes call it as well."""
    return lambda environ, start_response: app(environ | {"wsgi.multiprocess": True}, start_response)


def count(text: str) -> int:
    """Return a number from 1 to MAX_THREADS. Raises ArgumentTypeError with a sentence."""
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= MAX_THREADS):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to {MAX_THREADS}")
    return int(text)


def main() -> None:
    """Run the program: serve MODULE:APP, which is looked up from the current folder."""
    parser = program_arguments("Serve a WSGI application to many clients at once.")
    parser.add_argument("--threads", type=count, default=THREADS, metavar="N")
    parser.add_argument("--workers", type=count, default=1, metavar="N", help="so many processes (1)")
    arguments = parser.parse_args()
    if arguments.workers > 1 and not hasattr(os, "fork"):
        parser.error("--workers needs fork, which this system does not have: there is one process here")
    app = application_named(arguments.app, Server)
    serve = functools.partial(serve_many, threads=arguments.threads)
    if arguments.workers > 1:
        serve = functools.partial(serve_in_workers, threads=arguments.threads, workers=arguments.workers)
    run(app, arguments.bind, needs=[app], serve=serve)


if __name__ == "__main__":
    main()
