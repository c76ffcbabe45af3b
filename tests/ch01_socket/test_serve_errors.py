"""Step 1.5 · serve: which errors end it, and which do not"""
import contextlib
import errno

import pytest

from tests.ch01_socket.common import REQUEST, CtrlC, Oops, ch01
from tests.expect import each_family, expect_let_out, expect_silence
from workshop.checking.diagnosis import expect_same, expect_that
from workshop.checking.transport import Connection, Listener

ENDS = (SystemExit, KeyboardInterrupt, GeneratorExit)


def serving(handle, *clients):
    """Return a call of the learner's serve with clients, then Ctrl-C."""
    return lambda: ch01.serve(Listener(*clients, CtrlC()), handle)


def failing(error):
    """Return a handle that raises error, unless that is None."""
    def handle(connection, client_address):
        if error:
            raise error

    return handle


@pytest.mark.step("1.5")
class TestServe:
    @pytest.mark.parametrize("error", [OSError(errno.EMFILE, "Too many open files"), TimeoutError("timed out"),
                                       OSError(errno.EINVAL, "Invalid argument"), Oops("a bug"),
                                       BlockingIOError(errno.EAGAIN, "would block"),
                                       PermissionError(errno.EPERM, "forbidden")],
                             ids=["Too many open files", "a time limit", "Invalid argument", "a bug", "it would block",
                                  "a firewall forbids it"])
    def test_an_error_of_the_listener_reaches_the_caller(self, error):
        expect_let_out(error, serving(failing(Oops()), error), "an error of the listener does not come out of serve",
                       "It would come again at once, and for ever: a loop that makes nothing but heat.",
                       raised=f"{error!r}, by accept")

    @each_family(*ENDS, ours="ch01_socket")
    def test_each_error_of_a_client_is_printed_and_the_next_client_served(self, kind, capsys):
        error, client = kind("of a client"), Connection(REQUEST)
        with contextlib.suppress(type(error)):
            serving(failing(error), client, client)()
        expect_same(capsys.readouterr().err.count("Traceback (most"), 2,
                    problem=f"the traceback of {kind.__name__} is not printed for each client that fails",
                    raised=f"{error!r}, by handle, for both of two clients",
                    why="All that handle raises is printed, but for Ctrl-C and sys.exit: what fails in silence can't "
                        "be mended.")

    def test_no_number_of_clients_that_fail_stops_the_server(self, capsys):
        clients, seen = [Connection(REQUEST) for _ in range(30)], []

        def handle(connection, client_address):
            seen.append(connection)
            raise Oops("a bug")

        serving(handle, *clients)()
        capsys.readouterr()
        expect_that(len(seen) == 30, "the server stops after some clients that fail", came_back=f"{len(seen)} served",
                    expected="30 served", why="However many clients fail, the next one may be a good one.")

    def test_ctrl_c_in_handle_is_nothing_to_report(self, capsys):
        def handle(connection, client_address):
            capsys.readouterr()  # what is printed before Ctrl-C is of no interest
            raise CtrlC

        with contextlib.suppress(OSError):  # an end that is not Ctrl-C: what is said of that is not usual
            serving(failing(None), Connection(REQUEST), OSError(errno.EMFILE, "Too many open files"))()
        usual = capsys.readouterr()
        with contextlib.suppress(CtrlC):  # that it gets out is reported by the check of it
            serving(handle, Connection(REQUEST))()
        expect_silence(capsys.readouterr(), usual, "on Ctrl-C in handle",
                       "Ctrl-C is the ordinary end of a server: whoever presses it wants a prompt.")

    def test_sys_exit_in_handle_comes_out(self, capsys):
        error = SystemExit(3)
        call = serving(failing(error), Connection(REQUEST))
        expect_let_out(error, call, "serve does not let a sys.exit of handle out",
                       "sys.exit raises SystemExit, which is no Exception: whoever calls it wants the program to end, "
                       "with that status.", raised=f"{error!r}, by handle")

    @each_family(ConnectionResetError, KeyboardInterrupt, "ClientGone", ours="ch01_socket")
    def test_only_connection_errors_of_accept_are_passed_over(self, kind):
        error = kind("raised by accept")
        expect_let_out(error, serving(failing(None), error), f"{kind.__name__}, raised by accept, does not come out",
                       "ConnectionError alone means that a client has left. All else would come again at once, and for "
                       "ever, or wants the program to end.", raised=f"{error!r}, by accept")

    @pytest.mark.parametrize("what, ending", [
        pytest.param(what, ending, id=what) for what, ending in {
            "Ctrl-C": ([], None), "Ctrl-C while a client is handled": ([Connection(REQUEST)], CtrlC()),
            "sys.exit in handle": ([Connection(REQUEST)], SystemExit(3)),
            "an error of accept": ([OSError(errno.EMFILE, "Too many open files")], None),
            "a bug in accept": ([Oops("a bug")], None), "sys.exit in accept": ([SystemExit(3)], None),
            "a GeneratorExit in accept": ([GeneratorExit()], None),
        }.items()
    ])
    def test_the_listener_is_closed_however_serve_ends(self, what, ending):
        clients, error = ending
        listener = Listener(*clients, CtrlC())
        with contextlib.suppress(CtrlC, SystemExit, GeneratorExit, OSError, Oops):
            ch01.serve(listener, failing(error))
        raised = f"{error!r}, by handle" if error else None
        expect_that(listener.closed, f"the listener is still open after {what}", raised=raised,
                    why="The port stays taken, and clients that connect wait for someone who will never come; "
                        "`finally` runs in every case.")
