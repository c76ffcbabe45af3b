"""Chapter 7 · Encore: what comes after WSGI?

A WSGI application holds a thread from its call to its last block, also while it only waits. In this chapter the
application is a coroutine: where it waits, others run, on the same thread. It talks with the server through a scope and
two callables, receive and send. That is ASGI. Your server for it takes requests apart with chapter 2, takes bodies with
chapter 6, and answers with chapter 4. At the end an adapter brings your WSGI applications along.

    python chapters/ch07_asgi.py ch07_asgi:hello_app --bind 127.0.0.1:8000

Left out: WebSocket, TLS, HTTP/2, and more than one process.
"""
import asyncio
import contextlib
import http
import io
import signal
import socket
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Generator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import unquote_to_bytes

from ch01_socket import LINGER, RECV_SIZE, Address, ClientGone, run
from ch02_request import (
    CHUNKED,
    MAX_BODY,
    REASONS,
    BadRequest,
    Request,
    body_framing,
    error_response,
    expects_continue,
)
from ch03_environ import HOP_BY_HOP, WSGIApplication, WSGIEnvironment, build_environ
from ch04_response import (
    LENGTH,
    REQUEST_SECONDS,
    SEND_SECONDS,
    UNTIL_CLOSE,
    Response,
    access_line,
    application_named,
    program_arguments,
)
from ch06_concurrency import (
    GRACE_SECONDS,
    KEEP_ALIVE_SECONDS,
    MAX_UPLOAD,
    THREADS,
    KeepAliveResponse,
    LineLog,
    length_of,
    take_body,
    take_request,
    wants_keep_alive,
)

Scope = dict[str, Any]
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Coroutine[Any, Any, None]]
ASGIApplication = Callable[[Scope, Receive, Send], Awaitable[None]]

VERSIONS = {"version": "3.0", "spec_version": "2.4"}  # of ASGI, and of its part for HTTP
LIFESPAN_VERSIONS = {"version": "3.0", "spec_version": "2.0"}  # of ASGI, and of its part for the lifespan


# The application.


async def hello_app(scope: Scope, receive: Receive, send: Send) -> None:
    """Step 7.1 · about 15 minutes

    Answer a request with `hello from PATH` and a line end (LF), where PATH is scope["path"]. A coroutine: `async def`.

    >>> sent = []
    >>> async def send(message): sent.append(message)
    >>> asyncio.run(hello_app({"type": "http", "path": "/a"}, None, send))
    >>> [message["type"] for message in sent]
    ['http.response.start', 'http.response.body']

    Await send for two messages, both dicts:

        type     http.response.start
        status   200
        headers  a list of pairs of bytes, names in lower case: content-type is `text/plain; charset=utf-8`,
                 content-length how many bytes the body has
        type     http.response.body
        body     the text, encoded as UTF-8

    The server may call an application for what is no request, with another scope["type"], such as "lifespan". Raise
    ValueError then, and send nothing: any exception says that the application has nothing for it.
    ASGI, HTTP & WebSocket ASGI Message Format, "Response Start" and "Response Body"; ASGI 3.0, "Applications".
    """
    raise NotImplementedError("step 7.1: write hello_app")


def build_scope(request: Request, server_address: Address, client_address: Address) -> Scope:
    """Step 7.2 · about 25 minutes

    Return the scope of a request, a new dict: what the environ is in WSGI, without the body.

    >>> fields = [("host", "here"), ("x-a", "1")]
    >>> request = Request("GET", "/caf%C3%A9%2F?page=2", "HTTP/1.1", fields, "/café/".encode(), "page=2")
    >>> scope = build_scope(request, ("127.0.0.1", 8000), ("127.0.0.1", 50_000))
    >>> scope["path"], scope["raw_path"], scope["query_string"]
    ('/café/', b'/caf%C3%A9%2F', b'page=2')
    >>> scope["headers"]
    [(b'host', b'here'), (b'x-a', b'1')]

        type, scheme, root_path  "http", "http" and ""
        asgi                     a copy of VERSIONS
        http_version             the version without `HTTP/`
        method                   in capitals
        path                     str: the path decoded as UTF-8, with errors="replace"
        raw_path, query_string   bytes: `raw_path(request.target)`, and the query
        headers                  a list of pairs of bytes (latin-1), in their order, all of them
        server, client           the two addresses

    request stays as it is.
    ASGI, HTTP & WebSocket ASGI Message Format, "HTTP Connection Scope".
    """
    raise NotImplementedError("step 7.2: write build_scope")


