"""Step 1.5 · serve"""
import contextlib
import errno
import threading

import pytest

from tests.ch01_socket.common import ADDRESS, REQUEST, CtrlC, Oops, ch01
from tests.expect import expect_silence, more_lines
from workshop.checking.diagnosis import Diagnosis, expect_same, expect_that
from workshop.checking.endless_loops import report_trouble
from workshop.checking.transport import Connection, Listener, Narrow
from workshop.checking.tree import deepest_place

BY_HANDLE = ("Only what accept raises is the listener's own error, or that of a client who left too early: this one "
             "comes out of handle.")
CTRL_C = "Ctrl-C is the ordinary end of a server: whoever presses it wants a prompt, not a traceback."


class Client(Connection):
    """A client among others."""

    def __init__(self, name="first"):
        super().__init__(REQUEST)
        self.name = name

    def __repr__(self):
        return f"<the {self.name} client>"


class Handle:
    """A handle that notes what it is called with; its first calls raise errors, one each, unless that is None."""

    def __init__(self, *errors):
        self.errors = list(errors)
        self.raised = []
        self.seen = []
        self.named = {}
        self.threads = set()

    def __repr__(self):
        return f"<a handle that raises {self.errors[0]!r}>" if any(self.errors) else "<a handle>"

    def __call__(self, *arguments, **named):
        self.seen.append((*arguments, *named.values()))
        self.named |= named
        self.threads.add(threading.current_thread())
        if self.errors and (error := self.errors.pop(0)):
            self.raised.append(error)
            raise error

    @property
    def served(self):
        """The connections that it was called with."""
        return [arguments[0] for arguments in self.seen]


def ends_of(text):
    """Return the first and the last line of a text: what is between, in a traceback, depends on who calls serve."""
    lines = text.strip().splitlines()
    return " … ".join([*lines[:1], *lines[1:][-1:]])


class Bare(Narrow, Listener):
    """A listening socket of which only accept and close may be used. It calls at_accept whenever accept is called."""

    allowed = ("accept", "close")

    def __init__(self, *clients, at_accept=lambda: None):
        super().__init__(*clients)
        self.at_accept = at_accept

    def accept(self):
        self.at_accept()
        return super().accept()

    @staticmethod
    def refuse(name):
        """Tell the learner that serve uses more of the listener than it may."""
        report_trouble(Diagnosis(f"serve uses {name} of the listener, and not accept and close alone",
                                 expected="listener.accept() and listener.close(), and nothing else of it",
                                 why="Who opens the listener has set it up, and knows its address: serve gets what "
                                     "may be a socket, or an object of someone else's with these two."))


def served(handle, *clients, **options):
    """Run the learner's serve with clients, then Ctrl-C. Raises Diagnosis if Ctrl-C gets out of it."""
    try:
        ch01.serve(Bare(*clients, CtrlC(), **options), handle)
    except CtrlC as error:
        place = deepest_place(error.__traceback__)
        if error in handle.raised:
            raise Diagnosis("Ctrl-C while handle works gets out of serve", raised="KeyboardInterrupt, by handle",
                            place=place, why=f"An `except` around accept alone, for example, does not see it. {CTRL_C}")
        raise Diagnosis("KeyboardInterrupt gets out of serve", raised="KeyboardInterrupt, by accept", place=place,
                        why=CTRL_C)
    except SystemExit:
        raise Diagnosis("Ctrl-C ends the whole program", why="serve returns, and whoever called it goes on from there.")


def printed_by(capsys, handle, *clients):
    """As served. Return what is printed before each call of accept: first, after the first client, and so on."""
    printed = []
    served(handle, *clients, at_accept=lambda: printed.append("".join(capsys.readouterr())))
    return printed


