"""Step 6.13 · Server.call"""
import contextlib

import pytest

from tests.ch06_concurrency.moments import call_of, ch06, names, server_to_try, someone, told, tried
from tests.expect import blaming, each_family, expect_let_out, expect_raised, raising
from workshop.checking.diagnosis import Diagnosis, expect_same, expect_that
from workshop.checking.tree import deepest_place

TWO_MOMENTS = ("After the look at self.calls, and before the removal, another thread takes the call out, and has the "
               "lead. `remove` does both in one moment: it removes the call, or raises ValueError.")
each_kept = pytest.mark.parametrize("kept", [True, False], ids=["kept", "not kept"])


class Contested(list):
    """The list server.calls, while another thread is about to take the lead.

    Once armed, the other thread comes right after the next question about what is in it. remove is one moment: nobody
    comes between its look and its removal.
    """

    def __init__(self):
        super().__init__()
        self.armed = False
        self.other = None  # called when the other thread comes

    def come(self):
        """Let the other thread have its moment, if it is about to come."""
        if self.armed:
            self.armed = False
            self.other()


def asking(name):
    """Return a method that answers as that of a list, after which the other thread comes."""
    def ask(calls, *arguments):
        answer = getattr(list, name)(calls, *arguments)
        if name == "__iter__":
            answer = iter(list(answer))  # as it was before the other thread came
        calls.come()
        return answer

    return ask


for question in ("__contains__", "__len__", "__iter__", "__getitem__", "__eq__", "index", "count", "copy"):
    setattr(Contested, question, asking(question))


def removed(calls, call):
    """Take call out of a list, as another thread does with one remove."""
    list.remove(calls, call)