def raw_path(target: str) -> bytes:
    """Return the path of a target as it was sent."""
    location = target.partition("?")[0]
    if not location.startswith("/"):
        location = "/" + location.partition("://")[2].partition("/")[2]
    return location.encode("latin-1")


# The connection.


class Streams:
    """A connection for coroutines: where chapter 1 waits in recv, they await, and others run."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer
        self.received = bytearray()  # and not yet taken
        self.turn = asyncio.Lock()  # to read: an application may still wait in receive when the server hangs up
        self.server_address = writer.get_extra_info("sockname") or ("", 0)
        self.client_address = writer.get_extra_info("peername") or ("", 0)
        self.when_lost: Callable[[], None] | None = None  # is called when the connection is lost

    async def watch(self) -> None:
        """Await the loss of the connection, and tell whom it concerns."""
        with contextlib.suppress(OSError):
            await self.writer.wait_closed()
        if self.when_lost:
            self.when_lost()

    async def receive_more(self, seconds: float) -> None:
        """Await more bytes, and put them at the end of self.received.

        Raises ClientGone or another OSError if the client has left, TimeoutError if nothing comes in so many seconds.
        """
        try:
            block = await asyncio.wait_for(self.read(), seconds)
        except asyncio.TimeoutError as error:  # a class of its own before Python 3.11
            raise TimeoutError(f"nothing came in {seconds:.0f} seconds") from error
        if not block:
            raise ClientGone("the client hung up")
        self.received += block

    async def read(self) -> bytes:
        """Await the next block, b"" if the client has hung up. Who comes second, reads second."""
        async with self.turn:
            return await self.reader.read(RECV_SIZE)

    async def take(self, taking: Generator[None, None, Any], seconds: float) -> Any:
        """Step 7.3 · about 20 minutes

        Run a generator of chapter 6 to its end, and return what it returns. Where it pauses, await more bytes.

            next(taking)                     until it raises StopIteration, whose value is what the generator returns
            await self.receive_more(left)    each time that next returns; left is how many seconds are left of
                                             `seconds`, which count from the call of take (`time.monotonic()`)

        So what is there already needs no waiting, and a client that sends a byte a second is late all the same. What
        the generator and receive_more raise is let out.
        "Coroutines and Tasks" in Python's documentation; RFC 9110 section 15.5.9 (Request Timeout).
        """
        raise NotImplementedError("step 7.3: write Streams.take")

    def sendall(self, data: bytes) -> None:
        """Send data, as the socket of a Response does; what cannot go at once waits in memory (see drained)."""
        self.writer.write(data)

    async def drained(self) -> None:
        """Wait until little of what was sent is left in memory. Raises ClientGone, also if it takes long."""
        try:
            await asyncio.wait_for(self.writer.drain(), SEND_SECONDS)
        except (OSError, asyncio.TimeoutError) as error:
            self.writer.transport.abort()
            raise ClientGone(str(error)) from error

    async def next_request(self) -> Request:
        """Await the head of the next request. Raises BadRequest or OSError; ClientGone and TimeoutError are such."""
        if not self.received:
            await self.receive_more(KEEP_ALIVE_SECONDS)
        return await self.take(take_request(self.received), REQUEST_SECONDS)

    def refuse(self, status: int, message: str) -> None:
        """Tell the log and the client what is wrong with its request."""
        print(f"a request was refused: {status} {REASONS[status]}: {message}", file=sys.stderr)
        self.sendall(error_response(status, message))

    async def hang_up(self) -> None:
        """Step 7.4 · about 20 minutes

        Close the connection so that the client still receives what was sent: hang_up of chapter 1, for coroutines.

        1. Say that this was all: `self.writer.write_eof()`.
        2. Await `self.read_the_rest()`, for LINGER seconds at most: `asyncio.wait_for`.
        3. In every case, also if something is raised: `self.writer.close()`. That sends what is left by itself; do not
           await `wait_closed`, which waits as long as the client reads nothing.

        OSError and asyncio.TimeoutError are no error, and not let out: the client has left, or does not hang up. All
        else is let out, such as asyncio.CancelledError.
        RFC 9112 section 9.6 (closing); "Streams" in Python's documentation.
        """
        raise NotImplementedError("step 7.4: write Streams.hang_up")

    async def read_the_rest(self) -> None:
        """Read until the client hangs up, and throw it away."""
        while await self.read():
            pass


# One request and its answer.


class Exchange:
    """A request and its answer, as an application meets them: its receive and its send."""

    def __init__(self, streams: Streams, request: Request, keep_alive: bool) -> None:
        """Raises BadRequest if the body's end cannot be told."""
        self.streams = streams
        self.part = io.BytesIO()  # of the body: what was taken, and not yet given to the application
        self.taking: Generator | None = take_body(streams.received, body_framing(request, MAX_UPLOAD), self.part)
        self.continue_expected = expects_continue(request)
        self.response = KeepAliveResponse(streams, request, keep_alive)  # type: ignore[arg-type]  # it calls sendall alone
        self.refusal: BadRequest | None = None  # what is wrong with the body
        self.gone = False  # whether the client has left
        self.ended = asyncio.Event()  # set when the response is whole, or there will be no more of it

    async def receive(self) -> Message:
        """Step 7.5 · about 25 minutes

        Return the next message for the application: a part of the body, and after its last part the end.

        1. While self.taking is not None, return what `await self.next_part()` returns: an http.request message.
        2. If next_part raises BadRequest, keep it in self.refusal, and `self.disconnect()`. If it raises OSError
           (ClientGone and TimeoutError are such), `self.disconnect()`. All else is let out.
        3. After the body, and after a disconnect, `await self.ended.wait()`, and return a new dict:
           `{"type": "http.disconnect"}`. Each later call returns this too.

        So a request without a body gives one message, with b"". An application that awaits the disconnect waits until
        the connection is lost or the response has ended, and no longer.
        ASGI, HTTP & WebSocket ASGI Message Format, "Request" and "Disconnect".
        """
        raise NotImplementedError("step 7.5: write Exchange.receive")

    async def next_part(self) -> Message:
        """Return an http.request message with what has come of the body; await some if nothing has.

        A client that waits for `100 Continue` gets it now: the application asks for the body. Raises BadRequest,
        ClientGone or TimeoutError.
        """
        while True:
            self.take_what_has_come()
            body = self.part.getvalue()
            if body or not self.taking:
                self.part.seek(0)
                self.part.truncate()
                return {"type": "http.request", "body": body, "more_body": self.taking is not None}
            if self.continue_expected and not self.response.head_sent:
                self.continue_expected = False
                self.streams.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
            await self.streams.receive_more(REQUEST_SECONDS)
            if self.gone:  # disconnect was called meanwhile
                raise ClientGone("the client has gone")

    def disconnect(self) -> None:
        """Note that the client has gone: nothing more is received from it or sent to it."""
        self.gone, self.taking = True, None
        self.ended.set()

    async def send(self, message: Message) -> None:
        """Step 7.6 · about 20 minutes

        Do what a message of the application says, and return when little of what was sent is left in memory.

        1. If self.gone, raise ClientGone, an OSError: so an application learns that nobody reads what it makes.
        2. If self.ended is set, raise RuntimeError: the response has ended.
        3. Call `self.start(message)` if its type is "http.response.start", `self.add(message)` if it is
           "http.response.body". For all others, raise ValueError, with the type in its message.
        4. Await `self.streams.drained()`: an application that makes more than a client reads is held up here.

        If ClientGone is raised in 3 or 4, `self.disconnect()`, and let it out. All else is let out.
        ASGI, HTTP & WebSocket ASGI Message Format, "Disconnected Client - send exception".
        """
        raise NotImplementedError("step 7.6: write Exchange.send")

    def start(self, message: Message) -> None:
        """Step 7.7 · about 15 minutes

        Begin the response with an http.response.start message: `self.response.start_response(status, headers)`.

            status   such as "200 OK": message["status"], a space, and `phrase(status)`
            headers  a list of pairs of str: those of message (an iterable, perhaps missing), decoded as latin-1,
                     without those that are in HOP_BY_HOP (in upper or lower case), which are the server's

        message and its headers stay as they are. What phrase and start_response raise is let out: AssertionError, if
        the response has begun already.
        ASGI, HTTP & WebSocket ASGI Message Format, "Response Start".
        """
        raise NotImplementedError("step 7.7: write Exchange.start")

    def add(self, message: Message) -> None:
        """Step 7.8 · about 25 minutes

        Send what an http.response.body message has: its `body`, bytes, b"" if there is none. Its `more_body` says
        whether more will follow; without it, nothing does.

        1. If nothing follows, and no head was sent, the server knows the length: set self.response.known_length.
        2. Send the head if it has not gone: `self.response.send(self.response.head_once())`. Also for an empty body:
           the client is to see the head while the application is still busy.
        3. `self.response.write` the body.
        4. If nothing follows, `self.response.close()`, and then set self.ended.

        message stays as it is. What the response raises is let out, and self.ended is not set then: AssertionError, if
        it has not begun.
        ASGI, HTTP & WebSocket ASGI Message Format, "Response Body".
        """
        raise NotImplementedError("step 7.8: write Exchange.add")

    async def run(self, app: ASGIApplication, scope: Scope) -> None:
        """Step 7.9 · about 25 minutes

        Call app with scope, self.receive and self.send, by position, and make sure that the client gets an answer or an
        end.

        1. Await the call. If it returns and self.ended is not set, the answer lacks its end: raise an error
           for that, RuntimeError.
        2. Whatever is raised, `self.fail()` while it is handled: that prints its traceback, and answers 500 if no head
           has gone.
        3. If self.gone, ignore what is raised: print nothing, send nothing. The client has left.
        4. In every case, set self.ended: whoever waits for the answer goes on.

        asyncio.CancelledError is no error: a server that stops ends with it a call that takes too long. It alone is let
        out, after point 4.
        ASGI 3.0, "Error Handling"; "Task Cancellation" in Python's documentation.
        """
        raise NotImplementedError("step 7.9: write Exchange.run")

    def fail(self) -> None:
        """Print the traceback of the exception that is handled now, and answer 500 if no head has gone."""
        traceback.print_exc()
        if not self.ended.is_set():
            self.response.send_error()

    def is_kept(self) -> bool:
        """Tell whether the connection is kept for a next request."""
        return self.response.whole and self.response.keep_alive and not self.gone and self.is_taken()

    def is_taken(self) -> bool:
        """Take what has come of a body that the application has not asked for, and tell whether that was all of it."""
        if self.taking and not self.continue_expected:
            with contextlib.suppress(BadRequest):
                self.take_what_has_come()
        return self.taking is None

    def take_what_has_come(self) -> None:
        """Take what has come of the body into self.part, and note if that was the last of it. Raises BadRequest."""
        if next(self.taking, "all") == "all":
            self.taking = None


