"""dbt: a full build, and an hour of new events into a short and into a long history."""

import statistics
from collections.abc import Iterator, Mapping

from bench.dbt import Build, event_count, hourly_run
from bench.history import add_hour, filled
from bench.stage import temporary_platform
from bench.table import Figure, Reach, times
from local_stack import home
from local_stack.platform import Platform, open_platform

HOUR = 5_000
TURNS = 3
SHORT_DAYS = 30


def figures() -> Iterator[Figure]:
    """Of 100,000 events, of half a million and of a million."""
    for days in (6, SHORT_DAYS, 60):
        with temporary_platform() as running:
            yield filled(running, days)
            if days == SHORT_DAYS:
                yield from hours({"short": running})


def long_figures() -> Iterator[Figure]:
    """Half a million events beside those of the platform that is up, however many they are."""
    long = open_platform(home.current())
    with temporary_platform() as short:
        yield filled(short, SHORT_DAYS)
        yield from hours({"short": short, "long": long})


def hours(platforms: Mapping[str, Platform]) -> Iterator[Figure]:
    """An hour into each in turn."""
    builds: dict[str, list[Build]] = {name: [] for name in platforms}
    for _ in range(1 + TURNS):
        for name, running in platforms.items():
            add_hour(running, HOUR)
            builds[name].append(hourly_run(running))
    for name, running in platforms.items():
        # The first hour after a full build warms what stays warm from then on.
        del builds[name][0]
        what = f"dbt, hourly run, {HOUR:,} into {event_count(running):,} events"
        beside = f"{models(builds[name]):.1f} s in models; dearest: {builds[name][-1].dearest}"
        yield Figure(what, f"{wall(builds[name]):.1f} s", beside)
    if "long" in platforms:
        for measure, seconds, bound in (("wall", wall, 1.25), ("summed model time", models, 1.5)):
            long, short = seconds(builds["long"]), seconds(builds["short"])
            yield Figure(
                f"dbt, hourly run, {measure}",
                times(long / short, "that of half a million"),
                f"{long:.1f} s beside {short:.1f} s",
                Reach("≤", bound),
                long / short,
            )


def wall(builds: list[Build]) -> float:
    return statistics.median(build.seconds for build in builds)


def models(builds: list[Build]) -> float:
    return statistics.median(build.summed_model_seconds for build in builds)
