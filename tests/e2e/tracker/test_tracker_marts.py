"""A visit to the demo shop, as the shop's owner will see it."""

import pytest
from playwright.sync_api import expect

from tests.e2e.tracker.test_tracker_privacy import buy

MODELS = ("--resource-type", "seed", "--resource-type", "model", "--exclude", "tag:daily")


@pytest.fixture
def visited(welcome, running):
    visitor = welcome()
    page = visitor.open()
    page.get_by_role("link", name="Rainy day teapot").click()
    page.locator("#wish").click()
    buy(page)
    page.reload()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    page.close()
    made = visitor.all_arrive()
    running("load", "--hours-back", "0")
    running("transform", "build", *MODELS, "--quiet")
    return made


def test_a_visit_becomes_a_session_an_order_and_a_funnel(visited, running):
    (client_id,) = {event["clientId"] for event in visited}
    order, reloaded = (
        event["element"]["dataset"] for event in visited if event["eventName"] == "checkout_complete"
    )

    def mart(name, columns, condition=f"visitor_id = 'client:{client_id}'"):
        return running.rows(f"select {columns} from marts.{name} where {condition}")

    assert order == reloaded
    assert mart("orders", "order_id, order_total::text, item_count") == [(order["orderId"], "28.9000", 1)]
    assert mart("order_items", "product_id, quantity::int, source") == [("halden-mug", 1, "items")]
    assert mart("sessions", "event_count, order_count, is_converted, user_login_state") == [
        (len(visited), 1, True, "guest")
    ]
    assert mart("session_funnels", "steps_reached, is_completed") == [(4, True)]
    assert mart("clickstream_events", "count(*), count(*) filter (where quality_flags <> '{}')") == [
        (len(visited), 0)
    ]
    assert mart("product_metrics_daily", "wishlist_count::int", "product_id = 'halden-teapot'") == [(1,)]
