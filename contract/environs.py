"""The environ as the probe has shown it."""
import json
from urllib.parse import quote


def facts_of(exchange):
    """Return what the probe has shown (a dict). Raises Departure if the answer is something else."""
    try:
        return json.loads(exchange.body)
    except ValueError:
        exchange.require(False, "the application's answer does not arrive", "Without it, nothing can be checked.")


def environ_of(exchange):
    """Return {variable: [name of its type, the value: str as it is, else as Python writes it]}."""
    return Variables(facts_of(exchange)["variables"])


class Variables(dict):
    """The variables; one that is missing has neither type nor value."""

    def __missing__(self, name):
        return [None, None]

    def value(self, name):
        """Return a variable's value, "" if it is missing."""
        return self[name][1] or ""


def url_from(environ):
    """Return the URL of the request, put together as PEP 3333 says."""
    scheme, port = environ.value("wsgi.url_scheme"), environ.value("SERVER_PORT")
    default = {"http": "80", "https": "443"}.get(scheme)
    host = environ.value("HTTP_HOST") or environ.value("SERVER_NAME") + (f":{port}" if port != default else "")
    path = quote(environ.value("SCRIPT_NAME") + environ.value("PATH_INFO"), encoding="latin-1")
    query = environ.value("QUERY_STRING")
    return f"{scheme}://{host}{path}" + (f"?{query}" if query else "")
