"""Code that is broken, or hostile by accident, is ended in time, told in a sentence, and leaves nothing behind.

Each case puts a few bodies, or a whole file, into a learner's chapter 1, and checks some steps. Those that were chosen
run before the first test, two at a time, with short deadlines.
"""
import os
import re
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest

from dev import PROJECT
from dev.sandbox import own
from dev.tests.conftest import chosen
from dev.tests.test_golden_texts import LEAKED
from workshop.checking import workers
from workshop.checking.ended_processes import BROKEN
from workshop.checking.runs import Run
from workshop.checking.verdict import Verdict
from workshop.course.source import body_of, replace_bodies
from workshop.course.step_states import State
from workshop.machine.containment import tagged
from workshop.machine.interpreter import python_for_checks
from wsgi_contract.launching import machine_is_slow

pytestmark = pytest.mark.skipif(os.name == "nt", reason="many of these are of Unix alone")


def busy():
    """Return how many times as slow as a machine at rest this one is, by its load of the last minute.

    Twice at least: two cases run at once, beside other tests, whose load may have just begun.
    """
    return max(2, round(os.getloadavg()[0] / (os.cpu_count() or 1))) if hasattr(os, "getloadavg") else 2


BUSY = busy()
SECONDS, GRACE = 0.5 * BUSY, 0.8 * BUSY  # for a check, and until its process is ended
SLOW = "it is slow in each check"
LIMIT = 30  # seconds for a case, as many times as the machine is busy: nothing hangs
SOURCE = own()["ch01_socket"]
RIGHT = body_of(SOURCE, "build_response")
PASSES = {"1.1": ""}

ENDLESS = "your code does not end: it was stopped after "
DEAF = "your code does not end, and cannot be interrupted"
MEMORY = "your code asks for more memory than a check may have" if sys.platform == "linux" else ""  # or anything else
PYTHON_ENDS = "your code ends Python itself, with exit status"


@dataclass
class Trap:
    """Code, and the beginning of what is told of each step ("" for one that passes); None if it is never the same."""

    code: str
    told: dict = field(default_factory=lambda: {"1.1": ""})
    where: str = "build_response"  # the function that it is the body of; "" if it is a whole file

    def source(self):
        """Return the chapter's source."""
        code = self.code.replace("{FOLDER}", "{os.path.dirname(__file__)}")
        return replace_bodies(SOURCE, {self.where: code}) if self.where else code


def ends(code, problem):
    """Return a case: code in step 1.1, which is told as problem, and spoils nothing for 1.2."""
    return Trap(code, {"1.1": problem, "1.2": ""})


def harmless(code):
    """Return a case: code before the right answer, which passes all the same."""
    return Trap(f"{code}\n{RIGHT}", {"1.1": "", "1.2": ""})


def at_import(code, problem):
    """Return a case: code that runs when the chapter is imported."""
    return Trap(f"{SOURCE}\n\n{code}\n", {"1.1": problem}, "")


