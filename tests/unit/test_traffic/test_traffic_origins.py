"""Every kind of event, and every way into the simulated shop."""

from urllib.parse import parse_qs, urlsplit

import pytest

from tests.unit.test_traffic.seen_traffic import Shop


@pytest.mark.parametrize(
    "name",
    [
        "page_view",
        "click",
        "home_view",
        "category_view",
        "product_view",
        "add_to_cart_click",
        "remove_from_cart_click",
        "wishlist_toggle",
        "share_click",
        "login_open",
        "login_success",
        "logout",
        "checkout_start",
        "checkout_complete",
        "experiment_exposure",
    ],
)
def test_every_kind_of_event_happens(shop: Shop, name: str):
    assert len(shop.named(name)) >= 10


@pytest.mark.parametrize(
    "parameter", ["utm_source", "utm_medium", "utm_campaign", "utm_term", "gclid", "fbclid", "msclkid"]
)
def test_campaigns_bring_visits(shop: Shop, parameter: str):
    addresses = (str(seen.event.get("pageUrl")) for seen in shop.events)
    assert any(parameter in parse_qs(urlsplit(address).query) for address in addresses)


@pytest.mark.parametrize(
    "host",
    [
        "www.google.com",
        "www.bing.com",
        "l.facebook.com",
        "www.reddit.com",
        "www.youtube.com",
        "chatgpt.com",
        "www.perplexity.ai",
        "mail.google.com",
        "www.bargains.example",
        "forum.hardware.example",
    ],
)
def test_other_sites_bring_visits(shop: Shop, host: str):
    assert any(urlsplit(str(seen.event.get("referrer"))).hostname == host for seen in shop.events)


@pytest.mark.parametrize("medium", ["email", "affiliate", "sms", "push", "cpm", "cpc"])
def test_media_of_every_kind(shop: Shop, medium: str):
    wanted = f"utm_medium={medium}"
    assert any(wanted in str(seen.event.get("pageUrl")) for seen in shop.events)
