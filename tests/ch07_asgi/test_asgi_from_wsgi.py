"""Step 7.15 · asgi_from_wsgi"""
import asyncio
import contextlib
import tempfile
import threading

import pytest

from tests.ch07_asgi.adapting import (
    OTHER_TYPES,
    PATIENCE,
    ROUNDS,
    Client,
    app_of,
    ch01,
    ch07,
    outcome,
    pairs_in,
    rounds,
    scope_for,
    stage_for,
)
from tests.expect import expect_raised, expect_value, shown_error
from workshop.checking.diagnosis import expect_same, expect_that
from workshop.checking.tree import load, shown

BODY = "http.response.body"
BLOCKS = 5
POOL = "There is one pool for all requests, `ThreadPoolExecutor(threads)`: what a server has to do is bounded by it."
LEFT = "The client has left before its body was whole: nobody reads an answer, and half a body is a wrong one."


@pytest.fixture
def files(monkeypatch):
    """The SpooledTemporaryFiles that are made during a check, in a list; each has the limit that it was given."""
    made = []

    class Noting(tempfile.SpooledTemporaryFile):
        def __init__(self, *arguments, **named):
            super().__init__(*arguments, **named)
            self.limit = arguments[0] if arguments else named.get("max_size")
            made.append(self)

    monkeypatch.setattr(tempfile, "SpooledTemporaryFile", Noting)
    monkeypatch.setattr(load("ch07_asgi"), "SpooledTemporaryFile", Noting, raising=False)
    yield made
    for file in made:
        file.close()


def let_out(error):
    """Raise what a call of the adapted application has raised, if that is anything."""
    if error:
        raise error


def expect_body_out(came_back, client, body, problem="another body is sent", *, why, **rows):
    """Fail unless a call of the adapted application has raised nothing, and this body was sent."""
    let_out(came_back)
    expect_same(client.body, body, why, of="the body that was sent", problem=problem, **rows)


class Failing:
    """What an application returns: a block, and then an error, in the iteration or in close."""

    def __init__(self, error, where):
        self.error, self.where, self.closed = error, where, 0

    def __iter__(self):
        yield b"hello"
        if self.where == "the iteration":
            raise self.error

    def close(self):
        self.closed += 1
        if self.where == "close":
            raise self.error


def failing_app(error, where):
    """Return an application that raises error in the call, the iteration, or close."""
    def app(environ, start_response):
        if where == "the call":
            raise error
        start_response("200 OK", [])
        return Failing(error, where)

    return app


def reading_app(environ, start_response):
    """Answer with the body of the request."""
    start_response("200 OK", [])
    return [environ["wsgi.input"].read()]


