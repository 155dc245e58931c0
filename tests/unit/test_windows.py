"""Which hours a load is asked for."""

import os
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from loader_lambda.windows import read_window

NOW = datetime(2026, 1, 5, 10, 30, tzinfo=UTC)
DEFAULT = ["2026/01/05/06", "2026/01/05/07", "2026/01/05/08", "2026/01/05/09"]
# As EventBridge sends it on a schedule.
SCHEDULED = {
    "version": "0",
    "id": "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa",
    "detail-type": "Scheduled Event",
    "source": "aws.events",
    "account": "123456789012",
    "time": "2026-01-05T10:05:00Z",
    "region": "eu-central-1",
    "resources": ["arn:aws:events:eu-central-1:123456789012:rule/hourly"],
    "detail": {},
}
SIX_AM = 1_767_592_800  # 2026-01-05T06:00:00Z


def hours(event, now=NOW, **settings):
    prefixes = read_window(event, now, **settings).prefixes
    assert all(prefix.startswith("events/") and prefix.endswith("/") for prefix in prefixes)
    return [prefix.removeprefix("events/").removesuffix("/") for prefix in prefixes]


@pytest.mark.parametrize(
    "event",
    [None, {}, SCHEDULED, {"hoursBack": 1}, {"hoursBack": "1"}, {"hoursBack": None, "scope": None}],
    ids=["none", "empty", "scheduled", "one", "text", "nulls"],
)
def test_by_default_the_previous_hour_and_what_lies_before_it(event):
    assert hours(event) == DEFAULT


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ({"hoursBack": 0}, ["2026/01/05/07", "2026/01/05/08", "2026/01/05/09", "2026/01/05/10"]),
        ({"hoursBack": "5"}, ["2026/01/05/02", "2026/01/05/03", "2026/01/05/04", "2026/01/05/05"]),
        ({"hoursBack": 5.0, "lookbackHours": 1}, ["2026/01/05/04", "2026/01/05/05"]),
        ({"hoursBack": 2, "lookbackHours": 0}, ["2026/01/05/08"]),
        ({"lookbackHours": "2"}, ["2026/01/05/07", "2026/01/05/08", "2026/01/05/09"]),
        ({**SCHEDULED, "hoursBack": 0, "lookbackHours": 0}, ["2026/01/05/10"]),
    ],
)
def test_hours_back_with_its_look_back(event, expected):
    assert hours(event) == expected


def test_the_look_back_is_a_setting_too():
    assert hours({}, lookback_hours=0) == ["2026/01/05/09"]
    assert len(hours({"lookbackHours": 72}, lookback_hours=0)) == 73


@pytest.mark.parametrize(
    "value",
    [
        "2026-01-05T06:00:00Z",
        "2026-01-05T06:59:59.999Z",
        "2026-01-05T06:00",
        "2026-01-05T06",
        " 2026-01-05 06:10 ",
        "2026-01-05T08:00:00+02:00",
        "2026-01-05T01:00:00-05:00",
        SIX_AM,
        str(SIX_AM),
        SIX_AM * 1000,
        str(SIX_AM * 1000),
        SIX_AM + 0.5,
    ],
)
def test_one_hour_without_look_back(value):
    assert hours({"targetUtcHour": value}) == ["2026/01/05/06"]


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ({"targetUtcDate": "2026-01-04"}, "2026/01/04"),
        ({"targetUtcDate": "2026-01-04", "scope": "hour"}, "2026/01/04"),
        ({"targetUtcHour": "2026-01-04T06:00Z", "scope": "day"}, "2026/01/04"),
        ({"scope": "day"}, "2026/01/05"),
        ({"scope": "day", "hoursBack": 24, "lookbackHours": 3}, "2026/01/04"),
        ({"overridePrefix": "events/2025/"}, "2025"),
        ({"overridePrefix": "events/2025/12"}, "2025/12"),
        ({"overridePrefix": "events/2025/12/31/"}, "2025/12/31"),
        ({"overridePrefix": "events/2025/12/31/23/", "scope": "day"}, "2025/12/31/23"),
    ],
)
def test_targets_are_one_prefix_without_look_back(event, expected):
    assert hours(event) == [expected]


