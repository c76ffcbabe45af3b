"""Chapter 4 · What does gunicorn's sync worker do with what the app returns?"""
import calendar
import errno
import gc
import gzip
import io
import itertools
import os
import re
import signal
import socket
import sys
import time
import traceback
import types
import weakref
from email.utils import parsedate_to_datetime
from wsgiref.validate import validator

import flask
import pytest
import requests

from tests.harness.answer import read_answer
from tests.harness.client import exchange, receive_all
from tests.harness.diagnosis import Diagnosis, expect_same, expect_that, shown_bytes
from tests.harness.endless import report_trouble
from tests.harness.program import SECONDS, chapter_program, running
from tests.harness.transport import DELIVERIES, PATIENCE, Connection
from tests.harness.tree import Chapter, deepest_place, load, noted, path_of

ch02 = Chapter("ch02_request")
ch04 = Chapter("ch04_response")

CLIENT = ("127.0.0.1", 50_000)
BLANK_LINE = b"\r\n\r\n"


class Noted:
    """An object of the learner's; calls of its methods are noted for the diagnosis, as Chapter notes functions."""

    def __init__(self, thing, name):
        vars(self).update(_thing=thing, _name=name)

    def __getattr__(self, attribute):
        value = getattr(self._thing, attribute)
        return noted(value, f"{self._name}.{attribute}") if isinstance(value, types.MethodType) else value

    def __setattr__(self, attribute, value):
        setattr(self._thing, attribute, value)


def request_for(method="GET", version="HTTP/1.1", target="/"):
    """Return a Request such as read_request of chapter 2 returns; its texts are new ones, as they are there."""
    return ch02.Request("".join(method), target, version, [("host", "127.0.0.1:8000")], b"/", "")


def response_to(request=None, *, connection=None, status="200 OK", headers=()):
    """Return a Response as it is when start_response has accepted status and headers."""
    response = ch04.Response(connection or Connection(), request or request_for())
    response.started, response.status, response.headers = True, status, list(headers)
    return Noted(response, "response")


def body_in(sent):
    """Return what stands behind the head in the bytes that were sent, chunks and all."""
    return sent.partition(BLANK_LINE)[2]


def head_in(sent):
    """Return the head in the bytes that were sent, its blank line included."""
    return sent.partition(BLANK_LINE)[0] + BLANK_LINE


def expect_value(came_back, expected, why, *, problem, **rows):
    """Fail unless came_back is expected; that nothing was returned is told as such."""
    expect_same(came_back, expected, why, problem="nothing is returned" if came_back is None else problem, **rows)


def expect_accepted(call, why, *, problem):
    """Fail with problem if call() refuses what it should accept, or returns anything but None."""
    try:
        came_back = call()
    except (TypeError, ValueError) as error:
        raise Diagnosis(problem, **{"came back": f"{type(error).__name__}: {error}", "expected": "None"},
                        place=deepest_place(error.__traceback__), why=why)
    expect_same(came_back, None, why, problem="something is returned where None says that all is well")


def expect_refused(error, call, why, *, problem, others=(TypeError, ValueError, AssertionError, OSError), **rows):
    """Fail with problem unless call() raises error, an exception class; one of others instead is told as such."""
    try:
        came_back = call()
    except (NotImplementedError, Diagnosis):
        raise
    except error as raised:
        return raised
    except others as raised:
        raise Diagnosis(f"{type(raised).__name__} is raised instead of {error.__name__}: {raised}", **rows,
                        expected=error.__name__, place=deepest_place(raised.__traceback__), why=why)
    raise Diagnosis(problem, **rows, **{"came back": repr(came_back), "expected": error.__name__}, why=why)


# What an application may say.


MALFORMED_STATUSES = {
    "no phrase": "200",
    "no space": "200OK",
    "two spaces": "200  OK",
    "an empty phrase": "200 ",
    "a space behind": "200 OK ",
    "a space in front": " 200 OK",
    "four digits": "2000 OK",
    "two digits": "20 OK",
    "a code that begins with 6": "600 Too Far",
    "a code that begins with 0": "099 Too Near",
    "a letter among the digits": "2O0 OK",
    "a superscript two": "20² OK",
    "a sign": "+20 OK",
    "nothing at all": "",
}
CONTROL_CHARACTERS = {
    "CR LF and another line": "\r\nSet-Cookie: role=admin",
    "LF alone": "\nSet-Cookie: role=admin",
    "CR alone": "\rSet-Cookie: role=admin",
    "LF at the end": "\n",
    "NUL": "\0",
    "DEL": "\x7f",
    "escape": "\x1b[2J",
}


@pytest.mark.step("4.1")
class TestCheckStatus:
    @pytest.mark.parametrize("status", ["200 OK", "404 Not Found", "100 Continue", "599 So it is (nearly) - 5",
                                        "200 O", "200 Très bien", "200 ÿ"])
    @pytest.mark.clause(82)
    def test_a_right_status_passes(self, status):
        expect_accepted(lambda: ch04.check_status(status), problem="a right status is refused",
                        why="Three digits, a space and a phrase in latin-1 is what a status line holds (RFC 9112 "
                            "section 4).")

    @pytest.mark.parametrize("status", [200, None, b"200 OK", ("200", "OK")], ids=repr)
    @pytest.mark.clause(82, 132)
    def test_what_is_no_str_is_refused_with_type_error(self, status):
        expect_refused(TypeError, lambda: ch04.check_status(status), problem="a status that is no str is let through",
                       why="The status is a native string, in every server (PEP 3333, The start_response() Callable).")

    @pytest.mark.parametrize("what", MALFORMED_STATUSES)
    @pytest.mark.clause(82)
    def test_a_malformed_status_is_refused(self, what):
        expect_refused(ValueError, lambda: ch04.check_status(MALFORMED_STATUSES[what]),
                       problem=f"a malformed status is let through: {what}",
                       why="A client reads three digits, one space and a phrase, and may give up on anything else "
                           "(PEP 3333, The start_response() Callable; RFC 9112 section 4).")

    @pytest.mark.parametrize("what", CONTROL_CHARACTERS)
    @pytest.mark.clause(83)
    def test_a_control_character_is_refused(self, what):
        status = "200 OK" + CONTROL_CHARACTERS[what]
        expect_refused(ValueError, lambda: ch04.check_status(status),
                       problem=f"a status with a control character is let through: {what}",
                       why="CR and LF in it would begin another line of the head, written by whoever chose the text "
                           "(PEP 3333, The start_response() Callable).")

    def test_a_tab_in_the_phrase_is_refused(self):
        expect_refused(ValueError, lambda: ch04.check_status("200 Oh\tKay"),
                       problem="a status with a control character is let through: tab",
                       why="PEP 3333 allows no control characters in the status, and a tab is one.")

    @pytest.mark.clause(133)
    def test_characters_beyond_latin_1_are_refused(self):
        expect_refused(ValueError, lambda: ch04.check_status("200 好"),
                       problem="a status with characters beyond latin-1 is let through",
                       why="The head is sent as latin-1, which has no byte for them (PEP 3333, Unicode Issues).")


@pytest.mark.step("4.2")
class TestCheckHeader:
    @pytest.mark.parametrize("name, value", [
        ("Content-Type", "text/html; charset=utf-8"),
        ("Set-Cookie", "a=1; Path=/"),
        ("X-Empty", ""),
        ("X-Tab", "a\tb"),
        ("X-Latin", "é ÿ"),
        ("x_y.z~!#$%&'*+^`|", "any of these may stand in a name"),
        ("Content-Length", "0"),
        ("Content-Length-Is", "many"),
        ("Cache-Control", "no-store"),
        ("Upgrade-Insecure-Requests", "1"),
    ])
    def test_a_right_header_passes(self, name, value):
        expect_accepted(lambda: ch04.check_header(name, value), problem="a right header is refused",
                        why="An application may send any field but those between server and client (RFC 9110 section "
                            "5).")

    @pytest.mark.parametrize("name, value", [
        ("Content-Length", 30), ("X-Count", None), ("X-Name", b"bytes"), (b"X-Name", "text"), (None, "text")], ids=repr)
    @pytest.mark.clause(84, 132)
    def test_what_is_no_pair_of_str_is_refused_with_type_error(self, name, value):
        expect_refused(TypeError, lambda: ch04.check_header(name, value),
                       problem=f"a header is let through that is no pair of str: {(name, value)!r}",
                       why="Names and values are native strings, numbers too: '30', not 30 (PEP 3333, The "
                           "start_response() Callable).")

    @pytest.mark.parametrize("name", ["", "Content Type", "Content-Type:", "Content-Type ", "X-A\r\nX-B", "X-A\n",
                                      "X(A)", "Ä", "名"])
    @pytest.mark.clause(86)
    def test_a_name_that_is_no_token_is_refused(self, name):
        expect_refused(ValueError, lambda: ch04.check_header(name, "1"),
                       problem=f"a name is let through that is no token: {name!r}",
                       why="A name is made of letters, digits and a few signs; the colon is the server's "
                           "(RFC 9110 section 5.1; PEP 3333, The start_response() Callable).")

    @pytest.mark.parametrize("name", ["Connection", "connection", "Transfer-Encoding", "KEEP-ALIVE", "Upgrade", "TE",
                                      "Trailer", "Proxy-Connection"])
    @pytest.mark.clause(20, 88, 89, 114)
    def test_a_hop_by_hop_field_is_refused(self, name):
        expect_refused(ValueError, lambda: ch04.check_header(name, "chunked"),
                       problem=f"a hop-by-hop field is let through: {name}",
                       why="The connection and the framing are the server's: two who decide would contradict one "
                           "another (PEP 3333, Other HTTP Features; RFC 9110 section 7.6.1).")

    @pytest.mark.parametrize("what", CONTROL_CHARACTERS)
    @pytest.mark.clause(87)
    def test_a_control_character_in_the_value_is_refused(self, what):
        value = "/somewhere" + CONTROL_CHARACTERS[what]
        expect_refused(ValueError, lambda: ch04.check_header("Location", value),
                       problem=f"a value with a control character is let through: {what}",
                       why="A value with CR or LF would begin another field: header injection, for whoever chose the "
                           "value (RFC 9110 section 5.5; PEP 3333, The start_response() Callable).")

    @pytest.mark.clause(133)
    def test_characters_beyond_latin_1_are_refused(self):
        expect_refused(ValueError, lambda: ch04.check_header("X-Name", "你好"),
                       problem="a value with characters beyond latin-1 is let through",
                       why="The head is sent as latin-1, which has no byte for them (PEP 3333, Unicode Issues).")

    @pytest.mark.parametrize("value", ["many", "", "+5", "-1", "5.0", " 5", "5 ", "5, 5", "5_0", "0x5", "²"])
    def test_a_length_that_is_no_whole_number_is_refused(self, value):
        expect_refused(ValueError, lambda: ch04.check_header("Content-Length", value),
                       problem=f"a Content-Length is let through that is no whole number: {value!r}",
                       why="The server counts on it, and clients read it as decimal digits (RFC 9110 section 8.6).")

    def test_so_it_is_in_lower_case(self):
        expect_refused(ValueError, lambda: ch04.check_header("content-length", "many"),
                       problem="a content-length in lower case is not looked at",
                       why="Names of fields are the same in any case (RFC 9110 section 5.1).")


class ShortReads:
    """A file that gives fewer bytes than asked for, as sockets and pipes do, and notes how often it is asked."""

    def __init__(self, *blocks):
        self.blocks = list(blocks)
        self.sizes = []

    def read(self, size=-1):
        self.sizes.append(size)
        return self.blocks.pop(0) if self.blocks else b""


def blocks_of(wrapper):
    """Return the blocks of a FileWrapper as a list, its first twenty at the most."""
    return list(itertools.islice(wrapper, 20))


