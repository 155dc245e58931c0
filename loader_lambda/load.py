"""One load: list what lies in the window, leave out what the ledger knows, copy the rest batch by batch."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field

import psycopg
from obstore.store import S3Store

from loader_lambda.copying import Copier, LoadedObject, Record
from loader_lambda.objects import (
    SMALL_OBJECT_BYTES,
    StoredObject,
    fetch,
    list_objects,
    stream,
    unpacked,
)
from loader_lambda.patience import OutOfTimeError, each_in_time
from loader_lambda.records import read_records
from loader_lambda.warehouse import count_batch, known_etags, wait_for_locks_at_most

# Kept back from the time a load may take, to commit what is read, to count what is left, and to close it.
RESERVE_SECONDS = 20.0


@dataclass(slots=True)
class Tally:
    objects: int = 0
    skipped: int = 0
    changed: int = 0
    processed: int = 0
    inserted: int = 0
    rejected: int = 0
    remaining: int = 0
    failures: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Load:
    connection: psycopg.Connection
    bucket: S3Store
    load_id: int
    table: str
    rows_per_batch: int
    time_left: Callable[[], float]
    tally: Tally = field(default_factory=Tally)

    def run(self, prefixes: Iterable[str]) -> Tally:
        for page in each_in_time(list_objects(self.bucket, prefixes), self.time_to_list):
            if self.time_to_end() < 0:
                self.tally.objects += len(page)
                self.tally.remaining += len(page)
                break
            self.load_page(page)
        return self.tally

    def time_to_begin(self) -> float:
        """How long another object may be begun."""
        return self.time_left() - RESERVE_SECONDS

    def time_to_end(self) -> float:
        """How long one that was begun may take."""
        return self.time_left() - RESERVE_SECONDS / 2

    def time_to_list(self) -> float:
        """What was not loaded is listed all the same, and counted."""
        return max(RESERVE_SECONDS / 4, self.time_to_end())

    def is_time_up(self) -> bool:
        return self.time_to_begin() < 0

    def load_page(self, page: list[StoredObject]) -> None:
        self.tally.objects += len(page)
        wait_for_locks_at_most(self.connection, self.time_to_end())
        new = self.without_known(page)
        before = self.tally.processed
        small = (stored for stored in new if stored.size <= SMALL_OBJECT_BYTES)
        with suppress(OutOfTimeError), closing(fetch(self.bucket, small, self.time_to_begin)) as fetched:
            while not self.is_time_up() and self.copy_batch(read_small(fetched, self.tally)):
                pass
        with suppress(OutOfTimeError):
            for stored in new:
                if stored.size > SMALL_OBJECT_BYTES and not self.is_time_up():
                    self.copy_large(stored)
        self.tally.remaining += len(new) - (self.tally.processed - before)

    def without_known(self, page: list[StoredObject]) -> list[StoredObject]:
        known = known_etags(self.connection, page)
        self.tally.skipped += len(known)
        self.tally.changed += sum(known.get(stored.key, stored.etag) != stored.etag for stored in page)
        return [stored for stored in page if stored.key not in known]

    def copy_large(self, stored: StoredObject) -> None:
        """Alone in its transaction: if the stream breaks, nothing but its own rows is undone."""
        chunks = each_in_time(stream(self.bucket, stored), self.time_to_end)
        try:
            self.copy_batch(iter([(LoadedObject(stored), chunks)]))
        except (psycopg.Error, OutOfTimeError):
            raise
        except Exception as error:
            self.tally.failures.append(failure(stored, error))

    def in_time(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """One object may be more than there is time for: its batch is undone, and the next load tries it."""
        for chunk in chunks:
            if self.time_to_end() < 0:
                raise OutOfTimeError
            yield chunk

    def copy_batch(self, objects: Iterator[tuple[LoadedObject, Iterable[bytes]]]) -> bool:
        """One transaction; says whether there was anything to copy."""
        copier = Copier(self.connection, self.load_id, self.table)
        loaded: list[LoadedObject] = []
        wait_for_locks_at_most(self.connection, self.time_to_end())
        with self.connection.transaction():
            copier.copy(self.records(objects, loaded))
            copier.copy_ledger(loaded)
            count_batch(self.connection, self.load_id, loaded)
        self.tally.processed += len(loaded)
        self.tally.inserted += sum(each.event_count for each in loaded)
        self.tally.rejected += sum(each.rejected_count for each in loaded)
        return bool(loaded)

    def records(
        self, objects: Iterator[tuple[LoadedObject, Iterable[bytes]]], loaded: list[LoadedObject]
    ) -> Iterator[Record]:
        """Reads objects until the batch is full; those read to their end are `loaded`."""
        size = 0
        for each, chunks in objects:
            for record in read_records(self.in_time(unpacked(chunks))):
                size += 1
                yield each, record
            loaded.append(each)
            size += 1
            if size >= self.rows_per_batch or self.is_time_up():
                return


def read_small(
    fetched: Iterator[tuple[StoredObject, bytes | Exception]], tally: Tally
) -> Iterator[tuple[LoadedObject, Iterable[bytes]]]:
    """Where the next does not come in time, what came before it is a batch."""
    with suppress(OutOfTimeError):
        for stored, outcome in fetched:
            if isinstance(outcome, bytes):
                yield LoadedObject(stored), [outcome]
            elif not isinstance(outcome, FileNotFoundError):  # deleted since it was listed: nothing to load
                tally.failures.append(failure(stored, outcome))


def failure(stored: StoredObject, error: Exception) -> str:
    """One line: what the store's client adds to it are pages for those who wrote it."""
    first_line, _, _ = str(error).partition("\n")
    return f"{stored.key}: {first_line}"
