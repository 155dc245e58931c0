"""Gates in the warehouse at which dbt can be held in the middle of a model."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

PATIENCE_SECONDS = 120
WAIT_AT_GATE = """
    create or replace function intermediate.wait_at_gate() returns trigger language plpgsql
    as $$ begin perform pg_advisory_xact_lock_shared(tg_relid::bigint); return null; end $$
"""
GATE = """
    create or replace trigger gate before insert on {table}
    for each statement execute function intermediate.wait_at_gate()
"""
WAITING = """
    select count(*) from pg_stat_activity
    where datname = %s and wait_event_type = 'Lock' and wait_event = any(%s) and application_name = 'dbt'
"""


@contextmanager
def held_before_insert(warehouse: Any, *tables: str) -> Iterator[None]:
    """Whoever writes to these stops when it has deleted what makes room, and not inserted yet."""
    with warehouse.connect("clickmart_dbt") as connection:
        connection.execute(WAIT_AT_GATE)
        for table in tables:
            connection.execute(GATE.format(table=table))
            connection.execute("select pg_advisory_lock(%s::regclass::oid::bigint)", [table])
        yield


@contextmanager
def held_before_replacing(warehouse: Any, table: str) -> Iterator[None]:
    """Whoever has built it anew stops before the new one takes its place."""
    with warehouse.connect("clickmart_dbt") as connection, connection.transaction():
        connection.execute(f"lock table {table} in access share mode")
        yield


def await_at_gate(warehouse: Any, count: int = 1) -> None:
    await_waiting(warehouse, count, "advisory")


def await_waiting(warehouse: Any, count: int, *events: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while warehouse.rows(WAITING, warehouse.database, list(events)) != [(count,)]:
        assert time.monotonic() < deadline, f"never saw {count} of dbt wait ({', '.join(events)})"
        time.sleep(0.05)
