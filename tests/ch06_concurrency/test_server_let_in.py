"""Step 6.10 · Server.let_in"""
import errno

import pytest

from tests.ch06_concurrency.moments import Line, Queue, ch06, names, server_to_try, told, tried
from tests.expect import expect_let_out, raising
from workshop.checking.diagnosis import Diagnosis, expect_same, expect_that, shown_bytes
from workshop.checking.tree import deepest_place, load

LEFT = {
    "it would block": BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable"),
    "aborted": ConnectionAbortedError(errno.ECONNABORTED, "Software caused connection abort"),
    "reset": ConnectionResetError(errno.ECONNRESET, "Connection reset by peer"),
    "a broken pipe": BrokenPipeError(errno.EPIPE, "Broken pipe"),
    "of no kind that has a name of its own": ConnectionError("the client has left"),
}
FULL = {
    "no file descriptor is left": OSError(errno.EMFILE, "Too many open files"),
    "no memory is left": OSError(errno.ENOMEM, "Cannot allocate memory"),
    "a firewall forbids it": PermissionError(errno.EPERM, "Operation not permitted"),
    "a time limit": TimeoutError("timed out"),
}
OTHERS = {f"client {number}" for number in range(6)}  # as many as the loop listens to, in these checks


@pytest.fixture(autouse=True)
def no_other_step(monkeypatch):
    """A Client can be made before the step that takes its calls is written."""
    monkeypatch.setattr(load("ch06_concurrency").Client, "take_calls", lambda client: iter(()))


