"""Quotations: code of the chapters, shown as it stands in the file at this moment."""
import ast
import textwrap

from IPython.display import Markdown

from workshop.course.source import functions_of, lines_of, read_source
from workshop.lesson.places import PROJECT, tree


class Quotation(Markdown):
    """Markdown that is readable where an editor shows plain text alone."""

    def __repr__(self) -> str:
        return self.data


def quote(stem: str, name: str, tree_name: str | None = None) -> Quotation:
    """Show the source of a function or class of a chapter."""
    path = (PROJECT.root / tree_name if tree_name else tree()) / f"{stem}.py"
    source = read_source(path)
    module = ast.parse(source)
    classes = {node.name: node for node in module.body if isinstance(node, ast.ClassDef)}
    node = (dict(functions_of(module)) | classes)[name]
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    text = textwrap.dedent("".join(lines_of(source)[first - 1:node.end_lineno])).rstrip()
    return Quotation(f"`{PROJECT.relative(path)}`, `{name}`:\n\n```python\n{text}\n```\n")
