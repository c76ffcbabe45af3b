"""Step 1.5 · serve, in the chapter's program: all steps together, on a real port"""
import os
import signal
import socket

import pytest

from tests.ch01_socket.common import REQUEST, ch01
from workshop.checking.diagnosis import expect_same, expect_that, shown_bytes
from workshop.checking.exchange import exchange
from workshop.checking.plugins.outcomes import NotStarted
from workshop.checking.programs import chapter_program
from wsgi_contract.answer import read_answer


@pytest.fixture
def program():
    """The chapter's program, which has printed its URL."""
    with chapter_program("ch01_socket") as program:
        program.port()
        yield program


@pytest.fixture
def program_without_a_port():
    """The chapter's program, started on a port that is taken."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        with chapter_program("ch01_socket", bind=f"127.0.0.1:{taken.getsockname()[1]}") as program:
            program.wait_patiently(lambda: program.output or program.errors)
            explained = program.explained()
            if isinstance(explained, NotStarted):
                raise explained
            yield program


@pytest.fixture
def session():
    """A session of requests that uses no proxy."""
    import requests  # takes a while, and only one check needs it

    with requests.Session() as session:
        session.trust_env = False
        yield session


@pytest.mark.program
@pytest.mark.step("1.5")
class TestServe:
    def test_the_program_answers_requests(self, program, session):
        answer = program.answer(lambda seconds: session.get(f"http://127.0.0.1:{program.port()}/", timeout=seconds))
        expect_same((answer.status_code, answer.text), (200, ch01.PAGE), problem="requests reads another page",
                    called=program.shown(), why="requests is one of the clients that a server is written for.")

    def test_the_program_answers_one_client_after_the_other(self, program):
        half = program.answer(lambda _: exchange(program.port(), REQUEST[:8], end=True))
        expect_same(half, b"", "Its request never became whole.", problem="a client that hung up is answered")
        for request in REQUEST + b"b" * 300_000, REQUEST:
            answer = read_answer(program.answer(lambda _, request=request: exchange(program.port(), request)))
            expect_same(answer.body, ch01.PAGE.encode(), problem="a client gets another page",
                        sent=shown_bytes(request), called=program.shown(),
                        why="One client hung up half-way, one sends more than you read, one sends what it should.")

    if os.name != "nt":  # where Ctrl-C can't be sent to a program in a group of its own
        @pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
        def test_the_program_ends_when_it_is_asked_to(self, program, how):
            status = program.interrupt(how)
            expect_that(status == 0 and "Traceback" not in program.stderr,
                        f"{how.name} does not end the program cleanly",
                        came_back=f"exit status {status}, output: {program.last_lines()}",
                        expected="exit status 0, and no traceback",
                        why="Being stopped is no failure: serve returns, and the program ends.")

    def test_a_port_that_is_taken_ends_the_program_with_a_sentence(self, program_without_a_port):
        program = program_without_a_port
        expect_that("can't listen on" in program.stderr and "Traceback" not in program.stderr,
                    "a port that is taken does not end the program with a sentence", came_back=program.last_lines(),
                    why="open_listener lets the OSError out; the program turns it into words.")
