"""Step 4.16 · load_application"""
import asyncio
import os
import re
import sys
import types

import pytest

from tests.ch04_response.common import ch04
from tests.ch04_response.modules import NO_APPLICATIONS, WHYS_REFUSED, WHYS_TOLD, source_of
from tests.expect import expect_raised
from workshop.checking.diagnosis import Diagnosis, expect_that
from workshop.checking.tree import deepest_place

ENDS = (Exception, SystemExit, GeneratorExit, asyncio.CancelledError)  # all that the modules raise
THERE = "The module and its object are there, and the object can be called."
RIGHT_NAMES = {
    "demo_package.inner:app": "The module inner lies in the package demo_package, and app in it is a function. "
                              "importlib.import_module returns the module inner, `__import__` the package.",
    "demo_class:app": "app is a class, and a class can be called.",
    "demo_hollow:app": "app is an object whose len is 0: it counts as false, and can be called all the same. Ask "
                       "`callable` alone.",
    "demo_late:app": "The module has a function __getattr__, which returns app when it is asked for. getattr finds it; "
                     "vars() and dir() do not.",
    "demo_object:app": "app is an object with __call__, as a Flask app is: `callable` tells.",
}


def wrong_place(error, name):
    """Return the problem if error says that app was looked for elsewhere than in the module of name, else None."""
    module, cause = name.partition(":")[0], error.__cause__ or error.__context__
    looked_into = getattr(cause, "obj", None) if isinstance(cause, AttributeError) else None
    if isinstance(looked_into, types.ModuleType) and looked_into.__name__ != module:
        return f"{cause.name!r} is looked for in {looked_into.__name__}, not in {module}"


