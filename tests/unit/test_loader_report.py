"""The line that CloudWatch reads its metrics from."""

import json

from loader_lambda.report import report

RESULT = {
    "load_id": 7,
    "prefixes": ["events/2026/01/05/10/"],
    "objects": 5,
    "skipped": 1,
    "changed": 0,
    "processed": 3,
    "inserted": 40,
    "rejected": 2,
    "remaining": 1,
    "seconds": 0.25,
}


def test_one_line_of_json_holds_the_result_and_its_metrics(capsys):
    report(RESULT, ["events/a.json: gone"], {})

    (text,) = capsys.readouterr().out.splitlines()
    line = json.loads(text)
    assert {name: line[name] for name in RESULT} == RESULT
    assert (line["failed"], line["failures"]) == (1, ["events/a.json: gone"])
    (directive,) = line["_aws"]["CloudWatchMetrics"]
    assert isinstance(line["_aws"]["Timestamp"], int)
    assert directive["Namespace"] == "Clickmart"
    assert all(isinstance(line[name], str) for names in directive["Dimensions"] for name in names)
    metrics = {metric["Name"]: metric["Unit"] for metric in directive["Metrics"]}
    assert metrics.keys() == {
        *("objects", "changed", "processed", "inserted", "rejected", "remaining", "failed", "seconds")
    }
    assert all(isinstance(line[name], int | float) for name in metrics)
    assert {metrics.pop("seconds"), *metrics.values()} == {"Seconds", "Count"}


def test_of_many_failures_some_are_named_and_all_are_counted(capsys):
    report(RESULT, [f"events/{n}.json: gone" for n in range(5_000)], {})

    text = capsys.readouterr().out
    assert json.loads(text)["failed"] == 5_000
    assert len(text) < 4_000


def test_how_dbt_does_is_told_as_far_as_it_is_known(capsys):
    report(RESULT, [], {"transform_seconds_behind": 90.5, "transform_failures": 2})

    line = json.loads(capsys.readouterr().out)
    assert (line["transform_seconds_behind"], line["transform_failures"]) == (90.5, 2)
    (directive,) = line["_aws"]["CloudWatchMetrics"]
    units = {metric["Name"]: metric["Unit"] for metric in directive["Metrics"]}
    assert (units["transform_seconds_behind"], units["transform_failures"]) == ("Seconds", "Count")
    assert "disk_used_percent" not in units
