"""Step 4.12 · handle_request"""
import calendar
import re
import time
from wsgiref.validate import validator

import pytest

from contract.answer import read_answer
from tests.ch04_response.common import (
    CLIENT,
    TEXT,
    ApplicationFails,
    FileConnection,
    app_noting,
    app_raising,
    app_returning,
    body_in,
    ch04,
    expect_refused,
    lengthy,
    log_lines,
    request_for,
    watched_blocks,
)
from workshop.checking.diagnosis import expect_same, expect_that, shown_bytes
from workshop.checking.transport import Connection


class Page:
    """What an application returns: blocks, an end that may fail, and a note in events for all that is done with it."""

    def __init__(self, events, blocks=(b"hello", b"world"), error=None):
        self.events, self.blocks, self.error = events, blocks, error

    def __iter__(self):
        for block in self.blocks:
            self.events.append(("asked",))
            yield block
        if self.error:
            raise self.error

    def close(self):
        self.events.append(("iterable closed",))


def write_app(environ, start_response):
    """An application of the old kind: it writes, and returns something too."""
    write = start_response("200 OK", [])
    write(b"written, ")
    write(b"and ")
    return [b"returned"]


def late_app(environ, start_response):
    """An application that is late with start_response, as every generator function is."""
    start_response("200 OK", [("X-Late", "yes")])
    yield b"hello, "
    yield b"world"


def failing_late(blocks):
    """Return an application that fails behind these blocks, with a secret in its message."""
    def app(environ, start_response):
        start_response("200 OK", [("Set-Cookie", "session=7")])
        yield from blocks
        raise ApplicationFails("the secret is 12345")

    return app


FAILURES_BEFORE_THE_HEAD = {
    "in the call": app_raising(ApplicationFails("the secret is 12345")),
    "before the first block": failing_late([]),
    "behind an empty block": failing_late([b""]),
    "a block that is no bytes": app_returning(["hello"]),
    "no start_response": lambda environ, start_response: [b"hello"],
    "no start_response and no block": lambda environ, start_response: [],
    "None returned": app_returning(None),
    "a malformed status": app_returning([b"hello"], status="200"),
    "a ConnectionError of the application's own": app_raising(ConnectionResetError("the database has hung up")),
    "a TimeoutError of the application's own": app_raising(TimeoutError("the database is slow")),
}


def handled(app, request=None, connection=None):
    """Have handle_request answer a request with app, and return the connection."""
    connection = connection or FileConnection()
    ch04.handle_request(app, request or request_for(), connection, CLIENT)
    return connection


@pytest.fixture
def eight_hours_ahead(monkeypatch):
    """A clock that is eight hours ahead of UTC, on systems where a program can choose."""
    choose = getattr(time, "tzset", lambda: None)
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "XYZ-8")
        choose()
        yield
    choose()