@pytest.mark.step("4.3")
class TestNext:
    called = "next(FileWrapper(file, 4))"

    @pytest.mark.clause(129)
    def test_a_block_is_what_read_gives_for_block_size(self):
        block = next(ch04.FileWrapper(io.BytesIO(b"abcdefghij"), 4))
        expect_that(block is None or len(block) <= 4, "the block is larger than block_size: the file is read whole",
                    called=self.called, came_back=repr(block), expected=repr(b"abcd"),
                    why="A file may be larger than memory: it is read in blocks (PEP 3333, Optional "
                        "Platform-Specific File Handling).")
        expect_value(block, b"abcd", problem="the block is not what the file's read gives", called=self.called,
                     why="The bytes of the file go out as they are, block by block.")

    @pytest.mark.clause(129)
    def test_the_first_empty_block_ends_the_iteration(self):
        blocks = blocks_of(ch04.FileWrapper(io.BytesIO(b"abcdefghij"), 4))
        expect_that(len(blocks) < 20, "the iteration goes on after the end of the file",
                    called="list(FileWrapper(file, 4))", came_back=f"{blocks[:5]!r} …",
                    expected="StopIteration when read gives b''",
                    why="read gives b'' at the end of a file, again and again: only StopIteration ends the loop.")
        expect_same(blocks, [b"abcd", b"efgh", b"ij"], problem="the blocks are not those of the file",
                    called="list(FileWrapper(file, 4))", why="Each byte of the file is sent once, in its place.")

    @pytest.mark.clause(129)
    def test_a_file_is_read_from_where_it_stands(self):
        file = io.BytesIO(b"abcdefghij")
        file.seek(6)
        expect_same(blocks_of(ch04.FileWrapper(file, 4)), [b"ghij"], called="file.seek(6); list(FileWrapper(file, 4))",
                    problem="the file is not read from where it stands",
                    why="The application may have read its beginning, or want to send its end only (PEP 3333, "
                        "Optional Platform-Specific File Handling).")

    def test_a_short_block_does_not_end_it(self):
        blocks = blocks_of(ch04.FileWrapper(ShortReads(b"ab", b"cdef", b"g"), 4))
        expect_same(blocks, [b"ab", b"cdef", b"g"], called="list(FileWrapper(pipe, 4))",
                    problem="a block that is shorter than block_size is taken for the last",
                    why="Pipes and sockets give what they have; only b'' is the end (PEP 3333, Optional "
                        "Platform-Specific File Handling).")

    def test_each_block_is_one_read(self):
        file = ShortReads(b"abcd", b"efgh", b"ij")
        next(ch04.FileWrapper(file, 4))
        expect_same(file.sizes, [4], called=self.called, problem="one block is not one read of block_size",
                    why="A read may wait, for a pipe or a slow disk: each block is asked for when its turn has come.")

    @pytest.mark.clause(123, 124, 127)
    def test_a_for_loop_and_close_work_as_for_any_iterable(self):
        file = io.BytesIO(b"abcdefghij")
        wrapper = ch04.FileWrapper(file)
        expect_same(b"".join(blocks_of(wrapper)), b"abcdefghij", problem="the blocks are not those of the file",
                    called="b''.join(FileWrapper(file))", why="An application may loop over it like over any iterable.")
        wrapper.close()
        expect_that(file.closed, "close() of the wrapper does not close the file", called="FileWrapper(file).close()",
                    why="Only the wrapper knows the file (PEP 3333, Optional Platform-Specific File Handling).")


# The head.


class ApplicationFails(Exception):
    """What goes wrong in the applications of these checks."""


def exc_info_of(error):
    """Return what sys.exc_info() gives where error (an exception) is handled."""
    def the_application_fails():
        raise error

    try:
        the_application_fails()
    except type(error):
        return sys.exc_info()


OLD = ("200 OK", [("Content-Type", "text/html"), ("Content-Length", "1000"), ("Set-Cookie", "a=1")])
NEW = ("500 Oh Dear", [("Content-Type", "text/plain")])
WRONG_CALLS = {
    "a malformed status": (ValueError, "200", []),
    "a status that is no str": (TypeError, 200, []),
    "headers that are no list": (TypeError, "200 OK", (("A", "1"),)),
    "a header that is no tuple": (TypeError, "200 OK", [["A", "1"]]),
    "a value that is an int": (TypeError, "200 OK", [("Content-Length", 30)]),
    "a value with CR LF": (ValueError, "302 Found", [("Location", "/\r\nSet-Cookie: role=admin")]),
    "a Transfer-Encoding": (ValueError, "200 OK", [("Transfer-Encoding", "chunked")]),
}


def fresh_response():
    """Return a Response for which start_response was not called."""
    return Noted(ch04.Response(Connection(), request_for()), "response")


def state_of(response):
    """Return what start_response keeps."""
    return response.status, response.headers


@pytest.mark.step("4.4")
class TestStartResponse:
    @pytest.mark.clause(81)
    def test_it_returns_the_write_callable(self):
        response, written = fresh_response(), []
        response.write = written.append
        write = response.start_response(*NEW)
        expect_that(callable(write), "start_response does not return write", came_back=repr(write),
                    expected="self.write",
                    why="Old applications send their body by calling what start_response returns (PEP 3333, The "
                        "write() Callable).")
        write(b"hello")
        expect_same(written, [b"hello"], problem="what start_response returns is not self.write",
                    why="Bytes given to it are sent as if they were yielded (PEP 3333, The write() Callable).")

    @pytest.mark.clause(80, 91)
    def test_status_and_headers_are_kept(self):
        response = fresh_response()
        response.start_response(*OLD)
        expect_same(state_of(response), OLD, problem="self.status and self.headers are not what the application gave",
                    why="They are sent later, with the first block (PEP 3333, The start_response() Callable).")

    @pytest.mark.clause(91)
    def test_nothing_is_sent(self):
        response = fresh_response()
        response.start_response(*NEW)
        expect_same(response.connection.sent, b"", problem="start_response sends the head at once",
                    why="The application may still fail and start an error page instead (PEP 3333, The "
                        "start_response() Callable).")
        expect_that(not response.head_sent, "start_response says that the head was sent",
                    why="The head goes with the first block that is not empty.")

    @pytest.mark.clause(87)
    def test_the_application_cannot_add_headers_behind_your_back(self):
        response, headers = fresh_response(), [("Content-Type", "text/plain")]
        response.start_response("200 OK", headers)
        headers.append(("X-Late", "1\r\nSet-Cookie: role=admin"))
        expect_same(response.headers, [("Content-Type", "text/plain")],
                    problem="self.headers is the application's own list, and no copy",
                    why="What is added to that list after the call was checked by nobody; `self.checked` returns a "
                        "copy.")

    @pytest.mark.parametrize("what", WRONG_CALLS)
    @pytest.mark.clause(82, 84, 87, 89, 90)
    def test_what_is_wrong_is_raised_at_once(self, what):
        error, status, headers = WRONG_CALLS[what]
        expect_refused(error, lambda: fresh_response().start_response(status, headers),
                       problem=f"start_response accepts {what}",
                       why="Raised here, it points at the line of the application that made the mistake (PEP 3333, "
                           "The start_response() Callable).")

    @pytest.mark.clause(90)
    def test_a_call_that_is_refused_keeps_nothing(self):
        response = fresh_response()
        expect_refused(ValueError, lambda: response.start_response("200 OK", [("A:", "1")]),
                       problem="a wrong header is accepted", why="The headers are checked before anything is kept.")
        expect_same(state_of(response), (None, []), problem="something is kept of a call that was refused",
                    why="If the application carries on all the same, half a head would be sent.")

    @pytest.mark.clause(93)
    def test_a_second_call_without_exc_info_is_refused(self):
        response = fresh_response()
        response.start_response(*OLD)
        expect_refused(AssertionError, lambda: response.start_response(*NEW),
                       problem="a second call without exc_info is accepted",
                       why="Two parts of the application think that the response is theirs: that is a fatal error "
                           "(PEP 3333, The start_response() Callable).")
        expect_same(state_of(response), OLD, problem="a second call without exc_info replaces status and headers",
                    why="A call that is refused changes nothing.")

    @pytest.mark.clause(93, 94)
    def test_also_if_the_first_call_was_refused(self):
        response = fresh_response()
        expect_refused(ValueError, lambda: response.start_response("200", []), problem="a malformed status is accepted",
                       why="What is wrong is raised at once.")
        expect_refused(AssertionError, lambda: response.start_response(*NEW),
                       problem="after a first call that was refused, a second without exc_info is accepted",
                       why="The first call counts, even in vain: note it before you look at its arguments (PEP 3333, "
                           "The start_response() Callable).")

    @pytest.mark.clause(97)
    def test_with_exc_info_everything_is_replaced(self):
        response = fresh_response()
        response.start_response(*OLD)
        response.start_response(*NEW, exc_info_of(ApplicationFails()))
        expect_same(response.status, NEW[0], problem="a second call with exc_info does not replace the status",
                    why="The application has failed, and what it says now is the truth (PEP 3333, The start_response() "
                        "Callable).")
        expect_same(response.headers, NEW[1], problem="old headers are still there after a call with exc_info",
                    why="The length and the cookies of the page that failed are wrong for the error page. gunicorn 27 "
                        "makes this mistake (PEP 3333, The start_response() Callable).")
        expect_same(response.length, None, problem="the length of the page that failed is remembered",
                    why="The error page has another body.")

    def test_the_first_call_may_have_exc_info(self):
        response = fresh_response()
        response.start_response(*NEW, exc_info_of(ApplicationFails()))
        expect_same(state_of(response), NEW, problem="a first call with exc_info is not kept",
                    why="An application that fails early starts its error page with exc_info.")

    @pytest.mark.clause(98, 99)
    def test_after_the_head_the_application_s_error_is_raised_again(self):
        response, error = fresh_response(), ApplicationFails("half-way")
        response.start_response(*OLD)
        response.head_sent = True
        raised = expect_refused(ApplicationFails, lambda: response.start_response(*NEW, exc_info_of(error)),
                                problem="the application's error is not raised again after the head has gone",
                                why="It is too late for another head: the error ends the response (PEP 3333, The "
                                    "start_response() Callable).")
        expect_that(raised is error, "another exception is raised than the application's", came_back=repr(raised),
                    expected=repr(error), why="Whoever reads the log needs the error that happened.")
        functions = [frame.f_code.co_name for frame, _ in traceback.walk_tb(raised.__traceback__)]
        expect_that("the_application_fails" in functions, "the traceback does not lead to the application any more",
                    came_back=" → ".join(functions), why="The log is to show the line that failed: "
                    "`exc_info[1].with_traceback(exc_info[2])` keeps it.")
        expect_same(state_of(response), OLD, problem="status or headers are replaced after the head has gone",
                    why="The log tells what the client was sent.")

    @pytest.mark.clause(98)
    def test_after_the_head_not_even_a_wrong_status_hides_the_error(self):
        response = fresh_response()
        response.start_response(*OLD)
        response.head_sent = True
        expect_refused(ApplicationFails, lambda: response.start_response("500", [], exc_info_of(ApplicationFails())),
                       problem="the application's error is not raised again after the head has gone",
                       why="It is too late for any status, so it does not matter whether this one is right: ask "
                           "self.head_sent first, and raise what has happened.")

    @pytest.mark.clause(93)
    def test_after_the_head_a_call_without_exc_info_is_refused(self):
        response = fresh_response()
        response.start_response(*OLD)
        response.head_sent = True
        expect_refused(AssertionError, lambda: response.start_response(*NEW),
                       problem="a second call without exc_info is accepted",
                       why="A response has one head (PEP 3333, The start_response() Callable).")

    @pytest.mark.parametrize("head_sent", [False, True], ids=["before the head", "after the head"])
    @pytest.mark.clause(101)
    def test_exc_info_is_let_go(self, head_sent):
        response = ch04.Response(Connection(), request_for())
        response.head_sent = head_sent
        gc.disable()
        try:
            error = self.failure_told_to(response.start_response)
            expect_that(error() is None, "a reference to exc_info is kept",
                        called="response.start_response(…, sys.exc_info())",
                        why="The traceback holds all variables of all functions that were running, a whole request "
                            "of memory: set exc_info to None in a finally clause (PEP 3333, The start_response() "
                            "Callable).")
        finally:
            gc.enable()

    @staticmethod
    def failure_told_to(start_response):
        """Fail, call start_response about it, forget the failure, and return a weak reference to the exception."""
        try:
            raise ApplicationFails
        except ApplicationFails as error:
            reference, exc_info = weakref.ref(error), sys.exc_info()
            try:
                start_response(*NEW, exc_info)
            except ApplicationFails:
                pass
            finally:
                del exc_info
        return reference


