"""What the notebooks share: a client that shows its bytes, servers that end with their cell, checks, and quotations.

A notebook imports this file in its first cell. It needs JupyterLab's kernel and nothing else, and it works from any
editor that runs notebooks: where no folder with chapters is on Python's path yet, it puts `chapters/` there. Files
that you edit are read anew before the next cell runs.
"""
import ast
import contextlib
import html
import os
import socket
import sys
import textwrap
import threading
import time
import traceback
from pathlib import Path

from IPython import get_ipython
from IPython.display import Markdown, display

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
sys.dont_write_bytecode = True
os.environ["no_proxy"] = os.environ["NO_PROXY"] = "127.0.0.1"  # requests and curl ask no proxy for it

from workshop.checking.diagnosis import Diagnosis  # noqa: E402
from workshop.checking.memory import Memory  # noqa: E402
from workshop.checking.plugins.outcomes import NotStarted  # noqa: E402
from workshop.checking.programs import running  # noqa: E402
from workshop.checking.runs import CHAPTERS, check_steps  # noqa: E402
from workshop.course.selection import numbers_for  # noqa: E402
from workshop.course.steps import functions_of, relative, stems  # noqa: E402
from workshop.machine.trouble import Trouble  # noqa: E402
from workshop.pages.report import perhaps  # noqa: E402
from workshop.terminal.writing import MARKS  # noqa: E402

COLUMNS = 103  # of a diagnosis in a notebook, which has no width of its own
SECONDS = 8  # that anything here waits at the most


def tree():
    """Return the folder that chapters are imported from: `chapters`, unless Python's path has another one before it."""
    folders = [Path(folder).resolve() for folder in sys.path if folder]
    return next((folder for folder in folders if (folder / "ch01_socket.py").exists()), ROOT / "chapters")


sys.path.insert(1, str(tree()))
texts = {}  # module name -> the source that was last run


def read_anew(*_):
    """Run the source of all imported chapters again if one has changed: what you save counts in the next cell."""
    loaded = [sys.modules[stem] for stem in stems() if stem in sys.modules]
    try:
        current = {module.__name__: Path(module.__file__).read_text(encoding="utf-8") for module in loaded}
    except (OSError, UnicodeDecodeError) as error:
        return print(f"A chapter can't be read; the version before counts. {error}")
    for name in current.keys() - texts.keys():  # imported since the last cell
        texts[name] = current[name]
    if any(texts[name] != text for name, text in current.items()):
        for module in loaded:  # a later chapter has names of the earlier ones
            run_again(module, current[module.__name__])


def run_again(module, source):
    """Run a chapter's source in its module, emptied; if that fails, say so, and leave the module as it was."""
    before = dict(module.__dict__)
    try:
        code = compile(source, module.__file__, "exec")
        for name in [name for name in before if not name.startswith("__")]:
            del module.__dict__[name]
        exec(code, module.__dict__)
        texts[module.__name__] = source
        hand_on(before, module)
    except (Exception, SystemExit) as error:
        module.__dict__.update(before)
        print(f"{place_of(error, module)} {type(error).__name__}: {error}\nUntil that is mended, "
              f"cells use the version of {module.__name__} before it.")


def place_of(error, module):
    """Return where a chapter could not be run, as chapters/ch01_socket.py:40."""
    lines = [line for frame, line in traceback.walk_tb(error.__traceback__)
             if frame.f_code.co_filename == module.__file__]
    return f"{relative(module.__file__)}:{getattr(error, 'lineno', None) or [0, *lines][-1]}"


def hand_on(before, module):
    """Give the notebook's own names for a module's things (`from ch01_socket import …`) the new ones."""
    names = get_ipython().user_ns
    for name, old in [(name, value) for name, value in names.items() if callable(value)]:
        known = [key for key, value in before.items() if value is old and key in module.__dict__]
        if known:
            names[name] = module.__dict__[known[0]]


if get_ipython():
    get_ipython().events.register("pre_run_cell", read_anew)


# Yours.


@contextlib.contextmanager
def your_turn():
    """Run code that needs steps of yours; where one is missing, say which, and go on."""
    try:
        yield
    except (NotImplementedError, NotStarted) as error:
        print(f"○ not started: {error}" if isinstance(error, NotStarted) else not_started(error))
    except Diagnosis as error:
        print(f"✘ {error.problem}\n{error.rows.get('output', '')}")


def not_started(error):
    """Return the sentence for a stub that was called: which step it is, and where."""
    trace = error.__traceback__
    while trace.tb_next:
        trace = trace.tb_next
    code = trace.tb_frame.f_code
    return f"○ not started: {error}, {relative(code.co_filename)}:{code.co_firstlineno}"


def check(*numbers, folder=None):
    """Check steps, such as "1.2", of your files (or those in folder) in a process of their own, and show the result."""
    folder, memory = Path(folder or tree()).resolve(), Memory()
    try:
        verdicts = check_steps(numbers_for(numbers), folder, python=sys.executable, columns=COLUMNS)
    except Trouble as trouble:
        display(Markdown(f"```\n{trouble}\n```"))
        return
    if folder == CHAPTERS:  # `python3 -m workshop` knows then, too
        memory.keep(verdicts)
    display(Verdict(verdicts))


