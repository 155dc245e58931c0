"""The rows that dbt made of people's events get the same other ids as these.

What was computed of the events stays, so no total changes, and what has expired from raw is reached, too."""

from collections.abc import Iterator
from typing import Any

import psycopg
from psycopg import sql

from erasure.payloads import ALIASED_NAMES
from erasure.people import Identity, Kind, People
from erasure.tables import Table, lock_tables
from erasure.urls import without_parameters

# What the models call an id that stands alone, and one that says of which kind it is.
ID_COLUMNS: dict[str, Kind] = {
    "user_id": "user",
    "stitched_user_id": "user",
    "person_id": "user",
    "client_id": "client",
}
PREFIXED_COLUMNS = ("visitor_id", "person_id")
# A row with all of these is an event; where a session began is told by the address of one.
EVENT_COLUMNS = {"event_id", "user_id", "client_id", "page_url"}
ENTRY_COLUMN, ENTRY_ADDRESS = "entry_event_id", "entry_page_url"
# A session is called after its visitor and its first event, and whoever knows both could find it.
NAMING_COLUMNS = {"event_id", "visitor_id", "session_key"}


class Sweep:
    """Of all of dbt's tables, in the caller's transaction. Nobody else writes to them until it ends."""

    def __init__(self, connection: psycopg.Connection, people: People) -> None:
        self.connection = connection
        self.people = people
        self.tables = lock_tables(connection)
        self.visitors = {
            f"{each.kind}:{each.value}": f"{each.kind}:{each.pseudonym}" for each in people.identities
        }
        self.owners = {event: owner for table in self.tables for event, owner in self.owned_events(table)}
        self.session_keys = {old: new for table in self.tables for old, new in self.renamed_sessions(table)}

    def run(self) -> dict[str, int]:
        """How many rows of which table have changed."""
        counts = {f"{table.schema}.{table.name}": self.rewrite(table) for table in self.tables}
        return {name: count for name, count in counts.items() if count}

    def owned_events(self, table: Table) -> Iterator[tuple[str, Identity]]:
        if table.has(EVENT_COLUMNS):
            rows = self.connection.execute(
                sql.SQL(
                    """
                    select event_id, user_id, client_id from {}
                    where user_id = any(%s) or client_id = any(%s)
                    """
                ).format(table.identifier),
                [self.people.ids("user"), self.people.ids("client")],
            )
            for event_id, user_id, client_id in rows.fetchall():
                if owner := self.people.find("user", user_id) or self.people.find("client", client_id):
                    yield event_id, owner

    def renamed_sessions(self, table: Table) -> Iterator[tuple[str, str]]:
        if table.has(NAMING_COLUMNS):
            rows = self.connection.execute(
                sql.SQL(
                    """
                    select visitor_id, event_id, session_key from {}
                    where session_key = md5(array[visitor_id, event_id]::text)
                        and (visitor_id = any(%(visitors)s) or event_id ilike any(%(mentions)s::text[])
                            or visitor_id ilike any(%(mentions)s::text[]))
                    """
                ).format(table.identifier),
                {"visitors": list(self.visitors), "mentions": self.people.like_patterns()},
            )
            for visitor_id, event_id, session_key in rows.fetchall():
                names = [
                    self.visitors.get(visitor_id) or self.people.without_mentions(visitor_id),
                    self.people.without_mentions(event_id),
                ]
                renamed = self.connection.execute("select md5(%s::text[]::text)", [names]).fetchone()
                if renamed and renamed[0] != session_key:
                    yield session_key, renamed[0]

    def rewrite(self, table: Table) -> int:
        changed = 0
        with self.connection.cursor() as cursor:
            for place, *values in self.candidates(table):
                row = dict(zip(table.columns, values, strict=True))
                changes = {
                    column: value
                    for column, value in self.changed(table, row).items()
                    if value != row[column]
                }
                if not changes:
                    continue
                changed += 1
                assignments = sql.SQL(", ").join(
                    sql.SQL("{} = %s").format(sql.Identifier(column)) for column in changes
                )
                cursor.execute(
                    sql.SQL("update {} set {} where ctid = %s::tid").format(table.identifier, assignments),
                    [*changes.values(), place],
                )
        return changed

    def candidates(self, table: Table) -> list[tuple[Any, ...]]:
        columns = sql.SQL(", ").join(map(sql.Identifier, table.columns))
        wanted: dict[str, list[str]] = {column: self.people.ids(kind) for column, kind in ID_COLUMNS.items()}
        for column in PREFIXED_COLUMNS:
            wanted[column] = [*wanted.get(column, []), *self.visitors]
        wanted["session_key"] = list(self.session_keys)
        wanted[ENTRY_COLUMN] = list(self.owners)
        tests = [
            sql.SQL("{} = any(%s)").format(sql.Identifier(column))
            for column in wanted
            if column in table.columns
        ]
        values: list[list[str]] = [wanted[column] for column in wanted if column in table.columns]
        if mentions := self.people.like_patterns():
            tests.append(sql.SQL("concat_ws(e'\\n', {}) ilike any(%s)").format(columns))
            values.append(mentions)
        if not tests:
            return []
        query = sql.SQL("select ctid::text, {} from {} where {}").format(
            columns, table.identifier, sql.SQL(" or ").join(tests)
        )
        return self.connection.execute(query, values).fetchall()

    def changed(self, table: Table, row: dict[str, Any]) -> dict[str, Any]:
        changes = dict(row)
        event = row.get("event_id") if table.has(EVENT_COLUMNS) else None
        if owner := self.owners.get(str(event)):
            for column in {"page_url", "referrer"} & set(row):
                changes[column] = row[column] and without_parameters(row[column])
            for column in ALIASED_NAMES & set(row):
                changes[column] = row[column] and owner.alias(row[column])
        if ENTRY_ADDRESS in row and str(row.get(ENTRY_COLUMN)) in self.owners:
            changes[ENTRY_ADDRESS] = row[ENTRY_ADDRESS] and without_parameters(row[ENTRY_ADDRESS])
        for column, kind in ID_COLUMNS.items():
            if found := self.people.find(kind, row.get(column)):
                changes[column] = found.pseudonym
        for column in PREFIXED_COLUMNS:
            if renamed := self.visitors.get(str(row.get(column))):
                changes[column] = renamed
        changes = {column: self.without_mentions(value) for column, value in changes.items()}
        if renamed := self.session_keys.get(str(row.get("session_key"))):
            changes["session_key"] = renamed
        return changes

    def without_mentions(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self.without_mentions(each) for each in value]
        return self.people.without_mentions(value) if isinstance(value, str) else value
