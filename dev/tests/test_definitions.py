"""Definitions in a text: found wherever they stand, replaced and restored without touching any other line."""
import ast

import pytest

from dev import PROJECT
from workshop.course import definitions
from workshop.course.source import body_of, indent_of, indented, lines_of, nodes_of, replace_bodies


def solution(stem):
    return PROJECT.by_stem[stem].reference


def names(stem):
    return [step.name for step in PROJECT.by_stem[stem].steps]


@pytest.mark.parametrize("stem", list(PROJECT.by_stem))
def test_the_steps_of_the_reference_make_a_starter_the_reference(stem):
    texts = {name: definitions.text_of(solution(stem), name) for name in names(stem)}
    assert definitions.replace(PROJECT.by_stem[stem].starter, texts) == solution(stem)


def functions_in(source):
    """Return {name: the lines of its definition as one text} of the functions and methods of a text."""
    found = {name: place[-1] for name, place in definitions.places(source).items() if name in nodes_of(source)}
    return {name: "".join(lines_of(source)[place.begin:place.end]) for name, place in found.items()}


@pytest.mark.parametrize("stem", list(PROJECT.by_stem))
def test_every_function_of_the_course_is_kept_to_the_letter(stem):
    source = solution(stem)
    for name, lines in functions_in(source).items():
        text = definitions.text_of(source, name)
        assert indented(text, indent_of(lines)) == lines, name
        assert definitions.replace(source, {name: text}) == source, name
        if ast.get_docstring(nodes_of(source)[name]):  # as all steps have
            assert replace_bodies(source, {name: body_of(source, name)}) == source, name


ODD = {
    "a text at the margin": '''
    def f(self):
        'Do.'
        return """one
two
    three
      """
''',
    "a text at the margin in a decorator and in a default value": '''
    @given("""
at the margin""")
    def f(self, text="""
  less than the margin"""):
        'Do.'
        return text
''',
    "values in a text at the margin": '''
    def f(self, name):
        'Do.'
        return f"""
<p>{
    name
}</p>
  {f"{name}"}
""" + name
''',
    "a string that a backslash carries on": r'''
    def f(self):
        'Do.'
        return "one \
two \
        three"
''',
    "two texts that share a line": '''
    def f(self):
        'Do.'
        first = """
"""; second = """
    """
        return first + second
''',
    "a text that looks like code": '''
    def f(self):
        'Do.'
        return """
class A:
    def f(self):
# no comment
        pass
"""
''',
    "tabs": '''
\tdef f(self):
\t\t'Do.'
\t\treturn """
\tone
two"""
''',
    "a raw text, and line ends that are none": r'''
    def f(self):
        'Do.'
        return rb"""\
one
""", """''' + "\x0c\u2028\x1c\n" + '''"""
''',
    "empty lines and a comment at the end": '''
    def f(self):
        'Do.'

        return """

one"""

        # done
''',
}


@pytest.mark.parametrize("name", ODD)
def test_an_odd_method_is_kept_to_the_letter_too(name):
    method = ODD[name].removeprefix("\n")
    source = f"class A:\n{method}\n\nx = 1\n"
    text = definitions.text_of(source, "A.f")
    assert ast.dump(ast.parse(text).body[0]) == ast.dump(definitions.places(source)["A.f"][-1].node)
    assert indented(text, indent_of(method)) == method
    assert definitions.replace(source, {"A.f": text}) == source
    assert replace_bodies(source, {"A.f": body_of(source, "A.f")}) == source


def test_what_only_looks_like_a_text_moves_with_its_function():
    """Brackets and backslashes let a line begin anywhere: it says the same wherever that is."""
    source = 'class A:\n    def f(self):\n        return (1,\n2, \'"""\',\n  3) + \\\n(4,)\n'
    text = definitions.text_of(source, "A.f")
    assert text == 'def f(self):\n    return (1,\n2, \'"""\',\n3) + \\\n(4,)\n'
    again = definitions.replace(source, {"A.f": text})
    assert ast.dump(ast.parse(again)) == ast.dump(ast.parse(source))


@pytest.mark.parametrize("stem", PROJECT.by_stem)
def test_whatever_is_taken_out_of_a_chapter_is_restored(stem):
    """Each definition in turn; the texts may differ in blank lines and in the order of what has no order."""
    whole = PROJECT.by_stem[stem].starter
    lines, expected = definitions.lines_of(whole), sorted(dumps(whole))
    for name, found in definitions.places(whole).items():
        if name.rpartition(".")[2]:
            without = definitions.edited(lines, [(place.begin, place.end, "") for place in found])
            if definitions.line_that_is_no_python(without):
                continue  # a class whose only member it was
            restored = definitions.restore(without, whole)
            assert sorted(dumps(restored)) == expected, name


