"""Step 3.12 · respond"""
import copy

import pytest

from tests.ch03_environ.common import request
from tests.ch03_environ.serving import expect_served, page, respond
from tests.expect import expect_value
from workshop.checking.diagnosis import expect_that, expect_unchanged
from workshop.checking.tree import shown


@pytest.mark.usefixtures("stubs_before_respond")
@pytest.mark.step("3.12")
class TestRespond:
    def test_it_returns_the_response_of_the_application(self):
        answer = respond(page)
        expect_served(answer, b"Hello\n", "What the application says is what the client gets.")
        expect_value((answer.reason, answer.values("X-App")), ("OK", ["page"]),
                     problem="status and headers are not those of the application",
                     why="What the application says is what the client gets.")
        missing = [name for name in ("Date", "Connection") if not answer.values(name)]
        expect_that(not missing, f"{' and '.join(missing)} is missing in the response",
                    "response_bytes adds what HTTP asks of every response, and the application left out.",
                    came_back=shown(answer.fields))

    def test_the_application_gets_the_environ_of_the_request(self):
        environs = []

        def application(environ, start_response):
            environs.append(dict(environ))
            return page(environ, start_response)

        asked = request("POST", [("content-length", "5"), ("x-shop", "books")], path=b"/a", query="b=1", body=b"hello")
        before = copy.deepcopy(asked)
        respond(application, asked)
        expect_unchanged("request", asked, before, problem="respond changes the request",
                         why="It says what the client sent, and chapter 4 asks it again after this.")
        expect_that(len(environs) == 1, f"the application is called {len(environs)} times for one request",
                    'It is called once for each request (PEP 3333, section "The Server/Gateway Side").')
        wanted = {"REQUEST_METHOD": "POST", "PATH_INFO": "/a", "QUERY_STRING": "b=1", "HTTP_X_SHOP": "books",
                  "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "8000", "REMOTE_ADDR": "192.0.2.9"}
        expect_value({name: environs[0].get(name) for name in wanted}, wanted, likely={
            "the addresses of server and client have changed places":
                wanted | {"SERVER_NAME": "192.0.2.9", "SERVER_PORT": "50000", "REMOTE_ADDR": "127.0.0.1"},
        }, problem="the environ is not that of the request",
            why="build_environ takes the request, the server's address and the client's, in this order.")
