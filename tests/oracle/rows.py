"""The marts with one row per thing."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from tests.oracle.cleaning import Event
from tests.oracle.orders import Order
from tests.oracle.sessions import Session

Row = dict[str, Any]

PRODUCT_COLUMNS = {
    "product_name": "name",
    "product_category": "category",
    "product_brand": "brand",
    "product_price": "price",
    "product_url_path": "url_path",
}
UTM = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")


def clickstream_events(sessions: Iterable[Session]) -> list[Row]:
    return [
        {
            "event_id": event.event_id,
            "event_name": event.event_name,
            "event_timestamp": event.event_timestamp,
            "visitor_id": event.visitor_id,
            "first_event_id": session.first_event_id,
            "product_id": event.product_id,
            "category_id": event.category_id,
            "order_id": event.sent.order_id,
            "is_bot": event.is_bot,
            "load_id": event.sent.load_id,
            "object_key": event.sent.object_key,
            "line_number": event.sent.line_number,
        }
        for session in sessions
        for event in session.events
    ]


def sessions_mart(sessions: Iterable[Session]) -> list[Row]:
    return [
        {
            "first_event_id": session.first_event_id,
            "visitor_id": session.visitor_id,
            "person_id": session.person_id,
            "user_id": session.user_id,
            "stitched_user_id": session.stitched_user_id,
            "client_id": session.last(lambda event: event.sent.client_id),
            "started_at": session.started_at,
            "ended_at": session.ended_at,
            "duration_seconds": session.duration_seconds,
            "event_count": len(session.events),
            "page_view_count": session.page_view_count,
            "product_view_count": session.count("product_view"),
            "add_to_cart_count": session.count("add_to_cart_click"),
            "checkout_start_count": session.count("checkout_start"),
            "order_count": len(session.orders),
            "revenue": session.revenue,
            "landing_page_path": session.landing_page_path,
            "exit_page_path": session.exit_page_path,
            "referrer_host": session.landing.referrer_host if session.landing else None,
            **{name: session.landing.query.get(name) if session.landing else None for name in UTM},
            "channel": session.channel,
            "user_login_state": session.user_login_state,
            "session_number": session.number,
            "is_new_visitor": session.number == 1,
            "is_engaged": session.is_engaged,
            "is_bounce": not session.is_engaged,
            "is_converted": session.is_converted,
            "is_bot": session.is_bot,
            "is_touch": session.is_touch,
        }
        for session in sessions
    ]


def visitors(histories: Iterable[list[Session]]) -> list[Row]:
    return [
        {
            "visitor_id": sessions[0].visitor_id,
            "user_id": next((s.user_id for s in reversed(sessions) if s.user_id is not None), None),
            "session_count": len(sessions),
            "event_count": sum(len(session.events) for session in sessions),
            "first_channel": sessions[0].channel,
            "is_bot": any(session.is_bot for session in sessions),
            **_seen_and_bought(sessions),
        }
        for sessions in histories
    ]


def users(sessions: Iterable[Session]) -> list[Row]:
    by_user: dict[str, list[Session]] = {}
    for session in sessions:
        if session.stitched_user_id is not None:
            by_user.setdefault(session.stitched_user_id, []).append(session)
    return [
        {
            "user_id": user_id,
            "visitor_count": len({session.visitor_id for session in own}),
            "session_count": len(own),
            **_seen_and_bought(own),
        }
        for user_id, own in by_user.items()
    ]


def _seen_and_bought(sessions: list[Session]) -> Row:
    return {
        "first_seen_at": min(session.started_at for session in sessions),
        "last_seen_at": max(session.ended_at for session in sessions),
        "order_count": sum(len(session.orders) for session in sessions),
        "revenue": sum((session.revenue for session in sessions), Decimal(0)),
    }


def products(events: Iterable[Event]) -> list[Row]:
    """From events in the one order; inside an event its own product comes first, then its items."""
    rows: dict[str, Row] = {}
    for event in events:
        for product in (event.product, *event.sent.items):
            if product and product.get("id"):
                row = rows.setdefault(product["id"], _unknown(product["id"], event.event_timestamp))
                row["last_seen_at"] = event.event_timestamp
                for column, name in PRODUCT_COLUMNS.items():
                    if product.get(name) is not None:
                        row[column] = product[name]
    return list(rows.values())


def _unknown(product_id: str, first_seen_at: datetime) -> Row:
    return {"product_id": product_id, **dict.fromkeys(PRODUCT_COLUMNS), "first_seen_at": first_seen_at}


def orders_mart(orders: Iterable[Order]) -> list[Row]:
    return [
        {
            "order_key": order.key,
            "order_id": order.event.sent.order_id,
            "ordered_at": order.event.event_timestamp,
            "visitor_id": order.session.visitor_id,
            "person_id": order.session.person_id,
            "user_id": order.event.sent.user_id,
            "first_event_id": order.session.first_event_id,
            "order_total": order.event.sent.order_total,
            "item_count": order.event.sent.item_count,
            "is_bot": order.session.is_bot,
        }
        for order in orders
    ]


def order_items(orders: Iterable[Order]) -> list[Row]:
    return [
        {"order_key": order.key, "visitor_id": order.session.visitor_id, **item}
        for order in orders
        for item in order.items
    ]
