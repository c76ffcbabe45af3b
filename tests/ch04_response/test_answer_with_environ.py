"""Step 4.13 · answer_with: the environ and the response that it is given, and the file wrapper"""
import pytest

from tests.ch04_response.applications import answered, app_noting, app_returning, environ_for, handled, log_lines, named
from tests.ch04_response.common import ch04, request_for
from tests.ch04_response.files import TEXT
from workshop.checking.diagnosis import expect_same, expect_that
from wsgi_contract.answer import read_answer


@pytest.mark.step("4.13")
class TestAnswerWith:
    @pytest.mark.clause(36)
    def test_the_application_gets_the_environ_that_is_given(self):
        environs, environ = [], environ_for(request_for()) | {"wsgi.multithread": True, "server.worker": 3}
        answered(app_noting(environs), environ=environ)
        expect_that(type(environs[0]) is dict, "environ is not a dict",
                    why="It must be a builtin dict (PEP 3333, Specification Details).")
        expect_that(environs[0] == environ, "the application is not given the environ that answer_with is",
                    came_back="an environ without 'server.worker'" if "server.worker" not in environs[0] else
                    "an environ with other values", expected="the environ with all that is in it",
                    why="Whoever calls answer_with knows the server: whether it has threads, for one.")

    @pytest.mark.clause(12)
    def test_what_the_application_puts_into_its_environ_is_not_in_the_log(self, capsys):
        def app(environ, start_response):
            environ.update(dict.fromkeys([*environ, "REMOTE_ADDR"], "changed"))
            return app_returning([b"hello"])(environ, start_response)

        handled(named("an app that puts 'changed' for each value into its environ", app))
        printed = capsys.readouterr().err
        expect_that(log_lines(printed) and "changed" not in printed, "the access log tells what the application has "
                    "put into its environ", came_back=printed, expected="what request and client_address say",
                    why="From the call on, the environ is the application's; what was asked, and by whom, stands in "
                        "request and client_address.")

    def test_the_response_that_is_given_is_used(self):
        response = answered(app_returning([b"hello"], "404 Not Found"))
        expect_that((response.status, response.sent) == ("404 Not Found", 5),
                    "the response that answer_with is given is not used",
                    came_back=f"after the call its status is {response.status!r}, and its sent {response.sent}",
                    expected="'404 Not Found' and 5, which the application has answered",
                    why="Its start_response and its methods do the answering, and whoever calls may ask it how that "
                        "went.")

    @pytest.mark.clause(122, 124)
    def test_a_file_wrapper_goes_through_sendfile(self, file):
        def app(environ, start_response):
            return app_returning(environ["wsgi.file_wrapper"](file))(environ, start_response)

        connection = handled(named("an app that returns wsgi.file_wrapper(file)", app))
        expect_same(read_answer(connection.sent).body, TEXT, problem="the body is not the file",
                    why="The bytes are those of the file.")
        expect_that(connection.copied, "a FileWrapper is sent block by block, not as a file",
                    why="write_file lets the system do the copying (PEP 3333, Optional Platform-Specific File "
                        "Handling).")
        expect_that(file.closed, "the file is still open",
                    why="The wrapper's close() closes it, and the server calls that.")

    @pytest.mark.clause(122)
    def test_a_file_wrapper_of_a_class_below_goes_through_sendfile_too(self, file):
        class Own(ch04.FileWrapper):
            """What an application makes of the class that it finds in environ."""

        connection = handled(named("an app that returns a file wrapper of a class below FileWrapper",
                                   lambda environ, start_response: app_returning(Own(file))(environ, start_response)))
        expect_same(read_answer(connection.sent).body, TEXT, problem="the body is not the file",
                    why="The bytes are those of the file.")
        expect_that(connection.copied, "what is a FileWrapper by isinstance is sent block by block, not as a file",
                    why="An object of a class below FileWrapper is one too: ask isinstance, not type.")

    @pytest.mark.parametrize("does, change", [
        ("empties its environ", dict.clear),
        ("puts another wsgi.file_wrapper into its environ",
         lambda environ: environ.update({"wsgi.file_wrapper": list})),
    ], ids=["emptied", "another wrapper"])
    @pytest.mark.clause(12)
    def test_environ_belongs_to_the_application(self, file, does, change):
        def app(environ, start_response):
            wrapper = environ["wsgi.file_wrapper"](file)
            change(environ)
            return app_returning(wrapper)(environ, start_response)

        connection = handled(named(f"an app that {does} and returns a FileWrapper", app))
        answer = read_answer(connection.sent)
        expect_same((answer.status, answer.body), (200, TEXT), problem=f"an application that {does} is not answered",
                    why="It may change environ in any way (PEP 3333, Specification Details). gunicorn 27 looks for "
                        "wsgi.file_wrapper in it after the call, and answers 500.")
        expect_that(connection.copied, f"where the application {does}, its FileWrapper is not sent as a file",
                    came_back="write_blocks sends it, block by block",
                    expected="write_file, which lets the system copy",
                    why="What it is, its class says: ask isinstance(iterable, FileWrapper), and nothing in environ, "
                        "which the application may change in any way (PEP 3333, Specification Details).")
