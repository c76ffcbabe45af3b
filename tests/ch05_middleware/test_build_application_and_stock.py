"""Step 5.10 · build_application: the stock"""
import io
import re

import pytest

from tests.ch05_middleware.common import ch05
from tests.ch05_middleware.shops import client_of, line_with, set_price
from workshop.checking.diagnosis import expect_same, expect_that, expect_unchanged


@pytest.fixture
def stock():
    """STOCK, which is put back in the end, whatever a stack has done to it."""
    before = {"tea": 4, "cup": 9}
    ch05.STOCK.clear()
    ch05.STOCK.update(before)
    yield ch05.STOCK
    ch05.STOCK.clear()
    ch05.STOCK.update(before)


@pytest.mark.step("5.10")
class TestBuildApplicationStock:
    def expect_price(self, client, price, problem, why):
        page = client.get("/", errors_stream=io.StringIO()).data.decode("utf-8", "replace")
        expect_that(f"tea: €{price}" in page, problem, came_back=line_with("tea", page),
                    expected=f"<li>tea: €{price}", why=why)

    def test_a_price_that_the_admin_sets_is_shown_in_the_shop(self, stock):
        client = client_of(ch05.build_application())
        set_price(client, "7")
        self.expect_price(client, 7, "the shop shows another price than its admin has set",
                          "Both are made with one stock, the same dict.")

    def test_another_stack_has_a_stock_of_its_own(self, stock):
        before = dict(stock)
        set_price(client_of(ch05.build_application()), "5")
        expect_unchanged("STOCK", stock, before, problem="STOCK itself has changed",
                         why="stock is a copy of it, a new one for each stack: otherwise the next stack begins with "
                             "the prices of this one.")
        self.expect_price(client_of(ch05.build_application()), 4, "a new stack begins with the prices of an old one",
                          "stock is a copy of STOCK, a new one for each stack.")

    def test_the_stock_is_that_of_stock(self, stock):
        stock["tea"] = 6
        self.expect_price(client_of(ch05.build_application()), 6, "the shop does not sell what is in STOCK",
                          "Whoever changes STOCK changes it in one place: make the copy of STOCK, with dict(STOCK).")

    @pytest.mark.parametrize("path", ["/", "/admin/"])
    def test_all_that_is_in_stock_is_shown_in_its_order(self, stock, path):
        stock |= {"Spoon": 0, "bowl": 12}
        expected = [(name, str(price)) for name, price in stock.items()]
        page = client_of(ch05.build_application()).get(path, errors_stream=io.StringIO()).data
        came_back = re.findall(r"<li>(\w+): €(\d+)", page.decode("utf-8", "replace"))
        problem = ("the stock is shown in another order" if sorted(came_back) == sorted(expected) else
                   "the stock is not that of STOCK")
        expect_same(came_back, expected, problem=problem, sent=f"GET {path}", STOCK=repr(stock),
                    why="stock is a copy of STOCK: the same names and prices, all of them, in the order in which the "
                        "shop has put them. dict(STOCK) is one.")
