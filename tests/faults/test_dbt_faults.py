"""Faults of dbt, one after the other in one warehouse, end as a full refresh, row for row.

Each run takes on what the one before left behind, and meets the next fault. It is held for that in the middle
of a model's transaction: rows are deleted to make room, and nothing is inserted yet."""

from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest

from tests.conftest import FAST_AND_FORGETFUL
from tests.faults.dbt_gates import await_at_gate, await_waiting, held_before_insert, held_before_replacing
from tests.oracle.histories import random_history
from tests.postgres.dbt_fixtures import Dbt, close_load
from tests.postgres.dbt_histories import FIRST_RUN, HOURLY_RUN, WITHOUT_DAILY, add, unlike_a_refresh

# A history of six loads.
SEED = 1
# None of these reads another, so one run can be in the middle of all.
SIDE_BY_SIDE = (
    "marts.orders",
    "marts.session_funnels",
    "marts.sessions_daily",
    "marts.attributed_checkouts",
)


@pytest.mark.timeout(900)
def test_faults_in_a_row_end_as_a_full_refresh(warehouse, tmp_path_factory):
    dbt, other = (Dbt(warehouse, tmp_path_factory.mktemp("dbt")) for _ in range(2))
    first, second, third, fourth, dead_loaders, last = random_history(Random(SEED)).loads
    add(warehouse, first)
    dbt.succeeds(*FIRST_RUN)

    add(warehouse, second)
    killed_in(dbt, "intermediate.int_events_deduplicated")
    add(warehouse, third)
    killed_in(dbt, "marts.sessions")
    server_restarted_in(dbt, "marts.attribution_credits")

    add(warehouse, fourth)
    add(warehouse, dead_loaders, is_closed=False)

    def a_load_lands():
        close_load(warehouse, dead_loaders[0].load_id)
        add(warehouse, last)

    next_run_waits_for_one_killed_in(dbt, other, SIDE_BY_SIDE, a_load_lands)
    assert loads_in_marts(warehouse) == {1, 2, 3, 4}, "a run reads what was closed when it began"
    two_at_once(dbt, other)
    assert loads_in_marts(warehouse) == {1, 2, 3, 4, 5, 6}

    told = unlike_a_refresh(dbt, *WITHOUT_DAILY)
    assert not told, told


def killed_in(dbt, table):
    """Whoever reads the table meanwhile sees it as it was."""
    before = dbt.contents(table)
    with held_before_insert(dbt.warehouse, table), dbt.running(*HOURLY_RUN):
        await_at_gate(dbt.warehouse)
        assert dbt.contents(table) == before


def server_restarted_in(dbt, table):
    with held_before_insert(dbt.warehouse, table), dbt.running(*HOURLY_RUN) as run:
        await_at_gate(dbt.warehouse)
        dbt.warehouse.server.stop()
        dbt.warehouse.server.start(FAST_AND_FORGETFUL)
        said, _ = run.communicate()
    assert run.returncode != 0
    assert f"ERROR creating sql incremental model {table} " in said


def next_run_waits_for_one_killed_in(dbt, other, tables, meanwhile):
    """What dbt has told PostgreSQL to do goes on when dbt is dead, to its end, and is undone then."""
    with ThreadPoolExecutor() as pool:
        with held_before_insert(dbt.warehouse, *tables):
            with dbt.running(*HOURLY_RUN):
                await_at_gate(dbt.warehouse, len(tables))
            next_run = pool.submit(other.succeeds, *HOURLY_RUN)
            await_waiting(dbt.warehouse, 2 * len(tables), "advisory", "relation")
            meanwhile()
        next_run.result()


def two_at_once(dbt, other):
    """From the first table that both build. One may lose a race for a name; the other has then done all."""
    with ThreadPoolExecutor() as pool:
        with held_before_replacing(dbt.warehouse, "intermediate.int_loads_fixed"):
            runs = [pool.submit(each, *HOURLY_RUN) for each in (dbt, other)]
            await_waiting(dbt.warehouse, 2, "relation", "transactionid")
        lost = [run.result().stdout for run in runs if run.result().returncode]
    assert len(lost) < 2
    assert all("already exists" in said for said in lost)


def loads_in_marts(warehouse):
    return {load_id for (load_id,) in warehouse.rows("select distinct load_id from marts.clickstream_events")}
