"""What an owner is told about customers - while data is late, or hardly there."""

import json
from datetime import UTC, datetime, timedelta

from tests.postgres.dbt_fixtures import TABLES, Event, add_load

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
NIGHTLY = (
    *TABLES,
    *("+attribution_credits", "+customer_segments", "+retention_weekly", "+anomalies", "+experiment_results"),
)


def sent(line, minutes, name, client="phone", page="https://shop.example/", **fields):
    happened = (NOON + timedelta(minutes=minutes)).isoformat()
    payload = {
        "eventId": f"e{line}",
        "eventName": name,
        "clientId": client,
        "pageUrl": page,
        "eventTimestamp": happened,
        "_ingest": {"receivedAt": happened},
        **fields,
    }
    return Event(json.dumps(payload), line)


def order(line, minutes, **fields):
    dataset = {"orderId": f"o{line}", "total": "100"}
    return sent(line, minutes, "checkout_complete", element={"dataset": dataset}, **fields)


def test_a_click_that_comes_late_is_credited_after_all(dbt, warehouse):
    attributed = "select is_attributed, click_event_id, seconds_to_checkout from marts.attributed_checkouts"
    add_load(warehouse, [order(1, 60)])
    dbt.succeeds(*TABLES, "+attributed_checkouts")
    assert warehouse.rows(attributed) == [(False, None, None)]

    add_load(warehouse, [sent(2, 30, "click")])
    dbt.succeeds(*TABLES, "+attributed_checkouts")
    assert warehouse.rows(attributed) == [(True, "e2", 1800)]

    add_load(warehouse, [sent(3, 0, "product_view"), sent(4, -1, "click")])
    dbt.succeeds(*TABLES, "+attributed_checkouts")
    assert warehouse.rows(attributed) == [(True, "e3", 3600)]


def test_a_visit_on_another_device_is_credited_once_it_is_known_whose_it_was(dbt, warehouse):
    credits = """
        select channel, round(credit, 2) from marts.attribution_credits where model = 'linear' order by 1
    """
    newsletter = "https://shop.example/?utm_source=news&utm_medium=email"
    add_load(
        warehouse,
        [sent(1, -600, "page_view", client="laptop", page=newsletter), order(2, 0, userId="ann")],
    )
    dbt.succeeds(*TABLES, "+attribution_credits")
    assert warehouse.rows(credits) == [("Direct", 1)]

    add_load(warehouse, [sent(3, 600, "login", client="laptop", userId="ann")])
    dbt.succeeds(*TABLES, "+attribution_credits")
    assert warehouse.rows(credits) == [("Direct", 0.5), ("Email", 0.5)]

    add_load(warehouse, [sent(4, -590, "login", client="laptop", userId="bob")])
    dbt.succeeds(*TABLES, "+attribution_credits")
    assert warehouse.rows(credits) == [("Direct", 1)]


def test_of_a_single_visitor_who_never_ordered_nothing_is_made_up(dbt, warehouse):
    add_load(warehouse, [sent(1, 0, "product_view")])
    dbt.succeeds(*NIGHTLY)

    assert warehouse.rows("select * from marts.attribution_credits") == []
    assert warehouse.rows("select segment, r, f, m, average_order_value from marts.customer_segments") == [
        ("(no orders)", None, None, None, None)
    ]
    assert warehouse.rows(
        "select cohort_type, cohort_size, retained_share, revenue_per_customer from marts.retention_weekly"
    ) == [("first_visit", 1, 1, 0)]
    assert warehouse.rows("select distinct severity, expected from marts.anomalies") == [(None, None)]
    assert warehouse.rows(
        "select distinct visitor_count, value, lift, p_value, status from marts.experiment_results"
    ) == [(0, None, None, None, "not_enough_data")]


def test_a_first_customer_is_no_segment(dbt, warehouse):
    add_load(warehouse, [order(1, 0)])
    dbt.succeeds(*TABLES, "+customer_segments")

    assert warehouse.rows(
        "select segment, r, recency_days, average_order_value from marts.customer_segments"
    ) == [("(not enough customers)", None, 0, 100)]
