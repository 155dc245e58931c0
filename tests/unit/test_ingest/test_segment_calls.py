"""Calls to Segment's API: which paths there are, whose key may write, what is answered."""

import base64
import gzip
import json
import subprocess
import sys

import pytest

KEY = "write-key-1"
TRACK = {"event": "Product Viewed", "anonymousId": "c-1", "messageId": "m-1"}
LIMIT = 1_048_576


def basic(user: str) -> dict[str, str]:
    return {"authorization": "Basic " + base64.b64encode(user.encode()).decode()}


def batch(*calls, **fields) -> str:
    return json.dumps({"batch": [*calls], "writeKey": KEY, **fields})


@pytest.mark.parametrize(
    ("path", "name"),
    [
        *((f"/v1/{path}", "product_view") for path in ("track", "t", "track/")),
        *((f"/v1/{path}", "page_view") for path in ("page", "p", "screen", "s")),
        *((f"/v1/{path}", "identify") for path in ("identify", "i")),
        *((f"/v1/{path}", "group") for path in ("group", "g")),
        *((f"/v1/{path}", "alias") for path in ("alias", "a")),
    ],
)
def test_each_call_is_found_by_its_name_and_its_letter(call, stored, path, name):
    assert call(path, json.dumps(TRACK), headers=basic(f"{KEY}:")) == (
        200,
        {"success": True, "accepted": 1, "rejected": []},
    )
    [event] = stored()
    assert (event["eventName"], event["eventId"], event["clientId"]) == (name, "m-1", "c-1")
    assert event["_ingest"]["path"] == path


@pytest.mark.parametrize("path", ["/v1/batch", "/v1/b", "/v1/import"])
def test_a_batch_is_stored_as_one_object_in_its_order(call, stored, bucket, path):
    calls = [{"type": "track", "event": f"Thing {n}", "messageId": f"m-{n}"} for n in range(500)]

    assert call(path, batch(*calls))[1]["accepted"] == 500
    assert len(bucket.keys()) == 1
    assert [event["eventId"] for event in stored()] == [f"m-{n}" for n in range(500)]


@pytest.mark.parametrize(
    "path", ["/v1", "/v1/", "/v1/m", "/v1/tracks", "/v1/track/x", "/v2/track", "/v1//track"]
)
def test_other_paths_are_not_found(call, bucket, path):
    assert call(path, batch(TRACK), headers=basic(f"{KEY}:"))[0] == 404
    assert bucket.keys() == []


@pytest.mark.parametrize("keys", [None, "", " , "])
def test_without_a_key_in_its_environment_it_answers_no_call(cold_start, bucket, keys):
    handler = cold_start({} if keys is None else {"SEGMENT_WRITE_KEYS": keys})
    for headers in ({}, basic(":"), basic(f"{KEY}:")):
        for path in ("/v1/track", "/v1/batch"):
            assert (
                handler({"rawPath": path, "body": json.dumps(TRACK), "headers": headers})["statusCode"] == 404
            )
    assert bucket.keys() == []


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_only_posts_are_calls(segment, method):
    response = segment({"rawPath": "/v1/track", "requestContext": {"http": {"method": method}}})
    assert (response["statusCode"], response["headers"]["allow"]) == (405, "POST, OPTIONS")


@pytest.mark.parametrize("user", [f"{KEY}:", KEY, f"{KEY}:secret", "schlüssel-2:"])
def test_the_key_may_be_the_user_of_basic_authentication(call, user):
    assert call("/v1/track", json.dumps(TRACK), headers=basic(user))[0] == 200
    assert call("/v1/batch", json.dumps({"batch": [{"type": "page"}]}), headers=basic(user))[0] == 200


@pytest.mark.parametrize(
    "headers", [{}, {"authorization": "Bearer token"}, {"authorization": "Basic nonsense!"}]
)
def test_the_key_may_stand_in_the_body(call, headers):
    assert call("/v1/track", json.dumps({**TRACK, "writeKey": "schlüssel-2"}), headers=headers)[0] == 200
    assert call("/v1/batch", batch({"type": "page"}), headers=headers)[0] == 200


@pytest.mark.parametrize(
    "key", ["", "write-key", "write-key-11", "WRITE-KEY-1", None, 5, [KEY], {"writeKey": KEY}]
)
def test_another_key_is_answered_401_and_nothing_is_stored(call, bucket, key):
    for headers in ({}, basic("write-key:"), basic(f":{KEY}"), {"authorization": f"Bearer {KEY}"}):
        for path in ("/v1/track", "/v1/batch"):
            body = json.dumps(
                {**TRACK, "batch": [{**TRACK, "type": "track", "writeKey": KEY}], "writeKey": key}
            )
            status, answer = call(path, body, headers=headers)
            assert (status, answer) == (401, {"success": False, "message": "Unknown write key"})
    assert bucket.keys() == []


def test_a_browser_is_not_asked_for_a_password(segment):
    response = segment({"rawPath": "/v1/track", "body": json.dumps(TRACK)})
    assert response["statusCode"] == 401
    assert "www-authenticate" not in response["headers"]


