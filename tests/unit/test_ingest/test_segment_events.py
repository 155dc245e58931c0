"""What a call to Segment's API becomes: our names, and every digit as it was sent."""

import json

import pytest

KEY = "write-key-1"
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:148.0) Gecko/20100101 Firefox/148.0"
SERVER = "axios/1.7.2"


@pytest.fixture
def become(call, stored):
    """The event that one call becomes, without what ingest adds to all events."""

    def become(type_="track", **fields):
        body = json.dumps({"batch": [{"type": type_, **fields}], "writeKey": KEY})
        assert call("/v1/batch", body)[0] == 200
        [event] = stored()
        del event["_ingest"], event["eventId"]
        return event

    return become


@pytest.fixture
def tracked(become):
    """What a tracked event becomes, without who did it."""

    def tracked(event_name, **properties):
        event = become(event=event_name, properties=properties)
        del event["userLoginState"]
        return event

    return tracked


def test_a_product_s_view_in_full(call, stored_lines):
    sent = """{
        "type": "track", "event": "Product Viewed", "messageId": "ajs-1",
        "timestamp": "2026-01-05T10:00:00.123Z", "sentAt": "2026-01-05T10:00:01.000Z",
        "anonymousId": "c-1", "userId": 12345678901234567890123, "_ingest": {"sourceIp": "6.6.6.6"},
        "context": {"page": {"url": "https://shop.example/p/1?utm_source=a", "referrer": "https://news.example/"},
                    "traits": {"email": "a@b.example"}, "library": {"name": "x"}},
        "integrations": {"All": true}, "_metadata": {"n": 1},
        "properties": {"product_id": 98765432109876543210, "sku": "S-1", "name": "Notebook 14",
                       "brand": "Lenorm", "category": "Laptops", "price": 1299.00, "quantity": 1e0,
                       "variant": "grey", "url": "https://shop.example/p/1?x=y#z",
                       "currency": "EUR", "rating": 4.50}}"""
    assert call("/v1/track", sent.replace("{", f'{{"writeKey":"{KEY}",', 1))[0] == 200

    [line] = stored_lines()
    event = json.loads(line)
    assert event.pop("_ingest")["sourceIp"] is None
    assert event == {
        "eventName": "product_view",
        "eventId": "ajs-1",
        "eventTimestamp": "2026-01-05T10:00:00.123Z",
        "sentAt": "2026-01-05T10:00:01.000Z",
        "pageUrl": "https://shop.example/p/1?utm_source=a",
        "referrer": "https://news.example/",
        "userId": 12345678901234567890123,
        "userLoginState": "logged_in",
        "clientId": "c-1",
        "product": {
            "id": 98765432109876543210,
            "urlPath": "/p/1?x=y#z",
            "sku": "S-1",
            "name": "Notebook 14",
            "category": "Laptops",
            "brand": "Lenorm",
            "variant": "grey",
            "price": 1299.0,
            "quantity": 1.0,
        },
        "properties": {"currency": "EUR", "rating": 4.5},
    }
    for digits in (b"12345678901234567890123", b"98765432109876543210", b"1299.00", b"1e0", b"4.50"):
        assert b":" + digits in line


