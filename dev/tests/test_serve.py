"""`serve`: the learner's own server; which step is missing while it is not finished; Ctrl-C."""
import argparse
import errno
import os
import socket
import sys
import urllib.request
from contextlib import contextmanager

import pytest

from dev import PROJECT
from dev.sandbox import Sandbox, starters
from workshop.checking.programs import running
from workshop.checking.verdict import Verdict
from workshop.course.project import Project
from workshop.machine import ports
from workshop.verbs import serve

UPTO_FOUR = [stem for stem in PROJECT.by_stem if stem < "ch05"]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return Sandbox(tmp_path_factory.mktemp("serve") / "my workshop, 你好 ü")


@contextmanager
def serving(place, *words, folder=None):
    """Run `serve` on a free port and give the program, when it listens."""
    with running([sys.executable, "-m", "workshop", "serve", *words, "--port", "0"], cwd=folder or place.root,
                 PYTHONPATH=str(place.root), NO_COLOR="1") as program:
        program.port()
        yield program


def page_of(program, path="/"):
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"http://127.0.0.1:{program.port()}{path}", timeout=10) as answer:
        return answer.read().decode()


def test_while_a_step_is_missing_it_is_named(place):
    place.solve(*UPTO_FOUR[:-1])
    ended = place.run("serve")
    assert ended.returncode == 1 and not ended.stdout
    assert ended.stderr.startswith("not started: step 4.1 check_status, chapters/ch04_response.py:")
    assert ended.stderr.endswith("Your server of chapter 3 runs already: python3 chapters/ch03_environ.py\n")


@pytest.mark.parametrize("solved, failing, said", [
    ([], None, []), (["ch01_socket"], None, ["python3 chapters/ch01_socket.py"]),
    (["ch01_socket", "ch02_request"], None, ["python3 chapters/ch02_request.py"]),
    (["ch01_socket", "ch03_environ"], None, ["python3 chapters/ch01_socket.py"]),
    (["ch01_socket", "ch02_request"], "2.3", ["python3 chapters/ch01_socket.py"]),
])
def test_the_program_of_an_earlier_chapter_that_runs_is_named_if_there_is_one(solved, failing, said, tmp_path):
    sandbox = Sandbox(tmp_path)
    sandbox.solve(*solved)
    if failing:
        sandbox.remember({failing: Verdict(failing, ["failed"])})
    project = Project(sandbox.root)
    lines = serve.what_runs_now(project.learners, project.chapter(serve.SERVER))
    assert [line.partition("runs already: ")[2] for line in lines] == said


@pytest.mark.skipif(os.name == "nt", reason="Windows cannot send Ctrl-C to one process")
def test_your_server_serves_the_demo_app_until_ctrl_c(place):
    place.solve(*UPTO_FOUR)
    with serving(place) as program:
        assert "Hello, 你好" in page_of(program)
        assert program.interrupt() == 0
    assert "ch03_environ:function_app" in program.output[0] and "Traceback" not in program.stderr
    said = " ".join("".join(program.output).split())
    assert "The application of chapter 5 takes its place when all steps of that chapter are written." in said
    assert "The first that is not: 5.1 " in said


def test_an_application_of_yours_is_found_from_the_current_folder(place, tmp_path):
    place.solve(*UPTO_FOUR)
    (tmp_path / "mine.py").write_text(
        "def app(environ, start_response):\n    start_response('200 OK', [])\n    return [b'of mine']\n", "utf-8")
    with serving(place, "mine:app", folder=tmp_path) as program:
        assert page_of(program) == "of mine"
    assert "chapter 5" not in "".join(program.output)


def test_the_reference_serves_the_whole_stack(place):
    with serving(place, "--tree", "solutions") as program:
        assert "Admin" in page_of(program, "/admin/")
    assert "ch05_middleware:application" in program.output[0] and "takes its place" not in "".join(program.output)


MANY = [stem for stem in PROJECT.by_stem if stem != "ch05_middleware"]


def test_with_many_the_server_of_chapter_6_runs_and_the_first_line_says_so(place):
    place.solve(*MANY)
    with serving(place, "--many") as program:
        assert "Hello, 你好" in page_of(program)
    said = " ".join("".join(program.output).split())
    assert said.startswith("ch03_environ:function_app, served by chapters/ch06_concurrency.py.")
    assert "The application of chapter 5 takes its place" in said and "--many" not in said


