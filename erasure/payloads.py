"""What stays of an event: what the models read, with other ids. All else is removed."""

import json
from collections.abc import Collection
from typing import Any

from erasure.people import ID_NAMES, Identity, Number, People, text_of
from erasure.urls import without_parameters

# As payload_fields() in dbt_project/macros/json.sql.
EVENT_NAMES = frozenset(
    {
        "eventId",
        "event_id",
        "eventName",
        "event_name",
        "eventTimestamp",
        "event_timestamp",
        "sentAt",
        "sent_at",
        "pageUrl",
        "page_url",
        "referrer",
        "userId",
        "user_id",
        "userLoginState",
        "user_login_state",
        "identitySource",
        "identity_source",
        "clientId",
        "client_id",
        "sessionId",
        "session_id",
        "isFirstVisit",
        "is_first_visit",
    }
)
PRODUCT_NAMES = frozenset(
    {
        "id",
        "productId",
        "product_id",
        "name",
        "productName",
        "product_name",
        "category",
        "productCategory",
        "product_category",
        "brand",
        "brandName",
        "brand_name",
        "product_brand",
        "price",
        "productPrice",
        "product_price",
        "discountPrice",
        "discount_price",
        "product_discount_price",
        "urlPath",
        "url_path",
        "product_url_path",
        "quantity",
        "productQuantity",
        "product_quantity",
    }
)
DATASET_NAMES = frozenset(
    {
        "orderId",
        "order_id",
        "orderNumber",
        "order_number",
        "total",
        "orderTotal",
        "order_total",
        "cartId",
        "cart_id",
        "itemCount",
        "item_count",
        "experiment",
        "variant",
    }
)
INGEST_NAMES = frozenset({"receivedAt", "received_at", "userAgent", "user_agent"})

ADDRESS_NAMES = frozenset({"pageUrl", "page_url", "referrer"})
# Ids of their browser that no total needs, and that other systems may know, too.
ALIASED_NAMES = frozenset({"sessionId", "session_id", "cartId", "cart_id"})


def loads(text: str | bytes) -> Any:
    return json.loads(text, parse_float=Number, parse_int=Number)


def dumps(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ",".join(f"{dumps(str(name))}:{dumps(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(dumps, value)) + "]"
    return str(value) if isinstance(value, Number) else json.dumps(value, ensure_ascii=False)


def erased(event: dict[str, Any], people: People) -> dict[str, Any]:
    """Their event without what tells of them; another's without their ids. Most are returned as they are."""
    owner = people.owner(event)
    kept = what_is_read(event, owner) if owner else event
    for kind, names in ID_NAMES.items():
        for name in names:
            if found := people.find(kind, text_of(kept.get(name))):
                kept = {**kept, name: found.pseudonym}
    without_ids: dict[str, Any] = without_mentions(kept, people)
    return without_ids


def what_is_read(event: dict[str, Any], owner: Identity) -> dict[str, Any]:
    kept = known(event, EVENT_NAMES, owner)
    for name in ("product", "context_product"):
        if event.get(name) is not None:
            kept[name] = known(event[name], PRODUCT_NAMES, owner)
    element = event.get("element")
    if isinstance(element, dict) and element.get("dataset") is not None:
        kept["element"] = {"dataset": known(element["dataset"], DATASET_NAMES, owner)}
    if isinstance(event.get("items"), list):
        kept["items"] = [
            known(item, PRODUCT_NAMES, owner) if isinstance(item, dict) else None for item in event["items"]
        ]
    experiments = event.get("experiments")
    if isinstance(experiments, dict):
        kept["experiments"] = {
            name: variant for name, variant in experiments.items() if isinstance(variant, str)
        }
    if event.get("_ingest") is not None:
        kept["_ingest"] = known(event["_ingest"], INGEST_NAMES, owner)
    return kept


def known(document: Any, names: Collection[str], owner: Identity) -> dict[str, Any]:
    if not isinstance(document, dict):
        return {}
    return {name: value_of(name, value, owner) for name, value in document.items() if name in names}


def value_of(name: str, value: Any, owner: Identity) -> Any:
    if isinstance(value, dict | list):
        return []  # fits no column, as before
    text = text_of(value)
    if not text:
        return value
    if name in ADDRESS_NAMES:
        return without_parameters(text)
    return owner.alias(text) if name in ALIASED_NAMES else value


def without_mentions(value: Any, people: People) -> Any:
    if isinstance(value, dict):
        return {people.without_mentions(name): without_mentions(each, people) for name, each in value.items()}
    if isinstance(value, list):
        return [without_mentions(each, people) for each in value]
    if isinstance(value, str):
        changed = people.without_mentions(value)
        return value if changed == value else changed
    return value
