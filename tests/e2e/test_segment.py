"""Segment's own libraries, pointed at our endpoint: what a shop tracks with them comes out in the marts."""

import json
import os
import subprocess
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urlencode

import pytest

from local_stack.home import PROJECT
from local_stack.platform import SEGMENT_WRITE_KEY
from tests.e2e.conftest import QUIET

LIBRARIES = PROJECT / "tests/vendor"
PAGES = Path(__file__).with_name("segment")
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:148.0) Gecko/20100101 Firefox/148.0"
CALLS = 6
MARTS = "orders order_items session_funnels visitors products activity_daily unknown_event_names"


class QuietFiles(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def translate_path(self, path):
        name = Path(path.partition("?")[0]).name
        return str(LIBRARIES / "segment-browser" / name if name == "index.js" else PAGES / name)


@pytest.fixture(scope="module")
def clickmart(make_clickmart):
    clickmart = make_clickmart(DBT_EXCLUDE_RESOURCE_TYPES="test unit_test")
    clickmart("up")
    return clickmart


def server_says(clickmart, key=SEGMENT_WRITE_KEY):
    done = subprocess.run(
        ["/usr/bin/env", "node", PAGES / "server.cjs", f"http://127.0.0.1:{clickmart.port('api')}", key],
        env={**os.environ, "NODE_PATH": str(LIBRARIES / "segment-server/node_modules")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


@pytest.fixture(scope="module")
def shop():
    """The address of a shop's page."""
    with ThreadingHTTPServer(("127.0.0.1", 0), QuietFiles) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/page.html"
        server.shutdown()


@pytest.fixture(scope="module")
def from_browsers(clickmart, shop, launch):
    """The answers to what two visitors' browsers sent: one call a request, and all in a batch."""
    host = f"127.0.0.1:{clickmart.port('api')}/v1"
    batching = {"strategy": "batching", "config": {"size": CALLS}}
    with launch(args=QUIET) as browser:
        return [
            *visit(browser, shop, host, None, "order-2"),
            *visit(browser, shop, host, batching, "order-3"),
        ]


def visit(browser, shop, *settings):
    problems, calls = [], []
    page = browser.new_context(user_agent=FIREFOX).new_page()
    page.on("console", lambda said: problems.append(said.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("request", lambda request: request.method == "POST" and calls.append(request))
    page.goto(f"{shop}?{urlencode({'utm_source': 'news', 'utm_medium': 'email'})}")
    page.evaluate("([host, how, order]) => load(host, how).then(([shop]) => buy(shop, order))", settings)
    answers = [(request.url.rpartition("/v1/")[2], request.response().json()) for request in calls]
    page.context.close()
    assert problems == []
    return answers


@pytest.fixture(scope="module")
def marts(clickmart, from_browsers):
    """All of it loaded and transformed."""
    assert server_says(clickmart) == ["/v1/batch"]
    clickmart("load", "--hours-back", "0")
    clickmart("load")  # what came before the hour struck
    clickmart("transform", "build", "--select", *(f"+{mart}" for mart in MARTS.split()))
    return clickmart


def visitor_of(marts, order):
    ((visitor,),) = marts.rows(f"select visitor_id from marts.orders where order_id = '{order}'")
    return visitor


def test_a_browser_s_calls_are_accepted_one_by_one_and_in_a_batch(from_browsers):
    one = {"success": True, "accepted": 1, "rejected": []}
    single, batched = from_browsers[:CALLS], from_browsers[CALLS:]
    assert single == [(path, one) for path in "ptttit"]
    assert batched == [("b", {**one, "accepted": CALLS})]


def test_a_server_with_another_key_is_told_401(clickmart):
    assert server_says(clickmart, "another") == ["/v1/batch", "[401] Unauthorized"]


def test_each_order_is_one_with_its_total_and_its_customer(marts):
    assert marts.rows(
        """
        select order_id, order_total::text, item_count, user_id, is_bot
        from marts.orders order by order_id
        """
    ) == [
        ("order-1", "1348.9500", 3, "user-1", False),
        ("order-2", "2599.9000", 2, "user-2", False),
        ("order-3", "2599.9000", 2, "user-2", False),
    ]


def test_an_order_has_the_items_that_were_sent(marts):
    assert marts.rows(
        """
        select order_key, product_id, quantity::int, price::text, source
        from marts.order_items order by order_key, product_id
        """
    ) == [
        ("order-1", "p-1", 1, "1299.9500", "items"),
        ("order-1", "p-2", 2, "24.5000", "items"),
        ("order-2", "p-1", 2, "1299.9500", "items"),
        ("order-3", "p-1", 2, "1299.9500", "items"),
    ]


def test_each_visitor_is_known_by_device_and_by_name(marts):
    visitors = {visitor_of(marts, order) for order in ("order-1", "order-2", "order-3")}
    assert len(visitors) == 3
    assert "client:device-1" in visitors
    seen = marts.rows("select visitor_id, session_count, order_count, first_channel from marts.visitors")
    assert set(seen) == {(visitor, 1, 1, "Email") for visitor in visitors}


def test_each_visit_went_all_the_way_down_the_funnel(marts):
    reached = marts.rows(
        """
        select visitor_id, steps_reached, is_completed
        from marts.session_funnels where funnel_name = 'purchase'
        """
    )
    assert len(reached) == 3
    assert {(steps, completed) for _, steps, completed in reached} == {(4, True)}


def test_products_are_described_as_they_were_sent(marts):
    assert marts.rows(
        """
        select
            product_id, product_name, product_brand, product_category, product_price::text, product_url_path
        from marts.products order by product_id
        """
    ) == [
        ("p-1", "Notebook 14", "Lenorm", "Laptops", "1299.9500", "/p/1"),
        ("p-2", "Mouse", None, "Accessories", "24.5000", None),
    ]


def test_a_server_speaks_for_its_visitor_and_a_browser_for_itself(marts):
    assert marts.rows(
        """
        select distinct order_id is null, device_type, browser, operating_system
        from marts.clickstream_events where event_name = 'home_view' order by 2
        """
    ) == [(True, "desktop", "Firefox", "Linux"), (True, "mobile", "Safari", "iOS")]
    names = [name for (name,) in marts.rows("select distinct event_name from marts.clickstream_events")]
    assert sorted(names) == [
        *("add_to_cart_click", "category_view", "checkout_complete", "checkout_start", "gift_wrap_chosen"),
        *("home_view", "identify", "product_view"),
    ]
    assert marts.rows("select category_id from marts.clickstream_events where category_id is not null") == [
        ("laptops",)
    ]
    assert marts.rows(
        "select distinct utm_campaign from marts.clickstream_events where utm_source = 'newsletter'"
    ) == [("spring",)]


def test_nothing_was_misread(marts):
    assert (
        marts.rows(
            "select event_name, quality_flags from marts.clickstream_events where quality_flags <> '{}'"
        )
        == []
    )
    assert marts.rows("select event_name from marts.unknown_event_names") == [("gift_wrap_chosen",)]


def test_neither_the_key_nor_a_trait_is_stored(marts):
    payloads = [
        json.dumps(payload) for (payload,) in marts.rows("select payload from raw.events", "clickmart_dbt")
    ]
    assert len(payloads) == 2 * CALLS + 8
    assert not [text for text in payloads if "example.com" in text or "writeKey" in text]
