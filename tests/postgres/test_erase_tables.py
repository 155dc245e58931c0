"""How rows of dbt's tables get other ids, shown on tables that are as small as can be."""

import threading

import pytest
from psycopg import ClientCursor

from tests.postgres.erasure_fixtures import Shop
from tests.postgres.erasure_history import CLIENT, MAIL, USER

TABLES = """
create table intermediate.int_events_sessionized as
select
    event_id, visitor_id, md5(array[visitor_id, first_event_id]::text) as session_key
from (values ('e1', %(visitor)s, 'e1'), ('e2', %(visitor)s, 'e1'), ('e3', 'client:other', 'e3'))
    as events (event_id, visitor_id, first_event_id);

create table marts.clickstream_events as
select
    sessionized.*, ids.user_id, ids.client_id, 'cart' as cart_id, 's-1' as session_id,
    'https://shop.example/' || ids.event_id || '?mail=' || %(mail)s as page_url, null::text as referrer,
    array['product_price'] as quality_flags, 10.5 as order_total
from intermediate.int_events_sessionized as sessionized
inner join (values ('e1', null, %(client)s), ('e2', %(user)s, %(client)s), ('e3', null, 'other'))
    as ids (event_id, user_id, client_id) using (event_id);

create table intermediate.int_sessions_aggregated as
select session_key, visitor_id, event_id as entry_event_id, page_url as entry_page_url, 1 as event_count
from marts.clickstream_events where event_id <> 'e2';

-- The last one is behind: late data has given the session another first event since.
create table marts.sessions as
select session_key, visitor_id, visitor_id as person_id, null as stitched_user_id
from intermediate.int_sessions_aggregated
union all select 'k', 'client:c', %(user)s, %(user)s
union all select md5(array[%(visitor)s, 'e2']::text), %(visitor)s, %(visitor)s, null;

create table marts.products as select %(client)s as product_id, %(user)s as product_name;
"""


@pytest.fixture
def shop(bucket, warehouse, load):
    ids = {"visitor": f"client:{CLIENT}", "client": CLIENT, "user": USER, "mail": MAIL}
    with warehouse.connect("clickmart_dbt") as connection:
        # A table cannot be made with parameters.
        ClientCursor(connection).execute(TABLES, ids)
    return Shop(bucket, warehouse, load)


def test_ids_sessions_and_addresses_change_and_numbers_and_words_stay(shop):
    before = shop.contents()
    asked = ("--user-id", USER, "--client-id", CLIENT)

    dry = shop.erased(*asked, "--dry-run")
    assert shop.contents() == before
    receipt = shop.erased(*asked)

    assert receipt == dry
    assert receipt["rows"] == 2 + 2 + 1 + 3
    assert set(shop.places_of(USER, CLIENT)) == {"marts.products"}
    [(visitor, user)] = shop.warehouse.rows(
        "select visitor_id, user_id from marts.clickstream_events where event_id = 'e2'"
    )
    assert shop.warehouse.rows(
        """
        select sessionized.session_key = md5(array[%s, 'e1']::text),
            events.page_url, aggregated.entry_page_url
        from intermediate.int_events_sessionized as sessionized
        inner join marts.clickstream_events as events using (session_key, event_id)
        inner join intermediate.int_sessions_aggregated as aggregated using (session_key)
        inner join marts.sessions using (session_key)
        where sessionized.visitor_id = %s
        order by events.event_id
        """,
        visitor,
        visitor,
    ) == [
        (True, f"https://shop.example/{event}?mail=erased", "https://shop.example/e1?mail=erased")
        for event in ("e1", "e2")
    ]
    assert shop.warehouse.rows(
        "select person_id, stitched_user_id from marts.sessions where session_key = 'k'"
    ) == [(user, user)]
    assert shop.warehouse.rows(
        "select count(*) from marts.sessions where visitor_id = %s and person_id = %s"
        " and session_key in (md5(array[%s, 'e1']::text), md5(array[%s, 'e2']::text))",
        *[visitor] * 4,
    ) == [(2,)]
    after = shop.contents()
    for table, rows in before.items():
        assert len(after[table]) == len(rows)
        assert [row for row in rows if "client:other" in row] == [
            row for row in after[table] if "client:other" in row
        ]


def test_a_model_that_is_being_built_is_waited_for(shop):
    receipts = []
    with shop.warehouse.connect("clickmart_dbt") as model:
        model.autocommit = False
        model.execute("lock table marts.clickstream_events, marts.sessions in share row exclusive mode")
        model.execute(
            "insert into marts.clickstream_events (event_id, visitor_id, client_id, page_url) select 'e4',"
            " visitor_id, client_id, page_url from marts.clickstream_events where event_id = 'e1'"
        )
        model.execute("create table marts.sessions__dbt_tmp as select * from marts.sessions")
        erasing = threading.Thread(target=lambda: receipts.append(shop.erased("--client-id", CLIENT)))
        erasing.start()
        with shop.warehouse.connect() as connection:
            while not connection.execute("select from pg_locks where not granted").rowcount:
                assert erasing.is_alive(), "it waits for nothing"
                connection.execute("select pg_sleep(0.05)")
        model.execute("alter table marts.sessions rename to sessions__dbt_backup")
        model.execute("alter table marts.sessions__dbt_tmp rename to sessions")
        model.execute("drop table marts.sessions__dbt_backup")
        model.commit()
    erasing.join()

    assert receipts[0]["marts.sessions"] == 2
    assert shop.places_of(CLIENT) == ["marts.products"]
    assert shop.warehouse.rows("select page_url from marts.clickstream_events where event_id = 'e4'") == [
        ("https://shop.example/e1?mail=erased",)
    ]


def test_tables_of_developers_are_erased_and_those_of_the_shop_are_not(shop):
    with shop.warehouse.connect("clickmart_dbt") as connection:
        connection.execute("create schema dev_anna_marts")
        connection.execute("create table dev_anna_marts.visitors as select * from marts.sessions")
    with shop.warehouse.connect() as connection:
        connection.execute("create schema oltp")
        connection.execute("create table oltp.customers as select visitor_id from marts.sessions")

    shop.erased("--client-id", CLIENT)

    assert shop.places_of(CLIENT) == ["marts.products", "oltp.customers"]
