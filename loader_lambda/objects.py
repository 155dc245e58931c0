"""The bucket's side: what lies below a prefix, and the bytes of each object."""

import zlib
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain

import obstore
from obstore.exceptions import InvalidPathError
from obstore.store import S3Store

from loader_lambda.patience import wait_in_time
from loader_lambda.records import UnreadableObjectError

PARALLEL_REQUESTS = 32
# A page is looked up in the ledger and loaded before the next is listed; S3 itself answers 1,000 at a time.
LISTING_PAGE = 10_000
# Objects up to this size are fetched whole and ahead of their turn; a larger one is streamed.
SMALL_OBJECT_BYTES = 2 * 1024 * 1024
FETCHED_AHEAD_BYTES = 32 * 1024 * 1024
STREAMED_BYTES = 1024 * 1024
DEFLATED_BYTES = 16 * 1024
INFLATED_BYTES = 1024 * 1024
GZIP_MAGIC = b"\x1f\x8b"
PADDING = b"\0"


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
    page: dict[str, StoredObject] = {}
    for prefix in prefixes:
        for entries in list_entries(bucket, prefix):
            for stored in entries:
                # An object may have a folder marker of its own name beside it, which comes later.
                page.setdefault(stored.key, stored)
            if len(page) >= LISTING_PAGE:
                yield list(page.values())
                page = {}
    yield list(page.values())


def list_entries(bucket: S3Store, prefix: str) -> Iterator[list[StoredObject]]:
    last = ""
    try:
        for entries in obstore.list(bucket, prefix, chunk_size=LISTING_PAGE):
            yield [StoredObject(entry["path"], entry["e_tag"], entry["size"]) for entry in entries]
            last = entries[-1]["path"]
    except InvalidPathError:
        yield from list_odd_entries(bucket, prefix, last)


def list_odd_entries(bucket: S3Store, prefix: str, after: str) -> Iterator[list[StoredObject]]:
    """Where a key is none that obstore could ask for, such as `a//b`, it tells of no other either."""
    import boto3  # noqa: PLC0415 - 0.2 s that only those pay who have such a key

    client = boto3.client("s3", endpoint_url=bucket.config.get("endpoint"))
    pages = client.get_paginator("list_objects_v2")
    for page in pages.paginate(Bucket=bucket.config["bucket"], Prefix=prefix, StartAfter=after):
        yield [
            StoredObject(entry["Key"].removesuffix("/"), entry["ETag"], entry["Size"])
            for entry in page.get("Contents", [])
        ]


def fetch(
    bucket: S3Store,
    objects: Iterable[StoredObject],
    seconds_left: Callable[[], float | None] = lambda: None,
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
                yield first, outcome(future, seconds_left())
        while requested:
            first, future = requested.popleft()
            yield first, outcome(future, seconds_left())
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def outcome(future: "Future[bytes]", seconds_left: float | None) -> bytes | Exception:
    wait_in_time(future, seconds_left)
    try:
        return future.result()
    except Exception as error:
        return error


def read_whole(bucket: S3Store, stored: StoredObject) -> bytes:
    return bytes(obstore.get(bucket, stored.key).bytes()) if stored.size else b""


def stream(bucket: S3Store, stored: StoredObject) -> Iterator[bytes]:
    for chunk in obstore.get(bucket, stored.key).stream(min_chunk_size=STREAMED_BYTES):
        yield bytes(chunk)


def unpacked(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The chunks as they are, or inflated bit by bit where the object is gzip, of one member or many."""
    chunks = iter(chunks)
    head = b""
    while len(head) < len(GZIP_MAGIC) and (chunk := next(chunks, None)) is not None:
        head += chunk
    chunks = chain([head], chunks)
    return inflated(chunks) if head.startswith(GZIP_MAGIC) else chunks


def inflated(chunks: Iterable[bytes]) -> Iterator[bytes]:
    member = zlib.decompressobj(wbits=31)
    try:
        for piece in slices(chunks):
            data = piece
            while data := data.lstrip(PADDING) if member.eof else data:
                member = zlib.decompressobj(wbits=31) if member.eof else member
                yield member.decompress(data, INFLATED_BYTES)
                data = member.unconsumed_tail or member.unused_data
    except zlib.error as error:
        raise UnreadableObjectError(f"damaged gzip: {error}") from error
    if not member.eof:
        raise UnreadableObjectError("gzip is cut short")


def slices(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Small ones, because zlib copies what follows a member, and members may be small and many."""
    for chunk in chunks:
        for start in range(0, len(chunk), DEFLATED_BYTES):
            yield chunk[start : start + DEFLATED_BYTES]
