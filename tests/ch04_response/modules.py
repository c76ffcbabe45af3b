"""Modules with and without an application, for step 4.16."""


MODULES = {
    "good": "def app(environ, start_response):\n    start_response('200 OK', [])\n    return [b'from demo_good']\n",
    "class": "class app:\n    def __init__(self, environ, start_response):\n        pass\n",
    "object": "class Site:\n    def __call__(self, environ, start_response):\n        pass\n\napp = Site()\n",
    "hollow": "class Site:\n    def __call__(self, environ, start_response):\n        pass\n\n"
              "    def __len__(self):\n        return 0\n\napp = Site()\n",
    "package/__init__": "",
    "package/inner": "def app(environ, start_response):\n    pass\n",
    "raises": "\nraise RuntimeError('no database')\n",
    "own": "\nclass NoDatabase(Exception):\n    pass\n\nraise NoDatabase('no database')\n",
    "misspelt": "\nimport os\nos.nowhere\n",
    "needs": "\nimport a_module_that_nobody_has\n",
    "leaves": "\nimport sys\nsys.exit('set SECRET first')\n",
    "stops": "\nraise GeneratorExit('no database')\n",
    "quits": "\nimport asyncio\nraise asyncio.CancelledError('no database')\n",
    "halts": "\ndef __getattr__(name):\n    raise GeneratorExit('no database')\n",
    "unclosed": "\ndef app(environ, start_response:\n    pass\n",
    "lazy": "\ndef __getattr__(name):\n    raise RuntimeError('no database')\n",
    "ends": "\ndef __getattr__(name):\n    raise SystemExit('set SECRET first')\n",
    "late": "def site(environ, start_response):\n    pass\n\n"
            "def __getattr__(name):\n    if name == 'app':\n        return site\n    raise AttributeError(name)\n",
    "lacks": "application = print\n",
    "wrong": "app = 'an application'\n",
    "false": "app = False\n",
    "plain": "app = object()\n",
    "refuses": "\nfrom ch04_response import NotAnApplication\n\nraise NotAnApplication('no database')\n",
    "nested": "def make():\n    return print\n\nclass site:\n    app = print\n",
    "pretends": "class Site:\n    pass\n\napp = Site()\napp.__call__ = print\n",
}
NO_APPLICATIONS = {
    "no colon": ("demo_good", ["demo_good"]),
    "nothing behind the colon": ("demo_lacks:", ["demo_lacks:"]),
    "nothing before the colon": (":app", [":app"]),
    "an empty name": ("", []),
    "a colon alone": (":", []),
    "no such module": ("demo_nowhere:app", ["demo_nowhere"]),
    "no such package": ("demo_nowhere.wsgi:app", ["demo_nowhere"]),
    "no such module in a package": ("demo_package.nowhere:app", ["demo_package.nowhere"]),
    "a path instead of a name": ("demo_good.py:app", ["demo_good.py"]),
    "a module that raises": ("demo_raises:app", ["no database", "demo_raises.py:2"]),
    "a module with an AttributeError": ("demo_misspelt:app", ["nowhere", "demo_misspelt.py:3"]),
    "a module that needs another": ("demo_needs:app", ["a_module_that_nobody_has", "demo_needs.py:2"]),
    "a module that exits": ("demo_leaves:app", ["set SECRET first", "demo_leaves.py:3"]),
    "a module that is no Python": ("demo_unclosed:app", ["demo_unclosed.py:2"]),
    "a module without that name": ("demo_lacks:app", ["demo_lacks", "app"]),
    "an object that can't be called": ("demo_wrong:app", ["demo_wrong", "app"]),
    "an object that can't be called and counts as false": ("demo_false:app", ["demo_false", "app"]),
    "a plain object": ("demo_plain:app", ["demo_plain", "app"]),
    "a module that raises an exception of its own": ("demo_own:app", ["no database", "demo_own.py:5"]),
    "a name with two colons": ("demo_good:app:app", ["demo_good", "app:app"]),
    "an object with a __call__ that its class has not": ("demo_pretends:app", ["demo_pretends", "app"]),
    "a name with a dot": ("demo_nested:site.app", ["demo_nested", "site.app"]),
    "a call": ("demo_nested:make()", ["demo_nested", "make()"]),
    "a module whose __getattr__ raises": ("demo_lazy:app", ["no database", "demo_lazy.py:3"]),
    "a module whose __getattr__ exits": ("demo_ends:app", ["set SECRET first", "demo_ends.py:3"]),
    "a module that raises GeneratorExit": ("demo_stops:app", ["no database", "demo_stops.py:2"]),
    "a module that raises CancelledError": ("demo_quits:app", ["no database", "demo_quits.py:3"]),
    "a module whose __getattr__ raises GeneratorExit": ("demo_halts:app", ["no database", "demo_halts.py:3"]),
    "a space in front of the module": (" demo_good:app", [" demo_good"]),
    "a space behind the module": ("demo_good :app", ["demo_good "]),
    "a space in front of the object": ("demo_good: app", [" app"]),
    "a space behind the object": ("demo_good:app ", ["app "]),
    "a module that raises NotAnApplication itself": ("demo_refuses:app", ["no database", "demo_refuses.py:4"]),
}
BOTH = ("MODULE:NAME has both: a name without one of them is refused at once, and no other, such as `application`, "
        "takes the place of what is missing.")
