"""PostgreSQL that restarts, is down, has no room left, or does not let the loader in."""

import uuid
from contextlib import contextmanager

import psycopg
import pytest

from local_stack.postgres import set_password
from tests.faults.loader_process import copying, is_a_lost_connection, said, statuses
from tests.faults.restarts import RESTARTS, downtime
from tests.faults.sent import HOUR, assert_exactly_once, send

REQUEST = {"overridePrefix": HOUR}


@pytest.mark.parametrize("way", RESTARTS)
def test_restarted_in_the_middle_of_copying(bucket, warehouse, load, way):
    sent = send(bucket, 6, pad=100_000)
    with copying(bucket, warehouse) as (process, fault):
        with downtime(warehouse.server, way), pytest.raises(psycopg.OperationalError, match="refused"):
            load(REQUEST)
        fault.end()
        output, code = said(process)

    assert (code, is_a_lost_connection(output)) == (1, True)
    assert load(REQUEST)["processed"] == 6
    assert statuses(warehouse) == ["abandoned", "complete"]
    assert_exactly_once(warehouse, sent)


@pytest.mark.parametrize("table", ["events", "rejected_events", "loaded_objects"])
def test_no_room_left(warehouse, load, sent, table):
    with (
        no_room_for(warehouse, table),
        pytest.raises(psycopg.errors.DiskFull, match="No space left on device"),
    ):
        load(REQUEST)
    assert warehouse.rows("select status, object_count from raw.loads") == [("failed", 0)]

    assert load(REQUEST)["processed"] == 12
    assert_exactly_once(warehouse, sent)


def test_no_room_left_for_the_log_of_the_server(bucket, warehouse, load):
    """That is the end of the server, until there is room again."""
    sent = send(bucket, 6, pad=100_000)
    with copying(bucket, warehouse) as (process, fault):
        with no_room_for_the_log(warehouse.server):
            fault.end()
            output, code = said(process)
        with downtime(warehouse.server, "immediate"):
            pass

    assert (code, is_a_lost_connection(output)) == (1, True)
    assert "PANIC" in warehouse.server.log.read_text()
    assert load(REQUEST)["processed"] == 6
    assert statuses(warehouse) == ["abandoned", "complete"]
    assert_exactly_once(warehouse, sent)


@contextmanager
def no_room_for_the_log(server):
    with server.connect() as superuser:
        [name] = superuser.execute("select pg_walfile_name(pg_current_wal_lsn() + 16777216)").fetchone()
        segment = server.data / "pg_wal" / name
        segment.unlink(missing_ok=True)
        segment.symlink_to("/dev/full")
        with pytest.raises(psycopg.OperationalError):
            superuser.execute("select pg_switch_wal(); checkpoint")
    try:
        yield
    finally:
        segment.unlink()


@contextmanager
def no_room_for(warehouse, table):
    """The system itself says that its disk is full, and needs no disk of its own for it: what is written to
    this table goes to the device that is always full."""
    [(path,)] = warehouse.rows(FILE_OF_TABLE, f"raw.{table}", f"raw.{table}")
    file = warehouse.server.data / path
    aside = file.with_name(f"{file.name}.aside")
    file.rename(aside)
    file.symlink_to("/dev/full")
    try:
        yield
    finally:
        aside.replace(file)


# Of a table in months, this month's.
FILE_OF_TABLE = """
select pg_relation_filepath(coalesce(to_regclass(%s || to_char(now(), '_YYYY_MM')), to_regclass(%s)))
"""


def test_a_password_that_changed(bucket, warehouse, loader_at, sent):
    handler = loader_at().handler
    password = uuid.uuid4().hex
    with warehouse.server.connect() as superuser:
        set_password(superuser, "clickmart_loader", password)

    with pytest.raises(
        psycopg.OperationalError, match='password authentication failed for user "clickmart_loader"'
    ):
        handler(REQUEST)
    assert statuses(warehouse) == []

    assert loader_at(DW_PG_PASSWORD=password).handler(REQUEST)["processed"] == 12
    assert_exactly_once(warehouse, sent)