@pytest.mark.step("4.5")
class TestChooseFraming:
    def expect_framing(self, name, why, *, problem, request=None, known_length=None, **parts):
        """Fail unless choose_framing returns the constant with this name."""
        response = response_to(request or request_for(), **parts)
        response.known_length = known_length
        rows = {"request": f"{response.method} {response.version}", "status": response.status,
                "headers": response.headers or None, "known": known_length and f"self.known_length is {known_length}"}
        expect_value(response.choose_framing(), getattr(ch04, name), why, problem=problem, **rows)

    @pytest.mark.clause(112)
    def test_without_a_length_it_is_chunks(self):
        self.expect_framing("CHUNKED", problem="a response without a length is not chunked",
                            why="Chunks tell the client where the body ends, and whether it is whole (RFC 9112 "
                                "section 6.3).")

    @pytest.mark.parametrize("name", ["Content-Length", "content-length"])
    def test_the_announced_length_is_used(self, name):
        self.expect_framing("LENGTH", headers=[(name, "5")], problem="a Content-Length of the application is not used",
                            why="The application knows best (PEP 3333, Handling the Content-Length Header).")

    def test_a_length_that_the_server_knows_is_used(self):
        self.expect_framing("LENGTH", known_length=5, problem="self.known_length is not used",
                            why="A length is what clients like best: they can show how much is left.")

    def test_an_announced_length_of_0_is_a_length(self):
        self.expect_framing("LENGTH", headers=[("Content-Length", "0")], problem="a length of 0 is taken for no length",
                            why="0 is false in Python, but it is a length: ask `is not None`.")

    def test_a_known_length_of_0_is_a_length(self):
        self.expect_framing("LENGTH", known_length=0, problem="a length of 0 is taken for no length",
                            why="0 is false in Python, but it is a length: ask `is not None`.")

    @pytest.mark.clause(113)
    def test_http_1_0_has_no_chunks(self):
        self.expect_framing("UNTIL_CLOSE", request=request_for(version="HTTP/1.0"),
                            problem="an HTTP/1.0 client is sent chunks",
                            why="It would take the sizes of the chunks for part of the page (RFC 9112 section 6.1).")

    def test_http_1_0_knows_content_length(self):
        self.expect_framing("LENGTH", request=request_for(version="HTTP/1.0"), headers=[("Content-Length", "5")],
                            problem="the length is not used for an HTTP/1.0 client",
                            why="HTTP/1.0 has Content-Length, and without it a body cut short looks whole.")

    @pytest.mark.parametrize("method", ["POST", "OPTIONS", "BREW"])
    def test_the_method_is_no_matter_unless_it_is_head(self, method):
        self.expect_framing("CHUNKED", request=request_for(method),
                            problem=f"a response to {method} is to have no body",
                            why="Of all methods only HEAD means that there is none (RFC 9112 section 6.3).")

    @pytest.mark.parametrize("headers", [[], [("Content-Length", "5")]], ids=["without a length", "with a length"])
    def test_head_has_no_body(self, headers):
        self.expect_framing("NO_BODY", request=request_for("HEAD"), headers=headers,
                            problem="a response to HEAD is to have a body",
                            why="The response to HEAD ends with its head, whatever its fields say (RFC 9112 section "
                                "6.3).")

    @pytest.mark.parametrize("headers", [[], [("Content-Length", "5")]], ids=["without a length", "with a length"])
    @pytest.mark.parametrize("status", ["204 No Content", "304 Not Modified", "100 Continue", "199 Whatever"])
    def test_some_statuses_have_no_body(self, status, headers):
        self.expect_framing("NO_BODY", status=status, headers=headers,
                            problem=f"a response with status {status} is to have a body",
                            why="1xx, 204 and 304 end with the head: a client takes what follows for the next "
                                "response (RFC 9112 section 6.3).")

    @pytest.mark.parametrize("status", ["201 Created", "404 Not Found", "410 Gone", "200 as good as 204", "500 304"])
    def test_all_others_have_one(self, status):
        self.expect_framing("CHUNKED", status=status, problem=f"a response with status {status} is to have no body",
                            why="Only the first digit 1, and the codes 204 and 304, mean that there is none (RFC "
                                "9112 section 6.3).")


@pytest.mark.step("4.6")
class TestBuildHead:
    def head(self, framing="CHUNKED", request=None, known_length=None, **parts):
        """Return the head that build_head makes, as bytes."""
        response = response_to(request, **parts)
        response.framing, response.known_length = getattr(ch04, framing), known_length
        head = response.build_head()
        expect_that(head is not None, "nothing is returned", expected="bytes",
                    why="head_once sends what build_head returns.")
        expect_that(isinstance(head, bytes), "the head is not bytes", came_back=repr(head),
                    why="Sockets take bytes; the head is encoded as latin-1.")
        return head

    def answer(self, *framing, **parts):
        """Return the head that build_head makes, as an Answer."""
        return read_answer(self.head(*framing, **parts), head_only=True)

    def test_it_begins_with_the_status_line(self):
        head = self.head(status="404 Not Found")
        expect_that(b"\r\n" in head, "the lines do not end with CRLF", came_back=shown_bytes(head),
                    why="A line of the head ends with CR and LF (RFC 9112 section 2.1).")
        expect_same(head.partition(b"\r\n")[0], b"HTTP/1.1 404 Not Found",
                    problem="the first line is not the status line",
                    why="A client reads the version, a space and the application's status there (RFC 9112 section 4).")

    def test_it_ends_with_the_blank_line(self):
        head = self.head(headers=[("X-A", "1")])
        expect_that(head.endswith(BLANK_LINE) and head.count(BLANK_LINE) == 1,
                    "the head does not end with one blank line", came_back=shown_bytes(head),
                    why="Everything behind the first blank line is the body (RFC 9112 section 2.1).")

    def test_the_status_line_says_1_1_whatever_the_client_speaks(self):
        head = self.head("UNTIL_CLOSE", request=request_for(version="HTTP/1.0"))
        expect_same(head.partition(b" ")[0], b"HTTP/1.1", problem="the status line repeats the version of the client",
                    why="A server says which version it speaks itself (RFC 9112 section 2.3).")

    @pytest.mark.clause(23)
    def test_the_application_s_headers_are_sent_as_they_are(self):
        headers = [("Set-Cookie", "a=1"), ("X-A", ""), ("Set-Cookie", "b=2")]
        fields = self.answer(headers=headers).fields
        expect_same([field for field in fields if field in headers], headers, fields=fields,
                    problem="the application's headers are not all there, in their order",
                    why="A field may come twice: two cookies are two Set-Cookie fields (RFC 6265 section 3). A dict "
                        "can't hold them.")

    @pytest.mark.clause(135)
    def test_values_are_latin_1(self):
        head = self.head(headers=[("X-Name", "é")])
        expect_that(b"X-Name: \xe9\r\n" in head, "the head is not encoded as latin-1", came_back=shown_bytes(head),
                    expected=repr(b"X-Name: \xe9\r\n"),
                    why="Each character of a native string stands for one byte (PEP 3333, Unicode Issues).")

    @pytest.mark.clause(19)
    def test_date_is_now(self):
        dates = self.answer().values("Date")
        expect_that(len(dates) == 1, "there is not one Date field", came_back=dates,
                    why="A server with a clock says when it answered (RFC 9110 section 6.6.1).")
        pattern = r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT"
        expect_that(re.fullmatch(pattern, dates[0]), "Date has another form", came_back=dates[0],
                    expected="Fri, 20 Nov 2026 10:09:08 GMT",
                    why="Dates in HTTP have this form only (RFC 9110 section 5.6.7).")
        expect_that(abs(parsedate_to_datetime(dates[0]).timestamp() - time.time()) < 60, "Date is not now",
                    came_back=dates[0], why="Caches compute the age of a page from it (RFC 9110 section 6.6.1).")

    @pytest.mark.clause(19)
    def test_server_is_named(self):
        expect_same(self.answer().values("Server"), [ch04.SERVER], problem="there is no Server field with SERVER in it",
                    why="It names the software that answers (RFC 9110 section 10.2.4).")

    @pytest.mark.parametrize("name, value", [
        ("Date", "Mon, 02 Nov 2026 00:00:00 GMT"), ("date", "Mon, 02 Nov 2026 00:00:00 GMT"), ("Server", "Flask"),
        ("SERVER", "Flask"), ("Server", "")])
    @pytest.mark.clause(20)
    def test_what_the_application_gave_is_not_added_again(self, name, value):
        expect_same(self.answer(headers=[(name, value)]).values(name), [value],
                    problem=f"there is a second {name.title()} beside the application's",
                    why="The server adds what is missing, and names are the same in any case (PEP 3333, The "
                        "start_response() Callable).")

    def test_the_connection_is_to_be_closed(self):
        expect_same(self.answer().values("Connection"), ["close"],
                    problem="the head does not say Connection: close, once",
                    why="Otherwise an HTTP/1.1 client waits for another response (RFC 9112 section 9.6).")

    def test_a_length_that_the_server_knows_is_told(self):
        expect_same(self.answer("LENGTH", known_length=5).values("Content-Length"), ["5"],
                    problem="Content-Length does not tell self.length",
                    why="The framing is LENGTH: without the field the client can't know where the body ends.")

    @pytest.mark.parametrize("name", ["Content-Length", "content-length"])
    @pytest.mark.clause(20)
    def test_the_application_s_length_is_told_once(self, name):
        head = self.head("LENGTH", headers=[(name, "5")], known_length=7)
        lengths = re.findall(rb"(?i)content-length: *(.*)\r\n", head)
        expect_same(lengths, [b"5"], problem="Content-Length is not the application's, once", head=shown_bytes(head),
                    why="Two lengths can be read in two ways, and clients refuse them (RFC 9112 section 6.3).")

    def test_chunks_are_announced(self):
        answer = self.answer("CHUNKED")
        expect_same(answer.values("Transfer-Encoding"), ["chunked"], problem="the chunks are not announced",
                    why="Otherwise the client takes their sizes for part of the page (RFC 9112 section 6.1).")
        expect_same(answer.values("Content-Length"), [], problem="there is a Content-Length beside chunks",
                    why="Nobody knows the length of this body (RFC 9112 section 6.2).")

    @pytest.mark.parametrize("framing", ["LENGTH", "UNTIL_CLOSE", "NO_BODY"])
    def test_nothing_else_is_announced_as_chunks(self, framing):
        known_length = 5 if framing == "LENGTH" else None
        expect_same(self.answer(framing, known_length=known_length).values("Transfer-Encoding"), [],
                    problem=f"a body is announced as chunked that is not (self.framing is {framing})",
                    why="A client would look for the size of the first chunk (RFC 9112 section 6.1).")

    def test_a_body_until_the_end_has_no_length(self):
        expect_same(self.answer("UNTIL_CLOSE", request=request_for(version="HTTP/1.0")).values("Content-Length"), [],
                    problem="there is a Content-Length where nobody knows the length",
                    why="The end of the connection is the end of this body (RFC 9112 section 6.3).")

    @pytest.mark.parametrize("request_method, status", [("HEAD", "200 OK"), ("GET", "304 Not Modified")])
    def test_head_and_304_keep_the_application_s_length(self, request_method, status):
        answer = self.answer("NO_BODY", request=request_for(request_method), status=status,
                             headers=[("Content-Length", "5")])
        expect_same(answer.values("Content-Length"), ["5"], problem="the application's Content-Length is lost",
                    why="Here it tells how long the body would be in the response to GET (RFC 9110 section 8.6).")

    @pytest.mark.parametrize("status", ["204 No Content", "100 Continue"])
    def test_1xx_and_204_have_no_length(self, status):
        headers = [("Allow", "GET"), ("content-length", "5"), ("X-A", "1")]
        answer = self.answer("NO_BODY", status=status, headers=headers)
        expect_same(answer.values("Content-Length"), [],
                    problem=f"there is a Content-Length in a response with status {status}",
                    why="These responses must not have one (RFC 9110 section 8.6).")
        expect_same(answer.values("Allow") + answer.values("X-A"), ["GET", "1"],
                    problem="other headers are lost with Content-Length", why="Only the length is left out.")


# The body.

BODILESS = [("HEAD", "200 OK"), ("GET", "204 No Content"), ("GET", "304 Not Modified")]  # method and status

def lengthy(number):
    """Return headers with this Content-Length."""
    return [("Content-Length", str(number))]


