"""What the checks of hello, build_scope and the adapter share: scopes, and an event loop for applications in threads.

A call of a WSGI application blocks its thread, so these checks need real threads and a real event loop. Nothing in a
right version waits for a time limit: the limits are there so that a wrong one ends.
"""
import asyncio
import contextlib
import inspect
import threading
import time
import warnings
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote, unquote_to_bytes

from tests.ch07_asgi.loops import CLIENT, SERVER, expect_awaited
from tests.expect import kind_of
from workshop.checking.diagnosis import Diagnosis
from workshop.checking.endless_loops import troubles
from workshop.checking.transport import afresh
from workshop.checking.tree import LearnersChapter
from wsgi_contract.launching import python_is_slow

ch01 = LearnersChapter("ch01_socket")
ch02 = LearnersChapter("ch02_request")
ch07 = LearnersChapter("ch07_asgi")
LIMIT = 1.5  # seconds that a request may take
SLOW_LIMIT = 4.0  # more seconds for it, where Python itself is slow
PATIENCE = 1.0  # seconds that an application waits in its thread
LATE = 0.5  # seconds in which is done what should have been done before
ROUNDS = 100  # of the event loop: time for others to do what they should not
OTHER_TYPES = ("lifespan", "websocket", "http3", "")  # of scopes that are no request
OWN_LOOP = ("A connection belongs to the event loop that serves it, which may not be there yet when the adapter is "
            "made: take `asyncio.get_running_loop()` when a request has come.")


async def asked_beside(question):
    """Return what a function returns that is called in another thread: the event loop goes on meanwhile."""
    with ThreadPoolExecutor(1) as pool:
        return await asyncio.get_running_loop().run_in_executor(pool, question)


def as_now(message):
    """Return a message as it is when it is sent: what is put into its list of headers later never goes out."""
    if isinstance(message, dict) and isinstance(message.get("headers"), list):
        return message | {"headers": list(message["headers"])}
    return message


def scope_for(path="/", **others):
    """Return a scope such as a server makes, of the checks' own making."""
    return {"type": "http", "asgi": {"version": "3.0", "spec_version": "2.4"}, "http_version": "1.1", "method": "GET",
            "scheme": "http", "path": path, "raw_path": quote(path).encode(), "query_string": b"", "root_path": "",
            "headers": [(b"host", b"127.0.0.1:8000")], "server": SERVER, "client": CLIENT, **others}


def request_with(target="/", method="GET", version="HTTP/1.1", fields=(("host", "127.0.0.1:8000"),)):
    """Return a Request such as parse_head of chapter 2 returns."""
    location, _, query = target.partition("?")
    if "://" in location:
        location = "/" + location.partition("://")[2].partition("/")[2]
    return ch02.Request(method, target, version, list(fields), unquote_to_bytes(location), query)


def pairs_in(headers, whose):
    """Return the headers of a message or a scope as a list of tuples. Raises Diagnosis if they are no pairs of bytes.
    """
    why = "Names and values are bytes in ASGI, where WSGI has str: whoever reads them counts on that."
    if type(headers) is not list:
        raise Diagnosis(f"the headers of {whose} are {kind_of(headers)}, not a list", came_back=repr(headers),
                        why="It is a list of pairs: they have an order, and a name may come twice, as Set-Cookie does.")
    for pair in headers:
        if type(pair) not in (tuple, list) or [type(part) for part in pair] != [bytes, bytes]:
            raise Diagnosis(f"a header of {whose} is no pair of bytes", came_back=repr(pair),
                            expected="such as (b'x-shop', b'books')", why=why)
    return [tuple(pair) for pair in headers]


def trouble(problem, why, **rows):
    """Raise a Diagnosis that is reported even if the learner's code catches it, or a thread is all that it ends."""
    troubles.append(Diagnosis(problem, **rows, why=why))
    raise troubles[-1]


async def rounds(count=ROUNDS):
    """Let the event loop go round."""
    for _ in range(count):
        await asyncio.sleep(0)