@pytest.mark.step("1.5")
class TestServe:
    def test_handle_is_called_with_connection_and_address(self):
        client, handle = Client(), Handle()
        served(handle, client)
        expect_that(handle.seen, "handle is never called", why="accept only fetches the client; handle answers it.")
        expect_that(not handle.named, "handle is called with keywords", expected="handle(connection, client_address)",
                    came_back=f"handle({', '.join(f'{name}=…' for name in handle.named)})",
                    why="Each handle may name its parameters as it likes: what counts is which comes first.")
        expect_that(len(handle.seen[0]) == 2, "handle is not called with two arguments",
                    came_back=handle.seen[0], expected=(client, ADDRESS),
                    why="accept returns a pair, and handle takes its two parts: `connection, client_address = …`.")
        expect_same(handle.seen[0], (client, ADDRESS), problem="handle is called with something else",
                    why="The first is the connection, the second the address of the client.")

    def test_one_client_is_served_after_the_other(self):
        clients, handle = [Client("first"), Client("second"), Client("third")], Handle()
        served(handle, *clients)
        expect_that(handle.threads <= {threading.current_thread()}, "handle is called in another thread",
                    why="One client after the other: what two threads do at once is a chapter of its own.")
        expect_that(len(handle.served) != 1, "only the first client is served",
                    why="A server goes on: accept, handle, accept, handle, until it is stopped.")
        expect_same(handle.served, clients, of="given to handle", problem="not every client is served once",
                    why="Each connection that accept returns is handled, once.")

    def test_a_client_is_handled_before_the_next_is_accepted(self):
        listener, waiting = Listener(Client("first"), Client("second"), CtrlC()), []
        with contextlib.suppress(CtrlC):
            ch01.serve(listener, lambda connection, client_address: waiting.append(max(len(listener.clients) - 2, 0)))
        expect_same(waiting, [1, 0], problem="accept is called while a client still waits for handle",
                    called="serve; what came back is how many of two clients are not accepted when handle is called",
                    why="A client that was accepted waits for its answer: the next one may not come for hours.")

    def test_ctrl_c_is_nothing_to_report(self, capsys):
        served(Handle(), Client(), at_accept=capsys.readouterr)  # what is printed before Ctrl-C is of no interest
        expect_silence(capsys.readouterr(), (), "on Ctrl-C", f"serve returns, and says nothing of it. {CTRL_C}")

    @pytest.mark.parametrize("error", [Oops("a bug"), OSError(errno.EIO, "no disk"), ConnectionResetError("reset")],
                             ids=lambda error: type(error).__name__)
    def test_a_client_that_fails_does_not_stop_the_server(self, error, capsys):
        clients, handle = [Client("first"), Client("second")], Handle(error)
        why = "All other clients would find the door closed because of one."
        why = BY_HANDLE if isinstance(error, OSError) else why
        try:
            served(handle, *clients)
        except type(error):
            raise Diagnosis("one failing client stops the server", why=why,
                            raised=f"{error!r}, by handle for the first client")
        expect_same(handle.served, clients, why, of="given to handle",
                    problem="after a client that fails the next is not served",
                    raised=f"{error!r}, by handle for the first client")

    @pytest.mark.parametrize("error", [Oops("a bug"), ConnectionResetError("reset")],
                             ids=lambda error: type(error).__name__)
    def test_the_traceback_of_a_client_that_fails_is_printed_to_stderr(self, error, capsys):
        served(Handle(), Client())
        usual = capsys.readouterr()
        with contextlib.suppress(type(error)):
            served(Handle(error), Client())
        out, err = ("\n".join(more_lines([text], usual)) for text in capsys.readouterr())
        raised = f"{error!r}, by handle"
        expect_that(err or not out, "what goes wrong is printed to stdout", raised=raised,
                    came_back=f"on stdout: {ends_of(out)}", expected="nothing on stdout, the traceback on stderr",
                    why="stdout is for what a program is asked for, stderr for what goes wrong.")
        expect_that(err, "a client fails, and nothing is printed", raised=raised, expected="the traceback on stderr",
                    why=BY_HANDLE if isinstance(error, OSError) else "What fails in silence can't be mended.")
        expect_that("Traceback" in err and type(error).__name__ in err, "what is printed is no traceback",
                    came_back=ends_of(err), raised=raised, expected="Traceback (most recent call last): …",
                    why="Only the traceback tells which line failed.")

    @pytest.mark.parametrize("gone", [
        ConnectionAbortedError(errno.ECONNABORTED, "Software caused connection abort"),
        ConnectionResetError(errno.ECONNRESET, "Connection reset by peer"),
        BrokenPipeError(errno.EPIPE, "Broken pipe"), ConnectionError("of no kind that has a name of its own"),
    ], ids=lambda gone: type(gone).__name__)
    def test_a_client_that_leaves_before_it_is_accepted_does_not_stop_the_server(self, gone, capsys):
        clients, handle = [Client("first"), Client("second")], Handle()
        usual = printed_by(capsys, Handle(), *clients, clients[1])  # with as many calls of accept
        try:
            printed = printed_by(capsys, handle, clients[0], gone, clients[1])
        except ConnectionError:
            raise Diagnosis("a client that left before it was accepted stops the server", raised=f"{gone!r}, by accept",
                            why="accept raises ConnectionError for it; the next client is waiting already.")
        expect_silence(printed[2:3], usual, "for a client that left before it was accepted",
                       "It is no error of yours: it is passed over in silence.", raised=f"{gone!r}, by accept")
        expect_that(handle.served != [clients[0], clients[0], clients[1]], "the client before is handled twice",
                    why="accept raised an error: there is no new connection.")
        expect_same(handle.served, clients, of="given to handle",
                    problem="the clients around one that left are not all served",
                    why="accept raises ConnectionError for one; the next client is waiting already.")

    def test_clients_that_leave_one_after_the_other_do_not_stop_the_server(self):
        client, handle = Client(), Handle()
        gone = [ConnectionAbortedError(errno.ECONNABORTED, "Software caused connection abort") for _ in range(30)]
        why = "Each call of accept may raise ConnectionError: the one after an error, too. Go back to the same `try`."
        try:
            served(handle, *gone, client)
        except ConnectionError:
            raise Diagnosis("clients that leave one after the other before they are accepted stop the server", why=why,
                            raised=f"{gone[0]!r}, by accept, 30 times in a row")
        expect_same(handle.served, [client], why, problem="the client after some that left is not served once",
                    raised=f"{gone[0]!r}, by accept, 30 times in a row")

    def test_ctrl_c_while_a_client_is_handled_ends_the_server(self):
        handle = Handle(CtrlC())
        served(handle, Client("first"), Client("second"))
        expect_that(len(handle.seen) == 1, "Ctrl-C while a client is handled does not end the server",
                    raised="KeyboardInterrupt, by handle",
                    why="KeyboardInterrupt is no Exception, so that `except Exception` lets it pass.")
