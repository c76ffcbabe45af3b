"""What the checks of several files of this chapter share."""
import re

from tests.expect import expect_type, kind_of
from workshop.checking.diagnosis import Diagnosis, expect_that, shown_bytes
from workshop.checking.endless_loops import report_trouble
from workshop.checking.transport import Connection, Narrow
from workshop.checking.tree import LearnersChapter
from wsgi_contract.answer import BLANK_LINE, read_field

ch01 = LearnersChapter("ch01_socket")
HEAD = b"GET / HTTP/1.1\r\nHost: a"
REQUEST = HEAD + BLANK_LINE
TOO_LARGE = b"GET / HTTP/1.1\r\nX: " + b"a" * 70_000 + BLANK_LINE
ADDRESS = ("127.0.0.1", 50_000)

EMPTY_HEAD = ("A blank line that comes first ends a head of 0 bytes: 0 is a place where it may begin. What an empty "
              "head means is the parser's question, in chapter 2.")


class Oops(Exception):
    """What stands for a bug."""


class CtrlC(KeyboardInterrupt):
    """The Ctrl-C of these checks; the one that you press is a KeyboardInterrupt like any other."""


class OnlyRecv(Narrow, Connection):
    """A client of whose connection only recv may be used."""

    allowed = ("recv",)

    @staticmethod
    def refuse(name):
        """Tell the learner that read_head uses more of the connection than recv."""
        problem = f"read_head uses {name} of the connection, and not recv alone"
        why = "In chapter 4 the connection is an object of yours that has a recv with a time limit, and little else."
        if name in ("close", "`with`"):
            problem, why = "read_head closes the connection", "What is answered goes out over it, a refusal too."
        report_trouble(Diagnosis(problem, expected="connection.recv(RECV_SIZE), and nothing else of the connection",
                                 why=why))


class Waiting(OnlyRecv):
    """A client that has sent its request and waits for the answer. told is how a diagnosis shows it."""

    def __init__(self, *arguments, told=None, **named):
        super().__init__(*arguments, **named)
        self.given = []  # the blocks that recv has returned
        self.told = told

    def __repr__(self):
        return self.told or super().__repr__()

    def recv(self, size, flags=0, /):
        self.given.append(super().recv(size, flags))
        return self.given[-1]

    def end_of_file(self):
        report_trouble(self.too_many())

    def too_many(self):
        """Return the Diagnosis of the recv that waits for ever, by what has come before it."""
        problem, parts = "after the blank line more bytes are asked for", parts_of_blank_line(self.given)
        if len(parts) > 1:
            before = ("no", "one", "two", "three")[4 - len(parts[-1])]
            return Diagnosis(f"{problem}: {before} of its four bytes came in earlier blocks",
                             received=f"the blank line in {len(parts)} blocks: {', '.join(map(repr, parts))}",
                             why=f"When its last byte comes, {before} came before: look for it in all that you have, "
                                 "or from three bytes before the new block on, be that full or not (RFC 9112 section "
                                 "2.1).")
        if b"".join(self.given).startswith(BLANK_LINE):
            return Diagnosis("an empty head is not read: after the blank line more bytes are asked for", why=EMPTY_HEAD)
        if not b"".join(self.given).endswith(BLANK_LINE):
            return Diagnosis(problem, why="What is after the blank line may come in the same block: look for it in "
                             "all that you have, and not at the end alone (RFC 9112 section 2.1).")
        return Diagnosis(problem, why="A browser sends its head and waits for you; one recv too many waits for the "
                         "browser. BLANK_LINE alone says that the head has come, and not how large a block is "
                         "(RFC 9112 section 2.1).")


def parts_of_blank_line(blocks):
    """Return the parts in which the blank line came, one of each block that has a byte of it."""
    begin, parts = b"".join(blocks).index(BLANK_LINE), []
    for block in blocks:
        parts.append(block[max(begin, 0):max(begin + len(BLANK_LINE), 0)])
        begin -= len(block)
    return [part for part in parts if part]


def read(data, *, limit=None, **delivery):
    """Call read_head with a client that sends data and waits; return head, rest, and the blocks not received."""
    client = Waiting(data, **delivery)
    head, rest = expect_pair(ch01.read_head(client) if limit is None else ch01.read_head(client, limit))
    return head, rest, b"".join(client.blocks)


def expect_pair(result):
    """Return head and rest from what read_head returned. Raises Diagnosis if that is no pair of bytes."""
    pair = isinstance(result, (tuple, list)) and len(result) == 2
    expect_that(pair, f"read_head returns {kind_of(result)}, not a pair", came_back=repr(result),
                expected=repr((HEAD, b"")), why="What was received after the blank line is the beginning of the body, "
                "which only the caller can use.")
    for name, value in zip(("head", "rest"), result, strict=True):
        expect_that(isinstance(value, bytes), f"the {name} is {kind_of(value)}, not bytes", came_back=repr(value),
                    why="A head is taken apart as bytes, and a body may be a picture: nothing is decoded here.")
    return result


def build(body="hello", *arguments, **named):
    """Return the learner's response. Raises Diagnosis if it is not bytes."""
    return expect_type(ch01.build_response(body, *arguments, **named), bytes, "build_response returns",
                       "A socket sends bytes and nothing else: a str has to be encoded, and a function without "
                       "`return` returns None.")


def head_of(response):
    """Return the head of a response, without its blank line. Raises Diagnosis if its lines do not end as they should.
    """
    head, blank, _ = response.partition(BLANK_LINE)
    expect_that(b"\n" in response, "the response is a single line", came_back=shown_bytes(response),
                why="Status line and fields are a line each (RFC 9112 section 2.1).")
    expect_that(not re.search(rb"(?<!\r)\n|\r(?!\n)", head), "a line of the head does not end with CRLF",
                came_back=shown_bytes(response, 400), expected=r"b'…\r\n…\r\n…'",
                why="A line of HTTP ends with the two bytes \\r\\n, on every system (RFC 9112 section 2.1).")
    expect_that(blank, "there is no blank line between head and body",
                came_back=shown_bytes(response, 400), expected=r"b'…\r\n\r\nhello'",
                why="Only the blank line tells a client where the body begins (RFC 9112 section 2.1).")
    return head


def lines_of(response):
    """Return the lines (bytes) of the head of a response."""
    return head_of(response).split(b"\r\n")


def fields_of(response):
    """Return the header fields of a response: a list of (name in lower case, value)."""
    return [(name.lower(), value) for name, value in map(read_field, lines_of(response)[1:])]


def field_of(response, name, why):
    """Return the value of the field with this name, of which there must be one."""
    values = [value for key, value in fields_of(response) if key == name.lower()]
    expect_that(values, f"there is no {name} field", why, came_back=shown_bytes(response, 400))
    expect_that(len(values) == 1, f"there are {len(values)} {name} fields", why, came_back=values)
    return values[0]
