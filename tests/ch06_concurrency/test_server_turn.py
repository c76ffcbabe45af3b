"""Step 6.12 · Server.turn"""
import pytest

from tests.ch06_concurrency.moments import Sockets, ch06, names, server_to_try, standing_clock, tried
from tests.expect import each_family, expect_let_out, raising
from workshop.checking.diagnosis import expect_same, expect_that
from workshop.checking.tree import load

NOW = 50.0  # where the clock stands
DUE = NOW - 1  # a self.next_tick that is reached


@pytest.fixture
def clock(monkeypatch):
    """A Clock in place of those of the time module, at NOW."""
    return standing_clock(monkeypatch)


@pytest.mark.usefixtures("clock")
@pytest.mark.step("6.12")
class TestTurn:
    def server(self, *functions, wait=lambda: None, next_tick=NOW + 100, **acts):
        """Return a Server whose selector calls wait, and returns a pair for each of functions."""
        server = server_to_try("turn", selector=Sockets(*functions, wait=wait), **acts)
        server.next_tick = next_tick
        return server

    def turned(self, *functions, **parts):
        """Return a Server that has done a turn."""
        server = self.server(*functions, **parts)
        tried(server, "turn")
        return server

    def noting(self, count, **acts):
        """Return a list, and functions that put their numbers into it; acts are what some do: `{"2": function}`."""
        called = []

        def function(number):
            def note():
                called.append(number)
                return acts.get(f"at_{number}", lambda: None)()
            return note

        return called, [function(number) for number in range(1, count + 1)]

    @pytest.mark.parametrize("seconds", [None, 7.5], ids=["TICK", "another TICK"])
    def test_the_selector_is_asked_once_for_tick_seconds_at_most(self, monkeypatch, seconds):
        if seconds:
            monkeypatch.setattr(load("ch06_concurrency"), "TICK", seconds)
        timeouts, wanted = self.turned().selector.timeouts, ch06.TICK
        expect_that(timeouts, "self.selector.select is not called", expected="self.selector.select(TICK)",
                    why="It waits for all sockets at once, and says which of them have something.")
        expect_that(len(timeouts) == 1, f"select is called {len(timeouts)} times in one turn",
                    expected="self.selector.select(TICK), once", why="One turn is one look at all sockets: `work` "
                    "calls turn again, and asks in between whether the server is stopped.")
        expect_that(None not in timeouts, "select has no time limit", expected=f"self.selector.select({wanted})",
                    why="Where nobody sends anything, it would wait for ever, and clients that are late would stay.")
        expect_that(timeouts == [wanted], "the time limit of select is not TICK", came_back=f"select({timeouts[0]!r})",
                    expected=f"select({wanted!r})", why="With less the loop turns though there is nothing to do, which "
                    "takes processor time; with more, tick comes too late.")

    def test_the_functions_are_called_without_arguments(self):
        given = []
        self.turned(lambda *arguments, **named: given.append((*arguments, *named)))
        expect_that(given == [()], "key.data is called with arguments" if given else "key.data is not called",
                    came_back=f"called with {len(given[0])} arguments" if given else None, expected="key.data()",
                    why="It knows what it is for: let_in and hear_bell are methods, and hear has its client by "
                        "functools.partial.")

    @pytest.mark.parametrize("count", [1, 5])
    def test_the_function_of_each_socket_is_called_in_order(self, count):
        called, functions = self.noting(count)
        self.turned(*functions)
        expected = list(range(1, count + 1))
        problem = "the functions are not called once each, in the order of the pairs"
        problem = "none of the functions is called" if not called else problem
        problem = "not all of the functions are called" if called and len(called) < count else problem
        expect_same(called, expected, of="called", problem=problem,
                    selector=f"select returns {count} pairs (key, events)",
                    why="key.data is what is to be done for a socket, and each of them has something. Those that are "
                        "left out wait for another turn, and may wait for ever.")

    def test_where_no_socket_has_something_nothing_is_called(self):
        expect_same(names(self.turned()), [], of="called", problem="something is called in a turn without any socket",
                    before="self.next_tick is 100 seconds from now", why="After TICK seconds select returns [].")

    @each_family()
    def test_what_a_function_raises_is_let_out_at_once(self, kind):
        error = kind("raised by the second of three functions")
        called, functions = self.noting(3, at_2=raising(error))
        server = self.server(*functions, next_tick=DUE)
        expect_let_out(error, lambda: tried(server, "turn"), f"{kind.__name__}, raised by key.data, is not let out",
                       "`work` knows what to do about it. Who goes on with the loop does not see that it is broken.")
        expect_same(called, [1, 2], of="called", problem=f"more functions are called after {kind.__name__}",
                    raised=f"{error!r}, by the second of three", why="What is raised is let out at once.")
        self.expect_untouched(server, f"{error!r}, by the second of three")

    def expect_untouched(self, server, raised):
        """Fail if tick was called, or next_tick set, after something was raised where a tick was due."""
        expect_same(names(server), [], of="called", problem="tick is called after something was raised", raised=raised,
                    why="The loop may belong to another thread by now: that one calls tick.")
        expect_same(server.next_tick, DUE, of="self.next_tick", raised=raised,
                    problem="self.next_tick is changed after something was raised",
                    why="The loop may belong to another thread by now, and self.next_tick too.")

    def test_after_lead_lost_nothing_of_the_loop_is_touched(self):
        error = ch06.LeadLost()
        called, functions = self.noting(4, at_1=raising(error))
        server = self.server(*functions, next_tick=DUE)
        expect_let_out(error, lambda: tried(server, "turn"), "LeadLost is not let out",
                       "`work` leaves the loop then, and waits for the lead. Who goes on is in the loop with another "
                       "thread, at the same time.")
        expect_same(called, [1], of="called", problem="more functions are called after LeadLost",
                    raised="LeadLost, by the first of four", why="Another thread goes on with these sockets: two would "
                    "receive from one connection.")
        self.expect_untouched(server, "LeadLost, by the first of four")

    @pytest.mark.parametrize("kind", [OSError, KeyboardInterrupt])
    def test_what_select_raises_is_let_out(self, kind):
        error = kind("raised by select")
        server = self.server(wait=raising(error), next_tick=DUE)
        expect_let_out(error, lambda: tried(server, "turn"), f"{kind.__name__}, raised by select, is not let out",
                       "A loop that cannot listen would turn and turn, and do nothing.")
        self.expect_untouched(server, f"{error!r}, by select")

    @pytest.mark.parametrize("kind", [OSError, KeyboardInterrupt])
    def test_what_tick_raises_is_let_out(self, kind):
        error = kind("raised by tick")
        server = self.server(next_tick=DUE, tick=raising(error))
        expect_let_out(error, lambda: tried(server, "turn"), f"{kind.__name__}, raised by tick, is not let out",
                       "`work` knows what to do about it.")

    def test_tick_comes_after_the_functions(self):
        called, functions = self.noting(2)
        server = self.server(*functions, next_tick=DUE, tick=lambda: called.append("tick"))
        tried(server, "turn")
        problem = ("self.tick() is not called where sockets have something" if called == [1, 2] else
                   "tick does not come after the functions of the sockets")
        expect_same(called, [1, 2, "tick"], of="called", problem=problem, before="self.next_tick is a second ago",
                    why="It drops clients that are late: what they have sent in time is received first. On a busy "
                        "server sockets have something in each turn.")

    @pytest.mark.parametrize("late", [0.0, 0.0009765625, 1000.0], ids=["exactly", "a moment ago", "long ago"])
    def test_when_the_moment_has_come_there_is_a_tick(self, late):
        server = self.turned(next_tick=NOW - late)
        expect_same(names(server), ["tick"], of="called",
                    problem="self.tick() is not called once when self.next_tick is reached",
                    before=f"self.next_tick: {NOW - late}, time.monotonic(): {NOW}",
                    why="Clients that are late are dropped by it, and the listener is listened to again. `reached` "
                        "means: exactly at it too.")

    @pytest.mark.parametrize("early", [0.0009765625, 0.9990234375])
    def test_before_the_moment_there_is_no_tick(self, early):
        server = self.turned(next_tick=NOW + early)
        before = f"self.next_tick: {NOW + early}, time.monotonic(): {NOW}"
        expect_same(names(server), [], of="called", before=before,
                    problem="self.tick() is called before self.next_tick",
                    why="A busy loop turns thousands of times in a second: to look at all clients each time takes "
                        "longer than all else.")
        expect_same(server.next_tick, NOW + early, of="self.next_tick", before=before,
                    problem="self.next_tick is changed before it is reached",
                    why="A loop that puts it off in each turn never comes to it while clients send something.")

    @pytest.mark.parametrize("late, seconds", [(0.0, 1.0), (0.5, 7.5), (1000.0, 1.0)],
                             ids=["exactly", "half a second ago, and another TICK", "long ago"])
    def test_the_next_tick_is_tick_seconds_from_now(self, monkeypatch, late, seconds):
        monkeypatch.setattr(load("ch06_concurrency"), "TICK", seconds)
        server = self.turned(next_tick=NOW - late)
        before = f"self.next_tick: {NOW - late}, time.monotonic(): {NOW}, TICK: {seconds}"
        expect_that(server.next_tick != NOW - late, "self.next_tick is not set", before=before,
                    expected=f"self.next_tick: {NOW + seconds}",
                    why="It stays reached, and each turn calls tick.")
        expect_that(server.next_tick == NOW + seconds, "self.next_tick is not TICK seconds from now", before=before,
                    came_back=f"self.next_tick: {server.next_tick!r}", expected=f"self.next_tick: {NOW + seconds}",
                    why="Counted from the moment before, many ticks would follow each other after a turn that took "
                        "long. It is a moment of time.monotonic().")

    def test_the_next_tick_is_set_before_tick_is_called(self, clock):
        seen = []
        server = self.server(next_tick=NOW)
        server.tick = lambda: (seen.append(server.next_tick), clock.go_on(5))
        tried(server, "turn")
        expect_that(seen == [NOW + ch06.TICK], "self.next_tick is not set when self.tick() is called",
                    came_back=f"self.next_tick in tick: {seen[0]}" if seen else "tick is not called",
                    expected=f"self.next_tick in tick: {NOW + ch06.TICK}",
                    why="Set it first, as the task has it: tick may take a while, and something may be raised in it.")
        expect_same(server.next_tick, NOW + ch06.TICK, of="self.next_tick", tick="takes 5 seconds",
                    problem="self.next_tick is set again after tick", why="It is TICK seconds from the moment before.")

    @pytest.mark.parametrize("who", ["select", "a function"])
    def test_the_clock_is_looked_at_after_the_functions(self, clock, who):
        def pass_by():
            clock.go_on(0.75)

        with_wait = {"wait": pass_by} if who == "select" else {}
        server = self.turned(*([] if with_wait else [pass_by]), next_tick=NOW + 0.5, **with_wait)
        rows = {"before": f"self.next_tick: {NOW + 0.5}, time.monotonic(): {NOW}; {who} takes 0.75 seconds"}
        expect_same(names(server), ["tick"], of="called", problem=f"self.tick() is not called though {who} has taken "
                    "until after self.next_tick", why="The clock is looked at after that, in the second step. What "
                    "was read before is old.", **rows)
        expect_same(server.next_tick, NOW + 0.75 + ch06.TICK, of="self.next_tick",
                    problem="self.next_tick is not TICK seconds from now", why="Now is the moment after the functions, "
                    "and not the one at which the turn began.", **rows)

    def test_a_tick_is_followed_by_turns_without_one(self, clock):
        server = self.server(next_tick=NOW)
        ticks = []
        for seconds in (0.0, 0.0, 0.5, 0.5, 0.0):
            clock.go_on(seconds * ch06.TICK)
            tried(server, "turn")
            ticks.append(names(server).count("tick"))
        expect_same(ticks, [1, 1, 1, 2, 2], of="ticks", problem="there is not one tick in TICK seconds",
                    before="five turns, 0, 0, 0.5, 1 and 1 TICK after self.next_tick", why="However often the loop "
                    "turns, tick is called once in TICK seconds.")

    def test_two_servers_have_their_own_ticks(self):
        one, other = self.server(next_tick=NOW), self.server(next_tick=NOW)
        tried(one, "turn")
        expect_same((names(one), names(other), other.next_tick), (["tick"], [], NOW),
                    of="called of both, and the next_tick of the other",
                    problem="a turn of one server changes another one", why="self.next_tick is the server's own.")
        tried(other, "turn")
        expect_same(names(other), ["tick"], of="called", problem="a server has no tick after that of another one",
                    why="self.next_tick is the server's own.")
