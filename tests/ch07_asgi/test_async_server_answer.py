"""Step 7.12 · AsyncServer.answer"""
import asyncio
import re
import time

import pytest

from tests.ch04_response.applications import log_lines
from tests.ch07_asgi.loops import CLIENT, SERVER, Reader, Writer
from tests.ch07_asgi.servers_below import caught, ch02, ch07, played, request_to, seconds, server_below
from tests.expect import Own, expect_let_out, expect_silence
from workshop.checking.diagnosis import expect_same, expect_that
from workshop.checking.tree import load

CALLED = "server.answer(streams, request)"
BEGIN = 1_795_169_348  # 20 November 2026, 10:09:08: when the clock of the loop begins
BACKGROUND = ("An application may go on after its answer, to send a mail, for example: its task goes on alone, and the "
              "client gets its next answer meanwhile (ASGI 3.0, \"Applications\").")
KEPT = {  # whether the connection is kept: version, fields, whether the server stops
    "HTTP/1.1": (True, "HTTP/1.1", [], False),
    "Connection: close": (False, "HTTP/1.1", [("connection", "close")], False),
    "HTTP/1.0": (False, "HTTP/1.0", [], False),
    "HTTP/1.0 with keep-alive": (True, "HTTP/1.0", [("connection", "keep-alive")], False),
    "the server stops": (False, "HTTP/1.1", [], True),
    "close, and the server stops": (False, "HTTP/1.1", [("connection", "close")], True),
}


async def an_app(scope, receive, send):
    """An application, which the scripted Exchange does not call."""


class ScriptedCall:
    """What happens to one request: what its Exchange does is scripted, and what it is given is noted."""

    def __init__(self, request=None, *, ends=1.0, goes_on=0.0, kept=True, refusal=None, status="200 OK", sent=5):
        self.request = request or request_to("/a?b")
        self.ends, self.goes_on = ends, goes_on  # seconds until the answer is whole, and then until the call has ended
        self.kept, self.refusal, self.status, self.sent = kept, refusal, status, sent
        self.during = lambda: None  # is done in the middle of the first second
        self.exchanges = []
        self.given = self.app = self.scope = self.task = self.own = self.streams = self.server = None
        self.at = {}  # what was so at a moment: "before the end", "after the answer", "at last"
        self.whole_run = self.too_early = False

    def note(self, moment):
        self.at[moment] = self.task in self.server.busy, self.task in self.server.idle

    async def run(self, exchange, app, scope):
        """In place of Exchange.run."""
        self.app, self.scope, self.task = app, scope, asyncio.current_task()
        response = exchange.response
        await asyncio.sleep(self.ends)
        response.status, response.sent, response.head_sent = self.status, self.sent, self.status is not None
        exchange.refusal = self.refusal
        exchange.ended.set()
        await asyncio.sleep(self.goes_on)
        self.whole_run = True

    async def watch(self):
        await asyncio.sleep(0.5)
        self.note("before the end")
        self.during()

    async def answered(self, server):
        """Have the server answer the request, and note what comes of it."""
        self.server, self.own = server, asyncio.current_task()
        self.streams = self.streams or ch07.Streams(Reader(ends=False), Writer())
        begun, watching = seconds(), asyncio.create_task(self.watch())
        self.value, self.error = await caught(server.answer(self.streams, self.request), CALLED)
        self.took = seconds() - begun
        self.note("after the answer")
        await watching
        return self

    @property
    def exchange(self):
        """The Exchange that was made, at best one."""
        expect_same(len(self.exchanges), 1, of="number of Exchanges", problem="there is not one Exchange for a request",
                    why="It is the request and its answer, as the application meets them: one for each.")
        return self.exchanges[0]

    def result(self):
        """Return what answer has returned, or raise what it has raised."""
        if self.error:
            raise self.error
        return self.value


