"""A clock that was moved back: nothing twice, nothing left out for good, and load_ids that go on rising."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.faults.sent import Sent, assert_exactly_once, send

NOW = datetime(2026, 3, 10, 12, 30, tzinfo=UTC)


@pytest.fixture
def load_at(loader_at, monkeypatch):
    """The loader, by a clock of its own."""

    def load_at(moment, request=None):
        class Clock(datetime):
            @classmethod
            def now(cls, tz=None):
                return moment.astimezone(tz)

        module = loader_at()
        monkeypatch.setattr(module, "datetime", Clock)
        return module.handler(request or {})

    return load_at


def hour_before(hours):
    return f"{NOW - timedelta(hours=hours):events/%Y/%m/%d/%H/}"


def test_a_loader_whose_clock_lags_takes_up_what_it_missed(bucket, warehouse, load_at):
    sent = Sent()
    for hours in (1, 2, 9):
        send(bucket, 2, hour_before(hours), into=sent)
    assert load_at(NOW)["processed"] == 4

    send(bucket, 2, hour_before(3), into=sent)
    assert load_at(NOW - timedelta(hours=8))["processed"] == 2
    assert load_at(NOW - timedelta(hours=8))["skipped"] == 2
    assert load_at(NOW)["processed"] == 2

    assert_exactly_once(warehouse, sent)
    assert [
        load_id for (load_id,) in warehouse.rows("select load_id from raw.loads order by started_at")
    ] == [*range(1, 5)]


def test_an_ingest_whose_clock_lags_is_found_by_looking_back(bucket, warehouse, load_at):
    """Its objects come to lie in hours that were loaded long ago."""
    sent = send(bucket, 2, hour_before(1))
    load_at(NOW)
    send(bucket, 1, hour_before(3), into=sent)
    send(bucket, 1, hour_before(30), into=sent)

    assert load_at(NOW)["processed"] == 1
    assert load_at(NOW, {"lookbackHours": 72})["processed"] == 1
    assert_exactly_once(warehouse, sent)


@pytest.mark.parametrize("days", [0.1, 40])
def test_a_warehouse_whose_clock_was_moved_back_goes_on(bucket, warehouse, load_at, days):
    """What is stored seems to come from the future, perhaps from a month that has no partition yet."""
    sent = send(bucket, 3, hour_before(1))
    load_at(NOW)
    with warehouse.connect() as owner:
        for statement in INTO_THE_FUTURE:
            owner.execute(statement, {"days": timedelta(days=days)})
    send(bucket, 3, hour_before(2), into=sent)

    result = load_at(NOW)

    assert (result["load_id"], result["skipped"], result["processed"]) == (2, 3, 3)
    assert warehouse.rows("select load_id from raw.loads order by started_at") == [(2,), (1,)]
    assert_exactly_once(warehouse, sent, is_clock_steady=False)


INTO_THE_FUTURE = (
    "update raw.loads set started_at = started_at + %(days)s, finished_at = finished_at + %(days)s",
    "update raw.loaded_objects set loaded_at = loaded_at + %(days)s",
    "update raw.events set loaded_at = loaded_at + %(days)s",
    "update raw.rejected_events set rejected_at = rejected_at + %(days)s",
)
