"""`check`: what it says of the learner's files, and what it remembers."""
import errno
import json
import os
import signal
import subprocess
import sys
import textwrap
import time

import pytest

from dev import PROJECT
from dev.sandbox import reference
from workshop.checking import memory, workers
from workshop.checking.background import Background, ReadyWorkers
from workshop.checking.runs import Run
from workshop.checking.verdict import Verdict
from workshop.course import definitions
from workshop.course.project import Project
from workshop.course.roads import roads
from workshop.course.step_states import State
from workshop.course.step_uses import because, needed_by, sources_of
from workshop.machine.trouble import Trouble
from workshop.pages.report import current_number

ALL = len(PROJECT.course)


@pytest.fixture
def repository(fresh_sandbox):
    return fresh_sandbox("my wörk 你好")  # a downloaded archive lies anywhere


def test_what_is_not_begun_is_neither_wrong_nor_passed(repository):
    status, said = repository.say("check", "1")
    assert status == 1 and "5 not started of 5 steps." in said and "passed" not in said
    assert "Next: 1.1 build_response, chapters/ch01_socket.py:" in said


def test_a_step_that_was_wrong_and_is_put_back_is_not_what_is_next(repository):
    starter = PROJECT.by_stem["ch01_socket"].starter
    stub = 'raise NotImplementedError("step 1.4: write open_listener")'
    repository.write("ch01_socket", starter.replace(stub, "return None"))
    assert "Next: 1.4 " in repository.say("check", "1.4")[1]
    repository.write("ch01_socket", starter)
    assert "Next: 1.2 " in repository.say("check", "1.2")[1]


def test_who_begins_with_a_later_chapter_is_not_sent_back_to_the_first(repository):
    repository.solve("ch01_socket")
    status, said = repository.say("check", "2.2")
    assert status == 1 and "Next: 2.2 parse_field, " in said


def test_a_chapter_that_passes_is_told_with_what_comes_next(repository):
    repository.solve("ch01_socket")
    status, said = repository.say("check", "1")
    assert status == 0 and "5 yours of 5 steps." in said and "✔ 1.1  ✔ 1.2" in said
    assert "Next: 2.1 " in said


def test_a_step_whose_code_is_the_references_is_borrowed_whatever_comments_say(repository):
    mine, taken = repository.solved("ch01_socket"), reference()["ch01_socket"]
    begin, end = mine.index("def read_head("), mine.index("def hang_up(")
    borrowed = taken[taken.index("def read_head("):taken.index("def hang_up(")]
    commented = borrowed.replace("    received =", "    # all mine\n\n    received =")
    repository.write("ch01_socket", mine[:begin] + commented + mine[end:])
    status, said = repository.say("check", "1")
    assert status == 0 and "✔ 1.1  ≡ 1.2  ✔ 1.3  ✔ 1.4  ✔ 1.5" in said and "4 yours, 1 borrowed of 5 steps." in said
    answer = json.loads(repository.say("check", "1", "--json")[1])
    assert answer["all_pass"] and [step["state"] for step in answer["steps"].values()] == [
        "yours", "borrowed", *["yours"] * 3]


def test_each_state_has_its_mark_and_those_that_there_are_are_counted(repository):
    taken = definitions.text_of(reference()["ch01_socket"], "open_listener")
    repository.solve("ch01_socket", read_head='raise NotImplementedError("step 1.2: write read_head")',
                     build_response="return body")
    repository.write("ch01_socket", definitions.replace(repository.text("ch01_socket"), {"open_listener": taken}))
    status, said = repository.say("check", "1")
    assert status == 1 and "✘ 1.1  ○ 1.2  ◊ 1.3  ≡ 1.4  ◊ 1.5" in said
    assert "1 borrowed, 1 wrong, 2 waiting, 1 not started of 5 steps." in said


def test_the_exit_status_is_that_of_what_was_asked_for(repository):
    repository.solve("ch01_socket", handle='raise NotImplementedError("step 1.3: write handle")')
    assert repository.say("check", "1.1", "1.2")[0] == 0
    assert repository.say("check", "1.1", "1.3")[0] == 1


