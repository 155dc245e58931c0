"""Cases of marketing, small enough to be counted by hand."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import product

import pytest

from tests.oracle.marts import build_marketing
from tests.oracle.seeds import project_seeds
from tests.oracle.shorthand import EVENING, add, column, order, remove, sent

DAY = 86_400
DIRECT = {}
EMAIL = {"page_url": "https://shop.example/?utm_medium=email"}
FROM_PAYING = {"page_url": "https://shop.example/", "referrer": "https://www.paypal.com/"}
BOT = {"user_agent": "Googlebot"}


def visit(name, seconds, **fields):
    return sent(seconds, "home_view", event_id=name, **fields)


def shares(events, model="linear", **chosen):
    """By order, what each visit is credited with."""
    credited = {}
    for row in build_marketing(events, **chosen)["attribution_credits"]:
        if row["model"] == model:
            credited.setdefault(row["order_key"], {})[row["first_event_id"]] = row["credit"]
    return credited


def checkouts(events):
    names = ("click_event_name", "product_id", "seconds_to_checkout", "is_first_of_order")
    return column(build_marketing(events)["attributed_checkouts"], *names)


def abandoned(events):
    names = ("product_id", "abandoned_count", "abandoned_quantity", "abandoned_value", "recovered_count")
    return sorted(column(build_marketing(events)["abandoned_products_daily"], *names))


def test_the_first_click_of_the_hour_is_thanked_and_both_ends_belong_to_it():
    events = [
        *(sent(0, "product_view", product={"id": "p1"}), add(2, "p2")),
        *(order(3_600, "o1"), order(3_601, "o1"), order(9_000)),
    ]

    assert checkouts(events) == [
        ("product_view", "p1", 3_600, True),
        ("add_to_cart_click", "p2", 3_599, False),
        (None, None, None, True),
    ]


def test_what_happened_in_the_same_second_is_before_or_after_by_the_one_order():
    assert checkouts([sent(0), order(0)]) == [("click", None, 0, True)]
    assert checkouts([order(0), sent(0)]) == [(None, None, None, True)]
    assert checkouts([sent(0, received_at=EVENING + timedelta(seconds=1)), order(0)]) == [
        (None, None, None, True)
    ]


def test_only_a_click_of_the_same_visitor_is_thanked_and_no_bots():
    events = [sent(0, "wishlist_click"), sent(1, client_id="c2", user_id="u1"), order(2, user_id="u1")]

    assert checkouts([*events, order(3, client_id="c3", **BOT)]) == [(None, None, None, True)]


@pytest.mark.parametrize(
    ("visit_count", "position"),
    [(1, "1"), (2, "1/2 1/2"), (3, "2/5 1/5 2/5"), (4, "2/5 1/10 1/10 2/5")],
)
def test_the_ends_of_a_path_count_more_by_position(visit_count, position):
    before = [visit(f"v{number}", number * DAY) for number in range(visit_count - 1)]
    events = [*before, visit("own", 9 * DAY), order(9 * DAY + 5, "o")]

    assert list(shares(events, "position")["o"].values()) == [Fraction(part) for part in position.split()]
    assert set(shares(events, "linear")["o"].values()) == {Fraction(1, visit_count)}
    assert shares(events, "last") == {"o": {"own": 1}}
    assert shares(events, "first") == {"o": {"v0" if before else "own": 1}}


def test_a_visit_counts_half_of_one_seven_days_later():
    events = [visit("v0", 0), visit("v1", 7 * DAY), order(14 * DAY, "o", event_id="own", total="7")]

    assert shares(events, "time_decay") == {
        "o": {"v0": Fraction(1, 7), "v1": Fraction(2, 7), "own": Fraction(4, 7)}
    }
    credited = build_marketing(events)["attribution_credits"]
    assert [row["credited_revenue"] for row in credited if row["model"] == "time_decay"] == [1, 2, 4]


def test_direct_visits_are_the_last_only_among_themselves():
    events = [visit("v0", 0, **DIRECT), visit("v1", DAY, **DIRECT), order(2 * DAY, "o", event_id="own")]
    one_by_mail = [events[0], visit("v1", DAY, **EMAIL), events[2]]

    assert shares(events, "last_non_direct") == {"o": {"own": 1}}
    assert shares(one_by_mail, "last_non_direct") == {"o": {"v1": 1}}


def test_a_path_begins_30_days_back_or_after_the_previous_order_and_holds_the_own_visit():
    events = [
        *(visit("old", -1, client_id="c2", user_id="u1"), visit("v0", 0, user_id="u1")),
        visit("back", DAY, **FROM_PAYING),
        *(order(30 * DAY, "o1", event_id="own1"), order(30 * DAY + 9, "o2")),
        visit("meanwhile", 30 * DAY + 9, client_id="c2"),
        *(visit("v1", 31 * DAY, client_id="c2"), visit("bot", 31 * DAY, client_id="c3", user_id="u1", **BOT)),
        order(32 * DAY, "o3", event_id="own3", **FROM_PAYING),
    ]

    found = {key: list(credits) for key, credits in shares(events).items()}
    assert found == {"o1": ["v0", "own1"], "o2": ["own1", "meanwhile"], "o3": ["v1", "own3"]}
    found = {key: list(credits) for key, credits in shares(events, restarts_after_order=False).items()}
    assert found["o2"] == ["own1", "meanwhile"]
    assert found["o3"] == ["own1", "meanwhile", "v1", "own3"]


def test_a_channel_is_worth_what_its_visits_of_a_day_brought():
    events = [
        visit("v0", 0, **EMAIL),
        order(5, total="8"),
        visit("v1", 2_000, **EMAIL),
        sent(0, client_id="b", **BOT),
    ]
    names = ("channel", "session_count", "visitor_count", "new_visitor_count", "engaged_count", "order_count")
    [row] = build_marketing(events)["channel_performance_daily"]

    assert tuple(row[name] for name in names) == ("Email", 2, 1, 1, 1, 1)
    assert (row["conversion_rate"], row["revenue_per_session"]) == (Fraction(1, 2), 4)


@pytest.mark.parametrize(("waited", "is_abandoned"), [(DAY, False), (DAY + 1, True)])
def test_a_cart_on_two_devices_is_abandoned_after_a_day_even_if_ordered_later(waited, is_abandoned):
    events = [
        sent(0, "add_to_cart_click", user_id="u1", product={"id": "p1", "price": Decimal(5), "quantity": 2}),
        sent(9_000, "remove_from_cart_click", client_id="c2", user_id="u1", product={"id": "p9"}),
    ]
    bot = sent(9_000 + waited, client_id="c3", **BOT)

    assert abandoned([*events, bot]) == ([("p1", 1, 2, 10, 0)] if is_abandoned else [])
    bought = [*events, order(9_000 + waited, user_id="u1"), sent(9 * DAY)]
    assert abandoned(bought) == ([("p1", 1, 2, 10, 1)] if is_abandoned else [])


def test_a_removal_without_quantity_empties_the_line_and_an_order_the_cart():
    events = [
        *(add(0, "p0"), order(1), add(2, "p1", "5", quantity=3), remove(3, "p1"), add(4, "p1", "7")),
        *(
            add(5, "p2", quantity=2),
            remove(6, "p2", quantity=1),
            add(7, "p2", "9", discount_price=Decimal(8)),
        ),
        *(add(8, "p3"), remove(9, "p3"), remove(10, "p4", quantity=1), sent(2 * DAY)),
    ]

    assert abandoned(events) == [("p1", 1, 1, 7, 0), ("p2", 1, 2, 16, 0)]


def test_weeks_begin_on_mondays_and_are_complete_when_their_sunday_is_over():
    sunday, monday, next_sunday = 4 * DAY, 4 * DAY + 3_600, 11 * DAY
    events = [
        *(visit("v0", 0), sent(sunday, client_id="c2"), order(monday, total="10"), order(monday, total="2")),
        sent(next_sunday, client_id="c2"),
    ]
    rows = build_marketing(events)["retention_weekly"]

    names = ("cohort_type", "cohort_week", "week_number", "cohort_size", "retained_count", "is_complete")
    first, second = date(2026, 3, 2), date(2026, 3, 9)
    assert column(rows, *names) == [
        ("first_visit", first, 0, 2, 2, True),
        ("first_visit", first, 1, 2, 2, False),
        ("first_order", second, 0, 1, 1, False),
    ]
    names = ("order_count", "revenue", "cumulative_revenue", "cumulative_revenue_per_customer")
    assert column(rows, *names) == [(0, 0, 0, 0), (2, 12, 12, 6), (2, 12, 12, 12)]


def test_equals_share_a_score():
    order_counts = [1, 1, 2, 3, 3]
    events = [
        order(number, client_id=f"c{who}", total=str(who))
        for who, count in enumerate(order_counts)
        for number in range(count)
    ]
    rows = build_marketing(events, rfm_min_customers=5)["customer_segments"]

    scores = [(1, 1, 1), (1, 1, 2), (1, 3, 3), (1, 4, 4), (1, 4, 5)]
    assert sorted(column(rows, "r", "f", "m")) == scores
    [*_, best] = sorted(rows, key=lambda row: row["revenue"])
    assert (best["segment"], best["average_order_value"]) == ("Cannot lose them", 4)
    few = build_marketing(events, rfm_min_customers=6)
    assert set(column(few["customer_segments"], "r", "segment")) == {(None, "(not enough customers)")}
    sizes = ("segment", "r", "f", "m", "person_count", "order_count", "revenue", "one_time_buyer_count")
    assert column(few["segment_sizes"], *sizes) == [("(not enough customers)", 0, 0, 0, 5, 10, 26, 2)]
    for combination in product(range(1, 6), repeat=3):
        assert any(segment.fits(*combination) for segment in project_seeds().segments), combination
