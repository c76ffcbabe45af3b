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
        return lines + class_of(app.body)
    return ""


def class_of(body):
    """Return the class that an application needs to give a body, "" if it needs none."""
    if goes_on(body):
        return CLASS.format(blocks=body.blocks)
    return CLOSING if is_closed(body) else ""


def is_closed(body):
    """Tell whether a body is shown as a list with a close, which alone tells who calls close."""
    return hasattr(body, "close") and not any(isinstance(block, BaseException) for block in body.blocks)


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


CLOSING = """
class Closing(list):
    def close(self):
        print('closed')"""


def goes_on(body):
    """Tell whether a body has blocks behind one that is an exception."""
    blocks = list(getattr(body, "blocks", body)) if hasattr(body, "__iter__") else []
    return any(isinstance(block, BaseException) for block in blocks[:-1])


def source_of(app):
    """Return the source of a function, with the values of CONSTANTS in it."""
    return re.sub(r"\b[A-Z]+\b", lambda name: repr(CONSTANTS.get(name[0])) if name[0] in CONSTANTS else name[0],
                  textwrap.dedent(inspect.getsource(app)))


def end_of(body):
    """Return how an application gives a body: it returns a list or Blocks, or yields blocks and raises an exception."""
    if not hasattr(body, "__iter__"):
        return f"return {body!r}"
    blocks = list(getattr(body, "blocks", body))
    if goes_on(body):
        return "return Blocks()"
    if not any(isinstance(block, BaseException) for block in blocks):
        return f"return {'Closing(' * is_closed(body)}{shown(blocks)}{')' * is_closed(body)}"
    lines = [f"{'raise' if isinstance(block, BaseException) else 'yield'} {block!r}" for block in blocks]
    late = any(line.startswith("yield") for line in lines)
    return "\n".join(lines + ([] if late else ["yield  # never reached: it makes this a generator function"]))
