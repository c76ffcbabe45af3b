"""Step 7.11 · AsyncServer.converse"""
import asyncio

import pytest

from tests.ch07_asgi.servers_below import caught, ch07, each_raised_below, played, request_to, server_below
from tests.expect import Own, expect_let_out, expect_silence
from workshop.checking.diagnosis import expect_same, expect_that

CALLED = "server.converse(streams, task)"
IDLE, BUSY = "in self.idle", "in self.busy"
MANY = 1_200  # requests on one connection


class ScriptedWire:
    """A client's connection, as converse sees it: requests come over it, and each is answered, as replies say.

    A reply is what answer returns, or an exception that it raises. In place of the last request, an exception may come.
    """

    def __init__(self, *replies, comes=(), seconds=1.0):
        self.replies = list(replies)
        self.requests = [request_to(f"/{count}") for count in range(len(replies))]
        self.coming = [*self.requests, *comes]
        self.left = ch07.ClientGone("the client has hung up")  # comes at the end
        self.seconds = seconds  # that each request, and each answer, takes
        self.server = self.task = None
        self.looks = []  # (what is awaited, which of these, where the task is, the two sets)
        self.answered = []  # (streams, request)
        self.asked = 0  # how often for a request
        self.dealt = []  # what was done to the connection, which handle does
        self.during = {}  # what to do while something is awaited, such as ("answer", 1)

    async def pause(self, awaited):
        count = self.asked if awaited == "next_request" else len(self.answered)
        self.look(awaited, count)
        self.during.get((awaited, count), lambda: None)()
        if self.seconds:
            await asyncio.sleep(self.seconds)
        self.look(awaited, count)

    def look(self, awaited, count):
        places = ((IDLE, self.server.idle), (BUSY, self.server.busy))
        self.looks.append((awaited, count, [name for name, tasks in places if self.task in tasks],
                           (self.server.idle, self.server.busy)))

    async def next_request(self):
        self.asked += 1
        await self.pause("next_request")
        coming = self.coming.pop(0) if self.coming else self.left
        if isinstance(coming, BaseException):
            raise coming
        return coming

    def refuse(self, status, message):
        self.dealt.append("refuse")

    def sendall(self, data):
        self.dealt.append("sendall")

    async def hang_up(self):
        self.dealt.append("hang_up")


ScriptedWire.next_request.__qualname__ = "Streams.next_request"


async def answered(self, streams, request):
    """In place of AsyncServer.answer: the wire is a ScriptedWire."""
    streams.answered.append((streams, request))
    await streams.pause("answer")
    reply = streams.replies.pop(0) if streams.replies else False
    if isinstance(reply, BaseException):
        raise reply
    return reply


async def conversation(server, talk):
    """Have the server converse over a connection, in a task of its own; return what comes of it, see caught."""
    talk.server, talk.task = server, talk.task or asyncio.current_task()
    return await caught(server.converse(talk, talk.task), CALLED)


def conversed(talk, *others, before=lambda server: None):
    """Have a server converse over connections, all at once; return it, and what comes out of the first.

    None stands also for that its client has left, after more was awaited than should be: that is for the checks to say.
    """
    server = server_below(answer=answered)
    before(server)

    async def scene():
        return await asyncio.gather(*(asyncio.create_task(conversation(server, one)) for one in (talk, *others)))

    error = played(scene(), CALLED)[0][1]
    return server, None if error is talk.left else error


def expect_talk_ended(error):
    """Let out what converse has raised where nothing is to come out."""
    if error:
        raise error


def expect_task_in(talk, awaited, expected, problem, why):
    """Fail with problem unless the task was in a set, and in no other, each time that something was awaited."""
    looks = [look for look in talk.looks if look[0] == awaited]
    expect_that(looks, f"{awaited} is never awaited", why="The loop is made of next_request and answer.")
    wrong = [f"task is {' and '.join(places) or 'in no set'}, in call {count} of {awaited}"
             for _, count, places, _ in looks if places != [expected]]
    expect_that(not wrong, problem, why, came_back=(wrong or [None])[0],
                expected=f"task is {expected}, and in no other set")


