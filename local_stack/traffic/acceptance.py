"""What the API keeps of a request: its rules once more, in the plainest words."""

import gzip
import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from local_stack.traffic.request import Request

Event = dict[str, object]

LONGEST_BODY = 1_048_576
LONGEST_EVENT = 32_768
LONGEST_NAME = 128
MOST_EVENTS = 500
# PostgreSQL cannot hold these. An API may reject such an event or drop the characters: here it is rejected.
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Answer:
    sent: int  # documents in a body that is JSON, also in one that is refused as a whole
    accepted: list[tuple[int, Event]]  # with the position in the body


def answer(request: Request) -> Answer:
    try:
        body = request.body
        if request.headers.get("content-encoding") == "gzip":
            body = gzip.decompress(body)
        text = body.decode()
        documents = list(_documents(text))
    except (ValueError, OSError, EOFError, zlib.error, RecursionError):
        return Answer(0, [])  # unreadable; so is what nests too deep to be read
    if len(body) > LONGEST_BODY or len(documents) > MOST_EVENTS:
        return Answer(len(documents), [])
    accepted = [
        (position, document)
        for position, (document, size) in enumerate(documents)
        if isinstance(document, dict)
        and size <= LONGEST_EVENT
        and _is_named(document)
        and ("\\u" not in text or _is_storable(document))
    ]
    return Answer(len(documents), accepted)


def _documents(body: str) -> Iterator[tuple[object, int]]:
    """The body's events, each with its size in bytes."""
    whole = _decoder.decode(body)
    if not isinstance(whole, list):
        yield whole, len(body.strip().encode())
    elif len(body) <= LONGEST_EVENT // 4:  # no event in it can be too large
        yield from ((document, 0) for document in whole)
    else:
        start = body.index("[") + 1
        for document in whole:
            start += len(body[start:]) - len(body[start:].lstrip(" \t\r\n,"))
            _, end = _decoder.raw_decode(body, start)
            yield document, len(body[start:end].encode())
            start = end


def _is_named(event: Event) -> bool:
    name = event.get("eventName", event.get("event_name"))
    return isinstance(name, str) and bool(name.strip()) and len(name) <= LONGEST_NAME


def _is_storable(value: object) -> bool:
    if isinstance(value, str):
        return not UNSTORABLE.search(value)
    if isinstance(value, dict):
        return all(_is_storable(key) and _is_storable(member) for key, member in value.items())
    if isinstance(value, list):
        return all(_is_storable(member) for member in value)
    return True


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")


_decoder = json.JSONDecoder(parse_float=Decimal, parse_constant=_refuse_constant)
