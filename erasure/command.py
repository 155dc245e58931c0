"""One erasure, from the lock to the receipt. Killed anywhere, the same command again completes it."""

import sys
from collections.abc import Mapping, Sequence
from contextlib import closing

import psycopg
from botocore.exceptions import BotoCoreError, ClientError
from obstore.exceptions import BaseError as ObjectStoreError

from erasure import ledger, raw
from erasure.bucket import Bucket
from erasure.people import WHITE_SPACE, Kind, People
from erasure.receipt import Receipt
from erasure.replacing import Replacing
from erasure.sweep import Sweep
from loader_lambda import warehouse
from loader_lambda.settings import read_settings

LOCK_PATIENCE_SECONDS = 600
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
    receipt = Receipt(is_dry)
    try:
        bucket = Bucket(settings.bucket, settings.endpoint)
        with closing(warehouse.connect(settings.connection_settings())) as connection:
            check_rights(connection)
            warehouse.take_lock(connection, LOCK_PATIENCE_SECONDS)
            erase_everywhere(connection, bucket, wanted, receipt)
    except (BotoCoreError, ClientError, ObjectStoreError) as error:
        said = next(iter(str(error).strip().splitlines()), repr(error))
        raise ErasureError(f"S3 refuses; mend that, and run the same command again: {said}") from error
    return receipt


def erase_everywhere(
    connection: psycopg.Connection, bucket: Bucket, wanted: list[tuple[Kind, str]], receipt: Receipt
) -> None:
    has_versions = bucket.has_versions()
    people = rewrite_warehouse(connection, wanted, receipt)
    replacing = Replacing(connection, bucket, has_versions, people, receipt)
    keys = {*receipt.found.objects, *replacing.unloaded()}
    if receipt.is_dry:
        for key in sorted(keys | set(ledger.expected_objects(connection, people.identities))):
            replacing.count(key)
    else:
        ledger.expect_objects(connection, people.identities, keys)
        for key, was_replaced in ledger.expected_objects(connection, people.identities).items():
            replacing.replace(key, was_replaced=was_replaced)
        if not receipt.failures:
            ledger.finish(connection, people.identities)
    receipt.unfinished = ledger.unfinished(connection)


def asked_for(user_ids: Sequence[str], client_ids: Sequence[str]) -> list[tuple[Kind, str]]:
    wanted: list[tuple[Kind, str]] = []
    for kind, ids in (("user", user_ids), ("client", client_ids)):
        for each in dict.fromkeys(value.strip(WHITE_SPACE) for value in ids):
            if not each or "\0" in each or not is_text(each):
                raise ErasureError(f"{each!r} is no {kind} id: give the id as the shop's pages send it")
            wanted.append(("user" if kind == "user" else "client", each))
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


def rewrite_warehouse(
    connection: psycopg.Connection, wanted: list[tuple[Kind, str]], receipt: Receipt
) -> People:
    """All of the database at once, or, in a dry run, nothing of it."""
    try:
        with connection.transaction() as transaction:
            people = People(ledger.remember(connection, wanted))
            receipt.found = raw.rewrite(connection, people)
            receipt.rows = Sweep(connection, people).run()
            ledger.expect_objects(connection, people.identities, receipt.found.objects)
            if receipt.is_dry:
                raise psycopg.Rollback(transaction)
    except psycopg.errors.LockNotAvailable:
        raise ErasureError("dbt is at work and did not pause: run the same command when it is done") from None
    return people
