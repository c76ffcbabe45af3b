"""The rules of the house: what stands where, what imports what, and how names and functions are."""
import ast
import functools
import re
from collections import defaultdict
from itertools import combinations

import pytest

from dev import PROJECT
from workshop.course.project import MARK, Project
from workshop.course.source import functions_of

TOP = {
    "LICENSE", "README.md", "CONTRIBUTING.md", "constraints.txt", "pyproject.toml", "requirements.txt",
    "requirements-dev.txt", "chapters", "contract", "dev", "notebooks", "solutions", "teaching", "tests", "workshop",
}
# The packages of workshop/: each may import from those that stand below it, and from itself.
ONE_WAY = re.compile(r"Imports go one way: (.*?)\.")
LAYERS = [layer.split(", ") for layer in
          ONE_WAY.search((PROJECT.root / "CONTRIBUTING.md").read_text(encoding="utf-8"))[1].split(" → ")]
LEVELS = {package: level for level, packages in enumerate(LAYERS) for package in packages}
TREES = {tree: sorted((PROJECT.root / tree).rglob("*.py"))
         for tree in ("contract", "dev", "solutions", "tests", "workshop")}
PACKAGE = "wsgi_contract"  # what is imported of contract/
CODE = sorted([path for paths in TREES.values() for path in paths] + [*(PROJECT.root / "notebooks").glob("*.py")])
# Without the learner's files and their checks.
MACHINERY = [*TREES["workshop"], *TREES["contract"], *TREES["dev"], *(PROJECT.root / "tests").glob("*.py")]
PROGRAM = [path for path in MACHINERY if "tests/" not in PROJECT.relative(path)]
OF_EVERY_PACKAGE = {"__init__", "__main__", "conftest", *PROJECT.by_stem}
# What a command starts as a process of its own, without what the command has imported.
PROCESSES = {"workshop/bench/served/limit.py", "workshop/checking/job.py"}
LONGEST = 30  # lines in a function, without its docstring
SOURCES = re.compile(r"PEP \d+|RFC \d+|ASGI( 3\.0)?, |documentation|documents|gunicorn/|Common Log Format")


def code(path):
    return path.read_text(encoding="utf-8")


@functools.cache
def parsed(path):
    """Return the syntax tree of a file, which nobody changes."""
    return ast.parse(code(path))


# What stands where.


def test_nothing_else_stands_at_the_top():
    found = {path.name for path in PROJECT.root.iterdir() if not path.name.startswith((".", "__"))}
    assert found <= TOP


@pytest.mark.parametrize("folder", ["chapters", "solutions"])
def test_a_folder_holds_one_file_for_each_stem_and_no_other(folder):
    found = {path.name for path in (PROJECT.root / folder).iterdir() if path.name != "__pycache__"}
    assert found == {f"{stem}.py" for stem in PROJECT.by_stem}


def test_the_checks_are_a_folder_for_each_stem():
    found = {path.name for path in (PROJECT.root / "tests").iterdir() if path.name != "__pycache__"}
    assert found == {*PROJECT.by_stem, "__init__.py", "conftest.py", "expect.py"}


def checks_of(step):
    """Return the name of the file with a step's checks: `test_response_write` for `Response.write`."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", step.name.replace(".", "_")).lower()
    return "test_" + re.sub("__+", "_", words).strip("_")


def step_of_file(path, steps):
    """Return the step that a file of checks is named after, a subject perhaps after its name; or None."""
    named = [step for step in steps if re.fullmatch(rf"{checks_of(step)}(_\w+)?", path.stem)]
    return max(named, key=lambda step: len(checks_of(step)), default=None)


@pytest.mark.parametrize("stem", PROJECT.by_stem)
def test_each_file_of_checks_is_named_after_the_function_of_its_step(stem):
    steps = PROJECT.by_stem[stem].steps
    files = sorted((PROJECT.root / "tests" / stem).glob("test_*.py"))
    missing = {checks_of(step) for step in steps} - {path.stem for path in files}
    assert not missing, f"steps without a file of checks: {missing}"
    for path in files:
        step = step_of_file(path, steps)
        assert step, f"{PROJECT.relative(path)} is named after no step"
        assert code(path).startswith(f'"""Step {step.number} · {step.name}'), PROJECT.relative(path)
        assert set(MARK.findall(code(path))) == {step.number}, PROJECT.relative(path)


