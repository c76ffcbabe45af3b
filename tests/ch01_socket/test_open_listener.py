"""Step 1.4 · open_listener"""
import contextlib
import errno
import gc
import os
import platform
import socket
import sys
import types
import warnings

import pytest

from tests.ch01_socket.common import ch01
from tests.expect import expect_raised, kind_of, raised_by
from workshop.checking.diagnosis import Diagnosis, expect_same, expect_that
from workshop.checking.exchange import SECONDS
from workshop.checking.tree import chapter_anew, deepest_place, load

NOT_FREE = "port 0 does not give a free port"
QUEUE = 100  # clients: listen() lets 128 wait, or as many as the system can
WHY_FREE = "If bind is given 0, the system chooses a port that is free."


@contextlib.contextmanager
def listening(port=0):
    """Give the learner's listener on a port of this machine, and close it afterwards."""
    try:
        listener = ch01.open_listener("127.0.0.1", port)
    except OSError as error:
        expect_that(port or error.errno != errno.EADDRINUSE, NOT_FREE, place=deepest_place(error.__traceback__),
                    came_out=repr(error), why=WHY_FREE)
        raise
    with expect_open(listener):
        yield listener


def expect_open(listener):
    """Return what open_listener has returned. Fail unless it is a socket that is open."""
    expect_that(isinstance(listener, socket.socket), f"open_listener returns {kind_of(listener)}, not a socket",
                came_back=repr(listener), why="serve calls accept() of what comes back.")
    expect_that(listener.fileno() != -1, "the socket that comes back is closed already", came_back=repr(listener),
                why="It is closed only if something fails. (A `with`, for example, closes its socket at the end of the "
                    "block, at a `return` too.)")
    return listener


def opened(host, port):
    """Return the address of what open_listener returns, after it has been closed, or what else comes back."""
    try:
        listener = ch01.open_listener(host, port)
    except SystemExit:
        raise Diagnosis("open_listener ends the whole program", why="Whoever called it decides what to do about an "
                        "address that can't be used: the program says it in a sentence, a test tries another port.")
    if not isinstance(listener, socket.socket) or listener.fileno() == -1:
        return listener
    with listener:
        return listener.getsockname()


def opened_by(chapter, host):
    """Call open_listener of a chapter with a host and port 0, and close the socket that comes back, if one does."""
    listener = chapter.open_listener(host, 0)
    if isinstance(listener, socket.socket):
        listener.close()


def unclosed_sockets(call):
    """Return what Python says of sockets that nobody closed, while call() raised OSError or ended."""
    gc.collect()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with contextlib.suppress(OSError):
            call()
        gc.collect()
    return [str(warning.message) for warning in caught if "unclosed" in str(warning.message)]


def own_open_listener():
    """Return the learner's function itself: what notes calls of it needs the system as it is."""
    assert ch01.open_listener
    return load("ch01_socket").open_listener


def reuses_address(listener):
    """Tell whether SO_REUSEADDR is set on what open_listener has returned, and close it."""
    with expect_open(listener):
        return listener.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR) != 0


@contextlib.contextmanager
def on_system(monkeypatch, name, names):
    """Have Python say that this is a system, in each of the ways in which one asks, during the with statement."""
    uname = platform.uname()._replace(system=name)  # what platform.system() asks
    exclusive = getattr(socket, "SO_EXCLUSIVEADDRUSE", socket.SO_KEEPALIVE)  # which Windows alone has: any option does
    with monkeypatch.context() as patch:
        for module in filter(None, map(sys.modules.get, ("pathlib", "pathlib._local"))):
            real = types.SimpleNamespace(**vars(os))  # paths are still those of the system that this is
            patch.setattr(module, "os", real, raising=False)
        patch.setattr(os, "name", names[0])
        patch.setattr(sys, "platform", names[1])
        patch.setattr(platform, "uname", lambda: uname)
        patch.setattr(socket, "SO_EXCLUSIVEADDRUSE", exclusive, raising=False)
        yield


