"""Step 5.9 · keep_sessions_apart"""
import pytest
from werkzeug.middleware.dispatcher import DispatcherMiddleware as RealDispatcher

from tests.ch05_middleware.common import OUTER, ch05
from tests.ch05_middleware.shops import buy, client_of, cookie_name, expect_two_names, line_with, set_price
from workshop.checking.diagnosis import expect_that


def shop_and_admin():
    """Return a client of the two Flask apps, below one another, with their sessions kept apart."""
    shop, admin = ch05.make_shop(dict(ch05.STOCK)), ch05.make_admin(dict(ch05.STOCK))
    ch05.keep_sessions_apart(shop, admin)
    return client_of(RealDispatcher(shop, {ch05.ADMIN: admin}))


@pytest.mark.step("5.9")
class TestKeepSessionsApart:
    def test_each_app_still_keeps_a_session(self):
        client = shop_and_admin()
        cookie_name(buy(client)), cookie_name(set_price(client))

    def test_the_two_cookies_have_two_names(self):
        expect_two_names(shop_and_admin(), "To the browser both are one site: the second cookie takes the place of the "
                         "first, or is sent to the wrong app (RFC 6265 section 5.3).")

    @pytest.mark.parametrize("base", ["http://localhost", f"http://localhost{OUTER}"], ids=["at the root", "mounted"])
    def test_each_app_finds_its_own_session_again(self, base):
        client = shop_and_admin()
        for act in (buy, set_price, buy, set_price, buy):
            act(client, base=base)
        shown = client.get("/", base_url=base).text, client.get("/admin/", base_url=base).text
        for page, state in zip(shown, ("In your basket: 3", "Prices you have set: 2"), strict=True):
            expect_that(state in page, f"a session got lost: the page does not say `{state}`",
                        came_back=line_with("<p>", page), expected=state,
                        why="A cookie is sent back only to the path and under the name that it was set for, wherever "
                            "the apps are mounted (RFC 6265 section 5.4).")
