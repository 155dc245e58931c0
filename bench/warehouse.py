"""dbt: a full build, and an hour of new events into a short and into a long history."""

import statistics
from collections.abc import Iterator, Sequence
from contextlib import ExitStack

from bench.dbt import Build, event_count, full_build, hourly_run
from bench.history import Row, add_load, fill
from bench.stage import temporary_platform
from bench.table import Figure, Reach, times
from local_stack import postgres
from local_stack.platform import Platform

HOUR = 5_000
TURNS = 3
# The first hour after a full build warms what stays warm from then on.
BATCHES = [HOUR] * (1 + TURNS)
SHORT, LONG = 30, 300  # days: 500,000 events, and five million


def figures() -> Iterator[Figure]:
    """100,000 and 500,000 events."""
    yield from growing([6, SHORT])


def long_figures() -> Iterator[Figure]:
    """100,000 to five million."""
    yield from growing([6, SHORT, 60, LONG])


def growing(histories: Sequence[int]) -> Iterator[Figure]:
    """Histories side by side, and an hour into each in turn."""
    with ExitStack() as stack:
        grown: dict[int, tuple[Platform, list[list[Row]], list[Build]]] = {}
        for days in histories:
            running = stack.enter_context(temporary_platform())
            grown[days] = (running, fill(running, days, BATCHES), [])
            full = full_build(running)
            what = f"dbt, full build of {event_count(running):,} events"
            yield Figure(what, f"{full.seconds:.0f} s", f"dearest: {full.dearest}")
        for turn in range(len(BATCHES)):
            for running, batches, builds in grown.values():
                with running.server.connect(postgres.DATABASE) as connection:
                    add_load(connection, batches[turn])
                builds.append(hourly_run(running))
        for running, _, builds in grown.values():
            what = f"dbt, hourly run, {HOUR:,} into {event_count(running):,} events"
            dearest = f"{models(builds):.1f} s in models; dearest: {builds[-1].dearest}"
            yield Figure(what, f"{wall(builds):.1f} s", dearest)
        if {SHORT, LONG} <= grown.keys():
            short, long = grown[SHORT][2], grown[LONG][2]
            for what, seconds, bound in (("wall", wall, 1.25), ("summed model time", models, 1.5)):
                ratio = seconds(long) / seconds(short)
                yield Figure(
                    f"dbt, hourly run, {what}",
                    times(ratio, "that of a tenth of the history"),
                    f"{seconds(long):.1f} s beside {seconds(short):.1f} s",
                    Reach("≤", bound),
                    ratio,
                )


def wall(builds: Sequence[Build]) -> float:
    return statistics.median(build.seconds for build in builds[1:])


def models(builds: Sequence[Build]) -> float:
    return statistics.median(build.summed_model_seconds for build in builds[1:])
