"""Step 5.9 · keep_sessions_apart"""
import pytest
from flask import Flask

from tests.ch05_middleware.common import OUTER, ch05
from tests.ch05_middleware.shops import (
    buy,
    cookie_name,
    expect_comes_back,
    expect_two_names,
    line_with,
    set_price,
    shop_and_admin,
)
from tests.expect import blaming
from workshop.checking.diagnosis import expect_that


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
        names = [app.session_interface.get_cookie_name(app) for app in (shop, admin)]
        expect_that(names[0] != names[1], f"{told} keep their sessions in one cookie, {names[0]}",
                    came_back=f"{names[0]} for the first app, {names[1]} for the second", expected="two names",
                    why="Neither the name of an app nor that of its cookie before is sure to differ: two names that "
                        "stand in your code do, one for the first app and one for the second (RFC 6265 section 5.3).")

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
