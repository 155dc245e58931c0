"""S3 that fails, for all requests or for some, for a moment or for long."""

import json

import obstore.exceptions
import pytest

from loader_lambda.objects import SMALL_OBJECT_BYTES
from tests.faults.loader_process import loader, said, statuses
from tests.faults.sent import HOUR, assert_exactly_once, send
from tests.faults.store_proxy import LISTINGS, Fault, fetch_of, misbehaving_store

# What the client's own patience cures, where it is about an object: it asks again.
PASSING = (
    *("answered with 500", "told to slow down", "reset", "reset halfway", "answered halfway"),
    *("answered late", "answered halfway, then late"),
)
REQUEST = {"overridePrefix": HOUR}


@pytest.mark.parametrize("size", [20, SMALL_OBJECT_BYTES + 1], ids=["small", "large"])
def test_what_fails_for_a_moment_fails_nothing(bucket, warehouse, loader_at, size):
    sent = send(bucket, len(PASSING), pad=size // 3)
    faults = [
        Fault(name, fetch_of(key), times=1, seconds=0.2) for name, key in zip(PASSING, sent.keys, strict=True)
    ]
    with misbehaving_store(bucket.environment["AWS_ENDPOINT_URL_S3"], *faults) as address:
        result = loader_at(address).handler(REQUEST)

    assert [fault.strikes for fault in faults] == [1] * len(PASSING)
    assert (result["processed"], result["remaining"]) == (len(PASSING), 0)
    assert_exactly_once(warehouse, sent)


def test_a_listing_that_fails_for_a_moment_fails_nothing(bucket, warehouse, loader_at, sent):
    faults = [Fault(name, LISTINGS, times=1) for name in ("answered with 500", "told to slow down", "reset")]
    with misbehaving_store(bucket.environment["AWS_ENDPOINT_URL_S3"], *faults) as address:
        assert loader_at(address).handler(REQUEST)["processed"] == 12
    assert_exactly_once(warehouse, sent)


@pytest.mark.parametrize("name", ["denied", "answered with 500", "reset halfway"])
def test_objects_that_cannot_be_fetched_wait_and_the_others_load(bucket, warehouse, loader_at, capsys, name):
    sent = send(bucket, 3)
    send(bucket, 3, f"{HOUR}large/", pad=SMALL_OBJECT_BYTES // 3, into=sent)
    bad = [f"{HOUR}00001.json", f"{HOUR}large/00001.json"]
    faults = [Fault(name, fetch_of(key)) for key in bad]
    with misbehaving_store(bucket.environment["AWS_ENDPOINT_URL_S3"], *faults) as address:
        module = loader_at(address)
        with pytest.raises(
            module.IncompleteLoadError, match=r"^2 objects could not be fetched[^\n]*01\.json[^\n]*$"
        ):
            module.handler(REQUEST)
        logged = json.loads(capsys.readouterr().out)
        assert [failure.partition(": ")[0] for failure in logged["failures"]] == bad
        assert warehouse.rows("select status, object_count from raw.loads") == [("partial", 4)]

        for fault in faults:
            fault.end()
        result = module.handler(REQUEST)

    assert (result["skipped"], result["processed"], result["remaining"]) == (4, 2, 0)
    assert statuses(warehouse) == ["partial", "complete"]
    assert_exactly_once(warehouse, sent)


@pytest.mark.parametrize("name", ["denied", "answered with 500", "answered halfway"])
def test_a_listing_that_fails_fails_the_load(bucket, warehouse, loader_at, sent, name):
    fault = Fault(name, LISTINGS)
    with misbehaving_store(bucket.environment["AWS_ENDPOINT_URL_S3"], fault) as address:
        module = loader_at(address)
        with pytest.raises(obstore.exceptions.BaseError):
            module.handler(REQUEST)
        assert warehouse.rows("select status, object_count from raw.loads") == [("failed", 0)]

        fault.end()
        assert module.handler(REQUEST)["processed"] == 12
    assert statuses(warehouse) == ["failed", "complete"]
    assert_exactly_once(warehouse, sent)


def test_a_store_out_of_reach_fails_the_load(warehouse, loader_at):
    with pytest.raises(obstore.exceptions.BaseError):
        loader_at("http://127.0.0.1:1").handler(REQUEST)
    assert statuses(warehouse) == ["failed"]


def test_an_object_deleted_while_it_waits_fails_nothing(bucket, warehouse):
    sent = send(bucket, 2)
    bucket.put(f"{HOUR}gone.json", b"{}")
    fault = Fault("answered late", fetch_of("gone.json"))
    with (
        misbehaving_store(bucket.environment["AWS_ENDPOINT_URL_S3"], fault) as address,
        loader(bucket, warehouse, AWS_ENDPOINT_URL_S3=address) as process,
    ):
        fault.await_strikes()
        bucket.client.delete_object(Bucket=bucket.name, Key=f"{HOUR}gone.json")
        fault.end()
        output, code = said(process)

    assert (code, '"remaining":1' in output) == (0, True)
    assert statuses(warehouse) == ["partial"]
    assert_exactly_once(warehouse, sent)
