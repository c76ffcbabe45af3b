"""Step 5.10 · build_application: behind your server and others, the answers are the same"""
import functools
import io
import re
import warnings

import pytest
import requests

from tests.ch05_middleware.common import ch05
from tests.ch05_middleware.shops import client_of
from workshop.checking.diagnosis import Diagnosis, expect_same, expect_that
from workshop.checking.exchange import patiently
from workshop.checking.serving import COMPARED, YOURS, serving_all
from workshop.checking.tree import path_of, relative
from workshop.machine.servers import SERVERS

VISITS = {
    "the shop": ("GET", "/", None),
    "the admin without its slash": ("GET", "/admin", None),
    "the admin": ("GET", "/admin/", None),
    "buying tea": ("POST", "/basket", {"item": "tea"}),
    "setting a price": ("POST", "/admin/price", {"item": "tea", "price": "5"}),
    "buying a cup": ("POST", "/basket", {"item": "cup"}),
    "the basket and the new price": ("GET", "/", None),
    "the prices that were set": ("GET", "/admin/", None),
    "a page that is not there": ("GET", "/nowhere", None),
    "a page that is not in the admin": ("GET", "/admin/nowhere", None),
    "a neighbour of the admin": ("GET", "/administrator", None),
    "a broken page": ("GET", "/broken", None),
    "HEAD for the shop": ("HEAD", "/", None),
    "HEAD for the admin": ("HEAD", "/admin/", None),
}  # name -> method, path, form: the requests of one session, in this order
SERVERS_OWN = {"date", "server", "connection", "transfer-encoding", "via"}  # headers that a server may add


class Answer:
    """What a client was answered, without what must differ: the port, the folder and the signature of a cookie."""

    def __init__(self, status, headers, body, origin):
        self.status = status
        self.headers = sorted((name.lower(), self.plain(name.lower(), value.replace(origin, "http://HOST")))
                              for name, value in headers if name.lower() not in SERVERS_OWN)
        body = body.replace(origin.encode(), b"http://HOST")
        self.length = len(body)
        self.body = re.sub(rb"File (&quot;|\").*?([\w.]+)(&quot;|\")", rb"File \2", body)

    def plain(self, name, value):
        return re.sub(r"=[^;]*", "=SIGNED", value, count=1) if name == "set-cookie" else value

    def without_length(self):
        return [(name, value) for name, value in self.headers if name != "content-length"]

    def announced(self):
        return dict(self.headers).get("content-length")


def ask_directly():
    """Return the Answer of the stack itself to each of VISITS, called without any server."""
    client, answers = client_of(ch05.build_application()), {}
    for name, (method, path, form) in VISITS.items():
        answer = client.open(path, method=method, data=form, errors_stream=io.StringIO())
        answers[name] = Answer(answer.status, answer.headers, answer.data, "http://localhost")
    return answers


def ask_over(server, program):
    """Return the Answer of a running server to each of VISITS, asked by requests in one session. Raises Diagnosis."""
    origin, answers = f"http://127.0.0.1:{program.port()}", {}
    with requests.Session() as client:
        client.trust_env = False  # no proxies between this machine and itself
        for name, (method, path, form) in VISITS.items():
            try:
                answer = patiently(lambda seconds, method=method, path=path, form=form: client.request(
                    method, origin + path, data=form, allow_redirects=False, timeout=seconds))
            except requests.RequestException as error:
                raise Diagnosis(f"{server} gives no whole answer to {method} {path}", came_back=error,
                                output=program.last_lines(), **blamed(server), why="requests could not read it.")
            status = f"{answer.status_code} {answer.reason}"
            answers[name] = Answer(status, answer.raw.headers.items(), answer.content, origin)
    return answers


def blamed(server):
    """Return the rows that say where to look if a server answers otherwise than the application, and how to try it."""
    rows = {
        YOURS: {"place": relative(path_of("ch04_response")),
                "try it": "python chapters/ch04_response.py ch05_middleware:application"},
        "gunicorn": {"try it": "python -m gunicorn --chdir chapters ch05_middleware:application"},
    }
    return {"called": None, **rows.get(server, {})}


def compared():
    """Return the titles of COMPARED; those that are not installed are left out, and a sentence says so."""
    missing = [title for title, name in COMPARED.items() if title != YOURS and not SERVERS[name].is_installed]
    if missing:
        warnings.warn(f"{' and '.join(missing)} can't be compared with your server: not installed. "
                      "`python3 -m pip install -r requirements.txt` installs what is missing.",
                      pytest.PytestWarning, stacklevel=2)
    return [pytest.param(title, marks=pytest.mark.skipif(title in missing, reason="not installed"))
            for title in COMPARED]


@pytest.fixture(scope="module")
def expected():
    """What the stack itself answers to VISITS."""
    return ask_directly()


@pytest.fixture(scope="module")
def programs(expected):
    """All servers that are installed, with the stack, each started once."""
    with serving_all("ch05_middleware:application", path_of("ch05_middleware").parent) as programs:
        yield programs


@pytest.fixture(scope="module")
def ask_once(programs):
    """A function that asks a server, by its name, when it is first called with it, and then remembers."""
    return functools.cache(lambda server: ask_over(server, programs[server]))


@pytest.fixture(scope="module")
def answers(request, programs, ask_once):
    """What one server answers to VISITS."""
    return ask_once(request.param)


@pytest.mark.program
@pytest.mark.step("5.10")
@pytest.mark.parametrize("answers", compared(), indirect=True)
@pytest.mark.parametrize("visit", VISITS)
class TestBuildApplicationBehindServers:
    WHY = 'An application is the same behind every server: that is what WSGI is for (PEP 3333, "Rationale and Goals").'

    def test_the_answer_is_the_application_s_own(self, answers, expected, visit, request):
        server = request.node.callspec.params["answers"]
        came_back, own = answers[visit], expected[visit]
        rows = {"sent": " ".join(VISITS[visit][:2]), **blamed(server)}
        expect_same(came_back.status, own.status, self.WHY, problem=f"{server} answers with another status", **rows)
        expect_same(came_back.without_length(), own.without_length(), self.WHY,
                    problem=f"{server} answers with other headers", **rows)
        expect_same(came_back.body, own.body, self.WHY, problem=f"{server} answers with another body", **rows)
        expect_that(not own.announced() or came_back.announced() == str(came_back.length),
                    f"{server} answers with another Content-Length", self.WHY, came_back=came_back.announced(),
                    expected=came_back.length, **rows)
