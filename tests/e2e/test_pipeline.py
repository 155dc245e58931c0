"""A newcomer's way through the platform: a click comes in over HTTP and comes out in a mart."""

import re
import subprocess
import sys
from datetime import UTC, datetime

import psycopg
import pytest
import urllib3

from local_stack.traffic import truth

# dbt's own tests of its models are not what is tested here.
MODELS_ONLY = {"DBT_EXCLUDE_RESOURCE_TYPES": "test unit_test"}
TRAFFIC = ["traffic", "--days", "2", "--visitors", "50", "--seed", "7", "--until", "2026-01-05"]
UNTIL = datetime(2026, 1, 5, tzinfo=UTC)
ALL_COLUMNS = "select * from marts.clickstream_events where received_at < '2026-01-05' order by event_id"


@pytest.fixture(scope="module")
def clickmart(make_clickmart):
    return make_clickmart(**MODELS_ONLY)


@pytest.fixture(scope="module")
def steps(clickmart):
    """A click over HTTP, two days of traffic, load, transform."""
    clickmart("up")
    sent = {"eventName": "view_product", "eventId": "my-click", "product": {"id": "p-1", "price": "9.90"}}
    response = urllib3.request("POST", url_of(clickmart), json=sent)
    return {
        "click": response.json(),
        "load of the click": clickmart("load", "--hours-back", "0"),
        "traffic": clickmart(*TRAFFIC),
        "load": clickmart("load", "--prefix", "events/2026/01/"),
        "transform": clickmart("transform", "build", "--select", "+clickstream_events"),
        "rows": clickmart.rows(ALL_COLUMNS),
        "status": clickmart("status"),
    }


@pytest.fixture(scope="module")
def demo(clickmart, steps):
    """All of that at once, for a small shop."""
    return clickmart("demo", "--days", "1", "--visitors", "30")


def url_of(clickmart):
    return f"http://127.0.0.1:{clickmart.port('api')}/clickstream"


def figures(said):
    """The numbers at the ends of its lines, by what stands before them."""
    found = re.findall(r"^ *(\S.*?) {2,}([\d,]+)$", said, re.MULTILINE)
    return {name: int(number.replace(",", "")) for name, number in found}


def test_the_demo_sends_loads_and_transforms_and_says_how_much(demo, steps):
    before, shown = figures(steps["status"]), figures(demo)
    more = {name: shown[name] - before[name] for name in before}

    assert shown["requests sent"] >= shown["answered 200"] == more["objects loaded"] > 0
    assert shown["events accepted"] == more["events loaded into raw.events"]
    assert more["documents rejected by the loader"] == 0
    assert 0 < more["events in marts.clickstream_events"] <= shown["events accepted"]


def test_the_demo_names_the_addresses_and_how_to_stop(clickmart, demo):
    assert url_of(clickmart) in demo
    assert f"127.0.0.1:{clickmart.port('postgres')}" in demo
    assert "`make stop`" in demo


def test_the_demo_ends_with_the_dashboards_address(clickmart, demo):
    invitation, _, address = demo.splitlines()[-1].rpartition(" ")
    assert invitation == "see the dashboards at"
    assert urllib3.request("GET", address).status == 200
    assert re.findall(r"^Dashboards +(.+)$", clickmart("status"), re.MULTILINE) == [address]


def test_where_there_is_no_terminal_plain_lines_are_printed(demo, steps):
    for said in (demo, steps["traffic"], steps["load"], steps["transform"]):
        assert re.search(r"[\x00-\x09\x0b-\x1f\x7f]", said) is None
    assert all(line == line.rstrip() for line in demo.splitlines())


def test_a_click_sent_over_http_becomes_a_row_in_the_mart(clickmart, steps):
    assert steps["click"] == {"success": True, "accepted": 1, "rejected": []}
    assert figures(steps["load of the click"])["events loaded"] == 1
    assert "Completed successfully" in steps["transform"]
    assert clickmart.rows(
        """
        select event_name, product_id, product_price::float
        from marts.clickstream_events where event_id = 'my-click'
        """
    ) == [("product_view", "p-1", 9.9)]


