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
        """Step 5.1 · about 15 minutes

        Call self.app and return what it returns, with (self.name, self.value) after all of its headers.

        You are an application to the server, so you get environ and start_response. You are a server to self.app, so
        you give it a start_response of your own: it takes status, headers and an optional exc_info, by position,
        calls the server's with one header more, and returns what that returns (the write callable). A second call
        gets the header too. The application's headers, and its list, stay as they are: it may use the list again. A
        name may come more than once in it. Yours may be called late, with the first block. One AddHeader serves all
        requests: keep nothing of a request on self. Catch nothing: what either side raises reaches the other.
        PEP 3333, sections "Middleware: Components that Play Both Sides" and "The start_response() Callable".
        """
        raise NotImplementedError("step 5.1: write AddHeader.__call__")


# Middleware that changes the body. One request is one object, because start_response, the blocks and close() come
# in one order or another, and need to know of each other.


class BodyWrapper:
    """An iterable around the iterable of an application."""

    iterable: Iterable[bytes] = ()  # what the application returned
    blocks: Iterator[bytes] = iter(())  # an iterator over it

    def __iter__(self) -> Any:  # an iterator, once a class below has given it __next__
        return self

    def close(self) -> None:
        """Step 5.2 · about 5 minutes

        Call the close method of self.iterable, if it has one, and of nothing else: the server calls yours, and only
        you know that one. It may come before the body has been read to its end: then the client has left. What it
        raises reaches your caller.
        PEP 3333, section "Specification Details" (close) and "Middleware: Components that Play Both Sides".
        """
        raise NotImplementedError("step 5.2: write BodyWrapper.close")


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
    """Tell whether headers announce text for people that can be changed: whole, not compressed, and in UTF-8."""
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
        """Step 5.3 · about 15 minutes

        Pass the call on to self.server_start_response, by position; a text goes without its length. Return a write
        callable.

        Set self.is_text to what `is_plain_text(headers)` says; it may change with a second call. The length of a
        text changes, and nobody knows yet by how much. So a text goes on without its Content-Length (in any case,
        `content-length` too), and the server finds another way to tell where it ends. HEAD needs no case of its own:
        its headers are those of GET. Other responses keep theirs. The application's own list stays as it is.
        Each callable that you return, also one of an image, passes each block through `self.replaced` to the server's
        write: after a second call the block may be text. Catch nothing.
        PEP 3333, sections "Handling the Content-Length Header" and "The write() Callable"; RFC 9110 section 9.3.2.
        """
        raise NotImplementedError("step 5.3: write ReplacedBody.start_response")

    def __next__(self) -> bytes:
        """Step 5.4 · about 5 minutes

        Return the next block of self.blocks, passed through `self.replaced`, once. One block comes in, one goes out,
        at once: also an empty one, and none before the server asks for it. A block may end anywhere, also within a
        character. Every exception passes through, StopIteration too. Close nothing: the server calls close.
        PEP 3333, section "Middleware Handling of Block Boundaries".
        """
        raise NotImplementedError("step 5.4: write ReplacedBody.__next__")


# Middleware that answers itself.


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
        """Step 5.5 · about 15 minutes

        Start an error response and return its body, a page (for HEAD too), while an exception is being handled.

        `traceback.format_exc()` is the text of what happened. First write it to environ's wsgi.errors, then show it in
        the page: HTML, in which the text alone has passed through `html.escape`. Call self.server_start_response, by
        position, with "500 Internal Server Error", the headers Content-Type (`text/html; charset=utf-8`) and
        Content-Length (in bytes, as a str), and sys.exc_info(). If the head of another response has been sent already,
        the server raises the exception again: let it pass, there is nothing left that you could say to the client.
        Close nothing, and send nothing yourself: your caller sends the page.
        PEP 3333, sections "Error Handling" and "The start_response() Callable".
        """
        raise NotImplementedError("step 5.5: write GuardedBody.error_page")

    def __next__(self) -> bytes:
        """Step 5.6 · about 10 minutes

        Return the next block of self.blocks, as it is. If the application fails there (any Exception but
        StopIteration, which passes through), return `self.error_page()` instead, called once, inside the except block.
        What that raises reaches your caller. The page is the last block: after it comes StopIteration, whatever the
        application would still give. Close nothing: the server calls your close in any case.
        PEP 3333, section "Error Handling".
        """
        raise NotImplementedError("step 5.6: write GuardedBody.__next__")