CELL = '<td style="text-align:left">{}</td>'
TEXT = '<pre style="margin:0;white-space:pre-wrap">{}</pre>'


class Verdict:
    """The states of steps: a table in a notebook, lines elsewhere."""

    def __init__(self, verdicts):
        self.verdicts = verdicts  # as workshop.checker gives them, by step

    def rows(self):
        """Yield (mark, step, text) for each step."""
        for number, verdict in self.verdicts.items():
            yield MARKS[verdict.state], number, "\n".join([verdict.text, *perhaps(verdict)])

    def __repr__(self):
        return "\n".join(f"{mark} {number}  {reason}".rstrip() for mark, number, reason in self.rows())

    def _repr_html_(self):
        rows = "".join(
            f'<tr style="vertical-align:top">{CELL.format(f"{mark} {number}")}'
            f"{CELL.format(TEXT.format(html.escape(reason)))}</tr>"
            for mark, number, reason in self.rows())
        return f"<table>{rows}</table>"


# Servers and clients.


@contextlib.contextmanager
def program(stem, *arguments, folder=None):
    """Run a chapter's file (or that in folder) as a program on a free port, until the with ends. Gives a Server."""
    file = Path(folder or tree()) / f"{stem}.py"
    with running([sys.executable, str(file), *arguments, "--bind", "127.0.0.1:0"]) as running_program:
        yield Server(running_program)


class Server:
    """A server that is running."""

    def __init__(self, running_program):
        self.port = running_program.port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.running_program = running_program

    def log(self, containing=""):
        """Return what the server has printed on stderr; waits until something in it has containing."""
        self.running_program.wait_for(lambda: containing in self.running_program.stderr, 2)
        return self.running_program.stderr


@contextlib.contextmanager
def server_from(code, *arguments):
    """Run Python code (str) that serves on port 0 and prints its URL, until the with ends. Gives a Server."""
    path = os.pathsep.join(filter(None, [str(tree()), str(ROOT), os.environ.get("PYTHONPATH")]))
    with running([sys.executable, "-u", "-c", code, *arguments], PYTHONPATH=path) as running_program:
        yield Server(running_program)


def exchange(port, data, pieces=None, pause=0.01):
    """Send data (bytes) to 127.0.0.1:port, in pieces of so many bytes, and return all that comes back."""
    with socket.create_connection(("127.0.0.1", port), SECONDS) as connection:
        for begin in range(0, len(data), pieces or len(data)):
            connection.sendall(data[begin:begin + (pieces or len(data))])
            time.sleep(pause if pieces else 0)
        return b"".join(iter(lambda: connection.recv(65_536), b""))


def overhear(client, *interim):
    """Listen on a free port, call client(url) beside it, and return all that it sends. The answer is 204.

    interim are responses (bytes) to say before that one, each after the client has fallen silent.
    """
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(SECONDS)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread = threading.Thread(target=client, args=[url], daemon=True)
        thread.start()
        connection, _ = listener.accept()
        with connection:
            data = all_until_silence(connection)
            for response in interim:
                connection.sendall(response)
                data += all_until_silence(connection)
            connection.sendall(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
        thread.join(SECONDS)
    return data


def all_until_silence(connection, seconds=0.5):
    """Return what arrives until nothing has come for some seconds."""
    connection.settimeout(seconds)
    data = b""
    with contextlib.suppress(TimeoutError):
        while block := connection.recv(65_536):
            data += block
    return data


REAL_SERVERS = {
    "wsgiref": """
import socket
from wsgiref.simple_server import make_server
socket.getfqdn = str  # wsgiref asks for the name of 127.0.0.1, and a name server may take its time
server = make_server("127.0.0.1", 0, app)
print(f"http://127.0.0.1:{server.server_port}")
server.serve_forever()
""",
    "werkzeug": """
from werkzeug.serving import run_simple
run_simple("127.0.0.1", 0, app)
""",
    "waitress": """
import waitress
server = waitress.create_server(app, host="127.0.0.1", port=0)
print(f"http://127.0.0.1:{server.effective_port}")
server.run()
""",
    "gunicorn": """
from gunicorn.app.base import BaseApplication
class Gunicorn(BaseApplication):
    def load_config(self):
        self.cfg.set("bind", "127.0.0.1:0")
    def load(self):
        return app
Gunicorn().run()
""",
}  # name -> the code that serves app on a free port


def real_server(name, code):
    """Run the application `app` of some Python code (str) under one of REAL_SERVERS. Gives a Server."""
    return server_from(f"{code}\n{REAL_SERVERS[name]}")


# Quotations.


def quote(stem, name, tree_name=None):
    """Show the source of a function or class of a chapter, as it stands in the file."""
    path = (ROOT / tree_name if tree_name else tree()) / f"{stem}.py"
    source = path.read_text(encoding="utf-8")
    nodes = dict(functions_of(ast.parse(source))) | {
        node.name: node for node in ast.parse(source).body if isinstance(node, ast.ClassDef)}
    text = textwrap.dedent(ast.get_source_segment(source, nodes[name], padded=True))
    return Quotation(f"`{relative(path)}`, `{name}`:\n\n```python\n{text}\n```\n")


class Quotation(Markdown):
    """Markdown that is readable where an editor shows plain text alone."""

    def __repr__(self):
        return self.data