def test_who_has_written_chapter_6_is_told_how_to_run_it_and_chapter_4_runs_on(place):
    place.solve(*MANY)
    with serving(place) as program:
        page_of(program)
    said = " ".join("".join(program.output).split())
    assert "served by chapters/ch04_response.py." in said
    assert "To serve many clients at once, with your server of chapter 6: python3 -m workshop serve --many" in said


def test_with_many_the_step_that_is_missing_is_named_and_chapter_5_is_not_needed(place):
    place.solve(*UPTO_FOUR)
    for stem in ("ch05_middleware", "ch06_concurrency"):
        place.write(stem, starters()[stem])
    ended = place.run("serve", "--many")
    assert ended.returncode == 1 and not ended.stdout
    assert ended.stderr.startswith("not started: step 6.1 take_head, chapters/ch06_concurrency.py:")
    assert "Your server of chapter 4 runs already: python3 chapters/ch04_response.py" in " ".join(ended.stderr.split())


def test_a_file_that_is_no_python_is_told_in_a_sentence(place):
    place.solve(*UPTO_FOUR)
    place.change("ch02_request", "def parse_fields(", "def parse_fields)(")
    ended = place.run("serve")
    assert ended.returncode == 1 and "ch02_request.py:" in ended.stderr and "is not Python" in ended.stderr


def test_a_port_that_is_taken_is_told_in_a_sentence(place):
    place.solve(*UPTO_FOUR)
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert not ports.is_free(port)
        ended = place.run("serve", "--port", str(port))
    assert ended.returncode == 1 and f"Port {port} is taken" in ended.stderr and "--port 0" in ended.stderr
    assert ports.is_free(port) and ports.is_free(0)


def test_what_was_typed_besides_the_port_stays_in_the_advice(place):
    with socket.create_server(("127.0.0.1", 0)) as other:
        ended = place.run("serve", "--tree", "solutions", "mine:app", "--many", "--port", str(other.getsockname()[1]))
    assert "python3 -m workshop serve --tree solutions --many mine:app --port 0" in " ".join(ended.stderr.split())


@pytest.mark.parametrize("port, number, said", [
    (80, errno.EACCES, "needs rights that you do not have: choose one above 1023"),
    (80, 10013, "needs rights that you do not have: choose one above 1023"),
    (8000, 10013, "is kept by the system or by another program: choose another port"),
    (8000, errno.EADDRINUSE, "is taken: stop the other server"),
    (8000, errno.EADDRNOTAVAIL, "cannot be had (Cannot assign"),
])
def test_why_a_port_cannot_be_had_is_told_with_what_to_do(port, number, said, monkeypatch):
    class Refusing(socket.socket):
        def bind(self, address):
            raise OSError(number, os.strerror(number))

    monkeypatch.setattr(ports.socket, "socket", Refusing)
    assert ports.obstacle(port).startswith(said) and not ports.is_free(port)


@pytest.mark.parametrize("written, app", [
    ({"ch03_environ", "ch05_middleware"}, "ch05_middleware:application"),
    ({"ch03_environ"}, "ch03_environ:function_app"), (set(), "ch03_environ:function_app"),
])
def test_the_last_application_that_is_written_is_served(written, app, monkeypatch):
    monkeypatch.setattr(serve, "is_written", lambda tree, chapter: chapter.stem in written)
    assert serve.default_app(PROJECT.learners, PROJECT) == app


def test_what_is_not_written_is_named_so_that_one_knows_why_an_earlier_application_is_served(place):
    def said(app="ch03_environ:function_app"):
        return "".join(serve.why_not_the_last(app, place.root / "chapters", Project(place.root)))

    place.solve(*PROJECT.by_stem)
    assert said("ch05_middleware:application") == ""
    place.solve("ch05_middleware", find_mount='raise NotImplementedError("step 5.7: write find_mount")')
    assert said().endswith("The first that is not: 5.7 find_mount.")
    place.write("ch05_middleware", "def f(:\n")
    assert said().endswith("The first that is not: ch05_middleware.py.")


@pytest.mark.parametrize("given, port", [("", 8000), ("8123", 8123)])
def test_people_who_share_a_machine_have_ports_of_their_own(given, port, monkeypatch):
    monkeypatch.setenv(ports.VARIABLE, given)
    parser = argparse.ArgumentParser()
    serve.add_arguments(parser)
    assert parser.parse_args([]).port == port and parser.parse_args(["--port", "0"]).port == 0
