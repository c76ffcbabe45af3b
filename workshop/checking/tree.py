"""Where the learner's files are, and how a check gets at what is in them."""
import contextlib
import functools
import importlib
import re
import shutil
import sys
import types
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any

from workshop.checking.diagnosis import Diagnosis
from workshop.course.project import Project, Step
from workshop.course.source import nodes_of
from workshop.machine.invocation import command

calls: list[str] = []  # what the running check has called in the learner's files, as text, the last one at the end
stubs_met: list[str] = []  # numbers of the steps whose stubs it has called, whoever has caught what they raise
STUB = re.compile(r"step (\d+\.\d+): write ")  # how the text of a stub's NotImplementedError begins


def path_of(stem: str) -> Path:
    """Return the path of a chapter's file, as Python's import would find it."""
    for folder in sys.path:
        path = Path(folder or ".") / f"{stem}.py"
        if path.is_file():
            return path.resolve()
    raise Diagnosis(f"there is no file {stem}.py", why="The checks look for it in the chapters folder.")


@functools.cache
def project() -> Project:
    """Return the project that the checks belong to, as its files were when this run began."""
    return Project.here()


def relative(path: Path | str) -> str:
    """Return a path as it is shown."""
    return project().relative(path)


@functools.cache
def current_steps(stem: str) -> dict[str, Step]:
    """Return the steps of a chapter as the learner's file has them; none if it cannot be parsed or is not there."""
    chapter = project().by_stem.get(stem)
    with contextlib.suppress(SyntaxError, ValueError, Diagnosis):
        if chapter:
            return {step.number: step for step in chapter.steps_at(path_of(stem))}
    return {}


@functools.cache
def reference_steps(stem: str) -> dict[str, Step]:
    """Return the steps of a chapter as the reference has them, by number; none if there is no such chapter."""
    chapter = project().by_stem.get(stem)
    return {step.number: step for step in chapter.steps} if chapter else {}


def forget() -> None:
    """Forget what was read of the files: a new run reads them again.

    Python compares a file with its cached bytecode by size and whole seconds, so that a quick edit of the same length
    would be checked in its old version. Bytecode of the chapters is thrown away, and none is written.
    """
    for function in (project, current_steps, reference_steps, lines_of):
        function.cache_clear()
    for name in set(project().by_stem) & set(sys.modules):
        del sys.modules[name]
    sys.dont_write_bytecode = True
    importlib.invalidate_caches()
    with contextlib.suppress(Diagnosis):
        shutil.rmtree(path_of(project().chapters[0].stem).parent / "__pycache__", ignore_errors=True)


class Broken(Diagnosis):
    """A learner's file lacks what checks need: that is reported once, not by each of them."""


class Unreadable(Broken):
    """A learner's file cannot be imported: the step whose check came first is not to blame."""


class StubMet(NotImplementedError):
    """What `NotImplementedError` means in the chapters while they are checked: it notes the step whose stub raises it.

    A learner's `except Exception` may catch it, and then the check that fails says nothing of the stub.
    """

    def __init__(self, *arguments: object) -> None:
        super().__init__(*arguments)
        if match := STUB.match(str(self)):
            stubs_met.append(match[1])


StubMet.__name__ = StubMet.__qualname__ = "NotImplementedError"  # as a traceback of the learner's shows it
StubMet.__module__ = "builtins"


def note_stubs() -> None:
    """Have the stubs of all chapters that are imported note that they are called."""
    for stem in set(project().by_stem) & set(sys.modules):
        vars(sys.modules[stem]).setdefault("NotImplementedError", StubMet)


def load(stem: str) -> ModuleType:
    """Return the module of a chapter, imported when it is first asked for. Raises Broken with a sentence."""
    if stem in sys.modules:
        return sys.modules[stem]
    try:
        module = importlib.import_module(stem)
        note_stubs()
        return module
    except SyntaxError as error:
        place = f"{relative(error.filename or path_of(stem))}:{error.lineno or 1}"
        raise Unreadable(f"{place} is not Python: {error.msg}", called=None,
                         place=f"{place}  {(error.text or '').strip()}",
                         why="Python reads a whole file before it runs any of it, so no step in it can be checked.")
    except (Exception, SystemExit) as error:
        if isinstance(error, ModuleNotFoundError) and error.name == stem:
            chapter = project().by_stem.get(stem)
            remedy = f" {command('reset', chapter.number)} puts the starter there." if chapter else ""
            raise Unreadable(f"there is no file {stem}.py", called=None,
                             why=f"The checks look for it in the chapters folder.{remedy}")
        raise Unreadable(f"{stem}.py raises {type(error).__name__} when it is imported: {error}",
                         place=deepest_place(error.__traceback__),
                         why="Importing a chapter only defines its functions; nothing in it should run.")


