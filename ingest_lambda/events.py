"""From the bytes of one request to the events worth keeping, and a verdict on each of the others."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from uuid import NAMESPACE_URL, uuid4, uuid5

import msgspec
import orjson

from ingest_lambda.fields import (
    ARRAY,
    Fields,
    RejectedError,
    drop,
    encode,
    is_missing,
    open_object,
    raw,
    text,
)
from ingest_lambda.request import MAX_TEXT_CHARACTERS, Request

MAX_EVENTS = 500
MAX_EVENT_BYTES = 32_768
MAX_NAME_CHARACTERS = 128

WHITE_SPACE = b" \t\r\n"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
# Possessive, with an optional end: an unclosed string is passed over once, not once for each of its quotes.
STRING = rb'"(?:[^"\\]++|\\.)*+"?'
STRUCTURE = re.compile(STRING + rb"|[\[\]{},]", re.DOTALL)
STRING_OR_NUMBER = re.compile(STRING + rb"|-?(?:0|[1-9]\d*+)(?:\.\d++)?(?:[eE][+-]?\d++)?", re.DOTALL)
ESCAPED_SURROGATE = re.compile(rb"\\(?:u[dD][89a-fA-F][0-9a-fA-F]{2}|.)", re.DOTALL)
ESCAPED_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


class TooManyEventsError(ValueError):
    """More events than one request may carry."""


def split_body(body: bytes) -> list[bytes]:
    """The documents of a body: one, or the elements of an array, each still to be judged."""
    body = trim(body)
    if not body.startswith(b"["):
        return [body]
    documents: Sequence[msgspec.Raw | bytes]
    try:
        documents = ARRAY.decode(body)
    except (msgspec.DecodeError, RecursionError):
        documents = list(islice(elements(body), MAX_EVENTS + 1))
    if not documents:
        raise RejectedError("empty_body")
    if len(documents) > MAX_EVENTS:
        raise TooManyEventsError
    return [bytes(document) for document in documents]


def trim(body: bytes) -> bytes:
    body = body.removeprefix(BYTE_ORDER_MARK).strip(WHITE_SPACE)
    if not body:
        raise RejectedError("empty_body")
    return body


def elements(array: bytes) -> Iterator[bytes]:
    """Cuts an array at its own commas even where an element is broken, so that its neighbours survive.
    An object is cut into its members likewise."""
    end = b"]" if array.startswith(b"[") else b"}"
    depth = 0
    start = 1
    for token in STRUCTURE.finditer(array):
        mark = token[0]
        if mark in b"[{":
            depth += 1
        elif mark in b"]}":
            depth -= 1
        if depth == 0:
            if mark != end or token.end() != len(array):
                raise RejectedError("malformed_json")
            yield array[start : token.start()].strip(WHITE_SPACE)
            return
        if depth == 1 and mark == b",":
            yield array[start : token.start()].strip(WHITE_SPACE)
            start = token.end()
    raise RejectedError("malformed_json")


def read_event(document: bytes) -> Fields:
    """The fields of a document that has the form of an event; raises RejectedError with the reason if not."""
    check_document(document)
    if not document.startswith(b"{"):
        raise RejectedError("not_an_object")
    event = open_object(document)
    drop(event, "_ingest")
    return event


def check_document(document: bytes) -> None:
    if len(document) > MAX_EVENT_BYTES:
        raise RejectedError("too_large")
    check_json(document)


def stamp(event: Fields, position: int, request: Request, ingest: msgspec.Raw) -> bytes:
    """The event as it will be stored, on one line. Whoever read it may know better where it came from."""
    check_name(event)

    if is_missing(event, "eventId") and is_missing(event, "event_id"):
        event["eventId"] = raw(event_id(request, position))
    claimed_source = text(event, "identitySource"), text(event, "identity_source")
    if request.verified_user_id:
        drop(event, "userId", "user_id", "identitySource", "identity_source")
        event["userId"] = raw(request.verified_user_id)
        event["identitySource"] = raw("cognito")
    elif any(source.strip().lower() == "cognito" for source in claimed_source):
        drop(event, "identitySource", "identity_source")
    event.setdefault("_ingest", ingest)
    # Line breaks stand only between tokens here: inside a string JSON writes them as an escape.
    return encode(event).replace(b"\n", b" ").replace(b"\r", b" ")


def ingest_stamp(request: Request) -> msgspec.Raw:
    """What the API knows of a request, the same for all of its events."""
    return raw(
        {
            "receivedAt": request.received_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "sourceIp": request.source_ip,
            "userAgent": request.user_agent,
            "method": request.method,
            "path": request.path[:MAX_TEXT_CHARACTERS],
            "requestId": request.request_id,
            "apiId": request.api_id,
            "stage": request.stage,
            "traceId": request.trace_id,
        }
    )


def check_json(document: bytes) -> None:
    """Passes valid JSON that text columns can hold. orjson decides; where it refuses, we look why: a number
    too large for a float is still a number, and a lone surrogate is a matter of storage, not of syntax."""
    try:
        orjson.loads(document)
    except orjson.JSONDecodeError as error:
        if "depth" in error.msg:
            raise RejectedError("too_deep") from None
        if not is_json(STRING_OR_NUMBER.sub(without_number, document)):
            lenient = STRING_OR_NUMBER.sub(without_number_or_surrogate, document)
            raise RejectedError("unstorable_text" if is_json(lenient) else "malformed_json") from None
    if b"\\u0000" in document and ESCAPED_NUL.search(document):
        raise RejectedError("unstorable_text")


def is_json(document: bytes) -> bool:
    try:
        orjson.loads(document)
    except orjson.JSONDecodeError:
        return False
    return True


def without_number(token: re.Match[bytes]) -> bytes:
    return token[0] if token[0].startswith(b'"') else b"null"


def without_number_or_surrogate(token: re.Match[bytes]) -> bytes:
    return ESCAPED_SURROGATE.sub(
        lambda escape: b"?" if escape[0].startswith(b"\\u") and len(escape[0]) > 2 else escape[0],
        without_number(token),
    )


def check_name(event: Fields) -> None:
    names = [name for name in (text(event, "eventName"), text(event, "event_name")) if name.strip()]
    if not names:
        raise RejectedError("missing_event_name")
    if len(names[0]) > MAX_NAME_CHARACTERS:
        raise RejectedError("event_name_too_long")


def event_id(request: Request, position: int) -> str:
    """The same for every retry of the same invocation."""
    if request.request_id is None:
        return str(uuid4())
    return str(uuid5(NAMESPACE_URL, f"clickmart:{request.api_id}/{request.request_id}/{position}"))
