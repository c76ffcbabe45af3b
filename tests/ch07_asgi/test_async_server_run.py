"""Step 7.13 · AsyncServer.run"""
import asyncio
import contextlib
import socket

import pytest

from tests.ch07_asgi.loops import Reader, Writer
from tests.ch07_asgi.servers_below import caught, ch07, played, seconds, server_below, silent
from tests.expect import expect_let_out
from workshop.checking.diagnosis import Diagnosis, expect_same, expect_that
from workshop.checking.tree import calls, load

CALLED = "server.run(listener, stop)"
PATIENCE = 2.0  # seconds of real time, for what takes none
STOP = 5.0  # seconds after which stop is set
IN_ORDER = ["startup", "startup is done", "start_server", "stop is set", "the server is closed", "finish",
            "finish is done", "shutdown", "shutdown is done"]
WHY = "Before the first client, and after the last one, the application has what it needs (ASGI, Lifespan Protocol)."
CLOSED = "Nobody else closes it: an open one takes clients that nobody will ever answer. `finally`, around all of it."
FAILURES = [("startup", "LifespanFailed"), ("startup", RuntimeError), ("start_server", OSError),
            ("finish", RuntimeError), ("shutdown", "LifespanFailed"), ("shutdown", ValueError)]
each_run_failure = pytest.mark.parametrize("where, kind", FAILURES, ids=lambda part: getattr(part, "__name__", part))


class NotingListener(socket.socket):
    """A listener that notes when it is closed."""

    def __init__(self, notes):
        super().__init__()
        self.notes = notes
        self.bind(("127.0.0.1", 0))
        self.listen()

    def __repr__(self):
        return "<the listener>"

    def close(self):
        if self.fileno() != -1:
            self.notes.append("the listener is closed")
        super().close()


class StartedServer:
    """What asyncio.start_server returns, without a listener in the loop."""

    def __init__(self, night):
        self.night = night
        self.sockets = (night.listener,)

    def close(self):
        if "the server is closed" not in self.night.notes:
            self.night.notes.append("the server is closed")
        socket.socket.close(self.night.listener)  # as asyncio's does

    def is_serving(self):
        return "the server is closed" not in self.night.notes

    async def start_serving(self):
        pass

    async def wait_closed(self):
        """As of Python 3.12: it waits for the connections."""
        if "finish is done" not in self.night.notes and not all(task.done() for task in self.night.tasks):
            raise Diagnosis("wait_closed is awaited, while clients are still there",
                            expected="server.close(), and then self.finish()",
                            came_back="the server's wait_closed, before finish is done",
                            why="As of Python 3.12 it waits until all connections have ended, however long that takes; "
                                "`async with` on the server, and its serve_forever, await it too. finish waits for "
                                "GRACE_SECONDS.")

    async def serve_forever(self):
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            self.close()
            await self.wait_closed()

    async def __aenter__(self):
        return self

    async def __aexit__(self, *error):
        self.close()
        await self.wait_closed()


def finish_of(night):
    """Return what stands for AsyncServer.finish in a ScriptedRun."""
    async def finish(self):
        night.note("finish")
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        night.at_finish = dict(night.ends)
        await asyncio.sleep(2)
        night.note("finish is done")
        night.fail("finish")

    return finish


def handle_of(night):
    """Return what stands for AsyncServer.handle in a ScriptedRun."""
    async def handle(self, reader, writer):
        night.clients.append((reader, writer))

    return handle


def lifespan_of(night):
    """Return the Lifespan of the server in a ScriptedRun."""
    async def tell(self, event):
        night.note(event)
        await asyncio.sleep(1)
        night.fail(event)
        night.note(f"{event} is done")

    tell.__qualname__ = "Lifespan.tell"
    return type("Lifespan", (ch07.Lifespan,), {"tell": tell})(silent)


