"""The bench: its figures, its clients, what it prints, and one short run from end to end."""
import argparse
import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import xml.etree.ElementTree as ElementTree
from wsgiref.util import setup_testing_defaults

import psutil
import pytest

from dev import PROJECT
from workshop.bench import figures_table, load
from workshop.bench.chart import chart
from workshop.bench.contestants import why_not
from workshop.bench.facts import facts_of, save, saved
from workshop.bench.figures import Sample, Spread
from workshop.bench.measuring import Measurements, processor_seconds
from workshop.bench.modes import CLOSE, CLOSE_SLOW, FLASK, KEEP_ALIVE, MODES, PLAIN
from workshop.bench.served.hello import BODY, HEADERS, application
from workshop.machine import interpreter
from workshop.machine.containment import contained_environment
from workshop.machine.trouble import Trouble
from workshop.verbs import bench

# Figures.


def test_a_mode_without_figures_is_named():
    facts = saved() | {"results": {"close": saved()["results"]["close"]}}
    told = [line for line in figures_table.legend(facts) if "Not measured" in line]
    assert told == [f"Not measured in this run: {mode.title}." for mode in MODES if mode != CLOSE]


def test_a_spread_is_median_lowest_and_highest():
    assert Spread.of([5.0, 1.0, 3.0]) == Spread(3.0, 1.0, 5.0)
    assert Spread.of([2.0, None, 4.0]) == Spread(3.0, 2.0, 4.0)
    assert Spread.of([None]) is None and Spread.of([]) is None


def test_a_sample_has_a_rate_and_a_cost():
    sample = Sample(requests=2000, seconds=0.5, server=0.1, client=0.2)
    assert (sample.rate, sample.cost) == (4000, 50)
    assert Sample(0, 0.5, 0.1, 0.2).cost is None and Sample(10, 0.5, None, 0.2).cost is None


@pytest.mark.parametrize("server, client, is_the_clients", [
    (0.3, 0.95, True), (0.95, 0.95, False), (0.3, 0.3, False), (None, 0.95, False),
])
def test_a_rate_is_the_clients_where_the_client_is_busy_and_the_server_is_not(server, client, is_the_clients):
    assert Sample(100, 1.0, server, client).is_the_clients is is_the_clients


# The time of processors.