def test_the_first_diagnosis_is_told_in_full_and_the_others_in_a_line(repository):
    repository.solve("ch01_socket", read_head="return b'', b''", build_response="return body")
    status, said = repository.say("check", "1")
    assert status == 1 and said.count("  expected ") <= 1 and said.count("  hint ") == 1
    assert "step 1.1 build_response: a response is bytes\n✘ build_response returns a str, not bytes" in said
    assert "  ✘ 1.2 read_head: " in said and "  ✘ 1.3 handle: " in said
    assert "(perhaps only because 1.1 is wrong)" in " ".join(said.split())
    assert "Next: 1.1 " in said


def test_a_step_that_passed_and_does_no_more_is_told_whichever_step_was_asked_for(repository):
    repository.solve("ch01_socket")
    assert repository.say("check", "1.1", "1.2")[0] == 0
    repository.solve("ch01_socket", build_response="return body.encode()")
    status, said = repository.say("check", "1.2")
    assert status == 0 and "Passed when last checked, and not now: 1.1 build_response." in said
    assert "step 1.1 build_response: " in said and "Next: 1.1 " in said


def test_a_step_that_is_written_before_one_that_it_uses_waits(repository):
    repository.solve("ch01_socket", read_head='raise NotImplementedError("step 1.2: write read_head")')
    status, said = repository.say("check", "1.3")
    line = repository.text("ch01_socket").partition("def read_head(")[0].count("\n") + 1
    assert status == 1 and f"◊ 1.3 handle waits for step 1.2 read_head, chapters/ch01_socket.py:{line}\n" in said
    assert f"Next: 1.2 read_head, chapters/ch01_socket.py:{line} " in said and "1 waiting of 1 step." in said


def test_a_step_waits_for_a_stub_even_if_it_catches_what_the_stub_raises(repository):
    """The `except Exception` of 4.13 makes a 500 of everything, and the checks expect other answers."""
    repository.borrow("ch01_socket", "ch02_request", "ch03_environ")
    for missing in ("4.1", "4.9", "4.10", "4.11"):
        step = PROJECT.steps[missing]
        stub = f'raise NotImplementedError("step {missing}: write {step.name}")'
        repository.solve("ch04_response", **{step.name: stub})
        status, said = repository.say("check", "4.13")
        assert status == 1 and f"◊ 4.13 answer_with waits for step {missing} {step.name}, " in said
        assert f"Next: {missing} " in said


def test_a_step_whose_program_or_page_meets_a_stub_names_its_place_in_the_learners_file(repository):
    """1.5 is checked by a program that says so itself; of 5.8 and 5.10, an error page says it."""
    repository.borrow(*PROJECT.by_stem)
    for number in ("1.2", "5.7"):
        assert repository.say("reset", number)[0] == 0
        step = PROJECT.steps[number]
        line = repository.text(step.chapter.stem).partition(f"def {step.name}(")[0].count("\n") + 1
        place = f"waits for step {number} {step.name}, chapters/{step.chapter.stem}.py:{line}"
        waiting = [words for words in repository.say("check", number[0])[1].splitlines() if "waits for" in words]
        assert waiting and all(words.endswith(place) for words in waiting), waiting


def test_a_step_that_waits_says_for_what_and_that_is_next(repository):
    repository.solve(*PROJECT.by_stem)
    repository.remember({number: Verdict(number, ["passed"]) for number in PROJECT.steps})
    repository.say("reset", "5.7")
    status, said = repository.say("check", "5.10")
    place = repository.text("ch05_middleware").partition("def find_mount(")[0].count("\n") + 1
    sentence = f"build_application waits for step 5.7 find_mount, chapters/ch05_middleware.py:{place}"
    assert status == 1 and f"◊ 5.10 {sentence}\n" in said
    assert f"Next: 5.7 find_mount, chapters/ch05_middleware.py:{place} " in said
    assert "Passed when last checked, and not now: 5.8 DispatcherMiddleware.__call__, 5.10 build_application." in said


