"""Every request of the corpus gets its verdict from the real handler, and S3 holds what the verdict says."""

import json
import re

import pytest

from tests.hostile.cases import api_event, bytes_of, cases

REQUESTS = cases("requests")
# What ingest adds: at the end of a line, but for an id that takes the place of a blank one.
ADDED = re.compile(rb'(?:,"eventId":"[0-9a-f-]{36}")?,"_ingest":\{[^{}]*\}\}$')
KEY = re.compile(r"events/\d{4}/\d\d/\d\d/\d\d/events-[0-9a-f-]{36}\.json")
MADE_ID = re.compile(rb'"eventId":"[0-9a-f-]{36}"')


@pytest.fixture
def new_keys(bucket):
    """The objects that came since the test began."""
    before = set(bucket.keys())
    return lambda: sorted(set(bucket.keys()) - before)


def without_additions(body):
    """The events of an object, each as it was before ingest added to it."""
    lines = [ADDED.sub(b"}", line) for line in body.split(b"\n")]
    assert lines.pop() == b"", "the last event ends its line, too"
    return [MADE_ID.sub(b'"eventId":"(made)"', line) for line in lines]


@pytest.mark.parametrize("case", REQUESTS.values(), ids=REQUESTS)
def test_a_request_gets_its_verdict(ingest, bucket, new_keys, case):
    response = ingest(api_event(case))
    answer = json.loads(response["body"])

    stored = case.get("stored", [])
    expected = [bytes_of(case["body"])] if stored == "as sent" else [line.encode() for line in stored]
    assert [without_additions(bucket.get(key)) for key in new_keys()] == ([expected] if expected else [])
    assert all(KEY.fullmatch(key) for key in new_keys())
    assert response["statusCode"] == case.get("status", 200 if expected else 400)
    assert answer["success"] == bool(expected)
    assert answer.get("accepted", 0) == len(expected)
    reasons = {str(each["index"]): each["reason"] for each in answer.get("rejected", [])}
    assert reasons == case.get("rejected", {})
    assert answer.get("message") == case.get("message", answer.get("message"))


def test_the_corpus_is_large():
    assert len(REQUESTS) + len(cases("objects")) + len(cases("events")) >= 200
