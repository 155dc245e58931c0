"""The landing zone: made twice without a change, and partitioned by month."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from local_stack.postgres import WAREHOUSE_FILES

INSERT = """
insert into raw.events (load_id, object_key, line_number, loaded_at, payload) values (1, 'k', 1, %s, '{}')
"""
PARTITIONS = "select relname from pg_class where relispartition and relkind = 'r' order by 1"


def month(moment):
    return f"events_{moment:%Y_%m}"


def this_and_next_month():
    now = datetime.now(UTC)
    return [month(now), month(now.replace(day=1) + timedelta(days=32))]


def test_both_files_run_again_change_nothing(warehouse):
    description = """
        select table_schema, table_name, column_name, data_type, is_nullable, column_default, null::text
        from information_schema.columns where table_schema in ('raw', 'marts', 'staging', 'intermediate')
        union all
        select nspname, relname, null, null, null, null, relacl::text
        from pg_class inner join pg_namespace on relnamespace = pg_namespace.oid
        where nspname = 'raw'
        union all
        select nspname, proname, null, null, null, null, proacl::text
        from pg_proc inner join pg_namespace on pronamespace = pg_namespace.oid
        where nspname = 'raw'
        order by 1, 2, 3
    """
    before = warehouse.rows(description)
    with warehouse.connect() as owner:
        owner.execute(INSERT, [datetime.now(UTC)])
        for file in (*WAREHOUSE_FILES, *WAREHOUSE_FILES):
            owner.execute(file.read_bytes())
    assert len(before) > 30
    assert warehouse.rows(description) == before
    assert warehouse.rows("select count(*) from raw.events") == [(1,)]


def test_its_owner_is_no_superuser(warehouse):
    assert warehouse.rows(
        "select rolsuper, rolbypassrls, rolreplication from pg_roles where rolname = current_user"
    ) == [(False, False, False)]
    assert warehouse.rows(
        "select distinct pg_get_userbyid(relowner) = current_user"
        " from pg_class where relnamespace = 'raw'::regnamespace"
    ) == [(True,)]


def test_rows_of_this_and_the_next_month_have_a_partition(warehouse):
    assert warehouse.rows(PARTITIONS) == [(name,) for name in [*this_and_next_month(), "events_default"]]
    with warehouse.connect() as owner:
        owner.execute(INSERT, [datetime.now(UTC)])
    assert warehouse.rows("select tableoid::regclass::text from raw.events") == [
        (f"raw.{this_and_next_month()[0]}",)
    ]


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Pacific/Kiritimati"])
def test_a_month_is_prepared_once_and_begins_in_utc(warehouse, zone):
    with warehouse.connect("clickmart_loader") as loader, warehouse.connect() as owner:
        loader.execute("select set_config('timezone', %s, false)", [zone])
        for _ in range(2):
            loader.execute("select raw.prepare_month('2030-12-31 23:59:59.999999+00')")
        for moment in (
            "2030-11-30 23:59:59.9+00",
            "2030-12-01 00:00+00",
            "2030-12-31 23:59:59.9+00",
            "2031-01-01+00",
        ):
            owner.execute(INSERT, [moment])
    assert warehouse.rows("select tableoid::regclass::text from raw.events order by loaded_at") == [
        *[("raw.events_default",), ("raw.events_2030_12",), ("raw.events_2030_12",), ("raw.events_default",)]
    ]
    assert warehouse.rows(
        "select count(*) from pg_indexes where tablename = 'events_2030_12' and indexdef like '%%(load_id)'"
    ) == [(1,)]


def test_a_month_that_rows_did_not_wait_for_stays_in_the_default_partition(warehouse):
    with warehouse.connect() as owner:
        owner.execute(INSERT, ["2030-05-05+00"])
        owner.execute("select raw.prepare_month('2030-05-05+00')")
        owner.execute(INSERT, ["2030-05-06+00"])
    assert warehouse.rows("select distinct tableoid::regclass::text from raw.events") == [
        ("raw.events_default",)
    ]


def test_a_month_does_not_wait_for_those_who_read(warehouse, load):
    (_, following) = this_and_next_month()
    with warehouse.connect() as owner:
        owner.execute(f"drop table raw.{following}")
    with warehouse.connect("clickmart_dbt") as reader, reader.transaction():
        reader.execute("select count(*) from raw.events")
        assert load({})["remaining"] == 0
        assert (following,) not in warehouse.rows(PARTITIONS)
    load({})
    assert (following,) in warehouse.rows(PARTITIONS)


def test_expiry_drops_whole_old_months_and_notes_it(warehouse):
    with warehouse.connect() as owner:
        for name in ("2020-11", "2020-12", "2021-01"):
            owner.execute("select raw.prepare_month(%s::timestamptz)", [f"{name}-15 00:00+00"])
            owner.execute(INSERT, [f"{name}-15 00:00+00"])
        owner.execute(INSERT, ["2019-01-01+00"])
        owner.execute("set timezone to 'America/New_York'")
        assert owner.execute("select raw.expire_events('2020-12-31 23:59+00')").fetchone() == (1,)
        assert owner.execute("select raw.expire_events('2021-01-01 00:00+00')").fetchone() == (1,)
        assert owner.execute("select raw.expire_events('2021-01-01 00:00+00')").fetchone() == (0,)
    assert warehouse.rows(
        "select to_char(loaded_at at time zone 'UTC', 'YYYY-MM') from raw.events order by loaded_at"
    ) == [*[("2019-01",), ("2021-01",)]]
    assert warehouse.rows(
        "select event_count, expired_before at time zone 'UTC' from raw.expirations order by expired_before"
    ) == [(1, datetime(2020, 12, 31, 23, 59)), (1, datetime(2021, 1, 1))]


@pytest.mark.parametrize(
    "statement",
    [
        "insert into raw.loads (trigger, status) values ('{}', 'finished')",
        "insert into raw.loads (trigger, status) values ('{}', 'complete')",
        "insert into raw.loads (trigger, finished_at) values ('{}', now())",
        "insert into raw.rejected_events (load_id, object_key, line_number, reason) values (1, '', 1, 'bad')",
    ],
)
def test_states_and_reasons_are_closed_lists(warehouse, statement):
    with warehouse.connect() as owner, pytest.raises(psycopg.errors.CheckViolation):
        owner.execute(statement)
