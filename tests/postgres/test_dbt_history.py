"""Whenever a load closes and however often dbt runs, the marts are what a full refresh makes of raw."""

from concurrent.futures import ThreadPoolExecutor

from tests.postgres.dbt_fixtures import HOURLY, TABLES, Dbt, Event, add_load, batch, close_load, event


def test_an_empty_warehouse_builds_twice(dbt):
    dbt.succeeds("build")
    dbt.succeeds(*HOURLY)

    assert dbt.contents("marts.clickstream_events") == []
    assert dbt.contents("marts.quarantined_events") == []


HISTORY = [
    (batch(9, 8, 7), "staging"),
    (batch(1, 2, 3, 5, hours=90, key="b"), "int_loads_fixed int_events_deduplicated clickstream_events"),
    ([], "int_loads_fixed quarantined_events"),
    ([*batch(1, 2, 4, key="a"), *batch(4, 6, hours=-1, key="c"), *batch(4, key="b")], "+sessions"),
    (batch(1, 2, 3, 4, 5, 6, 9, key="d"), "int_loads_fixed quarantined_events"),
    (batch(10, 77, hours=-80, key="e"), "clickstream_events"),
]


def test_incremental_equals_full_refresh(dbt, warehouse):
    marts = ("marts.clickstream_events", "marts.quarantined_events", "marts.sessions")
    dbt.succeeds("build", "--exclude-resource-type", "unit_test")
    for number, (events, part) in enumerate(HISTORY):
        add_load(warehouse, events, rejected=[(f"events/2026/03/04/12/{number}.json", 1, "too_deep")])
        dbt.succeeds("run", "--select", part)
    dbt.succeeds(*HOURLY)
    incremental = {mart: dbt.contents(mart) for mart in marts}

    dbt.succeeds("run", "--full-refresh")

    assert {mart: dbt.contents(mart) for mart in marts} == incremental
    assert warehouse.rows(
        "select event_id, load_id, right(object_key, 6) from marts.clickstream_events order by 1"
    ) == [
        ("e1", 2, "b.json"),
        ("e2", 2, "b.json"),
        ("e3", 2, "b.json"),
        ("e4", 4, "c.json"),
        ("e6", 4, "c.json"),
        ("e7", 1, "1.json"),
        ("e77", 6, "e.json"),
        ("e8", 1, "1.json"),
        ("e9", 1, "1.json"),
    ]


def test_a_day_counted_anew_keeps_what_sessions_of_the_night_before_did_in_it(dbt, warehouse):
    """However short sessions are at most."""
    half_an_hour = ("--vars", "session_max_hours: 0.5")
    build = (*TABLES, "+pages_daily", "+activity_hourly", "+activity_daily", *half_an_hour)
    add_load(warehouse, [page_view("owl", "2026-03-04T23:50Z"), page_view("owl", "2026-03-05T00:10Z")])
    dbt.succeeds(*build)
    add_load(warehouse, [page_view("lark", "2026-03-05T05:00Z")])
    dbt.succeeds(*build)

    assert warehouse.rows("""
        select
            (select view_count from marts.pages_daily where activity_date = '2026-03-05'),
            (select sum(event_count) from marts.activity_hourly where activity_date = '2026-03-05'),
            (select event_count from marts.activity_daily where activity_date = '2026-03-05')
    """) == [(2, 2, 2)]


def page_view(visitor, received):
    return Event(
        event(
            eventName="page_view",
            clientId=visitor,
            pageUrl="https://shop.example/",
            _ingest={"receivedAt": received},
        ),
        object_key=f"events/2026/03/{received}.json",
    )


def test_a_run_reads_no_load_that_is_open_or_closes_meanwhile(dbt, warehouse):
    add_load(warehouse, batch(1))
    open_load = add_load(warehouse, batch(2, 5), is_closed=False)
    dbt.succeeds("build", "--exclude-resource-type", "unit_test")
    assert warehouse.rows("select event_id from marts.clickstream_events") == [("e1",)]

    dbt.succeeds("run", "--select", "int_loads_fixed")
    close_load(warehouse, open_load)
    add_load(warehouse, batch(3), rejected=[("events/2026/03/04/12/broken.json", 1, "too_deep")])
    dbt.succeeds("run", "--exclude", "int_loads_fixed")
    assert warehouse.rows("select event_id from marts.clickstream_events") == [("e1",)]
    assert warehouse.rows("select * from marts.quarantined_events") == []

    dbt.succeeds("run")
    assert warehouse.rows("select event_id from marts.clickstream_events order by 1") == [
        ("e1",),
        ("e2",),
        ("e3",),
    ]
    assert warehouse.rows("select reason from marts.quarantined_events order by 1") == [
        ("missing_event_name",),
        ("too_deep",),
    ]


def test_two_runs_at_once_add_nothing_twice(dbt, warehouse, tmp_path):
    add_load(warehouse)
    dbt.succeeds("build", "--exclude-resource-type", "unit_test")
    add_load(warehouse, [Event(event(), number) for number in range(1, 20_000)])
    dbt.succeeds("run", "--select", "int_loads_fixed")

    with ThreadPoolExecutor() as pool:
        runs = [
            pool.submit(Dbt(warehouse, tmp_path / name), "run", "--select", "config.materialized:incremental")
            for name in ("one", "other")
        ]

    assert [run.result().returncode for run in runs] == [0, 0]
    assert warehouse.rows("select count(*), count(distinct event_id) from marts.clickstream_events") == [
        (19_999, 19_999)
    ]
    assert warehouse.rows("select sum(event_count) from marts.sessions") == [(19_999,)]
    assert warehouse.rows("select sum(event_count) from marts.activity_daily") == [(19_999,)]
