"""Segment's HTTP API: which calls a request holds, and whether its key may write.

What a call means here is said in segment_events.py."""

import binascii
import hmac
import re
from collections.abc import Callable
from functools import partial
from itertools import islice

import msgspec

from ingest_lambda.events import STRING, check_document, elements, read_event, split_body, trim
from ingest_lambda.fields import FIELDS, Fields, RejectedError, first, object_in, text
from ingest_lambda.request import MAX_BODY_BYTES, BodyTooLargeError, Request, UnknownKeyError
from ingest_lambda.segment_events import CALLS, Envelope, event_of

# Browsers say only a call's first letter; old apps call a batch an import.
PATHS = {**{call: call for call in CALLS}, **{call[0]: call for call in CALLS}}
BATCHES = ("batch", "b", "import")
MAX_MEMBERS = 100

Read = Callable[[bytes], Fields]


def reader_of(path: str, keys: list[str]) -> Callable[[Request, bytes], tuple[list[bytes], Read]] | None:
    name = path.removeprefix("/v1/")
    if name in BATCHES:
        return partial(read_batch, keys)
    if name in PATHS:
        return partial(read_call, keys, PATHS[name])
    return None


def read_call(keys: list[str], call: str, request: Request, body: bytes) -> tuple[list[bytes], Read]:
    document = trim(body)
    check_key(keys, request, text(read_event(document), "writeKey"))
    return [document], partial(event_of, request, Envelope({}, None), call)


def read_batch(keys: list[str], request: Request, body: bytes) -> tuple[list[bytes], Read]:
    """What a batch says of all its calls is read once; each call is judged on its own."""
    members = members_of(trim(body))
    for name in ("writeKey", "sentAt", "context"):
        if name in members:
            check_document(bytes(members[name]))
    check_key(keys, request, text(members, "writeKey"))
    batch = bytes(members.get("batch", b""))
    if not batch.startswith(b"["):
        raise RejectedError("no_batch")
    documents = split_body(batch)
    # Said once, it is stored with every call.
    if len(bytes(members.get("context", b""))) * len(documents) > MAX_BODY_BYTES:
        raise BodyTooLargeError
    envelope = Envelope(object_in(members, "context"), first(members, "sentAt"))
    return documents, partial(event_of, request, envelope, None)


def members_of(body: bytes) -> Fields:
    """Of an object's members, also where a call within its batch is broken."""
    if not body.startswith(b"{"):
        raise RejectedError("not_an_object")
    try:
        return FIELDS.decode(body)
    except (msgspec.DecodeError, RecursionError):
        cut = [each for each in islice(elements(body), MAX_MEMBERS + 1) if each]
        if len(cut) > MAX_MEMBERS:
            raise RejectedError("malformed_json") from None
        return dict(map(member, cut))


def member(written: bytes) -> tuple[str, msgspec.Raw]:
    name = re.match(STRING, written, re.DOTALL)
    after = written[name.end() :].lstrip() if name else b""
    if not name or not after.startswith(b":"):
        raise RejectedError("malformed_json")
    return name[0][1:-1].decode(errors="replace"), msgspec.Raw(after[1:].lstrip())


def check_key(keys: list[str], request: Request, in_body: str) -> None:
    """Compares with all keys, so that the time it takes tells of none."""
    said = (basic_user(request.headers.get("authorization", "")), in_body.encode())
    if not sum(hmac.compare_digest(key.encode(), each) for key in keys for each in said):
        raise UnknownKeyError


def basic_user(authorization: str) -> bytes:
    scheme, _, credentials = authorization.partition(" ")
    if scheme.lower() != "basic":
        return b""
    try:
        return binascii.a2b_base64(credentials).partition(b":")[0]
    except ValueError:  # binascii.Error is one, too
        return b""