@pytest.mark.step("4.7")
class TestWrite:
    def written(self, *blocks, connection=None, request=None, **parts):
        """Return a Response to which blocks were written."""
        response = response_to(request, connection=connection, **parts)
        for block in blocks:
            response.write(block)
        return response

    @pytest.mark.clause(92)
    def test_the_first_block_goes_out_behind_the_head(self):
        sent = self.written(b"hello", headers=lengthy(5)).connection.sent
        expect_that(len(sent) != 3, "only the first 3 bytes of the response were sent", came_back=repr(sent),
                    why="A socket's `send` may take some of the bytes; `self.send` goes on until all are sent.")
        expect_that(sent != b"hello", "the block is sent without a head", came_back=repr(sent),
                    why="The head goes before the first byte of the body (PEP 3333, The start_response() Callable).")
        expect_same(read_answer(sent).body, b"hello", problem="the body is not what was written",
                    why="The bytes go out as they are, behind the head.")

    @pytest.mark.clause(17, 134)
    def test_bytes_are_sent_as_they_are(self):
        block = bytes(range(256))
        expect_same(read_answer(self.written(block, headers=lengthy(256)).connection.sent).body, block,
                    problem="bytes of the block are changed",
                    why="The body may be a picture: nothing in it is text to the server.")

    def test_head_and_first_block_go_with_one_send(self):
        events = self.written(b"hello", headers=lengthy(5)).connection.events
        expect_same(len(events), 1, problem="head and first block are not sent together", events=events,
                    why="Two small packets may wait for one another: the system holds the second back until the "
                        "first is acknowledged (RFC 9293 section 3.7.4).")

    def test_sent_counts_the_bytes_of_the_body(self):
        response = self.written(b"hello", b"world!")
        expect_same(response.sent, 11, problem="self.sent is not the number of bytes of the body",
                    why="It tells how much room is left, and what the access log says: head and sizes of chunks do "
                        "not count.")

    def test_the_head_goes_once(self):
        sent = self.written(b"hello", b"world", headers=lengthy(10)).connection.sent
        expect_same(sent.count(b"HTTP/1.1 200"), 1, problem="the head is not sent exactly once",
                    response=shown_bytes(sent),
                    why="The first block brings it; a client takes a second head for part of the page.")
        expect_same(body_in(sent), b"helloworld", problem="the second block is not sent behind the first",
                    why="The body is all blocks, one behind the other.")

    @pytest.mark.clause(92)
    def test_an_empty_block_sends_nothing(self):
        response = self.written(b"", headers=lengthy(5))
        expect_same(response.connection.sent, b"", problem="an empty block sends the head",
                    why="Middleware gives b'' while it waits for more; until then an error page can still take the "
                        "place of the response (PEP 3333, The start_response() Callable).")
        expect_that(not response.head_sent, "after an empty block, self.head_sent is true", why="Nothing was sent.")

    @pytest.mark.parametrize("block", ["hello", "", None, bytearray(b"hello")], ids=repr)
    @pytest.mark.clause(134)
    def test_what_is_not_bytes_is_refused(self, block):
        response = response_to(headers=lengthy(5))
        expect_refused(TypeError, lambda: response.write(block),
                       problem=f"{block!r} is accepted as a block of the body",
                       why="Only the application knows in which encoding its text is meant (PEP 3333, A Note On "
                           "String Types).")
        expect_same(response.connection.sent, b"", problem="something was sent before the block was refused",
                    why="With the head unsent, the server can still answer 500.")

    @pytest.mark.clause(113)
    def test_without_a_length_each_block_is_a_chunk(self):
        body = body_in(self.written(b"hello", b"a longer block of it").connection.sent)
        expect_same(body, b"5\r\nhello\r\n14\r\na longer block of it\r\n", problem="the blocks do not go out as chunks",
                    why="A chunk is its size in hex, CRLF, the bytes and CRLF (RFC 9112 section 7.1); `self.framed` "
                        "makes it.")

    def test_http_1_0_gets_the_blocks_as_they_are(self):
        body = body_in(self.written(b"hello", b"world", request=request_for(version="HTTP/1.0")).connection.sent)
        expect_same(body, b"helloworld", problem="the blocks do not go out as they are",
                    why="HTTP/1.0 has no chunks (RFC 9112 section 6.1); `self.framed` knows.")

    @pytest.mark.clause(109)
    def test_nothing_goes_beyond_the_announced_length(self):
        response = response_to(headers=lengthy(5))
        self.write_too_much(response, b"hello world")
        body = body_in(response.connection.sent)
        expect_that(body, "nothing is sent of a block that is too long", expected=repr(b"hello"),
                    why="What fits is sent, and then ValueError is raised: the client gets all that it was promised.")
        expect_same(body, b"hello", problem="the body is not cut at its Content-Length",
                    perhaps="self.room() knows the limit once self.head_once() has chosen the framing",
                    why="A client takes further bytes for the next response (PEP 3333, Handling the Content-Length "
                        "Header).")
        expect_same(response.sent, 5, problem="self.sent counts bytes that were not sent", why="The rest was cut off.")

    @pytest.mark.clause(106)
    def test_too_much_is_an_error(self):
        response = response_to(headers=lengthy(5))
        expect_refused(ValueError, lambda: response.write(b"hello world"),
                       problem="a block beyond the Content-Length is no error",
                       why="The application has announced another length: without an error nobody finds out (PEP "
                           "3333, Handling the Content-Length Header).")

    def test_a_long_block_that_fits_is_no_error(self):
        response = self.written(b"x" * 1000, headers=lengthy(1000))
        expect_same(response.sent, 1000, problem="the block is not sent whole", why="All of it was announced.")

    @pytest.mark.clause(106, 109)
    def test_after_the_last_byte_there_is_no_room(self):
        response = self.written(b"hello", headers=lengthy(5))
        expect_refused(ValueError, lambda: response.write(b"!"),
                       problem="a block beyond the Content-Length is no error",
                       why="No room is left: 0 is not the same as no limit.")
        expect_same(body_in(response.connection.sent), b"hello",
                    problem="a block is sent after the last byte of the body",
                    why="No room is left: 0 is not the same as no limit.")

    @pytest.mark.parametrize("method, status", BODILESS)
    def test_where_no_body_may_be_the_block_is_dropped(self, method, status):
        response = response_to(request_for(method), status=status, headers=lengthy(5))
        try:
            response.write(b"hello")
        except ValueError as error:
            raise Diagnosis("a block that is to be dropped is an error", request=method, status=status,
                            place=deepest_place(error.__traceback__),
                            why="Applications answer HEAD as they answer GET; the server drops the body (RFC 9110 "
                                "section 9.3.2).")
        read_answer(response.connection.sent, head_only=True)
        expect_same(response.sent, 0, problem="self.sent counts bytes that were dropped", request=method, status=status,
                    why="The access log tells what was sent.")

    @pytest.mark.clause(103)
    def test_a_client_that_has_left_is_told_as_client_gone(self):
        response = response_to(connection=Connection(breaks=0), headers=lengthy(5))
        expect_refused(ch04.ClientGone, lambda: response.write(b"hello"),
                       problem="that the client has left is not told",
                       why="`self.send` makes ClientGone of all that can happen to a connection, so that "
                           "handle_request can tell it from the application's own errors.")
        expect_same(response.sent, 0, problem="self.sent counts bytes that could not be sent",
                    why="The access log tells what was sent: count when `self.send` has returned.")

    @staticmethod
    def write_too_much(response, block):
        """Write a block that is too long, whether that is refused or not."""
        try:
            response.write(block)
        except ValueError:
            pass


class Sized:
    """An iterable that has a length, and is neither list nor tuple."""

    def __init__(self, blocks):
        self.blocks = blocks

    def __len__(self):
        return len(self.blocks)

    def __iter__(self):
        return iter(self.blocks)


def watched_blocks(connection, blocks, seen):
    """Yield blocks; note in the list seen, each time one is asked for, the body that was sent until then."""
    for block in blocks:
        seen.append(body_in(connection.sent))
        yield block
    seen.append(body_in(connection.sent))


@pytest.mark.step("4.8")
class TestWriteBlocks:
    http_1_0 = {"version": "HTTP/1.0"}

    def sent(self, blocks, request=None, **parts):
        """Return all bytes that go out for blocks."""
        response = response_to(request or request_for(**self.http_1_0), **parts)
        response.write_blocks(blocks)
        return response.connection.sent

    @pytest.mark.parametrize("kind", [list, tuple, iter, Sized], ids=["list", "tuple", "iterator", "object with len"])
    @pytest.mark.clause(13, 79)
    def test_all_blocks_of_any_iterable_are_sent_in_order(self, kind):
        response = response_to(request_for(**self.http_1_0))
        response.write_blocks(kind([b"one ", b"two ", b"three"]))
        expect_same(response.known_length, None, problem="self.known_length is set for several blocks",
                    why="The length of one block is not that of the body.")
        expect_same(body_in(response.connection.sent), b"one two three",
                    problem="the body is not all blocks in their order",
                    why="An iterable of bytes is all that the application promises (PEP 3333, Specification Details).")

    @pytest.mark.clause(16, 107)
    def test_each_block_is_sent_before_the_next_is_asked_for(self):
        response, seen = response_to(request_for(**self.http_1_0)), []
        response.write_blocks(watched_blocks(response.connection, [b"one ", b"two "], seen))
        expect_same(seen, [b"", b"one ", b"one two "], problem="a block is not sent before the next is asked for",
                    why="The next block may take minutes to make; the client is to have this one now (PEP 3333, "
                        "Buffering and Streaming).")

    @pytest.mark.parametrize("kind", [list, tuple, Sized], ids=["list", "tuple", "an object with len"])
    @pytest.mark.clause(73, 112)
    def test_the_length_of_a_single_block_is_told(self, kind):
        head = read_answer(head_in(self.sent(kind([b"hello"]), request_for())), head_only=True)
        expect_same(head.values("Content-Length"), ["5"], problem="the length of a single block is not told",
                    fields=head.fields,
                    why="With one block the server knows the length before it sends the head: chunks are not needed "
                        "(PEP 3333, Handling the Content-Length Header).")

    def test_the_length_is_the_block_s_not_the_list_s(self):
        response = response_to()
        response.write_blocks([b"hello world"])
        expect_same(response.known_length, 11, problem="self.known_length is not the length of the block",
                    why="A list of one block has a len of 1, and that is not the length of the body.")

    @pytest.mark.clause(73)
    def test_several_blocks_go_out_as_chunks(self):
        response = response_to()
        response.write_blocks([b"hello ", b"world"])
        expect_same(body_in(response.connection.sent), b"6\r\nhello \r\n5\r\nworld\r\n",
                    problem="several blocks are not sent as chunks",
                    why="The server does not know their length before it sends the head.")

    def test_an_announced_length_stays(self):
        answer = read_answer(self.sent([b"hello"], headers=[("content-length", "5")]))
        expect_same(answer.values("Content-Length"), ["5"],
                    problem="the application's Content-Length is not the one that is sent",
                    why="What the application announces comes first.")

    def test_no_block_sends_nothing(self):
        expect_same(self.sent([]), b"", problem="something is sent although there is no block",
                    why="The end of the response is close()'s business.")

    @pytest.mark.clause(92)
    def test_the_head_waits_for_a_block_that_is_not_empty(self):
        response, seen = response_to(request_for(**self.http_1_0)), []
        blocks = (seen.append(response.connection.sent) or block for block in [b"", b"", b"hello"])
        response.write_blocks(blocks)
        expect_same(len(seen), 3, problem="blocks behind an empty one are lost",
                    why="An empty block is not the end: middleware gives it while it waits for more.")
        expect_same(seen, [b"", b"", b""], problem="the head is sent before there is a block that is not empty",
                    why="Until then the application can still start an error page (PEP 3333, The start_response() "
                        "Callable).")
        expect_same(body_in(response.connection.sent), b"hello", problem="the body is not all blocks in their order",
                    why="An empty block adds nothing.")

    @pytest.mark.clause(110)
    def test_after_the_last_byte_no_block_is_asked_for(self):
        response, seen = response_to(headers=lengthy(5)), []
        try:
            response.write_blocks(watched_blocks(response.connection, [b"hel", b"lo", b"more", b"more"], seen))
        except ValueError:
            seen.append("ValueError")
        expect_same(seen, [b"", b"hel"], problem="more blocks are asked for after the last byte of the body",
                    why="Nothing of them may be sent, and making them may take long: `self.is_complete()` tells "
                        "(PEP 3333, Handling the Content-Length Header).")

    def test_the_block_that_goes_too_far_is_an_error(self):
        response = response_to(headers=lengthy(5))
        expect_refused(ValueError, lambda: response.write_blocks([b"hel", b"lo, world"]),
                       problem="a body that is too long is no error",
                       why="`self.write` raises ValueError: let it pass, it belongs into the log.")

    def test_head_needs_one_block_only(self):
        response, seen = response_to(request_for("HEAD")), []
        response.write_blocks(watched_blocks(response.connection, [b"again"] * 40, seen))
        expect_same(seen, [b""], problem="for HEAD more blocks are asked for than one",
                    why="With the head everything is sent that may be sent; the body may be endless.")


class FileConnection(Connection):
    """A connection that sends files as a socket does, and notes what it was asked to copy."""

    def __init__(self, *, leaves=False, **options):
        super().__init__(**options)
        self.leaves = leaves  # whether the client leaves when its file comes
        self.copied = []  # (offset, count)

    def sendfile(self, file, offset=0, count=None):
        if self.leaves:
            raise BrokenPipeError(errno.EPIPE, "Broken pipe")
        if count is not None and count <= 0:
            raise ValueError(f"count must be a positive integer (got {count!r})")
        self.copied.append((offset, count))
        file.seek(offset)
        data = file.read(-1 if count is None else count)
        file.seek(offset + len(data))
        self.sendall(data)
        return len(data)


class Patience:
    """A file that does not wait for the end of an endless loop: it tells when it is read on and on after its end."""

    after_end = 0

    def read(self, size=-1):
        block = super().read(size)
        self.after_end = 0 if block else self.after_end + 1
        if self.after_end > PATIENCE:
            report_trouble(Diagnosis(f"the file was read {self.after_end} times after its read had returned b''",
                                     why="b'' is the end of a file: a loop that does not look at it never ends."))
        return block


class DiskFile(Patience, io.BufferedReader):
    """A file on disk, as `open` returns it."""


class MemoryFile(Patience, io.BytesIO):
    """A file in memory."""


class PackedFile(Patience, gzip.GzipFile):
    """A gzip file."""


TEXT = b"The file has forty bytes, and some more."


@pytest.fixture
def file(tmp_path):
    """A file with TEXT in it, open and at its beginning."""
    (tmp_path / "page.txt").write_bytes(TEXT)
    with DiskFile(io.FileIO(tmp_path / "page.txt")) as opened:
        yield opened


@pytest.fixture
def pair():
    """Two sockets that are connected: the server's and the client's."""
    server, client = socket.socketpair()
    with server, client:
        client.settimeout(SECONDS)
        yield server, client


