"""`catch-up`: afterwards all earlier checks pass, and what was the learner's and passed still is the learner's."""
import json
import random

import pytest

from dev import PROJECT
from dev.bank.step_versions import all_versions
from dev.sandbox import reference
from workshop.course import borrowed_steps, definitions
from workshop.course.project import order
from workshop.course.source import replace_bodies
from workshop.course.step_uses import sources_of, to_mend_first

SEPARATE = 'def separate(lines):\n    # mine, 你好\n    return "\\r\\n".join(lines)\n\n\n'
OWN_RESPONSE = '''    content = body.encode("utf-8")
    head = [f"HTTP/1.1 {status}", f"Date: {formatdate(usegmt=True)}", f"Content-Type: {content_type}; charset=utf-8",
            f"Content-Length: {len(content)}", "Connection: close"]
    head += [f"{name}: {value}" for name, value in extra_fields]
    return separate(head).encode("latin-1") + BLANK_LINE + content
'''


@pytest.fixture
def mine(fresh_sandbox):
    return fresh_sandbox("my workshop, 你好 ü")


def caught_up(mine, what, **settings):
    """Run catch-up and return what it says; all checks before the chapter or step must pass then."""
    said = works(mine.run("catch-up", what, **settings))
    before = [number for number in PROJECT.steps if order(number) < order(what)]
    checked = mine.call("check", *before, "--json")
    answer = json.loads(checked.stdout)
    wrong = {number: step for number, step in answer["steps"].items() if step["state"] not in ("yours", "borrowed")}
    assert not wrong and checked.returncode == 0 and answer["all_pass"] and answer["asked"] == before
    return said


def works(ended):
    assert ended.returncode == 0 and not ended.stderr, ended.stdout + ended.stderr
    return ended.stdout


def with_body(source, name, body):
    """Return a chapter's source with another body (indented as in a file) for a function."""
    import textwrap

    return replace_bodies(source, {name: textwrap.dedent(body)})


def borrowed_in(mine, stem):
    """Return the numbers of the steps that are the reference's in a chapter of a sandbox."""
    return borrowed_steps.borrowed_in(PROJECT.by_stem[stem], mine.text(stem))


def test_fresh_starters_are_filled_in_and_the_banner_says_so(mine):
    said = caught_up(mine, "2", COLUMNS="60")
    assert "≡ borrowed from the reference: 1.1, 1.2, 1.3, 1.4, 1.5" in said and "yours: " not in said
    assert all(len(line) <= 60 for line in said.splitlines())
    assert borrowed_in(mine, "ch01_socket") == ["1.1", "1.2", "1.3", "1.4", "1.5"]
    assert borrowed_steps.FOUND.findall(mine.text("ch01_socket")) == ["1.1", "1.2", "1.3", "1.4", "1.5"]
    assert borrowed_steps.without_notes(mine.text("ch01_socket")) == reference()["ch01_socket"]
    assert mine.text("ch02_request") == PROJECT.by_stem["ch02_request"].starter
    assert mine.call("undo").returncode == 0 and mine.text("ch01_socket") == PROJECT.by_stem["ch01_socket"].starter


def test_what_comes_before_a_step_is_filled_in_and_nothing_more(mine):
    mine.solve("ch01_socket")
    said = caught_up(mine, "2.4")
    assert "yours: 1.1, 1.2, 1.3, 1.4, 1.5\n" in said and "borrowed from the reference: 2.1, 2.2, 2.3\n" in said
    assert mine.text("ch01_socket") == mine.solved("ch01_socket")
    steps = PROJECT.by_stem["ch02_request"].steps_in(mine.text("ch02_request"), mine.path("ch02_request"))
    assert [step.number for step in steps if step.started] == ["2.1", "2.2", "2.3"]
    assert len(mine.saved()) == 1 and mine.text("ch03_environ") == PROJECT.by_stem["ch03_environ"].starter


