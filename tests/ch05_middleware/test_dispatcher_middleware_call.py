"""Step 5.8 · DispatcherMiddleware.__call__"""
import pytest
from flask import Flask, url_for
from werkzeug.middleware.dispatcher import DispatcherMiddleware as RealDispatcher

from tests.ch05_middleware.common import (
    BOTH_SIDES,
    CLOSE,
    GREEN,
    OUTER,
    TEXT,
    VARIABLES,
    App,
    Body,
    Mounts,
    Server,
    ch05,
    client_of,
    environ,
    judged,
    told_as,
)
from workshop.checking.diagnosis import expect_same, expect_that
from workshop.checking.tree import calls


class Dispatched:
    """Calls a dispatcher, ours or werkzeug's, and tells which application was called and what it was given."""

    def __init__(self, kind, mounts, **variables):
        self.kind, self.mounts, self.variables = kind, mounts, variables

    def __call__(self, path):
        """Return (name of the application, SCRIPT_NAME, PATH_INFO)."""
        apps = Mounts((mount, App(name=f"the app at {mount!r}")) for mount in self.mounts)
        root = App(name="the app at the root")
        calls.append(f"DispatcherMiddleware(app, {apps})(environ, start_response)")
        with told_as(f"no application is called for {path!r}", "self.app has all paths that no mount fits."):
            self.kind(root, apps)(environ(path, **self.variables), Server().start_response)
        called = [app for app in (root, *apps.values()) if app.environs]
        expect_that(called, f"no application is called for {path!r}",
                    why="Each path has one that answers for it, if only with "
                    "404: self.app, where no mount fits.")
        self.expect_unchanged(called[0], path)
        given = called[0].environs[0]
        return called[0].name, given.get("SCRIPT_NAME", ""), given.get("PATH_INFO", "")

    def expect_unchanged(self, app, path):
        """Fail if the environ of an application that was called is changed back, now that it has returned."""
        at_the_call, now = ([given.get("SCRIPT_NAME", ""), given.get("PATH_INFO", "")]
                            for given in (app.given[0], app.environs[0]))
        expect_that(now == at_the_call, f"environ is right at the call, and changed back behind it, for {path!r}",
                    came_back=f"SCRIPT_NAME {now[0]!r}, PATH_INFO {now[1]!r}",
                    expected=f"SCRIPT_NAME {at_the_call[0]!r}, PATH_INFO {at_the_call[1]!r}",
                    why="A late application looks into its environ when the server asks for blocks, and you have "
                        f"returned long ago ({CLOSE}).")


SHIFT = f"SCRIPT_NAME says where the application is, PATH_INFO what is asked of it ({VARIABLES})."
SITES = [["/api", "/api/v2"], ["/api/"], ["/"], ["", "/api"], ["api"], []]  # the mounts of some dispatchers
PATHS = ["", "/", "/api", "/api/", "/api/tea", "/apix", "/api/v2", "/api/v2/", "/api/v2/tea", "/api/v2x", "/API",
         "//api", "//", "/api//tea", "/api/../tea", "/tea/api", "/\xe8\x8c\xb6"]


