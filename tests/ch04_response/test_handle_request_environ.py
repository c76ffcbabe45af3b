"""Step 4.12 · handle_request: the environ, and the file wrapper in it"""
import pytest

from contract.answer import read_answer
from tests.ch04_response.applications import app_noting, app_returning, handled, named
from tests.ch04_response.common import ch04, request_for
from tests.ch04_response.files import TEXT
from workshop.checking.diagnosis import expect_same, expect_that
from workshop.checking.transport import Connection


@pytest.mark.step("4.12")
class TestHandleRequest:
    @pytest.mark.clause(36, 122, 123)
    def test_the_environ_is_a_dict_with_a_file_wrapper(self):
        environs, connection = [], Connection()
        connection.getsockname = lambda: ("192.0.2.1", 81)
        ch04.handle_request(app_noting(environs), request_for(), connection, ("192.0.2.7", 1234))
        environ = environs[0]
        expect_same(type(environ), dict, problem="environ is not a dict",
                    why="It must be a builtin dict (PEP 3333, Specification Details).")
        expect_same(environ.get("wsgi.file_wrapper"), ch04.FileWrapper, problem="wsgi.file_wrapper is not FileWrapper",
                    why="Flask's send_file looks for it there (PEP 3333, Optional Platform-Specific File Handling).")
        expect_same((environ["SERVER_NAME"], environ["SERVER_PORT"], environ["REMOTE_ADDR"]),
                    ("192.0.2.1", "81", "192.0.2.7"),
                    problem="the addresses in environ are not those of the connection",
                    connection="connection.getsockname() is ('192.0.2.1', 81), client_address ('192.0.2.7', 1234)",
                    why="Applications build links with them.")

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

    @pytest.mark.clause(36)
    def test_each_request_has_an_environ_of_its_own(self):
        environs, request = [], request_for()

        def app(environ, start_response):
            environ["seen"] = len(environs)
            return app_noting(environs)(environ, start_response)

        handled(app, request)
        handled(app, request)
        expect_same([environ["seen"] for environ in environs], [0, 1], problem="two requests share one environ",
                    why="The application may change it: the next request begins with a new one (PEP 3333, "
                        "Specification Details).")

    @pytest.mark.clause(12)
    def test_environ_belongs_to_the_application(self, file):
        def app(environ, start_response):
            wrapper = environ["wsgi.file_wrapper"](file)
            environ.clear()
            return app_returning(wrapper)(environ, start_response)

        answer = read_answer(handled(named("an app that empties its environ and returns a FileWrapper", app)).sent)
        expect_same((answer.status, answer.body), (200, TEXT),
                    problem="an application that empties its environ is not answered",
                    why="It may change environ in any way (PEP 3333, Specification Details). gunicorn 27 looks for "
                        "wsgi.file_wrapper in it after the call, and answers 500.")
