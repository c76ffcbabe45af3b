"""Golden feedback: the exact text that a learner is shown for typical states of their files.

Each case makes a tree, runs a command on it, and compares what is printed with `feedback/NAME.txt`. The tree's folder
is shown as `chapters`; what differs from run to run (times, ports) is masked.

    python -m dev regenerate              write all texts anew; then read what has changed
"""
import re
import socket
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from dev.bank.versions import all_versions
from workshop.checking.programs import environment
from workshop.course.bodies import replace_bodies
from workshop.course.starters import derive
from workshop.course.steps import ROOT, all_steps, stems

FOLDER = Path(__file__).parent / "golden"
MASKS = {
    r"in \d+\.\d+s( \(\d:\d\d:\d\d\))?": "in … s",
    r"127\.0\.0\.1:\d{4,5}": "127.0.0.1:PORT",
    r"\(host, \d{4,5}\)": "(host, PORT)",
    r"\[\d\d/\w{3}/\d{4}:[^\]]+\]": "[DATE]",
    r"\d+\.\d{3}$": "TIME",
    r"=+( [^=\n]+ )=+": r"===\1===",
    r"_{3,}( [^\n]+ )_{3,}": r"___\1___",
    r"[ \t]+$": "",
    # How many checks there are changes with every new one. Of their marks, those that there are remain.
    r"^collected .*": "collected … items",
    r"^(tests/\S+) ((?:[.F○-]+ +\[ *\d+%\]\n)+)":
        lambda match: f"{match[1]} {''.join(dict.fromkeys(re.findall('[.F○-]', match[2])))} …\n",
    r"\d+ (deselected|passed|also wrong|not started|not checked)(?! of)": r"… \1",
    r"\d+ of \d+ checks": "… of … checks",
    r"also \d+ more": "also … more",
}


@dataclass
class Case:
    """A state of the learner's files, and a command."""

    change: object  # a function from {stem: source of the reference} to the sources of the learner
    command: list  # what follows `python`; {tree} stands for the folder


def checks(stem, *more):
    """Return the command that checks a chapter."""
    return ["-m", "pytest", "-o", "pythonpath={tree}", "--color=no", "--check-seconds=2", "-p", "no:cacheprovider",
            f"tests/{stem}", *more]


def program(stem, *more):
    """Return the command that runs a chapter."""
    return [f"{{tree}}/{stem}.py", *more]


def starters(sources):
    """All chapters as they are before one begins."""
    return {stem: derive(source) for stem, source in sources.items()}


def body(number, text):
    """Return a change: this body in a step of the reference."""
    step = all_steps()[number]
    stem = step.path.stem
    return lambda sources: sources | {stem: replace_bodies(sources[stem], {step.name: text})}


def text(stem, old, new):
    """Return a change: new in place of old in a chapter of the reference; old None stands for all of it."""
    def change(sources):
        assert old is None or old in sources[stem]
        return sources | {stem: new if old is None else sources[stem].replace(old, new)}

    return change


def mistake(number, name):
    """Return the case of a mistake from the bank: its chapter is checked, but for the programs."""
    version = next(version for version in all_versions() if (version.step.number, version.name) == (number, name))
    return Case(body(number, version.body), checks(version.step.path.stem, "-m", "not program"))


def the_port_is_taken(sources):
    """The learner's open_listener listens on a port of its own choice, which another program has."""
    return body("1.4", f"""\
listener = socket.socket()
listener.bind((host, {TAKEN.getsockname()[1]}))
listener.listen()
return listener
""")(sources)


TAKEN = socket.create_server(("127.0.0.1", 0))

