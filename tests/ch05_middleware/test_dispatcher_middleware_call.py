"""Step 5.8 · DispatcherMiddleware.__call__"""
import pytest

from tests.ch05_middleware.common import CLOSE, GREEN, OUTER, TEXT, VARIABLES, blaming_slips, ch05, environ
from tests.ch05_middleware.mounts import Dispatched
from tests.ch05_middleware.sides import App, Body, Server
from tests.ch05_middleware.told import note
from workshop.checking.diagnosis import expect_same, expect_that

SHIFTED = ("SCRIPT_NAME", "PATH_INFO")
CHOSEN = "The longest mount that fits the path has the application for it; self.app has the rest."
SHIFT = f"SCRIPT_NAME says where the application is, PATH_INFO what is asked of it ({VARIABLES})."


@pytest.mark.step("5.8")
class TestDispatcherMiddleware:
    ROOT = "SCRIPT_NAME of the root is changed", "PATH_INFO of the root is changed"

    def dispatch(self, app, given, mounts=None, server=None):
        """Call a dispatcher for an environ, with app at its root and mounts; None leaves them out."""
        names = "" if mounts is None else f", {{{', '.join(f'{mount!r}: mounted' for mount in mounts)}}}"
        note(f"DispatcherMiddleware(app{names})(environ, start_response)", app if app.body else None)
        dispatcher = ch05.DispatcherMiddleware(app) if mounts is None else ch05.DispatcherMiddleware(app, mounts)
        return dispatcher(given, (server or Server()).start_response)

    def expect_called(self, path, expected, why=SHIFT, mounts=("/api",), problems=None, chosen=CHOSEN, **variables):
        """Fail unless the application is called that is expected, with the right SCRIPT_NAME and PATH_INFO."""
        name, *given = Dispatched(ch05.DispatcherMiddleware, mounts, **variables)(path)
        sent = ", ".join(f"{key} {value!r}" for key, value in {"PATH_INFO": path, **variables}.items())
        expect_that(name == expected[0], f"another application is called: {name}", sent=sent, came_back=name,
                    expected=expected[0], why=chosen)
        problems = problems or self.problems(expected[1], *given)
        for came_back, wanted, problem in zip(given, expected[1:], problems, strict=True):
            expect_same(came_back, wanted, why, problem=problem, sent=sent)

    def problems(self, prefix, script_name, path_info):
        """Return what is wrong if SCRIPT_NAME is not the prefix, and if PATH_INFO is not the rest."""
        return ("SCRIPT_NAME is not the prefix" if prefix in script_name else "the prefix is not in SCRIPT_NAME",
                "the prefix is still in PATH_INFO" if prefix in path_info else "PATH_INFO is not the rest of the path")

    @pytest.mark.clause(39, 40)
    def test_a_path_that_no_mount_fits_goes_to_the_root(self):
        self.expect_called("/tea", ("the app at the root", "", "/tea"), problems=self.ROOT)

    @pytest.mark.clause(4, 25, 29)
    @pytest.mark.parametrize("path", ["/", "/api"])
    def test_what_the_application_returns_comes_back(self, path):
        body = Body(b"Hello")
        app = App(body)
        came_back = self.dispatch(app, environ(path), {"/api": app})
        expect_that(came_back is not None, "nothing comes back: the application's body is lost", came_back="None",
                    expected="what the application returns", why=f"An application returns an iterable ({CLOSE}).")
        expect_that(came_back is body, "what comes back is not the very thing that the application returned",
                    came_back=repr(came_back), expected="the same object",
                    why=f"The server looks for its close method ({CLOSE}).")

    @pytest.mark.clause(25)
    def test_the_server_s_start_response_is_handed_on(self):
        server = Server()
        self.dispatch(App(headers=[TEXT, GREEN]), environ(), server=server)
        expect_same(server.head(), ("200 OK", [TEXT, GREEN]), problem="the response is another one",
                    why="Choosing is all that this middleware does.")

    def test_mounts_may_be_left_out(self):
        app = App()
        self.dispatch(app, environ("/tea"))
        expect_that(app.environs, "the only application there is was not called",
                    sent="PATH_INFO '/tea'", why="Without mounts, all paths are the root's.")

    @pytest.mark.clause(39, 40)
    def test_the_prefix_moves_from_path_info_to_script_name(self):
        self.expect_called("/api/tea", ("the app at '/api'", "/api", "/tea"))

    @pytest.mark.clause(39, 40)
    @pytest.mark.parametrize("method", ["HEAD", "POST", "OPTIONS"])
    def test_the_method_decides_nothing(self, method):
        self.expect_called("/api/tea", ("the app at '/api'", "/api", "/tea"), REQUEST_METHOD=method)

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

    @pytest.mark.clause(39)
    def test_a_slash_at_the_end_of_script_name_stays(self):
        self.expect_called("/api/tea", ("the app at '/api'", "/outer//api", "/tea"), SCRIPT_NAME=f"{OUTER}/",
                           problems=("SCRIPT_NAME does not grow at its end", "the prefix is still in PATH_INFO"),
                           why=f"The two variables together are the whole path, with all its slashes ({VARIABLES}).")

    @pytest.mark.clause(39, 40)
    @pytest.mark.parametrize("script_name", ["/outer ", " ", "/outer\xa0"])
    @pytest.mark.parametrize("rest", ["/tea ", "/\xa0", "/ \n"])
    def test_white_space_at_the_ends_of_both_variables_stays(self, rest, script_name):
        self.expect_called(f"/api{rest}", ("the app at '/api'", f"{script_name}/api", rest), SCRIPT_NAME=script_name,
                           problems=("white space is lost from SCRIPT_NAME", "white space is lost from PATH_INFO"),
                           why=f"The two variables together are the whole path, decoded ({VARIABLES}).")

    @pytest.mark.parametrize("path", ["/tea", "/api/tea"])
    @pytest.mark.clause(25)
    def test_all_other_variables_stay_as_they_are(self, path):
        app, given = App(), environ(path, QUERY_STRING="a=1", HTTP_HOST="shop.example")
        before = dict(given)
        self.dispatch(app, given, {"/api": app})
        lost = [name for name in before if name not in SHIFTED
                and app.given[0].get(name) != before[name]]
        expect_that(not lost, f"variables of environ are lost or changed: {', '.join(lost)}",
                    sent=f"PATH_INFO {path!r}",
                    why=f"Only SCRIPT_NAME and PATH_INFO are the dispatcher's business ({VARIABLES}).")

    @pytest.mark.parametrize("missing", ["SCRIPT_NAME", "PATH_INFO"])
    @pytest.mark.clause(9, 37)
    def test_either_variable_may_be_missing(self, missing):
        app, variables = App(), environ("/api")
        del variables[missing]
        other = next(name for name in SHIFTED if name != missing)
        sent = f"an environ without {missing}, with {other} {variables[other]!r}"
        why = f"A server may leave out what would be empty: a missing {missing} counts as '', not as '/' ({VARIABLES})."
        with blaming_slips(f"there is no {missing} in environ", why):
            self.dispatch(app, variables, {"/api": app})
        for name, expected in {"SCRIPT_NAME": "" if missing == "PATH_INFO" else "/api", "PATH_INFO": ""}.items():
            came_back = app.environs[0].get(name, "")
            expect_same(came_back, expected, why, sent=sent,
                        problem=f"without {missing} in environ, the application gets {came_back!r} as {name}")

    @pytest.mark.parametrize("path", ["/", "/tea", "/api/tea"])
    def test_an_empty_mount_takes_what_is_left(self, path):
        expected = ("the app at '/api'", "/api", "/tea") if path == "/api/tea" else ("the app at ''", "", path)
        self.expect_called(path, expected, mounts=["", "/api"], chosen=(
            "The mount '' fits each path that no longer one fits. find_mount returns '' also where no mount fits, so "
            "ask mounts whether '' is one."))

    @pytest.mark.parametrize("mounts, expected", [
        pytest.param(["*"], ("the app at '*'", "*", ""), id="mounted"),
        pytest.param(["/api"], ("the app at the root", "", "*"), id="at the root"),
    ])
    def test_a_path_without_a_slash_is_dispatched_like_any_other(self, mounts, expected):
        self.expect_called("*", expected, mounts=mounts, REQUEST_METHOD="OPTIONS", chosen=(
            "Ask find_mount about each path, also about one without a slash, as `OPTIONS *` has it."), problems=(
            "SCRIPT_NAME is not the prefix that find_mount returns",
            "PATH_INFO is not the rest that find_mount returns"))

    @pytest.mark.clause(9, 37)
    def test_a_missing_path_counts_as_the_empty_one(self):
        variables, mounted, root = environ(), App(), App()
        del variables["PATH_INFO"]
        self.dispatch(root, variables, {"": mounted})
        expect_that(mounted.environs and not root.environs, "without PATH_INFO, the empty mount is not found",
                    sent="an environ without PATH_INFO", expected="the application at '' is called",
                    came_back="self.app is called" if root.environs else "no application is called",
                    why=f"A server may leave out what would be empty: it counts as \"\" ({VARIABLES}).")

    @pytest.mark.clause(39, 40)
    def test_dispatchers_nest(self):
        tea = App()
        inner = ch05.DispatcherMiddleware(App(), {"/v2": tea})
        self.dispatch(App(), environ("/api/v2/tea"), {"/api": inner})
        sent = "PATH_INFO '/api/v2/tea', mounts with a dispatcher at '/api', which has an app at '/v2'"
        expect_that(tea.environs, "the application in the inner dispatcher is not called", sent=sent,
                    why="The inner dispatcher finds its own part in PATH_INFO.")
        given = tea.environs[0]
        expect_same((given["SCRIPT_NAME"], given["PATH_INFO"]), ("/api/v2", "/tea"),
                    problem="a dispatcher in a dispatcher loses a part of the path", sent=sent, why=SHIFT)
