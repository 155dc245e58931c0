"""Every page shows its numbers: in light and dark, on a phone, to a keyboard and to a screen reader."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.dashboards.conftest import PAGES, Dashboards, expect

AXE = Path(__file__).parents[2] / "vendor" / "axe.min.js"
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}

Visit = Callable[..., Dashboards]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_shows_its_numbers(visit: Visit, page: str) -> None:
    dashboards = visit().open(page=page)
    panels = dashboards.shown(".panel")
    assert panels.count() >= 2
    failed = dashboards.shown(".problem, .shiny-output-error:not(.shiny-output-error-validation)")
    assert failed.all_inner_texts() == []
    for chart in dashboards.shown(".chart[data-drawn]").all():
        assert chart.locator("canvas").count() == 1
        assert "The table has every number." in (chart.get_attribute("aria-label") or "")
    # Nothing was rejected in this shop, and it is too young for some verdicts: these say so instead.
    assert dashboards.shown(".sentence").count() <= 2, dashboards.shown(".sentence").all_inner_texts()
    assert dashboards.shown(".chart[data-drawn]").count() + dashboards.shown("tbody tr").count() > 0


@pytest.mark.parametrize("colour", ["light", "dark"])
@pytest.mark.parametrize("page", PAGES)
def test_nothing_on_a_page_shuts_people_out(visit: Visit, page: str, colour: str) -> None:
    dashboards = visit(color_scheme=colour, reduced_motion="reduce").open(page=page)
    for table in dashboards.shown("button[data-table]").all()[:1]:
        table.click()
    dashboards.settled()
    dashboards.page.add_script_tag(content=AXE.read_text())
    found = dashboards.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    serious = [
        (violation["id"], [node["html"] for node in violation["nodes"]][:3])
        for violation in found["violations"]
        if violation["impact"] in ("serious", "critical")
    ]
    assert serious == []


@pytest.mark.parametrize("page", PAGES)
def test_a_page_fits_a_phone(visit: Visit, page: str) -> None:
    dashboards = visit(**PHONE).open(page=page)
    width, wanted = dashboards.page.evaluate("[innerWidth, document.documentElement.scrollWidth]")
    assert wanted <= width


def test_the_menu_of_a_phone_opens_and_leads_on(visit: Visit) -> None:
    dashboards = visit(**PHONE).open()
    link = dashboards.page.get_by_role("link", name="Funnel")
    expect(link).to_be_hidden()
    dashboards.page.get_by_role("button", name="Menu").click()
    link.click()
    expect(dashboards.page.get_by_role("heading", name="Funnel", level=1)).to_be_visible()
    expect(link).to_be_hidden()


def test_light_and_dark_are_remembered(visit: Visit) -> None:
    dashboards = visit().open()
    html = dashboards.page.locator("html")
    drawn = int(dashboards.panel("Trend").locator(".chart").get_attribute("data-drawn") or 0)
    expect(html).to_have_attribute("data-theme", "light")
    dashboards.page.get_by_role("button", name="dark").click()
    expect(html).to_have_attribute("data-theme", "dark")
    expect(dashboards.panel("Trend").locator(".chart")).to_have_attribute("data-drawn", str(drawn + 1))
    dashboards.page.reload()
    expect(html).to_have_attribute("data-theme", "dark")


def test_a_keyboard_is_enough(visit: Visit) -> None:
    dashboards = visit().open()
    dashboards.page.keyboard.press("Tab")
    expect(dashboards.page.get_by_role("link", name="Skip to the numbers")).to_be_focused()
    dashboards.page.get_by_role("link", name="Products").focus()
    dashboards.page.keyboard.press("Enter")
    expect(dashboards.page.get_by_role("heading", name="Products", level=1)).to_be_visible()
    expect(dashboards.page.locator("#main")).to_be_focused()


def test_a_table_beside_the_chart_has_its_numbers(visit: Visit) -> None:
    dashboards = visit().open(period="7d")
    trend = dashboards.panel("Trend")
    trend.get_by_role("button", name="Table").click()
    expect(trend.locator("tbody tr")).to_have_count(7)
    expect(trend.locator(".chart")).to_be_hidden()
    trend.get_by_role("button", name="Table").click()
    expect(trend.locator("canvas")).to_be_visible()


def test_the_numbers_are_explained_with_those_they_depend_on(visit: Visit) -> None:
    dashboards = visit().open()
    dashboards.shown("summary").click()
    expect(dashboards.shown(".definitions")).to_contain_text("no pause of more than 1800 seconds")
    expect(dashboards.page.locator(".freshness")).to_contain_text("(UTC)")
