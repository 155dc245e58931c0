"""The warehouse's side: one loader at a time, loads that open and close, and the ledger of objects."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, LiteralString

import psycopg
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from loader_lambda.copying import LoadedObject
from loader_lambda.objects import StoredObject

# Any constant will do, as long as every loader of a database uses the same.
LOADER_LOCK = 7_305_808_871
# Lets the server notice within a minute that a loader vanished without a word and holds the lock.
SERVER_KEEPALIVES = "-c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3"


class LoaderBusyError(TimeoutError):
    """Another loader holds the lock."""


def connect(settings: Mapping[str, Any]) -> psycopg.Connection:
    return psycopg.connect(
        **settings,
        autocommit=True,
        application_name="clickmart_loader",
        client_encoding="utf8",
        connect_timeout=10,
        keepalives_idle=30,
        options=SERVER_KEEPALIVES,
    )


def take_lock(connection: psycopg.Connection, patience_seconds: float) -> None:
    """Held until the connection ends, so a loader that dies lets go of it."""
    wait_for_locks_at_most(connection, patience_seconds)
    try:
        connection.execute("select pg_advisory_lock(%s)", [LOADER_LOCK])
    except psycopg.errors.LockNotAvailable:
        raise LoaderBusyError(
            f"another loader is at work, and was not done after {patience_seconds:.0f} s; try again later"
        ) from None
    connection.execute("select set_config('lock_timeout', '0', false)")


def wait_for_locks_at_most(connection: psycopg.Connection, seconds: float) -> None:
    """Somebody else's lock on a table of ours may last longer than we do."""
    milliseconds = str(max(1, int(seconds * 1000)))
    connection.execute("select set_config('lock_timeout', %s, false)", [milliseconds])


def open_load(connection: psycopg.Connection, trigger: Mapping[str, Any]) -> int:
    """Under the lock no other load can be at work: whatever is open was left behind by the dead."""
    connection.execute(
        "update raw.loads set status = 'abandoned', finished_at = clock_timestamp() where finished_at is null"
    )
    connection.execute("select raw.prepare_month(now()), raw.prepare_month(now() + interval '1 month')")
    row = connection.execute(
        "insert into raw.loads (trigger) values (%s) returning load_id", [Jsonb(trigger)]
    ).fetchone()
    assert row is not None  # noqa: S101 - an insert that returns gives a row
    return int(row[0])


def close_load(connection: psycopg.Connection, load_id: int, status: str) -> None:
    connection.execute(
        "update raw.loads set status = %s, finished_at = clock_timestamp() where load_id = %s",
        [status, load_id],
    )


def close_failed_load(connection: psycopg.Connection, load_id: int, patience_seconds: float) -> None:
    """As far as the connection still allows; if it does not, the next loader closes it."""
    with suppress(psycopg.Error):
        wait_for_locks_at_most(connection, patience_seconds)
        close_load(connection, load_id, "failed")


def count_batch(connection: psycopg.Connection, load_id: int, objects: Sequence[LoadedObject]) -> None:
    connection.execute(
        """
        update raw.loads
        set object_count = object_count + %s,
            event_count = event_count + %s,
            rejected_count = rejected_count + %s
        where load_id = %s
        """,
        [
            len(objects),
            sum(loaded.event_count for loaded in objects),
            sum(loaded.rejected_count for loaded in objects),
            load_id,
        ],
    )


def host_health(connection: psycopg.Connection) -> dict[str, float]:
    """How dbt does after the loads before this one, and what else the host keeps an eye on. A warehouse that
    does not say is loaded all the same."""
    try:
        with connection.cursor(row_factory=dict_row) as cursor:
            health = cursor.execute(
                "select seconds_behind as transform_seconds_behind, failed_count as transform_failures,"
                " disk_used_percent, backup_seconds_old, maintenance_seconds_old from raw.host_health"
            ).fetchone()
    except psycopg.Error:
        return {}
    return {name: value for name, value in (health or {}).items() if value is not None}


def known_etags(connection: psycopg.Connection, objects: Sequence[StoredObject]) -> dict[str, str | None]:
    query: LiteralString = "select object_key, etag from raw.loaded_objects where object_key = any(%s)"
    return dict(connection.execute(query, [[stored.key for stored in objects]]).fetchall())
