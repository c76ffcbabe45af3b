"""Step 4.16 · load_application, in the chapter's program: all steps together, on a real port"""
import os
import signal
import socket
import sys

import pytest
import requests

from tests.ch04_response.applications import log_lines
from tests.ch04_response.common import GET
from tests.ch04_response.modules import NO_APPLICATIONS
from workshop.checking.diagnosis import Diagnosis, expect_same, expect_that
from workshop.checking.exchange import exchange
from workshop.checking.programs import chapter_program, running
from workshop.checking.tree import path_of
from wsgi_contract.answer import read_answer

DEMO = f"""
import flask

app = flask.Flask("demo")
app.add_url_rule("/", "home", lambda: "Hello, 你好")
app.add_url_rule("/file", "file", lambda: flask.send_file({__file__!r}))
app.add_url_rule("/stream", "stream", lambda: flask.Response(str(number) for number in range(3)))
app.add_url_rule("/broken", "broken", lambda: 1 / 0)
"""
IMPATIENT = """
import sys
sys.path.insert(0, sys.argv[1])
import ch04_response
ch04_response.REQUEST_SECONDS = 0.2
sys.argv[1:] = ["demo_good:app", "--bind", "127.0.0.1:0"]
ch04_response.main()
"""


def serving(folder, app="demo_good:app", **options):
    """Run the chapter's program in a folder, as `running` does."""
    return chapter_program("ch04_response", app, cwd=folder, **options)


def refusal(program):
    """Return what a program prints on stderr that ends at once. Raises Diagnosis if it serves."""
    program.wait_patiently(lambda: program.output or not program.running_readers())
    explained = program.explained()
    if not isinstance(explained, Diagnosis):
        raise explained
    expect_that(program.process.poll() is not None, "the program runs, with nothing that it could serve",
                called=program.shown(), output=program.last_lines(), why="It has to say what is wrong, and to end.")
    return program.stderr


@pytest.mark.program
@pytest.mark.step("4.16")
class TestProgram:
    def test_it_serves_an_application_of_the_current_folder(self, folder):
        with serving(folder) as program:
            url = f"http://127.0.0.1:{program.port()}/a?b"
            answer = program.answer(lambda seconds: requests.get(url, timeout=seconds))
            expect_same((answer.status_code, answer.text), (200, "from demo_good"),
                        problem="the page is not the application's", stderr=program.last_lines(),
                        called=program.shown(), why="MODULE is looked up from the current folder.")
            expect_that(program.wait_patiently(lambda: log_lines(program.stderr)),
                        "the request is not in the access log on stderr", called=program.shown(),
                        output=program.last_lines(), why="Each request has its line there.")

    def test_it_answers_a_raw_client(self, folder):
        with serving(folder) as program:
            answer = read_answer(exchange(program.port(), GET))
            expect_same((answer.status, answer.body), (200, b"from demo_good"),
                        problem="the page is not the application's", called=program.shown(),
                        output=program.last_lines(), why="A response ends with the connection.")

    def test_it_serves_a_flask_app(self, folder):
        (folder / "demo.py").write_text(DEMO, encoding="utf-8")
        with serving(folder, "demo:app") as program, requests.Session() as session:
            url = f"http://127.0.0.1:{program.port()}"
            answers = {path: program.answer(lambda seconds, path=path: session.get(url + path, timeout=seconds))
                       for path in ("/", "/file", "/stream", "/broken")}
        expect_same({path: answer.status_code for path, answer in answers.items()},
                    {"/": 200, "/file": 200, "/stream": 200, "/broken": 500}, problem="Flask's answers are others",
                    why="A framework is an application like any other.")
        expect_same((answers["/"].text, answers["/stream"].text), ("Hello, 你好", "012"),
                    problem="the bodies are not Flask's", why="The bytes go out as they are.")
        with open(__file__, "rb") as sent:
            expect_that(answers["/file"].content == sent.read(), "the file is not sent whole",
                        came_back=f"{len(answers['/file'].content)} bytes", why="sendfile goes on until all is sent.")

    @pytest.mark.skipif(os.name == "nt", reason="a subprocess on Windows can't be sent Ctrl-C alone")
    @pytest.mark.parametrize("how", ["SIGINT", "SIGTERM"])
    def test_it_ends_cleanly(self, folder, how):
        with serving(folder) as program:
            program.port()
            status = program.interrupt(getattr(signal, how))
            expect_same((status, "Traceback" in program.stderr), (0, False),
                        problem=f"the program does not end cleanly on {how}", called=program.shown(),
                        output=program.last_lines(), why="Ctrl-C is how a server is ended: it is no error.")

    @pytest.mark.parametrize("case", ["no such module", "a module that raises", "a module that is no Python",
                                      "a module without that name", "an object that can't be called"])
    def test_what_is_no_application_is_reported_in_one_sentence(self, folder, case):
        name, words = NO_APPLICATIONS[case]
        with serving(folder, name) as program:
            printed = refusal(program)
            expect_that("Traceback" not in printed and len(printed.splitlines()) == 1,
                        f"{case} is not reported in one sentence", called=program.shown(), output=printed,
                        why="A traceback shows the inside of the server, not what is wrong.")
            expect_that(program.process.returncode, "the exit status is 0", called=program.shown(), output=printed,
                        why="Scripts look at it to see whether the server runs.")

    def test_a_port_that_is_taken_is_reported_in_one_sentence(self, folder):
        with socket.create_server(("127.0.0.1", 0)) as other:
            with serving(folder, bind=f"127.0.0.1:{other.getsockname()[1]}") as program:
                printed = refusal(program)
                expect_that("Traceback" not in printed and len(printed.splitlines()) == 1,
                            "a port that is taken is not reported in one sentence", called=program.shown(),
                            output=printed,
                            why="It is the most frequent mistake when one starts a server.")
                expect_that(program.process.returncode, "the exit status is 0", called=program.shown(),
                            why="The server does not run.")

    def test_a_client_that_never_finishes_its_request_is_refused(self, folder):
        command = [sys.executable, "-c", IMPATIENT, str(path_of("ch04_response").parent)]
        with running(command, cwd=folder) as program:
            port = program.port()
            expect_same(read_answer(exchange(port, b"GET / HT")).status, 408,
                        problem="half a request is not answered with 408", output=program.last_lines(),
                        why="It has not come in time (RFC 9110 section 15.5.9).")
            expect_same(read_answer(exchange(port, GET)).status, 200, problem="the next client is not answered",
                        output=program.last_lines(), why="One client never stops the server.")
