"""What raw holds of people, and what dbt made of it: rows get other ids where they lie.

What was computed stays, so no total changes; and what has expired from raw is reached in dbt's tables."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice

import psycopg
from psycopg import sql

from erasure.objects import masked
from erasure.payloads import address, dumps, erased, loads
from erasure.people import ID_NAMES, WHITE_SPACE, Kind, People, said, text_of
from loader_lambda.objects import StoredObject
from loader_lambda.records import MAX_RAW_TEXT_BYTES, printable

ROWS_AT_ONCE = 1_000
TURN_SECONDS = 600
REJECTS = "raw.rejected_events"
OWNER = "clickmart_dbt"

# What dbt's columns hold of a person: of which kind it is, and the column by which it is known.
PERSONAL_COLUMNS = {
    "user_id": ("user", "user_id"),
    "stitched_user_id": ("user", "stitched_user_id"),
    "client_id": ("client", "client_id"),
    "visitor_id": ("visitor", "visitor_id"),
    "person_id": ("person", "person_id"),
    "session_key": ("session_key", "session_key"),
    "session_id": ("session_id", "event_id"),
    "cart_id": ("cart_id", "event_id"),
    "page_url": ("page_url", "event_id"),
    "referrer": ("referrer", "event_id"),
    "entry_page_url": ("page_url", "entry_event_id"),
}
# What becomes of an event's texts.
CLEANED: dict[str, Callable[[People, str], str]] = {
    "session_id": lambda people, text: people.alias("session", text),
    "cart_id": lambda people, text: people.alias("cart", text),
    "page_url": lambda _, text: address(text),
    "referrer": lambda _, text: address(text),
}
SENT_COLUMNS = {"event_id", "user_id", "client_id"}
NAMING_COLUMNS = {"event_id", "visitor_id"}
REPLACE = "insert into replaced (kind, known, new) values (%s, %s, %s) on conflict do nothing"
# A session is called after its visitor and its first event, as in int_events_sessionized; in a table that is
# behind, after one that was the first.
REPLACE_SESSIONS = sql.SQL(
    """
    insert into replaced (kind, known, new)
    select 'session_key', md5(array[visitor_id, event_id]::text), md5(array[replaced.new, event_id]::text)
    from {}
    inner join replaced on replaced.kind = 'visitor' and replaced.known = visitor_id
    on conflict do nothing
    """
)


@dataclass
class Rewriting:
    """In the caller's transaction. A dry one only counts."""

    connection: psycopg.Connection
    people: People
    is_dry: bool = False
    rows: Counter[str] = field(default_factory=Counter)
    keys: set[str] = field(default_factory=set)
    other_ids: set[tuple[Kind, str]] = field(default_factory=set)

    def run(self) -> None:
        may_be_theirs = sql.SQL(" or ").join(
            sql.SQL("btrim(payload ->> {}, {}) = any({})").format(name, WHITE_SPACE, self.people.ids(kind))
            for kind, names in ID_NAMES.items()
            for name in names
        )
        partitions = self.connection.execute(
            """
            select format('raw.%s', relname)
            from pg_partition_tree('raw.events') as events
            inner join pg_class on events.relid = pg_class.oid
            where events.isleaf
            """
        )
        for (partition,) in partitions.fetchall():
            self.change_rows(partition, ["object_key", "payload"], may_be_theirs, self.changed_event)
        has_text = sql.SQL("raw_text <> ''")
        self.change_rows(REJECTS, ["object_key", "reason", "raw_text"], has_text, self.changed_reject)
        self.change_tables()
        self.rows = +self.rows

    def changed_event(self, key: str, payload: str) -> str | None:
        event = loads(payload)
        changed = erased(event, self.people)
        if changed == event:
            return None
        self.keys.add(key)
        if self.people.own(event):
            # The same person may be known by ids that nobody asked for.
            texts = {kind: text_of(said(event, kind)) for kind in ID_NAMES}
            self.other_ids |= {
                (kind, text)
                for kind, text in texts.items()
                if text and not self.people.have(kind, text) and not text.startswith("erased-")
            }
        return dumps(changed)

    def changed_reject(self, key: str, reason: str, text: str) -> str | None:
        changed = printable(masked(text.encode(), reason)) if self.people.are_named_in(text) else text
        if changed == text:
            return None
        self.keys.add(key)
        return changed

    def change_rows(
        self, table: str, columns: list[str], condition: sql.Composable, change: Callable[..., str | None]
    ) -> None:
        """`change` makes of a row's columns another text for the last of them, or none."""
        names = [sql.SQL("{}::text").format(sql.Identifier(column)) for column in [*columns, "ctid"]]
        select = sql.SQL("select {} from {} where {}").format(
            sql.SQL(", ").join(names), identifier(table), condition
        )
        update = sql.SQL("update {} set {} = %s where ctid = %s::tid").format(
            identifier(table), sql.Identifier(columns[-1])
        )
        with self.connection.cursor(name="may_be_theirs") as rows, self.connection.cursor() as cursor:
            rows.itersize = ROWS_AT_ONCE
            rows.execute(select)
            changes = ((changed, place) for *row, place in rows if (changed := change(*row)) is not None)
            while batch := list(islice(changes, ROWS_AT_ONCE)):
                self.rows[table] += len(batch)
                if not self.is_dry:
                    cursor.executemany(update, batch)

    def change_tables(self) -> None:
        """One list of what takes the place of what, and one statement for each table."""
        tables = self.personal_tables()
        if not self.is_dry:
            self.take_turns(list(tables))
            tables = self.personal_tables()
        self.connection.execute(
            "create temporary table replaced (kind text, known text, new text, primary key (kind, known))"
            " on commit drop"
        )
        with self.connection.cursor() as cursor:
            cursor.executemany(REPLACE, list(self.ids_replaced()))
            for table, columns in tables.items():
                if columns >= SENT_COLUMNS:
                    cursor.executemany(REPLACE, list(self.texts_replaced(table, columns)))
                if columns >= NAMING_COLUMNS:
                    cursor.execute(REPLACE_SESSIONS.format(identifier(table)))
        self.connection.execute("analyze replaced")
        for table, columns in tables.items():
            self.change_table(table, columns)

    def personal_tables(self) -> dict[str, set[str]]:
        """With their columns of text. Developers' schemas are dbt's, too."""
        rows = self.connection.execute(
            """
            select format('%%s.%%s', nspname, relname), array_agg(attname::text)
            from pg_class
            inner join pg_namespace on relnamespace = pg_namespace.oid
            inner join pg_attribute on attrelid = pg_class.oid
            where
                relkind = 'r'
                and relpersistence <> 't'
                and pg_get_userbyid(relowner) = %s
                and attnum > 0
                and not attisdropped
                and atttypid = any(array['text', 'varchar']::regtype[])
            group by 1
            having array_agg(attname::text) && %s::text[]
            order by 1
            """,
            [OWNER, list(PERSONAL_COLUMNS)],
        )
        return {table: set(columns) for table, columns in rows.fetchall()}

    def take_turns(self, tables: list[str]) -> None:
        """Waits for models that are being built, and keeps the next ones waiting; readers are not kept."""
        self.connection.execute("select set_config('lock_timeout', %s, true)", [f"{TURN_SECONDS}s"])
        for table in tables:
            lock = sql.SQL("lock table {} in share row exclusive mode")
            self.connection.execute(lock.format(identifier(table)))

    def ids_replaced(self) -> Iterator[tuple[str, str, str]]:
        for kind, value in self.people.wanted:
            new = self.people.alias(kind, value)
            yield kind, value, new
            yield "visitor", f"{kind}:{value}", f"{kind}:{new}"
            yield "person", f"{kind}:{value}", f"{kind}:{new}"
            if kind == "user":
                yield "person", value, new

    def texts_replaced(self, table: str, columns: set[str]) -> Iterator[tuple[str, str, str]]:
        """Of their events, by the event."""
        names = sorted(columns & set(CLEANED))
        query = sql.SQL("select {} from {} where user_id = any(%s) or client_id = any(%s)").format(
            sql.SQL(", ").join(map(sql.Identifier, ["event_id", *names])), identifier(table)
        )
        ids = [self.people.ids("user"), self.people.ids("client")]
        for event_id, *texts in self.connection.execute(query, ids):
            for name, text in zip(names, texts, strict=True):
                if text is not None:
                    yield name, event_id, CLEANED[name](self.people, text)

    def change_table(self, table: str, columns: set[str]) -> None:
        known = {name: place for name, place in PERSONAL_COLUMNS.items() if columns >= {name, place[1]}}
        new = {name: sql.Identifier(f"new_{name}") for name in known}
        joins = [
            sql.SQL("left join replaced as {new} on {new}.kind = {kind} and {new}.known = read.{by}").format(
                new=new[name], kind=kind, by=sql.Identifier(by)
            )
            for name, (kind, by) in known.items()
        ]
        theirs = sql.SQL("from {} as read {} where num_nonnulls({}) > 0").format(
            identifier(table),
            sql.SQL(" ").join(joins),
            sql.SQL(", ").join(sql.SQL("{}.new").format(each) for each in new.values()),
        )
        assignments = [
            sql.SQL("{name} = coalesce({new}.new, read.{name})").format(name=sql.Identifier(name), new=each)
            for name, each in new.items()
        ]
        count = sql.SQL("select {}").format(theirs)
        update = sql.SQL("update {} as held set {} {} and held.ctid = read.ctid").format(
            identifier(table), sql.SQL(", ").join(assignments), theirs
        )
        self.rows[table] += self.connection.execute(count if self.is_dry else update).rowcount