def test_what_was_mended_is_not_what_is_next(repository):
    """Wherever it is, and whatever it was: 1.3 waited for 1.2, which was not begun, and 1.4 was wrong."""
    stub = 'raise NotImplementedError("step 1.2: write read_head")'
    repository.solve("ch01_socket", read_head=stub, open_listener="return None")
    assert "✔ 1.1  ○ 1.2  ◊ 1.3  ✘ 1.4" in repository.say("check", "1")[1]
    repository.solve("ch01_socket")
    status, said = repository.say("check", "1.1")
    assert status == 0 and "Next: 2.1 " in said and "1 yours of 1 step." in said and "1.4" not in said
    status, said = repository.say()
    assert "1  ✔✔✔✔✔ " in said


def test_a_file_that_hides_a_module_is_named_where_something_is_wrong(repository):
    repository.solve("ch01_socket")
    (repository.root / "chapters" / "socket.py").write_text("MINE = True\n", encoding="utf-8")
    (repository.root / "flask").mkdir()
    (repository.root / "flask" / "__init__.py").touch()
    status, said = repository.say("check", "1")
    assert status == 1 and "chapters/socket.py hides the module socket that checks and chapters import: " in said
    assert "flask hides the module flask that" in said


def test_a_file_beside_the_readme_hides_no_module_from_the_command_and_its_checks(repository):
    repository.solve("ch01_socket")
    for name in ("typing", "socket", "json", "tempfile", "dataclasses", "textwrap", "pdb"):
        (repository.root / f"{name}.py").write_text("raise SystemExit('hidden')\n", encoding="utf-8")
    assert repository.run("check", "1.1").returncode == 0


TWO_CHECKS = """
import pytest
from workshop.checking.tree import LearnersChapter

pytestmark = pytest.mark.step("1.4")


@pytest.mark.skipif(True, reason="it is about another system")
def test_of_another_system():
    raise AssertionError("it was run")


@pytest.mark.skipif(False, reason="it is about another system")
def test_of_this_system():
    LearnersChapter("ch01_socket").open_listener("127.0.0.1", 0).close()
"""


def test_a_check_that_is_not_about_this_system_is_left_out_before_anything_is_judged(repository):
    repository.solve("ch01_socket")
    path = repository.root / "tests" / "ch01_socket" / "test_open_listener.py"
    path.write_text(TWO_CHECKS, encoding="utf-8")
    step = json.loads(repository.say("check", "1.4", "--json")[1])["steps"]["1.4"]
    assert (step["state"], step["checks"], step["failed"]) == ("yours", 1, 0)
    command = [sys.executable, "-m", "pytest", "--strict-steps", "--only-steps", "1.4", "tests/ch01_socket"]
    ended = subprocess.run(command, cwd=repository.root, env=repository.environment(), capture_output=True, text=True)
    assert ended.returncode == 0 and "1 yours of 1 step" in ended.stdout and "skipped" not in ended.stdout


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signal")
def test_ctrl_c_ends_all_that_runs(repository):
    for stem in list(PROJECT.by_stem):
        repository.write(stem, f"import time\ntime.sleep(99)\n{repository.solved(stem)}")
    process = subprocess.Popen([sys.executable, "-m", "workshop", "check", "all"], cwd=repository.root,
                               env=repository.environment(), stderr=subprocess.PIPE)
    while sys.platform == "linux" and len(repository.processes()) < 3:  # the command and two that check
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=10)[1].endswith(b"Stopped.\n") and process.returncode == 130
    assert not repository.processes()


def test_edits_of_the_same_length_within_a_second_have_their_own_verdicts(repository):
    for status in ("200", "207", "200"):
        repository.solve("ch01_socket")
        repository.change("ch01_socket", 'status: str = "200', f'status: str = "{status}')
        expected = 0 if status == "200" else 1
        assert repository.say("check", "1.1", PYTHONDONTWRITEBYTECODE="")[0] == expected
    assert not list((repository.root / "chapters").rglob("*.pyc"))


