"""The examples in the tasks are true: what stands after `>>>` is run with the solutions, step by step."""
import ast
import doctest
import functools
import json
import re
import subprocess
import sys

import pytest

from dev import PROJECT
from workshop.course.source import nodes_of
from workshop.machine.containment import contained_environment

# The solutions run in a process of their own: here `ch02_request` may be the learner's.
SCRIPT = """
import doctest, importlib, io, json, sys

module = importlib.import_module(sys.argv[1])
runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
reports = {}
found = {examples.name: examples for examples in doctest.DocTestFinder().find(module)}
for examples in found.values():
    owner = found.get(examples.name.rpartition(".")[0])  # what is said of a class holds for its methods
    examples.examples[:0] = owner.examples if owner else []
    report = io.StringIO()
    runner.run(examples, out=report.write)
    reports[examples.name.partition(".")[2]] = report.getvalue()
print(json.dumps(reports))
"""
# The words in the types of what is a value: a learner can write it down, call the step, and look at what comes back.
VALUES = {"bytes", "str", "int", "float", "bool", "None", "list", "tuple", "dict", "Any",
          "Address", "Request", "WSGIEnvironment"}
STEPS = PROJECT.steps.values()


@functools.cache
def reports_of(stem):
    """Return what doctest says of each function of a chapter's solution that has a docstring: "" if nothing is wrong.
    """
    done = subprocess.run([sys.executable, "-c", SCRIPT, stem], capture_output=True, text=True, encoding="utf-8",
                          env=contained_environment(PYTHONPATH=str(PROJECT.solutions), PYTHONUTF8="1"))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def examples_in(step):
    """Return the examples in the task of a step."""
    return doctest.DocTestParser().get_examples(step.task)


def is_about_values(step):
    """Tell whether a step is a function that takes values and returns a value."""
    node = nodes_of(step.chapter.reference)[step.name]
    if "." in step.name or node.returns is None or ast.unparse(node.returns) == "None":
        return False
    arguments = node.args.posonlyargs + node.args.args + node.args.kwonlyargs
    types = [node.returns, *(argument.annotation for argument in arguments if argument.annotation)]
    return all(set(re.findall(r"\w+", ast.unparse(annotation))) <= VALUES for annotation in types)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: f"{step.number} {step.name}")
def test_the_examples_of_a_task_are_true(step):
    report = reports_of(step.chapter.stem)[step.name]
    assert report == "", report


@pytest.mark.parametrize("step", [*filter(is_about_values, STEPS)], ids=lambda step: f"{step.number} {step.name}")
def test_a_task_about_values_has_an_example(step):
    assert examples_in(step), "show what comes back for a value: >>> parse_field(b'Host: here')"
    assert examples_in(step)[-1].want, "the last example shows nothing that comes back"