def vacuum(connection: psycopg.Connection, erasure_ids: list[int]) -> None:
    """What stood there lies on in dead rows, and in the planner's statistics, which can be queried."""
    tables = connection.execute(
        """
        select table_name from raw.erasures, jsonb_object_keys(changed_rows) as table_name
        where erasure_id = any(%s) and to_regclass(table_name) is not null
        union
        select %s
        """,
        [erasure_ids, REJECTS],
    )
    for (table,) in tables.fetchall():
        connection.execute(sql.SQL("vacuum (analyze, index_cleanup on) {}").format(identifier(table)))


def half_known_objects(connection: psycopg.Connection) -> Iterator[StoredObject]:
    """Objects of which raw does not hold all: old rows expire, and rejected texts are kept up to a length."""
    with connection.cursor(name="half_known", withhold=True) as rows:
        rows.execute(
            """
            select object_key, etag, size_bytes
            from raw.loaded_objects
            where
                loaded_at < (select max(expired_before) from raw.expirations)
                or object_key in (
                    select object_key from raw.rejected_events
                    where octet_length(raw_text) >= %s or reason = 'unreadable_object'
                )
            """,
            [MAX_RAW_TEXT_BYTES],
        )
        for row in rows:
            yield StoredObject(*row)


def identifier(table: str) -> sql.Identifier:
    return sql.Identifier(*table.split(".", 1))