@pytest.mark.parametrize("stem", PROJECT.by_stem)
def test_each_file_of_checks_is_run_with_its_step_and_with_no_other(stem):
    chapter = PROJECT.by_stem[stem]
    found = {step.number: chapter.checks_of([step.number]) for step in chapter.steps}
    assert sorted(path for paths in found.values() for path in paths) == sorted(chapter.checks.glob("test_*.py"))
    for number, paths in found.items():
        assert {step_of_file(path, chapter.steps).number for path in paths} == {number}
    first, second, *_ = chapter.numbers
    assert chapter.checks_of([second, first]) == sorted(found[first] + found[second])
    assert chapter.checks_of(chapter.numbers) == [chapter.checks]


def test_a_file_of_checks_that_was_edited_is_found_by_its_mark_and_without_one_all_files_are_looked_at(fresh_sandbox):
    chapter = Project(fresh_sandbox("mine").root).by_stem["ch01_socket"]
    [marked, *_], [unmarked, *others] = chapter.checks_of(["1.5"]), chapter.checks_of(["1.4"])
    marked.write_bytes(marked.read_bytes() + b"# \xff")
    unmarked.write_text("", encoding="utf-8")
    assert marked in chapter.checks_of(["1.5"]) and not others
    assert chapter.checks_of(["1.4"]) == chapter.checks_of(["1.4", "1.5"]) == [chapter.checks]


@pytest.mark.parametrize("stem", PROJECT.by_stem)
def test_what_stands_beside_the_files_of_checks_is_shared_by_them(stem):
    files = {path.stem: code(path) for path in (PROJECT.root / "tests" / stem).glob("*.py")}
    for name in [name for name in files if not name.startswith(("test_", "__init__", "conftest"))]:
        users = [user for user, text in files.items() if f"from tests.{stem}.{name} import" in text]
        assert len(users) > 1, f"tests/{stem}/{name}.py is imported by {users}"


def test_what_checks_expect_with_has_one_meaning():
    """A helper such as expect_value is there once: nobody asks which of several of that name a check calls."""
    places = defaultdict(list)
    for path in TREES["tests"]:
        for node in parsed(path).body:
            if isinstance(node, ast.FunctionDef) and re.match("expect_|each_", node.name):
                places[node.name].append(PROJECT.relative(path))
    twice = {name: paths for name, paths in places.items() if len(paths) > 1}
    assert not twice, twice


def test_step_numbers_run_without_a_gap():
    for position, stem in enumerate(PROJECT.by_stem, 1):
        numbers = [number for number, step in PROJECT.steps.items() if step.path.stem == stem]
        assert numbers == [f"{position}.{count}" for count in range(1, len(numbers) + 1)], stem


@pytest.mark.parametrize("step", PROJECT.steps.values(), ids=lambda step: f"{step.number} {step.name}")
def test_a_task_is_short_and_names_its_source(step):
    assert step.minutes <= 35
    assert SOURCES.search(step.task), "no section of a specification is named"
    assert step.path.read_text(encoding="utf-8").count(f"Step {step.number} ·") == 1


@pytest.mark.parametrize("stem", PROJECT.by_stem)
def test_a_chapter_opens_with_its_question(stem):
    assert PROJECT.by_stem[stem].question.endswith("?")


# What imports what.


