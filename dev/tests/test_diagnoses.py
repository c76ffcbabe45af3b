"""What is told of code that is wrong in unusual ways is true: what came back, where, and what other checks say of it.

Each case changes a few lines of a learner who has written all steps, and checks one. All run before the first test.
"""
import os
import re
import shlex
import subprocess
import sys
import traceback
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from dev import PROJECT
from dev.sandbox import fill, own
from tests.expect import difference, expect_returned
from workshop.checking import tree
from workshop.checking.diagnosis import (
    INDENT,
    LONGEST,
    WIDTH,
    Diagnosis,
    expect_same,
    expect_unchanged,
    first_and_last_lines,
    fitting,
    without_insides,
)
from workshop.checking.plugins.outcomes import spelt
from workshop.checking.plugins.second_look import reference_in_place
from workshop.checking.runs import check_steps
from workshop.checking.tracebacks import own_frames
from workshop.checking.transport import Connection
from workshop.checking.verdict import Verdict
from workshop.course.source import nodes_of
from workshop.machine.interpreter import python_for_checks
from workshop.machine.trouble import Trouble
from workshop.pages.report import also

BREAKS = "the check itself breaks"
RETURN = 'return "\\r\\n".join(head).encode("latin-1") + BLANK_LINE + content'
RESPONSE = RETURN.removeprefix("return ")
ODD_LINES = "    if len(lines) > MAX_FIELDS"
DOCSTRING = re.search(r'    """Step 1\.1 .*?"""\n', own()["ch01_socket"], re.DOTALL)[0]


@dataclass
class Spoilt:
    """A step, and changes in a chapter: (what is there, what stands there instead)."""

    step: str
    stem: str
    changes: list

    def sources(self):
        text = own()[self.stem]
        for old, new in self.changes:
            assert old in text, old
            text = text.replace(old, new)
        return own() | {self.stem: text}


CASES = {
    "str for bytes in one call": Spoilt("1.1", "ch01_socket", [
        (RETURN, f"response = {RESPONSE}\n    return response.decode() if extra_fields and status[0] == '4' "
                 "else response")]),
    "None in one call": Spoilt("2.3", "ch02_request", [
        (ODD_LINES, f"    if len(lines) == 4: return None\n{ODD_LINES}")]),
    "a generator for a block": Spoilt("4.3", "ch04_response", [
        ("        return block\n", "        return iter([block])\n")]),
    "bytes for the keys": Spoilt("3.1", "ch03_environ", [
        ("    return variables\n", "    return {name.encode(): text for name, text in variables.items()}\n")]),
    "another parameter": Spoilt("1.1", "ch01_socket", [
        ('content_type: str = "text/html"', 'kind: str = "text/html"'), ("{content_type}", "{kind}")]),
    "a module is changed": Spoilt("1.1", "ch01_socket", [(RETURN, f"re.search = None\n    {RETURN}")]),
    "a raise of its own": Spoilt("2.3", "ch02_request", [
        (ODD_LINES, f"    if len(lines) > 2: raise BadRequest(400, 'no good')\n{ODD_LINES}")]),
    "an error in each check": Spoilt("5.1", "ch05_middleware", [("self.app(environ, ", "self.app(environ, 1, ")]),
    "None in each call": Spoilt("1.2", "ch01_socket", [("    return head, rest\n", "    head, rest\n")]),
    "a function has another name": Spoilt("2.1", "ch01_socket", [("build_response(", "build_reponse(")]),
    "the docstring is deleted": Spoilt("1.1", "ch01_socket", [(DOCSTRING, ""), ("BLANK_LINE + content", "BLANK_LINE")]),
    "no Python in an earlier chapter": Spoilt("5.1", "ch02_request", [("class Reader:", "class Reader(:")]),
    "a bare raise": Spoilt("5.6", "ch05_middleware", [
        ("            page = self.error_page()\n", "            if self.blocks: raise\n            page = b''\n")]),
    "a yield": Spoilt("1.3", "ch01_socket", [
        ("        hang_up(connection)\n", "        hang_up(connection); yield\n")]),
    "a return in a finally": Spoilt("4.15", "ch04_response", [
        ("            hang_up(connection)\n", "            return hang_up(connection)\n")]),
    "a raise of a step, after one of another": Spoilt("6.7", "ch06_concurrency", [
        ("            traceback.print_exc()\n            return False\n", "            raise\n")]),
    "a refusal": Spoilt("2.8", "ch02_request", [
        ("    if not match or CONTROL.search(line):", "    if b';' in line: raise BadRequest(400, 'no good')\n"
         "    if not match or CONTROL.search(line):")]),
    "it prints in a loop": Spoilt("1.1", "ch01_socket", [
        (RETURN, "for count in range(100): print(f'<{count}>')\n    return body")]),
}


