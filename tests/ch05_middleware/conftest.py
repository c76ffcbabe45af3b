"""Fixtures of several steps of this chapter."""
import functools

import pytest

from tests.ch05_middleware.common import ask_directly, ask_over
from workshop.checking.programs import chapter_program
from workshop.checking.serving import serving_all
from workshop.checking.tree import path_of


@pytest.fixture(scope="module")
def expected():
    """What the stack itself answers to VISITS."""
    return ask_directly()


@pytest.fixture(scope="module")
def programs(expected):
    """All servers that are installed, with the stack, each started once."""
    with serving_all("ch05_middleware:application", path_of("ch05_middleware").parent) as programs:
        yield programs


@pytest.fixture(scope="module")
def ask_once(programs):
    """A function that asks a server, by its name, when it is first called with it, and then remembers."""
    return functools.cache(lambda server: ask_over(server, programs[server]))


@pytest.fixture(scope="module")
def answers(request, programs, ask_once):
    """What one server answers to VISITS."""
    if request.param not in programs:
        pytest.skip(f"{request.param} is not installed: python3 -m pip install -r requirements.txt")
    return ask_once(request.param)


@pytest.fixture
def program():
    """The chapter's file, started as a program, listening."""
    with chapter_program("ch05_middleware") as program:
        program.port()
        yield program
