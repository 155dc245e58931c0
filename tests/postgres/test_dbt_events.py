"""What dbt makes of raw events: whatever a payload holds, whenever a load closes, however often it runs."""

import datetime
import decimal
import hashlib
import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.postgres.dbt_fixtures import Dbt, Event, add_load, close_load, event

NOON = datetime.datetime(2026, 3, 4, 12, tzinfo=datetime.UTC)
HOURLY = ("build", "--exclude", "tag:daily", "--exclude-resource-type", "unit_test")
MEGABYTE = json.dumps("x" * 1_000_000)
LONG_NUMBER = "1" + "0" * 131_071
LONG_FRACTION = "0." + "1" * 16_000

IDENTIFIERS = [
    ("'u-1'", "u-1"),
    ("'  u-1\\t'", "u-1"),
    ("12345678901234567890123", "12345678901234567890123"),
    ("'null'", "null"),
    (r"'\ud83d\udc69\u200d\ud83d\udc67 \u202e \ufffe'", "\U0001f469\u200d\U0001f467 \u202e \ufffe"),
    ("''", "absent"),
    ("' \\n '", "absent"),
    ("null", "absent"),
    ("{}", None),
    ("{'a': 'b'}", None),
    ("['u-1']", None),
    ("[]", None),
    ("true", None),
    (MEGABYTE, None),
    ("'" + "é" * 129 + "'", None),
    ("'" + "é" * 128 + "'", "é" * 128),
    ("1e131071", None),
    (LONG_FRACTION, None),
]
AMOUNTS = [
    ("1200", decimal.Decimal("1200")),
    ("'999.90'", decimal.Decimal("999.9")),
    ("' 12 '", decimal.Decimal("12")),
    ("0.30000000000000004", decimal.Decimal("0.3")),
    ("1e3", decimal.Decimal("1000")),
    ("0.1e-10", decimal.Decimal("0")),
    ("999999999999.99999", decimal.Decimal("1000000000000")),
    ("'12,5'", None),
    ("'$12'", None),
    ("'1e3'", None),
    ("'1 2'", None),
    ("'1.2.3'", None),
    ("'.'", None),
    ("'NaN'", None),
    ("'infinity'", None),
    ("'-inf'", None),
    ("-1", None),
    ("1e12", None),
    ("1e400", None),
    ("1e131071", None),
    (LONG_NUMBER, None),
    (LONG_FRACTION, None),
    (f"'{LONG_FRACTION}'", None),
    ("'٣'", None),
    ("'\\u00a012'", None),
    ("true", None),
    ("{}", None),
    ("[12]", None),
    (MEGABYTE, None),
    ("''", "absent"),
]
COUNTS = [
    ("3", 3),
    ("'3'", 3),
    ("2.0", 2),
    ("999999999", 999_999_999),
    ("2.5", None),
    ("9999999999", None),
    ("'3 items'", None),
    ("-3", None),
    ("1e400", None),
    ("[3]", None),
]
BOOLEANS = [
    ("true", True),
    ("'True'", True),
    ("1", True),
    ("'0'", False),
    ("false", False),
    ("'maybe'", None),
    ("2", None),
    ("[]", None),
    ("''", "absent"),
]
STATES = [
    ("'guest'", "guest"),
    ("'LOGGED_IN'", "logged_in"),
    ("'loggedIn'", "logged_in"),
    ("'member'", None),
    ("7", None),
    ("{}", None),
]
ADDRESSES = [
    ("'https://shop.example/%zz?utm_source=%'", "https://shop.example/%zz?utm_source=%"),
    ("'::::'", "::::"),
    ("'" + "x" * 4097 + "'", None),
    (MEGABYTE, None),
    ("{'href': 'x'}", None),
]
# None: unreadable or not to be believed, so the receipt stands in.
TIMES = [
    ("'2026-03-04T11:59:00Z'", NOON - datetime.timedelta(minutes=1)),
    ("'2026-03-04T18:59:00.000+07:00'", NOON - datetime.timedelta(minutes=1)),
    ("'2026-03-04 06:29-0530'", NOON - datetime.timedelta(minutes=1)),
    ("1772625540", NOON - datetime.timedelta(minutes=1)),
    ("'1772625540'", NOON - datetime.timedelta(minutes=1)),
    ("1772625540000", NOON - datetime.timedelta(minutes=1)),
    ("1772625540000.0", NOON - datetime.timedelta(minutes=1)),
    ("''", "absent"),
    ("'yesterday'", None),
    ("'2026-03-04T11:59:00'", None),
    ("'2026-03-04'", None),
    ("'2026-02-29T11:59:00Z'", None),
    ("'2026-02-30T11:59:00Z'", None),
    ("'2026-04-31T11:59:00Z'", None),
    ("'2026-13-01T11:59:00Z'", None),
    ("'2026-00-00T11:59:00Z'", None),
    ("'2026-03-03T24:00:00Z'", None),
    ("'2026-03-04T11:60:00Z'", None),
    ("'2026-03-04T11:59:60Z'", None),
    ("'2026-03-04T11:59:00+99:99'", None),
    ("'2026-03-04T11:59:00+14:60'", None),
    ("'2026-03-04T11:59:00." + "9" * 200 + "Z'", None),
    ("'9999-12-31T23:59:59Z'", None),
    ("'0000-01-01T00:00:00Z'", None),
    ("'infinity'", None),
    ("'now'", None),
    ("'epoch'", None),
    ("'٢٠٢٦-03-04T11:59:00Z'", None),
    ("0", None),
    ("99999999999", None),
    ("99999999999999999", None),
    ("-1772625540", None),
    ("1e400", None),
    (LONG_FRACTION, None),
    ("true", None),
    ("{'seconds': 1772625540}", None),
    (MEGABYTE, None),
]

