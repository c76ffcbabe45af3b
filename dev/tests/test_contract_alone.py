"""The contract is a package of its own: it imports nothing of the tutorial, and does what its README says anywhere."""
import ast
import importlib
import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import xml.etree.ElementTree as xml

import jsonschema
import psutil
import pytest

from dev import PROJECT
from wsgi_contract import __version__, check_ids
from wsgi_contract.expectation import Expectation
from wsgi_contract.launching import environment
from wsgi_contract.pytest_options import EVERYTHING, KINDS
from wsgi_contract.selection import is_chosen
from wsgi_contract.server_records import FOLDER, HERE, collected, path_of_record, record_of
from wsgi_contract.shell_words import as_command, words_of
from wsgi_contract.under_test import Started

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = PROJECT.root / "contract"
FILES = sorted(HERE.rglob("*.py"))
OTHERS = {"wsgi_contract", "pytest", "flask", "tomllib", "tomli", "wsgi_probe"}  # beside the standard library, which
# has tomllib since 3.11; flask, where it is checked; and wsgi_probe, where the probes are files beside each other
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = ["\n".join(line[4:] for line in block.splitlines()) for block in re.findall(r"(?:^ {4}.*\n)+", README, re.M)]
COMMANDS = [line for block in BLOCKS for line in block.splitlines() if line.startswith(("wsgi-contract ", "pytest "))]
DEFAULT, RUNNING = "wsgi-contract check", "wsgi-contract check --port 8000 --host 127.0.0.1"
MINE, OTHER = "-- python3 my_server.py {port} {app}", "-- python3 other.py {port} {app}"
MY_SERVER = """
import importlib, sys
from wsgiref.simple_server import make_server
module, _, name = sys.argv[2].partition(":")
server = make_server("127.0.0.1", int(sys.argv[1]), getattr(importlib.import_module(module), name))
print(server.server_port, flush=True)
server.serve_forever()
"""
MY_SERVER_AT_IPV6 = """
import importlib, socket, sys
from wsgiref.simple_server import WSGIServer, make_server
WSGIServer.address_family = socket.AF_INET6
module, _, name = sys.argv[2].partition(":")
application = getattr(importlib.import_module(module), name)

def careful(environ, start_response):
    if environ["HTTP_HOST"] == f"[::1]:{server.server_port}":
        return application(environ, start_response)
    start_response("400 Bad Request", [])
    return []

server = make_server("::1", 0, careful)
print(server.server_port, flush=True)
server.serve_forever()
"""
MY_PACKAGE = """
class Middleware:
    def __init__(self, app):
        self.app = app

    def __call__(self, environ, start_response):
        return self.app(environ, start_response)

def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"hello"]

def curious(environ, start_response):
    assert environ["REMOTE_USER"] == "ada" and environ["HTTP_ACCEPT"] == "a/b:c"
    return application(environ, start_response)
"""
CARELESS = """
class Middleware:
    def __init__(self, app):
        self.app = app

    def __call__(self, environ, start_response):
        yield from self.app(environ, start_response)
"""


def has_ipv6():
    """Tell whether this system has a loopback address of IPv6."""
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


def imported(path):
    """Return the first parts of the names of all modules that a file imports, wherever in it."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += ["." * node.level + (node.module or "") for node in nodes if isinstance(node, ast.ImportFrom)]
    return {name.partition(".")[0] for name in names}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_nothing_of_the_tutorial_is_imported(path):
    assert not imported(path) - OTHERS - sys.stdlib_module_names


@pytest.mark.parametrize("path", [*FILES, *sorted(ROOT.glob("*.*"))], ids=lambda path: path.name)
def test_nothing_of_the_tutorial_is_named(path):
    words = re.findall(r"(?i)workshop|tutorial|chapter|learner|solutions/|\bsteps?\b", path.read_text(encoding="utf-8"))
    assert not words


# The package.


def project_settings():
    """Return the project's table."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_what_the_package_offers_is_there():
    settings = project_settings()
    [(_, command)], [(_, plugin)] = settings["scripts"].items(), settings["entry-points"]["pytest11"].items()
    module, _, name = command.partition(":")
    assert callable(getattr(importlib.import_module(module), name)) and importlib.import_module(plugin)
    assert (HERE / "py.typed").exists() and f"\n## {__version__}," in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_what_is_needed_beside_python_is_what_is_imported():
    needed = {re.match(r"\w+", requirement)[0] for requirement in project_settings()["dependencies"]}
    assert needed == OTHERS - {"wsgi_contract", "flask", "tomllib", "wsgi_probe"}


