"""The contract is fair: what can't be looked at is not charged, and without a look there is no score."""
import importlib
import inspect
import json
import re
import subprocess
import sys

import pytest

from dev.bank.server_variants import all_variants
from dev.sandbox import reference
from dev.thread_server import cases, findings
from wsgi_contract.answer import BLANK_LINE
from wsgi_contract.launching import environment
from wsgi_contract.scoring import DEPARTS, UNSEEN
from wsgi_contract.server_records import HERE, collected
from wsgi_contract.wire import Exchange, is_complete

OPENING = """
import socket, sys
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
held = []
while True:
    connection = listener.accept()[0]
    with open("accepted", "a") as file:
        file.write("one\\n")
"""
CLOSES = OPENING + "    connection.close()\n"
SILENT = OPENING + "    held.append(connection)\n"
REFUSES = OPENING + """
    connection.recv(65_536)
    connection.sendall(b"HTTP/1.1 400 Bad Request\\r\\nContent-Length: 0\\r\\nConnection: close\\r\\n\\r\\n")
    connection.close()
"""
SERVED = """
import importlib, sys
from wsgiref.simple_server import make_server
module, _, name = sys.argv[2].partition(":")
application = getattr(importlib.import_module(module), name)

def changed(environ, start_response):
    {change}
    return application(environ, start_response)

make_server("127.0.0.1", int(sys.argv[1]), changed).serve_forever()
"""


@pytest.fixture
def checked(tmp_path):
    """A function that checks a server (its code) with some words, and returns what is printed, and the report."""
    def check(code, *words):
        (tmp_path / "server.py").write_text(code, encoding="utf-8")
        command = [sys.executable, "-m", "wsgi_contract", "check", "--json", "report.json", *words, "--",
                   sys.executable, "server.py", "{port}", "{app}"]
        ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8",
                               env=environment(PYTHONPATH=str(HERE.parent)))
        return ended.stdout + ended.stderr, json.loads((tmp_path / "report.json").read_text("utf-8"))

    return check


# Servers with which nothing can be checked.


@pytest.mark.parametrize("code, said", [
    (CLOSES, "the server does not answer: it ends the connection"),
    (SILENT, "the server does not answer: it took the connection and a request, and was silent for 5 seconds"),
    (REFUSES, "the server answers with status 400, and does not call the application"),
], ids=["closes", "is-silent", "refuses"])
def test_a_server_that_serves_nothing_scores_nothing_and_is_asked_once(checked, tmp_path, code, said):
    text, report = checked(code)
    assert (tmp_path / "accepted").read_text("utf-8") == "one\n"
    assert said in text and "no check" not in text and "conformance" not in text
    assert report["void"].startswith(said) and report["score"] is None and not report["checks"]
    assert "Date" not in text.replace("Date:", ""), "no check is to blame"


@pytest.mark.parametrize("change, said", [
    ('environ["PATH_INFO"] = ""', "PATH_INFO does not hold the path that was asked for"),
    ('start_response("200 OK", []); return [b"another application"]', "what is served is not the probe"),
    ('start_response("500 Oops", []); application(environ, lambda *head: None); return []',
     "its answer does not arrive: the status is 500"),
    ('application(environ, start_response); return [b"cut"]', "the body of its answer does not arrive as it was given"),
])
def test_what_is_missing_is_said_plainly(checked, change, said):
    text, report = checked(SERVED.format(change=change))
    assert said in text and said in report["void"]


# What is not charged.


def states(report):
    """Return {id: state} of a report."""
    return {check["id"]: check["state"] for check in report["checks"]}


def test_a_server_without_the_query_is_charged_for_the_query_alone(checked):
    reports = [checked(SERVED.format(change=change), "--no-http", "--level", "must")[1]
               for change in ('environ["QUERY_STRING"] = ""', "pass")]
    without, usual = ({id for id, state in states(report).items() if state == "departs"} for report in reports)
    assert without - usual == {"query-string-is-what-follows-the-question-mark"}


def test_a_second_last_chunk_behind_a_file_is_charged_to_http_alone():
    [variant] = [one for one in all_variants() if one.name == "the last chunk behind an empty file comes twice"]
    about = [case for case in cases() if case.check.path.stem == "test_opened_files"]
    assert set(dict(findings(variant.sources(), about))) == set(variant.claims)


def test_what_could_not_be_looked_at_is_neither_kept_nor_broken(checked):
    change = "inner = start_response; start_response = lambda *head: inner(*head) and None"
    text, report = checked(SERVED.format(change=change), "--clause", "81,103,104")
    assert states(report)["it-returns-a-callable-that-takes-bytes"] == "departs"
    assert {state for id, state in states(report).items() if id.startswith("what-")} == {"could not be looked at"}
    assert report["score"]["clauses"] == {"kept": 0, "all": 1}
    assert "4 checks could not be looked at: clause 103, clause 104" in text