PLACES = {
    "user_id": ("'userId': {}", IDENTIFIERS),
    "client_id": ("'client_id': {}", IDENTIFIERS),
    "session_id": ("'sessionId': {}", IDENTIFIERS),
    "product_id": ("'product': {{'id': {}}}", IDENTIFIERS),
    "order_id": ("'element': {{'dataset': {{'orderNumber': {}}}}}", IDENTIFIERS),
    "cart_id": ("'element': {{'dataset': {{'cartId': {}}}}}", IDENTIFIERS),
    "product_price": ("'product': {{'price': {}}}", AMOUNTS),
    "product_discount_price": ("'context_product': {{'discount_price': {}}}", AMOUNTS),
    "order_total": ("'element': {{'dataset': {{'total': {}}}}}", AMOUNTS),
    "product_quantity": ("'product': {{'quantity': {}}}", COUNTS),
    "item_count": ("'element': {{'dataset': {{'itemCount': {}}}}}", COUNTS),
    "is_first_visit": ("'isFirstVisit': {}", BOOLEANS),
    "user_login_state": ("'userLoginState': {}", STATES),
    "page_url": ("'pageUrl': {}", ADDRESSES),
    "referrer": ("'referrer': {}", ADDRESSES),
    "product_url_path": ("'product': {{'urlPath': {}}}", ADDRESSES),
    "event_timestamp": ("'eventTimestamp': {}", TIMES),
}
CORPUS = [
    (column, place.format(value), expected)
    for column, (place, values) in PLACES.items()
    for value, expected in values
]
SHAPES = [
    "'product': 'sku-1'",
    "'product': ['sku-1']",
    "'product': null, 'context_product': 7",
    "'element': 'button'",
    "'element': {'dataset': []}",
    "'_ingest': 'me'",
    "'_ingest': {'receivedAt': 'infinity', 'userAgent': {}}",
    "'_ingest': {'userAgent': " + MEGABYTE + "}",
    "'sentAt': '9999-12-31T23:59:59Z', 'eventTimestamp': '1970-01-01T00:00:00Z'",
    "'sentAt': [], 'eventTimestamp': {}",
    "'pageUrl': 'https://user:secret@[::1]:80:90//?&&=&utm_source=%C3%28&utm_medium=%ED%A0%80&utm_term=%F4%90%80%80#'",
    "'pageUrl': 'https://x/?utm_source=%C3%A9%E2%82%AC%F0%9F%98%80&utm_campaign=" + "%41" * 1000 + "'",
    "'pageUrl': '/" + "é" * 600 + "'",
]


@pytest.fixture
def dbt(warehouse, tmp_path):
    return Dbt(warehouse, tmp_path)


def as_json(text: str) -> str:
    return text.replace("'", '"')


def test_an_empty_warehouse_builds_twice(dbt):
    dbt.succeeds("build")
    dbt.succeeds(*HOURLY)

    assert dbt.contents("marts.clickstream_events") == []
    assert dbt.contents("marts.quarantined_events") == []


