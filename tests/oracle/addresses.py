"""The pages of our small shop, and where its visitors come from."""

from random import Random
from typing import Any

PATHS = ("/", "/", "/category/tvs", "/product/p1", "/product/p2", "/cart", "/thank-you")
HOSTS = ("shop.example", "shop.example", "www.shop.example", "other-shop.test")
QUERIES = (
    *("", "", "", "", "", ""),
    "?utm_source=google&utm_medium=cpc&utm_campaign=brand&utm_term=tv&utm_content=a",
    "?utm_source=Google&utm_medium=CPC&utm_campaign=Shopping-all",
    "?utm_source=facebook&utm_medium=paid_social",
    "?utm_source=newsletter&utm_medium=email&utm_campaign=weekly",
    "?utm_source=adnet&utm_medium=cpm",
    "?utm_source=youtube&utm_medium=cpv",
    "?utm_source=partner&utm_medium=affiliate",
    "?utm_source=adnet&utm_medium=paid",
    "?utm_source=shop&utm_medium=sms",
    "?utm_source=shop&utm_medium=web-push",
    "?utm_medium=link",
    "?utm_source=flyer&utm_medium=qr-code",
    "?utm_campaign=summer",
    "?gclid=x1",
    "?fbclid=x2",
    "?fbclid=x2&msclkid=x3",
    "?gclid=",
    "?utm_source=adnet&utm_medium=cpm#?utm_medium=email",
    "#reviews?utm_source=partner&utm_medium=affiliate&gclid=x4",
)
REFERRERS = (
    *(None, None, None, None),
    *("https://shop.example/cart", "https://WWW.shop.example/", "https://other-shop.test/product/p1"),
    *("https://www.paypal.com/checkout", "https://hooks.stripe.com/3d", "https://www.google.com/"),
    *("https://www.bing.com/search?q=tv", "https://l.facebook.com/", "https://www.youtube.com/watch"),
    *("https://chatgpt.com/", "https://gemini.google.com/app", "https://mail.google.com/mail"),
    *("https://blog.builders.test/best-tvs", "https://www.amazon.de/dp/1"),
)


def page(rng: Random) -> dict[str, Any]:
    # Many come directly, so that some never come any other way.
    is_direct = rng.random() < 0.4
    query = "" if is_direct else rng.choice(QUERIES)
    says_page = rng.random() < 0.85
    return {
        "page_url": f"https://{rng.choice(HOSTS)}{rng.choice(PATHS)}{query}" if says_page else None,
        "referrer": None if is_direct else rng.choice(REFERRERS),
    }
