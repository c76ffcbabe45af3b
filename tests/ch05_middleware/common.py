"""What the checks of several steps of this chapter share."""
import contextlib
import io
import itertools
import re
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

import requests
from werkzeug.test import Client

from workshop.checking.diagnosis import Diagnosis, expect_that
from workshop.checking.endless import report_trouble
from workshop.checking.exchange import SECONDS
from workshop.checking.plugins.outcomes import not_started
from workshop.checking.serving import YOURS
from workshop.checking.tree import LearnersChapter, calls, deepest_place, path_of, relative

ch05 = LearnersChapter("ch05_middleware")
TEXT = ("Content-Type", "text/plain; charset=utf-8")
PNG = ("Content-Type", "image/png")
COOKIES = [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")]
TOKEN = re.compile(r"[-!#$%&'*+.^_`|~0-9A-Za-z]+")  # RFC 9110 section 5.6.2
OUTER = "/outer"  # where the whole stack may be mounted by somebody else
MANY = 20  # blocks, where a check expects a few
BOTH_SIDES = 'PEP 3333, section "Middleware: Components that Play Both Sides"'
START = 'PEP 3333, section "The start_response() Callable"'
PAIRS = "Each cookie has a Set-Cookie of its own; a dict keeps one value for a name: use the list (RFC 6265 section 3)."
CLOSE = 'PEP 3333, section "Specification Details"'
BLOCKS = 'PEP 3333, section "Middleware Handling of Block Boundaries"'
ERRORS = 'PEP 3333, section "Error Handling"'
VARIABLES = 'PEP 3333, section "environ Variables"'


def environ(path="/", **variables):
    """Return an environ (a new dict) such as a server makes; its wsgi.errors keeps what is written to it."""
    made = {"SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": "", **variables}
    setup_testing_defaults(made)
    return made


def took_exc_info(value):
    """Tell whether value is what sys.exc_info() returns while an exception is handled."""
    return isinstance(value, tuple) and len(value) == 3 and isinstance(value[1], BaseException)


@contextlib.contextmanager
def told_as(problem, why):
    """Tell what the learner's code raises by slip as a problem of its own."""
    try:
        yield
    except (AttributeError, LookupError, NameError, TypeError, ValueError) as error:
        raise Diagnosis(f"{problem}: {type(error).__name__}: {error}", place=deepest_place(error.__traceback__),
                        why=why)


class NoTeaLeft(Exception):
    """What goes wrong in the applications of these checks."""


class Server:
    """What stands above the middleware: a server's start_response and write, which do as PEP 3333 says."""

    def __init__(self):
        self.heads = []  # (status, headers) of each call of start_response
        self.exc_info = None  # of the last call
        self.written = []  # the blocks that came through write
        self.head_sent = False

    def start_response(self, *arguments, **named):
        if named or len(arguments) not in (2, 3):
            report_trouble(Diagnosis(
                "the server's start_response is not called by position", **{"came back": f"{arguments} {named}"},
                expected="start_response(status, headers) or start_response(status, headers, exc_info)",
                why=f"Every server names its parameters as it likes ({START})."))
        status, headers, exc_info = (*arguments, None)[:3]
        if exc_info == (None, None, None):
            report_trouble(Diagnosis(
                "exc_info is empty: the exception is not being handled any more", **{"came back": repr(exc_info)},
                expected="a call from inside the except block",
                why=f"When an except block is over, sys.exc_info() is empty again, and so is the traceback ({START})."))
        if exc_info is not None and not took_exc_info(exc_info):
            report_trouble(Diagnosis(
                "exc_info is not what sys.exc_info() returns", **{"came back": repr(exc_info)},
                expected="a tuple of three: the exception's class, the exception, its traceback",
                why=f"If the head has gone, the server raises this exception again ({START})."))
        return self.keep(status, headers, exc_info)

    def keep(self, status, headers, exc_info):
        if exc_info and self.head_sent:
            raise exc_info[1].with_traceback(exc_info[2])
        if self.heads and not exc_info:
            raise AssertionError("start_response was called a second time without exc_info")
        self.heads.append((status, headers))
        self.exc_info = exc_info
        return self.write

    def write(self, block):
        self.head_sent = True
        self.written.append(block)

    def head(self):
        """Return (status, headers) as they were given last. Raises Diagnosis if they were not, or are no such thing."""
        expect_that(self.heads, "the server's start_response was not called",
                    why=f"From it the server has the status and the headers that it sends ({START}).")
        status, headers = self.heads[-1]
        expect_that(type(headers) is list, "the headers are no list", came_back=repr(headers),
                    expected="a list of pairs",
                    why=f"The server may change what it is given, and counts on a list ({START}).")
        return status, headers


class App:
    """An application that answers with a body, and notes with which environs it was called."""

    def __init__(self, body=(), status="200 OK", headers=(TEXT,), name="app"):
        self.body, self.status, self.headers, self.name = body, status, list(headers), name
        self.environs = []
        self.given = []  # copies of the environs, as they were at the call
        self.write = None  # what start_response returned

    def __repr__(self):
        return f"<{self.name}>"

    def __call__(self, *arguments, **named):
        kinds = [type(value).__name__ for value in arguments] + [f"{name}=…" for name in named]
        if named or len(arguments) != 2 or type(arguments[0]) is not dict or not callable(arguments[1]):
            report_trouble(Diagnosis(
                "the application is not called with a dict and start_response, by position",
                **{"came back": f"app({', '.join(kinds)})"}, expected="app(environ, start_response), environ a dict",
                why=f"To the application you are the server ({BOTH_SIDES})."))
        self.environs.append(arguments[0])
        self.given.append(dict(arguments[0]))
        self.write = arguments[1](self.status, self.headers)
        return self.body


class Body:
    """An iterable with a close method, and an iterator of its own, which raises those blocks that are errors."""

    def __init__(self, *blocks):
        self.blocks = list(blocks)
        self.given = 0
        self.closed = 0

    def __iter__(self):
        return Blocks(self)

    def close(self):
        self.closed += 1


class Blocks:
    """The iterator over a Body. It has a close method too, but that is nobody's business."""

    def __init__(self, body):
        self.body = body
        self.closed = 0

    def __iter__(self):
        return self

    def __next__(self):
        if self.body.given == len(self.body.blocks):
            raise StopIteration
        self.body.given += 1
        block = self.body.blocks[self.body.given - 1]
        if isinstance(block, BaseException):
            raise block
        return block

    def close(self):
        self.closed += 1


def taken(iterable):
    """Return the blocks of an iterable, in a list; no more than MANY of them."""
    return list(itertools.islice(iterable, MANY))


def judged(wrap, app, **variables):
    """Return (server, blocks) of wrap(app), with wsgiref's validator above it and below it. Raises Diagnosis."""
    def below(environ, start_response):
        iterables.append(validator(app)(environ, start_response))
        return iterables[-1]

    server, iterables = Server(), []
    try:
        iterables.append(validator(wrap(below))(environ(**variables), server.start_response))
        with contextlib.closing(iterables[-1]):
            return server, taken(iterables[-1])
    except AssertionError as error:
        raise Diagnosis(f"wsgiref.validate objects: {error}", place=deepest_place(error.__traceback__),
                        why=f"It stands on both sides of the middleware, and knows what each may do ({BOTH_SIDES}).")
    finally:
        for iterable in iterables:
            iterable.closed = True  # a validator's iterable that nobody has closed complains when Python frees it


def expect_cookie_names(headers):
    """Fail unless each cookie that headers set has a name that a client can read."""
    for cookie in [value.partition("=")[0] for name, value in headers if name.lower() == "set-cookie"]:
        expect_that(TOKEN.fullmatch(cookie), f"a cookie can't be named {cookie!r}",
                    expected="a name such as shop_session",
                    why="The name of a cookie is a token: letters, digits, `-` and `_`, and no blanks "
                        "(RFC 6265 section 4.1.1).")


def client_of(app):
    """Return werkzeug's Client of an application. It takes exc_info for a failure of the test; so a Server hears it."""
    def heard(environ, start_response):
        server = Server()
        iterable = app(environ, server.start_response)
        blocks = taken(iterable)
        if hasattr(iterable, "close"):
            iterable.close()
        expect_that(all(isinstance(block, bytes) for block in blocks), "a block of the body is no bytes",
                    came_back=f"{blocks!r:.80}", why=f"A body is made of bytes ({CLOSE}).")
        if stub := re.search(rb"NotImplementedError: step (\d+\.\d+):", b"".join(blocks)):
            raise not_started(stub[1].decode())  # and ErrorPage has made a page of it
        expect_cookie_names(server.head()[1])
        start_response(*server.head())
        return blocks

    return Client(heard)


GREEN = ("X-Colour", "green")


def euros(app):
    """Return app with a euro sign in the place of each dollar."""
    calls.append("ReplaceText(app, b'$', '€'.encode())(environ, start_response)")
    return ch05.ReplaceText(app, b"$", "€".encode())


def line_with(word, page):
    """Return the lines of a page that have a word in them, or all of a page where none has."""
    return "\n".join(line for line in page.splitlines() if word in line) or page


def length(value, name="Content-Length"):
    return (name, str(value))


def raised_by(call):
    """Return the NoTeaLeft that call raises, or None."""
    try:
        call()
    except NoTeaLeft as error:
        return error


def caught(raiser, body):
    """Return what body.error_page() returns while the exception of raiser() is being handled."""
    calls.append("body.error_page()")
    try:
        raiser()
    except Exception:
        return body.error_page()


def out_of_tea():
    raise NoTeaLeft("no <b>tea</b> & no 茶 left")


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


def buy(client, base="http://localhost"):
    return client.post("/basket", base_url=base, data={"item": "tea"})


def set_price(client, price="5", base="http://localhost"):
    return client.post("/admin/price", base_url=base, data={"item": "tea", "price": price})


def cookie_name(answer):
    """Return the name of the cookie that an answer sets. Raises Diagnosis if it sets none."""
    cookies = answer.headers.getlist("Set-Cookie")
    expect_that(cookies, "an app sets no cookie for its session", came_back=f"{answer.status}, {dict(answer.headers)}",
                why="The basket is in the session, and the session is in a cookie.")
    return cookies[0].partition("=")[0]


def expect_two_names(client, why):
    """Fail unless the two apps keep their sessions in cookies with two names."""
    names = cookie_name(buy(client)), cookie_name(set_price(client))
    expect_that(names[0] != names[1], f"both apps keep their session in a cookie named {names[0]}",
                came_back=f"{names[0]} from the shop, {names[1]} from its admin", why=why)


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
                answer = client.request(method, origin + path, data=form, allow_redirects=False, timeout=SECONDS)
            except requests.RequestException as error:
                raise Diagnosis(f"{server} gives no whole answer to {method} {path}", **{"came back": error},
                                output=program.last_lines(), **blamed(server), why="requests could not read it.")
            status = f"{answer.status_code} {answer.reason}"
            answers[name] = Answer(status, answer.raw.headers.items(), answer.content, origin)
    return answers


def blamed(server):
    """Return the rows that say where to look if a server answers otherwise than the application, and how to try it."""
    rows = {
        YOURS: {"place": relative(path_of("ch04_response")),
                "try it": "python chapters/ch04_response.py ch05_middleware:application"},
        "gunicorn": {"try it": "gunicorn --chdir chapters ch05_middleware:application"},
    }
    return {"called": None, **rows.get(server, {})}