def phrase(status: int) -> str:
    """Return the reason phrase of a status as a str: ASGI has none. Raises TypeError if status is no int."""
    if not isinstance(status, int):
        raise TypeError(f"status is {status!r}, not an int")
    try:
        return http.HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


# Before the first request, and after the last.


class LifespanFailed(Exception):
    """The application says that it cannot start, or could not stop; the message is its own."""


class Lifespan:
    """What an application does before its first request and after its last: one call, as long as the server runs."""

    def __init__(self, app: ASGIApplication) -> None:
        self.app = app
        self.state: dict[str, Any] = {}  # that the application leaves for its requests
        self.events: asyncio.Queue[Message] = asyncio.Queue()  # that the application receives
        self.answers: asyncio.Queue[Message] = asyncio.Queue()  # that it sends
        self.call: asyncio.Task | None = None

    async def run(self) -> None:
        """Call the application; when it returns or raises, there is one more answer."""
        try:
            await self.app({"type": "lifespan", "asgi": dict(LIFESPAN_VERSIONS), "state": self.state},
                           self.events.get, self.answers.put)
        except (Exception, asyncio.CancelledError) as error:
            self.answers.put_nowait({"type": "lifespan.raised", "message": f"{type(error).__name__}: {error}"})
        else:
            self.answers.put_nowait({"type": "lifespan.returned"})

    async def tell(self, event: str) -> None:
        """Step 7.10 · about 25 minutes

        Tell the application of an event, "startup" or "shutdown", and await its answer.

        1. With the first event, begin the call: self.call is `asyncio.create_task(self.run())`.
        2. If the call has ended (`self.call.done()`), there is nobody to tell: return.
        3. Put `{"type": f"lifespan.{event}"}` into self.events, and await an answer from self.answers (`get`).
        4. If the answer's type is f"lifespan.{event}.failed", raise LifespanFailed with its message, "" if it has none.
           Any other answer is as good as "…complete": an application that knows nothing of lifespan raises or returns,
           and is served all the same.

        ASGI, Lifespan Protocol; "Queues" in the documentation of asyncio.
        """
        raise NotImplementedError("step 7.10: write Lifespan.tell")