def test_other_programs_read_json(repository):
    repository.solve("ch01_socket", build_response="return body")
    status, said = repository.say("check", "1.1", "1.2", "--json")
    answer = json.loads(said)
    assert status == 1 and answer["all_pass"] is False and answer["asked"] == ["1.1", "1.2"] and answer["broken"] == []
    assert {number: step["state"] for number, step in answer["steps"].items()} == {"1.1": "wrong", "1.2": "yours"}
    assert answer["steps"]["1.1"]["place"].startswith("chapters/ch01_socket.py:")


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"1.1": 3}', b'{"1.1": ["x", {"number": 1}]}', b"\xff",
                                     b'{"1.1": ["x", {"number": "1.1", "outcomes": 3}]}'])
def test_a_memory_that_is_damaged_is_an_empty_one(tmp_path, content):
    (tmp_path / "verdicts.json").write_bytes(content)
    assert memory.read(tmp_path / "verdicts.json", PROJECT) == {}


def test_a_memory_that_cannot_be_written_is_no_error(repository):
    (repository.root / ".workshop").write_text("a file where the folder should be")
    status, said = repository.say("check", "1.1")
    assert status == 1 and "1 not started of 1 step." in said


def test_what_is_remembered_is_read_back_and_no_half_file_is_left(tmp_path):
    verdict = Verdict("1.1", ["failed", "also wrong"], "step 1.1\n✘ too long", ["also too short"], False, "")
    memory.write(tmp_path / "new" / "verdicts.json", {"1.1": ("mark", verdict)})
    assert memory.read(tmp_path / "new" / "verdicts.json", PROJECT) == {"1.1": ("mark", verdict)}
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["verdicts.json"]


def test_without_utf8_the_marks_are_plain(repository):
    repository.solve("ch01_socket", read_head="return b'', b''")
    _, printed = repository.say("check", "1", PYTHONIOENCODING="ascii")
    assert printed.isascii() and "+ 1.1  x 1.2" in printed


def test_in_60_columns_only_values_are_wider(repository):
    repository.solve("ch01_socket", read_head="return b'', b''")
    _, said = repository.say("check", "1", COLUMNS="60")
    wide = [line for line in said.splitlines() if len(line) > 60]
    assert all(line.startswith(("  called", "step ", "  your code")) for line in wide), wide


def test_there_is_no_colour_where_none_is_wanted(repository):
    assert "\x1b" not in repository.say("check", "1.1", FORCE_COLOR="1")[1]


@pytest.mark.parametrize("words, numbers", [
    (["2.3"], ["2.3"]),
    (["1"], ["1.1", "1.2", "1.3", "1.4", "1.5"]),
    (["1.2", "1.10", "1.1", "1.2"], None),
    (["all"], list(PROJECT.steps)),
])
def test_words_mean_steps(words, numbers):
    if numbers is None:
        with pytest.raises(Trouble, match=r"There is no step 1\.10: those of chapter 1 go from 1\.1 to 1\.5\."):
            PROJECT.numbers_for(words)
    else:
        assert PROJECT.numbers_for(words) == numbers


def test_one_goes_on_with_the_first_wrong_step_else_with_the_first_not_begun_else_with_one_that_waits():
    states = dict.fromkeys(PROJECT.steps, State.YOURS) | {
        "1.1": State.BORROWED, "1.2": State.WAITING, "2.1": State.NOT_STARTED, "2.3": State.WRONG, "3.1": State.WRONG}
    assert current_number(roads(PROJECT)["whole"], states) == "2.3"
    assert current_number(roads(PROJECT)["whole"], states | {"2.3": State.YOURS, "3.1": State.BORROWED}) == "2.1"
    assert current_number(roads(PROJECT)["whole"], states | dict.fromkeys(["2.1", "2.3", "3.1"], State.YOURS)) == "1.2"
    assert current_number(roads(PROJECT)["whole"], dict.fromkeys(PROJECT.steps, State.YOURS)) is None


def test_a_step_uses_what_its_function_refers_to():
    sources = sources_of(PROJECT, PROJECT.solutions)
    assert needed_by("1.3", sources) == {"1.1", "1.2"}
    assert needed_by("1.5", sources) == set()  # its handle is a parameter
    assert {"4.5", "4.6"} <= needed_by("4.7", sources)  # self.head_once() is given, and calls both
    assert needed_by("4.12", sources) == set()
    assert needed_by("6.5", sources) == {"4.6"}  # super().build_head() is of chapter 4
    assert needed_by("7.3", sources) == set()  # the generator is a parameter
    assert "7.14" in needed_by("7.15", sources)  # it hands its response on, and others call the methods
    assert because("4.7", ["4.7", "4.6", "4.1"], sources) == "4.6"
    assert because("1.5", ["1.5", "1.1"], sources) == ""
    assert because("1.5", ["1.5", "1.1"], sources, only_programs=True) == "1.1"


