"""From the bytes of an object to events and rejects. Nothing is renamed, typed or dropped on the way.

An object comes in blocks that end at a line break. A block whose lines are all JSON, which is how ingest
writes them, is read line by line; any other is taken apart by its brackets."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import orjson

MAX_DOCUMENT_BYTES = 1_048_576
MAX_RAW_TEXT_BYTES = 2_000
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
WHITE_SPACE = b" \t\r\n"

# Possessive, with an optional end, and closed by a line break at the latest: no input makes these run twice
# over the same bytes, and one unclosed string cannot swallow the next line.
STRING = rb'"(?:[^"\\\n]++|\\[^\n])*+"?'
STRUCTURE = re.compile(STRING + rb"|[\[\]{},]")
NUMBER = rb"-?(0|[1-9]\d*+)(?:\.(\d++))?(?:[eE]([+-]?\d++))?"
STRING_OR_NUMBER = re.compile(STRING + rb"|" + NUMBER)
ESCAPE = re.compile(rb"\\(?:u[dD][89a-fA-F][0-9a-fA-F]{2}|[^\n])")
ESCAPED_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
STARTS_OBJECT = re.compile(rb'^\[?\{[ \t]*"', re.MULTILINE)

# What PostgreSQL's numeric, and so jsonb, can hold.
MAX_INTEGER_DIGITS = 131_072
MAX_FRACTION_DIGITS = 16_383
# Every number with too long a fraction that orjson lets pass looks like one of these; few others do.
# Two patterns for one, because a literal beginning makes each ten times as fast.
SMALL_EXPONENT = re.compile(rb"e-\d{4}")
SMALL_CAPITAL_EXPONENT = re.compile(rb"E-\d{4}")
LONG_NUMBER_DIGITS = 15_000
LONG_NUMBER = re.compile(rb"(?<!\d)\d{%d}" % LONG_NUMBER_DIGITS)


class Event(NamedTuple):
    line_number: int
    payload: bytes


class Reject(NamedTuple):
    line_number: int
    reason: str
    detail: str
    raw_text: str


class Fault(NamedTuple):
    reason: str
    detail: str


MALFORMED = "malformed_json"


def read_records(blocks: Iterable[bytes]) -> Iterator[Event | Reject]:
    line_number = 0
    for number, block in enumerate(blocks):
        for document, fault in judged_documents(
            block.removeprefix(BYTE_ORDER_MARK) if number == 0 else block
        ):
            line_number += 1
            if fault is None:
                yield Event(line_number, document)
            else:
                yield Reject(line_number, *fault, printable(document))


def judged_documents(block: bytes) -> Iterator[tuple[bytes, Fault | None]]:
    lines = [line for line in block.split(b"\n") if line and not line.isspace()]
    faults = [judge(line) for line in lines]
    if any(fault is not None and fault.reason == MALFORMED for fault in faults):
        for document in split_by_brackets(block):
            yield document, judge(document)
        return
    for line, fault in zip(lines, faults, strict=True):
        elements = split_array(line.strip(WHITE_SPACE)) if fault is not None else None
        if elements is None:
            yield line, fault
        else:
            for element in elements:
                yield element, judge(element)


def judge(document: bytes) -> Fault | None:
    """Why PostgreSQL cannot hold this document as one event, if it cannot."""
    if len(document) > MAX_DOCUMENT_BYTES:
        return Fault("too_large", f"{len(document)} bytes, at most {MAX_DOCUMENT_BYTES} are read")
    try:
        value = orjson.loads(document)
    except orjson.JSONDecodeError as error:
        return why_unreadable(document, error)
    if type(value) is not dict:
        return Fault("not_an_object", f"a JSON {type(value).__name__}")
    if b"\\u0000" in document and ESCAPED_NUL.search(document):
        return Fault("unstorable_text", "holds the character U+0000")
    if may_hold_unstorable_number(document):
        return unstorable_number(document)
    return None


def may_hold_unstorable_number(document: bytes) -> bool:
    return bool(
        SMALL_EXPONENT.search(document)
        or SMALL_CAPITAL_EXPONENT.search(document)
        or (len(document) > LONG_NUMBER_DIGITS and LONG_NUMBER.search(document))
    )


def why_unreadable(document: bytes, error: orjson.JSONDecodeError) -> Fault | None:
    """A number too large for a float is still JSON, and PostgreSQL holds it; a lone surrogate is JSON too,
    but PostgreSQL has no character for it."""
    if "depth" in error.msg:
        return Fault("too_deep", error.msg)
    if is_json(STRING_OR_NUMBER.sub(without_number, document)):
        if not document.lstrip(WHITE_SPACE).startswith(b"{"):
            return Fault("not_an_object", "a JSON value")
        if ESCAPED_NUL.search(document):
            return Fault("unstorable_text", "holds the character U+0000")
        return unstorable_number(document)
    if is_json(STRING_OR_NUMBER.sub(without_number_and_surrogate, document)):
        return Fault("unstorable_text", "holds half of a surrogate pair")
    return Fault(MALFORMED, str(error))


def is_json(document: bytes) -> bool:
    try:
        orjson.loads(document)
    except orjson.JSONDecodeError:
        return False
    return True


def without_number(token: re.Match[bytes]) -> bytes:
    return token[0] if token[0].startswith(b'"') else b"null"


def without_number_and_surrogate(token: re.Match[bytes]) -> bytes:
    return ESCAPE.sub(lambda escape: b"?" if len(escape[0]) > 2 else escape[0], without_number(token))


def unstorable_number(document: bytes) -> Fault | None:
    for token in STRING_OR_NUMBER.finditer(document):
        integer, fraction, exponent = token[1], token[2] or b"", token[3] or b"0"
        if integer is None:
            continue
        shift = (
            int(exponent) if len(exponent) < 10 else MAX_INTEGER_DIGITS * (-1 if exponent[:1] == b"-" else 1)
        )
        is_zero = not (integer + fraction).strip(b"0")
        if (len(integer) + shift > MAX_INTEGER_DIGITS and not is_zero) or (
            len(fraction) - shift > MAX_FRACTION_DIGITS
        ):
            return Fault("unstorable_text", "holds a number beyond what PostgreSQL's numeric can hold")
    return None


def split_by_brackets(block: bytes) -> Iterator[bytes]:
    """The documents of a block that is not one document a line: pretty-printed, concatenated, or broken."""
    documents = balanced(block)
    if documents is None:
        documents = [block.strip(WHITE_SPACE)]
    for document in documents:
        elements = split_array(document)
        for piece in [document] if elements is None else elements:
            if b"\n" in piece and STARTS_OBJECT.search(piece) and is_malformed(piece):
                for line in piece.split(b"\n"):
                    yield from split_line(line.strip(WHITE_SPACE))
            else:
                yield piece


def is_malformed(document: bytes) -> bool:
    fault = judge(document)
    return fault is not None and fault.reason == MALFORMED


def split_line(line: bytes) -> Iterator[bytes]:
    """A line of a broken array is still an event once the array's own marks are taken off."""
    inner = line.strip(b" \t\r,[]")
    if inner:
        yield from balanced(line) or balanced(inner) or [line]


