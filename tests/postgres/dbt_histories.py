"""A history's loads, added as a loader would, and what dbt made of them, compared with a full refresh."""

import json
from typing import Any

from tests.oracle.comparison import difference
from tests.oracle.events import Sent, payload
from tests.postgres.dbt_fixtures import Dbt, Event, add_load

MARTS = "select table_name from information_schema.tables where table_schema = 'marts' order by 1"


def add(warehouse: Any, load: list[Sent], *, is_closed: bool = True) -> None:
    events = [Event(json.dumps(payload(sent)), sent.line_number, sent.object_key) for sent in load]
    assert {sent.load_id for sent in load} <= {add_load(warehouse, events, is_closed=is_closed)}


def everything(dbt: Dbt) -> dict[str, list[str]]:
    return {mart: dbt.contents(f"marts.{mart}") for (mart,) in dbt.warehouse.rows(MARTS)}


def unlike_a_refresh(grown: dict[str, list[str]], refreshed: dict[str, list[str]]) -> str:
    """What is wrong with the first mart that differs."""
    for mart, rows in grown.items():
        as_rows = [[{"row": row} for row in rows] for rows in (refreshed[mart], rows)]
        if differing := difference(f"{mart}, grown and not as refreshed", *as_rows):
            return differing
    return ""