CASES = {
    "an endless loop": ends("while True: pass", ENDLESS),
    "an endless loop that prints": ends("while True: print('x')", ENDLESS),
    "output without end and without lines": ends("while True: sys.stdout.write('x' * 100_000)", ENDLESS),
    "output to the descriptor without end": ends("while True: os.write(2, b'x' * 100_000)", ENDLESS),
    "a loop that catches everything": ends(
        "while True:\n    try:\n        while True: time.sleep(0.01)\n    except BaseException: pass", DEAF),
    "a loop that prints and catches everything": ends(
        "while True:\n    try:\n        while True: print('x', time.sleep(0.01))\n    except: print('again')", DEAF),
    "Ctrl-C is ignored": ends("signal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: time.sleep(0.01)", DEAF),
    "all signals are ignored": ends(
        "for number in (signal.SIGINT, signal.SIGTERM, signal.SIGUSR1): signal.signal(number, signal.SIG_IGN)\n"
        "while True: time.sleep(0.01)", DEAF),
    "a computation without end": ends("import itertools\nsum(itertools.count())", DEAF),
    "a number that is too large": ends("return 10 ** 10 ** 9", (DEAF, MEMORY)),
    "a generator without end": ends("def numbers():\n    while True: yield b''\nreturn b''.join(numbers())", (
        ENDLESS, MEMORY)),
    "a regular expression without end": ends("re.match('(a+)+$', 'a' * 60 + 'b')", (ENDLESS, DEAF)),
    "no other thread has a turn": ends("sys.setswitchinterval(1000)\nwhile True: pass", (DEAF, ENDLESS)),
    "it sleeps": ends("time.sleep(60)", ENDLESS),
    "it waits for itself": ends("import threading\nlock = threading.Lock()\nlock.acquire()\nlock.acquire()", ENDLESS),
    SLOW: ends(f"time.sleep({SECONDS * 0.6})\n{RIGHT}", (
        "your code is slow: the checks of this step have", ENDLESS)),  # the second where the machine proves slow
    "sys.exit": ends("sys.exit(0)", "your code ends the program (SystemExit)"),
    "os._exit with 0": ends("os._exit(0)", PYTHON_ENDS + " 0"),
    "os._exit with 3": ends("os._exit(3)", PYTHON_ENDS + " 3"),
    "os.abort": ends("os.abort()", "Python was killed by SIGABRT while this check ran"),
    "it kills itself": ends("os.kill(os.getpid(), signal.SIGKILL)", "Python was killed by SIGKILL"),
    "it asks itself to end": ends("os.kill(os.getpid(), signal.SIGTERM)", "Python was killed by SIGTERM"),
    "it reads where nothing is": ends("import ctypes\nctypes.string_at(0)", "Python was killed by SIGSEGV"),
    "KeyboardInterrupt": ends("raise KeyboardInterrupt", "your code raises KeyboardInterrupt"),
    "GeneratorExit": ends("raise GeneratorExit", "your code raises GeneratorExit"),
    "an exception of its own that is no Exception": ends(
        "class Stop(BaseException): pass\nraise Stop('enough')", "your code raises Stop: enough"),
    "recursion": ends("return build_response(body)", "your code calls itself without end (RecursionError)"),
    "recursion without a limit": ends("sys.setrecursionlimit(10 ** 9)\nreturn build_response(body)", (
        MEMORY, "Python was killed by SIGSEGV", ENDLESS, DEAF, "your code ends Python itself")),
    "a string of a gigabyte": ends("return 'x' * 10 ** 9", (MEMORY,)),
    "a list that grows": ends("kept = []\nwhile True: kept.append('x' * 10 ** 7)", (MEMORY, ENDLESS)),
    "a file that grows": ends("with open('log', 'wb') as log:\n    while True: log.write(bytes(10 ** 7))", (
        "your code raises OSError: [Errno 27] File too large", ENDLESS)),
    "it waits for the keyboard": ends("input('name? ')", "your code waits for the keyboard (EOFError)"),
    "an exception that cannot be shown": ends(
        "class Odd(Exception):\n    def __str__(self): raise ValueError\nraise Odd", "your code raises Odd"),
    "a result that cannot be shown": ends(
        "class Odd:\n    def __repr__(self): return 1 / 0\nreturn Odd()", "your code raises ZeroDivisionError"),
    "built-in functions are gone": ends("import builtins\nbuiltins.len = builtins.isinstance = None", (
        "the checks themselves break while your code runs", "the check itself breaks")),
    "modules are gone": ends("sys.modules.clear()", (  # and what comes back is wrong besides
        "the checks themselves break while your code runs", "the check itself breaks",
        "build_response returns None, not bytes")),
    "it traces itself": ends(
        "sys.settrace(lambda *event: 1 / 0)\nopen_listener()", "your code raises ZeroDivisionError"),
    "it prints before it fails": ends("print('so far')\nreturn body", "build_response returns a str, not bytes"),
    # What is odd, and no mistake as far as this step goes.
    "it reads all of the keyboard": harmless("sys.stdin.read()"),
    "stdout is closed": harmless("sys.stdout.close()"),
    "stdout is None": harmless("sys.stdout = sys.stderr = None"),
    "the standard streams are closed": harmless(
        "for number in range(3):\n    try: os.close(number)\n    except OSError: pass"),
    "the clock stands still": harmless("time.time = lambda: 0.0"),
    "everything that is open is closed": harmless("os.closerange(3, 200)"),
    "it goes away": harmless("os.chdir('/')"),
    "the environment is emptied": harmless("os.environ.clear()"),
    "a thread that never ends": harmless("import threading\nthreading.Thread(target=time.sleep, args=[99]).start()"),
    "a thread that prints without end": harmless(
        "import threading\ndef talk():\n    while True: print('x')\n"
        "if threading.active_count() < 3: threading.Thread(target=talk, daemon=True).start()"),
    "a child that is left": harmless(
        "import subprocess\nsubprocess.Popen([sys.executable, '-c', 'import time; time.sleep(99)'])"),
    "a child in a session of its own": harmless("import subprocess\nsubprocess.Popen([sys.executable, '-c', "
                                                "'import time; time.sleep(99)'], start_new_session=True)"),
    "a grandchild that nobody knows": harmless(
        "if os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0: time.sleep(99)\n    os._exit(0)"),
    "a fork that goes on as we do": harmless("os.fork()"),
    "a storm of forks": harmless(
        "if not hasattr(sys, 'first'):\n    sys.first = os.getpid()\n    for _ in range(5): os.fork() or os.setsid()\n"
        "    if os.getpid() != sys.first: time.sleep(99)"),
    "something to do at the end that never ends": harmless("import atexit\natexit.register(time.sleep, 99)"),
    "an error when something is deleted": harmless("class Odd:\n    def __del__(self): 1 / 0\nOdd()"),
    "warnings are errors": harmless("import warnings\nwarnings.simplefilter('error')"),
    "the file is deleted": harmless("if os.path.exists(__file__): os.remove(__file__)"),
    "the file is rewritten": harmless("with open(__file__, 'w') as file: file.write('')"),
    "the folder is deleted": harmless("import shutil\nshutil.rmtree(os.path.dirname(__file__), ignore_errors=True)"),
    "the current folder is emptied": harmless("for name in os.listdir(): os.remove(name)"),
    "the current folder is gone": harmless("try: os.rmdir(os.getcwd())\nexcept OSError: pass"),
    "the journal is gone": Trap("os.remove(f'{FOLDER}/../journal')", {"1.1": BROKEN[0], "1.2": ""}),
    "the journal is emptied": Trap("open(f'{FOLDER}/../journal', 'w').close()", {"1.1": BROKEN[0], "1.2": ""}),
    "the journal is written to": Trap(
        "with open(f'{FOLDER}/../journal', 'a') as file: file.write('[]\\n{')", {"1.1": BROKEN[0], "1.2": ""}),
    "the journal has other entries": Trap(
        "with open(f'{FOLDER}/../journal', 'w') as file: file.write(' ' * 9999 + '\\n{\"step\": \"1.1\"}\\n')",
        {"1.1": BROKEN[0], "1.2": ""}),
    "a thread that waits at the end of import": Trap(
        f"{SOURCE}\n\nimport threading\nthreading.Thread(target=time.sleep, args=[99]).start()\n", PASSES, ""),
    # When the file is imported.
    "the import never ends": at_import("while True: pass", ENDLESS),
    "the import prints without end": at_import("while True: print('x')", ENDLESS),
    "the import ends Python": at_import("os._exit(1)", PYTHON_ENDS + " 1"),
    "the import exits": at_import("sys.exit()", "ch01_socket.py raises SystemExit when it is imported"),
    "the import waits for the keyboard": at_import("input()", "ch01_socket.py raises EOFError when it is imported"),
    "the import serves": at_import("main(handle, 'now')", None),
    "a file that is no text": Trap("\0", {"1.1": ("ch01_socket.py:1 is not Python", "ch01_socket.py raises")}, ""),
    "an empty file": Trap("", {"1.1": "ch01_socket.py has no build_response"}, ""),
    # Servers.
    "a server that never accepts": Trap("while True: time.sleep(1)", {"1.5": ENDLESS}, "serve"),
    "a server that accepts and never answers": Trap("time.sleep(99)", {"1.3": ENDLESS}, "handle"),
    "a server that answers without end": Trap("while True: connection.sendall(b'x')", {"1.3": ENDLESS}, "handle"),
    "a server that keeps the port": Trap(
        "global kept\nkept = socket.create_server((host, port))\nreturn kept.dup()", {"1.4": None}, "open_listener"),
}


