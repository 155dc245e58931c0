"""One request becomes one object, below the UTC hour in which it was received."""

import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime

import pytest

KEY = re.compile(r"events/(\d{4}/\d\d/\d\d/\d\d)/events-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.json")
EVENT = '{"eventName":"page_view"}'
LAST_MILLISECOND = 253_402_300_799_999


def hour_of(key: str) -> str:
    match = KEY.fullmatch(key)
    assert match, key
    return match[1]


def at(epoch_ms: object) -> dict[str, object]:
    return {"body": EVENT, "requestContext": {"timeEpoch": epoch_ms}}


def test_a_request_is_one_object_of_one_event_per_line(ingest, bucket):
    ingest({"body": f"[{EVENT},\n{EVENT},{{}},{EVENT}]"})

    [key] = bucket.keys()
    hour_of(key)
    lines = bucket.get(key).splitlines(keepends=True)
    assert len(lines) == 3
    assert all(line.endswith(b"\n") and json.loads(line)["eventName"] == "page_view" for line in lines)


def test_the_same_request_again_is_another_object(ingest, bucket, api_request):
    ingest(api_request)
    ingest(api_request)

    assert len(bucket.keys("events/2026/01/05/10/")) == 2


@pytest.mark.parametrize(
    ("epoch_ms", "received_at"),
    [
        (1, "1970-01-01T00:00:00.001Z"),
        (1_767_610_799_987, "2026-01-05T10:59:59.987Z"),
        (1_767_610_800_000, "2026-01-05T11:00:00.000Z"),
        (1_709_251_199_999, "2024-02-29T23:59:59.999Z"),
        (LAST_MILLISECOND, "9999-12-31T23:59:59.999Z"),
    ],
)
def test_the_receipt_time_names_the_hour(ingest, bucket, stored, epoch_ms, received_at):
    ingest(at(epoch_ms))

    [key] = bucket.keys()
    assert hour_of(key) == received_at[:13].replace("-", "/").replace("T", "/")
    [event] = stored()
    assert event["_ingest"]["receivedAt"] == received_at


@pytest.mark.parametrize(
    "epoch_ms",
    [None, 0, -1, LAST_MILLISECOND + 1, 10**400, "1767610799987", 1767610799987.0, float("nan"), True, []],
)
def test_an_absurd_receipt_time_gives_way_to_the_clock(ingest, bucket, stored, epoch_ms):
    before = datetime.now(UTC)
    assert ingest(at(epoch_ms))["statusCode"] == 200
    after = datetime.now(UTC)

    [key] = bucket.keys()
    assert f"{before:%Y/%m/%d/%H}" <= hour_of(key) <= f"{after:%Y/%m/%d/%H}"
    [event] = stored()
    received_at = datetime.fromisoformat(event["_ingest"]["receivedAt"])
    assert before.replace(microsecond=before.microsecond // 1000 * 1000) <= received_at <= after


def test_hours_are_utc_wherever_the_machine_stands(bucket, stored):
    program = (
        "import json, sys, time; from ingest_lambda.handler import handler; "
        "assert time.timezone == -9 * 3600; "
        "[handler(request) for request in json.loads(sys.stdin.read())]"
    )
    before = datetime.now(UTC)
    subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, **bucket.environment, "TZ": "Asia/Tokyo"},
        input=json.dumps([at(1_767_610_799_987), at(None)]).encode(),
        check=True,
    )
    after = datetime.now(UTC)

    given, clock = sorted(map(hour_of, bucket.keys()))
    assert given == "2026/01/05/10"
    assert f"{before:%Y/%m/%d/%H}" <= clock <= f"{after:%Y/%m/%d/%H}"
    assert "2026-01-05T10:59:59.987Z" in {event["_ingest"]["receivedAt"] for event in stored()}


def test_nothing_is_stored_when_nothing_was_accepted(ingest, bucket):
    for body in ("{}", "[{}]", "[1,2,3]", "nonsense", "[", "null", '{"eventName":"\\u0000"}'):
        assert ingest({"body": body})["statusCode"] == 400, body
    assert bucket.keys() == []
