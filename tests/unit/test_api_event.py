"""The event for the ingest handler has what AWS's own has, field by field and type by type."""

import base64
import re

import pytest

from local_stack.api_event import api_event


def event(**changes):
    request = {
        "method": "POST",
        "target": "/clickstream",
        "headers": [
            ("Host", "shop.example:8080"),
            ("Content-Type", "application/json"),
            ("User-Agent", "curl/8"),
        ],
        "body": b'{"eventName":"a"}',
        "source_ip": "203.0.113.9",
        "request_id": "request-1",
        "received_at_ms": 1_767_603_784_005,
    }
    return api_event(**{**request, **changes})


def test_it_is_what_the_documentation_of_payload_version_2_shows():
    assert event() == {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": "/clickstream",
        "rawQueryString": "",
        "headers": {"host": "shop.example:8080", "content-type": "application/json", "user-agent": "curl/8"},
        "requestContext": {
            "accountId": "local",
            "apiId": "local",
            "domainName": "shop.example",
            "domainPrefix": "shop",
            "http": {
                "method": "POST",
                "path": "/clickstream",
                "protocol": "HTTP/1.1",
                "sourceIp": "203.0.113.9",
                "userAgent": "curl/8",
            },
            "requestId": "request-1",
            "routeKey": "$default",
            "stage": "$default",
            "time": "05/Jan/2026:09:03:04 +0000",
            "timeEpoch": 1_767_603_784_005,
        },
        "body": '{"eventName":"a"}',
        "isBase64Encoded": False,
    }


def test_the_time_is_utc_in_the_usual_form_of_logs():
    midnight = event(received_at_ms=1_767_225_599_999)["requestContext"]
    assert midnight["time"] == "31/Dec/2025:23:59:59 +0000"
    assert re.fullmatch(r"\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d \+0000", event()["requestContext"]["time"])


def test_a_query_is_there_raw_and_parsed():
    asked = event(target="/clickstream?a=1&b=x%20y&a=2&empty=")

    assert (asked["rawPath"], asked["rawQueryString"]) == ("/clickstream", "a=1&b=x%20y&a=2&empty=")
    assert asked["queryStringParameters"] == {"a": "1,2", "b": "x y", "empty": ""}
    assert asked["requestContext"]["http"]["path"] == "/clickstream"


def test_headers_are_lower_case_and_repeated_ones_joined_by_a_comma():
    headers = event(headers=[("X-Twice", "a"), ("x-twice", "b"), ("X-Once", "c")])["headers"]
    assert headers == {"x-twice": "a,b", "x-once": "c"}


def test_cookies_stand_beside_the_headers():
    eaten = event(headers=[("Cookie", "a=1; b=2")])
    assert eaten["cookies"] == ["a=1", "b=2"]
    assert eaten["headers"] == {}


def test_without_body_query_and_cookies_those_fields_are_missing():
    bare = event(method="OPTIONS", body=b"", headers=[])
    assert {"body", "cookies", "queryStringParameters"}.isdisjoint(bare)
    assert bare["isBase64Encoded"] is False


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "application/json; charset=utf-8",
        "text/plain;charset=UTF-8",
        "application/xml",
        None,
    ],
)
def test_text_stays_text(content_type):
    headers = [("Content-Type", content_type)] if content_type else []
    sent = event(headers=headers, body='{"eventName":"Größe"}'.encode())
    assert (sent["body"], sent["isBase64Encoded"]) == ('{"eventName":"Größe"}', False)


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ([("Content-Type", "application/octet-stream")], b'{"eventName":"a"}'),
        ([("Content-Type", "application/x-www-form-urlencoded")], b'{"eventName":"a"}'),
        ([("Content-Type", "application/json"), ("Content-Encoding", "gzip")], b"\x1f\x8b\x08\x00"),
        ([("Content-Type", "application/json")], b"\xff\xfe\x00"),
    ],
)
def test_anything_else_is_base64(headers, body):
    sent = event(headers=headers, body=body)
    assert sent["isBase64Encoded"] is True
    assert base64.b64decode(sent["body"], validate=True) == body
