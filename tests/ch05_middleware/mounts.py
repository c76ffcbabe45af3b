"""The mounts that steps 5.7 and 5.8 look into."""
import types

from tests.ch05_middleware.common import CLOSE, blaming_slips, ch05, environ
from tests.ch05_middleware.sides import App, Server
from tests.expect import expect_value
from workshop.checking.diagnosis import Diagnosis, expect_that, expect_unchanged
from workshop.checking.endless_loops import report_trouble
from workshop.checking.tree import calls

GENERATOR = ("With `yield` in it, a function is a generator function: a call runs none of its lines, until a block is "
             f"asked for. Write `return app(environ, start_response)` ({CLOSE}).")


class Mounts(dict):
    """A dict of mounts that notices when it is asked for prefixes without end."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.asked = 0

    def count(self):
        self.asked += 1
        if self.asked > 500:
            report_trouble(Diagnosis(f"mounts was asked {self.asked} times whether a prefix is in it",
                           mounts=repr([*self]),
                                     why="A path has only as many prefixes as slashes: a loop that looks for a mount "
                                         "must also end where there is none."))

    def __contains__(self, prefix):
        self.count()
        return super().__contains__(prefix)

    def __getitem__(self, prefix):
        self.count()
        return super().__getitem__(prefix)

    def get(self, prefix, default=None):
        self.count()
        return super().get(prefix, default)


def expect_split(path, mounts, expected, problem, why, likely=()):
    """Fail unless find_mount splits a path so, and leaves mounts as they are. likely is that of expect_value."""
    given = Mounts.fromkeys(mounts, App())
    came_back = ch05.find_mount(path, given)
    expect_that(came_back is not None, "find_mount returns None", expected=repr(expected),
                why="A path can always be split: where no mount fits, into \"\" and all of it.")
    expect_that(is_pair(came_back), "find_mount must return a pair of str, (prefix, rest)", came_back=repr(came_back),
                expected=repr(expected), why="The next step puts them into SCRIPT_NAME and PATH_INFO.")
    if came_back[0] == expected[0] and came_back not in dict(likely).values():
        problem = "the prefix is right, and the rest is not what stands behind it, unchanged"
    expect_value(came_back, expected, why, problem=problem, likely=likely)
    expect_unchanged("[*mounts]", [*given], [*mounts], problem="mounts itself has changed",
                     why="It is the dispatcher's, and serves the next requests too: look, and change nothing.")


def is_pair(value):
    """Tell whether value is a pair of str."""
    return isinstance(value, tuple) and len(value) == 2 and all(isinstance(part, str) for part in value)


def expect_whole(path, expected):
    """Fail if the two parts of a path, with a mount at /api, are not all of it."""
    came_back = ch05.find_mount(path, Mounts.fromkeys(["/api"], App()))
    if is_pair(came_back):
        expect_that("".join(came_back) == path, f"prefix and rest together are {''.join(came_back)}",
                    came_back=repr(came_back), expected=repr(expected),
                    why="A path is split: each of its characters is in one of the two parts, slashes too.")


class Dispatched:
    """Calls a dispatcher, ours or werkzeug's, and tells which application was called and what it was given."""

    def __init__(self, kind, mounts, **variables):
        self.kind, self.mounts, self.variables = kind, mounts, variables

    def __call__(self, path):
        """Return (name of the application, SCRIPT_NAME, PATH_INFO)."""
        apps = Mounts((mount, App(name=f"the app at {mount!r}")) for mount in self.mounts)
        root = App(name="the app at the root")
        calls.append(f"DispatcherMiddleware(app, {apps})(environ, start_response)")
        with blaming_slips(f"no application is called for {path!r}", "self.app has all paths that no mount fits."):
            came_back = self.kind(root, apps)(environ(path, **self.variables), Server().start_response)
        called = [app for app in (root, *apps.values()) if app.environs]
        expect_that(called or not isinstance(came_back, types.GeneratorType),
                    f"no application is called for {path!r}: your __call__ is a generator function",
                    came_back="a generator", expected="what the application returns", why=GENERATOR)
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
                    before=f"SCRIPT_NAME {at_the_call[0]!r}, PATH_INFO {at_the_call[1]!r}, at the call",
                    afterwards=f"SCRIPT_NAME {now[0]!r}, PATH_INFO {now[1]!r}",
                    why="A late application looks into its environ when the server asks for blocks, and you have "
                        f"returned long ago ({CLOSE}).")
