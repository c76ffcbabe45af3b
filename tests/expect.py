"""What the checks of all chapters expect, beyond `expect_same` and `expect_that` of `workshop/checking/diagnosis.py`.

Each of these fails with a Diagnosis: a problem in one line, rows such as sent=…, and why it matters.
"""
import contextlib
from collections import Counter

import pytest

from workshop.checking.diagnosis import NOTHING_OUT, Diagnosis, expect_same, expect_that, shown_bytes
from workshop.checking.transport import afresh
from workshop.checking.tree import LearnersChapter, deepest_place, is_of_a_stub, learner_frames, shown
from workshop.checking.type_words import article, kind_of

__all__ = ["FAMILIES", "HANDED_ON", "HandsOn", "Own", "a_value", "blaming", "difference", "each_family",
           "expect_hung_up", "expect_let_out", "expect_out_of_handle", "expect_raised", "expect_returned",
           "expect_silence", "expect_type", "expect_value", "families", "kind_of", "more_lines", "raised_by", "raising",
           "rows_named", "shown_error", "shown_value", "which_differ"]

# One exception of each family that code is apt to catch by mistake: of the network, of the system, bugs, and ends.
FAMILIES = (ConnectionResetError, TimeoutError, OSError, ValueError, KeyError, AttributeError, TypeError, RuntimeError,
            SystemExit, KeyboardInterrupt, GeneratorExit)

# The tutorial's own exceptions, and the chapter of each: whoever catches one of them may catch too much.
OURS = {"ClientGone": "ch01_socket", "HeadTooLarge": "ch01_socket", "BadRequest": "ch02_request",
        "NotAnApplication": "ch04_response"}


class Own:
    """One of OURS, by its name: the class is looked up in the learner's chapter when an exception is made."""

    def __init__(self, name):
        self.__name__ = name

    def __repr__(self):
        return self.__name__

    def __call__(self, text="one of ours"):
        kind = getattr(LearnersChapter(OURS[self.__name__]), self.__name__)
        return kind(400, text) if self.__name__ == "BadRequest" else kind(text)


HANDED_ON = "an object whose __getattr__ gives it the close of another object: neither its class nor dir() knows of it"


class HandsOn:
    """An iterable that looks up all its attributes in another one, as a proxy does."""

    def __init__(self, iterable):
        self._iterable = iterable

    def __repr__(self):
        return f"<an object that hands all on to {self._iterable!r}>"

    def __iter__(self):
        return iter(self._iterable)

    def __getattr__(self, name):
        return getattr(self._iterable, name)


def families(*left_out, ours=None, more=()):
    """Return FAMILIES, and those of OURS that the chapter with the stem ours knows, but for those left out; and more.

    A class is left out as such, one of OURS by its name. more are classes that a step is apt to catch, beyond these.
    """
    known = [name for name, stem in OURS.items() if ours and stem <= ours and name not in left_out]
    return [*(kind for kind in FAMILIES if kind not in left_out), *map(Own, known), *more]


def each_family(*left_out, ours=None, more=()):
    """Return the mark that runs a check once for each of families(…), as kind."""
    kinds = families(*left_out, ours=ours, more=more)
    return pytest.mark.parametrize("kind", kinds, ids=[kind.__name__ for kind in kinds])


def expect_value(came_back, expected, why, *, problem, likely=(), whys=(), **rows):
    """As expect_same. likely maps problems to the wrong values that show them; problem is for all other values.

    whys maps problems to reasons of their own; why is for the others.
    """
    found = [sentence for sentence, wrong in dict(likely).items() if wrong == came_back]
    problem = (found or [problem])[0]
    expect_same(came_back, expected, dict(whys).get(problem, why), problem=problem, **rows)


def difference(came_back, expected):
    """Return in a few words how the members of a list are not those that were expected."""
    came, wanted = (Counter(map(repr, members)) for members in (came_back, expected))
    lost, more = wanted - came, came - wanted
    if not (lost or more):
        return "the order is another one"
    what = "changed" if lost and more else "lost" if lost else "added" if more.keys() - wanted else "there too often"
    return f"{'one is' if max(sum(lost.values()), sum(more.values())) == 1 else 'some are'} {what}"


def which_differ(came_back, expected, names):
    """Return the names, joined by "and", of those values of a pair, triple and so on that are not as expected."""
    pairs = zip(names, came_back, expected, strict=True)
    return " and ".join(name for name, value, wanted in pairs if value != wanted)


def expect_type(value, kind, what, why, **rows):
    """Return value if its type is exactly kind. what begins the problem: "the status is", "respond returns"."""
    expect_that(type(value) is kind, f"{what} {kind_of(value)}, not {article(kind)}", why, **rows,
                came_back=shown_value(value))
    return value


def expect_returned(call, expected, problem, why, *, refused, **rows):
    """Fail with problem unless call() returns expected. refused is that of a_value."""
    expected = copied(expected)  # before the learner's code runs, which may change what it is given
    with a_value(repr(expected), why, refused=refused, **rows):
        came_back = call()
    expect_same(came_back, expected, why, problem=problem, **rows)


@contextlib.contextmanager
def a_value(expected, why, *, refused, **rows):
    """Make a Diagnosis of an exception that comes out of the with statement, where a value is expected.

    Words for a wrong value would not be true of it, so its problem says what is raised. refused says in front of that
    what it means for the case at hand, such as "a tab within a value is refused".
    """
    try:
        yield
    except (NotImplementedError, Diagnosis):
        raise
    except Exception as error:
        if not learner_frames(error.__traceback__):  # the check could not go on with what it was given
            raise
        what, _, case = refused.partition(": ")
        lead = f"{what} ({case})" if case else what
        raise Diagnosis(f"{lead}: your code raises {named_error(error)}", **rows, came_out=shown_error(error),
                        expected=expected, place=deepest_place(error.__traceback__), why=why)


