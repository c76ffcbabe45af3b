"""Step 7.10 · Lifespan.tell"""
import asyncio
import inspect

import pytest

from tests.ch07_asgi.loops import finished
from tests.expect import shown_error
from workshop.checking.diagnosis import Diagnosis, expect_same, expect_that
from workshop.checking.tree import LearnersChapter, calls, deepest_place

ch07 = LearnersChapter("ch07_asgi")
EVENTS = ("startup", "shutdown")
COMPLETE = [{"type": "lifespan.startup.complete"}, {"type": "lifespan.shutdown.complete"}]
PROTOCOL = "(ASGI, Lifespan Protocol)."
UNKNOWING = "An application that knows nothing of lifespan raises or returns, and is served all the same."
ALONE = f"Of the answers to an event, `lifespan.{{event}}.failed` alone says that it has failed {PROTOCOL}"


class Failure(Exception):
    """What the applications of these checks raise."""


class Life:
    """A Lifespan, and its application, which gives one answer to each event; what happens is in events, in order.

    answers   messages; exceptions, which are raised; "returns" for the end of the call; seconds that pass
    asks      whether the application asks for an event before it answers
    """

    def __init__(self, *answers, asks=True):
        self.answers, self.asks, self.events, self.received = answers, asks, [], []
        self.lifespan = ch07.Lifespan(self.app)
        self.queues = self.lifespan.events, self.lifespan.answers

    async def app(self, scope, receive, send):
        self.events.append("called")
        self.given = scope
        for answer in self.answers:
            if self.asks and not isinstance(answer, int):
                self.received.append(await receive())
            await self.give(answer, send)
            if answer == "returns":
                return
        await asyncio.get_running_loop().create_future()

    async def give(self, answer, send):
        """Do what one of the answers says."""
        if isinstance(answer, BaseException):
            raise answer
        if isinstance(answer, int):
            await asyncio.sleep(answer)
        elif answer != "returns":
            self.events.append(answer["type"])
            await send(answer)

    async def told(self, event):
        """Tell the application of an event; return what LifespanFailed says, None if it is not raised."""
        answers = ", ".join(map(repr, self.answers)) or "nothing"
        calls.append(f"await lifespan.tell({event!r})\n# the application {'' if self.asks else 'asks for nothing, '}"
                     f"answers: {answers}")
        coroutine = self.lifespan.tell(event)
        if not inspect.iscoroutine(coroutine):
            finished(coroutine, called=f"lifespan.tell({event!r})")
        try:
            await coroutine
        except ch07.LifespanFailed as error:
            return str(error)
        except (NotImplementedError, Diagnosis):
            raise
        except Exception as error:
            if self.lifespan.call is None:
                raise Diagnosis("the first event does not begin the call", came_out=shown_error(error),
                                before="self.call is None", place=deepest_place(error.__traceback__),
                                expected="self.call: a task, whichever event comes first",
                                why="Ask whether self.call is None, and not which event it is: the call begins with "
                                    "the first one that there is to tell.")
            raise Diagnosis(f"tell raises {type(error).__name__}", came_out=shown_error(error), why=f"{UNKNOWING} Only "
                            "LifespanFailed is raised here.", place=deepest_place(error.__traceback__))
        finally:
            self.events.append(f"{event} is told")

    def tell(self, *events):
        """Tell the application of some events, and return what came of each."""
        async def server():
            came_back = []
            for event in events:
                came_back.append(await self.told(event))
                await asyncio.sleep(1)
            return came_back

        return finished(server(), called="lifespan.tell(…)")


def expect_well(life, *events, case, why=f"{UNKNOWING} So is one that says `complete` {PROTOCOL}"):
    """Fail if LifespanFailed is raised for an event."""
    expect_same(life.tell(*events), [None] * len(events), why, problem=f"LifespanFailed is raised ({case})")