def test_the_more_exact_request_wins():
    event = {
        "overridePrefix": "events/2025/01/",
        "targetUtcHour": "2025-02-02T02:00Z",
        "targetUtcDate": "2025-03-03",
        "hoursBack": 7,
        "lookbackHours": 0,
    }
    answers = []
    for field in ("overridePrefix", "targetUtcHour", "targetUtcDate", "hoursBack"):
        answers += hours(event)
        del event[field]
    assert answers == ["2025/01", "2025/02/02/02", "2025/03/03", "2026/01/05/03"]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (datetime(2026, 1, 1, 0, 5, tzinfo=UTC), ["2025/12/31/22", "2025/12/31/23"]),
        (datetime(2024, 3, 1, 1, 0, tzinfo=UTC), ["2024/02/29/23", "2024/03/01/00"]),
        (datetime(2026, 5, 1, 0, 0, tzinfo=UTC), ["2026/04/30/22", "2026/04/30/23"]),
    ],
    ids=["year", "leap-day", "month"],
)
def test_hours_go_back_over_borders(now, expected):
    assert hours({"lookbackHours": 1}, now) == expected
    assert hours({"scope": "day"}, now) == [expected[1].rpartition("/")[0]]


PRINT_PREFIXES = """
from datetime import datetime, UTC
from loader_lambda.windows import read_window
now = datetime(2026, 1, 5, 10, 30, tzinfo=UTC).astimezone()
for event in (
    {"lookbackHours": 0},
    {"targetUtcHour": "2026-01-05T06:00"},
    {"targetUtcHour": 1_767_592_800},
    {"targetUtcDate": "2026-01-05"},
    {"scope": "day", "hoursBack": 11},
):
    print(*read_window(event, now).prefixes)
"""


def test_the_clock_of_the_machine_may_stand_in_any_zone():
    answer = subprocess.run(
        [sys.executable, "-c", PRINT_PREFIXES],
        env={**os.environ, "TZ": "America/New_York"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert answer.stdout.split() == [
        "events/2026/01/05/09/",
        "events/2026/01/05/06/",
        "events/2026/01/05/06/",
        "events/2026/01/05/",
        "events/2026/01/04/",
    ]


GARBAGE = {
    "hoursBack": [-1, "-1", 1.5, True, "one", "", [], {}, 1e9, float("nan"), "9" * 400],
    "lookbackHours": [-1, "x", False, 10**6],
    "scope": ["week", "", 1, ["day"], "DAY"],
    "targetUtcHour": [
        *("", "yesterday", "2026-13-01T00:00Z", "2026-01-05T25:00Z", True, [], {}),
        *(20260105, -1, float("inf"), float("nan"), 10**30),
    ],
    "targetUtcDate": ["", "2026-02-30", "05.01.2026", "2026-1-5", 20260105, True],
    "overridePrefix": [
        *("", "/", "events", "events/", "events/26/", "events/2026/13/", "events/2026/1/", "events/0000/", 1),
        *("raw/2026/", "/events/2026/", "events/2026/../", "events/2026//01/", "events/٢٠٢٦/"),
        *("events/2026/02/30/", "events/2026/01/05/24/", "events/2026/01/05/10/events-1.json"),
    ],
}


@pytest.mark.parametrize(
    ("field", "value"),
    [(field, value) for field, values in GARBAGE.items() for value in values],
    ids=lambda value: str(value)[:35],
)
def test_what_cannot_be_read_is_said_in_one_sentence(field, value):
    with pytest.raises(ValueError, match=field) as raised:
        read_window({field: value}, NOW)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("event", [[], "events/2026/", 1, {"hourBack": 2}, {"prefix": "events/2026/"}])
def test_a_request_of_another_shape_is_refused(event):
    with pytest.raises(ValueError, match=r"^(the request must be|unknown field)"):
        read_window(event, NOW)