def dumps(source):
    """Return what a text defines, a piece for each; imports by name, in order to compare them whichever way written."""
    pieces = []
    for node in ast.parse(source).body:
        if isinstance(node, ast.ImportFrom):
            pieces += [f"{node.module} {alias.name}" for alias in node.names]
        else:
            pieces += [ast.dump(part) for part in (node.body if isinstance(node, ast.ClassDef) else [node])]
    return pieces


def test_order_is_kept_where_a_definition_is_restored():
    original = 'A = 1\n\n\ndef f():\n    pass\n\n\ndef g():\n    pass\n\n\ndef h():\n    pass\n'
    assert definitions.restore(original.replace("def g():\n    pass\n\n\n", ""), original) == original


def test_a_name_that_is_there_several_times_is_there_once_afterwards():
    source = "def f():\n    return 1\n\n\nx = 1\n\n\n@cache\ndef f():\n    return 2\n    # mine\n\n\ny = 2\n"
    assert definitions.replace(source, {"f": "def f():\n    return 3\n"}) == (
        "\n\nx = 1\n\n\ndef f():\n    return 3\n\n\ny = 2\n")


@pytest.mark.parametrize("source, expected", [
    ("class A:\n\tdef f(self):\n\t\treturn 1\n", "class A:\n\tdef f(self):\n\t    return 3\n"),
    ("class A:\n  def f(self):\n    return 1", "class A:\n  def f(self):\n      return 3\n"),
    ("class A:\n    async def f(self): return 1\n", "class A:\n    def f(self):\n        return 3\n"),
    ("class A:\n    f = None\n", "class A:\n    def f(self):\n        return 3\n"),
    ("s = '\x0c\u2028\x1c'\nclass A:\n    def f(self): pass\n",
     "s = '\x0c\u2028\x1c'\nclass A:\n    def f(self):\n        return 3\n"),
])
def test_a_definition_takes_the_indentation_of_the_one_it_replaces(source, expected):
    assert definitions.replace(source, {"A.f": "def f(self):\n    return 3\n"}) == expected


def test_a_missing_method_goes_where_it_belongs_in_its_class():
    original = "class A:\n    def f(self):\n        pass\n\n    def g(self):\n        pass\n"
    source = 'class A:\n\t"""Mine."""\n\n\tdef mine(self):\n\t\tpass\n'
    restored = definitions.restore(source, original)
    assert list(definitions.places(restored)) == ["A", "A.", "A.f", "A.g", "A.mine"]


def test_only_the_names_that_are_missing_are_imported():
    original = "import os\nfrom one import a, b as c\n\n\ndef f():\n    pass\n"
    source = '"""Mine."""\nfrom one import a\n\n\ndef f():\n    pass\n'
    assert definitions.restore(source, original) == (
        '"""Mine."""\nfrom one import a\nimport os\nfrom one import b as c\n\n\ndef f():\n    pass\n')


@pytest.mark.parametrize("source, line", [
    ("x = 1\ndef f(:\n", 2), ("x = '\0'", 1), ("(" * 2000, 1), ("if True:\n", 1), ("x = 1\n", None), ("", None),
])
def test_what_is_no_python_is_known_by_its_line(source, line):
    found = definitions.line_that_is_no_python(source)
    assert (found and found[0]) == line


@pytest.mark.parametrize("statement, defined", [
    ("f.calls = 0", []), ("A.limit = 3", []), ("table[key] = 3", []), ("f.calls: int = 0", []),
    ("a = b = 1", ["a", "b"]), ("(a, f.calls), *c = d", ["a", "c"]), ("a: int", ["a"]),
])
def test_a_statement_defines_the_names_that_it_assigns_to_and_no_owner_of_what_it_changes(statement, defined):
    assert definitions.bound_by(ast.parse(statement).body[0]) == defined


CLASS = "class A:\n    def f(self):\n        pass\n\n    def g(self):\n        pass\n"


@pytest.mark.parametrize("one", ["class A: pass", "class A: f = g = None", "class A(\n        B): pass", "A = None"])
def test_a_class_with_no_lines_of_its_own_is_a_missing_one_and_is_replaced_whole(one):
    source, original = f"def e():\n    pass\n\n\n{one}\n\n\nx = 1\n", f"def e():\n    pass\n\n\n{CLASS}\n\nx = 1\n"
    assert definitions.missing(source, original) == ["A"]
    assert definitions.restore(source, original) == original


def test_a_class_that_is_assigned_to_later_still_takes_its_missing_method():
    source = CLASS.partition("    def g")[0] + "\n\nA = given(A)\n"
    assert "A.g" in definitions.places(definitions.restore(source, CLASS))
