"""What a value is, as one says it: `None`, `a str`, `a tuple (str, bytes)`."""
import itertools
from dataclasses import dataclass
from typing import Any

PLAIN = (type(None), bool, int, float, str, bytes)
DEEPEST = 3  # values within values that are told
FIRST = 6  # values of a list or a tuple that are told


@dataclass(frozen=True)
class Shape:
    """What a value is, and what those in it are. Of the value itself nothing is kept, for a check may count on its end.
    """

    kind: type
    parts: tuple["Shape", ...] = ()

    def __str__(self) -> str:
        names = [part.kind.__name__ for part in self.parts]
        if self.kind is tuple and names:
            return f"a tuple ({', '.join(names)})"
        if self.kind is list and names:
            return f"a list of {' and '.join(dict.fromkeys(names))}"
        return article(self.kind) + (f" with {' and '.join(dict.fromkeys(names))} as keys" if names else "")

    def is_like(self, other: "Shape") -> bool:
        """Tell whether a value of this shape can be used in place of one of the other."""
        if self.kind is not other.kind:
            return False
        if self.kind is tuple and len(self.parts) != len(other.parts):
            return False
        if self.kind is dict and self.parts and other.parts:
            return {part.kind for part in self.parts} == {part.kind for part in other.parts}
        return all(part.is_like(wanted) for part, wanted in zip(self.parts, other.parts, strict=False))


def shape_of(value: object, depth: int = 0) -> Shape:
    """Return the Shape of a value."""
    parts = parts_of(value) if depth < DEEPEST else []
    return Shape(type(value), tuple(shape_of(part, depth + 1) for part in parts))


def parts_of(value: Any) -> list[Any]:
    """Return the first values of a tuple or a list, or the first keys of a dict; none of all else."""
    if type(value) is dict:
        return list(itertools.islice(value, FIRST))
    return list(value[:FIRST]) if type(value) in (tuple, list) else []


def is_plain(value: Any) -> bool:
    """Tell whether a value is made of nothing but numbers and texts, so that it can be kept and shown."""
    if type(value) is dict:
        return all(map(is_plain, itertools.chain(value, value.values())))
    if type(value) in (tuple, list):
        return all(map(is_plain, value))
    return type(value) in PLAIN


def kind_of(value: object) -> str:
    """Return what a value is, as one says it: `None`, `bytes`, `a str`, `an int`."""
    return article(type(value))


def article(kind: type) -> str:
    """Return the name of a type, as one says it: `bytes`, `a str`, `an int`."""
    name = kind.__name__
    if kind in (type(None), bytes):
        return "None" if kind is not bytes else name
    return f"{'an' if name[0].lower() in 'aeiou' else 'a'} {name}"


Returned = tuple[Shape, Any]  # of a value: its shape, and the value itself where it is plain, else ...


def returned(value: object) -> Returned:
    """Return what is kept of a value that a function has returned."""
    return shape_of(value), value if is_plain(value) else ...


def told(kept: Returned) -> str:
    """Return what is kept of a value as a row shows it."""
    shape, value = kept
    return str(shape) if value is ... else repr(value)


NOTHING = returned(None)
