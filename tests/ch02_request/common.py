"""What the checks of several steps of this chapter share."""
import pytest

from workshop.checking.diagnosis import Diagnosis, expect_same, expect_that, shown_bytes
from workshop.checking.transport import Connection
from workshop.checking.tree import LearnersChapter, deepest_place, noted

ch02 = LearnersChapter("ch02_request")


def each(names, cases):
    """Return the mark that runs a check once for each of cases, a dict from a few words to a value."""
    return pytest.mark.parametrize(names, list(cases.items()), ids=list(cases))


def outcome_of(call):
    """Return what call() returns, or the exception that comes out of the learner's code instead."""
    try:
        return call()
    except (NotImplementedError, Diagnosis):
        raise
    except Exception as error:
        return error


def told(outcome):
    """Return an outcome as a learner reads it, and the line of theirs that it comes from."""
    if not isinstance(outcome, Exception):
        return {"came back": shown_bytes(outcome) if isinstance(outcome, bytes) else repr(outcome)}
    status = f" with status {outcome.status}" if hasattr(outcome, "status") else ""
    return {"came back": f"{type(outcome).__name__}{status}: {outcome}", "place": deepest_place(outcome.__traceback__)}


def value_of(call, problem, why, *, expected=None, **rows):
    """Return what call() returns. Fail with problem if an exception comes out instead."""
    outcome = outcome_of(call)
    if isinstance(outcome, Exception):
        raise Diagnosis(problem, **rows, **told(outcome), expected=expected, why=why)
    return outcome


def expect_value(call, expected, problem, why, **rows):
    """Fail with problem unless call() returns expected."""
    came_back = value_of(call, problem, why, expected=repr(expected), **rows)
    expect_same(came_back, expected, why, problem=problem, **rows)


def expect_error(call, error, problem, why, *, expected=None, **rows):
    """Return the exception of class error that call() raises. Fail with problem if it returns something instead."""
    outcome = outcome_of(call)
    if isinstance(outcome, error):
        return outcome
    if isinstance(outcome, Exception):
        problem = f"{type(outcome).__name__} is raised, and not {error.__name__}"
    raise Diagnosis(problem, **rows, **told(outcome), expected=expected or error.__name__, why=why)


def expect_refused(call, status, problem, why, **rows):
    """Fail unless call() raises BadRequest with this status; problem tells what it means that nothing is raised."""
    expected = f"BadRequest with status {status}"
    error = expect_error(call, ch02.BadRequest, problem, why, expected=expected, **rows)
    expect_that(error.status == status, f"refused with status {error.status}, and {status} is the right one", why,
                **rows, **told(error), expected=expected)


def expect_parts(outcome, names):
    """Return what came back as a tuple. Fail unless it has one part for each of names, such as "name, value"."""
    expect_that(outcome is not None, "nothing comes back: the function returns None", expected=f"({names})",
                why="A function gives its caller what follows `return`.")
    count = names.count(",") + 1
    expect_that(isinstance(outcome, (tuple, list)) and len(outcome) == count, f"what comes back is not ({names})",
                came_back=repr(outcome), expected=f"({names})",
                why=f"The caller takes it apart: `{names} = …`.")
    return tuple(outcome)


def expect_type(outcome, kind, what, why="The functions that go on with it count on that type.", **rows):
    """Fail unless outcome is of the type kind; what is its name in the sentence."""
    expect_that(outcome is not None, "nothing comes back: the function returns None", **rows,
                expected=f"{what}, of type {kind.__name__}", why="A function gives its caller what follows `return`.")
    expect_that(type(outcome) is kind, f"{what} is of type {type(outcome).__name__}, and should be {kind.__name__}",
                **rows, came_back=repr(outcome), expected=kind.__name__, why=why)


def trying(command):
    """Return the row that says how to try it by hand."""
    return {"try it": f"python chapters/ch02_request.py, then: {command}"}


def reader_of(data=b"", *, received=b"", delivery="whole", continue_expected=False):
    """Return a Reader on a client that sends data (bytes, or a list of blocks and exceptions) and hangs up."""
    return ch02.Reader(Connection(data, delivery=delivery), received, continue_expected)


def step_of(reader, name):
    """Return a method of a Reader; a diagnosis shows the call."""
    return noted(getattr(reader, name), f"reader.{name}")


def told_reader(reader, **rows):
    """Return the rows that show what a Reader has to read, each in a line."""
    client = repr(reader.connection)
    client = client if len(client) <= 160 else f"{client[:80]} … {client[-40:]}"
    return {"with head": shown_bytes(bytes(reader.received), 60), "sent": client, **rows}


def received_by(reader):
    """Return the number of times that a Reader has received."""
    return [event[0] for event in reader.connection.events].count("recv")


CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


def body_in_chunks(*chunks):
    """Return bytes in chunked coding."""
    return b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in (*chunks, b""))


def length(value):
    return ("content-length", value)


def coding(value):
    return ("transfer-encoding", value)


def expect_status(answer, status, problem, why, **rows):
    """Fail unless a response has this status."""
    expect_that(answer.status == status, problem, why, **rows, came_back=f"{answer.status} {answer.reason}",
                expected=str(status))


GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