@pytest.mark.step("4.9")
class TestWriteFile:
    def received(self, pair, file, request=None, **parts):
        """Return all bytes that a client receives through real sockets when file is written."""
        server, client = pair
        response = response_to(request, connection=server, **parts)
        response.write_file(ch04.FileWrapper(file))
        server.close()
        return receive_all(client)

    def response_with(self, file, request=None, connection=None, **parts):
        """Return the Response to which file was written."""
        response = response_to(request, connection=connection or FileConnection(), **parts)
        response.write_file(ch04.FileWrapper(file))
        return response

    @pytest.mark.clause(130)
    def test_a_file_is_sent_with_its_length(self, pair, file):
        received = self.received(pair, file)
        head = read_answer(head_in(received), head_only=True)
        expect_same(head.values("Content-Length"), [str(len(TEXT))], fields=head.fields,
                    problem="the head does not tell the length of the file",
                    why="A file on disk has a length: browsers show how much is left of a download.")
        expect_same(body_in(received), TEXT, problem="the body is not the file",
                    why="The bytes of the file are sent as they are.")

    @pytest.mark.clause(129)
    def test_a_file_is_sent_from_where_it_stands(self, pair, file):
        file.read(9)
        expect_same(body_in(self.received(pair, file)), TEXT[9:], problem="the file is not sent from where it stands",
                    before="file.read(9)",
                    why="What the application has read is not part of the response (PEP 3333, Optional "
                        "Platform-Specific File Handling).")

    def test_the_system_does_the_copying(self, file):
        connection = self.response_with(file).connection
        expect_that(connection.copied, "the file does not go through the connection's sendfile",
                    sent=shown_bytes(connection.sent),
                    why="os.sendfile copies from the disk to the network without Python seeing a byte.")
        expect_same(body_in(connection.sent), TEXT, problem="the body is not the file", copied=connection.copied,
                    why="Each byte is sent once.")

    def test_sent_counts_the_bytes_of_the_file(self, file):
        expect_same(self.response_with(file).sent, len(TEXT),
                    problem="self.sent is not the number of bytes of the file",
                    why="The access log tells it, and close compares it with Content-Length.")

    @pytest.mark.clause(109, 129)
    def test_no_more_is_sent_than_was_announced(self, pair, file):
        received = self.received(pair, file, headers=lengthy(8))
        expect_same(body_in(received), TEXT[:8], problem="the file is not sent up to the announced length",
                    announced="Content-Length: 8",
                    why="The application may want the first bytes only (PEP 3333, Optional Platform-Specific File "
                        "Handling).")

    def test_an_announced_length_of_0_sends_no_byte(self, file):
        rows = {"announced": "Content-Length: 0", "file": f"{len(TEXT)} bytes"}
        why = ("A file may be longer than announced: that is no error, what is left over is not sent. sendfile refuses "
               "a count of 0, so there is nothing to call then.")
        try:
            sent = self.response_with(file, headers=lengthy(0)).connection.sent
        except ValueError as error:
            raise Diagnosis(f"a file of which no byte may be sent is an error: {error}", **rows, why=why,
                            place=deepest_place(error.__traceback__))
        expect_same(body_in(sent), b"", problem="bytes of the file are sent", **rows, why=why)

    def test_a_file_shorter_than_announced_is_sent_to_its_end(self, file):
        response = self.response_with(file, headers=lengthy(100))
        expect_same(body_in(response.connection.sent), TEXT, problem="the body is not the file",
                    why="What is there, is sent.")
        expect_same(response.header("content-length"), "100", problem="the announced length is changed",
                    why="What the application announces comes first; close says what is missing.")

    @pytest.mark.clause(109)
    def test_what_was_written_before_takes_up_room(self, file):
        response = response_to(connection=FileConnection(), headers=lengthy(8))
        response.write(b"abc")
        response.write_file(ch04.FileWrapper(file))
        expect_same(body_in(response.connection.sent), b"abc" + TEXT[:5],
                    problem="body and file together go beyond the length",
                    why="`self.room()` tells what is left after write().")

    def test_in_a_response_with_chunks_the_file_is_chunks(self, file):
        response = response_to(connection=FileConnection())
        response.write(b"abc")
        response.write_file(ch04.FileWrapper(file))
        expect_same(body_in(response.connection.sent), b"3\r\nabc\r\n28\r\n" + TEXT + b"\r\n",
                    problem="the file is not sent as a chunk",
                    why="The head has announced chunks when write() sent it: the client looks for a size now (RFC "
                        "9112 section 7.1).")

    @pytest.mark.parametrize("method, status", BODILESS)
    def test_where_no_body_may_be_no_file_is_sent(self, pair, file, method, status):
        received = self.received(pair, file, request_for(method), status=status)
        expect_same(body_in(received), b"", problem="the file is sent where no body may be", request=method,
                    status=status, why="Such a response ends with its head (RFC 9112 section 6.3).")
        read_answer(received, head_only=True)

    def test_what_is_no_file_on_disk_is_sent_block_by_block(self, pair):
        memory = MemoryFile(TEXT)
        memory.read(9)
        received = self.received(pair, memory, request_for(version="HTTP/1.0"))
        expect_same(read_answer(received).body, TEXT[9:], problem="the body is not what the object's read gives",
                    why="Anything with a read method is a file to an application (PEP 3333, Optional "
                        "Platform-Specific File Handling).")

    @pytest.mark.clause(124, 128)
    def test_a_gzip_file_is_sent_as_it_reads(self, tmp_path):
        (tmp_path / "page.gz").write_bytes(gzip.compress(TEXT))
        with PackedFile(tmp_path / "page.gz", "rb") as unpacked:
            connection = self.response_with(unpacked, request_for(version="HTTP/1.0")).connection
        expect_that(not connection.copied, "a gzip file goes through sendfile, and is sent packed",
                    why="The file behind its number holds other bytes than its read gives: `wrapper.remaining()` is "
                        "None for it.")
        expect_same(read_answer(connection.sent).body, TEXT, problem="the body is not what the object's read gives",
                    why="Anything with a read method is a file to an application (PEP 3333, Optional "
                        "Platform-Specific File Handling).")

    @pytest.mark.clause(92)
    def test_an_empty_file_sends_nothing_yet(self, file):
        file.read()
        expect_same(self.response_with(file).connection.sent, b"", problem="something is sent for a file without bytes",
                    why="It is like any empty body: close sends its head.")

    def test_the_file_stays_open(self, file):
        self.response_with(file)
        expect_that(not file.closed, "write_file closes the file",
                    why="handle_request closes it with the wrapper, on every path.")

    def test_a_client_that_has_left_is_told_as_client_gone(self, file):
        connection = FileConnection(leaves=True)
        expect_refused(ch04.ClientGone, lambda: self.response_with(file, connection=connection),
                       problem="that the client has left is not told",
                       why="handle_request has to tell a client that left from an error of the application.")


@pytest.mark.step("4.10")
class TestClose:
    def closed(self, *blocks, request=None, **parts):
        """Return a Response as it is when blocks were written, and that was closed then.

        They are not written with `write`: what is wrong there is not to be told as wrong here.
        """
        response = response_to(request, **parts)
        for block in blocks:
            head = response.head_once()
            fitting = block[:response.room()]
            response.send(head + response.framed(fitting))
            response.sent += len(fitting)
        response.close()
        return response

    @pytest.mark.clause(92)
    def test_an_empty_body_has_a_head_all_the_same(self):
        sent = self.closed().connection.sent
        expect_that(sent, "nothing is sent for an empty body", expected="a head with Content-Length: 0",
                    why="The head was waiting for the first block: now it is certain that none comes (PEP 3333, The "
                        "start_response() Callable).")
        expect_same(read_answer(sent).values("Content-Length"), ["0"],
                    problem="the head of an empty body does not say Content-Length: 0",
                    response=shown_bytes(sent),
                    why="That there is no byte is known now; chunks are not needed.")

    @pytest.mark.clause(113)
    def test_chunks_end_with_the_last_chunk(self):
        sent = self.closed(b"hello").connection.sent
        expect_same(body_in(sent), b"5\r\nhello\r\n0\r\n\r\n", problem="the chunks do not end with the last chunk",
                    why="Without the chunk of size 0 a client takes the response for one that was cut off (RFC 9112 "
                        "section 7.1).")

    @pytest.mark.parametrize("version, headers", [("HTTP/1.1", lengthy(5)), ("HTTP/1.0", [])],
                             ids=["with a length", "until close"])
    def test_only_chunks_have_a_last_chunk(self, version, headers):
        sent = self.closed(b"hello", request=request_for(version=version), headers=headers).connection.sent
        expect_same(body_in(sent), b"hello", problem="there are bytes behind the last byte of the body",
                    why="Only a chunked body has a last chunk (RFC 9112 section 7.1).")

    @pytest.mark.parametrize("method, status", BODILESS)
    @pytest.mark.parametrize("blocks", [[], [b"hello"]], ids=["without a block", "with a block"])
    def test_where_no_body_may_be_the_head_is_all(self, method, status, blocks):
        sent = self.closed(*blocks, request=request_for(method), status=status).connection.sent
        read_answer(sent, head_only=True)

    @pytest.mark.clause(111)
    def test_too_few_bytes_are_told_in_the_log(self, capsys):
        self.closed(b"hello", headers=lengthy(120))
        printed = capsys.readouterr()
        expect_that(not printed.out, "it is printed on stdout, not on stderr", came_back=printed.out,
                    why="The log is stderr; stdout has the URL.")
        expect_that(printed.err, "a body that is too short is not told on stderr",
                    written="5 bytes, with Content-Length: 120",
                    why="The client waits and then reports an error: only the log can say whose it is (PEP 3333, "
                        "Handling the Content-Length Header).")
        expect_that({"5", "120"} <= set(re.findall(r"\d+", printed.err)), "the log does not tell both numbers",
                    came_back=printed.err.strip(), expected="5, the bytes sent, and 120, the announced length",
                    why="Both together show what is missing.")

    @pytest.mark.clause(111)
    def test_no_byte_at_all_is_too_few(self, capsys):
        response = self.closed(headers=lengthy(120))
        expect_that(b"Content-Length: 120\r\n" in response.connection.sent,
                    "the head of the announced length is not sent", came_back=shown_bytes(response.connection.sent),
                    why="The application has announced that length.")
        expect_that("120" in capsys.readouterr().err, "a body that does not come is not told on stderr",
                    why="120 bytes were announced, and none was sent.")

    @pytest.mark.parametrize("method, blocks, headers", [
        ("GET", [b"hello"], lengthy(5)), ("GET", [b"hello"], []), ("GET", [], []), ("HEAD", [b"hello"], lengthy(5)),
        ("HEAD", [], lengthy(5)), ("GET", [b"x" * 1000], lengthy(1000))],
        ids=["all bytes", "chunks", "an empty body", "HEAD", "HEAD without a block", "a long body"])
    def test_otherwise_the_log_is_silent(self, capsys, method, blocks, headers):
        self.closed(*blocks, request=request_for(method), headers=headers)
        expect_same(capsys.readouterr().err, "", problem="the log tells of a body that is whole", request=method,
                    why="Who reads the log looks for what is wrong; the response to HEAD has no body to be too short.")

    def test_without_start_response_it_is_an_error(self):
        expect_refused(AssertionError, lambda: ch04.Response(Connection(), request_for()).close(),
                       problem="close hides that start_response was never called",
                       why="`self.head_once()` raises it, and handle_request answers 500: don't catch it here.")

    def test_a_client_that_has_left_is_told_as_client_gone(self):
        expect_refused(ch04.ClientGone, lambda: self.closed(connection=Connection(breaks=0)),
                       problem="that the client has left is not told",
                       why="`self.send` raises it, and handle_request knows that it is no error: don't catch it here.")

    def test_the_connection_stays_open(self):
        expect_that(not self.closed(b"hello").connection.closed, "close closes the connection",
                    why="It ends the response. `hang_up` closes the connection, and makes sure that the client "
                        "receives all.")


# The loop.

STARTED = time.gmtime(1_795_169_348)  # 20 November 2026, 10:09:08


@pytest.mark.step("4.11")
class TestAccessLine:
    def line(self, method="GET", target="/a?b", version="HTTP/1.1", status="200 OK", sent=65, seconds=0.0031):
        """Return what access_line makes of a request and its response."""
        request = ch02.Request(method, target, version, [], b"/", "")
        line = ch04.access_line(CLIENT, request, types.SimpleNamespace(status=status, sent=sent), STARTED, seconds)
        expect_that(line is not None, "nothing is returned", expected="str",
                    why="handle_request prints what access_line returns.")
        return line

    def expect_line(self, line, expected, problem, why="Tools that read logs know this format."):
        """Fail unless line is expected. Both are shown as they are: backslashes are what this is about."""
        expect_that(line == expected, problem, came_back=line, expected=expected, why=why)

    def test_it_has_the_common_log_format(self):
        line = self.line()
        expect_that(not str(line).endswith("\n"), "the line ends with a line break", came_back=repr(line),
                    why="print adds one.")
        self.expect_line(line, '127.0.0.1 - - [20/Nov/2026:10:09:08 +0000] "GET /a?b HTTP/1.1" 200 65 0.003',
                         "the line is not in the common log format")

    def test_method_target_and_version_are_the_client_s(self):
        self.expect_line(self.line("DELETE", "/x%20y", "HTTP/1.0").partition('"')[2],
                         'DELETE /x%20y HTTP/1.0" 200 65 0.003', "the request line is not the client's")

    def test_the_status_is_three_digits(self):
        self.expect_line(self.line(status="404 Not Found").partition('" ')[2], "404 65 0.003",
                         "the status is not three digits alone")

    def test_no_bytes_are_a_dash(self):
        self.expect_line(self.line(status="304 Not Modified", sent=0).partition('" ')[2], "304 - 0.003",
                         "no bytes are not written as -")

    def test_no_answer_is_a_dash(self):
        self.expect_line(self.line(status=None, sent=0).partition('" ')[2], "- - 0.003",
                         "a response without a status is not written as -")

    @pytest.mark.parametrize("seconds, text", [(0, "0.000"), (0.0005678, "0.001"), (12.5, "12.500"), (99.99, "99.990")])
    def test_the_time_taken_has_three_decimals(self, seconds, text):
        self.expect_line(self.line(seconds=seconds).rpartition(" ")[2], text, "the seconds do not have three decimals",
                         "Columns of the same form can be sorted and added up.")

    @pytest.mark.parametrize("target, shown", [
        ('/" 200 1 0.000', r'/\" 200 1 0.000'), ("/\\", r"/\\"), ('/\\"', r'/\\\"'),
    ], ids=["a quote", "a backslash", "both"])
    def test_quotes_and_backslashes_in_the_target_are_escaped(self, target, shown):
        self.expect_line(self.line(target=target).partition("] ")[2], f'"GET {shown} HTTP/1.1" 200 65 0.003',
                         "a quote or a backslash in the target is not escaped, once",
                         "The client chooses the target: it could end the quotation and forge the rest of the entry.")