def test_no_value_in_a_payload_can_make_a_run_fail(dbt, warehouse):
    received = '"_ingest": {"receivedAt": "2026-03-04T12:00:00Z"}'
    values = [
        Event(f'{{"eventId": "{number}", "eventName": "probe", {received}, {as_json(fields)}}}', number)
        for number, (_, fields, _) in enumerate(CORPUS)
    ]
    shapes = [
        Event(f'{{"eventName": "probe", {as_json(fields)}}}', number, "events/2026/99/99/99/x.json")
        for number, fields in enumerate(SHAPES)
    ]
    documents = [
        Event(text, number, "no/hour") for number, text in enumerate(["[]", "7", "null", '"x"', "{}"])
    ]
    add_load(warehouse, [*values, *shapes, *documents])

    dbt.succeeds("build")

    with warehouse.connect() as connection:
        for number, (column, fields, expected) in enumerate(CORPUS):
            [found] = connection.execute(
                f"select {column}, quality_flags from marts.clickstream_events where event_id = %s",
                [str(number)],
            ).fetchall()
            value = expected
            if expected in (None, "absent"):
                value = NOON if column == "event_timestamp" else None
            assert found == (value, [column] if expected is None else []), fields[:200]
    assert warehouse.rows("select count(*) from marts.clickstream_events") == [(len(CORPUS) + len(SHAPES),)]
    assert warehouse.rows("select reason, count(*) from marts.quarantined_events group by 1") == [
        ("missing_event_name", len(documents))
    ]


def test_names_and_ids(dbt, warehouse):
    no_names = [None, "", "  ", 7, True, {}, ["click"], "x" * 129]
    uuid = "0B7F8C2E-1111-4222-8333-ABCDEFABCDEF"
    add_load(
        warehouse,
        [
            Event(event(eventId=uuid, eventName="View_Product"), 1),
            Event(event(event_id=uuid.lower(), event_name="again"), 2),
            Event(event(eventId=12345678901234567890123, eventName=" viewProduct "), 3),
            Event(event(eventId="MixedCase", eventName="category-view", product={"id": 7}), 4),
            Event(event(eventId={}, eventName="x" * 128), 5),
            Event(event(eventName="category_view", product={"id": {}}), 6),
            *(Event(event(eventName=name), number) for number, name in enumerate(no_names, start=7)),
        ],
        rejected=[("events/2026/03/04/12/events-2.json", 0, "unreadable_object")],
    )
    add_load(warehouse, rejected=[("events/2026/03/04/12/events-3.json", 9, "malformed_json")])

    dbt.succeeds("build")

    assert warehouse.rows(
        """
        select line_number, event_id, event_name, product_id, category_id, quality_flags
        from marts.clickstream_events order by line_number
        """
    ) == [
        (1, uuid.lower(), "product_view", None, None, []),
        (3, "12345678901234567890123", "product_view", None, None, []),
        (4, "MixedCase", "category_view", None, "7", []),
        (5, md5_of_place(5), "x" * 128, None, None, ["event_id"]),
        (6, md5_of_place(6), "category_view", None, None, ["category_id"]),
    ]
    assert warehouse.rows(
        "select reason, load_id, count(*) from marts.quarantined_events group by 1, 2 order by 1"
    ) == [("malformed_json", 2, 1), ("missing_event_name", 1, 8), ("unreadable_object", 1, 1)]


def md5_of_place(line_number: int) -> str:
    place = f"{Event('').object_key}:{line_number}"
    return hashlib.md5(place.encode(), usedforsecurity=False).hexdigest()


def batch(*numbers: int, hours: int = 0, key: str = "1") -> list[Event]:
    """Events by number, which is their id and their line, received so many hours after noon."""
    received = (NOON + datetime.timedelta(hours=hours)).isoformat()
    happened = (NOON - datetime.timedelta(minutes=7)).isoformat()
    return [
        Event(
            json.dumps(
                {
                    "eventId": f"e{number}",
                    "eventName": "click" if number % 5 else None,
                    "clientId": f"c{number % 3}",
                    "eventTimestamp": happened,
                    "_ingest": {"receivedAt": received, "userAgent": "Googlebot" if number % 4 else None},
                }
            ),
            number,
            f"events/2026/03/04/12/events-{key}.json",
        )
        for number in numbers
    ]


