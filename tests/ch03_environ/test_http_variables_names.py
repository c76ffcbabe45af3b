"""Step 3.2 · http_variables: fields with names that one might think of treating in a way of their own"""
import pytest

from tests.ch03_environ.common import expect_http

# Fields that one might leave out, or whose values one might read, and that are like any other here.
OTHER_NAMES = [
    "host", "authorization", "proxy", "proxy-authenticate", "proxy-authorization", "expect", "accept-encoding",
    "cookie", "cache-control", "pragma", "content-encoding", "content-disposition", "content-range", "content-md5",
    "date", "forwarded", "max-forwards", "origin", "referer", "trailers", "user-agent", "via",
]


def variable_of(name):
    """Return the name of the variable for a field."""
    return "HTTP_" + name.upper().replace("-", "_")


@pytest.mark.step("3.2")
class TestHttpVariables:
    @pytest.mark.parametrize("name", OTHER_NAMES)
    def test_every_other_field_becomes_a_variable_whatever_its_name(self, name):
        variable = variable_of(name)
        expect_http([(name, 'Ab; C="d";'), ("accept", "e")], {variable: 'Ab; C="d";', "HTTP_ACCEPT": "e"}, likely={
            f"{name} is left out": {"HTTP_ACCEPT": "e"},
            f"the value of {name} is put into lower case": {variable: 'ab; c="d";', "HTTP_ACCEPT": "e"},
        }, whys={
            f"{name} is left out": "The docstring names all that is left out: every other field is for the "
                                   'application, which looks for it (PEP 3333, section "environ Variables").',
        }, problem=f"{name} does not become {variable} with its value",
            why="The value stays as it is: what it means, and whether its case counts, is for the application.")

    @pytest.mark.parametrize("name", ["host", "user-agent", "authorization", "referer", "set-cookie", "cookie-id"])
    def test_repeated_fields_are_joined_whatever_their_name(self, name):
        variable = variable_of(name)
        expect_http([(name, "A"), (name, "b")], {variable: "A, b"}, likely={
            f"of two {name} fields, only the first is kept": {variable: "A"},
            f"of two {name} fields, only the last is kept": {variable: "b"},
            f"two {name} fields are joined with a semicolon": {variable: "A; b"},
        }, problem=f"two {name} fields do not become one variable, with a comma and a space between",
            why="One rule is for all names, and `cookie` alone has another: what two values mean is for the "
                "application (RFC 9110 section 5.3).")
