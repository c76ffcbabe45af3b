"""What the checks of several files of this chapter share."""
from contract.answer import BLANK_LINE, read_field
from tests.expect import expect_type, kind_of
from workshop.checking.diagnosis import Diagnosis, expect_that, shown_bytes
from workshop.checking.endless import report_trouble
from workshop.checking.transport import Connection
from workshop.checking.tree import LearnersChapter

ch01 = LearnersChapter("ch01_socket")
HEAD = b"GET / HTTP/1.1\r\nHost: a"
REQUEST = HEAD + BLANK_LINE
ADDRESS = ("127.0.0.1", 50_000)


class Oops(Exception):
    """What stands for a bug."""


class CtrlC(KeyboardInterrupt):
    """The Ctrl-C of these checks; the one that you press is a KeyboardInterrupt like any other."""


class Waiting(Connection):
    """A client that has sent its request and waits for the answer."""

    problem = "after the blank line more bytes are asked for"
    why = ("A browser sends its head and waits for you; one recv too many waits for the browser. The blank line may "
           "come in two halves: look for it in all that you have (RFC 9112 section 2.1).")

    def end_of_file(self):
        report_trouble(Diagnosis(self.problem, why=self.why))


def read(data, *, limit=None, **delivery):
    """Call read_head with a client that sends data and waits; return head, rest, and the blocks not received."""
    client = Waiting(data, **delivery)
    head, rest = expect_pair(ch01.read_head(client) if limit is None else ch01.read_head(client, limit))
    return head, rest, b"".join(client.blocks)


def expect_pair(result):
    """Return head and rest from what read_head returned. Raises Diagnosis if that is no pair of bytes."""
    pair = isinstance(result, (tuple, list)) and len(result) == 2
    expect_that(pair, f"read_head returns {kind_of(result)}, not a pair", came_back=repr(result),
                expected=repr((HEAD, b"")), why="What was received behind the blank line is the beginning of the body, "
                "which only the caller can use.")
    for name, value in zip(("head", "rest"), result, strict=True):
        expect_that(isinstance(value, bytes), f"the {name} is {kind_of(value)}, not bytes", came_back=repr(value),
                    why="A head is taken apart as bytes, and a body may be a picture: nothing is decoded here.")
    return result


def build(body="hello", **arguments):
    """Return the learner's response. Raises Diagnosis if it is not bytes."""
    return expect_type(ch01.build_response(body, **arguments), bytes, "build_response returns",
                       "A socket sends bytes and nothing else: a str has to be encoded, and a function without "
                       "`return` returns None.")


def lines_of(response):
    """Return the lines (bytes) of the head of a response."""
    return response.partition(BLANK_LINE)[0].split(b"\r\n")


def fields_of(response):
    """Return the header fields of a response: a list of (name in lower case, value)."""
    return [(name.lower(), value) for name, value in map(read_field, lines_of(response)[1:])]


def field_of(response, name, why):
    """Return the value of the field with this name, of which there must be one."""
    values = [value for key, value in fields_of(response) if key == name.lower()]
    expect_that(values, f"there is no {name} field", why, came_back=shown_bytes(response, 400))
    expect_that(len(values) == 1, f"there are {len(values)} {name} fields", why, came_back=values)
    return values[0]
