"""How well the data came in. Everything counts here, bots too."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from typing import Any

from tests.oracle.cleaning import Event
from tests.oracle.daily import Table, rate
from tests.oracle.events import Sent
from tests.oracle.seeds import Seeds

Row = dict[str, Any]

DAY = timedelta(days=1)
DAY_CLOSES_AFTER = timedelta(hours=6)
SETTLED_AFTER = timedelta(hours=72)
WEEK_BEFORE = [timedelta(days=days) for days in range(1, 8)]
# What may be missing. Whatever else can be flagged takes values that our histories do not hold.
FIELDS: dict[str, Callable[[Event], Any]] = {
    "event_timestamp": lambda event: event.event_timestamp,
    "client_id": lambda event: event.sent.client_id,
    "user_id": lambda event: event.sent.user_id,
    "session_id": lambda event: event.sent.session_id,
    "user_login_state": lambda event: event.sent.user_login_state,
    "page_url": lambda event: event.sent.page_url,
    "referrer": lambda event: event.sent.referrer,
    "product_id": lambda event: event.product_id,
    "order_id": lambda event: event.sent.order_id,
    "order_total": lambda event: event.sent.order_total,
}


def load_health(sent_events: Iterable[Sent], kept: Iterable[Event]) -> list[Row]:
    """Of objects whose key tells the hour: of others only the loader's clock would."""
    late = {_place(event.sent): _is_late(event) for event in kept}
    counted = ("event_count", "duplicate_count", "nameless_count", "late_count")
    table = Table(
        "receipt_hour",
        nothing=lambda: {"loads": set(), "objects": set(), **dict.fromkeys(counted, 0)},
    )
    for sent in sent_events:
        if not sent.object_key.startswith("events/"):
            continue
        row = table[(_receipt_hour(sent),)]
        row["loads"].add(sent.load_id)
        row["objects"].add(sent.object_key)
        row["event_count"] += 1
        row["nameless_count"] += not sent.event_name
        row["duplicate_count"] += bool(sent.event_name) and _place(sent) not in late
        row["late_count"] += late.get(_place(sent), False)
    rows = table.rows()
    for row in rows:
        row["load_count"] = len(row.pop("loads"))
        row["object_count"] = len(row.pop("objects"))
    return rows


def late_data_daily(events: Iterable[Event], last_event_at: datetime) -> list[Row]:
    table = Table("activity_date", nothing=lambda: {"event_count": 0, "late_event_count": 0})
    for event in events:
        row = table[(event.event_timestamp.date(),)]
        row["event_count"] += 1
        row["late_event_count"] += _is_late(event)
    rows = table.rows()
    for row in rows:
        row["late_share"] = rate(row["late_event_count"], row["event_count"])
        row["is_settled"] = last_event_at > _end_of(row["activity_date"]) + SETTLED_AFTER
    return rows


def data_quality_daily(events: Iterable[Event]) -> list[Row]:
    by_day: dict[date, list[Event]] = {}
    for event in events:
        by_day.setdefault(event.event_timestamp.date(), []).append(event)
    return [
        {"activity_date": day, "field": field, **_quality(by_day, day, field)}
        for day in by_day
        for field in FIELDS
    ]


def _quality(by_day: dict[date, list[Event]], day: date, field: str) -> Row:
    of_the_day = by_day[day]
    week_before = [event for back in WEEK_BEFORE for event in by_day.get(day - back, [])]
    share, share_before = _null_share(of_the_day, field), _null_share(week_before, field)
    return {
        "event_count": len(of_the_day),
        "flag_count": sum(_is_flagged(event, field) for event in of_the_day),
        "null_count": _null_count(of_the_day, field),
        "null_share": share,
        "null_share_week_before": share_before,
        "null_share_change": None if share is None or share_before is None else share - share_before,
    }


def unknown_event_names(events: Iterable[Event], seeds: Seeds) -> list[Row]:
    rows: dict[str, Row] = {}
    visitors: dict[str, set[str]] = {}
    for event in events:
        name = event.event_name
        if name in seeds.meanings:
            continue
        row = rows.setdefault(
            name, {"event_name": name, "first_seen_at": event.event_timestamp, "event_count": 0}
        )
        row["last_seen_at"] = event.event_timestamp
        row["event_count"] += 1
        visitors.setdefault(name, set()).add(event.visitor_id)
        row["visitor_count"] = len(visitors[name])
    return list(rows.values())


def _null_share(events: list[Event], field: str) -> Fraction | None:
    return rate(_null_count(events, field), len(events))


def _null_count(events: list[Event], field: str) -> int:
    return sum(FIELDS[field](event) is None for event in events)


def _is_flagged(event: Event, field: str) -> bool:
    """Only a clock can be wrong in our histories: it was not believed, so the receipt stands in."""
    sent_at = event.sent.event_timestamp
    return field == "event_timestamp" and sent_at is not None and sent_at != event.event_timestamp


def _is_late(event: Event) -> bool:
    return event.sent.received_at >= _end_of(event.event_timestamp.date()) + DAY_CLOSES_AFTER


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(), UTC) + DAY


def _receipt_hour(sent: Sent) -> datetime:
    return datetime.strptime(sent.object_key[: len("events/2026/03/04/23")], "events/%Y/%m/%d/%H").replace(
        tzinfo=UTC
    )


def _place(sent: Sent) -> tuple[str, int]:
    return sent.object_key, sent.line_number
