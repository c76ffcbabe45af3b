"""Taking the bodies of functions out of a source text, and putting others in.

A body is what follows a function's docstring. Signature and docstring, which are the task, always stay.
"""
import ast
import functools
import textwrap

from workshop.course.steps import functions_of


@functools.lru_cache(16)
def nodes_of(source):
    """Return {qualified name: node} of the functions in a source text, in its order."""
    return dict(functions_of(ast.parse(source)))


def replace_bodies(source, bodies):
    """Return source (str) with other bodies: bodies is a dict of qualified names to texts, indented from column 0."""
    lines = source.splitlines(keepends=True)
    for name, node in reversed(nodes_of(source).items()):
        if name in bodies:
            indent = " " * node.body[0].col_offset
            body = textwrap.indent(bodies[name].rstrip("\n") + "\n", indent)
            lines[node.body[0].end_lineno:node.end_lineno] = [body]
    return "".join(lines)


def body_of(source, name):
    """Return the body (str, indented from column 0) of the function with this qualified name. Raises KeyError."""
    node = nodes_of(source)[name]
    lines = source.splitlines(keepends=True)[node.body[0].end_lineno:node.end_lineno]
    return textwrap.dedent("".join(lines))
