"""What the tests of faults share."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.faults.loader_process import environment_of
from tests.faults.sent import send
from tests.soak import SOAK

# Takes minutes whatever it is told.
collect_ignore = [] if SOAK else ["test_dbt_soak.py"]


@pytest.fixture(scope="module")
def commits_last(server):
    """Other tests do not wait for the disk. Here servers die, and must remember what they promised."""
    with server.connect() as superuser:
        superuser.execute("alter role all set synchronous_commit = on")
    yield
    with server.connect() as superuser:
        superuser.execute("alter role all reset synchronous_commit")


@pytest.fixture
def warehouse(commits_last, warehouse):
    return warehouse


@pytest.fixture
def sent(bucket):
    """Twelve objects in the bucket, which is enough for several batches."""
    return send(bucket, 12)


@pytest.fixture
def loader_at(bucket, warehouse, import_with):
    """The loader's module, cold, with a store at another address or other settings."""

    def cold_start(address=None, **environment):
        if address:
            environment["AWS_ENDPOINT_URL_S3"] = address
        return import_with("loader_lambda.handler", environment_of(bucket, warehouse, **environment))

    return cold_start


@pytest.fixture
def stored_ids(bucket):
    """Of all events that came to lie in the bucket."""

    def ask():
        with ThreadPoolExecutor(16) as readers:
            bodies = list(readers.map(bucket.get, bucket.keys()))
        return [json.loads(line)["eventId"] for body in bodies for line in body.splitlines()]

    return ask
