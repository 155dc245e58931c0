"""The address says what is shown: a link shows what its sender saw. The CSV is what the warehouse answers."""

import csv
import io
import re
from collections.abc import Callable

from tests.e2e.conftest import Clickmart
from tests.e2e.dashboards.conftest import Dashboards, expect

Visit = Callable[..., Dashboards]


def test_filters_go_into_the_address_and_come_back_from_it(
    visit: Visit, wait_until: Callable[[Callable[[], object], str], None]
) -> None:
    sender = visit().open()
    sender.choice("Period").select_option("7d")
    sender.choice("Channel").select_option("Organic Search")
    sender.choice("Device").select_option("mobile")
    sender.shown(".tile").filter(has_text="Revenue").click()
    expect(sender.shown(".tile[aria-pressed=true]")).to_contain_text("Revenue")
    query = sender.query()
    assert {name: query.get(name) for name in ("channel", "device", "metric")} == {
        "channel": "Organic Search",
        "device": "mobile",
        "metric": "revenue",
    }
    assert set(query) == {"from", "to", "channel", "device", "metric"}
    receiver = visit().open(**query)
    expect(receiver.choice("Channel")).to_have_value("Organic Search")
    expect(receiver.choice("Period")).to_have_value("7d")
    expect(receiver.page.locator("#from")).to_have_value(query["from"])
    seen = receiver.shown(".tile-row").inner_text()
    wait_until(lambda: sender.shown(".tile-row").inner_text() == seen, "both see the same")

    everything = visit().open(**{"from": query["from"], "to": query["to"]})
    assert everything.shown(".tile-row").inner_text() != seen


def test_what_the_address_may_not_say_is_ignored(visit: Visit) -> None:
    usual = visit().open().shown(".tile-row").inner_text()
    hostile = visit().open(
        page="../../etc/passwd",
        period="1000d",
        channel="'; drop table marts.sessions; --",
        device="<script>document.title = 'mine'</script>",
        compare="nothing",
        metric="__proto__",
        login="x" * 3_000,
        **{"from": "2026-02-31", "to": "tomorrow", "unknown": "1"},
    )
    assert hostile.shown(".tile-row").inner_text() == usual
    expect(hostile.choice("Channel")).to_have_value("")
    assert "Clickmart" in hostile.page.title()


def test_the_way_back_leads_to_what_was_shown_before(visit: Visit) -> None:
    dashboards = visit().open(page="funnel")
    dashboards.page.get_by_role("link", name="Health").click()
    expect(dashboards.page.get_by_role("heading", name="Health", level=1)).to_be_visible()
    dashboards.page.go_back()
    expect(dashboards.page.get_by_role("heading", name="Funnel", level=1)).to_be_visible()
    dashboards.settled()


def test_a_period_is_not_compared_with_days_before_the_first(visit: Visit) -> None:
    dashboards = visit().open(period="14d")
    expect(dashboards.shown(".change.none")).to_have_count(0)
    dashboards.choice("Compare with").select_option("year")
    expect(dashboards.shown(".change.none")).to_have_count(7)
    dashboards.choice("Compare with").select_option("previous")
    expect(dashboards.shown(".change.none")).to_have_count(0)
    dashboards.choice("Period").select_option("all")
    expect(dashboards.shown(".change.none")).to_have_count(7)


def test_a_csv_is_what_the_warehouse_answers(visit: Visit, shop: Clickmart) -> None:
    [(day,)] = shop.rows("select as_of_date::text from marts.freshness", role="clickmart_dashboard")
    dashboards = visit().open(**{"from": "2000-01-01", "to": day, "channel": "Direct", "compare": "none"})
    rows = list(csv.DictReader(io.StringIO(dashboards.csv("Trend"))))
    answered = shop.rows(
        """
        select activity_date::text, sum(session_count)::int
        from marts.sessions_daily
        where channel = 'Direct'
        group by 1 order by 1
        """,
        role="clickmart_dashboard",
    )
    assert [(row["activity_date"], int(row["now"])) for row in rows] == answered


def test_every_panel_has_a_csv(visit: Visit) -> None:
    dashboards = visit().open(page="products")
    for panel in dashboards.shown(".panel:has(.shiny-download-link)").all():
        title = panel.get_by_role("heading").inner_text()
        header, *rows = dashboards.csv(title).splitlines()
        assert re.fullmatch(r'("[\w. →]+",?)+', header), header
        assert rows, title


def test_a_click_in_a_chart_filters_by_it(visit: Visit) -> None:
    dashboards = visit().open(page="marketing")
    chart = dashboards.panel("Channels").locator(".chart")
    # The first bar begins right of the names and below the top.
    first_bar = chart.evaluate(
        """element => {
            const chart = echarts.getInstanceByDom(element);
            return [chart.getOption().yAxis[0].data[0], ...chart.convertToPixel({seriesIndex: 0}, [0, 0])];
        }"""
    )
    chart.click(position={"x": first_bar[1] + 6, "y": first_bar[2]})
    expect(dashboards.choice("Channel")).to_have_value(first_bar[0])


def test_events_are_paged_and_found(visit: Visit, shop: Clickmart) -> None:
    dashboards = visit().open(page="events")
    newest = shop.rows(
        """
        select to_char(event_timestamp at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS')
        from marts.clickstream_events
        order by event_timestamp desc, event_id desc
        limit 100
        """,
        role="clickmart_dashboard",
    )
    times = dashboards.panel("Events").locator("tbody tr td:first-child")
    assert times.all_inner_texts() == [time for (time,) in newest[:50]]
    dashboards.page.get_by_role("link", name="Older").click()
    expect(times.first).to_have_text(newest[50][0])
    dashboards.settled()
    assert times.all_inner_texts() == [time for (time,) in newest[50:]]

    [(order, visitor, count)] = shop.rows(
        """
        select orders.order_key, orders.visitor_id, sessions.event_count
        from marts.orders
        inner join marts.sessions using (session_key)
        where order_id is not null and sessions.event_count < 50
        order by ordered_at desc limit 1
        """,
        role="clickmart_dashboard",
    )
    dashboards.choice("Find a").select_option("order")
    dashboards.choice("Its id").fill(order)
    dashboards.choice("Its id").press("Enter")
    expect(dashboards.panel("Events").locator("tbody tr")).to_have_count(count)
    dashboards.panel("Events").locator("tbody tr").first.get_by_role("link", name=visitor).click()
    expect(dashboards.choice("Its id")).to_have_value(visitor)
    dashboards.panel("Events").locator("tbody tr td:nth-child(2) a").first.click()
    expect(dashboards.panel("All fields of the event")).to_contain_text("received_at")