@pytest.mark.step("4.12")
class TestHandleRequest:
    @pytest.mark.clause(14)
    def test_a_page_is_answered(self):
        answer = read_answer(handled(app_returning([b"hello"], headers=[("X-App", "yes")])).sent)
        expect_same((answer.status, answer.body), (200, b"hello"), problem="the response is not the application's",
                    why="The server sends what the application says.")
        expect_same(answer.values("X-App"), ["yes"], problem="the application's headers are lost",
                    why="The head is the application's.")

    @pytest.mark.clause(14, 15)
    def test_the_application_is_called_once_with_two_arguments_by_position(self):
        seen = []

        def app(*arguments, **named):
            seen.append((arguments, named))
            return app_returning([b"hello"])(*arguments, **named)

        handled(app)
        expect_that(seen, "the application is not called", why="Only the application knows what to answer.")
        arguments, named = seen[0]
        expect_same(sorted(named), [], problem="the application is called with keywords",
                    why="Its two parameters may have any names (PEP 3333, The Application/Framework Side).")
        expect_same((len(seen), len(arguments)), (1, 2), problem="it is not called once, with two arguments",
                    why="One request is one call (PEP 3333, The Server/Gateway Side).")

    @pytest.mark.clause(36, 122, 123)
    def test_the_environ_is_a_dict_with_a_file_wrapper(self):
        environs = []
        handled(app_noting(environs))
        environ = environs[0]
        expect_same(type(environ), dict, problem="environ is not a dict",
                    why="It must be a builtin dict (PEP 3333, Specification Details).")
        expect_same(environ.get("wsgi.file_wrapper"), ch04.FileWrapper, problem="wsgi.file_wrapper is not FileWrapper",
                    why="Flask's send_file looks for it there (PEP 3333, Optional Platform-Specific File Handling).")
        expect_same((environ["SERVER_NAME"], environ["SERVER_PORT"], environ["REMOTE_ADDR"]),
                    ("127.0.0.1", "8000", "127.0.0.1"),
                    problem="the addresses in environ are not those of the connection",
                    why="Applications build links with them.")

    @pytest.mark.clause(92)
    def test_a_body_without_blocks_is_answered(self):
        sent = handled(app_returning([])).sent
        expect_that(sent, "a body without blocks is not answered: the response is not closed",
                    why="The head is still to be sent when the iterable is exhausted: response.close() does it (PEP "
                        "3333, The start_response() Callable).")
        expect_same(read_answer(sent).values("Content-Length"), ["0"], problem="the empty body is not told as such",
                    why="It is certain now that no byte comes.")

    @pytest.mark.clause(5, 77)
    def test_start_response_may_come_with_the_first_block(self):
        answer = read_answer(handled(late_app).sent)
        expect_same((answer.status, answer.values("X-Late"), answer.body), (200, ["yes"], b"hello, world"),
                    problem="a generator is not answered",
                    why="Nothing of it runs before the first block is asked for (PEP 3333, Specification Details).")

    @pytest.mark.clause(103, 104)
    def test_what_is_written_comes_before_what_is_returned(self):
        expect_same(read_answer(handled(write_app).sent).body, b"written, and returned",
                    problem="the body is not what was written and returned",
                    why="Both belong to the body, in the order they came (PEP 3333, The write() Callable).")

    @pytest.mark.clause(16, 107)
    def test_each_block_is_sent_before_the_next_is_asked_for(self):
        connection, seen = Connection(), []
        handled(app_returning(watched_blocks(connection, [b"one ", b"two "], seen)), request_for(version="HTTP/1.0"),
                connection)
        expect_same(seen, [b"", b"one ", b"one two "], problem="a block is not sent before the next is asked for",
                    why="Collected first, a page that is endless is never sent (PEP 3333, Buffering and Streaming).")

    @pytest.mark.clause(122, 124)
    def test_a_file_wrapper_goes_through_sendfile(self, file):
        def app(environ, start_response):
            return app_returning(environ["wsgi.file_wrapper"](file))(environ, start_response)

        connection = handled(app)
        expect_same(read_answer(connection.sent).body, TEXT, problem="the body is not the file",
                    why="The bytes are those of the file.")
        expect_that(connection.copied, "a FileWrapper is sent block by block, not as a file",
                    why="write_file lets the system do the copying (PEP 3333, Optional Platform-Specific File "
                        "Handling).")
        expect_that(file.closed, "the file is still open",
                    why="The wrapper's close() closes it, and the server calls that.")

    @pytest.mark.clause(12)
    def test_environ_belongs_to_the_application(self, file):
        def app(environ, start_response):
            wrapper = environ["wsgi.file_wrapper"](file)
            environ.clear()
            return app_returning(wrapper)(environ, start_response)

        answer = read_answer(handled(app).sent)
        expect_same((answer.status, answer.body), (200, TEXT),
                    problem="an application that empties its environ is not answered",
                    why="It may change environ in any way (PEP 3333, Specification Details). gunicorn 27 looks for "
                        "wsgi.file_wrapper in it after the call, and answers 500.")

    @pytest.mark.parametrize("case", ["success", "an error in the iteration", "a client that leaves"])
    @pytest.mark.clause(74, 75, 76)
    def test_the_iterable_is_closed_once_after(self, case):
        events, error = [], ApplicationFails() if case == "an error in the iteration" else None
        connection = Connection(breaks=20 if case == "a client that leaves" else None)
        handled(app_returning(Page(events, error=error)), connection=connection)
        closings = events.count(("iterable closed",))
        expect_that(closings, f"close() of the iterable is not called after {case}",
                    why="The application frees there what the page has needed, a file or a database (PEP 3333, "
                        "Specification Details).")
        expect_same(closings, 1, problem="close() of the iterable is called more than once",
                    why="Once is what an application can count on.")

    def test_an_empty_iterable_is_closed_too(self):
        class Empty(list):
            closed = False

            def close(self):
                self.closed = True

        empty = Empty()
        handled(app_returning(empty))
        expect_that(empty.closed, "close() of an iterable without blocks is not called",
                    why="An empty list is false, and may have a close all the same: ask with hasattr alone.")

    @pytest.mark.parametrize("app, status, size", [
        (app_returning([b"hello"]), "200", "5"), (late_app, "200", "12"),
        (app_returning([], "304 Not Modified"), "304", "-"),
    ], ids=["a page", "chunks", "no body"])
    def test_each_request_has_one_line_in_the_access_log(self, app, status, size, capsys):
        handled(app, request_for(target="/a?b"))
        printed = capsys.readouterr()
        lines = log_lines(printed.err)
        expect_that(not log_lines(printed.out), "the access log is on stdout, not on stderr", stdout=printed.out,
                    why="The log is stderr; stdout has the URL.")
        expect_same(len(lines), 1, problem="there is not one line of the access log on stderr",
                    stderr=printed.err or "(nothing)",
                    why="Each request that was handled has its line.")
        expect_same(lines[0].group(1, 2, 3), ("GET /a?b HTTP/1.1", status, size),
                    problem="the access log tells another response", line=lines[0][0],
                    why="It tells what the client was sent.")

    @pytest.mark.clause(74)
    def test_the_iterable_is_closed_when_everything_is_sent_and_logged(self, capsys):
        events, connection = [], Connection()
        page = Page(events)
        page.close = lambda: events.append((connection.sent, capsys.readouterr().err))
        handled(app_returning(page), connection=connection)
        expect_that(events and isinstance(events[-1][0], bytes), "close() of the iterable is not called",
                    why="PEP 3333, Specification Details.")
        sent, printed = events[-1]
        expect_that(sent.endswith(b"0\r\n\r\n"), "the iterable is closed before the last chunk is sent",
                    sent=shown_bytes(sent),
                    why="close() may take its time, and the client is to have the whole response first.")
        expect_that(log_lines(printed), "the iterable is closed before the access log is written",
                    stderr=printed or "(nothing)",
                    why="That is the order of gunicorn: if close() fails, the request is in the log all the same.")

    @pytest.mark.parametrize("case", FAILURES_BEFORE_THE_HEAD)
    @pytest.mark.clause(21, 92)
    def test_an_error_before_the_head_is_a_500(self, case, capsys):
        connection = handled(FAILURES_BEFORE_THE_HEAD[case])
        expect_that(connection.sent, f"nothing is answered after an error ({case})",
                    why="The head has not gone: the client can still be told (PEP 3333, Error Handling).")
        expect_same(read_answer(connection.sent).status, 500,
                    problem=f"an error before the head is not answered with 500 ({case})",
                    why="The client did nothing wrong; 500 says so (RFC 9110 section 15.6.1).")
        printed = capsys.readouterr().err
        expect_that("Traceback" in printed, "the traceback is not on stderr", failure=case,
                    why="Whoever repairs the application needs it (PEP 3333, Error Handling).")
        expect_same([line.group(2, 3) for line in log_lines(printed)], [("500", str(len(body_in(connection.sent))))],
                    problem="the 500 is not in the access log, once, with its length", stderr=printed,
                    perhaps="the line is written before send_error has answered: except and finally of one try are "
                            "run in this order",
                    why="Errors too are requests that were answered.")

    def test_strangers_read_nothing_of_the_error(self, capsys):
        sent = handled(failing_late([b""])).sent
        expect_that(b"12345" not in sent and b"ApplicationFails" not in sent, "the response tells what has failed",
                    came_back=shown_bytes(sent),
                    why="It may tell of passwords and paths: it is for the log (RFC 9110 section 15.6.1).")
        expect_that(b"session=7" not in sent, "the 500 has the headers of the page that failed",
                    came_back=shown_bytes(sent),
                    why="Nothing of that page is true any more: `response.send_error()` replaces them.")
        expect_that("the secret is 12345" in capsys.readouterr().err, "the error is not on stderr",
                    why="The log is where it belongs.")

    @pytest.mark.clause(21)
    def test_after_the_head_the_response_just_ends(self, capsys):
        sent = handled(failing_late([b"hello"])).sent
        expect_that(b"500" not in body_in(sent), "a second head is sent into the body", came_back=shown_bytes(sent),
                    why="The head has gone: a client takes all that follows for part of the page.")
        expect_same(body_in(sent), b"5\r\nhello\r\n", problem="something is sent behind the block before the error",
                    why="Without the last chunk the client notices that the page is not whole (RFC 9112 section 8).")
        expect_that("the secret is 12345" in capsys.readouterr().err, "the error is not on stderr",
                    why="The log is where it belongs.")

    @pytest.mark.clause(76)
    def test_a_client_that_leaves_is_no_error(self, capsys):
        handled(app_returning(Page([])), connection=Connection(breaks=20))
        printed = capsys.readouterr().err
        expect_that("Traceback" not in printed, "a client that leaves is told as an error", stderr=printed,
                    why="People close their browsers: a log full of that hides the errors.")
        expect_same(len(log_lines(printed)), 1, problem="a client that leaves is not in the access log, once",
                    stderr=printed or "(nothing)", why="The request was handled, and the log has a line for each.")

    @pytest.mark.clause(76, 110)
    def test_for_a_client_that_has_left_no_further_block_is_made(self):
        events = []
        handled(app_returning(Page(events, [b"again"] * 40)), connection=Connection(breaks=20))
        expect_same(events.count(("asked",)), 1, problem="blocks are made for a client that has left",
                    why="Nobody receives them: ClientGone ends the loop.")

    def test_the_time_taken_includes_the_body(self, capsys):
        def app(environ, start_response):
            start_response("200 OK", [])
            yield b"hello"
            time.sleep(0.05)

        begin = time.monotonic()
        handled(app)
        longest = time.monotonic() - begin + 0.001  # what is logged is rounded
        seconds = [float(line[4]) for line in log_lines(capsys.readouterr().err)]
        expect_that(seconds and 0.03 <= seconds[0] <= longest, "the time taken is not that of call, body and end",
                    came_back=seconds, expected="about 0.050",
                    why="A generator does all its work while its blocks are asked for.")

    def test_the_moment_in_the_access_log_is_one_of_utc(self, eight_hours_ahead, capsys):
        begin = int(time.time())
        handled(app_returning([b"hello"]))
        printed = capsys.readouterr().err
        moments = [time.strptime(text, "%d/%b/%Y:%H:%M:%S") for text in re.findall(r"\[(\S+) \+0000\]", printed)]
        seconds = [calendar.timegm(moment) for moment in moments]
        expect_that(seconds and begin <= seconds[0] <= time.time(), "the moment in the access log is not one of UTC",
                    stderr=printed, expected=time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(begin)),
                    why="The line says `+0000`; this clock is eight hours ahead (time.gmtime is UTC, time.localtime "
                        "is what the wall says).")

    def test_ctrl_c_gets_out_and_the_iterable_is_closed(self):
        events = []
        expect_refused(KeyboardInterrupt, lambda: handled(app_returning(Page(events, error=KeyboardInterrupt()))),
                       problem="Ctrl-C is swallowed", why="It ends the server: only Exception is the application's.")
        expect_that(("iterable closed",) in events, "close() of the iterable is not called after Ctrl-C",
                    why="It is called in every case.")

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
    def test_a_body_beyond_its_length_is_cut_and_told(self, capsys):
        connection = handled(app_returning([b"hello", b"", b" world"], headers=lengthy(8)))
        expect_same(read_answer(connection.sent).body, b"hello wo", problem="the body is not cut at its Content-Length",
                    why="A client takes further bytes for the next response (PEP 3333, Handling the Content-Length "
                        "Header).")
        expect_that("ValueError" in capsys.readouterr().err, "a body that is too long is not told on stderr",
                    why="The page is not whole, and nobody else will say so.")

    @pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
    @pytest.mark.clause(1, 4, 36, 80, 81)
    def test_the_validator_of_the_standard_library_finds_nothing(self, method, capsys):
        app = app_returning([b"hello, ", b"world"], headers=[("Content-Type", "text/plain"), ("Content-Length", "12")])
        connection = handled(validator(app), request_for(method))
        printed = capsys.readouterr().err
        expect_that("Assertion" not in printed, "wsgiref.validate finds a mistake in the server", stderr=printed[-600:],
                    why="It stands between server and application and checks both against PEP 3333.")
        expect_same(read_answer(connection.sent, head_only=method == "HEAD").status, 200,
                    problem="a validated application is not answered", why="wsgiref.validate passes everything on.")
