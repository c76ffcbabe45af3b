"""Step 4.13 · answer_with: a Flask application"""
import flask
import pytest
from werkzeug.test import create_environ

from tests.ch04_response.common import CLIENT, ch02, ch04
from tests.ch04_response.files import TEXT, FileConnection
from workshop.checking.diagnosis import expect_same, expect_that
from wsgi_contract.answer import read_answer


def flask_app(path):
    """Return a Flask app with one page of each kind."""
    app = flask.Flask("checked")
    app.add_url_rule("/", "home", lambda: "Hello, 你好")
    app.add_url_rule("/file", "file", lambda: flask.send_file(path))
    app.add_url_rule("/stream", "stream", lambda: flask.Response(f"{number}\n" for number in range(3)))
    app.add_url_rule("/broken", "broken", lambda: 1 / 0)
    return app


FLASK_PAGES = {
    "/": (200, "Hello, 你好".encode()),
    "/file": (200, TEXT),
    "/stream": (200, b"0\n1\n2\n"),
    "/nowhere": (404, None),
    "/broken": (500, None),
}


@pytest.mark.step("4.13")
class TestAnswerWith:
    @pytest.mark.parametrize("path", FLASK_PAGES)
    @pytest.mark.parametrize("method", ["GET", "HEAD"])
    def test_a_flask_app_is_served(self, path, method, file, capsys):
        status, body = FLASK_PAGES[path]
        connection = FileConnection()
        request = ch02.Request(method, path, "HTTP/1.1", [("host", "127.0.0.1:8000")], path.encode(), "")
        environ = create_environ(path, "http://127.0.0.1:8000", method=method) | {"wsgi.file_wrapper": ch04.FileWrapper}
        ch04.answer_with(flask_app(file.name), environ, ch04.Response(connection, request), request, CLIENT)
        answer = read_answer(connection.sent, head_only=method == "HEAD")
        expect_same(answer.status, status, problem="Flask's answer is another one",
                    stderr=capsys.readouterr().err[-400:], why="A framework is an application like any other.")
        if body and method == "GET":
            expect_same(answer.body, body, problem="the body is not Flask's", why="The bytes go out as they are.")
        expect_that(bool(connection.copied) == (path == "/file" and method == "GET"),
                    "the file of send_file is not sent as a file",
                    why="Flask finds FileWrapper in environ and returns one.")
