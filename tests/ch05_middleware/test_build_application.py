"""Step 5.10 · build_application"""
import html
import io
import re

import pytest

from tests.ch05_middleware.common import CLOSE, OUTER, VARIABLES, ch05
from tests.ch05_middleware.shops import buy, client_of, expect_two_names, line_with, set_price
from tests.ch05_middleware.sides import App, judged
from tests.expect import kind_of
from workshop.checking.diagnosis import Diagnosis, expect_same, expect_that
from workshop.checking.tree import load


def last_line(page):
    """Return the last line of the traceback in an error page."""
    return html.unescape(re.sub("<[^>]*>", "", page)).rstrip().rpartition("\n")[2]


LINK = re.compile(r'(?:href|action)="([^"]*)"')
FOLLOW = f"Neither app knows where it is mounted; SCRIPT_NAME and url_for tell ({VARIABLES})."


@pytest.fixture
def kept_apart(monkeypatch):
    """A list of the apps that keep_sessions_apart is given from now on, those of each call in a tuple."""
    def noting(*apps, **named):
        given.append((*apps, *named.values()))
        return original(*apps, **named)

    learners, given = load("ch05_middleware"), []
    original = getattr(learners, "keep_sessions_apart", None)
    monkeypatch.setattr(learners, "keep_sessions_apart", noting, raising=False)
    return given


SLASH = ("The admin got an empty PATH_INFO, and Flask redirects to `/`. Its key in mounts is ADMIN itself, '/admin': "
         "with a slash at its end, the prefix takes along the slash with which the admin's path begins.")


