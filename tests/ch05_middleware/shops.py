"""The shop and its admin, and clients of theirs."""
import re
from urllib.parse import urlsplit

from werkzeug.middleware.dispatcher import DispatcherMiddleware as RealDispatcher
from werkzeug.test import Client

from tests.ch05_middleware.common import CLOSE, ch05, taken
from tests.ch05_middleware.sides import Server
from workshop.checking.diagnosis import expect_that
from workshop.checking.plugins.outcomes import not_started

TOKEN = re.compile(r"[-!#$%&'*+.^_`|~0-9A-Za-z]+")  # RFC 9110 section 5.6.2


def expect_cookies(headers):
    """Fail unless each cookie that headers set has a name that a client can read, and comes back over http too."""
    for value in [value for name, value in headers if name.lower() == "set-cookie"]:
        cookie = value.partition("=")[0]
        expect_that(TOKEN.fullmatch(cookie), f"a cookie can't be named {cookie!r}",
                    expected="a name such as shop_session",
                    why="The name of a cookie is a token: letters, digits, `-` and `_`, neither blanks nor brackets "
                        "(RFC 6265 section 4.1.1).")
        secure = cookie.lower().startswith(("__host-", "__secure-")) or "; secure" in value.lower()
        secure = secure or "; samesite=none" in value.lower()
        expect_that(not secure, f"the cookie {cookie} is for https only", came_back=f"{cookie}=…{value[-60:]}",
                    expected="a cookie such as shop_session=…; HttpOnly; Path=/",
                    why="Your server speaks http: a browser would keep no cookie that is Secure, that has "
                        "SameSite=None, or whose name begins with __Host- or __Secure-.")


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
        expect_cookies(server.head()[1])
        start_response(*server.head())
        return blocks

    return Client(heard)


def two_apps():
    """Return the two Flask apps, with their sessions kept apart by the learner's function."""
    shop, admin = ch05.make_shop(dict(ch05.STOCK)), ch05.make_admin(dict(ch05.STOCK))
    ch05.keep_sessions_apart(shop, admin)
    return shop, admin


def shop_and_admin():
    """Return a client of the two Flask apps, one below the other, without the learner's middleware."""
    shop, admin = two_apps()
    return client_of(RealDispatcher(shop, {ch05.ADMIN: admin}))


def buy(client, base="http://localhost"):
    return client.post("/basket", base_url=base, data={"item": "tea"})


def set_price(client, price="5", base="http://localhost"):
    return client.post("/admin/price", base_url=base, data={"item": "tea", "price": price})


def expect_comes_back(answer, name, home):
    """Fail if a browser would not send the cookie that an answer sets to the app's own home (a URL)."""
    cookie_name(answer)
    cookie, at = answer.headers["Set-Cookie"], urlsplit(home)
    path, host = [(re.findall(rf"(?i); {part}=\.?([^;]*)", cookie) or [None])[0] for part in ("path", "domain")]
    shown = re.sub("=[^;]*", "=…", cookie, count=1)
    why = "A browser sends a cookie only to the path and the host that it was set for: the session gets lost. Leave "
    expect_that(path is None or at.path.startswith(path.rstrip("/") + "/"), came_back=shown,
                problem=f"the {name}'s cookie is set for the path {path}, and the {name} is at {at.path}",
                why=f"{why}SESSION_COOKIE_PATH as it was, and APPLICATION_ROOT (RFC 6265 section 5.1.4).")
    expect_that(host is None or f".{at.hostname}".endswith(f".{host}"), came_back=shown,
                problem=f"the {name}'s cookie is set for the host {host}, and the {name} is at {at.hostname}",
                why=f"{why}SESSION_COOKIE_DOMAIN as it was (RFC 6265 section 5.1.3).")


def cookie_name(answer):
    """Return the name of the cookie that an answer sets. Raises Diagnosis if it sets none."""
    cookies = answer.headers.getlist("Set-Cookie")
    expect_that(cookies, "an app sets no cookie for its session", came_back=f"{answer.status}, {dict(answer.headers)}",
                why="The basket is in the session, and the session is in a cookie.")
    return cookies[0].partition("=")[0]


def expect_two_names(client, why, problem=None):
    """Fail, with problem if there is one, unless the two apps keep their sessions in cookies with two names."""
    names = cookie_name(buy(client)), cookie_name(set_price(client))
    expect_that(names[0] != names[1], problem or f"both apps keep their session in a cookie named {names[0]}", why,
                **{"the cookie": f"{names[0]} from the shop, {names[1]} from its admin"})


def line_with(word, page):
    """Return the lines of a page that have a word in them, or all of a page where none has."""
    return "\n".join(line for line in page.splitlines() if word in line) or page