@pytest.mark.parametrize(
    ("sent", "ours"),
    [
        ("Product Viewed", "product_view"),
        ("product viewed", "product_view"),
        ("PRODUCT VIEWED", "product_view"),
        (" Product  Viewed ", "product_view"),
        ("productViewed", "product_view"),
        ("product_viewed", "product_view"),
        ("Viewed Product", "product_view"),
        ("Product List Viewed", "category_view"),
        ("Product Clicked", "click"),
        ("Products Searched", "search"),
        ("Product Added", "add_to_cart_click"),
        ("Wishlist Product Added to Cart", "add_to_cart_click"),
        ("Product Removed", "remove_from_cart_click"),
        ("Product Added to Wishlist", "wishlist_click"),
        ("Product Removed from Wishlist", "product_removed_from_wishlist"),
        ("Cart Viewed", "cart_view"),
        ("Checkout Started", "checkout_start"),
        ("Checkout Step Viewed", "checkout_step_viewed"),
        ("Order Completed", "checkout_complete"),
        ("Order Refunded", "order_refunded"),
        ("Experiment Viewed", "experiment_exposure"),
        ("Signed In", "login"),
        ("Signed Up", "sign_up"),
        ("Signed Out", "logout"),
        ("Gift-Wrap: chosen", "gift_wrap_chosen"),
        ("Größe Gewählt", "größe_gewählt"),
        ("-", "_"),
    ],
)
def test_names_are_ours_or_pass_in_snake_case(tracked, sent, ours):
    assert tracked(sent) == {"eventName": ours}


def test_every_name_that_it_gives_has_a_meaning_in_the_warehouse():
    from ingest_lambda.segment_shop import EVENT_NAMES  # noqa: PLC0415
    from tests.oracle.seeds import project_seeds  # noqa: PLC0415

    assert {*EVENT_NAMES.values(), "page_view", "home_view", "identify"} <= project_seeds().meanings.keys()


@pytest.mark.parametrize(
    ("sent", "stored_as"),
    [
        ({"product_id": "p-1", "sku": "s-1"}, {"id": "p-1", "sku": "s-1"}),
        ({"productId": 0}, {"id": 0}),
        ({"sku": "s-1", "product_id": " "}, {"id": "s-1", "sku": "s-1"}),
        ({"id": "v1"}, {"id": "v1"}),
        ({"product_id": "p", "url": "/p/1"}, {"id": "p", "urlPath": "/p/1"}),
        ({"product_id": "p", "url": "//shop.example"}, {"id": "p", "urlPath": "/"}),
        (
            {"product_id": "p", "url": "HTTPS://shop.example:8080/a//b?c=http://d"},
            {"id": "p", "urlPath": "/a//b?c=http://d"},
        ),
        ({"product_id": "p", "url": 5}, {"id": "p", "urlPath": 5}),
    ],
)
def test_a_product_added(tracked, sent, stored_as):
    event = tracked("Product Added", cart_id="cart-1", quantity=2, **sent)
    assert event["eventName"] == "add_to_cart_click"
    assert event["product"] == {**stored_as, "quantity": 2}
    assert event["element"] == {"dataset": {"cartId": "cart-1"}}


def test_what_names_no_product_is_none(tracked):
    assert tracked("Promotion Clicked", id="promo", name="Sale", position="top") == {
        "eventName": "click",
        "properties": {"id": "promo", "name": "Sale", "position": "top"},
    }
    assert "product" not in tracked("Product Viewed", name="nameless", price=1)


@pytest.mark.parametrize(
    ("sent", "category"),
    [
        ({"list_id": "l-1", "category": "Deals"}, {"id": "l-1", "category": "Deals"}),
        ({"category": "Deals"}, {"id": "Deals", "category": "Deals"}),
        ({"category_id": 7, "list_id": "l-1"}, {"id": 7}),
        ({}, None),
    ],
)
def test_a_list_of_products_is_a_category_and_none_of_its_products(tracked, sent, category):
    event = tracked("Product List Viewed", **sent, products=[{"product_id": "p-1"}])
    assert event["eventName"] == "category_view"
    assert event.get("product") == category
    assert "items" not in event


