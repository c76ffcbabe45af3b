"""Two Flask apps on one site that count their visits in a session, with one name or two for their cookies."""
from flask import Flask, session
from werkzeug.middleware.dispatcher import DispatcherMiddleware


def counter(name, key, cookie="session"):
    app = Flask(name)
    app.config.update(SECRET_KEY=key, SESSION_COOKIE_NAME=cookie)

    @app.get("/")
    def count():
        session[name] = session.get(name, 0) + 1
        return f"{name} {dict(session)}"

    return app


def site(shop, admin):
    return DispatcherMiddleware(shop, {"/admin": admin})


one_name = site(counter("shop", "one key"), counter("admin", "another"))
one_key = site(counter("shop", "one key"), counter("admin", "one key"))
two_names = site(counter("shop", "one key"),
                 counter("admin", "another", "admin_session"))
