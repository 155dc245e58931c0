"""From the bytes of an object to events and rejects. Nothing is renamed, typed or dropped on the way.

An object is read in blocks. A block whose lines are all JSON, which is how ingest writes them, is read line
by line; any other is taken apart by its brackets; and where those do not close, it is lines again."""

import re
from collections.abc import Generator, Iterable, Iterator
from typing import NamedTuple

from loader_lambda.faults import MALFORMED, MAX_DOCUMENT_BYTES, STRING, TOO_LARGE, Fault, are_plain, judge

BLOCK_BYTES = 2 * MAX_DOCUMENT_BYTES
MAX_RAW_TEXT_BYTES = 2_000
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
WHITE_SPACE = b" \t\r\n"
# Between documents these only separate; a closing bracket there ends an array that began in pieces.
SEPARATORS = WHITE_SPACE + b",]"

STRUCTURE = re.compile(STRING + rb"|[\[\]{},]")
LINE_STARTS_OBJECT = re.compile(rb'\n\[?\{[ \t]*"')
# No single document holds this: between its objects stand commas.
ENDS_AND_STARTS_OBJECT = re.compile(rb"\}[ \t\r]*\n\{")
NEXT_LINE = re.compile(rb"\n")
NEXT_DOCUMENT_LINE = re.compile(rb"\n(?=[\[{])")


class UnreadableObjectError(Exception):
    """The object's bytes are not what they claim to be; no retry will change that."""


class Event(NamedTuple):
    line_number: int
    payload: bytes


class Reject(NamedTuple):
    line_number: int
    reason: str
    detail: str
    raw_text: str


Judged = tuple[bytes, Fault | None]


def read_records(chunks: Iterable[bytes]) -> Iterator[Event | Reject]:
    try:
        for line_number, (document, fault) in enumerate(judged_documents(chunks), start=1):
            if fault is None:
                yield Event(line_number, document)
            else:
                yield Reject(line_number, *fault, printable(document))
    except UnreadableObjectError as error:
        yield Reject(0, "unreadable_object", str(error), "")


def judged_documents(chunks: Iterable[bytes]) -> Iterator[Judged]:
    """A document may go on in the next block, but not beyond the size that one may have: what follows it then
    is taken for a part of it, up to a line that begins another."""
    rest = b""
    overlong: re.Pattern[bytes] | None = None
    for block in blocks(chunks):
        data = rest + block
        if overlong:
            end = overlong.search(data)
            if end is None:
                rest = data[-1:]
                continue
            data, overlong = data[end.end() :], None
        rest = yield from read_block(data)
        if len(rest) > MAX_DOCUMENT_BYTES:
            yield rest, judge(rest)
            overlong = NEXT_DOCUMENT_LINE if b"\n" in rest else NEXT_LINE
            rest = rest[-1:]
    if rest and not overlong:
        yield from read_end(rest)


