"""The stand-in for S3 hands on whatever it is not told to spoil, and spoils no more than it is told."""

import dataclasses

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError, HTTPClientError

from tests.conftest import client_of
from tests.faults.store_proxy import LISTINGS, PUTS, Fault, fetch_of, misbehaving_store

LARGE = bytes(range(256)) * 4_096


@pytest.fixture
def through(bucket):
    """The bucket by another way, on which nothing is asked twice."""

    def by_way_of(address):
        environment = {**bucket.environment, "AWS_ENDPOINT_URL_S3": address}
        client = client_of(environment, config=Config(retries={"total_max_attempts": 1}))
        return dataclasses.replace(bucket, client=client)

    return by_way_of


def test_what_it_hands_on_is_unchanged(bucket, through):
    with misbehaving_store(bucket.environment["AWS_ENDPOINT_URL_S3"]) as address:
        proxied = through(address)
        for number in range(100):
            proxied.put(f"{number:03}", b"")
        proxied.put("large", LARGE)
        assert proxied.keys() == bucket.keys() == [*(f"{number:03}" for number in range(100)), "large"]
        assert proxied.get("large") == bucket.get("large") == LARGE
        assert proxied.client.head_object(Bucket=bucket.name, Key="large")["ContentLength"] == len(LARGE)
        proxied.client.delete_object(Bucket=bucket.name, Key="large")
    assert bucket.keys("large") == []


def test_a_fault_befalls_what_it_is_meant_for_and_no_more(bucket, through):
    faults = [
        Fault("told to slow down", PUTS, times=1),
        Fault("reset", LISTINGS, times=1),
        Fault("answered halfway", fetch_of("large"), times=2),
    ]
    with misbehaving_store(bucket.environment["AWS_ENDPOINT_URL_S3"], *faults) as address:
        proxied = through(address)
        with pytest.raises(ClientError, match="SlowDown"):
            proxied.put("large", LARGE)
        proxied.put("large", LARGE)
        proxied.put("small", b"{}")
        with pytest.raises(ConnectionClosedError):
            proxied.keys()
        assert proxied.keys() == ["large", "small"]
        for _ in range(2):
            with pytest.raises(HTTPClientError):
                proxied.get("large")
        assert (proxied.get("large"), proxied.get("small")) == (LARGE, b"{}")
    assert [fault.strikes for fault in faults] == [1, 1, 2]


def test_a_fault_that_is_ended_lets_everything_pass(bucket, through):
    fault = Fault("denied")
    with misbehaving_store(bucket.environment["AWS_ENDPOINT_URL_S3"], fault) as address:
        proxied = through(address)
        with pytest.raises(ClientError, match="AccessDenied"):
            proxied.keys()
        fault.end()
        assert proxied.keys() == []
