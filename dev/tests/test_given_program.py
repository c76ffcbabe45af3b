"""What is given in chapter 1 around the steps: hanging up, and the program that names the step it waits for."""
import importlib.util
import os
import socket
import subprocess
import sys
from argparse import ArgumentTypeError

import pytest

from dev import PROJECT
from dev.sandbox import fill, reference, starters, with_bodies
from workshop.checking.exchange import exchange
from workshop.checking.transport import Connection
from workshop.machine.containment import contained_environment

STEPS = PROJECT.steps
ARGUMENTS = {"ch04_response": ["ch03_environ:function_app"]}


def loaded(stem):
    """Return the module of a reference, for these tests alone."""
    spec = importlib.util.spec_from_file_location(stem, PROJECT.root / "solutions" / f"{stem}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


ch01 = loaded("ch01_socket")


def tree(folder, *missing):
    """Fill a folder with the reference, the steps with these numbers taken out; return it."""
    sources = reference()
    for step in (STEPS[number] for number in missing):
        stub = f'raise NotImplementedError("step {step.number}: write it")'
        sources = with_bodies(sources, step.path.stem, {step.name: stub})
    fill(folder, sources)
    return folder


def run(folder, stem, *arguments):
    """Run a chapter of a tree that is expected to end at once; return its exit status, output and errors."""
    command = [sys.executable, str(folder / f"{stem}.py"), *ARGUMENTS.get(stem, []), *arguments]
    done = subprocess.run(command, cwd=folder, env=contained_environment(), capture_output=True, text=True,
                          encoding="utf-8", stdin=subprocess.DEVNULL, timeout=30)
    return done.returncode, done.stdout, done.stderr


def place_of(folder, number):
    """Return where a step stands in a tree, as `chapters/ch01_socket.py:40`."""
    path = folder / STEPS[number].path.name
    step = next(step for step in PROJECT.by_stem[path.stem].steps_at(path) if step.number == number)
    return f"{folder.name}/{path.name}:{step.line}"


def sentence(folder, number):
    """Return what a program of a tree says where this step is the first that it lacks."""
    return f"not started: step {number} {STEPS[number].name}, {place_of(folder, number)}\n"


class TestTheProgram:
    @pytest.mark.parametrize("stem", list(PROJECT.by_stem))
    def test_among_fresh_starters_each_program_names_the_first_step(self, stem, tmp_path):
        fill(tmp_path, starters())
        assert run(tmp_path, stem, "--bind", "127.0.0.1:0") == (1, "", sentence(tmp_path, "1.1"))

    @pytest.mark.parametrize("number", [number for number in STEPS if number.startswith("1.")])
    def test_chapter_1_names_the_one_step_that_is_missing(self, number, tmp_path):
        folder = tree(tmp_path, number)
        assert run(folder, "ch01_socket", "--bind", "127.0.0.1:0") == (1, "", sentence(folder, number))

    def test_the_first_of_several_missing_steps_is_named(self, tmp_path):
        folder = tree(tmp_path, "1.5", "1.2", "1.4")
        assert run(folder, "ch01_socket", "--bind", "127.0.0.1:0") == (1, "", sentence(folder, "1.2"))

    @pytest.mark.parametrize("stem", list(PROJECT.by_stem))
    def test_a_later_program_names_a_missing_step_of_chapter_1_that_it_needs(self, stem, tmp_path):
        folder = tree(tmp_path, "1.5")
        assert run(folder, stem, "--bind", "127.0.0.1:0") == (1, "", sentence(folder, "1.5"))

    def test_a_place_is_the_same_wherever_one_stands(self, tmp_path):
        folder = tree(tmp_path, "1.3")
        command = [sys.executable, str(folder / "ch01_socket.py")]
        done = subprocess.run(command, cwd=folder.parent, env=contained_environment(), capture_output=True, text=True,
                              encoding="utf-8", timeout=30)
        assert done.stderr == sentence(folder, "1.3")

    def test_a_bad_bind_is_told_in_a_sentence(self, tmp_path):
        status, out, errors = run(tree(tmp_path), "ch01_socket", "--bind", "8000")
        assert (status, out) == (2, "")
        assert errors.splitlines()[-1].endswith("is not HOST:PORT, such as 127.0.0.1:8000")

    def test_a_port_that_is_taken_is_told_in_a_sentence(self, tmp_path):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            bind = f"127.0.0.1:{taken.getsockname()[1]}"
            status, out, errors = run(tree(tmp_path), "ch01_socket", "--bind", bind)
        assert (status, out) == (1, "")
        assert errors.startswith(f"can't listen on {bind} (") and errors.count("\n") == 1
        assert errors.endswith(": stop the other server or choose another port, such as --bind 127.0.0.1:0\n")


class TestBindAddress:
    @pytest.mark.parametrize("text, address", [
        ("127.0.0.1:8000", ("127.0.0.1", 8000)),
        ("localhost:0", ("localhost", 0)),
        ("0.0.0.0:65535", ("0.0.0.0", 65535)),
        (":8000", ("", 8000)),
    ])
    def test_host_and_port_come_apart_at_the_last_colon(self, text, address):
        assert ch01.bind_address(text) == address

    @pytest.mark.parametrize("text", ["8000", "127.0.0.1", "127.0.0.1:", ":", "127.0.0.1:http", "127.0.0.1:65536",
                                      "127.0.0.1:-1", "127.0.0.1:²", "ü..x:80"])
    def test_all_else_is_refused(self, text):
        with pytest.raises(ArgumentTypeError, match="is not HOST:PORT"):
            ch01.bind_address(text)

    @pytest.mark.parametrize("text", ["[::1]:8000", "::1:8000", "[::]:80"])
    def test_an_ipv6_address_is_told_as_that(self, text):
        with pytest.raises(ArgumentTypeError, match="is an IPv6 address, and this server has IPv4 only"):
            ch01.bind_address(text)


class TestLog:
    def test_the_server_goes_on_when_nobody_reads_its_log_any_more(self, tmp_path):
        reader, writer = os.pipe()
        command = [sys.executable, str(tree(tmp_path) / "ch04_response.py"), "--bind", "127.0.0.1:0"]
        with subprocess.Popen(command, cwd=tmp_path, env=contained_environment(), stdout=subprocess.PIPE, stderr=writer,
                              text=True) as program:
            os.close(writer)
            os.close(reader)
            try:
                port = int(program.stdout.readline().rpartition(":")[2])
                answers = [exchange(port, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n") for _ in range(3)]
            finally:
                program.kill()
        assert [answer[:15] for answer in answers] == [b"HTTP/1.1 200 OK"] * 3


NOBODY_READS = """
import socket
import types

import ch04_response

server, client = socket.socketpair()
server.settimeout(0.1)
response = ch04_response.Response(server, types.SimpleNamespace(method="GET", version="HTTP/1.1"))
with open("large", "wb+") as file:
    file.truncate(20_000_000)
    try:
        response.send_file(file, 20_000_000)
    except ch04_response.ClientGone:
        print(0 < response.sent < 20_000_000)
"""


class TestSendFile:
    def test_what_a_client_has_taken_before_it_is_given_up_is_counted(self, tmp_path):
        (tree(tmp_path) / "nobody_reads.py").write_text(NOBODY_READS, encoding="utf-8")
        assert run(tmp_path, "nobody_reads") == (0, "True\n", "")


FILES = """
import gzip
import io
import os
import tarfile

from ch04_response import FileWrapper

with gzip.open("page.gz", "wb") as file:
    file.write(bytes(1_000))
with tarfile.open("pages.tar", "w") as archive:
    archive.add("page.gz")
size = os.stat("page.gz").st_size

with (open("page.gz", "rb") as buffered, open("page.gz", "rb", buffering=0) as raw, gzip.open("page.gz") as packed,
      io.BufferedReader(packed) as unpacked, tarfile.open("pages.tar") as archive):
    print(*[FileWrapper(file).remaining() == size for file in (buffered, raw)])
    print(*[FileWrapper(file).remaining() for file in (
        packed, unpacked, archive.extractfile("page.gz"), io.BytesIO(b"page"), io.BufferedReader(io.BytesIO(b"page")))])
"""


class TestRemaining:
    def test_only_a_file_that_python_has_opened_from_disk_can_tell(self, tmp_path):
        (tree(tmp_path) / "files.py").write_text(FILES, encoding="utf-8")
        assert run(tmp_path, "files") == (0, "True True\nNone None None None None\n", "")


class TestStepsNeededBy:
    def test_functions_are_followed_through_the_names_they_use(self):
        names = {function.__name__ for function in ch01.steps_needed_by(ch01.handle)}
        assert {"handle", "read_head", "build_response", "hang_up"} <= names
        assert not names & {"open_listener", "serve", "run"}

    def test_functions_that_call_one_another_are_followed_once(self):
        seen = [function.__name__ for function in ch01.steps_needed_by(ch01.main, ch01.names_in)]
        assert len(seen) == len(set(seen))

    def test_what_no_chapter_defines_is_left_alone(self):
        assert list(ch01.steps_needed_by(len, socket.socket, os.path.join)) == []


class Endless(Connection):
    """A client that never stops sending."""

    def recv(self, size, flags=0):
        super().recv(size)
        return b"x"


class TestHangUp:
    def kinds(self, client):
        return [event[0] for event in client.events]

    def test_it_says_that_was_all_then_reads_what_is_left_then_closes(self):
        client = Connection([b"more", b"and more"])
        ch01.hang_up(client)
        assert self.kinds(client) == ["shutdown", "recv", "recv", "recv", "close"]
        assert 0 < client.timeout <= ch01.LINGER

    @pytest.mark.parametrize("error", [ConnectionResetError(), TimeoutError()], ids=lambda error: type(error).__name__)
    def test_a_client_that_is_gone_or_silent_is_no_error(self, error):
        client = Connection([error])
        ch01.hang_up(client)
        assert client.closed

    def test_a_client_that_never_stops_sending_is_left_after_a_while(self, monkeypatch):
        clock = iter(range(1000))
        monkeypatch.setattr(ch01.time, "monotonic", lambda: next(clock) / 10)
        client = Endless([b"x"])
        ch01.hang_up(client)
        assert client.closed and self.kinds(client).count("recv") <= 10 * ch01.LINGER + 1

    def test_a_connection_that_is_closed_already_is_left_alone(self):
        client = Connection()
        client.close()
        ch01.hang_up(client)
        assert self.kinds(client) == ["close"]