def test_an_order_in_full(call, stored_lines):
    sent = """{"type": "track", "event": "Order Completed", "properties": {
        "order_id": 12345678901234567890123, "total": 1399.50, "revenue": 1390.10, "shipping": 9.40,
        "coupon": "MAY", "checkout_id": "k-1", "email": "a@b.example", "products": [
            {"product_id": "p-1", "name": "Notebook", "price": 1299.00, "quantity": 1,
             "url": "https://shop.example/p/1"},
            {"sku": "s-2", "price": 50.25, "quantity": "2", "variant": null},
            "none", null, [1], {"id": 3}]}}"""
    assert call("/v1/batch", f'{{"batch":[{sent}],"writeKey":"{KEY}"}}')[0] == 200

    [line] = stored_lines()
    event = json.loads(line)
    assert event["eventName"] == "checkout_complete"
    assert event["element"] == {
        "dataset": {"orderId": 12345678901234567890123, "total": 1399.5, "itemCount": 4}
    }
    assert event["items"] == [
        {"id": "p-1", "urlPath": "/p/1", "name": "Notebook", "price": 1299.0, "quantity": 1},
        {"id": "s-2", "sku": "s-2", "price": 50.25, "quantity": "2", "variant": None},
        {"id": 3},
    ]
    assert event["properties"] == {"revenue": 1390.1, "shipping": 9.4, "coupon": "MAY", "checkout_id": "k-1"}
    assert "product" not in event
    for digits in (b'"orderId":12345678901234567890123', b'"total":1399.50', b'"price":1299.00'):
        assert digits in line


@pytest.mark.parametrize(
    ("sent", "total"),
    [
        ({"revenue": 2, "value": 3}, 2),
        ({"value": "3.0"}, "3.0"),
        ({"total": None, "revenue": 0}, 0),
        ({}, None),
    ],
)
def test_an_order_s_total_is_the_first_that_is_there(tracked, sent, total):
    order = tracked("Order Completed", order_id="o-1", **sent)
    assert order["element"]["dataset"].get("total") == total


@pytest.mark.parametrize(
    ("quantities", "count"),
    [([1, "2", 3], 6), ([None, " "], 2), ([1.5], None), ([-1], None), ([1, {}], None), ([10**9], None)],
)
def test_items_are_counted_where_all_quantities_are_known(tracked, quantities, count):
    order = tracked(
        "Order Completed", order_id="o", products=[{"id": 1, "quantity": each} for each in quantities]
    )
    assert order["element"]["dataset"].get("itemCount") == count


@pytest.mark.parametrize("products", [None, [], {}, "none", 5, [5], [[]]])
def test_an_order_without_products_has_no_items(tracked, products):
    order = tracked("Order Completed", order_id="o", product_id="p-1", products=products)
    assert (order["element"], order["product"]) == ({"dataset": {"orderId": "o"}}, {"id": "p-1"})
    assert "items" not in order


def test_products_of_other_events_stay_properties(tracked):
    for name in ("Cart Viewed", "Checkout Started", "Order Refunded", "Order Updated"):
        event = tracked(name, order_id="o", products=[{"product_id": "p"}], total=5)
        assert event["element"] == {"dataset": {"orderId": "o"}}
        assert event["properties"] == {"products": [{"product_id": "p"}], "total": 5}
        assert "items" not in event


def test_an_experiment_and_its_variant(tracked):
    ids = {"experiment_id": "e-1", "variation_id": "v-1"}
    named = tracked("Experiment Viewed", **ids, experiment_name="button", variation_name="green")
    assert named["element"] == {"dataset": {"experiment": "button", "variant": "green"}}
    assert tracked("Experiment Viewed", **ids)["element"] == {
        "dataset": {"experiment": "e-1", "variant": "v-1"}
    }


@pytest.mark.parametrize(
    ("call_", "sent", "ours"),
    [
        ("page", {"name": "Home"}, "home_view"),
        ("page", {"properties": {"name": "home page"}}, "home_view"),
        ("page", {"name": "Product"}, "page_view"),
        ("page", {"name": 5}, "page_view"),
        ("page", {}, "page_view"),
        ("screen", {"name": "Home"}, "home_view"),
        ("screen", {"name": "Cart"}, "page_view"),
    ],
)
def test_pages_and_screens(become, call_, sent, ours):
    event = become(call_, **sent)
    assert event["eventName"] == ours
    if "name" in sent:
        assert event["properties"] == {"name": sent["name"]}


