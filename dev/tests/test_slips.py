"""The slips: each is made, and what it makes is Python."""
import ast
import textwrap

import pytest

from dev import PROJECT
from dev.equivalents import EQUIVALENT, EQUIVALENT_SLIPS
from dev.slips import OF_BLOCKS, OF_NODES, slips_of
from workshop.course.source import body_of

BODIES = {number: body_of(step.path.read_text(encoding="utf-8"), step.name) for number, step in PROJECT.steps.items()}
FRAME = "def step():\n{}"
EXAMPLES = {
    "none_is_empty": ("x = y is None", "x = not y"),
    "missing_is_empty": ("x = table.get(key, '')", "x = table[key]"),
    "attribute_looked_up": ("x = hasattr(y, 'close')", "x = 'close' in dir(y)"),
    "condition_left_out": ("x = a and b and c", "x = a and c"),
    "row_left_out": ("x = {1: 2, 3: 4}", "x = {1: 2}"),
    "not_a_copy": ("x = dict(y)", "x = y"),
    "another_method": ("x = y.strip(' ')", "x = y.strip()"),
    "another_encoding": ("x = y.decode('ascii')", "x = y.decode('latin-1', 'strict')"),
    "argument_left_out": ("print(x, file=y)", "print(x)"),
    "looked_up_later": ("x = self.y\nz = x", "x = self.y\nz = self.y"),
    "kept_for_all": ("self.x = y", "type(self).x = y"),
    "other_class": ("try:\n    x()\nexcept OSError:\n    y()", "try:\n    x()\nexcept ConnectionError:\n    y()"),
    "said_too_much": ("try:\n    x()\nexcept E:\n    pass", "try:\n    x()\nexcept E:\n    print('oops')\n    pass"),
    "not_finally": ("try:\n    x()\nfinally:\n    y()", "x()\ny()"),
    "swapped": ("x()\ny()", "y()\nx()"),
    "tries_less": ("try:\n    x()\n    y()\nfinally:\n    z()", "x()\ntry:\n    y()\nfinally:\n    z()"),
}


def slips_in(body):
    """Return the slips that can be made in the body of a function: a list of (name, changed code)."""
    return list(slips_of(FRAME.format(textwrap.indent(body, "    "))))


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_slip_is_made(name):
    body, changed = EXAMPLES[name]
    assert (name, ast.unparse(ast.parse(FRAME.format(textwrap.indent(changed, "    ")))) + "\n") in slips_in(body)


def test_each_slip_can_be_made_in_some_step():
    made = {name for body in BODIES.values() for name, _ in slips_in(body)}
    assert made == {slip.__name__ for slip in [*OF_NODES, *OF_BLOCKS]}


@pytest.mark.parametrize("number", BODIES)
def test_what_a_slip_makes_of_a_step_is_python(number):
    for _, code in slips_in(BODIES[number]):
        ast.parse(code)


@pytest.mark.parametrize("key", [*EQUIVALENT, *EQUIVALENT_SLIPS], ids=" ".join)
def test_a_reason_names_the_change_that_it_is_about(key):
    """An empty piece is in every change: it would explain those that a check should notice, too."""
    assert key[-1].strip()