@pytest.mark.step("4.16")
class TestLoadApplication:
    def loaded(self, name):
        """Return what load_application returns for a name that is right. Raises Diagnosis if it refuses it."""
        try:
            return ch04.load_application(name)
        except TypeError as error:
            if "positional argument" not in str(error):  # which a call without environ and start_response gets
                raise
            raise Diagnosis("the object is called", came_out=repr(error), expected="the object, as it is",
                            place=deepest_place(error.__traceback__),
                            why="Whoever serves an application calls it, with environ and start_response.")
        except ch04.NotAnApplication as error:
            raise Diagnosis(wrong_place(error, name) or "NotAnApplication is raised for a name that is right",
                            came_out=f"NotAnApplication: {error}", expected="the object app",
                            why=RIGHT_NAMES.get(name, THERE), place=deepest_place(error.__traceback__))

    @pytest.mark.parametrize("name", ["demo_good:app", "demo_package.inner:app"])
    def test_the_object_of_the_module_is_returned(self, folder, name):
        app = self.loaded(name)
        expect_that(app is not None, "nothing is returned", expected="the object app",
                    why="main serves what is returned.")
        expect_that(isinstance(app, types.FunctionType) and app.__module__ == name.partition(":")[0],
                    "another object is returned", came_back=repr(app),
                    expected=f"app of the module {name.partition(':')[0]}",
                    why="`demo:app` stands for the object app in demo.py, as for gunicorn.")

    @pytest.mark.parametrize("name", ["demo_good:app", "demo_class:app", "demo_object:app", "demo_hollow:app"])
    def test_what_is_returned_is_the_very_object_whatever_can_be_called(self, folder, name):
        app = self.loaded(name)
        kept = sys.modules[name.partition(":")[0]].app
        expect_that(app is kept, "another object is returned than the module's", came_back=repr(app),
                    expected=repr(kept),
                    why="A function, a class, and an object with __call__ are applications as they are (PEP 3333, The "
                        "Application/Framework Side).")
        expect_that(self.loaded(name) is app, "the module is run again when it is asked for again",
                    why="A module is imported once: what it has opened, a database say, would be open twice.")

    @pytest.mark.parametrize("case", NO_APPLICATIONS)
    def test_a_name_without_an_application_is_refused(self, folder, case):
        name, words = NO_APPLICATIONS[case]
        error = expect_raised(ch04.NotAnApplication, lambda: ch04.load_application(name),
                              others=ENDS, problem=f"{case} is not refused with NotAnApplication",
                              **{"try it": f"python chapters/ch04_response.py {name}"},
                              why=WHYS_REFUSED.get(case, "main turns NotAnApplication into one sentence; of all else "
                                                   "it shows a traceback."))
        expect_that(str(error) and "\n" not in str(error).strip(), "the message is not one sentence",
                    came_back=repr(str(error)), why="It is all that the person at the keyboard reads.")
        said = str(error).replace(os.sep, "/")
        missing = [word for word in words if not re.search(rf"(?<!\w){re.escape(word)}(?!\w)", said)]
        told = {"came_back": str(error), "expected": f"a sentence with {' and '.join(map(repr, missing))} in it",
                "the module": source_of(name)}
        expect_that(not missing or any(word not in name for word in missing), **told,
                    problem=f"the message does not have the name in it, {name!r}: {case}",
                    why=f"{WHYS_TOLD.get(case, '')} Who reads it wants to know which name is wrong.".strip())
        expect_that(not missing, f"the message says something else than what is wrong: {case}", **told,
                    why=WHYS_TOLD.get(case, "The person who reads it wants to know what to repair, and where."))

    def refusal_of(self, name):
        """Return the message of the NotAnApplication that is raised for a name."""
        return str(expect_raised(ch04.NotAnApplication, lambda: ch04.load_application(name),
                                 problem="NotAnApplication is not raised", why="There is no application."))

    @pytest.mark.parametrize("other", ["demo_wrong", "demo_false", "demo_plain"])
    def test_no_object_is_told_from_one_that_cannot_be_called(self, folder, other):
        missing, there = self.refusal_of("demo_lacks:app"), self.refusal_of(f"{other}:app")
        expect_that(missing.replace("demo_lacks", other) != there,
                    "the message does not say whether there is such an object", called=None,
                    came_back=f"for demo_lacks:app: {missing}\nfor {other}:app: {there}",
                    expected=f"for demo_lacks:app that there is no app, for {other}:app that it can't be called",
                    why="Who reads it looks for a misspelt name, or for what the name stands for.")

    @pytest.mark.parametrize("name", ["demo_lacks:app", "demo_good:application", "demo_package:nothing"])
    def test_a_name_that_is_not_there_is_not_told_as_none(self, folder, name):
        message, (module, _, attribute) = self.refusal_of(name), name.partition(":")
        expect_that(not re.search(r"\bNone(Type)?\b", message),
                    "the message speaks of None, and no such object is there at all", came_back=message,
                    expected=f"a sentence that says: the module {module} has no {attribute!r}",
                    why="None came of looking the name up with a default. Who reads the message would look for a None "
                        "in the module, and the name is misspelt; `why_not` has the sentence for what getattr raises.")

    def test_an_object_that_the_module_gives_when_it_is_asked_is_returned(self, folder):
        app = self.loaded("demo_late:app")
        expect_that(app is sys.modules["demo_late"].site, "another object is returned", came_back=repr(app),
                    expected="what the __getattr__ of the module demo_late returns for 'app'",
                    why=RIGHT_NAMES["demo_late:app"])

    def test_ctrl_c_while_an_object_is_looked_up_reaches_the_caller(self, folder):
        (folder / "demo_asked.py").write_text("def __getattr__(name):\n    raise KeyboardInterrupt\n", encoding="utf-8")
        expect_raised(KeyboardInterrupt, lambda: ch04.load_application("demo_asked:app"), problem="Ctrl-C is swallowed",
                      why="It ends the program, whatever that is doing: here a module's own __getattr__, which getattr "
                          "runs.")

    def test_ctrl_c_while_a_module_is_imported_reaches_the_caller(self, folder):
        (folder / "demo_slow.py").write_text("raise KeyboardInterrupt\n", encoding="utf-8")
        expect_raised(KeyboardInterrupt, lambda: ch04.load_application("demo_slow:app"), problem="Ctrl-C is swallowed",
                      why="It ends the program, whatever that is doing.")
