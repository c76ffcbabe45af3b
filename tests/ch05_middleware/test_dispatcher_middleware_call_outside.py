"""Step 5.8 · DispatcherMiddleware.__call__: what werkzeug, wsgiref and Flask make of it"""
import pytest
from flask import Flask, url_for
from werkzeug.middleware.dispatcher import DispatcherMiddleware as RealDispatcher

from tests.ch05_middleware.common import BOTH_SIDES, OUTER, ch05
from tests.ch05_middleware.mounts import Dispatched
from tests.ch05_middleware.shops import client_of
from tests.ch05_middleware.sides import App, Body, expect_closed_once, judged
from tests.ch05_middleware.told import note
from workshop.checking.diagnosis import expect_same
from workshop.checking.tree import calls

SITES = [["/api", "/api/v2"], ["/api/"], ["/"], ["", "/api"], ["api"], []]  # the mounts of some dispatchers
PATHS = ["", "/", "/api", "/api/", "/api/tea", "/apix", "/api/v2", "/api/v2/", "/api/v2/tea", "/api/v2x", "/API",
         "//api", "//", "/api//tea", "/api/../tea", "/tea/api", "/\xe8\x8c\xb6"]


@pytest.mark.step("5.8")
class TestDispatcherMiddleware:
    def flask_below(self, mount):
        """Return a client of a dispatcher with a Flask app below mount, whose page is its own address."""
        tea = Flask("tea")
        tea.add_url_rule("/", "tea", lambda: url_for("tea"))
        calls.append(f"DispatcherMiddleware(app, {{{mount!r}: <a Flask app>}})(environ, start_response)")
        return client_of(ch05.DispatcherMiddleware(App([b"the root"]), {mount: tea}))

    @pytest.mark.parametrize("path", PATHS, ids=lambda path: path or "the empty path")
    def test_werkzeug_s_dispatcher_does_the_same(self, path):
        for mounts in SITES:
            expected = Dispatched(RealDispatcher, mounts, SCRIPT_NAME=OUTER)(path)
            came_back = Dispatched(ch05.DispatcherMiddleware, mounts, SCRIPT_NAME=OUTER)(path)
            expect_same(came_back, expected, problem=f"werkzeug's DispatcherMiddleware treats {path!r} in another way",
                        why="Flask's documentation points to it: people count on what it does.",
                        sent=f"{path!r} below {OUTER}, mounts {mounts}")

    @pytest.mark.parametrize("path", ["/", "/api/tea"])
    @pytest.mark.clause(25, 36)
    def test_wsgiref_has_no_objection_on_either_side(self, path):
        def wrap(app):
            note("DispatcherMiddleware(app, {'/api': app})(environ, start_response)", app)
            return ch05.DispatcherMiddleware(app, {"/api": app})

        body = Body(b"Hello")
        server, blocks = judged(wrap, App(body), PATH_INFO=path)
        expect_same(blocks, [b"Hello"], problem="the body is another one", sent=f"PATH_INFO {path!r}",
                    why=f"It is passed on ({BOTH_SIDES}).")
        expect_closed_once(server, body, "the application's iterable",
                           f"The server closes it, once: what the application returned is handed on ({BOTH_SIDES}).",
                           sent=f"PATH_INFO {path!r}")

    @pytest.mark.clause(39, 131)
    def test_links_of_a_mounted_flask_app_lead_back_to_it(self):
        answer = self.flask_below("/api").get("/api/")
        expect_same(answer.text, "/api/", problem="url_for leads out of the mounted app", sent="GET /api/",
                    why="Flask puts SCRIPT_NAME in front of every address that it makes.")

    def test_a_mounted_flask_app_redirects_to_its_slash(self):
        answer = self.flask_below("/api").get("/api")
        location = answer.headers.get("Location", "").removeprefix("http://localhost")
        expect_same((answer.status_code, location), (308, "/api/"),
                    problem="the mount without its slash is not redirected", sent="GET /api",
                    why="Flask sees an empty PATH_INFO, and knows that a slash is missing.")
