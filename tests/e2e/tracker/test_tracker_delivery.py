"""Every event that a page made arrives, and arrives once, whatever becomes of page, net and server."""

import psutil
from playwright.sync_api import Page, expect

from tests.e2e.tracker.doorman import Turned, events_of, names

CATEGORIES = ["Cups and tea", "At the table", "Around it", "Everything"]
SENT = ".handle .waiting"
GZIP = b"\x1f\x8b"


def look_around(page, times=1):
    for category in CATEGORIES * times:
        page.get_by_role("link", name=category, exact=True).click()
        expect(page.locator("[aria-current]")).to_have_text(category)


def renderer_of(page: Page) -> psutil.Process:
    """The process that works when this page does."""
    before = renderers(page)
    page.evaluate("for (const end = Date.now() + 500; Date.now() < end; );")
    after = renderers(page)
    return psutil.Process(max(after, key=lambda pid: after[pid] - before.get(pid, 0)))


def renderers(page: Page) -> dict[int, float]:
    """As Chromium knows them, with the time that each has worked: others of its processes come and go."""
    processes = page.context.browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")
    return {each["id"]: each["cpuTime"] for each in processes["processInfo"] if each["type"] == "renderer"}


def test_a_page_that_stays_sends_in_batches_without_ever_asking_first(welcome, doorman):
    visitor = welcome()
    page = visitor.open()
    look_around(page, times=3)
    expect(page.locator(SENT)).to_contain_text(", 0 waiting")

    made = visitor.all_arrive()
    assert names(made).count("category_view") == 9
    assert {came.method for came in doorman.came} == {"POST"}
    assert len(doorman.posts()) == 1
    came = doorman.posts()[0]
    assert came.body.startswith(GZIP)
    assert len(events_of(came.body)) == 25
    assert came.headers["Origin"] == visitor.address


def test_a_preflight_is_answered_for_who_sends_json(welcome, doorman):
    visitor = welcome()
    page = visitor.open()
    status = page.evaluate(
        """url => fetch(url, {method: "POST", headers: {"content-type": "application/json"},
        body: '{"eventName": "by_hand", "clientId": "by-hand"}'}).then(answer => answer.status)""",
        doorman.url,
    )
    assert status == 200
    assert [came.method for came in doorman.came][-2:] == ["OPTIONS", "POST"]


def test_pages_left_in_mid_batch(welcome):
    visitor = welcome()
    page = visitor.open()
    for name in ("Morning mug", "Rainy day teapot", "Everyday bowl"):
        page.get_by_role("link", name=name).click()
        page.locator("#buy").click()
        page.get_by_role("link", name="Halden", exact=False).first.click()
        expect(page.locator(".grid")).to_be_visible()
    page.close()

    made = visitor.all_arrive()
    assert names(made).count("add_to_cart_click") == 3
    assert names(made).count("product_view") == 3


def test_the_way_back_is_instant_and_counts(welcome):
    visitor = welcome()
    page = visitor.open()
    page.evaluate("addEventListener('pageshow', ({persisted}) => { window.persisted = persisted; })")
    page.get_by_role("link", name="Log in").click()
    expect(page.get_by_label("Password")).to_be_visible()
    page.evaluate("history.back()")
    page.wait_for_function("window.persisted")
    look_around(page)
    expect(page.locator(SENT)).to_contain_text(", 0 waiting")

    seen = [name for name in names(visitor.all_arrive()) if name.endswith("_view")]
    assert seen == ["home_view", "page_view", "page_view", *["category_view"] * 3, "home_view"]


def test_offline_and_back(welcome, doorman):
    visitor = welcome()
    page = visitor.open()
    visitor.context.set_offline(True)
    look_around(page, times=2)
    expect(page.locator(SENT)).to_contain_text("0 sent")
    assert doorman.posts() == []
    visitor.context.set_offline(False)

    expect(page.locator(SENT)).to_contain_text(", 0 waiting")
    assert names(visitor.all_arrive()).count("category_view") == 6


def test_offline_until_the_end_and_back_another_time(welcome):
    visitor = welcome()
    page = visitor.open()
    visitor.context.set_offline(True)
    look_around(page)
    page.close(run_before_unload=False)
    visitor.context.set_offline(False)
    visitor.open("/cart")

    made = visitor.all_arrive()
    assert names(made).count("category_view") == 3
    assert names(made).count("cart_view") == 1


def test_two_tabs_and_one_of_them_dies(welcome):
    visitor = welcome()
    stays, dies = visitor.open(), visitor.open("/product?id=halden-mug")
    visitor.context.set_offline(True)
    dies.locator("#buy").click()
    look_around(stays)
    with dies.expect_event("crash"):
        renderer_of(dies).kill()
    dies.close()
    visitor.context.set_offline(False)

    made = visitor.all_arrive()
    assert names(made).count("add_to_cart_click") == 1
    assert names(made).count("category_view") == 3


def test_many_tabs_at_once_take_over_what_was_left_only_once(welcome):
    visitor = welcome()
    page = visitor.open()
    visitor.context.set_offline(True)
    look_around(page, times=2)
    page.close()
    visitor.context.set_offline(False)
    for path in ("/cart", "/login", "/product?id=halden-mug", "/"):
        visitor.open(path)

    assert names(visitor.all_arrive()).count("category_view") == 6


def test_a_server_that_fails_gets_the_same_events_again(welcome, doorman):
    doorman.turn_away(Turned(500), Turned(None), Turned(429, {"retry-after": "1"}))
    visitor = welcome()
    page = visitor.open()
    look_around(page)
    expect(page.locator(SENT)).to_contain_text(", 0 waiting")

    visitor.all_arrive()
    assert [came.status for came in doorman.posts()][:4] == [500, None, 429, 200]
    first, *others = [{event["eventId"] for event in events_of(came.body)} for came in doorman.posts()[:4]]
    assert all(first <= ids for ids in others)


def test_a_server_that_takes_less_gets_smaller_batches(welcome, doorman):
    doorman.max_events = 3
    visitor = welcome()
    page = visitor.open()
    look_around(page)
    expect(page.locator(SENT)).to_contain_text(", 0 waiting")

    visitor.all_arrive()
    statuses = [came.status for came in doorman.posts()]
    assert statuses.count(413) >= 1
    assert [len(events_of(came.body)) <= 3 for came in doorman.posts()] == [
        status == 200 for status in statuses
    ]


def test_an_answer_that_comes_after_the_page_has_gone(welcome, doorman):
    """Nobody hears it, so the next page sends these events again: twice, by their ids once, and never not."""
    doorman.open.clear()
    visitor = welcome()
    page = visitor.open()
    look_around(page)
    with page.expect_request(doorman.url):
        page.evaluate("clickmart.flush()")
    page.close()
    doorman.open.set()
    visitor.open("/cart")

    visitor.all_arrive(at_most=2)
