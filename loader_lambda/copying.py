"""Events into PostgreSQL by COPY in its binary format: nothing to escape, nothing to unescape."""

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

import psycopg
from psycopg import errors, sql

from loader_lambda.objects import StoredObject
from loader_lambda.records import Event, Reject, printable

# One COPY statement, and what is kept in memory to repeat it if PostgreSQL refuses a row.
CHUNK_BYTES = 16 * 1024 * 1024
RECORD_BYTES = 300  # what a record takes beside its text
WRITE_BYTES = 128 * 1024

COPY_HEADER = b"PGCOPY\n\xff\r\n\0" + struct.pack(">ii", 0, 0)
COPY_TRAILER = struct.pack(">h", -1)
ROW_HEAD = struct.Struct(">hiqi")  # four fields; load_id; length of the key
ROW_TAIL = struct.Struct(">iiiB")  # line_number; length of the payload; version 1 of jsonb's binary form

# What PostgreSQL says of a value that it cannot hold. Anything else is no fault of the row.
REFUSALS = (psycopg.DataError, errors.ProgramLimitExceeded, errors.StatementTooComplex)


@dataclass(slots=True)
class LoadedObject:
    stored: StoredObject
    event_count: int = 0
    rejected_count: int = 0


Record = tuple[LoadedObject, Event | Reject]
EventRow = tuple[LoadedObject, Event]
RejectRow = tuple[LoadedObject, Reject]


class Copier:
    """Writes the records of one load; every method belongs inside the caller's transaction."""

    def __init__(self, connection: psycopg.Connection, load_id: int, table: str) -> None:
        self.connection = connection
        self.load_id = load_id
        self.statement = sql.SQL(
            "copy {} (load_id, object_key, line_number, payload) from stdin (format binary)"
        ).format(sql.Identifier(*table.split(".")))

    def copy(self, records: Iterator[Record]) -> None:
        for record in records:
            self.copy_chunk(chain([record], records))

    def copy_chunk(self, records: Iterable[Record]) -> None:
        """As many records as one COPY takes. The rows are sent while they are read, so PostgreSQL works on
        the last ones while we read the next."""
        events: list[EventRow] = []
        rejects: list[RejectRow] = []
        try:
            with self.connection.transaction():
                self.send(sorted_out(records, events, rejects))
        except REFUSALS as refusal:
            rejects += self.copy_by_halves(events, refusal)
        self.copy_rejects(rejects)
        for loaded, _ in events:
            loaded.event_count += 1
        for loaded, reject in rejects:
            loaded.rejected_count += 1
            loaded.event_count -= isinstance(reject, RefusedEvent)

    def copy_by_halves(self, events: list[EventRow], refusal: psycopg.Error) -> list[RejectRow]:
        """Closes in on the rows that PostgreSQL refuses; all others are copied."""
        if len(events) == 1:
            ((loaded, event),) = events
            return [(loaded, refused(event, refusal))]
        middle = len(events) // 2
        rejects: list[RejectRow] = []
        for half in (events[:middle], events[middle:]):
            try:
                with self.connection.transaction():
                    self.send(half)
            except REFUSALS as half_refusal:
                rejects += self.copy_by_halves(half, half_refusal)
        return rejects

    def send(self, events: Iterable[EventRow]) -> None:
        with self.connection.cursor() as cursor, cursor.copy(self.statement) as copy:
            buffer = bytearray(COPY_HEADER)
            for loaded, (line_number, payload) in events:
                key = loaded.stored.key.encode()
                buffer += ROW_HEAD.pack(4, 8, self.load_id, len(key))
                buffer += key
                buffer += ROW_TAIL.pack(4, line_number, len(payload) + 1, 1)
                buffer += payload
                if len(buffer) >= WRITE_BYTES:
                    copy.write(buffer)
                    buffer = bytearray()
            copy.write(buffer + COPY_TRAILER)

    def copy_rejects(self, rejects: list[RejectRow]) -> None:
        if not rejects:
            return
        statement = (
            "copy raw.rejected_events (load_id, object_key, line_number, reason, detail, raw_text) from stdin"
        )
        with self.connection.cursor() as cursor, cursor.copy(statement) as copy:
            for loaded, reject in rejects:
                copy.write_row((self.load_id, loaded.stored.key, *reject))

    def copy_ledger(self, objects: Iterable[LoadedObject]) -> None:
        statement = (
            "copy raw.loaded_objects (object_key, etag, size_bytes, event_count, rejected_count, load_id) "
            "from stdin"
        )
        with self.connection.cursor() as cursor, cursor.copy(statement) as copy:
            for loaded in objects:
                stored = loaded.stored
                counts = (loaded.event_count, loaded.rejected_count)
                copy.write_row((stored.key, stored.etag, stored.size, *counts, self.load_id))


class RefusedEvent(Reject):
    """Looked like an event to us, but not to PostgreSQL."""


def refused(event: Event, refusal: psycopg.Error) -> RefusedEvent:
    reason = "unstorable_text" if isinstance(refusal, psycopg.DataError) else "too_deep"
    detail = refusal.diag.message_primary or type(refusal).__name__
    return RefusedEvent(event.line_number, reason, detail, printable(event.payload))


def sorted_out(
    records: Iterable[Record], events: list[EventRow], rejects: list[RejectRow]
) -> Iterator[EventRow]:
    """Passes the events on and keeps both kinds, until a chunk is full."""
    size = 0
    for loaded, record in records:
        if isinstance(record, Event):
            events.append((loaded, record))
            size += RECORD_BYTES + len(record.payload)
            yield loaded, record
        else:
            rejects.append((loaded, record))
            size += RECORD_BYTES + len(record.raw_text)
        if size >= CHUNK_BYTES:
            return
