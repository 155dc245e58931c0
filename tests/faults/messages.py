"""HTTP messages as they come over the wire: read piece by piece, and kept as they are."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

PIECE_BYTES = 256 * 1024


@dataclass(frozen=True)
class Head:
    lines: list[bytes]

    @property
    def first_line(self) -> str:
        return self.lines[0].decode("latin-1").strip()

    @property
    def raw(self) -> bytes:
        return b"".join(self.lines) + b"\r\n"

    def value(self, name: bytes) -> bytes:
        for line in self.lines[1:]:
            head, _, value = line.partition(b":")
            if head.lower() == name:
                return value.strip().lower()
        return b""

    def without(self, name: bytes) -> "Head":
        return Head([line for line in self.lines if not line.lower().startswith(name + b":")])


def read_head(stream: BinaryIO) -> Head:
    lines = []
    while (line := stream.readline()) != b"\r\n":
        if not line:
            raise EOFError
        lines.append(line)
    return Head(lines)


def read_request(stream: BinaryIO) -> tuple[Head, Iterator[bytes]]:
    head = read_head(stream)
    return head, body(stream, head)


def read_answer(stream: BinaryIO, request: Head) -> tuple[Head, Iterator[bytes]]:
    head = read_head(stream)
    status = head.first_line.split()[1]
    has_none = request.first_line.startswith("HEAD ") or status in ("204", "304")
    return head, iter(()) if has_none else body(stream, head)


def body(stream: BinaryIO, head: Head) -> Iterator[bytes]:
    if head.value(b"transfer-encoding") == b"chunked":
        yield from chunks(stream)
    else:
        left = int(head.value(b"content-length") or 0)
        while left:
            yield (piece := stream.read(min(left, PIECE_BYTES)))
            if not piece:
                raise EOFError
            left -= len(piece)


def chunks(stream: BinaryIO) -> Iterator[bytes]:
    """Each with its length before it; the last is empty, and nobody here sends trailers after it."""
    size = -1
    while size:
        line = stream.readline()
        size = int(line, 16)
        yield line + stream.read(size + len(b"\r\n"))
