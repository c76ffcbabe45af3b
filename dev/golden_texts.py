"""Golden feedback: the exact text that a learner is shown for typical states of their files.

Each case makes a tree and runs a command on it; what is printed stands in `golden/NAME.txt`. The tree's folder is shown
as `chapters`; what differs from run to run (times, ports) is masked. When `python -m dev regenerate golden` has written
the texts anew, read what has changed.
"""
import re
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from dev import PROJECT
from dev.bank.step_versions import all_versions
from dev.sandbox import Sources, fill, reference, starters, with_bodies
from workshop.machine.containment import contained_environment

FOLDER = Path(__file__).parent / "golden"
MASKS: dict[str, str | Callable[[re.Match[str]], str]] = {
    r"in \d+\.\d+s( \(\d:\d\d:\d\d\))?": "in … s",
    r"127\.0\.0\.1:\d{4,5}": "127.0.0.1:PORT",
    r"\(host, \d{4,5}\)": "(host, PORT)",
    r"\[\d\d/\w{3}/\d{4}:[^\]]+\]": "[DATE]",
    r"\d+\.\d{3}$": "TIME",
    r"=+( [^=\n]+ )=+": r"===\1===",
    r"_{3,}( [^\n]+ )_{3,}": r"___\1___",
    r"stopped after \d+ seconds": "stopped after … seconds",  # more where Python itself is slow
    r"[ \t]+$": "",
    # How many checks there are changes with every new one. Of their marks, those that there are remain.
    r"^collected .*": "collected … items",
    r"^(tests/\S+) ((?:[.F○-]+ +\[ *\d+%\]\n)+)":
        lambda match: f"{match[1]} {''.join(dict.fromkeys(re.findall('[.F○-]', match[2])))} …\n",
    r"\d+ (deselected|passed|also wrong|not started|not checked)(?! of)": r"… \1",
    r"\d+ of \d+ checks": "… of … checks",
    r"also \d+ more": "also … more",
}


@dataclass(frozen=True)
class Case:
    """A state of the learner's files, and a command."""

    change: Callable[[Sources], Sources]  # from the reference to what the learner has
    words: list[str]  # what follows `python`; TREE stands for the folder


TREE, TAKEN = "A-TREE", "A-PORT-THAT-IS-TAKEN"  # stand for what is known when the case is run
TAKEN_LISTENER = f"""\
listener = socket.socket()
listener.bind((host, {TAKEN}))
listener.listen()
return listener
"""


def checks(stem: str, *more: str) -> list[str]:
    """Return the words that check a chapter."""
    return ["-m", "pytest", "-o", f"pythonpath={TREE}", "--color=no", "--check-seconds=2", "-p", "no:cacheprovider",
            "--assert=plain", f"tests/{stem}", *more]  # the checks are compiled for these


def program(stem: str, *more: str) -> list[str]:
    """Return the words that run a chapter."""
    return [f"{TREE}/{stem}.py", *more]


def body(stem: str, name: str, text: str) -> Callable[[Sources], Sources]:
    """Return a change: this body in a function of the reference."""
    return lambda sources: with_bodies(sources, stem, {name: text})


def text(stem: str, old: str, new: str) -> Callable[[Sources], Sources]:
    """Return a change: new in place of old in a chapter of the reference."""
    def change(sources: Sources) -> Sources:
        assert old in sources[stem]
        return sources | {stem: sources[stem].replace(old, new)}

    return change


def mistake(stem: str, number: str, name: str) -> Case:
    """Return the case of a mistake from the bank: its chapter is checked, but for the programs."""
    def change(sources: Sources) -> Sources:
        return next(one for one in all_versions() if (one.step.number, one.name) == (number, name)).sources()

    return Case(change, checks(stem, "-m", "not program"))


