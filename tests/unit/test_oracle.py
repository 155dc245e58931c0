"""Cases small enough to be counted by hand, so that the oracle can be trusted with large ones."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings

from tests.oracle.comparison import difference
from tests.oracle.events import payload
from tests.oracle.histories import histories
from tests.oracle.marts import build
from tests.oracle.shorthand import EVENING, column, order, sent


def test_a_gap_of_exactly_1800_seconds_stays_in_the_session():
    rows = build([sent(0), sent(1_800), sent(3_601)])["sessions"]

    assert column(rows, "event_count", "duration_seconds", "session_number") == [(2, 1_800, 1), (1, 0, 2)]


def test_what_never_pauses_is_cut_into_spans_counted_from_the_visits_start():
    chain = [sent(seconds) for seconds in (0, 1_800, 3_599, 3_600, 5_400, 7_100, 8_900)]
    after_a_pause = sent(8_900 + 1_801)

    rows = build([*chain, after_a_pause], longest_session=timedelta(hours=1))["sessions"]

    assert column(rows, "event_count", "duration_seconds") == [(3, 3_599), (3, 3_500), (1, 0), (1, 0)]


def test_the_first_loaded_wins_then_the_first_in_order():
    events = [
        sent(0, event_id="x", load_id=2, user_id="too late"),
        sent(50, event_id="x", load_id=1, user_id="second"),
        sent(20, event_id="x", load_id=1, user_id="first"),
        sent(10, None, event_id="x", load_id=1),
    ]

    assert column(build(events)["sessions"], "user_id", "event_count") == [("first", 1)]


@pytest.mark.parametrize(
    ("age", "is_believed"), [(259_200, True), (259_201, False), (-300, True), (-301, False)]
)
def test_a_clock_is_believed_from_72_hours_before_to_5_minutes_after_receipt(age, is_believed):
    received_at = EVENING + timedelta(seconds=age)
    [row] = build([sent(0, received_at=received_at)])["clickstream_events"]

    assert row["event_timestamp"] == (EVENING if is_believed else received_at)


def test_a_funnel_takes_the_earliest_match_after_each_step():
    events = [
        sent(0, "add_to_cart_click"),
        sent(1, "product_view"),
        sent(2, "checkout_start"),
        sent(3, "product_view"),
        sent(9, "add_to_cart_click"),
        sent(9, "checkout_complete"),
    ]
    marts = build(events)

    [row] = marts["session_funnels"]
    assert row["step_timestamps"] == [EVENING + timedelta(seconds=1), EVENING + timedelta(seconds=9)]
    assert (row["steps_reached"], row["is_completed"], row["open_steps"]) == (2, False, [1, 2, 3, 4])
    counts = ("step_number", "session_count", "open_session_count", "seconds_from_previous_sum")
    assert column(marts["funnel_daily"], *counts) == [(1, 1, 1, 0), (2, 1, 1, 8), (3, 0, 1, 0), (4, 0, 1, 0)]


def test_on_a_shared_device_a_session_is_its_own_users_else_the_nexts_else_the_previous_ones():
    said = [None, "u1", None, "u2", None]
    events = [sent(10_000 * number, user_id=user_id) for number, user_id in enumerate(said)]
    marts = build(events)

    assert column(marts["sessions"], "stitched_user_id") == ["u1", "u1", "u2", "u2", "u2"]
    assert column(marts["users"], "user_id", "session_count") == [("u1", 2), ("u2", 3)]
    assert column(marts["visitors"], "user_id") == ["u2"]


def test_who_comes_back_from_paying_comes_from_where_they_came_before():
    page, paypal = "https://shop.example/", "https://www.paypal.com/x"
    events = [
        sent(0, page_url=page, referrer=paypal),
        sent(10_000, page_url=page + "?gclid=1", referrer="https://www.google.de/"),
        sent(20_000, page_url=page, referrer=paypal),
        sent(30_000, page_url=page + "?utm_medium=email", referrer="https://a.shop.example/"),
        sent(40_000),
    ]
    events[3:3] = [sent(25_000)]

    assert column(build(events)["sessions"], "channel", "is_touch") == [
        ("Direct", True),
        ("Paid Search", True),
        ("Paid Search", False),
        ("Direct", True),
        ("Direct", False),
        ("Direct", True),
    ]


@pytest.mark.parametrize(
    ("query", "referrer", "channel"),
    [
        ("", "https://notgoogle.com/", "Referral"),
        ("?utm_source=GOOGLE&utm_medium=cpm", None, "Paid Search"),
        ("?utm_source=a&utm_medium=cpm", None, "Display"),
        ("?utm_source=a&utm_medium=cpc&utm_campaign=e-shop", None, "Paid Shopping"),
        ("?utm_source=a&utm_medium=cpc&utm_campaign=eshop", None, "Paid Shopping"),
        ("?utm_source=a&utm_medium=cpc&utm_campaign=workshop", None, "Paid Other"),
        ("?fbclid=1", None, "Organic Social"),
        ("", "https://mail.google.com/", "Email"),
        ("", "https://gemini.google.com/", "AI Assistants"),
        ("?utm_campaign=x", None, "Direct"),
        ("?utm_source=x", None, "Unassigned"),
    ],
)
def test_the_first_channel_that_matches(query, referrer, channel):
    events = [sent(0, page_url=f"https://shop.example/{query}", referrer=referrer)]

    assert column(build(events)["sessions"], "channel") == [channel]


def test_a_journey_ends_after_ten_steps():
    names = ["home_view", "home_view", "product_view", *(f"n{number}" for number in range(8))]
    marts = build([sent(number, name) for number, name in enumerate(names)])

    nodes = ["(start)", "home", "product", *(f"n{number}" for number in range(8))]
    assert column(marts["journey_transitions_daily"], "step_number", "from_node", "to_node") == [
        (number, *step) for number, step in enumerate(pairwise(nodes), start=1)
    ]
    assert column(marts["session_paths_daily"], "path") == ["home > product > n0 > n1 > n2"]
    [*_, last] = build([sent(number, name) for number, name in enumerate(names[:-1])])[
        "journey_transitions_daily"
    ]
    assert (last["step_number"], last["to_node"]) == (10, "(end)")


def test_a_flow_leaves_an_anchor_for_the_first_time_and_reaches_it_for_the_last():
    names = ["home_view", "product_view", "home_view", "a", "b", "c", "d"]
    rows = build([sent(number, name) for number, name in enumerate(names)])["journey_flows_daily"]

    found = [row for row in rows if row["anchor_node"] == "home"]
    assert sorted(column(found, "direction", "step_number", "from_node", "to_node")) == [
        *[("back", 1, "product", "home"), ("back", 2, "home", "product"), ("back", 3, "(start)", "home")],
        *[("forward", 1, "home", "product"), ("forward", 2, "product", "home")],
        *[("forward", 3, "home", "a"), ("forward", 4, "a", "b"), ("forward", 5, "b", "c")],
    ]
    [last] = [row for row in rows if (row["anchor_node"], row["direction"]) == ("d", "forward")]
    assert (last["step_number"], last["from_node"], last["to_node"]) == (1, "d", "(end)")


def test_a_flow_of_a_journey_that_is_cut_has_no_end():
    rows = build([sent(number, f"n{number}") for number in range(100)])["journey_flows_daily"]

    forward = [row for row in rows if row["direction"] == "forward"]
    assert {row["anchor_node"] for row in forward} == {f"n{number}" for number in range(99)}
    assert "(end)" not in column(rows, "to_node")


def test_one_event_by_a_bot_takes_its_session_out_of_the_daily_marts_only():
    events = [sent(0), sent(1, user_agent="Googlebot"), sent(10_000, user_agent="CUBOT X")]
    marts = build(events)

    assert column(marts["sessions"], "is_bot") == [True, False]
    assert column(marts["visitors"], "event_count", "is_bot") == [(3, True)]
    assert column(marts["activity_daily"], "activity_date", "event_count", "new_visitor_count") == [
        (date(2026, 3, 5), 1, 0)
    ]


def test_a_visit_over_midnight_counts_where_it_started_and_its_events_and_orders_where_they_were():
    events = [sent(3_599), sent(3_600), order(3_601, total="8")]
    names = ("activity_date", "session_count", "event_count", "order_count", "revenue", "conversion_rate")

    assert column(build(events)["activity_daily"], *names) == [
        (date(2026, 3, 4), 1, 1, 0, 0, 1),
        (date(2026, 3, 5), 0, 2, 1, 8, None),
    ]


def test_products_are_as_last_heard_of_and_no_categories():
    events = [
        sent(0, "product_view", product={"id": "p1", "name": "old", "brand": "acme"}),
        sent(9, "product_view", product={"id": "p1", "name": "new"}, items=({"id": "p2", "name": "item"},)),
        sent(5, "product_view", product={"id": "p1", "name": "between"}),
        sent(6, "category_view", product={"id": "tvs"}),
    ]
    marts = build(events)

    assert column(marts["products"], "product_id", "product_name", "product_brand") == [
        ("p1", "new", "acme"),
        ("p2", "item", None),
    ]
    metrics = ("product_id", "view_count", "viewer_count", "view_to_cart_rate", "cart_to_order_rate")
    assert column(marts["product_metrics_daily"], *metrics) == [("p1", 3, 1, 0, None)]


@settings(max_examples=20, deadline=None, derandomize=True)
@given(history=histories)
def test_no_event_and_no_order_is_lost_or_counted_twice(history):
    marts = build(history.sent)

    sent_ids = {sent.event_id for sent in history.sent if sent.event_name}
    assert sorted(column(marts["clickstream_events"], "event_id")) == sorted(sent_ids)
    assert sum(column(marts["sessions"], "event_count")) == len(sent_ids)
    assert sum(column(marts["sessions"], "order_count")) == len(marts["orders"])
    assert sum(column(marts["sessions_daily"], "session_count")) == column(marts["sessions"], "is_bot").count(
        False
    )
    for mart, rows in build(reversed(history.sent)).items():
        assert difference(mart, marts[mart], rows) == ""


def test_a_payload_is_what_a_browser_and_ingest_make():
    event = order(
        0, "o1", total="9.90", item_count=2, user_agent="Firefox", items=({"id": "p1", "quantity": 2},)
    )

    assert payload(event) == {
        "eventId": event.event_id,
        "eventName": "checkout_complete",
        "eventTimestamp": "2026-03-04T23:00:00.000Z",
        "clientId": "c1",
        "items": [{"id": "p1", "quantity": 2}],
        "element": {"tag": "body", "dataset": {"orderId": "o1", "total": "9.90", "itemCount": "2"}},
        "_ingest": {"receivedAt": "2026-03-04T23:00:00.000Z", "userAgent": "Firefox"},
    }
