"""Where one machine ends: hours of busier and busier shops, and the disk that a million events take."""

from collections.abc import Iterator

from bench.dbt import event_count, full_build, hourly_run
from bench.history import add_hour, fill
from bench.stage import temporary_platform
from bench.table import Figure
from local_stack import postgres
from local_stack.platform import Platform

VISITORS = 70_000  # in a day, who send some 900,000 events
# What an hour brings at one, two, four, eight and 19 million events a day; the first one warms.
HOURS = [41_666, 41_666, 83_333, 166_666, 333_333, 800_000]
TEN_MINUTES = 600
SIZES = """
    select
        sum(pg_total_relation_size(oid)) filter (where relnamespace = 'raw'::regnamespace)::float as raw,
        sum(pg_total_relation_size(oid)) filter (where relnamespace <> 'raw'::regnamespace)::float as models
    from pg_class
    where relkind = 'r'
    and relnamespace::regnamespace::text in ('raw', 'staging', 'intermediate', 'marts')
"""


def figures() -> Iterator[Figure]:
    with temporary_platform() as running:
        yield from hours(running)


def hours(running: Platform) -> Iterator[Figure]:
    fill(running, 1, VISITORS)
    full = full_build(running)
    count = event_count(running)
    yield Figure(
        f"scale, full build of {count:,} events", f"{full.seconds:.0f} s", f"dearest: {full.dearest}"
    )
    yield disk(running, count, "after a full build")
    seconds: list[float] = []
    for events in HOURS:
        add_hour(running, events)
        hour = hourly_run(running)
        seconds.append(hour.seconds)
        if len(seconds) > 1:
            what = f"scale, hourly run of {events:,} events ({24 * events / 1e6:.0f} M a day)"
            yield Figure(what, f"{hour.seconds:.0f} s", f"dearest: {hour.dearest}")
    yield disk(running, event_count(running), "after the hourly runs")
    slope = (seconds[-1] - seconds[1]) / (HOURS[-1] - HOURS[1])
    hour_of_ten_minutes = HOURS[-1] + (TEN_MINUTES - seconds[-1]) / slope
    yield Figure(
        f"scale, events a day at which an hourly run would take ten minutes, by a line through {HOURS[1]:,} "
        f"and {HOURS[-1]:,}",
        f"{24 * hour_of_ten_minutes / 1e6:.0f} M",
        f"{1e6 * slope:.0f} s for each million of new events",
    )


def disk(running: Platform, events: int, when: str) -> Figure:
    with running.server.connect(postgres.DATABASE) as connection:
        [(raw, models)] = connection.execute(SIZES).fetchall()
    # Bytes of an event are megabytes of a million.
    return Figure(
        f"scale, disk of a million events, {when}",
        f"{(raw + models) / events / 1e3:.2f} GB",
        f"raw {raw / events / 1e3:.2f} GB, what dbt makes of it {models / events / 1e3:.2f} GB",
    )