def test_all_is_filled_in_to_the_end_of_the_last_chapter_and_nobody_has_built_it(mine):
    """In a tutorial of two chapters, for all five take long."""
    for chapter in PROJECT.chapters[2:]:
        (mine.root / "solutions" / f"{chapter.stem}.py").unlink()
    mine.solve("ch01_socket")
    mine.solve("ch02_request", parse_field='raise NotImplementedError("step 2.2: write parse_field")')
    works(mine.run("catch-up", "all"))
    assert [borrowed_in(mine, stem) for stem in PROJECT.by_stem][:2] == [[], ["2.2"]]
    said = works(mine.call("status"))
    assert "1  ✔✔✔✔✔ " in said and "2  ✔≡✔✔✔ ✔✔✔✔✔ ✔✔ " in said
    assert "16 yours, 1 borrowed of 17 steps." in said
    assert "Your server: 16 steps yours, 1 borrowed from the reference." in " ".join(said.split())
    assert "You have built it all" not in said


def test_where_all_passes_nothing_is_changed(mine):
    mine.solve("ch01_socket")
    said = works(mine.run("catch-up", "2"))
    assert "✔ yours: 1.1, 1.2, 1.3, 1.4, 1.5\n" in said and "nothing is filled in" in said and not mine.saved()
    mine.borrow("ch01_socket")
    said = works(mine.run("catch-up", "2"))
    assert "✔ yours: 1.1\n≡ borrowed from the reference: 1.2, 1.3, 1.4, 1.5\n" in said  # 1.1 is three statements
    assert "nothing is filled in" in said and not mine.saved()


def test_finished_functions_and_helpers_stay_and_only_what_does_not_pass_is_borrowed(mine):
    """1.1 is done in a way of its own, 1.2 not begun, 1.3 deleted; 1.4 renamed; an import and a constant are gone.

    In chapter 2, 2.2 is wrong, which makes 2.3 and others fail that are right; 2.7 hangs.
    """
    starter = PROJECT.by_stem["ch01_socket"].starter
    text = with_body(starter, "build_response", OWN_RESPONSE)
    text = text.replace("def build_response(", SEPARATE + "def build_response(").replace("import traceback\n", "")
    text = text.replace("LINGER = 1", "# LINGER = 1").replace("def open_listener(", "def open_a_listener(")
    place = definitions.places(text)["handle"][-1]
    mine.write("ch01_socket", definitions.edited(definitions.lines_of(text), [(place.begin, place.end, "")]))
    mine.solve("ch02_request", parse_field="return line", **{"Reader.read_exactly": "while True:\n    pass\n"})
    said = caught_up(mine, "3")
    assert "yours: 1.1\n" in said and "borrowed from the reference: 1.2, 1.3, 1.4, 1.5\n" in said
    assert SEPARATE in mine.text("ch01_socket") and OWN_RESPONSE in mine.text("ch01_socket")
    assert borrowed_in(mine, "ch02_request") == ["2.2", "2.7"]


def test_a_file_that_is_no_python_and_one_that_is_gone_are_the_references_and_saved(mine):
    mine.change("ch01_socket", "def handle(", "def handle)(")
    broken = mine.path("ch01_socket").read_bytes()
    mine.path("ch02_request").unlink()
    said = caught_up(mine, "3")
    assert "is not Python" in said and "There is no file" in said
    assert mine.saved() == [broken]
    assert mine.call("undo").returncode == 0
    assert mine.path("ch01_socket").read_bytes() == broken and not mine.path("ch02_request").exists()


def test_where_the_program_around_the_steps_is_to_blame_it_is_put_back(mine):
    """hang_up is spoiled, so all that needs it fails; a line at the end ends whatever imports the file."""
    text = with_body(mine.solved("ch01_socket"), "hang_up", "    connection.shutdown(99)\n")
    text = with_body(text, "build_response", OWN_RESPONSE)
    text = text.replace("def build_response(", SEPARATE + "def build_response(")
    text = text.replace("if __name__ ==", 'sys.exit(build_response("tried out"))\n\nif __name__ ==')
    mine.write("ch01_socket", text.replace("\n", "\r\n"))
    said = caught_up(mine, "2")
    assert "as it was given: hang_up" in said and "taken out, for it ran on import: `sys.exit(" in said
    assert "yours: 1.1, 1.2, 1.3, 1.4, 1.5\n" in said
    data = mine.path("ch01_socket").read_bytes()
    assert data.count(b"\n") == data.count(b"\r\n") and OWN_RESPONSE.replace("\n", "\r\n").encode() in data


