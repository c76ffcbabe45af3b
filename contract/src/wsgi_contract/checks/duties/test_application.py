"""The duties of an application, on any of them: it is called as a server calls it, and what it does is looked at.

    wsgi-contract application MODULE:NAME    one of yours
    wsgi-contract application                those of plugins, a Flask one, and others
"""
import functools
import re
import traceback
from collections.abc import Callable
from typing import Any
from wsgiref.validate import validator

import pytest

from wsgi_contract.observer import ObservedCall, environ, is_exc_info, whole
from wsgi_contract.problem import Diagnosis, NotOffered, expect_that
from wsgi_contract.subjects import Subject, calls_of

DETAILS = 'PEP 3333, section "Specification Details"'
SIDE = 'PEP 3333, section "The Application/Framework Side"'
START = 'PEP 3333, section "The start_response() Callable"'
STREAMS = 'PEP 3333, section "Input and Error Streams"'
ERRORS = 'PEP 3333, section "Error Handling"'
UNICODE = 'PEP 3333, section "Unicode Issues"'
WRITE = 'PEP 3333, section "The write() Callable"'
OTHER = 'PEP 3333, section "Other HTTP Features"'

pytestmark = pytest.mark.filterwarnings(
    "ignore::wsgiref.validate.WSGIWarning",  # a query may well be missing
    "ignore::pytest.PytestUnraisableExceptionWarning",  # another check reports an iterable that nobody closes
)
TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
HOP_BY_HOP = {"connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer", "trailers",
              "transfer-encoding", "upgrade"}  # RFC 2616 section 13.5.1, which the PEP refers to, and RFC 9110


def on_each_call(check: Callable[[ObservedCall], None]) -> Callable[[Subject], None]:
    """Make a check of a Call one of an application: it is put to the call of each request."""
    @functools.wraps(check)
    def on_all(application: Subject) -> None:
        for call in calls_of(application, whole):
            check(call)

    del on_all.__wrapped__  # pytest would read the parameters of the check
    return on_all


def require(call: ObservedCall, condition: object, problem: str, came_back: object, expected: object, why: str) -> None:
    """Fail unless condition holds, with what was called, what came back and what was expected."""
    expect_that(condition, problem, why, called=call.shown(), came_back=came_back, expected=expected)


def heads(call: ObservedCall) -> list[tuple[Any, Any]]:
    """Return the status and the headers of each start_response; what is missing is None."""
    return [(given.get("status"), given.get("headers")) for given in map(call.given, range(len(call.starts)))]


def fields(call: ObservedCall) -> list[tuple[str, str]]:
    """Return all (name, value) that were given to start_response, those that are a pair of str."""
    lists = [headers for _, headers in heads(call) if isinstance(headers, list)]
    pairs = [item for headers in lists for item in headers if isinstance(item, tuple) and len(item) == 2]
    return [(name, value) for name, value in pairs if isinstance(name, str) and isinstance(value, str)]


@pytest.mark.clause(1)
@on_each_call
def test_it_is_called_with_two_positional_arguments(call: ObservedCall) -> None:
    is_refused = isinstance(call.error, TypeError) and len(traceback.extract_tb(call.error.__traceback__)) == 1
    require(call, callable(call.app) and not is_refused, "it can't be called as an application", repr(call.error),
            "a callable with two positional parameters, under any names",
            f"That is all that a server does with it ({SIDE}).")


@pytest.mark.clause(2)
def test_it_can_be_called_again(application: Subject) -> None:
    app = application.make()
    first, second = (whole(app, environ()) for _ in range(2))
    statuses = [call.given().get("status") for call in (first, second)]
    require(second, statuses[0] == statuses[1] and second.error is None and bool(first.blocks) == bool(second.blocks),
            "the second call is not answered as the first was",
            f"{statuses[1]}, {len(second.blocks)} blocks, {second.error!r}",
            f"{statuses[0]}, {len(first.blocks)} blocks", f"Servers call an application again and again ({SIDE}).")


@pytest.mark.clause(2)
def test_each_call_has_an_iterator_of_its_own(application: Subject) -> None:
    app = application.make()
    first, second = (whole(app, environ()) for _ in range(2))
    is_shared = first.iterable is second.iterable and first.iterable is first.iterator
    require(second, first.error or not is_shared, "one iterator is returned for all requests",
            repr(second.iterable)[:80], "an iterator for each, or a list",
            f"An iterator that was used up has no more blocks ({SIDE}).")


@pytest.mark.clause(3)
@on_each_call
def test_start_response_is_called_by_position(call: ObservedCall) -> None:
    named = sorted({name for _, names, _ in call.starts for name in names})
    require(call, not named, "start_response is called with keywords", ", ".join(named),
            "start_response(status, headers), or with exc_info as a third",
            f"Every server names its parameters as it likes ({DETAILS}).")


@pytest.mark.clause(4)
@on_each_call
def test_what_comes_back_is_an_iterable_of_blocks(call: ObservedCall) -> None:
    good = not isinstance(call.iterable, str | bytes) and hasattr(call.iterable, "__iter__")
    require(call, call.error or good, "what it returned is no iterable of blocks", repr(call.iterable)[:80],
            "a list, a generator or another iterable of bytes, even if it is an empty list",
            f"The server goes through it, block by block ({DETAILS}).")