@pytest.mark.step("5.10")
class TestBuildApplication:
    def client(self):
        application = ch05.build_application()
        expect_that(callable(application), f"what comes back is no application: {kind_of(application)}",
                    why=f"A server calls it with an environ and start_response ({CLOSE}).")
        return client_of(application)

    def get(self, client, path, base=""):
        """Return (answer, page) of a GET request; page is the body as a str."""
        answer = client.get(path, base_url=f"http://localhost{base}", errors_stream=io.StringIO())
        return answer, answer.data.decode("utf-8", "replace")

    @pytest.mark.parametrize("path, title", [("/", "Shop"), ("/admin/", "Admin")])
    @pytest.mark.clause(1, 25)
    def test_the_shop_is_at_the_root_and_its_admin_below(self, path, title):
        answer, page = self.get(self.client(), path)
        expect_that(answer.status_code != 500, f"GET {path} is answered {answer.status}", came_back=last_line(page),
                    why="What was raised stands in the last line of the traceback.")
        expect_that(answer.status_code == 200, f"GET {path} is answered {answer.status}", came_back=page[-600:],
                    why=SLASH if answer.status_code == 308 else
                    "The dispatcher gives ADMIN to the admin, and all other paths to the shop.")
        expect_that(f"<h1>{title}</h1>" in page, f"GET {path} does not show the {title.lower()}",
                    came_back=line_with("<h1>", page), expected=f"<h1>{title}</h1>",
                    why="The dispatcher gives ADMIN to the admin, and all other paths to the shop.")

    def test_the_admin_without_its_slash_is_redirected(self):
        answer, _ = self.get(self.client(), "/admin")
        expect_same((answer.status_code, answer.headers.get("Location", "")), (308, "http://localhost/admin/"),
                    problem="GET /admin is not redirected to /admin/",
                    why="Flask redirects where the slash is missing.")

    @pytest.mark.parametrize("path", ["/", "/admin/"])
    def test_a_dollar_sign_becomes_a_euro_sign(self, path):
        _, page = self.get(self.client(), path)
        expect_that("$" not in page, "there is a dollar sign in the page", came_back=line_with("tea", page),
                    expected="<li>tea: €4", why="ReplaceText stands around the dispatcher, so it sees both apps.")
        expect_that("€4" in page, "there is no euro sign in the page", came_back=line_with("tea", page),
                    expected="<li>tea: €4",
                    why="The page is UTF-8, and so is what is put into it: three bytes.")

    @pytest.mark.clause(10)
    def test_a_page_that_fails_is_answered_by_the_error_page(self):
        client = self.client()
        try:
            answer, page = self.get(client, "/broken")
        except RuntimeError as error:
            if isinstance(error, NotImplementedError):
                raise
            raise Diagnosis("the failure of a page comes out of the stack", sent="GET /broken",
                            why="ErrorPage stands around the apps, and answers where one of them fails.",
                    try_it="python chapters/ch05_middleware.py, then open http://127.0.0.1:8000/broken")
        expect_that(answer.status_code == 500 and "this page is broken on purpose" in page,
                    f"GET /broken is answered {answer.status}, and not by ErrorPage", came_back=page,
                    expected="the traceback, in a page",
                    why="The apps leave their failures to the middleware around them.")

    def test_the_error_page_is_not_changed_on_its_way_out(self):
        answer, _ = self.get(self.client(), "/broken")
        expect_that("Content-Length" in answer.headers, "the error page has lost its Content-Length",
                    came_back=repr(dict(answer.headers)),
                    why="ReplaceText takes the length from what passes through it: ErrorPage must stand outside it.")

    @pytest.mark.parametrize("path", ["/", "/admin/", "/nowhere", "/broken"])
    def test_every_response_has_the_header(self, path):
        answer, _ = self.get(self.client(), path)
        expect_same(answer.headers.getlist("X-Content-Type-Options"), ["nosniff"],
                    problem=f"the response to {path} lacks X-Content-Type-Options: nosniff",
                    why="AddHeader is the outermost layer, so nothing gets out without it, error pages included.")

    def test_the_sessions_of_both_apps_last(self, kept_apart):
        client = self.client()
        if kept_apart and all(len({app.config["SESSION_COOKIE_NAME"] for app in apps}) == 2 for apps in kept_apart):
            problem, why = ("keep_sessions_apart was given other apps than the two that are in the stack",
                            "Each call of make_shop and make_admin makes another app. Make each once, and give the "
                            "same two objects to keep_sessions_apart and to DispatcherMiddleware")
        else:
            problem, why = None, "keep_sessions_apart is for these two apps"
        expect_two_names(client, f"{why} (RFC 6265 section 5.3).", problem)
        pages = self.get(client, "/")[1] + self.get(client, "/admin/")[1]
        expect_that("In your basket: 1" in pages and "Prices you have set: 1" in pages, "a session got lost",
                    came_back=line_with("<p>", pages),
                    why="Each app finds its own cookie again (RFC 6265 section 5.4).")

    @pytest.mark.parametrize("base", ["", OUTER], ids=["at the root", "mounted"])
    @pytest.mark.parametrize("path, links", [
        ("/", ["/basket", "/basket", "/", "/admin/"]), ("/admin/", ["/admin/price", "/admin/price", "/admin/", "/"]),
    ])
    @pytest.mark.clause(39, 131)
    def test_every_link_leads_where_it_should(self, path, links, base):
        _, page = self.get(self.client(), path, base)
        expect_same(LINK.findall(page), [base + link for link in links], sent=f"GET {base}{path}",
                    problem="a link leads to another place", why=FOLLOW)

    @pytest.mark.parametrize("base", ["", OUTER], ids=["at the root", "mounted"])
    @pytest.mark.parametrize("act, home", [(buy, "/"), (set_price, "/admin/")], ids=["buying", "setting a price"])
    def test_a_form_leads_back_to_its_page(self, act, home, base):
        answer = act(self.client(), base=f"http://localhost{base}")
        expect_same((answer.status_code, answer.headers.get("Location")), (302, base + home),
                    problem="a form does not lead back to its page", why=FOLLOW)

    @pytest.mark.parametrize("path", ["/", "/admin/", "/broken"])
    @pytest.mark.clause(25)
    def test_wsgiref_has_no_objection_to_the_stack(self, path):
        server, blocks = judged(lambda app: ch05.build_application(), App(), PATH_INFO=path)
        expect_that(b"".join(blocks) and server.head()[0], "the page is empty", why="A page has a body.")
