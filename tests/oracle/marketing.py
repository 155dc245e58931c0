"""What each channel brought."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tests.oracle.daily import rate
from tests.oracle.sessions import Session

Row = dict[str, Any]


def channel_performance_daily(people: Iterable[Session]) -> list[Row]:
    by_key: dict[tuple[date, str], list[Session]] = {}
    for session in people:
        by_key.setdefault((session.started_on, session.channel), []).append(session)
    return [
        {"activity_date": day, "channel": channel, **_performance(sessions)}
        for (day, channel), sessions in by_key.items()
    ]


def _performance(sessions: list[Session]) -> Row:
    converted_count = sum(session.is_converted for session in sessions)
    revenue = sum((session.revenue for session in sessions), Decimal(0))
    return {
        "session_count": len(sessions),
        "visitor_count": len({session.visitor_id for session in sessions}),
        "new_visitor_count": sum(session.number == 1 for session in sessions),
        "engaged_count": sum(session.is_engaged for session in sessions),
        "converted_count": converted_count,
        "order_count": sum(len(session.orders) for session in sessions),
        "revenue": revenue,
        "conversion_rate": rate(converted_count, len(sessions)),
        "revenue_per_session": Fraction(revenue) / len(sessions),
    }
