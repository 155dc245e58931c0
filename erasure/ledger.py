"""What an erasure has to remember until it is finished, and forgets then: see raw.erasures in schema.sql."""

import secrets
from collections.abc import Iterable, Sequence
from hmac import compare_digest, digest

import psycopg

from erasure.people import Identity, Kind
from loader_lambda.objects import StoredObject


def remember(connection: psycopg.Connection, wanted: Sequence[tuple[Kind, str]]) -> list[Identity]:
    """With the secrets of an erasure that was not finished, so that its pseudonyms are used again."""
    unfinished = connection.execute(
        "select erasure_id, secret, fingerprint from raw.erasures where finished_at is null order by 1"
    ).fetchall()
    identities = []
    for kind, value in wanted:
        known = [
            (erasure_id, secret)
            for erasure_id, secret, found in unfinished
            if compare_digest(found, fingerprint(secret, kind, value))
        ]
        erasure_id, secret = known[0] if known else begin(connection, kind, value)
        identities.append(Identity(kind, value, erasure_id, secret))
    return identities


def begin(connection: psycopg.Connection, kind: Kind, value: str) -> tuple[int, bytes]:
    secret = secrets.token_bytes(32)
    row = connection.execute(
        "insert into raw.erasures (secret, fingerprint) values (%s, %s) returning erasure_id",
        [secret, fingerprint(secret, kind, value)],
    ).fetchone()
    assert row is not None  # noqa: S101 - an insert that returns gives a row
    return int(row[0]), secret


def fingerprint(secret: bytes, kind: Kind, value: str) -> bytes:
    """Tells an id that is given from others, and does not tell it."""
    return digest(secret, f"asked for {kind}:{value}".encode(), "sha256")


def unfinished(connection: psycopg.Connection) -> list[int]:
    rows = connection.execute(
        "select erasure_id from raw.erasures where finished_at is null order by erasure_id"
    ).fetchall()
    return [erasure_id for (erasure_id,) in rows]


def expect_objects(
    connection: psycopg.Connection,
    identities: Iterable[Identity],
    keys: Iterable[str],
    *,
    is_replaced: bool = False,
) -> None:
    """To be looked at before the erasure is finished; `is_replaced` is said before it happens."""
    connection.execute(
        """
        insert into raw.erasure_objects as noted (erasure_id, object_key, is_replaced)
        select erasures.erasure_id, objects.object_key, %(replaced)s
        from unnest(%(erasures)s::bigint[]) as erasures (erasure_id)
        cross join unnest(%(keys)s::text[]) as objects (object_key)
        on conflict (erasure_id, object_key) do update
        set is_replaced = noted.is_replaced or excluded.is_replaced
        """,
        {
            "erasures": [each.erasure_id for each in identities],
            "keys": list(keys),
            "replaced": is_replaced,
        },
    )


def expected_objects(connection: psycopg.Connection, identities: Iterable[Identity]) -> dict[str, bool]:
    """And whether each may have been replaced already."""
    rows = connection.execute(
        """
        select object_key, bool_or(is_replaced)
        from raw.erasure_objects
        where erasure_id = any(%s)
        group by 1
        order by 1
        """,
        [[each.erasure_id for each in identities]],
    )
    return dict(rows.fetchall())


def finish_object(
    connection: psycopg.Connection, identities: Iterable[Identity], key: str, replaced: StoredObject | None
) -> None:
    """The loader's ledger is told of what took the object's place, so that it raises no alarm."""
    with connection.transaction():
        if replaced is not None:
            connection.execute(
                "update raw.loaded_objects set etag = %s, size_bytes = %s where object_key = %s",
                [replaced.etag, replaced.size, key],
            )
        connection.execute(
            "delete from raw.erasure_objects where object_key = %s and erasure_id = any(%s)",
            [key, [each.erasure_id for each in identities]],
        )


def finish(connection: psycopg.Connection, identities: Iterable[Identity]) -> None:
    """From here on nobody can tell whose the pseudonyms are."""
    connection.execute(
        """
        update raw.erasures
        set finished_at = clock_timestamp(), secret = null, fingerprint = null
        where erasure_id = any(%s)
        """,
        [[each.erasure_id for each in identities]],
    )
    # The row as it was stays on disk until then.
    connection.execute("vacuum raw.erasures")