# Ids.


def test_each_check_has_an_id_of_its_own():
    printed = json.loads(run(PROJECT.root, "wsgi-contract list --as-json")[0])
    assert len({check["id"] for check in printed}) == len(collected()) > 250
    assert all(check_ids.FORM.fullmatch(id) for id in collected())


def test_no_id_that_was_released_is_gone():
    assert not check_ids.released() - collected().keys()


def test_an_id_stays_with_a_check_that_is_renamed(folder):
    (folder / "test_renamed.py").write_text(
        "import pytest\n@pytest.mark.known_as('an-old-name')\n@pytest.mark.parametrize('how', ['late'])\n"
        "def test_a_better_name(how, request):\n"
        "    from wsgi_contract.check_marks import check_of\n"
        "    assert check_of(request.node).id == 'an-old-name/late'\n", encoding="utf-8")
    text, status = run(folder, "pytest test_renamed.py")
    assert status == 0, text


# The command.


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with a copy of the package and the modules that its README speaks of, and nothing else."""
    folder = tmp_path_factory.mktemp("alone")
    shutil.copytree(HERE, folder / "site" / HERE.name, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "my_server.py").write_text(MY_SERVER, encoding="utf-8")
    (folder / "my_package.py").write_text(MY_PACKAGE, encoding="utf-8")
    return folder


def words_for(command):
    """Return the words that run one of the package's commands with this Python."""
    program, *words = shlex.split(command)
    module = {"wsgi-contract": ["wsgi_contract"], "pytest": ["pytest", "-p", "wsgi_contract.plugin"]}[program]
    return [sys.executable, "-m", *module, *(word.replace("python3", shlex.quote(sys.executable)) for word in words)]


def variables(folder):
    """Return the environment in which nothing but the copy of the package is found."""
    site = folder / "site" if (folder / "site").exists() else HERE.parent
    return environment(PYTEST_DISABLE_PLUGIN_AUTOLOAD="1", PYTHONPATH=str(site))


def run(folder, command, **more):
    """Run one of the package's commands in a folder; return what it prints, and its exit status."""
    ended = subprocess.run(words_for(command), cwd=folder, capture_output=True, text=True, encoding="utf-8",
                           env=variables(folder) | more)
    return ended.stdout + ended.stderr, ended.returncode


def test_waitress_is_checked(folder):
    text, status = run(folder, COMMANDS[0])
    assert status == 0, text[-3000:]
    assert re.search(r"waitress [\d.]+, checked by wsgi-contract [\d.]+\n(.*\n)?conformance: \d+ of \d+ clauses", text)
    assert "known to depart" in text


def test_without_a_server_a_sentence_says_how_to_name_one(folder):
    text, status = run(folder, DEFAULT)
    assert status == 4 and "Name one: wsgi-contract check NAME, where NAME is gunicorn, " in text
    assert "Traceback" not in text and "passed" not in text


def test_a_server_of_ones_own_is_told_what_to_keep_next(folder):
    text, status = run(folder, f"wsgi-contract check --clause 13,42,64 {MINE}")
    assert status == 1 and "conformance: 1 of 3 clauses" in text
    assert "next: clause 42, MUST (environ Variables): CONTENT_TYPE" in text
    assert re.search(r"wsgi-contract check --clause 42 -- .*my_server.py '\{port}' '\{app}' shows what is wrong", text)


@pytest.mark.parametrize("command", [line for line in COMMANDS[1:] if line not in (DEFAULT, RUNNING)])
def test_a_command_of_the_readme_does_what_it_says(folder, command):
    text, status = run(folder, command)
    departs = "my_server" in command and "--expected" not in command
    assert status == departs, text[-3000:]
    said = {"list": "clause 97", "probe": "wsgi_contract.probe:application"}.get(command.split()[1], "conformance: ")
    assert said in text


def test_what_the_readme_says_of_plugins_is_so(folder):
    settings, plugin = BLOCKS[-3:-1]
    (folder / "pyproject.toml").write_text(settings, encoding="utf-8")
    (folder / "my_plugin.py").write_text(plugin, encoding="utf-8")
    try:
        text, status = run(folder, f"{BLOCKS[-1]} --clause 13")
    finally:
        (folder / "pyproject.toml").unlink()
    assert status == 0 and "waitress" in text and "conformance: 1 of 1 clauses" in text


