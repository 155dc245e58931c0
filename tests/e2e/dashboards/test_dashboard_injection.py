"""What strangers write stays text: in the warehouse, on every page, in every CSV, and out of the address."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
import urllib3

from tests.e2e.conftest import Clickmart
from tests.e2e.dashboards.conftest import PAGES, Dashboards, expect

Visit = Callable[..., Dashboards]

# dbt's own tests of its models are not what is tested here.
MODELS_ONLY = {"DBT_EXCLUDE_RESOURCE_TYPES": "test unit_test"}
NOW = datetime.now(UTC)
TEXTS = [
    *(
        "=cmd|' /C calc'!A0",
        "+1+1",
        "-2+3",
        "@SUM(1)",
        '=HYPERLINK("https://evil.example";"x")',
        "\u200b=1+1",
    ),
    *(
        "'; drop table marts.sessions; --",
        '" or ""="',
        "$1",
        "%s%n",
        "\\",
        "\\'; select 1; --",
        '{a,"b",NULL}',
    ),
    *("<script>window.hostile = 1</script>", '<img src=x onerror="window.hostile = 1">', "<b>bold</b>"),
    *("\"><svg onload='window.hostile = 1'>", "javascript:window.hostile=1", "</script></title></select><u>"),
    *("{{ config() }}", "{% raw %}", "${window.hostile = 1}", "{a|b}", "{from}", "__proto__", "constructor"),
    *(
        "null",
        "NA",
        "NaN",
        "TRUE",
        "all others",
        "(start)",
        "\u202ecba\u202c",
        "a\tb\r\nc",
        "\u0001\u001b[31m",
        "n" * 128,
    ),
]
# A spreadsheet would run a cell that begins so, but for a plain number.
RUNS = re.compile(r"[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]")
CHOSEN_WORDS = [
    *(
        "channel",
        "device",
        "login",
        "metric",
        "grain",
        "event",
        "node",
        "direction",
        "depth",
        "share",
        "funnel",
    ),
    *(
        "by",
        "count",
        "category",
        "product",
        "sort",
        "cohort",
        "measure",
        "segment",
        "experiment",
        "signal",
        "find",
    ),
    *("period", "compare", "unknown", "__proto__"),
]
# What stands in a table, a choice or a chart is text, or a link of ours.
FOREIGN_ELEMENTS = """
    [...document.querySelectorAll("td *, option *, .chart :not(canvas, div, p, span, b, br)")]
        .filter(each => !each.matches("td > a[data-go]")).map(each => each.outerHTML)
