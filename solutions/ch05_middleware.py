"""Chapter 5 · How do apps stack?

Middleware is an application to its server and a server to its application. So it can stand between any two, and
stacks grow like the layers of an onion. In this chapter you write four kinds of it, and reach the goal: two Flask apps,
a shop and its admin, behind a DispatcherMiddleware, on the server that you wrote yourself.

    python chapters/ch04_response.py ch05_middleware:application

Left out: async middleware, and the many things that middleware once did and frameworks do today.
"""
import functools
import html
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from flask import Flask, redirect, render_template_string, request, session, url_for
from flask.typing import ResponseReturnValue

from ch01_socket import main, refuse_unwritten
from ch03_environ import StartResponse, WSGIApplication, WSGIEnvironment
from ch04_response import make_handle

# Middleware that adds a header.


class AddHeader:
    """Middleware: the application's responses with one header more."""

    def __init__(self, app: WSGIApplication, name: str, value: str) -> None:
        self.app = app
        self.name = name
        self.value = value

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Step 5.1 · about 20 minutes

        Call self.app and return what it returns, with (self.name, self.value) after all of its headers.

            >>> app = AddHeader(lambda environ, start_response: start_response("200 OK", [("A", "1")]), "B", "2")
            >>> app({}, print)
            200 OK [('A', '1'), ('B', '2')] None

        Give self.app a start_response of your own. It takes status, headers and an optional exc_info, by position,
        calls the server's with one header more, and returns what that returns. It may be called late, and again: each
        call gets the header. The application's own list stays as it is; a name may come more than once in it. One
        AddHeader serves all requests: keep nothing of a request on self. What either side raises is let out: do not
        catch it.
        PEP 3333, sections "Middleware: Components that Play Both Sides" and "The start_response() Callable".
        """
        def start_with_header(status: str, headers: list, exc_info: tuple | None = None) -> Callable[[bytes], None]:
            return start_response(status, [*headers, (self.name, self.value)], exc_info)

        return self.app(environ, start_with_header)


# Middleware that changes the body. Each request gets an object of its own: start_response, the blocks and close() come
# in one order or another, and share what it holds.


class BodyWrapper:
    """An iterable around the iterable of an application."""

    iterable: Iterable[bytes] = ()  # what the application returned
    blocks: Iterator[bytes] = iter(())  # an iterator over it

    def __iter__(self) -> Any:  # an iterator, once a class below has given it __next__
        return self

    def close(self) -> None:
        """Step 5.2 · about 5 minutes

        Call the close method of self.iterable, if it has one, and of nothing else. The server calls yours, perhaps
        before the body has been read to its end.

            >>> body = BodyWrapper()
            >>> body.iterable = open(sys.executable, "rb")
            >>> body.close()
            >>> body.iterable.closed
            True

        What that method raises is let out.
        PEP 3333, section "Specification Details" (close) and "Middleware: Components that Play Both Sides".
        """
        if hasattr(self.iterable, "close"):
            self.iterable.close()


class ReplaceText:
    """Middleware: in every plain text, one ASCII character (old, a single byte) becomes new (UTF-8, of any length)."""

    def __init__(self, app: WSGIApplication, old: bytes, new: bytes) -> None:
        self.app = app
        self.old = old
        self.new = new

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ.pop("HTTP_RANGE", None)  # a part of the old text does not fit into the new one (RFC 9110 section 14)
        return ReplacedBody(self.app, environ, start_response, self.old, self.new)


def is_plain_text(headers: list[tuple[str, str]]) -> bool:
    """Tell whether headers announce a text that may be changed: plain or HTML, whole, not compressed, in UTF-8."""
    values = {name.lower(): value.lower() for name, value in headers}
    kind, _, parameters = values.get("content-type", "").partition(";")
    charset = parameters.partition("charset=")[2].partition(";")[0].strip(' "')
    return (kind.strip() in ("text/html", "text/plain") and charset in ("", "utf-8")
            and not values.keys() & {"content-encoding", "content-range"})


class ReplacedBody(BodyWrapper):
    """One response on its way through ReplaceText."""

    def __init__(
        self, app: WSGIApplication, environ: WSGIEnvironment, start_response: StartResponse, old: bytes, new: bytes
    ) -> None:
        self.server_start_response = start_response
        self.old = old
        self.new = new
        self.is_text = False  # until start_response sets it
        self.iterable = app(environ, self.start_response)
        self.blocks = iter(self.iterable)

    def replaced(self, block: bytes) -> bytes:
        """Return a block of the body as the client is to receive it."""
        return block.replace(self.old, self.new) if self.is_text else block

    def start_response(
        self, status: str, headers: list[tuple[str, str]], exc_info: tuple | None = None
    ) -> Callable[[bytes], None]:
        """Step 5.3 · about 20 minutes

        Pass the call on to self.server_start_response, by position; a text goes without its length. Return a write
        callable.

            >>> def app(environ, start_response):
            ...     start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "2")])
            ...     return [b"$5"]
            >>> body = ReplacedBody(app, {}, print, b"$", b"EUR ")
            200 OK [('Content-Type', 'text/plain')] None

        Each call, also a second one, sets self.is_text to what `is_plain_text(headers)` says. A text goes on without
        its Content-Length, in upper or lower case; other responses keep theirs. The application's own list stays as it
        is. Each callable that you return passes each block through `self.replaced` to the server's write. What either
        side raises is let out.
        PEP 3333, sections "Handling the Content-Length Header" and "The write() Callable"; RFC 9110 section 9.3.2.
        """
        self.is_text = is_plain_text(headers)
        if self.is_text:
            headers = [(name, value) for name, value in headers if name.lower() != "content-length"]
        write = self.server_start_response(status, headers, exc_info)
        return lambda block: write(self.replaced(block))

    def __next__(self) -> bytes:
        """Step 5.4 · about 5 minutes

        Return the next block of self.blocks, passed through `self.replaced`, once.

            >>> body = ReplacedBody(lambda environ, start_response: [b"$5", b"", b"$6"], {}, None, b"$", b"EUR ")
            >>> body.is_text = True
            >>> list(body)
            [b'EUR 5', b'', b'EUR 6']

        One block comes in, one goes out, at once: also an empty one, and none before the server asks for it. What is
        raised is let out, StopIteration too. Close nothing.
        PEP 3333, section "Middleware Handling of Block Boundaries".
        """
        return self.replaced(next(self.blocks))


# Middleware that answers in place of the app.


class ErrorPage:
    """Middleware: a page that shows what happened where an application fails. For you, not for strangers."""

    def __init__(self, app: WSGIApplication) -> None:
        self.app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return GuardedBody(self.app, environ, start_response)


class GuardedBody(BodyWrapper):
    """One response on its way through ErrorPage."""

    def __init__(self, app: WSGIApplication, environ: WSGIEnvironment, start_response: StartResponse) -> None:
        self.environ = dict(environ)  # a copy, because the application may empty the environ that it gets
        self.server_start_response = start_response
        try:
            self.iterable = app(environ, start_response)
            self.blocks = iter(self.iterable)
        except Exception:
            self.blocks = iter([self.error_page()])

    def error_page(self) -> bytes:
        """Step 5.5 · about 20 minutes

        Start an error response and return its body, a page, while an exception is being handled. Return it for HEAD
        too: your server drops the body.

            >>> body = GuardedBody(lambda environ, start_response: 1 / 0, {"wsgi.errors": sys.stderr}, print)
            500 Internal Server Error [('Content-Type', 'text/html; charset=utf-8'), ('Content-Length', ...)] (<class
            ...

        1. Write `traceback.format_exc()` to environ's wsgi.errors.
        2. Make an HTML page with this text. The text, and nothing else, passes through `html.escape`.
        3. Call self.server_start_response, by position, with "500 Internal Server Error", the headers Content-Type and
           Content-Length (in bytes, as a str), and sys.exc_info().
        4. Return the page as bytes.

        What the server raises is let out. Close nothing, and send nothing yourself: your caller sends the page.
        PEP 3333, sections "Error Handling" and "The start_response() Callable".
        """
        text = traceback.format_exc()
        self.environ["wsgi.errors"].write(text)
        page = f"<!doctype html>\n<h1>The application has failed</h1>\n<pre>{html.escape(text)}</pre>\n".encode()
        headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(page)))]
        self.server_start_response("500 Internal Server Error", headers, sys.exc_info())
        return page

    def __next__(self) -> bytes:
        """Step 5.6 · about 15 minutes

        Return the next block of self.blocks, as it is, or an error page where the application fails.

            >>> def app(environ, start_response):
            ...     yield b"one "
            ...     1 / 0
            >>> len(list(GuardedBody(app, {"wsgi.errors": sys.stderr}, print)))
            500 Internal Server Error ...
            2

            StopIteration            let out
            any other Exception      return `self.error_page()`, called once, inside the except block
            from error_page          let out

        The page is the last block: after it comes StopIteration, whatever the application would still give. Close
        nothing: the server calls your close in any case.
        PEP 3333, section "Error Handling".
        """
        try:
            return next(self.blocks)
        except StopIteration:
            raise
        except Exception:
            page = self.error_page()
            self.blocks = iter(())
            return page


# Middleware that chooses between applications.


def find_mount(path: str, mounts: dict[str, WSGIApplication]) -> tuple[str, str]:
    """Step 5.7 · about 20 minutes

    Split path in two, (prefix, rest): prefix is the longest one that is a key of mounts.

        >>> find_mount("/api/v2", {"/api": "one", "/api/v2/books": "two"})
        ('/api', '/v2')
        >>> find_mount("/apix", {"/api": "one"})
        ('', '/apix')

    A path can be cut before each of its slashes, and at its end: `/api/v2` gives "" and "/api/v2", "/api" and "/v2",
    "/api/v2" and "". A path without a slash, such as `*`, is cut at its end only. Upper and lower case differ, two
    slashes are not one, and no character but the slash has a meaning. If no prefix is in mounts, or only "", return
    ("", path). mounts stays as it is.
    For paths that begin with a slash, the rule is that of werkzeug's DispatcherMiddleware (werkzeug's documentation,
    "Application Dispatcher").
    """
    cuts = [position for position, character in enumerate(path) if character == "/"] + [len(path)]
    for cut in reversed(cuts):
        if path[:cut] in mounts:
            return path[:cut], path[cut:]
    return "", path


class DispatcherMiddleware:
    """Middleware: applications below prefixes, such as {"/admin": admin}, and app for all other paths."""

    def __init__(self, app: WSGIApplication, mounts: dict[str, WSGIApplication] | None = None) -> None:
        self.app = app
        self.mounts = mounts or {}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Step 5.8 · about 20 minutes

        Call the application whose mount find_mount finds in PATH_INFO, or self.app if there is none, and return what it
        returns.

            >>> def app(environ, start_response):
            ...     return [environ["SCRIPT_NAME"], environ["PATH_INFO"]]
            >>> DispatcherMiddleware(None, {"/api": app})({"SCRIPT_NAME": "/shop", "PATH_INFO": "/api/v2"}, None)
            ['/shop/api', '/v2']

        The prefix moves from one variable to the other: it is added at the end of SCRIPT_NAME, and PATH_INFO becomes
        the rest. Either may be missing, and counts as "" then. You may change environ, or copy it with dict(environ):
        an application gets a dict. One dispatcher serves all requests: keep nothing of a request on self, and leave
        self.mounts as it is. What the application raises is let out.
        PEP 3333, section "environ Variables" (SCRIPT_NAME, PATH_INFO).
        """
        prefix, rest = find_mount(environ.get("PATH_INFO", ""), self.mounts)
        environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + prefix
        environ["PATH_INFO"] = rest
        app = self.mounts.get(prefix, self.app)
        return app(environ, start_response)


