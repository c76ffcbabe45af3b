"""Step 4.13 · answer_with: errors, and clients that leave"""
import asyncio
import io
import re

import pytest

from tests.ch04_response.applications import (
    NoException,
    Page,
    answered,
    app_raising,
    app_raising_ours,
    app_returning,
    environ_for,
    expect_in_log,
    expect_log_alone,
    handled,
    handled_in_spite_of,
    log_lines,
    named,
)
from tests.ch04_response.common import ApplicationFails, body_in, lengthy, request_for
from tests.expect import expect_let_out, which_differ
from workshop.checking.diagnosis import expect_same, expect_that, shown_bytes
from workshop.checking.transport import Connection
from wsgi_contract.answer import read_answer

LEFT = "The client has left, and that is no error: there is nothing to tell of it."


def failing_late(blocks, kind=ApplicationFails):
    """Return an application that fails behind these blocks, with a secret in its message."""
    def app(environ, start_response):
        start_response("200 OK", [("Set-Cookie", "session=7")])
        yield from blocks
        raise kind("the secret is 12345")

    return named(f"a generator that starts '200 OK', yields {blocks} and then raises {kind.__name__}", app)


def writing(environ, start_response):
    """An application that writes all of its body in the call."""
    start_response("200 OK", [])(b"one ")
    return []


FAILURES_BEFORE_THE_HEAD = {
    "in the call": app_raising(ApplicationFails("the secret is 12345")),
    "before the first block": failing_late([]),
    "behind an empty block": failing_late([b""]),
    "a block that is no bytes": app_returning(["hello"]),
    "no start_response": named("an app that only returns [b'hello']", lambda environ, start_response: [b"hello"]),
    "no start_response and no block": named("an app that only returns []", lambda environ, start_response: []),
    "None returned": app_returning(None),
    "a malformed status": app_returning([b"hello"], status="200"),
    "a ConnectionError of the application's own": app_raising(ConnectionResetError("the database has hung up")),
    "a TimeoutError of the application's own": app_raising(TimeoutError("the database is slow")),
    **{f"a {name} of the application's own": app_raising_ours(name)
       for name in ("BadRequest", "HeadTooLarge", "NotAnApplication")},
}
NO_EXCEPTIONS = {
    "sys.exit in the call": app_raising(SystemExit),
    "sys.exit in the iteration": failing_late([], SystemExit),
    "a task of asyncio that is cancelled": app_raising(asyncio.CancelledError),
    "a GeneratorExit in the call": app_raising(GeneratorExit),
    "a BaseException of the application's own": app_raising(NoException()),
}
TOLD = "The head has not gone: the client can still be told (PEP 3333, Error Handling)."
OWN = ("Only ClientGone says that the client has left: self.send raises it. A {} of the application's own is an error "
       f"like any other. {TOLD}")


def expect_traceback(printed, when):
    """Fail unless what was printed on stderr has the traceback of the application that failed."""
    expect_that("the secret is 12345" in printed, f"an error {when} is not on stderr", came_back=printed or "nothing",
                expected="a traceback that ends with `ApplicationFails: the secret is 12345`",
                why="The traceback is printed whether the head has gone or not: the client is told nothing of the "
                    "error, so nobody learns of it but from the log.")


