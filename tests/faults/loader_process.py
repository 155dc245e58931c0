"""The loader as a process of its own, that can be killed, and how to know where it stands."""

import json
import re
import subprocess
import sys
import time
from contextlib import contextmanager

from tests.faults.sent import HOUR
from tests.faults.store_proxy import Fault, fetch_of, misbehaving_store

LOAD = "import json, sys; from loader_lambda.handler import handler; handler(json.loads(sys.argv[1]))"
PATIENCE_SECONDS = 30
WAITING_FOR_A_LOCK = """
select count(*) from pg_stat_activity
where datname = current_database() and application_name = 'clickmart_loader' and wait_event_type = 'Lock'
"""
COPYING = """
select count(*) from pg_stat_progress_copy where relid = 'raw.events'::regclass and bytes_processed > 500000
"""
DISCONNECT = """
select pg_terminate_backend(pid) from pg_stat_activity
where datname = current_database() and application_name = 'clickmart_loader'
"""
COMMITS_WAIT = """
create function raw.wait() returns trigger language plpgsql as $$
begin perform pg_advisory_xact_lock(1); return null; end $$;
create constraint trigger commits_wait after insert on raw.loaded_objects
deferrable initially deferred for each row execute function raw.wait();
"""


def environment_of(bucket, warehouse, **environment):
    return {**bucket.environment, **warehouse.environment("clickmart_loader"), **environment}


@contextmanager
def loader(bucket, warehouse, request=None, **environment):
    process = subprocess.Popen(
        [sys.executable, "-c", LOAD, json.dumps(request or {"overridePrefix": HOUR})],
        env=environment_of(bucket, warehouse, **environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


@contextmanager
def paused(bucket, warehouse, fault, **environment):
    """A loader whose store keeps it waiting."""
    with (
        misbehaving_store(bucket.environment["AWS_ENDPOINT_URL_S3"], fault) as address,
        loader(bucket, warehouse, AWS_ENDPOINT_URL_S3=address, **environment) as process,
    ):
        fault.await_strikes()
        yield process


@contextmanager
def copying(bucket, warehouse, **environment):
    """A loader that has sent rows of objects 0 to 3 to PostgreSQL; and what keeps it from sending more."""
    fault = Fault("answered late", fetch_of("00004.json"))
    with paused(bucket, warehouse, fault, **environment) as process:
        await_count(warehouse, COPYING, 1, process)
        yield process, fault


@contextmanager
def commits_wait(warehouse):
    """Whoever commits a batch meanwhile has said all there is to say, and waits for the server's answer."""
    with warehouse.connect() as owner:
        owner.execute(COMMITS_WAIT)
        with owner.transaction():
            owner.execute("select pg_advisory_xact_lock(1)")
            yield


def kill(process):
    process.kill()
    process.wait()


def disconnect(warehouse):
    with warehouse.server.connect(warehouse.database) as superuser:
        superuser.execute(DISCONNECT)


def said(process):
    """All that it said until it ended, and how it ended."""
    output, _ = process.communicate(timeout=60)
    return output.decode(), process.returncode


def is_a_lost_connection(output):
    """Which of the two it hears, the server's last words or none, is a matter of luck."""
    return (
        re.search(r"^psycopg\.(OperationalError|errors\.AdminShutdown): ", output, re.MULTILINE) is not None
    )


def await_count(warehouse, query, count, *processes):
    """Until the query answers so, while these processes are alive."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    with warehouse.server.connect(warehouse.database) as superuser:
        while (found := superuser.execute(query).fetchone()) != (count,):
            assert time.monotonic() < deadline, found
            assert all(process.poll() is None for process in processes)
            time.sleep(0.02)


def statuses(warehouse):
    return [status for (status,) in warehouse.rows("select status from raw.loads order by load_id")]
