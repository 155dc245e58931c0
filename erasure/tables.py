"""The tables that dbt keeps, in whatever schema, and turns taken with it."""

from dataclasses import dataclass

import psycopg
from psycopg import sql

OWNER = "clickmart_dbt"
TURN_SECONDS = 600
# Holds no ids. Every model notes there how far it has read, and would wait for us while we wait for it.
LEFT_OUT = "int_loads_read"


@dataclass(frozen=True)
class Table:
    schema: str
    name: str
    columns: tuple[str, ...]

    @property
    def identifier(self) -> sql.Identifier:
        return sql.Identifier(self.schema, self.name)

    def has(self, columns: set[str]) -> bool:
        return columns <= set(self.columns)


def lock_tables(connection: psycopg.Connection) -> list[Table]:
    """Waits for models that are being built, and keeps the next ones waiting; readers are not kept."""
    connection.execute("select set_config('lock_timeout', %s, true)", [f"{TURN_SECONDS}s"])
    for table in text_tables(connection):
        connection.execute(sql.SQL("lock table {} in share row exclusive mode").format(table.identifier))
    return text_tables(connection)


def text_tables(connection: psycopg.Connection) -> list[Table]:
    rows = connection.execute(
        """
        select namespaces.nspname, tables.relname, array_agg(columns.attname::text order by columns.attnum)
        from pg_class as tables
        inner join pg_namespace as namespaces on tables.relnamespace = namespaces.oid
        inner join pg_attribute as columns on tables.oid = columns.attrelid
        where
            tables.relkind = 'r'
            and tables.relpersistence <> 't'
            and pg_get_userbyid(tables.relowner) = %s
            and tables.relname <> %s
            and columns.attnum > 0
            and not columns.attisdropped
            and columns.atttypid = any(array['text', 'varchar', 'text[]', 'varchar[]']::regtype[])
        group by 1, 2
        order by 1, 2
        """,
        [OWNER, LEFT_OUT],
    )
    return [Table(schema, name, tuple(columns)) for schema, name, columns in rows.fetchall()]
