"""Running the servers of the table in workshop/machine/servers.py as subprocesses that leave nothing behind."""
import contextlib
import os
import sys
from pathlib import Path

from workshop.checking.programs import running
from workshop.machine.servers import SERVERS

YOURS = SERVERS["yours"].title
COMPARED = {
    SERVERS[name].title: name for name in ("yours", "gunicorn", "waitress", "wsgiref") if SERVERS[name].runs_here
}


def serving(server, application, tree, *, path=(), **more):
    """Run a server (a name in SERVERS) with an application, MODULE:APP, from a tree (a folder), as `running` does.

    path has more folders (str) in which modules are looked for.
    """
    folders = os.pathsep.join(filter(None, [*path, str(tree), os.environ.get("PYTHONPATH")]))
    return running([sys.executable, *SERVERS[server].words(application, Path(tree))], PYTHONPATH=folders, **more)


@contextlib.contextmanager
def serving_all(application, tree):
    """Run those of COMPARED that are installed, and give {title: Program}. Raises what is wrong with yours first."""
    with contextlib.ExitStack() as stack:
        programs = {YOURS: stack.enter_context(serving("yours", application, tree))}
        programs[YOURS].port()
        for title, server in COMPARED.items():
            if title != YOURS and SERVERS[server].is_installed:
                programs[title] = stack.enter_context(serving(server, application, tree))
        yield programs
