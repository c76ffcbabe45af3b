"""A Flask app that says which body it got, and what it takes for a form."""
from flask import Flask, request

app = Flask(__name__)


@app.post("/")
def echo() -> str:
    return f"Flask got {request.get_data()!r}"


@app.post("/form")
def form() -> dict[str, str]:
    return dict(request.form)
