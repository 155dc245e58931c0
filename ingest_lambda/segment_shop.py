"""Segment's e-commerce events: their names here, and the places of a product, an order, an experiment."""

import re
from collections.abc import Mapping

import msgspec

from ingest_lambda.fields import Fields, first, objects_in, raw, take, take_all, text

# Tracked names in lower snake case, those of the first e-commerce spec below; others pass as they are.
EVENT_NAMES = {
    "product_viewed": "product_view",
    "product_list_viewed": "category_view",
    "product_clicked": "click",
    "promotion_clicked": "click",
    "products_searched": "search",
    "product_added": "add_to_cart_click",
    "wishlist_product_added_to_cart": "add_to_cart_click",
    "product_removed": "remove_from_cart_click",
    "product_added_to_wishlist": "wishlist_click",
    "cart_viewed": "cart_view",
    "checkout_started": "checkout_start",
    "order_completed": "checkout_complete",
    "experiment_viewed": "experiment_exposure",
    "signed_in": "login",
    "signed_up": "sign_up",
    "signed_out": "logout",
    "viewed_product": "product_view",
    "viewed_product_category": "category_view",
    "clicked_product": "click",
    "searched_products": "search",
    "added_product": "add_to_cart_click",
    "removed_product": "remove_from_cart_click",
    "completed_order": "checkout_complete",
}
PRODUCT = ("sku", "name", "category", "brand", "variant", "price", "quantity", "coupon", "position", "url")
# In these a mere `id` is a product's: so the first spec called it.
OF_A_PRODUCT = ("product_view", "add_to_cart_click", "remove_from_cart_click", "wishlist_click")
HOST = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//[^/?#]*", re.IGNORECASE)
COUNT = re.compile(rb'"?(\d{1,6})"?')

Maybe = msgspec.Raw | None


def shop_fields(name: str, properties: Fields) -> dict[str, Maybe]:
    """Takes out of the properties what has a place of its own."""
    if name == "category_view":
        return {"product": object_or_none(category(properties))}
    dataset = {"orderId": take(properties, "order_id", "orderId"), "cartId": take(properties, "cart_id")}
    items: list[Fields] = []
    if name == "experiment_exposure":
        dataset["experiment"] = take(properties, "experiment_name", "experiment_id")
        dataset["variant"] = take(properties, "variation_name", "variation_id", "variant_name", "variant_id")
    if name == "checkout_complete":
        items = [product(item) for item in objects_in(properties, "products")]
        dataset["total"] = take(properties, "total", "revenue", "value")
        dataset["itemCount"] = count(items)
    if items:
        del properties["products"]
    return {
        "product": object_or_none(product_of(name, properties)),
        "items": raw(items) if items else None,
        "element": object_or_none({"dataset": object_or_none(dataset)}),
    }


def category(properties: Fields) -> dict[str, Maybe]:
    """The warehouse reads a category's id where a product's would stand."""
    named = first(properties, "category")
    return {"id": first(properties, "category_id", "list_id") or named, "category": named}


def product_of(name: str, properties: Fields) -> Fields:
    ids = ("product_id", "productId", *(["id"] if name in OF_A_PRODUCT else []))
    is_about_one = first(properties, *ids, "sku") is not None
    return product(take_all(properties, *ids, *PRODUCT)) if is_about_one else {}


def product(sent: Fields) -> Fields:
    """Ours has an `id` and a `urlPath`; the rest is called alike."""
    ours = {
        "id": take(sent, "product_id", "productId", "id") or first(sent, "sku"),
        "urlPath": path_of(take(sent, "url")),
    }
    return {**{field: value for field, value in ours.items() if value is not None}, **sent}


def count(items: list[Fields]) -> Maybe:
    """Unknown where one of the quantities is."""
    said = [COUNT.fullmatch(bytes(first(item, "quantity") or b"1")) for item in items]
    return raw(sum(int(each[1]) for each in said if each)) if items and all(said) else None


def path_of(url: Maybe) -> Maybe:
    address = text({"url": url}, "url") if url else ""
    return raw(HOST.sub("", address, count=1) or "/") if HOST.match(address) else url


def object_or_none(fields: Mapping[str, Maybe]) -> Maybe:
    present = {name: value for name, value in fields.items() if value is not None}
    return raw(present) if present else None