# Without a verb.


def test_status_has_a_line_for_each_chapter_and_says_what_to_do_next(repository):
    repository.solve("ch01_socket", read_head="return b'', b''")
    status, said = repository.say()
    lines = said.splitlines()
    assert status == 0 and lines[2].startswith("1  ✔✘✘✔✘  ") and lines[3].startswith("2  ○○○○○ ○○○○○ ○○ ")
    assert "Next: 1.2 read_head, chapters/ch01_socket.py:" in said and "  ✘ 1.2 read_head: " in said
    assert all(f"python3 -m workshop {verb}" in said for verb in ("watch 1.2", "hint 1.2", "check 1"))


def spoil_checks(repository):
    path = repository.root / "workshop" / "checking" / "plugins" / "one_job.py"
    path.write_text("raise SystemExit('no check can run')", encoding="utf-8")


def test_status_remembers_and_runs_nothing_that_has_not_changed(repository):
    repository.solve("ch01_socket")
    first = repository.say()
    spoil_checks(repository)
    assert "no check can run" in repository.say("check", "1.1")[1]
    repository.remember_anew()
    assert repository.say() == first


def test_status_of_nothing_begun_starts_no_checks(repository):
    spoil_checks(repository)
    status, said = repository.say()
    assert status == 0 and f"{ALL} not started of {ALL} steps." in said and "Next: 1.1 " in said


def test_status_of_who_has_built_it_all_says_so_and_of_others_how_much_is_borrowed(repository):
    verdicts = {number: Verdict(number, ["passed"]) for number in PROJECT.steps}
    repository.remember(verdicts)
    status, said = repository.say()
    assert status == 0 and f"{ALL} yours of {ALL} steps." in said and "You have built it all." in said
    verdicts["2.3"] = Verdict("2.3", ["passed"], borrowed=True)
    repository.remember(verdicts)
    status, said = repository.say()
    assert status == 0 and f"{ALL - 1} yours, 1 borrowed of {ALL} steps." in said and "built it all" not in said
    whose = f"Your server: {ALL - 1} steps yours, 1 borrowed from the reference."
    assert f"All steps pass. {whose}" in " ".join(said.split())
    assert "python3 -m workshop reset 2.3" in said


def test_status_fits_into_60_columns_and_ascii(repository):
    repository.remember({number: Verdict(number, ["passed"]) for number in PROJECT.steps})
    _, printed = repository.say(COLUMNS="60", PYTHONIOENCODING="ascii")
    assert printed.isascii() and "1  +++++ " in printed
    assert max(map(len, printed.splitlines())) <= 62  # an ellipsis of three dots


# A chapter that cannot be imported.


@pytest.fixture
def broken(repository):
    """A workshop with a line in chapter 2 that is no Python, and that line's place."""
    repository.solve(*PROJECT.by_stem)
    repository.change("ch02_request", "def parse_fields(", "def parse_fields)(")
    return repository, 1 + repository.text("ch02_request").partition("def parse_fields)(")[0].count("\n")


def test_a_step_that_is_not_begun_names_the_chapter_that_it_could_not_import(broken):
    repository, line = broken
    repository.write("ch03_environ", PROJECT.by_stem["ch03_environ"].starter)
    said = " ".join(repository.say("check", "3.1")[1].split())
    assert f"chapters/ch02_request.py:{line} is not Python: unmatched ')'. What imports this file cannot" in said
    repository.path("ch02_request").unlink()
    assert "chapters/ch02_request.py cannot be read" in repository.say("check", "3.1")[1]


@pytest.mark.parametrize("number", ["3.1", "5.1"])
def test_the_line_of_another_chapter_that_is_no_python_is_the_place(number, broken):
    repository, line = broken
    said = repository.say("check", number)[1]
    assert f"\n  your code  chapters/ch02_request.py:{line}  def parse_fields)(" in said and "imports this" not in said