def balanced(block: bytes) -> list[bytes] | None:
    """The top-level documents of a block, if all of its brackets close."""
    documents: list[bytes] = []
    depth = start = end = 0
    for token in STRUCTURE.finditer(block):
        mark = token[0]
        if mark in b"[{":
            if depth == 0:
                documents += loose_lines(block[end : token.start()])
                start = token.start()
            depth += 1
        elif mark in b"]}":
            depth -= 1
            if depth == 0:
                end = token.end()
                documents.append(block[start:end])
        if depth < 0:
            return None
    return None if depth else documents + loose_lines(block[end:])


def loose_lines(gap: bytes) -> list[bytes]:
    """What stands outside of all brackets, a document a line; commas there only separate."""
    return [line for line in (line.strip(WHITE_SPACE + b",") for line in gap.split(b"\n")) if line]


def split_array(array: bytes) -> list[bytes] | None:
    """The elements of one array, whether or not each of them is JSON; nothing if this is not one array."""
    if not array.startswith(b"["):
        return None
    elements: list[bytes] = []
    depth, start = 0, 1
    for token in STRUCTURE.finditer(array):
        mark = token[0]
        depth += (mark in b"[{") - (mark in b"]}")
        if depth == 0 or (depth == 1 and mark == b","):
            elements.append(array[start : token.start()].strip(WHITE_SPACE))
            start = token.end()
        if depth == 0:
            is_whole = token.end() == len(array)
            return (elements if elements != [b""] else []) if is_whole else None
    return None


def cut_open_array(data: bytes) -> tuple[bytes, bytes] | None:
    """The complete elements of an array that goes on, one a line, and the array of what is left."""
    if not data.startswith(b"["):
        return None
    depth, start = 0, 1
    elements: list[bytes] = []
    for token in STRUCTURE.finditer(data):
        mark = token[0]
        depth += (mark in b"[{") - (mark in b"]}")
        if depth == 0:
            return None
        if depth == 1 and mark == b",":
            elements.append(data[start : token.start()])
            start = token.end()
    return (b"\n".join(elements) + b"\n", b"[" + data[start:]) if elements else None


def printable(document: bytes) -> str:
    return document[:MAX_RAW_TEXT_BYTES].decode("utf-8", "replace").replace("\0", "\\u0000")
