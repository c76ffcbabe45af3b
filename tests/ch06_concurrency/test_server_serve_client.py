"""Step 6.8 · Server.serve_client"""
import pytest

from tests.ch06_concurrency.serving_parts import (
    LeadLost,
    Notes,
    call_for,
    ch02,
    ch06,
    client_with,
    done,
    each_of,
    server_with,
    shown_events,
)
from tests.expect import Own, a_value, expect_let_out, expect_silence, raised_by, shown_error
from workshop.checking.diagnosis import expect_same, expect_that

OTHERS = ("call", "leave", "refuse", "drop", "hear", "answer", "forget", "keep")
A, B, C = map(call_for, ("/a", "/b", "/c"))
ASKED = ("asked",)


class Served:
    """A client that was served once, and what the server did then.

    script    what client.calls gives: functions that make a Call, None, or exceptions
    kept      what self.call returns, one for each call, and then True
    """

    def __init__(self, *script, kept=(), events=None, **named):
        self.events, answers = Notes() if events is None else events, iter(kept)
        self.client = client_with(script, events=self.events)
        named = {"call": lambda call: next(answers, True)} | named
        self.server = server_with(self.events, **dict.fromkeys(OTHERS) | named)
        self.rows = {"client": f"client.calls gives {', then '.join(map(shown, script)) or 'None'}"}
        self.rows |= {"answers": f"self.call returns {', then '.join(map(str, kept))}"} if False in kept else {}

    def done(self):
        """Serve the client, and return itself."""
        done(self.server, "serve_client", self.client, "client")
        return self

    def steps(self):
        """Return what the server has done, with targets for Calls."""
        return [tuple(part.request.target if isinstance(part, ch06.Call) else part for part in event)
                for event in self.events]

    def expect_steps(self, *expected, problem, why):
        """Fail with problem unless this was done, in this order, and nothing else."""
        expect_that(self.steps() == list(expected), problem, why, **self.rows, came_back=shown_events(self.steps()),
                    expected=shown_events(expected))


def shown(item):
    """Return what client.calls gives as a row shows it."""
    if isinstance(item, BaseException):
        return f"raises {type(item).__name__}"
    return "None" if item is None else "a Call"


