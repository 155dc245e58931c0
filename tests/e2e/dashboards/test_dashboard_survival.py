"""What goes wrong behind the dashboards is said in a sentence; once mended it is over, without a reload."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from local_stack import postgres
from local_stack.home import Home
from local_stack.platform import POSTGRES_SETTINGS, Platform, known_ports
from tests.e2e.conftest import Clickmart
from tests.e2e.dashboards.conftest import Dashboards, expect

Visit = Callable[..., Dashboards]

UNREACHABLE = "The warehouse cannot be reached"
MISSING = "has not been built yet"
TOO_LONG = "This took too long"


@pytest.fixture
def server(shop: Clickmart) -> Iterator[postgres.Server]:
    home = Home(shop.home)
    ports = known_ports(home)
    assert ports is not None
    server = Platform(home, ports).server
    yield server
    if postgres.postmaster(home.postgres) is None:
        server.start(POSTGRES_SETTINGS)


def test_the_database_goes_away_and_comes_back(visit: Visit, server: postgres.Server) -> None:
    dashboards = visit().open()
    dashboards.page.evaluate("window.sameWindow = true")
    postgres.stop(server.data)
    dashboards.choice("Period").select_option("7d")
    dashboards.choice("Device").select_option("mobile")
    expect(dashboards.panel("Trend")).to_contain_text(UNREACHABLE)
    newcomer = visit().open()
    expect(newcomer.panel("Trend")).to_contain_text(UNREACHABLE)
    expect(newcomer.page.locator(".freshness")).to_contain_text(UNREACHABLE)

    server.start(POSTGRES_SETTINGS)
    for each in (dashboards, newcomer):
        expect(each.panel("Trend").locator("canvas")).to_be_visible()
        expect(each.shown(".tile")).to_have_count(7)
    expect(newcomer.page.locator(".freshness")).to_contain_text("Data up to")
    expect(newcomer.choice("Channel").locator("option")).not_to_have_count(1)
    assert dashboards.page.evaluate("window.sameWindow") is True


class Marts:
    """Marts that are not there for a while, or are something else."""

    def __init__(self, shop: Clickmart) -> None:
        self.shop = shop
        self.away: list[str] = []

    def replace(self, mart: str, statement: str = "") -> None:
        with self.shop.connect("clickmart_dbt") as connection:
            connection.execute(f"alter table marts.{mart} rename to {mart}_kept")
            self.away.append(mart)
            if statement:
                connection.execute(statement)

    def restore(self) -> None:
        with self.shop.connect("clickmart_dbt") as connection:
            while self.away:
                mart = self.away.pop()
                connection.execute(f"drop view if exists marts.{mart}")
                connection.execute(f"alter table marts.{mart}_kept rename to {mart}")


@pytest.fixture
def marts(shop: Clickmart) -> Iterator[Marts]:
    marts = Marts(shop)
    yield marts
    marts.restore()


def test_a_mart_that_is_missing_takes_only_its_own_panels_with_it(visit: Visit, marts: Marts) -> None:
    marts.replace("pages_daily")
    # A period that no other test asks for: what was answered before needs no table.
    dashboards = visit().open(period="last-month")
    expect(dashboards.panel("Top pages")).to_contain_text(MISSING)
    expect(dashboards.panel("Trend").locator("canvas")).to_be_visible()
    marts.restore()
    expect(dashboards.panel("Top pages").locator("canvas")).to_be_visible()


def test_a_question_that_takes_too_long_is_given_up(visit: Visit, marts: Marts) -> None:
    marts.replace(
        "pages_daily",
        "create view marts.pages_daily as select pages_daily_kept.* from marts.pages_daily_kept, pg_sleep(8)",
    )
    dashboards = visit().open(period="1d")
    expect(dashboards.panel("Top pages")).to_contain_text(TOO_LONG)
    expect(dashboards.panel("Trend").locator("canvas")).to_be_visible()


def test_filters_without_a_row_say_so(visit: Visit, shop: Clickmart) -> None:
    [(day, channel)] = shop.rows(
        """
        select days.activity_date::text, channels.channel
        from marts.activity_daily as days
        cross join (select distinct channel from marts.sessions_daily) as channels
        left join marts.sessions_daily using (activity_date, channel)
        where sessions_daily.channel is null
        limit 1
        """,
        role="clickmart_dashboard",
    )
    dashboards = visit().open(**{"page": "funnel", "from": day, "to": day, "channel": channel})
    expect(dashboards.shown(".sentence").first).to_contain_text("There is nothing in this period")
    assert dashboards.shown(".problem").count() == 0


def test_the_dashboards_themselves_go_away_and_come_back(visit: Visit, shop: Clickmart) -> None:
    dashboards = visit().open(page="funnel")
    port = dashboards.address.rpartition(":")[2]
    shop.kill("dashboards")
    expect(dashboards.page.get_by_text("The dashboards have stopped")).to_be_visible()
    dashboards.problems.clear()
    shop("dashboards", "--port", port)
    expect(dashboards.page.get_by_text("The dashboards have stopped")).to_be_hidden()
    dashboards.settled()
    expect(dashboards.page.get_by_role("heading", name="Funnel", level=1)).to_be_visible()
    dashboards.problems.clear()


def test_an_empty_warehouse_says_so_and_fills_by_itself(
    visit: Visit, make_clickmart: Callable[..., Clickmart]
) -> None:
    empty = make_clickmart("empty")
    empty("up")
    empty("transform", "seed", "--quiet")
    empty("transform", "run", "--quiet")
    empty("dashboards")
    dashboards = visit(empty).open()
    expect(dashboards.panel("Trend")).to_contain_text("There is no data yet")
    expect(dashboards.page.locator(".freshness")).to_contain_text("No data yet")

    empty("traffic", "--days", "2", "--visitors", "40")
    for days_ago in range(3):
        empty("load", "--date", f"{datetime.now(UTC) - timedelta(days=days_ago):%Y-%m-%d}")
    empty("transform", "run", "--quiet")
    expect(dashboards.panel("Trend").locator("canvas")).to_be_visible(timeout=90_000)


def test_ten_people_at_once_all_get_their_answer(visit: Visit) -> None:
    windows = [visit() for _ in range(10)]
    for window in windows:
        window.page.goto(f"{window.address}/?page=overview&period=28d")
    for window in windows:
        window.settled()
        expect(window.shown(".tile")).to_have_count(7)
