"""What an event gains on its way: an id, what the API saw of its request, and who the customer is."""

import json
from uuid import UUID

import pytest

EVENTS = '[{"eventName":"a"},{"eventName":"b"}]'


def test_ingest_says_what_the_api_saw(ingest, stored, api_request):
    ingest(api_request)

    [event] = stored()
    assert event.pop("_ingest") == {
        "receivedAt": "2026-01-05T10:59:59.987Z",
        "sourceIp": "203.0.113.7",
        "userAgent": "Mozilla/5.0 (X11; Linux x86_64; rv:148.0) Gecko/20100101 Firefox/148.0",
        "method": "POST",
        "path": "/clickstream",
        "requestId": "Wq9nRgzYFiAEJHg=",
        "apiId": "a1b2c3d4e5",
        "stage": "$default",
        "traceId": "Root=1-695b9a10-0a1b2c3d4e5f60718293a4b5",
    }
    assert UUID(event.pop("eventId"))
    assert event == json.loads(api_request["body"])


def test_without_a_context_the_rest_is_unknown(post, stored):
    post('{"eventName":"x"}', headers={"User-Agent": "curl/8"})

    [event] = stored()
    stamp = event["_ingest"]
    assert (stamp["userAgent"], stamp["method"], stamp["path"]) == ("curl/8", "POST", "/clickstream")
    assert [stamp[name] for name in ("sourceIp", "requestId", "apiId", "stage", "traceId")] == [None] * 5


@pytest.mark.parametrize("field", ["_ingest", "\\u005fingest"])
@pytest.mark.parametrize(
    "value", ["null", '"mine"', '{"receivedAt":"1999-01-01T00:00:00Z","more":1}', "[1e400]"]
)
def test_what_a_client_says_under_ingest_is_discarded(ingest, stored, api_request, field, value):
    ingest({**api_request, "body": f'{{"{field}":{value},"eventName":"x","{field}":{value}}}'})

    [event] = stored()
    assert event["_ingest"]["receivedAt"] == "2026-01-05T10:59:59.987Z"
    assert "more" not in event["_ingest"]


def test_headers_that_no_database_can_hold_do_no_harm(ingest, stored, api_request):
    hostile = "a\x00b\ud800" + "c" * 100_000
    api_request["headers"] = {"X-Amzn-Trace-Id": hostile, "x": None}
    api_request["requestContext"]["http"]["userAgent"] = hostile
    api_request["rawPath"] = "/clickstream" + "/" * 100_000

    assert ingest(api_request)["statusCode"] == 200
    [event] = stored()
    stamp = event["_ingest"]
    assert stamp["userAgent"] == stamp["traceId"]
    assert stamp["userAgent"].startswith("abccc")
    assert len(json.dumps(stamp)) < 4_000


def ids(ingest, stored, request, body=EVENTS):
    assert ingest({**request, "body": body})["statusCode"] == 200
    return [event["eventId"] for event in stored()]


def test_a_retried_invocation_gives_the_same_ids(ingest, stored, api_request):
    first = ids(ingest, stored, api_request)

    assert ids(ingest, stored, api_request) == first
    assert len({UUID(event_id) for event_id in first}) == 2


def test_the_position_counts_rejected_events_too(ingest, stored, api_request):
    _, second = ids(ingest, stored, api_request)

    assert ids(ingest, stored, api_request, '[{"event":"nameless"},{"eventName":"b"}]') == [second]


def test_another_request_or_api_gives_other_ids(ingest, stored, api_request):
    seen = ids(ingest, stored, api_request)
    for field in ("requestId", "apiId"):
        context = {**api_request["requestContext"], field: "another"}
        seen += ids(ingest, stored, {**api_request, "requestContext": context})
    seen += ids(ingest, stored, {}) + ids(ingest, stored, {})
    assert len(set(seen)) == 10


@pytest.mark.parametrize("field", ["eventId", "event_id"])
def test_an_id_that_was_sent_is_kept(post, stored_lines, field):
    for value in ('"click-1"', "12345678901234567890123", "0", "false"):
        post(f'{{"eventName":"x","{field}":{value}}}')
        [line] = stored_lines()
        assert f'"{field}":{value}'.encode() in line
        assert {"eventId", "event_id"} & json.loads(line).keys() == {field}


@pytest.mark.parametrize("field", ["eventId", "event_id"])
def test_an_empty_id_counts_as_missing(post, stored, field):
    for value in ("null", '""', '"  "', '"\\t\\n"', '"\\u00a0"'):
        post(f'{{"eventName":"x","{field}":{value}}}')
        [event] = stored()
        assert UUID(event["eventId"])


def as_customer(request, subject="customer-7"):
    authorizer = {"jwt": {"claims": {"sub": subject, "iss": "https://cognito-idp"}, "scopes": None}}
    return {**request, "requestContext": {**request["requestContext"], "authorizer": authorizer}}


def test_a_verified_customer_is_named_whatever_the_event_says(ingest, stored, api_request):
    claims = {"userId": "other", "user_id": "other", "identitySource": "client", "identity_source": "client"}
    body = json.dumps([{"eventName": "x", **claims}, {"eventName": "y"}])

    ingest({**as_customer(api_request), "body": body})
    for event in stored():
        assert (event["userId"], event["identitySource"]) == ("customer-7", "cognito")
        assert not {"user_id", "identity_source"} & event.keys()


@pytest.mark.parametrize("subject", ["", None, 5])
def test_a_token_without_a_subject_verifies_nobody(ingest, stored, api_request, subject):
    body = '{"eventName":"x","userId":"u-1","identitySource":"cognito"}'

    ingest({**as_customer(api_request, subject), "body": body})
    [event] = stored()
    assert event["userId"] == "u-1"
    assert "identitySource" not in event


@pytest.mark.parametrize("field", ["identitySource", "identity_source", "identity\\u0053ource"])
def test_a_clients_own_claim_of_cognito_is_discarded(post, stored, field):
    for claim in ("cognito", "Cognito", "COGNITO", "  cognito\\n", "c\\u006fgnito", "\\u00a0CoGniTo"):
        post(f'{{"eventName":"x","userId":"u-1","{field}":"{claim}"}}')
        [event] = stored()
        assert event["userId"] == "u-1"
        assert not {"identitySource", "identity_source"} & event.keys(), claim


def test_any_other_source_is_kept(post, stored):
    for source in ("client", "anonymous", "cognito2", "", None, 5, ["cognito"]):
        post(json.dumps({"eventName": "x", "identitySource": source, "identity_source": source}))
        [event] = stored()
        assert (event["identitySource"], event["identity_source"]) == (source, source)
