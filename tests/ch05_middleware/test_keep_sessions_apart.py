"""Step 5.9 · keep_sessions_apart"""
import re

import pytest
from flask import Flask

from tests.ch05_middleware.common import OUTER, ch05
from tests.ch05_middleware.shops import (
    TOKEN,
    buy,
    cookie_name,
    expect_comes_back,
    expect_two_names,
    line_with,
    set_price,
    shop_and_admin,
    two_apps,
)
from tests.expect import blaming
from workshop.checking.diagnosis import expect_that

PLAIN = re.compile(r"[-_A-Za-z0-9]+")


@pytest.mark.step("5.9")
class TestKeepSessionsApart:
    def test_each_app_still_keeps_a_session(self):
        client = shop_and_admin()
        with blaming("an app does not work any more", "Change one setting of each app, SESSION_COOKIE_NAME, and keep "
                     "its config the object that it is."):
            cookie_name(buy(client)), cookie_name(set_price(client))

    def test_the_two_cookies_have_two_names(self):
        expect_two_names(shop_and_admin(), "To the browser both are one site: the second cookie takes the place of the "
                         "first, or is sent to the wrong app (RFC 6265 section 5.3).")

    @pytest.mark.parametrize("told, name, cookie", [
        pytest.param("two Flask apps that are both named main", "main", "session", id="of one name"),
        pytest.param("two Flask apps whose cookies are both named sid before", "", "sid", id="of one cookie"),
    ])
    def test_any_two_apps_are_kept_apart(self, told, name, cookie):
        shop, admin = (Flask(name or own) for own in ("shop", "admin"))
        for app in (shop, admin):
            app.config["SESSION_COOKIE_NAME"] = cookie
        ch05.keep_sessions_apart(shop, admin)
        names = self.names_of(shop, admin)
        expect_that(names[0] != names[1], f"{told} keep their sessions in one cookie, {names[0]}",
                    came_back=f"{names[0]} for the first app, {names[1]} for the second", expected="two names",
                    why="Neither the name of an app nor that of its cookie before is sure to differ: two names that "
                        "stand in your code do, one for the first app and one for the second (RFC 6265 section 5.3).")

    @pytest.mark.parametrize("names", [("tea shop", "shop/admin"), ("茶", "[admin]"), ("", "a=1; b")],
                             ids=["a blank and a slash", "a letter beyond ASCII and brackets", "nothing and signs"])
    def test_the_names_are_tokens_whatever_the_apps_are_named(self, names):
        apps = [Flask("shop"), Flask("admin")]
        for app, name in zip(apps, names, strict=True):
            app.name = app.import_name = name
        ch05.keep_sessions_apart(*apps)
        given = self.names_of(*apps)
        wrong = [name for name in given if not TOKEN.fullmatch(name)]
        expect_that(not wrong, f"a cookie can't be named {' and '.join(map(repr, wrong))}",
                    apps=f"two Flask apps that are named {names[0]!r} and {names[1]!r}",
                    came_back=f"{given[0]!r} for the first app, {given[1]!r} for the second",
                    expected="two tokens, such as shop_session and admin_session",
                    why="The name of a cookie is a token: letters, digits, `-` and `_`, neither blanks nor brackets "
                        "nor slashes. An app may be named anything: take two names that stand in your code (RFC 6265 "
                        "section 4.1.1).")

    @pytest.mark.parametrize("told, before", [
        pytest.param("both had the name that your code gives to the first", (0, 0), id="both the first"),
        pytest.param("both had the name that your code gives to the second", (1, 1), id="both the second"),
        pytest.param("each had the name that your code gives to the other", (1, 0), id="swapped"),
        pytest.param("each had the name that your code gives to it", (0, 1), id="as they are"),
        pytest.param("the first had the name that your code gives to the second, and the second `session`", (1, None),
                     id="the first that of the second"),
        pytest.param("the second had the name that your code gives to the first, and the first `session`", (None, 0),
                     id="the second that of the first"),
    ])
    def test_two_apps_are_kept_apart_whatever_their_cookies_were_named(self, told, before):
        given = self.names_of(*two_apps())
        apps = ch05.make_shop({}), ch05.make_admin({})
        for app, place in zip(apps, before, strict=True):
            app.config["SESSION_COOKIE_NAME"] = "session" if place is None else given[place]
        ch05.keep_sessions_apart(*apps)
        names = self.names_of(*apps)
        expect_that(names[0] != names[1], f"both keep their sessions in one cookie, {names[0]}, where {told}",
                    came_back=f"{names[0]} for the first app, {names[1]} for the second", expected="two names",
                    why="No name from before is sure to differ, not even `session`: set both, to two names that stand "
                        "in your code (RFC 6265 section 5.3).")

    @pytest.mark.parametrize("before", [None, ("tea.session", "tea!session"), ("tea shop", "tea shop")],
                             ids=["as they are", "other signs", "a blank"])
    def test_the_names_have_no_signs_but_two(self, before):
        apps = ch05.make_shop({}), ch05.make_admin({})
        for app, name in zip(apps, before or (), strict=False):
            app.config["SESSION_COOKIE_NAME"] = name
        ch05.keep_sessions_apart(*apps)
        for app, name in zip(("first", "second"), self.names_of(*apps), strict=True):
            expect_that(PLAIN.fullmatch(name), f"the cookie of the {app} app has another sign in its name than - and _",
                        before=before and f"the cookies were named {before[0]!r} and {before[1]!r}",
                        came_back=repr(name), expected="letters, digits, `-` and `_`, such as in shop_session",
                        why="A cookie may have other signs in its name, but not all programs read them alike: give "
                            "each a name that stands in your code (RFC 6265 section 4.1.1).")

    def names_of(self, *apps):
        """Return the names of the cookies of apps."""
        return [app.session_interface.get_cookie_name(app) for app in apps]

    @pytest.mark.parametrize("base", ["http://localhost", f"http://localhost{OUTER}", "http://shop.example"],
                             ids=["at the root", "mounted", "at another host"])
    def test_each_app_finds_its_own_session_again(self, base):
        client = shop_and_admin()
        for act in (buy, set_price, buy, set_price, buy):
            name, home = {buy: ("shop", "/"), set_price: ("admin", "/admin/")}[act]
            expect_comes_back(act(client, base=base), name, f"{base}{home}")
        shown = client.get("/", base_url=base).text, client.get("/admin/", base_url=base).text
        for page, state in zip(shown, ("In your basket: 3", "Prices you have set: 2"), strict=True):
            expect_that(state in page, f"a session got lost: the page does not say `{state}`",
                        came_back=line_with("<p>", page), expected=state,
                        why="A cookie is sent back only to the path and under the name that it was set for, wherever "
                            "the apps are mounted (RFC 6265 section 5.4).")
