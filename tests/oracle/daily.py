"""The marts that count what people did by day and hour. Whoever calls has left the bots out."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import Any

from tests.oracle.orders import Order
from tests.oracle.sessions import Session

Row = dict[str, Any]

COUNTED_OF_A_PRODUCT = {
    "product_view": "view_count",
    "add_to_cart_click": "add_to_cart_count",
    "remove_from_cart_click": "remove_from_cart_count",
    "wishlist_click": "wishlist_count",
}


class Table:
    """Rows by key, each of them nothing until something is added to it."""

    def __init__(self, *key: str, nothing: Callable[[], Row]) -> None:
        self.key = key
        self.nothing = nothing
        self._rows: dict[tuple[Any, ...], Row] = {}

    def __getitem__(self, key: tuple[Any, ...]) -> Row:
        return self._rows.setdefault(key, self.nothing())

    def rows(self) -> list[Row]:
        return [{**dict(zip(self.key, key, strict=True)), **row} for key, row in self._rows.items()]


def rate(part: int, whole: int) -> Fraction | None:
    return Fraction(part, whole) if whole else None


def product_metrics_daily(people: Iterable[Session], orders: Iterable[Order]) -> list[Row]:
    table = Table(
        "activity_date",
        "product_id",
        nothing=lambda: {
            **dict.fromkeys(COUNTED_OF_A_PRODUCT.values(), 0),
            **{"viewers": set(), "order_count": 0, "quantity": 0, "revenue": Decimal(0)},
        },
    )
    for session in people:
        for event in session.events:
            if event.product_id and event.event_name in COUNTED_OF_A_PRODUCT:
                row = table[event.event_timestamp.date(), event.product_id]
                row[COUNTED_OF_A_PRODUCT[event.event_name]] += 1
                if event.event_name == "product_view":
                    row["viewers"].add(event.visitor_id)
    for order in orders:
        for item in order.items:
            row = table[order.ordered_on, item["product_id"]]
            row["order_count"] += 1
            row["quantity"] += item["quantity"]
            row["revenue"] += item["revenue"]
    rows = table.rows()
    for row in rows:
        row["viewer_count"] = len(row.pop("viewers"))
        row["view_to_cart_rate"] = rate(row["add_to_cart_count"], row["view_count"])
        row["cart_to_order_rate"] = rate(row["order_count"], row["add_to_cart_count"])
    return rows


def pages_daily(people: Iterable[Session]) -> list[Row]:
    table = Table(
        "activity_date",
        "page_path",
        nothing=lambda: {"view_count": 0, "entry_count": 0, "exit_count": 0},
    )
    for session in people:
        table[session.started_on, session.landing_page_path or "(none)"]["entry_count"] += 1
        table[session.started_on, session.exit_page_path or "(none)"]["exit_count"] += 1
        for event in session.events:
            if event.meaning.is_page_view:
                table[event.event_timestamp.date(), event.page_path or "(none)"]["view_count"] += 1
    return table.rows()


def activity_hourly(people: Iterable[Session]) -> list[Row]:
    table = Table(
        "activity_hour",
        "event_name",
        "user_login_state",
        nothing=lambda: {"event_count": 0, "sessions": set(), "visitors": set()},
    )
    for session in people:
        for event in session.events:
            hour = event.event_timestamp.replace(minute=0, second=0, microsecond=0)
            row = table[hour, event.event_name, event.sent.user_login_state or "(none)"]
            row["event_count"] += 1
            row["sessions"].add(session.first_event_id)
            row["visitors"].add(session.visitor_id)
    rows = table.rows()
    for row in rows:
        row["session_count"] = len(row.pop("sessions"))
        row["visitor_count"] = len(row.pop("visitors"))
    return rows


def events_daily(people: Iterable[Session]) -> list[Row]:
    counts = Counter(
        (event.event_timestamp.date(), event.event_name, event.sent.user_login_state or "(none)")
        for session in people
        for event in session.events
    )
    names = ("activity_date", "event_name", "user_login_state")
    return [{**dict(zip(names, key, strict=True)), "event_count": count} for key, count in counts.items()]


def activity_daily(people: Iterable[Session], orders: Iterable[Order]) -> list[Row]:
    counts = ("event_count", "session_count", "new_visitor_count", "order_count", "converted", "bounced")
    table = Table(
        "activity_date",
        nothing=lambda: {**dict.fromkeys(counts, 0), "revenue": Decimal(0), "visitors": set()},
    )
    for session in people:
        row = table[(session.started_on,)]
        row["session_count"] += 1
        row["new_visitor_count"] += session.number == 1
        row["converted"] += session.is_converted
        row["bounced"] += not session.is_engaged
        for event in session.events:
            row = table[(event.event_timestamp.date(),)]
            row["event_count"] += 1
            row["visitors"].add(session.visitor_id)
    for order in orders:
        row = table[(order.ordered_on,)]
        row["order_count"] += 1
        row["revenue"] += order.total
    rows = table.rows()
    for row in rows:
        row["visitor_count"] = len(row.pop("visitors"))
        row["conversion_rate"] = rate(row.pop("converted"), row["session_count"])
        row["bounce_rate"] = rate(row.pop("bounced"), row["session_count"])
    return rows


def sessions_daily(people: Iterable[Session]) -> list[Row]:
    by_key: dict[tuple[date, str, str, str], list[Session]] = {}
    for session in people:
        device_type = session.device_type or "(none)"
        user_login_state = session.user_login_state or "(none)"
        key = (session.started_on, session.channel, device_type, user_login_state)
        by_key.setdefault(key, []).append(session)
    names = ("activity_date", "channel", "device_type", "user_login_state")
    return [{**dict(zip(names, key, strict=True)), **_measures(sessions)} for key, sessions in by_key.items()]


def visitor_returns_daily(people: Iterable[Session]) -> list[Row]:
    dates: dict[tuple[str, ...], set[date]] = {}
    for session in people:
        found = (session.channel, session.device_type or "(none)", session.user_login_state or "(none)")
        for choice in product(*(("(all)", value) for value in found)):
            dates.setdefault((session.visitor_id, *choice), set()).add(session.started_on)
    counts: Counter[tuple[Any, ...]] = Counter()
    for (_, *choice), visited in dates.items():
        before = None
        for day in sorted(visited):
            counts[day, *choice, 0 if before is None else (day - before).days] += 1
            before = day
    names = ("activity_date", "channel", "device_type", "user_login_state", "days_since_previous")
    return [{**dict(zip(names, key, strict=True)), "visitor_count": count} for key, count in counts.items()]


def _measures(sessions: list[Session]) -> Row:
    return {
        "session_count": len(sessions),
        "new_visitor_count": sum(session.number == 1 for session in sessions),
        "engaged_count": sum(session.is_engaged for session in sessions),
        "bounce_count": sum(not session.is_engaged for session in sessions),
        "converted_count": sum(session.is_converted for session in sessions),
        "order_count": sum(len(session.orders) for session in sessions),
        "revenue": sum((session.revenue for session in sessions), Decimal(0)),
        "duration_seconds_sum": sum(session.duration_seconds for session in sessions),
        "event_count": sum(len(session.events) for session in sessions),
        "page_view_count": sum(session.page_view_count for session in sessions),
    }
