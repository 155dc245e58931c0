"""The demo shop in Debian's Chromium, before a real API, S3 and warehouse; what its visitors did there."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import obstore
import pytest
from obstore.store import S3Store
from playwright.sync_api import Browser, BrowserContext, Page, expect

from local_stack import object_store
from local_stack.home import Home
from local_stack.shop import Shop, ShopRequest
from tests.e2e.conftest import QUIET, Clickmart
from tests.e2e.tracker.doorman import Doorman, loads, serving

PATIENCE_MS = 30_000
expect.set_options(timeout=PATIENCE_MS)

# A browser that says that it is headless counts as a bot; and its beacons heed no setting of a page's.
PERSON = "--user-agent=Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0.0.0 Safari/537.36"
# Written down as it happens, and in order: what the tracker makes while a page is being left counts, too.
WITNESS = """
addEventListener("clickmart", ({detail}) => {
    if (detail.state !== "queued") return;
    for (const text of detail.events) {
        try { localStorage.setItem(`witness.${JSON.parse(text).eventId}`, text); } catch {}
        (window.witnessed ??= []).push(text);
    }
});
"""


@dataclass
class Visitor:
    """One person's browser, and all that the tracker made in it."""

    context: BrowserContext
    address: str
    bucket: S3Store
    wait_until: Callable[[Callable[[], object], str], None]
    problems: list[str] = field(default_factory=list)

    def open(self, path: str = "/") -> Page:
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.goto(f"{self.address}{path}")
        expect(page.locator("main h1")).to_be_visible()
        return page

    def made(self) -> list[dict[str, Any]]:
        """Asked of another page of the shop: it does not matter what has become of those that made them."""
        page = self.context.new_page()
        page.goto(f"{self.address}/icon.svg")
        texts: list[str] = page.evaluate(
            "Object.entries(localStorage).flatMap(([key, text]) => key.startsWith('witness.') ? text : [])"
        )
        page.close()
        return sorted((json.loads(text) for text in texts), key=lambda event: event["eventTimestamp"])

    def arrived(self, client_ids: set[str]) -> list[dict[str, Any]]:
        keys = [entry["path"] for batch in obstore.list(self.bucket, "events/") for entry in batch]
        events = [event for key in keys for event in loads(bytes(obstore.get(self.bucket, key).bytes()))]
        return [event for event in events if event["clientId"] in client_ids]

    def all_arrive(
        self, made: list[dict[str, Any]] | None = None, *, at_most: int = 1
    ) -> list[dict[str, Any]]:
        """Every event that was made, and no other; each once, or at most so often. As they were made."""
        made = self.made() if made is None else made
        wanted = {event["eventId"] for event in made}
        clients = {event["clientId"] for event in made}
        assert wanted
        self.wait_until(
            lambda: {event["eventId"] for event in self.arrived(clients)} >= wanted, "every event has arrived"
        )
        times = Counter(event["eventId"] for event in self.arrived(clients))
        assert set(times) == wanted
        assert max(times.values()) <= at_most
        return made


@pytest.fixture(scope="session")
def browser(launch: Callable[..., Browser]) -> Iterator[Browser]:
    with launch(args=[*QUIET, PERSON], ignore_default_args=["--disable-back-forward-cache"]) as browser:
        yield browser


@pytest.fixture(scope="module")
def bucket(running: Clickmart) -> S3Store:
    settings = object_store.environment(Home(running.home), running.port("s3"))
    return S3Store(
        settings["RAW_BUCKET_NAME"],
        endpoint=settings["AWS_ENDPOINT_URL_S3"],
        access_key_id=settings["AWS_ACCESS_KEY_ID"],
        secret_access_key=settings["AWS_SECRET_ACCESS_KEY"],
        region=settings["AWS_REGION"],
        client_options={"allow_http": True},
    )


@pytest.fixture
def doorman(running: Clickmart) -> Iterator[Doorman]:
    server = Doorman(f"http://127.0.0.1:{running.port('api')}/clickstream")
    with serving(server):
        yield server


@pytest.fixture
def address(doorman: Doorman) -> Iterator[str]:
    shop = Shop(("127.0.0.1", 0), partial(ShopRequest, endpoint=doorman.url))
    with serving(shop):
        yield f"http://127.0.0.1:{shop.server_address[1]}"


@pytest.fixture
def welcome(
    browser: Browser,
    address: str,
    bucket: S3Store,
    wait_until: Callable[[Callable[[], object], str], None],
) -> Iterator[Callable[..., Visitor]]:
    """A new person at a new browser each time; none may ever see an error of a page."""
    visitors: list[Visitor] = []

    def welcome(script: str = "", **settings: Any) -> Visitor:
        context = browser.new_context(viewport={"width": 1280, "height": 900}, **settings)
        context.set_default_timeout(PATIENCE_MS)
        context.add_init_script(script + WITNESS)
        visitors.append(Visitor(context, address, bucket, wait_until))
        return visitors[-1]

    yield welcome
    for visitor in visitors:
        visitor.context.close()
    assert [problem for visitor in visitors for problem in visitor.problems] == []
