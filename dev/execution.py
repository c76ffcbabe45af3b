"""Runs the notebooks, from top to bottom, in a copy of the repository.

The chapters in the copy are starters, or right and the reader's own where they are solved.
"""
import asyncio
import os
import re
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import nbformat
from jupyter_client import AsyncKernelManager
from nbclient import NotebookClient

from dev.sandbox import temporary
from workshop.machine.virtual_environment import plain_environment

SECONDS = 60  # for one cell
NOISE = re.compile(  # what a kernel says of itself, and waitress of a busy machine
    r"(?m)^.*(unencrypted TCP|DeprecationWarning: zmq).*\n?|^Task queue depth is \d+\n")
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

Answer = TypeVar("Answer")


def run_all(names: list[str], run: Callable[[str, Path], Answer], solved: Iterable[str] = ()) -> dict[str, Answer]:
    """Return {name: what run(name, folder) returns} for notebooks in a copy with solved chapters, a few at a time."""
    with temporary(*solved) as sandbox, ThreadPoolExecutor(2) as pool:
        return dict(zip(names, pool.map(lambda name: run(name, sandbox.root), names), strict=True))


def execute(notebook: nbformat.NotebookNode, name: str, folder: Path, *path: Path, **more: str) -> None:
    """Run the cells of a notebook in a copy of the repository, and put their outputs in. Raises CellExecutionError.

    They run in a kernel of their own, with more folders on its path and more variables in its environment.
    """
    imported = os.pathsep.join(map(str, [folder / "chapters", *path]))
    environment = plain_environment(PYTHONPATH=imported, PYTHONDONTWRITEBYTECODE="1", **more)
    # Not over TCP where that can be helped, for two kernels may choose one port.
    way = {} if os.name == "nt" else {"transport": "ipc", "ip": str(folder / f"kernel-{name[:4]}")}
    manager = AsyncKernelManager(kernel_name="python3", **way)
    client = NotebookClient(notebook, km=manager, timeout=SECONDS,
                            record_timing=False, resources={"metadata": {"path": str(folder / "notebooks")}})

    async def run_and_end() -> None:
        try:
            await client.async_execute(env=environment)
        finally:
            await manager.shutdown_kernel(now=True)  # a client leaves a kernel running that was given to it

    asyncio.run(run_and_end())
    for cell in notebook.cells:
        if cell.get("outputs"):
            cell.outputs = joined(cleaned(output, folder) for output in cell.outputs)


def cleaned(output: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Return an output without the folder's name and without what a kernel or a server says of the machine."""
    if "text" in output:
        output["text"] = NOISE.sub("", output["text"]).replace(f"{folder}/", "")
    for kind, text in output.get("data", {}).items():
        if isinstance(text, str):
            output["data"][kind] = text.replace(f"{folder}/", "")
    return output


def joined(outputs: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return outputs with pieces of one stream put together: a page shows each piece in a block of its own."""
    whole: list[dict[str, Any]] = []
    for output in outputs:
        if whole and "text" in output and whole[-1].get("name") == output["name"]:
            whole[-1]["text"] += output["text"]
        else:
            whole.append(output)
    return whole


def masked(text: str) -> str:
    """Return a text with all that differs from run to run masked."""
    for pattern, replacement in MASKS.items():
        text = re.sub(pattern, replacement, text)
    return text


def outputs_of(cell: dict[str, Any]) -> str:
    """Return what a cell has printed and shown, as one masked text. Streams that came in pieces count as one."""
    texts = []
    for output in cell.get("outputs", []):
        data = output.get("data", {})
        shown = data.get("text/html") or data.get("text/markdown") or data.get("text/plain", "")
        texts += [output.get("text", ""), shown]
        texts += [output["ename"]] if output["output_type"] == "error" else []
    return masked("".join(text if isinstance(text, str) else "".join(text) for text in texts))
