"""What stays of an event of theirs: what the models read, with other ids. All else is removed."""

import json
from collections.abc import Collection
from typing import Any

from erasure.people import ID_NAMES, Number, People, text_of

# As payload_fields() in dbt_project/macros/json.sql.
# fmt: off
EVENT_NAMES = frozenset({
    "eventId", "event_id", "eventName", "event_name", "eventTimestamp", "event_timestamp",
    "sentAt", "sent_at", "pageUrl", "page_url", "referrer", "userId", "user_id",
    "userLoginState", "user_login_state", "identitySource", "identity_source",
    "clientId", "client_id", "sessionId", "session_id", "isFirstVisit", "is_first_visit",
})
PRODUCT_NAMES = frozenset({
    "id", "productId", "product_id", "name", "productName", "product_name", "category", "productCategory",
    "product_category", "brand", "brandName", "brand_name", "product_brand", "price", "productPrice",
    "product_price", "discountPrice", "discount_price", "product_discount_price", "urlPath", "url_path",
    "product_url_path", "quantity", "productQuantity", "product_quantity",
})
DATASET_NAMES = frozenset({
    "orderId", "order_id", "orderNumber", "order_number", "total", "orderTotal", "order_total",
    "cartId", "cart_id", "itemCount", "item_count", "experiment", "variant",
})
INGEST_NAMES = frozenset({"receivedAt", "received_at", "userAgent", "user_agent"})
# fmt: on

ADDRESS_NAMES = frozenset({"pageUrl", "page_url", "referrer"})
# Ids of their browser that no total needs, and that other systems may know, too.
ALIASED_NAMES = {"sessionId": "session", "session_id": "session", "cartId": "cart", "cart_id": "cart"}
# What dbt reads from a query. The values of all others go; their names stay: some tell of a paid click.
KEPT_PARAMETERS = frozenset({"utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content"})
ERASED = "erased"
LONGEST_ADDRESS = (
    4_096  # as dbt's url_max_characters: it leaves out what is longer, and has to go on doing so
)


def loads(text: str | bytes) -> Any:
    return json.loads(text, parse_float=Number, parse_int=Number)


def dumps(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ",".join(f"{dumps(str(name))}:{dumps(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(dumps, value)) + "]"
    return str(value) if isinstance(value, Number) else json.dumps(value, ensure_ascii=False)


def erased(event: dict[str, Any], people: People) -> dict[str, Any]:
    """Another's event is returned as it is, but for a name of theirs beside the one that dbt reads."""
    kept = what_is_read(event, people) if people.own(event) else event
    pseudonyms = {
        name: people.alias(kind, text_of(kept[name]) or "")
        for kind, names in ID_NAMES.items()
        for name in names
        if people.have(kind, kept.get(name))
    }
    return {**kept, **pseudonyms}


def what_is_read(event: dict[str, Any], people: People) -> dict[str, Any]:
    kept = known(event, EVENT_NAMES, people)
    for name in ("product", "context_product"):
        if event.get(name) is not None:
            kept[name] = known(event[name], PRODUCT_NAMES, people)
    element = event.get("element")
    if isinstance(element, dict) and element.get("dataset") is not None:
        kept["element"] = {"dataset": known(element["dataset"], DATASET_NAMES, people)}
    if isinstance(event.get("items"), list):
        kept["items"] = [
            known(item, PRODUCT_NAMES, people) if isinstance(item, dict) else None for item in event["items"]
        ]
    experiments = event.get("experiments")
    if isinstance(experiments, dict):
        kept["experiments"] = {
            name: variant for name, variant in experiments.items() if isinstance(variant, str)
        }
    if event.get("_ingest") is not None:
        kept["_ingest"] = known(event["_ingest"], INGEST_NAMES, people)
    return kept


def known(document: Any, names: Collection[str], people: People) -> dict[str, Any]:
    if not isinstance(document, dict):
        return {}
    return {name: value_of(name, value, people) for name, value in document.items() if name in names}


def value_of(name: str, value: Any, people: People) -> Any:
    if isinstance(value, dict | list):
        return []  # fits no column, as before
    text = text_of(value)
    if not text:
        return value
    if name in ADDRESS_NAMES:
        return address(text)
    return people.alias(ALIASED_NAMES[name], text) if name in ALIASED_NAMES else value


def address(text: str) -> str:
    """Without what its parameters tell of a person. Nothing here changes where dbt sees it lead."""
    place, has_query, query = text.partition("#")[0].partition("?")
    kept = without_login(place) + has_query + "&".join(map(without_value, query.split("&")))
    return kept.ljust(len(text), "-") if len(text) > LONGEST_ADDRESS else kept


def without_value(parameter: str) -> str:
    name, has_value, value = parameter.partition("=")
    if name in KEPT_PARAMETERS or not (value or name):
        return parameter
    if not has_value:
        return ERASED
    return name + has_value + (ERASED if value else "")


def without_login(place: str) -> str:
    scheme, has_host, rest = place.partition("://")
    if not has_host or place.startswith("/"):
        return place
    authority, slash, path = rest.partition("/")
    return scheme + has_host + authority.rpartition("@")[2] + slash + path
