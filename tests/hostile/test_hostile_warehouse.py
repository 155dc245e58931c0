"""The whole corpus by the real way, in one load and one build: nothing is lost, and each gets its verdict."""

import base64
import json

import pytest

from tests.conftest import BINARIES
from tests.hostile.cases import api_event, bytes_of, cases, event_of
from tests.postgres.dbt_fixtures import HOURLY, NOON, Dbt

# The oldest one has the most to stumble over; for the dashboards hostile texts are built on the newest.
pytestmark = pytest.mark.parametrize("server", list(BINARIES)[-1:], indirect=True)
HOUR = "events/2026/03/04/12/"
# Something else stands in for these where they do not fit.
STAND_INS = ("event_id", "event_timestamp")
REQUESTS, EVENTS = cases("requests"), cases("events")
OBJECTS = {f"{HOUR}corpus-{number:03}.json": case for number, case in enumerate(cases("objects").values())}


def sent(name, case):
    """At noon, and by a name that is found again in the stamp."""
    body = base64.b64encode(event_of(case)).decode()
    context = {"timeEpoch": int(NOON.timestamp() * 1000), "requestId": name}
    return {"body": body, "isBase64Encoded": True, "requestContext": context}


@pytest.fixture(scope="module")
def loaded(bucket, ingest, load):
    for name, case in EVENTS.items():
        assert ingest(sent(name, case))["statusCode"] == 200, name
    for case in REQUESTS.values():
        ingest(api_event(case))
    for key, case in OBJECTS.items():
        bucket.put(key, bytes_of(case["body"]))
    return load({"overridePrefix": "events/2026/"}), load({"hoursBack": 0})


@pytest.fixture(scope="module")
def built(warehouse, loaded, tmp_path_factory):
    Dbt(warehouse, tmp_path_factory.mktemp("dbt")).succeeds(*HOURLY)


def test_every_object_is_loaded_and_its_documents_are_accounted_for(loaded, bucket, warehouse):
    assert sum(result["processed"] for result in loaded) == len(bucket.keys())
    assert {result["remaining"] for result in loaded} == {0}
    counted = warehouse.rows("select object_key, event_count, rejected_count from raw.loaded_objects")
    found = warehouse.rows(
        """
        select object_key, sum(events)::int, sum(rejects)::int
        from (
            select object_key, 1 as events, 0 as rejects from raw.events
            union all
            select object_key, 0, 1 from raw.rejected_events
            union all
            select object_key, 0, 0 from raw.loaded_objects
        ) as documents
        group by 1
        """
    )
    assert sorted(counted) == sorted(found)


def test_every_object_of_the_corpus_gets_its_verdict(loaded, warehouse):
    counts = dict(warehouse.rows("select object_key, event_count from raw.loaded_objects"))
    rejects = warehouse.rows("select object_key, line_number, reason from raw.rejected_events")
    for key, case in OBJECTS.items():
        reasons = {str(line): reason for each, line, reason in rejects if each == key}
        assert (counts[key], reasons) == (case["events"], case.get("rejected", {})), case["name"]


def test_what_ingest_accepted_no_loader_rejects(loaded, warehouse):
    assert (
        warehouse.rows(
            "select reason, left(raw_text, 200) from raw.rejected_events where object_key not like %s",
            f"{HOUR}corpus-%",
        )
        == []
    )


def test_every_event_gets_its_columns(built, warehouse):
    rows = dict(
        warehouse.rows(
            """
            select
                payload -> '_ingest' ->> 'requestId',
                (select jsonb_object_agg(key, value) from jsonb_each_text(to_jsonb(event)))
            from raw.events
            left join marts.clickstream_events as event using (object_key, line_number)
            """
        )
    )
    assert {name: seen(rows[name], case) for name, case in EVENTS.items()} == {
        name: expected(case) for name, case in EVENTS.items()
    }


def expected(case):
    flags = case.get("flags", [])
    unfit = [flag for flag in flags if flag not in STAND_INS]
    return {
        **case.get("columns", {}),
        **dict.fromkeys([*case.get("empty", []), *unfit]),
        "quality_flags": flags,
    }


def seen(row, case):
    """Of the row that became of an event, the columns that its verdict names."""
    flags = json.loads(row["quality_flags"])
    return {name: row.get(name) for name in expected(case)} | {"quality_flags": flags}


def test_the_documents_that_are_no_events_are_quarantined(built, warehouse):
    """Objects of the corpus hold JSON without a name; of all that ingest let pass, nothing is."""
    [(nameless,)] = warehouse.rows(
        "select sum(event_count)::int from raw.loaded_objects where object_key like %s", f"{HOUR}corpus-%"
    )
    quarantined = dict(warehouse.rows("select reason, count(*) from marts.quarantined_events group by 1"))
    assert quarantined.pop("missing_event_name") == nameless
    assert quarantined == dict(warehouse.rows("select reason, count(*) from raw.rejected_events group by 1"))
