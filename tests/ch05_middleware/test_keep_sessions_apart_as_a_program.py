"""Step 5.9 · keep_sessions_apart, in another program: the names of the cookies there and here"""
import os
import sys

import pytest

from tests.ch05_middleware.shops import two_apps
from workshop.checking.diagnosis import Diagnosis, expect_that
from workshop.checking.programs import running
from workshop.checking.tree import path_of

ANOTHER_START = """
import sys, time
sys.path.insert(0, sys.argv[1])
time.time = lambda: 0.0  # at another time
import ch05_middleware as chapter
apps = chapter.make_shop({}), chapter.make_admin({})
chapter.keep_sessions_apart(*apps)
print("names:", *[app.session_interface.get_cookie_name(app) for app in apps])
"""


def names_here():
    """Return the names of the cookies of shop and admin, in this process."""
    return [app.session_interface.get_cookie_name(app) for app in two_apps()]


def names_there():
    """Return the names that the cookies have in a program of its own, with another seed for hash()."""
    seed = "1" if os.environ.get("PYTHONHASHSEED") != "1" else "2"
    command = [sys.executable, "-c", ANOTHER_START, str(path_of("ch05_middleware").parent)]
    with running(command, PYTHONHASHSEED=seed) as program:
        program.wait_patiently(lambda: not program.running_readers())
        found = [line.split()[1:] for line in program.output if line.startswith("names: ")]
        if not found:
            raise Diagnosis("in another program keep_sessions_apart does not set the names", place=program.place(),
                            called="keep_sessions_apart(shop, admin)", output=program.last_lines(),
                            why="Each start of the site imports the chapter, and calls it.")
        return found[-1]


@pytest.mark.program
@pytest.mark.step("5.9")
class TestKeepSessionsApartAsAProgram:
    def test_the_names_are_the_same_in_another_program(self):
        here, there = names_here(), names_there()
        expect_that(here == there, "at each start of the program a cookie has another name",
                    called="keep_sessions_apart(shop, admin), in two programs",
                    came_back=f"{' and '.join(here)} in one, {' and '.join(there)} in the other",
                    expected="two names that stand in your code, such as shop_session and admin_session",
                    why="After a restart, or in a second process of gunicorn's, no basket would be found. hash() of a "
                        "str, id(), os.getpid() and the time, for example, are others in each process.")
