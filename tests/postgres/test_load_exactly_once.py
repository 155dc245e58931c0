"""Whatever dies, and whoever else is at work: every event once."""

import json
import subprocess
import sys
import time
from contextlib import contextmanager

import psycopg
import pytest

HOUR = "events/2026/01/05/10/"
LOAD = "import json, sys; from loader_lambda.handler import handler; handler(json.loads(sys.argv[1]))"
OBJECTS = 12
WAITING = """
select count(*) from pg_stat_activity
where datname = current_database() and application_name = 'clickmart_loader' and wait_event_type = 'Lock'
"""


@pytest.fixture
def filled(bucket):
    for number in range(OBJECTS):
        bucket.put(f"{HOUR}{number:02}.json", b'{"n":1}\n{"n":2}\nbad\n{"n":3}')
    return bucket


@contextmanager
def loader(bucket, warehouse, **environment):
    process = subprocess.Popen(
        [sys.executable, "-c", LOAD, json.dumps({"overridePrefix": HOUR})],
        env={**bucket.environment, **warehouse.environment("clickmart_loader"), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def wait_for_waiting(warehouse, count, *processes):
    deadline = time.monotonic() + 20
    with warehouse.server.connect(warehouse.database) as superuser:
        while superuser.execute(WAITING).fetchone() != (count,):
            assert time.monotonic() < deadline
            assert all(process.poll() is None for process in processes)
            time.sleep(0.02)


def assert_everything_once(warehouse):
    expected = [(f"{HOUR}{number:02}.json", line) for number in range(OBJECTS) for line in (1, 2, 4)]
    assert warehouse.rows("select object_key, line_number from raw.events order by 1, 2") == expected
    assert warehouse.rows("select count(distinct object_key), count(*) from raw.rejected_events") == [
        (OBJECTS, OBJECTS)
    ]
    assert warehouse.rows(
        "select object_key, event_count, rejected_count from raw.loaded_objects order by object_key"
    ) == [(f"{HOUR}{number:02}.json", 3, 1) for number in range(OBJECTS)]
    assert warehouse.rows(
        "select sum(object_count), sum(event_count), sum(rejected_count) from raw.loads"
    ) == [(OBJECTS, 3 * OBJECTS, OBJECTS)]
    assert warehouse.rows(
        "select load.load_id from raw.loads as load"
        " where load.event_count <> (select count(*) from raw.events where events.load_id = load.load_id)"
    ) == []  # fmt: skip
    assert_loads_close_in_order(warehouse)


def assert_loads_close_in_order(warehouse):
    assert warehouse.rows(
        "select count(*) from raw.loads as older, raw.loads as newer"
        " where older.load_id < newer.load_id"
        " and (older.finished_at is null or older.finished_at > newer.started_at)"
    ) == [(0,)]


KEY_IN_DOUBT = (
    "insert into raw.loaded_objects (object_key, size_bytes, event_count, rejected_count, load_id)"
    " values ('{}', 0, 0, 0, 0)"
)
# Each stops the loader at one place, and tells how many loads are left behind, and what they had committed.
STOPS = {
    "before a load opens": ("lock table raw.loads in share mode", [], 0),
    "before events": ("lock table raw.events in share mode", ["abandoned"], 0),
    "before rejects": ("lock table raw.rejected_events in share mode", ["abandoned"], 0),
    "before the ledger": ("lock table raw.loaded_objects in share mode", ["abandoned"], 0),
    "in the second batch": (KEY_IN_DOUBT.format(f"{HOUR}05.json"), ["abandoned"], 4),
    "in the last batch": (KEY_IN_DOUBT.format(f"{HOUR}11.json"), ["abandoned"], 8),
}


@pytest.mark.parametrize("stop", STOPS)
def test_killed_anywhere_the_next_load_completes(filled, warehouse, load, stop):
    statement, left_behind, committed = STOPS[stop]
    with warehouse.connect() as blocker, blocker.transaction(force_rollback=True):
        blocker.execute(statement)
        with loader(filled, warehouse, MAX_RECORDS_PER_BATCH="18") as process:
            wait_for_waiting(warehouse, 1, process)
            process.kill()
            process.wait()

    result = load({"overridePrefix": HOUR})

    assert (result["skipped"], result["processed"]) == (committed, OBJECTS - committed)
    assert warehouse.rows("select status from raw.loads order by load_id") == [
        (status,) for status in [*left_behind, "complete"]
    ]
    assert_everything_once(warehouse)


def test_killed_again_and_again(filled, warehouse, load):
    for number in (2, 5, 8):
        with warehouse.connect() as blocker, blocker.transaction(force_rollback=True):
            blocker.execute(KEY_IN_DOUBT.format(f"{HOUR}{number:02}.json"))
            with loader(filled, warehouse, MAX_RECORDS_PER_BATCH="1") as process:
                wait_for_waiting(warehouse, 1, process)

    load({"overridePrefix": HOUR})

    assert warehouse.rows("select object_count, status from raw.loads order by load_id") == [
        (2, "abandoned"),
        (3, "abandoned"),
        (3, "abandoned"),
        (4, "complete"),
    ]
    assert_everything_once(warehouse)


def test_two_loaders_at_once_end_with_the_rows_of_one(filled, warehouse):
    with loader(filled, warehouse) as one, loader(filled, warehouse) as other:
        with warehouse.connect() as blocker, blocker.transaction():
            blocker.execute("lock table raw.events in share mode")
            wait_for_waiting(warehouse, 2, one, other)
            assert warehouse.rows("select count(*) from raw.loads") == [(1,)]
        outputs = [json.loads(process.communicate(timeout=60)[0]) for process in (one, other)]

    assert sorted(output["processed"] for output in outputs) == [0, OBJECTS]
    assert warehouse.rows("select status from raw.loads") == [("complete",), ("complete",)]
    assert_everything_once(warehouse)


def test_a_lost_connection_undoes_the_batch_and_the_next_load_completes(filled, warehouse, load):
    with warehouse.connect() as blocker, blocker.transaction(force_rollback=True):
        blocker.execute("lock table raw.loaded_objects in share mode")
        with loader(filled, warehouse) as process:
            wait_for_waiting(warehouse, 1, process)
            with warehouse.server.connect(warehouse.database) as superuser:
                superuser.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity"
                    " where datname = current_database() and application_name = 'clickmart_loader'"
                )
            output, _ = process.communicate(timeout=60)
            assert process.returncode == 1
    assert b"AdminShutdown" in output

    load({"overridePrefix": HOUR})

    assert warehouse.rows("select status from raw.loads order by 1") == [("abandoned",), ("complete",)]
    assert_everything_once(warehouse)


def test_the_server_soon_notices_a_loader_that_vanished(warehouse, load):
    settings = load.__globals__["SETTINGS"].connection_settings()
    with load.__globals__["warehouse"].connect(settings) as connection:
        assert isinstance(connection, psycopg.Connection)
        assert connection.execute("show tcp_keepalives_idle").fetchone() == ("30",)
