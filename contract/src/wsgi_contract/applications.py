"""Applications that are not the contract's own, whose duties are checked."""
from wsgiref.simple_server import demo_app

from wsgi_contract.observer import WSGIApplication
from wsgi_contract.subjects import BROKEN, Subject, needs


def flask_app() -> WSGIApplication:
    """Return a Flask application that reads a form, and fails on demand."""
    from flask import Flask, request

    app = Flask("contract")

    @app.route("/", methods=["GET", "POST"])
    def home() -> str:
        return f"hello {request.form.get('who', 'nobody')}\n"

    @app.get("/broken")
    def broken() -> str:
        raise RuntimeError("this page is broken on purpose")

    return app


APPLICATIONS = {
    "a Flask application": Subject(flask_app, BROKEN, needs("flask")),
    "wsgiref's demo_app": Subject(lambda: demo_app),
}
