"""How well the data came in: counted as it comes, and the same after a full refresh."""

import datetime

from tests.postgres.dbt_fixtures import Event, add_load, event

MARTS = ("load_health", "late_data_daily", "data_quality_daily", "unknown_event_names")
HEALTH = (
    *("--exclude-resource-type", "unit_test", "--indirect-selection", "cautious"),
    *("--select", *(f"+{mart}" for mart in MARTS)),
)
LOAD_HEALTH = """
    select
        receipt_hour, load_count, object_count, event_count,
        rejected_count, duplicate_count, nameless_count, late_count
    from marts.load_health order by 1
"""
LAG_ERROR = """
    select lag_seconds_max - floor(extract(epoch from loaded_at - '2026-03-04 12:00Z'))
    from marts.load_health cross join raw.loaded_objects
    where receipt_hour = '2026-03-04 12:00Z' and object_key = %s
"""
LATE_DATA = """
    select activity_date::text, event_count, late_event_count, late_share::float, is_settled
    from marts.late_data_daily order by 1
"""
QUALITY = """
    select
        event_count, flag_count, null_count,
        null_share::float, null_share_week_before::float, null_share_change::float
    from marts.data_quality_daily where field = %s and activity_date = %s
"""
UNKNOWN = """
    select event_name, event_count, visitor_count, first_seen_at, last_seen_at
    from marts.unknown_event_names order by 1
"""


def hour(day, number):
    return datetime.datetime(2026, 3, day, number, tzinfo=datetime.UTC)


def sent(name, received, happened=None, *, key, line=1, **fields):
    """An event with an id of its own, unless a field says otherwise."""
    stamps = {"_ingest": {"receivedAt": received}, "eventTimestamp": happened or received}
    document = {"eventId": f"{key}{line}", "eventName": name, **stamps, **fields}
    return Event(event(**document), line, key)


# The first day ends at the midnight before the 5th, and closes at six.
NOON = "events/2026/03/04/12/events-"
FIRST = [
    sent("click", "2026-03-04T12:00:00Z", key=f"{NOON}1.json", clientId="me"),
    sent(None, "2026-03-04T12:00:00Z", key=f"{NOON}1.json", line=2),
    sent("click", "2026-03-04T12:00:01Z", key=f"{NOON}1.json", line=3, eventId="twice", userId={}),
    sent("click", "2026-03-04T12:00:02Z", key=f"{NOON}2.json", eventId="twice"),
]
REJECTED = [(f"{NOON}1.json", 4, "too_deep"), (f"{NOON}3.json", 0, "unreadable_object")]
SECOND = [
    sent("click", "2026-03-05T05:59:59Z", "2026-03-04T23:59:00Z", key="events/2026/03/05/05/events-4.json"),
    sent("click", "2026-03-05T06:00:00Z", "2026-03-04T23:59:00Z", key="events/2026/03/05/06/events-5.json"),
    sent("click", "2026-03-04T12:30:00Z", key=f"{NOON}6.json", eventId="twice"),
]
THIRD = [
    sent("Buzz", "2026-03-06T08:00:00Z", key="backfill/events-7.json", clientId="me", userLoginState="?"),
    sent("buzz", "2026-03-08T00:00:01Z", key="events/2026/03/08/00/events-8.json", clientId="me"),
    sent("view_item", "2026-03-08T00:00:01Z", key="events/2026/03/08/00/events-8.json", line=2),
]
STILL_OPEN = [sent("click", "2026-03-09T00:00:00Z", key=f"{NOON}9.json")]


def test_loads_are_counted_once_and_as_a_full_refresh_counts_them(dbt, warehouse):
    add_load(warehouse, FIRST, rejected=REJECTED)
    dbt.succeeds("build", *HEALTH)
    # Built anew while the ledger is ahead of the events, the counts of a load are made up for, not added to.
    add_load(warehouse, SECOND)
    dbt.succeeds("run", "--select", "int_loads_fixed")
    dbt.succeeds("run", "--full-refresh", "--select", "int_receipts_counted", "load_health")
    dbt.succeeds("build", *HEALTH)
    add_load(warehouse)
    add_load(warehouse, THIRD)
    add_load(warehouse, STILL_OPEN, is_closed=False)
    dbt.succeeds("build", *HEALTH)

    loaded_at = warehouse.rows(
        "select date_trunc('hour', loaded_at) from raw.loaded_objects where object_key like 'backfill%%'"
    )[0][0]
    assert warehouse.rows(LOAD_HEALTH) == sorted(
        [
            (hour(4, 12), 2, 4, 5, 2, 2, 1, 0),
            (hour(5, 5), 1, 1, 1, 0, 0, 0, 0),
            (hour(5, 6), 1, 1, 1, 0, 0, 0, 1),
            (hour(8, 0), 1, 1, 2, 0, 0, 0, 0),
            (loaded_at, 1, 1, 1, 0, 0, 0, 0),
        ]
    )
    assert warehouse.rows(LAG_ERROR, f"{NOON}1.json") == [(0,)]
    assert warehouse.rows(LATE_DATA) == [
        ("2026-03-04", 4, 1, 0.25, True),
        ("2026-03-06", 1, 0, 0.0, False),
        ("2026-03-08", 2, 0, 0.0, False),
    ]
    assert warehouse.rows(QUALITY, "user_id", "2026-03-04") == [(4, 1, 4, 1.0, None, None)]
    assert warehouse.rows(QUALITY, "client_id", "2026-03-04") == [(4, 0, 3, 0.75, None, None)]
    assert warehouse.rows(QUALITY, "client_id", "2026-03-08") == [(2, 0, 1, 0.5, 0.6, -0.1)]
    assert warehouse.rows(QUALITY, "user_login_state", "2026-03-06") == [(1, 1, 1, 1.0, 1.0, 0.0)]
    assert warehouse.rows(UNKNOWN) == [
        ("buzz", 2, 1, hour(6, 8), hour(8, 0) + datetime.timedelta(seconds=1)),
    ]

    grown = {mart: dbt.contents(f"marts.{mart}") for mart in MARTS}
    dbt.succeeds("build", "--full-refresh", *HEALTH)
    assert {mart: dbt.contents(f"marts.{mart}") for mart in MARTS} == grown


def test_objects_of_a_load_are_looked_up_by_index(dbt, warehouse):
    """The ledger never ends: were all of it read, each hour would take longer than the one before."""
    dbt.succeeds("run", "--select", "stg_clickstream__objects")
    with warehouse.connect() as owner:
        owner.execute(
            "insert into raw.loaded_objects (object_key, size_bytes, event_count, rejected_count, load_id)"
            " select 'events/' || number, 0, 0, 0, number / 10 from generate_series(1, 10000) as number"
        )
        owner.execute("analyze raw.loaded_objects")
        plan = owner.execute(
            "explain select receipt_hour from staging.stg_clickstream__objects"
            " where load_id = any(array(select generate_series(1, 2)))"
        ).fetchall()

    assert "loaded_objects_load_id" in str(plan), plan
