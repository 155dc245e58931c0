"""The rows of raw: payloads get other ids in place, and keep their load, object and line."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import psycopg

from erasure.objects import masked
from erasure.payloads import dumps, erased, loads
from erasure.people import ID_NAMES, WHITE_SPACE, People, text_of
from loader_lambda.records import MAX_RAW_TEXT_BYTES

ROWS_AT_ONCE = 1_000


@dataclass
class Found:
    """What raw holds of them."""

    events: int = 0
    mentions: int = 0
    rejects: int = 0
    objects: set[str] = field(default_factory=set)
    other_ids: dict[str, set[str]] = field(default_factory=lambda: {"user": set(), "client": set()})


def rewrite(connection: psycopg.Connection, people: People) -> Found:
    found = Found()
    changes = changed_events(connection, people, found)
    update = "update raw.events set payload = %s::jsonb where ctid = %s::tid and tableoid = %s"
    while batch := list(islice(changes, ROWS_AT_ONCE)):
        with connection.cursor() as cursor:
            cursor.executemany(update, batch)
    rewrite_rejects(connection, people, found)
    found.objects |= unseen_objects(connection)
    return found


def changed_events(
    connection: psycopg.Connection, people: People, found: Found
) -> Iterator[tuple[str, str, int]]:
    with connection.cursor(name="events_of_people") as rows:
        rows.itersize = ROWS_AT_ONCE
        rows.execute(
            """
            select ctid::text, tableoid, object_key, payload::text
            from raw.events
            where
                btrim(payload ->> 'userId', %(space)s) = any(%(users)s)
                or btrim(payload ->> 'user_id', %(space)s) = any(%(users)s)
                or btrim(payload ->> 'clientId', %(space)s) = any(%(clients)s)
                or btrim(payload ->> 'client_id', %(space)s) = any(%(clients)s)
                or (cardinality(%(mentions)s::text[]) > 0 and payload::text ilike any(%(mentions)s::text[]))
            """,
            {
                "space": WHITE_SPACE,
                "users": people.ids("user"),
                "clients": people.ids("client"),
                "mentions": people.like_patterns(),
            },
        )
        for place, table, key, payload in rows:
            event = loads(payload)
            changed = erased(event, people)
            if changed == event:
                continue
            found.objects.add(key)
            if people.owner(event):
                found.events += 1
                note_other_ids(event, people, found)
            else:
                found.mentions += 1
            yield dumps(changed), place, table


def note_other_ids(event: dict[str, Any], people: People, found: Found) -> None:
    """The same person may be known by ids that nobody asked for."""
    for kind, names in ID_NAMES.items():
        text = next((text_of(event[name]) for name in names if event.get(name) is not None), None)
        if text and people.find(kind, text) is None:
            found.other_ids[kind].add(text)


def rewrite_rejects(connection: psycopg.Connection, people: People, found: Found) -> None:
    rows = connection.execute(
        """
        select ctid::text, object_key, coalesce(raw_text, ''), coalesce(detail, '')
        from raw.rejected_events
        where raw_text ilike any(%(mentions)s::text[]) or detail ilike any(%(mentions)s::text[])
        """,
        {"mentions": people.like_patterns(short_ones=True)},
    ).fetchall()
    for place, key, raw_text, detail in rows:
        if people.is_in_broken(raw_text) or people.is_in_broken(detail):
            found.rejects += 1
            found.objects.add(key)
            connection.execute(
                "update raw.rejected_events set raw_text = %s, detail = %s where ctid = %s::tid",
                [masked(raw_text), people.without_mentions(detail), place],
            )


def unseen_objects(connection: psycopg.Connection) -> set[str]:
    """Objects of which raw does not hold all: rejects are kept up to a length, old rows may have expired."""
    rows = connection.execute(
        """
        select object_key from raw.rejected_events
        where octet_length(raw_text) >= %s or reason = 'unreadable_object'
        union
        select object_key from raw.loaded_objects
        where loaded_at < (select max(expired_before) from raw.expirations)
        """,
        [MAX_RAW_TEXT_BYTES],
    )
    return {key for (key,) in rows.fetchall()}
