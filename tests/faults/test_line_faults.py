"""The line between the loader and PostgreSQL: cut by the server, with a bang, or without a word."""

import json

import psycopg
import pytest

from tests.faults.line import line_to
from tests.faults.loader_process import (
    WAITING_FOR_A_LOCK,
    await_count,
    commits_wait,
    copying,
    disconnect,
    is_a_lost_connection,
    kill,
    loader,
    said,
    statuses,
)
from tests.faults.sent import HOUR, assert_exactly_once, send


@pytest.fixture
def line(server):
    with line_to(server.port) as line:
        yield line


@pytest.fixture
def sent(bucket):
    """Enough for PostgreSQL to have rows of, while the loader still reads."""
    return send(bucket, 6, pad=100_000)


def test_disconnected_by_the_server(bucket, warehouse, load, sent):
    with copying(bucket, warehouse) as (process, fault):
        disconnect(warehouse)
        fault.end()
        output, code = said(process)

    assert (code, is_a_lost_connection(output)) == (1, True)
    load({"overridePrefix": HOUR})
    assert statuses(warehouse) == ["abandoned", "complete"]
    assert_exactly_once(warehouse, sent)


def test_cut_with_a_bang(bucket, warehouse, load, sent, line):
    with copying(bucket, warehouse, DW_PG_PORT=str(line.port)) as (process, fault):
        line.cut()
        fault.end()
        output, code = said(process)

    assert (code, is_a_lost_connection(output)) == (1, True)
    load({"overridePrefix": HOUR})
    assert statuses(warehouse) == ["abandoned", "complete"]
    assert_exactly_once(warehouse, sent)


def test_cut_before_the_answer_to_a_commit(bucket, warehouse, load, sent, line):
    """The loader must take the batch for lost, and the server has it."""
    with commits_wait(warehouse), loader(bucket, warehouse, DW_PG_PORT=str(line.port)) as process:
        await_count(warehouse, WAITING_FOR_A_LOCK, 1, process)
        line.cut()
        output, code = said(process)

    assert (code, is_a_lost_connection(output)) == (1, True)
    result = load({"overridePrefix": HOUR})
    assert (result["skipped"], result["processed"]) == (6, 0)
    assert_exactly_once(warehouse, sent)


def test_cut_without_a_word(bucket, warehouse, sent, line):
    """The server keeps the lock of a loader that is no more, until it has asked after it in vain."""
    with copying(bucket, warehouse, DW_PG_PORT=str(line.port)) as (process, fault):
        line.fall_silent()
        fault.end()
        kill(process)
        with loader(bucket, warehouse) as successor:
            await_count(warehouse, WAITING_FOR_A_LOCK, 1, successor)
            assert statuses(warehouse) == ["running"]
            line.cut()
            output, code = said(successor)

    assert (code, json.loads(output)["processed"]) == (0, 6)
    assert statuses(warehouse) == ["abandoned", "complete"]
    assert_exactly_once(warehouse, sent)


def test_the_server_soon_asks_after_a_loader_that_vanished(load):
    settings = load.__globals__["SETTINGS"].connection_settings()
    with load.__globals__["warehouse"].connect(settings) as connection:
        assert isinstance(connection, psycopg.Connection)
        asks = "select name, setting::int from pg_settings where name like 'tcp_keepalives_%'"
        assert dict(connection.execute(asks).fetchall()) == {
            "tcp_keepalives_idle": 30,
            "tcp_keepalives_interval": 10,
            "tcp_keepalives_count": 3,
        }