def test_a_page_s_address_may_stand_in_its_context_or_in_its_properties(become):
    context = {"page": {"url": "https://a.example/", "referrer": "https://b.example/"}}
    for sent in (
        {"context": context},
        {"properties": {"url": "https://a.example/", "referrer": "https://b.example/"}},
        {"context": {"page": {"url": "other"}}, "properties": dict(context["page"])},
        {"context": context, "properties": {"url": None}},
    ):
        event = become("page", **sent)
        assert (event["pageUrl"], event["referrer"]) == ("https://a.example/", "https://b.example/")
    assert "pageUrl" not in become("track", event="x", properties={"url": "https://a.example/"})


def test_who_it_was(become):
    traits = {"email": "a@b.example", "plan": "gold", "product_id": "p-1"}
    assert become("identify", userId="u-1", anonymousId="c-1", traits=traits, properties=traits) == {
        "eventName": "identify",
        "userId": "u-1",
        "userLoginState": "logged_in",
        "clientId": "c-1",
    }
    assert become("group", userId="u-1", groupId="g", traits={"name": "Initech"}) == {
        "eventName": "group",
        "userId": "u-1",
        "userLoginState": "logged_in",
    }
    for anonymous, client in ({"anonymousId": "c-1"}, "c-1"), ({}, "c-0"):
        assert become("alias", userId="u-1", previousId="c-0", **anonymous)["clientId"] == client
    assert "clientId" not in become("identify", userId="u-1", previousId="c-0")


@pytest.mark.parametrize(
    ("user", "state"),
    [("u-1", "logged_in"), (7, "logged_in"), (0, "logged_in"), (None, "anonymous"), (" ", "anonymous")]
    + [(unfit, "anonymous") for unfit in (True, False, [], {"id": 1})],
)
def test_who_has_an_id_is_logged_in(become, user, state):
    assert become("page", userId=user, anonymousId="c-1")["userLoginState"] == state


def test_of_a_person_only_ids_are_stored(call, stored_lines):
    secret = "zq7secret"
    personal = [
        "email",
        "Email",
        "e-mail",
        "firstName",
        "last_name",
        "phone",
        "address",
        "traits",
        "userName",
    ]
    sent = {
        "userId": "u-1",
        "traits": {"email": secret},
        "context": {
            "traits": {"email": secret},
            "device": {"id": secret},
            "location": secret,
            "consent": secret,
        },
        "properties": {**dict.fromkeys(personal, secret), "plan": "gold"},
        "integrations": {"x": secret},
    }
    for type_ in ("track", "page", "screen", "identify", "group", "alias"):
        body = {
            "batch": [{**sent, "type": type_, "event": "Signed Up"}],
            "writeKey": KEY,
            "context": {"x": secret},
        }
        assert call("/v1/batch", json.dumps(body))[0] == 200
        [line] = stored_lines()
        assert secret.encode() not in line
        assert b'"u-1"' in line


def test_a_batch_says_when_it_was_sent_and_what_its_calls_have_in_common(call, stored):
    batch = [
        {"type": "page", "sentAt": "2026-01-05T09:00:00Z", "timestamp": "2026-01-05T08:59:00Z"},
        {"type": "page", "originalTimestamp": 1767603540000, "context": {"ip": "9.9.9.9", "page": {}}},
    ]
    common = {"ip": "8.8.8.8", "page": {"url": "https://a.example/"}, "userAgent": BROWSER}
    for sent_at in ("2026-01-05T10:00:00Z", None, " "):
        body = {"batch": batch, "writeKey": KEY, "context": common, "sentAt": sent_at}
        assert call("/v1/batch", json.dumps(body))[0] == 200
        first, second = stored()
        own = sent_at is None or not sent_at.strip()
        assert first["sentAt"] == ("2026-01-05T09:00:00Z" if own else sent_at)
        assert second.get("sentAt") == (None if own else sent_at)
        assert (first["eventTimestamp"], second["eventTimestamp"]) == ("2026-01-05T08:59:00Z", 1767603540000)
        assert (first["pageUrl"], second.get("pageUrl")) == ("https://a.example/", None)
        assert [event["_ingest"]["sourceIp"] for event in (first, second)] == ["8.8.8.8", "9.9.9.9"]
        assert second["_ingest"]["userAgent"] == BROWSER