def learner_frames(trace: TracebackType | None) -> list[tuple[Path, int, str]]:
    """Return (path, line, function name) of the frames of a traceback that lie in the learner's files."""
    folders = tuple(sys.path[:8])
    frames = []
    while trace:
        code = trace.tb_frame.f_code
        if is_learners(code.co_filename, folders):
            frames.append((Path(code.co_filename), trace.tb_lineno, code.co_name))
        trace = trace.tb_next
    return frames


@functools.cache  # a deep recursion has a thousand frames
def is_learners(name: str, folders: tuple[str, ...]) -> bool:
    """Tell whether a file, by its name, is a chapter in one of some folders."""
    path = Path(name)
    resolved = {Path(folder or ".").resolve() for folder in folders}
    return project().by_stem.get(path.stem) is not None and path.parent.resolve() in resolved


@functools.cache
def lines_of(step: Step) -> range:
    """Return the numbers of the lines of a step's function."""
    node = nodes_of(step.path.read_text(encoding="utf-8"))[step.name]
    return range(node.lineno, (node.end_lineno or node.lineno) + 1)


def deepest_place(trace: TracebackType | None, step: Step | None = None) -> str | None:
    """Return `path:line  the line's text` of the learner's frame nearest to where an error was raised, or None.

    With a Step, a frame in it goes before those in other functions, which are given, or other steps.
    """
    frames = learner_frames(trace)
    if not frames:
        return None
    own = lines_of(step) if step else range(0)
    inside = [frame for frame in frames if step and frame[0].stem == step.path.stem and frame[1] in own]
    path, line, _ = (inside or frames)[-1]
    return place(path, line)


def place(path: Path | str, line: int) -> str:
    """Return `path:line  the line's text` of a line in a file."""
    lines = Path(path).read_text(encoding="utf-8", errors="replace").splitlines()
    text = lines[line - 1].strip() if line <= len(lines) else ""
    return f"{relative(path)}:{line}  {text}"


def shown(value: object, limit: int = 160) -> str:
    """Return repr(value), shortened in the middle where it is long."""
    text = repr(value)
    return text if len(text) <= limit else f"{text[:limit - 40]} … {text[-35:]}"


def as_argument(value: object) -> str:
    """Return a value as it is shown in a call; of functions and requests, what tells them from others."""
    if isinstance(value, types.FunctionType):
        return f"<{value.__name__}>"
    if type(value).__name__ == "Request" and {"method", "target", "version"} <= vars(value).keys():
        return "<Request {method} {target} {version}>".format_map(vars(value))
    return shown(value)


class LearnersChapter:
    """A chapter of the learner's, by attribute: `ch02 = LearnersChapter("ch02_request")`, `ch02.parse_field(b"A: b")`.

    The file is imported when a name in it is first asked for, so that a broken file is the fault of a check and not
    of collecting checks. Calls of functions are noted, and a diagnosis shows the last one.
    """

    def __init__(self, stem: str) -> None:
        self._stem = stem

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):  # pytest asks all sorts of things while it collects checks
            raise AttributeError(name)
        module = load(self._stem)
        try:
            thing = getattr(module, name)
        except AttributeError:
            raise Broken(f"{self._stem}.py has no {name}", called=None, perhaps=near(module, name),
                         why="The checks, and later chapters, look for this name.")
        return noted(thing, name) if isinstance(thing, types.FunctionType) else thing


def near(module: ModuleType, name: str) -> str | None:
    """Return a sentence about a name in the module that looks like a misspelling of name, or None."""
    import difflib

    similar = difflib.get_close_matches(name, vars(module), n=1)
    return f"there is {similar[0]}: is that the one?" if similar else None


def noted(function: Callable[..., Any], name: str) -> Callable[..., Any]:
    """Return a function that does as the learner's does, and leaves a note of each call."""
    def call(*arguments: Any, **named: Any) -> Any:
        values = [*map(as_argument, arguments), *(f"{key}={as_argument(value)}" for key, value in named.items())]
        calls.append(f"{name}({', '.join(values)})")
        return function(*arguments, **named)

    return call
