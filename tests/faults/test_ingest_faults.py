"""Whatever S3 does: what was answered 200 is stored, and what was answered 500 may be sent again."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from uuid import uuid4

import pytest

from local_stack import processes
from tests.faults import faulty_puts
from tests.faults.faulty_puts import faulty_store, stored_ids

FAILED = (500, {"success": False, "message": "Internal error"})
ACCEPTED = (200, {"success": True, "accepted": 1, "rejected": []})
# infra/parts/collection.py: what Lambda gives the handler, a second before API Gateway gives up.
LAMBDA_SECONDS = 29
HOUR = "events/2026/01/05/10/"
AT_TEN = 1_767_607_200_000


@pytest.fixture
def post(import_with, bucket):
    """Sends to a handler that knows S3 by this address."""

    def at(endpoint):
        handler = import_with(
            "ingest_lambda.handler", {**bucket.environment, "AWS_ENDPOINT_URL_S3": endpoint}
        ).handler

        def post(event, request_id=None):
            context = {"requestId": request_id or str(uuid4()), "timeEpoch": AT_TEN}
            response = handler({"body": json.dumps(event), "requestContext": context})
            return response["statusCode"], json.loads(response["body"])

        return post

    return at


@pytest.fixture
def endpoint(bucket):
    return bucket.environment["AWS_ENDPOINT_URL_S3"]


def click():
    return {"eventName": "click", "eventId": str(uuid4())}


@pytest.mark.parametrize("fault", ["broken", "busy", "reset"])
def test_what_s3_refuses_is_not_stored_until_its_client_tries_again(post, endpoint, bucket, fault):
    faults, event = [getattr(faulty_puts, fault)], click()
    with faulty_store(endpoint, lambda path: faults[0]) as store:
        send = post(store)
        assert send(event) == FAILED
        assert bucket.keys() == []

        faults[0] = faulty_puts.nothing
        assert send(event) == ACCEPTED
    assert stored_ids(bucket) == [event["eventId"]]


def test_s3_that_is_down_and_comes_back(post, endpoint, bucket):
    port, event = processes.any_free_port(taken=()), click()
    send = post(f"http://127.0.0.1:{port}")

    assert send(event) == FAILED
    with faulty_store(endpoint, lambda path: faulty_puts.nothing, port):
        assert send(event) == ACCEPTED
    assert stored_ids(bucket) == [event["eventId"]]


@pytest.mark.parametrize("fault", ["broken", "busy", "reset", "stored_but_reset"])
def test_a_fault_that_passes_is_not_heard_of_and_leaves_one_object(post, endpoint, bucket, fault):
    attempts, event = count(1), click()

    def only_the_first(path):
        return getattr(faulty_puts, fault if next(attempts) == 1 else "nothing")

    with faulty_store(endpoint, only_the_first) as store:
        assert post(store)(event) == ACCEPTED

    assert next(attempts) == 3
    assert stored_ids(bucket) == [event["eventId"]]


def test_however_long_s3_takes_the_answer_comes_before_lambda_ends(post, endpoint, bucket):
    answers = {"late": ACCEPTED, "silent": FAILED, "stored_but_silent": FAILED, "trickling": FAILED}
    faults, met = iter(answers), {}

    def each_object_another(path):
        if path not in met:
            met[path] = next(faults)
        return getattr(faulty_puts, met[path])

    def timed(event):
        began = time.monotonic()
        return send(event), time.monotonic() - began

    with faulty_store(endpoint, each_object_another) as store, ThreadPoolExecutor(len(answers)) as clients:
        send = post(store)
        heard = list(clients.map(timed, [click() for _ in answers]))

    assert sorted(str(answer) for answer, _ in heard) == sorted(map(str, answers.values()))
    assert max(seconds for _, seconds in heard) < LAMBDA_SECONDS
    assert sorted(bucket.keys()) == sorted(
        path.split("/", 2)[2] for path, fault in met.items() if fault in ("late", "stored_but_silent")
    )


@pytest.mark.parametrize("event", [click(), {"eventName": "click"}], ids=["id sent", "id given"])
def test_what_was_stored_though_500_was_said_comes_twice_with_one_id(post, endpoint, load, warehouse, event):
    """Of these dbt keeps the first loaded. An event that came without an id has that of its invocation."""
    faults, invocation = [faulty_puts.stored_but_reset], str(uuid4())
    with faulty_store(endpoint, lambda path: faults[0]) as store:
        send = post(store)
        assert send(event, invocation) == FAILED

        faults[0] = faulty_puts.nothing
        assert send(event, invocation) == ACCEPTED

    load({"overridePrefix": HOUR})
    rows = warehouse.rows(
        "select count(*), count(distinct object_key), count(distinct payload ->> 'eventId') from raw.events"
    )
    assert rows == [(2, 2, 1)]
