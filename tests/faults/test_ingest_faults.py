"""Whatever S3 does: what was answered 200 is stored, and what was answered 500 may be sent again."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from local_stack import processes
from tests.faults.store_proxy import PUTS, Fault, misbehaving_store

FAILED = (500, {"success": False, "message": "Internal error"})
ACCEPTED = (200, {"success": True, "accepted": 1, "rejected": []})
# infra/parts/collection.py: what Lambda gives the handler, a second before API Gateway gives up.
LAMBDA_SECONDS = 29
DAY = "events/2026/01/05/"
MIDNIGHT_MS = 1_767_571_200_000
HOUR_MS = 3_600_000


@pytest.fixture
def post(import_with, bucket):
    """Sends to a handler that knows S3 by this address, at an hour of the day."""

    def at(endpoint):
        handler = import_with(
            "ingest_lambda.handler", {**bucket.environment, "AWS_ENDPOINT_URL_S3": endpoint}
        ).handler

        def post(event, hour=10, request_id=None):
            context = {"requestId": request_id or str(uuid4()), "timeEpoch": MIDNIGHT_MS + hour * HOUR_MS}
            response = handler({"body": json.dumps(event), "requestContext": context})
            return response["statusCode"], json.loads(response["body"])

        return post

    return at


@pytest.fixture
def endpoint(bucket):
    return bucket.environment["AWS_ENDPOINT_URL_S3"]


def click():
    return {"eventName": "click", "eventId": str(uuid4())}


@pytest.mark.parametrize("name", ["answered with 500", "told to slow down", "reset"])
def test_what_s3_refuses_is_not_stored_until_its_client_tries_again(post, endpoint, bucket, stored_ids, name):
    fault, event = Fault(name, PUTS), click()
    with misbehaving_store(endpoint, fault) as store:
        send = post(store)
        assert send(event) == FAILED
        assert bucket.keys() == []

        fault.end()
        assert send(event) == ACCEPTED
    assert stored_ids() == [event["eventId"]]


def test_s3_that_is_down_and_comes_back(post, endpoint, stored_ids):
    port, event = processes.any_free_port(taken=()), click()
    send = post(f"http://127.0.0.1:{port}")

    assert send(event) == FAILED
    with misbehaving_store(endpoint, port=port):
        assert send(event) == ACCEPTED
    assert stored_ids() == [event["eventId"]]


@pytest.mark.parametrize("name", ["answered with 500", "told to slow down", "reset", "done, but reset"])
def test_a_fault_that_passes_is_not_heard_of_and_leaves_one_object(post, endpoint, stored_ids, name):
    fault, event = Fault(name, PUTS, times=1), click()
    with misbehaving_store(endpoint, fault) as store:
        assert post(store)(event) == ACCEPTED

    assert fault.strikes == 1
    assert stored_ids() == [event["eventId"]]


def test_however_long_s3_takes_the_answer_comes_before_lambda_ends(post, endpoint, stored_ids):
    """Each at an hour of its own, in which all attempts meet the same."""
    faults = [
        Fault(name, f"^PUT \\S*{DAY}{hour:02}/", seconds=seconds)
        for hour, (name, seconds) in enumerate(
            [
                ("answered late", 3),
                ("not answered", None),
                ("done, but not answered", None),
                ("answered for ever", None),
            ]
        )
    ]
    events = [click() for _ in faults]

    def timed(event, hour):
        began = time.monotonic()
        return send(event, hour), time.monotonic() - began

    with misbehaving_store(endpoint, *faults) as store, ThreadPoolExecutor(len(faults)) as clients:
        send = post(store)
        heard = list(clients.map(timed, events, range(len(events))))

    assert [answer for answer, _ in heard] == [ACCEPTED, FAILED, FAILED, FAILED]
    assert max(seconds for _, seconds in heard) < LAMBDA_SECONDS
    assert sorted(stored_ids()) == sorted([events[0]["eventId"], events[2]["eventId"]])


@pytest.mark.parametrize("event", [click(), {"eventName": "click"}], ids=["id sent", "id given"])
def test_what_was_stored_though_500_was_said_comes_twice_with_one_id(post, endpoint, load, warehouse, event):
    """Of these dbt keeps the first loaded. An event that came without an id has that of its invocation."""
    fault, invocation = Fault("done, but reset", PUTS), str(uuid4())
    with misbehaving_store(endpoint, fault) as store:
        send = post(store)
        assert send(event, request_id=invocation) == FAILED

        fault.end()
        assert send(event, request_id=invocation) == ACCEPTED

    load({"overridePrefix": DAY})
    rows = warehouse.rows(
        "select count(*), count(distinct object_key), count(distinct payload ->> 'eventId') from raw.events"
    )
    assert rows == [(2, 2, 1)]
