"""Step 5.10 · build_application, in the chapter's program: all steps together, on a real port"""
import os
import signal

import pytest

from workshop.checking.diagnosis import expect_same, expect_that, shown_bytes
from workshop.checking.exchange import exchange
from workshop.checking.programs import chapter_program

STOPS = [signal.SIGINT, signal.SIGTERM] if os.name != "nt" else [None]  # Windows has no gentle way to end a program


@pytest.fixture
def program():
    """The chapter's file, started as a program, listening."""
    with chapter_program("ch05_middleware") as program:
        program.port()
        yield program


@pytest.mark.program
@pytest.mark.step("5.10")
class TestBuildApplicationAsAProgram:
    @pytest.mark.parametrize("how", STOPS, ids=lambda how: how and how.name)
    def test_it_answers_and_ends_when_asked_to(self, program, how):
        answer = exchange(program.port(), b"GET /admin/ HTTP/1.1\r\nHost: a\r\n\r\n")
        expect_that(answer.startswith(b"HTTP/1.1 200 ") and b"<h1>Admin</h1>" in answer, "the program shows no admin",
                    came_back=shown_bytes(answer), why="The chapter's file serves the stack on its own server.",
                    try_it="python chapters/ch05_middleware.py, then: curl -i http://127.0.0.1:8000/admin/")
        expect_same(program.interrupt(how) if how else 0, 0, problem="the program's exit status is not 0",
                    why="To end when asked is no failure; tools that run servers look at the status.",
                    output=program.last_lines())