# The server.


class AsyncServer:
    """All clients of one application, on one thread."""

    def __init__(self, app: ASGIApplication) -> None:
        self.app = app
        self.lifespan = Lifespan(app)
        self.stopping = False
        self.idle: set[asyncio.Task] = set()  # connections whose next request has no whole head yet
        self.busy: set[asyncio.Task] = set()  # other connections, calls, and what watches connections
        self.open: set[Exchange] = set()  # those whose answer has not ended

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one client, as a task of its own: request after request, and then hang up."""
        streams, task = Streams(reader, writer), asyncio.current_task()
        self.note(asyncio.create_task(streams.watch()))
        try:
            await self.converse(streams, task)
        except BadRequest as error:
            streams.refuse(error.status, str(error))
        except TimeoutError as error:
            if streams.received:
                streams.refuse(408, str(error))
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            with contextlib.suppress(asyncio.CancelledError):  # the server is stopped, and this was almost done
                await streams.hang_up()
            self.idle.discard(task)
            self.busy.discard(task)
            if writer.transport.get_write_buffer_size():  # the client takes nothing of what it was sent
                asyncio.get_running_loop().call_later(SEND_SECONDS, writer.transport.abort)

    async def converse(self, streams: Streams, task: asyncio.Task) -> None:
        """Step 7.11 · about 20 minutes

        Answer the requests that come over a connection, one after the other.

        1. `await streams.next_request()`. While it waits, task is in self.idle, and not in self.busy.
        2. Then task is in self.busy, and not in self.idle. `await self.answer(streams, request)` tells whether the
           connection is kept.
        3. Go on with 1, as long as the connection is kept and self.stopping is false.

        What next_request and answer raise is let out: handle deals with it. The sets stay the same objects.
        RFC 9112 section 9.3 (persistence).
        """
        raise NotImplementedError("step 7.11: write AsyncServer.converse")

    async def answer(self, streams: Streams, request: Request) -> bool:
        """Step 7.12 · about 30 minutes

        Answer a request with the application, and tell whether the connection is kept.

        1. Make an Exchange, which keeps the connection if `wants_keep_alive(request) and not self.stopping`.
        2. Begin its `run` as a task (`asyncio.create_task`), with the scope of build_scope, and in it a shallow
           copy of self.lifespan.state as "state". `self.note(call)` keeps the task.
        3. `async with self.watching(streams, exchange)`: in it, `await exchange.ended.wait()`. Do not await the task:
           an application may go on after its answer, and the next request does not wait for that.
        4. Print access_line to stderr: it takes `time.gmtime()` from before point 1, and the seconds since then, by
           `time.monotonic()`.
        5. If there is an exchange.refusal and no head was sent, raise it. Else return `exchange.is_kept()`.

        What Exchange raises is let out.
        ASGI 3.0, "Applications"; "Creating Tasks" in Python's documentation.
        """
        raise NotImplementedError("step 7.12: write AsyncServer.answer")

    def note(self, task: asyncio.Task) -> None:
        """Keep a task until it is done: asyncio itself keeps none."""
        self.busy.add(task)
        task.add_done_callback(self.busy.discard)

    @contextlib.asynccontextmanager
    async def watching(self, streams: Streams, exchange: Exchange) -> AsyncIterator[None]:
        """Disconnect exchange if the connection is lost meanwhile."""
        streams.when_lost = exchange.disconnect
        self.open.add(exchange)
        try:
            yield
        finally:
            self.open.discard(exchange)
            streams.when_lost = None

    async def run(self, listener: socket.socket, stop: asyncio.Event) -> None:
        """Step 7.13 · about 25 minutes

        Serve the clients of listener until stop is set, and then come to an end, in this order:

        1. `await self.lifespan.tell("startup")`: no client is accepted before the application is ready.
        2. `await asyncio.start_server(self.handle, sock=listener)`, and `await stop.wait()`.
        3. Close the server, so that no new client comes in, set self.stopping, and cancel the tasks in self.idle.
        4. `await self.finish()`: what was begun has GRACE_SECONDS.
        5. `await self.lifespan.tell("shutdown")`: nothing runs any more that needs what the application closes now.

        What is raised is let out, such as LifespanFailed. In every case, listener is closed.
        ASGI, Lifespan Protocol; `asyncio.start_server` in Python's documentation.
        """
        raise NotImplementedError("step 7.13: write AsyncServer.run")

    async def finish(self) -> None:
        """Await all that is busy, for GRACE_SECONDS at most, and end what is not done then.

        Heads that are still due say `Connection: close`.
        """
        for exchange in self.open:
            exchange.response.keep_alive = False
        waiting = [*self.idle, *self.busy]
        if waiting:
            _, late = await asyncio.wait(waiting, timeout=GRACE_SECONDS)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late, timeout=LINGER)  # for what they do in a finally clause


# The adapter: an application of WSGI for a server of ASGI.


class AdaptedResponse(Response):
    """A response of chapter 4 that goes to an ASGI server, as messages."""

    def __init__(self, request: Request, emit: Callable[[Message], None]) -> None:
        """emit sends a message, and returns when little of it is left in memory. Raises ClientGone."""
        super().__init__(None, request)  # send and close know no socket
        self.emit = emit

    def head_once(self) -> bytes:
        """Step 7.14 · about 20 minutes

        Emit the head as a message when it is first asked for, and return b"" in every case.

        `super().head_once()` chooses the framing and returns bytes when the head is due, b"" ever after. What it and
        emit raise is let out. When the head is due, emit an http.response.start message:

            status   the code of self.status, an int
            headers  self.headers, as a list of pairs of bytes (latin-1), names in lower case; with a content-length of
                     self.length, if self.framing is LENGTH and the application gave none

        self.headers stays as it is.
        ASGI, HTTP & WebSocket ASGI Message Format, "Response Start".
        """
        raise NotImplementedError("step 7.14: write AdaptedResponse.head_once")

    def choose_framing(self) -> str:
        """Return the framing of chapter 4, except chunks: they are the server's."""
        framing = super().choose_framing()
        return UNTIL_CLOSE if framing == CHUNKED else framing

    def send(self, data: bytes) -> None:
        """Emit data, a part of the body."""
        if data:
            self.emit({"type": "http.response.body", "body": data, "more_body": True})

    def close(self) -> None:
        """Emit the end of the response."""
        super().close()
        self.emit({"type": "http.response.body"})