def test_the_readme_names_what_is_there():
    for name in re.findall(r"`([a-z_]+\.py|[a-z]+/)`|\]\(([\w/]+\.md)\)", README):
        path = "".join(name)
        assert path == "my_plugin.py" or (ROOT / path).exists() or (HERE / path).exists(), path


@pytest.mark.parametrize("words, count", [
    ("--level must --clause 42,46", {"clauses": [[42]]}),
    ("--clause 42 --exclude 'without-*'", {"ids": {"content-type-is-the-field"}}),
])
def test_checks_are_left_out(folder, words, count):
    run(folder, f"wsgi-contract check {words} --json chosen.json {MINE}")
    checks = json.loads((folder / "chosen.json").read_text("utf-8"))["checks"]
    assert all(check["clauses"] in count.get("clauses", [[42]]) for check in checks)
    assert count.get("ids", {check["id"] for check in checks}) == {check["id"] for check in checks} != set()


def test_without_http_the_checks_that_hold_no_rule_of_it_remain():
    given = {"clause": None, "level": EVERYTHING, "no-http": True, "exclude": []}
    remaining = {id for id, check in collected().items() if is_chosen(check, given.__getitem__)}
    assert remaining == {id for id, check in collected().items() if not check.rule}
    assert {check.kind for check in map(collected().get, remaining)} == set(KINDS) and remaining != collected().keys()


@pytest.fixture
def port(folder, request):
    """The port of a server of one's own (code, usually my_server.py) that runs already, with the probe."""
    (folder / "running.py").write_text(getattr(request, "param", MY_SERVER), encoding="utf-8")
    words = [sys.executable, "running.py", "0", "wsgi_contract.probe:application"]
    server = subprocess.Popen(words, cwd=folder, env=variables(folder), stdout=subprocess.PIPE, text=True,
                              stderr=subprocess.DEVNULL)
    try:
        yield int(server.stdout.readline())
    finally:
        server.kill()
        server.communicate()


def test_a_server_that_runs_already_is_checked_where_it_listens(folder, port):
    text, status = run(folder, f"wsgi-contract check --port {port} --clause 13,14,21")
    assert f"the server on port {port}" in text and "conformance: 3 of 3" in text and "2 not offered" in text, text


@pytest.mark.parametrize("host, authority", [("127.0.0.1", "127.0.0.1:80"), ("localhost", "localhost:80"),
                                             ("::1", "[::1]:80")])
def test_an_address_of_ipv6_is_in_brackets(host, authority):
    assert Started(None, 80, host=host).authority == authority


@pytest.mark.skipif(not has_ipv6(), reason="this system has no ::1")
@pytest.mark.parametrize("port", [MY_SERVER_AT_IPV6], indirect=True)
def test_a_server_at_an_address_of_ipv6_is_sent_a_host_that_is_one(folder, port):
    text, status = run(folder, f"wsgi-contract check --port {port} --host ::1 --clause 13,41,46")
    assert status == 0 and "conformance: 3 of 3 clauses" in text, text


@pytest.mark.parametrize("verb", ["list", "probe", "middleware", "application", "check waitress"])
def test_a_command_behind_a_verb_that_takes_none_is_refused_in_words(folder, verb):
    text, status = run(folder, f"wsgi-contract {verb} -- python3 my_server.py {{port}}")
    assert status == 2 and "a command is given to `check`, in place of NAME" in text and "Traceback" not in text


def test_what_is_wrong_is_shown_again_where_the_server_listens(folder, port):
    text, _ = run(folder, f"wsgi-contract check --clause 42 --host localhost --port {port}")
    assert f"wsgi-contract check --clause 42 --port {port} --host localhost shows what is wrong" in text
    text, _ = run(folder, f"wsgi-contract check --clause 42 --port {port}")
    assert f"wsgi-contract check --clause 42 --port {port} shows what is wrong" in text


@pytest.mark.parametrize("command", [DEFAULT, "wsgi-contract probe", "wsgi-contract check --port 1",
                                     "wsgi-contract check --help", f"wsgi-contract check --clause 42 {OTHER}"])
def test_each_command_that_is_shown_is_one_that_can_be_typed(folder, command):
    (folder / "other.py").write_text(MY_SERVER.replace("getattr(importlib.import_module(module), name)",
                                                       "lambda environ, start: start('200 OK', []) and []"), "utf-8")
    text, _ = run(folder, command, WSGI_CONTRACT_COMMAND="python3 -m mine")
    assert not re.findall(r"(?<!checked by )wsgi-contract \w+", text)
    assert re.search("python3 -m mine (check|probe)", text)


