"""The server of chapter 6, as a program, with clients on real sockets: many, slow, silent, and some that go away.

No test sleeps. A slow call is one that waits at a gate of the test's: it connects to it, so that the test knows that it
has come there, and goes on when its connection is closed.
"""
import contextlib
import importlib
import os
import random
import select
import signal
import socket
import sys
import threading
import time
import zlib
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout

import psutil
import pytest
import requests

from dev import PROJECT
from dev.request_streams import compared
from workshop.lesson.connections import reset
from wsgi_contract.launching import PATIENCE, Program, environment

pytestmark = pytest.mark.program
SECONDS = 20  # that anything may take; what is right takes a moment
MOMENT = 0.2  # seconds after which what has not come is said not to come
SOLUTIONS = PROJECT.root / "solutions"
POSIX_ONLY = pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGTERM, no fork and no limits of descriptors")
GET = b"GET %b HTTP/1.1\r\nHost: here\r\n\r\n"

APP = '''
import os, socket, zlib


def wait_at_gate(environ):
    with socket.create_connection(("127.0.0.1", int(environ["QUERY_STRING"])), timeout=20) as gate:
        gate.recv(1)


class Stream:
    def __init__(self, environ):
        self.environ = environ

    def __iter__(self):
        yield b"begun"
        wait_at_gate(self.environ)
        while True:
            yield b"x" * 100_000

    def close(self):
        wait_at_gate(self.environ)


def app(environ, start_response):
    path, body, text = environ["PATH_INFO"], environ["wsgi.input"], environ["PATH_INFO"]
    write = start_response("200 OK", [("Content-Type", "text/plain")])
    if path == "/process":
        text = f"{os.getpid()} {environ['wsgi.multiprocess']}"
    if path == "/begun":
        write(b"begun ")
        text = body.read().decode()
    if path == "/stream":
        return Stream(environ)
    if path == "/slow":
        wait_at_gate(environ)
    if path == "/body":
        crc = length = 0
        while block := body.read(65_536):
            crc, length = zlib.crc32(block, crc), length + len(block)
        text = f"{length} {crc} {environ.get('CONTENT_LENGTH')}"
    return [text.encode()]
'''
FEW_DESCRIPTORS = '''
import resource
from many_app import app
resource.setrlimit(resource.RLIMIT_NOFILE, (30, 30))
'''

FEW_PROCESSES = '''
import os
from many_app import app
forked = []


def fork(fork=os.fork):
    if forked:
        raise BlockingIOError("no process is left")
    forked.append(1)
    return fork()


os.fork = fork
'''

NO_SERVER = '''
import sys
from many_app import app


def fail(*arguments):
    raise OSError("no descriptor is left")


sys.modules["__main__"].Server = fail
'''


# What the tests talk with.


class Peer:
    """A client: its connection, and the same as a file to read from."""

    def __init__(self, port, data=b""):
        self.connection = socket.create_connection(("127.0.0.1", port), timeout=SECONDS)
        self.file = self.connection.makefile("rb")
        self.send(data)

    def send(self, data):
        self.connection.sendall(data)

    def head(self):
        """Read a head, and return its first line and its fields."""
        first, *lines = iter(lambda: self.file.readline().rstrip(b"\r\n"), b"")
        return first.decode(), {name.lower(): value for name, value in (line.decode().split(": ", 1) for line in lines)}

    def answer(self):
        """Read one response; return its status, how its connection goes on, and its body."""
        first, fields = self.head()
        return int(first.split()[1]), fields["connection"], self.body(fields)

    def body(self, fields):
        """Read the body that these fields announce."""
        if "content-length" in fields:
            return self.file.read(int(fields["content-length"]))
        if "transfer-encoding" not in fields:
            return self.file.read()
        blocks = []
        while size := int(self.file.readline(), 16):
            blocks.append(self.file.read(size + 2)[:-2])
        assert self.file.readline() == b"\r\n"
        return b"".join(blocks)

    def is_at_end(self):
        """Wait for the end of the connection: True, if nothing comes before it."""
        return self.file.read() == b""

    def close(self):
        self.file.close()
        self.connection.close()

    def reset(self):
        self.file.close()
        reset(self.connection)

    def has_nothing(self):
        """Tell whether nothing has come yet; what does not come is waited for a moment."""
        return not select.select([self.connection], [], [], MOMENT)[0]


