"""Whatever a call to Segment's API holds: it gets an answer, and every call of a batch is accounted for."""

import base64
import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

KEY = "write-key-1"
NAMED = {"authorization": "Basic " + base64.b64encode(KEY.encode() + b":").decode()}
relaxed = settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))

# With half characters and U+0000, which no event may hold.
texts = st.text(max_size=12)
names = texts | st.sampled_from(
    ["Product Viewed", "Order Completed", "Product List Viewed", "Experiment Viewed"]
)
numbers = st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.just(10**400)
values = st.recursive(
    st.none() | st.booleans() | numbers | names,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)


def some(*names: str, **fields):
    """Each of them, with any value or those that it is given, or not at all."""
    return st.fixed_dictionaries({}, optional={**dict.fromkeys(names, values), **fields})


products = some("product_id", "sku", "url", "quantity", "price", "id")
properties = some(
    *("product_id", "url", "referrer", "name", "order_id", "total", "email", "id"),
    *("experiment_id", "variation_name", "list_id", "category", "quantity"),
    products=values | st.lists(values | products, max_size=4),
)
contexts = some(
    *("userAgent", "ip", "traits"),
    page=values | some("url", "referrer"),
    campaign=values | some("name", "source"),
)
types = st.sampled_from(["track", "page", "screen", "identify", "group", "alias"])
calls = some(
    *("messageId", "timestamp", "sentAt", "userId", "anonymousId", "previousId", "name"),
    *("writeKey", "_ingest", "eventName", "identitySource", "traits"),
    type=types | values,
    event=names | values,
    properties=values | properties,
    context=values | contexts,
)
fragments = st.lists(
    st.sampled_from(
        [
            b"[",
            b"]",
            b"{",
            b"}",
            b",",
            b":",
            b'"',
            b"\\",
            b'"batch":[',
            b'"type":"page"',
            b'"context":',
            b"1e400",
        ]
    )
    | st.sampled_from(
        [b'{"type":"page"}', b'"writeKey":"write-key-1"', b"\\ud800", b"\xff", b"\0", b"\x1f\x8b"]
    ),
    max_size=30,
).map(b"".join)


def document(value: object) -> bytes:
    return json.dumps(value).encode()


def check(stored_lines, answered):
    status, answer = answered
    lines = [json.loads(line) for line in stored_lines()]
    assert status in (200, 400, 401)
    assert answer["success"] == (status == 200) == bool(lines)
    assert answer.get("accepted", 0) == len(lines)
    for event in lines:
        assert event["eventName"].strip()
        assert event["userLoginState"] in ("logged_in", "anonymous")
        assert event["_ingest"]["path"].startswith("/v1/")
        assert not {"writeKey", "traits", "context", "identitySource", "type"} & event.keys()
    return answer


@given(st.lists(calls | values, min_size=1, max_size=6), st.none() | contexts | values, values)
@relaxed
def test_every_call_of_a_batch_is_accepted_or_rejected(call, stored_lines, batch, context, sent_at):
    body = document({"batch": batch, "context": context, "sentAt": sent_at})

    answer = check(stored_lines, call("/v1/batch", body, headers=NAMED))
    rejected = [verdict["index"] for verdict in answer["rejected"]]
    assert rejected == sorted(set(rejected))
    is_refused_whole = (
        answer["rejected"] == [{"index": 0, "reason": "unstorable_text"}] and not answer["accepted"]
    )
    if not is_refused_whole:
        assert answer["accepted"] + len(rejected) == len(batch)


@given(types, calls)
@relaxed
def test_every_single_call_gets_its_verdict(call, stored_lines, name, sent):
    answer = check(stored_lines, call(f"/v1/{name}", document(sent), headers=NAMED))
    assert answer["accepted"] + len(answer["rejected"]) == 1


@given(st.binary(max_size=100) | fragments | fragments.map(lambda body: b'{"batch":[' + body + b"]}"))
@settings(relaxed, max_examples=150)
def test_any_bytes_get_an_answer(call, stored_lines, body):
    for path in ("/v1/batch", "/v1/track"):
        check(stored_lines, call(path, body, headers=NAMED))
