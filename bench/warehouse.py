"""dbt: a full build, and an hour of new events into a short and into a long history."""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.history import add_load, fill
from bench.stage import temporary_platform
from local_stack import postgres
from local_stack.home import PROJECT
from local_stack.platform import Platform

DBT = Path(sys.executable).with_name("dbt")
HOURLY = ("build", "--exclude", "tag:daily", "--exclude-resource-type", "unit_test")
DAYS = [int(days) for days in os.environ.get("BENCH_DAYS", "6 30").split()]
BATCHES, BATCH_SIZE = 4, 5_000


@dataclass(frozen=True)
class Build:
    seconds: float
    model_seconds: dict[str, float]

    @property
    def summed_model_seconds(self) -> float:
        return sum(self.model_seconds.values())


def rows(_: Platform) -> Iterator[str]:
    """BENCH_DAYS="6 30 60 300" measures 100k, 500k, 1M and 5M events."""
    hours = {}
    for days in DAYS:
        with temporary_platform() as running:
            batches = fill(running, days, BATCHES, BATCH_SIZE)
            full = dbt(running, "run")
            count = event_count(running)
            yield f"{count:,} events, full build: {full.seconds:.0f} s, models {slowest(full)}"
            dbt(running, *HOURLY)
            builds = []
            for batch in batches:
                with running.server.connect(postgres.DATABASE) as connection:
                    add_load(connection, batch)
                builds.append(dbt(running, *HOURLY))
            # The first hour after a full build warms what stays warm from then on.
            hours[days] = builds[1:]
            wall = statistics.median(build.seconds for build in hours[days])
            models = statistics.median(build.summed_model_seconds for build in hours[days])
            yield f"  {BATCH_SIZE:,} more: {wall:.1f} s, models {models:.1f} s: {slowest(builds[-1])}"


def dbt(running: Platform, *arguments: str) -> Build:
    target = running.home.root / "target"
    environment = {
        **os.environ,
        **running.warehouse_environment("clickmart_dbt"),
        "DBT_PROFILES_DIR": str(PROJECT / "dbt_project"),
        "DBT_TARGET_PATH": str(target),
        "DBT_LOG_PATH": str(target),
    }
    if arguments == ("run",):
        subprocess.run([DBT, "--quiet", "seed"], cwd=PROJECT / "dbt_project", env=environment, check=True)
    started = time.monotonic()
    subprocess.run([DBT, "--quiet", *arguments], cwd=PROJECT / "dbt_project", env=environment, check=True)
    seconds = time.monotonic() - started
    results = json.loads((target / "run_results.json").read_text())["results"]
    return Build(
        seconds,
        {
            result["unique_id"].split(".")[2]: result["execution_time"]
            for result in results
            if result["unique_id"].startswith("model.")
        },
    )


def slowest(build: Build) -> str:
    first = sorted(build.model_seconds.items(), key=lambda model: -model[1])[:12]
    return ", ".join(f"{name} {seconds:.1f}" for name, seconds in first)


def event_count(running: Platform) -> int:
    with running.server.connect(postgres.DATABASE) as connection:
        [(count,)] = connection.execute("select count(*) from marts.clickstream_events").fetchall()
    return int(count)
