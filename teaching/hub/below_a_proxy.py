"""The two apps of chapter 5, below the address at which a hub shows a learner's own server.

    python3 -m workshop serve teaching.hub.below_a_proxy:application

The hub passes a request on with its whole path. So the prefix must move from PATH_INFO to SCRIPT_NAME: a mount.
"""
import os
from collections.abc import Iterable

from ch03_environ import StartResponse, WSGIEnvironment
from ch05_middleware import DispatcherMiddleware
from ch05_middleware import application as apps

PREFIX = f"{os.environ.get('JUPYTERHUB_SERVICE_PREFIX', '/')}proxy/absolute/{os.environ.get('WORKSHOP_PORT', 8000)}"


def elsewhere(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Say where the apps are."""
    start_response("404 Not Found", [("Content-Type", "text/plain; charset=utf-8")])
    return [f"The apps are at {PREFIX}/\n".encode()]


application = DispatcherMiddleware(elsewhere, {PREFIX: apps})
