"""`check`: what it says of the learner's files, and what it remembers."""
import dataclasses
import json
import os
import signal
import subprocess
import sys
import time

import pytest

from dev import PROJECT
from dev.sandbox import Sandbox
from workshop.checking import memory
from workshop.checking.verdict import Verdict
from workshop.course.uses import because, needed_by, sources_of
from workshop.machine.trouble import Trouble
from workshop.pages.report import current_number


@pytest.fixture
def repository(tmp_path):
    return Sandbox(tmp_path / "my wörk 你好")  # a downloaded archive lies anywhere


def test_what_is_not_begun_is_neither_wrong_nor_passed(repository):
    status, said = repository.say("check", "1")
    assert status == 1 and "0 done, 0 wrong, 5 not started of 5 steps." in said and "passed" not in said
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


def test_a_chapter_that_is_done_is_told_with_what_comes_next(repository):
    repository.solve("ch01_socket")
    status, said = repository.say("check", "1")
    assert status == 0 and "5 done, 0 wrong, 0 not started of 5 steps." in said
    assert "Next: 2.1 " in said


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


def test_a_step_that_was_done_and_is_no_more_is_told_whichever_step_was_asked_for(repository):
    repository.solve("ch01_socket")
    assert repository.say("check", "1.1", "1.2")[0] == 0
    repository.solve("ch01_socket", build_response="return body.encode()")
    status, said = repository.say("check", "1.2")
    assert status == 0 and "Done when last checked, and not now: 1.1 build_response." in said
    assert "step 1.1 build_response: " in said and "Next: 1.1 " in said


def test_a_step_that_is_written_before_one_that_it_uses_waits(repository):
    repository.solve("ch01_socket", read_head='raise NotImplementedError("step 1.2: write read_head")')
    status, said = repository.say("check", "1.3")
    assert status == 1 and "○ 1.3 handle waits for step 1.2 read_head, chapters/ch01_socket.py:" in said


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
        repository.write("ch01_socket", repository.solved("ch01_socket").replace('"200 OK"', f'"{status} OK"'))
        expected = 0 if status == "200" else 1
        assert repository.say("check", "1.1", PYTHONDONTWRITEBYTECODE="")[0] == expected
    assert not list((repository.root / "chapters").rglob("*.pyc"))


def test_other_programs_read_json(repository):
    repository.solve("ch01_socket", build_response="return body")
    status, said = repository.say("check", "1.1", "1.2", "--json")
    answer = json.loads(said)
    assert status == 1 and answer["done"] is False and answer["asked"] == ["1.1", "1.2"] and answer["broken"] == []
    assert {number: step["state"] for number, step in answer["steps"].items()} == {"1.1": "wrong", "1.2": "done"}
    assert answer["steps"]["1.1"]["place"].startswith("chapters/ch01_socket.py:")


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"1.1": 3}', b'{"1.1": ["x", {"number": 1}]}', b"\xff",
                                     b'{"1.1": ["x", {"number": "1.1", "outcomes": 3}]}'])
def test_a_memory_that_is_damaged_is_an_empty_one(tmp_path, content):
    (tmp_path / "verdicts.json").write_bytes(content)
    assert memory.read(tmp_path / "verdicts.json") == {}


def test_a_memory_that_cannot_be_written_is_no_error(repository):
    (repository.root / ".workshop").write_text("a file where the folder should be")
    status, said = repository.say("check", "1.1")
    assert status == 1 and "0 done, 0 wrong, 1 not started of 1 steps." in said


def test_what_is_remembered_is_read_back_and_no_half_file_is_left(tmp_path):
    verdict = Verdict("1.1", ["failed", "also wrong"], "step 1.1\n✘ too long", ["also too short"], False, "")
    memory.write(tmp_path / "new" / "verdicts.json", {"1.1": ["mark", dataclasses.asdict(verdict)]})
    assert memory.read(tmp_path / "new" / "verdicts.json") == {"1.1": ("mark", verdict)}
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
        with pytest.raises(Trouble, match="There is no step 1.10: say a step, from 1.1 to 5.10, a chapter"):
            PROJECT.numbers_for(words)
    else:
        assert PROJECT.numbers_for(words) == numbers


def test_one_goes_on_with_the_first_wrong_step_and_else_with_the_first_that_is_not_done():
    states = dict.fromkeys(PROJECT.steps, "done") | {"2.1": "not started", "2.3": "wrong", "3.1": "wrong"}
    assert current_number(states) == "2.3"
    assert current_number(states | {"2.3": "done", "3.1": "done"}) == "2.1"
    assert current_number(dict.fromkeys(PROJECT.steps, "done")) is None


def test_a_step_uses_what_its_function_refers_to():
    sources = sources_of(PROJECT.root / "solutions")
    assert needed_by("1.3", sources) == {"1.1", "1.2"}
    assert needed_by("1.5", sources) == set()  # its handle is a parameter
    assert {"4.5", "4.6"} <= needed_by("4.7", sources)  # self.head_once() is given, and calls both
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


def test_status_remembers_and_runs_nothing_that_has_not_changed(repository):
    repository.solve("ch01_socket")
    first = repository.say()
    (repository.root / "workshop" / "checking" / "job.py").write_text("raise SystemExit('no check can run')")
    assert "no check can run" in repository.say("check", "1.1")[1]
    repository.remember_anew()
    assert repository.say() == first


def test_status_of_nothing_begun_starts_no_checks(repository):
    (repository.root / "workshop" / "checking" / "job.py").write_text("raise SystemExit('no check can run')")
    status, said = repository.say()
    assert status == 0 and "0 done, 0 wrong, 54 not started of 54 steps." in said and "Next: 1.1 " in said


def test_status_of_everything_done_says_so(repository):
    verdicts = {number: Verdict(number, ["passed"]) for number in PROJECT.steps}
    for stem in list(PROJECT.by_stem):
        repository.solve(stem)
    repository.remember(verdicts)
    status, said = repository.say()
    assert status == 0 and "54 done, 0 wrong, 0 not started of 54 steps." in said and "You have built it all." in said


def test_status_fits_into_60_columns_and_ascii(repository):
    repository.remember({number: Verdict(number, ["passed"]) for number in PROJECT.steps})
    _, printed = repository.say(COLUMNS="60", PYTHONIOENCODING="ascii")
    assert printed.isascii() and max(map(len, printed.splitlines())) <= 62  # an ellipsis of three dots