# What goes wrong with the run itself.


def test_code_that_empties_its_current_folder_has_its_verdicts(repository):
    repository.solve("ch01_socket", build_response="for name in os.listdir(): os.remove(name)\nreturn body")
    status, said = repository.say("check", "1.1", "1.4")
    assert status == 1 and "build_response returns a str, not bytes" in said and "1 yours, 1 wrong of 2 steps." in said


@pytest.mark.parametrize("number, said", [(errno.EACCES, "Permission denied"), (errno.ENOSPC, "No space left")])
def test_a_chapter_that_cannot_be_copied_is_no_missing_one(number, said, repository, tmp_path, monkeypatch):
    def copy(path, target):
        if path.name == "ch01_socket.py":
            raise OSError(number, os.strerror(number))
        raise FileNotFoundError(path)

    monkeypatch.setattr(workers.shutil, "copyfile", copy)
    with pytest.raises(Trouble, match=rf"chapters/ch01_socket\.py cannot be copied for the checks \({said}"):
        workers.copy_chapters(repository.root / "chapters", tmp_path, Project(repository.root))


def test_files_that_vanish_while_they_are_copied_are_not_missed(repository, tmp_path, monkeypatch):
    def copy(path, target):
        raise FileNotFoundError(path)

    monkeypatch.setattr(workers.shutil, "copyfile", copy)
    workers.copy_chapters(repository.root / "chapters", tmp_path, Project(repository.root))
    workers.copy_chapters(repository.root / "gone", tmp_path, Project(repository.root))


def test_where_no_check_can_run_it_says_who_knows_more(repository):
    repository.solve("ch01_socket")
    spoil_checks(repository)
    status, said = repository.say("check", "1.1")
    assert status == 1 and "no check can run" in said and said.endswith("doctor says what may be wrong.\n")


def test_a_run_beside_the_foreground_loses_no_error(monkeypatch):
    def results(run):
        raise KeyError("2.3")
        yield

    monkeypatch.setattr(Run, "results", results)
    background = Background(["1.1"], ReadyWorkers(PROJECT, sys.executable))
    background.thread.join(10)
    assert background.is_over() and "The checks have stopped (KeyError: '2.3')." in str(background.trouble)


WHOLE = f"chapters/ch02_request.py:123 is not Python: expected ':' {'and so on ' * 9}".strip()


def test_a_problem_that_takes_several_lines_is_told_whole():
    wrapped = textwrap.fill(f"✘ {WHOLE}", 60, subsequent_indent="  ")
    verdict = Verdict("2.3", ["failed"], f"step 2.3 parse_fields: its claim\n{wrapped}\n\n  why        because")
    assert verdict.text.count("\n") > 4 and verdict.problem == WHOLE
    assert Verdict("2.3", ["failed"], "one line\nand another").problem == "one line" and Verdict("2.3").problem == ""


def test_a_file_that_is_no_python_is_told_in_a_line_where_that_fits(repository):
    repository.solve("ch01_socket")
    repository.change("ch01_socket", "def read_head(connection: socket.socket, limit: int = MAX_HEAD) -> "
                      "tuple[bytes, bytes]:", "def read_head(connection, limit)")
    line = 1 + repository.text("ch01_socket").partition("def read_head(")[0].count("\n")
    sentence = f"chapters/ch01_socket.py:{line} is not Python: expected ':'"
    columns = str(len(sentence) + 12)
    assert f"\n✘ {sentence}\n" in repository.say("check", "1", COLUMNS=columns)[1]
    assert sentence in " ".join(repository.say()[1].split())


def test_the_end_is_not_announced_while_a_changed_step_is_not_checked_again(repository):
    repository.solve(*PROJECT.by_stem)
    repository.remember({number: Verdict(number, ["passed"]) for number in PROJECT.steps})
    repository.write("ch05_middleware", repository.text("ch05_middleware") + "\n# changed\n")
    said = repository.say("check", "1.1")[1]
    assert "built it all" not in said and "have changed since they were checked" in said and "check all" in said
