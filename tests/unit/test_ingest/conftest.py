"""How these tests ask the ingest handler, and what they find on S3 afterwards."""

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SAMPLES = Path(__file__).parents[2] / "events"


@pytest.fixture
def sample() -> Callable[[str], bytes]:
    return lambda name: (SAMPLES / name).read_bytes()


@pytest.fixture
def api_request(sample) -> dict[str, Any]:
    """One request as API Gateway hands it over, received at 2026-01-05 10:59:59.987 UTC."""
    request: dict[str, Any] = json.loads(sample("http_api_v2.json"))
    return request


@pytest.fixture
def post(ingest) -> Callable[..., tuple[int, dict[str, Any]]]:
    """Sends a body, bytes in base64 as API Gateway does, and returns the status and what the answer says."""

    def post(body: str | bytes, **request: Any) -> tuple[int, dict[str, Any]]:
        encoded = isinstance(body, bytes)
        text = base64.b64encode(body).decode() if encoded else body
        response = ingest({"body": text, "isBase64Encoded": encoded, **request})
        return response["statusCode"], json.loads(response["body"])

    return post


@pytest.fixture
def stored_lines(bucket) -> Callable[[], list[bytes]]:
    """Every stored event, taken off S3, so that whoever asks again sees only what came since."""

    def stored_lines() -> list[bytes]:
        lines = []
        keys = bucket.keys()
        for key in keys:
            *whole, rest = bucket.get(key).split(b"\n")
            assert rest == b"", "the last event ends its line too"
            lines += whole
            bucket.client.delete_object(Bucket=bucket.name, Key=key)
        return lines

    return stored_lines


@pytest.fixture
def stored(stored_lines) -> Callable[[], list[dict[str, Any]]]:
    return lambda: [json.loads(line) for line in stored_lines()]


@pytest.fixture
def cold_start(bucket, import_with) -> Callable[..., Any]:
    """The handler of a process that was started with these variables."""
    return lambda variables: import_with("ingest_lambda.handler", {**bucket.environment, **variables}).handler


@pytest.fixture
def segment(cold_start) -> Callable[..., dict[str, Any]]:
    """The handler with two keys for Segment's API."""
    handler: Callable[..., dict[str, Any]] = cold_start({"SEGMENT_WRITE_KEYS": "write-key-1, schlüssel-2"})
    return handler


@pytest.fixture
def call(segment) -> Callable[..., tuple[int, dict[str, Any]]]:
    """Sends a body to one of its paths, and returns the status and what the answer says."""

    def call(path: str, body: str | bytes, **request: Any) -> tuple[int, dict[str, Any]]:
        sent = body.encode() if isinstance(body, str) else body
        text = base64.b64encode(sent).decode()
        response = segment({"rawPath": path, "body": text, "isBase64Encoded": True, **request})
        return response["statusCode"], json.loads(response["body"])

    return call
