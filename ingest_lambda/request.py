"""What an HTTP API (payload version 2) event says: method, path, body, and where it came from."""

import binascii
import time
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

MAX_BODY_BYTES = 1_048_576
MAX_TEXT_CHARACTERS = 512
GZIP_MAGIC = b"\x1f\x8b"
GZIP_PIECE_BYTES = 4096
LATEST_EPOCH_MS = 253_402_300_799_999  # the last millisecond of the year 9999


class UnreadableBodyError(ValueError):
    """The body is not what its encoding says."""


class BodyTooLargeError(ValueError):
    """The body, decoded, is larger than the API accepts."""


class UnknownKeyError(ValueError):
    """The request does not name a key that may write."""


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    headers: dict[str, str]
    received_at: datetime
    request_id: str | None
    api_id: str | None
    stage: str | None
    source_ip: str | None
    user_agent: str | None
    verified_user_id: str | None

    @property
    def trace_id(self) -> str | None:
        return clean(self.headers.get("x-amzn-trace-id"))


def read_request(event: dict[str, Any]) -> Request:
    context = mapping(event.get("requestContext"))
    http = mapping(context.get("http"))
    headers = {str(name).lower(): str(value) for name, value in mapping(event.get("headers")).items()}
    stage = clean(context.get("stage"))
    claims = mapping(mapping(mapping(context.get("authorizer")).get("jwt")).get("claims"))
    return Request(
        method=str(http.get("method") or "POST").upper(),
        path=without_stage(str(event.get("rawPath") or http.get("path") or "/clickstream"), stage),
        headers=headers,
        received_at=receipt_time(context.get("timeEpoch")),
        request_id=clean(context.get("requestId")),
        api_id=clean(context.get("apiId")),
        stage=stage,
        source_ip=clean(http.get("sourceIp")),
        user_agent=clean(http.get("userAgent") or headers.get("user-agent")),
        verified_user_id=clean(claims.get("sub")),
    )


def read_body(event: dict[str, Any]) -> bytes:
    """The decoded bytes. Beacons cannot name their encoding, so gzip is known by its first two bytes."""
    body = event.get("body") or ""
    if not isinstance(body, str):
        raise UnreadableBodyError("body is not text")
    if event.get("isBase64Encoded"):
        try:
            data = binascii.a2b_base64(body, strict_mode=True)
        except (binascii.Error, ValueError) as error:
            raise UnreadableBodyError("body is not base64") from error
    else:
        data = body.encode("utf-8", "surrogatepass")
    if data.startswith(GZIP_MAGIC):
        data = gunzip(data)
    if len(data) > MAX_BODY_BYTES:
        raise BodyTooLargeError
    return data


def gunzip(data: bytes) -> bytes:
    """Never inflates more than one byte past the limit, whatever a bomb promises. Fed in pieces: each member
    hands back a copy of what follows it, which adds up when there are thousands of them."""
    inflated = bytearray()
    position = 0
    try:
        while position < len(data):
            member = zlib.decompressobj(wbits=31)
            while not member.eof:
                piece = data[position : position + GZIP_PIECE_BYTES]
                if not piece:
                    raise UnreadableBodyError("gzip body is cut short")
                inflated += member.decompress(piece, MAX_BODY_BYTES + 1 - len(inflated))
                if len(inflated) > MAX_BODY_BYTES:
                    raise BodyTooLargeError
                position += len(piece) - len(member.unused_data)
    except zlib.error as error:
        raise UnreadableBodyError("body is not gzip") from error
    return bytes(inflated)


def receipt_time(epoch_ms: object) -> datetime:
    if type(epoch_ms) is int and 0 < epoch_ms <= LATEST_EPOCH_MS:
        seconds, milliseconds = divmod(epoch_ms, 1000)
    else:
        seconds, milliseconds = divmod(time.time_ns() // 1_000_000, 1000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=milliseconds * 1000)


def without_stage(path: str, stage: str | None) -> str:
    """A named stage stands in front of the path; the stage called $default does not."""
    prefix = f"/{stage}"
    return path.removeprefix(prefix) if stage and path.startswith(f"{prefix}/") else path


def clean(value: object) -> str | None:
    """Text that any later reader can store, or nothing."""
    if not isinstance(value, str):
        return None
    return value[:MAX_TEXT_CHARACTERS].encode("utf-8", "ignore").decode().replace("\0", "") or None


def mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
