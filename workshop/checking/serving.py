"""Running the servers of the table in workshop/machine/servers.py as subprocesses, none of which is left."""
import contextlib
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from workshop.checking.programs import LearnersProgram, running
from workshop.machine.servers import SERVERS
from wsgi_contract.real_servers import ServerProgram

YOURS = SERVERS["yours"].title
COMPARED = {
    SERVERS[name].title: name for name in ("yours", "gunicorn", "waitress", "wsgiref") if SERVERS[name].runs_here
}


def serving(server: str, application: str, tree: Path, *, path: Sequence[str] = (),
            servers: Mapping[str, ServerProgram] = SERVERS, **more: str) -> LearnersProgram:
    """Run a server (a name in servers) with an application, MODULE:APP, from a tree, as `running` does.

    path has more folders in which modules are looked for.
    """
    folders = os.pathsep.join(filter(None, [*path, str(tree), os.environ.get("PYTHONPATH")]))
    more |= {"PYTHONPATH": folders}
    return running([sys.executable, *servers[server].words(application, Path(tree))], cwd=None, **more)


@contextlib.contextmanager
def serving_all(application: str, tree: Path) -> Iterator[dict[str, LearnersProgram]]:
    """Run those of COMPARED that are installed, and give {title: Program}. Raises what is wrong with yours first."""
    with contextlib.ExitStack() as stack:
        programs = {YOURS: stack.enter_context(serving("yours", application, tree))}
        programs[YOURS].port()
        for title, server in COMPARED.items():
            if title != YOURS and SERVERS[server].is_installed:
                programs[title] = stack.enter_context(serving(server, application, tree))
        yield programs