@pytest.mark.step("5.8")
class TestDispatcherMiddleware:
    ROOT = "SCRIPT_NAME of the root is changed", "PATH_INFO of the root is changed"

    def expect_called(self, path, expected, why=SHIFT, mounts=("/api",), problems=None, **variables):
        """Fail unless the application is called that is expected, with the right SCRIPT_NAME and PATH_INFO."""
        name, *given = Dispatched(ch05.DispatcherMiddleware, mounts, **variables)(path)
        sent = ", ".join(f"{key} {value!r}" for key, value in {"PATH_INFO": path, **variables}.items())
        expect_that(name == expected[0], f"another application is called: {name}", sent=sent, came_back=name,
                    expected=expected[0],
                    why="The longest mount that fits the path has the application for it; self.app has the rest.")
        problems = problems or ("the prefix is not in SCRIPT_NAME", "the prefix is still in PATH_INFO")
        for came_back, wanted, problem in zip(given, expected[1:], problems, strict=True):
            expect_same(came_back, wanted, why, problem=problem, sent=sent)

    @pytest.mark.clause(39, 40)
    def test_a_path_that_no_mount_fits_goes_to_the_root(self):
        self.expect_called("/tea", ("the app at the root", "", "/tea"), problems=self.ROOT)

    @pytest.mark.clause(4, 25, 29)
    @pytest.mark.parametrize("path", ["/", "/api"])
    def test_what_the_application_returns_comes_back(self, path):
        body = Body(b"Hello")
        dispatcher = ch05.DispatcherMiddleware(App(body), {"/api": App(body)})
        came_back = dispatcher(environ(path), Server().start_response)
        expect_that(came_back is not None, "nothing comes back: the application's body is lost", came_back="None",
                    expected="what the application returns", why=f"An application returns an iterable ({CLOSE}).")
        expect_that(came_back is body, "what comes back is not the very thing that the application returned",
                    came_back=repr(came_back), why=f"The server looks for its close method ({CLOSE}).")

    @pytest.mark.clause(25)
    def test_the_server_s_start_response_is_handed_on(self):
        server = Server()
        ch05.DispatcherMiddleware(App(headers=[TEXT, GREEN]))(environ(), server.start_response)
        expect_same(server.head(), ("200 OK", [TEXT, GREEN]), problem="the response is another one",
                    why="Choosing is all that this middleware does.")

    def test_mounts_may_be_left_out(self):
        app = App()
        ch05.DispatcherMiddleware(app)(environ("/tea"), Server().start_response)
        expect_that(app.environs, "the only application there is was not called",
                    why="Without mounts, all paths are the root's.")

    @pytest.mark.clause(39, 40)
    def test_the_prefix_moves_from_path_info_to_script_name(self):
        self.expect_called("/api/tea", ("the app at '/api'", "/api", "/tea"))

    @pytest.mark.clause(40)
    def test_the_path_of_the_mount_itself_becomes_empty(self):
        self.expect_called("/api", ("the app at '/api'", "/api", ""),
                           problems=("the prefix is not in SCRIPT_NAME", "PATH_INFO is not empty"),
                           why=f"From the empty path Flask sees that the slash is missing ({VARIABLES}).")

    @pytest.mark.clause(39)
    def test_what_was_in_script_name_stays_in_front(self):
        self.expect_called("/api/tea", ("the app at '/api'", "/outer/api", "/tea"), SCRIPT_NAME=OUTER,
                           problems=("SCRIPT_NAME does not grow at its end", "the prefix is still in PATH_INFO"),
                           why=f"Somebody has mounted the dispatcher itself: links must lead there ({VARIABLES}).")

    @pytest.mark.clause(39)
    def test_the_root_keeps_the_script_name_that_there_was(self):
        self.expect_called("/tea", ("the app at the root", "/outer", "/tea"), problems=self.ROOT, SCRIPT_NAME=OUTER)

    @pytest.mark.parametrize("missing", ["SCRIPT_NAME", "PATH_INFO"])
    @pytest.mark.clause(9, 37)
    def test_either_variable_may_be_missing(self, missing):
        variables = environ("" if missing == "PATH_INFO" else "/api")
        del variables[missing]
        app = App()
        with told_as(f"there is no {missing} in environ", f"A server may leave out what would be empty ({VARIABLES})."):
            ch05.DispatcherMiddleware(app, {"/api": app})(variables, Server().start_response)
        expect_same(app.environs[0].get("SCRIPT_NAME", ""), "" if missing == "PATH_INFO" else "/api",
                    problem="SCRIPT_NAME is another one", why=SHIFT)
        expect_same(app.environs[0].get("PATH_INFO", ""), "", problem="PATH_INFO is another one", why=SHIFT)

    @pytest.mark.parametrize("path", ["/", "/tea", "/api/tea"])
    def test_an_empty_mount_takes_what_is_left(self, path):
        expected = ("the app at '/api'", "/api", "/tea") if path == "/api/tea" else ("the app at ''", "", path)
        self.expect_called(path, expected, mounts=["", "/api"])

    @pytest.mark.clause(39, 40)
    def test_dispatchers_nest(self):
        tea = App()
        inner = ch05.DispatcherMiddleware(App(), {"/v2": tea})
        ch05.DispatcherMiddleware(App(), {"/api": inner})(environ("/api/v2/tea"), Server().start_response)
        expect_that(tea.environs, "the application in the inner dispatcher is not called", sent="/api/v2/tea",
                    why="The inner dispatcher finds its own part in PATH_INFO.")
        given = tea.environs[0]
        expect_same((given["SCRIPT_NAME"], given["PATH_INFO"]), ("/api/v2", "/tea"),
                    problem="a dispatcher in a dispatcher loses a part of the path", why=SHIFT)

    @pytest.mark.clause(2)
    def test_the_next_request_finds_nothing_of_the_last(self):
        app = App()
        dispatcher = ch05.DispatcherMiddleware(App(), {"/api": app})
        for _ in range(2):
            dispatcher(environ("/api/tea"), Server().start_response)
        expect_same([given["SCRIPT_NAME"] for given in app.environs], ["/api", "/api"],
                    problem="the second request is told another SCRIPT_NAME", why="One object serves all requests.")

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
        body = Body(b"Hello")
        _, blocks = judged(lambda app: ch05.DispatcherMiddleware(app, {"/api": app}), App(body), PATH_INFO=path)
        expect_same((blocks, body.closed), ([b"Hello"], 1), problem="the body is another one, or was not closed",
                    why=f"It is passed on ({BOTH_SIDES}).")

    def flask_below(self, mount):
        """Return a client of a dispatcher with a Flask app below mount, whose page is its own address."""
        tea = Flask("tea")
        tea.add_url_rule("/", "tea", lambda: url_for("tea"))
        return client_of(ch05.DispatcherMiddleware(App([b"the root"]), {mount: tea}))

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