@pytest.mark.step("7.11")
class TestServerConverse:
    @pytest.mark.parametrize("replies", [[False], [True, False]], ids=["at once", "after two requests"])
    def test_a_connection_that_is_not_kept_gives_no_more_requests(self, replies):
        talk = ScriptedWire(*replies, comes=[request_to("/more")])
        expect_talk_ended(conversed(talk)[1])
        expect_that(talk.asked, "no request is awaited", expected="await of streams.next_request()",
                    why="It gives what is to be answered.")
        expect_that(talk.asked <= len(replies), "another request is awaited, though answer has returned False",
                    came_back=f"calls of next_request: {talk.asked}", expected=f"calls of next_request: {len(replies)}",
                    why="The client was told that this was all, or its connection is of no use: only handle has "
                        "something left to do, which is to hang up.")

    def test_a_connection_that_is_kept_gives_the_next_request(self):
        talk = ScriptedWire(True, True, False)
        expect_talk_ended(conversed(talk)[1])
        expect_same(talk.asked, 3, of="calls of next_request", problem="a connection that is kept is not gone on with",
                    why="answer has returned True: the next request comes over the same connection.")

    @pytest.mark.parametrize("replies", [[False], [True, False], [True] * 5 + [False]], ids=["one", "two", "six"])
    def test_the_requests_are_answered_in_their_order(self, replies):
        talk = ScriptedWire(*replies)
        expect_talk_ended(conversed(talk)[1])
        expect_same([request.target for _, request in talk.answered], [request.target for request in talk.requests],
                    problem="the requests that came are not those that are answered", of="requests given to answer",
                    why="One comes, it is answered, and then the next is awaited: the client takes the answers for "
                        "those to its requests in their order (RFC 9112 section 9.3.2).")

    def test_answer_gets_the_wire_and_the_request(self):
        talk = ScriptedWire(True, False)
        expect_talk_ended(conversed(talk)[1])
        came = [streams is talk and request is wanted
                for (streams, request), wanted in zip(talk.answered, talk.requests, strict=True)]
        expect_same(came, [True, True], problem="answer is not given the wire and the request of next_request",
                    of="whether answer gets the very two", why="`await self.answer(streams, request)`.")

    def test_the_task_is_idle_while_a_request_is_awaited(self):
        talk = ScriptedWire(True, True, False)
        expect_talk_ended(conversed(talk)[1])
        expect_task_in(talk, "next_request", IDLE, "the task is not in self.idle alone while next_request is awaited",
                       "run cancels what is idle, and waits for what is busy: a task in the wrong set is cut off in "
                       "its answer, or has the stop wait for a client that says nothing.")

    def test_the_task_is_the_one_that_was_given(self):
        talk = ScriptedWire(True, False)
        talk.task = "another task"
        expect_talk_ended(conversed(talk)[1])
        expect_task_in(talk, "next_request", IDLE, "another task than the one that was given is put into self.idle",
                       "converse is told whose connection it is: take task itself, and not asyncio.current_task().")

    def test_the_task_is_busy_while_a_request_is_answered(self):
        talk = ScriptedWire(True, True, False)
        expect_talk_ended(conversed(talk)[1])
        expect_task_in(talk, "answer", BUSY, "the task is not in self.busy alone while answer is awaited",
                       "run cancels what is idle: an answer that has begun is to be finished.")

    @pytest.mark.parametrize("count", [1, 2])
    def test_no_more_is_awaited_when_the_server_stops_during_an_answer(self, count):
        talk = ScriptedWire(True, True, True, False)
        talk.during["answer", count] = lambda: setattr(talk.server, "stopping", True)
        expect_talk_ended(conversed(talk)[1])
        expect_same(talk.asked, count, of="calls of next_request",
                    problem="another request is awaited, though self.stopping has become true",
                    why="Ask self.stopping after each answer, anew: run has set it meanwhile, and awaits that all "
                        "connections end.")

    @pytest.mark.parametrize("count", [1, 2])
    def test_a_request_that_came_is_answered_also_when_the_server_stops(self, count):
        talk = ScriptedWire(True, True, True, False)
        talk.during["next_request", count] = lambda: setattr(talk.server, "stopping", True)
        expect_talk_ended(conversed(talk)[1])
        expect_same((len(talk.answered), talk.asked), (count, count), of="calls of answer and of next_request",
                    problem="a request that came while the server was being stopped is not the last one answered",
                    why="What has come is answered: its client would not know whether it was done. Ask self.stopping "
                        "only before the next request is awaited.")

    @each_raised_below
    def test_what_next_request_raises_is_let_out(self, kind):
        error = kind("raised by next_request")
        talk = ScriptedWire(True, comes=[error])
        self.expect_out(error, talk, "next_request")

    @pytest.mark.parametrize("kind", [Own("BadRequest"), Own("ClientGone"), RuntimeError, KeyboardInterrupt,
                                      asyncio.CancelledError])
    def test_what_answer_raises_is_let_out(self, kind):
        error = kind("raised by answer")
        self.expect_out(error, ScriptedWire(True, error), "answer")

    def expect_out(self, error, talk, where):
        def call():
            if raised := conversed(talk)[1]:
                raise raised

        name = type(error).__name__
        expect_let_out(error, call, f"{name}, raised by {where}, is not let out",
                       "handle deals with it: it refuses bad requests, and hangs up in every case. Catch nothing.")
        expect_same(talk.dealt, [], of="done to the connection",
                    problem=f"something is done to the connection after {name}, raised by {where}",
                    why="handle does it, once it is told: then the client would be answered twice.")

    def test_a_task_that_is_cancelled_while_it_is_idle_ends(self):
        talk, server = ScriptedWire(True, True, False, seconds=10.0), server_below(answer=answered)

        async def scene():
            task = asyncio.create_task(conversation(server, talk))
            await asyncio.sleep(25)  # in the third part: the second request is awaited
            task.cancel()
            return await task

        _, error = played(scene(), CALLED)
        expect_same((type(error), talk.asked), (asyncio.CancelledError, 2),
                    of="what comes out, and calls of next_request",
                    problem="a task that is cancelled while it awaits a request does not end with CancelledError",
                    why="So run ends the connections that are idle. CancelledError is raised where the task waits: let "
                        "it out (\"Task Cancellation\" in Python's documentation).")

    def test_the_sets_stay_the_same_objects(self):
        talk = ScriptedWire(True, True, False)
        kept = []
        server, error = conversed(talk, before=lambda server: kept.extend([server.idle, server.busy]))
        expect_talk_ended(error)
        moments = [*(look[3] for look in talk.looks), (server.idle, server.busy)]
        expect_that(all(idle is kept[0] and busy is kept[1] for idle, busy in moments),
                    "self.idle or self.busy is another set than before", expected="the set is changed: add, discard",
                    why="Others hold these two sets, such as tasks that take themselves out of self.busy when they are "
                        "done: in a new set they would stay for ever.")

    def test_other_tasks_stay_where_they_are(self):
        talk = ScriptedWire(True, False)
        server, error = conversed(talk, before=lambda server: (server.idle.add("one"), server.busy.add("other")))
        expect_talk_ended(error)
        expect_same(("one" in server.idle, "other" in server.busy), (True, True), of="whether the others are there",
                    problem="another task has gone from its set", why="All connections share the two sets.")

    def test_connections_do_not_wait_for_each_other(self):
        slow, quick = ScriptedWire(True, False, seconds=10.0), ScriptedWire(*[True] * 8, False, seconds=1.0)
        _, error = conversed(slow, quick)
        expect_talk_ended(error)
        for talk in (slow, quick):
            expect_same(len(talk.answered), len(talk.requests), of="requests answered",
                        problem="of two connections at once, one does not get all its answers",
                        why="Each call of converse is a task of its own, and knows its own streams.")
            why = "Each task goes from set to set by itself: what is noted of one says nothing of the other."
            expect_task_in(talk, "next_request", IDLE, "of two connections, one is in the wrong set as it waits", why)
            expect_task_in(talk, "answer", BUSY, "of two connections, one is in the wrong set as it is answered",
                           why)

    def test_a_connection_may_be_kept_for_ever(self):
        talk = ScriptedWire(*[True] * (MANY - 1), False, seconds=0)
        _, error = conversed(talk)
        expect_that(not isinstance(error, RecursionError), "Python gives up on a connection that is kept for "
                    "long: RecursionError", came_back=f"{len(talk.answered)} requests are answered",
                    expected=f"{MANY} requests are answered",
                    why="Each request is a call within the call for the one before. A loop needs no more for the last "
                        "than for the first: `while`.")
        expect_talk_ended(error)
        expect_same(len(talk.answered), MANY, of="requests answered", problem="not all requests are answered",
                    why="The connection was kept.")

    def test_nothing_is_printed_and_nothing_is_done_to_the_connection(self, capsys):
        talk = ScriptedWire(True, False)
        expect_talk_ended(conversed(talk)[1])
        expect_silence(capsys.readouterr(), (), "for a client that was answered",
                       "answer prints the access line, and there is nothing else to tell.")
        expect_same(talk.dealt, [], of="done to the connection", problem="something is done to the connection itself",
                    why="answer sends, and handle hangs up, in every case.")
