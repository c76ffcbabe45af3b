"""Step 5.8 · DispatcherMiddleware.__call__: one request after the other, at the same time, and what is raised"""
import collections
import sys

import pytest

from tests.ch05_middleware.common import BOTH_SIDES, OUTER, START, TEXT, ch05, environ
from tests.ch05_middleware.passing import interrupted_by
from tests.ch05_middleware.sides import App, NoTeaLeft, Server, expect_nothing_kept
from tests.ch05_middleware.told import note
from tests.expect import blaming, each_family, expect_let_out, which_differ
from workshop.checking.diagnosis import expect_same, expect_that
from workshop.checking.tree import calls

VISITS = ["/api/tea", "/tea", "/api", "/", "/api/tea"]  # the paths of some requests, one after the other
EXPECTED = [
    ("api", "/api", "/tea"), ("root", "", "/tea"), ("api", "/api", ""), ("root", "", "/"), ("api", "/api", "/tea"),
]  # name of the application, SCRIPT_NAME, PATH_INFO


class Empty(App):
    """An application that counts as false."""

    def __len__(self):
        return 0


@pytest.mark.step("5.8")
class TestDispatcherMiddleware:
    def site(self, **applications):
        """Return (dispatcher, mounts), and write down in self.seen which application was called with what."""
        self.seen = []

        def named(name):
            def app(environ, start_response):
                self.seen.append((name, environ.get("SCRIPT_NAME", ""), environ.get("PATH_INFO", "")))
                return []
            return app

        mounts = {"/api": applications.get("api", named("api"))}
        calls.append("DispatcherMiddleware(root, {'/api': api})(environ, start_response)")
        return ch05.DispatcherMiddleware(applications.get("root", named("root")), mounts), mounts

    @pytest.mark.clause(2)
    def test_the_next_request_finds_nothing_of_the_last(self):
        dispatcher, _ = self.site()
        for path in VISITS:
            dispatcher(environ(path), Server().start_response)
        for number, (path, seen, expected) in enumerate(zip(VISITS, self.seen, EXPECTED, strict=True), 1):
            sent = f"PATH_INFO {', then '.join(map(repr, VISITS[:number]))}"
            expect_same(seen[0], expected[0], problem=f"after another request, {path} goes to another application",
                        why="One dispatcher serves all requests: what is kept on self decides for the next one too.",
                        sent=sent)
            expect_same(seen[1:], expected[1:], problem="after another request, the two variables are wrong",
                        why="One dispatcher serves all requests: keep nothing of a request on self.", sent=sent)

    @pytest.mark.clause(2, 39)
    def test_the_same_path_may_come_below_another_script_name(self):
        dispatcher, _ = self.site()
        for script_name in ("", OUTER, ""):
            dispatcher(environ("/api/tea", SCRIPT_NAME=script_name), Server().start_response)
        expect_same([script_name for _, script_name, _ in self.seen], ["/api", f"{OUTER}/api", "/api"],
                    problem="SCRIPT_NAME is that of an earlier request",
                    sent=f"three times PATH_INFO '/api/tea', with SCRIPT_NAME '', then {OUTER!r}, then ''",
                    why="One dispatcher serves all requests, and may be mounted at two places itself.")

    def test_the_mounts_stay_as_they_are(self):
        dispatcher, mounts = self.site()
        before = dict(mounts)
        for path in VISITS:
            dispatcher(environ(path), Server().start_response)
        expect_that(mounts == before, "the mounts have changed", before=f"self.mounts has {[*before]}",
                    afterwards=f"self.mounts has {[*mounts]}",
                    why="self.mounts is the dict that was handed in: its owner may use it again.")

    @pytest.mark.clause(2)
    def test_threads_do_not_get_in_each_other_s_way(self):
        dispatcher, _ = self.site()
        for path, other, expected in [("/api/tea", "/", EXPECTED[0]), ("/tea", "/api", EXPECTED[1])]:
            del self.seen[:]
            with interrupted_by(lambda other=other: dispatcher(environ(other), Server().start_response)):
                dispatcher(environ(path), Server().start_response)
            expect_same(self.seen[-1], expected, sent=f"PATH_INFO {path!r}, and in another thread {other!r}",
                        problem="while one thread is in your code, another one changes what it works with",
                        why='One dispatcher serves all requests: what is kept on self belongs to none of them '
                            '(PEP 3333, section "Thread Support").')

    @pytest.mark.clause(25, 80, 81)
    def test_the_application_may_start_an_error_page_and_write_it(self):
        def app(environ, start_response):
            start_response("200 OK", [TEXT])
            try:
                raise NoTeaLeft("no tea left")
            except NoTeaLeft:
                write = start_response("500 Internal Server Error", [TEXT], sys.exc_info())
            write(b"no tea left")
            return []

        server, why = Server(), f"Give it the start_response that you were given: it takes exc_info ({START})."
        note("DispatcherMiddleware(app)(environ, start_response)", app)
        with blaming("an application cannot start an error page below your dispatcher", why):
            ch05.DispatcherMiddleware(app)(environ(), server.start_response)
        came_back = (server.head()[0][:3], bool(server.exc_info), server.written)
        wanted = ("500", True, [b"no tea left"])
        lost = which_differ(came_back, wanted, ("the status", "exc_info", "what is written"))
        expect_same(came_back, wanted, why, problem=f"of an error page, {lost} does not arrive")

    @pytest.mark.clause(25)
    @pytest.mark.parametrize("path", ["/api/tea", "/tea"], ids=["mounted", "at the root"])
    @each_family(ours="ch04_response")
    def test_what_the_application_raises_reaches_the_server(self, kind, path):
        error = kind("no tea left")
        dispatcher, _ = self.site(root=App(error=error), api=App(error=error))
        expect_let_out(error, lambda: dispatcher(environ(path), Server().start_response),
                       "what the application raises is swallowed", sent=f"PATH_INFO {path!r}",
                       why=f"No other application can answer for it; the server has an error page ({BOTH_SIDES}).")

    @each_family(ours="ch04_response")
    def test_no_other_application_is_called_where_one_fails(self, kind):
        error = kind("no tea left")
        dispatcher, _ = self.site(api=App(error=error))
        try:
            dispatcher(environ("/api/tea"), Server().start_response)
        except type(error) as raised:
            if raised is not error:  # such as a stub's
                raise
        expect_that(not self.seen, f"where an application raises {kind.__name__}, another one is called instead",
                    sent="PATH_INFO '/api/tea'", came_back="root is called after api",
                    expected=f"{error!r} comes out",
                    why="Nothing may catch what the application raises: ask mounts first, and then call, outside of "
                        "any `try`.")

    @pytest.mark.parametrize("path", ["/api/tea", "/tea"], ids=["mounted", "at the root"])
    @pytest.mark.parametrize("body", [None, b"", 0, False, []], ids=repr)
    def test_what_the_application_returns_comes_back_whatever_it_is(self, body, path):
        dispatcher, _ = self.site(root=App(body), api=App(body))
        came_back = dispatcher(environ(path), Server().start_response)
        expect_that(came_back is body, "what comes back is not the very thing that the application returned",
                    came_back=repr(came_back), expected=repr(body), sent=f"PATH_INFO {path!r}",
                    why=f"What is no iterable is the application's mistake, and the server finds it ({BOTH_SIDES}).")

    @pytest.mark.parametrize("path", VISITS)
    def test_mounts_that_make_what_they_are_asked_for_stay_as_they_are(self, path):
        mounts = collections.defaultdict(App, {"/api": App()})
        root = App()
        calls.append("DispatcherMiddleware(root, defaultdict(make_app, {'/api': api}))(environ, start_response)")
        ch05.DispatcherMiddleware(root, mounts)(environ(path), Server().start_response)
        expect_that([*mounts] == ["/api"], "self.mounts gets a mount more", sent=f"PATH_INFO {path!r}",
                    afterwards=f"self.mounts has {[*mounts]}", expected="self.mounts has ['/api']",
                    why="A defaultdict makes what `mounts[prefix]` does not find: `in` and `get` only look.")

    @pytest.mark.parametrize("path", ["/", "/tea"])
    def test_the_application_at_the_root_is_called_whatever_it_is(self, path):
        root, api = Empty(), App()
        dispatcher, _ = self.site(root=root, api=api)
        dispatcher(environ(path), Server().start_response)
        expect_that(root.environs, "self.app is not called, because it counts as false", sent=f"PATH_INFO {path!r}",
                    expected="the application at the root is called",
                    came_back="the application at /api is called" if api.environs else "no application is called",
                    why="A callable whose len is 0 counts as false, and is an application all the same: ask mounts for "
                        "the prefix, and call.")

    def test_an_application_counts_as_mounted_whatever_it_is(self):
        api, root = Empty(), App()
        dispatcher, _ = self.site(root=root, api=api)
        dispatcher(environ("/api/tea"), Server().start_response)
        expect_that(api.environs, "a mounted application is not called, because it counts as false",
                    sent="PATH_INFO '/api/tea'", expected="the application at /api is called",
                    came_back="self.app is called" if root.environs else "no application is called",
                    why="Whether there is a mount is asked by its prefix: a callable whose len is 0 counts as false.")

    def test_nothing_of_a_request_is_kept(self):
        dispatcher, _ = self.site()
        before = dict(vars(dispatcher))
        for path in VISITS:
            dispatcher(environ(path), Server().start_response)
        expect_nothing_kept(dispatcher, before)
