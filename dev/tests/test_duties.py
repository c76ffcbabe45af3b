"""Each check of an application's or a middleware's duties fails for one that breaks the duty, and says which."""
import inspect
import os
import re
import subprocess
import sys
from functools import partial
from urllib.parse import unquote

import pytest

from dev import PROJECT
from workshop.checking.plugins import contract_hooks
from workshop.machine.containment import contained_environment
from wsgi_contract.checks.duties import test_application as applications
from wsgi_contract.checks.duties import test_middleware as middlewares
from wsgi_contract.duties import KNOWN, SUBJECTS
from wsgi_contract.observer import ObservedCall
from wsgi_contract.problem import Diagnosis
from wsgi_contract.subjects import Subject

TEXT = [("Content-Type", "text/plain")]
CASES = []  # (check, what it is given, how the problem begins)


def told(check, problem):
    """Note what follows, an application or a middleware, as one of which a check tells this problem."""
    def note(thing):
        CASES.append((check, thing, problem))
        return thing

    return note


def answer(start_response, status="200 OK", headers=(), body=(b"text",)):
    start_response(status, [*TEXT, *headers])
    return list(body)


# Applications.


@told(applications.test_it_is_called_with_two_positional_arguments, "it can't be called as an application")
def takes_one_argument(environ):
    return []


blocks_of_all_calls = iter([b"once"])


@told(applications.test_it_can_be_called_again, "the second call is not answered as the first was")
def returns_the_same_iterator(environ, start_response):
    answer(start_response)
    return blocks_of_all_calls


@told(applications.test_start_response_is_called_by_position, "start_response is called with keywords")
def names_the_parameters(environ, start_response):
    start_response(status="200 OK", headers=list(TEXT))
    return []


@told(applications.test_what_comes_back_is_an_iterable_of_blocks, "what it returned is no iterable of blocks")
def returns_a_string(environ, start_response):
    answer(start_response)
    return b"text"


@told(applications.test_blocks_are_bytes, "a block is no bytes")
def yields_text(environ, start_response):
    return answer(start_response, body=["text"])


@told(applications.test_start_response_is_called_before_the_first_block_comes, "start_response was not called when")
def starts_after_the_first_block(environ, start_response):
    yield b"text"
    answer(start_response)


@told(applications.test_it_goes_on_where_its_blocks_are_not_taken, "it fails when the client leaves after a block")
def wants_to_be_read_to_the_end(environ, start_response):
    try:
        yield from answer(start_response, body=[b"a", b"b"])
    except GeneratorExit:
        raise RuntimeError("not read to its end")


@told(applications.test_no_request_makes_it_raise, "it raises")
def counts_on_a_variable(environ, start_response):
    return answer(start_response, body=[environ["HTTP_HOST"].encode()])


@told(applications.test_no_more_is_read_than_there_is, "more is read than the body has")
def reads_a_thousand_bytes(environ, start_response):
    return answer(start_response, body=[environ["wsgi.input"].read(1000)])


@told(applications.test_streams_are_used_for_what_they_are, "a stream is asked for more than PEP 3333 gives it")
def asks_for_colours(environ, start_response):
    return answer(start_response, body=[str(getattr(environ["wsgi.errors"], "isatty", None)).encode()])


@told(applications.test_streams_are_not_closed, "a stream is closed")
def tidies_up(environ, start_response):
    getattr(environ["wsgi.input"], "close", lambda: None)()
    return answer(start_response)


class Boastful(list):
    def __len__(self):
        return 1


@told(applications.test_len_is_the_number_of_blocks, "len() is not the number of blocks")
def tells_another_length(environ, start_response):
    return Boastful(answer(start_response, body=[b"a", b"b"]))


def says(check, problem, **head):
    """Note an application that gives start_response this."""
    told(check, problem)(lambda environ, start_response: answer(start_response, **head))


says(applications.test_a_status_is_a_code_a_space_and_a_phrase, "the status has another form", status="200OK")
says(applications.test_a_status_is_a_code_a_space_and_a_phrase, "the status has another form", status=200)
says(applications.test_a_status_has_no_control_characters, "there is a control character", status="200 OK\r\nX: y")
says(applications.test_names_of_headers_are_field_names, "a header has a name that none", headers=[("X-Name:", "a")])
says(applications.test_values_of_headers_have_no_control_characters, "there is a control character in a header",
     headers=[("Location", "/\r\nSet-Cookie: a=b")])
says(applications.test_the_connection_is_left_to_the_server, "a header is about the connection",
     headers=[("Connection", "close")])