@pytest.mark.step("6.10")
class TestLetIn:
    def let_in(self, *clients, **acts):
        """Have a Server let in the first of clients, and return it. Raises Diagnosis if an OSError comes out.

        clients may begin with an exception, which accept raises.
        """
        server = server_to_try("let_in", listener=Queue(*clients), **acts)
        try:
            tried(server, "let_in")
        except OSError as error:
            raise Diagnosis(f"{type(error).__name__} comes out of let_in", came_out=repr(error), expected="it returns",
                            place=deepest_place(error.__traceback__), raised=f"{error!r}, by accept",
                            why="It would come out of the loop too, and end the server for all clients.")
        return server

    def of_one(self, server, name):
        """Return the client that a method was called with. Raises Diagnosis unless it was called once."""
        calls = [arguments for called, *arguments in server.done if called == name]
        expect_that(len(calls) == 1, f"self.{name}(client) is called {len(calls)} times, not once",
                    done=told(names(server)), expected="keep, then hear",
                    why="keep has the loop listen to the client, and hear receives what it has sent already.")
        return calls[0][0]

    @pytest.mark.parametrize("name", ["keep", "hear"])
    def test_the_client_is_kept_and_heard(self, name):
        connection = Line()
        client = self.of_one(self.let_in(connection), name)
        expect_that(isinstance(client, ch06.Client), f"self.{name} is not called with a Client",
                    came_back=type(client).__name__, expected="Client(connection, address)",
                    why="All that is known of a client, and its deadline, is in a Client.")
        expect_that(client.connection is connection, "the connection of the Client is not the one that accept returns",
                    came_back=repr(client.connection), expected=repr(connection),
                    why="accept returns a pair: the connection is the first, and the address the second.")
        expect_same(client.address, ("127.0.0.1", 50_000), of="client.address",
                    problem="the address of the Client is not the one that accept returns",
                    why="The application reads it as REMOTE_ADDR, and the log has it.")

    def test_it_is_one_client_that_is_kept_and_heard(self):
        server = self.let_in(Line())
        expect_that(self.of_one(server, "keep") is self.of_one(server, "hear"),
                    "one Client is kept, and another one is heard",
                    why="What hear receives is put into the Client that it is given; the loop has the other one.")

    def test_the_client_is_kept_before_it_is_heard(self):
        expect_same(names(self.let_in(Line())), ["keep", "hear"], of="called",
                    problem="the client is not kept and then heard",
                    why="hear may drop the client, or lose the lead: a client that is kept after that is listened to "
                        "though it is gone, or by the wrong thread.")

    def test_the_connection_is_non_blocking_when_it_is_heard(self):
        waits = []
        self.let_in(Line(), hear=lambda client: waits.append(client.connection.waits))
        expect_that(waits == [False], "the connection is blocking when it is heard" if waits else
                    "self.hear is not called", expected="connection.setblocking(False), before self.hear(client)",
                    why="A client that has connected and sends nothing would hold recv, and with it the loop: all "
                        "others wait. A listener that is non-blocking does not hand that on.")

    def test_keep_is_left_to_note_the_client(self):
        known = []
        server = server_to_try("let_in", listener=Queue(Line()))
        server.keep = lambda client: known.append(client in server.clients)
        tried(server, "let_in")
        expect_that(known == [False], "the client is in self.clients before self.keep is called",
                    expected="self.keep(client) alone",
                    why="keep takes such a client for one that the loop listens to already, and does nothing.")

    def test_one_call_lets_in_one_client(self):
        server = self.let_in(Line(), Line())
        expect_same(len(server.listener.clients), 1, of="clients that wait",
                    problem="not one of two clients is accepted", listener="two clients have connected",
                    why="Accept the next client: the loop calls let_in again as long as there is one, and takes turns "
                        "with the clients that are in.")

    def test_each_call_lets_in_another_client(self):
        first, second = Line(), Line()
        server = self.let_in(first, second)
        tried(server, "let_in")
        kept = [arguments[0].connection for name, *arguments in server.done if name == "keep"]
        expect_that(kept == [first, second], "the second client is not let in with the second call",
                    done=told(names(server)), expected="keep, then hear, for each of them",
                    why="Each call is for another client.")

    def test_what_the_client_has_sent_is_left_to_hear(self):
        connection = Line(b"GET / HTTP/1.1\r\n")
        self.let_in(connection)
        expect_same(connection.events, [], of="done with the connection",
                    problem="more is done with the connection than to make it non-blocking",
                    why="hear receives, and it alone knows what to do with what has come.")

    @pytest.mark.parametrize("more", [0, 1], ids=["exactly", "and some have come back"])
    def test_with_max_clients_others_wait(self, monkeypatch, more):
        monkeypatch.setattr(load("ch06_concurrency"), "MAX_CLIENTS", len(OTHERS) + 1 - more)
        server = server_to_try("let_in", listener=Queue(Line()))
        server.clients.update(OTHERS)
        tried(server, "let_in")
        rows = {"before": f"{len(OTHERS)} clients are in self.clients, MAX_CLIENTS is {len(OTHERS) + 1 - more}",
                "done": told(names(server))}
        why = "The loop must not listen to more sockets than the system can: others queue at the listener."
        expect_that("rest" in names(server), "self.rest() is not called where self.clients has more than MAX_CLIENTS"
                    if more else "self.rest() is not called where self.clients has MAX_CLIENTS now",
                    f"{why} A client that another thread has given back may be one more than MAX_CLIENTS." if more else
                    f"{why} The new client is one of them.", **rows, expected="keep, then rest, then hear")
        expect_that("hear" in names(server), "self.hear is not called where there is no room for one client more",
                    **rows, expected="keep, then rest, then hear",
                    why="Point 4 is for every client that is let in: this one has found room.")
        expect_that(names(server).index("rest") < names(server).index("hear"), "self.rest() is called after self.hear",
                    "hear may raise LeadLost: then another thread has the loop, which must not listen to the listener.",
                    **rows, expected="keep, then rest, then hear")

    def test_max_clients_as_it_is_is_the_limit(self):
        server = server_to_try("let_in", listener=Queue(Line()))
        server.clients.update(range(ch06.MAX_CLIENTS - 1))
        tried(server, "let_in")
        expect_that("rest" in names(server), "self.rest() is not called where self.clients has MAX_CLIENTS now",
                    before=f"{ch06.MAX_CLIENTS - 1} clients are in self.clients", done=told(names(server)),
                    expected="keep, then rest, then hear", why="The new client is one of them.")

    def test_with_one_client_fewer_the_loop_goes_on_listening(self, monkeypatch):
        monkeypatch.setattr(load("ch06_concurrency"), "MAX_CLIENTS", len(OTHERS) + 2)
        server = server_to_try("let_in", listener=Queue(Line()))
        server.clients.update(OTHERS)
        tried(server, "let_in")
        expect_that("rest" not in names(server), "self.rest() is called though there are fewer than MAX_CLIENTS",
                    before=f"{len(OTHERS)} clients are in self.clients, MAX_CLIENTS is {len(OTHERS) + 2}",
                    done=told(names(server)), expected="keep, then hear",
                    why="There is room for one more: it need not wait for the next tick.")

    def test_the_client_that_hear_drops_was_one_of_max_clients(self, monkeypatch):
        monkeypatch.setattr(load("ch06_concurrency"), "MAX_CLIENTS", len(OTHERS) + 1)
        server = server_to_try("let_in", listener=Queue(Line()))
        server.clients.update(OTHERS)
        server.hear = server.drop
        tried(server, "let_in")
        expect_same([name for name in names(server) if name != "keep"], ["rest", "drop"], of="called, but for keep",
                    problem="self.rest() is not called before the client is heard",
                    why="MAX_CLIENTS are there once the client is kept; what hear makes of it comes after.")

    @pytest.mark.parametrize("raised", LEFT.values(), ids=LEFT)
    def test_a_client_that_has_left_again_is_passed_over(self, raised, capsys):
        server = self.let_in(raised)
        expect_same(names(server), [], of="called", problem="something is done for a client that has left",
                    raised=f"{raised!r}, by accept", why="The client that was announced has left again. Nobody is "
                    "there, and another may come at once: let_in returns, and the loop goes on to listen.")
        expect_same("".join(capsys.readouterr()), "", problem="something is printed of a client that has left again",
                    raised=f"{raised!r}, by accept", why="Clients leave all the time: it is no error.")
        expect_same(server.listener.accepts, 1, of="calls of accept", raised=f"{raised!r}, by accept",
                    problem="accept is called again", why="The loop calls let_in when there is another client.")

    @pytest.mark.parametrize("raised", FULL.values(), ids=FULL)
    def test_without_file_descriptors_others_wait(self, raised, capsys):
        server = self.let_in(raised, Line())
        expect_same(names(server), ["rest"], of="called", raised=f"{raised!r}, by accept",
                    problem="self.rest() is not all that is called when accept fails" if "rest" in names(server) else
                    "self.rest() is not called when accept fails",
                    why="The client still waits, and select says so at once, again and again: the loop would do "
                        "nothing else. It listens again at the next tick.")
        expect_same(server.listener.accepts, 1, of="calls of accept", raised=f"{raised!r}, by accept",
                    problem="accept is called again", why="It would fail again: the reason is still there.")
        self.expect_one_line(raised, *capsys.readouterr())

    def expect_one_line(self, raised, out, err):
        """Fail unless, of an exception of accept, one line is printed to stderr, and nothing to stdout."""
        rows = {"raised": f"{raised!r}, by accept", "expected": "one line, on stderr"}
        why = "A server that lets nobody in must say why; a line is enough for that, each second."
        expect_that(not out, "it is printed to stdout", why, came_back=shown_bytes(out), **rows)
        expect_that("Traceback" not in err, "a traceback is printed", why, **rows)
        expect_that(err.strip(), "nothing is printed when accept fails", why, **rows)
        expect_that(err.endswith("\n") and err.count("\n") == 1, "what is printed is not one line", why, came_back=err,
                    **rows)

    def test_a_client_that_is_let_in_is_not_reported(self, capsys):
        self.let_in(Line())
        expect_same("".join(capsys.readouterr()), "", problem="something is printed of a client that is let in",
                    why="The log has a line for each request, and nothing more.")

    @pytest.mark.parametrize("kind", [ConnectionResetError, BlockingIOError, OSError, ValueError, SystemExit,
                                      KeyboardInterrupt])
    def test_what_hear_raises_is_let_out(self, kind):
        error = kind("raised by hear")
        server = server_to_try("let_in", listener=Queue(Line()), hear=raising(error))
        expect_let_out(error, lambda: tried(server, "let_in"), f"{kind.__name__}, raised by hear, is not let out",
                       "Only what accept raises tells of a client that could not be let in: `try` has accept in it, "
                       "and nothing else.")

    def test_lead_lost_is_let_out_and_nothing_is_done_after_it(self):
        error = ch06.LeadLost()
        server = server_to_try("let_in", listener=Queue(Line()), hear=raising(error))
        expect_let_out(error, lambda: tried(server, "let_in"), "LeadLost, raised by hear, is not let out",
                       "The loop belongs to another thread now: whoever is in it must leave it.")
        expect_same(names(server)[-1:], ["hear"], of="the last thing that is called",
                    problem="something is done after LeadLost", raised="LeadLost, by hear",
                    why="The loop, and the client, belong to another thread now.")

    @pytest.mark.parametrize("kind", [ValueError, RuntimeError, KeyboardInterrupt])
    def test_only_os_errors_of_accept_are_dealt_with(self, kind):
        error = kind("raised by accept")
        server = server_to_try("let_in", listener=Queue(error))
        expect_let_out(error, lambda: tried(server, "let_in"), f"{kind.__name__}, raised by accept, is not let out",
                       "It does not say that the system has no place left: it is a bug, or someone ends the program.")

    def test_two_servers_let_in_their_own_clients(self):
        connections = [Line(), Line()]
        servers = [server_to_try("let_in", listener=Queue(connection)) for connection in connections]
        for server in servers:
            tried(server, "let_in")
        kept = [[client.connection for client in server.clients] for server in servers]
        expect_that(kept == [[connection] for connection in connections], "a client is let in by another server",
                    why="self.listener is the server's own.")
