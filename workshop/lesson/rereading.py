"""Chapters are read again before each cell: what you save counts in the next cell, without a new kernel.

The text that was run last is known for each chapter. While a chapter is not imported, it is the text before each cell.
So a save right after the import is noticed; after a save right before it, the chapter is run once more than needed.
"""
import contextlib
import sys
import traceback
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from IPython import get_ipython

from workshop.course.source import read_source
from workshop.lesson.places import PROJECT, tree

texts: dict[str, str] = {}  # module name -> the source that was run last, or will be by its import


def read_anew_before_each_cell() -> None:
    """Have the notebook's kernel call read_anew before it runs a cell, if there is a kernel."""
    if get_ipython():
        note(PROJECT.by_stem)
        get_ipython().events.register("pre_run_cell", read_anew)


def note(stems: Iterable[str]) -> None:
    """Take down the texts of some chapters, as far as they can be read."""
    for stem in stems:
        with contextlib.suppress(OSError, UnicodeDecodeError):
            texts[stem] = read_source(tree() / f"{stem}.py")


def read_anew(*_: object) -> None:
    """Run the source of all imported chapters again if one has changed."""
    loaded = {stem: sys.modules[stem] for stem in PROJECT.by_stem if stem in sys.modules}
    note(stem for stem in PROJECT.by_stem if stem not in loaded)
    try:
        current = {stem: read_source(Path(str(module.__file__))) for stem, module in loaded.items()}
    except (OSError, UnicodeDecodeError) as error:
        print(f"A chapter cannot be read; the version before counts. {error}")
        return
    if any(texts.get(name) != text for name, text in current.items()):
        for name, module in loaded.items():  # a later chapter has names of the earlier ones
            run_again(module, current[name])


def run_again(module: ModuleType, source: str) -> None:
    """Run a chapter's source in its module, emptied; if that fails, report it, and leave the module as it was."""
    before = dict(module.__dict__)
    try:
        code = compile(source, str(module.__file__), "exec")
        for name in [name for name in before if not name.startswith("__")]:
            del module.__dict__[name]
        exec(code, module.__dict__)
        texts[module.__name__] = source
        hand_on(before, module)
    except (Exception, SystemExit) as error:
        module.__dict__.update(before)
        print(f"{place_of(error, module)} {type(error).__name__}: {error}\nUntil that is mended, "
              f"cells use the version of {module.__name__} before it.")


def place_of(error: BaseException, module: ModuleType) -> str:
    """Return where a chapter could not be run, as chapters/ch01_socket.py:40."""
    lines = [line for frame, line in traceback.walk_tb(error.__traceback__)
             if frame.f_code.co_filename == module.__file__]
    return f"{PROJECT.relative(str(module.__file__))}:{getattr(error, 'lineno', None) or [0, *lines][-1]}"


def hand_on(before: Mapping[str, Any], module: ModuleType) -> None:
    """Give the notebook's own names for a module's things (`from ch01_socket import …`) the new ones."""
    names = get_ipython().user_ns
    for name, old in [(name, value) for name, value in names.items() if callable(value)]:
        known = [key for key, value in before.items() if value is old and key in module.__dict__]
        if known:
            names[name] = module.__dict__[known[0]]
