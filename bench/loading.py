"""S3 into PostgreSQL: our loader, the way of the one it replaces, and `psql \\copy` as the limit."""

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.stage import Run, alternate, event, fill, medians, run_python
from local_stack import postgres
from local_stack.platform import Platform

LOAD = "import sys; from loader_lambda.handler import handler; handler({'overridePrefix': sys.argv[1]})"
ORIGINAL = "import sys; from bench.original_loader import main; main(sys.argv[1])"
SINGLE = "events/2026/01/05/10/"
BATCHED = "events/2026/01/05/11/"
MANY_SINGLE = "events/2026/01/06/"
MANY_BATCHED = "events/2026/01/07/"
TURNS = 3


def rows(running: Platform) -> Iterator[str]:
    yield from one_event_an_object(running)
    yield from many_events_an_object(running)
    yield from memory(running)


def one_event_an_object(running: Platform) -> Iterator[str]:
    count = 10_000
    fill(running, SINGLE, count, 1)
    ours, original = alternate(
        TURNS,
        lambda: load(running, SINGLE),
        lambda: run_python(ORIGINAL, env(running, "clickmart_dbt"), SINGLE),
    )
    ours_seconds, original_seconds = medians(ours)[0], medians(original)[0]
    yield f"{count:,} objects of 1 event: loader {count / ours_seconds:,.0f} events/s ({ours_seconds:.1f} s)"
    slower = original_seconds / ours_seconds
    yield f"  the original's way {count / original_seconds:,.0f} events/s: {slower:.1f} times as slow"


def many_events_an_object(running: Platform) -> Iterator[str]:
    objects, each = 200, 500
    count = objects * each
    fill(running, BATCHED, objects, each)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "events.tsv"
        with file.open("wb") as lines:
            for number in range(count):
                payload = event(number).replace(b"\\", b"\\\\")
                lines.write(
                    b"1\t%sevents-%08d.json\t%d\t%s\n"
                    % (BATCHED.encode(), number // each, number % each, payload)
                )
        ours, copied = alternate(TURNS, lambda: load(running, BATCHED), lambda: psql_copy(running, file))
    ours_seconds, copied_seconds = medians(ours)[0], medians(copied)[0]
    rate = f"{count / ours_seconds:,.0f} events/s ({ours_seconds:.1f} s)"
    yield f"{objects} objects of {each} events: loader {rate}"
    share = copied_seconds / ours_seconds
    yield f"  psql \\copy {count / copied_seconds:,.0f} events/s: the loader has {share:.2f} of its speed"


def memory(running: Platform) -> Iterator[str]:
    """Ten times as much, over ten hours: this S3 server does not like 100,000 files in one folder."""
    for day, objects, each in ((MANY_SINGLE, 100_000, 1), (MANY_BATCHED, 2_000, 500)):
        for hour in range(10):
            fill(running, f"{day}{hour:02d}/", objects // 10, each)
        run = load(running, day)
        rate = f"{objects * each / run.seconds:,.0f} events/s ({run.seconds:.1f} s)"
        yield f"{objects:,} objects of {each}: peak {run.peak_megabytes:.0f} MB, {rate}"


def env(running: Platform, role: str = "clickmart_loader") -> dict[str, str]:
    return {**running.bucket_environment(), **running.warehouse_environment(role)}


def load(running: Platform, prefix: str) -> Run:
    """A whole process, from its start; on tables as empty as before every other run."""
    with running.server.connect(postgres.DATABASE) as connection:
        connection.execute("truncate raw.events, raw.loaded_objects, raw.rejected_events, raw.loads")
        connection.execute("checkpoint")
    return run_python(LOAD, env(running), prefix)


def psql_copy(running: Platform, file: Path) -> Run:
    with running.server.connect(postgres.DATABASE) as connection:
        connection.execute("truncate raw.events")
        connection.execute("checkpoint")
    variables = running.warehouse_environment("clickmart_loader")
    started = time.perf_counter()
    subprocess.run(
        [
            postgres.embedded_binaries() / "psql",
            *("--quiet", "--no-psqlrc", "--set", "ON_ERROR_STOP=1", "--host", variables["DW_PG_HOST"]),
            *(
                "--port",
                variables["DW_PG_PORT"],
                "--username",
                variables["DW_PG_USER"],
                variables["DW_PG_DATABASE"],
            ),
            *("--command", f"\\copy raw.events (load_id, object_key, line_number, payload) from '{file}'"),
        ],
        env={**os.environ, "PGPASSWORD": variables["DW_PG_PASSWORD"]},
        check=True,
    )
    return Run(time.perf_counter() - started, 0, "")
