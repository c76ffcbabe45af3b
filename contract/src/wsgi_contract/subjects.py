"""An application or a middleware whose duties are checked, and the requests that it is checked with."""
import importlib
import importlib.util
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from wsgi_contract.observer import ObservedCall, WSGIEnvironment, environ

OPTIONAL = ("QUERY_STRING", "REMOTE_ADDR", "HTTP_HOST", "SCRIPT_NAME")  # that a server may leave out


def fewest() -> WSGIEnvironment:
    """Return an environ without what a server may leave out."""
    return {name: value for name, value in environ("/").items() if name not in OPTIONAL}


Requests = Mapping[str, Callable[[], WSGIEnvironment]]  # by name; each call makes a new environ
REQUESTS: Requests = {
    "GET": lambda: environ("/"),
    "HEAD": lambda: environ("/", REQUEST_METHOD="HEAD"),
    "POST": lambda: environ("/", b"who=you", REQUEST_METHOD="POST", CONTENT_TYPE="application/x-www-form-urlencoded"),
    "a page that is not there": lambda: environ("/no/such/page"),
    "a path of bytes": lambda: environ("/\xe4\xbd\xa0"),
    "as few variables as there can be": fewest,
}  # for any application
BROKEN: Requests = {"a page that fails": lambda: environ("/broken")}  # for one that has such a page


@dataclass(frozen=True)
class Subject:
    """What is checked: how to make it, what else to ask it for, and what may be in the way."""

    make: Callable[..., Any]  # () -> the application, or a function from an application to one around it
    requests: Requests = field(default_factory=dict)  # more than REQUESTS, of its own
    missing: Callable[[], str | None] = lambda: None  # a sentence that says why it can't be checked, or None


def needs(package: str) -> Callable[[], str | None]:
    """Return the `missing` of a Subject that a package is needed for."""
    return lambda: None if importlib.util.find_spec(package) else f"{package} is not installed"


def loaded(name: str) -> Any:
    """Return the object that MODULE:NAME stands for. Raises ImportError, AttributeError or ValueError."""
    module, _, attribute = name.partition(":")
    return getattr(importlib.import_module(module), attribute)


def calls_of(subject: Subject, judge: Callable[..., ObservedCall], **more: Any) -> list[ObservedCall]:
    """Return what judge(app, environ, **more) returns for each request of a Subject."""
    return [judge(subject.make(), make(), **more) for make in {**REQUESTS, **subject.requests}.values()]
