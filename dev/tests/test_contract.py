"""The contract: every clause is checked or says why not, the pages are made from the clauses, and servers are known."""
import functools
import re
import subprocess
import sys

import pytest

from dev import PROJECT
from dev.bank.server_variants import MAIN
from dev.sandbox import fill, reference, starters
from workshop.course.clause_steps import checks_of_steps
from workshop.machine.containment import contained_environment
from workshop.machine.servers import REAL
from wsgi_contract.clause_effects import EFFECTS, THREAD
from wsgi_contract.clause_marks import checks_by_clause, checks_in
from wsgi_contract.clauses import CLAUSES, MAY, MUST, MUST_NOT, SHOULD, SHOULD_NOT
from wsgi_contract.expectation import Expectation
from wsgi_contract.real_servers import REAL_SERVERS, version_of
from wsgi_contract.server_records import FOLDER, collected, record_of

EACH = pytest.mark.parametrize("clause", CLAUSES.values(), ids=lambda clause: str(clause.number))
FURTHER = "contract/requirements-servers.txt"  # servers that are checked where all of them are installed
WORDS = 30  # in a sentence about a clause, at the most
COMMAND = [sys.executable, "-m", "workshop", "contract"]


# The clauses.


def test_the_clauses_are_numbered_without_a_gap():
    assert list(CLAUSES) == list(range(1, 140))
    assert {clause.level for clause in CLAUSES.values()} == {MUST, MUST_NOT, SHOULD, SHOULD_NOT, MAY}


@EACH
def test_a_clause_has_a_check_of_a_running_server_or_says_why_not(clause):
    black_box = [check for check in checks_by_clause().get(clause.number, []) if check.is_black_box]
    assert bool(black_box) != bool(clause.why_not), f"checks: {[check.name for check in black_box]}"


def test_a_clause_with_checks_says_how_it_is_looked_at_and_what_a_departure_does():
    assert set(EFFECTS) == set(checks_by_clause())


@pytest.mark.parametrize("number", EFFECTS)
def test_what_is_said_of_a_departure_is_short_and_its_report_is_a_thread(number):
    effect = EFFECTS[number]
    reports = [effect.report] if effect.report else []
    for text in [effect.looked_at, effect.effect, *(report.text for report in reports)]:
        for sentence in re.split(r"(?<=\.)\s+", text):
            assert re.fullmatch(r"\w.+\.", sentence) and len(sentence.split()) <= WORDS
    assert all(THREAD.fullmatch(report.address) for report in reports)


def test_a_link_to_a_clause_leads_to_its_entry():
    names = ("clauses", "duties", "servers")
    pages = [*(f"contract/pages/{name}.md" for name in names), "teaching/steps_and_clauses.md"]
    texts = [(PROJECT.root / page).read_text("utf-8") for page in pages]
    entries = re.findall(r"^### Clause (\d+)$", texts[0], re.MULTILINE)
    assert entries == [str(number) for number in CLAUSES if number in EFFECTS]
    assert {number for text in texts for number in re.findall(r"#clause-(\d+)\)", text)} == set(entries)


def test_a_check_names_clauses_that_exist():
    named = [*checks_by_clause().items(), *checks_of_steps(PROJECT).items()]
    assert not {number: [check.name for check in checks] for number, checks in named if number not in CLAUSES}


def test_a_check_of_a_running_server_holds_clauses_or_a_rule_of_http_and_not_both():
    wrong = [check.name for check in checks_in() if check.is_black_box and bool(check.clauses) == bool(check.rules)]
    assert not wrong
    assert all(re.fullmatch(r"RFC \d{4} section [\d.]+", rule) for check in checks_in() for rule in check.rules)


def test_the_marks_are_read_as_pytest_has_them():
    found = {}
    for check in collected().values():
        marks = found.setdefault(check.id.partition("/")[0], [set(), set()])
        marks[0].update(check.clauses)
        marks[1].update({check.rule} - {None})
    assert {check.id: [set(check.clauses), set(check.rules)] for check in checks_in()} == found


# The records.


def test_records_are_of_servers_and_checks_that_exist():
    names = [re.sub(r"-3\.\d+$", "", path.stem) for path in FOLDER.iterdir()]
    assert set(names) <= set(REAL_SERVERS)
    for path in FOLDER.iterdir():
        assert Expectation.read(path).ids <= set(collected())


def test_what_departs_with_a_newer_python_is_known_of_it_alone(tmp_path):
    known = Expectation("1.0", {"a": ""}, since_python={"3.14": {"b": "x"}, "3.16": {"c": "y"}})
    known.write(tmp_path / "record.json")
    read = Expectation.read(tmp_path / "record.json")
    assert read == known
    assert [sorted(read.with_python(version).departs) for version in [(3, 9), (3, 13), (3, 14), (3, 16)]] == [
        ["a"], ["a"], ["a", "b"], ["a", "b", "c"]]
    assert read.ids == {"a", "b", "c"}


