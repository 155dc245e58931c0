"""Whatever a payload holds, a run ends well: what fits is typed, what does not is NULL and flagged."""

import datetime
import decimal
import hashlib
import json

from tests.postgres.dbt_fixtures import NOON, Event, add_load, event

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


def as_json(text: str) -> str:
    return text.replace("'", '"')


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
