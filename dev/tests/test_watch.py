"""`watch`: a verdict for each save, however it is made; keys; and the terminal as it was."""
import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from types import SimpleNamespace

import pytest

from dev import PROJECT
from dev.latency import Watching, save
from dev.sandbox import noted
from workshop.checking import file_watcher
from workshop.checking.verdict import Verdict
from workshop.course.project import Project
from workshop.course.roads import roads
from workshop.machine.containment import end_group, own_group
from workshop.pages.watching import page, success
from workshop.terminal.screen import Lines, fitting, rows
from workshop.verbs import watch

STEM = "ch01_socket"
WHOLE = roads(PROJECT)["whole"]
WRONG = "return body"
SECONDS = 30  # for a page to appear, on a machine that is busy


@pytest.fixture(scope="module")
def praise():
    """The pattern of what `watch` says when all checks of step 1.1 pass; pytest itself says how many there are."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "--only-steps=1.1", f"tests/{STEM}"]
    collected = subprocess.run(command, cwd=PROJECT.root, capture_output=True, text=True).stdout
    count = re.search(r"(\d+)(?:/\d+)? tests collected", collected)[1]
    return rf"✔ 1\.1 build_response: all {count} checks pass\."


@pytest.fixture
def repository(fresh_sandbox):
    repository = fresh_sandbox("mine")
    repository.solve(STEM)
    return repository


@pytest.fixture
def watching(repository):
    """`watch 1.1`, without a terminal, after the first verdict."""
    watching = Watching(repository, "1.1")
    try:
        watching.wait_for("✔ 1.1 ")
        yield watching
    finally:
        watching.end()


def test_each_save_has_its_verdict_however_fast_they_follow(repository, watching, praise):
    for count in range(3):
        save(repository, STEM, build_response=f"return body * {count}")
    watching.wait_for("✘ build_response returns a str, not bytes")
    save(repository, STEM, build_response="return None")
    save(repository, STEM)
    assert re.match(praise, watching.wait_for("✔ 1.1 ")[-1])


def test_a_file_that_is_written_in_place_with_the_same_length_is_checked_anew(repository, watching):
    text = repository.path(STEM).read_text(encoding="utf-8")
    repository.path(STEM).write_text(text.replace("HTTP/1.1 {", "HTTP/1.7 {"), encoding="utf-8")
    watching.wait_for("✘ the first line is not the status line")


def test_a_file_may_go_and_come_back(repository, watching):
    text = repository.path(STEM).read_text(encoding="utf-8")
    repository.path(STEM).unlink()
    watching.wait_for("✘ there is no file ch01_socket.py")
    repository.path(STEM).write_text(text, encoding="utf-8")
    watching.wait_for("✔ 1.1 ")


def test_code_that_is_no_python_or_never_ends_is_told_and_the_next_save_counts(repository, watching):
    repository.write(STEM, "def build_response(:\n")
    watching.wait_for("✘ chapters/ch01_socket.py:1 is not Python")
    save(repository, STEM, build_response="while True: pass")
    time.sleep(0.5)  # so that the loop runs
    save(repository, STEM)
    lines = watching.wait_for("✔ 1.1 ")
    assert not [line for line in lines if "wrong" in line and "1.2" in line]


def test_another_branch_may_come_with_other_checks(repository, watching):
    for path in [*(repository.root / "tests").rglob("*.py"), *(repository.root / "solutions").glob("*.py")]:
        path.write_text(path.read_text(encoding="utf-8") + "# of another branch\n", encoding="utf-8")
    save(repository, STEM, build_response=WRONG)
    watching.wait_for("✘ build_response returns a str, not bytes")


def test_what_is_taken_from_the_reference_is_borrowed_and_not_praised_as_ones_own(repository, watching):
    save(repository, STEM, build_response=WRONG)
    watching.wait_for("✘ build_response returns a str, not bytes")
    repository.write(STEM, noted(STEM))
    watching.wait_for("≡ 1.1 build_response: all ")


def test_a_file_that_hides_a_module_is_named(repository, watching):
    (repository.root / "chapters" / "signal.py").write_text("MINE = True\n", encoding="utf-8")
    save(repository, STEM, build_response=WRONG)
    lines = watching.wait_for("✘ build_response returns a str, not bytes")
    assert any(line.startswith("chapters/signal.py hides the module signal that checks and") for line in lines), lines


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_when_it_is_asked_to_and_leaves_nothing(repository, watching, how):
    watching.process.send_signal(how)
    assert watching.process.wait(SECONDS) == 130
    with pytest.raises(ProcessLookupError):
        os.killpg(watching.process.pid, 0)
    end = time.monotonic() + SECONDS  # one that was just being started ends by itself, for nobody speaks to it
    while repository.processes() and time.monotonic() < end:
        time.sleep(0.1)
    assert not repository.processes()


class Terminal:
    """`watch` in a terminal of 80 columns and 30 lines."""

    def __init__(self, repository, *words):
        import fcntl
        import pty
        import struct
        import termios

        self.ours, self.theirs = pty.openpty()
        fcntl.ioctl(self.theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 80, 0, 0))
        self.usual = termios.tcgetattr(self.theirs)
        environment = repository.environment(TERM="xterm")
        del environment["COLUMNS"]
        self.process = subprocess.Popen([sys.executable, "-m", "workshop", "watch", *words], cwd=repository.root,
                                        env=environment, stdin=self.theirs, stdout=self.theirs, stderr=self.theirs,
                                        **own_group())
        self.shown = ""

    def wait_for(self, pattern):
        """Return the page (the text since the screen was last cleared) that a pattern is found in."""
        import select

        end = time.monotonic() + SECONDS
        while not re.search(pattern, self.page()):
            ready, _, _ = select.select([self.ours], [], [], max(end - time.monotonic(), 0))
            assert ready, f"{pattern} is not shown, but:\n{self.page()}"
            self.shown += os.read(self.ours, 65_536).decode("utf-8", "replace").replace("\r\n", "\n")
        return self.page()

    def page(self):
        return self.shown.rpartition("\x1b[2J\x1b[H")[2]

    def press(self, key):
        """Press a key; what was shown before is forgotten."""
        self.shown = ""
        os.write(self.ours, key.encode())

    def mode(self):
        import termios

        return termios.tcgetattr(self.theirs)

    def end(self):
        end_group(self.process)
        os.close(self.ours)
        os.close(self.theirs)


@pytest.fixture
def terminal(repository):
    if os.name == "nt":
        pytest.skip("Windows has no pseudo-terminals that Python can open")
    repository.solve(STEM)
    terminal = Terminal(repository)
    try:
        terminal.wait_for("n next · h hint · r run again · l list · q quit")
        yield terminal
    finally:
        terminal.end()


def test_a_success_stays_on_the_screen_until_a_key_is_pressed(repository, terminal, praise):
    save(repository, STEM, build_response=WRONG)
    assert "step 1.1 build_response: " in terminal.wait_for("✘ build_response returns a str, not bytes")
    save(repository, STEM)
    page = terminal.wait_for(praise + r"(.|\n)*1  ✔✔✔✔✔")
    assert "Return a whole HTTP response" in page and re.search("Next: 2.1 .*chapters/ch02_request.py:", page)
    assert "All of chapter 1 passes." in page
    save(repository, STEM, read_head="return b'', b''")
    assert "1.1 build_response: all " in terminal.wait_for("✘ 1.2 read_head: ")
    terminal.press("n")
    assert "checks pass" not in terminal.wait_for("1.2 read_head")


def test_keys_show_a_hint_the_list_and_the_verdict_again(terminal):
    terminal.wait_for("○ 2.1 parse_request_line is not started: chapters/ch02_request.py:")
    terminal.press("h")
    terminal.wait_for("Hint 1 of 3")
    terminal.press("h")
    terminal.wait_for("Hint 2 of 3")
    terminal.press("l")
    terminal.wait_for("5  ○○○○○ ○○○○○")
    terminal.wait_for(r"> ○ 2\.1")
    terminal.press("r")
    terminal.wait_for(r"○ 2\.1 parse_request_line is not started")


def test_a_notebook_that_is_damaged_is_told_and_watch_goes_on(repository, terminal):
    terminal.wait_for("○ 2.1 parse_request_line is not started")
    (repository.root / "notebooks" / "ch02_request.ipynb").write_text("{", encoding="utf-8")
    terminal.press("h")
    terminal.wait_for("notebooks/ch02_request.ipynb cannot be read")
    terminal.press("r")
    terminal.wait_for("○ 2.1 parse_request_line is not started")


def test_a_key_that_is_no_character_asks_for_nothing_and_takes_a_success_away(repository, terminal, praise):
    terminal.wait_for("○ 2.1 ")
    for key in ("\x1b[H", "\x1bOR", "\x1b[1;5H", "\x1bq"):  # Home, F3, Ctrl-Home, Alt-q: they send H, R and q
        terminal.press(key)
    terminal.press("l")
    assert "Hint" not in terminal.wait_for("> ○ 2.1") and terminal.process.poll() is None
    save(repository, STEM, build_response=WRONG)
    terminal.wait_for("✘ build_response returns a str, not bytes")
    save(repository, STEM)
    terminal.wait_for(praise + r"(.|\n)*1  ✔✔✔✔✔")
    terminal.press("\x1b[H")
    assert "checks pass" not in terminal.wait_for("○ 2.1 parse_request_line is not started")


@pytest.mark.parametrize("ask, status", [
    pytest.param(lambda terminal: terminal.press("q"), 0, id="q"),
    pytest.param(lambda terminal: terminal.process.send_signal(signal.SIGINT), 130, id="Ctrl-C"),
    pytest.param(lambda terminal: terminal.process.send_signal(signal.SIGTERM), 130, id="SIGTERM"),
])
def test_the_terminal_is_as_it_was_however_watch_ends(terminal, ask, status):
    assert terminal.mode() != terminal.usual
    ask(terminal)
    assert terminal.process.wait(SECONDS) == status
    assert terminal.mode() == terminal.usual


# Without a process.


@pytest.fixture
def files(repository, monkeypatch):
    monkeypatch.setattr(file_watcher, "PAUSE", 0)
    monkeypatch.setattr(file_watcher, "THOROUGH", 0.1)
    return file_watcher.FileWatcher(Project(repository.root))


def test_a_change_that_neither_time_nor_size_nor_inode_tells_is_noticed_soon(repository, files):
    path = repository.path(STEM)
    before = path.stat()
    path.write_text(path.read_text(encoding="utf-8").replace("200 OK", "200 KO"), encoding="utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    time.sleep(0.11)
    assert files.changed() == {path} and files.changed() == set()


def test_a_file_that_is_touched_has_not_changed(repository, files):
    repository.path(STEM).touch()
    assert files.changed() == set()


def test_checks_and_the_reference_are_watched_too(repository, files):
    new = repository.root / "workshop" / "checking" / "new.py"
    new.write_text("", encoding="utf-8")
    time.sleep(0.11)
    assert files.changed() == {new}


def test_a_page_says_what_is_wrong_elsewhere_in_the_chapter():
    known = {number: Verdict(number, ["passed"]) for number in PROJECT.steps}
    known["1.3"] = Verdict("1.3", ["failed"], "step 1.3 handle: …\n✘ it never closes")
    lines = page(PROJECT, WHOLE, "1.1", known, praised=True)
    assert "  ✘ 1.3 handle: it never closes" in lines and "1  ✔✔✘✔✔" in lines[-2]
    assert any(line.startswith("Next: 1.3 handle") for line in lines)


def test_a_page_that_is_too_long_is_cut_before_the_lines_that_sum_up():
    lines = [*("x" * 50 for _ in range(20)), "", "1  ✔○○○○"]
    cut = fitting(lines, columns=40, room=10)
    assert cut == ["x" * 50] * 3 + ["…", "", "1  ✔○○○○"] and sum(rows(line, 40) for line in cut) <= 10
    assert fitting(lines, columns=40, room=42) == lines
    assert rows("\x1b[32m" + "x" * 40 + "\x1b[0m", 40) == rows("", 40) == 1


@pytest.mark.parametrize("step", PROJECT.steps.values(), ids=lambda step: step.number)
def test_an_achievement_is_one_sentence(step, monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    known = {number: Verdict(number, ["passed"]) for number in PROJECT.steps} | {"1.1": Verdict("1.1", ["failed"])}
    lines = success(PROJECT, WHOLE, step, known | {step.number: Verdict(step.number, ["passed"])})
    sentence = "\n".join(lines[1:]).partition("\n\n")[0].partition("\n  All of chapter ")[0].strip()
    assert sentence.endswith(".") and 10 < len(sentence) < 300 and ". " not in sentence


@pytest.mark.parametrize("borrowed, said", [
    ([], "You have built it all. What now: python3 -m workshop --help"),
    (["1.2", "5.10"], f"All steps pass. Your server: {len(PROJECT.course) - 2} steps yours, 2 borrowed from the "
                      "reference. To write one that is borrowed, such as 1.2: python3 -m workshop reset 1.2"),
])
def test_at_the_end_it_says_who_has_built_it(borrowed, said):
    known = {number: Verdict(number, ["passed"], borrowed=number in borrowed) for number in PROJECT.steps}
    assert said in " ".join(" ".join(page(PROJECT, WHOLE, "5.9", known, praised=True)).split())


@pytest.mark.parametrize("verdict, said", [
    (Verdict("1.2", ["passed"]), "✔ 1.2 read_head passes."),
    (Verdict("1.2", ["passed"], borrowed=True), "≡ 1.2 read_head is borrowed from the reference."),
    (Verdict("1.2", ["not started"], "step 1.1 build_response, chapters/ch01_socket.py:45"),
     "◊ 1.2 read_head waits for step 1.1 build_response, chapters/ch01_socket.py:45"),
    (Verdict("1.2"), "○ 1.2 read_head is not started: chapters/ch01_socket.py:"),
])
def test_a_page_says_how_a_step_stands(verdict, said):
    known = {number: Verdict(number) for number in PROJECT.steps} | {"1.2": verdict}
    lines = page(PROJECT, WHOLE, "1.2", known, praised=False)
    assert lines[0].startswith(said)
    task = PROJECT.steps["1.2"].task.split("\n\n")[1].split()[:5]
    assert (" ".join(task) in " ".join(lines)) == (not verdict.state.passes), "the task is there while it is open"


def test_without_a_keyboard_it_prints_lines(monkeypatch, tmp_path):
    """A program without a console has None for a standard stream."""
    made = []

    @contextlib.contextmanager
    def watching(asked, project, python, screen):
        made.append(screen)
        yield SimpleNamespace(until_quit=lambda keys: None)

    monkeypatch.setattr(watch, "watching", watching)
    monkeypatch.setattr(watch, "python_for_checks", lambda root: sys.executable)
    monkeypatch.setattr(sys, "stdin", None)
    assert watch.run(SimpleNamespace(steps=["1.1"]), PROJECT) == 0 and isinstance(made[0], Lines)
