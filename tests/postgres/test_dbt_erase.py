"""Erased people are nowhere in what dbt made of their events, and no number has changed."""

from datetime import UTC, datetime

import pytest

from local_stack.api_event import api_event
from local_stack.traffic import simulate
from tests.postgres.erasure_fixtures import Shop
from tests.postgres.erasure_history import CLIENT, MAIL, SECOND_CLIENT, USER, history, later_history

EVERYTHING = ("build", "--resource-type", "model", "--resource-type", "seed")
ALL_OF_HER = ("--user-id", USER, "--client-id", CLIENT, "--client-id", SECOND_CLIENT)


@pytest.fixture
def shop(bucket, warehouse, load):
    return Shop(bucket, warehouse, load)


def names_her(rows):
    return any(CLIENT in row or SECOND_CLIENT in row or "Hara" in row for row in rows)


def differences(one, other):
    return {
        table: (sorted(set(rows) - set(other[table])), sorted(set(other[table]) - set(rows)))
        for table, rows in one.items()
        if rows != other[table]
    }


@pytest.mark.parametrize("asked", [ALL_OF_HER, ("--user-id", USER), ("--client-id", CLIENT)])
def test_all_tables_are_what_a_full_refresh_makes_of_the_erased_events(shop, dbt, asked):
    shop.receives(history())
    shop.loads()
    dbt.succeeds(*EVERYTHING)
    shop.receives(later_history())
    shop.loads()
    dbt.succeeds(*EVERYTHING)
    before = shop.contents()
    assert names_her(before["marts.clickstream_events"])

    shop.erased(*asked)

    erased = shop.contents()
    gone = [asked[place] for place in range(1, len(asked), 2)]
    for personal in gone if CLIENT not in gone else {*gone, MAIL} - {CLIENT}:
        assert shop.places_of(personal) == []
    assert {table: len(rows) for table, rows in erased.items()} == {
        table: len(rows) for table, rows in before.items()
    }
    unnamed = {table: rows for table, rows in before.items() if not names_her(rows)}
    assert {"marts.activity_daily", "marts.attribution_daily", "marts.retention_weekly"} <= set(unnamed)
    assert differences(unnamed, erased) == {}

    dbt.succeeds(*EVERYTHING)
    assert differences(erased, shop.contents()) == {}

    dbt.succeeds("run", "--full-refresh")
    assert differences(erased, shop.contents()) == {}


def test_of_a_shop_with_many_people_one_is_erased(shop, dbt, ingest):
    until = datetime(2026, 3, 8, tzinfo=UTC)
    for request in simulate(days=3, visitors=60, seed=11, until=until):
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
    for late_first in ("06", ""):
        shop.load({"overridePrefix": f"events/2026/03/{late_first}"})
        dbt.succeeds(*EVERYTHING)
    before = shop.contents()
    ((user,),) = shop.warehouse.rows(
        "select user_id from marts.users order by visitor_count desc, order_count desc, user_id limit 1"
    )
    rows = shop.warehouse.rows(
        "select distinct client_id from marts.clickstream_events where user_id = %s and client_id <> ''", user
    )
    clients = [client for (client,) in rows]

    shop.erased("--user-id", user, *(part for client in clients for part in ("--client-id", client)))

    erased = shop.contents()
    # Users of the simulated shop are called u-2 and u-20: only the whole text is an id.
    ids = [f'"{user}"', f'"user:{user}"', *clients]
    assert shop.places_of(*clients) == []
    assert not [row for rows in erased.values() for row in rows if any(each in row for each in ids)]
    unnamed = {
        table: rows for table, rows in before.items() if not any(each in row for row in rows for each in ids)
    }
    assert differences(unnamed, erased) == {}
    dbt.succeeds(*EVERYTHING)
    assert differences(erased, shop.contents()) == {}
    dbt.succeeds("run", "--full-refresh")
    assert differences(erased, shop.contents()) == {}


def test_later_events_are_added_to_what_was_erased(shop, dbt):
    shop.receives(history())
    shop.loads()
    dbt.succeeds(*EVERYTHING)
    shop.erased(*ALL_OF_HER)

    shop.receives(later_history())
    shop.loads()
    dbt.succeeds(*EVERYTHING, "--exclude", "tag:daily")
    shop.erased(*ALL_OF_HER)
    dbt.succeeds(*EVERYTHING)
    incremental = shop.contents()

    assert shop.places_of(USER) == shop.places_of(SECOND_CLIENT) == []
    dbt.succeeds("run", "--full-refresh")
    assert differences(incremental, shop.contents()) == {}


def test_what_has_expired_from_raw_is_erased_too(shop, dbt):
    shop.receives(history())
    shop.loads()
    dbt.succeeds(*EVERYTHING)
    with shop.warehouse.connect() as connection:
        connection.execute("select raw.expire_events(date_trunc('month', now()) + interval '1 month')")
        connection.execute("select raw.prepare_month(now())")
    assert shop.warehouse.rows("select count(*) from raw.events") == [(0,)]

    receipt = shop.erased(*ALL_OF_HER)

    assert receipt["events of theirs in raw"] == 0
    assert receipt["S3 objects replaced"] == 4
    assert shop.places_of(USER) == shop.places_of(MAIL) == []
    dbt.succeeds(*EVERYTHING)
    assert shop.warehouse.rows("select count(*) from marts.orders") == [(2,)]
