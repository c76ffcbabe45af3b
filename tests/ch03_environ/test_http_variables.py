"""Step 3.2 · http_variables"""
import itertools

import pytest

from tests.ch03_environ.common import ch03, environ_from_outside, expect_http, http, show_to_wsgiref
from workshop.checking.diagnosis import expect_that, expect_unchanged

THIS_NAME = ("An application looks for one name: HTTP_, and the field's name in upper case with an underscore for each "
             'hyphen (PEP 3333, section "environ Variables").')

PARTED = "a value is lost, 'text/html', because another field stands between it and the next"


def in_another_order(values, separator, variable, **others):
    """Return what likely of expect_value takes: the values of a variable joined in each order that is a wrong one."""
    orders = [separator.join(order) for order in itertools.permutations(values) if order != tuple(values)]
    return {f"the values are joined in another order than they came: {joined}": {variable: joined, **others}
            for joined in orders}


@pytest.mark.step("3.2")
class TestHttpVariables:
    @pytest.mark.clause(36)
    def test_it_returns_a_plain_dict(self):
        expect_http([], {}, problem="there are variables where no field was sent",
                    why="Each HTTP_ variable stands for a field that the client sent.")

    def test_two_requests_have_nothing_in_common(self):
        first, second = http([("accept", "a")]), http([("user-agent", "b")])
        expect_that(first is not second and not {*first} & {*second}, "two requests share one dict",
                    came_back=f"{first} of the first\n{second} of the second",
                    why="Each request has a dict of its own: the next client must not get what this one sent.")

    def test_a_list_that_comes_twice_gets_two_dicts(self):
        first, second = http([("accept", "a")]), http([("accept", "a")])
        expect_that(first is not second, "two requests that are equal share one dict",
                    "Each request has a dict of its own, also if another one has said the same: build_environ and the "
                    "application may change it.")

    @pytest.mark.parametrize("fields", [
        [("x_user", "a"), ("te", "trailers"), ("host", "b"), ("accept", "c")],
        [("x-step", "go"), ("cookie", "a=1"), ("x-step", "go"), ("cookie", "b=2")],
        [("host", ""), ("accept", "")],
    ], ids=["left out", "repeated", "empty values"])
    def test_the_list_of_fields_stays_as_it_is(self, fields):
        before = list(fields)
        ch03.http_variables(fields)
        expect_unchanged("fields", fields, before, problem="the list of fields is changed",
                         why="It is the request's own list, and others read it after you.")

    @pytest.mark.clause(46)
    def test_a_field_becomes_a_variable(self):
        expect_http([("user-agent", "curl/8.5.0")], {"HTTP_USER_AGENT": "curl/8.5.0"}, likely={
            "the hyphen is still in the name": {"HTTP_USER-AGENT": "curl/8.5.0"},
            "the name does not begin with HTTP_": {"USER_AGENT": "curl/8.5.0"},
            "the name is not in upper case": {"HTTP_user_agent": "curl/8.5.0"},
            "the values are in lists": {"HTTP_USER_AGENT": ["curl/8.5.0"]},
        }, problem="user-agent does not become HTTP_USER_AGENT", whys={
            "the hyphen is still in the name": THIS_NAME, "the name is not in upper case": THIS_NAME,
            "the values are in lists": "Each variable is a str: the value, or several of them joined (PEP 3333, "
                                       'section "environ Variables").',
        }, why="The prefix keeps what the client says apart from what the server says: a client could send a field "
               '`remote-addr` (PEP 3333, section "environ Variables").')

    @pytest.mark.clause(46)
    def test_every_hyphen_becomes_an_underscore(self):
        expect_http([("x-forwarded-for", "192.0.2.1")], {"HTTP_X_FORWARDED_FOR": "192.0.2.1"},
                    problem="x-forwarded-for does not become HTTP_X_FORWARDED_FOR", why=THIS_NAME)

    @pytest.mark.clause(46)
    @pytest.mark.parametrize("sign", list(".!#$%&'*+^`|~"))
    def test_no_other_sign_becomes_an_underscore(self, sign):
        expect_http([(f"x{sign}user", "ann")], {f"HTTP_X{sign}USER": "ann"},
                    likely={f"`{sign}` in a name becomes an underscore, which only the hyphen does":
                            {"HTTP_X_USER": "ann"}},
                    problem=f"x{sign}user does not become HTTP_X{sign}USER",
                    why=f"A name may hold this sign (RFC 9110 section 5.6.2), and x{sign}user is not x-user: an "
                        "application takes HTTP_X_USER for the x-user that a proxy in front may vouch for.")

    def test_repeated_fields_are_joined_in_order(self):
        fields = [("accept", "text/html"), ("host", "a"), ("accept", "text/plain"), ("accept", "*/*")]
        values = [value for name, value in fields if name == "accept"]
        expect_http(fields, {"HTTP_ACCEPT": "text/html, text/plain, */*", "HTTP_HOST": "a"}, likely={
            "only the last of the repeated fields is kept": {"HTTP_ACCEPT": "*/*", "HTTP_HOST": "a"},
            "only the first of the repeated fields is kept": {"HTTP_ACCEPT": "text/html", "HTTP_HOST": "a"},
            "the repeated fields are joined without a space":
                {"HTTP_ACCEPT": "text/html,text/plain,*/*", "HTTP_HOST": "a"},
            PARTED: {"HTTP_ACCEPT": "text/plain, */*", "HTTP_HOST": "a"},
            "the repeated fields are joined from the last to the first":
                {"HTTP_ACCEPT": "*/*, text/plain, text/html", "HTTP_HOST": "a"},
            "the repeated fields are joined with a semicolon": {"HTTP_ACCEPT": "; ".join(values), "HTTP_HOST": "a"},
            **in_another_order(values, ", ", "HTTP_ACCEPT", HTTP_HOST="a"),
        }, whys={
            PARTED: "Fields with one name are joined wherever they stand in the list: here `host` stands between the "
                    "first `accept` and the second (RFC 9110 section 5.3).",
        }, problem="the repeated fields do not become one variable, with a comma and a space between",
            why="A dict has room for one value, and proxies may join fields in just this way, in the order in which "
                "they came (RFC 9110 section 5.3).")

    def test_equal_values_are_joined_too(self):
        expect_http([("x-step", "go"), ("x-step", "go")], {"HTTP_X_STEP": "go, go"},
                    likely={"a value that comes twice is kept once": {"HTTP_X_STEP": "go"}},
                    problem="repeated fields with the same value are not joined",
                    why="Only the application knows whether the second one says something new (RFC 9110 section 5.3).")

    @pytest.mark.parametrize("names", [("shop", "shop-id"), ("shop-id", "shop"), ("cookie", "cookie-id")],
                             ids=", ".join)
    def test_names_that_begin_alike_are_two(self, names):
        expected = {"HTTP_" + name.upper().replace("-", "_"): name for name in names}
        expect_http([(name, name) for name in names], expected,
                    problem="two fields, one of which has a name that the other's begins with, are not two variables",
                    why="Fields are repeated if their whole names are equal.")

    def test_cookies_are_joined_with_a_semicolon(self):
        expect_http([("cookie", "a=1"), ("cookie", "b=2"), ("cookie", "c=3")], {"HTTP_COOKIE": "a=1; b=2; c=3"},
                    likely={"the cookies are joined with a comma": {"HTTP_COOKIE": "a=1, b=2, c=3"},
                            **in_another_order(["a=1", "b=2", "c=3"], "; ", "HTTP_COOKIE")},
                    problem="the cookies are not joined with `; `",
                    why="A comma does not separate cookies: of `a=1, b=2` Flask finds no cookie, and of `a=1,b=2` one "
                        "(RFC 6265 section 5.4, RFC 9113 section 8.2.3).")

    def test_equal_cookies_are_joined_too(self):
        expect_http([("cookie", "a=1"), ("cookie", "a=1")], {"HTTP_COOKIE": "a=1; a=1"},
                    likely={"a cookie that comes twice is kept once": {"HTTP_COOKIE": "a=1"}},
                    problem="repeated cookies with the same value are not joined",
                    why="All values are joined, of cookie too: only the application knows what they mean.")

    @pytest.mark.parametrize("fields, expected", [
        pytest.param([("cookie", "a=1"), ("accept", "a"), ("cookie", "b=2")],
                     {"HTTP_COOKIE": "a=1; b=2", "HTTP_ACCEPT": "a"}, id="cookies around another field"),
        pytest.param([("accept", "a"), ("cookie", "a=1"), ("accept", "b")],
                     {"HTTP_ACCEPT": "a, b", "HTTP_COOKIE": "a=1"}, id="a cookie between two other fields"),
    ])
    def test_what_stands_between_two_fields_does_not_change_how_they_are_joined(self, fields, expected):
        expect_http(fields, expected, problem="fields are joined as the one that stands between them would be",
                    why="`; ` is for cookie, and `, ` for all others: each field's own name decides, and it is asked "
                        "before the field is joined (RFC 6265 section 5.4).")

    @pytest.mark.parametrize("name", ["cookie2", "x-cookie", "set-cookie"])
    def test_a_field_other_than_cookie_is_not_joined_with_a_semicolon(self, name):
        variable = "HTTP_" + name.upper().replace("-", "_")
        expect_http([(name, "a"), (name, "b")], {variable: "a, b"},
                    likely={"another field is joined as if it were cookie": {variable: "a; b"}},
                    problem=f"{name}, which is another field, does not become {variable}, joined with a comma",
                    why="The semicolon is for `cookie` alone (RFC 9110 section 5.3).")

    @pytest.mark.clause(42, 43)
    @pytest.mark.parametrize("name", ["content-type", "content-length"])
    def test_fields_that_have_variables_of_their_own_are_left_out(self, name):
        variable = "HTTP_" + name.upper().replace("-", "_")
        expect_http([(name, "5")], {}, problem=f"{variable} is there: this field is CONTENT_{name[8:].upper()}",
                    why="CGI gave these two fields names without HTTP_, and WSGI keeps them: wsgiref's validator "
                        'refuses the others (PEP 3333, section "environ Variables").')

    @pytest.mark.parametrize("name", ["content-encoding", "content-language", "host", "expect", "authorization",
                                      "upgrade-insecure-requests", "keep", "proxy", "proxy-authorization",
                                      "trailers", "http2-settings", "content-type-options", "content-length-was",
                                      "x-content-type"])
    def test_other_fields_are_passed_on(self, name):
        expect_http([(name, "x")], {"HTTP_" + name.upper().replace("-", "_"): "x"},
                    problem=f"the field {name} is left out",
                    why="The application may need it: left out is what the step names, and not what has a name like "
                        "those.")

    @pytest.mark.clause(118)
    @pytest.mark.parametrize("name", ["connection", "keep-alive", "proxy-connection", "te", "trailer",
                                      "transfer-encoding", "upgrade"])
    def test_hop_by_hop_fields_are_left_out(self, name):
        expect_http([(name, "x"), ("accept", "y"), (name, "")], {"HTTP_ACCEPT": "y"},
                    problem=f"the field {name} is given on to the application",
                    why="It speaks of the connection, which is the server's: a body is no longer chunked when the "
                        "application reads it (RFC 9110 section 7.6.1).")

    @pytest.mark.parametrize("fields", [
        [("connection", "close, x-user"), ("x-user", "ann")], [("x-user", "ann"), ("connection", "X-User")],
    ], ids=["before it", "after it"])
    def test_a_field_that_connection_names_is_passed_on(self, fields):
        expect_http(fields, {"HTTP_X_USER": "ann"},
                    likely={"a field is left out because Connection names it": {}},
                    problem="a field that Connection names is not given on as it came",
                    why="Only the fields of HOP_BY_HOP are left out. A proxy that sends a request on takes out what "
                        "Connection names (RFC 9110 section 7.6.1); here the request has arrived.")

    @pytest.mark.parametrize("fields", [
        pytest.param([("x-user", "bob"), ("x_user", "admin")], id="after the other"),
        pytest.param([("x_user", "admin"), ("x-user", "bob")], id="before the other"),
    ])
    def test_names_with_an_underscore_are_left_out(self, fields):
        expect_http(fields, {"HTTP_X_USER": "bob"}, likely={
            "x_user takes the place of x-user": {"HTTP_X_USER": "admin"},
            "x_user is joined to x-user": {"HTTP_X_USER": "bob, admin"},
            "all fields are gone, those with a hyphen too": {},
        }, problem="a field whose name has an underscore is not left out",
            why="Both names become HTTP_X_USER: a client could claim what a proxy in front vouches for. gunicorn, "
                "waitress and nginx leave such fields out too.")

    @pytest.mark.parametrize("name", ["x_user", "x-user_name", "x_user_name", "_user", "user_", "content_type"])
    def test_a_name_with_an_underscore_is_left_out_without_the_other_too(self, name):
        other = name.replace("_", "-")
        expect_http([(name, "admin")], {}, problem=f"{name} is passed on where no {other} is beside it",
                    why="Each name with an underscore is left out, wherever it stands: an application takes "
                        "HTTP_X_USER for the x-user that a proxy in front may vouch for.")

    @pytest.mark.clause(46)
    def test_an_empty_value_is_a_value(self):
        expect_http([("accept-encoding", "")], {"HTTP_ACCEPT_ENCODING": ""},
                    problem="a field with an empty value is left out",
                    why="`Accept-Encoding:` with nothing after it says: do not compress. The variable is there "
                        'exactly when the field is (PEP 3333, section "environ Variables").')

    @pytest.mark.parametrize("values", [["", "*/*"], ["*/*", ""], ["a", "", "b"], ["", ""]],
                             ids=["first", "last", "between", "all"])
    @pytest.mark.parametrize(("name", "separator"), [("accept", ", "), ("cookie", "; ")], ids=["accept", "cookie"])
    def test_an_empty_value_among_others_is_joined_too(self, name, separator, values):
        variable = f"HTTP_{name.upper()}"
        where = "after" if values[0] else "before"
        expect_http([(name, value) for value in values], {variable: separator.join(values)}, likely={
            f"an empty value {where} another one is lost": {variable: separator.join(filter(None, values))},
            **in_another_order(values, separator, variable),
        },
                    problem="repeated fields, one of them with an empty value, are not joined",
                    why="Each field is a member of the list, one with nothing in it too (RFC 9110 section 5.3).")

    @pytest.mark.parametrize("value", ['"J\xfcrgen", a_b; "c"', ", a;", "voil\xc3\xa0", "a  b\tc"],
                             ids=["quotes", "commas", "a byte that counts as a space", "spaces"])
    def test_values_stay_as_they_are(self, value):
        expect_http([("x-name", value)], {"HTTP_X_NAME": value},
                    likely={"the byte A0 at the end of the value is lost: `strip` takes it for a space":
                            {"HTTP_X_NAME": value[:-1]}},
                    problem="a value is not given on as it came", why="Only the application knows what a value means.")

    @pytest.mark.clause(36, 51)
    def test_wsgiref_accepts_them(self):
        fields = [("host", "example.org"), ("cookie", "a=1"), ("cookie", "b=2"), ("content-type", "text/plain")]
        show_to_wsgiref(environ_from_outside() | http(fields))