def test_the_time_of_a_process_is_that_of_all_below_it_too():
    work = "import subprocess, sys, time\nwhile time.process_time() < 0.2:\n    pass\n"
    child = work + "print(flush=True)\ninput()"
    parent = work + f"subprocess.run([sys.executable, '-c', {child!r}])"
    with subprocess.Popen([sys.executable, "-c", parent], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        assert 0.3 < processor_seconds(process.pid) < 10  # systems count in hundredths, and round down
        process.communicate(b"\n")
    assert processor_seconds(process.pid) is None


def test_the_time_of_this_process_grows():
    before = processor_seconds(os.getpid())
    while time.process_time() < before + 0.1:
        pass
    assert processor_seconds(os.getpid()) > before


# The load.


@pytest.fixture
def server():
    """A function (answers) that runs a server which gives each connection one of them, and returns its port."""
    threads = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        def start(*answers):
            threads.append(threading.Thread(target=give_each, args=(listener, answers), daemon=True))
            threads[-1].start()
            return listener.getsockname()[1]

        yield start
        for thread in threads:
            while thread.is_alive():  # it waits for a client: let one come
                socket.create_connection(listener.getsockname()).close()
                thread.join(0.02)


def give_each(listener, answers):
    """Accept as many clients as there are answers (bytes), one after the other, and give each of them one."""
    for answer in answers:
        connection, _ = listener.accept()
        with connection, contextlib.suppress(ConnectionError):
            connection.recv(65_536)
            connection.sendall(answer)


RIGHT = b"HTTP/1.1 200 OK\r\n\r\n" + BODY


@pytest.mark.parametrize("answer, is_right", [
    (RIGHT, True), (b"HTTP/1.0 200 OK\r\n\r\n" + BODY, True), (b"", False), (RIGHT[:-1], False),
    (b"HTTP/1.1 500 Oops\r\n\r\n" + BODY, False), (b"HTTP/1.1 200 OK\r\n\r\n", False),
])
def test_an_answer_counts_if_it_is_a_whole_200_with_the_body(answer, is_right, server):
    assert load.asks_well(server(answer)) is is_right


def test_a_server_that_closes_each_connection_keeps_none_alive(server):
    assert not load.keeps_alive(server(RIGHT, RIGHT))


def test_only_right_answers_are_counted(server):
    answers = [RIGHT, b"HTTP/1.1 500 Oops\r\n\r\n", RIGHT, b"", RIGHT, b"", b"", b""]
    assert load.answered(server(*answers), 0.3, CLOSE)[0] == 3


def test_a_server_that_never_answers_takes_the_time_that_was_given():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        count, took = load.answered(listener.getsockname()[1], 0.2, KEEP_ALIVE)
    assert count == 0 and 0.2 <= took < 2


def test_slow_clients_have_each_sent_a_byte_when_the_block_begins():
    with socket.create_server(("127.0.0.1", 0), backlog=16) as listener:
        with load.slow_clients(listener.getsockname()[1], count=3):
            connections = [listener.accept()[0] for _ in range(3)]
            assert [connection.recv(1) for connection in connections] == [b"G"] * 3
        for connection in connections:
            while connection.recv(100):
                pass
            connection.close()


@pytest.mark.parametrize("mode", MODES, ids=[mode.name for mode in MODES])
def test_each_way_asks_with_one_whole_head(mode):
    first, *fields, end, nothing = mode.request.decode("ascii").split("\r\n")
    assert first == f"GET {mode.path} HTTP/1.1" and (end, nothing) == ("", "")
    names = [field.partition(": ")[0] for field in fields]
    assert len(names) == len(set(names)) and ("Connection: close" in fields) is not mode.keep_alive


def test_the_page_is_the_same_by_way_of_flask():
    def page_at(path):
        environ, heads = {"PATH_INFO": path}, []
        setup_testing_defaults(environ)
        return b"".join(application(environ, lambda *head: heads.append(head))), heads[0][0], sorted(heads[0][1])

    assert page_at(FLASK) == page_at(PLAIN) == (BODY, "200 OK", sorted(HEADERS))


def test_the_limit_is_not_asked_for_a_page_of_flask():
    made = Measurements(1.0, without_keep_alive=["wsgiref"])
    assert [mode.path for mode in MODES if not made.has(mode, "limit")] == [FLASK, FLASK]
    assert all(made.has(mode, "wsgiref") is not mode.keep_alive for mode in MODES)
    assert all(made.has(mode, "reference-6") for mode in MODES)


# What is printed.


def measurements(**more):
    """Return Measurements with figures that are as wide as they get."""
    made = Measurements(1.0, rounds=1, without_keep_alive=["wsgiref"], **more)
    for mode in MODES:
        made.add(mode, "gunicorn", Sample(51_234, 1.0, 9.9, 0.5))
        made.add(mode, "gunicorn", Sample(50_123, 1.0, 9.8, 0.5))
        made.add(mode, "gunicorn-gthread", Sample(48_765, 1.0, 9.1, 0.5))
        made.add(mode, "gunicorn-gthread", Sample(47_654, 1.0, 9.2, 0.5))
    made.add(MODES[0], "limit", Sample(12_345, 1.0, 0.1, 0.99))
    made.add(MODES[0], "werkzeug", Sample(0, 1.0, 0.1, 0.1))
    return made


def report(columns, **more):
    return figures_table.report(facts_of(measurements(**more)), columns)


@pytest.mark.parametrize("columns", [60, 100])
def test_a_report_fits_the_terminal(columns):
    text = report(columns, left_out={"yours": "step 1.1 " + "is still to be written " * 5})
    assert max(map(len, text.splitlines())) <= columns
    assert ("of gunicorn's" in text) == (columns == 100)


def test_a_report_says_whose_rate_it_is_and_what_is_missing():
    text = " ".join(report(100, left_out={"yours": "it does not start"}).split())
    assert re.search(r"limit \| 12345\* ", text) and "the rate is the client's" in text
    assert re.search(r"werkzeug \| 0 \| – ", text)
    assert "Without keep-alive: wsgiref." in text and "yours is left out: it does not start" in text


def test_a_report_says_that_no_answer_beside_slow_clients_is_expected_only_where_there_is_none():
    made = measurements()
    assert "is expected" not in figures_table.report(facts_of(made), 100)
    made.add(CLOSE_SLOW, "limit", Sample(0, 1.0, 0.1, 0.1))
    assert "0 beside slow clients is expected: " in figures_table.report(facts_of(made), 100)


def test_the_share_is_that_of_gunicorns_cost_in_the_same_round():
    made = Measurements(1.0)
    for gunicorn, reference in ((0.1, 0.05), (0.4, 0.2), (0.1, 0.09)):  # the second round was disturbed, for both
        made.add(MODES[0], "gunicorn", Sample(1000, 1.0, gunicorn, 0.5))
        made.add(MODES[0], "reference", Sample(1000, 1.0, reference, 0.5))
    made.add(MODES[0], "limit", Sample(0, 1.0, 0.1, 0.5))
    assert [row[3] for row in figures_table.rows_of(MODES[0], made.results())] == ["1.00", "0.50", "–"]


@pytest.mark.parametrize("name, text", [
    ("seconds", "0"), ("seconds", "nan"), ("seconds", "a"), ("seconds", "61"), ("rounds", "0"), ("rounds", "51"),
    ("rounds", "9" * 5000), ("servers", "gunicorn,apache"), ("servers", ""),
])
def test_an_option_that_makes_no_sense_is_refused(name, text):
    with pytest.raises(argparse.ArgumentTypeError, match=r"is no(t one of| number of)"):
        getattr(bench, name)(text)


def test_a_server_that_does_not_start_is_reported_with_its_step_or_its_last_line():
    assert why_not("not started: step 4.7 Response.write, chapters/ch04_response.py:240\n") == (
        "step 4.7 Response.write, chapters/ch04_response.py:240 is still to be written")
    assert why_not("Traceback …\nOSError: no luck\n") == "it does not start (OSError: no luck)"
    assert "printed nothing" in why_not("")


# What is saved.


def test_what_is_saved_is_read_again_without_the_starters_that_were_left_out(tmp_path, monkeypatch):
    monkeypatch.setattr("workshop.bench.facts.SAVED", tmp_path / "measured.json")
    facts = facts_of(measurements(left_out={"yours": "it is still to be written", "cheroot": "it does not start"}))
    save(facts)
    assert saved() == facts | {"left_out": {"cheroot": "it does not start"}}


def test_a_picture_can_be_drawn_of_any_figures():
    facts = facts_of(measurements())
    for label in chart(facts).labels:
        assert label.width <= label.room, label
    ElementTree.fromstring(chart(facts).svg())
    assert chart({**facts, "results": {mode.name: {} for mode in MODES}}).svg()


# One run.


def test_a_python_without_psutil_is_told_what_to_install(monkeypatch):
    monkeypatch.setenv(interpreter.INSIDE, "1")
    monkeypatch.setattr(bench.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(Trouble, match="-m pip install psutil, then the same command again"):
        bench.run(argparse.Namespace(), PROJECT)


def bench_command(folder, *words):
    return [sys.executable, "-m", "workshop", "bench", "--picture", str(folder / "figures.svg"), *words]


def test_a_run_measures_prints_and_leaves_nothing_behind(tmp_path):
    run = subprocess.run(bench_command(tmp_path, "--quick", "--seconds=0.3", "--servers=yours,reference,limit"),
                         cwd=PROJECT.root, capture_output=True, text=True, encoding="utf-8", timeout=60,
                         env=contained_environment(WORKSHOP_INSIDE="1", COLUMNS="100", BENCH_MARK=str(tmp_path)))
    assert run.returncode == 0, run.stderr
    for name in ("reference", "limit"):
        assert re.search(rf"\| {name} +\| +[1-9]\d*\*? ", run.stdout), run.stdout
    assert "| yours" in run.stdout or "yours is left out: step 1.1 build_response, chapters/" in run.stdout
    assert "What a request costs" in (tmp_path / "figures.svg").read_text(encoding="utf-8")
    assert not alive_with(str(tmp_path))


@pytest.mark.skipif(os.name == "nt", reason="Windows has no signal for one process alone")
def test_ctrl_c_ends_a_run_with_what_there_is(tmp_path):
    process = subprocess.Popen(bench_command(tmp_path, "--rounds=50", "--seconds=0.1", "--servers=limit,reference"),
                               cwd=PROJECT.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
                               env=contained_environment(WORKSHOP_INSIDE="1", BENCH_MARK=str(tmp_path)))
    try:
        while "Round 2 of 50" not in process.stdout.readline():
            assert process.poll() is None
        assert len(alive_with(str(tmp_path))) == 3
        process.send_signal(signal.SIGINT)
        printed, errors = process.communicate(timeout=20)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 130 and errors.endswith("Stopped.\n"), errors
    assert re.search(r"\| limit +\| +[1-9]\d*\*? ", printed) and not alive_with(str(tmp_path))


def alive_with(mark):
    """Return the ids of processes that have a mark in their environment, where psutil can tell."""
    found = []
    for process in psutil.process_iter():
        try:
            found += [process.pid] if mark in process.environ().values() else []
        except (psutil.Error, OSError):
            pass
    return found
