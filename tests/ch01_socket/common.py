"""What the checks of several steps of this chapter share."""
from workshop.checking.answer import BLANK_LINE
from workshop.checking.diagnosis import Diagnosis, expect_that
from workshop.checking.endless import report_trouble
from workshop.checking.transport import Connection
from workshop.checking.tree import LearnersChapter, deepest_place

ch01 = LearnersChapter("ch01_socket")


def kind(value):
    """Return how one says what type a value has: `None`, `bytes`, `a str`."""
    name = type(value).__name__
    return "None" if value is None else name if name == "bytes" else f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def expect_error(wanted, call, problem, why, **rows):
    """Fail with problem unless call() raises wanted, a class of exceptions; tell it if another one is raised."""
    try:
        came_back = call()
    except wanted:
        return
    except (NotImplementedError, Diagnosis):
        raise
    except Exception as error:
        raise Diagnosis(f"{type(error).__name__} is raised, not {wanted.__name__}", **rows,
                        **{"came back": repr(error), "expected": wanted.__name__}, why=why)
    raise Diagnosis(problem, **rows, **{"came back": repr(came_back), "expected": wanted.__name__}, why=why)


class Waiting(Connection):
    """A client that has sent its request and waits for the answer."""

    problem = "after the blank line more bytes are asked for"
    why = ("A browser sends its head and waits for you; a recv too many waits for the browser. The blank line may come "
           "in two halves: look for it in all that you have (RFC 9112 section 2.1).")

    def end_of_file(self):
        report_trouble(Diagnosis(self.problem, why=self.why))


HEAD = b"GET / HTTP/1.1\r\nHost: a"


def expect_pair(result):
    """Return head and rest from what read_head returned. Raises Diagnosis if that is no pair of bytes."""
    pair = isinstance(result, (tuple, list)) and len(result) == 2
    expect_that(pair, f"read_head returns {kind(result)}, not a pair", came_back=repr(result),
                expected=repr((HEAD, b"")), why="What was received behind the blank line is the beginning of the body, "
                "which only the caller can use.")
    for name, value in zip(("head", "rest"), result, strict=True):
        expect_that(isinstance(value, bytes), f"the {name} is {kind(value)}, not bytes", came_back=repr(value),
                    why="A head is taken apart as bytes, and a body may be a picture: nothing is decoded here.")
    return result


def read(data, *, limit=None, **delivery):
    """Call read_head with a client that sends data and waits; return head, rest, and the blocks not received."""
    client = Waiting(data, **delivery)
    head, rest = expect_pair(ch01.read_head(client) if limit is None else ch01.read_head(client, limit))
    return head, rest, b"".join(client.blocks)


REQUEST = HEAD + BLANK_LINE
ADDRESS = ("127.0.0.1", 50_000)


class Oops(Exception):
    """What stands for a bug."""


class CtrlC(KeyboardInterrupt):
    """Ctrl-C as these checks press it, to be told from any other."""


def handled(client):
    """Have the learner's handle answer client and return the client. Raises Diagnosis if ConnectionError gets out."""
    try:
        ch01.handle(client, ADDRESS)
    except ConnectionError as error:
        raise Diagnosis(f"handle raises {type(error).__name__}: the client has left, and that is no error of yours",
                        place=deepest_place(error.__traceback__),
                        why="Clients leave all the time, on purpose or not; there is nobody left to tell. (An except "
                            "does not catch what another except beside it raises.)")
    return client


def asked(program, ask):
    """Return what ask() returns, a client's question to the program. Raises Diagnosis if nobody answers."""
    try:
        return ask()
    except OSError:
        raise program.explained()