def test_the_key_is_never_stored(call, stored_lines):
    keyed = {**TRACK, "type": "track", "writeKey": KEY, "properties": {"product_id": "p-1"}}
    assert call("/v1/track", json.dumps(keyed), headers=basic(f"{KEY}:"))[0] == 200
    assert call("/v1/batch", batch(keyed), headers=basic(f"{KEY}:"))[0] == 200
    lines = stored_lines()
    assert len(lines) == 2
    assert KEY.encode() not in b"".join(lines)


def test_browsers_may_send_what_the_library_sends(segment):
    response = segment({"rawPath": "/v1/t", "requestContext": {"http": {"method": "OPTIONS"}}})
    assert response["statusCode"] == 204
    assert response["headers"]["access-control-allow-origin"] == "*"
    allowed = response["headers"]["access-control-allow-headers"]
    assert {"authorization", "content-type", "x-retry-count"} <= set(allowed.split(", "))


@pytest.mark.parametrize(
    "wrap", [str.encode, lambda body: gzip.compress(body.encode()), lambda body: f"\ufeff {body}\r\n"]
)
def test_wrappings_are_those_of_any_event(call, stored, wrap):
    assert call("/v1/batch", wrap(batch({**TRACK, "type": "track"})))[0] == 200
    assert call("/v1/track", wrap(json.dumps({**TRACK, "writeKey": KEY})))[0] == 200
    assert [event["eventId"] for event in stored()] == ["m-1", "m-1"]


def test_limits_are_those_of_any_request(call, stored):
    assert call("/v1/batch", batch(*[{"type": "page"}] * 501))[0] == 413
    assert call("/v1/batch", batch({"type": "page"}, filling="x" * LIMIT))[0] == 413
    assert stored() == []


def test_what_a_batch_says_of_all_its_calls_counts_with_each(call, stored):
    """Said once, it is stored with every one of them."""
    for length, status in ((2_000, 200), (2_200, 413)):
        context = {"page": {"url": "u" * length}}
        assert call("/v1/batch", batch(*[{"type": "page"}] * 500, context=context))[0] == status
        assert sum(len(event["pageUrl"]) for event in stored()) == (500 * length if status == 200 else 0)


@pytest.mark.parametrize("shared", ['"x":1,' * 101, "," * LIMIT])
def test_a_broken_batch_of_very_many_members_is_not_searched(call, shared):
    body = f'{{{shared[: LIMIT - 100]}"batch":[{{"type":"\\ud800"}},{{"type":"page"}}],"writeKey":"{KEY}"}}'
    assert call("/v1/batch", body)[0] in (400, 401)


def sized(size: int, **fields) -> str:
    track = json.dumps(
        {"event": "x", "anonymousId": "a", **fields, "properties": {"text": "ä"}}, ensure_ascii=False
    )
    return track[:-3] + "x" * (size - len(track.encode())) + track[-3:]


@pytest.mark.parametrize(("size", "is_taken"), [(32_768, True), (32_769, False)])
def test_a_call_is_measured_as_it_was_sent(call, stored, size, is_taken):
    """What it becomes is longer."""
    assert len(sized(size, writeKey=KEY).encode()) == size
    rejected = [] if is_taken else [{"index": 0, "reason": "too_large"}]
    assert call("/v1/track", sized(size, writeKey=KEY))[1]["rejected"] == rejected

    body = f'{{"writeKey":"{KEY}","batch":[{sized(size, type="track")},{{"type":"page"}}]}}'
    assert call("/v1/batch", body) == (
        200,
        {"success": True, "accepted": 1 + is_taken, "rejected": rejected},
    )
    assert len(stored()) == 1 + 2 * is_taken


@pytest.mark.parametrize(
    ("reason", "body"),
    [
        ("empty_body", ""),
        ("malformed_json", "nonsense{"),
        ("not_an_object", "[]"),
        ("not_an_object", '"text"'),
        ("not_an_object", "null"),
        ("malformed_json", '{"event":"x"'),
        ("malformed_json", '{"event":"x"}}'),
        ("malformed_json", '{"event":"x",}'),
        ("too_deep", '{"event":"x","a":' + "[" * 5000 + "]" * 5000 + "}"),
        ("unstorable_text", '{"event":"x","writeKey":"\\ud800"}'),
        ("unstorable_text", '{"event":"x","writeKey":"\\u0000"}'),
    ],
)
def test_a_call_that_cannot_be_read_is_answered_400_whatever_its_key(call, bucket, reason, body):
    for headers in ({}, basic(f"{KEY}:")):
        status, answer = call("/v1/track", body, headers=headers)
        assert (status, answer["success"], answer["accepted"]) == (400, False, 0)
        assert answer["rejected"] == [{"index": 0, "reason": reason}]
    assert bucket.keys() == []


