"""From the cart to the thank-you page."""

from local_stack.traffic.browsing import Tab
from local_stack.traffic.catalogue import Json
from local_stack.traffic.chance import draw_uuid
from local_stack.traffic.people import EXPERIMENT, Visitor
from local_stack.traffic.rhythm import HOUR, MINUTE

PAYMENT_HOSTS = {
    "https://www.paypal.com/": 60,
    "https://checkout.stripe.com/": 25,
    "https://pay.klarna.com/": 15,
}
SHIPPING_CENTS = 490


def money(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


def add_to_cart(visitor: Visitor, tab: Tab) -> None:
    rng = tab.rng
    visitor.cart_id = visitor.cart_id or f"cart-{draw_uuid(rng)[:8]}"
    quantity = 1 if rng.random() < 0.9 else rng.randrange(2, 5)
    visitor.cart[tab.product] = visitor.cart.get(tab.product, 0) + quantity
    says_quantity = quantity > 1 or rng.random() < 0.5
    tab.wait(1, 8)
    tab.record(
        "add_to_cart_click",
        product=tab.product.payload(quantity if says_quantity else None),
        element={
            "tag": "button",
            "id": "add-to-cart",
            "role": "button",
            "text": "Add to cart",
            "dataset": {"cartId": visitor.cart_id},
        },
    )


def remove_from_cart(visitor: Visitor, tab: Tab) -> None:
    product = tab.rng.choice(list(visitor.cart))
    some = visitor.cart[product] > 1 and tab.rng.random() < 0.5
    visitor.cart[product] -= 1 if some else visitor.cart[product]
    if not visitor.cart[product]:
        del visitor.cart[product]
    tab.wait(1, 10)
    tab.record(
        "remove_from_cart_click",
        product=product.payload(1 if some else None),
        element={"tag": "button", "role": "button", "text": "Remove", "dataset": {"cartId": visitor.cart_id}},
    )


def open_cart(visitor: Visitor, tab: Tab) -> None:
    """The cart shows the button that the experiment is about."""
    tab.click("Cart")
    tab.open_page("/cart")
    if visitor.variant and visitor.tracker == "batching":
        tab.record(
            "experiment_exposure",
            element={"tag": "button", "dataset": {"experiment": EXPERIMENT, "variant": visitor.variant}},
        )


def log_in(visitor: Visitor, tab: Tab, account: str) -> None:
    tab.wait(1, 5)
    tab.record("login_open", element={"tag": "button", "role": "button", "text": "Log in", "dataset": {}})
    tab.wait(5, 40)
    tab.login.user_id = visitor.logged_in_as = account
    tab.login.state = "logged_in"
    tab.record("login_success")


def start_checkout(visitor: Visitor, tab: Tab, account: str | None) -> None:
    tab.wait(2, 30)
    tab.click("Go to checkout", tag="button", role="button")
    tab.open_page("/checkout")
    if tab.login.user_id is None and account and tab.rng.random() < 0.75:
        log_in(visitor, tab, account)
    elif tab.login.user_id is None:
        tab.login.state = "guest"
    tab.record("checkout_start", element={"tag": "form", "dataset": _totals(visitor)})
    tab.wait(20, 150)


def complete_checkout(visitor: Visitor, tab: Tab) -> None:
    rng = tab.rng
    tab.open_page("/checkout/payment")
    tab.wait(8, 60)
    tab.click("Pay now", tag="button", role="button")
    if rng.random() < 0.55:
        _pay_elsewhere(tab)
    dataset = _totals(visitor)
    order_id = f"A{rng.randrange(10**8, 10**9)}"
    if rng.random() > 0.02:
        dataset["orderNumber" if visitor.tracker == "single" else "orderId"] = order_id
    tab.open_page(f"/checkout/thank-you?order={order_id}")
    fields: Json = {"element": {"tag": "main", "dataset": dataset}}
    if rng.random() < 0.7:
        fields["items"] = [product.payload(quantity) for product, quantity in visitor.cart.items()]
    tab.record("checkout_complete", **fields)
    visitor.cart.clear()
    visitor.cart_id = ""
    visitor.order_count += 1
    visitor.has_postponed_order = False
    if rng.random() < 0.12:
        _reload_thank_you(tab, fields)


def _pay_elsewhere(tab: Tab) -> None:
    """The customer comes back from the payment host; sometimes after more than half an hour."""
    hosts = list(PAYMENT_HOSTS)
    tab.wait(20, 180)
    if tab.rng.random() < 0.05:
        tab.now_ms += tab.rng.randrange(31 * MINUTE, 70 * MINUTE)
    tab.url = tab.rng.choices(hosts, weights=list(PAYMENT_HOSTS.values()))[0]


def _reload_thank_you(tab: Tab, fields: Json) -> None:
    """People come back to the page in minutes, or find it still open hours later."""
    minutes_later = tab.rng.random() < 0.6
    least, most = (1 * MINUTE, 25 * MINUTE) if minutes_later else (2 * HOUR, 20 * HOUR)
    tab.now_ms += tab.rng.randrange(least, most)
    tab.record("checkout_complete", **fields)


def _totals(visitor: Visitor) -> Json:
    goods = sum(product.cents * quantity for product, quantity in visitor.cart.items())
    total = goods + (SHIPPING_CENTS if goods < 5_000 else 0)
    return {
        "cartId": visitor.cart_id,
        "total": money(total),
        "itemCount": str(sum(visitor.cart.values())),
    }
