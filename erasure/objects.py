"""One S3 object with other ids in it: the same documents, in the same order."""

import gzip
import json
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from erasure.payloads import dumps, erased, loads
from erasure.people import ID_NAMES, Number, People
from loader_lambda.faults import TOO_LARGE, Fault
from loader_lambda.objects import GZIP_MAGIC, STREAMED_BYTES, unpacked
from loader_lambda.records import SEPARATORS, Judged, UnreadableObjectError, judged_documents, printable

# A rejected document that is JSON gives way to one that is rejected for the same reason.
STAND_INS = {
    "not_an_object": b'"x"',
    "unstorable_text": b'{"x":"\\u0000"}',
    "too_deep": b'{"x":' + b"[" * 1_024 + b"]" * 1_024 + b"}",
}
# Of what is no JSON stays what says where documents begin and end. It becomes none: a bare x is no JSON, and
# 0xff is in no UTF-8.
STRUCTURE = b'{}[],:"\\ '
MASK = bytes(
    octet if octet < 0x20 or octet in STRUCTURE else 0xFF if octet >= 0x80 else ord("x")
    for octet in range(256)
)
GZIP_TRAILER_BYTES = 8


class UnfitObjectError(ValueError):
    """Would not be the same documents when it is read again."""


class Rewritten(NamedTuple):
    body: bytes
    rejects: dict[int, str]  # what raw keeps of those that were changed, by their place


def rewritten(body: bytes, people: People) -> Rewritten | None:
    """The object without their data; nothing where there is none in it."""
    content, is_damaged = readable(body)
    before = list(documents_of(content))
    pieces: list[bytes] = []
    rejects: dict[int, str] = {}
    end, goes_on = 0, False
    for line_number, (judged, fault) in enumerate(before, start=1):
        start, document = standing(judged, content, end)
        pieces.append(between_documents(content[end:start], people, goes_on=goes_on))
        changed = without_them(document, fault, people)
        pieces.append(document if changed is None else changed)
        end = start + len(document)
        goes_on = changed is not None and fault is not None and fault.reason == TOO_LARGE
        if changed is not None and fault is not None:
            rejects[line_number] = printable(changed)
    pieces.append(between_documents(content[end:], people, goes_on=goes_on))
    after = b"".join(pieces)
    if after == content:
        return None
    if reasons(before) != reasons(documents_of(after)):
        raise UnfitObjectError("its documents would not be the same when they are read again")
    if not body.startswith(GZIP_MAGIC):
        return Rewritten(after, rejects)
    packed = gzip.compress(after, mtime=0)
    return Rewritten(packed[:-GZIP_TRAILER_BYTES] if is_damaged else packed, rejects)


def readable(body: bytes) -> tuple[bytes, bool]:
    """What a loader can read of it, and whether that is not all."""
    content = bytearray()
    try:
        for chunk in unpacked([body]):
            content += chunk
    except UnreadableObjectError:
        return bytes(content), True
    return bytes(content), False


def documents_of(content: bytes) -> Iterator[Judged]:
    """In pieces as the loader's, or it would see other documents in what is broken and large."""
    pieces = (content[at : at + STREAMED_BYTES] for at in range(0, len(content), STREAMED_BYTES))
    return judged_documents(pieces)


def standing(document: bytes, content: bytes, end: int) -> tuple[int, bytes]:
    """Where it stands, and as it does there: of a broken array, the loader opens each piece anew."""
    for text in (document, document.removeprefix(b"[")):
        if (start := content.find(text, end)) >= 0:
            return start, text
    raise UnfitObjectError("one of its documents is not found in it")


def between_documents(text: bytes, people: People, *, goes_on: bool) -> bytes:
    """Mere separators; but of a document that is too large, nobody reads the rest."""
    is_theirs = goes_on or (text.strip(SEPARATORS) and people.are_named_in(text.decode("utf-8", "replace")))
    return text.translate(MASK) if is_theirs else text


def without_them(document: bytes, fault: Fault | None, people: People) -> bytes | None:
    if fault is not None:
        is_theirs = people.are_named_in(document.decode("utf-8", "replace"))
        return masked(document, fault.reason) if is_theirs else None
    event = loads(document)
    changed = erased(event, people)
    return dumps(changed).encode() if changed != event or is_said_twice(document, people) else None


def masked(document: bytes, reason: str) -> bytes:
    return STAND_INS.get(reason) or document.translate(MASK)


def is_said_twice(document: bytes, people: People) -> bool:
    """Of two members of one name, raw keeps the last, and S3 the other as well."""
    members = json.loads(document, object_pairs_hook=list, parse_float=Number, parse_int=Number)
    return any(
        people.have(kind, value)
        for name, value in members
        for kind, names in ID_NAMES.items()
        if name in names
    )


def reasons(documents: Iterable[Judged]) -> list[str | None]:
    return [fault and fault.reason for _, fault in documents]