EACH = pytest.mark.parametrize("name", CASES)


class Recorded(workers.Contained):
    """A contained process whose tag is noted, by thread."""

    tags = {}

    def __init__(self, *arguments, **named):
        super().__init__(*arguments, **named)
        self.tags.setdefault(threading.get_ident(), []).append(self.tag)


@dataclass
class Ending:
    """What became of a case."""

    verdicts: dict
    seconds: float
    left: list  # ids of processes
    busy: int  # how busy the machine was at the most
    source: str  # of the learner's file
    excused: bool  # whether it is slow code, and the machine was slow


def outcome(case, folder):
    """Run a case in a folder and return its Ending."""
    path = folder / "ch01_socket.py"
    path.write_text(case.source(), encoding="utf-8")
    begun, more = time.monotonic(), max(1, busy() / BUSY)
    run = Run(PROJECT, list(case.told), folder, python=python_for_checks(PROJECT.root), seconds=SECONDS * more,
              grace=GRACE * more)
    for _ in run.results():
        pass
    tags = Recorded.tags.pop(threading.get_ident())
    return Ending(run.verdicts, time.monotonic() - begun, [found for tag in tags for found in tagged(tag)],
                  max(BUSY, busy()), path.read_text(encoding="utf-8"), case is CASES[SLOW] and machine_is_slow())


