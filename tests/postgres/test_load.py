"""The loader between a real S3 server and real PostgreSQL."""

import gzip
import json
from datetime import UTC, datetime, timedelta

import pytest

from loader_lambda.report import HEALTH_METRICS

HOUR = "events/2026/01/05/10/"


def hour_ago(hours):
    return f"{datetime.now(UTC) - timedelta(hours=hours):events/%Y/%m/%d/%H/}"


def test_events_arrive_as_they_were_sent(bucket, warehouse, load):
    bucket.put(
        f"{HOUR}a.json", b'{"eventName":"a","price":1e400}\n{"eventName":"b","id":12345678901234567890123}\n'
    )
    bucket.put(f"{HOUR}b.json", b'{"eventName":"c"}\nnonsense\n{"eventName":"d"}')

    result = load({"overridePrefix": HOUR})

    assert (result["objects"], result["processed"], result["inserted"], result["rejected"]) == (2, 2, 4, 1)
    assert warehouse.rows(
        "select object_key, line_number, payload ->> 'eventName' from raw.events order by 1, 2"
    ) == [
        (f"{HOUR}a.json", 1, "a"),
        (f"{HOUR}a.json", 2, "b"),
        (f"{HOUR}b.json", 1, "c"),
        (f"{HOUR}b.json", 3, "d"),
    ]
    assert warehouse.rows("select line_number, reason, raw_text from raw.rejected_events") == [
        (2, "malformed_json", "nonsense")
    ]
    assert warehouse.rows("select payload ->> 'price' from raw.events where payload ? 'price'") == [
        ("1" + "0" * 400,)
    ]
    assert warehouse.rows("select payload ->> 'id' from raw.events where payload ? 'id'") == [
        ("12345678901234567890123",)
    ]


def test_a_second_load_of_the_same_hour_adds_nothing(bucket, warehouse, load):
    bucket.put(f"{HOUR}a.json", b'{"eventName":"a"}')
    load({"overridePrefix": HOUR})

    again = load({"overridePrefix": HOUR})

    assert (again["objects"], again["skipped"], again["inserted"]) == (1, 1, 0)
    assert warehouse.rows("select count(*) from raw.events") == [(1,)]


def test_the_ledger_accounts_for_every_document(bucket, warehouse, load):
    bodies = {
        "a.json": b'{"n":1}\n{"n":2}\n',
        "b.json.gz": gzip.compress(b'[{"n":3}, 4, {"n":"\\u0000"}]'),
        "c.json": b"",
        "d.json": gzip.compress(b'{"n":5}\n' * 1000)[:-9],
        "e.json": b'\xef\xbb\xbf{\n  "n": 6\n}\n',
    }
    for name, body in bodies.items():
        bucket.put(HOUR + name, body)

    result = load({"overridePrefix": HOUR})

    ledger = warehouse.rows(
        "select object_key, size_bytes, event_count, rejected_count, load_id"
        " from raw.loaded_objects order by object_key"
    )
    assert [row[:2] for row in ledger] == [(HOUR + name, len(body)) for name, body in bodies.items()]
    assert [row[2:4] for row in ledger] == [(2, 0), (1, 2), (0, 0), (ledger[3][2], 1), (1, 0)]
    assert ledger[3][2] > 900
    assert {row[4] for row in ledger} == {result["load_id"]}
    counted = "select object_key, count(*) from raw.{} group by 1 order by 1"
    assert warehouse.rows(counted.format("events")) == [(row[0], row[2]) for row in ledger if row[2]]
    assert warehouse.rows(counted.format("rejected_events")) == [(row[0], row[3]) for row in ledger if row[3]]
    events, rejects = (sum(row[column] for row in ledger) for column in (2, 3))
    assert (result["inserted"], result["rejected"]) == (events, rejects)
    assert warehouse.rows(
        "select status, object_count, event_count, rejected_count, finished_at >= started_at from raw.loads"
    ) == [("complete", 5, events, rejects, True)]
    assert warehouse.rows("select reason, line_number from raw.rejected_events order by 1") == [
        *[("not_an_object", 2), ("unreadable_object", 0), ("unstorable_text", 3)]
    ]


def test_the_result_is_logged_as_it_is_returned(bucket, load, capsys):
    bucket.put(f"{HOUR}a.json", b'{"n":1}')

    result = load({"overridePrefix": HOUR})

    promised = "load_id prefixes objects skipped processed inserted rejected remaining seconds"
    assert set(promised.split()) <= result.keys()
    (line,) = capsys.readouterr().out.splitlines()
    assert {name: json.loads(line)[name] for name in result} == result


