"""Cases of experiments and of data health, counted by hand, and what holds of any history."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings

from tests.oracle.comparison import difference
from tests.oracle.events import payload
from tests.oracle.histories import histories
from tests.oracle.marts import CLOSE, build_marketing
from tests.oracle.seeds import project_seeds
from tests.oracle.shorthand import EVENING, add, column, order, sent

MIDNIGHT = EVENING + timedelta(hours=1)
NAMES_TOO_MANY = {"other": 1, "": "x", " ": "x", "x" * 129: "x", "blank": " "}


def exposed(seconds, variant, client_id="c1", **fields):
    shown = {"experiment": "button", "variant": variant}
    return sent(seconds, "experiment_exposure", client_id=client_id, **shown, **fields)


def test_visitors_are_judged_from_their_first_exposure_on_unless_they_saw_two_variants():
    events = [
        *(add(0, "p1"), order(4, total="5"), exposed(5, "green"), order(5, total="10"), exposed(9, "green")),
        *(order(6_000, total="2"), exposed(0, "green", "c2"), add(8_000, "p1", client_id="c2")),
        *(
            exposed(0, "blue", "c3"),
            exposed(9, "green", "c3"),
            exposed(0, "no", "c4", user_agent="Googlebot"),
        ),
        sent(0, client_id="c5", experiments={"button": " green ", **NAMES_TOO_MANY}),
        sent(0, client_id="c6", experiment="button", variant="told by another event"),
    ]
    seeds = replace(project_seeds(), planned_variants=(("button", "red"),))
    rows = build_marketing(events, seeds)["experiment_results"]

    names = ("variant", "metric", "visitor_count", "excluded_count", "value", "is_control")
    assert sorted(column(rows, *names), key=lambda row: row[:2]) == [
        ("blue", "add_to_cart_rate", 0, 1, None, True),
        ("blue", "conversion", 0, 1, None, True),
        ("blue", "revenue_per_visitor", 0, 1, None, True),
        ("green", "add_to_cart_rate", 3, 1, Fraction(1, 3), False),
        ("green", "conversion", 3, 1, Fraction(1, 3), False),
        ("green", "revenue_per_visitor", 3, 1, 4, False),
        ("red", "add_to_cart_rate", 0, 1, None, False),
        ("red", "conversion", 0, 1, None, False),
        ("red", "revenue_per_visitor", 0, 1, None, False),
    ]


def test_a_browser_says_its_variants_in_two_places():
    told = payload(exposed(0, "green", experiments={"ranking": "a"}))

    assert told["element"]["dataset"] == {"experiment": "button", "variant": "green"}
    assert told["experiments"] == {"ranking": "a"}


@pytest.mark.parametrize(("seconds", "is_late"), [(21_599, False), (21_600, True)])
def test_an_event_is_late_six_hours_after_its_day(seconds, is_late):
    late = sent(
        0, received_at=MIDNIGHT + timedelta(seconds=seconds), object_key="events/2026/03/05/06/a.json"
    )
    marts = build_marketing([late])

    [row] = marts["late_data_daily"]
    assert (row["event_count"], row["late_event_count"], row["late_share"]) == (1, is_late, is_late)
    [row] = marts["load_health"]
    assert row["receipt_hour"] == MIDNIGHT + timedelta(hours=6)
    assert row["late_count"] == is_late


@pytest.mark.parametrize(("seconds", "is_settled"), [(0, False), (1, True)])
def test_a_day_is_settled_when_no_event_of_it_would_be_believed_any_more(seconds, is_settled):
    three_days = 3 * 86_400 + 3_600
    rows = build_marketing([sent(0), sent(three_days + seconds)])["late_data_daily"]

    assert column(rows, "is_settled") == [is_settled, False]


def test_what_an_hours_objects_held():
    key, next_key = "events/2026/03/04/23/a.json", "events/2026/03/05/00/a.json"
    events = [
        *(sent(0, event_id="x", object_key=key), sent(0, None, event_id="x", object_key=key)),
        *(sent(1, event_id="x", object_key=key), sent(1, event_id="x", object_key=next_key, load_id=2)),
        sent(2, object_key=f"{key}-2"),
    ]
    names = ("load_count", "object_count", "event_count", "duplicate_count", "nameless_count")

    assert column(build_marketing(events)["load_health"], *names) == [(1, 2, 4, 1, 1), (1, 1, 1, 1, 0)]


def test_a_field_is_compared_with_the_week_before():
    week = 7 * 86_400
    events = [
        *(sent(0, user_id="u1"), sent(0), sent(86_400), sent(86_400)),
        *(sent(week, user_id="u1"), sent(week + 86_400), sent(week + 2 * 86_400)),
    ]
    rows = build_marketing(events)["data_quality_daily"]

    names = ("null_share", "null_share_week_before", "null_share_change")
    assert column([row for row in rows if row["field"] == "user_id"], *names) == [
        (Fraction(1, 2), None, None),
        (1, Fraction(1, 2), Fraction(1, 2)),
        (0, Fraction(3, 4), Fraction(-3, 4)),
        (1, Fraction(2, 3), Fraction(1, 3)),
        (1, Fraction(1, 2), Fraction(1, 2)),
    ]


def test_a_clock_that_is_not_believed_is_flagged_and_a_missing_one_is_not():
    received_at = EVENING + timedelta(days=5)
    events = [sent(0, received_at=received_at), sent(0, received_at=received_at, event_timestamp=None)]
    rows = build_marketing(events)["data_quality_daily"]

    [row] = [row for row in rows if row["field"] == "event_timestamp"]
    assert (row["activity_date"], row["flag_count"], row["null_count"]) == (date(2026, 3, 9), 1, 0)


def test_names_that_no_seed_knows():
    events = [sent(0, "Odd"), sent(5, "odd", client_id="c2", user_agent="Googlebot"), sent(6, "view_product")]
    [row] = build_marketing(events)["unknown_event_names"]

    assert row == {
        **{"event_name": "odd", "event_count": 2, "visitor_count": 2},
        **{"first_seen_at": EVENING, "last_seen_at": EVENING + timedelta(seconds=5)},
    }


@settings(max_examples=20, deadline=None, derandomize=True)
@given(history=histories)
def test_each_order_is_credited_once_and_the_order_of_loads_matters_to_nobody(history):
    marts = build_marketing(history.sent)

    credited = {}
    for row in marts["attribution_credits"]:
        key = row["order_key"], row["model"]
        credited[key] = credited.get(key, 0) + row["credit"]
    assert set(credited.values()) == {1}
    for mart, rows in build_marketing(reversed(history.sent)).items():
        assert difference(mart, marts[mart], rows, CLOSE.get(mart, ())) == ""