class Client:
    """The server's side of one call of an ASGI application: what it receives for a client, and sends to it.

    parts    of the body: bytes, messages as they are, an exception that receive raises, None for a client that leaves
    fails    what send raises
    """

    def __init__(self, *parts, scope=None, fails=None):
        self.scope = scope or scope_for()
        self.parts = list(parts or [b""])
        self.fails = fails
        self.asked = 0  # how often receive was awaited
        self.left = False  # whether receive has said so
        self.called = self.begun = 0  # how often send was called, and how often what it gives was awaited
        self.messages = []

    async def receive(self):
        self.asked += 1
        part = self.parts.pop(0) if self.parts else None
        if isinstance(part, BaseException):
            raise afresh(part)
        if part is None:
            self.left = True
            return {"type": "http.disconnect"}
        if isinstance(part, dict):
            return part
        return {"type": "http.request", "body": part, "more_body": bool(self.parts)}

    async def send(self, message):
        if self.fails:
            raise afresh(self.fails)
        self.messages.append(as_now(message))

    @property
    def body(self):
        """The bytes of the body that were sent."""
        return b"".join(message.get("body", b"") for message in self.messages)

    @property
    def waits(self):
        """Whether this client is there, and its answer has no end."""
        ends = [message for message in self.messages if message.get("type") == "http.response.body"]
        return not (self.left or ends and not ends[-1].get("more_body"))


