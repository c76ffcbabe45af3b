"""Step 6.4 · wants_keep_alive"""
import copy

import pytest

from tests.ch06_concurrency.arrivals import asking, ch06, shown_head
from tests.expect import a_value, kind_of
from workshop.checking.diagnosis import expect_same, expect_that, expect_unchanged

KEPT_FROM_1_1 = ("From HTTP/1.1 on, connections are kept without a word. Only HTTP/1.0 is different (RFC 9112 section "
                 "9.3).")
KEPT = "it is kept where the client wants it closed"
CLOSED = "it is closed where the client wants it kept"
AGAIN = ("The client closes, or waits for the end of the connection: it is not the place for another request (RFC 9112 "
         "section 9.3).")
WHOLE_WORDS = ("An option is a whole word between commas: take the list apart, and compare each with `close`, and not "
               "a part of the text.")
OLD = "A client with HTTP/1.0 closes after each answer, unless it says `keep-alive` (RFC 9112 section 9.3)."
ONE_LIST = "Several fields are one list: each of them counts, not only the first or the last (RFC 9110 section 5.3)."


def expect_wants(request, expected, case, why):
    """Fail unless wants_keep_alive returns expected, True or False. case names what is special in request."""
    rows = {"with_head": shown_head(request)}
    with a_value(repr(expected), why, refused=f"a right request is refused: {case}", **rows):
        wants = ch06.wants_keep_alive(request)
    expect_that(type(wants) is bool, f"wants_keep_alive returns {kind_of(wants)}, not a bool", **rows,
                came_back=repr(wants), expected=repr(expected), why="It answers a question: True or False.")
    expect_same(wants, expected, why, problem=f"{CLOSED if expected else KEPT}: {case}", **rows)


def cases(values):
    """Return the mark that runs a check once for each of values: a few words and the values of Connection fields."""
    return pytest.mark.parametrize("case, options", list(values.items()), ids=list(values))


@pytest.mark.step("6.4")
class TestWantsKeepAlive:
    @cases({"no Connection field": [], "another option": ["upgrade"], "an empty field": [""],
            "keep-alive": ["keep-alive"]})
    def test_a_connection_is_kept_unless_the_client_says_close(self, case, options):
        expect_wants(asking(*options), True, f"HTTP/1.1, {case}", KEPT_FROM_1_1)

    def test_versions_after_http_1_1_are_kept_too(self):
        expect_wants(asking(version="HTTP/1.2"), True, "HTTP/1.2, no Connection field", KEPT_FROM_1_1)

    @cases({"close": ["close"], "Close": ["Close"], "in capitals": ["CLOSE"], "mixed case": ["cLoSe"]})
    def test_close_is_an_option_in_any_case(self, case, options):
        expect_wants(asking(*options), False, case,
                     f"Options have no case (RFC 9110 section 7.6.1). {AGAIN}")

    @cases({"close before others": ["close, upgrade"], "close behind others": ["upgrade, close"],
            "close between others": ["te, close, upgrade"], "no space behind the comma": ["upgrade,close"],
            "spaces and tabs around it": ["upgrade, \t close\t ,te"],
            "nothing between two commas": [", ,close,"]})
    def test_close_is_one_of_several_options(self, case, options):
        expect_wants(asking(*options), False, case,
                     "Split the list at its commas, and take the spaces and tabs around each option away (RFC 9110 "
                     "sections 5.6.1 and 7.6.1).")

    @cases({"close in the first field": ["close", "upgrade"], "close in the last field": ["upgrade", "close"],
            "close in a field between": ["upgrade", "te, close", "a"]})
    def test_several_fields_are_one_list(self, case, options):
        expect_wants(asking(*options), False, case, ONE_LIST)

    @pytest.mark.parametrize("version", ["HTTP/1.1", "HTTP/1.0"])
    @cases({"keep-alive before close": ["keep-alive, close"], "keep-alive in another field": ["Close", "Keep-Alive"]})
    def test_close_counts_more_than_keep_alive(self, version, case, options):
        expect_wants(asking(*options, version=version), False, f"{version}, {case}",
                     "The first row that fits counts: whoever says close does not send another request (RFC 9112 "
                     "section 9.3).")

    @cases({"not-close": ["not-close"], "closed": ["closed"], "close-later": ["close-later"], "close=1": ["close=1"],
            "XClose": ["XClose"], "a space and no comma": ["close upgrade"],
            "a part in each of two fields": ["clo", "se"]})
    def test_options_that_have_close_in_them_are_others(self, case, options):
        expect_wants(asking(*options), True, case, WHOLE_WORDS)

    def test_other_white_space_belongs_to_the_option(self):
        expect_wants(asking("\xa0close"), True, "a no-break space in front of close",
                     "Spaces and tabs are left out, and nothing else: strip() alone takes away more, strip(' \\t') "
                     "does not (RFC 9110 section 5.6.3).")

    @cases({"keep-alive": ["keep-alive"], "Keep-Alive": ["Keep-Alive"], "in capitals": ["KEEP-ALIVE"],
            "among others": ["upgrade ,\tkeep-alive\t, te"], "in the first field": ["keep-alive", "upgrade"],
            "in the last field": ["upgrade", "keep-alive"]})
    def test_http_1_0_is_kept_with_keep_alive(self, case, options):
        expect_wants(asking(*options, version="HTTP/1.0"), True, f"HTTP/1.0, {case}",
                     f"`keep-alive` is an option as others: in any case, anywhere in the list. {ONE_LIST}")

    @cases({"no Connection field": [], "an empty field": [""], "another option": ["upgrade"],
            "not-keep-alive": ["not-keep-alive"], "keep-alive=5": ["keep-alive=5"], "no hyphen": ["keep alive"]})
    def test_http_1_0_is_not_kept_without_keep_alive(self, case, options):
        expect_wants(asking(*options, version="HTTP/1.0"), False, f"HTTP/1.0, {case}", OLD)

    @pytest.mark.parametrize("name", ["proxy-connection", "keep-alive"])
    @pytest.mark.parametrize("version, option", [("HTTP/1.1", "close"), ("HTTP/1.0", "keep-alive")])
    def test_only_connection_fields_count(self, version, option, name):
        expect_wants(asking(version=version, more=[(name, option)]), version == "HTTP/1.1",
                     f"{version}, {option} in a field {name}",
                     "Connection alone tells it: other fields that look like it are for others, or of no meaning "
                     "(RFC 9110 section 7.6.1).")

    @pytest.mark.parametrize("method", ["HEAD", "POST"])
    def test_the_method_does_not_matter(self, method):
        request = asking(method=method, more=[("content-length", "5")])
        expect_wants(request, True, f"the method is {method}", "The version and the Connection fields alone tell it.")

    def test_the_request_stays_as_it_is(self):
        request = asking("Upgrade", " Keep-Alive ", version="HTTP/1.0")
        before = copy.deepcopy(request)
        ch06.wants_keep_alive(request)
        expect_unchanged("request", request, before, problem="wants_keep_alive changes the request",
                         why="The application is told what the client sent: environ is made of these fields.")
