"""The way of the data from end to end, as `make demo` shows it."""

import json
import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from local_stack import dashboards, pipeline, platform, screen
from local_stack.home import Home, StackError, write
from local_stack.platform import Platform
from local_stack.traffic import Request, simulate

DAYS, VISITORS, SEED = 30, 6_000, 42


@dataclass(frozen=True)
class TrafficPlan:
    days: int
    visitors: int
    seed: int
    until: datetime

    def arguments(self) -> dict[str, Any]:
        return asdict(self)


def run(home: Home, days: int, visitors: int) -> None:
    running, _ = platform.up(home, {})
    screen.say("PostgreSQL, S3, the HTTP endpoint and the demo shop are up")

    remembered = home.root / "traffic.json"
    plan = remembered_plan(remembered)
    if plan is None:
        plan = TrafficPlan(days, visitors, SEED, end_of_traffic(None))
        remember(remembered, plan, is_sent=False)
    figures: dict[str, int] = {}
    if is_sent(remembered):
        screen.say(
            f"the traffic of {plan.visitors:,} visitors in {plan.days} days was sent by an earlier run; "
            "`make reset` begins anew"
        )
    else:
        figures = screen.delivery_numbers(send_traffic(plan, pipeline.to_ingest(running)))
        remember(remembered, plan, is_sent=True)

    hours = math.ceil((datetime.now(UTC) - plan.until) / timedelta(hours=1)) + plan.days * 24
    run_load(running, {"hoursBack": 0, "lookbackHours": hours})
    with screen.progress("building the marts with dbt"):
        if pipeline.transform(running, ["build"], quiet=True) != 0:
            raise StackError("dbt failed: its own words stand above; `clickmart transform` runs it again")
    invitation = invite_to_dashboards(running)

    screen.say("")
    screen.numbers(figures | warehouse_numbers(running))
    screen.say("")
    screen.addresses(running)
    screen.say("`make stop` stops it all; `make reset` deletes what it stored")
    screen.say("")
    screen.say(invitation)


def invite_to_dashboards(running: Platform) -> str:
    """The platform is worth having without them: where R is not installed, we say how to have it."""
    try:
        with screen.progress("starting the dashboards"):
            url, _ = dashboards.start(running)
    except dashboards.NotInstalledError as missing:
        return f"no dashboards yet: {missing}"
    return f"see the dashboards at {url}"


def send_traffic(plan: TrafficPlan, deliver: pipeline.Deliver) -> pipeline.Delivery:
    """Progress runs along simulated time: how many requests there will be is known only at their end."""
    start = plan.until - timedelta(days=plan.days)
    hours = plan.days * 24
    with screen.progress(f"sending {plan.days} days of shop traffic (hours)", total=hours) as report:
        newest = start

        def watched(requests: Iterator[Request]) -> Iterator[Request]:
            nonlocal newest
            for request in requests:
                newest = datetime.fromtimestamp(request.received_at_ms / 1000, UTC)
                yield request

        sent = pipeline.send(
            watched(simulate(**plan.arguments())),
            deliver,
            lambda _: report(int((newest - start) / timedelta(hours=1))),
        )
        report(hours)
    return sent


def run_load(running: Platform, request: dict[str, Any]) -> dict[str, Any]:
    with screen.progress("loading S3 into PostgreSQL (objects)") as report, pipeline.watched(running, report):
        return pipeline.load(running, request)


def warehouse_numbers(running: Platform) -> dict[str, int]:
    """How far the events have come. Marts are counted once dbt has built them."""
    with pipeline.connect(running, "clickmart_dbt") as connection:
        objects, events, rejected = connection.execute(
            """
            select count(*), coalesce(sum(event_count), 0)::bigint, coalesce(sum(rejected_count), 0)::bigint
            from raw.loaded_objects
            """
        ).fetchone() or (0, 0, 0)
        figures = {
            "objects loaded": objects,
            "events loaded into raw.events": events,
            "documents rejected by the loader": rejected,
        }
        for mart, title in (
            ("marts.clickstream_events", "events in marts.clickstream_events"),
            ("marts.quarantined_events", "events in marts.quarantined_events"),
            ("marts.sessions", "sessions in marts.sessions"),
            ("marts.orders", "orders in marts.orders"),
        ):
            if (connection.execute("select to_regclass(%s)", [mart]).fetchone() or [None])[0]:
                count = connection.execute(f"select count(*) from {mart}").fetchone()  # noqa: S608 - our own names
                figures[title] = count[0] if count else 0
    return figures


def end_of_traffic(until: datetime | None) -> datetime:
    """The start of the running hour, so that every hour of the traffic is complete."""
    if until is not None:
        return until.replace(tzinfo=UTC)
    return datetime.now(UTC).replace(minute=0, second=0, microsecond=0)


def remembered_plan(file: Path) -> TrafficPlan | None:
    """A demo that was interrupted sends the same events again, and none counts twice."""
    if not file.exists():
        return None
    known = json.loads(file.read_text())
    return TrafficPlan(
        known["days"], known["visitors"], known["seed"], datetime.fromisoformat(known["until"])
    )


def is_sent(file: Path) -> bool:
    return bool(json.loads(file.read_text())["is_sent"])


def remember(file: Path, plan: TrafficPlan, *, is_sent: bool) -> None:
    write(file, json.dumps({**asdict(plan), "until": plan.until.isoformat(), "is_sent": is_sent}))