@pytest.mark.step("6.13")
class TestCall:
    def server(self, kept=True, at_answer=lambda server, call: None, **acts):
        """Return a Server whose answer does at_answer(server, call), and returns kept."""
        def answer(call):
            at_answer(server, call)
            return kept

        server = server_to_try("call", **{"answer": answer} | acts)
        return server

    def lost(self, server, call):
        """Call the learner's call, where another thread takes the lead. Raises Diagnosis if LeadLost does not come."""
        return expect_raised(ch06.LeadLost, lambda: tried(server, "call", call),
                             "LeadLost is not raised where another thread has the lead",
                             "Another thread runs the loop. Who goes on as before runs it too, and both receive from "
                             "the same connections.",
                             before="another thread has taken the call out of self.calls, while it was answered")

    def kept_by(self, server, call):
        """Return what the learner's call returns where the lead is not lost. Raises Diagnosis if it is said to be."""
        try:
            return tried(server, "call", call)
        except ch06.LeadLost as error:
            raise Diagnosis("LeadLost is raised where this thread still has the lead", came_out=repr(error),
                            place=deepest_place(error.__traceback__), expected="what answer has returned",
                            why="No other thread has taken the call out of self.calls, where it has to be from before "
                                "self.answer(call) on. A thread that leaves the loop though it has the lead leaves it "
                                "to nobody.")

    @each_kept
    def test_what_answer_returns_is_returned(self, kept):
        call = call_of(someone())
        server = self.server(kept)
        came_back = self.kept_by(server, call)
        expect_that(server.done and server.done[0] == ("answer", call), "self.answer(call) is not called with the call",
                    done=told(names(server)), expected="answer", why="It answers the request.")
        expect_same(came_back, kept, problem=f"what answer returns, {kept}, is not returned",
                    why="serve_client asks whether the client is kept: if it is not, it takes leave of it.")

    @each_kept
    def test_with_the_lead_nothing_but_answer_is_called(self, kept):
        server = self.server(kept)
        self.kept_by(server, call_of(someone()))
        expect_same(names(server), ["answer"], of="called", problem="more than answer is called, with the lead kept",
                    why="The client is this thread's, and so is the loop: there is nobody to give it back to, and "
                        "serve_client does the rest.")

    def test_the_call_is_in_the_list_while_it_is_answered(self):
        seen = []
        server = self.server(at_answer=lambda server, call: seen.append([one is call for one in server.calls]))
        self.kept_by(server, call_of(someone()))
        expect_that(seen and seen[0], "the call is not in self.calls while it is answered",
                    expected="self.calls.append(call), before self.answer(call)",
                    why="`watch` looks into self.calls for a call that is slow: of one that is not in it nobody "
                        "knows, and it holds the loop until it ends.")
        expect_same(seen, [[True]], of="whether what is in self.calls is the call",
                    problem="not the call itself, once, is in self.calls while it is answered",
                    why="give_away looks for the Call, and takes it out once.")

    @each_kept
    def test_the_call_is_not_in_the_list_afterwards(self, kept):
        server = self.server(kept)
        self.kept_by(server, call_of(someone()))
        expect_same(server.calls, [], of="self.calls", problem="the call is still in self.calls when it has ended",
                    why="`watch` takes it for a slow call, and gives the lead away: then two threads run the loop.")

    def test_the_list_stays_the_same_list(self):
        server = self.server()
        calls = server.calls
        self.kept_by(server, call_of(someone()))
        expect_that(server.calls is calls, "self.calls is another list afterwards", expected="append, and then remove",
                    why="`watch` may be looking at it: what is done to another list it does not see.")

    @each_kept
    def test_other_calls_stay_in_the_list(self, kept):
        before, behind = call_of(someone(), "an earlier call"), call_of(someone(), "a later call")
        server = self.server(kept, lambda server, call: server.calls.append(behind))
        server.calls.append(before)
        self.kept_by(server, call_of(someone()))
        expect_same(server.calls, [before, behind], of="self.calls", problem="other calls do not stay in self.calls",
                    before="an earlier call was in self.calls, and a later one came while the call was answered",
                    why="Those are other threads' calls: each thread takes out its own, and no other.")

    @each_kept
    def test_where_the_lead_is_lost_the_client_is_given_back_and_lead_lost_raised(self, kept):
        client = someone()
        call = call_of(client)
        server = self.server(kept, lambda server, call: removed(server.calls, call))
        self.lost(server, call)
        given = [arguments for name, *arguments in server.done if name == "give_back"]
        rows = {"before": f"answer returns {kept}; another thread has taken the call out of self.calls before",
                "done": told([f"{name}{tuple(arguments)}" for name, *arguments in server.done if name != "answer"]),
                "expected": f"give_back(<a client>, {kept})"}
        expect_that(given, "the client is not given back", **rows,
                    why="This thread has lost the lead, and touches the client no more. take_back, in the thread that "
                        "has it, listens to the client again, or takes leave of it: the loop has forgotten it.")
        expect_that(len(given) == 1, "the client is given back more than once", **rows,
                    why="take_back counts the calls that are away, and serves the client once for each.")
        expect_that(given[0][0] is client, "it is not the client of the call that is given back", **rows,
                    why="take_back listens to the client, and goes on with its requests.")
        expect_that(given[0][1] is kept, "it is not said rightly whether the client is kept", **rows,
                    why="take_back takes leave of a client that is not kept, and waits for the next request of one "
                        "that is. answer alone knows.")

    @each_kept
    def test_where_the_lead_is_lost_nothing_else_is_touched(self, kept):
        client = someone()
        call, before = call_of(client), dict(vars(client))
        server = self.server(kept, lambda server, call: removed(server.calls, call))
        self.lost(server, call)
        expect_same(names(server), ["answer", "give_back"], of="called",
                    problem="more than answer and give_back is called, with the lead lost",
                    why="The loop belongs to another thread now, and that one goes on with the client.")
        expect_that(vars(client) == before and not client.connection.events,
                    "the client is changed, with the lead lost", why="It may be served by another thread already.")
        expect_same(server.calls, [], of="self.calls", problem="something is in self.calls, with the lead lost",
                    why="Only the call that the thread with the lead is in is there: `watch` would give it away again.")

    @each_kept
    def test_the_call_of_the_thread_that_has_the_lead_stays(self, kept):
        new = call_of(someone(), "a call of the other thread")

        def give_away(server, call):
            removed(server.calls, call)
            server.calls.append(new)

        server = self.server(kept, give_away)
        self.lost(server, call_of(someone()))
        expect_same(server.calls, [new], of="self.calls", problem="the other thread's call does not stay in self.calls",
                    before="another thread has the lead, and is in a call itself",
                    why="What stands in the list, and how many, says nothing of this call: ask for itself. Without its "
                        "call in the list, the other thread would take its lead for lost.")

    def test_the_client_is_given_back_before_lead_lost_comes_out(self):
        seen = []
        server = self.server(at_answer=lambda server, call: removed(server.calls, call),
                             give_back=lambda client, kept: seen.append(kept))
        with contextlib.suppress(ch06.LeadLost):
            tried(server, "call", call_of(someone()))
        expect_same(seen, [True], of="given back", problem="the client is not given back when LeadLost comes out",
                    why="Who catches LeadLost knows nothing of the client.")

    @each_kept
    @pytest.mark.parametrize("takes_turn", [False, True], ids=["idle", "in a call itself"])
    def test_another_thread_may_come_at_any_moment(self, kept, takes_turn):
        call, came = call_of(someone()), []
        new = [call_of(someone(), "a call of the other thread")] if takes_turn else []
        server = self.server(kept, lambda server, call: setattr(server.calls, "armed", True))
        server.calls = Contested()

        def come():
            if any(one is call for one in list.__iter__(server.calls)):
                removed(server.calls, call)
                list.extend(server.calls, new)
                came.append(True)

        server.calls.other = come
        with blaming("another thread comes between two moments, and call does not expect it", TWO_MOMENTS,
                     expected="LeadLost"):
            try:
                came_back = tried(server, "call", call)
            except ch06.LeadLost:
                came_back = "LeadLost"
        rest = list(list.__iter__(server.calls))
        expect_that((came_back, rest) == (("LeadLost", new) if came else (kept, [])),
                    "another thread comes between two moments, and call does not expect it", TWO_MOMENTS,
                    came_back=f"{came_back}; self.calls: {rest}",
                    expected=f"LeadLost; self.calls: {new}" if came else f"{kept}; self.calls: []")

    def test_each_call_of_a_thread_is_another_one(self):
        server = self.server()
        for loses in (True, False, True, False):
            call = call_of(someone())
            server.answer = lambda call, loses=loses: not (loses and removed(server.calls, call))
            if loses:
                self.lost(server, call)
            else:
                expect_same(self.kept_by(server, call), True, problem="what answer returns is not returned",
                            before="the lead was lost in the call before", why="The thread has got the lead again.")
        expect_same(names(server), ["give_back"] * 2, of="called", problem="give_back is not called once for each of "
                    "two calls in which the lead is lost", before="four calls; in the first and the third the lead is "
                    "lost", why="Each call is one of its own.")

    def test_two_servers_have_their_own_lists(self):
        inner, seen = self.server(), []
        outer = self.server(at_answer=lambda server, call: seen.append(
            (inner.call(call_of(someone())), list(server.calls) == [call], list(inner.calls))))
        self.kept_by(outer, call_of(someone()))
        expect_same(seen, [(True, True, [])], of="of the inner call: what is returned, whether the outer call is still "
                    "in its list, and what is in the list of the inner server",
                    problem="a call of another server changes self.calls",
                    why="self.calls is the server's own.")

    @each_family()
    def test_what_answer_raises_is_let_out(self, kind):
        error = kind("raised by answer")
        server = self.server(answer=raising(error))
        expect_let_out(error, lambda: tried(server, "call", call_of(someone())),
                       f"{kind.__name__}, raised by answer, is not let out",
                       "Only the ValueError of `remove` says that the lead is lost: answer is not in its `try`.")
        expect_same(names(server), ["answer"], of="called", problem="something is called after an error of answer",
                    raised=f"{error!r}, by answer", why="This thread has not lost the lead.")