def scripted(plays, error=None):
    """Return what stands for Exchange: of each request, the ScriptedCall says what happens."""
    class Exchange(ch07.Exchange):
        def __init__(self, streams, request, keep_alive):
            self.play = next(play for play in plays if play.request is request)
            self.play.given = (streams, request, keep_alive)
            if error:
                raise error
            super().__init__(streams, request, keep_alive)
            self.play.exchanges.append(self)

        async def run(self, app, scope):
            await self.play.run(self, app, scope)

        def is_kept(self):
            self.play.too_early = not self.ended.is_set()
            return self.play.kept and not self.gone

    Exchange.__qualname__, Exchange.run.__qualname__ = "Exchange", "Exchange.run"
    return Exchange


def clocks(patch):
    """Have all clocks of the time module go with the loop."""
    real = time.gmtime
    fakes = {"perf_counter": lambda: time.monotonic(), "time": lambda: BEGIN + time.monotonic() - 1_000}
    fakes["gmtime"] = lambda moment=None: real(fakes["time"]() if moment is None else moment)
    for name, fake in fakes.items():
        for module in (time, load("ch07_asgi")):
            if module is time or callable(getattr(module, name, None)):
                patch.setattr(module, name, fake)


def answering(*plays, stopping=False, state=(), error=None, at_once=False):
    """Have a server answer the requests of plays, one after the other or all at once; return the first ScriptedCall."""
    server = server_below(an_app)
    server.stopping = stopping
    server.lifespan.state.update(state)

    async def scene():
        if at_once:
            await asyncio.gather(*(play.answered(server) for play in plays))
        else:
            for play in plays:
                await play.answered(server)
        await asyncio.sleep(1_000)  # all calls have ended
        for play in plays:
            play.note("at last")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(load("ch07_asgi"), "Exchange", scripted(plays, error))
        clocks(patch)
        played(scene(), CALLED)
    return plays[0]


def expect_answered(play):
    """Return a ScriptedCall whose answer has raised nothing, and whose Exchange was run."""
    play.result()
    expect_that(play.exchange and play.task, "the Exchange's run is not begun", expected="a task of exchange.run(…)",
                why="run calls the application.")
    return play