@pytest.mark.clause(134)
@on_each_call
def test_blocks_are_bytes(call: ObservedCall) -> None:
    wrong = [block for block in [*call.blocks, *call.written] if type(block) is not bytes]
    require(call, not wrong, "a block is no bytes", repr(wrong[:1])[1:-1], "bytes",
            'Only bytes can be sent; text must be encoded first (PEP 3333, section "A Note On String Types").')


@pytest.mark.clause(5)
@on_each_call
def test_start_response_is_called_before_the_first_block_comes(call: ObservedCall) -> None:
    require(call, call.error or call.starts and call.started_with_first_block,
            "start_response was not called when the first block came", f"{len(call.starts)} calls of start_response",
            "a call before the first block, or before the end of an empty body",
            f"The head goes out with the first block ({DETAILS}).")


@pytest.mark.clause(8)
def test_it_goes_on_where_its_blocks_are_not_taken(application: Subject) -> None:
    app = application.make()
    call = ObservedCall(app, environ()).begin().take(1).close()
    require(call, call.error is None, "it fails when the client leaves after a block", repr(call.error), "no error",
            f"Servers stop where the client leaves ({DETAILS}).")
    after = whole(app, environ())
    require(after, after.error is None and bool(after.starts), "it answers no more after a client has left",
            repr(after.error), "an answer",
            f"Servers stop where the client leaves, and go on with the next ({DETAILS}).")


@pytest.mark.clause(9, 10)
@on_each_call
def test_no_request_makes_it_raise(call: ObservedCall) -> None:
    require(call, call.error is None, "it raises", repr(call.error), "an answer, even if it is an error page",
            "A variable may be missing, and whoever asks has a right to an answer (PEP 3333, sections \"environ "
            "Variables\" and \"Error Handling\").")


@pytest.mark.clause(65)
@on_each_call
def test_no_more_is_read_than_there_is(call: ObservedCall) -> None:
    length, asked = int(call.environ.get("CONTENT_LENGTH") or 0), call.streams[0].asked
    require(call, asked <= length, "more is read than the body has", f"{asked} bytes asked for",
            f"at most CONTENT_LENGTH, {length}", f"On some servers such a read never ends ({STREAMS}).")


@pytest.mark.clause(71)
@on_each_call
def test_streams_are_used_for_what_they_are(call: ObservedCall) -> None:
    others = sorted({name for stream in call.streams for name in stream.others} - {"close"})
    require(call, not others, "a stream is asked for more than PEP 3333 gives it", ", ".join(others),
            "input: read, readline, readlines, iteration; errors: write, writelines, flush",
            f"No server need have anything else ({STREAMS}).")


@pytest.mark.clause(72)
@on_each_call
def test_streams_are_not_closed(call: ObservedCall) -> None:
    closed = [stream.kind for stream in call.streams if "close" in stream.others]
    require(call, not closed, "a stream is closed", f"close() of wsgi.{' and wsgi.'.join(closed)}", "no close()",
            f"The streams are the server's ({STREAMS}).")


@pytest.mark.clause(73)
@on_each_call
def test_len_is_the_number_of_blocks(call: ObservedCall) -> None:
    length = len(call.iterable) if hasattr(call.iterable, "__len__") else None
    require(call, length is None or call.error or length == len(call.blocks), "len() is not the number of blocks",
            f"len() is {length}", f"{len(call.blocks)}, as many as came",
            f"If it is 1, a server makes a Content-Length of it ({DETAILS}).")


@pytest.mark.clause(82)
@on_each_call
def test_a_status_is_a_code_a_space_and_a_phrase(call: ObservedCall) -> None:
    for status, _ in heads(call):
        good = isinstance(status, str) and re.fullmatch(r"[1-5][0-9][0-9] \S(.*\S)?", status, re.DOTALL)
        require(call, good, "the status has another form", repr(status), "'200 OK'",
                f"It becomes the first line of the response as it is ({START}).")


@pytest.mark.clause(83)
@on_each_call
def test_a_status_has_no_control_characters(call: ObservedCall) -> None:
    for status, _ in heads(call):
        require(call, not CONTROL.search(str(status)), "there is a control character in the status", repr(status),
                "none", f"CR and LF would begin a line of the head ({START}).")


@pytest.mark.clause(84)
@on_each_call
def test_headers_are_a_list_of_pairs(call: ObservedCall) -> None:
    for _, headers in heads(call):
        good = type(headers) is list and all(type(item) is tuple and len(item) == 2 for item in headers)
        require(call, good, "the headers are no list of pairs", repr(headers)[:120], "a list of tuples (name, value)",
                f"A server may change the list, and counts on its type ({START}).")


@pytest.mark.clause(86)
@on_each_call
def test_names_of_headers_are_field_names(call: ObservedCall) -> None:
    wrong = [name for name, _ in fields(call) if not TOKEN.fullmatch(name)]
    require(call, not wrong, "a header has a name that none can have", repr(wrong[:1])[1:-1],
            "letters, digits and -, without a colon", f"({START}; RFC 9110 section 5.1).")


