"""Where the learner's files are, and how a check gets at what is in them."""
import ast
import calendar
import contextlib
import functools
import importlib
import re
import shutil
import sys
import time
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any

from workshop.checking.diagnosis import Diagnosis
from workshop.checking.type_words import Returned, returned
from workshop.course.project import Chapter, Project, Step
from workshop.course.source import line_at, nodes_of, parsed, read_source
from workshop.machine.invocation import command

calls: list[str] = []  # what the running check has called in the learner's files, as text, the last one at the end
endings: dict[int, Returned | str] = {}  # how each of them has ended, by its place: see raised_as()
stubs_met: list[str] = []  # numbers of the steps whose stubs it has called, whoever has caught what they raise
STUB = re.compile(r"step (\d+\.\d+): write ")  # how the text of a stub's NotImplementedError begins

texts: dict[str, str] = {}  # stem -> the text of its file when it was imported: the learner's code may delete the file
originals: dict[Path, Path] = {}  # a copy of the learner's folder that is checked -> that folder


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
    """Return a path as it is shown: in a copy of the learner's folder, as that of the original."""
    path = Path(path)
    inside = next((copy for copy in originals if path.is_relative_to(copy)), None)
    return project().relative(originals[inside] / path.relative_to(inside) if inside else path)


@functools.cache
def current_steps(stem: str) -> dict[str, Step]:
    """Return the steps of a chapter as the learner's file has them; none if it cannot be parsed or is not there."""
    chapter = project().by_stem.get(stem)
    with contextlib.suppress(OSError, SyntaxError, ValueError, Diagnosis):
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
    for function in (project, current_steps, reference_steps, lines_of, raise_lines):
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


def is_of_a_stub(error: BaseException) -> bool:
    """Tell whether an exception comes from a step that is not written yet."""
    return isinstance(error, NotImplementedError) and STUB.match(str(error)) is not None


@contextlib.contextmanager
def on_path(folder: Path | str) -> Iterator[None]:
    """Have imports find what is in a folder first, and forget it after the with statement."""
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        sys.path_importer_cache.pop(str(folder), None)


def note_stubs() -> None:
    """Have the stubs of all chapters that are imported note that they are called."""
    for stem in set(project().by_stem) & set(sys.modules):
        vars(sys.modules[stem]).setdefault("NotImplementedError", StubMet)


def load(stem: str) -> ModuleType:
    """Return the module of a chapter, imported when it is first asked for. Raises Broken with a sentence."""
    if stem in sys.modules:
        return sys.modules[stem]
    try:
        with contextlib.suppress(OSError, UnicodeDecodeError, Diagnosis):
            texts[stem] = read_source(path_of(stem))
        module = importlib.import_module(stem)
        note_stubs()
        return module
    except SyntaxError as error:
        place = f"{relative(error.filename or path_of(stem))}:{error.lineno or 1}"
        raise Unreadable(f"{place} is not Python: {error.msg}", called=None,
                         place=f"{place}  {(error.text or '').strip()}".rstrip(),
                         why="Python reads a whole file before it runs any of it, so no step in it can be checked.")
    except (Exception, SystemExit) as error:
        raise cannot_be_imported(stem, error)


def cannot_be_imported(stem: str, error: BaseException) -> Unreadable:
    """Return the Unreadable for a chapter whose import raises an error."""
    if isinstance(error, ImportError) and (other := project().by_stem.get(error.name or "")):
        if other.stem not in sys.modules:
            return no_file(other)
        if (name := name_not_found(error)) and not hasattr(sys.modules[other.stem], name):
            return lacks_name(error, other.stem, name)
    return Unreadable(f"{stem}.py raises {type(error).__name__} when it is imported: {error}",
                      place=deepest_place(error.__traceback__),
                      why="Importing a chapter only defines its functions; nothing in it should run.")


def no_file(chapter: Chapter) -> Unreadable:
    """Return the Unreadable for a chapter that is not there."""
    return Unreadable(f"there is no file {chapter.stem}.py", called=None, why="The checks look for it in the chapters "
                      f"folder. {command('reset', chapter.number)} puts the starter there.")


def name_not_found(error: ImportError) -> str:
    """Return the name that an import did not find in a module that was there, whole; "" if it is another error."""
    match = re.match(r"cannot import name '(\w+)' from '\w+'", str(error))
    return match[1] if match else ""


def lacks_name(error: ImportError, other: str, name: str) -> Unreadable:
    """Return the Unreadable for a chapter that imports a name from another (its stem) which does not define it."""
    importing, there = learner_frames(error.__traceback__)[-1][0], relative(path_of(other))
    similar = similar_name(sys.modules[other], name)
    return Unreadable(f"{relative(importing)} imports the name {name}, which {there} does not define", called=None,
                      perhaps=f"{there} has {similar}: is that the one?" if similar else None,
                      place=place_of_definition(other, similar) or deepest_place(error.__traceback__),
                      why="Chapters use functions of earlier ones by their names: each function keeps the name that it "
                          "has in the starter.")


def place_of_definition(stem: str, name: str) -> str | None:
    """Return `path:line  the line's text` of a function in a chapter, or None if it has none with this name."""
    path = path_of(stem)
    node = nodes_of(read_source(path)).get(name)
    return place(path, node.lineno) if node else None