GETATTR = ("A module may have a function __getattr__, which is run when app is looked up in it: getattr may raise all "
           "that the import may. Catch the same from both.")
BASES = ("It is a BaseException, and neither an Exception nor SystemExit. All that an import raises is told as a "
         "NotAnApplication, but for KeyboardInterrupt: let that out in an `except` of its own, and catch BaseException "
         "after it.")
SPACES = "A space is a character of the name: there is no such module, or no such object. Take nothing off."
WHYS_REFUSED = {
    **dict.fromkeys(["a module that raises GeneratorExit", "a module that raises CancelledError",
                     "a module whose __getattr__ raises GeneratorExit"], BASES),
    **dict.fromkeys([f"a space {where} the {what}" for where in ("in front of", "behind")
                     for what in ("module", "object")], SPACES),
    **dict.fromkeys(["no colon", "nothing behind the colon", "nothing before the colon", "a colon alone"], BOTH),
    "an object with a __call__ that its class has not": "Python looks for __call__ in the class of an object: app() "
                                                        "raises TypeError here. hasattr finds the object's own; ask "
                                                        "`callable`.",
    "a module whose __getattr__ raises": GETATTR,
    "a module whose __getattr__ exits": GETATTR,
    "a module that exits": "SystemExit is no Exception, so `except Exception` does not catch it: a module that calls "
                           "sys.exit while it is imported would end the program, with no word on which module or "
                           "line. Catch it too, and let KeyboardInterrupt out.",
    "a name with a dot": "What stands behind the colon, site.app, is the name of one object, as getattr takes it: the "
                         "module has none of that name. That site has an app makes it no object of the module; "
                         "gunicorn refuses such a name too.",
    "a call": "What stands behind the colon, make(), is taken for a name, and not for code to run: the module has no "
              "object of that name. (gunicorn would call make; this program has names only.)",
    "a name with two colons": "What stands behind the first colon, app:app, is the name of the object: the module has "
                              "none of that name. main turns NotAnApplication into one sentence.",
}
RAISED_THERE = ("The module has a function __getattr__, which getattr runs when it asks for app, and that function has "
                "raised something: say what, and where, as for an import. vars() and dir() do not run it.")
WHYS_TOLD = {
    **dict.fromkeys(["no colon", "nothing behind the colon", "nothing before the colon"], BOTH),
    "a module whose __getattr__ raises": RAISED_THERE,
    "a module whose __getattr__ exits": RAISED_THERE,
    "a module whose __getattr__ raises GeneratorExit": RAISED_THERE,
    "a module that raises NotAnApplication itself": "Whatever the module raises is told with what and where, a "
                                                    "NotAnApplication too: only those that you raise here are "
                                                    "sentences already.",
    "a module that needs another": "demo_needs is there; a line in it imports a module that is missing, and that is a "
                                   "ModuleNotFoundError too. Its `name` tells which module is missing; `why_not` asks "
                                   "for it.",
}


def source_of(name):
    """Return the numbered lines of the module in a name such as "demo_raises:app"; None if there is no such module."""
    lines = MODULES.get(name.partition(":")[0].removeprefix("demo_"), "").splitlines()
    return "\n".join(f"{count}  {line}".rstrip() for count, line in enumerate(lines, 1)) or None
