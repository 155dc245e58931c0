"""A load stops in time, says what is left, and the next one goes on."""

import time
from contextlib import contextmanager

import psycopg
import pytest

from loader_lambda import objects
from loader_lambda.objects import SMALL_OBJECT_BYTES
from loader_lambda.patience import OutOfTimeError
from loader_lambda.warehouse import LOADER_LOCK, LoaderBusyError
from tests.faults.loader_process import statuses
from tests.faults.sent import HOUR, assert_exactly_once, send
from tests.faults.store_proxy import LISTINGS, Fault, fetch_of, misbehaving_store


class Countdown:
    """Plenty of time for so many looks at the clock, and from then on next to none."""

    def __init__(self, looks, seconds_left=5.0):
        self.looks = looks
        self.seconds_left = seconds_left

    def get_remaining_time_in_millis(self):
        self.looks -= 1
        return 600_000 if self.looks >= 0 else int(self.seconds_left * 1000)


@pytest.fixture
def load_one_by_one(bucket, warehouse, import_with):
    environment = {**bucket.environment, **warehouse.environment("clickmart_loader")}
    return import_with("loader_lambda.handler", {**environment, "MAX_RECORDS_PER_BATCH": "1"}).handler


@pytest.fixture
def in_time(monkeypatch):
    """A load with next to no time to work in, that has to be over before its reserve has gone by."""
    monkeypatch.setattr("loader_lambda.load.RESERVE_SECONDS", 5.0)

    @contextmanager
    def begin():
        context = Deadline(9.0)
        yield context
        assert context.get_remaining_time_in_millis() > 0

    return begin


class Deadline:
    """The time left as Lambda tells it."""

    def __init__(self, seconds):
        self.moment = time.monotonic() + seconds

    def get_remaining_time_in_millis(self):
        return int(1000 * (self.moment - time.monotonic()))


def assert_complete(warehouse, load, count):
    result = load({"overridePrefix": HOUR})
    assert (result["objects"], result["remaining"]) == (count, 0)
    assert warehouse.rows("select status from raw.loads order by load_id desc limit 1") == [("complete",)]
    assert warehouse.rows("select count(*), count(distinct object_key) from raw.events") == [(count, count)]
    assert warehouse.rows("select count(*) from raw.loads where finished_at is null") == [(0,)]


@pytest.mark.parametrize("looks", range(1, 22, 4))
def test_what_is_left_is_counted_and_loaded_by_the_next(bucket, warehouse, load_one_by_one, looks):
    for number in range(6):
        bucket.put(f"{HOUR}{number}.json", b"{}")

    result = load_one_by_one({"overridePrefix": HOUR}, Countdown(looks))

    assert result["objects"] == result["skipped"] + result["processed"] + result["remaining"] == 6
    assert warehouse.rows("select count(*) from raw.loaded_objects") == [(result["processed"],)]
    assert warehouse.rows("select status from raw.loads") == [
        ("partial" if result["remaining"] else "complete",)
    ]
    assert result["remaining"] > 0 or looks > 15
    assert_complete(warehouse, load_one_by_one, 6)


def test_time_may_end_between_two_pages(bucket, warehouse, load, monkeypatch):
    monkeypatch.setattr(objects, "LISTING_PAGE", 2)
    for number in range(6):
        bucket.put(f"{HOUR}{number}.json", b"{}")
    load({"overridePrefix": HOUR})
    bucket.put(f"{HOUR}9.json", b"{}")

    result = load({"overridePrefix": HOUR}, Countdown(4))

    assert result["processed"] == 0
    assert result["objects"] == result["skipped"] + result["remaining"]
    assert result["remaining"] > 0
    assert_complete(warehouse, load, 7)


