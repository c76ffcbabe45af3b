"""The verb `lab`: JupyterLab, opened on the lessons.

What JupyterLab keeps (settings, open tabs, running servers) stays in .workshop, not in your home folder. How it looks
at first is set in workshop/machine/jupyter.
"""
import argparse
import contextlib
import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from workshop.course.notebooks import START, path_of
from workshop.course.project import Project
from workshop.course.roads import begun
from workshop.machine.install_remedies import remedy_for
from workshop.machine.ports import port_number
from workshop.machine.processes import stay_with
from workshop.machine.trouble import Trouble
from workshop.machine.virtual_environment import FOLDER, LEARNER, PROGRAM, compiling, make_ready

SETTINGS = Path(__file__).resolve().parents[1] / "machine" / "jupyter"  # how it looks at first

OPTIONS = (
    "-y",  # One Ctrl-C is enough.
    "--Application.log_level=WARN",
    "--LanguageServerManager.autodetect=False",  # Looking for them starts npm and rustup, if you have these.
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what may follow the verb."""
    parser.add_argument("--no-browser", action="store_true", help="print the address only")
    parser.add_argument("--port", type=port_number, metavar="N",
                        help="listen on port N; 0 picks a free one (usual: 8888)")
    parser.add_argument("--wheels", type=Path, metavar="DIR", help="install from this folder, without a network")


def run(arguments: argparse.Namespace, project: Project) -> int:
    """Prepare .venv, run JupyterLab until it is stopped, and return its exit status. Raises Trouble."""
    python = make_ready(LEARNER, project.root, wheels=arguments.wheels)
    print("Starting JupyterLab. To stop it, press Ctrl-C here.", flush=True)
    with runtime_folder(project) as folder:
        process = subprocess.Popen(command_line(python, arguments, project), cwd=project.root,
                                   env=variables(project, folder))
        signal.signal(signal.SIGTERM, lambda *_: process.terminate())
        with contextlib.suppress(KeyboardInterrupt), compiling(project.root):
            stay_with(process)
        return process.returncode


def command_line(python: Path, arguments: argparse.Namespace, project: Project) -> list[str]:
    """Return the command that starts JupyterLab."""
    words = [str(python), "-m", "jupyterlab", *OPTIONS]
    words += [f"--ServerApp.root_dir={project.root}", f"--LabApp.default_url={start_page(project)}"]
    words += ["--no-browser"] if arguments.no_browser else []
    words += ["--allow-root"] if is_administrator() else []  # In a container you often are.
    words += [f"--port={arguments.port}"] if arguments.port is not None else []
    return words


def start_page(project: Project) -> str:
    """Return the path of the page to open: the notebook of the road that was begun, else the one that has the choice.
    """
    own = path_of(project, begun(project).name)
    return f"/lab/tree/notebooks/{own.name if own.exists() else f'{START}.ipynb'}"


def is_administrator() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def variables(project: Project, runtime: Path, outside: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the environment variables of JupyterLab, its kernels and its terminals."""
    state = project.kept / "jupyter"
    first = {
        "PATH": (project.root / FOLDER / PROGRAM).parent,  # With this, `pytest` in a terminal is the workshop's.
        "PYTHONPATH": project.learners,
        "JUPYTER_CONFIG_PATH": SETTINGS,
    }
    return {
        **outside,
        **{name: os.pathsep.join(filter(None, [str(path), outside.get(name)])) for name, path in first.items()},
        "VIRTUAL_ENV": str(project.root / FOLDER),
        "PYTHONDONTWRITEBYTECODE": "1",  # Bytecode hides an edit of the same length within the same second.
        "JUPYTER_CONFIG_DIR": str(state / "config"),
        "JUPYTER_DATA_DIR": str(state / "data"),
        "JUPYTER_RUNTIME_DIR": str(runtime),
        "IPYTHONDIR": str(state / "ipython"),
    }


@contextlib.contextmanager
def runtime_folder(project: Project) -> Iterator[Path]:
    """Give a folder for JupyterLab's secrets that nobody else can read, as it insists. Raises Trouble."""
    folder = project.kept / "jupyter" / "runtime"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Trouble(remedy_for(str(error)))
    if os.name == "nt" or folder.stat().st_mode & 0o077 == 0:
        yield folder
    else:  # Some disks, such as Windows' seen from Linux, know no permissions.
        with tempfile.TemporaryDirectory(prefix="workshop-", ignore_cleanup_errors=True) as elsewhere:
            yield Path(elsewhere)
