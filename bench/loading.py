"""S3 into PostgreSQL: our loader beside what people would use instead, and `psql \\copy` as the limit."""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from bench import rivals
from bench.stage import Run, alternate, fill, medians, run_python, temporary_platform
from bench.table import Figure, Reach, times
from local_stack import postgres
from local_stack.home import StackError
from local_stack.platform import Platform
from tests.faults.store_proxy import Fault, misbehaving_store

LOAD = "import sys; from loader_lambda.handler import handler; handler({'overridePrefix': sys.argv[1]})"
SINGLE, SOME_SINGLE, FEW_SINGLE = (f"events/2026/01/05/{hour}/" for hour in ("09", "10", "11"))
BATCHED, FEW_BATCHED = "events/2026/01/05/12/", "events/2026/01/05/13/"
FULL_HOUR = "events/2026/01/06/10/"
MANY_BATCHED = "events/2026/01/06/11/"
EVENTS_EACH = 500
TURNS = 3
COPY = r"psql \copy"


def figures() -> Iterator[Figure]:
    with temporary_platform() as running:
        yield from one_event_an_object(running)
        yield from many_events_an_object(running)


def one_event_an_object(running: Platform) -> Iterator[Figure]:
    """The original gets fewer objects, as it takes the same time for each; of the near store so many that its
    start is as small a part of the whole as ours."""
    count = 10_000
    fill(running, SINGLE, count, 1)
    near = running.bucket_environment()
    with far_store(near) as far:
        for where, bucket, prefix, fewer, reach in (
            ("", near, SOME_SINGLE, 5_000, 5),
            (", 20 ms to S3", far, FEW_SINGLE, 1_000, 25),
        ):
            fill(running, prefix, fewer, 1)
            theirs = {**running.warehouse_environment("clickmart_dbt"), **bucket}
            loader, original = alternate(
                TURNS,
                ours(running, bucket, SINGLE, count),
                bringing(fewer, running, "staging.original_events", partial(rivals.original, theirs, prefix)),
            )
            rate, original_rate = count / medians(loader)[0], fewer / medians(original)[0]
            yield Figure(
                f"loader, {count:,} objects of 1 event{where}",
                f"{rate:,.0f} events/s",
                f"{times(rate / original_rate, 'the original way')} ({original_rate:,.0f}/s)",
                Reach("≥", reach),
                rate / original_rate,
            )


def many_events_an_object(running: Platform) -> Iterator[Figure]:
    objects, few = 400, 100
    count, few_count = objects * EVENTS_EACH, few * EVENTS_EACH
    fill(running, BATCHED, objects, EVENTS_EACH)
    fill(running, FEW_BATCHED, few, EVENTS_EACH)
    bucket = running.bucket_environment()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "events.tsv"
        rivals.write_rows(file, BATCHED, count, EVENTS_EACH)
        loader, copied = alternate(
            TURNS,
            ours(running, bucket, BATCHED, count),
            bringing(count, running, "raw.events", lambda: rivals.psql_copy(running, file)),
        )
    rate, limit = count / medians(loader)[0], count / medians(copied)[0]
    what = f"loader, {objects} objects of {EVENTS_EACH} events"
    beside = f"{times(rate / limit, COPY)} ({limit:,.0f}/s)"
    yield Figure(what, f"{rate:,.0f} events/s", beside, Reach("≥", 0.8), rate / limit)

    with (
        rivals.python_with_dlt() as python,
        far_store(bucket) as far,
    ):
        theirs = {**running.warehouse_environment("clickmart_owner"), **bucket}
        loader, slowly, dlt = alternate(
            TURNS,
            ours(running, bucket, FEW_BATCHED, few_count),
            ours(running, far, FEW_BATCHED, few_count),
            bringing(few_count, running, "dlt.events", lambda: rivals.dlt(python, theirs, FEW_BATCHED)),
        )
    rate, far_rate, dlt_rate = (few_count / medians(runs)[0] for runs in (loader, slowly, dlt))
    what = f"loader, {few} objects of {EVENTS_EACH} events"
    beside = f"{times(rate / dlt_rate, 'dlt')} ({dlt_rate:,.0f}/s)"
    yield Figure(what, f"{rate:,.0f} events/s", beside, Reach("≥", 4), rate / dlt_rate)
    yield Figure(f"{what}, 20 ms to S3", f"{far_rate:,.0f} events/s", times(far_rate / rate, "without"))


def memory_figures() -> Iterator[Figure]:
    with temporary_platform() as running:
        yield from memory(running)


def memory(running: Platform) -> Iterator[Figure]:
    for prefix, objects, each in (
        (FULL_HOUR, 41_666, 1),
        (BATCHED, 200, EVENTS_EACH),
        (MANY_BATCHED, 2_000, EVENTS_EACH),
    ):
        fill(running, prefix, objects, each)
        count = objects * each
        run = ours(running, running.bucket_environment(), prefix, count)()
        yield Figure(
            f"loader's peak memory, {objects:,} objects of {each}",
            f"{run.peak_megabytes:.0f} MB",
            f"{run.seconds:.0f} s, {count / run.seconds:,.0f} events/s",
            Reach("≤", 200, "MB"),
            run.peak_megabytes,
        )


@contextmanager
def far_store(bucket: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """The same bucket, 20 ms away."""
    late = Fault("answered late", seconds=0.020)
    with misbehaving_store(bucket["AWS_ENDPOINT_URL_S3"], late) as address:
        yield {**bucket, "AWS_ENDPOINT_URL_S3": address}


def ours(running: Platform, bucket: Mapping[str, str], prefix: str, events: int) -> Callable[[], Run]:
    environment = {**running.warehouse_environment("clickmart_loader"), **bucket}
    return bringing(events, running, "raw.events", lambda: run_python(LOAD, environment, prefix))


def bringing(events: int, running: Platform, table: str, way: Callable[[], Run]) -> Callable[[], Run]:
    """A whole process, from its start. Raw is as empty as before every other; then all events are there."""

    def run() -> Run:
        with running.server.connect(postgres.DATABASE) as connection:
            connection.execute("truncate raw.events, raw.loaded_objects, raw.rejected_events, raw.loads")
            connection.execute("checkpoint")
            done = way()
            [(count,)] = connection.execute(f"select count(*) from {table}").fetchall()
        if count != events:
            raise StackError(f"{table} has {count:,} events, and should have {events:,}")
        return done

    return run
