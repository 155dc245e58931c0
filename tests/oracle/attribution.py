"""Who is to be thanked for an order: the first click before it, and the visits that led to it."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tests.oracle.cleaning import Event
from tests.oracle.orders import Order
from tests.oracle.persons import Person
from tests.oracle.sessions import Session

Row = dict[str, Any]

FIRST_CLICK_WINDOW = timedelta(minutes=60)
ATTRIBUTION_WINDOW = timedelta(days=30)
HALF_LIFE = timedelta(days=7)


def attributed_checkouts(people: Iterable[Session], orders: Iterable[Order]) -> list[Row]:
    """Each time that a thank-you page was shown, with the first click of the hour before."""
    ordering = {order.event.event_id for order in orders}
    histories: dict[str, list[tuple[Event, Session]]] = {}
    for session in people:
        histories.setdefault(session.visitor_id, []).extend((event, session) for event in session.events)
    rows = []
    for history in histories.values():
        history.sort(key=lambda entry: entry[0].order)
        for position, (checkout, session) in enumerate(history):
            if checkout.meaning.is_order:
                row = _checkout(checkout, session, _first_click(history[:position], checkout))
                rows.append({**row, "is_first_of_order": checkout.event_id in ordering})
    return rows


def _first_click(
    earlier: list[tuple[Event, Session]], checkout: Event
) -> tuple[Event, Session] | tuple[None, None]:
    for event, session in earlier:
        if event.meaning.is_click and checkout.event_timestamp - event.event_timestamp <= FIRST_CLICK_WINDOW:
            return event, session
    return None, None


def _checkout(checkout: Event, session: Session, credited: tuple[Event, Session] | tuple[None, None]) -> Row:
    click, clicking = credited
    waited = checkout.event_timestamp - click.event_timestamp if click else None
    return {
        "checkout_event_id": checkout.event_id,
        "order_id": checkout.sent.order_id,
        "order_key": checkout.sent.order_id or checkout.event_id,
        "checkout_at": checkout.event_timestamp,
        "checkout_date": checkout.event_timestamp.date(),
        "order_total": checkout.sent.order_total,
        "visitor_id": checkout.visitor_id,
        "user_id": checkout.sent.user_id,
        "first_event_id": session.first_event_id,
        "click_event_id": click.event_id if click else None,
        "clicked_at": click.event_timestamp if click else None,
        "click_event_name": click.event_name if click else None,
        "product_id": click.product_id if click else None,
        "channel": clicking.channel if clicking else None,
        "seconds_to_checkout": None if waited is None else waited // timedelta(seconds=1),
        "is_attributed": click is not None,
    }


def attribution_credits(persons: Iterable[Person], *, restarts_after_order: bool = True) -> list[Row]:
    rows = []
    for person in persons:
        previous: Order | None = None
        for order in person.orders:
            touches = _touches(person, order, previous if restarts_after_order else None)
            for model, credits_of in MODELS.items():
                shares = credits_of(touches, order.event.event_timestamp)
                for session, credit in zip(touches, shares, strict=True):
                    if credit:
                        rows.append(_credit(order, model, session, credit))
            previous = order
    return rows


def _touches(person: Person, order: Order, previous: Order | None) -> list[Session]:
    """The order's own visit always counts, so no order is without any."""
    ordered_at = order.event.event_timestamp
    return [
        session
        for session in person.sessions
        if session is order.session
        or (
            session.is_touch
            and ordered_at - ATTRIBUTION_WINDOW <= session.started_at <= ordered_at
            and (previous is None or session.started_at > previous.event.event_timestamp)
        )
    ]


def _credit(order: Order, model: str, session: Session, credit: Fraction) -> Row:
    return {
        "order_key": order.key,
        "model": model,
        "first_event_id": session.first_event_id,
        "visitor_id": order.session.visitor_id,
        "person_id": order.session.person_id,
        "channel": session.channel,
        "credit": credit,
        "credited_revenue": credit * Fraction(order.total),
        "ordered_at": order.event.event_timestamp,
        "ordered_date": order.ordered_on,
    }


def _all_to(chosen: int, touches: list[Session]) -> list[Fraction]:
    return [Fraction(position == chosen) for position in range(len(touches))]


def _last_non_direct(touches: list[Session], _: datetime) -> list[Fraction]:
    others = [position for position, touch in enumerate(touches) if touch.channel != "Direct"]
    return _all_to(others[-1] if others else len(touches) - 1, touches)


def _position(touches: list[Session], _: datetime) -> list[Fraction]:
    if len(touches) <= 2:
        return [Fraction(1, len(touches))] * len(touches)
    between = len(touches) - 2
    return [Fraction(2, 5), *[Fraction(1, 5) / between] * between, Fraction(2, 5)]


def _time_decay(touches: list[Session], ordered_at: datetime) -> list[Fraction]:
    weights = [_halved(ordered_at - touch.started_at) for touch in touches]
    return [weight / sum(weights) for weight in weights]


def _halved(age: timedelta) -> Fraction:
    """By a half for each half-life, to 28 digits."""
    tick = timedelta(microseconds=1)
    return Fraction(Decimal(2) ** (Decimal(-(age // tick)) / (HALF_LIFE // tick)))


MODELS: dict[str, Callable[[list[Session], datetime], list[Fraction]]] = {
    "first": lambda touches, _: _all_to(0, touches),
    "last": lambda touches, _: _all_to(len(touches) - 1, touches),
    "last_non_direct": _last_non_direct,
    "linear": lambda touches, _: [Fraction(1, len(touches))] * len(touches),
    "position": _position,
    "time_decay": _time_decay,
}