class Page:
    """What an application returns: blocks, an end that may fail, and a note in events for all that is done with it."""

    def __init__(self, events, blocks=(b"hello", b"world"), error=None):
        self.events, self.blocks, self.error = events, blocks, error

    def __iter__(self):
        for block in self.blocks:
            self.events.append(("asked",))
            yield block
        if self.error:
            raise self.error

    def close(self):
        self.events.append(("iterable closed",))


def app_returning(iterable, status="200 OK", headers=()):
    """Return an application that answers with iterable."""
    def app(environ, start_response):
        start_response(status, list(headers))
        return iterable

    return app


def app_noting(environs):
    """Return an application that puts its environ into a list."""
    def app(environ, start_response):
        environs.append(environ)
        return app_returning([b"noted"])(environ, start_response)

    return app


def app_raising(error):
    """Return an application that fails before it has begun."""
    def app(environ, start_response):
        raise error

    return app


def write_app(environ, start_response):
    """An application of the old kind: it writes, and returns something too."""
    write = start_response("200 OK", [])
    write(b"written, ")
    write(b"and ")
    return [b"returned"]


def late_app(environ, start_response):
    """An application that is late with start_response, as every generator function is."""
    start_response("200 OK", [("X-Late", "yes")])
    yield b"hello, "
    yield b"world"


def failing_late(blocks):
    """Return an application that fails behind these blocks, with a secret in its message."""
    def app(environ, start_response):
        start_response("200 OK", [("Set-Cookie", "session=7")])
        yield from blocks
        raise ApplicationFails("the secret is 12345")

    return app


FAILURES_BEFORE_THE_HEAD = {
    "in the call": app_raising(ApplicationFails("the secret is 12345")),
    "before the first block": failing_late([]),
    "behind an empty block": failing_late([b""]),
    "a block that is no bytes": app_returning(["hello"]),
    "no start_response": lambda environ, start_response: [b"hello"],
    "no start_response and no block": lambda environ, start_response: [],
    "None returned": app_returning(None),
    "a malformed status": app_returning([b"hello"], status="200"),
    "a ConnectionError of the application's own": app_raising(ConnectionResetError("the database has hung up")),
    "a TimeoutError of the application's own": app_raising(TimeoutError("the database is slow")),
}
LOG_LINE = re.compile(r'127\.0\.0\.1 - - \[\d\d/\w{3}/\d{4}:\d\d:\d\d:\d\d \+0000\] "(.*)" (\d{3}|-) (\d+|-) '
                      r'(\d+\.\d{3})')


def handled(app, request=None, connection=None):
    """Have handle_request answer a request with app, and return the connection."""
    connection = connection or FileConnection()
    ch04.handle_request(app, request or request_for(), connection, CLIENT)
    return connection


def log_lines(text):
    """Return the matches of the access log's lines in what was printed on stderr."""
    return [match for line in text.splitlines() if (match := LOG_LINE.fullmatch(line))]


@pytest.fixture
def eight_hours_ahead(monkeypatch):
    """A clock that is eight hours ahead of UTC, on systems where a program can choose."""
    choose = getattr(time, "tzset", lambda: None)
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "XYZ-8")
        choose()
        yield
    choose()


@pytest.mark.step("4.12")
class TestHandleRequest:
    @pytest.mark.clause(14)
    def test_a_page_is_answered(self):
        answer = read_answer(handled(app_returning([b"hello"], headers=[("X-App", "yes")])).sent)
        expect_same((answer.status, answer.body), (200, b"hello"), problem="the response is not the application's",
                    why="The server sends what the application says.")
        expect_same(answer.values("X-App"), ["yes"], problem="the application's headers are lost",
                    why="The head is the application's.")

    @pytest.mark.clause(14, 15)
    def test_the_application_is_called_once_with_two_arguments_by_position(self):
        seen = []

        def app(*arguments, **named):
            seen.append((arguments, named))
            return app_returning([b"hello"])(*arguments, **named)

        handled(app)
        expect_that(seen, "the application is not called", why="Only the application knows what to answer.")
        arguments, named = seen[0]
        expect_same(sorted(named), [], problem="the application is called with keywords",
                    why="Its two parameters may have any names (PEP 3333, The Application/Framework Side).")
        expect_same((len(seen), len(arguments)), (1, 2), problem="it is not called once, with two arguments",
                    why="One request is one call (PEP 3333, The Server/Gateway Side).")

    @pytest.mark.clause(36, 122, 123)
    def test_the_environ_is_a_dict_with_a_file_wrapper(self):
        environs = []
        handled(app_noting(environs))
        environ = environs[0]
        expect_same(type(environ), dict, problem="environ is not a dict",
                    why="It must be a builtin dict (PEP 3333, Specification Details).")
        expect_same(environ.get("wsgi.file_wrapper"), ch04.FileWrapper, problem="wsgi.file_wrapper is not FileWrapper",
                    why="Flask's send_file looks for it there (PEP 3333, Optional Platform-Specific File Handling).")
        expect_same((environ["SERVER_NAME"], environ["SERVER_PORT"], environ["REMOTE_ADDR"]),
                    ("127.0.0.1", "8000", "127.0.0.1"),
                    problem="the addresses in environ are not those of the connection",
                    why="Applications build links with them.")

    @pytest.mark.clause(92)
    def test_a_body_without_blocks_is_answered(self):
        sent = handled(app_returning([])).sent
        expect_that(sent, "a body without blocks is not answered: the response is not closed",
                    why="The head is still to be sent when the iterable is exhausted: response.close() does it (PEP "
                        "3333, The start_response() Callable).")
        expect_same(read_answer(sent).values("Content-Length"), ["0"], problem="the empty body is not told as such",
                    why="It is certain now that no byte comes.")

    @pytest.mark.clause(5, 77)
    def test_start_response_may_come_with_the_first_block(self):
        answer = read_answer(handled(late_app).sent)
        expect_same((answer.status, answer.values("X-Late"), answer.body), (200, ["yes"], b"hello, world"),
                    problem="a generator is not answered",
                    why="Nothing of it runs before the first block is asked for (PEP 3333, Specification Details).")

    @pytest.mark.clause(103, 104)
    def test_what_is_written_comes_before_what_is_returned(self):
        expect_same(read_answer(handled(write_app).sent).body, b"written, and returned",
                    problem="the body is not what was written and returned",
                    why="Both belong to the body, in the order they came (PEP 3333, The write() Callable).")

    @pytest.mark.clause(16, 107)
    def test_each_block_is_sent_before_the_next_is_asked_for(self):
        connection, seen = Connection(), []
        handled(app_returning(watched_blocks(connection, [b"one ", b"two "], seen)), request_for(version="HTTP/1.0"),
                connection)
        expect_same(seen, [b"", b"one ", b"one two "], problem="a block is not sent before the next is asked for",
                    why="Collected first, a page that is endless is never sent (PEP 3333, Buffering and Streaming).")

    @pytest.mark.clause(122, 124)
    def test_a_file_wrapper_goes_through_sendfile(self, file):
        def app(environ, start_response):
            return app_returning(environ["wsgi.file_wrapper"](file))(environ, start_response)

        connection = handled(app)
        expect_same(read_answer(connection.sent).body, TEXT, problem="the body is not the file",
                    why="The bytes are those of the file.")
        expect_that(connection.copied, "a FileWrapper is sent block by block, not as a file",
                    why="write_file lets the system do the copying (PEP 3333, Optional Platform-Specific File "
                        "Handling).")
        expect_that(file.closed, "the file is still open",
                    why="The wrapper's close() closes it, and the server calls that.")

    @pytest.mark.clause(12)
    def test_environ_belongs_to_the_application(self, file):
        def app(environ, start_response):
            wrapper = environ["wsgi.file_wrapper"](file)
            environ.clear()
            return app_returning(wrapper)(environ, start_response)

        answer = read_answer(handled(app).sent)
        expect_same((answer.status, answer.body), (200, TEXT),
                    problem="an application that empties its environ is not answered",
                    why="It may change environ in any way (PEP 3333, Specification Details). gunicorn 27 looks for "
                        "wsgi.file_wrapper in it after the call, and answers 500.")

    @pytest.mark.parametrize("case", ["success", "an error in the iteration", "a client that leaves"])
    @pytest.mark.clause(74, 75, 76)
    def test_the_iterable_is_closed_once_after(self, case):
        events, error = [], ApplicationFails() if case == "an error in the iteration" else None
        connection = Connection(breaks=20 if case == "a client that leaves" else None)
        handled(app_returning(Page(events, error=error)), connection=connection)
        closings = events.count(("iterable closed",))
        expect_that(closings, f"close() of the iterable is not called after {case}",
                    why="The application frees there what the page has needed, a file or a database (PEP 3333, "
                        "Specification Details).")
        expect_same(closings, 1, problem="close() of the iterable is called more than once",
                    why="Once is what an application can count on.")

    def test_an_empty_iterable_is_closed_too(self):
        class Empty(list):
            closed = False

            def close(self):
                self.closed = True

        empty = Empty()
        handled(app_returning(empty))
        expect_that(empty.closed, "close() of an iterable without blocks is not called",
                    why="An empty list is false, and may have a close all the same: ask with hasattr alone.")

    @pytest.mark.parametrize("app, status, size", [
        (app_returning([b"hello"]), "200", "5"), (late_app, "200", "12"),
        (app_returning([], "304 Not Modified"), "304", "-"),
    ], ids=["a page", "chunks", "no body"])
    def test_each_request_has_one_line_in_the_access_log(self, app, status, size, capsys):
        handled(app, request_for(target="/a?b"))
        printed = capsys.readouterr()
        lines = log_lines(printed.err)
        expect_that(not log_lines(printed.out), "the access log is on stdout, not on stderr", stdout=printed.out,
                    why="The log is stderr; stdout has the URL.")
        expect_same(len(lines), 1, problem="there is not one line of the access log on stderr",
                    stderr=printed.err or "(nothing)",
                    why="Each request that was handled has its line.")
        expect_same(lines[0].group(1, 2, 3), ("GET /a?b HTTP/1.1", status, size),
                    problem="the access log tells another response", line=lines[0][0],
                    why="It tells what the client was sent.")

    @pytest.mark.clause(74)
    def test_the_iterable_is_closed_when_everything_is_sent_and_logged(self, capsys):
        events, connection = [], Connection()
        page = Page(events)
        page.close = lambda: events.append((connection.sent, capsys.readouterr().err))
        handled(app_returning(page), connection=connection)
        expect_that(events and isinstance(events[-1][0], bytes), "close() of the iterable is not called",
                    why="PEP 3333, Specification Details.")
        sent, printed = events[-1]
        expect_that(sent.endswith(b"0\r\n\r\n"), "the iterable is closed before the last chunk is sent",
                    sent=shown_bytes(sent),
                    why="close() may take its time, and the client is to have the whole response first.")
        expect_that(log_lines(printed), "the iterable is closed before the access log is written",
                    stderr=printed or "(nothing)",
                    why="That is the order of gunicorn: if close() fails, the request is in the log all the same.")

    @pytest.mark.parametrize("case", FAILURES_BEFORE_THE_HEAD)
    @pytest.mark.clause(21, 92)
    def test_an_error_before_the_head_is_a_500(self, case, capsys):
        connection = handled(FAILURES_BEFORE_THE_HEAD[case])
        expect_that(connection.sent, f"nothing is answered after an error ({case})",
                    why="The head has not gone: the client can still be told (PEP 3333, Error Handling).")
        expect_same(read_answer(connection.sent).status, 500,
                    problem=f"an error before the head is not answered with 500 ({case})",
                    why="The client did nothing wrong; 500 says so (RFC 9110 section 15.6.1).")
        printed = capsys.readouterr().err
        expect_that("Traceback" in printed, "the traceback is not on stderr", failure=case,
                    why="Whoever repairs the application needs it (PEP 3333, Error Handling).")
        expect_same([line.group(2, 3) for line in log_lines(printed)], [("500", str(len(body_in(connection.sent))))],
                    problem="the 500 is not in the access log, once, with its length", stderr=printed,
                    perhaps="the line is written before send_error has answered: except and finally of one try are "
                            "run in this order",
                    why="Errors too are requests that were answered.")

    def test_strangers_read_nothing_of_the_error(self, capsys):
        sent = handled(failing_late([b""])).sent
        expect_that(b"12345" not in sent and b"ApplicationFails" not in sent, "the response tells what has failed",
                    came_back=shown_bytes(sent),
                    why="It may tell of passwords and paths: it is for the log (RFC 9110 section 15.6.1).")
        expect_that(b"session=7" not in sent, "the 500 has the headers of the page that failed",
                    came_back=shown_bytes(sent),
                    why="Nothing of that page is true any more: `response.send_error()` replaces them.")
        expect_that("the secret is 12345" in capsys.readouterr().err, "the error is not on stderr",
                    why="The log is where it belongs.")

    @pytest.mark.clause(21)
    def test_after_the_head_the_response_just_ends(self, capsys):
        sent = handled(failing_late([b"hello"])).sent
        expect_that(b"500" not in body_in(sent), "a second head is sent into the body", came_back=shown_bytes(sent),
                    why="The head has gone: a client takes all that follows for part of the page.")
        expect_same(body_in(sent), b"5\r\nhello\r\n", problem="something is sent behind the block before the error",
                    why="Without the last chunk the client notices that the page is not whole (RFC 9112 section 8).")
        expect_that("the secret is 12345" in capsys.readouterr().err, "the error is not on stderr",
                    why="The log is where it belongs.")

    @pytest.mark.clause(76)
    def test_a_client_that_leaves_is_no_error(self, capsys):
        handled(app_returning(Page([])), connection=Connection(breaks=20))
        printed = capsys.readouterr().err
        expect_that("Traceback" not in printed, "a client that leaves is told as an error", stderr=printed,
                    why="People close their browsers: a log full of that hides the errors.")
        expect_same(len(log_lines(printed)), 1, problem="a client that leaves is not in the access log, once",
                    stderr=printed or "(nothing)", why="The request was handled, and the log has a line for each.")

    @pytest.mark.clause(76, 110)
    def test_for_a_client_that_has_left_no_further_block_is_made(self):
        events = []
        handled(app_returning(Page(events, [b"again"] * 40)), connection=Connection(breaks=20))
        expect_same(events.count(("asked",)), 1, problem="blocks are made for a client that has left",
                    why="Nobody receives them: ClientGone ends the loop.")

    def test_the_time_taken_includes_the_body(self, capsys):
        def app(environ, start_response):
            start_response("200 OK", [])
            yield b"hello"
            time.sleep(0.05)

        begin = time.monotonic()
        handled(app)
        longest = time.monotonic() - begin + 0.001  # what is logged is rounded
        seconds = [float(line[4]) for line in log_lines(capsys.readouterr().err)]
        expect_that(seconds and 0.03 <= seconds[0] <= longest, "the time taken is not that of call, body and end",
                    came_back=seconds, expected="about 0.050",
                    why="A generator does all its work while its blocks are asked for.")

    def test_the_moment_in_the_access_log_is_one_of_utc(self, eight_hours_ahead, capsys):
        begin = int(time.time())
        handled(app_returning([b"hello"]))
        printed = capsys.readouterr().err
        moments = [time.strptime(text, "%d/%b/%Y:%H:%M:%S") for text in re.findall(r"\[(\S+) \+0000\]", printed)]
        seconds = [calendar.timegm(moment) for moment in moments]
        expect_that(seconds and begin <= seconds[0] <= time.time(), "the moment in the access log is not one of UTC",
                    stderr=printed, expected=time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(begin)),
                    why="The line says `+0000`; this clock is eight hours ahead (time.gmtime is UTC, time.localtime "
                        "is what the wall says).")

    def test_ctrl_c_gets_out_and_the_iterable_is_closed(self):
        events = []
        expect_refused(KeyboardInterrupt, lambda: handled(app_returning(Page(events, error=KeyboardInterrupt()))),
                       problem="Ctrl-C is swallowed", why="It ends the server: only Exception is the application's.")
        expect_that(("iterable closed",) in events, "close() of the iterable is not called after Ctrl-C",
                    why="It is called in every case.")

    @pytest.mark.clause(83, 87)
    def test_a_value_with_a_line_break_is_not_sent(self):
        target = "/\r\nSet-Cookie: role=admin"
        sent = handled(app_returning([b""], "302 Found", [("Location", target)])).sent
        expect_that(b"role=admin" not in sent, "a header was injected", came_back=shown_bytes(sent),
                    location=repr(target),
                    why="Whoever chose the value writes fields of the response (PEP 3333, The start_response() "
                        "Callable).")
        expect_same(read_answer(sent).status, 500, problem="a value with a line break is no error",
                    why="start_response refuses it.")

    @pytest.mark.clause(106, 109, 110)
    def test_a_body_beyond_its_length_is_cut_and_told(self, capsys):
        connection = handled(app_returning([b"hello", b"", b" world"], headers=lengthy(8)))
        expect_same(read_answer(connection.sent).body, b"hello wo", problem="the body is not cut at its Content-Length",
                    why="A client takes further bytes for the next response (PEP 3333, Handling the Content-Length "
                        "Header).")
        expect_that("ValueError" in capsys.readouterr().err, "a body that is too long is not told on stderr",
                    why="The page is not whole, and nobody else will say so.")

    @pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
    @pytest.mark.clause(1, 4, 36, 80, 81)
    def test_the_validator_of_the_standard_library_finds_nothing(self, method, capsys):
        app = app_returning([b"hello, ", b"world"], headers=[("Content-Type", "text/plain"), ("Content-Length", "12")])
        connection = handled(validator(app), request_for(method))
        printed = capsys.readouterr().err
        expect_that("Assertion" not in printed, "wsgiref.validate finds a mistake in the server", stderr=printed[-600:],
                    why="It stands between server and application and checks both against PEP 3333.")
        expect_same(read_answer(connection.sent, head_only=method == "HEAD").status, 200,
                    problem="a validated application is not answered", why="wsgiref.validate passes everything on.")


