"""Round after round of random loads and random faults of dbt: the hourly run after each passes its data
tests, and now and then the marts are compared with a full refresh.

CLICKMART_SEED=… repeats a soak that failed, as far as the moments of faults can be repeated."""

import json
import os
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import count
from random import Random

import pytest

from tests.conftest import FAST_AND_FORGETFUL
from tests.oracle.events import Sent, payload
from tests.oracle.histories import random_history
from tests.postgres.dbt_fixtures import HOURLY, Dbt, Event, add_load, close_load
from tests.postgres.dbt_histories import FIRST_RUN, HOURLY_RUN, WITHOUT_DAILY, unlike_a_refresh

SECONDS = 600
ROUNDS_UNTIL_COMPARED = 4
# From before dbt has read its project until after it is done.
LONGEST_RUN = 25.0


@pytest.mark.timeout(SECONDS + 900)
def test_random_faults_end_as_a_full_refresh(warehouse, tmp_path_factory, capsys):
    seed = int(os.environ.get("CLICKMART_SEED", time.time_ns() % 1_000_000))
    rng = Random(seed)
    dbt, other = (Dbt(warehouse, tmp_path_factory.mktemp("dbt")) for _ in range(2))
    loads = some_loads(rng)
    add_load(warehouse, next(loads))
    dbt.succeeds(*FIRST_RUN)

    began = time.monotonic()
    for number in count(1):
        faults = rng.choices((killed, two_at_once, server_restarted), k=rng.randint(1, 3))
        with capsys.disabled():
            told = f"round {number}: {', '.join(fault.__name__ for fault in faults)}"
            print(f"\nseed {seed}, {time.monotonic() - began:.0f} s, {told}", end="", flush=True)
        for fault in faults:
            load_id = add_load(warehouse, next(loads), is_closed=rng.random() < 0.7)
            fault(dbt, other, rng, next(loads))
            # The loader that comes next closes what a dead one left open.
            close_load(warehouse, load_id)
        dbt.succeeds(*HOURLY)

        is_over = time.monotonic() - began > SECONDS
        if is_over or number % ROUNDS_UNTIL_COMPARED == 0:
            told = unlike_a_refresh(dbt, *WITHOUT_DAILY)
            assert not told, f"seed {seed}, round {number}: {told}"
        if is_over:
            break


def some_loads(rng: Random) -> Iterator[list[Event]]:
    """The same visitors come again and again. A key is never used twice."""
    for number in count():
        for load in random_history(rng).loads:
            yield [as_loaded(sent, number) for sent in load]


def as_loaded(sent: Sent, number: int) -> Event:
    key = sent.object_key.replace("/events-", f"/events-{number:04}-")
    return Event(json.dumps(payload(sent)), sent.line_number, key)


def killed(dbt: Dbt, other: Dbt, rng: Random, load: list[Event]) -> None:
    add_load(dbt.warehouse, load)
    with dbt.running(*HOURLY, "--quiet") as run:
        wait_a_while(run, rng)


def two_at_once(dbt: Dbt, other: Dbt, rng: Random, load: list[Event]) -> None:
    """One reads further than the other, before it or behind it. One may lose a race for a table's name."""
    with ThreadPoolExecutor() as pool:
        runs = [pool.submit(dbt, *HOURLY_RUN)]
        time.sleep(rng.uniform(0, LONGEST_RUN / 2))
        add_load(dbt.warehouse, load)
        runs.append(pool.submit(other, *HOURLY_RUN))
    for run in runs:
        said = run.result().stdout
        assert run.result().returncode == 0 or "already exists" in said, said


def server_restarted(dbt: Dbt, other: Dbt, rng: Random, load: list[Event]) -> None:
    add_load(dbt.warehouse, load)
    with dbt.running(*HOURLY, "--quiet") as run:
        wait_a_while(run, rng)
        dbt.warehouse.server.stop()
        dbt.warehouse.server.start(FAST_AND_FORGETFUL)
        run.communicate()


def wait_a_while(run: "subprocess.Popen[str]", rng: Random) -> None:
    with suppress(subprocess.TimeoutExpired):
        run.wait(rng.uniform(0, LONGEST_RUN))
