"""Step 2.12 · handle, in the chapter's program: all steps together, on a real port"""
import os
import signal
import socket

import pytest

from tests.ch02_request.common import GET, ch02, expect_status, post
from workshop.checking.diagnosis import expect_same, expect_that, shown_bytes
from workshop.checking.exchange import exchange
from workshop.checking.programs import chapter_program
from wsgi_contract.answer import read_answer


@pytest.mark.program
@pytest.mark.step("2.12")
class TestHandle:
    def test_the_program_answers_requests(self):
        import requests

        with chapter_program("ch02_request") as program, requests.Session() as session:
            session.trust_env = False  # no proxy between us
            url = f"http://127.0.0.1:{program.port()}"
            page = program.answer(lambda seconds: session.get(f"{url}/", timeout=seconds))
            expect_same((page.status_code, page.text), (200, ch02.HOME), problem="requests.get does not get the page",
                        why="The program serves what handle answers.")
            said = program.answer(lambda seconds: session.post(
                f"{url}/echo?page=2", data={"who": "你好"}, timeout=seconds)).json()
            expect_same((said["method"], said["query"], said["body"]), ("POST", "page=2", "who=%E4%BD%A0%E5%A5%BD"),
                        problem="requests.post does not get its echo", why="The program serves what handle answers.")
            said = program.answer(lambda seconds: session.put(
                f"{url}/echo", data=iter([b"in ", b"chunks"]), timeout=seconds)).json()
            expect_same(said["body"], "in chunks", problem="a chunked upload of requests is not understood",
                        why="requests sends chunks where it does not know how long a body is.")

    def test_the_program_refuses_and_goes_on(self):
        with chapter_program("ch02_request") as program:
            port = program.port()
            for data, status in [(b"hello\r\n\r\n", 400), (post(b"Content-Length: 9999999", body=b"a" * 100_000), 413),
                                 (GET, 200)]:
                expect_status(read_answer(exchange(port, data, end=True)), status, "the answer has another status",
                              "A bad request ends its own connection and nothing else.", sent=shown_bytes(data))

    @pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
    @pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
    def test_the_program_ends_cleanly(self, how):
        with chapter_program("ch02_request") as program:
            program.port()
            status = program.interrupt(how)
            expect_that(status == 0 and "Traceback" not in program.stderr,
                        f"the program does not end cleanly on {how.name}",
                        came_back=f"exit status {status}, output: {program.last_lines()}",
                        expected="exit status 0, and no traceback",
                        why="A server is ended this way every day: no traceback, exit status 0.")

    def test_a_port_that_is_taken_is_reported_in_a_sentence(self):
        with socket.create_server(("127.0.0.1", 0)) as other:
            bind = f"127.0.0.1:{other.getsockname()[1]}"
            with chapter_program("ch02_request", bind=bind) as program:
                program.wait_patiently(lambda: not program.running_readers())
                if "not started" in program.stderr:
                    raise program.explained()
                lines = program.stderr.strip().splitlines()
                expect_that(len(lines) == 1 and "Traceback" not in lines[0],
                            "a port that is taken is not reported in a sentence", came_back=program.last_lines(),
                            expected=f"one line about {bind}",
                            why="The person who started it wants to know what to do, not where in Python it happened.")
