"""What a browser is answered: status, headers, and words that are never its own."""

import json
import os
import subprocess
import sys

import pytest

EVENT = '{"eventName":"page_view"}'
MARKER = "zq7marker"


def test_a_good_event_is_answered_200(ingest, api_request):
    response = ingest(api_request, None)

    assert response["statusCode"] == 200
    assert response["headers"]["content-type"] == "application/json"
    assert response["body"] == '{"success":true,"accepted":1,"rejected":[]}'


@pytest.mark.parametrize(
    "request_", [{"body": EVENT}, {"body": EVENT, "requestContext": None, "headers": None}]
)
def test_without_a_context_it_is_a_post_to_clickstream(ingest, stored, request_):
    assert ingest(request_)["statusCode"] == 200
    [event] = stored()
    assert (event["_ingest"]["method"], event["_ingest"]["path"]) == ("POST", "/clickstream")


@pytest.mark.parametrize(
    "request_", [None, {}, {"body": None}, {"body": ""}, {"body": " \r\n"}, {"body": "[]"}]
)
def test_a_request_without_events_is_answered_400(ingest, bucket, request_):
    response = ingest(request_)

    assert response["statusCode"] == 400
    assert json.loads(response["body"])["success"] is False
    assert bucket.keys() == []


@pytest.mark.parametrize("path", ["/clickstream", "/clickstream/", "/anything"])
def test_options_is_answered_204_without_a_body(ingest, bucket, path):
    response = ingest({"rawPath": path, "requestContext": {"http": {"method": "OPTIONS"}}, "body": EVENT})

    assert response["statusCode"] == 204
    assert not response.get("body")
    assert "POST" in response["headers"]["access-control-allow-methods"]
    assert "content-type" in response["headers"]["access-control-allow-headers"]
    assert bucket.keys() == []


def test_another_method_is_answered_405_with_those_that_work(ingest, bucket):
    for method in ("GET", "PUT", "DELETE", "HEAD", "PATCH", "CONNECT", "POST2"):
        response = ingest({"requestContext": {"http": {"method": method}}, "body": EVENT})
        assert response["statusCode"] == 405, method
        assert response["headers"]["allow"] == "POST, OPTIONS"
    assert bucket.keys() == []


@pytest.mark.parametrize(
    ("path", "stage", "status"),
    [
        ("/clickstream", "$default", 200),
        ("/clickstream/", "$default", 200),
        ("/prod/clickstream", "prod", 200),
        ("/clickstream", "prod", 200),
        ("/clickstream", "clickstream", 200),
        ("/clickstream/clickstream", "clickstream", 200),
        ("/prod/clickstream", "test", 404),
        ("/prod/clickstream", None, 404),
        ("/prod/prod/clickstream", "prod", 404),
        ("/prodclickstream", "prod", 404),
        ("/", "$default", 404),
        ("/clickstream/other", "$default", 404),
        ("/Clickstream", "$default", 404),
        ("/clickstreams", "$default", 404),
    ],
)
def test_only_clickstream_is_found_also_below_a_named_stage(ingest, bucket, path, stage, status):
    assert (
        ingest({"rawPath": path, "requestContext": {"stage": stage}, "body": EVENT})["statusCode"] == status
    )
    assert len(bucket.keys()) == (status == 200)


def test_the_path_in_the_context_counts_where_there_is_no_raw_path(ingest):
    assert ingest({"requestContext": {"http": {"path": "/other"}}, "body": EVENT})["statusCode"] == 404


@pytest.mark.parametrize(
    ("allowed", "origin", "answered"),
    [
        (None, "https://shop.example", "*"),
        ("*", "https://shop.example", "*"),
        ("*", None, "*"),
        (
            "https://shop.example, https://www.shop.example",
            "https://www.shop.example",
            "https://www.shop.example",
        ),
        ("https://shop.example", "https://evil.example", None),
        ("https://shop.example", "https://shop.example.evil.example", None),
        ("https://shop.example", "null", None),
        ("https://shop.example,", None, None),
        ("", None, None),
    ],
)
def test_cors_names_allowed_origins_and_never_credentials(cold_start, allowed, origin, answered):
    handler = cold_start({} if allowed is None else {"ALLOWED_ORIGINS": allowed})
    headers = {} if origin is None else {"Origin": origin}
    for method in ("POST", "OPTIONS", "GET"):
        response = handler(
            {"headers": headers, "requestContext": {"http": {"method": method}}, "body": EVENT}
        )
        assert response["headers"].get("access-control-allow-origin") == answered
        assert "access-control-allow-credentials" not in response["headers"]
        told_apart = response["headers"].get("vary") == "origin"
        assert told_apart == (answered != "*"), "a cache must not give one origin another's answer"


@pytest.mark.parametrize(
    ("status", "request_"),
    [
        (200, {"body": f'[{{"eventName":"{MARKER}"}},{{"{MARKER}":1}},{MARKER}]'}),
        (400, {"body": f'{{"{MARKER}":"\\ud800"}}'}),
        (400, {"body": f"<{MARKER}>"}),
        (400, {"body": MARKER, "isBase64Encoded": True}),
        (404, {"rawPath": f"/{MARKER}"}),
        (405, {"requestContext": {"http": {"method": MARKER}}}),
        (413, {"body": MARKER * 200_000}),
    ],
)
def test_answers_never_repeat_what_was_sent(ingest, status, request_):
    response = ingest({"headers": {"Origin": MARKER, MARKER: MARKER}, "rawQueryString": MARKER, **request_})

    assert response["statusCode"] == status
    assert MARKER.upper() not in json.dumps(response).upper()


def test_when_s3_is_down_the_client_may_try_again(cold_start, capsys):
    handler = cold_start({"AWS_ENDPOINT_URL_S3": "http://127.0.0.1:1"})

    response = handler({"body": f'{{"eventName":"{MARKER}"}}', "requestContext": {"requestId": "request-1"}})

    assert response["statusCode"] == 500
    assert response["body"] == '{"success":false,"message":"Internal error"}'
    assert response["headers"]["access-control-allow-origin"] == "*"
    [line] = capsys.readouterr().out.splitlines()
    assert json.loads(line)["request"] == "request-1"
    assert MARKER not in line


@pytest.mark.parametrize("value", [None, ""])
def test_a_missing_bucket_name_is_one_line_at_start(value):
    environment = {name: text for name, text in os.environ.items() if name != "RAW_BUCKET_NAME"}
    if value is not None:
        environment["RAW_BUCKET_NAME"] = value

    start = subprocess.run(
        [sys.executable, "-c", "import ingest_lambda.handler"],
        check=False,
        env=environment,
        capture_output=True,
        text=True,
    )

    assert start.returncode != 0
    *_, last = start.stderr.splitlines()
    assert last.startswith("RuntimeError: RAW_BUCKET_NAME is not set")