@pytest.mark.parametrize(
    ("of_request", "in_context", "kept"),
    [
        (BROWSER, "Mozilla/5.0 other", BROWSER),
        (BROWSER, None, BROWSER),
        ("Mozilla/5.0 (compatible; Googlebot/2.1)", BROWSER, "Mozilla/5.0 (compatible; Googlebot/2.1)"),
        (SERVER, BROWSER, BROWSER),
        (SERVER, "Googlebot/2.1", "Googlebot/2.1"),
        (SERVER, None, None),
        (SERVER, ["x"], None),
        (SERVER, "x" * 600, "x" * 512),
        ("", BROWSER, BROWSER),
    ],
)
def test_a_browser_speaks_for_itself_and_a_server_for_its_visitors(
    call, stored, of_request, in_context, kept
):
    http = {"userAgent": of_request, "sourceIp": "203.0.113.7"}
    body = {"writeKey": KEY, "context": {"userAgent": in_context, "ip": "198.51.100.1"}}
    assert call("/v1/page", json.dumps(body), requestContext={"http": http, "requestId": "r-1"})[0] == 200

    [event] = stored()
    is_browser = of_request.startswith("Mozilla/")
    assert event["_ingest"]["userAgent"] == kept
    assert event["_ingest"]["sourceIp"] == ("203.0.113.7" if is_browser else "198.51.100.1")
    assert event["_ingest"]["requestId"] == "r-1"


CAMPAIGN = {
    "name": "Spring & Co",
    "source": "news",
    "medium": "email",
    "term": "ä",
    "content": 5,
    "more": "x",
}
TAGS = "utm_source=news&utm_medium=email&utm_campaign=Spring%20%26%20Co&utm_term=%C3%A4"


@pytest.mark.parametrize(
    ("url", "campaign", "page_url"),
    [
        ("https://a.example/", CAMPAIGN, f"https://a.example/?{TAGS}"),
        ("https://a.example/?b=c#d", CAMPAIGN, f"https://a.example/?b=c&{TAGS}#d"),
        ("https://a.example/?utm_source=own", CAMPAIGN, "https://a.example/?utm_source=own"),
        ("https://a.example/?b=c&utm_id=1", CAMPAIGN, "https://a.example/?b=c&utm_id=1"),
        ("https://a.example/", {"name": "x" * 600}, "https://a.example/?utm_campaign=" + "x" * 512),
        ("https://a.example/", {}, "https://a.example/"),
        ("https://a.example/", {"name": " ", "source": None}, "https://a.example/"),
        ("https://a.example/", "spring", "https://a.example/"),
        (5, CAMPAIGN, 5),
        (None, CAMPAIGN, None),
    ],
)
def test_a_campaign_that_the_address_does_not_show_is_added_to_it(become, url, campaign, page_url):
    event = become("page", context={"page": {"url": url}, "campaign": campaign})
    assert event.get("pageUrl") == page_url
    assert "campaign" not in event


def test_a_call_without_a_message_id_gets_the_id_of_its_place(segment, stored, api_request):
    body = json.dumps({"batch": [{"type": "page"}, {"type": "page", "messageId": " "}], "writeKey": KEY})
    ids = []
    for _ in range(2):
        assert segment({**api_request, "rawPath": "/v1/batch", "body": body})["statusCode"] == 200
        ids.append([event["eventId"] for event in stored()])
    assert ids[0] == ids[1]
    assert len(set(ids[0])) == 2