class ScriptedRun:
    """A run of the server, from its startup to its shutdown; what is below it is scripted, and notes its call.

    fails   where an exception is raised: "startup", "start_server", "finish" or "shutdown", and which
    """

    def __init__(self, fails=None, error=None, stop_at=STOP, cancel_at=None):
        self.fails, self.error, self.stop_at, self.cancel_at = fails, error, stop_at, cancel_at
        self.notes = []
        self.listener = NotingListener(self.notes)
        self.times = {}  # note -> when it was made
        self.stopping = {}  # note -> what self.stopping was
        self.tasks = []  # those of two connections that are idle, and two that are busy
        self.ends = {}  # of them: how each has ended, in words, and what was so then
        self.clients = []  # given to AsyncServer.handle
        self.given = None  # to start_server
        self.at_finish = {}
        self.server = server_below(finish=finish_of(self), handle=handle_of(self))
        self.server.lifespan = lifespan_of(self)

    def note(self, text):
        self.notes.append(text)
        self.times[text], self.stopping[text] = seconds() - 1_000, self.server.stopping

    def fail(self, where):
        if where == self.fails:
            raise self.error

    async def start_server(self, client_connected_cb, host=None, port=None, **options):
        """In place of asyncio.start_server."""
        self.note("start_server")
        await asyncio.sleep(0)
        self.fail("start_server")
        self.given = client_connected_cb, options.get("sock")
        return StartedServer(self)

    async def connection(self, name, tasks):
        """Be a connection in one of the server's sets, until something ends it, or it has taken 60 seconds."""
        task = asyncio.current_task()
        self.tasks.append(task)
        tasks.add(task)
        try:
            await asyncio.sleep(60)
            self.ends[name] = "is done"
        except asyncio.CancelledError:
            self.ends[name] = "is cancelled"
            self.times[name], self.stopping[name] = seconds() - 1_000, self.server.stopping
        finally:
            tasks.discard(task)

    async def scene(self):
        stop = asyncio.Event()
        sets = {"one that is idle": self.server.idle, "another that is idle": self.server.idle,
                "one that is busy": self.server.busy, "another that is busy": self.server.busy}
        connections = [asyncio.create_task(self.connection(*item)) for item in sets.items()]
        await asyncio.sleep(0)
        run = asyncio.create_task(caught(self.server.run(self.listener, stop), CALLED))
        if self.cancel_at:
            asyncio.get_running_loop().call_later(self.cancel_at, run.cancel)
        if self.stop_at:
            asyncio.get_running_loop().call_later(self.stop_at, lambda: (self.note("stop is set"), stop.set()))
        asyncio.get_running_loop().call_later(3, self.connect)
        _, error = await run
        self.closed = self.listener.fileno() == -1
        await asyncio.gather(*connections)
        return error

    def connect(self):
        """Have a client come, as asyncio would."""
        if self.given:
            coming = self.given[0](reader := Reader(ends=False), writer := Writer())
            self.client = reader, writer
            if asyncio.iscoroutine(coming):
                asyncio.create_task(coming)

    def passed(self):
        """Play it, and return it; raise what run raises."""
        with pytest.MonkeyPatch.context() as patch:
            self.real = asyncio.start_server
            patch.setattr(asyncio, "start_server", self.start_server)
            for name, value in list(vars(load("ch07_asgi")).items()):
                if value is self.real:
                    patch.setattr(load("ch07_asgi"), name, self.start_server)
            try:
                error = played(self.scene(), CALLED)
            finally:
                socket.socket.close(self.listener)
        if error:
            raise error
        return self


