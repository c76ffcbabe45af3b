"""Applications to mount, layers that show or move the two variables, and a site."""
from flask import Flask
from werkzeug.middleware.dispatcher import DispatcherMiddleware

TEXT = [("Content-Type", "text/plain")]


def named(name):
    """Return an application that says its name and what it sees."""
    def app(environ, start_response):
        start_response("200 OK", TEXT)
        prefix, rest = environ["SCRIPT_NAME"], environ["PATH_INFO"]
        return [f"{name} {prefix!r} {rest!r}".encode()]
    return app


def two_pages(name):
    """Return a Flask app with two pages, / and /price."""
    app = Flask(name)
    app.add_url_rule("/", "front", lambda: "the front page")
    app.add_url_rule("/price", "price", lambda: "4")
    return app


def peeping(name, inner):
    """Return a layer that prints the two variables."""
    def layer(environ, start_response):
        prefix, rest = environ["SCRIPT_NAME"], environ["PATH_INFO"]
        print(f"{name:5} SCRIPT_NAME {prefix!r:9} PATH_INFO {rest!r}")
        return inner(environ, start_response)
    return layer


def starting(app, mounts):
    def layer(environ, start_response):
        for prefix, mounted in mounts.items():
            if environ["PATH_INFO"].startswith(prefix):
                rest = environ["PATH_INFO"].removeprefix(prefix)
                environ["SCRIPT_NAME"] += prefix
                environ["PATH_INFO"] = rest
                return mounted(environ, start_response)
        return app(environ, start_response)
    return layer


def replacing(app, mounts):
    def layer(environ, start_response):
        for prefix, mounted in mounts.items():
            if environ["PATH_INFO"].startswith(prefix + "/"):
                rest = environ["PATH_INFO"].removeprefix(prefix)
                environ["SCRIPT_NAME"] = prefix
                environ["PATH_INFO"] = rest
                return mounted(environ, start_response)
        return app(environ, start_response)
    return layer


site = DispatcherMiddleware(named("shop"), {"/admin": named("admin")})
