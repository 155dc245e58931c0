"""Events and rows in few words, for cases that are written by hand."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from tests.oracle.events import Sent

EVENING = datetime(2026, 3, 4, 23, 0, tzinfo=UTC)
ids = count(1)


def sent(seconds: int, name: str | None = "click", **fields: Any) -> Sent:
    number = next(ids)
    moment = EVENING + timedelta(seconds=seconds)
    known: dict[str, Any] = {
        **{"load_id": 1, "object_key": "a", "line_number": number, "event_id": f"e{number}"},
        **{"event_timestamp": moment, "received_at": moment, "client_id": "c1"},
    }
    return Sent(**{**known, "event_name": name, **fields})


def add(seconds: int, product_id: str, price: str = "1", **product: Any) -> Sent:
    return sent(seconds, "add_to_cart_click", product={"id": product_id, "price": Decimal(price), **product})


def remove(seconds: int, product_id: str, **product: Any) -> Sent:
    return sent(seconds, "remove_from_cart_click", product={"id": product_id, **product})


def order(seconds: int, order_id: str | None = None, total: str | None = None, **fields: Any) -> Sent:
    order_total = None if total is None else Decimal(total)
    return sent(seconds, "checkout_complete", order_id=order_id, order_total=order_total, **fields)


def column(rows: list[dict[str, Any]], *names: str) -> list[Any]:
    return [row[names[0]] if len(names) == 1 else tuple(row[name] for name in names) for row in rows]
