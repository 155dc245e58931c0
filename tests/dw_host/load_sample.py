"""Sends the traffic of a day to S3 and loads it, as the cloud's Lambdas do: load_sample.py FOLDER DAY

The environment says where the warehouse is, in the loader's own words."""

import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from local_stack import object_store
from local_stack.api_event import api_event
from local_stack.home import Home
from local_stack.hours import first_of_hour_alone
from local_stack.processes import port_of
from local_stack.traffic import simulate

PORT = 24399
FIRST_DAY = datetime(2026, 1, 10, tzinfo=UTC)


def main(folder: str, day: str) -> None:
    home = Home(Path(folder))
    home.create()
    if port_of(home, object_store.NAME) is None:
        object_store.start(home, PORT)
    os.environ |= object_store.environment(home, PORT)

    from ingest_lambda.handler import handler as ingest  # noqa: PLC0415 - reads its environment
    from loader_lambda.handler import handler as load  # noqa: PLC0415

    receive = first_of_hour_alone(ingest)
    until = FIRST_DAY + timedelta(days=int(day))
    for request in simulate(days=1, visitors=40, seed=int(day), until=until):
        receive(
            api_event(
                method="POST",
                target="/clickstream",
                headers=request.headers.items(),
                body=request.body,
                source_ip=request.source_ip,
                request_id=request.request_id,
                received_at_ms=request.received_at_ms,
            ),
            None,
        )
    load({"overridePrefix": "events/2026/"})


main(*sys.argv[1:])
