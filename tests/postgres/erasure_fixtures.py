"""A bucket, a warehouse, and the command that erases people from both."""

import gzip
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from local_stack.home import PROJECT


@dataclass(frozen=True)
class Shop:
    """The test's own bucket and warehouse, and the command between them."""

    bucket: Any
    warehouse: Any
    load: Any

    def receives(self, objects: dict[str, bytes]) -> None:
        for key, body in objects.items():
            self.bucket.put(key, body)

    def loads(self) -> dict[str, Any]:
        result: dict[str, Any] = self.load({"overridePrefix": "events/2026/"})
        return result

    @property
    def environment(self) -> dict[str, str]:
        return {**self.bucket.environment, **self.warehouse.environment("clickmart_owner")}

    def erases(
        self, *arguments: str, dying_in: str = "", **environment: str
    ) -> "subprocess.CompletedProcess[str]":
        """As on the host of a warehouse. It may be told where to die: before it does what is named."""
        script = "from erasure.__main__ import main; main()"
        if dying_in:
            module, _, name = dying_in.partition(":")
            owner, _, function = f"module.{name}".rpartition(".")
            death = f"setattr({owner}, {function!r}, lambda *_, **__: os.kill(os.getpid(), 9))"
            script = f"import os, erasure.{module} as module; {death}; {script}"
        return subprocess.run(
            [sys.executable, "-c", script, *arguments],
            cwd=PROJECT,
            env={
                **{name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "DW_"))},
                **self.environment,
                **environment,
            },
            capture_output=True,
            text=True,
            check=False,
        )

    def erased(self, *arguments: str) -> dict[str, int]:
        """The numbers of its receipt."""
        done = self.erases(*arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return numbers(done.stdout)

    def objects(self) -> dict[str, bytes]:
        return {key: unpacked(self.bucket.get(key)) for key in list(self.bucket.keys())}

    def tables(self, *, of_dbt: bool = False) -> list[str]:
        rows = self.warehouse.rows(
            """
            select format('%%I.%%I', nspname, relname)
            from pg_class inner join pg_namespace on relnamespace = pg_namespace.oid
            where
                relkind in ('r', 'p') and nspname !~ '^(pg_|information_schema)'
                and (not %s or relkind = 'r' and pg_get_userbyid(relowner) = 'clickmart_dbt')
            order by 1
            """,
            of_dbt,
        )
        return [name for (name,) in rows]

    def places_of(self, *texts: str) -> list[str]:
        """Every table and object that holds one of them, in any column and however JSON writes it, and the
        planner's statistics of every table."""
        spelled = [json.dumps(text, ensure_ascii=False)[1:-1] for text in texts]
        query = """
            select exists (
                select from {} as held
                where exists (
                    select from unnest(%s::text[]) as texts (spelled)
                    where strpos(to_jsonb(held)::text, texts.spelled) > 0
                )
            )
        """
        statistics = """
            (
                select schemaname, tablename, attname, most_common_vals::text, histogram_bounds::text
                from pg_stats where schemaname not in ('pg_catalog', 'information_schema')
            )
        """
        with self.warehouse.connect() as connection:
            found = [
                name
                for name, place in {**{name: name for name in self.tables()}, "pg_stats": statistics}.items()
                if connection.execute(query.format(place), [spelled]).fetchone() == (True,)
            ]
        spellings = {
            spelling.encode()
            for text, plain in zip(texts, spelled, strict=True)
            for spelling in (text, plain, json.dumps(text)[1:-1], quote(text), quote(text, safe=""))
        }
        return found + [
            key for key, body in self.objects().items() if any(spelling in body for spelling in spellings)
        ]

    def payloads(self) -> dict[tuple[str, int], Any]:
        rows = self.warehouse.rows("select object_key, line_number, payload from raw.events")
        return {(key.rpartition("-")[2], number): payload for key, number, payload in rows}

    def reloaded(self) -> dict[tuple[str, int], Any]:
        """The payloads as a new warehouse would get them from S3, and the rejected texts."""
        with self.warehouse.connect() as connection:
            connection.execute("truncate raw.events, raw.rejected_events, raw.loaded_objects")
        self.loads()
        return self.payloads() | self.rejects()

    def rejects(self) -> dict[tuple[str, int], Any]:
        rows = self.warehouse.rows(
            "select object_key, line_number, reason, raw_text from raw.rejected_events"
        )
        return {(key.rpartition("-")[2], number): tuple(rest) for key, number, *rest in rows}

    def contents(self) -> dict[str, list[str]]:
        """All that dbt has stored, but for the notes of how far it has read."""
        return {
            table: sorted(
                text for (text,) in self.warehouse.rows(f"select to_jsonb(t)::text from {table} as t")
            )
            for table in self.tables(of_dbt=True)
            if not table.endswith("int_loads_read")
        }


def unpacked(body: bytes) -> bytes:
    return gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body


def numbers(receipt: str) -> dict[str, int]:
    pairs = (line.rpartition("  ") for line in receipt.splitlines())
    return {
        name.strip(): int(digits.replace(",", ""))
        for name, _, digits in pairs
        if digits.strip().replace(",", "").isdigit()
    }
