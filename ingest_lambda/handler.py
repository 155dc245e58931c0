"""POST /clickstream, and calls to Segment's API: JSON events in, one S3 object out."""

import os
from collections.abc import Callable
from typing import Any

import orjson

from ingest_lambda.events import TooManyEventsError, ingest_stamp, read_event, split_body, stamp
from ingest_lambda.fields import Fields, RejectedError
from ingest_lambda.request import (
    BodyTooLargeError,
    Request,
    UnknownKeyError,
    UnreadableBodyError,
    read_body,
    read_request,
)
from ingest_lambda.store import open_bucket, put_events

if not os.environ.get("RAW_BUCKET_NAME"):
    raise RuntimeError("RAW_BUCKET_NAME is not set: it names the S3 bucket that keeps the raw events")

BUCKET = open_bucket(os.environ["RAW_BUCKET_NAME"], os.environ.get("AWS_ENDPOINT_URL_S3"))
ALLOWED_ORIGINS = os.environ.get("ALLOWED_ORIGINS", "*").replace(",", " ").split()
# Without a key Segment's calls are not answered.
SEGMENT_WRITE_KEYS = os.environ.get("SEGMENT_WRITE_KEYS", "").replace(",", " ").split()

Response = dict[str, Any]
# From a body to its documents, and from each of these to an event.
Reader = Callable[[Request, bytes], tuple[list[bytes], Callable[[bytes], Fields]]]


def handler(event: dict[str, Any] | None, context: object = None) -> Response:
    event = event if isinstance(event, dict) else {}
    request = read_request(event)
    response = answer(event, request)
    response["headers"] = {**cors_headers(request), **response.get("headers", {})}
    return response


def answer(event: dict[str, Any], request: Request) -> Response:
    if request.method == "OPTIONS":
        return {"statusCode": 204}
    reader = reader_of(request.path.rstrip("/"))
    if reader is None:
        return failure(404, "Not found")
    if request.method != "POST":
        return failure(405, "Use POST", headers={"allow": "POST, OPTIONS"})
    try:
        documents, read = reader(request, read_body(event))
    except (BodyTooLargeError, TooManyEventsError):
        return failure(413, "At most 1,048,576 bytes and 500 events in a request")
    except UnreadableBodyError as error:
        return failure(400, str(error))
    except UnknownKeyError:
        return failure(401, "Unknown write key")
    except RejectedError as error:
        return nothing_accepted([{"index": 0, "reason": str(error)}])

    accepted, rejected = judge(documents, read, request)
    if not accepted:
        return nothing_accepted(rejected)
    try:
        put_events(BUCKET, request.received_at, accepted)
    except Exception as error:  # whatever kept S3 from storing, the client may send again
        print(orjson.dumps({"level": "error", "request": request.request_id, "error": repr(error)}).decode())
        return failure(500, "Internal error")
    return respond(200, {"success": True, "accepted": len(accepted), "rejected": rejected})


def reader_of(path: str) -> Reader | None:
    if path == "/clickstream":
        return lambda request, body: (split_body(body), read_event)
    if SEGMENT_WRITE_KEYS and path.startswith("/v1/"):
        # Only a shop that asks for it pays for its import.
        from ingest_lambda import segment  # noqa: PLC0415

        return segment.reader_of(path, SEGMENT_WRITE_KEYS)
    return None


def judge(
    documents: list[bytes], read: Callable[[bytes], Fields], request: Request
) -> tuple[list[bytes], list[dict[str, Any]]]:
    accepted: list[bytes] = []
    rejected: list[dict[str, Any]] = []
    ingest = ingest_stamp(request)
    for index, document in enumerate(documents):
        try:
            accepted.append(stamp(read(document), index, request, ingest))
        except RejectedError as error:
            rejected.append({"index": index, "reason": str(error)})
    return accepted, rejected


def cors_headers(request: Request) -> dict[str, str]:
    """Events carry no cookies, so credentials are never allowed, and `*` is safe."""
    headers = {
        "access-control-allow-methods": "POST, OPTIONS",
        # The last is what Segment's browser library adds when it tries again.
        "access-control-allow-headers": "authorization, content-encoding, content-type, x-retry-count",
        "access-control-max-age": "86400",
    }
    if "*" in ALLOWED_ORIGINS:
        return {"access-control-allow-origin": "*", **headers}
    origin = request.headers.get("origin", "")
    allowed = {"access-control-allow-origin": origin} if origin in ALLOWED_ORIGINS else {}
    return {**allowed, "vary": "origin", **headers}


def nothing_accepted(rejected: list[dict[str, Any]]) -> Response:
    return respond(
        400, {"success": False, "message": "Nothing to accept", "accepted": 0, "rejected": rejected}
    )


def failure(status: int, message: str, *, headers: dict[str, str] | None = None) -> Response:
    response = respond(status, {"success": False, "message": message})
    return {**response, "headers": {**response["headers"], **(headers or {})}}


def respond(status: int, body: dict[str, Any]) -> Response:
    return {
        "statusCode": status,
        "headers": {"content-type": "application/json"},
        "body": orjson.dumps(body).decode(),
    }
