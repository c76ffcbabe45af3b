"""Step 5.9 · keep_sessions_apart: at the next start, and what else is set"""
import pytest

from tests.ch05_middleware.common import ch05
from tests.ch05_middleware.shops import buy, cookie_name, line_with, set_price, shop_and_admin, two_apps
from workshop.checking.diagnosis import expect_same, expect_that

FIXED = "After a restart, or in a second process of gunicorn's, no basket would be found: let the names be fixed."
CHANGED = "SESSION_COOKIE_NAME"


@pytest.mark.step("5.9")
class TestKeepSessionsApart:
    def test_a_session_outlives_a_restart(self):
        before, after = shop_and_admin(), shop_and_admin()
        for act in (buy, set_price):
            name = cookie_name(act(before))
            expect_same(cookie_name(act(shop_and_admin())), name, FIXED,
                        problem="at each start of the program a cookie has another name")
            after.set_cookie(name, before.get_cookie(name).value)
        for path, state in {"/": "In your basket: 1", "/admin/": "Prices you have set: 1"}.items():
            page = after.get(path).text
            expect_that(state in page, f"a session got lost in a restart: GET {path} does not say `{state}`",
                        came_back=line_with("<p>", page), expected=state,
                        why="A session is signed with the app's SECRET_KEY: leave that as it is.")

    def test_the_two_keys_stay_two(self):
        shop, admin = two_apps()
        expect_that(shop.config["SECRET_KEY"] != admin.config["SECRET_KEY"], "both apps have the same SECRET_KEY",
                    came_back="one key for both", expected="the two keys of new_app",
                    why="With one key, somebody can copy the value of the shop's cookie into the admin's.")

    @pytest.mark.parametrize("number, name", [(0, "shop"), (1, "admin")])
    def test_all_other_settings_stay(self, number, name):
        app, kept = two_apps()[number], ch05.new_app(name)
        settings = dict.fromkeys([*kept.config, *app.config])
        changed = [key for key in settings if key != CHANGED and app.config.get(key) != kept.config.get(key)]
        expect_that(not changed, f"other settings have changed: {', '.join(changed)}",
                    came_back="\n".join(f"{key} of the {name}: {app.config.get(key)!r}" for key in changed),
                    expected="SESSION_COOKIE_NAME, and nothing else",
                    why="new_app has set what the site needs (PROPAGATE_EXCEPTIONS lets ErrorPage see a failure), and "
                        "neither app knows at which address it is.")
