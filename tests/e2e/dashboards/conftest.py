"""The dashboards of a small shop, in Debian's Chromium, as a person sees them."""

import fcntl
import json
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.conftest import QUIET, Clickmart

PAGES = [
    *("overview", "trends", "journeys", "funnel", "products", "marketing"),
    *("customers", "experiments", "anomalies", "health", "events"),
]
PATIENCE_MS = 30_000
expect.set_options(timeout=PATIENCE_MS)


@dataclass
class Dashboards:
    """One visitor's window."""

    page: Page
    address: str
    problems: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("pageerror", lambda error: self.problems.append(f"page error: {error}"))
        self.page.on("console", self.note_if_error)
        self.page.on("request", self.note_if_foreign)

    def note_if_error(self, said: Any) -> None:
        if said.type == "error":
            self.problems.append(f"console: {said.text}")

    def note_if_foreign(self, request: Any) -> None:
        if urlsplit(request.url).hostname not in ("127.0.0.1", None, ""):
            self.problems.append(f"request to {request.url}")

    def open(self, **query: str) -> "Dashboards":
        self.page.goto(f"{self.address}/?{urlencode(query)}")
        return self.settled()

    def settled(self) -> "Dashboards":
        """Every chart that is shown is drawn, or says why not."""
        expect(self.shown(".chart:not([hidden]):not([data-drawn]):not(:has(.sentence))")).to_have_count(0)
        expect(self.shown(".panel-table:not([hidden]) .shiny-html-output:empty")).to_have_count(0)
        expect(self.shown(".tile-row:empty")).to_have_count(0)
        expect(self.page.locator("html.shiny-busy")).to_have_count(0)
        expect(self.page.locator(".page:not([hidden]) .recalculating")).to_have_count(0)
        return self

    def shown(self, selector: str) -> Locator:
        return self.page.locator(f".page:not([hidden]) {selector}")

    def choice(self, label: str) -> Locator:
        return self.page.get_by_label(label, exact=True)

    def panel(self, title: str) -> Locator:
        return self.shown(".panel").filter(has=self.page.get_by_role("heading", name=title, exact=True))

    def query(self) -> dict[str, str]:
        pairs: dict[str, str] = self.page.evaluate("Object.fromEntries(new URLSearchParams(location.search))")
        return pairs

    def csv(self, title: str) -> str:
        with self.page.expect_download() as download:
            self.panel(title).get_by_role("link", name="CSV").click()
        return download.value.path().read_text(encoding="utf-8-sig")


@pytest.fixture(scope="session")
def snapshot(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A month of a small shop, all the way to the marts; built by whoever comes first."""
    base = tmp_path_factory.getbasetemp()
    home = (base if worker_id == "master" else base.parent) / "small-shop"
    with home.with_suffix(".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / "done").exists():
            clickmart = Clickmart(home)
            clickmart("demo", "--days", "40", "--visitors", "1600")
            clickmart("down")
            (home / "done").touch()
    return home


@pytest.fixture(scope="module")
def shop(snapshot: Path, make_clickmart: Callable[..., Clickmart]) -> Clickmart:
    """That shop as a module's own, with its dashboards."""
    clickmart = make_clickmart()
    subprocess.run(["/bin/cp", "-a", snapshot, clickmart.home], check=True)
    clickmart("up")
    clickmart("dashboards")
    return clickmart


@pytest.fixture(scope="session")
def browser(launch: Callable[..., Browser]) -> Iterator[Browser]:
    with launch(args=QUIET) as browser:
        yield browser


@pytest.fixture
def visit(browser: Browser, shop: Clickmart) -> Iterator[Callable[..., Dashboards]]:
    """A new person at a new browser each time; none may see an error, or reach another host."""
    opened: list[Dashboards] = []

    def visit(clickmart: Clickmart = shop, **settings: Any) -> Dashboards:
        settings = {"viewport": {"width": 1360, "height": 900}, "color_scheme": "light", **settings}
        context = browser.new_context(**settings)
        context.set_default_timeout(PATIENCE_MS)
        opened.append(Dashboards(context.new_page(), address_of(clickmart)))
        return opened[-1]

    yield visit
    for dashboards in opened:
        dashboards.page.context.close()
    assert [problem for dashboards in opened for problem in dashboards.problems] == []


def address_of(clickmart: Clickmart) -> str:
    return f"http://127.0.0.1:{json.loads((clickmart.home / 'run/dashboards.json').read_text())['port']}"
