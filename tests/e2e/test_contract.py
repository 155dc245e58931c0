"""What ingest writes is what the loader reads: the two share a file format, and this holds them to it."""

import base64
import json
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

STORABLE = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40)
NUMBERS = st.integers(-(2**80), 2**80) | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | STORABLE,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(STORABLE, inner, max_size=4),
    max_leaves=12,
)
NAMES = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=130)
EVENTS = st.builds(
    lambda name, fields: {**fields, "eventName": name}, NAMES, st.dictionaries(STORABLE, VALUES, max_size=6)
)
# Also what is no event at all, and characters that PostgreSQL cannot hold.
ANYTHING = EVENTS | VALUES | st.builds(lambda text: {"eventName": "a", "text": text}, st.text(max_size=20))
NEARLY_JSON = st.text('[]{}",:\\ntrue0.eE+- \n\r\t', max_size=60).map(str.encode)
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
QUICK = settings(
    max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), database=None, derandomize=True
)


def sender(handler, **request):
    """Sends a body; how many events ingest accepted."""

    def send(body, moment):
        answer = handler(
            {
                **request,
                "requestContext": {"timeEpoch": int(moment.timestamp()) * 1000},
                "body": base64.b64encode(body).decode(),
                "isBase64Encoded": True,
            }
        )
        return json.loads(answer["body"]).get("accepted", 0)

    return send


@pytest.fixture
def send(ingest):
    return sender(ingest)


@pytest.fixture
def send_to_segment(bucket, import_with):
    environment = {**bucket.environment, "SEGMENT_WRITE_KEYS": "key"}
    return sender(import_with("ingest_lambda.handler", environment).handler, rawPath="/v1/batch")


@pytest.fixture
def land(load, warehouse):
    """Loads the hour; the events of this load in their order, and the reasons of its rejects."""

    def land(moment):
        result = load({"targetUtcHour": f"{moment:%Y-%m-%dT%H:30:00Z}"})
        mine = f"where load_id = {result['load_id']} order by object_key, line_number"
        events = warehouse.rows(f"select line_number, payload::text from raw.events {mine}")
        rejects = warehouse.rows(f"select reason from raw.rejected_events {mine}")
        assert (len(events), len(rejects)) == (result["inserted"], result["rejected"])
        return events, [reason for (reason,) in rejects]

    return land


def values(text):
    """jsonb writes 1e308 in full, which is a whole number to Python: compared are the values."""
    return json.loads(text, parse_int=float)


@QUICK
@given(events=st.lists(ANYTHING, min_size=1, max_size=8), moment=MOMENTS, is_indented=st.booleans())
def test_every_accepted_event_is_one_line_that_the_loader_takes(send, land, events, moment, is_indented):
    accepted = send(json.dumps(events, indent=2 if is_indented else None).encode(), moment)

    landed, rejected = land(moment)
    assert [line_number for line_number, _ in landed] == list(range(1, accepted + 1))
    assert rejected == []


@QUICK
@given(event=EVENTS, moment=MOMENTS)
def test_an_event_comes_out_as_it_went_in(send, land, event, moment):
    text = json.dumps(event, ensure_ascii=False)
    is_named = bool(event["eventName"].strip()) and len(event["eventName"]) <= 128
    assert send(text.encode(), moment) == is_named

    landed, _ = land(moment)
    assert len(landed) == is_named
    for _, payload in landed:
        stored = values(payload)
        assert {field: stored[field] for field in event} == values(text)
        assert stored["_ingest"]["receivedAt"] == f"{moment:%Y-%m-%dT%H:%M:%S}.000Z"
        assert stored["eventId"]


@QUICK
@given(body=st.binary(max_size=100) | NEARLY_JSON, moment=MOMENTS)
def test_whatever_bytes_are_sent_nothing_is_stored_that_the_loader_would_refuse(send, land, body, moment):
    accepted = sum(
        send(wrapped, moment)
        for wrapped in (body, b'[{"eventName":"a"},' + body + b"]", b'{"eventName":"a","x":' + body + b"}")
    )

    landed, rejected = land(moment)
    assert (len(landed), rejected) == (accepted, [])


@pytest.mark.parametrize(
    ("number", "is_held"),
    [
        ("12345678901234567890123", True),
        ("0.10", True),
        ("1e400", True),
        ("1E+131071", True),
        ("1e-16383", True),
        ("1e131072", False),
        ("1e-16384", False),
        ("1e999999999999", False),
    ],
)
def test_only_a_number_beyond_postgres_s_own_is_accepted_and_then_refused(
    send, land, warehouse, number, is_held
):
    moment = datetime(2026, 1, 5, 10, 59, 59, tzinfo=UTC)
    accepted = send(f'[{{"eventName":"a","n":{number}}},{{"eventName":"b"}}]'.encode(), moment)

    landed, rejected = land(moment)
    assert (accepted, len(landed)) == (2, 2) if is_held else accepted - len(rejected) == len(landed)
    assert rejected in (([],) if is_held else ([], ["unstorable_text"]))
    if is_held:
        numbers = warehouse.rows("select payload ->> 'n' = (%s::numeric)::text from raw.events", number)
        assert numbers[0] == (True,)


SHOP_NAMES = st.sampled_from(
    ["Order Completed", "Product Viewed", "Product List Viewed", "Experiment Viewed"]
)
PROPERTIES = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(("product_id", "url", "order_id", "total", "category", "experiment_id"), VALUES),
        "products": st.lists(st.dictionaries(st.sampled_from(["product_id", "quantity", "url"]), VALUES)),
    },
)
CALLS = st.fixed_dictionaries(
    {"type": st.sampled_from(["track", "page", "identify", "alias"]), "event": SHOP_NAMES | NAMES},
    optional={
        **dict.fromkeys(("messageId", "userId", "anonymousId", "timestamp", "sentAt"), VALUES),
        "properties": PROPERTIES | VALUES,
        "context": st.fixed_dictionaries(
            {}, optional=dict.fromkeys(("page", "campaign", "userAgent", "ip"), VALUES)
        ),
    },
)


@QUICK
@given(calls=st.lists(CALLS, min_size=1, max_size=6), moment=MOMENTS, text=st.text(max_size=20))
def test_what_becomes_of_segment_s_calls_is_taken_too(send_to_segment, land, calls, moment, text):
    batch = {"batch": [*calls, {"type": "track", "event": text}], "writeKey": "key"}
    accepted = send_to_segment(json.dumps(batch).encode(), moment)

    landed, rejected = land(moment)
    assert [line_number for line_number, _ in landed] == list(range(1, accepted + 1))
    assert rejected == []


def test_five_hundred_events_are_five_hundred_lines_of_the_year_s_last_hour(send, land):
    moment = datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)
    body = json.dumps([{"eventName": "a", "text": "ö" * 300} for _ in range(500)]).encode()

    assert send(body, moment) == 500
    assert [line_number for line_number, _ in land(moment)[0]] == list(range(1, 501))


def test_an_event_of_the_greatest_size_is_taken(send, land):
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    frame = '{"eventName":"a","text":""}'
    body = frame.replace('""', '"' + "a" * (32_768 - len(frame)) + '"').encode()

    assert (len(body), send(body, moment)) == (32_768, 1)
    assert len(land(moment)[0]) == 1
    assert send(body.replace(b'"a"', b'"ab"'), moment) == 0