def call_wsgi(app: WSGIApplication, environ: WSGIEnvironment, response: Response) -> None:
    """Call app, and send its response; close what it returned in every case."""
    iterable = app(environ, response.start_response)
    try:
        response.write_blocks(iterable)
        response.close()
    finally:
        if hasattr(iterable, "close"):
            iterable.close()


def asgi_from_wsgi(app: WSGIApplication, threads: int = THREADS) -> ASGIApplication:
    """Step 7.15 · about 30 minutes

    Return an ASGI application that answers with app, each call in one of at most `threads` threads.

    For a scope of another type than "http", it raises ValueError. For a request:

    1. `await receive_body(receive, file)` has the whole body put into file, a new
       `tempfile.SpooledTemporaryFile(MAX_BODY)`. If it returns False, the client has left: return, and call nothing.
    2. `await loop.run_in_executor(pool, call_wsgi, app, environ, response)` runs the call in a thread. loop is
       `asyncio.get_running_loop()`, and pool one `ThreadPoolExecutor(threads)` for all requests. The environ is
       `environ_of_scope(scope, file)`, and the response `AdaptedResponse(request_of(scope), emit)`.
    3. emit(message), which is called in that thread, lets loop run `send(message)`, and waits for it:
       `asyncio.run_coroutine_threadsafe(send(message), loop).result()`. If that raises OSError, raise ClientGone.

    In every case, close the file at the end. What is raised is let out.
    ASGI 3.0, "WSGI Compatibility"; "Concurrency and Multithreading" in the documentation of asyncio.
    """
    raise NotImplementedError("step 7.15: write asgi_from_wsgi")


