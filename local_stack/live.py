"""`clickmart up --live`: what comes in is loaded at once, and dbt runs behind it, until somebody ends it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from local_stack import pipeline, screen
from local_stack.home import Home, StackError
from local_stack.platform import Platform, taken_lock

LOOK_EVERY_SECONDS = 2.0
# What the warehouse host runs after each load. What depends on the calendar only is built at the beginning.
HOURLY = ["build", "--exclude", "tag:daily", "--exclude-resource-type", "unit_test"]
# An hour that ends is looked at once more: its last events may have come while dbt was running.
LOAD = {"hoursBack": 0, "lookbackHours": 1}


def follow(running: Platform) -> None:
    with alone(running.home):
        catch_up(running)
        screen.say("waiting for events; Ctrl-C ends this, and the platform stays up")
        seen: set[str] = set()
        for keys in listings(running):
            if keys <= seen:
                continue
            began = time.monotonic()
            result = pipeline.load(running, LOAD)
            seen = keys
            if count := result["inserted"]:
                events = f"{count:,} event" + ("s" if count > 1 else "")
                is_built = pipeline.transform(running, HOURLY, quiet=True) == 0
                outcome = (
                    f"in the marts after {time.monotonic() - began:.0f} s"
                    if is_built
                    else "but dbt failed, as it says above; it tries again after the next ones"
                )
                screen.say(f"{datetime.now():%H:%M:%S}  {events}, {outcome}")


def catch_up(running: Platform) -> None:
    """Everything once, so that there is something to follow, and nothing is older than a night."""
    with screen.progress("loading what there is (objects)") as report, pipeline.watched(running, report):
        pipeline.load(running, LOAD)
    with screen.progress("building the marts with dbt"):
        if pipeline.transform(running, ["build"], quiet=True) != 0:
            raise StackError("dbt failed: its own words stand above; mend that, and begin again")


def listings(running: Platform) -> Iterator[set[str]]:
    """The objects of the running hour and the one before, again and again: loads that find nothing new would
    fill the ledger."""
    pipeline.use(running.bucket_environment())
    import obstore  # noqa: PLC0415 - only this command asks S3 itself

    from loader_lambda.objects import open_bucket  # noqa: PLC0415

    environment = running.bucket_environment()
    bucket = open_bucket(environment["RAW_BUCKET_NAME"], environment["AWS_ENDPOINT_URL_S3"])
    while True:
        now = datetime.now(UTC)
        yield {
            entry["path"]
            for hour in (now - timedelta(hours=1), now)
            for page in obstore.list(bucket, f"events/{hour:%Y/%m/%d/%H}/")
            for entry in page
        }
        time.sleep(LOOK_EVERY_SECONDS)


@contextmanager
def alone(home: Home) -> Iterator[None]:
    with taken_lock(home.run / "live.lock") as is_taken:
        if not is_taken:
            raise StackError("somebody follows the events already: end that one first")
        yield
