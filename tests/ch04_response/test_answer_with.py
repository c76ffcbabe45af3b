"""Step 4.13 · answer_with"""
import io
from wsgiref.validate import validator

import pytest

from tests.ch04_response.applications import app_returning, handled, late_app
from tests.ch04_response.common import expect_asked, request_for, watched_blocks
from workshop.checking.diagnosis import expect_same, expect_that
from workshop.checking.transport import Connection
from wsgi_contract.answer import read_answer


def write_app(environ, start_response):
    """An application of the old kind: it writes, and returns something too."""
    write = start_response("200 OK", [])
    write(b"written, ")
    write(b"and ")
    return [b"returned"]


@pytest.mark.step("4.13")
class TestAnswerWith:
    @pytest.mark.clause(14)
    def test_a_page_is_answered(self):
        connection = handled(app_returning([b"hello"], headers=[("X-App", "yes")]))
        answer = read_answer(connection.sent)
        expect_same((answer.status, answer.body), (200, b"hello"), problem="the response is not the application's",
                    why="The server sends what the application says.")
        expect_same(answer.values("X-App"), ["yes"], problem="the application's headers are lost",
                    why="The head is the application's.")
        expect_that(not connection.closed, "the connection is closed",
                    why="make_handle closes it, with hang_up, so that the client receives all.")

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

    @pytest.mark.clause(92)
    def test_a_body_without_blocks_is_answered(self):
        sent = handled(app_returning([])).sent
        expect_that(sent, "a body without blocks is not answered: the response is not closed",
                    why="The head is still to be sent when the iterable is exhausted: response.close() does it (PEP "
                        "3333, The start_response() Callable).")
        expect_same(read_answer(sent).values("Content-Length"), ["0"],
                    problem="the length 0 of an empty body is not announced",
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
        connection, seen, blocks = Connection(), [], [b"one ", b"two "]
        handled(app_returning(watched_blocks(connection, blocks, seen)), request_for(version="HTTP/1.0"), connection)
        expect_asked(seen, [b"", b"one ", b"one two "], "a block is not sent before the next is asked for",
                     "If its blocks are collected first, an endless page is never sent (PEP 3333, Buffering and "
                     "Streaming).", blocks=blocks)

    def test_a_file_without_the_wrapper_is_an_iterable_like_any_other(self):
        answer = read_answer(handled(app_returning(io.BytesIO(b"one\ntwo\n"))).sent)
        expect_same((answer.status, answer.body), (200, b"one\ntwo\n"),
                    problem="a file that is returned is not answered",
                    why="Only a FileWrapper (isinstance) is for write_file. A file itself yields its lines, and that "
                        "is an iterable of bytes.")

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