def test_a_server_that_ends_is_told_of_and_not_charged_to_the_clause_at_hand(checked):
    change = 'import os; environ["PATH_INFO"].endswith("/late-start") and os._exit(3)'
    text, report = checked(SERVED.format(change=change), "--clause", "77")
    assert list(states(report).values()) == ["could not be looked at"] and report["score"]["clauses"]["all"] == 0


ENDS = """

def make_handle(app, make_handle=make_handle):
    def ending(environ, start_response):
        iterable = app(environ, start_response)
        if "/opened-file/" in environ["PATH_INFO"]:
            raise KeyboardInterrupt
        return iterable
    return make_handle(ending)
"""


def test_nor_is_one_that_runs_in_a_thread():
    stem, claim = "ch04_response", "a file of the system is sent"
    sources = reference() | {stem: reference()[stem] + ENDS}
    assert dict(findings(sources, cases([claim]), (DEPARTS, UNSEEN))) == {
        claim: "the server has ended: it was there before this check"}


# Crashes.

CRASHING = """
import sys
from wsgi_contract.checks.server import test_start_response
from wsgi_contract.command_line import main

def crash(client):
    raise UnicodeEncodeError("latin-1", "?", 0, 1, "on purpose")

test_start_response.{name}.__code__ = crash.__code__
sys.exit(main())
"""


@pytest.mark.parametrize("words, said", [
    ([], "there is no score: 1 of 2 checks have crashed"),
    (["--expected", "known.json", "--record"],
     "there is no score, and nothing is recorded: 1 of 2 checks have crashed"),
], ids=["usual", "recording"])
def test_a_check_that_crashes_voids_the_score_in_words(tmp_path, words, said):
    name = "test_it_may_be_called_when_the_first_block_is_asked_for"
    (tmp_path / "crashing.py").write_text(CRASHING.format(name=name), encoding="utf-8")
    command = [sys.executable, "crashing.py", "check", "waitress", "--clause", "13,77", "--json", "report.json", *words]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8",
                           env=environment(PYTHONPATH=str(HERE.parent)))
    report = json.loads((tmp_path / "report.json").read_text("utf-8"))
    assert ended.returncode == 1 and said in ended.stdout
    assert not (tmp_path / "known.json").exists()
    assert "UnicodeEncodeError" in ended.stdout and report["score"] is None and "crashed" in report["void"]
    assert "has crashed" in states(report).values()


# What the suite sends.


def test_no_client_shuts_one_side_of_its_connection():
    others = [path for path in HERE.rglob("*.py") if "asgi" not in path.parts]  # there one does, in a disputed check
    assert not [path.name for path in others if "SHUT_WR" in path.read_text(encoding="utf-8")]


@pytest.fixture(scope="module")
def sent():
    """What all checks send to the reference, by connections."""
    sent, close = [], Exchange.close
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Exchange, "close", lambda exchange: sent.append(exchange.sent) or close(exchange))
        for _ in findings(reference(), cases()):
            pass
    return sent


def test_nothing_is_sent_behind_a_request_that_ends_the_connection(sent):
    closing = rb"\r\nConnection: close\r\n(.*\r\n)*?\r\n[^\0]*?[A-Z]+ \S+ HTTP/1"
    assert len(sent) > 300 and not [data for data in sent if re.search(closing, data)]


@pytest.fixture
def wsgi_probe(monkeypatch):
    """The module of the probe."""
    monkeypatch.syspath_prepend(HERE / "probe")
    return importlib.import_module("wsgi_probe")


def test_the_probe_has_no_head_that_no_check_asks_for(sent, wsgi_probe):
    asked = set(re.findall(r"/bad/([\w-]+) ", b"\n".join(sent).decode("latin-1")))
    assert asked == wsgi_probe.BAD.keys()


def test_no_page_of_the_probe_is_a_generator_but_that_of_clause_77(wsgi_probe):
    assert [name for name, page in wsgi_probe.PAGES.items() if inspect.isgeneratorfunction(page)] == ["late-start"]


@pytest.mark.parametrize("data, is_whole", [
    (b"", False), (b"HTTP/1.1 200 OK\r\n", False), (b"HTTP/1.1 204 No Content" + BLANK_LINE, True),
    (b"HTTP/1.1 200 OK\r\nContent-Length: 5" + BLANK_LINE + b"hell", False),
    (b"HTTP/1.1 200 OK\r\nContent-Length: 5" + BLANK_LINE + b"hello", True),
    (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked" + BLANK_LINE + b"1\r\na\r\n", False),
    (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked" + BLANK_LINE + b"1\r\na\r\n0\r\n\r\n", True),
    (b"HTTP/1.0 200 OK" + BLANK_LINE + b"to the end", False),
])
def test_an_answer_is_complete_where_its_head_says_so(data, is_whole):
    assert is_complete(data, head_only=False) == is_whole


def test_one_cause_is_one_clause():
    """A check of a running server holds one clause that a server owes; what an application owes may stand beside it."""
    from wsgi_contract.clauses import CLAUSES, SERVER

    several = {id: check.clauses for id, check in collected().items() if check.kind == "server"
               and sum(SERVER in CLAUSES[number].who for number in check.clauses) > 1}
    assert not several
