"""What the person at the terminal sees. Bars and colours on a terminal only; plain lines elsewhere."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

from local_stack import dashboards
from local_stack.pipeline import Delivery
from local_stack.pipeline import Progress as Report
from local_stack.platform import Platform
from local_stack.postgres import DATABASE
from local_stack.traffic import Truth

console = Console(highlight=False)
REPORT_SECONDS = 10.0


def say(text: str) -> None:
    console.print(text, markup=False, soft_wrap=True)


@contextmanager
def progress(title: str, total: int | None = None) -> Iterator[Report]:
    """Yields a function that is told how far we are: how much more, or None for no known end."""
    if console.is_terminal:
        with Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
        ) as bars:
            bar = bars.add_task(title, total=total)
            yield lambda done: bars.update(bar, completed=done)
        return
    started = said = time.monotonic()
    say(f"{title} …")

    def report(done: int) -> None:
        nonlocal said
        if time.monotonic() - said >= REPORT_SECONDS:
            said = time.monotonic()
            say(f"{title}: {done:,}" + (f" of {total:,}" if total else ""))

    yield report
    say(f"{title}: done in {time.monotonic() - started:.1f} s")


def addresses(platform: Platform) -> None:
    if url := dashboards.url(platform.home):
        say(f"Dashboards           {url}")
    say(f"Demo shop            {platform.shop_url}")
    say(f"HTTP endpoint        {platform.api_url}")
    say(f"S3                   http://127.0.0.1:{platform.ports.s3}")
    say(f"PostgreSQL           127.0.0.1:{platform.ports.postgres}, database {DATABASE}")
    say(f"State                {platform.home.root}")
    say('Environment for dbt  eval "$(.venv/bin/clickmart env)"')


def numbers(figures: Mapping[str, int]) -> None:
    names = max(len(name) for name in figures)
    digits = max(len(f"{figure:,}") for figure in figures.values())
    for name, figure in figures.items():
        say(f"{name:<{names}}  {figure:>{digits},}")


def delivery(sent: Delivery) -> None:
    numbers(delivery_numbers(sent))


def delivery_numbers(sent: Delivery) -> dict[str, int]:
    return {
        "requests sent": sent.requests,
        **{f"  answered {status}": count for status, count in sorted(sent.statuses.items())},
        "events accepted": sent.accepted,
        "events rejected by ingest": sent.rejected.total(),
        **{f"  {reason}": count for reason, count in sent.rejected.most_common()},
    }


def load(result: Mapping[str, Any]) -> None:
    numbers(
        {
            "objects listed": result["objects"],
            "  loaded before": result["skipped"],
            "  loaded now": result["processed"],
            "events loaded": result["inserted"],
            "documents rejected": result["rejected"],
        }
    )
    say(f"load {result['load_id']} took {result['seconds']:.1f} s")


def truth(true: Truth) -> None:
    numbers(
        {
            "requests": true.requests,
            "events sent": true.events_sent,
            "events accepted": true.events_accepted,
            "events rejected": true.events_rejected,
            "distinct events": true.with_bots.events,
        }
    )
    people = true.without_bots
    say(f"without bots: {people.visitors:,} visitors, {people.sessions:,} sessions, {people.orders:,} orders")
    say(f"revenue {people.revenue:,}, funnel {' → '.join(f'{step:,}' for step in people.funnel)}")