def test_of_a_port_where_nothing_listens_one_sentence_is_said(folder):
    text, status = run(folder, "wsgi-contract check --port 1")
    assert status == 1 and "nothing listens on port 1" in text and "Traceback" not in text


# Reports and lists of what is expected.


def test_the_reports_name_checks_by_their_ids_and_clauses(folder):
    files = "--json r.json --junit r.xml --badge r.svg"
    run(folder, f"wsgi-contract check --clause 13,42 {files} --server-version 7 {MINE}")
    report = json.loads((folder / "r.json").read_text("utf-8"))
    jsonschema.validate(report, json.loads((HERE / "report.schema.json").read_text("utf-8")))
    assert report["suite"]["version"] == __version__ and report["subject"]["version"] == "7"
    assert report["score"]["clauses"] == {"kept": 1, "all": 2} and report["void"] is None
    [failure] = xml.parse(folder / "r.xml").getroot().iterfind("testcase[failure]")
    properties = {one.get("name"): one.get("value") for one in failure.iter("property")}
    assert properties["clauses"] == "42" and properties["id"] == failure.get("name")
    assert "CONTENT_TYPE is 'text/plain'" in failure.find("failure").text
    assert "PEP 3333: 1 of 2" in (folder / "r.svg").read_text("utf-8") and xml.parse(folder / "r.svg")


def expecting(folder, departs, *more):
    """Run the checks of two clauses with these departures expected; return what is printed and the status."""
    (folder / "expected.json").write_text(json.dumps({"departs": departs}), encoding="utf-8")
    return run(folder, " ".join(["wsgi-contract check --clause 13,42 --expected expected.json", *more, MINE]))


def test_what_is_expected_is_no_news(folder):
    text, status = expecting(folder, {"without-the-field-content-type-is-empty-or-missing": ""})
    assert status == 0 and "1 known to depart" in text


@pytest.mark.parametrize("departs, said", [
    ({}, "this departure is not known"),
    ({"without-the-field-content-type-is-empty-or-missing": "another fact"}, "it is known to depart otherwise"),
    ({"without-the-field-content-type-is-empty-or-missing": "", "content-type-is-the-field": ""}, "it is kept now"),
])
def test_what_is_new_and_what_is_mended_fails(folder, departs, said):
    text, status = expecting(folder, departs)
    assert status == 1 and said in text


def test_a_list_that_names_a_check_there_is_none_of_is_refused(folder):
    text, status = expecting(folder, {"there-is-no-such-check": ""})
    assert status == 4 and "there-is-no-such-check" in text and "Traceback" not in text


def test_what_departs_is_recorded_where_the_command_has_a_path(folder):
    server = shlex.quote(str(folder / "my_server.py"))
    text, status = run(folder, "wsgi-contract check --clause 42 --expected new.json --record "
                               f"-- {shlex.quote(sys.executable)} {server} {{port}} {{app}}")
    recorded = json.loads((folder / "new.json").read_text("utf-8"))
    assert status == 0 and list(recorded["departs"]) == ["without-the-field-content-type-is-empty-or-missing"], text
    text, status = run(folder, f"wsgi-contract check --record -- {server} {{port}}")
    assert status == 4 and "name a file with --expected" in text and "Traceback" not in text


@pytest.mark.parametrize("command", [
    "middleware my_package:Middleware --record", "application my_package:application --record",
    "middleware --record --expected nowhere.json", "application --expected nowhere.json", "check --port 1 --record",
])
def test_what_can_not_be_recorded_or_expected_is_refused_in_words(folder, command):
    text, status = run(folder, f"wsgi-contract {command}")
    assert status == 4 and re.search("name a file with --expected|are for one .*: name it", text), text
    assert "Traceback" not in text and not (folder / "nowhere.json").exists()


def test_what_a_middleware_does_is_recorded_and_known_from_then_on(folder):
    (folder / "careless.py").write_text(CARELESS, encoding="utf-8")
    command = "wsgi-contract middleware careless:Middleware --expected careless.json"
    assert run(folder, f"{command} --record")[1] == 0
    departs = json.loads((folder / "careless.json").read_text("utf-8"))["departs"]
    assert departs and set(departs) <= collected().keys()
    text, status = run(folder, command)
    assert status == 0 and f"{len(departs)} known to depart" in text


