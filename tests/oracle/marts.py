"""What every mart has to hold, by the rules of the design and with none of the warehouse's code."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tests.oracle import (
    attribution,
    carts,
    channels,
    daily,
    experiments,
    funnels,
    health,
    journeys,
    marketing,
    retention,
    rows,
    segments,
)
from tests.oracle.cleaning import Event, analysed
from tests.oracle.events import Sent
from tests.oracle.orders import Order, place
from tests.oracle.persons import persons
from tests.oracle.seeds import Seeds, project_seeds
from tests.oracle.sessions import LONGEST_SESSION, Session, cut, stitch

Marts = dict[str, list[dict[str, Any]]]

# What no two ways of counting bring out alike to the last digit.
CLOSE = {"attribution_credits": ("credit", "credited_revenue")}


def build(
    sent: Iterable[Sent], seeds: Seeds | None = None, *, longest_session: timedelta = LONGEST_SESSION
) -> Marts:
    """Rows by mart. A session goes by the id of its first event: session_key is a hash of our own."""
    seeds = seeds or project_seeds()
    shop = _shop(sent, seeds, longest_session)
    events, histories, sessions, orders = shop.events, shop.histories, shop.sessions, shop.orders
    people, orders_of_people = shop.people, shop.orders_of_people
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
        "journey_flows_daily": journeys.journey_flows_daily(people),
        "session_paths_daily": journeys.session_paths_daily(people),
        "pages_daily": daily.pages_daily(people),
        "activity_hourly": daily.activity_hourly(people),
        "events_daily": daily.events_daily(people),
        "activity_daily": daily.activity_daily(people, orders_of_people),
        "sessions_daily": daily.sessions_daily(people),
        "visitor_returns_daily": daily.visitor_returns_daily(people),
    }


def build_marketing(
    sent: Iterable[Sent],
    seeds: Seeds | None = None,
    *,
    longest_session: timedelta = LONGEST_SESSION,
    rfm_min_customers: int = segments.RFM_MIN_CUSTOMERS,
    restarts_after_order: bool = True,
) -> Marts:
    """The marts of marketing and of data health, of at least one event."""
    sent = list(sent)
    seeds = seeds or project_seeds()
    shop = _shop(sent, seeds, longest_session)
    people, orders = shop.people, shop.orders_of_people
    everybody = persons(people, orders)
    last_event_at = shop.events[-1].event_timestamp
    as_of_date = last_event_at.date()
    abandoned = carts.abandoned_carts(everybody, last_event_at)
    customers = segments.customer_segments(
        everybody, abandoned, as_of_date, seeds.segments, rfm_min_customers
    )
    return {
        "channel_performance_daily": marketing.channel_performance_daily(people),
        "attributed_checkouts": attribution.attributed_checkouts(people, orders),
        "attribution_credits": attribution.attribution_credits(
            everybody, restarts_after_order=restarts_after_order
        ),
        "abandoned_products_daily": carts.abandoned_products_daily(abandoned),
        "retention_weekly": retention.retention_weekly(everybody, as_of_date),
        "customer_segments": customers,
        "segment_sizes": segments.segment_sizes(customers),
        "experiment_results": experiments.experiment_results(people, orders, seeds.planned_variants),
        "load_health": health.load_health(sent, shop.events),
        "late_data_daily": health.late_data_daily(shop.events, last_event_at),
        "data_quality_daily": health.data_quality_daily(shop.events),
        "unknown_event_names": health.unknown_event_names(shop.events, seeds),
    }


@dataclass(frozen=True)
class _Shop:
    events: list[Event]  # in the one order
    histories: list[list[Session]]
    sessions: list[Session]
    orders: list[Order]

    @property
    def people(self) -> list[Session]:
        return [session for session in self.sessions if not session.is_bot]

    @property
    def orders_of_people(self) -> list[Order]:
        return [order for order in self.orders if not order.session.is_bot]


def _shop(sent: Iterable[Sent], seeds: Seeds, longest_session: timedelta) -> _Shop:
    events = analysed(sent, seeds)
    histories = cut(events, longest_session)
    for history in histories:
        stitch(history)
        channels.follow(history, seeds)
    sessions = [session for history in histories for session in history]
    return _Shop(events, histories, sessions, place(sessions))
