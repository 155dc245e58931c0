"""One erasure, from the lock to the receipt. Killed anywhere, the same command again completes it."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from secrets import token_bytes

import psycopg
from botocore.exceptions import BotoCoreError, ClientError
from obstore.exceptions import BaseError as ObjectStoreError

from erasure import ledger, s3, warehouse
from erasure.ledger import Tries
from erasure.people import LONGEST_IDENTIFIER, WHITE_SPACE, Kind, People
from erasure.receipt import Receipt
from loader_lambda.objects import StoredObject
from loader_lambda.settings import read_settings
from loader_lambda.warehouse import LOADER_LOCK, connect, take_lock

LOCK_PATIENCE_SECONDS = 600
# Any constant will do that is no other lock's.
ERASURE_LOCK = LOADER_LOCK + 1
# An event may be nested 1,024 levels deep, each of which takes a few calls.
CALLS_AT_DEPTH = 20_000


class ErasureError(RuntimeError):
    """One line that says what to do."""


def erase(
    environment: Mapping[str, str],
    user_ids: Sequence[str],
    client_ids: Sequence[str],
    *,
    is_dry: bool = False,
) -> Receipt:
    """Raises a one-line error for what keeps it from its end; what is done by then stays done."""
    wanted = asked_for(user_ids, client_ids)
    settings = read_settings(environment)
    sys.setrecursionlimit(max(sys.getrecursionlimit(), CALLS_AT_DEPTH))
    try:
        bucket = s3.Bucket(settings.bucket, settings.endpoint)
        with closing(connect(settings.connection_settings())) as connection:
            check_rights(connection)
            take_locks(connection)
            return (would_erase if is_dry else erase_everywhere)(connection, bucket, wanted)
    except psycopg.errors.LockNotAvailable:
        raise ErasureError("dbt is at work and did not pause: run the same command when it is done") from None
    except (BotoCoreError, ClientError, ObjectStoreError) as error:
        raise ErasureError(
            f"S3 refuses; mend that, and run the same command again: {s3.first_line(error)}"
        ) from error


def take_locks(connection: psycopg.Connection) -> None:
    """Two erasures would put back into an object what the other took from it."""
    if connection.execute("select pg_try_advisory_lock(%s)", [ERASURE_LOCK]).fetchone() != (True,):
        raise ErasureError("another erasure is at work: run the command when it is done")
    take_lock(connection, LOCK_PATIENCE_SECONDS)


def would_erase(connection: psycopg.Connection, bucket: s3.Bucket, wanted: list[tuple[Kind, str]]) -> Receipt:
    """Only reads."""
    people = People(wanted, token_bytes(ledger.SECRET_BYTES))
    receipt = Receipt()
    found = warehouse.Rewriting(connection, people, is_dry=True)
    with connection.transaction():
        found.run()
    receipt.rows, receipt.other_ids = found.rows, found.other_ids
    beside = [*s3.unloaded(connection, bucket), *warehouse.half_known_objects(connection)]
    keys = found.keys | set(s3.keys_of_theirs(bucket, beside, people, receipt.failures))
    bodies = map(bucket.find, sorted(keys))
    receipt.replaced_objects = sum(body is not None and s3.is_theirs(body, people) for body in bodies)
    return receipt


def erase_everywhere(
    connection: psycopg.Connection, bucket: s3.Bucket, wanted: list[tuple[Kind, str]]
) -> Receipt:
    receipt = Receipt()
    tries = ledger.unfinished(connection, wanted)
    with connection.transaction():
        erasure_id, tries[erasure_id] = ledger.begin(connection, wanted)
        found = warehouse.Rewriting(connection, tries[erasure_id])
        found.run()
        ledger.note(connection, erasure_id, found.keys, found.rows)
    receipt.other_ids = found.other_ids

    replace(connection, bucket, tries, s3.unloaded(connection, bucket), receipt)
    # What the loader knows by now it never reads again, so it need not wait for the rest.
    connection.execute("select pg_advisory_unlock(%s)", [LOADER_LOCK])
    replace(connection, bucket, tries, warehouse.half_known_objects(connection), receipt)
    warehouse.vacuum(connection, list(tries))
    if not receipt.failures:
        ledger.finish(connection, tries)
    tell(connection, tries, receipt)
    return receipt


def replace(
    connection: psycopg.Connection,
    bucket: s3.Bucket,
    tries: Tries,
    beside: Iterable[StoredObject],
    receipt: Receipt,
) -> None:
    """What is noted, and what is found in objects of which raw does not tell."""
    keys = s3.keys_of_theirs(bucket, beside, tries[max(tries)], receipt.failures)
    ledger.note(connection, max(tries), keys)
    for key, people in ledger.noted_objects(connection, tries):
        if key not in receipt.failures:
            try:
                s3.replace(connection, bucket, key, people, tries)
            except s3.REFUSALS as refusal:
                receipt.failures[key] = s3.first_line(refusal)


def tell(connection: psycopg.Connection, tries: Tries, receipt: Receipt) -> None:
    """All tries together."""
    kept = ledger.kept(connection)
    ours = [row for row in kept if row["erasure_id"] in tries]
    for row in ours:
        receipt.rows.update(row["changed_rows"])
        receipt.replaced_objects += row["replaced_objects"]
        receipt.deleted_versions += row["deleted_versions"]
    finished_at = ours[-1]["finished_at"]
    receipt.state = f"erasure {', '.join(map(str, tries))}, begun {in_utc(ours[0]['asked_at'])}, " + (
        f"finished {in_utc(finished_at)}" if finished_at else "not finished"
    )
    receipt.unfinished = [row["erasure_id"] for row in kept if not row["finished_at"] and row not in ours]


def in_utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%F %T} UTC"


def asked_for(user_ids: Sequence[str], client_ids: Sequence[str]) -> list[tuple[Kind, str]]:
    wanted: list[tuple[Kind, str]] = []
    given: dict[Kind, Sequence[str]] = {"user": user_ids, "client": client_ids}
    for kind, ids in given.items():
        for each in dict.fromkeys(value.strip(WHITE_SPACE) for value in ids):
            if not each or "\0" in each or len(each) > LONGEST_IDENTIFIER or not is_text(each):
                raise ErasureError(f"{each!r} is no {kind} id: give the id as the shop's pages send it")
            wanted.append((kind, each))
    if not wanted:
        raise ErasureError("give at least one --user-id or --client-id")
    return wanted


def is_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def check_rights(connection: psycopg.Connection) -> None:
    row = connection.execute(
        """
        select
            to_regclass('raw.erasures') is not null,
            pg_has_role(current_user, datdba, 'usage')
        from pg_database
        where datname = current_database()
        """
    ).fetchone()
    has_tables, is_owner = row or (False, False)
    if not is_owner:
        raise ErasureError("only the owner of the database may erase: set DW_PG_USER to that role")
    if not has_tables:
        raise ErasureError(
            "the warehouse knows no erasures yet: run loader_lambda/schema.sql, then infra/dw_host/roles.sql"
        )