# Middleware that chooses between applications.


def find_mount(path: str, mounts: dict[str, WSGIApplication]) -> tuple[str, str]:
    """Step 5.7 · about 15 minutes

    Split path in two, (prefix, rest): prefix is the longest one that is a key of mounts.

    A path can be cut before each of its slashes, and at its end: `/api/v2` gives "" and "/api/v2", "/api" and "/v2",
    "/api/v2" and "". So `/api` is a prefix of `/api` and `/api/v2`, not of `/apix`. Upper and lower case differ,
    two slashes are not one, and no character but the slash has a meaning. The prefix "" fits every path, if it is in
    mounts: such a mount takes all that no longer one takes. If no prefix is in mounts, return ("", path) as well: your
    caller asks mounts whether "" is one. mounts stays as it is.
    The rule is that of werkzeug's DispatcherMiddleware (werkzeug's documentation, "Application Dispatcher").
    """
    raise NotImplementedError("step 5.7: write find_mount")


class DispatcherMiddleware:
    """Middleware: applications below prefixes, such as {"/admin": admin}, and app for all other paths."""

    def __init__(self, app: WSGIApplication, mounts: dict[str, WSGIApplication] | None = None) -> None:
        self.app = app
        self.mounts = mounts or {}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Step 5.8 · about 15 minutes

        Call the application whose mount find_mount finds in PATH_INFO, or self.app if there is none, and return
        what it returns.

        The prefix moves from one variable to the other: it is added at the end of SCRIPT_NAME, and PATH_INFO becomes
        the rest. So an application always finds its own part in PATH_INFO, and the two together are the whole path.
        What was in SCRIPT_NAME stays in front: dispatchers nest. Either variable may be missing, and counts as "" then.
        You may change environ, or copy it with dict(environ): an application must get a dict. One dispatcher serves
        all requests: keep nothing of a request on self, and leave self.mounts as it is. What the application raises
        reaches your caller.
        PEP 3333, section "environ Variables" (SCRIPT_NAME, PATH_INFO).
        """
        raise NotImplementedError("step 5.8: write DispatcherMiddleware.__call__")


# Two Flask apps. Neither of them knows where the site is mounted: url_for and request.script_root do. For the links
# to one another, both know that the admin is at ADMIN, below the shop.

ADMIN = "/admin"
STOCK = {"tea": 4, "cup": 9}  # what the shop has, and the price in whole euros

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

    A Flask app keeps its session in a cookie named `session` for the path `/`. To the browser both apps are one
    site, so the two cookies are one cookie. Give them two names, tokens such as
    `shop_session`: that of the shop is `shop.config["SESSION_COOKIE_NAME"]`. (Two paths would not do: neither app
    knows where the site is mounted.) The names are the same at each start of the program, so that sessions outlive
    it. All other settings stay as they are.
    Flask's documentation, "Configuration Handling"; RFC 6265 section 5.3 (when a cookie replaces another).
    """
    raise NotImplementedError("step 5.9: write keep_sessions_apart")


def build_application() -> WSGIApplication:
    """Step 5.10 · about 10 minutes

    Return the whole stack, from the outside to the inside:

        AddHeader             X-Content-Type-Options: nosniff, on error pages too
        ErrorPage
        ReplaceText           b"$" becomes a euro sign, in UTF-8
        DispatcherMiddleware  make_admin(stock) at ADMIN, make_shop(stock) at all other paths

    stock is a copy of STOCK, one that both share, and a new one for each stack. Keep the sessions of the two apart.
    PEP 3333, section "Middleware: Components that Play Both Sides".
    """
    raise NotImplementedError("step 5.10: write build_application")


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
