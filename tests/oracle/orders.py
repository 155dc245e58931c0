"""Orders, once each, and what was bought with them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tests.oracle.cleaning import Event, loaded_before
from tests.oracle.events import Product
from tests.oracle.sessions import Session

Row = dict[str, Any]


@dataclass
class Order:
    key: str
    event: Event
    session: Session
    items: list[Row] = field(default_factory=list)

    @property
    def total(self) -> Decimal:
        return self.event.sent.order_total or Decimal(0)

    @property
    def ordered_on(self) -> date:
        return self.event.event_timestamp.date()


def place(sessions: Iterable[Session]) -> list[Order]:
    """Finds all orders and gives each to its session."""
    first_loaded: dict[str, Order] = {}
    for session in sessions:
        for event in session.events:
            if not event.meaning.is_order:
                continue
            key = event.sent.order_id or event.event_id
            known = first_loaded.get(key)
            if known is None or loaded_before(event, known.event):
                first_loaded[key] = Order(key, event, session)
    orders = sorted(first_loaded.values(), key=lambda order: order.event.order)
    for order in orders:
        order.session.orders.append(order)
    for order in orders:
        order.items = _items(order)
    return orders


def _items(order: Order) -> list[Row]:
    sent = order.event.sent
    usable = [item for item in sent.items if item.get("id")]
    if usable:
        # A list is believed even if it says that nothing was bought.
        return _bought(_added_up(usable), "items")
    if order.event.product_id:
        return _bought(_added_up([order.event.product or {}]), "event")
    return _bought(_cart(order), "cart")


def _bought(lines: Iterable[Row], source: str) -> list[Row]:
    return [{**line, "source": source} for line in lines if line["quantity"] > 0]


def _added_up(lines: list[Product]) -> list[Row]:
    """One line per product. What was not bought has no price that tells anything, and takes nothing away."""
    by_product: dict[str, list[Product]] = {}
    for line in lines:
        if _quantity(line) > 0:
            by_product.setdefault(line["id"], []).append(line)
    return [_one_line(product_id, same) for product_id, same in by_product.items()]


def _one_line(product_id: str, lines: list[Product]) -> Row:
    quantity = sum(_quantity(line) for line in lines)
    revenues = [_quantity(line) * price for line in lines if (price := _price(line)) is not None]
    revenue = sum(revenues, Decimal(0))
    price = _rounded(revenue / quantity) if revenues else None
    return {"product_id": product_id, "quantity": quantity, "price": price, "revenue": revenue}


def _cart(order: Order) -> list[Row]:
    """What the session put into the cart and left there, since its previous order."""
    order_events = {placed.event.event_id for placed in order.session.orders}
    cart: dict[str, list[Event]] = {}
    for event in order.session.events:
        if event.event_id == order.event.event_id:
            break
        if event.event_id in order_events:
            cart = {}
        elif event.product_id and event.event_name == "add_to_cart_click":
            cart.setdefault(event.product_id, []).append(event)
        elif event.product_id and event.event_name == "remove_from_cart_click":
            if (event.product or {}).get("quantity") is None:
                cart[event.product_id] = []
            else:
                cart.setdefault(event.product_id, []).append(event)
    return [_cart_line(product_id, touches) for product_id, touches in cart.items()]


def _cart_line(product_id: str, touches: list[Event]) -> Row:
    quantity = 0
    price: Decimal | None = None
    for event in touches:
        product = event.product or {}
        if event.event_name == "add_to_cart_click":
            quantity += _quantity(product)
            price = _price(product)
        else:
            quantity -= _quantity(product)
    revenue = Decimal(0) if price is None else quantity * price
    return {"product_id": product_id, "quantity": quantity, "price": price, "revenue": revenue}


def _quantity(line: Product) -> int:
    quantity: int | None = line.get("quantity")
    return 1 if quantity is None else quantity


def _price(line: Product) -> Decimal | None:
    discounted: Decimal | None = line.get("discount_price")
    return line.get("price") if discounted is None else discounted


def _rounded(price: Decimal) -> Decimal:
    return price.quantize(Decimal("0.0001"), ROUND_HALF_UP)