@pytest.mark.parametrize(
    ("reason", "body"),
    [
        ("empty_body", " \r\n"),
        ("empty_body", '{"batch":[ ]}'),
        ("no_batch", "{}"),
        ("no_batch", '{"batch":null}'),
        ("no_batch", '{"batch":{"type":"page"}}'),
        ("not_an_object", '[{"type":"page"}]'),
        ("malformed_json", '{"batch":[{"type":"page"}}'),
        ("malformed_json", '{"batch":[{"type":"page"}]'),
        ("malformed_json", '{"batch":[{"type":"page"}]}]'),
        ("malformed_json", '{"batch" [{"type":"page"}]}'),
        ("malformed_json", '{batch:[{"type":"page"}]}'),
        ("unstorable_text", '{"sentAt":"\\u0000","batch":[{"type":"page"}]}'),
        ("unstorable_text", '{"context":{"ip":"\\udfff"},"batch":[{"type":"page"}]}'),
        ("malformed_json", '{"context":{"ip":\xff},"batch":[{"type":"page"}]}'),
        ("too_large", '{"context":{"page":{"url":"' + "x" * 32_768 + '"}},"batch":[{"type":"page"}]}'),
        ("too_deep", '{"context":{"ip":' + "[" * 5000 + "]" * 5000 + '},"batch":[{"type":"page"}]}'),
        ("too_deep", '{"context":' + '{"page":' * 1010 + "1" + "}" * 1010 + ',"batch":[{"type":"page"}]}'),
    ],
)
def test_a_batch_that_cannot_be_read_is_refused_whole(call, bucket, reason, body):
    status, answer = call("/v1/batch", body, headers=basic(f"{KEY}:"))
    assert (status, answer["rejected"]) == (400, [{"index": 0, "reason": reason}])
    assert bucket.keys() == []


BROKEN = {
    "unstorable_text": [
        r'{"type":"track","event":"\ud800"}',
        r'{"type":"page","properties":{"title":"\u0000"}}',
    ],
    "malformed_json": ['{"type":"page",}', '{"type":"page","n":01}', '{"type":"page"} {}'],
    "too_deep": ['{"type":"page","properties":' + '{"a":' * 2000 + "1" + "}" * 2001],
    "not_an_object": ["[]", "1e400", '"page"', "null"],
    "unknown_type": ["{}", '{"type":"pages"}', '{"type":5}', '{"type":"batch"}', '{"event":"x"}'],
    "missing_event_name": ['{"type":"track"}', '{"type":"track","event":5}', '{"type":"track","event":" "}'],
    "event_name_too_long": [f'{{"type":"track","event":"{"x" * 129}"}}'],
}


@pytest.mark.parametrize(("reason", "broken"), BROKEN.items(), ids=BROKEN)
def test_a_broken_call_does_not_take_its_neighbours_along(call, stored, reason, broken):
    for one in broken:
        calls = f'{{"type":"page","messageId":"a"}}, {one} ,{{"type":"page","messageId":"b"}}'
        body = f'{{"context":{{"ip":"1.2.3.4"}}, "batch" : [{calls}],"writeKey":"{KEY}"}}'
        assert call("/v1/batch", body) == (
            200,
            {"success": True, "accepted": 2, "rejected": [{"index": 1, "reason": reason}]},
        ), one
        kept = stored()
        assert [event["eventId"] for event in kept] == ["a", "b"]
        assert {event["_ingest"]["sourceIp"] for event in kept} == {"1.2.3.4"}


@pytest.mark.parametrize(
    "place",
    [
        '"properties":{"products":[{"a":%s}]}',
        '"properties":{"products":%s}',
        '"properties":%s',
        '"context":{"page":{"a":%s},"campaign":{"a":%s}}',
        '"name":%s',
    ],
)
def test_at_whatever_depth_patience_ends_the_verdict_is_the_same(call, stored, place):
    """What is inside is read again, from further down in the program."""
    depths = range(850, 1030)
    calls = [
        '{"type":"track","event":"Order Completed",' + place.replace("%s", "[" * depth + "]" * depth) + "}"
        for depth in depths
    ]
    status, answer = call("/v1/batch", f'{{"writeKey":"{KEY}","batch":[{",".join(calls)}]}}')
    assert status == 200
    assert answer["accepted"] == len(stored())
    assert answer["rejected"] == [
        {"index": index, "reason": "too_deep"} for index in range(answer["accepted"], len(depths))
    ]


def test_a_batch_of_nothing_but_broken_calls_is_answered_400(call, bucket):
    status, answer = call("/v1/batch", batch({"type": "track"}, {}))
    assert (status, answer["accepted"], len(answer["rejected"])) == (400, 0, 2)
    assert bucket.keys() == []


def test_the_adapter_is_imported_only_when_it_is_asked_for(bucket):
    program = (
        "import sys; from ingest_lambda.handler import handler; "
        "known = lambda: {'ingest_lambda.segment', 'hmac', 'urllib.parse'} & set(sys.modules); "
        "assert not known(), known(); "
        "handler({'body': '{\"eventName\":\"x\"}'}); assert not known(), known(); "
        "handler({'rawPath': '/v1/track', 'body': '{}'}); assert known()"
    )
    environment = {
        **bucket.environment,
        "SEGMENT_WRITE_KEYS": KEY,
        "PYTHONPATH": ":".join(filter(None, sys.path)),
    }
    subprocess.run([sys.executable, "-c", program], env=environment, check=True)