CASES = {
    "fresh_starter": Case(lambda sources: starters(), checks("ch01_socket")),
    "fresh_starter_run_as_a_program": Case(lambda sources: starters(), program("ch04_response")),
    "empty_file": Case(lambda sources: sources | {"ch01_socket": ""}, checks("ch01_socket")),
    "syntax_error": Case(text("ch01_socket", "return head, rest", "return head, rest("), checks("ch01_socket")),
    "error_on_import": Case(text("ch01_socket", "LINGER = 1", "LINGER = on"), checks("ch01_socket")),
    "missing_function": Case(
        text("ch01_socket", "def read_head(", "def _("),
        checks("ch01_socket", "-k", "TestReadHead")),
    "misspelt_name": Case(
        text("ch01_socket", "def read_head(", "def raed_head("),
        checks("ch01_socket", "-k", "TestReadHead")),
    "returns_none": Case(
        body("ch01_socket", "build_response", "content = body.encode()"),
        checks("ch01_socket", "-k", "TestBuildResponse")),
    "exception_inside": Case(
        body("ch02_request", "parse_field", 'name, value = line.decode().split(b": ")\nreturn name, value'),
        checks("ch02_request", "-k", "TestParseField")),
    "the_raise_is_still_there": Case(
        body("ch02_request", "parse_field",
             'name, _, value = line.partition(b":")\nraise NotImplementedError("step 2.2: write parse_field")'),
        checks("ch02_request", "-k", "TestParseField")),
    "endless_loop": Case(
        body("ch01_socket", "read_head", "while True: pass"),
        checks("ch01_socket", "-k", "TestReadHead", "-x")),
    "sys_exit": Case(
        body("ch01_socket", "build_response", "sys.exit(0)"),
        checks("ch01_socket", "-k", "TestBuildResponse")),
    "server_dies_at_start": Case(
        body("ch01_socket", "serve", "connection = listener.acept()"),
        checks("ch01_socket", "-k", "TestServe and not program")),  # they race with its end
    "program_dies_at_start": Case(
        body("ch01_socket", "open_listener", "return socket.bind((host, port))"),
        checks("ch01_socket", "-k", "test_the_program_answers")),
    "port_taken_by_the_learner": Case(
        body("ch01_socket", "open_listener", TAKEN_LISTENER),
        checks("ch01_socket", "-k", "TestOpenListener")),
    "half_right_chapter_1": mistake("ch01_socket", "1.1", "content_length_counts_characters"),
    "half_right_chapter_2": mistake("ch02_request", "2.2", "splits_at_colon_and_space"),
    "half_right_chapter_3": mistake("ch03_environ", "3.11", "forgets_the_query"),
    "half_right_chapter_4": mistake("ch04_response", "4.1", "looks_at_the_first_three_characters_only"),
    "half_right_chapter_5": mistake("ch05_middleware", "5.7", "asks_startswith"),
    "port_taken": Case(lambda sources: sources, program("ch01_socket", "--bind", f"127.0.0.1:{TAKEN}")),
    "bad_bind": Case(lambda sources: sources, program("ch01_socket", "--bind", "8000")),
}


def files() -> dict[Path, str]:
    """Return the golden texts by their paths. Several cases run at once."""
    with socket.create_server(("127.0.0.1", 0)) as taken, ThreadPoolExecutor(2) as pool:
        port = str(taken.getsockname()[1])
        texts = pool.map(lambda case: shown(case, port), CASES.values())
        return dict(zip((FOLDER / f"{name}.txt" for name in CASES), texts, strict=True))


def shown(case: Case, port: str) -> str:
    """Return what a case prints, masked; the port is one that is taken."""
    with tempfile.TemporaryDirectory(prefix="feedback-") as folder:
        fill(folder, {stem: source.replace(TAKEN, port) for stem, source in case.change(reference()).items()})
        words = [word.replace(TREE, folder).replace(TAKEN, port) for word in case.words]
        run = subprocess.run([sys.executable, *words], cwd=PROJECT.root, env=contained_environment(COLUMNS="80"),
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=100)
        return masked(run.stdout.decode("utf-8"), folder) + f"(exit status {run.returncode})\n"


def masked(text: str, folder: str) -> str:
    """Return a text without what differs from run to run; folder is shown as `chapters`."""
    text = re.sub(rf"[^\s'\"]*{re.escape(Path(folder).name)}", "chapters", text)
    text = text.replace("/chapters/", "chapters/").replace("\\", "/") if sys.platform == "win32" else text
    for pattern, replacement in MASKS.items():
        text = re.sub(pattern, replacement, text, flags=re.MULTILINE)
    return text
