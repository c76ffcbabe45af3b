"""A Flask app with one view, on waitress."""
from flask import Flask
from waitress import create_server

app = Flask(__name__)


@app.get("/")
def index() -> str:
    return "Hello, 你好"


if __name__ == "__main__":
    server = create_server(app, host="127.0.0.1", port=0)
    print(f"http://127.0.0.1:{server.effective_port}")
    server.run()