def test_simulated_traffic_comes_out_as_the_numbers_that_it_was_made_with(steps):
    true = truth(days=2, visitors=50, seed=7, until=UNTIL)
    sent, loaded = figures(steps["traffic"]), figures(steps["load"])

    assert (sent["requests sent"], sent["events accepted"]) == (true.requests, true.events_accepted)
    assert sent["answered 200"] == loaded["loaded now"] == true.requests_stored
    assert (loaded["events loaded"], loaded["documents rejected"]) == (true.events_accepted, 0)
    assert len(steps["rows"]) == true.distinct_events


def test_the_same_traffic_and_the_demo_again_change_no_mart(clickmart, steps, demo):
    dashboards = clickmart.process("dashboards")
    clickmart(*TRAFFIC)
    again = figures(clickmart("load", "--prefix", "events/2026/01"))
    second = clickmart("demo")

    assert again["loaded now"] == again["loaded before"] > 0
    assert "the traffic of 30 visitors in 1 days was sent by an earlier run" in second
    assert clickmart.rows(ALL_COLUMNS) == steps["rows"]
    mart = "events in marts.clickstream_events"
    assert figures(second)[mart] == figures(demo)[mart]
    assert second.splitlines()[-1] == demo.splitlines()[-1]
    assert clickmart.process("dashboards") == dashboards


def test_of_a_model_that_does_not_exist_dbt_itself_says_so(clickmart, demo):
    said = clickmart("transform", "--select", "no_such_model")
    assert "'no_such_model' does not match any enabled nodes" in said


def test_dbt_owns_what_it_builds(clickmart, demo):
    owners = clickmart.rows(
        "select distinct tableowner from pg_tables where schemaname in ('staging', 'intermediate', 'marts')"
    )
    assert owners == [("clickmart_dbt",)]


def test_the_loader_works_in_its_own_role(clickmart, demo):
    with clickmart.connect("clickmart_owner") as connection:
        connection.execute("revoke insert on raw.loads from clickmart_loader")
        assert clickmart.complaint("load") == "permission denied for table loads"
        connection.execute("grant insert on raw.loads to clickmart_loader")
    assert figures(clickmart("load"))["events loaded"] == 0


@pytest.mark.parametrize(
    "which",
    [["--date", "2026-01-04"], ["--hour", "2026-01-04T12:00:00Z"], ["--prefix", "events/2026/01/04/12"]],
)
def test_what_is_loaded_is_not_loaded_again(clickmart, steps, which):
    loaded = figures(clickmart("load", *which))
    assert loaded["objects listed"] == loaded["loaded before"] > 0
    assert loaded["events loaded"] == 0


def test_traffic_over_http_arrives_too(clickmart, demo):
    clickmart("load")
    sent = figures(clickmart("traffic", "--days", "1", "--visitors", "5", "--url", url_of(clickmart)))
    loaded = figures(clickmart("load"))

    assert sent["answered 200"] == loaded["loaded now"] > 0
    assert sent["events accepted"] == loaded["events loaded"]


def test_the_truth_is_shown_without_sending_anything(clickmart):
    """Nor does it need a platform."""
    shown = figures(clickmart(*TRAFFIC, "--truth"))
    assert shown["distinct events"] == truth(days=2, visitors=50, seed=7, until=UNTIL).distinct_events


@pytest.mark.parametrize("role", ["dbt", "loader", "dashboard"])
def test_a_shell_that_evaluates_env_can_log_in(clickmart, demo, role):
    connect = (
        "import os, psycopg; environ = os.environ; print(psycopg.connect("
        "host=environ['DW_PG_HOST'], port=environ['DW_PG_PORT'], user=environ['DW_PG_USER'], "
        "password=environ['DW_PG_PASSWORD'], dbname=environ['DW_PG_DATABASE']"
        ").execute('select current_user').fetchone()[0])"
    )
    script = 'eval "$("$1" env --role $2)" && exec "$3" -W ignore -c "$4"'
    command = clickmart.command
    done = subprocess.run(
        ["/bin/sh", "-euc", script, "sh", command, role, sys.executable, connect],
        env=clickmart.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == (f"clickmart_{role}\n", "")


def test_the_dashboards_role_reads_marts_and_nothing_else(clickmart, demo):
    assert clickmart.rows("select count(*) > 0 from marts.clickstream_events", "clickmart_dashboard") == [
        (True,)
    ]
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        clickmart.rows("select * from raw.events", "clickmart_dashboard")
