"""What is unusual is found among ordinary days, and little else."""

import json
import random
from datetime import UTC, datetime, timedelta

import pytest

from tests.postgres.dbt_fixtures import Event, add_load

BUILD = ("build", "--select", "+anomalies", "--exclude-resource-type", "unit_test", "test")
AGAIN = ("run", "--select", "int_metrics_counted+")

FIRST = datetime(2026, 3, 1, 0, 30, tzinfo=UTC)
HOURS = 30 * 24 - 8
SPIKE = datetime(2026, 3, 26, 12, tzinfo=UTC)
BROKEN = datetime(2026, 3, 28, 18, tzinfo=UTC)
SILENT_NIGHT = datetime(2026, 3, 25, 3, tzinfo=UTC)
# Of visits an hour, by hour of the day; Sundays have half as many again.
BUSY = [1, 1, 0.5, 0, 0.5, 1, 4, 10, 20, 25, 25, 25, 25, 25, 20, 20, 20, 25, 30, 30, 25, 15, 8, 3]


def visits(chance):
    for number in range(HOURS):
        hour = FIRST.replace(minute=0) + timedelta(hours=number)
        expected = BUSY[hour.hour] * (1.5 if hour.weekday() == 6 else 1) * (5 if hour == SPIKE else 1)
        if hour == BROKEN:
            expected *= 0.05
        minutes = chance.expovariate(1)
        while minutes < expected:
            yield hour + timedelta(hours=minutes / expected)
            minutes += chance.expovariate(1)


def payloads():
    """Each visit is a visitor's only one; every twelfth is an order."""
    chance = random.Random(1)
    for number, moment in enumerate([FIRST, *visits(chance)]):
        names = ["product_view"] * chance.choice((1, 1, 2)) + ["checkout_complete"] * (number % 12 == 0)
        for name in names:
            yield json.dumps(
                {
                    "eventName": name,
                    "clientId": f"c{number}",
                    "element": {"dataset": {"total": chance.choice((5, 20, 60))}},
                    "_ingest": {"receivedAt": moment.isoformat()},
                }
            )


def test_a_spike_and_a_breakdown_are_found_and_little_else(dbt, warehouse):
    add_load(warehouse, [Event(payload, line) for line, payload in enumerate(payloads(), 1)])
    dbt.succeeds(*BUILD)

    unusual = {
        (metric, grain, start): severity
        for metric, grain, start, severity in warehouse.rows(
            "select metric, grain, period_start, severity from marts.anomalies where severity <> 'ok'"
        )
    }
    assert unusual["sessions", "hour", SPIKE] == unusual["events", "hour", SPIKE] == "critical"
    assert ("sessions", "hour", BROKEN) in unusual
    [(judged_count,)] = warehouse.rows("select count(severity) from marts.anomalies")
    elsewhere = [key for key in unusual if key[2].date() not in (SPIKE.date(), BROKEN.date())]
    assert len(elsewhere) < 0.003 * judged_count, elsewhere

    # Every hour is there, be it empty; without two weeks before it, or an end, it is not judged.
    assert warehouse.rows(
        """
        select count(*), count(distinct period_start), min(period_start), count(distinct metric)
        from marts.anomalies
        where grain = 'hour'
        """
    ) == [(4 * HOURS, HOURS, FIRST.replace(minute=0), 4)]
    assert warehouse.rows(
        "select metric, actual, severity from marts.anomalies where period_start = %s order by 1",
        SILENT_NIGHT,
    ) == [(metric, 0, "ok") for metric in ("events", "orders", "revenue", "sessions")]
    assert warehouse.rows(
        """
        select grain, min(period_start), max(period_start)
        from marts.anomalies
        where severity is not null
        group by 1
        order by 1
        """
    ) == [
        ("day", datetime(2026, 3, 16, tzinfo=UTC), datetime(2026, 3, 29, tzinfo=UTC)),
        ("hour", datetime(2026, 3, 15, 1, tzinfo=UTC), datetime(2026, 3, 30, 14, tzinfo=UTC)),
    ]

    first = dbt.contents("marts.anomalies")
    dbt.succeeds(*AGAIN)
    assert dbt.contents("marts.anomalies") == first


@pytest.mark.parametrize("events", [[], ["2026-03-04T12:00:00Z"]])
def test_without_a_past_there_is_no_verdict(dbt, warehouse, events):
    add_load(
        warehouse,
        [Event(json.dumps({"eventName": "click", "_ingest": {"receivedAt": moment}})) for moment in events],
    )

    dbt.succeeds(*BUILD)

    assert warehouse.rows(
        "select grain, actual, severity from marts.anomalies where metric = 'events' order by 1"
    ) == [(grain, 1, None) for _ in events for grain in ("day", "hour")]