def verdict_on(case, folder):
    """Return the Verdict on the step of a case, checked in a folder."""
    fill(folder, case.sources())
    return check_steps(PROJECT, [case.step], folder, python=python_for_checks(PROJECT.root), columns=100)[case.step]


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory):
    """The verdicts on all cases, by name."""
    with ThreadPoolExecutor(2) as pool:
        folders = [tmp_path_factory.mktemp("chapters") for _ in CASES]
        return dict(zip(CASES, pool.map(verdict_on, CASES.values(), folders), strict=True))


def rows_of(verdict):
    """Return the rows of a diagnosis, by their names."""
    return {line[2:INDENT].strip(): line[INDENT:] for line in verdict.text.splitlines() if re.match("  [a-z]", line)}


# What came back.


@pytest.mark.parametrize("name, problem, came_back, expected", [
    ("str for bytes in one call", "build_response returns a str, not bytes", "'HTTP/1.1 404", ""),
    ("None in one call", "nothing comes back: the function returns None", "", "[('host', 'a'), "),
    ("a generator for a block", "the block is a list_iterator, not bytes", "<list_iterator", "b'"),
    ("bytes for the keys", "cgi_variables returns a dict with bytes as keys, not a dict with str as keys", "{b'", "{'"),
    ("another parameter", "build_response has other parameters than in the starter",
     "(body, status='200 OK', kind='text/html', extra_fields=())",
     "(body, status='200 OK', content_type='text/html', extra_fields=())"),
])
def test_a_value_of_another_type_is_named_where_a_check_cannot_go_on(verdicts, name, problem, came_back, expected):
    verdict, rows = verdicts[name], rows_of(verdicts[name])
    assert verdict.problem == problem, verdict.text
    assert rows.get("came back", "").startswith(came_back) and rows.get("expected", "").startswith(expected)


@pytest.mark.parametrize("name", [name for name in CASES if name != "a module is changed"])
def test_nobody_is_told_that_a_check_breaks_where_it_is_the_code(verdicts, name):
    said = [verdicts[name].text, *verdicts[name].others]
    assert not [text for text in said if BREAKS in text or "of Python's own" in text], verdicts[name].text


def test_a_check_that_breaks_with_the_reference_too_says_so(verdicts):
    verdict = verdicts["a module is changed"]
    assert verdict.problem.startswith(BREAKS), verdict.text
    assert "Does your code change something of Python's own" in verdict.text


def test_a_raise_of_ones_own_is_told_with_what_is_wanted_instead(verdicts):
    verdict = verdicts["a raise of its own"]
    assert verdict.problem == "your code raises BadRequest: no good"
    assert rows_of(verdict)["expected"] == "[('user-agent', '(b/2)'), ('host', 'a'), ('a', '1')]"
    assert "Nothing should be raised here" not in verdict.text and "This `raise` is your own" in verdict.text


def told(came_back, expected):
    """Return the rows that compare two values that are not the same."""
    with pytest.raises(Diagnosis) as caught:
        expect_same(came_back, expected, "It matters.")
    return [caught.value.rows[name] for name in ("came back", "expected", "")]


def test_what_is_looked_at_after_a_call_is_named_and_is_not_said_to_have_come_back():
    with pytest.raises(Diagnosis) as caught:
        expect_same(b"a", b"b", "It matters.", of="self.received")
    rows = {"afterwards": "self.received: b'a'", "expected": "self.received: b'b'", "": " " * 17 + "^"}
    assert caught.value.rows == rows | {"why": "It matters."}


def test_what_is_changed_is_shown_as_it_was_and_as_it_is():
    with pytest.raises(Diagnosis) as caught:
        expect_unchanged("lines", [], [b"a"], "It matters.", problem="changed")
    rows = {"before": "lines: [b'a']", "afterwards": "lines: []", "": " " * 8 + "^"}
    assert caught.value.rows == rows | {"why": "It matters."}
    expect_unchanged("lines", [b"a"], [b"a"], "It matters.", problem="changed")


LONG = "x" * 8190


