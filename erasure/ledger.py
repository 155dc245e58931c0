"""What an erasure remembers until it is finished, and what it leaves for ever: raw.erasures in schema.sql."""

import json
import secrets
from collections import Counter
from collections.abc import Iterable
from hmac import compare_digest, digest
from typing import Any

import psycopg
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from erasure.people import Kind, People
from loader_lambda.objects import StoredObject

SECRET_BYTES = 32


# The tries of a command, each with a secret of its own: to dbt, what it read between two is another's, and
# needs another pseudonym.
Tries = dict[int, People]


def begin(connection: psycopg.Connection, wanted: Iterable[tuple[Kind, str]]) -> tuple[int, People]:
    secret = secrets.token_bytes(SECRET_BYTES)
    people = People(wanted, secret)
    row = connection.execute(
        """
        with begun as (insert into raw.erasures default values returning erasure_id)
        insert into raw.erasure_secrets (erasure_id, secret, fingerprint)
        select erasure_id, %s, %s from begun
        returning erasure_id
        """,
        [secret, fingerprint(people, secret)],
    ).fetchone()
    assert row is not None  # noqa: S101 - an insert that returns gives a row
    return row[0], people


def fingerprint(people: People, secret: bytes) -> bytes:
    """Tells the same command from others, and not of whom."""
    return digest(secret, json.dumps(sorted(people.wanted)).encode(), "sha256")


def unfinished(connection: psycopg.Connection, wanted: Iterable[tuple[Kind, str]]) -> Tries:
    """Of the same command."""
    rows = connection.execute(
        "select erasure_id, secret, fingerprint from raw.erasure_secrets order by 1"
    ).fetchall()
    tries = [(erasure_id, secret, known, People(wanted, secret)) for erasure_id, secret, known in rows]
    return {
        erasure_id: people
        for erasure_id, secret, known, people in tries
        if compare_digest(known, fingerprint(people, secret))
    }


def note(
    connection: psycopg.Connection, erasure_id: int, keys: Iterable[str], rows: Counter[str] | None = None
) -> None:
    """These objects hold something of the people, and are to be replaced before the erasure is finished."""
    connection.execute(
        """
        insert into raw.erasure_objects (erasure_id, object_key)
        select %s, object_key from unnest(%s::text[]) as noted (object_key)
        on conflict do nothing
        """,
        [erasure_id, list(keys)],
    )
    if rows:
        connection.execute(
            "update raw.erasures set changed_rows = %s where erasure_id = %s",
            [Jsonb(rows), erasure_id],
        )


def noted_objects(connection: psycopg.Connection, tries: Tries) -> list[tuple[str, People]]:
    """With the last try that found something in it: raw has the pseudonyms which that one made."""
    rows = connection.execute(
        """
        select object_key, max(erasure_id) from raw.erasure_objects
        where erasure_id = any(%s)
        group by 1
        order by 1
        """,
        [list(tries)],
    )
    return [(key, tries[erasure_id]) for key, erasure_id in rows.fetchall()]


def finish_object(
    connection: psycopg.Connection,
    tries: Tries,
    key: str,
    *,
    stored: StoredObject | None,
    rejects: dict[int, str] | None,
    versions: int,
) -> None:
    """The loader's ledger is told of what took the object's place, so that it raises no alarm."""
    with connection.transaction(), connection.cursor() as cursor:
        if stored:
            cursor.execute(
                "update raw.loaded_objects set etag = %s, size_bytes = %s where object_key = %s",
                [stored.etag, stored.size, key],
            )
        cursor.executemany(
            "update raw.rejected_events set raw_text = %s where object_key = %s and line_number = %s",
            [(text, key, line_number) for line_number, text in (rejects or {}).items()],
        )
        cursor.execute(
            """
            update raw.erasures
            set replaced_objects = replaced_objects + %s, deleted_versions = deleted_versions + %s
            where erasure_id = %s
            """,
            [int(rejects is not None), versions, max(tries)],
        )
        cursor.execute(
            "delete from raw.erasure_objects where object_key = %s and erasure_id = any(%s)",
            [key, list(tries)],
        )


def finish(connection: psycopg.Connection, tries: Tries) -> None:
    """From here on nobody can tell whose the pseudonyms are. Deleted rows would lie on in the table's file; a
    truncated table gets a new one."""
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute("lock table raw.erasure_secrets in access exclusive mode")
        of_others = cursor.execute(
            "select erasure_id, secret, fingerprint from raw.erasure_secrets where erasure_id <> all(%s)",
            [list(tries)],
        ).fetchall()
        cursor.execute("truncate raw.erasure_secrets")
        cursor.executemany("insert into raw.erasure_secrets values (%s, %s, %s)", of_others)
        cursor.execute(
            "update raw.erasures set finished_at = clock_timestamp() where erasure_id = any(%s)",
            [list(tries)],
        )


def kept(connection: psycopg.Connection) -> list[dict[str, Any]]:
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute("select * from raw.erasures order by erasure_id").fetchall()
