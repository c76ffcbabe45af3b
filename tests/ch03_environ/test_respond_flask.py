"""Step 3.12 · respond: a Flask application"""
from urllib.parse import unquote_to_bytes

import pytest

from tests.ch03_environ.common import ALL_BYTES, request
from tests.ch03_environ.flask_shop import FLASK, body_of, prepared, shop
from tests.ch03_environ.serving import expect_served, respond
from tests.expect import expect_value


def as_request(prepared):
    """Return the Request of chapter 2 for what `requests` would send."""
    path, _, query = prepared.path_url.partition("?")
    fields = [(name.lower(), value) for name, value in prepared.headers.items()]
    return request(prepared.method, fields, path=unquote_to_bytes(path), query=query, body=body_of(prepared),
                   target=prepared.path_url)


@pytest.mark.usefixtures("stubs_before_respond")
@pytest.mark.step("3.12")
class TestRespond:
    def test_flask_reads_a_form(self):
        answer = respond(shop(), as_request(prepared("POST", "/form", data={"who": "你好"})))
        expect_served(answer, "你好 from 192.0.2.9".encode(), FLASK)

    def test_flask_finds_a_page_whose_name_is_not_ascii(self):
        answer = respond(shop(), as_request(prepared("GET", "/hello/你好")))
        expect_served(answer, "Hello, 你好".encode(), FLASK)

    def test_flask_answers_head(self):
        answer = respond(shop(), as_request(prepared("HEAD", "/hello/you")))
        expect_value((answer.status, answer.values("Content-Length")), (200, ["10"]),
                     problem="HEAD on a page of Flask is answered in another way", why=FLASK)

    def test_flask_receives_a_file_with_all_256_bytes(self):
        answer = respond(shop(), as_request(prepared("POST", "/upload", files={"picture": ALL_BYTES})))
        expect_served(answer, ALL_BYTES, FLASK)