@pytest.mark.step("1.4")
class TestOpenListener:
    def serve_one_client(self, listener):
        """Accept a client and hang up first, as servers do: its connection blocks the port for a while."""
        listener.settimeout(SECONDS)
        with socket.create_connection(listener.getsockname(), SECONDS) as client:
            listener.accept()[0].close()
            client.recv(1)

    def test_a_socket_comes_back(self):
        with listening():
            pass

    def test_the_socket_listens(self):
        with listening() as listener:
            client = socket.socket()
            client.settimeout(SECONDS)
            with client:
                try:
                    client.connect(listener.getsockname())
                except OSError as error:
                    raise Diagnosis("nobody can connect: the socket does not listen", came_out=repr(error),
                                    why="bind gives a socket its address; listen lets clients in.")

    def test_the_socket_has_no_time_limit(self):
        with listening() as listener:
            expect_same(listener.gettimeout(), None, of="gettimeout()", problem="the socket has a time limit",
                        why="accept would raise an error when no client comes for so many seconds, and the server end.")

    def test_clients_can_wait_until_they_are_accepted(self):
        with contextlib.ExitStack() as stack, listening() as listener:
            for count in range(1, QUEUE + 1):
                client = stack.enter_context(socket.socket())
                client.settimeout(0.5)  # on loopback the system connects at once, or not at all
                try:
                    client.connect(listener.getsockname())
                except OSError as error:
                    problem = f"client {count} of {QUEUE} can't connect while nobody is accepted"
                    raise Diagnosis(problem, came_out=repr(error),
                                    why="Clients queue meanwhile, and the backlog is how many may: with a number "
                                        "such as listen(5) a handful, with listen() without one as many as is usual.")

    def test_port_0_gives_a_free_port(self):
        with listening() as one, listening() as two:
            ports = [one.getsockname()[1], two.getsockname()[1]]
        expect_that(ports[0] != ports[1], NOT_FREE, came_back=f"twice the same: {ports}", why=WHY_FREE)

    def test_it_listens_on_loopback_if_that_is_asked_for(self):
        with listening() as listener:
            expect_same(listener.getsockname()[0], "127.0.0.1", of="its address",
                        problem="it listens on another address than asked for",
                        why="On 0.0.0.0, everyone in the same network can reach a server that is still in the making.")

    def test_an_address_that_is_not_of_this_machine_is_refused(self):
        back = []
        error = raised_by(lambda: back.append(opened("192.0.2.1", 0)), OSError)
        is_bound = back and isinstance(back[0], tuple) and back[0][1]
        problem = "the host is not looked at" if is_bound else "bind's OSError is swallowed"
        expect_that(error, problem, expected="OSError",
                    came_back=f"a socket at {back[0]}" if is_bound else repr(back[:1]).strip("[]"),
                    why="192.0.2.1 belongs to no machine; bind says so, and your caller has to hear of it.")
        expect_that(error.errno, "the OSError is not the one that bind raises", came_out=repr(error),
                    expected="bind's own: `raise` alone, in the `except`, raises it again",
                    why="Only that has errno and strerror: with them the program says why it can't start.")

    def test_the_port_can_be_used_again_at_once(self):
        with listening() as listener:
            set_ = listener.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR) != 0
            self.serve_one_client(listener)
            port = listener.getsockname()[1]
        if os.name == "nt":
            expect_that(not set_, "SO_REUSEADDR is set on Windows", why="There it lets two servers share a port.")
        else:
            expect_that(set_, "SO_REUSEADDR is not set", why="Without it a port is blocked for a while after the "
                        "server has stopped: `Address already in use`, each time you start it again.")
        try:
            with listening(port):
                pass
        except OSError as error:
            raise Diagnosis("the port can't be used again after the server has stopped", came_out=repr(error),
                            why="SO_REUSEADDR counts at the moment of bind, so it is set before that.")

    def test_a_port_that_is_taken_raises_OSError(self):
        with listening() as listener:
            port = listener.getsockname()[1]
            expect_raised(OSError, lambda: opened("127.0.0.1", port),
                          problem="a port that is taken raises no OSError",
                          why="With SO_REUSEPORT, and on Windows with SO_REUSEADDR, two servers listen on one port and "
                              "share the clients; and an OSError that you swallow is one that nobody hears of.")

    def expect_all_closed(self, call, because, raised, method="bind"):
        """Fail unless call(), whose bind or listen (method) raises an error, closes the socket that it makes."""
        unclosed = unclosed_sockets(call)
        problem = {"bind": "the socket that can't be bound is not closed",
                   "listen": "the socket is not closed where listen fails"}[method]
        expect_that(not unclosed, f"{problem}: {because}", raised=f"{raised}, by {method}",
                    came_back="\n".join(unclosed), expected="it is closed, whichever error bind or listen raises",
                    why="Whoever gets the OSError has no socket to close: only you have it.")

    def test_the_socket_is_closed_if_the_port_is_taken(self):
        with listening() as listener:
            port = listener.getsockname()[1]
            self.expect_all_closed(lambda: opened("127.0.0.1", port), "the port is taken", "EADDRINUSE")

    def test_the_socket_is_closed_if_the_host_is_another_machine(self):
        self.expect_all_closed(lambda: opened("192.0.2.1", 0), "the host is another machine", "EADDRNOTAVAIL")

    @pytest.mark.parametrize("what, kind, number", [
        pytest.param(what, kind, number, id=what) for what, kind, number in [
            ("the port is for root alone", OSError, errno.EACCES),
            ("nobody knows the host", socket.gaierror, socket.EAI_NONAME)]
    ])
    @pytest.mark.parametrize("method", ["bind", "listen"])
    def test_the_socket_is_closed_whichever_error_bind_or_listen_raises(self, monkeypatch, method, what, kind, number):
        def refuse(*arguments):
            raise kind(number, what)  # a new one: an error that is kept keeps the sockets of its traceback

        monkeypatch.setattr(socket, "socket", type("Refused", (socket.socket,), {method: refuse}))
        chapter = chapter_anew("ch01_socket", "open_listener")  # whose imports find that socket, too
        port, raised = 80 if method == "bind" else 0, f"{kind.__name__}({number}, {what!r})"
        self.expect_all_closed(lambda: chapter.open_listener("127.0.0.1", port), what, raised, method)

    @pytest.mark.parametrize("system, names, wanted", [
        pytest.param("Windows", ("nt", "win32"), False, id="Windows"),
        pytest.param("Darwin", ("posix", "darwin"), True, id="macOS"),
    ])
    def test_the_system_decides_about_SO_REUSEADDR(self, monkeypatch, system, names, wanted):
        open_listener = own_open_listener()
        with on_system(monkeypatch, system, names):
            listeners = [open_listener("127.0.0.1", 0)]
            with contextlib.suppress(Exception):  # it may ask for the system once, when the chapter is imported
                listeners.append(chapter_anew("ch01_socket", "open_listener").open_listener("127.0.0.1", 0))
        set_ = [reuses_address(listener) for listener in listeners]
        where = "on Windows" if system == "Windows" else "on macOS"
        expect_that(wanted in set_, f"SO_REUSEADDR is {'not set' if wanted else 'set'} {where}",
                    called="open_listener('127.0.0.1', 0), while os.name is {!r}, and sys.platform {!r}".format(*names),
                    expected="it is set unless os.name is 'nt'",
                    why="On Windows the option lets two servers share a port, and clients come to one or the other. On "
                        "all other systems a port is blocked for a while without it.")

    @pytest.mark.parametrize("host", ["", "127.0.0.1", "localhost"], ids=["none", "loopback", "a name"])
    def test_the_host_is_given_to_bind_as_it_is(self, monkeypatch, host):
        given = []

        def bind(self, address):
            given.append(address)
            real.bind(self, ("127.0.0.1", address[1]))  # whatever was asked for: no check is heard in the network

        real = socket.socket
        monkeypatch.setattr(socket, "socket", type("Noting", (real,), {"bind": bind}))
        opened_by(chapter_anew("ch01_socket", "open_listener"), host)
        expect_that([each[0] for each in given] == [host], f"the host {host!r} is not given to bind as it is",
                    came_back=f"bind is called with {', '.join(map(repr, given)) or 'nothing'}",
                    expected=f"bind(({host!r}, 0))", called=f"open_listener({host!r}, 0)",
                    why="The caller chooses where the server can be reached. An empty host is a choice too: it stands "
                        "for all addresses, and --bind :8000 asks for that.")
