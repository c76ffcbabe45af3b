"""Fixtures of several steps of this chapter."""
import pytest

from workshop.checking.programs import chapter_program


@pytest.fixture
def program():
    """The chapter's program, which has printed its URL."""
    with chapter_program("ch01_socket") as program:
        program.port()
        yield program
