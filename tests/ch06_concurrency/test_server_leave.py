"""Step 6.11 · Server.leave"""
import errno
import socket

import pytest

from tests.ch06_concurrency.moments import (
    SHUT,
    Line,
    ch06,
    names,
    server_to_try,
    someone,
    standing_clock,
    told,
    tried,
)
from tests.expect import expect_let_out, expect_silence
from workshop.checking.diagnosis import Diagnosis, expect_same, expect_that
from workshop.checking.tree import deepest_place, load

GONE = {
    "not connected any more": OSError(errno.ENOTCONN, "Transport endpoint is not connected"),
    "a reset": ConnectionResetError(errno.ECONNRESET, "Connection reset by peer"),
    "a broken pipe": BrokenPipeError(errno.EPIPE, "Broken pipe"),
    "closed": OSError(errno.EBADF, "Bad file descriptor"),
    "a time limit": TimeoutError("timed out"),
}


@pytest.fixture
def clock(monkeypatch):
    """A Clock in place of those of the time module."""
    return standing_clock(monkeypatch)


@pytest.mark.usefixtures("clock")
@pytest.mark.step("6.11")
class TestLeave:
    def left(self, connection=None, **parts):
        """Have a Server take leave of a client; return both. parts are what the client has before."""
        server, client = server_to_try("leave"), someone(connection)
        vars(client).update(parts)
        self.leave(server, client)
        return server, client

    def leave(self, server, client):
        """Have server take leave of client. Raises Diagnosis if an OSError comes out."""
        try:
            tried(server, "leave", client)
        except OSError as error:
            raised = client.connection.breaks_off
            raise Diagnosis(f"{type(error).__name__} comes out of leave", came_out=repr(error),
                            raised=f"{raised!r}, by shutdown" if raised else None,
                            place=deepest_place(error.__traceback__), expected="it returns",
                            why="It would come out of the loop too, and end the server for all clients. After "
                                "self.drop(client) the connection is closed, and nothing may be asked of it.")

    def test_the_client_is_told_that_this_was_all(self):
        _, client = self.left()
        done = [how for event, *how in client.connection.events if event == "shutdown"]
        expect_that(done, "the connection is not shut down", expected="shutdown(socket.SHUT_WR)",
                    why="A client that reads until the end, or waits to hang up, learns only by this that no more "
                        "comes (RFC 9112 section 9.6).")
        expect_that(done == [[socket.SHUT_WR]], "the connection is not shut down with SHUT_WR, once",
                    done=told([f"shutdown({SHUT.get(how[0], how[0])})" for how in done]),
                    expected="shutdown(socket.SHUT_WR)",
                    why="What the client still sends must be received: if it is not, the system answers it with a "
                        "reset, which may overtake the answer (RFC 9112 section 9.6).")

    def test_the_connection_stays_open_and_nothing_is_received(self):
        _, client = self.left(Line(b"a body ", b"that nobody reads"))
        done = [event for event, *_ in client.connection.events if event != "shutdown"]
        expect_that("close" not in done, "the connection is closed at once",
                    done=told([event for event, *_ in client.connection.events]), expected="shutdown alone",
                    why="Bytes of the client that lie unread make the system send a reset, which may overtake the "
                        "answer (RFC 9112 section 9.6). It is closed when the client hangs up, or is late.")
        expect_that("recv" not in done, "leave receives from the client itself",
                    done=told([event for event, *_ in client.connection.events]), expected="shutdown alone",
                    why="hang_up waits for this client while all others wait for the loop. Here the loop listens to "
                        "it, with all others, and self.hear receives.")
        expect_same(done, [], of="done, but for shutdown", problem="more is done with the connection than to shut it "
                    "down", why="All was sent before.")

    @pytest.mark.parametrize("timeout", [None, 30.0, 0.0], ids=["blocking", "with a time limit", "non-blocking"])
    def test_the_connection_is_non_blocking_whatever_it_was(self, timeout):
        connection = Line()
        connection.timeout = timeout
        self.left(connection)
        expect_that(not connection.waits, "the connection is not non-blocking",
                    before=f"connection.gettimeout() is {timeout}",
                    came_back=f"connection.gettimeout() is {connection.timeout}",
                    expected="connection.setblocking(False)",
                    why="Whoever has served the client may have left a time limit. With one, self.hear waits for this "
                        "client, and all others wait for the loop.")

    def test_it_is_noted_that_the_client_leaves(self):
        _, client = self.left()
        expect_that(client.leaving, "client.leaving is not set", came_back=f"client.leaving: {client.leaving!r}",
                    expected="client.leaving: True",
                    why="self.hear throws away what such a client sends: another request would be answered after the "
                        "end.")

    @pytest.mark.parametrize("before", [60.0, 50.25, 49.0], ids=["later", "sooner", "passed"])
    @pytest.mark.parametrize("linger", [1, 4.5])
    def test_the_client_has_linger_seconds_from_now(self, monkeypatch, before, linger):
        monkeypatch.setattr(load("ch06_concurrency"), "LINGER", linger)
        _, client = self.left(deadline=before)
        rows = {"before": f"client.deadline: {before}; time.monotonic() is 50.0, LINGER is {linger}",
                "came_back": f"client.deadline: {client.deadline!r}", "expected": f"client.deadline: {50.0 + linger}"}
        expect_that(client.deadline != before, "client.deadline is not set", **rows,
                    why="The deadline that it has is that of its request. A client that does not hang up would cost "
                        "the server a file descriptor for longer.")
        expect_that(client.deadline == 50.0 + linger, "client.deadline is not LINGER seconds from now", **rows,
                    why="self.drop_late compares it with time.monotonic(): it is a moment of that clock, and not a "
                        "number of seconds; it is counted from now, and not from the deadline before.")

    @pytest.mark.parametrize("known", [False, True], ids=["it is new to the loop", "the loop listens to it already"])
    def test_the_loop_listens_to_the_client_until_it_hangs_up(self, known):
        server, client = server_to_try("leave"), someone()
        server.clients.update([client] if known else [])
        self.leave(server, client)
        before = "the client is in self.clients" if known else "the client is not in self.clients"
        if not known:
            expect_that(("keep", client) in server.done, "self.keep(client) is not called", before=before,
                        done=told(names(server)), expected="keep",
                        why="A thread without the lead may have served it: then the loop does not listen to it, and "
                            "never learns that it has hung up. keep registers it where that is needed.")
        expect_that(client in server.clients, "the loop does not listen to the client afterwards", before=before,
                    done=told(names(server)), expected="keep",
                    why="Nobody else would close its connection.")
        expect_that("drop" not in names(server), "a client that is still there is dropped", before=before,
                    done=told(names(server)), expected="keep", why="It may not have received its answer yet.")

    @pytest.mark.parametrize("raised", GONE.values(), ids=GONE)
    def test_a_client_that_is_gone_is_dropped_and_nothing_else(self, raised, capsys):
        server, client = server_to_try("leave"), someone(Line(breaks_off=raised))
        server.clients.add(client)
        self.leave(server, client)
        expect_same(names(server), ["drop"], of="called", raised=f"{raised!r}, by shutdown",
                    problem="self.drop(client) is not all that is called where shutdown raises OSError",
                    why="The client is gone, and there is nobody to wait for: its connection is closed at once. To "
                        "listen to a connection that is closed is an error.")
        expect_that(server.done == [("drop", client)], "self.drop is not called with the client",
                    came_back=repr(server.done[0]), expected=repr(("drop", client)), why="drop closes its connection.")
        expect_silence(capsys.readouterr(), (), "where the client is gone",
                       "Clients leave all the time: it is no error.", raised=f"{raised!r}, by shutdown")

    @pytest.mark.parametrize("kind", [ValueError, RuntimeError, KeyboardInterrupt])
    def test_only_an_os_error_says_that_the_client_is_gone(self, kind):
        error = kind("raised by shutdown")
        server, client = server_to_try("leave"), someone(Line(breaks_off=error))
        expect_let_out(error, lambda: tried(server, "leave", client), f"{kind.__name__} is not let out",
                       "It tells nothing of the client: it is a bug, or someone ends the program.")
        expect_same(names(server), [], of="called", problem=f"something is called after {kind.__name__}",
                    raised=f"{error!r}, by shutdown", why="Only an OSError says that the client is gone.")

    def test_other_clients_stay_as_they_are(self):
        server, one, other = server_to_try("leave"), someone(name="one"), someone(name="other")
        server.clients.update([one, other])
        before = {name: value for name, value in vars(other).items()}
        self.leave(server, one)
        expect_that(vars(other) == before and other in server.clients, "another client does not stay as it is",
                    came_back=f"other.leaving: {other.leaving}, other.deadline: {other.deadline}",
                    expected="other.leaving: False, other.deadline: 60.0", why="Only this client has its last answer.")

    def test_each_client_has_its_own_deadline(self, clock):
        server, one, other = server_to_try("leave"), someone(name="one"), someone(name="other")
        self.leave(server, one)
        clock.go_on(0.5)
        self.leave(server, other)
        deadlines = [one.deadline, other.deadline]
        expect_same(deadlines, [50.0 + ch06.LINGER, 50.5 + ch06.LINGER], of="deadlines of both",
                    problem="the deadlines of two clients, half a second after each other, are not LINGER seconds "
                    "from each moment", why="Each has LINGER seconds from the moment at which it is told.")