def test_a_large_object_is_given_up_in_time(bucket, warehouse, load):
    bucket.put(
        f"{HOUR}large.json", b'{"pad":"%s"}' % (b"x" * (SMALL_OBJECT_BYTES // 5)) + b" " * SMALL_OBJECT_BYTES
    )
    bucket.put(f"{HOUR}small.json", b"{}")

    results = [load({"overridePrefix": HOUR}, Countdown(looks)) for looks in range(16)]

    assert results[0]["processed"] == 0
    assert any(result["skipped"] and result["remaining"] for result in results)
    assert all(
        result["objects"] == result["skipped"] + result["processed"] + result["remaining"]
        for result in results
    )
    assert warehouse.rows("select count(*) from raw.loads where status = 'failed'") == [(0,)]
    assert_complete(warehouse, load, 2)


def test_small_objects_that_do_not_come_are_given_up_in_time(bucket, warehouse, loader_at, in_time):
    """What came before them is loaded."""
    sent = send(bucket, 12)
    fault = Fault("answered late", fetch_of("00007.json"))
    with misbehaving_store(bucket.environment["AWS_ENDPOINT_URL_S3"], fault) as address:
        handler = loader_at(address).handler
        with in_time() as context:
            result = handler({"overridePrefix": HOUR}, context)
        assert (result["processed"], result["remaining"]) == (7, 5)
        fault.end()
        assert handler({"overridePrefix": HOUR})["processed"] == 5
    assert statuses(warehouse) == ["partial", "complete"]
    assert_exactly_once(warehouse, sent)


def test_a_large_object_that_stops_halfway_is_given_up_in_time(bucket, warehouse, loader_at, in_time):
    sent = send(bucket, 2)
    send(bucket, 1, f"{HOUR}large/", pad=SMALL_OBJECT_BYTES // 3, into=sent)
    fault = Fault("answered halfway, then late", fetch_of("large/00000.json"))
    with misbehaving_store(bucket.environment["AWS_ENDPOINT_URL_S3"], fault) as address:
        handler = loader_at(address).handler
        with in_time() as context:
            result = handler({"overridePrefix": HOUR}, context)
        assert (result["processed"], result["remaining"]) == (2, 1)
        fault.end()
        assert handler({"overridePrefix": HOUR})["processed"] == 1
    assert statuses(warehouse) == ["partial", "complete"]
    assert_exactly_once(warehouse, sent)


def test_a_listing_that_does_not_come_is_one_clear_error(bucket, warehouse, loader_at, in_time):
    sent = send(bucket, 2)
    fault = Fault("answered late", LISTINGS)
    with misbehaving_store(bucket.environment["AWS_ENDPOINT_URL_S3"], fault) as address:
        handler = loader_at(address).handler
        with in_time() as context, pytest.raises(OutOfTimeError, match=r"^S3 did not[^\n]*$"):
            handler({"overridePrefix": HOUR}, context)
        fault.end()
        assert handler({"overridePrefix": HOUR})["processed"] == 2
    assert statuses(warehouse) == ["failed", "complete"]
    assert_exactly_once(warehouse, sent)


@pytest.mark.parametrize("table", ["events", "loaded_objects"])
def test_a_table_that_somebody_keeps_locked_is_one_clear_error(sent, warehouse, loader_at, in_time, table):
    load = loader_at().handler
    with warehouse.connect() as somebody, somebody.transaction():
        somebody.execute(f"lock table raw.{table} in access exclusive mode")
        with (
            in_time() as context,
            pytest.raises(psycopg.errors.LockNotAvailable, match=r"^canceling statement due to lock timeout"),
        ):
            load({"overridePrefix": HOUR}, context)

    assert load({"overridePrefix": HOUR})["processed"] == 12
    assert statuses(warehouse) == ["failed", "complete"]
    assert_exactly_once(warehouse, sent)


def test_a_host_that_cannot_be_asked_how_it_does_is_not_waited_for_long(sent, warehouse, loader_at, in_time):
    load = loader_at().handler
    with warehouse.connect() as somebody, somebody.transaction():
        somebody.execute("lock table raw.transformations in access exclusive mode")
        with in_time() as context:
            assert load({"overridePrefix": HOUR}, context)["processed"] == 12
    assert statuses(warehouse) == ["complete"]
    assert_exactly_once(warehouse, sent)


def test_another_loader_at_work_is_one_clear_error(bucket, warehouse, load):
    bucket.put(f"{HOUR}a.json", b"{}")
    with warehouse.connect("clickmart_loader") as other:
        other.execute("select pg_advisory_lock(%s)", [LOADER_LOCK])
        with pytest.raises(LoaderBusyError, match=r"^another loader is at work[^\n]*$"):
            load({"overridePrefix": HOUR}, Countdown(0, seconds_left=20.2))
    assert warehouse.rows("select count(*) from raw.loads") == [(0,)]
    assert_complete(warehouse, load, 1)