async def visited(server, listener):
    """Have the server run, in real time, and a client visit it; return what this gets, and what run raises."""
    stop = asyncio.Event()
    run = asyncio.create_task(caught(server.run(listener, stop), CALLED))
    reader, writer = await asyncio.open_connection(*listener.getsockname())
    writer.write(b"you\n")
    answer = asyncio.create_task(reader.read())
    await asyncio.wait({run, answer}, timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
    stop.set()
    await asyncio.wait({run}, timeout=PATIENCE)
    for task in (run, answer):
        task.cancel()
    ended = await asyncio.gather(run, answer, return_exceptions=True)
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()
    if isinstance(ended[0], BaseException):
        raise ended[0]
    return ended[1], ended[0][1]


def expect_before(night, first, then, problem, why=WHY):
    """Fail with problem unless of two notes both are there, in this order."""
    notes = [note for note in night.notes if note in (first, then)]
    expect_that(notes == [first, then], problem, why, came_back=" → ".join(night.notes), expected=f"{first} → {then}")


@pytest.mark.step("7.13")
class TestServerRun:
    def test_the_application_is_told_of_its_startup_before_the_first_client(self):
        expect_before(ScriptedRun().passed(), "startup is done", "start_server",
                      "clients are accepted before the startup is done")

    def test_clients_are_accepted_until_stop_is_set(self):
        expect_before(ScriptedRun().passed(), "stop is set", "the server is closed",
                      "the server is not closed after the stop",
                      "`await stop.wait()` waits for it, and server.close() has no more clients accepted.")

    def test_start_server_gets_the_listener(self):
        night = ScriptedRun().passed()
        expect_that(night.given, "asyncio.start_server is not awaited", expected="await asyncio.start_server(…)",
                    why="It accepts the clients.")
        expect_that(night.given[1] is night.listener, "start_server does not get the listener",
                    expected="sock=listener", came_back=f"sock={night.given[1]!r}",
                    why="run is given a socket that listens already.")

    def test_each_client_is_handled(self):
        night = ScriptedRun().passed()
        came = [(reader is night.client[0], writer is night.client[1]) for reader, writer in night.clients]
        expect_same(came, [(True, True)], of="whether handle gets the client's reader and writer",
                    problem="a client that comes is not given to self.handle",
                    why="start_server calls what it is given for each client: self.handle itself, without a call.")

    def test_no_client_is_accepted_while_the_server_finishes(self):
        expect_before(ScriptedRun().passed(), "the server is closed", "finish",
                      "the server is not closed before finish",
                      "Whoever comes meanwhile would be cut off at the end: close the server first.")

    def test_the_application_is_told_of_its_shutdown_when_all_is_finished(self):
        night = ScriptedRun().passed()
        expect_before(night, "finish is done", "shutdown",
                      "the application is told of its shutdown before all is finished" if "shutdown" in night.notes else
                      "the application is not told of its shutdown")

    def test_all_is_done_in_its_order_and_awaited(self):
        night = ScriptedRun().passed()
        notes = [note for note in night.notes if note != "the listener is closed"]
        expect_that(notes == IN_ORDER, "something is missing, or done in another order", came_back=" → ".join(notes),
                    expected=" → ".join(IN_ORDER), why=WHY)

    def test_stop_may_be_set_before_the_startup_is_done(self):
        night = ScriptedRun(stop_at=0.5).passed()
        expect_before(night, "finish is done", "shutdown", "where stop was set early, the application is not told of "
                      "its shutdown", "Its startup was done: what it has opened is to be closed.")
        expect_before(night, "startup is done", "shutdown", "where stop was set early, the application is told of its "
                      "shutdown before its startup is done")

    @pytest.mark.parametrize("stop_at", [STOP, 10_000.0], ids=["soon", "after hours"])
    def test_it_waits_for_stop_and_for_nothing_else(self, stop_at):
        night = ScriptedRun(stop_at=stop_at).passed()
        expect_same(night.times.get("finish"), stop_at, of="when finish is called, in seconds",
                    problem="finish is not called when stop is set",
                    why="`await stop.wait()` takes as long as that takes, and nothing else is waited for then: finish "
                        "waits for those who are not done, for GRACE_SECONDS at most.")

    def test_stopping_is_false_until_the_stop(self):
        night = ScriptedRun().passed()
        early = [note for note in ("startup", "start_server", "stop is set") if night.stopping.get(note)]
        expect_that(not early, f"self.stopping is not False until the stop: {', '.join(early)}",
                    why="While it is true, no connection is kept.")

    @pytest.mark.parametrize("note", ["finish", "shutdown"])
    def test_stopping_is_true_after_the_stop(self, note):
        night = ScriptedRun().passed()
        expect_same(night.stopping.get(note), True, of=f"self.stopping at {note}", problem="self.stopping is not set",
                    why="A connection that is busy asks it after its answer, and is kept otherwise: finish would wait "
                        "for it in vain.")

    def test_the_tasks_in_idle_are_cancelled_before_finish(self):
        night = ScriptedRun().passed()
        ends = [night.at_finish.get(name) for name in ("one that is idle", "another that is idle")]
        expect_same(ends, ["is cancelled"] * 2, of="what becomes of the tasks in self.idle",
                    problem="the tasks in self.idle are not cancelled before finish",
                    why="They wait for clients that say nothing: finish would wait for them, too.")

    def test_stopping_is_true_for_a_task_that_is_cancelled(self):
        night = ScriptedRun().passed()
        expect_same(night.stopping.get("one that is idle"), True, of="self.stopping in a task that is cancelled",
                    problem="self.stopping is not set when the tasks in self.idle have ended",
                    why="Set it before anything is awaited: a task that goes on meanwhile would keep its connection.")

    def test_the_tasks_in_idle_are_not_cancelled_before_the_stop(self):
        night = ScriptedRun().passed()
        expect_that(night.times.get("one that is idle", STOP) >= STOP,
                    "a task in self.idle is cancelled before the stop",
                    why="Its client may send the next request at any moment.")

    def test_the_tasks_in_busy_are_not_cancelled(self):
        night = ScriptedRun().passed()
        ends = [night.ends.get(name) for name in ("one that is busy", "another that is busy")]
        expect_same(ends, ["is done"] * 2, of="what becomes of the tasks in self.busy",
                    problem="a task in self.busy is cancelled",
                    why="What was begun has GRACE_SECONDS: finish ends it then, and nobody before.")

    @each_run_failure
    def test_what_is_raised_is_let_out(self, where, kind):
        error = (ch07.LifespanFailed if kind == "LifespanFailed" else kind)("no database")
        name = type(error).__name__
        expect_let_out(error, ScriptedRun(where, error).passed, f"{name}, raised by {where}, is not let out",
                       "The program ends with it, and says why.")

    @each_run_failure
    def test_the_listener_is_closed_whatever_is_raised(self, where, kind):
        error = (ch07.LifespanFailed if kind == "LifespanFailed" else kind)("no database")
        night = ScriptedRun(where, error)
        self.end_of(night)
        expect_that(night.closed, f"the listener is not closed after {type(error).__name__}, raised by {where}", CLOSED)

    def end_of(self, night):
        """Play a night, whatever comes out of it in the end."""
        try:
            night.passed()
        except (NotImplementedError, Diagnosis):
            raise
        except BaseException:
            pass

    def test_the_listener_is_closed_in_the_end(self):
        night = ScriptedRun().passed()
        expect_that(night.closed, "the listener is not closed in the end", CLOSED)

    @pytest.mark.parametrize("cancel_at", [0.5, 3.0], ids=["during the startup", "while it waits for stop"])
    def test_a_run_that_is_cancelled_ends_with_a_closed_listener(self, cancel_at):
        night = ScriptedRun(stop_at=None, cancel_at=cancel_at)
        came_out = []
        try:
            night.passed()
        except asyncio.CancelledError as error:
            came_out.append(error)
        expect_that(came_out, "a run that is cancelled does not end with CancelledError",
                    why="It is raised where run waits: let it out (\"Task Cancellation\" in Python's documentation).")
        expect_that(night.closed, "the listener is not closed when the run is cancelled", CLOSED)

    def test_after_a_failed_startup_nothing_more_is_done(self):
        night = ScriptedRun("startup", ch07.LifespanFailed("no database"))
        self.end_of(night)
        notes = [note for note in night.notes if note not in ("the listener is closed", "stop is set")]
        expect_that(notes == ["startup"], "something is done after LifespanFailed, raised for the startup",
                    came_back=" → ".join(notes), expected="startup, and then nothing",
                    why="An application that could not start has no clients, and nothing that a shutdown would close.")

    def test_a_client_is_served_over_a_socket(self):
        async def handle(self, reader, writer):
            writer.write(b"for " + await reader.readline())
            writer.close()

        async def tell(event):
            """An application that knows of no lifespan."""

        server = server_below(handle=handle)
        server.lifespan.tell = tell
        calls.append(CALLED)
        loop = asyncio.new_event_loop()
        with socket.create_server(("127.0.0.1", 0)) as listener:
            try:
                answered, error = loop.run_until_complete(visited(server, listener))
            finally:
                loop.close()
            if error:
                raise error
            expect_same((answered, listener.fileno()), (b"for you\n", -1),
                        of="what the client gets, and the listener's number then",
                        problem="a client on a real socket is not served, or the listener stays open", why=CLOSED)
