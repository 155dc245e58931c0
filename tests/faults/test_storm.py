"""Everything at once and by chance: loaders that are killed, a store and a server that misbehave. During a
storm nothing ever comes twice; after it, one load in peace brings all that is missing."""

import os
import random
import secrets
import time
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

from tests.faults.loader_process import disconnect, loader
from tests.faults.restarts import RESTARTS, downtime
from tests.faults.sent import Sent, assert_exactly_once, assert_nothing_extra, send
from tests.faults.store_proxy import FAULTS, FETCHES, LISTINGS, Fault, misbehaving_store
from tests.soak import SOAK

# For each version of PostgreSQL.
LENGTH_SECONDS = 330 if SOAK else 1
SQUALLS = 10 if SOAK else 3
OBJECTS = 400 if SOAK else 40  # sent before each of them
LONGEST_WAIT_SECONDS = 2 if SOAK else 0.5
BATCHES = ("1", "40", "400", "50000")
BLOWS = ("killed", "let be", "disconnected", *(f"server {way}" for way in RESTARTS))
FIRST_HOUR = datetime(2026, 1, 5, tzinfo=UTC)


def test_after_every_storm_everything_is_there_once(bucket, warehouse, loader_at, capsys):
    seed = int(os.environ.get("CLICKMART_SEED") or (secrets.randbelow(1_000_000) if SOAK else 1))
    print(f"CLICKMART_SEED={seed}")
    chance = random.Random(seed)
    sent = Sent()
    end = time.monotonic() + LENGTH_SECONDS
    storm = 0
    while storm == 0 or time.monotonic() < end:
        storm += 1
        prefix = f"{FIRST_HOUR + timedelta(hours=storm):events/%Y/%m/%d/%H/}"
        squalls = []
        for number in range(SQUALLS):
            send(bucket, OBJECTS, f"{prefix}{number}/", pad=chance.choice([0, 0, 2_000]), into=sent)
            squalls.append(squall(chance, bucket, warehouse, {"overridePrefix": prefix}))
            assert_nothing_extra(warehouse, sent)
        result = loader_at().handler({"overridePrefix": prefix})
        assert_exactly_once(warehouse, sent)
        with capsys.disabled():
            print(
                f"\nseed {seed}, storm {storm}: {'; '.join(squalls)};"
                f" {result['skipped']} objects came through it, {result['processed']} after it"
            )


def squall(chance, bucket, warehouse, request):
    """One loader or two on a store with some fault, until something befalls them. Says what it was."""
    fault = Fault(
        chance.choice([name for name in FAULTS if name != "answered for ever"]),
        chance.choice([FETCHES, FETCHES, LISTINGS]),
        times=chance.choice([1, 5, 50, float("inf")]),
        seconds=chance.choice([0.01, 0.1, 1]),
    )
    at_work = Fault("answered late", times=1, seconds=0)
    count = chance.choice([1, 1, 2])
    blow = chance.choice(BLOWS)
    with (
        misbehaving_store(bucket.environment["AWS_ENDPOINT_URL_S3"], at_work, fault) as address,
        ExitStack() as loaders,
    ):
        for _ in range(count):
            settings = {"AWS_ENDPOINT_URL_S3": address, "MAX_RECORDS_PER_BATCH": chance.choice(BATCHES)}
            loaders.enter_context(loader(bucket, warehouse, request, **settings))
        at_work.await_strikes()
        time.sleep(chance.uniform(0, LONGEST_WAIT_SECONDS))
        befall(blow, warehouse)
        if blow != "killed":
            time.sleep(chance.uniform(0, LONGEST_WAIT_SECONDS))
    return f"{count} {blow}, {fault.strikes} requests {fault.name}"


def befall(blow, warehouse):
    if blow == "disconnected":
        disconnect(warehouse)
    elif blow.startswith("server "):
        with downtime(warehouse.server, blow.removeprefix("server ")):
            pass
