"""The environ as the probe has shown it."""
import contextlib
import json
from typing import Any
from urllib.parse import quote

from wsgi_contract.wire import Exchange


class ShownEnviron(dict[str, list[Any]]):
    """{variable: [name of its type, its value]}: a str as it is, all else as Python writes it.

    A variable that is missing has neither type nor value.
    """

    def __missing__(self, name: str) -> list[None]:
        return [None, None]

    def value(self, name: str) -> str:
        """Return a variable's value, "" if it is missing."""
        return self[name][1] or ""


def facts_of(exchange: Exchange) -> dict[str, Any]:
    """Return what the probe has shown. Raises NotSeen if its answer does not arrive."""
    exchange.answered()
    facts = None
    with contextlib.suppress(ValueError):
        facts = json.loads(exchange.body)
    return exchange.presume(facts, "the application's answer does not arrive whole")


def environ_of(exchange: Exchange) -> ShownEnviron:
    """Return the environ that the probe has shown. Raises NotSeen."""
    return ShownEnviron(facts_of(exchange)["variables"])


def url_from(environ: ShownEnviron) -> str:
    """Return the URL of the request, put together as PEP 3333 says."""
    scheme, port = environ.value("wsgi.url_scheme"), environ.value("SERVER_PORT")
    default = {"http": "80", "https": "443"}.get(scheme)
    host = environ.value("HTTP_HOST") or environ.value("SERVER_NAME") + (f":{port}" if port != default else "")
    path = quote(environ.value("SCRIPT_NAME") + environ.value("PATH_INFO"), encoding="latin-1")
    query = environ.value("QUERY_STRING")
    return f"{scheme}://{host}{path}" + (f"?{query}" if query else "")
