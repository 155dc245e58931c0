"""The tracker in Chromium: what it weighs, what an event costs the page, and how many requests it saves.

It needs Chromium, and npm for the minified script; it brings servers of its own."""

import gzip
import statistics
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from playwright.sync_api import Page, sync_playwright

from bench.table import Figure, Reach
from local_stack.shop import TRACKER, Shop, ShopRequest

CHROMIUM = "/usr/bin/chromium"
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
ROUNDS, EVENTS = 41, 25
# Chromium tells the time in steps, so a round is many events; between rounds what waits may leave.
COST = f"""async () => {{
    const product = {{id: "sku-1", name: "Mug", category: "Cups", brand: "Tove", price: 24, urlPath: "/p/1"}};
    const rounds = [];
    for (let round = 0; round < {ROUNDS}; round++) {{
        const start = performance.now();
        for (let i = 0; i < {EVENTS}; i++) clickmart.trackAddToCart(product);
        rounds.push(1_000 * (performance.now() - start) / {EVENTS});
        await new Promise(resolve => setTimeout(resolve, 100));
    }}
    return rounds;
}}"""

BLOCKED = "Object.defineProperty(window, 'localStorage', {get() { throw new Error('blocked'); }});"


class Api(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), ApiRequest)
        self.requests = 0
        self.events = 0
        self.bytes = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/clickstream"


class ApiRequest(BaseHTTPRequestHandler):
    server: Api
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        plain = gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body
        self.server.requests += 1
        self.server.events += plain.count(b'"eventId"')
        self.server.bytes += len(body)
        self.send_response(200)
        self.send_header("access-control-allow-origin", "*")
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serving(server: ThreadingHTTPServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()


def browse(page: Page, address: str) -> None:
    """Four looks around, three products, one order; as fast as a hurried customer, half a second a step."""
    page.goto(address)
    for category in ("Cups and tea", "At the table", "Around it", "Everything"):
        page.get_by_role("link", name=category, exact=True).click()
        page.wait_for_timeout(500)
    for name in ("Morning mug", "Everyday bowl", "Oak board"):
        page.get_by_role("link", name=name).click()
        page.locator("#wish").click()
        page.wait_for_timeout(500)
        page.locator("#buy").click()
        page.wait_for_timeout(500)
        page.locator(".brand").click()
    page.get_by_role("link", name="Cart").click()
    page.get_by_role("link", name="To checkout").click()
    for label, text in (("Name", "Anna"), ("E-mail", "a@b.example"), ("Card number", "1")):
        page.get_by_label(label).fill(text)
    page.wait_for_timeout(500)
    page.get_by_role("button", name="Order for").click()
    page.get_by_role("heading", name="Thank you").wait_for()
    page.goto("about:blank")


def costs(page: Page, address: str, api: Api, script: str) -> list[float]:
    """On a page of its own: the drawer of the shop's pages would be measured, too."""
    page.add_init_script(script)
    page.goto(f"{address}nowhere")
    page.add_script_tag(url="/clickmart.js")
    page.evaluate("endpoint => clickmart.init({endpoint})", api.url)
    rounds: list[float] = page.evaluate(COST)
    return rounds


def weights() -> Iterator[Figure]:
    subprocess.run(["/bin/sh", TRACKER / "minify.sh"], check=True)
    minified = len(gzip.compress((TRACKER / "dist/clickmart.js").read_bytes()))
    written = len(gzip.compress((TRACKER / "clickmart.js").read_bytes()))
    yield Figure(
        "tracker, minified and gzipped",
        f"{minified:,} bytes",
        f"as it is written {written:,}",
        Reach("≤", 4_096, "bytes"),
        minified,
    )


def figures() -> Iterator[Figure]:
    yield from weights()
    api = Api()
    shop = Shop(("127.0.0.1", 0), partial(ShopRequest, endpoint=api.url))
    with serving(api), serving(shop), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        address = f"http://127.0.0.1:{shop.server_address[1]}/"
        browse(browser.new_page(), address)
        per_hundred = 100 * api.requests / api.events
        browsed = f"one each would be 100; the browse made {api.events} in {api.bytes:,} bytes"
        yield Figure("tracker, requests for 100 events", f"{per_hundred:.0f}", browsed)

        for name, script in (("", ""), (", with cookies only", BLOCKED)):
            rounds = costs(browser.new_page(), address, api, script)
            what = f"tracker, main thread for one of {ROUNDS * EVENTS:,} events{name}"
            yield Figure(what, f"{statistics.median(rounds):.0f} µs", f"best round {min(rounds):.0f} µs")
        browser.close()
