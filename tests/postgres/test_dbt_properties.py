"""However a history arrives, and whatever happens to dbt, the marts are what plain Python makes of it.

CLICKMART_EXAMPLES=50 tries more histories.
"""

import os
import re
import uuid
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from local_stack.postgres import create_warehouse
from tests.oracle import health, marts
from tests.oracle.comparison import difference
from tests.oracle.histories import histories
from tests.postgres.dbt_fixtures import HOURLY, Dbt
from tests.postgres.dbt_histories import add, unlike_a_refresh

# So that many a visit is longer, and these few customers are scored.
LONGEST_SESSION = timedelta(hours=1)
RFM_MIN_CUSTOMERS = 3
RULES = ("--vars", f"{{session_max_hours: 1, rfm_min_customers: {RFM_MIN_CUSTOMERS}}}")
DAILY = ("run", "--select", "tag:daily")
EXAMPLES = int(os.environ.get("CLICKMART_EXAMPLES", "2"))
FIRST_EVENTS = """
    select distinct on (session_key) session_key, event_id
    from marts.clickstream_events
    order by session_key, event_timestamp, received_at, object_key collate "C", line_number
"""


# Each example takes dozens of seconds, so what fails is told in full rather than made smaller.
@pytest.mark.timeout(600 * EXAMPLES)
@settings(
    max_examples=EXAMPLES,
    derandomize=True,
    deadline=None,
    print_blob=True,
    phases=[Phase.explicit, Phase.generate],
    report_multiple_bugs=False,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(history=histories)
def test_any_history_ends_as_the_oracle_says(warehouse, tmp_path_factory, history):
    with a_database_of_its_own(warehouse) as fresh:
        dbt = Dbt(fresh, tmp_path_factory.mktemp("dbt"), RULES)
        add(fresh, history.loads[0])
        dbt.succeeds(*HOURLY)
        for load, step in zip(history.loads[1:], history.steps, strict=True):
            add(fresh, load)
            take(dbt, step)
        dbt.succeeds(*HOURLY)
        dbt.succeeds(*DAILY)

        told = "\n\n".join(filter(None, [unlike_the_oracle(fresh, oracle(history)), unlike_a_refresh(dbt)]))
        assert not told, told


@contextmanager
def a_database_of_its_own(warehouse):
    fresh = replace(warehouse, database=f"clickstream_dw_{uuid.uuid4().hex[:12]}")
    create_warehouse(fresh.server, fresh.passwords, fresh.database)
    try:
        yield fresh
    finally:
        with fresh.server.connect() as connection:
            connection.execute(f"drop database {fresh.database} with (force)")


def take(dbt, step):
    if step.kind == "build":
        dbt.succeeds(*HOURLY)
    elif step.kind == "run":
        dbt.succeeds("run", "--select", *step.models)
    else:
        kill_at_start_of(*step.models, dbt)


def kill_at_start_of(model, dbt):
    said = []
    with dbt.running(*HOURLY) as process:
        for line in process.stdout:
            said.append(line)
            if re.search(rf" START .*\.{model} ", line):
                return
    pytest.fail(f"{model} never started:\n{''.join(said)}")


def oracle(history):
    marketing = marts.build_marketing(
        history.sent, longest_session=LONGEST_SESSION, rfm_min_customers=RFM_MIN_CUSTOMERS
    )
    return {**marts.build(history.sent, longest_session=LONGEST_SESSION), **marketing}


def unlike_the_oracle(warehouse, expected):
    """What is wrong with the first mart that differs."""
    first_events = dict(warehouse.rows(FIRST_EVENTS))
    for mart, rows in expected.items():
        found = rows_of(warehouse, mart, list(rows[0]) if rows else [], first_events)
        if mart == "data_quality_daily":
            found = [row for row in found if row["field"] in health.FIELDS]
        if differing := difference(mart, rows, found, marts.CLOSE.get(mart, ())):
            return differing
    return ""


def rows_of(warehouse, mart, columns, first_events):
    """As dictionaries, in which a session goes by its first event."""
    names = ["session_key" if column == "first_event_id" else column for column in columns]
    rows = [
        dict(zip(columns, row, strict=True))
        for row in warehouse.rows(f"select {', '.join(names)} from marts.{mart}")
    ]
    if "first_event_id" in columns:
        for row in rows:
            row["first_event_id"] = first_events.get(row["first_event_id"], row["first_event_id"])
    return rows