class Gate:
    """Where slow calls wait."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=100)
        self.listener.settimeout(SECONDS)
        self.waiting = []

    @property
    def port(self):
        return self.listener.getsockname()[1]

    def request(self, path=b"/slow"):
        """Return a request for a call that waits here."""
        return GET % b"%b?%d" % (path, self.port)

    def arrival(self):
        """Wait for a call to come here; return what is closed to let it go on."""
        self.waiting.append(self.listener.accept()[0])
        return self.waiting[-1]

    def close(self):
        for waiting in self.waiting:
            waiting.close()
        self.listener.close()


@pytest.fixture
def gate():
    with contextlib.closing(Gate()) as gate:
        yield gate


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("many")
    (folder / "many_app.py").write_text(APP, encoding="utf-8")
    (folder / "few_descriptors.py").write_text(FEW_DESCRIPTORS, encoding="utf-8")
    (folder / "few_processes.py").write_text(FEW_PROCESSES, encoding="utf-8")
    (folder / "no_server.py").write_text(NO_SERVER, encoding="utf-8")
    return folder


def serving(folder, app="many_app:app", *options):
    """Run the program until the `with` block ends."""
    words = [sys.executable, str(SOLUTIONS / "ch06_concurrency.py"), app, "--bind", "127.0.0.1:0", *options]
    return Program(words, folder, environment())


@pytest.fixture(scope="module")
def server(folder):
    """A program that many tests share: each leaves it able to serve."""
    with serving(folder) as program:
        program.port()
        yield program


@pytest.fixture
def connect(server):
    """A function that connects a client, to the shared program if no other is named; all are closed in the end."""
    with contextlib.ExitStack() as clients:
        yield lambda data=b"", program=server: clients.enter_context(contextlib.closing(Peer(program.port(), data)))


def kept(text):
    """Return the answer of a call that has no more to say than text, after which the connection is kept."""
    return 200, "keep-alive", text


def end_slow_call(gate, connect):
    """Let a call go on that is slow for certain: another client was served while it waited."""
    call = gate.arrival()
    assert connect(GET % b"/fast").answer() == kept(b"/fast")
    call.close()


# Many clients, and one connection for many requests.


def test_silent_clients_keep_nobody_waiting(connect):
    silent = [connect() for _ in range(50)] + [connect(b"GET / HT") for _ in range(50)]
    assert connect(GET % b"/fast").answer() == kept(b"/fast")
    silent[-1].send(b"TP/1.1\r\nHost: here\r\n\r\n")
    assert silent[-1].answer() == kept(b"/")


def test_a_session_of_requests_has_one_connection_for_60_requests(server):
    url = f"http://127.0.0.1:{server.port()}"
    with requests.Session() as session:
        session.trust_env = False
        texts = [session.get(f"{url}/{count}", timeout=SECONDS).text for count in range(60)]
        pools = session.get_adapter(url).poolmanager.pools
        assert [pools[key].num_connections for key in pools.keys()] == [1]
    assert texts == [f"/{count}" for count in range(60)]


def test_pipelined_requests_are_answered_in_their_order(connect):
    numbers = [b"/%d" % count for count in range(300)]
    client = connect(b"".join(GET % number for number in numbers))
    assert [client.answer() for _ in numbers] == [kept(number) for number in numbers]


def test_a_body_between_two_pipelined_requests_is_no_request(connect):
    smuggled = GET % b"/smuggled"
    post = b"POST /unread HTTP/1.1\r\nHost: here\r\n"
    client = connect(b"%bContent-Length: %d\r\n\r\n%b" % (post, len(smuggled), smuggled)
                     + b"%bTransfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n\r\n" % (post, len(smuggled), smuggled)
                     + GET % b"/last")
    assert [client.answer()[2] for _ in range(3)] == [b"/unread", b"/unread", b"/last"]


def test_a_slow_call_keeps_the_later_requests_of_its_own_client_waiting(connect, gate):
    client = connect(gate.request() + GET % b"/after")
    end_slow_call(gate, connect)
    assert [client.answer() for _ in range(2)] == [kept(b"/slow"), kept(b"/after")]


# Bodies.

BODY = bytes(range(256)) * 20_000  # 5 MB
POST = b"POST /body HTTP/1.1\r\nHost: here\r\n"


def summary(body, length):
    return kept(f"{len(body)} {zlib.crc32(body)} {length}".encode())


def test_a_large_body_comes_whole_by_its_length(connect):
    client = connect(POST + b"Content-Length: %d\r\n\r\n" % len(BODY) + BODY + GET % b"/after")
    assert client.answer() == summary(BODY, len(BODY))
    assert client.answer() == kept(b"/after")


def test_a_large_body_comes_whole_in_chunks(connect):
    blocks = [BODY[place:place + 33_333] for place in range(0, len(BODY), 33_333)]
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(block), block) for block in blocks)
    client = connect(POST + b"Transfer-Encoding: chunked\r\n\r\n" + chunks + b"0\r\n\r\n" + GET % b"/after")
    status, connection, text = client.answer()
    assert (status, connection, text.rsplit(None, 1)[0]) == (200, "keep-alive", summary(BODY, "")[2].rstrip())
    assert client.answer() == kept(b"/after")


WAITS = b"Content-Length: 5\r\nExpect: 100-continue\r\n\r\n"


def test_a_client_that_expects_it_is_told_to_go_on_when_the_application_reads(connect):
    client = connect(POST + WAITS)
    assert client.head() == ("HTTP/1.1 100 Continue", {})
    client.send(b"hello")
    assert client.answer() == (200, "close", summary(b"hello", 5)[2])
    assert client.is_at_end()


def test_a_client_is_not_told_to_go_on_if_the_application_does_not_read(connect):
    client = connect(POST.replace(b"/body", b"/unread") + WAITS)
    assert client.answer() == (200, "close", b"/unread")
    assert client.is_at_end()


def test_a_client_that_does_not_wait_with_its_body_is_not_told_to_go_on(connect):
    assert connect(POST + WAITS + b"hello").answer() == (200, "close", summary(b"hello", 5)[2])


def test_nobody_is_told_to_go_on_once_the_answer_has_begun(connect):
    client = connect(POST.replace(b"/body", b"/begun") + WAITS)
    first, fields = client.head()
    assert (first, fields["connection"]) == ("HTTP/1.1 200 OK", "close")
    client.has_nothing()  # a moment later, the application waits in read
    client.send(b"hello")
    assert client.body(fields) == b"begun hello"
    assert client.is_at_end()


# Slow calls.


def test_a_slow_call_keeps_no_other_client_waiting(connect, gate):
    slow = connect(gate.request())
    call = gate.arrival()
    assert [connect(GET % b"/fast").answer() for _ in range(20)] == [kept(b"/fast")] * 20
    call.close()
    assert slow.answer() == kept(b"/slow")
    slow.send(GET % b"/again")
    assert slow.answer() == kept(b"/again")


def test_more_slow_calls_than_threads_come_one_after_the_other(connect, gate, folder):
    with serving(folder, "many_app:app", "--threads", "2") as program:
        slow = [connect(gate.request(), program) for _ in range(6)]
        calls = [gate.arrival() for _ in range(2)]
        assert not select.select([gate.listener], [], [], MOMENT)[0]
        for _ in range(4):
            calls.pop(0).close()
            calls.append(gate.arrival())
        for call in calls:
            call.close()
        assert [client.answer() for client in slow] == [kept(b"/slow")] * 6
        assert connect(GET % b"/fast", program).answer() == kept(b"/fast")


def test_while_all_threads_are_in_slow_calls_clients_wait_and_are_served_then(connect, gate, folder):
    with serving(folder, "many_app:app", "--threads", "2") as program:
        slow = [connect(gate.request(), program) for _ in range(2)]
        calls = [gate.arrival() for _ in slow]
        fast = connect(GET % b"/fast", program)
        assert fast.has_nothing()
        calls[0].close()
        assert fast.answer() == kept(b"/fast")
        calls[1].close()
        assert [client.answer() for client in slow] == [kept(b"/slow")] * 2


@POSIX_ONLY
def test_a_server_that_is_stopped_finishes_what_was_begun(connect, gate, folder):
    with serving(folder) as program:
        port, idle, half = program.port(), connect(GET % b"/", program), connect(b"GET /half HT", program)
        assert idle.answer() == kept(b"/")
        slow = connect(gate.request(), program)
        call = gate.arrival()
        program.process.send_signal(signal.SIGTERM)
        assert idle.is_at_end()
        with pytest.raises(ConnectionRefusedError):
            Peer(port)
        half.send(b"TP/1.1\r\nHost: here\r\n\r\n")
        assert half.answer() == (200, "close", b"/half")
        call.close()
        assert slow.answer() == (200, "close", b"/slow")
        assert slow.is_at_end()
        half.close()
        assert program.process.wait(PATIENCE) == 0
        assert "Traceback" not in program.stderr


@POSIX_ONLY
def test_the_second_signal_ends_a_server_that_waits_for_a_slow_call(connect, gate, folder):
    with serving(folder) as program:
        idle = connect(GET % b"/", program)
        idle.answer()
        connect(gate.request(), program)
        gate.arrival()
        program.process.send_signal(signal.SIGTERM)
        assert idle.is_at_end()
        program.process.send_signal(signal.SIGTERM)
        assert program.process.wait(PATIENCE) == 0


# How clients begin and end.


def test_a_client_of_http_1_0_is_kept_only_if_it_asks_for_it(connect):
    client = connect(b"GET /kept HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n")
    assert client.answer() == kept(b"/kept")
    client.send(b"GET /last HTTP/1.0\r\n\r\n")
    assert client.answer() == (200, "close", b"/last")
    assert client.is_at_end()


def test_where_only_the_end_of_the_connection_ends_the_body_it_is_not_kept(connect, gate):
    head = b"GET /stream?%d HTTP/1.0\r\nConnection: keep-alive\r\n\r\n" % gate.port
    client = connect(head)
    assert client.head()[1]["connection"] == "close"
    assert client.file.read(5) == b"begun"
    client.close()
    for _ in range(2):
        gate.arrival().close()


def test_a_client_that_says_close_gets_its_answer_and_the_end(connect):
    client = connect(b"GET /last HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n" + GET % b"/unasked")
    assert client.answer() == (200, "close", b"/last")
    assert client.is_at_end()


def test_a_client_that_ends_its_side_after_the_request_gets_its_answers(connect, gate):
    client = connect(gate.request() + GET % b"/after")
    client.connection.shutdown(socket.SHUT_WR)
    end_slow_call(gate, connect)
    assert [client.answer()[2] for _ in range(2)] == [b"/slow", b"/after"]
    assert client.is_at_end()


def test_a_client_that_resets_in_the_middle_ends_its_response_and_nothing_else(connect, gate, server):
    client = connect(gate.request(b"/stream"))
    client.head()
    call = gate.arrival()
    client.reset()
    call.close()
    gate.arrival().close()  # the close of what the application has returned
    assert connect(GET % b"/fast").answer() == kept(b"/fast")
    assert server.wait_for(lambda: f"/stream?{gate.port} " in server.stderr, SECONDS)
    assert "Traceback" not in server.stderr


def test_what_is_no_request_is_refused_and_nothing_after_it_is_served(connect):
    client = connect(GET % b"/first" + b"nonsense\r\n\r\n" + GET % b"/after")
    assert client.answer() == kept(b"/first")
    assert client.answer()[:2] == (400, "close")
    assert client.is_at_end()


HELLO_OF_TLS = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"


@pytest.mark.parametrize("data", [HELLO_OF_TLS, b"\x80", b" ", b"\nGET / HTTP/1.1"], ids=repr)
def test_what_begins_as_no_request_does_is_refused_at_once(connect, data):
    client = connect(data)
    assert client.answer()[:2] == (400, "close")  # who is late gets 408
    assert client.is_at_end()


@pytest.mark.parametrize("sent, status", [(b"\r\n" + GET % b"/", 200), (b"\r\n\n" + GET % b"/", 400),
                                          (b"GET / HTTP/1.1\nHost: here\r\n\r\n", 400), (b"\rGET" + GET % b"/", 400)],
                         ids=repr)
def test_line_ends_before_and_in_the_first_line_count_as_in_chapter_2(connect, sent, status):
    assert connect(sent).answer()[0] == status


@POSIX_ONLY
def test_without_descriptors_the_server_goes_on_when_clients_leave(connect, folder):
    with serving(folder, "few_descriptors:app") as program:
        first = connect(GET % b"/", program)
        assert first.answer() == kept(b"/")
        clients = [connect(b"", program) for _ in range(40)]
        assert program.wait_for(lambda: "no new clients until the next tick" in program.stderr, SECONDS)
        first.send(POST + b"Content-Length: %d\r\n\r\n" % len(BODY) + BODY[:2_000_000])  # no file for it can be opened
        assert first.answer()[:2] == (500, "close")
        for client in clients:
            client.close()
        assert connect(GET % b"/fast", program).answer() == kept(b"/fast")


def test_the_shop_of_chapter_5_is_served_on_one_connection(connect, folder):
    with serving(folder, "ch05_middleware:application") as program:
        client = connect(GET % b"/" + GET % b"/nowhere" + GET % b"/admin/", program)
        answers = [client.answer() for _ in range(3)]
        assert [status for status, *_ in answers] == [200, 404, 200]
        assert {connection for _, connection, _ in answers} == {"keep-alive"}
        assert "€" in answers[0][2].decode()
        assert "Traceback" not in program.stderr


# Several processes.


def worker_of(client):
    """Ask for the process that answers a client; return its id."""
    client.send(GET % b"/process")
    status, connection, text = client.answer()
    assert (status, connection, text.split()[1:]) == (200, "keep-alive", [b"True"])
    return int(text.split()[0])


def workers_of(program):
    """Return the ids of the two workers of a program, once there are two."""
    end, found = time.monotonic() + SECONDS, []
    while len(found) != 2 and time.monotonic() < end:
        found = [child.pid for child in psutil.Process(program.process.pid).children()]
    assert len(found) == 2
    return found


def refuses(port):
    """Tell whether nobody listens at a port any more, after a while at the latest."""
    end = time.monotonic() + SECONDS
    with contextlib.suppress(ConnectionRefusedError):
        while time.monotonic() < end:
            with contextlib.suppress(ConnectionResetError):  # the listener was closed just then
                Peer(port).close()
        return False
    return True


@POSIX_ONLY
def test_a_worker_that_dies_is_replaced(connect, folder):
    with serving(folder, "many_app:app", "--workers", "1") as program:
        client = connect(GET % b"/process", program)
        assert client.answer()[2] == b"%d False" % program.process.pid
    with serving(folder, "many_app:app", "--workers", "2") as program:
        client = connect(b"", program)
        pid = worker_of(client)
        assert pid in workers_of(program)
        os.kill(pid, signal.SIGKILL)
        assert client.is_at_end()
        assert program.wait_for(lambda: f"worker {pid} has ended" in program.stderr, SECONDS)
        assert pid not in workers_of(program)
        assert worker_of(connect(b"", program)) in workers_of(program)


@POSIX_ONLY
def test_a_worker_that_cannot_begin_says_why(folder):
    with serving(folder, "no_server:app", "--workers", "2") as program:
        assert program.wait_for(lambda: "has ended" in program.stderr, SECONDS)
        assert "OSError: no descriptor is left" in program.stderr
        program.process.send_signal(signal.SIGTERM)
        assert program.process.wait(PATIENCE) == 0


@POSIX_ONLY
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_workers_that_are_stopped_finish_what_was_begun(connect, gate, folder, number):
    with serving(folder, "many_app:app", "--workers", "2") as program:
        port, idle, slow = program.port(), connect(b"", program), connect(gate.request(), program)
        call, pid = gate.arrival(), worker_of(idle)
        for worker in workers_of(program) if number == signal.SIGINT else []:
            os.kill(worker, number)  # Ctrl-C in a terminal reaches all of them
        program.process.send_signal(number)
        assert idle.is_at_end()
        call.close()
        assert slow.answer()[::2] == (200, b"/slow")
        slow.close()
        assert program.process.wait(PATIENCE) == 0
        assert "Traceback" not in program.stderr and program.stderr.count("has ended") == 2
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
        assert refuses(port)


@POSIX_ONLY
def test_the_second_signal_ends_all_workers(connect, gate, folder):
    with serving(folder, "many_app:app", "--workers", "2") as program:
        port = program.port()
        connect(gate.request(), program)
        gate.arrival()
        program.process.send_signal(signal.SIGTERM)
        assert refuses(port)  # each worker has heard the first
        program.process.send_signal(signal.SIGTERM)
        assert program.process.wait(PATIENCE) == 0


@POSIX_ONLY
def test_where_fork_fails_the_whole_ends(connect, folder):
    with serving(folder, "few_processes:app", "--workers", "2") as program:
        assert program.process.wait(PATIENCE) == 1
        assert program.wait_for(lambda: "no process is left" in program.stderr, SECONDS)
        assert refuses(program.port())


def test_a_system_without_fork_says_so_in_one_sentence(chapter, monkeypatch, capsys):
    monkeypatch.delattr(os, "fork", raising=False)
    monkeypatch.setattr(sys, "argv", ["ch06_concurrency.py", "--workers", "2"])
    with pytest.raises(SystemExit):
        chapter.main()
    assert "--workers needs fork, which this system does not have" in capsys.readouterr().err


# What cannot be brought about from outside at a chosen moment.


@pytest.fixture
def chapter(monkeypatch):
    """The module of the reference, without what it would print."""
    monkeypatch.syspath_prepend(str(SOLUTIONS))
    for stem in PROJECT.by_stem:
        monkeypatch.delitem(sys.modules, stem, raising=False)
    yield importlib.import_module("ch06_concurrency")
    for stem in PROJECT.by_stem:
        sys.modules.pop(stem, None)


@pytest.fixture
def idle_server(chapter):
    """A Server that does not run."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = chapter.Server(lambda environ, start_response: [], listener)
        yield server
        for client in [*server.clients]:
            server.drop(client)
        server.selector.close()
        server.bell.close()
        server.rung.close()


