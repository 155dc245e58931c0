"""The shop's own orders, copied from a server of its own, against those that its pages reported."""

import os
import subprocess
import tempfile
import uuid
from pathlib import Path

import pytest

from local_stack import processes
from local_stack.home import PROJECT
from local_stack.postgres import Server, embedded_binaries
from tests.conftest import FAST_AND_FORGETFUL
from tests.postgres.dbt_fixtures import Event, add_load, event

DW_HOST = PROJECT / "infra/dw_host"
ORDERS = "select order_id, total::text, status from oltp.orders order by 1"
RECONCILED = """
    select
        activity_date::text, shop_order_count, captured_count, missing_count, extra_count, mismatched_count,
        shop_revenue::float, captured_revenue::float, extra_revenue::float, revenue_gap::float
    from marts.order_reconciliation_daily order by 1
"""
# Two days in Tokyo: the first ends at 15:00 UTC.
SHOP_ORDERS = """
    create table orders (order_id text, ordered_at timestamptz, total numeric, status text);
    insert into orders values
        ('captured', '2026-03-04 12:00Z', 10, 'paid'),
        (' trimmed ', '2026-03-04 12:01Z', 20.004, null),
        ('mismatched', '2026-03-04 14:59Z', 30, 'paid'),
        ('missing', '2026-03-04 15:00Z', 40, 'paid'),
        ('called off', '2026-03-04 12:02Z', 50, 'Cancelled'),
        ('only a test', '2026-03-04 12:03Z', 60, 'test')
"""
REPORTED = [
    {"orderId": "captured", "total": "10"},
    {"orderId": "captured", "total": "99"},  # the page again
    {"orderId": "trimmed", "total": "20"},
    {"orderId": "mismatched", "total": "29.99"},
    {"orderId": "called off", "total": "50"},
    {"orderId": "extra", "total": "7"},
    {"total": "8"},  # of an order without an id nothing can be said
]

UNRULY = "tab\t, \\. and\nnew line"


@pytest.fixture(scope="module")
def shop_server():
    with tempfile.TemporaryDirectory(prefix="clickmart-shop-") as folder:
        Path(folder).chmod(0o711)
        server = Server(
            data=Path(folder) / "data",
            port=processes.any_free_port(taken=()),
            superuser_password=uuid.uuid4().hex,
            binaries=embedded_binaries(),
        )
        server.create()
        server.start(FAST_AND_FORGETFUL)
        yield server
        server.stop()


@pytest.fixture
def shop(shop_server):
    with shop_server.connect() as connection:
        connection.execute("drop table if exists orders")
        connection.execute(SHOP_ORDERS)
        yield connection