@pytest.mark.clause(87)
@on_each_call
def test_values_of_headers_have_no_control_characters(call: ObservedCall) -> None:
    wrong = [pair for pair in fields(call) if CONTROL.search(pair[1])]
    require(call, not wrong, "there is a control character in a header", repr(wrong[:1])[1:-1], "none",
            f"CR and LF would begin a line of the head, chosen by whoever chose the value ({START}).")


@pytest.mark.clause(88, 114)
@on_each_call
def test_the_connection_is_left_to_the_server(call: ObservedCall) -> None:
    wrong = [name for name, _ in fields(call) if name.lower() in HOP_BY_HOP]
    require(call, not wrong, "a header is about the connection", ", ".join(wrong), "none of those, nor chunks",
            f"How bytes go to the client is between it and the server ({OTHER}).")


@pytest.mark.clause(132, 133, 135)
@on_each_call
def test_strings_have_one_byte_for_each_character(call: ObservedCall) -> None:
    strings = [text for pair in fields(call) for text in pair] + [status for status, _ in heads(call)]
    wrong = [text for text in strings if not isinstance(text, str) or max(text, default="") > "\xff"]
    require(call, not wrong, "a string of the head can't be sent", repr(wrong[:1])[1:-1],
            "str with characters up to U+00FF", f"They are sent as latin-1; other text must be encoded ({UNICODE}).")


@pytest.mark.clause(84, 132)
@on_each_call
def test_names_and_values_are_strings(call: ObservedCall) -> None:
    pairs = [item for _, headers in heads(call) for item in headers or () if isinstance(item, tuple)]
    wrong = [item for item in pairs if not all(type(part) is str for part in item)]
    require(call, not wrong, "a header is no pair of str", repr(wrong[:1])[1:-1], "('Content-Length', '30')",
            f"Values are str, numbers too ({START}).")


@pytest.mark.http("RFC 9110 section 8.6")
@on_each_call
def test_content_length_is_that_of_the_body(call: ObservedCall) -> None:
    status, headers = (heads(call) or [(None, None)])[-1]
    lengths = [value for name, value in headers or () if str(name).lower() == "content-length"]
    has_body = call.environ.get("REQUEST_METHOD") != "HEAD" and not re.match("1|204|304", str(status))
    size = sum(map(len, filter(is_bytes, [*call.blocks, *call.written])))
    require(call, call.error or not has_body or lengths in ([], [str(size)]), "Content-Length is not that of the body",
            f"Content-Length: {', '.join(map(str, lengths))}", f"{size}, the number of bytes in all blocks",
            "The client waits for bytes that do not come, or takes what is too much for the next response "
            "(RFC 9110 section 8.6).")


def is_bytes(block: object) -> bool:
    """Tell whether a block is what it should be."""
    return isinstance(block, bytes)


@pytest.mark.clause(93)
@on_each_call
def test_a_second_head_comes_with_exc_info(call: ObservedCall) -> None:
    without = [given for given in map(call.given, range(1, len(call.starts))) if not given.get("exc_info")]
    require(call, not without, "start_response is called a second time without exc_info",
            f"{len(call.starts)} calls", "one, or exc_info with each further one",
            f"A second head is for errors only ({START}).")


@pytest.mark.clause(95, 96)
@on_each_call
def test_exc_info_is_that_of_an_error_which_is_being_handled(call: ObservedCall) -> None:
    for position, (_, _, is_handling) in enumerate(call.starts):
        exc_info = call.given(position).get("exc_info")
        require(call, exc_info is None or is_exc_info(exc_info) and is_handling,
                "exc_info is not that of an error", repr(exc_info), "what sys.exc_info() returns in an except clause",
                f"If the head has gone, the server raises it again ({START}).")


@pytest.mark.clause(100)
def test_what_start_response_raises_reaches_the_server(application: Subject) -> None:
    calls = [call for call in calls_of(application, whole, head_sent=True) if call.refused]
    if not calls:
        raise NotOffered("no request makes it call start_response with exc_info")
    for call in calls:
        require(call, call.error is call.refused, "what start_response raised is trapped", repr(call.error),
                repr(call.refused), f"The head has gone: only the server can end the response now ({ERRORS}).")


@pytest.mark.clause(105)
@on_each_call
def test_write_is_not_called_while_blocks_are_taken(call: ObservedCall) -> None:
    require(call, not call.written_while_iterating, "write is called while the server asks for a block",
            f"{call.written_while_iterating} calls", "write() before the return, or blocks",
            f"The order would be anybody's guess ({WRITE}).")


@pytest.mark.clause(1, 3, 4, 5, 71, 72, 82, 84, 86, 87)
def test_wsgiref_validate_has_no_objection(application: Subject) -> None:
    for call in calls_of(application, lambda app, variables: whole(validator(app), variables)):
        if isinstance(call.error, AssertionError):
            raise Diagnosis(f"wsgiref.validate objects: {call.error}", called=call.shown(),
                            why="It is Python's own judge of applications and servers.")