def blocks(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The chunks in pieces of a useful size. What came before the object turned out unreadable is kept."""
    held = bytearray()
    mark = BYTE_ORDER_MARK
    try:
        for chunk in chunks:
            held += chunk
            if len(held) >= BLOCK_BYTES:
                yield bytes(held.removeprefix(mark))
                held.clear()
                mark = b""
    except UnreadableObjectError:
        yield bytes(held.removeprefix(mark))
        raise
    yield bytes(held.removeprefix(mark))


def read_block(data: bytes) -> Generator[Judged, None, bytes]:
    """The documents that end in this block; returns what goes on in the next."""
    cut = data.rfind(b"\n") + 1
    if len(data) - cut <= MAX_DOCUMENT_BYTES and (lines := json_lines(data[:cut])) is not None:
        for line, fault in zip(*lines, strict=True):
            if fault is None:
                yield line, None
            else:
                yield from array_elements(line, fault)
        return data[cut:]

    documents, rest = split_by_brackets(data)
    for document in documents:
        yield from swallowed_lines(document)
    if len(rest) > MAX_DOCUMENT_BYTES and LINE_STARTS_OBJECT.search(rest):
        cut = rest.rfind(b"\n") + 1
        yield from each_line(rest[:cut])
        return rest[cut:]
    return rest


def read_end(rest: bytes) -> Iterator[Judged]:
    fault = judge(rest)
    if not is_no_document(fault):
        yield from array_elements(rest, fault)
        return
    documents, rest = split_by_brackets(rest + b"\n")
    for document in documents:
        yield from swallowed_lines(document)
    yield from each_line(rest) if LINE_STARTS_OBJECT.search(rest) else salvaged(rest)


def json_lines(text: bytes) -> tuple[list[bytes], list[Fault | None]] | None:
    """The lines and what ails them, if each of them is JSON."""
    lines = [line for line in text.split(b"\n") if line and not line.isspace()]
    faults: list[Fault | None] = []
    plain = are_plain(text)
    for line in lines:
        faults.append(judge(line, plain))
        if is_no_document(faults[-1]):
            return None
    return lines, faults


def is_no_document(fault: Fault | None) -> bool:
    return fault is not None and fault.reason in (MALFORMED, TOO_LARGE)


def array_elements(line: bytes, fault: Fault | None) -> Iterator[Judged]:
    """A line that is one array holds a document an element."""
    if fault is not None and line.lstrip().startswith(b"["):
        documents, rest = split_by_brackets(line)
        if not rest:
            yield from ((document, judge(document)) for document in documents)
            return
    yield line, fault


def swallowed_lines(document: bytes) -> Iterator[Judged]:
    """One document, or many lines between a bracket that was not closed and one that was not opened."""
    fault = judge(document)
    if fault is not None and is_no_document(fault):
        evidence = LINE_STARTS_OBJECT if fault.reason == MALFORMED else ENDS_AND_STARTS_OBJECT
        if evidence.search(document):
            yield from each_line(document)
            return
    yield document, fault


def each_line(text: bytes) -> Iterator[Judged]:
    for line in text.split(b"\n"):
        yield from salvaged(line)


def salvaged(text: bytes) -> Iterator[Judged]:
    """A piece of a broken array is still an event once the array's own marks are taken off."""
    text = text.strip(WHITE_SPACE)
    inner = text.strip(SEPARATORS + b"[")
    for candidate in (text, inner):
        documents, rest = split_by_brackets(candidate + b"\n")
        if not rest:
            yield from ((document, judge(document)) for document in documents)
            return
    yield inner, judge(inner)


def split_by_brackets(data: bytes) -> tuple[list[bytes], bytes]:
    """The documents that brackets close, of an array its elements; and what is left open, with the bracket of
    the array that it stands in. What lies outside of brackets is a document a line."""
    documents: list[bytes] = []
    depth = start = 0
    in_array = False
    for token in STRUCTURE.finditer(data):
        mark = token[0]
        if mark in b"[{":
            if depth == 0:
                line = max(start, data.rfind(b"\n", start, token.start()) + 1)
                documents += loose_lines(data[start:line])
                begins_line = not data[line : token.start()].strip(SEPARATORS)
                in_array = begins_line and mark == b"["
                start = token.start() + in_array if begins_line else line
            depth += 1
        elif mark in b"]}" and depth:
            depth -= 1
            if depth == 0:
                documents.append(data[start : token.end() - in_array])
                start = token.end()
        elif mark == b"," and depth == 1 and in_array:
            documents.append(data[start : token.start()])
            start = token.end()
    if not depth:
        line = max(start, data.rfind(b"\n", start) + 1)
        documents += loose_lines(data[start:line])
        start, in_array = line, False
    rest = data[start:].lstrip(SEPARATORS)
    return [each for each in map(stripped, documents) if each], b"[" + rest if in_array else rest


def loose_lines(gap: bytes) -> list[bytes]:
    return [line.strip(SEPARATORS) for line in gap.split(b"\n")]


def stripped(document: bytes) -> bytes:
    return document.strip(WHITE_SPACE)


def printable(document: bytes) -> str:
    return document[:MAX_RAW_TEXT_BYTES].decode("utf-8", "replace").replace("\0", "\\u0000")
