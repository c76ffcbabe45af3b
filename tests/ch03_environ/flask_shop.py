"""A Flask application, and requests as the library `requests` makes them, in steps 3.12 and 3.13."""
import os

import flask
import requests


def shop():
    """Return a Flask application with a form, a page whose name is not ASCII, and an upload."""
    app = flask.Flask("shop", root_path=os.getcwd())

    @app.get("/hello/<name>")
    def hello(name):
        return f"Hello, {name}"

    @app.post("/form")
    def form():
        return f"{flask.request.form['who']} from {flask.request.remote_addr}"

    @app.post("/upload")
    def upload():
        return flask.request.files["picture"].read(), {"Content-Type": "application/octet-stream"}

    return app


FLASK = "Flask knows nothing of your server: all that it has is what PEP 3333 promises."


def prepared(method, path, **options):
    """Return the request that the library `requests` would send."""
    return requests.Request(method, "http://127.0.0.1:8000" + path, **options).prepare()


def body_of(prepared):
    """Return the body (bytes) of a request of `requests`."""
    body = prepared.body or b""
    return body.encode("utf-8") if isinstance(body, str) else body
