"""The applications whose duties are checked, and the requests that they are checked with."""
import importlib
from dataclasses import dataclass
from wsgiref.simple_server import demo_app

from flask import Flask, request

from contract.observer import environ
from workshop.checking.tree import LearnersChapter, current_steps

ch03 = LearnersChapter("ch03_environ")
ch05 = LearnersChapter("ch05_middleware")

REQUESTS = {
    "GET": lambda: environ("/"),
    "HEAD": lambda: environ("/", REQUEST_METHOD="HEAD"),
    "POST": lambda: environ("/", b"who=you", REQUEST_METHOD="POST", CONTENT_TYPE="application/x-www-form-urlencoded"),
    "a page that is not there": lambda: environ("/no/such/page"),
    "a path of bytes": lambda: environ("/\xe4\xbd\xa0"),
    "as few variables as there can be": lambda: fewest(),
}  # each makes an environ; for any application
OPTIONAL = ("QUERY_STRING", "REMOTE_ADDR", "HTTP_HOST", "SCRIPT_NAME")  # that a server may leave out


def fewest():
    """Return an environ without what a server may leave out."""
    return {name: value for name, value in environ("/").items() if name not in OPTIONAL}


@dataclass(frozen=True)
class Subject:
    """What is checked: how to make it, and which steps it needs in the learner's file."""

    make: object  # () -> the application, or a function from an application to an application
    stem: str | None = None
    steps: tuple = ()
    requests: dict = None  # more than REQUESTS, of its own

    def missing(self):
        """Return the sentence of the first step that is still to be written, or None."""
        steps = current_steps(self.stem) if self.stem else {}
        unwritten = [steps[number] for number in self.steps if number in steps and not steps[number].started]
        return f"not started: step {unwritten[0].number} {unwritten[0].name}" if unwritten else None


def flask_app():
    """Return a Flask application that reads a form, and fails on demand."""
    app = Flask("contract")

    @app.route("/", methods=["GET", "POST"])
    def home():
        return f"hello {request.form.get('who', 'nobody')}\n"

    @app.get("/broken")
    def broken():
        raise RuntimeError("this page is broken on purpose")

    return app


BROKEN = {"a page that fails": lambda: environ("/broken")}
SUBJECTS = {
    "ch03 function_app": Subject(lambda: ch03.function_app, "ch03_environ", ("3.4",)),
    "ch03 generator_app": Subject(lambda: ch03.generator_app, "ch03_environ", ("3.5",)),
    "ch03 Site.page": Subject(lambda: ch03.Site().page, "ch03_environ", ("3.6",)),
    "ch03 PageClass": Subject(lambda: ch03.PageClass, "ch03_environ", ("3.7",)),
    "ch03 Greeting": Subject(lambda: ch03.Greeting([b"hello, ", b"world\n"]), "ch03_environ", ("3.8",)),
    "ch05 application": Subject(lambda: ch05.build_application(), "ch05_middleware",
                                tuple(f"5.{count}" for count in range(1, 11)), BROKEN),
    "a Flask application": Subject(flask_app, requests=BROKEN),
    "wsgiref's demo_app": Subject(lambda: demo_app),
}


def loaded(name):
    """Return the object that MODULE:NAME stands for."""
    module, _, attribute = name.partition(":")
    return getattr(importlib.import_module(module), attribute)


def calls_of(subject, judge, **more):
    """Return [(name of a request, what judge(app, environ, **more) returns)] for all requests of a Subject."""
    requests = REQUESTS | (subject.requests or {})
    return [(name, judge(subject.make(), make(), **more)) for name, make in requests.items()]
