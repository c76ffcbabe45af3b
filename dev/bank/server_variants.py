"""Variants of the reference that break something, put to the contract: they prove its checks.

A variant is a function or a row. With `around` a function takes an application and returns one, which then stands
between the reference and the probe: to the probe, the two together are a server. There with_read(app, read) gives the
application another read of wsgi.input, a function (stream, *size). With `instead` the body of a function takes the
place of the body of a function of the reference, as in the bank of mistakes. `replaced` changes one expression of the
reference. What each is given with it are the claims of the checks that must notice it.

    python -m dev unfailed NAME …     what the checks say of some variants
"""
import importlib
import inspect
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from dev.sandbox import Sources, reference, with_bodies
from workshop.course.source import body_of

MODULES = ("broken_servers", "planted_bugs")  # that have variants
MAIN = '\n\nif __name__ == "__main__":\n'
AROUND = """

make_handle_of_the_reference = make_handle


def with_read(app, read):
    class Stream:
        def __init__(self, stream):
            self.stream = stream
            self.readline, self.readlines = stream.readline, stream.readlines

        def read(self, *size):
            return read(self.stream, *size)

        def __iter__(self):
            return iter(self.stream)

    return lambda environ, start_response: app(
        {{**environ, "wsgi.input": Stream(environ["wsgi.input"])}}, start_response)


{source}

def make_handle(app):
    return make_handle_of_the_reference({name}(app))
"""


@dataclass(frozen=True)
class Variant:
    """A broken server."""

    name: str
    claims: tuple[str, ...]  # of the checks that must fail
    change: Callable[[Sources], Sources]  # what becomes of the reference

    def sources(self) -> Sources:
        """Return the reference with the change in it."""
        return self.change(reference())


variants: list[Variant] = []


def all_variants() -> list[Variant]:
    """Return all variants, those of every module that has some."""
    for name in MODULES:
        importlib.import_module(f"{__package__}.{name}")
    return variants


def around(*claims: str) -> Callable:
    """Note the function that follows as one that stands between the server and the application."""
    def note(function: Callable) -> Callable:
        text = textwrap.dedent(inspect.getsource(function))
        more = AROUND.format(source=text[text.index("def "):], name=function.__name__)

        def change(sources: Sources) -> Sources:
            return sources | {"ch04_response": sources["ch04_response"].replace(MAIN, more + MAIN)}

        variants.append(Variant(function.__name__, claims, change))
        return function

    return note


def instead(stem: str, name: str, *claims: str) -> Callable:
    """Note the function that follows as one whose body takes the place of that of the function name in a chapter."""
    def note(function: Callable) -> Callable:
        body = body_of(Path(inspect.getsourcefile(function) or "").read_text(encoding="utf-8"), function.__name__)
        variants.append(Variant(function.__name__, claims, lambda sources: with_bodies(sources, stem, {name: body})))
        return function

    return note


def replaced(name: str, stem: str, old: str, new: str, *claims: str, also: tuple[tuple[str, str], ...] = ()) -> None:
    """Note a variant in which old, which is in the chapter once, is new; so are further pairs of old and new."""
    variants.append(Variant(name, claims, exchanging(name, stem, (old, new), *also)))


def exchanging(name: str, stem: str, *pairs: tuple[str, str]) -> Callable[[Sources], Sources]:
    """Return the change of a variant in which old, which is in the chapter once, is new, for pairs of old and new."""
    def change(sources: Sources) -> Sources:
        source = sources[stem]
        for before, after in pairs:
            assert source.count(before) == 1, f"{name}: {before!r} is there {source.count(before)} times"
            source = source.replace(before, after)
        return sources | {stem: source}

    return change
