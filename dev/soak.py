"""A soak of the server of chapter 6: thousands of random streams, and thousands of random clients.

    python -m dev soak                                   20,000 streams and 5,000 clients; some minutes
    python -m dev soak --streams 500 --clients 200       fewer of them
    python -m dev soak --seed 7                          other ones

A stream must be answered in one way, wherever TCP cuts it (see request_streams.py). After the clients the server must
have the descriptors, the threads and the memory that it had before. What differs is printed; the status is 1 then.
"""
import argparse
import contextlib
import io
import random
import re
import signal
import socket
import subprocess
import sys
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import psutil

from dev import PROJECT
from dev.request_streams import app, compared, mutated, request
from workshop.lesson.connections import reset
from wsgi_contract.launching import Program, environment

__all__ = ["app"]  # which the program is pointed at
AT_ONCE = 24  # clients
SECONDS = 30  # that a client waits at most; and the server has, after the last one, to come to rest
GROWTH = 5_000_000  # bytes that the memory may grow by in the second half of the clients: pieces that malloc keeps
GET = b"GET /%d HTTP/1.1\r\nHost: here\r\n\r\n"


# Streams.


def soak_streams(count: int, seed: int) -> bool:
    """Put streams to the server, print what came of them, and tell whether none differs."""
    statuses: Counter[str] = Counter()
    differing = []
    with contextlib.redirect_stderr(Nowhere()):
        for data, whole, cut in compared(count, random.Random(seed)):
            statuses.update(status.decode() for status in re.findall(rb"HTTP/1\.1 (\d+) ", whole[0]))
            if cut != whole:
                differing.append((data, whole, cut))
    print(f"{count} streams, whole and cut: {len(differing)} are answered in another way when they are cut")
    print("   ", ", ".join(f"{number} times {status}" for status, number in sorted(statuses.items())))
    for data, whole, cut in differing[:3]:
        print(f"\n{data[:2_000]!r}\n    whole: {whole}\n    cut: {cut}")
    return not differing and {"200", "400"} <= statuses.keys()


class Nowhere(io.TextIOBase):
    """Where the log of a server goes that nobody reads."""

    def write(self, text: str) -> int:
        """Forget a text."""
        return len(text)


# Clients. Each is a function of its connection and of its chances; it raises what is not as it must be.


def silent(connection: socket.socket, chance: random.Random) -> None:
    """Say nothing, and stay as long as another client takes."""
    connection.settimeout(chance.random() / 5)
    with contextlib.suppress(TimeoutError):
        expect(connection.recv(1), b"")


def slow(connection: socket.socket, chance: random.Random) -> None:
    """Send a request in a few pieces, with other clients between them."""
    data = GET % 7 * 2
    for place in range(0, len(data), 17):
        connection.sendall(data[place:place + 17])
        time.sleep(chance.random() / 100)
    with connection.makefile("rb") as file:
        for _ in range(2):
            expect(b"/7" in answer(file), True)


def resetting(connection: socket.socket, chance: random.Random) -> None:
    """Send requests, perhaps half of the last, and reset."""
    data = (GET % 1) * chance.randint(1, 500)
    connection.sendall(data[:chance.randrange(len(data))])
    reset(connection)


def half_closing(connection: socket.socket, chance: random.Random) -> None:
    """End the own side after some requests; all answers come, and then the end."""
    count = chance.randint(1, 5)
    connection.sendall((GET % 3) * count)
    connection.shutdown(socket.SHUT_WR)
    with connection.makefile("rb") as file:
        for _ in range(count):
            expect(b"/3" in answer(file), True)
        expect(file.read(), b"")


def pipelining(connection: socket.socket, chance: random.Random) -> None:
    """Send many requests at once; the answers come in their order."""
    numbers = [chance.randrange(10**6) for _ in range(chance.randint(2, 100))]
    connection.sendall(b"".join(GET % number for number in numbers))
    with connection.makefile("rb") as file:
        for number in numbers:
            expect(b"'/%d'" % number in answer(file), True)


