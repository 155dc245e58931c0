"""Erased people are nowhere in what dbt made of their events, and no number has changed."""

from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain

import pytest

from local_stack.api_event import api_event
from local_stack.postgres import OWNER
from local_stack.traffic import simulate
from tests.postgres.erasure_fixtures import Shop
from tests.postgres.erasure_history import (
    ALL_OF_HER,
    CLIENT,
    FIRST_HOUR,
    HERS,
    MAIL,
    SECOND_CLIENT,
    USER,
    history,
    later_history,
    like_hers,
    lines,
)

pytestmark = pytest.mark.parametrize("server", ["postgres-18"], indirect=True)

EVERYTHING = ("build", "--resource-type", "model", "--resource-type", "seed")
# One is erased by the user's id only, another by that of one browser only.
KARLS, OF_KARL = like_hers("k")
LENAS, OF_LENA = like_hers("l")
PEOPLE = ((KARLS, OF_KARL), (LENAS, OF_LENA))
ASKED = (*ALL_OF_HER, "--user-id", KARLS[0], "--client-id", LENAS[1])


@pytest.fixture
def shop(bucket, warehouse, load):
    return Shop(bucket, warehouse, load)


def visitors_come(ingest):
    for request in simulate(days=3, visitors=60, seed=11, until=datetime(2026, 3, 8, tzinfo=UTC)):
        ingest(
            api_event(
                method="POST",
                target="/clickstream",
                headers=request.headers.items(),
                body=request.body,
                source_ip=request.source_ip,
                request_id=request.request_id,
                received_at_ms=request.received_at_ms,
            )
        )


def a_loyal_customer(shop):
    ((user,),) = shop.warehouse.rows(
        "select user_id from marts.users where user_id like 'u-%%'"
        " order by visitor_count desc, order_count desc, user_id limit 1"
    )
    clients = shop.warehouse.rows(
        "select distinct client_id from marts.clickstream_events where user_id = %s and client_id <> ''", user
    )
    return user, [client for (client,) in clients]


def differences(one, other):
    return {
        table: (sorted(set(rows) - set(other[table])), sorted(set(other[table]) - set(rows)))
        for table, rows in one.items()
        if rows != other[table]
    }


@contextmanager
def a_copy(shop):
    """Of the shop's bucket and warehouse."""
    server, name = shop.warehouse.server, f"{shop.warehouse.database}_copy"
    client, bucket = shop.bucket.client, f"{shop.bucket.name}-copy"
    client.create_bucket(Bucket=bucket)
    copy = Shop(
        replace(shop.bucket, name=bucket, environment={**shop.bucket.environment, "RAW_BUCKET_NAME": bucket}),
        replace(shop.warehouse, database=name),
        None,
    )
    copy.receives({key: shop.bucket.get(key) for key in shop.objects()})
    with server.connect() as connection:
        connection.execute(f"create database {name} template {shop.warehouse.database} owner {OWNER}")
    yield copy
    with server.connect() as connection:
        connection.execute(f"drop database {name} with (force)")


def check_what_has_expired_from_raw(shop, asked, gone):
    with shop.warehouse.connect() as connection:
        connection.execute("select raw.expire_events(date_trunc('month', now()) + interval '1 month')")
        connection.execute("select raw.prepare_month(now())")
    assert shop.warehouse.rows("select count(*) from raw.events") == [(0,)]
    before = shop.contents()

    receipt = shop.erased(*asked)

    assert not [name for name in receipt if name.startswith("raw.events")]
    assert receipt["S3 objects replaced"] >= 8
    assert shop.places_of(*gone) == []
    assert {table: len(rows) for table, rows in shop.contents().items()} == {
        table: len(rows) for table, rows in before.items()
    }


@pytest.mark.timeout(900)
def test_erased_people_are_nowhere_and_every_number_is_as_it_was(shop, dbt, ingest):
    visitors_come(ingest)
    shop.receives(history())
    shop.receives({f"{FIRST_HOUR}/events-{who[0][0]}.json": lines(*of_them[:5]) for who, of_them in PEOPLE})
    shop.load({"overridePrefix": "events/2026/03/06"})
    shop.load({"overridePrefix": "events/2026/03/04"})
    dbt.succeeds(*EVERYTHING)
    shop.receives(later_history())
    shop.receives(
        {f"events/2026/03/05/07/events-{who[0][0]}.json": lines(*of_them) for who, of_them in PEOPLE}
    )
    shop.loads()
    dbt.succeeds(*EVERYTHING)
    with shop.warehouse.connect() as connection:
        connection.execute("analyze")
    user, clients = a_loyal_customer(shop)
    asked = (*ASKED, "--user-id", user, *chain(*(("--client-id", client) for client in clients)))
    gone_texts = (USER, SECOND_CLIENT, MAIL, KARLS[0], LENAS[1], *clients)
    # What is a part of others' ids, as u-2 is of u-20, is looked for as a whole.
    gone = ("O'Hara", *gone_texts[1:], f'{CLIENT}"', f'"{user}"', f'"user:{user}"')
    before = shop.contents()

    with a_copy(shop) as copy:
        check_what_has_expired_from_raw(copy, asked, gone_texts)

    assert shop.erases(*asked, dying_in="s3:unloaded").returncode == -9
    erased = shop.contents()
    assert not [row for rows in erased.values() for row in rows if any(each in row for each in gone)]
    assert {table: len(rows) for table, rows in erased.items()} == {
        table: len(rows) for table, rows in before.items()
    }
    unnamed = {
        table: rows for table, rows in before.items() if not any(each in row for row in rows for each in gone)
    }
    assert {"marts.activity_daily", "marts.attribution_daily", "marts.retention_weekly"} <= set(unnamed)
    assert differences(unnamed, erased) == {}

    # The same people come again before the same command completes it, in visits that go on, too.
    again = [{**event, "eventId": event["eventId"] + "x"} for event in (*HERS, *OF_KARL, *OF_LENA)]
    shop.receives({"events/2026/03/05/08/events-again.json": lines(*again, HERS[0])})
    shop.loads()
    dbt.succeeds(*EVERYTHING)
    between = shop.contents()
    shop.erased(*asked)
    completed = shop.contents()

    assert shop.places_of(*gone_texts) == []
    assert not [row for rows in completed.values() for row in rows if any(each in row for each in gone)]
    assert {table: len(rows) for table, rows in completed.items()} == {
        table: len(rows) for table, rows in between.items()
    }
    dbt.succeeds("run", "--full-refresh")
    assert differences(completed, shop.contents()) == {}
    assert shop.loads()["changed"] == 0
