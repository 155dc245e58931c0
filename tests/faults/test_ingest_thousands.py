"""A thousand requests at once through the gateway, before an S3 that fails one in twenty."""

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from uuid import uuid4

import pytest
from urllib3 import HTTPConnectionPool, Timeout
from urllib3.exceptions import HTTPError

from local_stack import processes
from local_stack.home import PROJECT, Home
from local_stack.platform import clean_environment
from tests.faults.store_proxy import Fault, misbehaving_store
from tests.soak import SOAK

REQUESTS = 20_000 if SOAK else 1_000
AT_ONCE = 1_000
# Keys end in a random number, so each of these befalls 3 of 256 objects, whenever they are put.
FAULTS = [
    Fault(name, rf"^PUT \S*{ends}\.json")
    for name, ends in {
        "answered with 500": "0[0-2]",
        "told to slow down": "0[3-5]",
        "reset": "0[6-8]",
        "done, but reset": "0[9ab]",
    }.items()
]
FAILED = {"success": False, "message": "Internal error"}


@contextmanager
def gateway(home, environment):
    home.create()
    port = processes.any_free_port(taken=())
    command = [sys.executable, "-m", "local_stack.gateway", "--port", str(port)]
    settings = {**clean_environment(), **environment, "PYTHONPATH": str(PROJECT)}
    processes.start(home, "api", command, settings, port)
    yield HTTPConnectionPool("127.0.0.1", port, maxsize=AT_ONCE, timeout=Timeout(60), retries=False)
    processes.stop(home, "api")
    assert "Traceback" not in (home.logs / "api.log").read_text()


@pytest.mark.timeout(3_600 if SOAK else 300)
def test_each_that_was_accepted_is_stored_once_and_in_the_end_all_are(bucket, stored_ids, tmp_path):
    with (
        misbehaving_store(bucket.environment["AWS_ENDPOINT_URL_S3"], *FAULTS) as store,
        gateway(Home(tmp_path / "home"), {**bucket.environment, "AWS_ENDPOINT_URL_S3": store}) as api,
        ThreadPoolExecutor(AT_ONCE) as clients,
    ):

        def send(event_id):
            body = json.dumps({"eventName": "click", "eventId": event_id})
            with suppress(HTTPError):  # where the machine is slow, clients lose patience, too
                response = api.request("POST", "/clickstream", body=body)
                return response.status, response.json()
            return 500, FAILED

        def send_all(event_ids):
            heard = dict(zip(event_ids, clients.map(send, event_ids), strict=True))
            assert all(answer == FAILED for status, answer in heard.values() if status != 200)
            return {event_id for event_id, (status, _) in heard.items() if status == 200}

        sent = [str(uuid4()) for _ in range(REQUESTS)]
        accepted = send_all(sent)
        stored = stored_ids()
        assert 0 < len(accepted) < len(sent)
        assert accepted <= set(stored) <= set(sent)
        assert len(stored) == len(set(stored)), "nobody has tried again yet"

        while rest := [event_id for event_id in sent if event_id not in accepted]:
            accepted |= send_all(rest)
        assert accepted == set(stored_ids()) == set(sent)
