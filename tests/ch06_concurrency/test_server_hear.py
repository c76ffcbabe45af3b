"""Step 6.9 · Server.hear"""
import errno

import pytest

from tests.ch06_concurrency.serving_parts import (
    LeadLost,
    LoopConnection,
    Notes,
    ch06,
    client_with,
    done,
    each_of,
    server_with,
    shown_events,
)
from tests.expect import Own, blaming, expect_let_out, expect_silence, raising
from workshop.checking.diagnosis import expect_same, expect_that, shown_bytes

NOTHING_HAS_COME = BlockingIOError(errno.EWOULDBLOCK, "Resource temporarily unavailable")
HANGS_UP = {
    "recv returns b''": b"",
    "recv raises ConnectionResetError": ConnectionResetError(errno.ECONNRESET, "Connection reset by peer"),
    "recv raises ConnectionAbortedError": ConnectionAbortedError(errno.ECONNABORTED, "Connection aborted"),
    "recv raises TimeoutError": TimeoutError(errno.ETIMEDOUT, "Connection timed out"),
    "recv raises OSError": OSError(errno.EHOSTUNREACH, "No route to host"),
}
OTHERS = ("serve_client", "drop", "leave", "refuse", "call", "answer", "forget", "keep")
FIRST, MORE = b"GET / HTTP/1.1\r\n", b"Host: a\r\n"
each_way = pytest.mark.parametrize("leaving", [False, True], ids=["a client that stays", "a client that is leaving"])


class Heard:
    """A client that was heard once, and what the server did then."""

    def __init__(self, *blocks, leaving=False, received=FIRST, **named):
        self.events, self.connection = Notes(), LoopConnection(blocks)
        self.client = client_with(connection=self.connection)
        self.received = self.client.received
        self.received += received
        self.client.leaving = leaving
        self.before = self.client.deadline, self.client.idle
        self.server = server_with(self.events, **dict.fromkeys(OTHERS) | named)
        self.rows = {"sent": " then ".join(map(shown, blocks)), "client": f"client.leaving is {leaving}, "
                     f"client.received is {bytes(received)!r} before the call"}
        done(self.server, "hear", self.client, "client")

    def expect_done(self, *expected, problem, why):
        """Fail with problem unless the server has done this, and nothing else."""
        wanted = [(name, self.client) for name in expected]
        expect_that(self.events == wanted, problem, why, **self.rows, came_back=shown_events(self.events),
                    expected=shown_events(wanted))

    def expect_received(self, expected, problem, why):
        """Fail with problem unless client.received has this in it."""
        expect_same(bytes(self.client.received), expected, why, problem=problem, of="client.received", **self.rows)


def shown(block):
    """Return a block, or what recv raises, as a row shows it."""
    return shown_bytes(block, 60) if isinstance(block, bytes) else f"recv raises {type(block).__name__}"


