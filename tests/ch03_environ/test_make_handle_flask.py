"""Step 3.13 · make_handle: a Flask application"""
import pytest

from tests.ch03_environ.common import ALL_BYTES
from tests.ch03_environ.flask_shop import FLASK, body_of, prepared, shop
from tests.ch03_environ.serving import expect_served, served
from tests.expect import expect_value


def as_bytes(prepared):
    """Return the bytes that `requests` would send."""
    fields = {"Host": "127.0.0.1:8000", **prepared.headers}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"{prepared.method} {prepared.path_url} HTTP/1.1\r\n{head}\r\n".encode("latin-1") + body_of(prepared)


@pytest.mark.usefixtures("stubs_before_make_handle")
@pytest.mark.step("3.13")
class TestMakeHandle:
    def test_flask_reads_a_form(self):
        answer = served(shop(), as_bytes(prepared("POST", "/form", data={"who": "你好"})), delivery="the body later")
        expect_served(answer, "你好 from 192.0.2.9".encode(), FLASK)

    def test_flask_finds_a_page_whose_name_is_not_ascii(self):
        expect_served(served(shop(), as_bytes(prepared("GET", "/hello/你好"))), "Hello, 你好".encode(), FLASK)

    def test_flask_answers_head(self):
        answer = served(shop(), as_bytes(prepared("HEAD", "/hello/you")))
        expect_value((answer.status, answer.values("Content-Length")), (200, ["10"]),
                     problem="HEAD on a page of Flask is answered in another way", why=FLASK)

    def test_flask_receives_a_file_with_all_256_bytes(self):
        answer = served(shop(), as_bytes(prepared("POST", "/upload", files={"picture": ALL_BYTES})))
        expect_served(answer, ALL_BYTES, FLASK)

    def test_flask_receives_a_file_that_comes_in_chunks(self):
        def blocks():
            yield from (b"who=", b"you")

        form = {"Content-Type": "application/x-www-form-urlencoded"}
        asked = prepared("POST", "/form", data=blocks(), headers=form)
        asked.body = b"4\r\nwho=\r\n3\r\nyou\r\n0\r\n\r\n"
        expect_served(served(shop(), as_bytes(asked)), b"you from 192.0.2.9", FLASK)
