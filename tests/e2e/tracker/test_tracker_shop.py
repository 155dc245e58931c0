"""The demo shop's pages: for everybody, on every screen, and from this machine only."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

AXE = Path(__file__).parents[2] / "vendor" / "axe.min.js"
PATHS = ["/", "/?category=table", "/product?id=halden-board", "/cart", "/checkout", "/login"]


@pytest.mark.parametrize(
    "settings", [{}, {"color_scheme": "dark"}, {"is_mobile": True}], ids=["light", "dark", "phone"]
)
def test_every_page_is_for_everybody(welcome, settings):
    visitor = welcome(**settings)
    page = visitor.open("/product?id=halden-mug")
    if settings.get("is_mobile"):
        page.set_viewport_size({"width": 360, "height": 740})
    requests = []
    page.on("request", lambda request: requests.append(request.url))
    page.locator("#buy").click()
    page.get_by_role("button", name="What is being sent").click()
    for path in PATHS:
        page.goto(f"{visitor.address}{path}")
        expect(page.locator("main h1")).to_be_visible()
        page.evaluate(AXE.read_text())
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        assert [violation["help"] for violation in found["violations"]] == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    assert all(url.startswith("http://127.0.0.1:") for url in requests)


def test_a_customer_sees_the_same_words_on_the_button_every_time(welcome):
    visitor = welcome()
    words = set()
    for _ in range(4):
        page = visitor.open("/product?id=halden-mug")
        words.add(page.locator("#buy").text_content())
        page.close()
    assert len(words) == 1
    made = visitor.all_arrive()
    variants = {
        event["element"]["dataset"]["variant"]
        for event in made
        if event["eventName"] == "experiment_exposure"
    }
    assert len(variants) == 1


def test_the_drawer_shows_what_is_sent_from_page_to_page(welcome):
    visitor = welcome()
    page = visitor.open("/product?id=halden-mug")
    page.get_by_role("button", name="What is being sent").click()
    page.locator("#buy").click()
    page.get_by_role("link", name="Cart").click()
    expect(page.locator(".drawer .name", has_text="add_to_cart_click")).to_be_visible()
    expect(page.locator(".drawer .name", has_text="cart_view")).to_be_visible()
    page.locator(".drawer summary").first.click()
    expect(page.locator(".drawer details[open] pre")).to_contain_text('"eventId"')
    expect(page.locator(".handle .waiting")).to_contain_text(", 0 waiting")