@pytest.mark.parametrize("came_back, expected, shown", [
    ((LONG, "a"), (LONG, "b"), ("'a')", "'b')")),
    ([(LONG, "a"), 1], [(LONG, "a"), 2], ("1]", "2]")),
    ({"a": LONG, "b": 1}, {"a": LONG, "b": 2}, ("'b': 1}", "'b': 2}")),
    ((LONG + "y", "a"), (LONG, "a"), ("y', 'a')", "x', 'a')")),
    ([LONG[:99] + "y" + LONG], [LONG], ("xyx", "xxx")),
    (b"x" * 8190 + b"a", b"x" * 8190 + b"b", ("a'", "b'")),
    ([1] * 3000 + [2], [1] * 3000 + [3], ("2]", "3]")),
])
def test_long_values_are_cut_and_what_differs_stays_with_a_caret_below(came_back, expected, shown):
    came, wanted, caret = told(came_back, expected)
    assert max(len(came), len(wanted)) <= WIDTH + 4 and "…" in came and "…" in wanted
    assert shown[0] in came and shown[1] in wanted
    assert came[:len(caret) - 1] == wanted[:len(caret) - 1] and came[len(caret) - 1] != wanted[len(caret) - 1]


class Name(str):
    """A str of another type."""


@pytest.mark.parametrize("came_back, expected", [
    (Name("a"), "a"), (object(), object()), (True, 1), (None, b""), (LONG, LONG + "x"), ((), []), (1, 1.0)])
def test_what_is_not_the_same_does_not_look_the_same(came_back, expected):
    came, wanted, _ = told(came_back, expected)
    assert came != wanted


def test_rows_of_a_check_itself_are_cut_where_they_are_long_and_differ_all_the_same():
    rows = fitting({"sent": LONG * 9, "came back": LONG + "a", "expected": LONG + "b", "why": LONG})
    assert max(len(text) for name, text in rows.items() if name != "why") < LONGEST + 9
    assert rows["came back"].endswith("xa") and rows["expected"].endswith("xb")


def test_what_is_expected_is_not_changed_by_the_code():
    """A function that changes what it is given, and returns it, is not right by that."""
    given = [("host", ["a"])]

    def spoils():
        given[0][1].append("b")
        return given

    with pytest.raises(Diagnosis):
        expect_returned(spoils, given, "it is another list", "It matters.", refused="it is refused")


def test_an_exception_where_a_value_is_expected_is_told_as_that_and_not_as_a_value(verdicts):
    rows = rows_of(verdicts["a refusal"])
    assert verdicts["a refusal"].problem == ("a size with an extension is refused (a name and a value): "
                                             "your code raises BadRequest 400")
    assert (rows["came out"], rows["expected"]) == ("BadRequest with status 400: no good", "5")
    assert "came back" not in rows


def test_what_a_check_itself_raises_is_not_told_as_the_code_s():
    """It could not go on with what came back; a second look tells that."""
    with pytest.raises(KeyError):
        expect_returned({}.popitem, ("a", 1), "it is another one", "It matters.", refused="it is refused")


@pytest.mark.parametrize("came_back, expected, words", [
    ([1, 3, 2], [1, 2, 3], "the order is another one"),
    ([1, 3], [1, 2, 3], "one is lost"), ([], [1, 2], "some are lost"), ([1], [1, 1], "one is lost"),
    ([1, 2, 9], [1, 2], "one is added"), ([1, 2, 8, 9], [1, 2], "some are added"),
    ([1, 2, 2, 9], [1, 2], "some are added"),
    ([1, 2, 2], [1, 2], "one is there too often"), ([1, 1, 2, 2], [1, 2], "some are there too often"),
    ([1, 9], [1, 2], "one is changed"), ([9, 8], [1, 2], "some are changed"), ([1, 1], [1, 2, 3], "some are changed"),
])
def test_how_two_lists_differ_is_told_in_words(came_back, expected, words):
    assert difference(came_back, expected) == words


def test_of_a_traceback_only_the_frames_of_the_learner_are_shown():
    own = PROJECT.by_stem["ch01_socket"].path_in(PROJECT.solutions)
    foreign = '  File "/usr/lib/socket.py", line 7, in accept\n    fd = self._accept()\n         ^^^^\n'
    mine = f'  File "{own}", line 7, in serve\n    listener.accept()\n'
    with tree.on_path(PROJECT.solutions):
        shown = own_frames(f"before\nTraceback:\n{foreign}{mine}{foreign}{foreign}OSError: no\n")
    assert shown == ("before\nTraceback:\n  …\n  File \"solutions/ch01_socket.py\", line 7, in serve\n    "
                     "listener.accept()\n  …\nOSError: no\n")