@pytest.fixture(scope="module")
def findings(request, tmp_path_factory):
    """What became of each case that was chosen, by name."""
    names = chosen(request)
    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(2) as pool:
        patch.setattr(workers, "Contained", Recorded)
        folders = [tmp_path_factory.mktemp("chapters") for _ in names]
        return dict(zip(names, pool.map(outcome, map(CASES.get, names), folders), strict=True))


@EACH
def test_the_right_sentence_is_told_and_other_steps_have_their_verdicts(name, findings):
    if findings[name].excused:
        pytest.skip("the machine was slow: code is not blamed for that")
    for number, beginnings in CASES[name].told.items():
        verdict = findings[name].verdicts.get(number, Verdict(number))
        assert verdict.state == (State.YOURS if beginnings == "" else State.WRONG), f"{number}: {verdict.text}"
        if beginnings:
            assert verdict.problem.startswith(beginnings), verdict.text


@EACH
def test_it_ends_in_time_and_leaves_no_process_and_the_file_as_it_was(name, findings):
    finding = findings[name]
    assert finding.seconds < LIMIT * finding.busy
    assert not finding.left
    assert finding.source == CASES[name].source()


@pytest.mark.parametrize("name", ["a loop that catches everything", "Ctrl-C is ignored"])
def test_the_line_of_code_that_cannot_be_interrupted_is_told(name, findings):
    place = re.search(r"your code  \S*ch01_socket\.py:(\d+)  (.*)", findings[name].verdicts["1.1"].text)
    assert CASES[name].source().splitlines()[int(place[1]) - 1].strip() == place[2]


@EACH
def test_no_traceback_is_shown(name, findings):
    texts = [verdict.text for verdict in findings[name].verdicts.values()]
    assert not [text for text in texts if LEAKED.search(text)]
    assert not [text for text in texts if re.search(r"\bworkshop-\w{8}\b", text)], "the place is that of a copy"


def test_there_are_many_kinds():
    assert len(CASES) >= 40


def test_a_journal_that_is_emptied_before_any_of_it_was_read_costs_another_process(tmp_path, monkeypatch):
    case, late, read = CASES["the journal is emptied"], [], workers.Worker.read_from

    def read_late(worker, place):
        late.append(worker)
        if worker is late[0]:
            worker.contained.process.wait(120)
        return read(worker, place)

    monkeypatch.setattr(workers.Worker, "read_from", read_late)
    (tmp_path / "ch01_socket.py").write_text(case.source(), encoding="utf-8")
    run = Run(PROJECT, list(case.told), tmp_path, python=python_for_checks(PROJECT.root), seconds=SECONDS, grace=GRACE)
    said = {verdict.number: verdict.text for verdict in run.results()}
    assert BROKEN[0] in said["1.1"] and len(set(map(id, late))) > 1
