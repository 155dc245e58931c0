"""One S3 object with other ids in it: the same documents, in the same order, on the same lines."""

import gzip
from collections.abc import Iterator

from erasure.payloads import dumps, erased, loads
from erasure.people import People
from loader_lambda.faults import Fault
from loader_lambda.objects import GZIP_MAGIC, unpacked
from loader_lambda.records import Judged, UnreadableObjectError, judged_documents

# Of what makes no JSON, only what says where documents begin and end is kept. 0xff is in no UTF-8, so that
# none of it turns into an event.
STRUCTURE = b'{}[],:"\\ \t\r\n'
MASK = bytes(
    octet if octet < 0x20 or octet in STRUCTURE else 0xFF if octet >= 0x80 else ord("x")
    for octet in range(256)
)
GZIP_TRAILER_BYTES = 8


class UnfitObjectError(ValueError):
    """Would not be the same documents when it is read again."""


def rewritten(body: bytes, people: People) -> bytes | None:
    """The object without their data; nothing where there is none in it."""
    is_packed = body.startswith(GZIP_MAGIC)
    content, is_damaged = readable(body)
    before = list(judged_documents([content]))
    changes = {
        document: changed + b"\n" * document.count(b"\n")
        for document, fault in before
        if (changed := changed_document(document, fault, people)) is not None
    }
    after = content
    # The longest first: a broken document may be a part of a sound one.
    for document in sorted(changes, key=len, reverse=True):
        after = after.replace(document, changes[document])
    # What lies between documents, as the rest of one that is too large, is text that nobody reads.
    after = without_mentions(after, people)
    if after == content:
        return None
    if verdicts(before) != verdicts(judged_documents([after])) or after.count(b"\n") != content.count(b"\n"):
        raise UnfitObjectError("its documents would not be the same when they are read again")
    if not is_packed:
        return after
    packed = gzip.compress(after, mtime=0)
    return packed[:-GZIP_TRAILER_BYTES] if is_damaged else packed


def readable(body: bytes) -> tuple[bytes, bool]:
    """What a loader can read of it, and whether that is not all."""
    content = bytearray()
    try:
        for chunk in unpacked([body]):
            content += chunk
    except UnreadableObjectError:
        return bytes(content), True
    return bytes(content), False


def changed_document(document: bytes, fault: Fault | None, people: People) -> bytes | None:
    if fault is not None:
        text = document.decode("utf-8", "replace")
        return document.translate(MASK) if people.is_in_broken(text) else None
    event = loads(document)
    changed = erased(event, people)
    return dumps(changed).encode() if changed != event else None


def masked(text: str) -> str:
    return text.encode().translate(MASK).decode("utf-8", "replace")


def without_mentions(content: bytes, people: People) -> bytes:
    text = content.decode("utf-8", "surrogateescape")
    changed = people.without_mentions(text)
    return content if changed == text else changed.encode("utf-8", "surrogateescape")


def verdicts(documents: "list[Judged] | Iterator[Judged]") -> list[bool]:
    return [fault is None for _, fault in documents]