def test_what_departs_with_a_newer_python_is_not_recorded_for_all():
    known = Expectation("1.0", {"a": ""}, since_python={"3.14": {"b": "x"}})
    found = Expectation("1.1", {"a": "", "b": "x"})
    assert found.with_what_is_known(known.with_python((3, 14)), {"a", "b"}) == Expectation(
        "1.1", {"a": ""}, since_python=known.since_python)


def test_what_was_sent_by_hand_is_recorded():
    page = (PROJECT.root / "contract" / "CONFIRMED.md").read_text("utf-8")
    recorded = {id for path in FOLDER.iterdir() for id in Expectation.read(path).with_python((3, 99)).departs}
    assert set(re.findall("^## (.*)", page, re.MULTILINE)) <= recorded


def locked(path):
    """Return {package: version} of a file of versions."""
    text = (PROJECT.root / path).read_text("utf-8")
    return dict(re.findall(r"^([\w-]+)==([\w.]+)", text, re.MULTILINE))


@pytest.mark.parametrize("name", [name for name in REAL_SERVERS if name != "wsgiref"])
def test_a_record_is_of_the_version_that_is_locked(name):
    versions = locked("constraints.txt") if name in REAL else locked(FURTHER)
    package, *adapters = REAL_SERVERS[name].packages
    assert record_of(name).version == ", ".join([versions[package], *(f"{one} {versions[one]}" for one in adapters)])


def test_a_version_is_the_same_in_both_files():
    further, own = locked(FURTHER), locked("constraints.txt")
    assert {name: further[name] for name in further.keys() & own.keys()}.items() <= own.items()


# The servers.

OURS = ("reference", "reference-6", "reference-7")
MENDED = "it is kept now"  # what is said of a departure that a newer Python has mended


def contract(server):
    """Run the contract on a server and return the finished process: without the workshop if it does not install it."""
    folder = PROJECT.root / "contract"
    is_ours = server in (*OURS, *REAL)
    command, cwd = (COMMAND, PROJECT.root) if is_ours else ([sys.executable, "-m", "wsgi_contract"], folder)
    return subprocess.run([*command, "check", server], cwd=cwd, capture_output=True, text=True, encoding="utf-8",
                          env=contained_environment(**{} if is_ours else {"PYTHONPATH": str(folder / "src")}))


@pytest.fixture(scope="module")
def missing():
    """The servers of FURTHER that are not installed as it has them; tornado alone may have come with something else."""
    versions = locked(FURTHER)
    servers = {name: server for name, server in REAL_SERVERS.items() if name not in REAL and server.runs_here}
    return [name for name, server in servers.items()
            if any(version_of(package) != versions[package] for package in server.packages)]


@pytest.fixture(scope="module")
def run_of():
    """A function that returns the run of a server, by its name; there is one of each."""
    return functools.cache(contract)


@pytest.mark.parametrize("name", [*OURS, *REAL_SERVERS])
def test_a_server_does_what_is_known_of_it(name, run_of, missing):
    if missing and name not in {*OURS, *REAL}:
        pytest.skip(f"{name} is checked where {FURTHER} is installed: of its servers {len(missing)} are missing")
    run = run_of(name)
    if "is not installed" in run.stdout:
        pytest.skip(f"{name} is not installed")
    if run.returncode == 1 and name not in OURS:  # how its bytes are cut is a matter of moments: once in a while one of
        run = contract(name)  # others waits for more of a body that it has; a second look must find what is known
    problems = set(re.findall("^✘ (.*)", run.stdout, re.MULTILINE))
    is_another_python = name == "wsgiref" and "what is known of it was recorded of" in run.stdout
    assert run.returncode == 0 or is_another_python and problems == {MENDED}, run.stdout[-6000:] + run.stderr


def told_of_reference(run_of, name="reference"):
    """Return the score in the closing lines of a reference's run."""
    return re.search(r"conformance: (\d+) of (\d+) .*rules of HTTP: (\d+) of (\d+)", run_of(name).stdout)


@pytest.mark.parametrize("name", OURS)
def test_the_reference_keeps_every_clause(name, run_of):
    told = told_of_reference(run_of, name)
    assert told[1] == told[2] and told[3] == told[4]


# What is told.

ELSEWHERE = """
import sys
from dataclasses import replace
from pathlib import Path
sys.path.append(str(Path("contract/src").absolute()))
from wsgi_contract.command_line import main
from wsgi_contract.real_servers import REAL_SERVERS
reference = [str(Path("solutions/ch04_response.py").absolute()), "wsgi_probe:application", "--bind", "127.0.0.1:0"]
REAL_SERVERS["waitress"] = replace(REAL_SERVERS["waitress"], words=lambda *words: reference)
REAL_SERVERS["cheroot"] = replace(REAL_SERVERS["cheroot"], package="a_package_that_nobody_has")
sys.exit(main())
"""
SERVES = """
import importlib, sys
from wsgiref.simple_server import make_server
module, _, name = sys.argv[2].partition(":")
make_server("127.0.0.1", int(sys.argv[1]), getattr(importlib.import_module(module), name)).serve_forever()
"""
EARLIER = ("ch01_socket", "ch02_request", "ch03_environ")