def imported(path):
    """Yield the dotted names of all that a file imports, wherever in it."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{name.name}" for name in node.names)


@pytest.mark.parametrize("package", LEVELS)
def test_imports_in_the_workshop_go_one_way(package):
    paths = (PROJECT.root / "workshop" / package).rglob("*.py")
    upwards = [f"{PROJECT.relative(path)} imports {name}" for path in paths for name
               in imported(path) if tree_of(name) in TREES and not is_below(package, name)]
    assert not upwards, "\n".join(upwards)


def test_nothing_but_itself_imports_what_proves_the_rest():
    users = [f"{PROJECT.relative(path)} imports {name}" for path in CODE if path not in TREES["dev"]
             for name in imported(path) if name.partition(".")[0] == "dev"]
    assert not users, "\n".join(users)


@pytest.mark.parametrize("tree", ["contract", "solutions"])
def test_what_stands_alone_imports_no_other_tree(tree):
    users = [f"{PROJECT.relative(path)} imports {name}" for path in TREES[tree]
             for name in imported(path) if tree_of(name) in TREES.keys() - {tree}]
    assert not users, "\n".join(users)


def tree_of(name):
    """Return the tree that a dotted name is in."""
    return name.partition(".")[0].replace(PACKAGE, "contract")


def is_below(package, name):
    """Tell whether a package of the workshop may import a name of this repository. The contract is below all of it."""
    tree, other = tree_of(name), name.split(".")[1]
    return tree == "contract" or tree == "workshop" and (other == package or LEVELS.get(other, -1) > LEVELS[package])


def test_every_package_of_the_workshop_has_its_place():
    packages = {path.parent.name for path in (PROJECT.root / "workshop").glob("*/__init__.py")}
    assert packages == set(LEVELS)


@pytest.mark.parametrize("path", [path for path in PROGRAM if path.name != "__main__.py"], ids=PROJECT.relative)
def test_a_module_is_not_named_in_a_text(path):
    """Whoever renames a module finds all that start it: a table of commands is the only place for names."""
    texts = [node.value for node in ast.walk(parsed(path))
             if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    assert not [text for text in texts if re.fullmatch(r"(wsgi_contract|dev|tests|workshop)(\.\w+)+", text)]


def test_nothing_but_the_commands_has_a_main_of_its_own():
    found = {PROJECT.relative(path) for path in MACHINERY for node in ast.walk(parsed(path))
             if isinstance(node, ast.If) and ast.unparse(node.test) == "__name__ == '__main__'"}
    assert found == {"workshop/__main__.py", "dev/__main__.py", *PROCESSES}


# Names.


def alike(places):
    """Return the names, of {name: where it is}, that are there twice or differ by a letter, as text."""
    twice = [f"{name}: {', '.join(paths)}" for name, paths in places.items() if len(paths) > 1]
    close = [f"{one} ({', '.join(places[one])}) and {other} ({', '.join(places[other])})"
             for one, other in combinations(places, 2) if near(one, other)]
    return "\n".join(twice + close)


def near(one, other):
    """Tell whether a name becomes the other one by leaving out, adding or changing at most a letter."""
    shorter, longer = sorted((one, other), key=len)
    same = next((place for place, (a, b) in enumerate(zip(shorter, longer, strict=False)) if a != b), len(shorter))
    return longer[same + 1:] == shorter[same + (len(shorter) == len(longer)):]


def test_near_names_are_found():
    assert near("page", "page") and near("page", "pages") and near("serve", "served") and near("prove", "probe")
    assert not near("page", "paper") and not near("runs", "running") and not near("a", "bcd")


def test_no_two_modules_have_names_that_are_alike():
    places = defaultdict(list)
    for path in MACHINERY:
        if path.stem not in OF_EVERY_PACKAGE:
            places[path.stem].append(PROJECT.relative(path))
    assert not alike(places), alike(places)


def test_no_two_classes_have_names_that_are_alike():
    places = defaultdict(list)
    for path in MACHINERY:
        for node in parsed(path).body:
            if isinstance(node, ast.ClassDef):
                places[node.name].append(PROJECT.relative(path))
    assert not alike(places), alike(places)


# Functions.


@pytest.mark.parametrize("path", CODE, ids=PROJECT.relative)
def test_functions_can_be_read_aloud(path):
    for name, node in functions_of(parsed(path)):
        begin = node.body[0].end_lineno + 1 if ast.get_docstring(node) else node.body[0].lineno
        assert node.end_lineno - begin < LONGEST, f"line {node.lineno}: {name} is longer than {LONGEST} lines"


@pytest.mark.parametrize("path", PROGRAM, ids=PROJECT.relative)
def test_no_stem_is_taken_apart(path):
    """A chapter knows its number: no text is cut at [2:4]."""
    cuts = [node.lineno for node in ast.walk(parsed(path)) if isinstance(node, ast.Slice)
            and [bound and ast.unparse(bound) for bound in (node.lower, node.upper)] == ["2", "4"]]
    assert not cuts


def test_no_later_chapter_repeats_a_name_of_an_earlier_one_but_its_handle():
    given = {"handle", "main", "make_handle"}
    seen = {}
    for stem in PROJECT.by_stem:
        tree = parsed(PROJECT.root / "solutions" / f"{stem}.py")
        for name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)} - given:
            assert name not in seen, f"{name} is defined in {seen[name]} and again in {stem}"
            seen[name] = stem


@pytest.mark.parametrize("name", ["constraints.txt", "requirements.txt", "requirements-dev.txt"])
def test_requirements_hold_no_addresses(name):
    assert not re.search(r"://|--index|--find-links|file:", code(PROJECT.root / name))
