"""What people put into their carts, on whatever device, and left there."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from tests.oracle.cleaning import Event
from tests.oracle.daily import Table
from tests.oracle.persons import Person

Row = dict[str, Any]

ABANDONED_AFTER = timedelta(hours=24)
ADDS = "add_to_cart_click"
REMOVES = "remove_from_cart_click"


@dataclass(frozen=True)
class Line:
    product_id: str
    quantity: int
    price: Decimal | None

    @property
    def value(self) -> Decimal:
        return self.quantity * (self.price or Decimal(0))


@dataclass
class Cart:
    person_id: str
    changes: list[Event] = field(default_factory=list)
    ordered_at: datetime | None = None  # when an order ended it

    @property
    def last_changed_at(self) -> datetime:
        return self.changes[-1].event_timestamp

    @property
    def last_changed_on(self) -> date:
        return self.last_changed_at.date()

    @property
    def is_recovered(self) -> bool:
        """Of an abandoned one."""
        return self.ordered_at is not None

    @property
    def value(self) -> Decimal:
        return sum((line.value for line in self.lines()), Decimal(0))

    def is_abandoned(self, last_event_at: datetime) -> bool:
        ended_at = self.ordered_at or last_event_at
        return bool(self.lines()) and ended_at - self.last_changed_at > ABANDONED_AFTER

    def lines(self) -> list[Line]:
        by_product: dict[str, list[Event]] = {}
        for event in self.changes:
            counted = by_product.setdefault(event.product_id or "", [])
            if event.event_name == REMOVES and _sent_quantity(event) is None:
                counted.clear()
            else:
                counted.append(event)
        lines = [_line(product_id, events) for product_id, events in by_product.items()]
        return [line for line in lines if line.quantity > 0]


def _line(product_id: str, events: list[Event]) -> Line:
    quantity, price = 0, None
    for event in events:
        if event.event_name == ADDS:
            quantity += _quantity(event)
            price = _price(event)
        else:
            quantity -= _quantity(event)
    return Line(product_id, quantity, price)


def carts(person: Person) -> list[Cart]:
    """All that were ever begun."""
    ordering = {order.event.event_id for order in person.orders}
    events = [event for session in person.sessions for event in session.events]
    found: list[Cart] = []
    cart = Cart(person.person_id)
    for event in sorted(events, key=lambda event: event.order):
        if event.event_id in ordering:
            cart.ordered_at = event.event_timestamp
            cart = Cart(person.person_id)
        elif event.product_id and event.event_name in (ADDS, REMOVES):
            if not cart.changes:
                found.append(cart)
            cart.changes.append(event)
    return found


def abandoned_carts(persons: Iterable[Person], last_event_at: datetime) -> list[Cart]:
    return [cart for person in persons for cart in carts(person) if cart.is_abandoned(last_event_at)]


def abandoned_products_daily(abandoned: Iterable[Cart]) -> list[Row]:
    table = Table(
        "activity_date",
        "product_id",
        nothing=lambda: {
            **{"abandoned_count": 0, "abandoned_quantity": 0},
            **{"abandoned_value": Decimal(0), "recovered_count": 0},
        },
    )
    for cart in abandoned:
        for line in cart.lines():
            row = table[cart.last_changed_on, line.product_id]
            row["abandoned_count"] += 1
            row["abandoned_quantity"] += line.quantity
            row["abandoned_value"] += line.value
            row["recovered_count"] += cart.is_recovered
    return table.rows()


def _sent_quantity(event: Event) -> int | None:
    quantity: int | None = (event.product or {}).get("quantity")
    return quantity


def _quantity(event: Event) -> int:
    quantity = _sent_quantity(event)
    return 1 if quantity is None else quantity


def _price(event: Event) -> Decimal | None:
    product = event.product or {}
    discounted: Decimal | None = product.get("discount_price")
    return product.get("price") if discounted is None else discounted
