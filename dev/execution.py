"""Runs the notebooks, from top to bottom, in a copy of the repository.

There are two states: fresh, with starters in chapters/, and solved, with the reference there. The outputs that are
saved in a notebook are those of the solved state.

    python -m dev regenerate                   run all notebooks solved, and save their outputs
    python -m dev regenerate ch01_socket       one of them
"""
import asyncio
import os
import re
import shutil
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import nbformat
from jupyter_client import AsyncKernelManager
from nbclient import NotebookClient

from workshop.course import notebooks
from workshop.course.starters import starter_of
from workshop.course.steps import ROOT, stems

PARTS = ("chapters", "notebooks", "solutions", "tests", "workshop")
FILES = ("README.md", "pyproject.toml", "requirements.txt")
SECONDS = 60  # for one cell
NOISE = re.compile(r"(?m)^.*(unencrypted TCP|DeprecationWarning: zmq).*\n?")
MASKS = {
    r"127\.0\.0\.1:\d{4,5}": "127.0.0.1:PORT",
    r"(?i)((server_?port|port)\W{1,8})\d{4,5}": r"\1PORT",
    r"\('127\.0\.0\.1', \d+\)": "('127.0.0.1', PORT)",
    r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d (GMT|-0000)": "DATE",
    r"\d\d/\w{3}/\d{4}:\d\d:\d\d:\d\d \+0000": "DATE",
    r"\b\d+\.\d+ (s|ms|seconds|milliseconds)\b|\b\d+\.\d{3}(?=\s|$)": "TIME",
    r"0x[0-9a-f]{6,}": "0xADDRESS",
    r"\[\d{4,7}\]": "[PID]",
    r"(session=)[\w.-]+": r"\1…",
    r"(Exceeds the limit \(\d+).*": r"\1…",  # Python 3.10 says it in other words
}


@contextmanager
def copy_of_the_repository(state):
    """Give a folder with the repository in one state, "fresh" or "solved", as a learner would have it."""
    with tempfile.TemporaryDirectory(prefix="workshop-", ignore_cleanup_errors=True) as folder:
        for part in PARTS:
            shutil.copytree(ROOT / part, Path(folder, part), ignore=shutil.ignore_patterns("__pycache__"))
        for name in FILES:
            shutil.copy(ROOT / name, folder)
        for stem in stems():
            text = starter_of(stem) if state == "fresh" else (ROOT / "solutions" / f"{stem}.py").read_text("utf-8")
            Path(folder, "chapters", f"{stem}.py").write_text(text, encoding="utf-8")
        yield Path(folder)


def run(name, folder):
    """Run a notebook in a copy of the repository and return it with its new outputs. Raises CellExecutionError."""
    return execute(nbformat.read(folder / "notebooks" / f"{name}.ipynb", as_version=4), name, folder)


def execute(notebook, name, folder, *path, **more):
    """Run the cells of a notebook in a kernel of its own, with more folders on its path and variables around it."""
    path = os.pathsep.join(map(str, [folder / "chapters", *path]))
    environment = os.environ | {"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"} | more
    client = NotebookClient(notebook, km=kernel_in(folder, name), timeout=SECONDS, record_timing=False,
                            resources={"metadata": {"path": str(folder / "notebooks")}})
    asyncio.run(run_and_end(client, environment))
    for cell in notebook.cells:
        cell.get("outputs", []) and cell.update(outputs=joined(cleaned(output, folder) for output in cell.outputs))
    return notebook


async def run_and_end(client, environment):
    """Run a client's notebook and end its kernel, which a client leaves running that was given one."""
    try:
        await client.async_execute(env=environment)
    finally:
        await client.km.shutdown_kernel(now=True)


def kernel_in(folder, name):
    """Return the manager of a kernel: not over TCP where that can be helped, for two kernels may choose one port."""
    way = {} if os.name == "nt" else {"transport": "ipc", "ip": str(folder / f"kernel-{name[:4]}")}
    return AsyncKernelManager(kernel_name="python3", **way)


def cleaned(output, folder):
    """Return an output without the folder's name and without what a kernel says of itself."""
    if "text" in output:
        output["text"] = NOISE.sub("", output["text"]).replace(f"{folder}/", "")
    for kind, text in output.get("data", {}).items():
        if isinstance(text, str):
            output["data"][kind] = text.replace(f"{folder}/", "")
    return output


def joined(outputs):
    """Return outputs with pieces of one stream put together: a page shows each piece in a block of its own."""
    whole = []
    for output in outputs:
        if whole and "text" in output and whole[-1].get("name") == output["name"]:
            whole[-1]["text"] += output["text"]
        else:
            whole.append(output)
    return whole


def run_all(names, state, run=run):
    """Return {name: what run(name, folder) returns} for notebooks in a state, a few at a time."""
    with copy_of_the_repository(state) as folder, ThreadPoolExecutor(2) as pool:
        return dict(zip(names, pool.map(lambda name: run(name, folder), names), strict=True))


def masked(text):
    """Return a text with all that differs from run to run masked."""
    for pattern, replacement in MASKS.items():
        text = re.sub(pattern, replacement, text)
    return text


def outputs_of(cell):
    """Return what a cell has printed and shown, as one masked text. Streams that came in pieces count as one."""
    texts = []
    for output in cell.get("outputs", []):
        data = output.get("data", {})
        shown = data.get("text/html") or data.get("text/markdown") or data.get("text/plain", "")
        texts += [output.get("text", ""), shown]
        texts += [output["ename"]] if output["output_type"] == "error" else []
    return masked("".join(text if isinstance(text, str) else "".join(text) for text in texts))


def main(names):
    """Run notebooks in the solved state and save them with their outputs."""
    names = names or notebooks.names()
    for name in names:  # the navigation first: it counts words
        notebooks.write(name, notebooks.with_navigation(name, notebooks.read(name)))
    for name, notebook in run_all(names, "solved").items():
        for cell in notebook.cells:
            cell.metadata.clear()
        plain = nbformat.from_dict(notebook)
        plain.metadata = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
                          "language_info": {"name": "python"}}
        (notebooks.FOLDER / f"{name}.ipynb").write_text(nbformat.writes(plain) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
