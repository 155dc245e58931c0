"""What people type stays with them, who does not want to be counted is not, and no browser is disturbed."""

import json

import pytest
from playwright.sync_api import expect

from tests.e2e.tracker.doorman import names

BLOCKED = """
const blocked = {get() { throw new DOMException("The operation is insecure.", "SecurityError"); }};
for (const name of ["localStorage", "sessionStorage"]) Object.defineProperty(window, name, blocked);
"""
NO_COOKIES = 'Object.defineProperty(Document.prototype, "cookie", blocked);'
OLD = """
delete crypto.randomUUID; delete Crypto.prototype.randomUUID; delete window.CompressionStream;
Object.defineProperty(Navigator.prototype, "locks", {value: undefined});
"""


def buy(page, name="Anna Berg"):
    page.goto(page.url.split("/", 3)[0] + "//" + page.url.split("/")[2] + "/product?id=halden-mug")
    page.locator("#buy").click()
    page.get_by_role("link", name="Cart").click()
    page.get_by_role("link", name="To checkout").click()
    page.get_by_label("Name").fill(name)
    page.get_by_label("E-mail").fill("anna.berg@example.com")
    page.get_by_label("Card number").fill("4111 1111 1111 1111")
    page.get_by_label("Card number").click()
    page.get_by_role("button", name="Order for").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()


def test_nothing_that_was_typed_is_ever_sent(welcome):
    visitor = welcome()
    page = visitor.open("/login")
    page.get_by_label("Name").fill("annaberg")
    page.get_by_label("Password").fill("hunter2")
    page.get_by_label("Password").click()
    page.get_by_role("button", name="Log in").click()
    expect(page.locator(".hello")).to_have_text("annaberg")
    page.locator(".hello").click()
    buy(page)
    page.close()

    made = visitor.all_arrive()
    assert {"login_open", "login_success", "checkout_start", "checkout_complete", "click"} <= set(names(made))
    sent = json.dumps(made)
    for secret in ("hunter2", "Anna Berg", "anna.berg", "4111 1111", "41111111"):
        assert secret not in sent
    order = next(event for event in made if event["eventName"] == "checkout_complete")
    assert (order["userId"], order["userLoginState"]) == ("customer-annaberg", "logged_in")


def test_who_opts_out_sends_nothing_more_and_leaves_nothing_behind(welcome, doorman):
    visitor = welcome()
    page = visitor.open()
    before = visitor.made()
    page.get_by_role("button", name="Your clicks are counted").click()
    buy(page)
    stored = page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('clickmart.'))")
    page.close()

    assert stored == ["clickmart.consent"]
    assert len(visitor.made()) == len(before)
    visitor.open().close()
    assert doorman.came == []


@pytest.mark.parametrize(
    "script",
    [BLOCKED, BLOCKED + NO_COOKIES, OLD, OLD + BLOCKED],
    ids=["no storage", "no storage and no cookies", "an old browser", "an old browser without storage"],
)
def test_a_browser_that_has_less_counts_all_the_same(welcome, script):
    visitor = welcome(script)
    page = visitor.open("/product?id=halden-mug")
    page.locator("#buy").click()
    page.locator("#wish").click()
    page.evaluate("clickmart.flush()")
    expect(page.locator(".handle .waiting")).to_contain_text(", 0 waiting")

    made = [json.loads(text) for text in page.evaluate("window.witnessed")]
    visitor.all_arrive(made)
    assert names(made)[:4] == ["product_view", "experiment_exposure", "add_to_cart_click", "wishlist_click"]


def test_a_cookie_remembers_the_browser_where_storage_is_blocked(welcome):
    visitor = welcome(BLOCKED)
    page = visitor.open()
    first = json.loads(page.evaluate("clickmart.flush() ?? witnessed[0]"))
    page.goto(f"{visitor.address}/cart")
    second = json.loads(page.evaluate("clickmart.flush() ?? witnessed[0]"))
    assert second["clientId"] == first["clientId"]
    assert second["sessionId"] == first["sessionId"]


def test_the_shop_works_where_the_api_cannot_be_reached(welcome, doorman):
    doorman.server_close()
    visitor = welcome()
    page = visitor.open()
    buy(page)