def test_a_failed_hour_heals_by_itself(bucket, warehouse, load):
    for hours in (0, 1, 2, 4, 5):
        bucket.put(f"{hour_ago(hours)}a.json", b'{"hour":%d}' % hours)

    def loaded():
        return {hour for (hour,) in warehouse.rows("select (payload ->> 'hour')::int from raw.events")}

    load({"hoursBack": 1, "lookbackHours": 0})
    assert loaded() == {1}
    assert load({})["prefixes"] == [hour_ago(hours) for hours in (4, 3, 2, 1)]
    assert loaded() == {1, 2, 4}
    load({"hoursBack": 0})
    assert loaded() == {0, 1, 2, 4}
    load({"lookbackHours": 72})
    assert loaded() == {0, 1, 2, 4, 5}


def test_a_request_that_cannot_be_read_opens_no_load(warehouse, load):
    with pytest.raises(ValueError, match="hoursBack"):
        load({"hoursBack": "soon"})
    assert warehouse.rows("select count(*) from raw.loads") == [(0,)]


def test_an_hour_without_objects_is_a_load_too(warehouse, load):
    result = load({"overridePrefix": HOUR})
    assert {result[name] for name in ("objects", "skipped", "processed", "inserted", "remaining")} == {0}
    assert warehouse.rows("select status, trigger from raw.loads") == [
        ("complete", {"overridePrefix": HOUR, "prefixes": [HOUR]})
    ]


def test_an_object_that_changed_is_counted_and_not_loaded_again(bucket, warehouse, load):
    bucket.put(f"{HOUR}a.json", b'{"n":1}')
    load({"overridePrefix": HOUR})
    bucket.put(f"{HOUR}a.json", b'{"n":2}\n{"n":3}')

    result = load({"overridePrefix": HOUR})

    assert (result["skipped"], result["changed"], result["inserted"]) == (1, 1, 0)
    assert warehouse.rows("select payload from raw.events") == [({"n": 1},)]


def test_events_may_go_to_a_table_elsewhere(bucket, warehouse, import_with):
    with warehouse.connect() as owner:
        owner.execute("create schema else_where")
        owner.execute('create table else_where."Events of ours" (like raw.events including defaults)')
        owner.execute("grant usage on schema else_where to clickmart_loader")
        owner.execute('grant insert on else_where."Events of ours" to clickmart_loader')
    bucket.put(f"{HOUR}a.json", b'{"n":1}\nnonsense')
    environment = {**bucket.environment, **warehouse.environment("clickmart_loader")}
    environment["TARGET_TABLE"] = "else_where.Events of ours"

    import_with("loader_lambda.handler", environment).handler({"overridePrefix": HOUR})

    assert warehouse.rows('select payload from else_where."Events of ours"') == [({"n": 1},)]
    assert warehouse.rows("select count(*) from raw.events") == [(0,)]
    assert warehouse.rows("select count(*) from raw.rejected_events") == [(1,)]


def test_the_log_tells_how_dbt_does_after_the_loads_before(warehouse, load, capsys):
    def metrics():
        load({"overridePrefix": HOUR})
        line = json.loads(capsys.readouterr().out.splitlines()[-1])
        return [line[name] for name in HEALTH_METRICS if name in line]

    assert metrics() == []
    with warehouse.connect("clickmart_dbt") as dbt:
        dbt.execute(
            "insert into raw.transformations (kind, load_id, status, finished_at, disk_used_percent)"
            " values ('hourly', 1, 'failed', now(), 42)"
        )
    behind, failures, disk_used, backup_old, tidied_up = metrics()
    assert (failures, disk_used) == (1, 42)
    # Without any backup, it is as old as the first run of dbt.
    assert behind > 0
    assert backup_old == tidied_up > 0
    with warehouse.connect("clickmart_dbt") as dbt:
        dbt.execute("update raw.transformations set load_id = 2, status = 'complete', disk_used_percent = 43")
    with warehouse.connect() as owner:
        owner.execute("insert into raw.upkeep values ('backup', now() + interval '1 day')")
    behind, failures, disk_used, backup_old, tidied_up = metrics()
    assert (behind, failures, disk_used) == (0, 0, 43)
    assert backup_old < 0 < tidied_up


def test_a_warehouse_that_does_not_know_how_dbt_does_is_loaded(warehouse, load):
    with warehouse.connect() as owner:
        owner.execute("drop view raw.host_health")

    assert load({"overridePrefix": HOUR})["load_id"] == 1
