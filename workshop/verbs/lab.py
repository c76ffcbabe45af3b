"""The verb `lab`: JupyterLab, opened on the lessons.

What JupyterLab keeps (settings, open tabs, running servers) stays in .workshop, not in your home folder. How it looks
at first is set in workshop/jupyter.
"""
import argparse
import contextlib
import os
import signal
import subprocess
import tempfile
from pathlib import Path

from workshop.course.steps import ROOT
from workshop.machine.environment import FOLDER, LEARNER, PROGRAM, make_ready
from workshop.machine.processes import stay_with
from workshop.machine.trouble import Trouble, remedy_for

STATE = ROOT / ".workshop" / "jupyter"

OPTIONS = (
    "-y",  # One Ctrl-C is enough.
    "--Application.log_level=WARN",
    "--LanguageServerManager.autodetect=False",  # Looking for them starts npm and rustup, if you have these.
)


def add_arguments(parser):
    """Declare what may follow the verb."""
    parser.add_argument("--no-browser", action="store_true", help="print the address only")
    parser.add_argument("--port", type=port, metavar="N", help="listen on port N; 0 picks a free one (usual: 8888)")


def port(text):
    """Return the port number that text gives. Raises ArgumentTypeError when it is none."""
    if text.isascii() and text.isdigit() and len(text) <= 5 and int(text) <= 65535:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a port: give a number from 0 to 65535")


def run(arguments):
    """Prepare .venv, run JupyterLab until it is stopped, and return its exit status. Raises Trouble."""
    python = make_ready(LEARNER)
    print("Starting JupyterLab. To stop it, press Ctrl-C here.", flush=True)
    with runtime_folder() as folder:
        process = subprocess.Popen(command_line(python, arguments), cwd=ROOT, env=variables(folder))
        signal.signal(signal.SIGTERM, lambda *_: process.terminate())
        with contextlib.suppress(KeyboardInterrupt):
            stay_with(process)
        return process.returncode


def command_line(python, arguments, root=ROOT):
    """Return the command (a list of str) that starts JupyterLab."""
    words = [python, "-m", "jupyterlab", *OPTIONS]
    words += [f"--ServerApp.root_dir={root}", f"--LabApp.default_url={start_page(root)}"]
    words += ["--no-browser"] if arguments.no_browser else []
    words += ["--allow-root"] if is_administrator() else []  # In a container you often are.
    words += [f"--port={arguments.port}"] if arguments.port is not None else []
    return [str(word) for word in words]


def start_page(root=ROOT):
    """Return the path of the page to open: the notebooks once there are any, else the README."""
    notebooks = any((root / "notebooks").glob("*.ipynb"))
    return "/lab/tree/notebooks" if notebooks else "/lab/tree/README.md"


def is_administrator():
    return hasattr(os, "geteuid") and os.geteuid() == 0


def variables(runtime, root=ROOT, outside=os.environ):
    """Return the environment variables of JupyterLab, its kernels and its terminals (a dict)."""
    first = {
        "PATH": (root / FOLDER / PROGRAM).parent,  # With this, `pytest` in a terminal is the workshop's.
        "PYTHONPATH": root / "chapters",
        "JUPYTER_CONFIG_PATH": Path(__file__).parents[1] / "machine" / "jupyter",
    }
    return {
        **outside,
        **{name: os.pathsep.join(filter(None, [str(path), outside.get(name)])) for name, path in first.items()},
        "VIRTUAL_ENV": str(root / FOLDER),
        "PYTHONDONTWRITEBYTECODE": "1",  # Bytecode hides an edit of the same length within the same second.
        "JUPYTER_CONFIG_DIR": str(STATE / "config"),
        "JUPYTER_DATA_DIR": str(STATE / "data"),
        "JUPYTER_RUNTIME_DIR": str(runtime),
        "IPYTHONDIR": str(STATE / "ipython"),
    }


@contextlib.contextmanager
def runtime_folder(folder=STATE / "runtime"):
    """Give a folder for JupyterLab's secrets that nobody else can read, as it insists. Raises Trouble."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Trouble(remedy_for(str(error)))
    if os.name == "nt" or folder.stat().st_mode & 0o077 == 0:
        yield folder
    else:  # Some disks, such as Windows' seen from Linux, know no permissions.
        with tempfile.TemporaryDirectory(prefix="workshop-", ignore_cleanup_errors=True) as elsewhere:
            yield elsewhere
