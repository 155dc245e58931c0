"""The loader as a process of its own, that can be killed, and how to know where it stands."""

import json
import subprocess
import sys
import time
from contextlib import contextmanager

from tests.faults.sent import HOUR

LOAD = "import json, sys; from loader_lambda.handler import handler; handler(json.loads(sys.argv[1]))"
PATIENCE_SECONDS = 30
WAITING_FOR_A_LOCK = """
select count(*) from pg_stat_activity
where datname = current_database() and application_name = 'clickmart_loader' and wait_event_type = 'Lock'
"""
COPYING = """
select count(*) from pg_stat_progress_copy where relid = 'raw.events'::regclass and bytes_processed > 500000
"""
CONNECTED = """
select count(*) from pg_stat_activity
where datname = current_database() and application_name = 'clickmart_loader'
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


def kill(process):
    process.kill()
    process.wait()


def said(process):
    """All that it said until it ended, and how it ended."""
    output, _ = process.communicate(timeout=60)
    return output.decode(), process.returncode


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