@pytest.mark.step("4.13")
class TestAnswerWith:
    @pytest.mark.parametrize("case", FAILURES_BEFORE_THE_HEAD)
    @pytest.mark.clause(21, 92)
    def test_an_error_before_the_head_is_a_500(self, case, capsys):
        connection = handled_in_spite_of(case, FAILURES_BEFORE_THE_HEAD[case])
        own = re.match(r"an? (\w+) of the application's own", case)
        expect_that(connection.sent, f"nothing is answered after an error ({case})",
                    why=OWN.format(own[1]) if own else TOLD)
        expect_same(read_answer(connection.sent).status, 500,
                    problem=f"an error before the head is not answered with 500 ({case})",
                    why="The client did nothing wrong; 500 says so (RFC 9110 section 15.6.1).")
        printed = capsys.readouterr().err
        expect_that("Traceback" in printed, "the traceback is not on stderr", failure=case,
                    why="Whoever repairs the application needs it (PEP 3333, Error Handling).")
        expect_in_log(printed, "500", str(len(body_in(connection.sent))), case)

    @pytest.mark.parametrize("method", ["HEAD", "head"])
    def test_an_error_of_a_head_is_a_500_without_a_body(self, method, capsys):
        sent = handled(app_raising(ApplicationFails("the secret is 12345")), request_for(method)).sent
        expect_same(read_answer(sent, head_only=method == "HEAD").status, 500,
                    problem=f"an error before the head is not answered with 500, for {method}",
                    why="`response.send_error()` writes it as any other body: for HEAD it is dropped.")
        expect_that(method == "HEAD" or body_in(sent), f"the 500 for {method} has no body", came_back=shown_bytes(sent),
                    why="Only the response to HEAD, in capitals, has none (RFC 9110 sections 9.1 and 9.3.2).")

    def test_strangers_read_nothing_of_the_error(self, capsys):
        sent = handled(failing_late([b""])).sent
        expect_that(b"12345" not in sent and b"ApplicationFails" not in sent, "the response tells what has failed",
                    came_back=shown_bytes(sent),
                    why="It may tell of passwords and paths: it is for the log (RFC 9110 section 15.6.1).")
        expect_that(b"session=7" not in sent, "the 500 has the headers of the page that failed",
                    came_back=shown_bytes(sent),
                    why="Nothing of that page is true any more: `response.send_error()` replaces them.")
        expect_traceback(capsys.readouterr().err, "before the head has gone")

    @pytest.mark.clause(21)
    def test_after_the_head_the_response_just_ends(self, capsys):
        sent = handled(failing_late([b"hello"])).sent
        expect_that(b"500" not in body_in(sent), "a second head is sent into the body", came_back=shown_bytes(sent),
                    why="The head has gone: a client takes all that follows for part of the page.")
        block = b"5\r\nhello\r\n"
        expect_same(body_in(sent), block, problem="something is sent behind the block before the error" if
                    body_in(sent).startswith(block) else "the block before the error is not sent",
                    why="Without the last chunk the client notices that the page is not whole (RFC 9112 section 8).")
        expect_traceback(capsys.readouterr().err, "after the head has gone")

    @pytest.mark.clause(76)
    def test_a_client_that_leaves_is_no_error(self, capsys):
        handled(app_returning(Page([])))
        usual = capsys.readouterr()
        handled_in_spite_of("a client that leaves", app_returning(Page([])), Connection(breaks=20))
        both = out, printed = capsys.readouterr()
        expect_that("Traceback" not in printed, "a client that leaves is reported as an error", stderr=printed,
                    why="People close their browsers: a log full of that hides the errors.")
        expect_same(len(log_lines(printed)), 1, problem="a client that leaves is not in the access log, once",
                    stderr=printed or "(nothing)", why="The request was handled, and the log has a line for each.")
        expect_log_alone(both, usual, "for a client that leaves", LEFT)

    @pytest.mark.clause(76, 110)
    def test_no_further_block_is_made_for_a_client_that_has_left(self):
        events = []
        handled(app_returning(Page(events, [b"again"] * 40)), connection=Connection(breaks=20))
        asked = events.count(("asked",))
        expect_that(asked == 1, "blocks are made for a client that has left" if asked else "no block is asked for",
                    came_back=f"asked for blocks: {asked}", expected="asked for blocks: 1, whose bytes cannot be sent",
                    why="Nobody receives them: ClientGone ends the loop.")

    @pytest.mark.parametrize("app, when", [
        pytest.param(app_returning([b"one ", b"two "]), "the last chunk", id="at the last chunk"),
        pytest.param(named("an app that writes b'one ' and returns []", writing), "write(b'one ') in the call",
                     id="in the call"),
    ])
    def test_a_client_that_leaves_is_no_error_whenever_it_leaves(self, app, when, capsys):
        whole = handled(app).sent
        usual = capsys.readouterr()
        kept = len(whole) - 3 if when == "the last chunk" else 20
        handled_in_spite_of("a client that leaves", app, Connection(breaks=kept))
        both = out, printed = capsys.readouterr()
        expect_that("Traceback" not in printed, f"a client that leaves at {when} is reported as an error",
                    stderr=printed[-300:], why="Each send may find that the client has left: those that write() makes "
                    "in the call, and those of response.close(), too. ClientGone is no error, wherever it comes from.")
        expect_same(len(log_lines(printed)), 1, problem="a client that leaves is not in the access log, once",
                    stderr=printed or "(nothing)", why="The request was handled, and the log has a line for each.")
        expect_log_alone(both, usual, "for a client that leaves", LEFT)

    @pytest.mark.clause(83, 87)
    def test_a_value_with_a_line_break_is_not_sent(self):
        target = "/\r\nSet-Cookie: role=admin"
        sent = handled(app_returning([b""], "302 Found", [("Location", target)])).sent
        expect_that(b"role=admin" not in sent, "a header was injected", came_back=shown_bytes(sent),
                    location=repr(target),
                    why="Whoever chose the value writes fields of the response (PEP 3333, The start_response() "
                        "Callable).")
        expect_same(read_answer(sent).status, 500, problem="a value with a line break is no error",
                    why="start_response refuses it.")

    @pytest.mark.clause(106, 109, 110)
    def test_a_body_beyond_its_length_is_cut_and_reported(self, capsys):
        connection = handled(app_returning([b"hello", b"", b" world"], headers=lengthy(8)))
        expect_same(read_answer(connection.sent).body, b"hello wo", problem="the body is not cut at its Content-Length",
                    why="A client takes further bytes for the next response (PEP 3333, Handling the Content-Length "
                        "Header).")
        expect_that("ValueError" in capsys.readouterr().err, "a body that is too long is not reported on stderr",
                    why="The page is not whole, and nobody else will say so.")

    @pytest.mark.parametrize("case", NO_EXCEPTIONS)
    @pytest.mark.clause(21)
    def test_what_is_no_exception_does_not_end_the_server(self, case, capsys):
        connection = handled_in_spite_of(case, NO_EXCEPTIONS[case])
        expect_that(connection.sent, f"nothing is answered after {case}", TOLD)
        expect_same(read_answer(connection.sent).status, 500, problem=f"{case} is not answered with 500",
                    why="It is an error of this page like any other (PEP 3333, Error Handling).")
        printed = capsys.readouterr().err
        expect_that("Traceback" in printed, f"the traceback of {case} is not on stderr",
                    why="Whoever repairs the application needs it.")
        expect_in_log(printed, "500", str(len(body_in(connection.sent))), case)

    def test_ctrl_c_in_the_call_is_let_out(self, capsys):
        error = KeyboardInterrupt()
        app = app_raising(error)
        handled(named(app.__name__, app_returning([b"hello"])))
        usual = capsys.readouterr()
        expect_let_out(error, lambda: handled(app), "Ctrl-C is swallowed",
                       "It ends the server, whatever that is doing.",
                       perhaps="a `return` in `finally` drops the exception")
        both = _, printed = capsys.readouterr()
        expect_that("Traceback" not in printed, "Ctrl-C is reported as an error",
                    why="It is how a server is ended: nothing is wrong with the application.")
        expect_same(len(log_lines(printed)), 1, problem="after Ctrl-C the request is not in the access log, once",
                    stderr=printed or "(nothing)",
                    why="The line is printed in every case: it tells what the server was doing when it was ended.")
        expect_log_alone(both, usual, "for Ctrl-C", "Ctrl-C is how a server is ended: there is nothing to tell of it.")

    def test_the_log_is_stderr_whatever_the_application_logs_to(self, capsys):
        request, errors = request_for(), io.StringIO()
        app = app_raising(ApplicationFails("the secret is 12345"))
        answered(app, request, environ=environ_for(request) | {"wsgi.errors": errors})
        printed = capsys.readouterr().err
        missing = which_differ(("Traceback" in printed, bool(log_lines(printed))), (True, True),
                               ("the traceback", "the access log"))
        expect_that(not missing, f"stderr lacks {missing}",
                    environ="wsgi.errors is another stream than stderr", stderr=printed or "(nothing)",
                    why="wsgi.errors is for what the application says, and it may put another stream there; the "
                        "server's own log is stderr.")
