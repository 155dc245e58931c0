"""An event as a loader found it, and the JSON document that a browser and ingest made of it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

# Keys: id, name, category, brand, price, discount_price, quantity, url_path. Any may be missing or None.
Product = dict[str, Any]

PRODUCT_FIELDS = {
    "id": "id",
    "name": "name",
    "category": "category",
    "brand": "brand",
    "price": "price",
    "discount_price": "discountPrice",
    "quantity": "quantity",
    "url_path": "urlPath",
}


@dataclass(frozen=True)
class Sent:
    load_id: int
    object_key: str
    line_number: int
    event_id: str
    event_name: str | None
    event_timestamp: datetime | None
    received_at: datetime
    client_id: str | None = None
    user_id: str | None = None
    session_id: str | None = None
    user_login_state: str | None = None
    page_url: str | None = None
    referrer: str | None = None
    user_agent: str | None = None
    product: Product | None = None
    items: tuple[Product, ...] = ()
    order_id: str | None = None
    order_total: Decimal | None = None
    item_count: int | None = None
    experiment: str | None = None
    variant: str | None = None
    experiments: dict[str, Any] | None = None  # the variant of each, on any event


def payload(sent: Sent) -> dict[str, Any]:
    dataset = {
        "orderId": sent.order_id,
        # A browser's data attributes are text, whatever they hold.
        "total": _text(sent.order_total),
        "itemCount": _text(sent.item_count),
        "experiment": sent.experiment,
        "variant": sent.variant,
    }
    return _without_none(
        {
            "eventId": sent.event_id,
            "eventName": sent.event_name,
            "eventTimestamp": _moment(sent.event_timestamp),
            "clientId": sent.client_id,
            "userId": sent.user_id,
            "sessionId": sent.session_id,
            "userLoginState": sent.user_login_state,
            "pageUrl": sent.page_url,
            "referrer": sent.referrer,
            "product": None if sent.product is None else _product(sent.product),
            "items": [_product(item) for item in sent.items] or None,
            "experiments": sent.experiments,
            "element": {"tag": "body", "dataset": _without_none(dataset)} if any(dataset.values()) else None,
            "_ingest": _without_none({"receivedAt": _moment(sent.received_at), "userAgent": sent.user_agent}),
        }
    )


def _product(product: Product) -> dict[str, Any]:
    fields = {sent_name: product.get(name) for name, sent_name in PRODUCT_FIELDS.items()}
    # One price as a number, the other as text: trackers send both.
    if fields["price"] is not None:
        fields["price"] = float(fields["price"])
    return _without_none({**fields, "discountPrice": _text(fields["discountPrice"])})


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _without_none(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}
