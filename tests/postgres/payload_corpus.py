"""What a payload may hold for each column, and what becomes of it: None where it does not fit.

All of it is JSON, but in single quotes, which are easier on the eye.
"""

import datetime
import decimal
import json

from tests.postgres.dbt_fixtures import NOON

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
