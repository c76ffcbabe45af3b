"""Step 3.13 · make_handle, in the chapter's program: all steps together, on a real port"""
import html
import os
import signal
import socket

import pytest
import requests

from tests.ch03_environ.common import NI_HAO
from workshop.checking.diagnosis import expect_that
from workshop.checking.exchange import exchange
from workshop.checking.plugins.outcomes import NotStarted
from workshop.checking.programs import chapter_program
from workshop.checking.tree import shown
from wsgi_contract.answer import read_answer


def start():
    """Run the chapter's program on a free port and give it as a Program, once it has printed its URL."""
    with chapter_program("ch03_environ") as program:
        program.port()
        yield program


program = pytest.fixture(start, scope="class")  # one for all that only ask it
program_to_end = pytest.fixture(start)


@pytest.fixture
def program_without_port():
    """Run the chapter's program on a port that is taken, and give it once it has ended."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        with chapter_program("ch03_environ", bind=f"127.0.0.1:{taken.getsockname()[1]}") as program:
            program.wait_patiently(lambda: program.stderr.endswith("\n"))
            explained = program.explained()
            if isinstance(explained, NotStarted):
                raise explained
            yield program


def ask(program, method, path, **options):
    """Return the response that `requests` gets from a Program."""
    with requests.Session() as session:
        session.trust_env = False  # no proxy between
        url = f"http://127.0.0.1:{program.port()}{path}"
        return program.answer(lambda seconds: session.request(method, url, timeout=seconds, **options))


@pytest.mark.program
@pytest.mark.step("3.13")
class TestProgram:
    WHY = "It is started as you would start it, and asked by a client that knows nothing of it."
    ROW = {"try_it": "python chapters/ch03_environ.py, then: curl -i http://127.0.0.1:8000/"}

    def test_the_program_shows_the_environ_to_requests(self, program):
        response = ask(program, "GET", "/你好?page=2")
        expect_that(response.status_code == 200, f"the program answers {response.status_code}", self.WHY, **self.ROW,
                    output=program.last_lines())
        text = html.unescape(response.text)
        for wanted in ("The environ of /你好", "QUERY_STRING", "page=2", repr("/" + NI_HAO.decode("latin-1"))):
            expect_that(wanted in text, f"the page does not show {wanted}", self.WHY, **self.ROW, came_back=shown(text))

    def test_the_program_answers_a_form_and_head(self, program):
        response = ask(program, "POST", "/", data={"who": "你好"})
        expect_that(response.status_code == 200 and "CONTENT_LENGTH" in response.text,
                    f"the program answers a form with {response.status_code}", self.WHY, came_back=shown(response.text))
        head = ask(program, "HEAD", "/")
        expect_that(head.status_code == 200 and head.content == b"" and int(head.headers["Content-Length"]) > 0,
                    "the program answers HEAD in another way", self.WHY, came_back=shown(dict(head.headers)))

    def test_the_program_refuses_what_is_no_request_and_serves_on(self, program):
        refused = read_answer(exchange(program.port(), b"hello\r\n\r\n"))
        expect_that(refused.status == 400, f"what is no request is answered with {refused.status}", self.WHY)
        expect_that(ask(program, "GET", "/").status_code == 200, "after that the program serves no more", self.WHY)

    @pytest.mark.skipif(os.name == "nt", reason="Windows has no signals that one process can send to another")
    @pytest.mark.parametrize("how", ["SIGINT", "SIGTERM"])
    def test_the_program_ends_cleanly(self, program_to_end, how):
        status = program_to_end.interrupt(getattr(signal, how))
        expect_that(status == 0 and "Traceback" not in program_to_end.stderr,
                    f"after {how} the program ends with status {status}", output=program_to_end.last_lines(),
                    why="To be stopped is no error: nothing is printed, and the status is 0.")

    def test_a_port_that_is_taken_is_reported_in_a_sentence(self, program_without_port):
        printed = program_without_port.stderr
        expect_that(printed.startswith("can't listen on 127.0.0.1:") and printed.count("\n") == 1,
                    "a port that is taken is not reported in a sentence", output=program_without_port.last_lines(),
                    why="It happens to everybody, and a traceback does not say what to do.")