# What else is wrong.


def test_checks_that_end_in_the_same_error_are_counted_and_not_told(verdicts):
    lines = verdicts["an error in each check"].also
    assert not [line for line in lines if "your code raises" in line], lines
    assert re.fullmatch(r"\d+ more checks end the same way", lines[-1]), lines


def test_checks_in_which_nothing_came_back_either_are_counted_and_not_told(verdicts):
    assert [re.sub(r"\d+", "N", line) for line in verdicts["None in each call"].also] == [
        "N more checks end the same way"]


def test_a_raise_that_is_met_again_is_counted_and_not_told(verdicts):
    assert [re.sub(r"\d+", "N", text) for text in verdicts["a raise of its own"].also] == [
        "N more checks end the same way"]


@pytest.mark.parametrize("outcomes, line", [
    (["failed", "also wrong"], "1 more check ends the same way"),
    (["failed", "also wrong", "also wrong"], "2 more checks end the same way"),
    (["failed", "not checked"], "1 more check was not run"),
    (["failed", "not checked", "not checked"], "2 more checks were not run"),
])
def test_one_is_not_many(outcomes, line):
    assert also(Verdict("1.1", outcomes)) == [f"  also       {line}"]


def test_no_insides_of_a_check_are_shown(verdicts):
    texts = [text for verdict in verdicts.values() for text in (verdict.text, *verdict.others)]
    assert not [text for text in texts if "<locals>" in text or "<lambda>" in text]
    assert without_insides("TestX.test_y.<locals>.<lambda>() takes 1") == "the function that it is given takes 1"
    assert without_insides("TestX.test_y.<locals>.app() takes 2") == "app() takes 2"


# Where.


def line_in(name, text):
    """Return the number of the line of a case that holds a text."""
    source = CASES[name].sources()[CASES[name].stem]
    return source[:source.index(text)].count("\n") + 1


def test_a_name_that_an_earlier_chapter_lacks_is_named_with_the_one_that_it_has(verdicts):
    name = "a function has another name"
    verdict, rows = verdicts[name], rows_of(verdicts[name])
    told_in_a_line = " ".join(verdict.text.split("\n\n")[0].split())
    assert re.search(r"✘ \S*ch02_request\.py imports the name build_response, which \S*ch01_socket\.py does not define",
                     told_in_a_line), verdict.text
    assert rows["perhaps"].endswith("ch01_socket.py has build_reponse: is that the one?")
    assert f"ch01_socket.py:{line_in(name, 'def build_reponse')}  def build_reponse(" in rows["your code"]
    assert "Importing a chapter" not in verdict.text


def test_a_bare_raise_that_lets_an_exception_out_has_its_line(verdicts):
    name = "a bare raise"
    rows = rows_of(verdicts[name])
    assert rows["your code"].endswith("return next(self.blocks)"), verdicts[name].text
    assert rows["let out at"].endswith(f"ch05_middleware.py:{line_in(name, 'if self.blocks: raise')}  "
                                       "if self.blocks: raise"), verdicts[name].text


def test_of_two_bare_raises_that_of_the_step_is_told(verdicts):
    name = "a raise of a step, after one of another"
    assert rows_of(verdicts[name])["let out at"].endswith("raise"), verdicts[name].text
    assert "ch06_concurrency.py" in rows_of(verdicts[name])["let out at"], verdicts[name].text


def test_a_return_in_a_finally_that_swallows_an_exception_has_its_line(verdicts):
    name = "a return in a finally"
    line = line_in(name, "return hang_up(connection)")
    assert rows_of(verdicts[name])["finally"].startswith(f"the `return` on line {line} throws"), verdicts[name].text


def test_an_exception_that_two_checks_hand_in_does_not_lead_to_where_the_first_was_raised():
    error = ConnectionResetError()

    def places_of_the_next_raise():
        with pytest.raises(ConnectionResetError) as caught:
            Connection([error]).recv(1)
        return [name for _, _, name, _ in traceback.extract_tb(caught.tb)]

    assert places_of_the_next_raise() == places_of_the_next_raise() == [places_of_the_next_raise.__name__, "recv"]


def test_a_yield_that_makes_a_generator_function_of_a_step_has_its_line(verdicts):
    verdict, line = verdicts["a yield"], line_in("a yield", "; yield")
    assert rows_of(verdict)["yield"].startswith(f"the one on line {line} "), verdict.text