async def receive_body(receive: Receive, file: Any) -> bool:
    """Put the whole body into file, and leave that at its beginning; tell whether the client is still there."""
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return False
        file.write(message.get("body", b""))
        more = message.get("more_body", False)
    file.seek(0)
    return True


def request_of(scope: Scope) -> Request:
    """Return the Request that a scope stands for, without its body."""
    path, query = scope["raw_path"].decode("latin-1"), scope["query_string"].decode("latin-1")
    fields = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]]
    target = f"{path}?{query}" if query else path
    return Request(scope["method"], target, f"HTTP/{scope['http_version']}", fields, unquote_to_bytes(path), query)


def environ_of_scope(scope: Scope, file: Any) -> WSGIEnvironment:
    """Return the environ for a scope and a file with its body. root_path becomes SCRIPT_NAME."""
    environ = build_environ(request_of(scope), scope["server"], scope["client"])
    if "CONTENT_LENGTH" in environ:
        environ["CONTENT_LENGTH"] = str(length_of(file))
    root = scope["root_path"].encode().decode("latin-1")
    return environ | {
        "SCRIPT_NAME": root,
        "PATH_INFO": environ["PATH_INFO"].removeprefix(root),
        "wsgi.input": file,
        "wsgi.input_terminated": True,
        "wsgi.multithread": True,
    }


