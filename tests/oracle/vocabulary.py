"""The few words that the visitors of our small shop use: so few that they meet again and again."""

from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any

from tests.oracle.addresses import page
from tests.oracle.events import Product
from tests.oracle.exposures import Variants, experiments, exposure, variants_of

NAMES = {
    **{
        "product_view": 22,
        "view_product": 3,
        "add_to_cart_click": 18,
        "add_to_cart": 2,
        "checkout_start": 10,
    },
    **{"checkout_complete": 12, "purchase": 3, "remove_from_cart_click": 9, "wishlist_click": 3, "click": 4},
    **{"page_view": 5, "home_view": 4, "category_view": 6, "search": 4, "cart_view": 4, "login": 2},
    **{"video_played": 2, "": 1, "experiment_exposure": 4},
}
ABOUT_A_PRODUCT = {
    *("product_view", "view_product", "add_to_cart_click", "add_to_cart", "remove_from_cart_click"),
    *("wishlist_click", "category_view"),
}
# What often comes next, so that some get all the way to an order.
NEXT = {
    "product_view": "add_to_cart_click",
    "add_to_cart_click": "checkout_start",
    "checkout_start": "checkout_complete",
}
ORDERS = ("checkout_complete", "purchase")
CLICKS = ("product_view", "view_product", "click", "add_to_cart_click", "add_to_cart")

CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0"
SAFARI = "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1"
WINDOWS = f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME} Safari/537.36"
IPHONE = f"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) {SAFARI}"
IPAD = f"Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) {SAFARI}"
CUBOT = f"Mozilla/5.0 (Linux; Android 11; CUBOT NOTE 20) {CHROME} Mobile Safari/537.36"
GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
USER_AGENTS = (WINDOWS, WINDOWS, IPHONE, IPAD, CUBOT, None)

AMOUNTS = (None, Decimal("9.99"), Decimal("10"), Decimal("0.07"), Decimal("249.50"))
TOTALS = (None, Decimal("0"), Decimal("19.99"), Decimal("120.5"))
QUANTITIES = (None, None, None, 1, 2, 3, 0)
# Of a line in an order: so often nothing that some orders list nothing else.
LINE_QUANTITIES = (*QUANTITIES, 0, -1)


@dataclass
class Somebody:
    client_id: str | None
    users: tuple[str | None, ...]  # who uses the device, None for nobody in particular
    session_id: str | None
    user_agent: str | None
    is_bot: bool
    variants: Variants
    user_id: str | None = None

    def speaks(self, rng: Random) -> dict[str, Any]:
        if rng.random() < 0.25:
            self.user_id = rng.choice(self.users)
        is_bot_now = self.is_bot and rng.random() < 0.2
        return {
            "client_id": self.client_id,
            "user_id": self.user_id,
            "session_id": self.session_id,
            "user_login_state": "logged_in" if self.user_id else rng.choice(("anonymous", "guest", None)),
            "user_agent": GOOGLEBOT if is_bot_now else self.user_agent,
        }


def somebody(rng: Random, number: int) -> Somebody:
    """By number, so that the same visitor can be met again. Users have several devices."""
    device, user_id, other_user_id = f"c{number}", f"u{number % 5}", f"u{(number + 1) % 5}"
    kinds: tuple[tuple[str | None, tuple[str | None, ...], str | None], ...] = (
        (device, (user_id, None), None),
        (device, (user_id, other_user_id, None, None), "tab-1"),
        (device, (None,), "tab-2"),
        (device, (user_id,), None),
        (None, (user_id,), "tab-3"),
        (None, (None,), f"tab-{number}"),
        (None, (user_id, None), None),
    )
    client_id, users, session_id = kinds[number % len(kinds)]
    return Somebody(
        client_id=client_id,
        users=users,
        session_id=session_id,
        user_agent=USER_AGENTS[number % len(USER_AGENTS)],
        is_bot=number % 8 == 3,
        variants=variants_of(number),
        user_id=users[0] if client_id is None else None,
    )


def some_name(rng: Random, previous_name: str | None = None) -> str:
    usual = NEXT.get(previous_name or "") if rng.random() < 0.4 else None
    return usual or rng.choices(list(NAMES), list(NAMES.values()))[0]


def said(rng: Random, who: Somebody, name: str) -> dict[str, Any]:
    says_product = rng.random() < (0.95 if name in ABOUT_A_PRODUCT else 0.15)
    return {
        "event_name": name or None,
        **page(rng),
        "product": product(rng) if says_product else None,
        **(order(rng) if name in ORDERS else {}),
        **(exposure(rng, who.variants) if name == "experiment_exposure" or rng.random() < 0.02 else {}),
        "experiments": experiments(rng, who.variants) if rng.random() < 0.1 else None,
    }


def order(rng: Random) -> dict[str, Any]:
    lines = [
        {**product(rng), "quantity": rng.choice(LINE_QUANTITIES)}
        for _ in range(rng.choice((0, 0, 0, 0, 0, 1, 2, 4)))
    ]
    if lines and rng.random() < 0.2:
        lines.append({"name": "a line without an id", "quantity": 2})
    return {
        "order_id": rng.choice((None, *(f"o{number}" for number in range(20)))),
        "order_total": rng.choice(TOTALS),
        "item_count": rng.choice((None, 0, 1, 3)),
        "items": tuple(lines),
    }


def product(rng: Random) -> Product:
    number = rng.choice((1, 1, 1, 1, 2, 2, 3))
    return {
        "id": f"p{number}",
        "name": rng.choice((None, f"Product {number}", f"Product {number}, new")),
        "category": rng.choice((None, "tvs", "phones")),
        "brand": rng.choice((None, "acme")),
        "price": rng.choice(AMOUNTS),
        "discount_price": rng.choice((None, None, *AMOUNTS)),
        "quantity": rng.choice(QUANTITIES),
        "url_path": rng.choice((None, f"/product/p{number}")),
    }
