"""A Flask app with a form and a page that knows its own URL, and the same app under wsgiref's judge."""
from wsgiref.validate import validator

from flask import Flask, request

shop = Flask("shop")


@shop.post("/buy/<thing>")
def buy(thing):
    return f"{request.form['count']} {thing} for {request.host}"


@shop.get("/<path:path>")
def show_url(path):
    names = "HTTP_HOST", "SERVER_NAME"
    lines = [f"{name} {request.environ.get(name)}" for name in names]
    return "\n".join([*lines, request.url])


judged = validator(shop)
