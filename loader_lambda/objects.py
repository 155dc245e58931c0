"""The bucket's side: what lies below a prefix, and the bytes of each object in blocks that end at a line."""

import zlib
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta

import obstore
from obstore.store import S3Store

from loader_lambda.records import cut_open_array

PARALLEL_REQUESTS = 32
# A page is looked up in the ledger and loaded before the next is listed; S3 itself answers 1,000 at a time.
LISTING_PAGE = 10_000
# Objects up to this size are fetched whole and ahead of their turn; a larger one is streamed.
SMALL_OBJECT_BYTES = 2 * 1024 * 1024
FETCHED_AHEAD_BYTES = 32 * 1024 * 1024
BLOCK_BYTES = 4 * 1024 * 1024
GZIP_MAGIC = b"\x1f\x8b"


class UnreadableObjectError(Exception):
    """The object's bytes are not what they claim to be; no retry will change that."""


@dataclass(frozen=True, slots=True)
class StoredObject:
    key: str
    etag: str | None
    size: int


def open_bucket(name: str, endpoint: str | None) -> S3Store:
    return S3Store(
        name,
        config={"endpoint": endpoint} if endpoint else {},
        client_options={
            "allow_http": bool(endpoint and endpoint.startswith("http://")),
            "connect_timeout": timedelta(seconds=5),
            "timeout": timedelta(seconds=60),
        },
        retry_config={"max_retries": 5, "retry_timeout": timedelta(seconds=60)},
    )


def list_objects(bucket: S3Store, prefixes: Iterable[str]) -> Iterator[list[StoredObject]]:
    """Pages, so that an hour of a million objects is never held at once, and many empty hours make one."""
    page: list[StoredObject] = []
    for prefix in prefixes:
        for entries in obstore.list(bucket, prefix, chunk_size=LISTING_PAGE):
            page += [StoredObject(entry["path"], entry["e_tag"], entry["size"]) for entry in entries]
            if len(page) >= LISTING_PAGE:
                yield page
                page = []
    yield page


def fetch(
    bucket: S3Store, objects: Iterable[StoredObject]
) -> Generator[tuple[StoredObject, bytes | Exception], None, None]:
    """Small objects in their order, each with its bytes or with what kept us from getting them."""
    requested: deque[tuple[StoredObject, Future[bytes]]] = deque()
    requested_bytes = 0
    pool = ThreadPoolExecutor(PARALLEL_REQUESTS)
    try:
        for stored in objects:
            requested.append((stored, pool.submit(read_whole, bucket, stored)))
            requested_bytes += stored.size
            while len(requested) > 2 * PARALLEL_REQUESTS or requested_bytes > FETCHED_AHEAD_BYTES:
                first, future = requested.popleft()
                requested_bytes -= first.size
                yield first, outcome(future)
        while requested:
            first, future = requested.popleft()
            yield first, outcome(future)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def outcome(future: "Future[bytes]") -> bytes | Exception:
    try:
        return future.result()
    except Exception as error:
        return error


def read_whole(bucket: S3Store, stored: StoredObject) -> bytes:
    return bytes(obstore.get(bucket, stored.key).bytes()) if stored.size else b""


def stream(bucket: S3Store, stored: StoredObject) -> Iterator[bytes]:
    for chunk in obstore.get(bucket, stored.key).stream(min_chunk_size=BLOCK_BYTES):
        yield bytes(chunk)


def blocks(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Cuts at line breaks, or in a long array at its commas. Of any other line longer than a block only the
    beginning is kept: it is too large to be an event, and the reader says so."""
    held = b""
    is_overlong = False
    try:
        for chunk in unpacked(chunks):
            if is_overlong:
                _, line_break, rest = chunk.partition(b"\n")
                is_overlong = not line_break
                held += rest
            else:
                held += chunk
            if len(held) < BLOCK_BYTES:
                continue
            whole, held = cut_at_line(held) or cut_open_array(held) or (held, b"")
            is_overlong = not held and not whole.endswith(b"\n")
            yield whole
    except UnreadableObjectError:
        yield held[: held.rfind(b"\n") + 1]
        raise
    yield held


def cut_at_line(held: bytes) -> tuple[bytes, bytes] | None:
    cut = held.rfind(b"\n") + 1
    return (held[:cut], held[cut:]) if cut else None


def unpacked(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The chunks as they are, or inflated bit by bit where the object is gzip, of one member or many."""
    chunks = iter(chunks)
    first = next(chunks, b"")
    if not first.startswith(GZIP_MAGIC):
        yield first
        yield from chunks
        return
    member = zlib.decompressobj(wbits=31)
    data = first
    try:
        while True:
            while data:
                if member.eof:
                    if not data.strip(b"\0"):
                        break
                    member = zlib.decompressobj(wbits=31)
                yield member.decompress(data, BLOCK_BYTES)
                data = member.unconsumed_tail or member.unused_data
            data = next(chunks, b"")
            if not data:
                break
    except zlib.error as error:
        raise UnreadableObjectError(f"damaged gzip: {error}") from error
    if not member.eof:
        raise UnreadableObjectError("gzip is cut short")
