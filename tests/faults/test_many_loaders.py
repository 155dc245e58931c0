"""Loaders at once end with the rows of one, and with one load after the other."""

import json
from contextlib import ExitStack

import pytest

from tests.faults.loader_process import WAITING_FOR_A_LOCK, await_count, loader, said, statuses
from tests.faults.sent import assert_exactly_once


@pytest.mark.parametrize("count", [2, 5])
def test_loaders_at_once_end_with_the_rows_of_one(bucket, warehouse, sent, count):
    with ExitStack() as loaders:
        with warehouse.connect() as blocker, blocker.transaction():
            blocker.execute("lock table raw.events in share mode")
            processes = [loaders.enter_context(loader(bucket, warehouse)) for _ in range(count)]
            await_count(warehouse, WAITING_FOR_A_LOCK, count, *processes)
            assert statuses(warehouse) == ["running"]
        processed = [json.loads(said(process)[0])["processed"] for process in processes]

    assert sorted(processed) == [0] * (count - 1) + [12]
    assert statuses(warehouse) == ["complete"] * count
    assert_exactly_once(warehouse, sent)