@pytest.mark.step("7.12")
class TestServerAnswer:
    def test_the_exchange_is_made_for_the_wire_and_the_request(self):
        play = expect_answered(answering(ScriptedCall()))
        expect_same((play.given[0] is play.streams, play.given[1] is play.request), (True, True),
                    of="whether they are the wire and the request", problem="the Exchange is given something else",
                    why="Exchange(streams, request, keep_alive).")

    @pytest.mark.parametrize("case", KEPT)
    def test_the_connection_is_kept_if_the_client_wants_that_and_the_server_goes_on(self, case):
        kept, version, fields, stopping = KEPT[case]
        play = expect_answered(answering(ScriptedCall(request_to("/", version, fields)), stopping=stopping))
        expect_same(bool(play.given[2]), kept, of="keep_alive of the Exchange",
                    problem=f"the Exchange is told wrongly whether it keeps the connection: {case}",
                    why="wants_keep_alive(request), of chapter 6, knows what the client wants. While the server stops, "
                        "no connection is kept: the client is told so in the head (RFC 9112 section 9.6).")

    def test_run_gets_the_server_s_application(self):
        play = expect_answered(answering(ScriptedCall()))
        expect_that(play.app is an_app, "run is not given the application", came_back=repr(play.app),
                    expected="self.app, the very one", why="`exchange.run(self.app, scope)`.")

    def test_the_scope_is_that_of_build_scope(self):
        play = expect_answered(answering(ScriptedCall()))
        expected = dict(ch07.build_scope(play.request, SERVER, CLIENT))
        scope = {name: value for name, value in play.scope.items() if name != "state"}
        expect_same(scope, expected, of="the scope but for its state", problem="the scope is another one",
                    why="build_scope(request, streams.server_address, streams.client_address): the server's is first.")

    def test_each_request_has_a_scope_of_its_own(self):
        plays = [ScriptedCall(request_to(target)) for target in ("/one", "/other")]
        answering(*plays)
        expect_same([play.scope["path"] for play in map(expect_answered, plays)], ["/one", "/other"],
                    of='scope["path"] of two requests', problem="a request has the scope of another one",
                    why="The application is told what this client asks for: make the scope anew for each request.")

    def test_the_scope_has_a_copy_of_the_state(self):
        play = expect_answered(answering(ScriptedCall(), state={"shop": "books"}))
        expect_that("state" in play.scope, "the scope has no state", expected='"state", a copy of self.lifespan.state',
                    why="There the application finds what it has made at its startup (ASGI, Lifespan State).")
        expect_same(play.scope["state"], {"shop": "books"}, of='scope["state"]', problem="the state is another one",
                    why="It is what the application has left at its startup (ASGI, Lifespan State).")
        expect_that(play.scope["state"] is not play.server.lifespan.state, "the state is no copy",
                    expected="another dict",
                    why="What one request puts into it is no business of the others (ASGI, Lifespan State).")

    def test_the_values_in_the_state_are_the_same_objects(self):
        database = {"a": 1}
        play = expect_answered(answering(ScriptedCall(), state={"database": database}))
        expect_that(play.scope["state"]["database"] is database, "a value in the state is a copy too",
                    expected="a shallow copy: another dict with the same values",
                    why="The application keeps there what all its requests share, such as a connection to a database "
                        "(ASGI, Lifespan State).")

    def test_each_request_has_a_copy_of_its_own(self):
        one, other = ScriptedCall(), ScriptedCall()
        one.during = lambda: one.scope["state"].update(user="Ann")
        for play in (answering(one, other, state={"shop": "books"}), other):
            expect_answered(play)
        expect_same((other.scope["state"], one.server.lifespan.state), ({"shop": "books"},) * 2,
                    of="the next request's state, and self.lifespan.state",
                    problem="what one request puts into its state is found by others",
                    why="A user of one request would be taken for that of the next: a new copy for each request.")

    def test_the_application_runs_in_a_task_of_its_own(self):
        play = expect_answered(answering(ScriptedCall()))
        expect_that(play.task is not play.own, "run is not a task of its own", expected="asyncio.create_task(…)",
                    why=BACKGROUND)

    @pytest.mark.parametrize("goes_on", [0.0, 50.0], ids=["with the application", "before the application"])
    def test_it_ends_when_the_answer_is_whole(self, goes_on):
        play = expect_answered(answering(ScriptedCall(ends=2.0, goes_on=goes_on)))
        late = play.took > 2
        problem = "answer waits until the application has ended" if late else "answer ends before its answer is whole"
        expect_same(play.took, 2.0, of="seconds that answer takes", problem=problem, application="its answer is whole "
                    f"after 2 seconds, and then it goes on for {goes_on:.0f} seconds", why=BACKGROUND)

    @pytest.mark.parametrize("moment", ["before the end", "after the answer"])
    def test_the_task_is_busy_while_it_runs(self, moment):
        play = expect_answered(answering(ScriptedCall(goes_on=50.0)))
        expect_same(play.at[moment], (True, False), of="whether the call's task is in self.busy, and in self.idle",
                    problem=f"the task of the call is not in self.busy, {moment}",
                    why="asyncio keeps no task: one that nobody holds may vanish in the middle, and the stop does not "
                        "wait for it. `self.note(call)` (\"Creating Tasks\" in Python's documentation).")

    def test_the_task_is_no_longer_busy_when_it_is_done(self):
        play = expect_answered(answering(ScriptedCall(goes_on=50.0)))
        expect_same(play.at["at last"], (False, False), of="whether the call's task is in self.busy, and in self.idle",
                    problem="the task of a call that has ended is still there",
                    why="self.note(call) takes it out when it is done; else each request would stay in memory.")

    def test_the_application_goes_on_after_its_answer(self):
        play = expect_answered(answering(ScriptedCall(goes_on=50.0)))
        expect_that(play.whole_run, "the call of the application does not come to its end after the answer",
                    came_back="it is cancelled" if play.task.cancelled() else "it has not ended", why=BACKGROUND)

    def test_the_next_request_does_not_wait_for_the_application(self):
        one, other = ScriptedCall(goes_on=50.0), ScriptedCall(goes_on=5.0)
        for play in (answering(one, other), other):
            expect_answered(play)
        expect_same((one.took, other.took, one.whole_run), (1.0, 1.0, True),
                    of="seconds of the one, of the next, and whether the call of the one went on",
                    problem="of two requests, the next does not get its answer while the call for the one goes on",
                    why=BACKGROUND)

    def test_a_connection_that_is_lost_disconnects_the_exchange(self):
        play, lost = ScriptedCall(ends=30.0), []

        def lose():
            lost.append(play.streams.when_lost)
            if play.streams.when_lost:
                play.streams.when_lost()

        play.during = lose
        expect_answered(answering(play))
        expect_that(lost[0], "nobody is told if the connection is lost during the answer",
                    came_back="streams.when_lost: None", expected="async with self.watching(streams, exchange): …",
                    why="The application that makes an answer for nobody is to learn of it.")
        expect_same((play.exchange.gone, play.took), (True, 0.5), of="exchange.gone, and seconds that answer takes",
                    problem="answer does not end when the connection is lost",
                    why="watching disconnects the exchange, and that sets exchange.ended, which answer awaits.")
        expect_that(play.whole_run, "the call of the application is cancelled when the connection is lost",
                    why="Its receive and send tell it: it may have something to finish.")

    @pytest.mark.parametrize("refusal", [None, "too large"])
    def test_a_connection_that_is_lost_later_disconnects_nothing(self, refusal):
        play = ScriptedCall(refusal=refusal and ch02.BadRequest(413, refusal), status=None if refusal else "200 OK")
        when_lost = answering(play).streams.when_lost
        if when_lost:
            when_lost()
        expect_that(play.exchange and not play.exchange.gone, "an Exchange is disconnected, though the connection was "
                    "lost after its answer", expected="streams.when_lost is None again",
                    why="What becomes of the connection then is not its business: watch only in the with statement.")

    @pytest.mark.parametrize("status, sent, expected", [
        ("200 OK", 5, ("GET /a?b HTTP/1.1", "200", "5")), ("304 Not Modified", 0, ("GET /a?b HTTP/1.1", "304", "-")),
        (None, 0, ("GET /a?b HTTP/1.1", "-", "-")),
    ], ids=["a page", "no body", "no answer"])
    def test_there_is_one_access_line_on_stderr(self, status, sent, expected, capsys):
        expect_answered(answering(ScriptedCall(status=status, sent=sent)))
        printed = capsys.readouterr()
        lines = [line.group(1, 2, 3) for line in log_lines(printed.err)]
        expect_that(not log_lines(printed.out), "the access line is on stdout, not on stderr", stdout=printed.out,
                    why="The log is stderr; stdout has the URL.")
        expect_same(lines, [expected], problem="the access log has not the one line for the request and its answer",
                    of="request, status and bytes",
                    why="access_line(streams.client_address, request, exchange.response, …), after the answer.")

    def test_the_access_line_has_the_times_of_the_answer(self, capsys):
        expect_answered(answering(ScriptedCall(ends=100.5, goes_on=50.0)))
        printed = capsys.readouterr().err
        times = [(re.findall(r"\[(\S+)", line[0]), line[4]) for line in log_lines(printed)]
        expect_same(times, [(["20/Nov/2026:10:09:08"], "100.500")], of="moment, seconds",
                    problem="the times in the access line are others", stderr=printed,
                    why="time.gmtime() when the answer begins, and then how long it takes until exchange.ended is set, "
                        "by time.monotonic().")

    @pytest.mark.parametrize("case", ["an answer", "a client that leaves", "a refusal"])
    def test_the_access_line_is_there_when_answer_ends(self, case, capsys):
        play = ScriptedCall(goes_on=50.0, status="200 OK" if case == "an answer" else None)
        play.refusal = ch02.BadRequest(413, "too large") if case == "a refusal" else None
        if case == "a client that leaves":
            play.during = lambda: play.streams.when_lost and play.streams.when_lost()
        printed, note = [], play.note
        play.note = lambda moment: (printed.append(capsys.readouterr().err), note(moment))
        answering(play)
        lines = [len(log_lines(text)) for text in printed[:2]]
        expect_same(lines, [0, 1], of="access lines before the answer has ended, and then",
                    problem=f"there is not one access line when answer ends ({case})",
                    why="Print it when the answer has ended, in each of these cases; whoever looks into the log later "
                        "asks what came of the request.")

    def test_a_refusal_is_raised_if_no_head_was_sent(self):
        error = ch02.BadRequest(413, "the body is too large")
        play = ScriptedCall(refusal=error, status=None)
        expect_let_out(error, answering(play).result, "exchange.refusal is not raised, and no head was sent",
                       "The client waits for an answer, and handle gives it one for the BadRequest.")

    @pytest.mark.parametrize("kept", [True, False])
    def test_a_refusal_is_not_raised_if_a_head_was_sent(self, kept):
        play = answering(ScriptedCall(refusal=ch02.BadRequest(413, "the body is too large"), kept=kept))
        expect_that(play.error is not play.refusal, "exchange.refusal is raised, though a head was sent",
                    expected="exchange.is_kept() is returned",
                    why="The client would find a second answer in the middle of the first one.")
        expect_same(play.result(), kept, problem="what exchange.is_kept() says is not returned",
                    why="A refusal that comes too late is one for is_kept.")

    @pytest.mark.parametrize("kept", [True, False])
    def test_it_tells_what_is_kept_tells(self, kept):
        play = answering(ScriptedCall(kept=kept))
        expect_same(play.result(), kept, problem="what exchange.is_kept() says is not returned",
                    why="converse goes on with the connection, or ends.")
        expect_that(not play.too_early, "exchange.is_kept() is asked before the answer has ended",
                    why="Only then is it known: the answer may be cut off, or the client leave.")

    @pytest.mark.parametrize("kind", [Own("BadRequest"), RuntimeError, OSError])
    def test_what_exchange_raises_is_let_out(self, kind, capsys):
        error, play = kind("raised by Exchange"), ScriptedCall()
        answering(play, error=error)
        expect_let_out(error, play.result, f"{type(error).__name__}, raised by Exchange, is not let out",
                       "handle deals with it: a request whose body's end cannot be told is refused.")
        expect_silence(capsys.readouterr(), (), "for a request that has no Exchange",
                       "handle refuses it, and prints that.")

    def test_two_connections_are_answered_at_the_same_time(self, capsys):
        slow = ScriptedCall(request_to("/slow"), ends=20.0)
        quick = ScriptedCall(request_to("/quick"), ends=2.0, kept=False)
        for play in (answering(slow, quick, at_once=True), quick):
            expect_answered(play)
        expect_same((slow.took, quick.took, slow.value, quick.value), (20.0, 2.0, True, False),
                    of="seconds, and whether they are kept", problem="two answers at the same time are mixed up",
                    why="What belongs to one answer is in its local variables; self is that of all.")
        lines = [line.group(1, 4) for line in log_lines(capsys.readouterr().err)]
        expect_same(lines, [("GET /quick HTTP/1.1", "2.000"), ("GET /slow HTTP/1.1", "20.000")], of="the access log",
                    problem="two answers at the same time are mixed up in the access log",
                    why="What belongs to one answer is in its local variables; self is that of all.")

    @pytest.mark.parametrize("fields, kept", [([], True), ([("connection", "close")], False)], ids=["kept", "closed"])
    def test_the_client_gets_what_the_application_sends(self, fields, kept):
        async def app(scope, receive, send):
            await receive()
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"hello from " + scope["path"].encode()})

        writer = Writer()

        async def scene():
            streams = ch07.Streams(Reader(ends=False), writer)
            return await caught(server_below(app).answer(streams, request_to("/a", fields=fields)), CALLED)

        value, error = played(scene(), CALLED)
        if error:
            raise error
        expect_same((writer.sent.rpartition(b"\r\n\r\n")[2], value), (b"hello from /a", kept),
                    of="the body sent, and whether the connection is kept",
                    problem="an application's answer is not sent, or what is told of the connection is wrong",
                    why="The Exchange sends, and knows afterwards whether the connection is kept.")