@pytest.mark.parametrize("seed", [2])
def test_whatever_mixture_of_right_wrong_and_missing_steps_there_is_it_is_filled_in(seed, mine):
    """What is right, and does not rest on what is wrong, stays as it is."""
    chance, right = random.Random(seed), {}
    for stem in ("ch01_socket", "ch02_request"):
        bodies, right[stem] = mixture(stem, chance)
        mine.write(stem, replace_bodies(PROJECT.by_stem[stem].starter, bodies))
    caught_up(mine, "3")
    for stem, kept in right.items():
        found = definitions.places(mine.text(stem))
        assert set(borrowed_in(mine, stem)).isdisjoint(kept), stem
        assert {step.name for step in PROJECT.by_stem[stem].steps} <= found.keys()


def mixture(stem, chance):
    """Return bodies for some steps of a chapter, chosen by chance, and the numbers of those that are right."""
    bodies, right = {}, []
    for step in PROJECT.by_stem[stem].steps:
        kind = chance.choice(["mistakes", "answers", "not started"])
        choices = [version for version in all_versions() if version.step.number == step.number and version.kind == kind]
        if choices:
            bodies[step.name] = chance.choice(choices).body
            right += [step.number] if kind == "answers" else []
    return bodies, right


@pytest.mark.parametrize("what, said", [
    ("1", "Before chapter 1 there is nothing"), ("1.1", "Before step 1.1 there is nothing"),
    ("9", "There is no chapter 9"), ("2.99", "There is no step 2.99"), ("everything", "There is no chapter everything"),
])
def test_there_must_be_something_before_a_chapter_or_step_that_there_is(what, said, mine):
    ended = mine.call("catch-up", what)
    assert ended.returncode == 1 and not ended.stdout and said in ended.stderr


def test_where_not_even_the_reference_passes_nothing_is_changed(mine):
    mine.path("ch01_socket").write_text("import no_such_module\n", encoding="utf-8")
    reference_file = mine.root / "solutions" / "ch01_socket.py"
    reference_file.write_text(reference()["ch01_socket"].replace('"utf-8"', '"utf-16"'), encoding="utf-8")
    ended = mine.run("catch-up", "2")
    assert ended.returncode == 1 and "Not even the reference" in ended.stderr and "doctor" in ended.stderr
    assert mine.text("ch01_socket") == "import no_such_module\n" and not mine.saved()


@pytest.mark.parametrize("failing, blamed", [
    (["2.2", "2.3", "2.12"], ["2.2"]), (["2.3", "2.12"], ["2.3"]), (["2.7", "2.9"], ["2.7"]),
    (["2.1", "2.5"], ["2.1", "2.5"]), (["1.2", "1.3", "3.13"], ["1.2"]),
    (["4.6", "4.7"], ["4.6"]),  # self.head_once() is given, and calls it
])
def test_steps_are_to_mend_first_that_use_no_other_failing_one(failing, blamed):
    assert to_mend_first(failing, sources_of(PROJECT, PROJECT.solutions)) == blamed


def test_a_step_whose_programs_alone_fail_waits_for_others_to_be_mended(mine):
    """1.5 takes its handle as a parameter: what is wrong with its program is 1.2 and 1.3, which that uses."""
    assert to_mend_first(["1.2", "1.4", "1.5"], sources_of(PROJECT, PROJECT.solutions), ["1.5"]) == ["1.2", "1.4"]
    assert to_mend_first(["1.5"], sources_of(PROJECT, PROJECT.solutions), ["1.5"]) == ["1.5"]
    mine.solve("ch01_socket", read_head="return b'', b''", handle='raise NotImplementedError("step 1.3: write handle")')
    works(mine.run("catch-up", "2"))
    assert borrowed_in(mine, "ch01_socket") == ["1.2", "1.3"]


def test_of_steps_that_use_each_other_the_first_is_to_mend_first():
    task = '    """Step 2.{} · about 5 minutes"""\n    {}()\n'
    text = f"def one():\n{task.format(1, 'other')}\n\ndef other():\n{task.format(2, 'one')}"
    assert to_mend_first(["2.1", "2.2"], (("ch02_request", text),)) == ["2.1"]
