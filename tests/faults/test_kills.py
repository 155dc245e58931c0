"""The loader is killed, at every point that makes a difference: the next load completes, every event once."""

import pytest

from tests.faults.loader_process import (
    WAITING_FOR_A_LOCK,
    await_count,
    commits_wait,
    copying,
    kill,
    loader,
    paused,
    statuses,
)
from tests.faults.sent import HOUR, assert_exactly_once, send
from tests.faults.store_proxy import FETCHES, LISTINGS, Fault, fetch_of

KEY_IN_DOUBT = (
    "insert into raw.loaded_objects (object_key, size_bytes, event_count, rejected_count, load_id)"
    f" values ('{HOUR}{{:05}}.json', 0, 0, 0, 0)"
)
# Each stops the loader at one place, and tells how many loads are left behind, and what they had committed.
STOPS = {
    "before a load opens": ("lock table raw.loads in share mode", [], 0),
    "after the listing": ("lock table raw.loaded_objects in access exclusive mode", ["abandoned"], 0),
    "before events": ("lock table raw.events in share mode", ["abandoned"], 0),
    "before rejects": ("lock table raw.rejected_events in share mode", ["abandoned"], 0),
    "before the ledger": ("lock table raw.loaded_objects in share mode", ["abandoned"], 0),
    "in the second batch": (KEY_IN_DOUBT.format(5), ["abandoned"], 4),
    "in the last batch": (KEY_IN_DOUBT.format(11), ["abandoned"], 8),
    "after the last commit": ("lock table raw.transformations in access exclusive mode", ["abandoned"], 12),
}


@pytest.mark.parametrize("stop", STOPS)
def test_killed_anywhere_the_next_load_completes(bucket, warehouse, load, sent, stop):
    statement, left_behind, committed = STOPS[stop]
    with warehouse.connect() as blocker, blocker.transaction(force_rollback=True):
        blocker.execute(statement)
        with loader(bucket, warehouse, MAX_RECORDS_PER_BATCH="18") as process:
            await_count(warehouse, WAITING_FOR_A_LOCK, 1, process)
            kill(process)

    result = load({"overridePrefix": HOUR})

    assert (result["skipped"], result["processed"]) == (committed, 12 - committed)
    assert statuses(warehouse) == [*left_behind, "complete"]
    assert_exactly_once(warehouse, sent)


def test_killed_again_and_again(bucket, warehouse, load, sent):
    for number in (2, 5, 8):
        with warehouse.connect() as blocker, blocker.transaction(force_rollback=True):
            blocker.execute(KEY_IN_DOUBT.format(number))
            with loader(bucket, warehouse, MAX_RECORDS_PER_BATCH="1") as process:
                await_count(warehouse, WAITING_FOR_A_LOCK, 1, process)

    load({"overridePrefix": HOUR})

    assert warehouse.rows("select object_count, status from raw.loads order by load_id") == [
        (2, "abandoned"),
        (3, "abandoned"),
        (3, "abandoned"),
        (4, "complete"),
    ]
    assert_exactly_once(warehouse, sent)


PAUSES = {
    "in the middle of a listing": LISTINGS,
    "in the middle of a fetch": fetch_of("00003.json"),
}


@pytest.mark.parametrize("pause", PAUSES)
def test_killed_while_it_waits_for_the_store(bucket, warehouse, load, sent, pause):
    with paused(bucket, warehouse, Fault("answered halfway, then late", PAUSES[pause])) as process:
        kill(process)

    assert load({"overridePrefix": HOUR})["processed"] == 12
    assert statuses(warehouse) == ["abandoned", "complete"]
    assert_exactly_once(warehouse, sent)


def test_killed_in_the_middle_of_copying(bucket, warehouse, load):
    sent = send(bucket, 6, pad=100_000)
    with copying(bucket, warehouse) as (process, _):
        kill(process)

    assert load({"overridePrefix": HOUR})["processed"] == 6
    assert statuses(warehouse) == ["abandoned", "complete"]
    assert_exactly_once(warehouse, sent)


def test_killed_with_all_written_and_nothing_committed(bucket, warehouse, load, sent):
    """What a batch writes last is its numbers, in the row of its load."""
    fault = Fault("answered late", FETCHES)
    with (
        paused(bucket, warehouse, fault) as process,
        warehouse.connect() as blocker,
        blocker.transaction(force_rollback=True),
    ):
        blocker.execute("select from raw.loads for update")
        fault.end()
        await_count(warehouse, WAITING_FOR_A_LOCK, 1, process)
        kill(process)

    assert load({"overridePrefix": HOUR})["processed"] == 12
    assert_exactly_once(warehouse, sent)


def test_killed_while_the_server_commits(bucket, warehouse, load, sent):
    """Nobody hears that the batch was committed, and yet it was: the ledger knows."""
    with commits_wait(warehouse), loader(bucket, warehouse) as process:
        await_count(warehouse, WAITING_FOR_A_LOCK, 1, process)
        kill(process)

    result = load({"overridePrefix": HOUR})

    assert (result["skipped"], result["processed"]) == (12, 0)
    assert warehouse.rows("select object_count, status from raw.loads order by load_id") == [
        (12, "abandoned"),
        (0, "complete"),
    ]
    assert_exactly_once(warehouse, sent)
