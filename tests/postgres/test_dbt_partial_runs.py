"""Runs of a part of the project, runs beside others, and the tests that follow each run."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from tests.postgres.dbt_fixtures import TABLES, Dbt, Event, add_load, batch

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
PLAIN_PARENT = """
    {{ config(materialized='table') }}
    select load_id, visitor_id, session_key from {{ ref('sessions') }}
"""
CHILD_OF_A_PLAIN_PARENT = """
    {{ config(materialized='incremental', incremental_strategy='append') }}
    select load_id, session_key from {{ ref('plain_parent') }}
    where {{ is_new('load_id') }}
"""


def order(number, minutes, client="c1", order_id="o1"):
    happened = NOON + timedelta(minutes=minutes)
    payload = {
        "eventId": f"e{number}",
        "eventName": "checkout_complete",
        "clientId": client,
        "eventTimestamp": happened.isoformat(),
        "element": {"dataset": {"orderId": order_id, "total": "10"}},
        "_ingest": {"receivedAt": happened.isoformat()},
    }
    return Event(json.dumps(payload), number)


def test_sessions_know_their_orders_though_orders_lagged_behind_events(dbt, warehouse):
    dbt.succeeds(*TABLES, "+sessions")
    add_load(warehouse, [order(1, 0), order(2, 90, order_id="o2")])
    dbt.succeeds("run", "--select", "+clickstream_events", "int_orders_deduplicated")
    add_load(warehouse, [order(3, 95, order_id="o3")])
    dbt.succeeds("run", "--select", "+clickstream_events")
    dbt.succeeds("run", "--select", "int_sessions_aggregated")
    dbt.succeeds("run", "--select", "sessions")
    dbt.succeeds("run", "--select", "+sessions")
    grown = dbt.contents("marts.sessions")

    assert warehouse.rows("select order_count, revenue from marts.sessions order by 1") == [(1, 10), (2, 20)]
    dbt.succeeds("run", "--full-refresh", "--select", "+sessions")
    assert dbt.contents("marts.sessions") == grown


def test_a_late_event_may_cut_a_session_in_which_it_is_not(dbt, warehouse):
    """It joins two visits, and the hours of the second are counted from the start of the first."""
    hours = ("--vars", "session_max_hours: 1")
    add_load(warehouse, [order(minutes, minutes) for minutes in (0, 25, 50, 90, 115, 140)])
    dbt.succeeds(*TABLES, "+sessions", *hours)
    add_load(warehouse, [order(70, 70)])
    dbt.succeeds("run", "--select", "+sessions", *hours)
    grown = dbt.contents("marts.sessions")

    assert warehouse.rows("select event_count from marts.sessions order by started_at") == [(3,), (3,), (1,)]
    dbt.succeeds("run", "--full-refresh", "--select", "+sessions", *hours)
    assert dbt.contents("marts.sessions") == grown


def test_a_plain_table_between_incremental_models_starves_none_of_them(dbt, warehouse, project):
    models = project / "models/marts/behaviour"
    (models / "plain_parent.sql").write_text(PLAIN_PARENT)
    (models / "child.sql").write_text(CHILD_OF_A_PLAIN_PARENT)
    here = ("--project-dir", str(project))
    (project / "models/marts/behaviour/child.yml").write_text(
        "models: [{name: plain_parent, config: {contract: {enforced: false}}},"
        " {name: child, config: {contract: {enforced: false}}}]"
    )
    add_load(warehouse, [order(1, 0)])
    dbt.succeeds(*TABLES, "+child", *here)
    add_load(warehouse, [order(2, 90)])
    dbt.succeeds("run", "--select", "+child", *here)

    assert warehouse.rows("select count(*), max(load_id) from marts.child") == [(2, 2)]


def test_a_full_refresh_and_an_hourly_run_take_turns(dbt, warehouse, tmp_path):
    """The refresh is held in the middle of a model that the hourly run wants to add to."""
    add_load(warehouse, batch(1, 2, 3))
    dbt.succeeds(*TABLES, "+int_events_deduplicated")
    add_load(warehouse, batch(6, 7, 8))
    dbt.succeeds("run", "--select", "int_loads_fixed")
    one_model = ("--select", "int_events_deduplicated")

    with ThreadPoolExecutor() as pool, warehouse.connect() as reader:
        with reader.transaction():
            reader.execute("lock table raw.events in access exclusive mode")
            refresh = pool.submit(Dbt(warehouse, tmp_path / "refresh"), "run", "--full-refresh", *one_model)
            wait_for_waiting(warehouse, 1)
            hourly = pool.submit(Dbt(warehouse, tmp_path / "hourly"), "run", *one_model)
            wait_for_waiting(warehouse, 2)
        told = [run.result().stdout for run in (refresh, hourly) if run.result().returncode]

    assert told == []
    assert warehouse.rows("select count(*) from intermediate.int_events_deduplicated") == [(6,)]


def wait_for_waiting(warehouse, count):
    waiting = "select count(*) from pg_stat_activity where datname = %s and wait_event_type = 'Lock'"
    deadline = time.monotonic() + 120
    while warehouse.rows(waiting, warehouse.database) != [(count,)]:
        assert time.monotonic() < deadline, f"never saw {count} waiting for a lock"
        time.sleep(0.05)


def test_tests_of_tables_that_are_built_whole_see_all_their_rows(dbt, warehouse):
    add_load(warehouse, batch(1, 2))
    dbt.succeeds(*TABLES, "+int_loads_reached", "freshness")
    with warehouse.connect() as connection:
        connection.execute("insert into marts.freshness (load_id) values (null)")

    assert "no_nulls_freshness" in failed(dbt("test", "--select", "freshness", "--exclude", "tag:daily"))


def failed(done):
    return [word for line in done.stdout.splitlines() if " FAIL " in line for word in line.split()]
