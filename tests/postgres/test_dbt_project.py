"""What the project promises to those who run it."""

import time
from datetime import timedelta

from tests.postgres.dbt_fixtures import DBT_PROJECT, NOON, TABLES, Event, add_load, batch, event


def test_new_events_are_looked_up_by_index(dbt, warehouse):
    """Were a type or a collation not the index's, all of history would be read, and nobody would notice."""
    add_load(warehouse, [Event(event(), number) for number in range(1, 5000)])
    dbt.succeeds("build", "--exclude-resource-type", "unit_test")
    dbt.succeeds("compile", "--select", "int_events_deduplicated")
    [compiled] = (dbt.folder / "target").rglob("compiled/**/int_events_deduplicated.sql")

    with warehouse.connect("clickmart_dbt") as connection:
        connection.execute("analyze intermediate.int_events_deduplicated")
        plan = [line for (line,) in connection.execute("explain " + compiled.read_text())]

    conditions = "\n".join(line for line in plan if "Index Cond" in line)
    assert "event_id = ANY" in conditions
    assert "load_id = ANY" in conditions


def test_an_hour_reads_what_it_may_change_and_not_what_was_long_before(dbt, warehouse):
    """Else hours take the longer the more there is, and most of all those of faithful visitors."""
    build = (*TABLES, "+int_sessions_aggregated")
    add_load(warehouse, [*visits(days=range(120), visitors=[0]), *visits(days=[0], visitors=range(1, 5_000))])
    dbt.succeeds(*build)
    held = rows_read(warehouse)

    add_load(warehouse, visits(days=[120], visitors=[0]))
    dbt.succeeds(*build)

    read = {table: rows - held[table] for table, rows in rows_read(warehouse).items()}
    assert 4 <= read["int_events_sessionized"] < 100
    assert 4 <= read["clickstream_events"] < 100


def visits(days, visitors):
    """Four pages of each visitor on each day."""
    return [
        Event(
            event(
                eventName="page_view",
                clientId=f"c{visitor}",
                pageUrl=f"https://shop.example/{page}",
                _ingest={"receivedAt": (NOON + timedelta(days=day, minutes=page)).isoformat()},
            ),
            line_number=100 * visitor + page,
            object_key=f"events/{NOON + timedelta(days=day):%Y/%m/%d/%H}/events.json",
        )
        for day in days
        for visitor in visitors
        for page in range(1, 5)
    ]


def rows_read(warehouse):
    """What PostgreSQL's processes have read, they tell at their end, which may be after dbt's."""
    dbt_is_there = "select 1 from pg_stat_activity where datname = %s and application_name = 'dbt'"
    while warehouse.rows(dbt_is_there, warehouse.database):
        time.sleep(0.05)
    return dict(
        warehouse.rows("""
            select relname, seq_tup_read + idx_tup_fetch from pg_stat_user_tables
            where relname in ('int_events_sessionized', 'clickstream_events')
        """)
    )


def test_schemas_of_a_developer_are_their_own(dbt, warehouse):
    dbt.succeeds("run", "--target", "dev", "--select", "+int_loads_fixed", USER="Ann.O'Brien")

    assert warehouse.rows("select load_id from dev_ann_o_brien_intermediate.int_loads_fixed") == [(0,)]
    assert warehouse.rows("select * from pg_tables where schemaname = 'intermediate'") == []


def test_a_missing_variable_is_named(dbt):
    done = dbt("run", without="DW_PG_PASSWORD")

    assert done.returncode != 0
    assert "Env var required but not provided: 'DW_PG_PASSWORD'" in done.stdout


def test_history_that_was_expired_is_not_refreshed_away(dbt, warehouse):
    add_load(warehouse, batch(1))
    dbt.succeeds("build", "--exclude-resource-type", "unit_test")
    with warehouse.connect() as connection:
        connection.execute("insert into raw.expirations (expired_before, event_count) values (now(), 3)")

    refused = dbt("run", "--full-refresh")

    assert refused.returncode != 0
    assert "accept_loss_of_expired_events" in refused.stdout
    dbt.succeeds("run", "--full-refresh", "--vars", "accept_loss_of_expired_events: true")


def test_freshness_is_that_of_the_last_closed_load(dbt, warehouse):
    add_load(warehouse)
    assert "PASS freshness of raw.loads" in dbt.succeeds("source", "freshness")

    with warehouse.connect() as connection:
        connection.execute("update raw.loads set finished_at = now() - interval '1 day'")
    add_load(warehouse, is_closed=False)
    assert "ERROR STALE freshness of raw.loads" in dbt("source", "freshness").stdout


def test_what_dashboards_read_of_an_hour_is_built_before_they_are_told(dbt):
    dbt.succeeds("parse")

    told = dbt.artifact("manifest")
    read = {mart for exposure in told["exposures"].values() for mart in exposure["depends_on"]["nodes"]}
    hourly = {mart for mart in read if "daily" not in told["nodes"][mart]["tags"]}
    freshness = "model.clickmart.freshness"
    assert hourly - {freshness} == hourly & set(told["nodes"][freshness]["depends_on"]["nodes"])


def test_docs_say_what_every_mart_and_each_of_its_columns_is(dbt):
    dbt.succeeds("build", "--resource-type", "seed", "--resource-type", "model")

    dbt.succeeds("docs", "generate")

    described, found = dbt.artifact("manifest"), dbt.artifact("catalog")
    marts = {key: node for key, node in found["nodes"].items() if node["metadata"]["schema"] == "marts"}
    assert found["errors"] is None
    assert sorted(mart["metadata"]["name"] for mart in marts.values()) == sorted(
        file.stem
        for file in (DBT_PROJECT / "models/marts").rglob("*.sql")
        if f"model.clickmart.{file.stem}" not in described["disabled"]
    )
    texts = {key: described["nodes"][key]["description"] for key in marts}
    for key, mart in marts.items():
        columns = described["nodes"][key]["columns"]
        texts |= {f"{key}.{name}": columns[name]["description"] for name in mart["columns"]}
    assert [what for what, text in texts.items() if not text.strip()] == []
    assert (dbt.folder / "target/index.html").exists()
