"""What asks the server: our own client, or a faster program where one is on the machine.

Each generator is a function (port, seconds, keep_alive) that returns how many requests were answered with 200, and the
seconds that it took. wrk and ab know whole seconds only.
"""
import functools
import re
import shutil
import subprocess

from workshop.bench.load import HOST, answered
from workshop.bench.modes import CONNECTIONS

GRACE = 10  # seconds that a program may take beyond those it is given

WRK = {"answered": r"(\d+) requests in", "refused": r"Non-2xx or 3xx responses: (\d+)"}
AB = {"answered": r"Complete requests:\s+(\d+)", "refused": r"Non-2xx responses:\s+(\d+)"}
WRK_SECONDS, AB_SECONDS = r"requests in ([\d.]+)s", r"Time taken for tests:\s+([\d.]+)"


def wrk_command(url, seconds, keep_alive):
    """Return the command line (a list of str) of wrk."""
    more = [] if keep_alive else ["--header", "Connection: close"]
    return ["wrk", "--threads", "1", "--connections", str(CONNECTIONS), "--duration", f"{seconds:.0f}s",
            "--timeout", f"{seconds:.0f}s", *more, url]


def ab_command(url, seconds, keep_alive):
    """Return the command line (a list of str) of ab: so many seconds, whatever the number of requests."""
    more = ["-k"] if keep_alive else []
    return ["ab", "-q", "-t", f"{seconds:.0f}", "-n", "100000000", "-s", f"{seconds:.0f}", "-c", str(CONNECTIONS),
            *more, url]


def read_report(text, counts, seconds):
    """Return (requests answered with 200, seconds) from what wrk or ab printed; patterns say where they stand.

    A program that was not answered at all may print no counts: (0, 0.0).
    """
    found = {name: re.search(pattern, text) for name, pattern in counts.items()}
    number = {name: int(match[1]) if match else 0 for name, match in found.items()}
    duration = re.search(seconds, text)
    return max(number["answered"] - number["refused"], 0), float(duration[1]) if duration else 0.0


def program(command, counts, pattern):
    """Return the generator that runs a program."""
    def generate(port, seconds, keep_alive):
        words = command(f"http://{HOST}:{port}/", seconds, keep_alive)
        try:
            output = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                                    timeout=seconds + GRACE).stdout
        except subprocess.TimeoutExpired:
            output = ""
        requests, took = read_report(output, counts, pattern)
        return requests, took or seconds

    return generate


GENERATORS = {
    "wrk": program(wrk_command, WRK, WRK_SECONDS),
    "ab": program(ab_command, AB, AB_SECONDS),
    "python": answered,
}  # the fastest first


@functools.cache
def best(seconds):
    """Return the name of the fastest generator that is here and can do so many seconds."""
    whole = float(seconds).is_integer()
    return next(name for name in GENERATORS if name == "python" or whole and shutil.which(name))