# Each load, and the part of the project that a run builds after it as if it was killed there.
HISTORY = [
    (batch(9, 8, 7), "staging"),
    (batch(1, 2, 3, 5, hours=90, key="b"), "int_loads_fixed clickstream_events"),
    ([], "int_loads_fixed quarantined_events"),
    ([*batch(1, 2, 4, key="a"), *batch(4, 6, hours=-1, key="c"), *batch(4, key="b")], "+int_loads_counted"),
    (batch(1, 2, 3, 4, 5, 6, 9, key="d"), "int_loads_fixed quarantined_events"),
    (batch(10, 77, hours=-80, key="e"), "clickstream_events"),
]


def test_incremental_equals_full_refresh(dbt, warehouse):
    marts = ("marts.clickstream_events", "marts.quarantined_events", "intermediate.int_loads_counted")
    dbt.succeeds("build", "--exclude-resource-type", "unit_test")
    for number, (events, part) in enumerate(HISTORY):
        add_load(warehouse, events, rejected=[(f"events/2026/03/04/12/{number}.json", 1, "too_deep")])
        dbt.succeeds("run", "--select", part)
    dbt.succeeds(*HOURLY)
    incremental = {mart: dbt.contents(mart) for mart in marts}

    dbt.succeeds("run", "--full-refresh")

    assert {mart: dbt.contents(mart) for mart in marts} == incremental
    assert warehouse.rows(
        "select event_id, load_id, right(object_key, 6) from marts.clickstream_events order by 1"
    ) == [
        ("e1", 2, "b.json"),
        ("e2", 2, "b.json"),
        ("e3", 2, "b.json"),
        ("e4", 4, "c.json"),
        ("e6", 4, "c.json"),
        ("e7", 1, "1.json"),
        ("e77", 6, "e.json"),
        ("e8", 1, "1.json"),
        ("e9", 1, "1.json"),
    ]


def test_a_run_reads_no_load_that_is_open_or_closes_meanwhile(dbt, warehouse):
    add_load(warehouse, batch(1))
    open_load = add_load(warehouse, batch(2, 5), is_closed=False)
    dbt.succeeds("build", "--exclude-resource-type", "unit_test")
    assert warehouse.rows("select event_id from marts.clickstream_events") == [("e1",)]

    dbt.succeeds("run", "--select", "int_loads_fixed")
    close_load(warehouse, open_load)
    add_load(warehouse, batch(3), rejected=[("events/2026/03/04/12/broken.json", 1, "too_deep")])
    dbt.succeeds("run", "--exclude", "int_loads_fixed")
    assert warehouse.rows("select event_id from marts.clickstream_events") == [("e1",)]
    assert warehouse.rows("select * from marts.quarantined_events") == []

    dbt.succeeds("run")
    assert warehouse.rows("select event_id from marts.clickstream_events order by 1") == [
        ("e1",),
        ("e2",),
        ("e3",),
    ]
    assert warehouse.rows("select reason from marts.quarantined_events order by 1") == [
        ("missing_event_name",),
        ("too_deep",),
    ]


def test_two_runs_at_once_add_nothing_twice(dbt, warehouse, tmp_path):
    add_load(warehouse)
    dbt.succeeds("build", "--exclude-resource-type", "unit_test")
    add_load(warehouse, [Event(event(), number) for number in range(1, 20_000)])
    dbt.succeeds("run", "--select", "int_loads_fixed")

    with ThreadPoolExecutor() as pool:
        runs = [
            pool.submit(Dbt(warehouse, tmp_path / name), "run", "--select", "config.materialized:incremental")
            for name in ("one", "other")
        ]

    assert [run.result().returncode for run in runs] == [0, 0]
    assert warehouse.rows("select count(*), count(distinct event_id) from marts.clickstream_events") == [
        (19_999, 19_999)
    ]
    assert warehouse.rows("select count(*) from intermediate.int_loads_counted") == [(2,)]


def test_new_events_are_looked_up_by_index(dbt, warehouse):
    """Were a type or a collation not the index's, all of history would be read, and nobody would notice."""
    add_load(warehouse, [Event(event(), number) for number in range(1, 5000)])
    dbt.succeeds("build", "--exclude-resource-type", "unit_test")
    dbt.succeeds("compile", "--select", "clickstream_events")
    [compiled] = (dbt.folder / "target").rglob("compiled/**/clickstream_events.sql")

    with warehouse.connect("clickmart_dbt") as connection:
        connection.execute("analyze marts.clickstream_events")
        plan = [line for (line,) in connection.execute("explain " + compiled.read_text())]

    conditions = "\n".join(line for line in plan if "Index Cond" in line)
    assert "event_id = ANY" in conditions
    assert "load_id >" in conditions


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