def test_what_is_known_of_checks_that_did_not_run_stays_recorded(folder):
    known = {"departs": {"query-string-is-what-follows-the-question-mark": "known"}, "lacks": ["readline-takes-a-size"],
             "unseen": {"content-type-is-the-field": "known"}}
    assert {id for ids in known.values() for id in ids} <= collected().keys()
    (folder / "partial.json").write_text(json.dumps(known), encoding="utf-8")
    run(folder, f"wsgi-contract check --clause 42 --expected partial.json --record {MINE}")
    recorded = json.loads((folder / "partial.json").read_text("utf-8"))
    assert set(recorded["departs"]) == {*known["departs"], "without-the-field-content-type-is-empty-or-missing"}
    assert recorded["lacks"] == known["lacks"] and not recorded["unseen"], "clause 42 was looked at"


def test_what_did_not_run_to_its_end_is_not_recorded(folder):
    (folder / "kept.json").write_text('{"lacks": []}', encoding="utf-8")
    text, status = run(folder, "wsgi-contract check --expected kept.json --record -- python3 -c pass {port}")
    assert status == 1 and (folder / "kept.json").read_text("utf-8") == '{"lacks": []}', text


def test_a_version_with_a_record_of_its_own_is_recorded_there():
    for version, name in (("3.10.14", "wsgiref-3.10.json"), ("3.11.7", "wsgiref.json"), ("", "wsgiref.json")):
        assert path_of_record("wsgiref", version).name == name
        assert record_of("wsgiref", version) == Expectation.read(FOLDER / name)


def test_all_diagnoses_are_printed_if_asked_for(folder):
    text, _ = expecting(folder, {"without-the-field-content-type-is-empty-or-missing": ""}, "--all")
    assert "CONTENT_TYPE is 'text/plain'" in text and "  why " in text


# The environment around it.


def test_an_environ_and_headers_of_ones_own_reach_the_application(folder):
    options = "--environ REMOTE_USER=ada --header 'Accept: a/b:c'"
    assert run(folder, f"wsgi-contract application my_package:curious {options}")[1] == 0
    assert run(folder, "wsgi-contract application my_package:curious")[1] == 1
    text, status = run(folder, "wsgi-contract application my_package:curious --header nonsense")
    assert status == 4 and "'nonsense' is neither" in text


def test_other_tests_are_left_alone_by_the_plugin(folder):
    (folder / "test_own.py").write_text(
        "import pytest\n@pytest.fixture\ndef client():\n    return 'a web client'\n"
        "def test_client(client):\n    assert client == 'a web client'\n"
        "def test_fails(client):\n    assert client == 'another'\n", encoding="utf-8")
    text, status = run(folder, "pytest -q test_own.py")
    assert status == 1 and "1 failed, 1 passed" in text and "conformance" not in text and "'another'" in text


def test_other_tests_lose_no_time_by_the_plugin(folder):
    (folder / "test_quick.py").write_text(
        "import sys\ndef test_it():\n    own = {name for name in sys.modules if name.startswith('wsgi_contract.')}\n"
        "    names = 'plugin', 'pytest_options', 'current_run', 'hooks'\n"
        "    assert own == {'wsgi_contract.' + name for name in names}\n",
        encoding="utf-8")
    text, status = run(folder, "pytest -q test_quick.py")
    assert status == 0, text


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signal for one process alone")
def test_a_run_that_is_ended_leaves_no_server_behind(folder):
    words = words_for(f"wsgi-contract check --seconds 60 -- python3 {folder / 'hangs.py'} {{port}}")
    (folder / "hangs.py").write_text(
        "import socket, sys, time\nlistener = socket.create_server(('127.0.0.1', int(sys.argv[1])))\n"
        "open('listens', 'w').close()\ntime.sleep(60)\n", encoding="utf-8")
    process = subprocess.Popen(words, cwd=folder, env=variables(folder), stdout=subprocess.DEVNULL)
    while not (folder / "listens").exists():
        assert process.poll() is None
    servers = psutil.Process(process.pid).children()
    process.send_signal(signal.SIGTERM)
    process.wait(20)
    gone, alive = psutil.wait_procs(servers, 5)
    assert gone and not alive


@pytest.mark.parametrize("posix", [True, False])
@pytest.mark.parametrize("words", [["python3", "server.py", "{port}"], [r"C:\Python\python.exe", "a b.py", "{port}"]])
def test_a_command_can_be_put_together_and_taken_apart(words, posix):
    assert words_of(as_command(words, posix), posix) == words
