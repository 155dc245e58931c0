"""What every mart has to hold, by the rules of the design and with none of the warehouse's code."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from tests.oracle import channels, daily, funnels, journeys, rows
from tests.oracle.cleaning import analysed
from tests.oracle.events import Sent
from tests.oracle.orders import place
from tests.oracle.seeds import Seeds, project_seeds
from tests.oracle.sessions import LONGEST_SESSION, cut, stitch


def build(
    sent: Iterable[Sent], seeds: Seeds | None = None, longest_session: timedelta = LONGEST_SESSION
) -> dict[str, list[dict[str, Any]]]:
    """Rows by mart. A session goes by the id of its first event: session_key is a hash of our own."""
    seeds = seeds or project_seeds()
    events = analysed(sent, seeds)
    histories = cut(events, longest_session)
    for history in histories:
        stitch(history)
        channels.follow(history, seeds)
    sessions = [session for history in histories for session in history]
    orders = place(sessions)
    people = [session for session in sessions if not session.is_bot]
    orders_of_people = [order for order in orders if not order.session.is_bot]
    return {
        "clickstream_events": rows.clickstream_events(sessions),
        "sessions": rows.sessions_mart(sessions),
        "visitors": rows.visitors(histories),
        "users": rows.users(sessions),
        "products": rows.products(events),
        "orders": rows.orders_mart(orders),
        "order_items": rows.order_items(orders),
        "product_metrics_daily": daily.product_metrics_daily(people, orders_of_people),
        "session_funnels": funnels.session_funnels(sessions, seeds),
        "funnel_daily": funnels.funnel_daily(people, seeds),
        "journey_transitions_daily": journeys.journey_transitions_daily(people),
        "session_paths_daily": journeys.session_paths_daily(people),
        "pages_daily": daily.pages_daily(people),
        "activity_hourly": daily.activity_hourly(people),
        "activity_daily": daily.activity_daily(people, orders_of_people),
        "sessions_daily": daily.sessions_daily(people),
    }