# Two Flask apps. Neither of them knows where the site is mounted: url_for and request.script_root do. For the links
# to one another, both know that the admin is at ADMIN, below the shop.

ADMIN = "/admin"
STOCK = {"tea": 4, "cup": 9}  # what the shop has, and the price as a whole number

LAYOUT = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>{{ title }}</title>
<h1>{{ title }}</h1>
<ul>{% for name, price in stock.items() %}<li>{{ name }}: ${{ price }}
<form method="post" action="{{ action }}"><input type="hidden" name="item" value="{{ name }}">
{% if asks_price %}<input name="price" value="{{ price }}">{% endif %}<button>{{ button }}</button></form></li>
{% endfor %}</ul>
<p>{{ state }}</p>
<p><a href="{{ url_for('home') }}">Again</a> <a href="{{ other }}">{{ other_name }}</a></p>
</html>
"""


def new_app(name: str) -> Flask:
    """Return a Flask app that leaves its errors to the middleware around it."""
    app = Flask(name)
    app.config.update(SECRET_KEY=f"the {name}'s, known to every reader: choose your own", PROPAGATE_EXCEPTIONS=True)
    return app


def make_shop(stock: dict[str, int]) -> Flask:
    """Return the shop: what is in stock, by name and price, and a basket in the session."""
    shop = new_app("shop")

    @shop.get("/")
    def home() -> str:
        return render_template_string(
            LAYOUT, title="Shop", stock=stock, action=url_for("buy"), button="Buy", other_name="Admin",
            other=f"{request.script_root}{ADMIN}/", state=f"In your basket: {session.get('basket', 0)}",
        )

    @shop.post("/basket")
    def buy() -> ResponseReturnValue:
        if request.form.get("item") in stock:
            session["basket"] = session.get("basket", 0) + 1
        return redirect(url_for("home"))

    @shop.get("/broken")
    def broken() -> str:
        raise RuntimeError("this page is broken on purpose")

    return shop


def make_admin(stock: dict[str, int]) -> Flask:
    """Return the admin of the shop: it sets prices, and counts in the session how many it has set."""
    admin = new_app("admin")

    @admin.get("/")
    def home() -> str:
        return render_template_string(
            LAYOUT, title="Admin", stock=stock, action=url_for("set_price"), button="Set the price", asks_price=True,
            other_name="Shop", other=f"{request.script_root.removesuffix(ADMIN)}/",
            state=f"Prices you have set: {session.get('changes', 0)}",
        )

    @admin.post("/price")
    def set_price() -> ResponseReturnValue:
        stock[request.form["item"]] = int(request.form["price"])
        session["changes"] = session.get("changes", 0) + 1
        return redirect(url_for("home"))

    return admin


def keep_sessions_apart(shop: Flask, admin: Flask) -> None:
    """Step 5.9 · about 5 minutes

    Set up the two Flask apps so that their sessions do not overwrite one another.

        >>> shop, admin = make_shop({}), make_admin({})
        >>> keep_sessions_apart(shop, admin)
        >>> shop.config["SESSION_COOKIE_NAME"] == admin.config["SESSION_COOKIE_NAME"]
        False

    Each keeps its session in a cookie, named `session` by default. Give the two cookies different names of ASCII
    letters, digits, `-` and `_`, such as `shop_session`, whatever names the apps and their cookies had before. Neither
    name changes from one start of the program to the next. All other settings stay as they are.
    Flask's documentation, "Configuration Handling"; RFC 6265 section 5.3 (when a cookie replaces another).
    """
    shop.config["SESSION_COOKIE_NAME"] = "shop_session"
    admin.config["SESSION_COOKIE_NAME"] = "admin_session"


def build_application() -> WSGIApplication:
    """Step 5.10 · about 15 minutes

    Return the whole stack, from the outside to the inside:

        AddHeader             X-Content-Type-Options: nosniff, on error pages too
        ErrorPage
        ReplaceText           b"$" becomes a euro sign, in UTF-8
        DispatcherMiddleware  make_admin(stock) at ADMIN, make_shop(stock) at all other paths

    stock is a copy of STOCK, one that both share, and a new one for each stack. Keep the sessions of the two apart.

        >>> callable(build_application())
        True

    PEP 3333, section "Middleware: Components that Play Both Sides".
    """
    stock = dict(STOCK)
    shop, admin = make_shop(stock), make_admin(stock)
    keep_sessions_apart(shop, admin)
    site = DispatcherMiddleware(shop, {ADMIN: admin})
    return AddHeader(ErrorPage(ReplaceText(site, b"$", "€".encode())), "X-Content-Type-Options", "nosniff")


@functools.cache
def built() -> WSGIApplication:
    """Return the stack: built when it is first needed, so that this file can be imported before it is finished."""
    return build_application()


def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """The application that servers are pointed at: `gunicorn --chdir chapters ch05_middleware:application`."""
    return built()(environ, start_response)


if __name__ == "__main__":
    refuse_unwritten(make_handle)
    refuse_unwritten(application)
    main(make_handle(application), "Two Flask apps behind a DispatcherMiddleware.")
