"""A history's loads, added as a loader would, and what grew of them, compared with a full refresh."""

import json
from typing import Any

from tests.oracle.comparison import difference
from tests.oracle.events import Sent, payload
from tests.postgres.dbt_fixtures import Dbt, Event, add_load

# The tables of the hourly command. The first time it makes the seeds, too.
WITHOUT_DAILY = ("--exclude", "tag:daily")
HOURLY_RUN = ("run", *WITHOUT_DAILY)
FIRST_RUN = ("build", "--resource-type", "model", "--resource-type", "seed", *WITHOUT_DAILY)
MARTS = "select table_name from information_schema.tables where table_schema = 'marts' order by 1"


def add(warehouse: Any, load: list[Sent], *, is_closed: bool = True) -> None:
    events = [Event(json.dumps(payload(sent)), sent.line_number, sent.object_key) for sent in load]
    assert {sent.load_id for sent in load} <= {add_load(warehouse, events, is_closed=is_closed)}


def unlike_a_refresh(dbt: Dbt, *part: str) -> str:
    """Refreshes the marts, and tells what was wrong with the first that differs from what it was before."""
    grown = everything(dbt)
    dbt.succeeds("run", "--full-refresh", *part)
    refreshed = everything(dbt)
    for mart, rows in grown.items():
        as_rows = [[{"row": row} for row in rows] for rows in (refreshed[mart], rows)]
        if differing := difference(f"{mart}, grown and not as refreshed", *as_rows):
            return differing
    return ""


def everything(dbt: Dbt) -> dict[str, list[str]]:
    return {mart: dbt.contents(f"marts.{mart}") for (mart,) in dbt.warehouse.rows(MARTS)}