says(applications.test_the_connection_is_left_to_the_server, "a header is about the connection",
     headers=[("transfer-encoding", "chunked")])
says(applications.test_strings_have_one_byte_for_each_character, "a string of the head can't be sent",
     headers=[("X-Name", "你好")])
says(applications.test_names_and_values_are_strings, "a header is no pair of str", headers=[("Content-Length", 4)])


@told(applications.test_headers_are_a_list_of_pairs, "the headers are no list of pairs")
def gives_a_tuple(environ, start_response):
    start_response("200 OK", tuple(TEXT))
    return []


@told(applications.test_a_second_head_comes_with_exc_info, "start_response is called a second time without exc_info")
def changes_its_mind(environ, start_response):
    answer(start_response)
    return answer(start_response, "404 Not Found")


@told(applications.test_exc_info_is_that_of_an_error_which_is_being_handled, "exc_info is not that of an error")
def takes_exc_info_for_a_switch(environ, start_response):
    start_response("500 Oops", list(TEXT), True)
    return []


@told(applications.test_what_start_response_raises_reaches_the_server, "what start_response raised is trapped")
def traps_everything(environ, start_response):
    try:
        raise RuntimeError("on purpose")
    except RuntimeError:
        try:
            start_response("500 Oops", list(TEXT), sys.exc_info())
        except RuntimeError:
            pass
    return []


@told(applications.test_write_is_not_called_while_blocks_are_taken, "write is called while the server asks")
def writes_while_it_yields(environ, start_response):
    write = start_response("200 OK", list(TEXT))
    write(b"written")
    yield b"text"


@told(applications.test_wsgiref_validate_has_no_objection, "wsgiref.validate objects: No Content-Type header")
def has_no_content_type(environ, start_response):
    start_response("200 OK", [])
    return []


@told(applications.test_each_call_has_an_iterator_of_its_own, "one iterator is returned for all requests")
def hands_out_one_iterator(environ, start_response, blocks=iter([b"used", b"up"])):  # noqa: B008
    start_response("200 OK", list(TEXT))
    return blocks


says(applications.test_content_length_is_that_of_the_body, "Content-Length is not that of the body",
     headers=[("Content-Length", "5")])


# Middleware: each takes an application, and returns one.


def middleware(check, problem, **more):
    """Note the function (app, environ, start_response) that follows as a middleware of which a check tells this."""
    def note(function):
        told(partial(check, **more) if more else check, problem)(lambda app: partial(function, app))
        return function

    return note


@middleware(middlewares.test_the_application_is_called_as_a_server_calls_it, "the application is not called with")
def calls_with_keywords(app, environ, start_response):
    return app(environ=environ, start_response=start_response)


@middleware(middlewares.test_the_body_arrives_at_the_application, "the body does not arrive at the application")
def reads_the_form(app, environ, start_response):
    environ["my.form"] = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    return app(environ, start_response)


@middleware(middlewares.test_the_path_stays_what_it_is, "the application is given another path")
def decodes_the_path(app, environ, start_response):
    return app(environ | {"PATH_INFO": unquote(environ["PATH_INFO"], "latin-1")}, start_response)


@middleware(middlewares.test_start_response_arrives_also_where_no_block_comes, "start_response does not arrive where")
def starts_with_the_first_block(app, environ, start_response):
    held, calls = [], []

    def start(status, headers, exc_info=None):
        if calls and not exc_info:
            raise AssertionError("a second head")
        held[:] = calls[:] = [(status, headers)]
        return start_response(*held.pop(), exc_info) if exc_info else lambda block: start_response(*held.pop())(block)

    def blocks():
        for block in passed:
            if held:
                start_response(*held.pop())
            yield block

    passed = app(environ, start)
    return ClosingWhatItMay(blocks(), passed)


class ClosingWhatItMay:
    """An iterable that closes another one, if that can be closed."""

    def __init__(self, blocks, passed):
        self.blocks = blocks
        if hasattr(passed, "close"):
            self.close = passed.close

    def __iter__(self):
        return iter(self.blocks)


@middleware(middlewares.test_headers_of_one_name_arrive_all_of_them, "a header is lost beside another of its name")
def makes_a_dict_of_the_headers(app, environ, start_response):
    return app(environ, lambda status, headers, *more: start_response(status, [*dict(headers).items()], *more))


