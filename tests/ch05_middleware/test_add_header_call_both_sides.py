"""Step 5.1 · AddHeader.__call__: what servers and applications on both sides may do"""
import contextlib
import re
import sys

import pytest
from flask import Flask

from tests.ch05_middleware.common import BOTH_SIDES, CLOSE, GREEN, PNG, START, TEXT, blaming_slips, environ, taken
from tests.ch05_middleware.shops import client_of
from tests.ch05_middleware.sides import App, Body, NoTeaLeft, Server, added_to, expect_header_added, judged
from workshop.checking.diagnosis import Diagnosis, expect_same, expect_that
from workshop.checking.tree import deepest_place


@contextlib.contextmanager
def blaming_signature(why):
    """Make a Diagnosis of a call that Python refuses: start_response takes other arguments than it is given."""
    try:
        yield
    except TypeError as error:
        if not re.search(r"positional arguments? but|unexpected keyword argument|required positional", str(error)):
            raise
        raise Diagnosis(f"your start_response can't be called with exc_info: {error}", why=why,
                        place=deepest_place(error.__traceback__),
                        expected="a function of three parameters, the third with None as its default")


@pytest.mark.step("5.1")
class TestAddHeader:
    @pytest.mark.clause(5, 77)
    def test_the_application_may_start_its_response_late(self):
        def app(environ, start_response):
            start_response("200 OK", [TEXT])
            yield b"Hello"

        server, late = Server(), f"A generator calls start_response with its first block ({CLOSE})."
        with blaming_slips("the application has returned, and has not called start_response yet", late):
            iterable = added_to(app)(environ(), server.start_response)
        expect_that(not server.heads, "the body is read before the server has asked for a block",
                    came_back=repr(iterable), expected="what self.app returns", why=f"The server asks for the blocks, "
                    f"one by one, when it can send them; a block may take long to make ({CLOSE}).")
        expect_same(taken(iterable), [b"Hello"], problem="the body is another one",
                    why=f"It is passed on ({BOTH_SIDES}).")
        expect_header_added(server.head()[1], GREEN, f"start_response may come as late as the first block ({CLOSE}).")

    @pytest.mark.clause(25, 81)
    def test_the_write_callable_comes_back(self):
        server, app = Server(), App()
        added_to(app)(environ(), server.start_response)
        expect_that(app.write == server.write, "start_response does not return what the server's returns",
                    came_back=repr(app.write), expected=repr(server.write),
                    why='Old applications send their body through it (PEP 3333, section "The write() Callable").')

    @pytest.mark.clause(25, 80)
    def test_start_response_takes_exc_info_and_passes_it_on(self):
        def app(environ, start_response):
            try:
                raise NoTeaLeft("no tea left")
            except NoTeaLeft:
                given.append(sys.exc_info())
                start_response("500 Internal Server Error", [TEXT], given[0])
            return []

        server, given = Server(), []
        with blaming_signature(f"Error pages begin with it ({START})."):
            added_to(app)(environ(), server.start_response)
        expect_that(server.heads and server.exc_info == given[0], "the server is not given exc_info",
                    came_back=repr(server.exc_info), expected="the tuple that the application gave",
                    why=f"Without it, an error page after a first start_response is itself an error ({START}).")
        expect_header_added(server.head()[1], GREEN, "An error page is a response like any other.")

    @pytest.mark.clause(25, 80)
    def test_a_second_call_gets_the_header_too(self):
        def app(environ, start_response):
            start_response("200 OK", [PNG])
            try:
                raise NoTeaLeft("no tea left")
            except NoTeaLeft:
                write = start_response("500 Internal Server Error", [TEXT], sys.exc_info())
            return [] if write is None else [b"write is there"]

        server = Server()
        came_back = added_to(app)(environ(), server.start_response)
        expect_header_added(server.head()[1], GREEN, "With exc_info the headers of the second call take the place of "
                            f"those of the first, all of them ({START}).")
        expect_that(came_back, "a second call, with exc_info, returns no write callable", expected="the server's write",
                    why='What start_response returns goes back each time (PEP 3333, section "The write() Callable").')

    @pytest.mark.clause(25)
    def test_wsgiref_has_no_objection_on_either_side(self):
        body = Body(b"Hello")
        server, blocks = judged(added_to, App(body))
        expect_same(blocks, [b"Hello"], problem="the body is another one", why=f"It is passed on ({BOTH_SIDES}).")
        expect_header_added(server.head()[1], GREEN, f"It is added for every server ({BOTH_SIDES}).")

    def test_a_flask_app_is_an_application_too(self):
        answer = client_of(added_to(Flask("empty"))).get("/nowhere")
        expect_same(answer.headers.getlist("X-Colour"), ["green"],
                    problem="the 404 page of a Flask app lacks the header",
                    why=f"Middleware does not ask what kind of application it has ({BOTH_SIDES}).")