# The program.


async def until_stopped(listener: socket.socket, app: ASGIApplication) -> None:
    """Serve the clients of listener with app until Ctrl-C or SIGTERM. Raises LifespanFailed."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop.set))
    await AsyncServer(app).run(listener, stop)


def serve_asgi(listener: socket.socket, app: ASGIApplication) -> None:
    """Serve the clients of listener with app until Ctrl-C or SIGTERM; exit with a sentence if app says it failed.

    A call of WSGI that has begun comes to its end: Python waits for the threads of a pool when it exits.
    """
    sys.stderr = LineLog(sys.stderr)
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # which connections inherit: send at once
    try:
        asyncio.run(until_stopped(listener, app))
    except LifespanFailed as error:
        sys.exit(f"the application says that it failed: {error}")


def main() -> None:
    """Run the program: serve MODULE:APP, which is looked up from the current folder."""
    parser = program_arguments("Serve an ASGI application, or with --wsgi one of WSGI.", app="ch07_asgi:hello_app")
    parser.add_argument("--wsgi", action="store_true", help="the application is one of WSGI: adapt it")
    arguments = parser.parse_args()
    app = application_named(arguments.app, AsyncServer, asgi_from_wsgi)
    run(asgi_from_wsgi(app) if arguments.wsgi else app, arguments.bind, needs=[app], serve=serve_asgi)


if __name__ == "__main__":
    main()
