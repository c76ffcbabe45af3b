"""Middleware that is not the contract's own, whose duties are checked. It is imported when it is made."""
import importlib
import io
import tempfile
from collections.abc import Callable
from typing import Any

from wsgi_contract.observer import WSGIApplication
from wsgi_contract.subjects import Subject, needs

EMPTY = tempfile.gettempdir() + "/there-is-no-such-folder"
OPTIONS: dict[str, Callable[[WSGIApplication], dict[str, Any]]] = {
    "dispatcher.DispatcherMiddleware": lambda app: {"mounts": {"/elsewhere": app}},
    "proxy_fix.ProxyFix": lambda app: {},
    "shared_data.SharedDataMiddleware": lambda app: {"exports": {"/shared": EMPTY}},
    "lint.LintMiddleware": lambda app: {},
    "profiler.ProfilerMiddleware": lambda app: {"stream": io.StringIO()},
}  # of werkzeug's middleware, by the module and the class


def of_werkzeug(path: str) -> Subject:
    """Return the Subject of one of werkzeug's middleware."""
    module, _, name = path.partition(".")

    def make(app: WSGIApplication) -> WSGIApplication:
        wrap = getattr(importlib.import_module(f"werkzeug.middleware.{module}"), name)
        return wrap(app, **OPTIONS[path](app))

    return Subject(make, missing=needs("werkzeug"))


MIDDLEWARES = {f"werkzeug {path.partition('.')[2]}": of_werkzeug(path) for path in OPTIONS}
