"""What the checks of several files of this chapter share."""
import string

import pytest

from tests.expect import blaming, expect_raised, expect_returned, expect_type, kind_of, shown_error
from workshop.checking.diagnosis import expect_that
from workshop.checking.transport import Connection
from workshop.checking.tree import LearnersChapter, deepest_place
from wsgi_contract.answer import BLANK_LINE, read_answer

ch02 = LearnersChapter("ch02_request")
BYTES = set(range(256))
TOKEN_BYTES = b"!#$%&'*+-.^_`|~" + (string.digits + string.ascii_letters).encode()
CONTROLS = BYTES.intersection([*range(32), 127]) - set(b"\t")
GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
ADDRESS = ("127.0.0.1", 50_000)


def each(names, cases):
    """Return the mark that runs a check once for each of cases, a dict from a few words to a value."""
    return pytest.mark.parametrize(names, list(cases.items()), ids=list(cases))


def trying(command):
    """Return the row that says how to try it by hand."""
    return {"try it": f"python chapters/ch02_request.py, then: {command}"}


def expect_something(came_back, expected, **rows):
    """Fail if a function has returned nothing; expected says what it should have returned."""
    expect_that(came_back is not None, "nothing comes back: the function returns None", **rows, expected=expected,
                why="A function gives its caller what follows `return`.")


def expect_result(came_back, kind, what, why="The functions that go on with it count on that type.", **rows):
    """Fail unless what a function returns is of the type kind. what names it, such as "the length"."""
    expect_something(came_back, f"{what}, of type {kind.__name__}", **rows)
    expect_type(came_back, kind, f"{what} is", why, **rows)


def expect_parts(came_back, names):
    """Return what came back as a tuple. Fail unless it has one part for each of names, such as "name, value"."""
    expect_something(came_back, f"({names})")
    count = names.count(",") + 1
    expect_that(isinstance(came_back, (tuple, list)) and len(came_back) == count, f"what comes back is not ({names})",
                came_back=repr(came_back), expected=f"({names})", why=f"The caller takes it apart: `{names} = …`.")
    return tuple(came_back)


def expect_refused(call, status, problem, why, *, if_another=None, **rows):
    """Fail unless call() raises BadRequest with this status; problem says what it means that nothing is raised.

    if_another takes the place of why where another exception is raised.
    """
    expected = f"BadRequest with status {status}"
    error = expect_raised(ch02.BadRequest, call, problem, why, if_another=if_another, expected=expected, **rows)
    rows |= {"place": deepest_place(error.__traceback__)}
    raised = f"BadRequest({error.status!r}, {str(error)!r})"
    expect_that(isinstance(error.status, int), f"the status of BadRequest is {kind_of(error.status)}, not an int",
                **rows, came_out=raised, expected=f"BadRequest({status}, 'what is wrong')",
                why="BadRequest(status, message): the status is a number, the message says in words what is wrong.")
    expect_that(error.status == status, f"refused with status {error.status}, and {status} is the right one", why,
                **rows, came_out=shown_error(error), expected=expected)
    expect_that(str(error).strip(), "BadRequest has no message", **rows, came_out=raised,
                expected=f"BadRequest({status}, 'what is wrong')",
                why="The client is sent the message: a person reads it, who wants to know what was wrong.")


def expect_each_refused(call, bytes_, status, where, why):
    """Fail unless call(byte) raises BadRequest with this status for each of bytes_, which stands where it says."""
    for byte in sorted(bytes_):
        one = bytes([byte])
        expect_refused(lambda one=one: call(one), status, f"accepted: {one!r} {where}", why)


def expect_target(target, expected, problem, why, refused):
    """Fail with problem unless parse_target returns expected, a tuple (authority, path, query).

    refused is that of expect_returned.
    """
    expect_returned(lambda: expect_parts(ch02.parse_target(target), "authority, path, query"), expected, problem, why,
                    refused=refused)


def expect_status(answer, status, problem, why, **rows):
    """Fail unless a response has this status."""
    expect_that(answer.status == status, problem, why, **rows, came_back=f"{answer.status} {answer.reason}",
                expected=str(status))


def post(*lines, body=b"", target=b"/echo", version=b"HTTP/1.1", method=b"POST"):
    """Return a request (bytes) with these field lines after Host."""
    head = [method + b" " + target + b" " + version, b"Host: a", *lines]
    return b"\r\n".join(head) + BLANK_LINE + body


def sent_to(client):
    """Let the learner's handle answer a client (a Connection), and return the bytes that it sends."""
    with blaming("an exception comes out of handle, and the client gets no answer",
                 "The server survives it, and the client is left with an empty reply.", sent=client):
        ch02.handle(client, ADDRESS)
    return client.sent


def answer_for(data, *, delivery="whole", head_only=False):
    """Return the response to the request data (bytes), read strictly."""
    client = Connection(data, delivery=delivery)
    sent = sent_to(client)
    expect_that(sent, "nothing was sent to the client", sent=client,
                why="A client that gets no bytes can only report an empty reply.")
    expect_that(len(sent) > 20 * client.takes, "only the first bytes of what is given to send were sent", sent=client,
                came_back=repr(sent), expected="the whole answer: use sendall",
                why="send takes what there is room for, returns how much that was, and leaves the rest to you.")
    return read_answer(sent, head_only=head_only)