@told(middlewares.test_requests_that_overlap_are_kept_apart, "what belongs to one request is given to another")
class KeepsTheRequest:
    def __init__(self, app):
        self.app = app

    def __call__(self, environ, start_response):
        self.iterable = self.app(environ, start_response)
        return ClosingWhatItMay(self.blocks(), self.iterable)

    def blocks(self):
        yield from self.iterable


@middleware(middlewares.test_the_iterable_of_a_head_request_is_closed, "after HEAD close() is not called once")
def leaves_out_the_body(app, environ, start_response):
    iterable = app(environ, start_response)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else iterable


@middleware(middlewares.test_start_response_may_come_with_the_first_block, "a late start_response does not arrive")
def wants_the_head_at_once(app, environ, start_response):
    heads = []
    iterable = app(environ, lambda *head: heads.append(head) or (lambda block: None))
    start_response(*heads[0])
    return iterable


@middleware(middlewares.test_start_response_returns_write, "start_response does not return write")
def forgets_write(app, environ, start_response):
    return app(environ, lambda *head: start_response(*head) and None)


@middleware(middlewares.test_a_second_start_response_without_exc_info_is_an_error, "a second start_response without")
def lets_the_first_head_stand(app, environ, start_response):
    writes = []
    return app(environ, lambda *head: writes[0] if writes else writes.append(start_response(*head)) or writes[0])


@middleware(middlewares.test_exc_info_arrives_at_the_server, "exc_info does not arrive at the server")
def drops_exc_info(app, environ, start_response):
    return app(environ, lambda status, headers, exc_info=None: start_response(status, headers))


@middleware(middlewares.test_what_the_server_raises_because_of_exc_info_comes_out, "what the server's start_response")
def traps_what_the_server_raises(app, environ, start_response):
    def start(*head):
        try:
            return start_response(*head)
        except Exception:
            return lambda block: None

    return app(environ, start)


heads_of_all_requests = []


@middleware(middlewares.test_no_reference_to_exc_info_is_kept, "the exception is kept alive")
def keeps_heads(app, environ, start_response):
    return app(environ, lambda *head: heads_of_all_requests.append(head) or start_response(*head))


@middleware(middlewares.test_the_iterable_is_closed_once, "close() of the application's iterable is not", how="well")
@middleware(middlewares.test_the_iterable_is_closed_once, "close() of the application's iterable is not", how="early")
@middleware(middlewares.test_the_iterable_is_closed_once, "close() of the application's iterable is not", how="error")
def forgets_to_close(app, environ, start_response):
    yield from app(environ, start_response)


class Closing:
    """An iterable that closes what may not be closed."""

    def __init__(self, blocks):
        self.blocks, self.close = blocks, lambda: blocks.close()

    def __iter__(self):
        return iter(self.blocks)


@middleware(middlewares.test_an_iterable_without_close_is_not_closed, "an iterable that can't be closed is an error")
def closes_without_asking(app, environ, start_response):
    return Closing(app(environ, start_response))


@middleware(middlewares.test_an_iterable_comes_back_before_a_block_is_asked_for, "blocks are asked for before")
def makes_a_list(app, environ, start_response):
    return list(app(environ, start_response))


@middleware(middlewares.test_no_block_waits_for_a_later_one, "block 1 waits for a later one")
def looks_ahead(app, environ, start_response):
    blocks = iter(app(environ, start_response))
    last = next(blocks)
    for block in blocks:
        yield last
        last = block
    yield last


@middleware(middlewares.test_there_is_a_block_for_each_block, "fewer blocks come out than went in")
def leaves_out_empty_blocks(app, environ, start_response):
    return filter(None, app(environ, start_response))


@middleware(middlewares.test_what_comes_in_is_not_held_back_until_the_end, "nothing comes out until all has come in")
def yields_all_in_the_end(app, environ, start_response):
    kept = b""
    for block in app(environ, start_response):
        kept += block
        yield b""
    yield kept


@middleware(middlewares.test_what_is_yielded_is_not_written, "what the application yielded is sent with write()")
def writes_what_is_yielded(app, environ, start_response):
    writes = []
    for block in app(environ, lambda *head: writes.append(start_response(*head)) or writes[0]):
        writes[0](block)
    return []


@middleware(middlewares.test_only_what_is_written_is_written, "more is sent with write() than the application wrote")
def writes_a_line_after_each(app, environ, start_response):
    def start(*head):
        write = start_response(*head)
        return lambda block: (write(block), write(b"\n"))

    return app(environ, start)


@middleware(middlewares.test_what_is_written_comes_before_what_is_yielded, "what was written is lost, or comes late")
def puts_what_is_written_last(app, environ, start_response):
    written = []
    blocks = app(environ, lambda *head: start_response(*head) and written.append)
    return [*blocks, *written]