def flask_app(path):
    """Return a Flask app with one page of each kind."""
    app = flask.Flask("checked")
    app.add_url_rule("/", "home", lambda: "Hello, 你好")
    app.add_url_rule("/file", "file", lambda: flask.send_file(path))
    app.add_url_rule("/stream", "stream", lambda: flask.Response(f"{number}\n" for number in range(3)))
    app.add_url_rule("/broken", "broken", lambda: 1 / 0)
    return app


FLASK_PAGES = {
    "/": (200, "Hello, 你好".encode()),
    "/file": (200, TEXT),
    "/stream": (200, b"0\n1\n2\n"),
    "/nowhere": (404, None),
    "/broken": (500, None),
}


@pytest.mark.step("4.12")
class TestFlask:
    @pytest.mark.parametrize("path", FLASK_PAGES)
    @pytest.mark.parametrize("method", ["GET", "HEAD"])
    def test_a_flask_app_is_served(self, path, method, file, capsys):
        status, body = FLASK_PAGES[path]
        connection = FileConnection()
        request = ch02.Request(method, path, "HTTP/1.1", [("host", "127.0.0.1:8000")], path.encode(), "")
        ch04.handle_request(flask_app(file.name), request, connection, CLIENT)
        answer = read_answer(connection.sent, head_only=method == "HEAD")
        expect_same(answer.status, status, problem="Flask's answer is another one",
                    stderr=capsys.readouterr().err[-400:], why="A framework is an application like any other.")
        if body and method == "GET":
            expect_same(answer.body, body, problem="the body is not Flask's", why="The bytes go out as they are.")
        expect_that(bool(connection.copied) == (path == "/file" and method == "GET"),
                    "the file of send_file is not sent as a file",
                    why="Flask finds FileWrapper in environ and returns one.")


# The program.


class SlowConnection(Connection):
    """A connection whose recv notes the time limit that it is called with."""

    def __init__(self, blocks):
        super().__init__(blocks)
        self.limits = []

    def recv(self, size, flags=0):
        self.limits.append(self.timeout)
        return super().recv(size, flags)

    def settimeout(self, seconds):
        if seconds is not None and seconds < 0:
            raise ValueError("Timeout value out of range")  # as a socket does
        super().settimeout(seconds)


@pytest.fixture
def clock_at_50(monkeypatch):
    """A monotonic clock that stands still, however one imports it."""
    for module in (time, load("ch04_response")):
        monkeypatch.setattr(module, "monotonic", lambda: 50.0, raising=False)


@pytest.mark.step("4.13")
class TestRecv:
    def deadline(self, *blocks, seconds=1000):
        """Return a Deadline around a client that sends blocks, and the connection in it."""
        connection = SlowConnection(blocks)
        return Noted(ch04.Deadline(connection, seconds), "deadline"), connection

    def test_it_receives_from_the_connection(self):
        deadline, connection = self.deadline(b"GET / HT")
        expect_value(deadline.recv(5), b"GET /", problem="the bytes are not those of the connection",
                     why="A Deadline is a connection that can run out of time, and nothing else.")
        expect_same(connection.events, [("recv", 5)], problem="the connection is not asked once, for size bytes",
                    why="Each recv is one recv of the connection.")

    def test_the_end_of_the_stream_is_passed_on(self):
        deadline, _ = self.deadline()
        expect_value(deadline.recv(5), b"", problem="b'' is not passed on",
                     why="b'' tells that the client has hung up; read_head knows.")

    def test_the_connection_waits_until_the_end_and_no_longer(self):
        deadline, connection = self.deadline(b"G", b"E")
        deadline.recv(1)
        limit = connection.limits[0]
        expect_that(limit is not None, "the connection has no time limit",
                    why="A client that sends nothing would be waited for for ever, and nobody else is served: "
                        "`settimeout`.")
        expect_that(0 < limit <= 1000, "the time limit is not what is left until self.end",
                    came_back=f"settimeout({limit!r})", expected="settimeout(about 1000)",
                    why="settimeout takes a number of seconds from now, not a moment.")

    def test_what_is_left_gets_less(self):
        deadline, connection = self.deadline(b"G", b"E")
        deadline.recv(1)
        deadline.end = time.monotonic() + 2
        deadline.recv(1)
        expect_that(0 < connection.limits[1] <= 2, "the time limit begins anew with each recv",
                    came_back=f"settimeout({connection.limits[1]!r})",
                    expected="settimeout(about 2): what is left until self.end",
                    why="A client that sends a byte now and then would never exceed it, and holds the server as long "
                        "as it likes (RFC 9110 section 15.5.9).")
        expect_that(connection.limits[0] > 900, "the time limit is not what is left until self.end",
                    came_back=f"settimeout({connection.limits[0]!r})", expected="settimeout(about 1000) at first",
                    why="A client may take all of the time that it was given.")

    def test_when_no_time_is_left_it_is_a_timeout(self):
        deadline, connection = self.deadline(b"G", b"E")
        deadline.end = time.monotonic() - 1
        expect_refused(TimeoutError, lambda: deadline.recv(1), problem="there is no TimeoutError when the time is over",
                       why="Even if a byte has come: otherwise a slow client goes on and on.")
        expect_same(connection.events, [], problem="the connection is asked although no time is left",
                    why="settimeout refuses a negative number, and 0 would mean something else: not to wait at all.")

    def test_the_last_second_counts(self, clock_at_50):
        deadline, connection = self.deadline(b"G", seconds=0.5)
        try:
            deadline.recv(1)
        except TimeoutError as error:
            raise Diagnosis("there is a TimeoutError half a second before the end", **{"came back": repr(error)},
                            place=deepest_place(error.__traceback__), why="Until self.end the client may send.")
        expect_same(connection.limits, [0.5], problem="the time limit is not what is left until self.end",
                    why="settimeout takes parts of seconds too.")

    def test_exactly_at_the_end_no_time_is_left(self, clock_at_50):
        deadline, connection = self.deadline(b"G", seconds=0)
        expect_refused(TimeoutError, lambda: deadline.recv(1), problem="there is no TimeoutError when the time is over",
                       why="self.end has come, and a time limit of 0 would mean something else: not to wait at all.")

    def test_the_connection_s_own_timeout_gets_out(self):
        deadline, _ = self.deadline(TimeoutError("timed out"))
        expect_refused(TimeoutError, lambda: deadline.recv(1), problem="the connection's TimeoutError is swallowed",
                       why="Nothing has come in time: receive_request waits for this error, and b'' would mean that "
                           "the client has hung up.")



GET = b"GET /page HTTP/1.1\r\nHost: 127.0.0.1:8000\r\n\r\n"
NO_REQUESTS = {
    "nothing": [],
    "half a request": [b"GET / HT"],
    "a reset": [b"GET", ConnectionResetError(errno.ECONNRESET, "Connection reset by peer")],
    "a slow client": [b"GET", TimeoutError("timed out")],
}