def ends(target):
    """Tell whether a function comes to its end when a thread calls it. Raises what it raises."""
    future = Future()

    def run():
        try:
            future.set_result(target())
        except BaseException as error:
            future.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    try:
        future.result(SECONDS)
    except FutureTimeout:
        return False
    return True


def test_a_client_that_takes_nothing_does_not_hold_up_its_refusal(chapter, idle_server, connect):
    with contextlib.closing(Peer(idle_server.listener.getsockname()[1])) as client:
        idle_server.turn()
        [known] = idle_server.clients
        with contextlib.suppress(BlockingIOError):
            while True:
                known.connection.send(bytes(100_000))
        with contextlib.suppress(BlockingIOError):
            while True:
                known.connection.send(bytes(1))
        client.send(b"nonsense\r\n\r\n")
        assert ends(lambda: idle_server.hear(known)) and known.leaving


def test_a_client_that_has_reset_before_it_is_known_ends_no_server(chapter):
    class Gone:
        def getsockname(self):
            raise OSError("as macOS says it")

    assert chapter.Client(Gone(), ("127.0.0.1", 50_000)).server_address == ("", 0)


@pytest.fixture
def turns(chapter, idle_server):
    """The turns of a server each of which ends with a slow call, in a list; after a hundred of them it ends itself."""
    turns = []

    def lose_lead():
        idle_server.lead.release()
        turns.append(1)
        idle_server.ended = idle_server.ended or len(turns) > 100
        raise chapter.LeadLost

    idle_server.turn = lose_lead
    return turns


