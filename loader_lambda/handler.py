"""Every hour: the raw events of S3 into PostgreSQL."""

import gc
import os
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

from loader_lambda import warehouse
from loader_lambda.load import RESERVE_SECONDS, Load, Tally
from loader_lambda.objects import open_bucket
from loader_lambda.report import report
from loader_lambda.settings import read_settings
from loader_lambda.windows import read_window

SETTINGS = read_settings(os.environ)
BUCKET = open_bucket(SETTINGS.bucket, SETTINGS.endpoint)

# A load holds many things and few cycles; to look for them as often as usual took a tenth of its time.
gc.set_threshold(50_000)

PATIENCE_WITHOUT_DEADLINE_SECONDS = 600.0


class IncompleteLoadError(RuntimeError):
    """Some objects could not be fetched. What could be is loaded; the next load tries the rest."""


def handler(event: dict[str, Any] | None, context: Any = None) -> dict[str, Any]:
    started = time.monotonic()
    time_left = stopwatch(context)
    window = read_window(event, datetime.now(UTC), SETTINGS.lookback_hours)
    with closing(warehouse.connect(SETTINGS.connection_settings())) as connection:
        warehouse.take_lock(connection, max(0.0, time_left() - RESERVE_SECONDS))
        warehouse.wait_for_locks_at_most(connection, time_left() - RESERVE_SECONDS)
        load_id = warehouse.open_load(connection, {**window.request, "prefixes": window.prefixes})
        load = Load(
            connection=connection,
            bucket=BUCKET,
            load_id=load_id,
            table=SETTINGS.table,
            rows_per_batch=SETTINGS.rows_per_batch,
            time_left=time_left,
        )
        try:
            tally = load.run(window.prefixes)
        except BaseException:
            warehouse.close_failed_load(connection, load_id, RESERVE_SECONDS / 4)
            raise
        warehouse.wait_for_locks_at_most(connection, RESERVE_SECONDS / 4)
        # Asked before this load is closed, as dbt is not expected to have read it yet.
        health = warehouse.host_health(connection)
        warehouse.close_load(connection, load_id, "partial" if tally.remaining else "complete")
    return finish(load_id, window.prefixes, tally, health, time.monotonic() - started)


def finish(
    load_id: int, prefixes: tuple[str, ...], tally: Tally, health: dict[str, float], seconds: float
) -> dict[str, Any]:
    result = {
        "load_id": load_id,
        "prefixes": list(prefixes),
        "objects": tally.objects,
        "skipped": tally.skipped,
        "changed": tally.changed,
        "processed": tally.processed,
        "inserted": tally.inserted,
        "rejected": tally.rejected,
        "remaining": tally.remaining,
        "seconds": round(seconds, 3),
    }
    report(result, tally.failures, health)
    if tally.failures:
        raise IncompleteLoadError(
            f"{len(tally.failures)} objects could not be fetched and wait for the next load; "
            f"the first: {tally.failures[0]}"
        )
    return result


def stopwatch(context: Any) -> Callable[[], float]:
    """Seconds until Lambda stops us; elsewhere there is no such moment."""
    if hasattr(context, "get_remaining_time_in_millis"):
        return lambda: context.get_remaining_time_in_millis() / 1000
    return lambda: PATIENCE_WITHOUT_DEADLINE_SECONDS