@pytest.mark.step("4.14")
class TestMakeHandle:
    def handle(self, app, connection):
        """Have the function that make_handle returns answer a client, and return the connection."""
        handle = ch04.make_handle(app)
        expect_that(callable(handle), "make_handle does not return a function", came_back=repr(handle),
                    expected="handle(connection, client_address)",
                    why="`serve` of chapter 1 calls it for each client: return the function, without calling it.")
        handle(connection, CLIENT)
        return connection

    @pytest.mark.parametrize("delivery", DELIVERIES)
    def test_a_client_is_answered(self, delivery):
        connection = self.handle(app_returning([b"hello"]), Connection(GET, delivery=delivery))
        expect_same(read_answer(connection.sent).body, b"hello", problem="the application's page is not sent",
                    sent=connection, why="The request is handled as soon as it is whole, however its bytes arrive.")

    @pytest.mark.parametrize("blocks", [[GET], [b"bad\r\n\r\n"], *NO_REQUESTS.values()],
                             ids=["an answer", "a bad request", *NO_REQUESTS])
    def test_the_connection_is_closed_after(self, blocks):
        connection = self.handle(app_returning([b"hello"]), Connection(blocks))
        expect_that(connection.closed, "the connection is not closed", sent=connection,
                    why="The response says Connection: close, and each open connection costs the server one of its "
                        "files.")

    def test_hang_up_does_the_closing(self):
        events = [event[0] for event in self.handle(app_returning([b"hello"]), Connection(GET)).events]
        expect_that("shutdown" in events and events[-1] == "close", "the connection is closed at once, without hang_up",
                    events=" → ".join(events),
                    why="If bytes of the client lie unread, closing sends a reset that can overtake the response "
                        "(RFC 9112 section 9.6).")

    @pytest.mark.parametrize("case", NO_REQUESTS)
    def test_without_a_request_nothing_is_answered(self, case):
        called = []
        connection = self.handle(app_noting(called), Connection(NO_REQUESTS[case]))
        expect_that(not called, "the application is called without a request", sent=connection,
                    why="receive_request returns None when there is none: then there is nothing left to do.")
        expect_same(connection.sent, b"", problem="something is answered to no request",
                    why="Nobody is there to read it.")

    def test_a_bad_request_is_refused_and_never_reaches_the_application(self):
        called = []
        connection = self.handle(app_noting(called), Connection(b"GET /\r\n\r\n"))
        expect_that(not called, "the application is called for a bad request",
                    why="receive_request has told the client what is wrong.")
        expect_same(read_answer(connection.sent).status, 400, problem="a bad request is not answered with 400",
                    why="receive_request answers it; nothing else is sent.")

    def test_the_time_limit_is_that_for_sending_when_the_application_is_called(self):
        limits, connection = [], Connection(GET)
        self.handle(lambda *arguments: limits.append(connection.timeout) or app_returning([b"hello"])(*arguments),
                    connection)
        expect_same(limits, [ch04.SEND_SECONDS],
                    problem="the connection's time limit is not SEND_SECONDS while the request is handled",
                    why="It is still what was left for the request: a large page, or a client that reads slowly, "
                        "would be cut off.")

    def test_the_application_learns_the_client_s_address(self):
        environs = []
        ch04.make_handle(app_noting(environs))(Connection(GET), ("192.0.2.7", 1234))
        expect_same([environ["REMOTE_ADDR"] for environ in environs], ["192.0.2.7"],
                    problem="REMOTE_ADDR is not the client's address",
                    why="serve gives each client's address to handle.")

    def test_one_handle_serves_one_client_after_the_other(self):
        handle = ch04.make_handle(app_returning([b"hello"]))
        connections = [Connection(GET), Connection(b"GET / HT"), Connection(GET)]
        for connection in connections:
            handle(connection, CLIENT)
        expect_same([body_in(connection.sent) for connection in connections], [b"hello", b"", b"hello"],
                    problem="the second client finds what the first has left behind",
                    why="serve calls the same handle for all clients.")

    def test_a_client_that_leaves_is_no_error(self, capsys):
        self.handle(app_returning([b"hello"]), Connection(GET, breaks=20))
        expect_that("Traceback" not in capsys.readouterr().err, "a client that leaves is told as an error",
                    why="People close their browsers.")

    def test_ctrl_c_gets_out_and_the_connection_is_closed(self):
        connection = Connection(GET)
        expect_refused(KeyboardInterrupt, lambda: self.handle(app_raising(KeyboardInterrupt()), connection),
                       problem="Ctrl-C is swallowed", why="It ends the server.")
        expect_that(connection.closed, "the connection is not closed after Ctrl-C",
                    why="It is closed on every path: `finally`.")


MODULES = {
    "good": "def app(environ, start_response):\n    start_response('200 OK', [])\n    return [b'from demo_good']\n",
    "package/__init__": "",
    "package/inner": "def app(environ, start_response):\n    pass\n",
    "raises": "\nraise RuntimeError('no database')\n",
    "misspelt": "\nimport os\nos.nowhere\n",
    "needs": "\nimport a_module_that_nobody_has\n",
    "leaves": "\nimport sys\nsys.exit('set SECRET first')\n",
    "unclosed": "\ndef app(environ, start_response:\n    pass\n",
    "lacks": "application = print\n",
    "wrong": "app = 'an application'\n",
}
NO_APPLICATIONS = {
    "no colon": ("demo_good", ["demo_good"]),
    "nothing behind the colon": ("demo_good:", ["demo_good:"]),
    "nothing before the colon": (":app", [":app"]),
    "an empty name": ("", []),
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
    "an object that can't be called": ("demo_wrong:app", ["app"]),
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with the modules of MODULES in it, their names with `demo_` in front."""
    for name, source in MODULES.items():
        path = tmp_path / f"demo_{name}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(source, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    yield tmp_path
    for name in [name for name in sys.modules if name.startswith("demo_")]:
        del sys.modules[name]


@pytest.mark.step("4.15")
class TestLoadApplication:
    @pytest.mark.parametrize("name", ["demo_good:app", "demo_package.inner:app"])
    def test_the_object_of_the_module_is_returned(self, folder, name):
        app = self.loaded(name)
        expect_that(app is not None, "nothing is returned", expected="the object app",
                    why="main serves what is returned.")
        expect_that(isinstance(app, types.FunctionType) and app.__module__ == name.partition(":")[0],
                    "another object is returned", came_back=repr(app),
                    expected=f"app of the module {name.partition(':')[0]}",
                    why="`demo:app` stands for the object app in demo.py, as for gunicorn.")

    def loaded(self, name):
        """Return what load_application returns for a name that is right. Raises Diagnosis if it refuses it."""
        try:
            return ch04.load_application(name)
        except ch04.NotAnApplication as error:
            raise Diagnosis("NotAnApplication is raised for a name that is right", **{"came back": str(error)},
                            place=deepest_place(error.__traceback__),
                            why="The module and its object are there; `package.module:app` is a name too.")

    @pytest.mark.parametrize("case", NO_APPLICATIONS)
    def test_a_name_without_an_application_is_refused(self, folder, case):
        name, words = NO_APPLICATIONS[case]
        error = expect_refused(ch04.NotAnApplication, lambda: ch04.load_application(name),
                               others=(Exception, SystemExit), problem=f"{case} is not refused with NotAnApplication",
                               **{"try it": f"python chapters/ch04_response.py {name}"},
                               why="main turns NotAnApplication into one sentence; all else shows a traceback.")
        expect_that(str(error) and "\n" not in str(error).strip(), "the message is not one sentence",
                    came_back=repr(str(error)), why="It is all that the person at the keyboard reads.")
        missing = [word for word in words if word not in str(error).replace(os.sep, "/")]
        expect_that(not missing, f"the message does not say what is wrong ({case})", came_back=str(error),
                    expected=f"a sentence with {' and '.join(map(repr, missing))} in it",
                    why="Who reads it wants to know what to repair, and where.")

    def test_ctrl_c_while_a_module_is_imported_gets_out(self, folder):
        (folder / "demo_slow.py").write_text("raise KeyboardInterrupt\n", encoding="utf-8")
        expect_refused(KeyboardInterrupt, lambda: ch04.load_application("demo_slow:app"), problem="Ctrl-C is swallowed",
                       why="It ends the program, whatever that is doing.")


DEMO = f"""
import flask

app = flask.Flask("demo")
app.add_url_rule("/", "home", lambda: "Hello, 你好")
app.add_url_rule("/file", "file", lambda: flask.send_file({__file__!r}))
app.add_url_rule("/stream", "stream", lambda: flask.Response(str(number) for number in range(3)))
app.add_url_rule("/broken", "broken", lambda: 1 / 0)
"""
IMPATIENT = """
import sys
sys.path.insert(0, sys.argv[1])
import ch04_response
ch04_response.REQUEST_SECONDS = 0.2
sys.argv[1:] = ["demo_good:app", "--bind", "127.0.0.1:0"]
ch04_response.main()
"""


def serving(folder, app="demo_good:app", **options):
    """Run the chapter's program in a folder, as `running` does."""
    return chapter_program("ch04_response", app, cwd=folder, **options)


def refusal(program):
    """Return what a program prints on stderr that ends at once. Raises Diagnosis if it serves."""
    end = time.monotonic() + SECONDS
    while program.process.poll() is None and not program.output and time.monotonic() < end:
        time.sleep(0.01)
    explained = program.explained()
    if not isinstance(explained, Diagnosis):
        raise explained
    expect_that(program.process.poll() is not None, "the program runs, with nothing that it could serve",
                called=program.shown(), output=program.last_lines(), why="It has to say what is wrong, and to end.")
    return program.stderr


@pytest.mark.program
@pytest.mark.step("4.15")
class TestProgram:
    def test_it_serves_an_application_of_the_current_folder(self, folder):
        with serving(folder) as program:
            answer = requests.get(f"http://127.0.0.1:{program.port()}/a?b", timeout=SECONDS)
            expect_same((answer.status_code, answer.text), (200, "from demo_good"),
                        problem="the page is not the application's", stderr=program.last_lines(),
                        called=program.shown(), why="MODULE is looked up from the current folder.")
            expect_that(program.wait_for(lambda: log_lines(program.stderr)),
                        "the request is not in the access log on stderr", called=program.shown(),
                        output=program.last_lines(), why="Each request has its line there.")

    def test_it_answers_a_raw_client(self, folder):
        with serving(folder) as program:
            answer = read_answer(exchange(program.port(), GET))
            expect_same((answer.status, answer.body), (200, b"from demo_good"),
                        problem="the page is not the application's", called=program.shown(),
                        output=program.last_lines(), why="A response ends with the connection.")

    def test_it_serves_a_flask_app(self, folder):
        (folder / "demo.py").write_text(DEMO, encoding="utf-8")
        with serving(folder, "demo:app") as program, requests.Session() as session:
            url = f"http://127.0.0.1:{program.port()}"
            answers = {path: session.get(url + path, timeout=SECONDS) for path in ("/", "/file", "/stream", "/broken")}
        expect_same({path: answer.status_code for path, answer in answers.items()},
                    {"/": 200, "/file": 200, "/stream": 200, "/broken": 500}, problem="Flask's answers are others",
                    why="A framework is an application like any other.")
        expect_same((answers["/"].text, answers["/stream"].text), ("Hello, 你好", "012"),
                    problem="the bodies are not Flask's", why="The bytes go out as they are.")
        with open(__file__, "rb") as sent:
            expect_that(answers["/file"].content == sent.read(), "the file is not sent whole",
                        came_back=f"{len(answers['/file'].content)} bytes", why="sendfile goes on until all is sent.")

    @pytest.mark.skipif(os.name == "nt", reason="a subprocess on Windows can't be sent Ctrl-C alone")
    @pytest.mark.parametrize("how", ["SIGINT", "SIGTERM"])
    def test_it_ends_cleanly(self, folder, how):
        with serving(folder) as program:
            program.port()
            status = program.interrupt(getattr(signal, how))
            expect_same((status, "Traceback" in program.stderr), (0, False),
                        problem=f"the program does not end cleanly on {how}", called=program.shown(),
                        output=program.last_lines(), why="Ctrl-C is how a server is ended: it is no error.")

    @pytest.mark.parametrize("case", ["no such module", "a module that raises", "a module that is no Python",
                                      "a module without that name", "an object that can't be called"])
    def test_what_is_no_application_is_told_in_one_sentence(self, folder, case):
        name, words = NO_APPLICATIONS[case]
        with serving(folder, name) as program:
            printed = refusal(program)
            expect_that("Traceback" not in printed and len(printed.splitlines()) == 1,
                        f"{case} is not told in one sentence", called=program.shown(), output=printed,
                        why="A traceback shows the inside of the server, not what is wrong.")
            expect_that(program.process.returncode, "the exit status is 0", called=program.shown(), output=printed,
                        why="Scripts look at it to see whether the server runs.")

    def test_a_port_that_is_taken_is_told_in_one_sentence(self, folder):
        with socket.create_server(("127.0.0.1", 0)) as other:
            with serving(folder, bind=f"127.0.0.1:{other.getsockname()[1]}") as program:
                printed = refusal(program)
                expect_that("Traceback" not in printed and len(printed.splitlines()) == 1,
                            "a port that is taken is not told in one sentence", called=program.shown(), output=printed,
                            why="It is the most usual mistake of who starts a server.")
                expect_that(program.process.returncode, "the exit status is 0", called=program.shown(),
                            why="The server does not run.")

    def test_a_client_that_never_finishes_its_request_is_dropped(self, folder):
        command = [sys.executable, "-c", IMPATIENT, str(path_of("ch04_response").parent)]
        with running(command, cwd=folder) as program:
            port = program.port()
            expect_same(exchange(port, b"GET / HT"), b"", problem="half a request is answered",
                        why="Nobody has asked for anything.")
            expect_same(read_answer(exchange(port, GET)).status, 200, problem="the next client is not answered",
                        output=program.last_lines(), why="One client never stops the server.")