def test_a_tick_comes_although_a_slow_call_ends_each_turn(idle_server, turns):
    ticks, idle_server.next_tick = [], time.monotonic() - 10
    idle_server.tick = lambda: ticks.append(1) or setattr(idle_server, "ended", True)
    assert ends(idle_server.work) and ticks


def test_a_stop_takes_effect_although_a_slow_call_ends_each_turn(idle_server, turns):
    idle_server.stopping = True
    assert ends(idle_server.work) and not turns and idle_server.ended


def test_clients_of_slow_calls_are_taken_back_although_a_slow_call_ends_each_turn(idle_server, turns):
    taken = []
    idle_server.returned.append(("a client", True))
    idle_server.take_back = lambda: taken.append(idle_server.returned.popleft()) or setattr(idle_server, "ended", True)
    assert ends(idle_server.work) and taken == [("a client", True)]


def test_nobody_waits_for_a_bell_that_is_not_heard(idle_server):
    assert ends(lambda: [idle_server.wake() for _ in range(5_000)])


def test_who_is_late_is_heard_once_more_before(idle_server):
    with contextlib.closing(Peer(idle_server.listener.getsockname()[1])) as late:
        idle_server.turn()
        [known] = idle_server.clients
        known.deadline = 0
        late.send(b"nonsense\r\n\r\n")
        idle_server.drop_late()
        assert late.answer()[0] == 400


def test_the_lead_is_not_given_away_in_the_thread_to_which_signals_come(chapter, idle_server):
    """KeyboardInterrupt in the midst of it would leave the lead with nobody."""
    givers, called = [], threading.Event()

    def app(environ, start_response):
        called.wait(SECONDS)
        start_response("200 OK", [])
        return [b"slow"]

    def give_away(call):
        givers.append(threading.current_thread())
        chapter.Server.give_away(idle_server, call)
        called.set()

    idle_server.app, idle_server.give_away = app, give_away
    runner = threading.Thread(target=idle_server.run, args=[2], daemon=True)
    runner.start()
    with contextlib.closing(Peer(idle_server.listener.getsockname()[1], GET % b"/")) as client:
        assert client.answer() == kept(b"slow")
    idle_server.stopping = True
    idle_server.wake()
    runner.join(SECONDS)
    assert not runner.is_alive() and givers and runner not in givers


def test_a_stream_is_answered_in_one_way_however_it_is_cut():
    found = [*compared(200, random.Random(1))]
    assert len(found) == 200 and all(whole == cut for _, whole, cut in found)
    sent = b"".join(whole[0] for _, whole, _ in found)
    assert b" 200 " in sent and b" 400 " in sent
