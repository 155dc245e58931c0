"""Who may do what, and that it is all they may."""

import psycopg
import pytest
from psycopg import errors

ROLES = ["clickmart_loader", "clickmart_dbt", "clickmart_dashboard"]
TABLES = ["events", "rejected_events", "loaded_objects", "loads", "expirations", "transformations", "upkeep"]
PRIVILEGES = ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"]


@pytest.fixture
def marts(warehouse):
    """A table of dbt's in each of its schemas, made after the roles were."""
    with warehouse.connect("clickmart_dbt") as dbt:
        for schema in ("staging", "intermediate", "marts"):
            dbt.execute(f"create table {schema}.sessions as select 1 as session_count")
    return warehouse


@pytest.mark.parametrize("role", ROLES)
def test_roles_log_in_and_are_nothing_special(warehouse, role):
    assert warehouse.rows(
        "select rolcanlogin, rolsuper, rolcreaterole, rolcreatedb, rolbypassrls, rolreplication"
        " from pg_roles where rolname = current_user",
        role=role,
    ) == [(True, False, False, False, False, False)]
    assert warehouse.rows(
        "select count(*) from pg_auth_members where member = current_user::regrole", role=role
    ) == [(0,)]


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (
            "clickmart_loader",
            {
                "events": ["INSERT"],
                "rejected_events": ["INSERT"],
                "loaded_objects": ["SELECT", "INSERT"],
                "loads": ["SELECT", "INSERT", "UPDATE"],
                "expirations": [],
                "transformations": [],
                "upkeep": [],
            },
        ),
        (
            "clickmart_dbt",
            {table: ["SELECT"] for table in TABLES} | {"transformations": ["SELECT", "INSERT", "UPDATE"]},
        ),
        ("clickmart_dashboard", {table: [] for table in TABLES}),
    ],
)
def test_what_each_role_may_do_in_raw(warehouse, role, expected):
    granted = {
        table: [
            privilege
            for privilege in PRIVILEGES
            if warehouse.rows("select has_table_privilege(%s, %s, %s)", role, f"raw.{table}", privilege)
            == [(True,)]
        ]
        for table in TABLES
    }
    assert granted == expected
    for partition in ("events_default", "events_" + warehouse.rows("select to_char(now(), 'YYYY_MM')")[0][0]):
        assert warehouse.rows("select has_table_privilege(%s, %s, 'INSERT')", role, f"raw.{partition}") == [
            (False,)
        ]
    assert warehouse.rows("select has_schema_privilege(%s, 'raw', 'CREATE')", role) == [(False,)]


FORBIDDEN = {
    "clickmart_loader": [
        *("select from raw.events", "update raw.events set line_number = 2", "delete from raw.events"),
        *(
            "truncate raw.events",
            "drop table raw.events",
            "delete from raw.loads",
            "delete from raw.loaded_objects",
        ),
        *(
            "update raw.loaded_objects set etag = 'e'",
            "select from raw.rejected_events",
            "create table raw.mine ()",
        ),
        *("select raw.expire_events(now())", "select from marts.sessions", "create schema mine"),
        *("create temporary table mine ()", "create table public.mine ()", "set role clickmart_dbt"),
    ],
    "clickmart_dbt": [
        *("insert into raw.events values (1, 'k', 1, now(), '{}')", "update raw.loads set status = 'failed'"),
        *("delete from raw.events", "truncate raw.rejected_events", "drop table raw.events"),
        *("create table raw.mine ()", "select raw.prepare_month(now())", "select raw.expire_events(now())"),
        *("set role clickmart_loader", "create role mine"),
    ],
    "clickmart_dashboard": [
        *("select from raw.events", "select from raw.loads", "select from staging.sessions"),
        *("select from intermediate.sessions", "select raw.prepare_month(now())", "create schema mine"),
        *("set transaction read write; insert into marts.sessions values (2)", "set role clickmart_dbt"),
        *("set transaction read write; drop table marts.sessions",),
        *("set transaction read write; create temporary table mine ()",),
        *("set transaction read write; create table marts.mine ()",),
    ],
}


@pytest.mark.parametrize("role", FORBIDDEN)
def test_what_is_forbidden(marts, role):
    for statement in FORBIDDEN[role]:
        refusals = (errors.InsufficientPrivilege, errors.ReadOnlySqlTransaction)
        with marts.connect(role) as connection, pytest.raises(refusals):
            connection.execute(statement)
            pytest.fail(f"{role} may {statement}")


def test_dashboards_read_marts_and_nothing_waits_for_a_grant(marts):
    assert marts.rows("select session_count from marts.sessions", role="clickmart_dashboard") == [(1,)]
    with marts.connect("clickmart_dbt") as dbt:
        dbt.execute("create view marts.later as select 2 as n")
        dbt.execute("create table marts.swapped as select 3 as n")
        dbt.execute("alter table marts.sessions rename to old")
        dbt.execute("alter table marts.swapped rename to sessions")
    assert marts.rows("select * from marts.later, marts.sessions", role="clickmart_dashboard") == [(2, 3)]


def test_dashboards_only_read_and_give_up_after_five_seconds(marts):
    with marts.connect("clickmart_dashboard") as dashboard:
        assert dashboard.execute("show statement_timeout").fetchone() == ("5s",)
        assert dashboard.execute("show default_transaction_read_only").fetchone() == ("on",)
        with pytest.raises(errors.ReadOnlySqlTransaction):
            dashboard.execute("insert into marts.sessions values (2)")


def test_dbt_reads_raw_and_owns_what_it_builds(marts):
    with marts.connect("clickmart_dbt") as dbt:
        for table in TABLES:
            dbt.execute(f"select from raw.{table}")
        dbt.execute("create schema dev_ada_marts")
        dbt.execute("create temporary table mine ()")
        dbt.execute("drop table marts.sessions")
        dbt.execute("drop schema dev_ada_marts")


def test_dbt_reads_months_to_come(warehouse):
    with warehouse.connect("clickmart_loader") as loader:
        loader.execute("select raw.prepare_month('2031-01-01+00')")
    assert warehouse.rows("select count(*) from raw.events", role="clickmart_dbt") == [(0,)]


def test_strangers_may_nothing(warehouse):
    with warehouse.server.connect() as superuser:
        superuser.execute("drop role if exists clickmart_stranger")
        superuser.execute("create role clickmart_stranger login password 'strange'")
        try:
            with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
                psycopg.connect(
                    host="127.0.0.1",
                    port=warehouse.server.port,
                    user="clickmart_stranger",
                    password="strange",
                    dbname=warehouse.database,
                )
            granted = (
                "select has_schema_privilege('clickmart_stranger', nspname, 'USAGE') from pg_namespace"
                " where nspname in ('raw', 'staging', 'intermediate', 'marts')"
            )
            assert warehouse.rows(granted) == [(False,)] * 4
        finally:
            superuser.execute("drop role clickmart_stranger")
