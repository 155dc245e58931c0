"""One request becomes one object below the hour in which it was received."""

import re
from datetime import datetime, timedelta
from uuid import uuid4

import obstore
from obstore.store import S3Store

# Old names may be long and in capitals. An address made of anything else would lead elsewhere.
BUCKET_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,254}")


def open_bucket(name: str, endpoint: str | None) -> S3Store:
    """Gives up well within the 30 seconds an HTTP API waits, so the browser hears of it and tries again."""
    if not BUCKET_NAME.fullmatch(name):
        raise RuntimeError(f"RAW_BUCKET_NAME must be the name of an S3 bucket, not {name!r}")
    return S3Store(
        name,
        config={"endpoint": endpoint} if endpoint else {},
        client_options={
            "allow_http": bool(endpoint and endpoint.startswith("http://")),
            "connect_timeout": timedelta(seconds=2),
            "timeout": timedelta(seconds=8),
        },
        retry_config={"max_retries": 2, "retry_timeout": timedelta(seconds=20)},
    )


def object_key(received_at: datetime) -> str:
    return f"events/{received_at:%Y/%m/%d/%H}/events-{uuid4()}.json"


def put_events(bucket: S3Store, received_at: datetime, events: list[bytes]) -> None:
    obstore.put(bucket, object_key(received_at), b"\n".join(events) + b"\n", use_multipart=False)