def test_a_step_without_its_docstring_has_its_line(verdicts):
    name = "the docstring is deleted"
    place = f"ch01_socket.py:{line_in(name, 'def build_response')}  build_response"
    assert rows_of(verdicts[name])["your code"].endswith(place), verdicts[name].text


def test_a_step_without_its_docstring_is_known_by_its_name(tmp_path):
    chapter, path = PROJECT.by_stem["ch01_socket"], tmp_path / "ch01_socket.py"
    path.write_text(chapter.starter.replace(DOCSTRING, ""), encoding="utf-8")
    step = chapter.steps_at(path)[0]
    assert (step.number, step.name, step.started) == ("1.1", "build_response", False)
    path.write_text(own()["ch01_socket"].replace(DOCSTRING, ""), encoding="utf-8")
    assert chapter.steps_at(path)[0].started and len(chapter.steps_at(path)) == len(chapter.steps)


def test_the_line_that_is_no_python_is_named_whatever_imports_it(verdicts):
    name = "no Python in an earlier chapter"
    place = f"ch02_request.py:{line_in(name, 'class Reader(')}  class Reader(:"
    assert rows_of(verdicts[name])["your code"].endswith(place), verdicts[name].text
    assert all("not run" in line for line in verdicts[name].also), verdicts[name].also


# What was printed.


def test_of_many_printed_lines_the_first_and_the_last_are_shown(verdicts):
    text = verdicts["it prints in a loop"].text
    assert "<0>" in text and "<99>" in text and len(re.findall(r"<\d+>", text)) < 12
    assert first_and_last_lines("a\nb\nc") == "a\nb\nc"


# What the checks need.


LACKING = """\
import sys

class Lacking:
    def find_spec(self, name, path=None, target=None):
        if name == "waitress":
            raise ModuleNotFoundError("No module named 'waitress'", name=name)

sys.meta_path.insert(0, Lacking())
"""


@pytest.mark.skipif(os.name == "nt", reason="the Python here is a script for a shell")
def test_a_python_that_lacks_a_package_is_told_in_a_sentence_and_no_step_is_wrong(tmp_path):
    (tmp_path / "sitecustomize.py").write_text(LACKING, encoding="utf-8")
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\nPYTHONPATH={shlex.quote(str(tmp_path))} exec {shlex.quote(sys.executable)} "$@"\n')
    python.chmod(0o755)
    fill(tmp_path, own())
    with pytest.raises(Trouble, match=r"Python said:\nThe checks need waitress, and this Python, [^\n]*$"):
        check_steps(PROJECT, ["5.10"], tmp_path, python=str(python))
    ended = subprocess.run([python, "-m", "pytest", "tests/ch01_socket"], cwd=PROJECT.root, capture_output=True,
                           text=True)
    assert ended.returncode == 1 and ended.stderr.startswith("The checks need waitress, and this Python, ")
    assert "workshop lab" in ended.stderr and "Traceback" not in ended.stderr + ended.stdout


def test_a_second_look_at_the_reference_leaves_no_text_of_it_behind(monkeypatch):
    monkeypatch.setitem(tree.texts, "ch01_socket", "the learner's")
    with reference_in_place():
        tree.load("ch01_socket")
        assert tree.texts["ch01_socket"] == PROJECT.by_stem["ch01_socket"].reference
    assert tree.texts["ch01_socket"] == "the learner's"


NOUNS = {"access_line", "environ_of", "error_page", "flask_app", "is_kept", "is_taken", "length_of", "let_in",
         "next_request", "place_of"}  # functions of the chapters, which are also words of a sentence


@pytest.mark.parametrize("stem", PROJECT.by_stem)
def test_in_what_a_check_claims_names_are_spelt_as_code_has_them(stem):
    texts = [chapter.reference for chapter in PROJECT.chapters]
    names = {name.rpartition(".")[2] for text in texts for name in nodes_of(text)}
    names |= {name for text in texts for name in re.findall(r"(?m)^([A-Z]+_\w+) =", text)} | {"SO_REUSEADDR"}
    spoken = [name.replace("_", " ") for name in names - NOUNS if "_" in name.strip("_")]
    claims = [spelt(name.replace("_", " ")) for path in PROJECT.by_stem[stem].checks.glob("test_*.py")
              for name in re.findall(r"def test_(\w+)", path.read_text(encoding="utf-8"))]
    assert claims and not [claim for claim in claims if any(re.search(rf"\b{name}\b", claim) for name in spoken)]