@pytest.mark.step("7.10")
class TestTell:
    def test_the_application_receives_each_event(self):
        life = Life(*COMPLETE)
        expect_well(life, *EVENTS, case="an application that answers both events")
        expect_same(life.received, [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}], "A message is a dict "
                    f"with a type, and these have nothing else {PROTOCOL}",
                    problem="the application does not receive the two events as they should be")

    def test_there_is_one_call_for_all_events(self):
        life = Life(*COMPLETE)
        expect_well(life, *EVENTS, case="an application that answers both events")
        expect_same(life.events.count("called"), 1, "One call lasts from the first event to the last: what it has "
                    f"opened at startup, it closes at shutdown {PROTOCOL}",
                    problem="the application is not called once for both events")

    def test_the_call_is_a_task_that_is_kept(self):
        life, kept = Life(*COMPLETE), []

        async def server():
            for event in EVENTS:
                await life.told(event)
                kept.append(life.lifespan.call)

        finished(server())
        expect_that(isinstance(kept[0], asyncio.Task), "self.call is no task after the first event",
                    came_back=repr(kept[0]), why="The call goes on while requests are served; asyncio itself keeps no "
                    "task, so that one which nobody keeps may vanish.")
        expect_that(kept[1] is kept[0], "self.call is another task after the second event",
                    why="The call that has begun is to learn of all events.")

    def test_the_first_event_begins_the_call_whatever_it_is(self):
        life = Life({"type": "lifespan.shutdown.complete"})
        expect_well(life, "shutdown", case="shutdown comes first")
        expect_same((life.events[:1], life.received), (["called"], [{"type": "lifespan.shutdown"}]), "The call begins "
                    "with the first event that there is to tell.", problem="the first event does not begin the call")

    def test_the_answer_is_awaited(self):
        life = Life(5, COMPLETE[0], 7, COMPLETE[1])
        expect_well(life, *EVENTS, case="an application that takes 5 seconds, and then 7")
        expect_same(life.events, ["called", "lifespan.startup.complete", "startup is told",
                                  "lifespan.shutdown.complete", "shutdown is told"],
                    f"Before the answer, the application is not ready; after it, the server goes on {PROTOCOL}",
                    problem="tell returns before the application has answered")

    def test_the_end_of_the_call_is_not_awaited(self):
        life = Life(COMPLETE[0], 1_000, COMPLETE[1])

        async def server():
            begin = asyncio.get_running_loop().time()
            await life.told("startup")
            return asyncio.get_running_loop().time() - begin

        expect_that(finished(server()) < 100, "tell waits for more than one answer",
                    why="The call goes on as long as the server runs: only its answer is awaited.")

    @pytest.mark.parametrize("message", ["the database is away", "", "caf\xe9", None])
    @pytest.mark.parametrize("event", EVENTS)
    def test_a_failure_is_raised_with_its_message(self, event, message):
        failed = {"type": f"lifespan.{event}.failed"} | ({} if message is None else {"message": message})
        life = Life(*([COMPLETE[0]] if event == "shutdown" else []), failed)
        came_back = life.tell(*EVENTS[:EVENTS.index(event) + 1])[-1]
        expect_that(came_back is not None, f"nothing is raised for the answer lifespan.{event}.failed",
                    f"The server is not to go on as if all were well {PROTOCOL}", expected="LifespanFailed")
        expect_same(came_back, message or "", "It is the application's word to the person at the keyboard; it may be "
                    f"missing, and is empty then {PROTOCOL}", of="the text of LifespanFailed",
                    problem="LifespanFailed does not have the message of the answer")

    @pytest.mark.parametrize("answer", [
        {"type": "lifespan.startup.complete", "message": "all is well"}, {"type": "lifespan.shutdown.failed"},
        {"type": "lifespan.startup.ready"}, {"type": "lifespan.startup.failed.not"}, {"type": "http.response.start"},
    ], ids=lambda answer: answer["type"])
    def test_any_other_answer_to_startup_is_as_good_as_complete(self, answer):
        expect_well(Life(answer), "startup", case=f"the answer {answer['type']} to startup", why=ALONE)

    def test_any_other_answer_to_shutdown_is_as_good_as_complete(self):
        life = Life(COMPLETE[0], {"type": "lifespan.startup.failed", "message": "too late"})
        expect_well(life, *EVENTS, case="the answer lifespan.startup.failed to shutdown", why=ALONE)

    @pytest.mark.parametrize("asks", [True, False], ids=["when asked", "at once"])
    @pytest.mark.parametrize("end", ["returns", Failure("no lifespan"), KeyError("http"), asyncio.CancelledError()],
                             ids=["returns", "raises", "raises KeyError", "raises CancelledError"])
    def test_an_application_that_knows_no_lifespan_is_served(self, end, asks, capsys):
        life = Life(end, asks=asks)
        expect_well(life, *EVENTS, case="an application that answers nothing, and whose call ends")
        expect_same(life.events.count("called"), 1, "A call that has ended is not begun again.",
                    problem="an application whose call has ended is called again")
        expect_that(not any(printed := capsys.readouterr()), "something is printed for an application that knows no "
                    "lifespan", came_back="".join(printed), why=UNKNOWING)

    def test_a_call_that_has_ended_is_told_nothing(self):
        life = Life(COMPLETE[0], "returns", asks=False)

        async def server():
            await life.told("startup")
            await asyncio.sleep(1)
            left = life.lifespan.events.qsize()
            await life.told("shutdown")
            return life.lifespan.events.qsize() - left

        expect_same(finished(server()), 0, "Nobody will ever take it out: return at once.",
                    problem="an event is put into self.events though the call has ended")

    @pytest.mark.parametrize("end", ["returns", Failure("later")], ids=["returns", "raises"])
    def test_a_call_may_end_between_the_events(self, end):
        life = Life(COMPLETE[0], end, asks=False)
        expect_well(life, *EVENTS, case="an application whose call ends after startup")
        expect_same(life.events.count("called"), 1, "A call that has ended is not begun again.",
                    problem="an application whose call has ended is called again")

    @pytest.mark.parametrize("end", ["returns", Failure("no shutdown")], ids=["returns", "raises"])
    def test_the_call_may_end_in_place_of_an_answer_to_shutdown(self, end):
        expect_well(Life(COMPLETE[0], end), *EVENTS, case="an application whose call ends at shutdown")

    def test_an_application_may_fail_without_asking_for_the_event(self):
        life = Life({"type": "lifespan.startup.failed", "message": "no"}, "returns", asks=False)
        expect_same(life.tell("startup"), ["no"], "Its answer is there, though its call has ended meanwhile: await the "
                    "answer.", problem="LifespanFailed is not raised where the application fails at once, and returns")

    def test_state_and_queues_stay_the_same(self):
        life = Life(*COMPLETE)
        state = life.lifespan.state
        expect_well(life, *EVENTS, case="an application that answers both events")
        expect_that(life.given["state"] is state is life.lifespan.state, "self.state is another object than before",
                    why="What the application leaves in it at startup, its requests find.")
        expect_that(life.queues == (life.lifespan.events, life.lifespan.answers), "self.events or self.answers is "
                    "another queue than before", why="The application still reads from the first one.")

    def test_two_at_once_know_nothing_of_each_other(self):
        one, other = Life(5, COMPLETE[0]), Life(3, {"type": "lifespan.startup.failed", "message": "no"})

        async def server():
            return await asyncio.gather(one.told("startup"), other.told("startup"))

        expect_same(finished(server()), [None, "no"], "Each has its own application, its own queues and its own call.",
                    problem="of two Lifespans at once, one gets the other's answer")
        expect_same([one.events.count("called"), other.events.count("called")], [1, 1], "Each application is called.",
                    problem="of two applications, not each is called once")

    def test_a_wait_that_is_cancelled_ends(self):
        life = Life(1_000, COMPLETE[0])

        async def server():
            telling = asyncio.ensure_future(life.told("startup"))
            await asyncio.sleep(1)
            telling.cancel()
            await asyncio.wait([telling], timeout=1)
            return telling.cancelled()

        expect_that(finished(server()), "CancelledError is not let out of tell",
                    why="Whoever awaits tell may give it up: what cancels it is not an answer.")
