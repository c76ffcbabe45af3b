"""What is told of a call: the call itself, and its application as Python that a learner can type."""
import inspect
import re
import textwrap
import types

from tests.ch05_middleware.common import GREEN, PNG, TEXT
from workshop.checking.tree import calls, shown

CONSTANTS = {"TEXT": TEXT, "PNG": PNG, "GREEN": GREEN}  # names in the applications of these checks


def note(call, app):
    """Note a call of middleware as the last one, with the application inside of it."""
    calls.append("\n".join([call, *code_of(app).splitlines()]))


def code_of(app):
    """Return an application as Python, "" if it is none of the checks' own, as Flask's are none."""
    app = inspect.unwrap(app)
    if hasattr(app, "told"):
        return app.told
    if isinstance(app, types.FunctionType) and app.__name__ == "app":
        return source_of(app)
    if hasattr(app, "headers"):
        body = f"raise {app.error!r}" if app.error else start_of(app) + end_of(app.body)
        lines = "def app(environ, start_response):\n" + textwrap.indent(body, "    ")
        return lines + (CLASS.format(blocks=app.body.blocks) if goes_on(app.body) else "")
    return ""


def start_of(app):
    """Return how an application starts its response, and what it writes then."""
    start = f"start_response({app.status!r}, {app.headers!r})\n"
    return ("write = " if app.writes else "") + start + "".join(f"write({block!r})\n" for block in app.writes)


CLASS = """
class Blocks:
    left = iter({blocks})
    def __iter__(self):
        return self
    def __next__(self):
        block = next(self.left)
        if isinstance(block, Exception):
            raise block
        return block"""  # an iterator that goes on after it has raised, which no generator does


def goes_on(body):
    """Tell whether a body has blocks behind one that is an exception."""
    return any(isinstance(block, BaseException) for block in list(getattr(body, "blocks", body))[:-1])


def source_of(app):
    """Return the source of a function, with the values of CONSTANTS in it."""
    return re.sub(r"\b[A-Z]+\b", lambda name: repr(CONSTANTS.get(name[0])) if name[0] in CONSTANTS else name[0],
                  textwrap.dedent(inspect.getsource(app)))


def end_of(body):
    """Return how an application gives a body: it returns a list or Blocks, or yields blocks and raises an exception."""
    blocks = list(getattr(body, "blocks", body))
    if goes_on(body):
        return "return Blocks()"
    if not any(isinstance(block, BaseException) for block in blocks):
        return f"return {shown(blocks)}"
    lines = [f"{'raise' if isinstance(block, BaseException) else 'yield'} {block!r}" for block in blocks]
    late = any(line.startswith("yield") for line in lines)
    return "\n".join(lines + ([] if late else ["yield  # never reached: it makes this a generator function"]))
