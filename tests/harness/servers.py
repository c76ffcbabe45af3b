"""The servers that an application can be served by: the learner's own, and real ones to compare it with.

Each runs as a subprocess on a free port of 127.0.0.1 and tells its URL in what it prints.
"""
import contextlib
import importlib.util
import os
import sys

from tests.harness.program import running
from tests.harness.tree import path_of

YOURS = "your server"
ANYWHERE = "127.0.0.1:0"

LOAD = """
import importlib, sys
module, _, name = sys.argv[1].partition(":")
application = getattr(importlib.import_module(module), name)
"""
WAITRESS = LOAD + """
from waitress import create_server
server = create_server(application, host="127.0.0.1", port=0)
print(f"http://127.0.0.1:{server.effective_port}", flush=True)
server.run()
"""
WSGIREF = LOAD + """
import socket
from wsgiref.simple_server import make_server
socket.getfqdn = str  # wsgiref asks for the name of 127.0.0.1, and a name server may take its time
server = make_server("127.0.0.1", 0, application)
print(f"http://127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
"""

SERVERS = {
    YOURS: lambda name: [str(path_of("ch04_response")), name, "--bind", ANYWHERE],
    "gunicorn": lambda name: ["-m", "gunicorn", "--no-control-socket", "--bind", ANYWHERE, name],
    "waitress": lambda name: ["-c", WAITRESS, name],
    "wsgiref": lambda name: ["-c", WSGIREF, name],
}  # name -> what follows `python` to serve an application, by its name MODULE:APP
if os.name == "nt":
    del SERVERS["gunicorn"]


def is_installed(server):
    """Tell whether a server (a name in SERVERS) can be had; yours always can."""
    return server == YOURS or importlib.util.find_spec(server) is not None


def serving(server, application, tree, **more):
    """Run a server with an application, MODULE:APP, from a tree (a folder), as `running` does."""
    path = os.pathsep.join(filter(None, [str(tree), os.environ.get("PYTHONPATH")]))
    return running([sys.executable, *SERVERS[server](application)], PYTHONPATH=path, **more)


@contextlib.contextmanager
def serving_all(application, tree):
    """Run all servers that are installed, and give {server: Program}. Raises what is wrong with yours before others."""
    with contextlib.ExitStack() as stack:
        programs = {YOURS: stack.enter_context(serving(YOURS, application, tree))}
        programs[YOURS].port()
        for server in filter(is_installed, [name for name in SERVERS if name != YOURS]):
            programs[server] = stack.enter_context(serving(server, application, tree))
        yield programs