@pytest.fixture
def copy(warehouse, shop_server, shop):
    """The script as cron runs it, on a warehouse that was made ready for it, twice."""
    with warehouse.connect() as owner:
        for _ in range(2):
            owner.execute((DW_HOST / "shop_orders.sql").read_bytes())

    def run(*arguments, **variables):
        environment = {
            "PATH": f"{warehouse.server.binaries}:{os.environ['PATH']}",
            **{
                "SHOP_PG_HOST": "127.0.0.1",
                "SHOP_PG_PORT": str(shop_server.port),
                "SHOP_PG_USER": "postgres",
            },
            **{"SHOP_PG_PASSWORD": shop_server.superuser_password, "SHOP_PG_DATABASE": "postgres"},
            **warehouse.environment("clickmart_loader"),
            **variables,
        }
        return subprocess.run(
            [DW_HOST / "copy-shop-orders", *arguments],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_orders_are_counted_against_those_that_pages_reported(dbt, warehouse, copy):
    documents = [
        event(eventName="purchase", eventId=f"e{number}", element={"dataset": dataset})
        for number, dataset in enumerate(REPORTED, 1)
    ]
    add_load(warehouse, [Event(document, number) for number, document in enumerate(documents, 1)])
    done = copy()
    assert (done.returncode, done.stdout) == (0, "copy-shop-orders: 6 orders\n"), done.stderr
    enabled = "{shop_orders_enabled: true, reporting_timezone: Asia/Tokyo}"

    dbt.succeeds(
        *("build", "--vars", enabled, "--indirect-selection", "cautious"),
        *("--select", "+order_reconciliation_daily"),
    )

    # Half a cent is forgiven, a cent is not.
    assert warehouse.rows(RECONCILED) == [
        ("2026-03-04", 3, 3, 0, 1, 1, 60.004, 59.99, 7.0, -6.986),
        ("2026-03-05", 1, 0, 1, 0, 0, 40.0, 0.0, 0.0, 40.0),
    ]


def test_copying_again_replaces_and_the_days_say_how_far_back(warehouse, copy, shop):
    assert copy().returncode == 0
    copied = warehouse.rows(ORDERS)
    assert len(copied) == 6
    assert copy().returncode == 0
    assert warehouse.rows(ORDERS) == copied

    shop.execute("truncate orders")
    shop.execute(
        "insert into orders values ('new', now(), 1.50, %s), ('old', '2020-01-01Z', 1, null)", [UNRULY]
    )
    done = copy("30")
    assert (done.returncode, done.stdout) == (0, "copy-shop-orders: 1 orders\n"), done.stderr
    recent = warehouse.rows("select order_id from oltp.orders where ordered_at > now() - interval '30 days'")
    assert recent == [("new",)]
    assert ("new", "1.50", UNRULY) in warehouse.rows(ORDERS)

    query = "select upper(order_id) as order_id, ordered_at, total * 2 as total, null as status from orders;"
    assert copy(SHOP_ORDERS_QUERY=query).returncode == 0
    assert warehouse.rows(ORDERS) == [("NEW", "3.00", None), ("OLD", "2", None)]


def test_an_order_that_moved_to_another_day_is_there_once(warehouse, copy, shop):
    assert copy().returncode == 0
    shop.execute("update orders set ordered_at = now() where order_id = 'missing'")

    done = copy("30")

    assert done.returncode == 0, done.stderr
    moved = "select count(*), max(ordered_at) > now() - interval '1 day' from oltp.orders"
    assert warehouse.rows(moved) == [(6, True)]


@pytest.mark.parametrize(
    ("arguments", "variables", "said"),
    [
        ((), {"SHOP_PG_PORT": "1"}, "SHOP:psql: error: connection to server"),
        ((), {"DW_PG_PORT": "1"}, "DW:psql: error: connection to server"),
        ((), {"SHOP_PG_HOST": ""}, "SHOP_PG_HOST or SHOP_PG_SERVICE is missing"),
        (("a week",), {}, '"a week" is no number of days'),
        (
            (),
            # Fails only when most of the orders are on their way.
            {
                "SHOP_ORDERS_QUERY": "select n as order_id, now() as ordered_at, 1 / (50000 - n) as total,"
                " null as status from generate_series(1, 50000) as n"
            },
            "SHOP:ERROR:  division by zero",
        ),
        (
            (),
            {"SHOP_ORDERS_QUERY": "select 1 as order_id, null as ordered_at, 0 as total, null as status"},
            'DW:ERROR:  null value in column "ordered_at"',
        ),
    ],
)
def test_what_goes_wrong_is_one_line_and_leaves_the_old_orders(warehouse, copy, arguments, variables, said):
    assert copy().returncode == 0
    before = warehouse.rows(ORDERS)

    done = copy(*arguments, **variables)

    assert done.returncode == 1
    assert done.stderr.startswith("copy-shop-orders: ")
    assert done.stderr.count("\n") == 1
    assert said in done.stderr
    assert warehouse.rows(ORDERS) == before


def test_the_loader_may_bring_orders_and_dbt_may_only_read_them(warehouse, copy):
    granted = {
        role: [
            privilege
            for privilege in ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE")
            if warehouse.rows("select has_table_privilege(%s, 'oltp.orders', %s)", role, privilege)
            == [(True,)]
        ]
        for role in ("clickmart_loader", "clickmart_dbt", "clickmart_dashboard")
    }
    assert granted == {
        "clickmart_loader": ["SELECT", "INSERT", "DELETE"],
        "clickmart_dbt": ["SELECT"],
        "clickmart_dashboard": [],
    }