"""
NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")


def visit_of(text: str, number: int) -> list[dict[str, Any]]:
    """A visit that buys, with the text wherever there is room for one."""
    happened = NOW - timedelta(days=number % 3, minutes=1)
    product = {
        **dict.fromkeys(("id", "name", "category", "brand", "urlPath"), text),
        **{"price": "10", "discountPrice": "9", "quantity": 1},
    }
    campaign = "&".join(
        f"utm_{name}={quote('%09' + text)}" for name in ("medium", "campaign", "term", "content")
    )
    usual = {
        **dict.fromkeys(("clientId", "sessionId", "userId", "identitySource"), text),
        "pageUrl": f"https://shop.example/{text}?utm_source={quote(text)}&{campaign.replace('%2509', '%09')}",
        "referrer": f"https://{text}/{text}",
        "product": product,
        "experiments": {text: text, "layout": text, f"{text} too": "a"},
        "element": {
            **dict.fromkeys(("tag", "id", "role", "text"), text),
            "dataset": {
                **dict.fromkeys(("orderId", "cartId", "experiment", "variant"), text),
                **{"total": 9, "itemCount": 1},
            },
        },
        "items": [product, {**product, "id": f"{text} too"}],
    }
    names = ["page_view", "product_view", text, "add_to_cart_click", "checkout_start", "experiment_exposure"]
    return [
        {**usual, "eventName": name, "eventTimestamp": (happened + timedelta(seconds=step)).isoformat()}
        for step, name in enumerate([*names, "checkout_complete"])
    ]


@pytest.fixture(scope="module")
def shop(make_clickmart: Callable[..., Clickmart]) -> Clickmart:
    """All of these by the real way: HTTP, ingest, S3, load, dbt."""
    clickmart = make_clickmart("hostile", **MODELS_ONLY)
    clickmart("up")
    address = f"http://127.0.0.1:{clickmart.port('api')}/clickstream"
    for number, text in enumerate(TEXTS):
        agent = text.encode("ascii", "ignore").decode()
        headers = {
            "user-agent": re.sub(r"[\x00-\x1f]", "", agent) or "none",
            "referer": "https://shop.example/",
        }
        events = visit_of(text, number)
        answer = urllib3.request("POST", address, json=events, headers=headers).json()
        assert (answer["accepted"], answer["rejected"]) == (len(events), []), text
    clickmart("load", "--hours-back", "0")
    clickmart("transform", "build", "--quiet")
    clickmart("dashboards")
    return clickmart


@pytest.fixture
def tables(shop: Clickmart) -> Iterator[None]:
    """Which there are, and how many events, is the same afterwards."""
    names = "select schemaname, tablename from pg_tables where schemaname !~ '^pg_' order by 1, 2"
    counts = "select (select count(*) from marts.clickstream_events), (select count(*) from marts.sessions)"
    before = shop.rows(names), shop.rows(counts)
    yield
    assert (shop.rows(names), shop.rows(counts)) == before


@pytest.fixture
def dashboards(visit: Visit) -> Dashboards:
    """A window in which nothing of what was sent is ever run."""
    opened = visit()
    opened.page.on("dialog", lambda dialog: opened.problems.append(f"dialog: {dialog.message}"))
    return opened


def assert_nothing_ran(dashboards: Dashboards) -> None:
    assert dashboards.page.evaluate("window.hostile") is None
    assert dashboards.page.evaluate("Object.keys(Object.prototype)") == []
    assert dashboards.page.evaluate(FOREIGN_ELEMENTS) == []


def days() -> dict[str, str]:
    return {"from": f"{NOW - timedelta(days=3):%Y-%m-%d}", "to": f"{NOW:%Y-%m-%d}", "compare": "none"}


def texts_shown(dashboards: Dashboards) -> set[str]:
    for switch in dashboards.shown("button[data-table]").all():
        switch.click()
    dashboards.settled()
    cells = dashboards.page.locator("main :is(td, option)")
    return set(cells.evaluate_all("all => all.map(each => each.textContent.trim())"))


def cells_of(text: str) -> set[str]:
    return {cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row}


@pytest.mark.usefixtures("tables")
def test_on_every_page_and_in_every_csv_a_text_is_a_text(dashboards: Dashboards) -> None:
    shown: set[str] = set()
    exported: set[str] = set()
    for page in PAGES:
        dashboards.open(
            **{**dict.fromkeys(CHOSEN_WORDS, "'; drop table marts.sessions; --"), **days(), "page": page}
        )
        assert dashboards.shown(".problem").all_inner_texts() == [], page
        for panel in dashboards.shown(".panel:has(.shiny-download-link)").all():
            exported |= cells_of(dashboards.csv(panel.get_by_role("heading").inner_text()))
        shown |= texts_shown(dashboards)
        assert_nothing_ran(dashboards)

    assert [text for text in TEXTS if text not in shown] == []
    assert [cell for cell in exported if RUNS.match(cell) and not NUMBER.fullmatch(cell)] == []
    assert {"'=cmd|' /C calc'!A0", "'-2+3", "'@SUM(1)", "\\"} <= exported


@pytest.mark.usefixtures("tables")
@pytest.mark.parametrize("text", ["'; drop table marts.sessions; --", "%s%n", "<b>bold</b>"])
def test_a_text_in_the_address_finds_its_own_and_no_more(dashboards: Dashboards, text: str) -> None:
    dashboards.open(page="events", find="order", id=text)
    expect(dashboards.panel("Events").locator("tbody tr")).to_have_count(7)
    assert_nothing_ran(dashboards)
    dashboards.open(page="events", id=text, before=f"2026-01-01T00:00:00.000000Z~{text}")
    expect(dashboards.panel("Events")).to_contain_text("No events are found")
    assert_nothing_ran(dashboards)