def tell(*arguments, program=COMMAND, **more):
    """Return what the contract prints with these arguments, and its exit status."""
    run = subprocess.run([*program, *arguments], cwd=PROJECT.root, capture_output=True, text=True, encoding="utf-8",
                         env=contained_environment(**more))
    return run.stdout + run.stderr, run.returncode


def elsewhere(folder):
    """Return the command in which waitress is the reference, and cheroot is not installed."""
    (folder / "elsewhere.py").write_text(ELSEWHERE, encoding="utf-8")
    return [sys.executable, str(folder / "elsewhere.py")]


def tree_of(folder, solved, change=lambda text: text):
    """Fill a folder with starters, and with solutions of the chapters solved (stems); return what has it found."""
    sources = starters() | {stem: source for stem, source in reference().items() if stem in solved}
    fill(folder, {stem: change(source) for stem, source in sources.items()})
    return {"PYTHONPATH": str(folder)}


def test_of_a_fresh_starter_the_first_missing_step_is_told_and_nothing_else(tmp_path):
    text, status = tell(**tree_of(tmp_path, ()))
    assert "○ step 1.1 build_response" in text and "not started" in text.splitlines()[-1]
    assert status == 1 and "FAILURES" not in text and "failed" not in text


def test_of_a_file_that_is_not_python_one_check_tells(tmp_path):
    text, status = tell(**tree_of(tmp_path, list(PROJECT.by_stem), lambda text: text + "\n)\n"))
    assert status == 1 and text.count("SyntaxError") == 1 and text.splitlines()[-1].startswith("1 failed")


def test_with_three_chapters_the_server_of_the_third_is_checked_and_the_next_clause_told(tmp_path):
    text, status = tell("--clause", "13,109", **tree_of(tmp_path, EARLIER))
    assert status == 1
    assert "This is your server of chapter 3. Not started in chapter 4: step 4.1 check_status" in text
    assert "conformance: 1 of 2 clauses" in text and "next: clause 109, SHOULD NOT" in text
    assert "○ step 4.7 Response.write" in text


def test_any_command_can_be_checked(tmp_path):
    (tmp_path / "serve.py").write_text(SERVES)
    text, status = tell("--clause", "13,42", "--", sys.executable, str(tmp_path / "serve.py"), "{port}", "{app}")
    assert "conformance: 1 of 2 clauses" in text and "CONTENT_TYPE is 'text/plain'" in text and status == 1


@pytest.mark.parametrize("command, sentence", [
    (["check", "gunicron"], "is none of yours, reference, "),
    (["--", "a-command-that-nobody-has", "{port}"], "the command can't be started"),
    (["--", sys.executable, "-c", "pass", "{port}"], "the command does not listen on port"),
])
def test_a_command_that_does_not_serve_is_told_once(command, sentence):
    text, status = tell(*command)
    assert status and sentence in text and "Traceback" not in text
    assert text.count("why ") <= 1


def test_a_server_that_is_not_installed_is_skipped(tmp_path):
    text, status = tell("check", "cheroot", program=elsewhere(tmp_path))
    assert "cheroot is not installed: python3 -m pip install a_package_that_nobody_has" in text
    assert status == 0 and re.fullmatch(r"\d+ skipped in .*", text.splitlines()[-1])


def test_a_departure_that_is_known_and_no_longer_happens_is_told(tmp_path):
    text, status = tell("check", "waitress", "--clause=97", program=elsewhere(tmp_path))
    assert status == 1 and "it is kept now" in text and "record it (--record)" in text


ENDING = """

def serve_once_more(app, make_handle=make_handle):
    def ending(environ, start_response):
        if environ["PATH_INFO"].endswith("/late-start"):
            HOW
        return app(environ, start_response)
    return make_handle(ending)


make_handle = serve_once_more
"""


@pytest.mark.parametrize("how, sentence", [("os._exit(3)", "the server has ended"), ("while True: pass", "stays open")])
def test_a_server_that_ends_or_hangs_is_told_of_and_started_anew(tmp_path, how, sentence):
    ending = ENDING.replace("HOW", how)
    tree = tree_of(tmp_path, list(PROJECT.by_stem), lambda text: text.replace(MAIN, ending + MAIN)
                   if "def handle_request" in text else text)
    text, status = tell("--clause", "77,80,81", **tree)
    assert status == 1 and sentence in text and "1 failed, 3 passed" in text
