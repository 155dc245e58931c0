"""Months of the simulated shop in raw.events, without the time that S3 would take."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice

import psycopg

from bench.dbt import event_count, full_build
from bench.table import Figure
from ingest_lambda.events import TooManyEventsError, ingest_stamp, read_event, split_body, stamp
from ingest_lambda.fields import RejectedError
from ingest_lambda.request import BodyTooLargeError, UnreadableBodyError, read_body, read_request
from ingest_lambda.store import object_key
from local_stack import home, platform, postgres
from local_stack.api_event import api_event
from local_stack.platform import Platform
from local_stack.traffic import simulate

UNTIL = datetime(2026, 11, 1, tzinfo=UTC)
VISITORS_PER_DAY = 1_170  # who send some 16,700 events

Row = tuple[str, int, bytes]


def filled(running: Platform, days: int) -> Figure:
    fill(running, days)
    full = full_build(running)
    what = f"dbt, full build of {event_count(running):,} events"
    return Figure(what, f"{full.seconds:.0f} s", f"dearest: {full.dearest}")


def fill(running: Platform, days: int, visitors_per_day: int = VISITORS_PER_DAY) -> None:
    """In loads of 20,000 events."""
    rows = stored_events(days, visitors_per_day)
    with running.server.connect(postgres.DATABASE) as connection:
        while load := list(islice(rows, 20_000)):
            add_load(connection, load)


def stored_events(days: int, visitors_per_day: int) -> Iterator[Row]:
    """What the ingest handler makes of the simulated requests, line by line."""

    for sent in simulate(days=days, visitors=days * visitors_per_day, seed=1, until=UNTIL):
        event = api_event(
            method="POST",
            target="/clickstream",
            headers=sent.headers.items(),
            body=sent.body,
            source_ip=sent.source_ip,
            request_id=sent.request_id,
            received_at_ms=sent.received_at_ms,
        )
        request = read_request(event)
        try:
            documents = split_body(read_body(event))
        except (BodyTooLargeError, TooManyEventsError, UnreadableBodyError, RejectedError):
            continue
        key, ingest = object_key(request.received_at), ingest_stamp(request)
        for index, document in enumerate(documents):
            try:
                yield key, index + 1, stamp(read_event(document), index, request, ingest)
            except RejectedError:
                continue


def add_load(connection: psycopg.Connection, rows: Sequence[Row]) -> None:
    """As if loaded in the hour in which they came."""
    with a_load(connection) as (load_id, cursor):
        hours = {key: f"{key[7:17].replace('/', '-')} {key[18:20]}:59:00Z" for key, _, _ in rows}
        for month in {hour[:7] for hour in hours.values()}:
            cursor.execute("select raw.prepare_month(%s::timestamptz)", [f"{month}-01 00:00Z"])
        with cursor.copy(
            "copy raw.events (load_id, object_key, line_number, loaded_at, payload) from stdin"
        ) as copy:
            for key, line_number, payload in rows:
                copy.write_row((load_id, key, line_number, hours[key], payload.decode()))


def add_hour(running: Platform, events: int) -> None:
    """The newest of what it was filled with once more, by the same visitors, on a day after all others."""
    with (
        running.server.connect(postgres.DATABASE) as connection,
        a_load(connection) as (load_id, cursor),
    ):
        cursor.execute("select raw.prepare_month(max(loaded_at) + interval '1 day') from raw.loaded_objects")
        cursor.execute(AGAIN, {"load_id": load_id, "events": events})


AGAIN = """
    with

    shift as (
        select
            date_trunc('day', max(loaded_at) - max(loaded_at) filter (where object_key like '%%/events-%%'))
            + interval '1 day' as later
        from raw.loaded_objects
    ),

    newest as (
        select *
        from raw.events
        where object_key like '%%/events-%%'
        order by load_id desc, object_key desc, line_number desc
        limit %(events)s
    )

    insert into raw.events (load_id, object_key, line_number, loaded_at, payload)
    select
        %(load_id)s,
        to_char((loaded_at + later) at time zone 'UTC', '"events"/YYYY/MM/DD/HH24/')
        || md5(object_key) || %(load_id)s || '.json',
        line_number,
        loaded_at + later,
        jsonb_set(
            jsonb_set(
                payload - 'eventTimestamp' - 'sentAt',
                '{eventId}',
                to_jsonb(md5(object_key || line_number || %(load_id)s))
            ),
            '{_ingest,receivedAt}',
            to_jsonb((payload #>> '{_ingest,receivedAt}')::timestamptz + later)
        )
    from newest
    cross join shift
"""


@contextmanager
def a_load(connection: psycopg.Connection) -> Iterator[tuple[int, psycopg.Cursor]]:
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute("insert into raw.loads (trigger) values ('{}') returning load_id")
        [load_id] = cursor.fetchone() or [0]
        yield load_id, cursor
        cursor.execute(
            """
            insert into raw.loaded_objects
                (object_key, size_bytes, event_count, rejected_count, load_id, loaded_at)
            select object_key, 0, count(*), 0, load_id, max(loaded_at)
            from raw.events
            where load_id = %s
            group by object_key, load_id
            -- Where a load is cut, an object may stand in two.
            on conflict (object_key) do update
            set event_count = loaded_objects.event_count + excluded.event_count
            """,
            [load_id],
        )
        cursor.execute(
            """
            update raw.loads set finished_at = clock_timestamp(), status = 'complete' where load_id = %s
            """,
            [load_id],
        )


def main(days: int) -> None:
    """A platform that stays up, with so many days of history: 600 are ten million events."""
    running, _ = platform.up(home.current(), {})
    print(filled(running, days))


if __name__ == "__main__":
    main(int(sys.argv[1]))