@pytest.mark.step("6.8")
class TestServeClient:
    def test_without_a_whole_request_nothing_is_done(self):
        Served(None).done().expect_steps(
            ASKED, problem="something is done for a client whose request is not whole",
            why="None says that more bytes are needed. The client stays as it is until it sends them: the loop hears "
                "it then.")

    def test_a_whole_request_is_answered(self):
        served = Served(A).done()
        expect_that(served.events.of("call"), "a request that is whole is not answered with self.call", **served.rows,
                    came_back=shown_events(served.steps()), expected="self.call(call)",
                    why="`self.call(call)` answers, and knows what to do if that takes long.")
        expect_that(served.steps()[:2] == [ASKED, ("call", "/a")], "a request is not answered before the next is asked "
                    "for", **served.rows, came_back=shown_events(served.steps()),
                    expected=shown_events([ASKED, ("call", "/a"), ASKED]),
                    why="next(client.calls) closes the body of the Call before: the application could not read it any "
                        "more.")
        served.expect_steps(ASKED, ("call", "/a"), ASKED,
                            problem="after an answer the client is not asked for its next request, and left alone then",
                            why="The next request may be whole already (pipelining). Where it is not, the client is "
                                "kept, and heard again when it sends something.")

    def test_the_very_call_is_answered(self):
        calls = []

        def make(client):
            calls.append(A(client))
            return calls[0]

        served = Served(make).done()
        given = [event[1] for event in served.events.of("call")]
        expect_that(len(given) == 1 and given[0] is calls[0], "self.call is not given what client.calls gave",
                    **served.rows, came_back=f"given to self.call: {given}", expected="the Call itself, once",
                    why="give_away looks for this very Call in the list of those that are answered.")

    def test_several_requests_are_answered_in_their_order(self):
        served = Served(A, B, C).done()
        expect_same([event[1] for event in served.steps() if event[0] == "call"], ["/a", "/b", "/c"],
                    of="targets of what was answered", **served.rows,
                    problem="three requests that came at once are not answered in their order",
                    why="A client may send requests without waiting for answers. It tells the answers apart by their "
                        "order alone (RFC 9112 section 9.3.2).")
        served.expect_steps(ASKED, ("call", "/a"), ASKED, ("call", "/b"), ASKED, ("call", "/c"), ASKED,
                            problem="something else is done than asking and answering in turn",
                            why="Asking for the next request closes the body of the one before: answer that first.")

    def test_the_body_is_open_while_a_request_is_answered(self):
        closed = []

        def call(call):
            closed.append(call.body.closed)
            return True

        served = Served(A, B, call=call).done()
        expect_same(closed, [False, False], of="whether call.body is closed when self.call is called", **served.rows,
                    problem="the body of a request is closed when it is answered",
                    why="next(client.calls) closes the body of the Call before: the application could not read it "
                        "any more.")

    def test_as_many_requests_as_fit_into_a_block_are_answered(self):
        count = ch06.RECV_SIZE // len(b"GET / HTTP/1.0\r\n\r\n")
        served = Served(*[A] * count, call=True)
        served.rows = {"client": f"client.calls gives {count} Calls, one after the other, then None"}
        with a_value("each is answered", "So many may come at once: they are whole, and the client waits for all of "
                     "their answers.", refused=f"{count} requests at once are too many", **served.rows):
            served.done()
        expect_same(len(served.events.of("call")), count, of="answers", **served.rows,
                    problem=f"not all of {count} requests that come at once are answered",
                    why="Each is whole, and its client waits for the answer. Nothing wakes the loop for those that are "
                        "left: the client has sent all that it has.")

    @pytest.mark.parametrize("before", [0, 2], ids=["the first", "the third"])
    def test_a_client_that_is_not_kept_is_left(self, before):
        served = Served(A, A, A, A, kept=[True] * before + [False, True, True]).done()
        place = before + 1
        answered = len(served.events.of("call"))
        expect_that(answered >= place, f"only {answered} of the requests up to the last one are answered",
                    **served.rows, why="Each that is whole is answered, as long as the client is kept.")
        expect_that(answered == place, "requests are answered after one that the client is not kept for", **served.rows,
                    came_back=shown_events(served.steps()), expected=f"{place} answered",
                    why="This answer has said `Connection: close`, or its end is unknown: nothing can follow it on "
                        "this connection.")
        expect_same(len(served.events.of("asked")), place, of="times that next(client.calls) was called", **served.rows,
                    problem="a client that is not kept is asked for a further request",
                    why="What comes behind the last request is thrown away. It may even raise BadRequest, and be "
                        "answered.")
        expect_that(served.events[-1] == ("leave", served.client) and len(served.events.of(*OTHERS)) == place + 1,
                    "a client that is not kept is not left with self.leave(client), once, and nothing else",
                    **served.rows, came_back=shown_events(served.steps()), expected="self.leave(client) at the end",
                    why="leave says that this was all, and lets the client receive it before the connection is closed.")

    def test_a_client_that_is_kept_is_not_left(self):
        served = Served(A, B).done()
        expect_same(served.events.of("leave", "drop", "forget", "refuse"), [], of="what was done beside answering",
                    **served.rows, problem="a client that is kept is left",
                    why="The client sends its next request over the same connection: that saves it a new one (RFC 9112 "
                        "section 9.3).")

    @pytest.mark.parametrize("status, message", [(400, "the request line is malformed"), (413, "the body is larger"),
                                                 (431, "the head is too long"), (501, "no method is so long")])
    def test_a_bad_request_is_refused(self, status, message):
        served = Served(ch02.BadRequest(status, message))
        served.rows = {"raised": f"BadRequest({status}, {message!r}), by next(client.calls)"}
        expect_let_none_out(served)
        served.expect_steps(ASKED, ("refuse", served.client, status, message),
                            problem="a bad request is not refused with the status and the text of its BadRequest, and "
                            "nothing else done",
                            why="`self.refuse(client, error.status, str(error))` tells the client what is wrong, and "
                                "takes leave of it.")

    def test_what_came_before_a_bad_request_is_answered(self):
        served = Served(A, B, ch02.BadRequest(400, "malformed"))
        expect_let_none_out(served)
        served.expect_steps(ASKED, ("call", "/a"), ASKED, ("call", "/b"), ASKED,
                            ("refuse", served.client, 400, "malformed"),
                            problem="two requests with a bad one behind them are not answered, and then that refused",
                            why="They were whole, and come first: each is answered in its turn.")

    def test_the_text_of_a_bad_request_is_a_str(self):
        class Worse(ch02.BadRequest):
            """A BadRequest with a text of its own."""

            def __str__(self):
                return "worse than bad"

        served = Served(Worse(400, "bad"))
        served.rows = {"raised": "by next(client.calls): a BadRequest whose args are ('bad',), and whose __str__ has "
                       "another text"}
        expect_let_none_out(served)
        given = served.events[-1][-1]
        expect_that(type(given) is str and given == "worse than bad", "the message for refuse is not str(error)",
                    **served.rows, came_back=repr(given), expected="'worse than bad'",
                    why="An exception says by its __str__ what is wrong; error.args may have more or less.")

    @each_of(ValueError, OSError, RuntimeError, KeyboardInterrupt, Own("HeadTooLarge"))
    def test_what_else_next_raises_is_let_out(self, kind):
        error = kind("raised by next")
        served = Served(A, error)
        expect_let_out(error, served.done, f"{kind.__name__} of next(client.calls) is swallowed",
                       "BadRequest alone is the client's mistake. All else is one of the server's, or ends it: "
                       "somebody else deals with it.", **served.rows)

    @each_of(LeadLost("LeadLost"), Own("BadRequest"), OSError, ValueError, RuntimeError, KeyboardInterrupt)
    def test_what_call_raises_is_let_out(self, kind):
        error = kind("raised by self.call")
        served = Served(A, B, call=error)
        served.rows["raised"] = f"{kind.__name__}, by self.call"
        expect_let_out(error, served.done, f"{kind.__name__} of self.call is swallowed",
                       "LeadLost ends this thread's turn in the loop, and `work` catches it. BadRequest is something "
                       "of the client's only if next raises it: keep the `try` as small as that.", **served.rows)
        served.expect_steps(ASKED, ("call", "/a"),
                            problem=f"something is done after self.call has raised {kind.__name__}",
                            why="After LeadLost another thread has the lead, and the client: whatever two threads do "
                                "with one client at a time mixes up its answers.")

    @pytest.mark.parametrize("name", ["leave", "refuse"])
    @each_of(OSError, Own("BadRequest"))
    def test_what_leave_and_refuse_raise_is_let_out(self, name, kind):
        error = kind(f"raised by self.{name}")
        script = [A] if name == "leave" else [ch02.BadRequest(413, "too large")]
        served = Served(*script, kept=[False], **{name: error})
        served.rows["raised"] = f"{kind.__name__}, by self.{name}"
        expect_let_out(error, served.done, f"{kind.__name__} of self.{name} is swallowed",
                       "BadRequest tells something of the client only if next raises it: keep the `try` as small as "
                       "that, and catch nothing else.", **served.rows)
        expect_same(len(served.events.of("leave", "refuse")), 1, of="times that self.leave or self.refuse was called",
                    **served.rows, problem=f"something is done after self.{name} has raised {kind.__name__}",
                    why="Leave is taken once.")

    def test_after_lead_lost_the_client_is_not_touched(self):
        touched, lost = [], []

        def call(call):
            lost.append(True)
            raise ch06.LeadLost

        served = Served(A, B, call=call)

        class Watched(type(served.client)):
            def __getattribute__(self, name):
                if lost:
                    touched.append(f"client.{name}")
                return super().__getattribute__(name)

            def __setattr__(self, name, value):
                if lost:
                    touched.append(f"client.{name} = …")
                super().__setattr__(name, value)

        served.client.__class__ = Watched
        raised = raised_by(served.done, ch06.LeadLost)
        expect_that(raised, "LeadLost of self.call is swallowed", **served.rows,
                    why="It ends the loop of this thread: another one has the lead.")
        lost.clear()
        expect_same(touched, [], of="attributes of the client that were used after LeadLost", **served.rows,
                    problem="the client is touched after LeadLost",
                    why="It belongs to another thread now, which may be in the middle of its next request.")

    def test_nothing_is_printed(self, capsys):
        for script, kept in (([None], ()), ([A, B], ()), ([A, B], [False]), ([ch02.BadRequest(400, "malformed")], ())):
            served = Served(*script, kept=kept)
            expect_let_none_out(served)
            expect_silence(capsys.readouterr(), (), "while a client is served",
                           "call prints the access line, and refuse what is wrong with a request.", **served.rows)

    def test_a_client_is_served_on_where_it_was_left(self):
        served = Served(A, None, B, C, None).done().done()
        served.expect_steps(ASKED, ("call", "/a"), ASKED, ASKED, ("call", "/b"), ASKED, ("call", "/c"), ASKED,
                            problem="a client that is served twice is not asked until None each time",
                            why="None ends a turn, and the next one begins when more bytes have come. client.calls "
                                "knows where it has paused.")

    def test_two_clients_are_served_in_turn(self):
        events = Notes()
        one, two = Served(A, None, C, events=events), Served(B, None, A, events=events)
        server = one.server
        for served in (one, two, one, two):
            done(server, "serve_client", served.client, "client")
        expect_same([event[1] for event in one.steps() if event[0] == "call"], ["/a", "/b", "/c", "/a"],
                    of="targets of what was answered", problem="of two clients that are served in turn, not each has "
                    "its own requests answered",
                    why="Each client has its own calls: the server keeps none of them.")


def expect_let_none_out(served):
    """Serve the client, and fail if the BadRequest that next raises comes out, or next is called again after it."""
    error = raised_by(served.done, (ch02.BadRequest, StopIteration))
    expect_that(not isinstance(error, StopIteration), "next(client.calls) is called again after it has raised "
                "BadRequest", **served.rows, came_out="StopIteration", expected="nothing is asked for after it",
                why="Nobody knows where a next request would begin, and a generator that has raised something is at "
                    "its end.")
    expect_that(not error, "the BadRequest of next(client.calls) is let out", **served.rows,
                came_out=error and shown_error(error), expected="self.refuse(client, error.status, str(error))",
                why="A bad request is the client's mistake: it is told so, and the server goes on.")