class Stage:
    """An event loop in which clients call an adapted application, and what was seen of the WSGI application meanwhile.

    When the adapter is made, another event loop is the current one: a right version has nothing run in that.
    """

    def __init__(self):
        self.loop, self.elsewhere = asyncio.new_event_loop(), asyncio.new_event_loop()
        self.threads = []  # those in which the WSGI application was called, in order
        self.open = 0  # calls that were begun and have not ended
        self.adapted = None
        asyncio.set_event_loop(self.elsewhere)
        self.asked, self.real = [], asyncio.run_coroutine_threadsafe  # what threads wait for
        asyncio.run_coroutine_threadsafe = lambda *given, **named: self.kept(self.real(*given, **named))

    def kept(self, future):
        """Keep what a thread waits for: close ends the wait."""
        self.asked.append(future)
        return future

    def adapt(self, app, threads):
        """Have app adapted."""
        self.adapted = ch07.asgi_from_wsgi(self.watched(app), threads)

    def watched(self, app):
        """Return app as the adapter is given it: it makes sure that the event loop is free while it runs."""
        def application(environ, start_response):
            self.threads.append(threading.current_thread())
            self.expect_loop_free()
            self.open += 1
            return Watched(self, app, environ, start_response)

        return application

    def expect_loop_free(self):
        """Raise a Diagnosis if the event loop can do nothing else now."""
        if threading.current_thread() is threading.main_thread():
            trouble("the WSGI application is called in the event loop's own thread",
                    expected="a call in a thread of the pool",
                    why="Until it returns, nobody else is served, and emit waits for a loop that waits for it: "
                        "`run_in_executor(pool, call_wsgi, app, environ, response)` calls in another thread.")
        ticked = threading.Event()
        self.loop.call_soon_threadsafe(ticked.set)
        if not ticked.wait(PATIENCE) and not (python_is_slow() and ticked.wait(SLOW_LIMIT)):
            trouble("the event loop stands still while the WSGI application runs",
                    expected="`await loop.run_in_executor(…)`",
                    why="Whoever waits in a coroutine without `await`, with result() for one, keeps all others waiting "
                        "too, and what emit wants to send is never sent.")

    async def call(self, client):
        """Return what a call of the adapted application raises, or None."""
        async def sent(message):
            client.begun += 1
            if asyncio.get_running_loop() is not self.loop:
                trouble("send runs in another event loop than that of the server", why=OWN_LOOP)
            await client.send(message)

        def send(message):
            client.called += 1
            return sent(message)

        try:
            awaitable = self.adapted(client.scope, client.receive, send)
            if not inspect.isawaitable(awaitable):
                trouble(f"what asgi_from_wsgi returns gives {kind_of(awaitable)} when it is called",
                        expected="a coroutine", why="An ASGI application is awaited: `async def adapted(…)`.")
            return await awaitable
        except BaseException as error:
            if "attached to a different loop" in str(error):
                trouble("the call of app is awaited in another event loop than that of the server", why=OWN_LOOP)
            return error

    def serve(self, *clients, meanwhile=None, check=True):
        """Have the adapted application called for clients, all at once; return what each call raises, or None.

        meanwhile is a coroutine that runs beside them. check tells whether to fail if something is still done then.
        """
        async def main():
            calls = [asyncio.ensure_future(self.call(client)) for client in clients]
            beside = [asyncio.ensure_future(meanwhile)] if meanwhile else []
            _, late = await asyncio.wait([*calls, *beside], timeout=LIMIT)
            if late and await asked_beside(python_is_slow):
                _, late = await asyncio.wait(late, timeout=SLOW_LIMIT)
            if late:
                raise Diagnosis("the adapted application does not come to an end", came_back="it is still awaited",
                                expected="it returns when call_wsgi has",
                                why="Look at what your code waits for: the body, the thread that calls app, or in "
                                    "that thread what `send` is to do in the event loop.")
            outcomes = [call.result() for call in calls]
            if check:
                await self.expect_all_done([one for one, error in zip(clients, outcomes, strict=True) if not error])
            return outcomes

        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always", RuntimeWarning)
            outcomes = self.loop.run_until_complete(main())
        if not any(outcomes):
            expect_awaited(told)
        return outcomes

    async def expect_all_done(self, clients):
        """Fail if something is still done for clients, whose calls have all returned without an error."""
        told = [len(client.messages) for client in clients]
        end = time.monotonic() + LATE
        await rounds(10)
        while any(client.waits for client in clients) and time.monotonic() < end:
            await asyncio.sleep(LATE / 50)
        if [len(client.messages) for client in clients] != told:
            raise Diagnosis("the adapted application returns before its answer is whole",
                            expected="it returns when call_wsgi has",
                            why="For an ASGI server that is the end of the call: an answer without an end is an error. "
                                "`await` what run_in_executor returns, and have emit wait for each message.")
        if any(client.called > client.begun for client in clients):
            raise Diagnosis("send(message) is called, and what it gives is never awaited",
                            expected="asyncio.run_coroutine_threadsafe(send(message), loop)",
                            why="Its call makes a coroutine, and runs nothing of it. A thread cannot await: it has the "
                                "event loop run the coroutine.")

    def close(self):
        """Let the calls of the application end that are still open, and close both event loops."""
        asyncio.run_coroutine_threadsafe = self.real
        for future in self.asked:
            future.cancel()
        end = time.monotonic() + LATE
        for loop in (self.loop, self.elsewhere):
            for task in asyncio.all_tasks(loop):
                task.cancel()
            loop.run_until_complete(rounds(3))
        while self.open and time.monotonic() < end:
            self.loop.run_until_complete(rounds())
            self.elsewhere.run_until_complete(rounds())
        asyncio.set_event_loop(None)
        self.loop.close()
        self.elsewhere.close()


class Watched:
    """What a WSGI application returns, on a Stage: its close tells that the call has ended."""

    def __init__(self, stage, app, environ, start_response):
        self.stage, self.closed = stage, 0
        try:
            self.blocks = app(environ, start_response)
        except BaseException:
            stage.open -= 1
            raise

    def __iter__(self):
        return iter(self.blocks)

    def close(self):
        self.closed += 1
        self.stage.open -= self.closed == 1
        if hasattr(self.blocks, "close"):
            self.blocks.close()


@contextlib.contextmanager
def stage_for(app, threads=2):
    """Give a Stage for a WSGI application, and leave nothing of it behind."""
    stage = Stage()
    try:
        stage.adapt(app, threads)
        yield stage
    finally:
        stage.close()


def outcome(app, client=None, threads=2):
    """Return what a call of the adapted application for a client raises, or None."""
    with stage_for(app, threads) as stage:
        return stage.serve(client or Client())[0]


def app_of(*blocks, status="200 OK", headers=()):
    """Return a WSGI application that answers with blocks."""
    def app(environ, start_response):
        start_response(status, list(headers))
        return list(blocks)

    return app
