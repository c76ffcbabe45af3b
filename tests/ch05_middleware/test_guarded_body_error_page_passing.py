"""Step 5.5 · GuardedBody.error_page: the log, the server, and other failures"""
import pytest

from tests.ch05_middleware.common import CLOSE, ERRORS, GREEN, PNG, START, TEXT, environ
from tests.ch05_middleware.sides import App, Body, NoTeaLeft, Server, caught, guarded, out_of_tea
from tests.expect import each_family, expect_let_out, raised_by, raising
from workshop.checking.diagnosis import expect_same, expect_that
from workshop.checking.tree import calls

STREAMS = 'PEP 3333, section "Input and Error Streams"'


def unlock():
    raise OSError(f"the cupboard is {'locked'}")


def open_cupboard():
    unlock()


def out_of_cups():
    try:
        open_cupboard()
    except OSError as error:
        raise KeyError("no cup left") from error


@pytest.mark.step("5.5")
class TestGuardedBodyErrorPage:
    def body_of(self, app=None, server=None, variables=None):
        """Return the body of ErrorPage around app, or around one that has not failed."""
        return guarded(app or App())(variables or environ(), (server or Server()).start_response)

    @pytest.mark.clause(31)
    def test_nothing_is_sent_and_nothing_is_closed(self):
        server, source = Server(), Body(b"tea")
        caught(out_of_tea, self.body_of(App(source), server))
        expect_that(not server.written, "the page is sent through write, and returned", came_back="sent, and returned",
                    expected="returned, to be sent once",
                    why='write is for what an application writes (PEP 3333, section "The write() Callable").')
        expect_that(source.closed == 0, "error_page closes the application's iterable",
                    came_back=f"{source.closed} calls of its close", expected="none",
                    why=f"The server calls your close in any case; then it would be the second time ({CLOSE}).")

    @pytest.mark.clause(21, 56)
    def test_what_happened_is_in_the_log(self):
        variables = environ()
        errors = variables["wsgi.errors"]
        caught(out_of_tea, self.body_of(variables=variables))
        expect_that(not errors.closed, "wsgi.errors is closed",
                    why=f"It is the server's log, and the next request writes to it too ({STREAMS}).")
        log = errors.getvalue()
        expect_that(log, "nothing is written to wsgi.errors",
                    why=f"It is the server's log: the page is gone with the tab ({STREAMS}).")
        expect_that("Traceback" in log and "NoTeaLeft: no <b>tea</b> & no 茶 left" in log,
                    "the log does not hold the traceback as it is", came_back=log, expected="traceback.format_exc()",
                    why=f"It is plain text ({STREAMS}).")
        expect_that(log.endswith("left\n"), "the log does not hold the traceback as it is, with its last line end",
                    came_back=repr(log[-40:]), expected="traceback.format_exc()",
                    why=f"What the server writes next would stand in the same line ({STREAMS}).")

    def test_each_failure_has_a_page_of_its_own(self):
        server = Server()
        body = self.body_of(server=server)
        for one in (body, body, self.body_of(server=server)):
            caught(out_of_tea, one)
            page = caught(out_of_cups, one)
            problem = "an earlier failure" if b"NoTeaLeft" in page else "another failure"
            expect_that(b"no cup left" in page, f"the page shows {problem}", came_back=repr(page[-100:]),
                        before="body.error_page(), for NoTeaLeft", expected="… no cup left",
                        why="The page tells of the exception that is being handled now.")
            status, headers = server.head()
            expect_same(status, "500 Internal Server Error", problem="the status depends on the exception",
                        why="Whatever the application raises, it has failed, and the client has not: that is a 500.")
            lengths = [value for name, value in headers if name.lower() == "content-length"]
            expect_same(lengths, [str(len(page))], problem="the head of the page belongs to an earlier failure",
                        why="Each page has a length of its own (RFC 9110 section 8.6).")

    def test_a_failure_without_a_text_is_told_too(self):
        variables = environ()
        errors = variables["wsgi.errors"]
        page = caught(lambda: raising(NoTeaLeft())(), self.body_of(variables=variables))
        for where, text in {"the log": errors.getvalue(), "the page": page.decode("utf-8", "replace")}.items():
            told = "NoTeaLeft" in text and "Traceback" in text
            expect_that(told, f"{where} does not tell of a failure without a text", raised="NoTeaLeft()",
                        came_back=text[-200:], expected="traceback.format_exc(), all of it",
                        why="An exception may have no text, and its class and its place tell enough.")

    def test_the_cause_of_a_failure_is_told_too(self):
        variables = environ()
        errors = variables["wsgi.errors"]
        page = caught(out_of_cups, self.body_of(variables=variables)).decode("utf-8", "replace")
        for where, text in {"the log": errors.getvalue(), "the page": page}.items():
            expect_that("the cupboard is locked" in text, f"{where} does not tell what the failure came from",
                        came_back=text[-200:], expected="traceback.format_exc(), all of it",
                        why="An exception may be raised from another one, and format_exc() shows both.")
            expect_that("in unlock" in text, f"{where} does not tell in which line it has failed",
                        came_back=text[-200:], expected="traceback.format_exc(), all of it",
                        why="Its last lines are the place where the exception was raised, however deep.")

    def test_an_application_may_have_emptied_its_environ(self):
        def app(environ, start_response):
            environ.clear()
            out_of_tea()

        server, variables = Server(), environ()
        errors = variables["wsgi.errors"]
        self.body_of(app, server, variables)
        expect_that(server.heads and errors.getvalue(), "there is no page where the environ is empty",
                    why=f"An application may do with its environ as it likes: self.environ is a copy ({CLOSE}).")

    @pytest.mark.clause(93, 97)
    def test_the_page_takes_the_place_of_a_response_that_was_started(self):
        def app(environ, start_response):
            start_response("200 OK", [PNG, GREEN])
            out_of_tea()

        server = Server()
        guarded(app)(environ(), server.start_response)
        expect_that(server.head()[0].startswith("500"), "the server's start_response was not called a second time",
                    came_back=repr(server.heads),
                    why=f"Nothing has been sent yet: all of it can be replaced ({ERRORS}).")
        expect_that(GREEN not in server.head()[1], "headers of the first response are in the error page",
                    came_back=repr(server.head()[1]), why="They belong to a body that never comes.")

    @pytest.mark.clause(98, 100)
    @each_family(SystemExit, KeyboardInterrupt, GeneratorExit, ours="ch04_response")
    def test_after_the_head_has_gone_the_exception_reaches_the_server(self, kind):
        def app(environ, start_response):
            write = start_response("200 OK", [TEXT])
            write(b"half a page, ")
            raise error

        error, variables = kind("no tea left"), environ()
        errors = variables["wsgi.errors"]
        expect_let_out(error, lambda: self.body_of(app, variables=variables), "what the server raises is swallowed",
                       f"The head has gone, and half a page: the server must end the connection ({START}).")
        expect_that(errors.getvalue(), "nothing is written to wsgi.errors when the head has gone",
                    why="The client can't be told, so the log is all there is: write it before you call the server's "
                        "start_response, which raises then.")

    @pytest.mark.clause(98)
    @each_family(ours="ch04_response")
    def test_whatever_the_server_raises_reaches_the_caller(self, kind):
        error, body = kind("raised by start_response"), self.body_of()
        body.server_start_response = raising(error)

        def call():
            calls.append("body.error_page()")
            try:
                out_of_tea()
            except NoTeaLeft:
                body.error_page()

        expect_let_out(error, call, "what the server raises is swallowed",
                       "It may be another exception than the application's, which is in the log already: the server "
                       f"refuses the head of the page, say. Let it out, whatever it is ({START}).",
                       raised=f"NoTeaLeft by the application, and {error!r} by the server's start_response")

    @pytest.mark.clause(35)
    def test_nothing_is_closed_when_the_head_has_gone(self):
        server, source = Server(), Body(b"tea")
        body = self.body_of(App(source), server)
        blocks = body.blocks
        server.write(b"half a page, ")
        try:
            out_of_tea()
        except NoTeaLeft:
            raised_by(body.error_page, NoTeaLeft)
        expect_that(blocks.closed == 0, "error_page closes self.blocks", came_back="its close is called",
                    why=f"Nothing is closed here: the server calls your close in any case ({CLOSE}).")
        expect_that(source.closed == 0, "error_page closes the application's iterable, when the head has gone",
                    came_back=f"{source.closed} calls of its close", expected="none",
                    why=f"The server calls your close in any case; then it would be the second time ({CLOSE}).")
