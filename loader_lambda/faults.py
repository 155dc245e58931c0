"""What keeps a document from being an event: one JSON object that PostgreSQL can hold as jsonb."""

import re
from functools import cache
from typing import NamedTuple

import orjson

MAX_DOCUMENT_BYTES = 1_048_576

# Possessive, with an optional end, and closed by a line break at the latest: no input makes these run twice
# over the same bytes, and one unclosed string cannot swallow the next line.
STRING = rb'"(?:[^"\\\n]++|\\[^\n])*+"?'
NUMBER = rb"-?(0|[1-9]\d*+)(?:\.(\d++))?(?:[eE]([+-]?\d++))?"
STRING_OR_NUMBER = re.compile(STRING + rb"|" + NUMBER)
ESCAPE = re.compile(rb"\\(?:u[dD][89a-fA-F][0-9a-fA-F]{2}|[^\n])")
ESCAPED_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")

# What PostgreSQL's numeric, and so jsonb, can hold.
MAX_INTEGER_DIGITS = 131_072
MAX_FRACTION_DIGITS = 16_383
MAX_EXPONENT = 1_073_741_822  # PostgreSQL 18 would take one more
# Every number beyond that which orjson lets pass looks like one of these; few others do.
# Three patterns for one, because a literal beginning makes each ten times as fast. What ends a number tells
# it from a part of a UUID.
LONG_EXPONENT = re.compile(rb"e-\d{4,}[\s,\]}]")
LONG_CAPITAL_EXPONENT = re.compile(rb"E-\d{4,}[\s,\]}]")
LONG_ZERO = re.compile(rb"0[eE]\+?\d{10}")
LONG_NUMBER_DIGITS = 15_000
LONG_NUMBER = re.compile(rb"(?<!\d)\d{%d}" % LONG_NUMBER_DIGITS)

MALFORMED = "malformed_json"
TOO_LARGE = "too_large"


class Fault(NamedTuple):
    reason: str
    detail: str


def judge(document: bytes, is_plain: bool = False) -> Fault | None:
    """Why PostgreSQL cannot hold this document as one event, if it cannot. Whoever has many asks of
    all of them at once whether they are plain."""
    if len(document) > MAX_DOCUMENT_BYTES:
        return Fault(TOO_LARGE, f"more than {MAX_DOCUMENT_BYTES} bytes")
    try:
        value = orjson.loads(document)
    except orjson.JSONDecodeError as error:
        return why_unreadable(document, error)
    if type(value) is not dict:
        return not_an_object(type(value).__name__)
    if is_plain or are_plain(document):
        is_long = len(document) > LONG_NUMBER_DIGITS and LONG_NUMBER.search(document)
        return unstorable_number(document) if is_long else None
    if ESCAPED_NUL.search(document):
        return Fault("unstorable_text", "holds the character U+0000")
    return unstorable_number(document)


@cache  # a block may be a million of them
def not_an_object(kind: str) -> Fault:
    return Fault("not_an_object", f"a JSON {kind}")


def are_plain(documents: bytes) -> bool:
    """Nothing in them looks like what PostgreSQL cannot hold. Numbers of many digits take so long to look for
    that only a long document is asked for one, by itself."""
    return not (
        b"\\u0000" in documents
        or LONG_EXPONENT.search(documents)
        or LONG_CAPITAL_EXPONENT.search(documents)
        or LONG_ZERO.search(documents)
    )


def why_unreadable(document: bytes, error: orjson.JSONDecodeError) -> Fault | None:
    """A number too large for a float is still JSON, and PostgreSQL holds it; a lone surrogate is JSON too,
    but PostgreSQL has no character for it."""
    if "depth" in error.msg:
        return Fault("too_deep", error.msg)
    if "infinity" not in error.msg and "surrogate" not in error.msg:
        return Fault(MALFORMED, str(error))
    if is_json(STRING_OR_NUMBER.sub(without_number, document)):
        if not document.lstrip().startswith(b"{"):
            return not_an_object("value")
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
        if integer is not None and not is_storable(integer, fraction, exponent):
            return Fault("unstorable_text", "holds a number beyond what PostgreSQL's numeric can hold")
    return None


def is_storable(integer: bytes, fraction: bytes, exponent: bytes) -> bool:
    size = exponent.lstrip(b"+-0") or b"0"
    if len(size) > len(str(MAX_EXPONENT)) or int(size) > MAX_EXPONENT:
        return False
    shift = int(size) * (-1 if exponent.startswith(b"-") else 1)
    digits = (integer + fraction).lstrip(b"0")
    return (not digits or len(digits) - len(fraction) + shift <= MAX_INTEGER_DIGITS) and (
        len(fraction) - shift <= MAX_FRACTION_DIGITS
    )