@pytest.mark.step("7.15")
class TestAsgiFromWsgi:
    def test_the_response_is_sent_as_messages(self):
        client = Client()
        came_back = outcome(app_of(b"hel", b"lo", status="404 Not Found", headers=[("X-Shop", "books")]), client)
        expect_body_out(came_back, client, b"hello", why="The blocks are sent one after the other.")
        came_back = [(message.get("type"), message.get("more_body", False)) for message in client.messages]
        expect_same(came_back, [("http.response.start", False), (BODY, True), (BODY, True), (BODY, False)],
                    problem="the messages are others", of="type and more_body of each",
                    why="A start, each block, and the end: AdaptedResponse emits them, and call_wsgi calls its close.")
        headers = pairs_in(client.messages[0].get("headers"), "http.response.start")
        came_back = client.messages[0].get("status"), headers
        expect_same(came_back, (404, [(b"x-shop", b"books")]), of="status and headers",
                    problem="the start is another one", why="They are those that start_response was given.")

    @pytest.mark.parametrize("kind", OTHER_TYPES[:2])
    def test_what_is_no_request_is_refused(self, kind):
        client, called = Client(b"", scope={"type": kind, "asgi": {"version": "3.0"}}), []
        came_back = outcome(lambda environ, start_response: called.append(environ) or [], client)
        why = "WSGI knows requests alone. That an exception says so is how a server learns it, of a lifespan for one."
        expect_raised(ValueError, lambda: let_out(came_back), why=why,
                      problem=f"a scope of the type {kind!r} is accepted")
        expect_same((called, client.asked, client.messages), ([], 0, []), of="calls of app, of receive, and messages",
                    problem=f"something is done before a scope of the type {kind!r} is refused", why=why)

    def test_others_are_served_while_the_application_waits(self):
        come = threading.Event()

        async def meanwhile():
            await rounds()
            come.set()

        def app(environ, start_response):
            start_response("200 OK", [])
            return [b"in time" if come.wait(PATIENCE) else b"late"]

        client = Client()
        with stage_for(app) as stage:
            came_back = stage.serve(client, meanwhile=meanwhile())[0]
        expect_body_out(came_back, client, b"in time", "the event loop stands still meanwhile",
                        why="The application waits for what another coroutine does: the loop must go on, which "
                            "`await loop.run_in_executor(…)` lets it.")

    @pytest.mark.parametrize("parts", [
        [b"hello"], [b"he", b"", b"l", b"lo"], [b""], [b"", b"x" * 1_100_000], [{"type": "http.request"}],
        [{"type": "http.request", "body": b"he", "more_body": True}, {"type": "http.request", "more_body": True},
         {"type": "http.request", "body": b"llo"}]],
        ids=["one part", "several", "no body", "above MAX_BODY", "a message without parts", "messages without a part"])
    def test_the_application_reads_the_whole_body(self, parts):
        expected = b"".join(part if isinstance(part, bytes) else part.get("body", b"") for part in parts)
        client = Client(*parts)
        asked = len(client.parts)
        came_back = outcome(reading_app, client)
        expect_body_out(came_back, client, expected, parts=shown(parts),
                        why="wsgi.input has the whole body, from its beginning: `receive_body` puts it into the file.")
        expect_same(client.asked, asked, of="calls of receive", problem="receive is called after the last part",
                    why="After the body it waits until the client leaves: nobody would be answered.")

    @pytest.mark.parametrize("parts", [[None], [{"type": "http.request", "body": b"hel", "more_body": True}, None]],
                             ids=["at once", "after a part"])
    def test_a_client_that_leaves_has_nothing_called(self, parts):
        client, called = Client(*parts), []
        came_back = outcome(lambda environ, start_response: called.append(environ) or [], client)
        expect_same((len(called), client.messages), (0, []), of="calls of app, and messages",
                    problem="the application is called for a client that has left", why=LEFT)
        expect_that(came_back is None, "something is raised for a client that has left",
                    came_out=came_back and shown_error(came_back), why="That clients leave is no error: return.")

    @pytest.mark.parametrize("case", ["an answer", "an error in the call", "an error in the iteration",
                                      "a client that leaves", "an error in receive", "a cancelled receive",
                                      "an error in send"])
    def test_the_file_is_closed_in_every_case(self, case, files):
        parts = {"a client that leaves": [b"hel", None], "an error in receive": [b"hel", ValueError("receive fails")],
                 "a cancelled receive": [b"hel", asyncio.CancelledError()]}.get(case, [b"hello"])
        client = Client(*parts, fails=OSError("send fails") if case == "an error in send" else None)
        where = case.removeprefix("an error in ")
        outcome(failing_app(ValueError("app fails"), where) if where != case else app_of(b"hello"), client)
        expect_that(len(files) == 1, "the body is not put into one SpooledTemporaryFile",
                    came_back=f"{len(files)} of them are made", expected="one for each request",
                    why="A body may be as large as a disk is: above MAX_BODY bytes, such a file goes there.")
        expect_that(files[0].closed, f"the file is still open after {case}",
                    why="Files that are left open use up what the system has of them: `with` closes in every case.")
        expect_same(files[0].limit, ch07.MAX_BODY, of="the file's max_size", problem="the file has another limit",
                    why="As much of a body is held in memory; what is larger goes to the disk.")

    def test_the_file_is_open_until_the_last_block(self):
        def app(environ, start_response):
            start_response("200 OK", [])
            return iter(lambda: environ["wsgi.input"].read(2), b"")

        client = Client(b"hello")
        expect_body_out(outcome(app, client), client, b"hello", app="reads two bytes for each block",
                        why="An application may read while it answers: the file is closed when call_wsgi has returned.")

    def test_the_environ_is_that_of_the_scope(self):
        environs = []
        scope = scope_for("/shop/caf\xe9", root_path="/shop", query_string=b"page=2", method="POST",
                          headers=[(b"host", b"here"), (b"x-a", b"1"), (b"content-length", b"5")])
        outcome(lambda environ, start_response: environs.append(environ) or app_of()(environ, start_response),
                Client(b"he", b"llo", scope=scope))
        expected = {"REQUEST_METHOD": "POST", "SCRIPT_NAME": "/shop", "PATH_INFO": "/caf\xc3\xa9",
                    "QUERY_STRING": "page=2", "HTTP_HOST": "here", "HTTP_X_A": "1", "CONTENT_LENGTH": "5",
                    "SERVER_PORT": "8000", "REMOTE_ADDR": "127.0.0.1", "wsgi.multithread": True}
        expect_that(environs, "the application is not called", why="A request has come, and its body is whole.")
        expect_same({name: environs[0].get(name) for name in expected}, expected, of="part of the environ",
                    problem="the environ is not that of the scope and the file",
                    why="`environ_of_scope(scope, file)` makes it, when the body is in the file: its length is known "
                        "then.")

    def test_requests_at_once_are_kept_apart(self):
        barrier = threading.Barrier(2)

        def app(environ, start_response):
            start_response("200 OK", [])
            with contextlib.suppress(threading.BrokenBarrierError):
                barrier.wait(PATIENCE)
            return [environ["PATH_INFO"].encode(), b" ", environ["wsgi.input"].read()]

        clients = [Client(body, scope=scope_for(path)) for path, body in [("/a", b"one"), ("/b", b"two")]]
        with stage_for(app) as stage:
            came_back = stage.serve(*clients)
        for error, client, expected in zip(came_back, clients, [b"/a one", b"/b two"], strict=True):
            expect_body_out(error, client, expected, "what belongs to one request gets into another one",
                            requests="/a with b'one' and /b with b'two', at once",
                            why="Each request has a file, an environ, a response and a send of its own: what belongs "
                                "to one is made when it has come.")

    def test_so_many_calls_run_at_once(self):
        barrier, clients = threading.Barrier(3), [Client(), Client(), Client()]

        def app(environ, start_response):
            try:
                barrier.wait(PATIENCE)
            except threading.BrokenBarrierError:
                return app_of(b"alone")(environ, start_response)
            return app_of(b"together")(environ, start_response)

        with stage_for(app, threads=3) as stage:
            came_back = stage.serve(*clients)
        for error, client in zip(came_back, clients, strict=True):
            expect_body_out(error, client, b"together", "calls wait for one another", requests="three at once",
                            why="Each call has a thread, as long as there are some: none waits for another to end.")

    @pytest.mark.parametrize("threads", [1, 2])
    def test_no_more_calls_run_at_once_than_there_are_threads(self, threads):
        free, clients = threading.Event(), [Client() for _ in range(4)]
        inside, most = [], []

        def app(environ, start_response):
            inside.append(environ)
            most.append(len(inside))
            free.wait(PATIENCE)
            inside.pop()
            return app_of(b"hello")(environ, start_response)

        async def meanwhile():
            while len(most) < threads or any(client.asked == 0 for client in clients):
                await asyncio.sleep(0)
            await rounds()
            free.set()

        with stage_for(app, threads) as stage:
            came_back = stage.serve(*clients, meanwhile=meanwhile())
        for error, client in zip(came_back, clients, strict=True):
            expect_body_out(error, client, b"hello", why=POOL)
        expect_that(max(most) <= threads, "more calls run at the same time than there are threads",
                    called=f"asgi_from_wsgi(app, {threads}); then four requests at once",
                    came_back=f"{max(most)} at once", expected=f"{threads} at most", why=POOL)
        expect_that(len(set(stage.threads)) <= threads, "the calls run in more threads than there are to be",
                    called=f"asgi_from_wsgi(app, {threads}); then four requests at once",
                    came_back=f"{len(set(stage.threads))} threads", expected=f"{threads}", why=POOL)

    def test_the_pool_is_kept_from_request_to_request(self):
        with stage_for(app_of(b"hello"), threads=1) as stage:
            for _ in range(3):
                stage.serve(Client())
        expect_same(len(set(stage.threads)), 1, of="threads in which app was called",
                    problem="requests that come one after the other have threads of their own",
                    called="asgi_from_wsgi(app, 1); then three requests, one after the other",
                    why="Starting a thread takes time, and so does ending one. " + POOL)

    def test_emit_waits_until_the_message_is_sent(self):
        events = []

        class Slow(Client):
            async def send(self, message):
                events.append("send begins")
                await rounds()
                await super().send(message)
                events.append("send has ended")

        def app(environ, start_response):
            start_response("200 OK", [])
            for number in range(BLOCKS):
                yield b"%d" % number
                events.append("the next block")

        client = Slow()
        with stage_for(app) as stage:
            came_back = stage.serve(client, check=False)[0]
        sent = ["send begins", "send has ended"]
        expect_value(events, [*sent, *[*sent, "the next block"] * BLOCKS, *sent], of="what happens, in order",
                     problem="emit returns before the message is sent", client=f"takes {ROUNDS} rounds for a message",
                     why="A client that reads slowly holds up the application, else all that it makes piles up in "
                         "memory: `asyncio.run_coroutine_threadsafe(send(message), loop).result()` waits.")
        expect_body_out(came_back, client, b"01234", why="Each block is sent when the one before it was.")

    @pytest.mark.parametrize("kind", [OSError, ConnectionResetError])
    def test_the_application_learns_that_its_client_has_gone(self, kind):
        caught = []

        def app(environ, start_response):
            try:
                start_response("200 OK", [])(b"hello")
            except BaseException as error:
                caught.append(error)
                raise
            return []

        came_back = outcome(app, Client(fails=kind("nobody reads this")))
        why = "An application of WSGI, and call_wsgi, know ClientGone; that an ASGI server raises OSError they do not."
        expect_raised(ch01.ClientGone, lambda: let_out(caught and caught[0]), others=BaseException, if_another=why,
                      problem=f"{kind.__name__} of send does not reach the application", why=why)
        expect_raised(ch01.ClientGone, lambda: let_out(came_back), others=BaseException,
                      problem="ClientGone does not come out of the adapted application",
                      why="What is raised is let out: the server deals with it, and knows whether the client has left.")

    def test_the_iterable_is_closed_when_the_client_has_gone(self):
        iterable = Failing(None, "nowhere")

        def app(environ, start_response):
            start_response("200 OK", [])
            return iterable

        outcome(app, Client(fails=OSError("nobody reads this")))
        expect_same(iterable.closed, 1, of="calls of the iterable's close", problem="the iterable is not closed, once",
                    why="The application frees there what the page has needed. `call_wsgi` does it.")

    @pytest.mark.parametrize("kind", [RuntimeError, ValueError])
    def test_what_else_send_raises_is_let_out(self, kind):
        error = kind("a message that the server refuses")
        came_back = outcome(app_of(b"hello"), Client(fails=error))
        expect_that(came_back is error, f"{kind.__name__} of send does not come out", send=f"raises {error!r}",
                    came_out=came_back and shown_error(came_back), expected=repr(error),
                    why="Only OSError says that the client has gone; all else is a mistake, and is to be seen.")

    @pytest.mark.parametrize("kind, where", [(ValueError, "the call"), (OSError, "the call"), (SystemExit, "the call"),
                                             (OSError, "the iteration"), (ValueError, "close")])
    def test_what_the_application_raises_is_let_out(self, kind, where):
        error, client = kind("app fails"), Client()
        came_back = outcome(failing_app(error, where), client)
        expect_that(came_back is error, f"{kind.__name__} of the application does not come out, raised in {where}",
                    came_out=came_back and shown_error(came_back), expected=repr(error),
                    why="The server prints it and answers 500 if it still can. Only what send raises is turned into "
                        "ClientGone: an application has OSErrors of its own, when a file is missing, for one.")