@middleware(middlewares.test_to_the_server_it_is_an_application, "a header is about the connection",
            duty="test_the_connection_is_left_to_the_server")
def closes_the_connection(app, environ, start_response):
    more = [("Connection", "close")]
    return app(environ, lambda status, headers, *rest: start_response(status, headers + more, *rest))


@middleware(middlewares.test_wsgiref_validate_has_no_objection_on_either_side, "wsgiref.validate objects: Environ")
def puts_a_number_into_environ(app, environ, start_response):
    return app(environ | {"REMOTE_PORT": 80}, start_response)


# The checks of the checks.


def name_of(check):
    return getattr(check, "func", check).__name__


@pytest.mark.filterwarnings("ignore::wsgiref.validate.WSGIWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("check, thing, problem", CASES, ids=[name_of(check) for check, _, _ in CASES])
def test_a_broken_duty_is_told_as_what_it_is(check, thing, problem):
    given = Subject(lambda: thing) if name_of(check) in vars(applications) else thing
    codings = ["gzip"] * ("coding" in inspect.signature(check).parameters)
    with pytest.raises(Diagnosis) as raised:
        check(given, *codings)
    assert raised.value.problem.startswith(problem), raised.value.problem
    assert raised.value.rows["called"] and raised.value.rows["why"]


@pytest.mark.parametrize("module", [applications, middlewares])
def test_each_check_has_something_that_it_fails_for(module):
    checks = {name for name in vars(module) if name.startswith("test_")}
    assert checks <= {name_of(check) for check, _, _ in CASES}


FORGETFUL = """
class Forgetful:
    def __init__(self, app):
        self.app = app

    def __call__(self, environ, start_response):
        yield from self.app(environ, start_response)
"""


def contract(folder, *words):
    """Run the contract with these words and a module in a folder; return the finished process."""
    (folder / "my_own.py").write_text(FORGETFUL, encoding="utf-8")
    path = os.pathsep.join([str(folder), str(PROJECT.solutions)])
    return subprocess.run([sys.executable, "-m", "workshop", "contract", *words], cwd=PROJECT.root,
                          capture_output=True, text=True, encoding="utf-8",
                          env=contained_environment(PYTHONPATH=path))


def test_the_chapters_and_what_is_beside_them_do_as_is_known(tmp_path):
    runs = {kind: contract(tmp_path, kind) for kind in SUBJECTS}
    told = "".join(run.stdout for run in runs.values())
    assert not any(run.returncode for run in runs.values()), told[-3000:]
    subjects = SUBJECTS["application"] | contract_hooks.SUBJECTS["application"]
    assert f"{len(subjects) - 1} not offered" in told  # only that of chapter 5 handles its errors so
    assert sum(map(int, re.findall(r"(\d+) known to depart", told))) == len(KNOWN)
    assert "skipped" not in told and all(name in told for name in subjects)


def test_what_is_known_was_tried_with_the_version_that_is_locked():
    locked = re.search(r"^werkzeug==([\w.]+)", (PROJECT.root / "constraints.txt").read_text("utf-8"), re.MULTILINE)[1]
    assert all(f"werkzeug {locked}" in fact for fact in KNOWN.values())


def test_a_middleware_of_yours_is_checked_and_told_what_it_departs_from(tmp_path):
    run = contract(tmp_path, "middleware", "my_own:Forgetful")
    assert run.returncode == 1
    assert "clause 35: the iterable is closed once [well]" in run.stdout
    assert "✘ close() of the application's iterable is not called once" in run.stdout and "came back  0" in run.stdout
    assert "Traceback" not in run.stdout and "xfail" not in run.stdout


@pytest.mark.parametrize("words, said", [
    (["middleware", "my_own:Forgotten"], "has no attribute 'Forgotten'"),
    (["application", "there_is_none:app"], "No module named 'there_is_none'"),
])
def test_what_can_not_be_found_is_told_once(tmp_path, words, said):
    run = contract(tmp_path, *words)
    told = run.stdout + run.stderr
    assert run.returncode == 4 and said in told and "MODULE:NAME" in told and told.count(said) == 1


def test_the_observer_keeps_what_an_application_raises_for_the_checks():
    def fails(environ, start_response):
        raise RuntimeError("on purpose")

    assert isinstance(ObservedCall(fails, {"wsgi.input": None, "wsgi.errors": None}).begin().take().error, RuntimeError)