@pytest.mark.step("6.9")
class TestHear:
    def test_what_has_come_is_put_at_the_end_and_the_client_is_served(self):
        heard = Heard(MORE)
        heard.expect_received(FIRST + MORE, "client.received is not what was there, and after it what came",
                              "Bytes are read in the order in which the client sent them; the request may come in any "
                              "number of pieces.")
        heard.expect_done("serve_client", problem="after bytes have come, the client is not served, once, and no more",
                          why="These bytes may make a request whole: serve_client looks, and does nothing where they "
                              "do not.")

    def test_the_bytes_are_there_when_the_client_is_served(self):
        seen = []
        Heard(MORE, serve_client=lambda client: seen.append(bytes(client.received)))
        expect_same(seen, [FIRST + MORE], of="client.received, whenever serve_client is called",
                    problem="client.received does not have the new bytes in it when serve_client is called, once",
                    why="serve_client takes requests from there. What comes later is looked at only when the client "
                        "sends something again, and it may be waiting for its answer instead.")

    def test_the_bytearray_stays_the_same_one(self):
        heard = Heard(MORE)
        expect_that(heard.client.received is heard.received, "client.received is another bytearray than before",
                    **heard.rows, came_back="client.received was set to a new object",
                    expected="the old one, changed in place",
                    why="client.calls pauses within take_head(received), which has hold of the old one, and never sees "
                        "a new one: the request would never become whole.")

    def test_what_is_taken_while_the_client_is_served_stays_away(self):
        heard = Heard(MORE, serve_client=lambda client: client.received.clear())
        heard.expect_received(b"", "client.received is changed after the client was served",
                              "serve_client takes what it has answered out of client.received. What is put there again "
                              "is answered twice.")

    @pytest.mark.parametrize("block", [b"\r\n", b"\0"], ids=["a line end", "NUL"])
    def test_any_bytes_are_bytes(self, block):
        heard = Heard(block)
        heard.expect_received(FIRST + block, f"{block!r} is not put at the end as it came",
                              "Only b'' says that the client has hung up. A block may be one byte of a body.")
        heard.expect_done("serve_client", problem=f"a client that sends {block!r} is not served",
                          why="Only b'' says that the client has hung up. This may be the end of its request.")

    @each_way
    def test_where_nothing_has_come_nothing_is_done(self, leaving):
        with blaming("BlockingIOError is let out", "It says that nothing has come yet. The client is there, and its "
                     "bytes may be on their way.", expected="nothing is done, and nothing raised"):
            heard = Heard(NOTHING_HAS_COME, leaving=leaving)
        heard.expect_done(problem="something is done where nothing has come (BlockingIOError)",
                          why="BlockingIOError says that a non-blocking socket has nothing yet: the client is there, "
                              "and its bytes may be on their way. let_in hears a new client at once, before it is "
                              "known that it has sent something. BlockingIOError is an OSError too, so its own "
                              "`except` stands in front.")
        heard.expect_received(FIRST, "client.received is changed where nothing has come", "All else stays as it is.")

    @pytest.mark.parametrize("case, leaving", [*((case, False) for case in HANGS_UP), ("recv returns b''", True),
                                               ("recv raises ConnectionResetError", True)])
    def test_a_client_that_has_hung_up_is_dropped(self, case, leaving):
        problem = f"a client that has hung up is not dropped, once ({case})"
        with blaming(problem, "An OSError other than BlockingIOError is the end of the connection, of whatever class "
                     "it is: it concerns one client, and must not end the loop.", expected="self.drop(client)"):
            heard = Heard(HANGS_UP[case], leaving=leaving)
        heard.expect_done("drop", problem=problem,
                          why="b'' is the end of what it sends, and an OSError the end of the connection: nothing more "
                              "will come. The socket stays readable for ever, so a loop that does not drop the client "
                              "turns as fast as it can. A client that is leaving hangs up as well.")

    def test_the_bytes_of_a_client_that_is_leaving_are_thrown_away(self):
        heard = Heard(MORE, leaving=True)
        heard.expect_done(problem="something is done for the bytes of a client that is leaving",
                          why="It has got its last answer, and was told so: what it sends now is received only so that "
                              "the system sends no reset, which could overtake the answer (RFC 9112 section 9.6).")
        heard.expect_received(FIRST, "the bytes of a client that is leaving are kept",
                              "Nobody will read them, and a client that sends on and on fills the memory.")

    @pytest.mark.parametrize("block, leaving", [(MORE, False), (b"x" * 4_096, False), (NOTHING_HAS_COME, False),
                                                (MORE, True)], ids=["bytes", "a full block", "nothing", "leaving"])
    def test_it_receives_once(self, block, leaving):
        connection = Heard(block, b"more", leaving=leaving).connection
        count = sum(event[0] == "recv" for event in connection.events)
        expect_same(count, 1, of="times that recv was called", sent=f"{shown(block)} then b'more'",
                    problem="recv is not called once",
                    why="The loop calls hear again while there is more. Whoever receives until nothing is left serves "
                        "one client that sends fast, and no other.")

    def test_it_asks_for_recv_size_bytes(self):
        heard = Heard(b"x" * (ch06.RECV_SIZE + 1), received=b"")
        sizes = [event[1] for event in heard.connection.events if event[0] == "recv"]
        expect_same(sizes, [ch06.RECV_SIZE], of="sizes given to recv",
                    problem="recv is not asked for RECV_SIZE bytes", sent=heard.rows["sent"],
                    why="So much of one client is taken in one turn of the loop: with less there are more turns than "
                        "are needed, and with more the others wait longer.")
        heard.expect_received(b"x" * ch06.RECV_SIZE, "what recv returned is not put into client.received whole",
                              "Each byte may belong to the request.")

    def test_it_does_not_wait(self):
        connection = Heard(MORE).connection
        expect_same((connection.limits, connection.timeout), ([0.0], 0.0),
                    of="the time limit of the connection when recv is called, and afterwards",
                    problem="the connection is not non-blocking when recv is called, and afterwards",
                    why="The connection comes non-blocking, and stays so. With a time limit the loop would wait for "
                        "one client, and all others with it.")

    @each_way
    def test_no_client_gains_time(self, leaving):
        heard = Heard(MORE, leaving=leaving)
        after = heard.client.deadline, heard.client.idle
        expect_that(after == heard.before, "client.deadline or client.idle is changed", **heard.rows,
                    came_back="client.wait was called, or one of them was set", expected="both are as before",
                    why="A client that sends a byte every few seconds would never be late, and would keep its "
                        "connection for ever. client.calls sets them where a request begins.")

    def test_it_closes_nothing_itself(self):
        heard = Heard(b"")
        done_to = [event for event in heard.connection.events if event[0] != "recv"]
        expect_same(done_to, [], of="done to the connection, beside recv",
                    problem="the connection is closed before self.drop closes it",
                    why="drop closes it, when it has taken it out of the selector: which cannot take out a socket that "
                        "is closed.")

    @each_of(BlockingIOError, ConnectionResetError, OSError, KeyboardInterrupt, SystemExit, Own("BadRequest"),
             LeadLost("LeadLost"))
    def test_what_serve_client_raises_is_let_out(self, kind):
        error, events = kind("raised by serve_client"), Notes()
        client = client_with(connection=LoopConnection([MORE]))
        server = server_with(events, **dict.fromkeys(OTHERS) | {"serve_client": error})
        expect_let_out(error, lambda: done(server, "hear", client, "client"),
                       f"{kind.__name__} of serve_client is swallowed",
                       "Only what recv raises says something of the client. LeadLost, for one, ends the loop of this "
                       "thread. So only recv stands in the `try`.")
        expect_same(events, Notes([("serve_client", client)]), of="what was done", raised=f"{kind.__name__}, by "
                    "serve_client", problem=f"something is done after serve_client has raised {kind.__name__}",
                    why="Only what recv raises says that the client has hung up. After LeadLost, for one, it belongs "
                        "to another thread.")

    @each_of(KeyboardInterrupt, ValueError)
    def test_what_else_recv_raises_is_let_out(self, kind):
        error, events = kind("raised by recv"), Notes()
        client = client_with(connection=LoopConnection([error]))
        server = server_with(events, **dict.fromkeys(OTHERS))
        expect_let_out(error, lambda: done(server, "hear", client, "client"), f"{kind.__name__} of recv is swallowed",
                       "An OSError tells something of the connection; all else has other reasons, and somebody else "
                       "deals with it.")
        expect_same(events, Notes(), of="what was done",
                    problem=f"something is done for a client where recv raises {kind.__name__}",
                    why="It says nothing of the client.")

    @pytest.mark.parametrize("case, kind", [("recv returns b''", OSError), ("recv raises OSError", BlockingIOError)])
    def test_what_drop_raises_is_let_out(self, case, kind):
        error, events = kind("raised by drop"), Notes()
        client = client_with(connection=LoopConnection([HANGS_UP[case]]))
        server = server_with(events, **dict.fromkeys(OTHERS) | {"drop": raising(error)})
        expect_let_out(error, lambda: done(server, "hear", client, "client"), f"{kind.__name__} of drop is swallowed",
                       "Only recv stands in the `try`: a client that cannot be dropped is a mistake of the server's.")
        expect_same(len(events), 1, of="what was done", problem="drop is called twice where it raises something",
                    why="The client is dropped once.")

    def test_nothing_is_printed(self, capsys):
        for block in (MORE, NOTHING_HAS_COME, b"", HANGS_UP["recv raises ConnectionResetError"]):
            heard = Heard(block)
            expect_silence(capsys.readouterr(), (), f"where {shown(block)}",
                           "People come and go. What is served, or refused, is in the log already.", **heard.rows)

    def test_two_clients_of_one_server_are_kept_apart(self):
        events = Notes()
        server = server_with(events, **dict.fromkeys(OTHERS))
        blocks = {"one": [b"a", b"c"], "two": [b"b", b""]}
        one, two = (client_with(connection=LoopConnection(blocks[name])) for name in blocks)
        for client in (one, two, one, two):
            done(server, "hear", client, "client")
        expect_same((bytes(one.received), bytes(two.received)), (b"ac", b"b"), of="client.received of the two",
                    problem="two clients that are heard in turn do not have their own bytes",
                    why="The server listens to all of them: nothing of a client is kept in the server.")
        expect_that(events == [("serve_client", one), ("serve_client", two), ("serve_client", one), ("drop", two)],
                    "of two clients that are heard in turn, another one is served or dropped",
                    "Each is served when it has sent something, and dropped when it has hung up.")