def learner_frames(trace: TracebackType | None) -> list[tuple[Path, int, str]]:
    """Return (path, line, function name) of the frames of a traceback that lie in the learner's files."""
    folders = chapter_folders()
    frames = []
    while trace:
        code = trace.tb_frame.f_code
        if is_learners(code.co_filename, folders):
            frames.append((Path(code.co_filename), trace.tb_lineno, code.co_name))
        trace = trace.tb_next
    return frames


def chapter_folders() -> tuple[str, ...]:
    """Return the folders in which an import looks first: what learners write is in one of them."""
    return tuple(sys.path[:8])


@functools.cache  # a deep recursion has a thousand frames
def is_learners(name: str, folders: tuple[str, ...]) -> bool:
    """Tell whether a file, by its name, is a chapter in one of some folders."""
    path = Path(name)
    return path.stem in project().by_stem and path.parent.resolve() in resolved(folders)


@functools.lru_cache(4)
def resolved(folders: tuple[str, ...]) -> set[Path]:
    """Return folders as they are without links."""
    return {Path(folder or ".").resolve() for folder in folders}


@functools.cache
def lines_of(step: Step) -> range:
    """Return the numbers of the lines of a step's function; none where its file is gone."""
    try:
        node = nodes_of(read_source(step.path))[step.name]
    except OSError:
        return range(0)
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
    """Return `path:line  the line's text` of a line in a file; without the text where the file is gone."""
    return f"{relative(path)}:{line}  {line_at(Path(path), line)}".rstrip()


def shown(value: object, limit: int = 160) -> str:
    """Return repr(value), shortened in the middle where it is long."""
    text = repr(value)
    return text if len(text) <= limit else f"{text[:limit - 40]} … {text[-35:]}"


def as_argument(value: object) -> str:
    """Return a value as it is shown in a call; of functions, requests and responses, what tells them from others."""
    if isinstance(value, types.FunctionType):
        return f"<{value.__name__}>"
    if isinstance(value, time.struct_time):
        return f"time.gmtime({calendar.timegm(value)})"
    kind, parts = type(value).__name__, getattr(value, "__dict__", {})
    if kind == "Request" and {"method", "target", "version"} <= parts.keys():
        return "<Request {method} {target} {version}>".format_map(parts)
    if kind == "Response" and {"started", "status", "head_sent", "sent"} <= parts.keys():
        return ("<Response with started={started}, status={status!r}, head_sent={head_sent}, sent={sent}>"
                .format_map(parts))
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


def chapter_anew(stem: str, name: str) -> ModuleType:
    """Return the learner's chapter, imported once more, as another module; it has something with this name."""
    assert getattr(LearnersChapter(stem), name)
    module = ModuleType(f"{stem}_anew")
    place = vars(module)["__file__"] = sys.modules[stem].__file__ or stem
    exec(compile(texts[stem], place, "exec"), vars(module))
    return module


def near(module: ModuleType, name: str) -> str | None:
    """Return a sentence about a name in the module that looks like a misspelling of name, or None."""
    similar = similar_name(module, name)
    return f"there is {similar}: is that the one?" if similar else None


def similar_name(module: ModuleType, name: str) -> str:
    """Return the name in the module that looks most like another one, "" if none does."""
    import difflib

    return (difflib.get_close_matches(name, vars(module), n=1) or [""])[0]


def noted(function: Callable[..., Any], name: str) -> Callable[..., Any]:
    """Return a function that does as the learner's does, and leaves a note of each call."""
    def call(*arguments: Any, **named: Any) -> Any:
        values = [*map(as_argument, arguments), *(f"{key}={as_argument(value)}" for key, value in named.items())]
        calls.append(f"{name}({', '.join(values)})")
        place = len(calls) - 1
        try:
            value = function(*arguments, **named)
        except BaseException as error:
            endings[place] = raised_as(error)
            raise
        endings[place] = returned(value)
        return value

    return call


def raised_as(error: BaseException) -> str:
    """Return what tells whether two exceptions are the same: the class, the line, and of a learner's `raise` the text.
    """
    frames = learner_frames(error.__traceback__)
    said = safe_text(error) if not frames or is_raised_on_purpose(error.__traceback__) else ""
    return f"{type(error).__name__}: {said}" + (f" {frames[-1][:2]}" if frames else "")


def is_raised_on_purpose(trace: TracebackType | None) -> bool:
    """Tell whether an exception comes from a `raise` statement in a learner's file."""
    while trace and trace.tb_next:
        trace = trace.tb_next
    frames = learner_frames(trace)
    return bool(frames) and frames[0][1] in raise_lines(frames[0][0])


@functools.cache
def raise_lines(path: Path) -> set[int]:
    """Return the numbers of the lines of a file on which there is a `raise`; none if it cannot be read."""
    with contextlib.suppress(OSError, SyntaxError, ValueError):
        return raise_lines_in(read_source(path))
    return set()


@functools.lru_cache(16)
def raise_lines_in(source: str) -> set[int]:
    """Return the numbers of the lines of a source on which there is a `raise`. Raises SyntaxError or ValueError."""
    return {line for node in ast.walk(parsed(source)) if isinstance(node, ast.Raise)
            for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)}


def safe_text(error: BaseException) -> str:
    """Return the text of an exception, "" where its class is the learner's and its __str__ fails."""
    try:
        return str(error)
    except Exception:
        return ""