@contextlib.contextmanager
def rows_named(names):
    """Give rows other names in a Diagnosis that comes out of the with statement."""
    try:
        yield
    except Diagnosis as error:
        error.rows = {names.get(name, name): value for name, value in error.rows.items()}
        raise


def copied(value):
    """Return a value in which each list, tuple and dict is another one; all else is the same."""
    if isinstance(value, dict):
        return type(value)((key, copied(part)) for key, part in value.items())
    return type(value)(map(copied, value)) if type(value) in (list, tuple) else value


def expect_raised(error, call, problem, why, *, if_another=None, expected=None, others=Exception, **rows):
    """Return the exception of class error that call() raises. Fail with problem if it returns.

    An exception of the classes others is reported instead of the problem; any other one comes out. if_another takes the
    place of why there.
    """
    expected = expected or error.__name__
    try:
        came_back = call()
    except BaseException as raised:
        if isinstance(raised, Diagnosis) or is_of_a_stub(raised) or not isinstance(raised, (error, others)):
            raise
        if isinstance(raised, error) and not isinstance(raised, NotImplementedError):
            return raised
        text = f": {raised}" if str(raised) else ""
        raise Diagnosis(f"{type(raised).__name__} is raised instead of {error.__name__}{text}", **rows,
                        expected=expected, place=deepest_place(raised.__traceback__), why=if_another or why)
    raise Diagnosis(problem, **rows, came_back=shown_value(came_back), expected=expected, why=why)


def raised_by(call, error):
    """Return the exception of class error that call() raises, or None if it returns."""
    try:
        call()
    except error as raised:
        return raised


def expect_let_out(error, call, problem, why, **rows):
    """Fail with problem unless the very exception error, which is raised for call(), comes out of it."""
    came_out = NOTHING_OUT
    try:
        call()
    except (NotImplementedError, Diagnosis):
        raise
    except (Exception, SystemExit, type(error)) as raised:
        if raised is error or is_cancelled_anew(raised, error):
            return
        came_out, rows["place"] = shown_error(raised), deepest_place(raised.__traceback__)
        if type(raised) is not type(error):
            problem = f"{type(raised).__name__} is raised instead of {type(error).__name__}"
    raise Diagnosis(problem, **rows, came_out=came_out, expected=f"{error!r} comes out", why=why)


def is_cancelled_anew(raised, error):
    """Tell whether both are asyncio.CancelledError: of a task that is awaited, Python 3.10 raises another one."""
    return type(raised) is type(error) and type(error).__name__ == "CancelledError"


def expect_out_of_handle(error, call, client, when, why, **rows):
    """Fail unless the very exception error comes out of call(), and the client's connection was closed before."""
    name = type(error).__name__
    expect_let_out(error, call, f"handle does not let {name} out, raised {when}", why, **rows)
    expect_that(client.closed, f"the connection is still open after {name}, raised {when}", **rows,
                why="`finally` closes in every case; after enough connections left open, accept fails.")


def expect_hung_up(client, when, **rows):
    """Fail unless hang_up has closed a client's connection. when is for example "after a client has left"."""
    events = [event[0] for event in client.events if event[0] in ("shutdown", "close")]
    expect_that(events[:1] == ["shutdown"], f"close is called without hang_up, {when}", **rows,
                came_back=f"done to the connection: {', '.join(events) or 'nothing'}",
                expected="hang_up(connection), which calls shutdown, reads what is left, and then calls close",
                why="Whatever happens, hang_up closes the connection: nobody need ask whether bytes of the client lie "
                    "unread, and whether a reset would reach it. One `finally` does it for all (RFC 9112 section 9.6).")


def more_lines(printed, before):
    """Return the lines of some texts, such as (stdout, stderr), that are not among the lines of the texts before."""
    known = {line for text in before for line in text.splitlines()}
    return [line for text in printed for line in text.splitlines() if line not in known]


def expect_silence(printed, before, case, why, *, expected="nothing is printed, neither on stderr nor on stdout",
                   **rows):
    """Fail if in a case, such as "on Ctrl-C", lines are printed that are not among those before.

    before is what is printed where it is not the case, by who prints something for each client, for example.
    """
    more = "\n".join(lines := more_lines(printed, before))
    expect_that("Traceback" not in more, f"a traceback is printed {case}", why, **rows)
    expect_that(not lines, f"something is printed {case}", why, **rows, came_back=shown(more), expected=expected)


@contextlib.contextmanager
def blaming(problem, why, *, expected=None, **rows):
    """Make a Diagnosis with this problem of an exception that comes out of the with statement."""
    try:
        yield
    except (NotImplementedError, Diagnosis):
        raise
    except Exception as error:
        raise Diagnosis(problem, **rows, came_out=shown_error(error), expected=expected,
                        place=deepest_place(error.__traceback__), why=why)


def shown_value(value):
    """Return a value as a row shows it, without its middle if it is long."""
    return shown_bytes(value) if isinstance(value, bytes) else shown(value)


def shown_error(error):
    """Return an exception as a row shows it: its class, the status that it carries if it has one, and its text."""
    status = f" with status {error.status}" if hasattr(error, "status") else ""
    return f"{type(error).__name__}{status}: {error}"


def named_error(error):
    """Return an exception as a problem names it: `BadRequest 400`, `KeyError`."""
    return " ".join([type(error).__name__, *([str(error.status)] if hasattr(error, "status") else [])])


def raising(error):
    """Return a function that takes anything and raises error."""
    def fail(*arguments, **named):
        raise afresh(error)

    fail.raises = error
    return fail
