"""dbt as its users run it, a process of its own in dbt's role; and rows that a loader could have written."""

import datetime
import json
import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

from local_stack.home import PROJECT

DBT = Path(sys.executable).with_name("dbt")
DBT_PROJECT = PROJECT / "dbt_project"
HOURLY = ("build", "--exclude", "tag:daily", "--exclude-resource-type", "unit_test")
# Tables without their tests, for who asks only for some.
TABLES = ("build", "--resource-type", "model", "--resource-type", "seed", "--select")
NOON = datetime.datetime(2026, 3, 4, 12, tzinfo=datetime.UTC)


@dataclass(frozen=True)
class Event:
    """One row of raw.events. The payload is JSON text, so that no digit of a number is lost on the way."""

    payload: str
    line_number: int = 1
    object_key: str = "events/2026/03/04/12/events-1.json"


@dataclass(frozen=True)
class Dbt:
    warehouse: Any
    folder: Path
    always: tuple[str, ...] = ()

    def __call__(self, *arguments: str, without: str = "", **variables: str) -> CompletedProcess[str]:
        """Runs to its end, whatever that is."""
        with self.running(*arguments, without=without, **variables) as process:
            output, errors = process.communicate()
        self._remember()
        return CompletedProcess(arguments, process.returncode, output, errors)

    @contextmanager
    def running(
        self, *arguments: str, without: str = "", **variables: str
    ) -> "Iterator[subprocess.Popen[str]]":
        """What has not ended with the block is killed."""
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("DBT_", "DW_PG_"))},
            **self.warehouse.environment("clickmart_dbt"),
            "DBT_PROFILES_DIR": str(DBT_PROJECT),
            "DBT_TARGET_PATH": str(self.folder / "target"),
            "DBT_LOG_PATH": str(self.folder / "logs"),
            "DBT_USE_COLORS": "false",
            **variables,
        }
        environment.pop(without, None)
        self._recall()
        with subprocess.Popen(
            [DBT, *arguments, *self.always],
            cwd=DBT_PROJECT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            try:
                yield process
            finally:
                process.kill()

    def _recall(self) -> None:
        """dbt reads the project in seconds, and what has changed since in one."""
        if self._read_before.exists() and not (self.folder / "target").exists():
            (self.folder / "target").mkdir(parents=True)
            shutil.copy(self._read_before, self.folder / "target")

    def _remember(self) -> None:
        read = self.folder / "target" / "partial_parse.msgpack"
        if read.exists() and not self._read_before.exists():
            self._read_before.parent.mkdir(exist_ok=True)
            # Two of them may end at once.
            half = self._read_before.with_suffix(f".{uuid.uuid4().hex}")
            shutil.copy(read, half)
            half.rename(self._read_before)

    @property
    def _read_before(self) -> Path:
        """For each server: what dbt has read holds as long as the environment of its profile is the same."""
        return self.folder.parent / f"read-for-{self.warehouse.server.port}" / "partial_parse.msgpack"

    def succeeds(self, *arguments: str, **variables: str) -> str:
        done = self(*arguments, **variables)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def artifact(self, name: str) -> dict[str, Any]:
        """What the last command wrote for others to read: manifest or catalog."""
        artifact: dict[str, Any] = json.loads((self.folder / "target" / f"{name}.json").read_text())
        return artifact

    def contents(self, relation: str) -> list[str]:
        """All rows, as text and in an order of their own."""
        query = f"select contents::text from {relation} as contents order by 1"
        return [row for (row,) in self.warehouse.rows(query)]


def add_load(
    warehouse: Any,
    events: Iterable[Event] = (),
    *,
    rejected: Iterable[tuple[str, int, str]] = (),
    is_closed: bool = True,
) -> int:
    with warehouse.connect() as connection:
        [load_id] = connection.execute(
            "insert into raw.loads (trigger) values ('{}') returning load_id"
        ).fetchone()
        with connection.cursor() as cursor:
            cursor.executemany(
                """
                insert into raw.events (load_id, object_key, line_number, payload)
                values (%s, %s, %s, %s::jsonb)
                """,
                [(load_id, event.object_key, event.line_number, event.payload) for event in events],
            )
            cursor.executemany(
                """
                insert into raw.rejected_events (load_id, object_key, line_number, reason)
                values (%s, %s, %s, %s)
                """,
                [(load_id, *reject) for reject in rejected],
            )
            # A loader never reads a key twice. Tests may; the ledger then knows the first time.
            cursor.execute(
                """
                insert into raw.loaded_objects (load_id, object_key, size_bytes, event_count, rejected_count)
                select load_id, object_key, 0, sum(is_event::integer), sum((not is_event)::integer)
                from (
                    select load_id, object_key, true as is_event from raw.events
                    union all
                    select load_id, object_key, false as is_event from raw.rejected_events
                ) as documents
                where load_id = %s
                group by 1, 2
                on conflict do nothing
                """,
                [load_id],
            )
        if is_closed:
            close_load(warehouse, load_id)
    return int(load_id)


def close_load(warehouse: Any, load_id: int) -> None:
    with warehouse.connect() as connection:
        connection.execute(
            """
            update raw.loads set finished_at = clock_timestamp(), status = 'complete' where load_id = %s
            """,
            [load_id],
        )


def event(**fields: Any) -> str:
    return json.dumps({"_ingest": {"receivedAt": "2026-03-04T12:00:00Z"}, "eventName": "click", **fields})


def batch(*numbers: int, hours: int = 0, key: str = "1") -> list[Event]:
    """Events by number, which is their id and their line, received so many hours after noon."""
    received = (NOON + datetime.timedelta(hours=hours)).isoformat()
    happened = (NOON - datetime.timedelta(minutes=7)).isoformat()
    return [
        Event(
            json.dumps(
                {
                    "eventId": f"e{number}",
                    "eventName": "click" if number % 5 else None,
                    "clientId": f"c{number % 3}",
                    "eventTimestamp": happened,
                    "_ingest": {"receivedAt": received, "userAgent": "Googlebot" if number % 4 else None},
                }
            ),
            number,
            f"events/2026/03/04/12/events-{key}.json",
        )
        for number in numbers
    ]