CASES = {
    "fresh_starter": Case(starters, checks("ch01_socket")),
    "fresh_starter_run_as_a_program": Case(starters, program("ch04_response")),
    "empty_file": Case(text("ch01_socket", None, ""), checks("ch01_socket")),
    "syntax_error": Case(text("ch01_socket", "return head, rest", "return head, rest("), checks("ch01_socket")),
    "error_on_import": Case(text("ch01_socket", "LINGER = 1", "LINGER = on"), checks("ch01_socket")),
    "missing_function": Case(text("ch01_socket", "def read_head(", "def _("),
                             checks("ch01_socket", "-k", "TestReadHead")),
    "misspelt_name": Case(text("ch01_socket", "def read_head(", "def raed_head("),
                          checks("ch01_socket", "-k", "TestReadHead")),
    "returns_none": Case(body("1.1", "content = body.encode()"), checks("ch01_socket", "-k", "TestBuildResponse")),
    "exception_inside": Case(body("2.2", 'name, value = line.decode().split(b": ")\nreturn name, value'),
                             checks("ch02_request", "-k", "TestParseField")),
    "the_raise_is_still_there": Case(
        body("2.2", 'name, _, value = line.partition(b":")\nraise NotImplementedError("step 2.2: write parse_field")'),
        checks("ch02_request", "-k", "TestParseField")),
    "endless_loop": Case(body("1.2", "while True: pass"), checks("ch01_socket", "-k", "TestReadHead", "-x")),
    "sys_exit": Case(body("1.1", "sys.exit(0)"), checks("ch01_socket", "-k", "TestBuildResponse")),
    "server_dies_at_start": Case(body("1.5", "connection = listener.acept()"),
                                 checks("ch01_socket", "-k", "TestServe and not asked_to")),  # a race with its end
    "program_dies_at_start": Case(body("1.4", "return socket.bind((host, port))"),
                                  checks("ch01_socket", "-k", "test_the_program_answers")),
    "port_taken_by_the_learner": Case(the_port_is_taken, checks("ch01_socket", "-k", "TestOpenListener")),
    "half_right_chapter_1": mistake("1.1", "content_length_counts_characters"),
    "half_right_chapter_2": mistake("2.2", "splits_at_colon_and_space"),
    "half_right_chapter_3": mistake("3.10", "forgets_the_query"),
    "half_right_chapter_4": mistake("4.1", "looks_at_the_first_three_characters_only"),
    "half_right_chapter_5": mistake("5.7", "asks_startswith"),
    "port_taken": Case(lambda sources: sources, program("ch01_socket", "--bind", "127.0.0.1:{taken}")),
    "bad_bind": Case(lambda sources: sources, program("ch01_socket", "--bind", "8000")),
}


def shown(case):
    """Return what a case prints, masked."""
    sources = {stem: (ROOT / "solutions" / f"{stem}.py").read_text(encoding="utf-8") for stem in stems()}
    with tempfile.TemporaryDirectory(prefix="feedback-") as folder:
        for stem, source in case.change(sources).items():
            Path(folder, f"{stem}.py").write_text(source, encoding="utf-8")
        command = [word.format(tree=folder, taken=TAKEN.getsockname()[1]) for word in case.command]
        run = subprocess.run([sys.executable, *command], cwd=ROOT, env=environment(COLUMNS="80"),
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=100)
        return masked(run.stdout.decode("utf-8"), folder) + f"(exit status {run.returncode})\n"


def masked(text, folder):
    """Return a text without what differs from run to run; folder is shown as `chapters`."""
    text = re.sub(rf"[^\s'\"]*{re.escape(Path(folder).name)}", "chapters", text)
    text = text.replace("/chapters/", "chapters/").replace("\\", "/") if sys.platform == "win32" else text
    for pattern, replacement in MASKS.items():
        text = re.sub(pattern, replacement, text, flags=re.MULTILINE)
    return text


def texts():
    """Return what each case prints, by name. Several run at once."""
    with ThreadPoolExecutor(2) as pool:
        return dict(zip(CASES, pool.map(shown, CASES.values()), strict=True))


def main():
    """Write all golden texts."""
    FOLDER.mkdir(exist_ok=True)
    for name, printed in texts().items():
        (FOLDER / f"{name}.txt").write_text(printed, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