def uploading(connection: socket.socket, chance: random.Random) -> None:
    """Send a body, above what is kept in memory or below it, and hang up perhaps in its midst."""
    body = chance.randbytes(chance.choice([10, 100_000, 1_500_000]))
    connection.sendall(b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: %d\r\n\r\n" % len(body))
    if chance.random() < 0.3:
        connection.sendall(body[:len(body) // 2])
        return
    connection.sendall(body)
    with connection.makefile("rb") as file:
        expect(b" %d" % zlib.crc32(body) in answer(file), True)


def waiting(connection: socket.socket, chance: random.Random) -> None:
    """Be told to go on with the body, and send it or not."""
    connection.sendall(b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n")
    with connection.makefile("rb") as file:
        expect(file.readline(), b"HTTP/1.1 100 Continue\r\n")
        expect(file.readline(), b"\r\n")
        if chance.random() < 0.5:
            connection.sendall(b"hello")
            expect(b" %d" % zlib.crc32(b"hello") in answer(file), True)


def nonsensical(connection: socket.socket, chance: random.Random) -> None:
    """Send what is no request, or hardly one, and take a little of the answer."""
    connection.sendall(mutated(request(chance), chance))
    connection.settimeout(chance.random() / 10)
    with contextlib.suppress(OSError):
        connection.recv(10)


KINDS: list[Callable[[socket.socket, random.Random], None]] = [
    silent, slow, resetting, half_closing, pipelining, uploading, waiting, nonsensical]


def answer(file: io.BufferedIOBase) -> bytes:
    """Read one response that has a length, and return its body."""
    expect(file.readline().split()[1:2], [b"200"])
    fields = dict(line.rstrip().split(b": ", 1) for line in iter(file.readline, b"\r\n"))
    return file.read(int(fields[b"Content-Length"]))


def expect(found: object, right: object) -> None:
    """Raise ValueError if something is not what it must be."""
    if found != right:
        raise ValueError(f"{found!r} is not {right!r}")


def client(port: int, seed: int) -> str:
    """Be one client, and return what was wrong: "" for nothing."""
    chance = random.Random(seed)
    kind = chance.choice(KINDS)
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=SECONDS) as connection:
            kind(connection, chance)
    except (OSError, ValueError, KeyError) as error:
        return f"{kind.__name__}: {type(error).__name__}: {error}"
    return ""


# The server.


def figures(process: psutil.Process) -> tuple[int, int]:
    """Return how many descriptors (on Windows, handles) and threads a process has."""
    return process.num_handles() if sys.platform == "win32" else process.num_fds(), process.num_threads()


def rested(process: psutil.Process, right: tuple[int, int] | None = None) -> tuple[int, int, int]:
    """Return descriptors, threads and bytes of memory, once the first two are right, or nothing changes any more."""
    end, before = time.monotonic() + SECONDS, None
    while (now := figures(process)) != (right or before) and time.monotonic() < end:
        before = now
        time.sleep(2.5)  # longer than the server lingers
    return *now, process.memory_info().rss


def soak_clients(count: int, seed: int) -> bool:
    """Let clients come and go, print what came of them, and tell whether all is as before."""
    words = ["solutions/ch06_concurrency.py", "dev.soak:app", "--bind", "127.0.0.1:0"]
    with Program([sys.executable, *words], PROJECT.root, environment(MALLOC_ARENA_MAX="1")) as program:
        port, process = program.port(), psutil.Process(program.process.pid)
        wrong = [*crowd(port, range(seed, seed + count // 10))]  # what is made once, is made now
        before = rested(process)
        wrong += crowd(port, range(seed + count, seed + count + count // 2))
        middle = rested(process, before[:2])
        wrong += crowd(port, range(seed + 2 * count, seed + 2 * count + count // 2))
        after = rested(process, before[:2])
        tracebacks = [line for line in program.errors if re.match(r"\w*(Error|Exception)\b", line)]
        status = ended(program)
    print(f"{count} clients: {len(wrong)} were not answered as they must be; the server ended with status {status}")
    for text, number in Counter(wrong).most_common(5):
        print(f"    {number} times {text}")
    for name, *row in zip(["descriptors", "threads", "memory"], before, middle, after, strict=True):
        print(f"    {name:12}" + "".join(f"{figure:15,}" for figure in row))
    print(f"    exceptions in the last lines of its log: {Counter(tracebacks) or 'none'}")
    return not wrong and status == 0 and before[:2] == middle[:2] == after[:2] and after[2] - middle[2] < GROWTH


def crowd(port: int, seeds: range) -> Iterator[str]:
    """Be a client for each seed, several at once, and yield what was wrong."""
    with ThreadPoolExecutor(AT_ONCE) as clients:
        yield from filter(None, clients.map(lambda seed: client(port, seed), seeds))


def ended(program: Program) -> int | None:
    """Stop the server, and return its status; None if it goes on. Windows has no such signal: 0."""
    if sys.platform == "win32":
        return 0
    program.process.send_signal(signal.SIGTERM)
    try:
        return program.process.wait(SECONDS)
    except subprocess.TimeoutExpired:
        return None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare how much there is of each."""
    parser.add_argument("--streams", type=int, default=20_000, metavar="N", help="so many streams (20000)")
    parser.add_argument("--clients", type=int, default=5_000, metavar="N", help="so many clients (5000)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="the seed of all that is random (1)")


def run(arguments: argparse.Namespace) -> int:
    """Soak the server, and say what came of it."""
    right = soak_streams(arguments.streams, arguments.seed)
    right = soak_clients(arguments.clients, arguments.seed) and right
    return 0 if right else 1
