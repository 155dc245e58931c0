"""What people do in the simulated shop, who they are, and what its pages say of it."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

import pytest

from tests.unit.test_traffic.seen_traffic import HOUR_MS, Phenomena, Phenomenon, Shop

phenomenon = Phenomena()


@phenomenon
def visitor_known_by_session_only(shop: Shop) -> Iterator[object]:
    return (visitor for visitor in shop.histories if visitor.startswith("session:"))


@phenomenon
def event_of_nobody(shop: Shop) -> Iterator[object]:
    return (visitor for visitor in shop.histories if visitor.startswith("event:"))


@phenomenon
def alias(shop: Shop) -> Iterator[object]:
    return (seen for seen in shop.events if seen.event.get("eventName") == "view_product")


@phenomenon
def category_in_the_place_of_a_product(shop: Shop) -> Iterator[object]:
    return (seen for seen in shop.named("category_view") if seen.event["product"]["id"].startswith("cat-"))


@phenomenon
def return_from_payment_host(shop: Shop) -> Iterator[object]:
    for history in shop.histories.values():
        for before, back, after in zip(history, history[1:], history[2:], strict=False):
            is_back = back.event.get("referrer") == "https://www.paypal.com/"
            if is_back and before.clean.name == "click" and after.clean.name == "checkout_complete":
                yield back


@phenomenon
def login_in_mid_session(shop: Shop) -> Iterator[object]:
    for history in shop.histories.values():
        for before, after in pairwise(history):
            same_session = before.event.get("sessionId") == after.event.get("sessionId")
            if same_session and "userId" not in before.event and "userId" in after.event:
                yield after


@phenomenon
def guest_order(shop: Shop) -> Iterator[object]:
    return (seen for seen in shop.named("checkout_complete") if seen.event.get("userLoginState") == "guest")


@phenomenon
def two_tabs_at_once(shop: Shop) -> Iterator[object]:
    for visitor, history in shop.histories.items():
        tabs = [seen.event.get("sessionId") for seen in history]
        changes = [tab for before, tab in pairwise(tabs) if tab != before]
        if visitor.startswith("client:") and len(changes) > len(set(tabs)):
            yield visitor


@phenomenon
def shared_device(shop: Shop) -> Iterator[object]:
    for history in shop.histories.values():
        users = defaultdict(set)
        for seen in history:
            if "userId" in seen.event:
                users[seen.event["userId"]].add(seen.day)
        if len(users) == 2:
            first, second = users.values()
            yield not first & second


@phenomenon
def user_with_two_devices(shop: Shop) -> Iterator[object]:
    return (user for user, visitors in shop.visitors_of_user.items() if len(visitors) > 1)


@phenomenon
def visitor_who_comes_back_on_another_day(shop: Shop) -> Iterator[object]:
    return (visitor for visitor, history in shop.histories.items() if len({s.day for s in history}) > 1)


@phenomenon
def visitor_known_from_before(shop: Shop) -> Iterator[object]:
    return (h for h in shop.histories.values() if not any(s.event.get("isFirstVisit") for s in h))


def _reload_delays(shop: Shop) -> Iterator[int]:
    first: dict[str, int] = {}
    for seen in sorted(shop.named("checkout_complete"), key=lambda seen: seen.clean.order):
        if seen.clean.order_id:
            yield seen.at_ms - first.setdefault(seen.clean.order_id, seen.at_ms)


@phenomenon
def thank_you_page_reloaded_within_the_hour(shop: Shop) -> Iterator[object]:
    return (delay for delay in _reload_delays(shop) if 0 < delay < HOUR_MS)


@phenomenon
def thank_you_page_reloaded_hours_later(shop: Shop) -> Iterator[object]:
    return (delay for delay in _reload_delays(shop) if delay > 2 * HOUR_MS)


@phenomenon
def order_without_order_id(shop: Shop) -> Iterator[object]:
    return (seen for seen in shop.named("checkout_complete") if not seen.clean.order_id)


@phenomenon
def order_with_items(shop: Shop) -> Iterator[object]:
    return (seen for seen in shop.named("checkout_complete") if "items" in seen.event)


@phenomenon
def order_whose_items_only_the_cart_knows(shop: Shop) -> Iterator[object]:
    return (
        seen
        for seen in shop.named("checkout_complete")
        if "items" not in seen.event and {"cartId", "total", "itemCount"} <= seen.dataset.keys()
    )


@phenomenon
def removal_without_quantity(shop: Shop) -> Iterator[object]:
    return (s for s in shop.named("remove_from_cart_click") if "quantity" not in s.event["product"])


@phenomenon
def script_in_a_product_name(shop: Shop) -> Iterator[object]:
    return (seen for seen in shop.events if "<script>" in str(seen.event.get("product")))


@phenomenon
def price_that_is_no_number(shop: Shop) -> Iterator[object]:
    return (seen for seen in shop.events if "'price': '12,5'" in str(seen.event.get("product")))


@phenomenon
def price_that_is_too_large_for_a_float(shop: Shop) -> Iterator[object]:
    return (seen for seen in shop.events if b"1e400" in seen.request.body)


@pytest.mark.parametrize("question", phenomenon, ids=lambda question: question.__name__)
def test_it_happens(shop: Shop, question: Phenomenon):
    found = list(question(shop))
    assert found
    assert all(found)
