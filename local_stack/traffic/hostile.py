"""What nobody should send and somebody does."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import replace
from random import Random

from local_stack.traffic.browsing import SHOP
from local_stack.traffic.catalogue import Json
from local_stack.traffic.chance import draw_request_id, draw_uuid
from local_stack.traffic.people import DESKTOP_AGENTS
from local_stack.traffic.request import Request
from local_stack.traffic.rhythm import Window
from local_stack.traffic.tracker import snake_cased, written


def hostile_requests(seed: int, window: Window) -> Iterator[Request]:
    """One of each kind, spread over the last week."""
    rng = Random(f"{seed}/hostile")
    week = window.last_week()
    for body in UNREADABLE:
        yield _request(body, rng.randrange(week.start_ms, week.end_ms), rng)
    for events in ODD:
        at_ms = rng.randrange(week.start_ms, week.end_ms)
        yield _request(_written_out(events, at_ms, rng), at_ms, rng)
    for body in (_truncated_gzip(), gzip.compress(TOO_LONG_BODY, mtime=0)):
        request = _request(body, rng.randrange(week.start_ms, week.end_ms), rng)
        yield replace(request, headers=request.headers | {"content-encoding": "gzip"})


def _request(body: bytes, at_ms: int, rng: Random) -> Request:
    headers = {
        "content-type": "application/json",
        "origin": SHOP,
        "user-agent": next(iter(DESKTOP_AGENTS)),
    }
    return Request(at_ms, f"203.0.113.{rng.randrange(1, 255)}", headers, body, draw_request_id(rng))


def _written_out(events: list[Json | str], at_ms: int, rng: Random) -> bytes:
    """Completes each event as a tracker would, save for what it says already. Text is sent as it is."""
    client_id = draw_uuid(rng)
    documents = []
    for number, event in enumerate(events):
        if isinstance(event, dict):
            usual = {
                "eventId": draw_uuid(rng),
                "eventTimestamp": written(at_ms - 3_000 + 10 * number, "iso"),
                "sentAt": written(at_ms - 50, "iso"),
                "clientId": client_id,
                "sessionId": f"s-{client_id}",
                "pageUrl": f"{SHOP}/p/odd",
                "referrer": "",
                "userLoginState": "anonymous",
            }
            documents.append(json.dumps(usual | event, ensure_ascii=False, separators=(",", ":")))
        else:
            documents.append(event)
    return f"[{','.join(documents)}]".encode()


def _view(**fields: object) -> Json:
    return {"eventName": "product_view", **fields}


def _odd_product(**fields: object) -> Json:
    return _view(product={"id": "odd-1", "name": "Odd thing", "price": 10} | fields)


def _bare(fields: str) -> str:
    """An event in the very characters given, which no serializer would write."""
    return '{"eventName":"product_view","clientId":"odd-client",' + fields + "}"


GOOD = _view(product={"id": "odd-1"})
NESTED = "[" * 10_000 + "]" * 10_000
TOO_LONG_BODY = b'[{"eventName":"page_view","note":"' + b"x" * 2_000_000 + b'"}]'

UNREADABLE: list[bytes] = [
    b"",
    b"   ",
    b"event=page_view&page=%2F",
    b"<?xml version='1.0'?><event name='page_view'/>",
    b'{"eventName":"page_view"',
    b'{"eventName":"page_view","price":NaN}',
    b'{"eventName":"page_view","price":-Infinity}',
    b'{"eventName":"caf\xe9"}',
    b'{"eventName":"page_view",}',
    b"null",
    b"42",
    b'"page_view"',
    b"[]",
    b"[[],[]]",
    f'{{"eventName":"page_view","product":{NESTED}}}'.encode(),
    TOO_LONG_BODY,
]

ODD: list[list[Json | str]] = [
    # Between good events, one that must not spoil them.
    [GOOD, {"product": {"id": "odd-1"}}, GOOD],
    [GOOD, {"eventName": "  "}, {"eventName": 7}, {"eventName": None}, {"eventName": "n" * 129}, GOOD],
    [GOOD, "null", "42", '"page_view"', "[]", GOOD],
    [GOOD, _view(note="x" * 40_000), GOOD],
    [GOOD, _view(note="ü" * 20_000), GOOD],
    [GOOD, _bare(r'"product":{"id":"odd-1","name":"zero\u0000byte"}'), GOOD],
    [GOOD, _bare(r'"product":{"id":"odd-1","name":"half a smile \ud83d"}'), GOOD],
    [GOOD, _bare(r'"\udc00":1'), GOOD],
    [GOOD] * 501,
    # Strange, and to be kept.
    [_bare('"eventId":"odd-huge","product":{"id":"odd-2","price":1e400}')],
    [_bare('"eventId":12345678901234567890123,"product":{"id":12345678901234567890123}')],
    [_odd_product(price="12,5"), _odd_product(price="free"), _odd_product(price=-1), _odd_product(price=[])],
    [_odd_product(name="<script>alert('cheap')</script>"), _odd_product(name='"); drop table products; --')],
    [_odd_product(name="C:\\new\\table\t\\N \\. tab"), _odd_product(name="emoji 😀 and \u202ebackwards")],
    [_odd_product(name="n" * 20_000), _odd_product(urlPath=None, brand={"name": "nested"})],
    [_view(product="odd-1"), _view(product=["odd-1"]), _view(product=7), _view(items={"id": "odd-1"})],
    [
        _view(element="button"),
        _view(element={"dataset": "cartId"}),
        _view(element={"dataset": {"total": []}}),
    ],
    [_view(isFirstVisit="perhaps"), _view(userLoginState="root"), _view(pageUrl=42), _view(referrer=[])],
    [_view(eventTimestamp=True), _view(eventTimestamp={"at": 1}), _view(eventTimestamp="soon")],
    [
        _view(pageUrl="https://shop.example/%zz?utm_source=%ff&&=&utm_source"),
        _view(pageUrl="javascript:alert(1)"),
    ],
    [_view(_ingest={"receivedAt": "1999-01-01T00:00:00Z"}, identitySource="cognito")],
    [_view(eventId="odd-twice"), _view(eventId="odd-twice")],
    [_view(eventId="  "), _view(eventId=None), _view(clientId=" odd-client "), _view(clientId="")],
    [snake_cased(_view(eventName=" product_view ")), {"eventName": "Ähm, what? 'quoted' \"name\""}],
    [
        {
            "eventName": "checkout_complete",
            "items": [{"id": "odd-1", "quantity": "many"}, "odd-2", None],
            "element": {"dataset": {"orderId": "odd-order", "total": "free"}},
        }
    ],
]


def _truncated_gzip() -> bytes:
    whole = gzip.compress(b'[{"eventName":"page_view"}]' * 50, mtime=0)
    return whole[: len(whole) // 2]
