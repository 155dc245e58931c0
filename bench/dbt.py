"""dbt as the warehouse host runs it, with the time that each of its models took."""

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from local_stack import postgres
from local_stack.home import PROJECT
from local_stack.platform import Platform

DBT = Path(sys.executable).with_name("dbt")
HOURLY = ("build", "--exclude", "tag:daily", "--exclude-resource-type", "unit_test")


@dataclass(frozen=True)
class Build:
    seconds: float
    model_seconds: dict[str, float]

    @property
    def summed_model_seconds(self) -> float:
        return sum(self.model_seconds.values())

    @property
    def dearest(self) -> str:
        first = sorted(self.model_seconds.items(), key=lambda model: -model[1])[:5]
        return ", ".join(f"{name} {seconds:.1f} s" for name, seconds in first)


def full_build(running: Platform) -> Build:
    run_dbt(running, "seed")
    return run_dbt(running, "run", "--full-refresh")


def hourly_run(running: Platform) -> Build:
    return run_dbt(running, *HOURLY)


def run_dbt(running: Platform, *arguments: str) -> Build:
    target = running.home.root / "target"
    environment = {
        **os.environ,
        **running.warehouse_environment("clickmart_dbt"),
        "DBT_PROFILES_DIR": str(PROJECT / "dbt_project"),
        "DBT_TARGET_PATH": str(target),
        "DBT_LOG_PATH": str(target),
    }
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


def event_count(running: Platform) -> int:
    with running.server.connect(postgres.DATABASE) as connection:
        [(count,)] = connection.execute("select count(*) from marts.clickstream_events").fetchall()
    return int(count)
